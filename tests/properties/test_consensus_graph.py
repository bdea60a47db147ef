"""
What the consensus graph promises, on the relation and not on the tiers; and what it must never promise, by example.

Rankings are complete here unless a test says otherwise; at least four alternatives, because three hide failures.
"""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.models import ConsensusGraph, Profile
from afwegen.models.agreement import distances
from afwegen.models.consensus import consensus
from afwegen.models.consensus_graph import RULES, schulze, tally
from afwegen.models.order_rules import undefeated

NAMES = "abcdefg"


@st.composite
def rank_arrays(draw, judges=(1, 9), alternatives=(4, 6), strict=False):
    """Ranks ``(m, n)`` of complete weak orders, or of strict ones."""
    m, n = draw(st.integers(*judges)), draw(st.integers(*alternatives))
    row = st.permutations(range(1, n + 1)) if strict else st.lists(st.integers(1, n), min_size=n, max_size=n)
    return np.array(draw(st.lists(row, min_size=m, max_size=m)), dtype=float)


def profile_of(ranks, *, names=NAMES, **given):
    """A profile of ranks ``(m, n)``."""
    m, n = np.shape(ranks)
    judges = tuple(f"judge-{place}" for place in range(m))
    return Profile(judges=judges, alternatives=tuple(names[:n]), rankings={"overall": ranks}, **given)


def relation(ranks, rule="schulze", **given):
    return ConsensusGraph(rule=rule).evaluate(profile_of(ranks, **given)).relation


def orders(*words):
    """Ranks of strict orders given as words, alternatives in alphabetical order."""
    return np.array([[word.index(name) + 1 for name in sorted(words[0])] for word in words], dtype=float)


every_rule = pytest.mark.parametrize("rule", RULES)


@every_rule
@given(ranks=rank_arrays(), chance=st.randoms())
def test_anonymity(rule, ranks, chance):
    """Who says it does not matter."""
    shuffled = list(range(len(ranks)))
    chance.shuffle(shuffled)
    assert relation(ranks[shuffled], rule) == relation(ranks, rule)


@every_rule
@given(ranks=rank_arrays(), chance=st.randoms())
def test_neutrality(rule, ranks, chance):
    """What it is called, and where it stands in the list, does not matter."""
    n = ranks.shape[1]
    shuffled = list(range(n))
    chance.shuffle(shuffled)
    names = "".join(NAMES[place] for place in shuffled)
    assert relation(ranks[:, shuffled], rule, names=names) == relation(ranks, rule)


@every_rule
@given(ranks=rank_arrays(), times=st.integers(2, 5))
def test_homogeneity_of_the_relation(rule, ranks, times):
    """Everybody as many times over changes nothing, and neither does a common weight."""
    m = len(ranks)
    assert relation(ranks, rule, counts=np.full(m, times)) == relation(ranks, rule)
    assert relation(ranks, rule, weights=(Fraction(1, times),) * m) == relation(ranks, rule)


@every_rule
@given(ranks=rank_arrays())
def test_reversal_symmetry(rule, ranks):
    """When everybody turns round, so does the relation."""
    assert relation(-ranks, rule) == frozenset((below, above) for above, below in relation(ranks, rule))


@every_rule
@given(ranks=rank_arrays())
def test_a_strict_partial_order(rule, ranks):
    """Nothing stands above itself, nor two above each other; above is transitive."""
    above = relation(ranks, rule)
    assert all((b, a) not in above for a, b in above)
    assert all((a, d) in above for a, b in above for c, d in above if b == c)


@every_rule
@given(ranks=rank_arrays())
def test_unanimity(rule, ranks):
    """What everybody strictly prefers stands above."""
    above = relation(ranks, rule)
    for a, b in np.argwhere((ranks[:, :, None] < ranks[:, None, :]).all(axis=0)).tolist():
        assert (NAMES[a], NAMES[b]) in above


@every_rule
@given(ranks=rank_arrays())
def test_what_nobody_prefers_is_not_above(rule, ranks):
    """If nobody puts b above a, the group does not."""
    above = relation(ranks, rule)
    for a, b in np.argwhere((ranks[:, :, None] <= ranks[:, None, :]).all(axis=0)).tolist():
        assert (NAMES[b], NAMES[a]) not in above


condorcet_rules = pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "borda"])


@condorcet_rules
@given(ranks=rank_arrays(judges=(1, 5)))
def test_condorcet_winner_above_and_loser_below_all(rule, ranks):
    """Whoever beats every other stands above them, whoever loses to every other below."""
    n = ranks.shape[1]
    margins, above = tally(ranks).margins, relation(ranks, rule)
    for a in range(n):
        others = [b for b in range(n) if b != a]
        if (margins[a, others] > 0).all():
            assert {(NAMES[a], NAMES[b]) for b in others} <= above
        if (margins[a, others] < 0).all():
            assert {(NAMES[b], NAMES[a]) for b in others} <= above


