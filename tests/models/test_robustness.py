"""What would have to be different: by hand, against a solver, and against trying everything."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from afwegen.errors import ModelError
from afwegen.models import Profile, Scale, WeightedSum
from afwegen.models.robustness import fewest_absent_judges, smaa, smallest_weight_change, weight_intervals
from afwegen.models.smaa import drawn_weights

HALF = Fraction(1, 2)


def profile_of(scores, weights):
    m, n, c = np.shape(scores)
    criteria = "xyzuv"[:c]
    return Profile.from_scores(
        scores,
        judges=[f"j{i}" for i in range(m)],
        alternatives=[chr(97 + a) for a in range(n)],
        criteria=list(criteria),
        criterion_weights=weights,
        scales=dict.fromkeys(criteria, Scale(0, 10)),
    )


def outcome_of(scores, weights):
    return WeightedSum().evaluate(profile_of(scores, weights))


@st.composite
def outcomes(draw, *, own=None, judges=4):
    """Small whole-number problems, in which ties are common; weights of criteria common or each judge's own."""
    m, n, c = draw(st.integers(1, judges)), draw(st.integers(2, 4)), draw(st.integers(1, 4))
    cell, weight = st.integers(0, 10), st.integers(0, 4)
    scores = draw(st.lists(cell, min_size=m * n * c, max_size=m * n * c))
    row = st.lists(weight, min_size=c, max_size=c).filter(any)
    apart = draw(st.booleans()) if own is None else own
    weights = draw(st.lists(row, min_size=m, max_size=m)) if apart else draw(row)
    counts = draw(st.lists(st.integers(1, 3), min_size=m, max_size=m))
    voices = draw(st.lists(st.sampled_from([1, 2, HALF]), min_size=m, max_size=m))
    profile = profile_of(np.reshape(scores, (m, n, c)), weights)
    return WeightedSum().evaluate(evolve(profile, counts=counts, weights=voices))


def values_of(outcome):
    """u_k by judge, alternative and criterion, weights and voices, in fractions and by the textbook."""
    profile = outcome.profile
    values = [[[Fraction(int(x), 10) for x in cells] for cells in sheet] for sheet in profile.scores.tolist()]
    rows = np.broadcast_to(profile.criterion_weights, (len(profile.judges), len(profile.criteria))).tolist()
    weights = [[Fraction(int(w), int(sum(row))) for w in row] for row in rows]
    heard = [weight * int(count) for weight, count in zip(profile.weights, profile.counts, strict=True)]
    return values, weights, [voice / sum(heard) for voice in heard]


def scores_under(outcome, weights):
    values, _, voices = values_of(outcome)
    return [
        sum(
            voice * sum(w * u for w, u in zip(row, sheet[a], strict=True))
            for voice, row, sheet in zip(voices, weights, values, strict=True)
        )
        for a in range(len(outcome.profile.alternatives))
    ]


# --- the weight of one criterion ---


def test_an_interval_by_hand():
    """On x a leads b by .4, on y it trails by .2: level when x weighs a third."""
    outcome = outcome_of([[[8, 3], [4, 5], [0, 0]]], (1, 1))
    x, y = weight_intervals(outcome)
    assert (x.criterion, x.weight, x.low, x.high) == ("x", HALF, Fraction(1, 3), 1)
    assert (x.low_rivals, x.high_rivals) == (("b",), ())
    assert (y.low, y.high, y.high_rivals) == (0, Fraction(2, 3), ("b",))
    assert (x.down, x.up) == (Fraction(1, 3), 1)


def test_the_only_criterion_has_all_the_weight():
    (only,) = weight_intervals(outcome_of([[[8], [4]]], (1,)))
    assert (only.low, only.weight, only.high) == (1, 1, 1)


def test_at_all_the_weight_the_others_are_equal():
    """On the way down from x alone y and z come up evenly, and b is level when x keeps three fifths."""
    x, *_ = weight_intervals(outcome_of([[[4, 0, 0], [0, 6, 6]]], (1, 0, 0)))
    assert (x.weight, x.low, x.high) == (1, Fraction(3, 5), 1)


def test_a_shared_first_place_has_an_interval_each():
    found = weight_intervals(outcome_of([[[8, 2], [2, 8]]], (1, 1)))
    assert [(each.alternative, each.criterion, each.low, each.high) for each in found] == [
        ("a", "x", HALF, 1),
        ("a", "y", 0, HALF),
        ("b", "x", 0, HALF),
        ("b", "y", HALF, 1),
    ]


