"""Degrees of consensus against the definition, judge by judge and pair by pair."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ModelError, ProfileError
from afwegen.models.agreement import distances, tau_b, tie_excess
from afwegen.models.consensus import consensus

JUDGES = tuple(f"judge-{place}" for place in range(9))


def disagreement(one, other, pair):
    """1 reversed, 1/2 tied against strict, None where either does not compare."""
    a, b = pair
    if np.isnan([one[a], one[b], other[a], other[b]]).any():
        return None
    return Fraction(int(abs(np.sign(one[a] - one[b]) - np.sign(other[a] - other[b]))), 2)


def mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def agreement_on(pair, meetings):
    """1 minus the weighted mean disagreement of (weight, order, order); None where nobody meets."""
    met = [(weight, disagreement(one, other, pair)) for weight, one, other in meetings]
    met = [(weight, apart) for weight, apart in met if apart is not None]
    return 1 - sum(weight * apart for weight, apart in met) / sum(weight for weight, _ in met) if met else None


def by_definition(ranks, weights, counts):
    """Pairs, and judges, from every two people."""
    people = [(place, weights[place]) for place in range(len(ranks)) for _ in range(counts[place])]
    every_two = [(v * w, ranks[i], ranks[j]) for (i, v), (j, w) in combinations(people, 2)]
    pairs = list(combinations(range(ranks.shape[1]), 2))
    by_pair = [agreement_on(pair, every_two) for pair in pairs]
    by_judge = []
    for place in range(len(ranks)):
        others = list(people)
        others.remove((place, weights[place]))
        meetings = [(weight, ranks[place], ranks[other]) for other, weight in others]
        by_judge.append(mean([agreement_on(pair, meetings) for pair in pairs]))
    return by_pair, by_judge


def close(found, expected):
    assert [value is None for value in found] == [value is None for value in expected]
    known = [(one, float(other)) for one, other in zip(found, expected, strict=True) if one is not None]
    assert all(one == pytest.approx(other, abs=1e-12) for one, other in known)


@given(data=st.data(), m=st.integers(1, 5), n=st.integers(0, 4))
def test_degrees_are_those_of_every_two_judges(data, m, n):
    """Weighted, repeated, tied, and with judges who did not rank everything."""
    cells = st.sampled_from([1.0, 2.0, 3.0, float("nan")])
    ranks = np.array(data.draw(st.lists(cells, min_size=m * n, max_size=m * n))).reshape(m, n)
    weights = data.draw(
        st.lists(st.sampled_from([Fraction(1), Fraction(1, 3), Fraction(5, 2)]), min_size=m, max_size=m)
    )
    counts = data.draw(st.lists(st.integers(1, 3), min_size=m, max_size=m))
    names = tuple("abcd"[:n])
    found = consensus(ranks, weights, counts, judges=JUDGES[:m], alternatives=names, missing="abstain")
    by_pair, by_judge = by_definition(ranks, weights, counts)
    if found is None:
        assert mean(by_pair) is None
        return
    close([found.degree], [mean(by_pair)])
    close(found.by_pair.values(), by_pair)
    close(found.by_judge.values(), by_judge)
    of_one = [
        mean([d for pair, d in zip(combinations(names, 2), by_pair, strict=True) if name in pair]) for name in names
    ]
    close(found.by_alternative.values(), of_one)
    assert list(found.by_pair) == list(combinations(names, 2))


@pytest.mark.parametrize(
    ("ranks", "why"),
    [
        ([[1.0, 2.0]], "one judge"),
        ([[1.0], [1.0]], "one alternative"),
        (np.zeros((2, 0)), "no alternatives"),
        (np.zeros((0, 2)), "no judges"),
        ([[1, 2, np.nan], [np.nan, 2, 1]], "no pair compared by two"),
    ],
)
def test_no_consensus_where_nothing_can_be_compared(ranks, why):
    """None, and not a NaN."""
    m, n = np.shape(ranks)
    assert consensus(ranks, [1] * m, [1] * m, judges=JUDGES[:m], alternatives="abc"[:n], missing="abstain") is None, why


def test_weights_beyond_int64():
    """Fractions without a small common unit: the same degrees as their plain equals."""
    odd = [Fraction(1, 4), Fraction(2_149_676_547, 430_982_624)]
    ranks = [[1, 2, 3], [1, 3, 2]]
    found = consensus(ranks, odd, [1, 1], judges="xy", alternatives="abc")
    plain = consensus(ranks, [1, 1], [1, 1], judges="xy", alternatives="abc")
    assert found.degree == pytest.approx(plain.degree, rel=1e-12)
    assert dict(found.by_pair) == pytest.approx(dict(plain.by_pair), rel=1e-12)
    assert dict(found.by_judge) == pytest.approx(dict(plain.by_judge), rel=1e-12)


def test_one_judge_counted_twice_agrees_with_himself():
    """A count stands for people: two of the same mind are in full agreement."""
    found = consensus([[1, 2]], [1], [2], judges=["both"], alternatives="ab")
    assert (found.degree, found.by_judge["both"], found.kendall_w) == (1, 1, 1)


def test_all_tied_is_full_agreement_with_no_order():
    """Everybody ties everything: nobody differs, and W is 0/0."""
    found = consensus(np.ones((3, 3)), [1] * 3, [1] * 3, judges="xyz", alternatives="abc")
    assert (found.degree, found.kendall_w) == (1, None)


def test_what_is_missing():
    """Refused by name; or last; or not compared."""
    ranks, names = [[1, 2, np.nan], [3, 2, 1]], {"judges": ("anna", "bert"), "alternatives": tuple("abc")}
    with pytest.raises(ProfileError, match="'anna' did not rank 'c'"):
        consensus(ranks, [1, 1], [1, 1], **names)
    last = consensus(ranks, [1, 1], [1, 1], **names, missing="last")
    abstain = consensus(ranks, [1, 1], [1, 1], **names, missing="abstain")
    assert list(last.by_pair.values()) == [0, 0, 0]
    assert list(abstain.by_pair.values()) == [0, None, None]
    assert (last.kendall_w, abstain.kendall_w) == (0, None)
    with pytest.raises(ModelError, match=r"missing= one of .*refuse.*last.*abstain"):
        consensus(ranks, [1, 1], [1, 1], **names, missing="first")


def test_who_ranked_nothing_has_said_nothing():
    """Under "last" too: he is not taken to tie everything."""
    ranks = [[1, 2], [1, 2], [np.nan, np.nan]]
    found = consensus(ranks, [1] * 3, [1] * 3, judges="xyz", alternatives="ab", missing="last")
    assert (found.degree, found.by_judge["z"], found.kendall_w) == (1, None, 1)


@pytest.mark.parametrize("weights", [[1, -1], [0, 0], [1, float("nan")]])
def test_weights_are_checked(weights):
    """Negative, all nought, not a number."""
    with pytest.raises(ProfileError, match=r"weight|finite"):
        consensus([[1, 2], [2, 1]], weights, [1, 1], judges="xy", alternatives="ab")


@given(st.lists(st.permutations(range(5)), min_size=1, max_size=6))
def test_distances_are_a_metric(rows):
    """Nought on the diagonal, symmetric, and no detour is shorter."""
    table = distances(np.array(rows))
    assert not table.diagonal().any()
    np.testing.assert_array_equal(table, table.T)
    assert (table[:, None, :] <= table[:, :, None] + table[None]).all()


def test_tau_b():
    """1 for the same, -1 for the reverse, None where one ties everything."""
    assert (tau_b([1, -1, 0], [1, -1, 0]), tau_b([1, 1], [-1, -1]), tau_b([0, 0], [1, 1])) == (1, -1, None)


def test_tie_excess():
    """The sum of t^3 - t over the tiers of each judge."""
    ranks = np.array([[1, 1, 1, 2], [2, 1, 2, 1], [4, 3, 2, 1]], dtype=float)
    assert tie_excess(ranks).tolist() == [24, 12, 0]
    assert tie_excess(np.zeros((2, 0))).tolist() == [0, 0]