@condorcet_rules
@given(ranks=rank_arrays())
def test_smith(rule, ranks):
    """A set that beats all outside it stands above all outside it."""
    n = ranks.shape[1]
    margins, above = tally(ranks).margins, relation(ranks, rule)
    for size in range(1, n):
        for inside in combinations(range(n), size):
            outside = [b for b in range(n) if b not in inside]
            if (margins[np.ix_(inside, outside)] > 0).all():
                assert {(NAMES[a], NAMES[b]) for a in inside for b in outside} <= above


@given(ranks=rank_arrays(), data=st.data())
def test_monotonicity(ranks, data):
    """Raise an alternative in one order, the others unmoved: it loses no place above another, and gains none below."""
    judge = data.draw(st.integers(0, len(ranks) - 1))
    raised = data.draw(st.integers(0, ranks.shape[1] - 1))
    lift = data.draw(st.floats(0.5, 6))
    after = ranks.copy()
    after[judge, raised] -= lift
    old, new = relation(ranks), relation(after)
    assert {pair for pair in old if pair[0] == NAMES[raised]} <= new
    assert {pair for pair in new if pair[1] == NAMES[raised]} <= old


@given(ranks=rank_arrays(alternatives=(3, 5)), data=st.data())
def test_clone_independence(ranks, data):
    """A twin next to an alternative, tied wherever it is tied, stands as it stands, and moves nobody else."""
    n = ranks.shape[1]
    twin = data.draw(st.integers(0, n - 1))
    nudges = data.draw(st.lists(st.sampled_from([-0.25, 0.0, 0.25]), min_size=len(ranks), max_size=len(ranks)))
    alone = np.array([(row == row[twin]).sum() == 1 for row in ranks])
    clone = ranks[:, twin] + np.where(alone, nudges, 0)
    old = relation(ranks)
    new = relation(np.column_stack([ranks, clone]))
    assert {pair for pair in new if NAMES[n] not in pair} == old
    as_twin = {tuple(NAMES[n] if name == NAMES[twin] else name for name in pair) for pair in old if NAMES[twin] in pair}
    assert {pair for pair in new if NAMES[n] in pair and NAMES[twin] not in pair} == as_twin


@given(ranks=rank_arrays(judges=(2, 9)), data=st.data())
def test_the_degree_is_the_mean_agreement_of_pairs_of_judges(ranks, data):
    """From the graph alone comes what comparing every two judges gives, and the mean of each judge's agreement."""
    m, n = ranks.shape
    weights = data.draw(st.lists(st.fractions(Fraction(1, 4), 5), min_size=m, max_size=m))
    found = consensus(ranks, weights, [1] * m, judges=range(m), alternatives=range(n))
    share = distances(ranks) / (n * (n - 1) / 2)
    pairs = [(weights[i] * weights[j], share[i, j]) for i, j in combinations(range(m), 2)]
    mean = sum(float(weight) * distance for weight, distance in pairs) / float(sum(weight for weight, _ in pairs))
    leverage = np.array([float(weight * (sum(weights) - weight)) for weight in weights])
    assert found.degree == pytest.approx(1 - mean, abs=1e-12)
    assert found.degree == pytest.approx(np.average(list(found.by_judge.values()), weights=leverage), abs=1e-12)
    assert 0 <= found.degree <= 1