@given(outcomes())
def test_it_stays_first_up_to_the_ends_and_not_beyond(outcome):
    """At every end that is not the end of the way a rival ties; a little further and it is ahead."""
    _, weights, _ = values_of(outcome)
    names = outcome.profile.alternatives
    for each in weight_intervals(outcome):
        k = outcome.profile.criteria.index(each.criterion)
        c = len(outcome.profile.criteria)
        up = [[Fraction(int(j == k)) for j in range(c)] for _ in weights]
        down = [
            [
                Fraction(0) if j == k else (row[j] / (1 - row[k]) if row[k] != 1 else Fraction(1, max(c - 1, 1)))
                for j in range(c)
            ]
            for row in weights
        ]
        for ends, share, rivals in ((up, each.up, each.high_rivals), (down, each.down, each.low_rivals)):
            if c == 1:
                continue

            def at(s, ends=ends, each=each):
                mixed = [
                    [(1 - s) * w + s * e for w, e in zip(row, end, strict=True)]
                    for row, end in zip(weights, ends, strict=True)
                ]
                found = scores_under(outcome, mixed)
                return found[names.index(each.alternative)], found

            for s in (share, share / 2):
                mine, found = at(s)
                assert mine == max(found)
            mine, found = at(share)
            assert (share == 1 and not rivals) or {names[a] for a in range(len(names)) if found[a] == mine} >= set(
                rivals
            )
            if share < 1:
                mine, found = at(share + (1 - share) / 1000)
                assert all(found[names.index(rival)] > mine for rival in rivals)
                assert rivals


# --- the smallest change of weights ---


def test_a_change_by_hand_and_the_runner_up_is_not_the_nearest():
    """The second, b, needs more than the third, c, which gains more for every point of weight."""
    outcome = outcome_of([[[6, 6, 0], [6, 5, 0], [5, 3, 10]]], (5, 4, 1))
    assert outcome.ranking == (("a",), ("b",), ("c",))
    nearest, *rest = smallest_weight_change(outcome)
    assert (nearest.rival, nearest.overtakes) == ("c", True)
    assert nearest.change == 2 * Fraction(7, 130)
    assert sum(weight for _, weight in nearest.weights) == 1
    (other,) = rest
    assert (other.rival, other.overtakes) == ("b", False)


def test_the_dominated_never_catch_up():
    assert smallest_weight_change(outcome_of([[[6, 6], [5, 5]]], (1, 1))) == ()


@given(outcomes())
def test_it_is_the_optimum_of_the_linear_programme(outcome):
    """The exact answer is the one HiGHS finds in floats, rival by rival; and at it they tie."""
    values, weights, voices = values_of(outcome)
    names = outcome.profile.alternatives
    common = outcome.profile.criterion_weights.ndim == 1
    if common:
        mean = np.einsum("m,mnc->nc", np.array(voices, float), np.array(values, float))[None]
        values, weights, voices = mean, [weights[0]], [1]
    values, weights, voices = (np.array(part, dtype=float) for part in (values, weights, voices))
    rows, c = weights.shape
    found = {change.rival: change for change in smallest_weight_change(outcome)}
    leader = names.index(outcome.winners[0])
    for rival, name in enumerate(names):
        if rival == leader:
            continue
        gain = (values[:, rival] - values[:, leader]) * voices[:, None]
        # w' = w + up - down, row by row; what is paid is voice times (up + down).
        solution = linprog(
            np.tile(np.repeat(voices, c), 2),
            A_ub=[np.concatenate([-gain.ravel(), gain.ravel()])],
            b_ub=[(gain * weights).sum() + 1e-12],
            A_eq=np.hstack([np.kron(np.eye(rows), np.ones(c)), -np.kron(np.eye(rows), np.ones(c))]),
            b_eq=np.zeros(rows),
            bounds=[(0, None)] * (rows * c) + [(0, w) for w in weights.ravel()],
            method="highs",
        )
        assert solution.success == (name in found)
        if solution.success:
            assert float(found[name].change) == pytest.approx(solution.fun, abs=1e-8)
            if common:
                moved = [weight for _, weight in found[name].weights]
                assert (
                    sum(abs(new - old) for new, old in zip(moved, values_of(outcome)[1][0], strict=True))
                    == found[name].change
                )
                under = scores_under(outcome, [moved] * len(outcome.profile.judges))
                assert under[rival] == under[leader]


# --- the fewest judges ---


def test_absences_by_hand():
    """j0 carries a's lead on b; without him they are level, without j1 too b is ahead."""
    outcome = outcome_of([[[9], [0]], [[5], [4]], [[4], [5]]], (1,))
    (absence,) = fewest_absent_judges(outcome)
    assert (absence.tied, absence.overtaken, absence.judges) == (1, 2, ("j0", "j1"))


def test_unanimous_judges_cannot_be_missed():
    assert fewest_absent_judges(outcome_of([[[9], [0]], [[5], [4]]], (1,))) == ()


def test_a_count_is_taken_apart():
    """Of five alike three must be absent."""
    profile = evolve(profile_of([[[9], [0]], [[0], [9]]], (1,)), counts=[5, 3])
    (absence,) = fewest_absent_judges(WeightedSum().evaluate(profile))
    assert (absence.tied, absence.overtaken, absence.judges) == (2, 3, ("j0",) * 3)


@given(outcomes(judges=3))
def test_no_smaller_absence_does_it(outcome):
    """Trying every set of judges, each of a count by himself, finds no smaller one."""
    values, weights, _ = values_of(outcome)
    profile = outcome.profile
    people = [i for i, count in enumerate(profile.counts.tolist()) for _ in range(count)]
    own = [
        [profile.weights[i] * sum(w * u for w, u in zip(weights[i], cells, strict=True)) for cells in values[i]]
        for i in range(len(profile.judges))
    ]
    leader = profile.alternatives.index(outcome.winners[0])
    found = {each.rival: each for each in fewest_absent_judges(outcome)}
    for rival, name in enumerate(profile.alternatives):
        if rival == leader:
            continue
        best = {"tied": None, "overtaken": None}
        for size in range(len(people)):
            for gone in set(itertools.combinations(people, size)):
                left = list(people)
                for i in gone:
                    left.remove(i)
                lead = sum(own[i][leader] - own[i][rival] for i in left)
                if lead <= 0 and best["tied"] is None:
                    best["tied"] = size
                if lead < 0 and best["overtaken"] is None:
                    best["overtaken"] = size
        each = found.get(name)
        assert (each.tied, each.overtaken) == tuple(best.values()) if each else best["tied"] is None


# --- drawing ---


def test_draws_are_the_same_everywhere_and_add_up():
    """The bits of a named generator, not its distributions: the first weights are written down here."""
    blocks = list(drawn_weights(70_000, 3, seed=42))
    drawn = np.concatenate(blocks)
    assert [len(block) for block in blocks] == [32768, 32768, 4464]
    assert (drawn.sum(axis=1) == 1).all()
    assert (drawn >= 0).all()
    assert drawn[0].tolist() == [0.4388784397520523, 0.335077608803911, 0.22604395144403666]
    assert drawn.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.005)


def test_acceptability_near_what_geometry_says():
    """Where x weighs over a third a is first: two thirds of all weights, where x weighs two thirds on average."""
    found = smaa(outcome_of([[[8, 3], [4, 5]]], (1, 1)), samples=40_000, seed=1)
    assert found.acceptability["a"] == pytest.approx((2 / 3, 1 / 3), abs=4 * found.error)
    assert found.central_weights["a"]["x"] == pytest.approx(2 / 3, abs=0.01)
    assert (found.seed, found.generator, found.samples, found.error) == (1, "PCG64", 40_000, 0.0025)
    assert found == smaa(outcome_of([[[8, 3], [4, 5]]], (1, 1)), samples=40_000, seed=1)


def test_those_who_tie_share_their_places():
    found = smaa(outcome_of([[[5, 5], [5, 5], [1, 1]]], (1, 1)), samples=100, seed=0)
    assert found.acceptability == {"a": (0.5, 0.5, 0.0), "b": (0.5, 0.5, 0.0), "c": (0.0, 0.0, 1.0)}
    assert found.central_weights["c"] is None


@given(outcomes(), st.integers(0, 2**32), st.sampled_from(["PCG64", "Philox", "SFC64"]))
def test_acceptabilities_share_out_every_place(outcome, seed, generator):
    found = smaa(outcome, samples=50, seed=seed, generator=generator)
    table = np.array(list(found.acceptability.values()))
    assert table.sum(axis=0) == pytest.approx(np.ones(len(table)))
    assert table.sum(axis=1) == pytest.approx(np.ones(len(table)))


@pytest.mark.parametrize(
    "bad", [{"seed": -1}, {"seed": 1.5}, {"seed": True}, {"seed": 1, "samples": 0}, {"seed": 1, "generator": "MT19937"}]
)
def test_what_drawing_refuses(bad):
    with pytest.raises(ModelError):
        smaa(outcome_of([[[8, 3], [4, 5]]], (1, 1)), **bad)


# --- refusals ---


def test_what_robustness_refuses():
    outcome = outcome_of([[[8, 3], [4, 5]]], (1, 1))
    with pytest.raises(ModelError, match="unknown alternative"):
        smallest_weight_change(outcome, "nobody")
    gap = profile_of([[[8, 3], [4, math.nan]], [[1, 1], [2, 2]]], (1, 1))
    with pytest.raises(ModelError, match="bounds"):
        fewest_absent_judges(WeightedSum(missing="bounds").evaluate(gap))
    renormalised = WeightedSum(missing="renormalise").evaluate(gap)
    with pytest.raises(ModelError, match="every score is given"):
        weight_intervals(renormalised)
    (absence,) = fewest_absent_judges(renormalised)
    assert absence.judges == ("j0",)