@given(ranks=rank_arrays(judges=(2, 9), strict=True))
def test_on_strict_orders_the_degree_is_kendalls_coefficient_of_agreement(ranks):
    """Degree = (1 + u)/2, with u counted as Kendall and Babington Smith do."""
    m, n = ranks.shape
    above = tally(ranks).above
    agreements = (above * (above - 1) // 2).sum()
    u = 2 * agreements / ((m * (m - 1) / 2) * (n * (n - 1) / 2)) - 1
    degree = consensus(ranks, [1] * m, [1] * m, judges=range(m), alternatives=range(n)).degree
    assert degree == pytest.approx((1 + u) / 2, abs=1e-15)


@given(ranks=rank_arrays(judges=(2, 9)), data=st.data())
def test_kendalls_w_stays_within_its_range(ranks, data):
    """With ties and weights too: never below 0, never above 1, and 1 when all say the same."""
    m, n = ranks.shape
    weights = data.draw(st.lists(st.fractions(Fraction(1, 4), 5), min_size=m, max_size=m))

    def w(table):
        return consensus(table, weights, [1] * m, judges=range(m), alternatives=range(n)).kendall_w

    found = w(ranks)
    assert found is None or 0 <= found <= 1
    assert w(np.tile(ranks[:1], (m, 1))) == (1 if len(set(ranks[0])) > 1 else None)


@given(ranks=rank_arrays(judges=(2, 6), alternatives=(2, 4)), data=st.data())
def test_copies_are_counted_as_if_each_had_spoken(ranks, data):
    """A count of k is k identical judges."""
    m, n = ranks.shape
    counts = data.draw(st.lists(st.integers(1, 3), min_size=m, max_size=m))
    short = consensus(ranks, [1] * m, counts, judges=range(m), alternatives=range(n))
    spread = np.repeat(ranks, counts, axis=0)
    long = consensus(spread, [1] * sum(counts), [1] * sum(counts), judges=range(sum(counts)), alternatives=range(n))
    assert (short.degree, short.by_pair, short.kendall_w) == (long.degree, long.by_pair, long.kendall_w)
    assert np.repeat(list(short.by_judge.values()), counts).tolist() == list(long.by_judge.values())


# Never promised: each of these is an example on which the rule must fail. Others (independence of irrelevant
# alternatives, local independence, strong Pareto with ties, clones under Borda) are published: see tests/published.


def winners(ranks):
    return ConsensusGraph().evaluate(profile_of(ranks, names="ABCDE")).winners


def test_reinforcement_is_not_promised():
    """Two groups that each choose D alone do not choose D alone together."""
    one = orders("DCBA", "DCAB", "BDAC", "CBAD")
    other = orders("BDCA", "DABC", "DABC", "ABDC")
    assert winners(one) == winners(other) == ("D",)
    assert winners(np.vstack([one, other])) == ("B", "D")


def test_participation_is_not_promised():
    """B wins; then come two who prefer B to D, and D wins."""
    before = orders("CEDAB", "EDCAB", "AEDBC", "BDCAE", "BEADC", "BEADC", "CBEDA", "DCBAE", "DCBAE")
    assert winners(before) == ("B",)
    assert winners(np.vstack([before, orders("CABDE", "CABDE")])) == ("D",)


def test_positive_involvement_is_not_promised():
    """A is undefeated until somebody comes who puts A first."""
    before = orders("BEADC", "CADBE", "CABED", "BDECA", "BCEDA", "EACDB", "ECDAB", "DEACB", "DABCE")
    assert "A" in winners(before)
    assert winners(np.vstack([before, orders("ACBED")])) == ("C",)


def test_pareto_is_not_promised_under_abstention():
    """The only judge who compares B and C puts B above C, and the group does not."""
    profile = Profile.from_rankings([("A", "B"), ("B", "C", "A"), ("A", "B")], alternatives=("A", "B", "C"))
    outcome = ConsensusGraph(missing="abstain").evaluate(profile)
    assert outcome.diagnostics.above[1, 2] == 1
    assert outcome.diagnostics.above[2, 1] == 0
    assert ("B", "C") not in outcome.relation


def test_reversal_is_not_promised_under_last():
    """Who ranks B alone puts it above A; turned round he still ranks B alone."""
    profile = Profile.from_rankings([("B",)], alternatives=("A", "B"))
    reversed_profile = profile_of(-profile.ranks(), names="AB")
    model = ConsensusGraph(missing="last")
    assert model.evaluate(profile).relation == model.evaluate(reversed_profile).relation == {("B", "A")}


def test_homogeneity_of_the_degree_is_not_promised():
    """Two who differ agree on nothing; twice two have each a friend."""
    ranks = orders("AB", "BA")
    once, twice = (
        consensus(ranks, [1, 1], counts, judges="xy", alternatives="AB").degree for counts in ([1, 1], [2, 2])
    )
    assert (once, twice) == (0, pytest.approx(1 / 3))


def test_the_same_numbers_as_counts_and_as_weights_differ():
    """A weight never pairs a judge with himself."""
    ranks = orders("AB", "BA")
    assert consensus(ranks, [2, 2], [1, 1], judges="xy", alternatives="AB").degree == 0


def test_resoluteness_is_not_promised():
    """Three who go round in a circle leave everything undefeated."""
    assert winners(orders("ABC", "BCA", "CAB")) == ("A", "B", "C")


def test_tiers_may_say_more_than_the_relation():
    """A strict place in the tiers that is no pair of the relation, so distances to the group use the relation."""
    rng = np.random.default_rng(3)
    ranks = rng.random((400, 7, 5)).argsort(axis=-1) + 1.0
    paths = schulze(tally(ranks).margins)
    above = paths > paths.swapaxes(-1, -2)
    first = undefeated(above)
    claimed = (first[:, :, None] & ~first[:, None, :]).sum()
    assert claimed > (above & first[:, :, None] & ~first[:, None, :]).sum()
