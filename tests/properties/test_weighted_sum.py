"""What the weighted sum promises, searched for exceptions."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, example, given
from hypothesis import strategies as st

from afwegen.models import Profile, Scale, WeightedSum
from afwegen.models.rationals import decimals, dense_ranks, multiple, over_one, product, total

EXACT = ["anchors", "none", "min-max", "sum", "max"]

# Few digits make ties common; many digits, and far-off anchors, make floats go wrong.
CELLS = st.one_of(
    st.integers(1, 6).map(float),
    st.integers(10, 60).map(lambda tenths: tenths / 10),
    st.floats(1, 6, allow_subnormal=False),
)
SCALES = st.sampled_from(
    [
        Scale(0, 10),
        Scale(10, 0),
        Scale(0.9, 6.1),
        Scale(0, 1e7),
        Scale(0, 10, ((2, 0.3), (4.5, 0.3), (5, 0.9))),
        Scale(7, 0, ((3.3, 0.5),)),
    ]
)
WEIGHTS = st.one_of(st.integers(0, 4).map(float), st.sampled_from([0.1, 0.2, 0.3, 0.7]))
VOICES = st.one_of(st.integers(1, 3), st.fractions(Fraction(1, 3), 3, max_denominator=7))


@st.composite
def profiles(draw, *, least=1, missing=False, weights=WEIGHTS):
    """Profiles with scores: common and own weights, judges who weigh and count, bent scales, gaps if asked for."""
    m, n, c = draw(st.integers(1, 4)), draw(st.integers(least, 5)), draw(st.integers(1, 4))
    row = st.lists(weights, min_size=c, max_size=c).filter(any)
    scores = np.reshape(draw(st.lists(CELLS, min_size=m * n * c, max_size=m * n * c)), (m, n, c))
    if missing:
        gaps = np.reshape(draw(st.lists(st.booleans(), min_size=m * n * c, max_size=m * n * c)), (m, n, c))
        scores = np.where(gaps & (np.arange(c) > 0), math.nan, scores)
    criteria = [f"k{k}" for k in range(c)]
    return Profile(
        judges=[f"j{i}" for i in range(m)],
        alternatives=[f"a{a}" for a in range(n)],
        criteria=criteria,
        weights=draw(st.lists(VOICES, min_size=m, max_size=m)),
        counts=draw(st.lists(st.integers(1, 3), min_size=m, max_size=m)),
        scores=scores,
        scales={name: draw(SCALES) for name in criteria},
        criterion_weights=draw(st.one_of(row, st.lists(row, min_size=m, max_size=m))),
    )


def spelled(number):
    return Fraction(repr(float(number)))


def textbook(column, scale, rule):
    """One criterion of one judge in fractions, by the formula; None is missing and stays None."""
    x = [None if math.isnan(score) else spelled(score) for score in column]
    given_ = [score for score in x if score is not None]
    cost = scale.best < scale.worst
    if not given_:
        return x
    low, high = min(given_), max(given_)

    def worth(score):
        if rule == "anchors":
            curve = [(scale.worst, 0), *scale.points, (scale.best, 1)]
            curve = sorted((spelled(raw), spelled(value)) for raw, value in curve)
            (x0, v0), (x1, v1) = next((p, q) for p, q in pairwise(curve) if p[0] <= score <= q[0])
            return v0 + (score - x0) * (v1 - v0) / (x1 - x0)
        if rule == "none":
            return -score if cost else score
        if rule == "min-max":
            return Fraction(1) if low == high else ((high - score if cost else score - low) / (high - low))
        if rule == "max":
            return low / score if cost else score / high
        return (1 / score) / sum(1 / other for other in given_) if cost else score / sum(given_)

    return [None if score is None else worth(score) for score in x]


def by_hand(profile, rule):
    """Own and group scores in plain fractions: no arrays, no scaling, no tolerance."""
    m, n, c = profile.scores.shape
    rows = np.broadcast_to(profile.criterion_weights, (m, c))
    own = []
    for i in range(m):
        values = [textbook(profile.scores[i, :, k], profile.scales[profile.criteria[k]], rule) for k in range(c)]
        weights = [spelled(weight) for weight in rows[i]]
        own.append(
            [
                sum(weights[k] * values[k][a] for k in range(c) if values[k][a] is not None)
                / sum(weights[k] for k in range(c) if values[k][a] is not None)
                for a in range(n)
            ]
        )
    heard = [weight * int(count) for weight, count in zip(profile.weights, profile.counts, strict=True)]
    group = [sum(h * row[a] for h, row in zip(heard, own, strict=True)) / sum(heard) for a in range(n)]
    return own, group


def tiers_of(profile, group):
    return tuple(
        tuple(name for name, score in zip(profile.alternatives, group, strict=True) if score == height)
        for height in sorted(set(group), reverse=True)
    )


@pytest.mark.parametrize("rule", EXACT)
@given(profile=profiles())
def test_it_is_the_formula_and_ties_are_exact(rule, profile):
    """Scores to 1e-12, the ranking and every judge's own order exactly as fractions have them."""
    own, group = by_hand(profile, rule)
    outcome = WeightedSum(normalisation=rule).evaluate(profile)
    table = outcome.model.table(profile)

    assert outcome.ranking == tiers_of(profile, group)
    assert list(table.group()) == group
    assert list(outcome.scores.values()) == pytest.approx([float(score) for score in group], rel=1e-9, abs=1e-12)
    expected = [[1 + len({other for other in row if other > score}) for score in row] for row in own]
    assert table.own_ranks().tolist() == expected


@pytest.mark.parametrize("rule", EXACT)
@given(profile=profiles(missing=True, weights=st.integers(1, 4).map(float)))
def test_renormalised_it_is_the_formula_too(rule, profile):
    own, group = by_hand(profile, rule)
    outcome = WeightedSum(normalisation=rule, missing="renormalise").evaluate(profile)

    assert outcome.ranking == tiers_of(profile, group)
    assert list(outcome.scores.values()) == pytest.approx([float(score) for score in group], rel=1e-9, abs=1e-12)
    expected = [[1 + len({other for other in row if other > score}) for score in row] for row in own]
    assert outcome.model.table(profile).own_ranks().tolist() == expected


@given(profiles(missing=True))
def test_bounds_are_what_filling_in_the_worst_and_the_best_gives(profile):
    """An alternative is above another iff its worst completion is above the other's best one."""
    scales = [profile.scales[name] for name in profile.criteria]
    ends = {
        end: evolve(
            profile,
            scores=np.where(np.isnan(profile.scores), [getattr(scale, end) for scale in scales], profile.scores),
        )
        for end in ("worst", "best")
    }
    low, high = (by_hand(filled, "anchors")[1] for filled in ends.values())
    outcome = WeightedSum(missing="bounds").evaluate(profile)

    names = profile.alternatives
    assert outcome.relation == {
        (a, b) for a, x in zip(names, low, strict=True) for b, y in zip(names, high, strict=True) if x > y
    }
    for name, x, y in zip(names, low, high, strict=True):
        assert outcome.bounds[name] == pytest.approx((float(x), float(y)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("rule", [*EXACT, "vector"])
@given(profile=profiles(), data=st.data())
def test_order_of_judges_criteria_and_alternatives_does_not_matter(rule, profile, data):
    """Permutation equivariance of scores, relation and consensus."""
    if rule == "vector":
        # Ties within rounding may hang on the last bit when two scores are 1e-9 apart: not searched here.
        profile = evolve(profile, scores=np.rint(profile.scores))
    judges, alternatives, criteria = (
        data.draw(st.permutations(names)) for names in (profile.judges, profile.alternatives, profile.criteria)
    )
    model = WeightedSum(normalisation=rule)
    first = model.evaluate(profile)
    second = model.evaluate(profile.only(judges=judges, alternatives=alternatives, criteria=criteria))

    assert first.relation == second.relation
    assert [set(tier) for tier in first.ranking] == [set(tier) for tier in second.ranking]
    for name in profile.alternatives:
        assert first.scores[name] == pytest.approx(second.scores[name], rel=1e-9, abs=1e-12)
    assert (first.consensus is None) == (second.consensus is None)
    if first.consensus is not None:
        assert first.consensus.degree == pytest.approx(second.consensus.degree, rel=1e-12)


@given(profiles(), st.integers(2, 9))
def test_only_proportions_of_weights_count(profile, times):
    weights = [[spelled(weight) * times for weight in row] for row in np.atleast_2d(profile.criterion_weights)]
    scaled = evolve(
        profile,
        criterion_weights=weights if profile.criterion_weights.ndim == 2 else weights[0],
        weights=[weight * Fraction(times, 3) for weight in profile.weights],
    )
    first, second = WeightedSum().evaluate(profile), WeightedSum().evaluate(scaled)
    assert first.ranking == second.ranking
    assert list(first.scores.values()) == pytest.approx(list(second.scores.values()), rel=1e-12)


STRICT = {"k0": Scale(0, 10), "k1": Scale(10, 0), "k2": Scale(0.9, 6.1), "k3": Scale(7, 0, ((3.3, 0.5),))}


def better(profile, place, steps):
    """The scores of one alternative moved towards the best ends, cell by cell; 0 stays, 1 arrives."""
    scores = np.array(profile.scores)
    for k, name in enumerate(profile.criteria):
        scale = profile.scales[name]
        moved = (
            scores[:, place, k] + (scale.best - scores[:, place, k]) * np.reshape(steps, scores[:, place].shape)[:, k]
        )
        scores[:, place, k] = np.clip(moved, *sorted((scale.worst, scale.best)))
    return scores


@given(profiles(least=2, weights=st.integers(1, 4).map(float)), st.data())
def test_strictly_better_everywhere_wins(profile, data):
    """Dominance, with positive weights and value functions that rise strictly."""
    profile = evolve(profile, scales={name: STRICT[name] for name in profile.criteria})
    steps = data.draw(
        st.lists(st.floats(0.01, 1), min_size=profile.scores[:, 0].size, max_size=profile.scores[:, 0].size)
    )
    scores = better(profile, 0, steps)
    scores[:, 1] = profile.scores[:, 0]
    raised = evolve(profile, scores=scores)
    assert ("a0", "a1") in WeightedSum().evaluate(raised).relation


@given(profiles(least=2), st.data())
def test_monotone(profile, data):
    """An alternative that gets better scores, the rest standing still, loses to nobody it did not lose to before."""
    steps = data.draw(
        st.lists(st.sampled_from([0, 0.5, 1]), min_size=profile.scores[:, 0].size, max_size=profile.scores[:, 0].size)
    )
    before = WeightedSum().evaluate(profile).relation
    after = WeightedSum().evaluate(evolve(profile, scores=better(profile, 0, steps))).relation
    assert {pair for pair in after if pair[1] == "a0"} <= before
    assert {pair for pair in before if pair[0] == "a0"} <= after


@given(profiles(least=3))
def test_a_third_alternative_changes_nothing_between_two(profile):
    """Independence of irrelevant alternatives, inside unmoved anchors."""
    whole = WeightedSum().evaluate(profile).relation
    part = WeightedSum().evaluate(profile.only(alternatives=profile.alternatives[:-1])).relation
    assert part == {pair for pair in whole if profile.alternatives[-1] not in pair}


@pytest.mark.parametrize("rule", EXACT)
@given(profile=profiles(least=2))
def test_what_every_judge_says_the_group_says(rule, profile):
    """Unanimity: per judge first, then the mean, whatever the normalisation."""
    outcome = WeightedSum(normalisation=rule).evaluate(profile)
    ranks = outcome.model.table(profile).own_ranks()
    for a, above in enumerate(profile.alternatives):
        for b, below in enumerate(profile.alternatives):
            if (ranks[:, a] < ranks[:, b]).all():
                assert (above, below) in outcome.relation


@pytest.mark.parametrize("rule", ["anchors", "none", "sum", "vector"])
@given(profile=profiles(), data=st.data())
def test_explanations_add_up(rule, profile, data):
    """Contributions by criterion, by judge and by both add up to the amount explained; both languages speak."""
    outcome = WeightedSum(normalisation=rule).evaluate(profile)
    a = data.draw(st.sampled_from(profile.alternatives))
    rivals = [name for name in profile.alternatives if name != a]
    for why in [outcome.why(a), *(outcome.why(a, b) for b in rivals)]:
        by_cell = [part for row in why.by_judge_and_criterion.values() for part in row.values()]
        for parts in (why.by_criterion.values(), why.by_judge.values(), by_cell):
            assert math.fsum(parts) == pytest.approx(why.amount, rel=1e-9, abs=1e-9)
        assert all(all(why.sentences(language)) for language in ("en", "nl"))
        assert not any("nan" in said or "inf" in said.split() for said in why.sentences())


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=6))
@example([0.1, 1e22, 5e-324, 1.7976931348623157e308])
@example([123456789012345.6, 0.3])
def test_floats_are_read_as_they_are_written(floats):
    integers, power = decimals(np.array(floats))
    assert [Fraction(int(number), power) for number in integers.tolist()] == [spelled(number) for number in floats]


big = st.integers(-(2**70), 2**70)


@given(st.lists(st.tuples(big, big), min_size=1, max_size=5))
def test_integers_do_not_overflow(pairs):
    table = np.array(pairs, dtype=object)
    small = np.where(np.abs(table) < 2**62, table, 1).astype(np.int64)
    for array in (table, small):
        rows = [[int(number) for number in row] for row in array.tolist()]
        assert product(array[:, 0], array[:, 1]).tolist() == [a * b for a, b in rows]
        assert total(array, axis=0).tolist() == [sum(column) for column in zip(*rows, strict=True)]
        positive = np.abs(array) + 1
        assert multiple(positive, (0, 1)).tolist() == [[math.lcm(*(abs(number) + 1 for row in rows for number in row))]]


@given(st.lists(st.tuples(big, big, st.integers(1, 2**70)), min_size=1, max_size=7))
def test_fractions_add_up_in_any_grouping(rows):
    numerators, under = over_one(np.array([row[:2] for row in rows], dtype=object), [row[2] for row in rows])
    expected = [sum(Fraction(row[column], row[2]) for row in rows) for column in (0, 1)]
    assert [Fraction(number, under) for number in numerators] == expected


@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=4))
def test_dense_ranks_leave_none_out(rows):
    for row, ranks in zip(rows, dense_ranks(np.array(rows)).tolist(), strict=True):
        assert ranks == [1 + len({other for other in row if other > score}) for score in row]


@given(profiles(least=2))
def test_a_tie_is_told_as_a_tie(profile):
    """The copy of an alternative ties with it exactly, in ranking, margin and words."""
    twin = evolve(
        profile, scores=np.concatenate([profile.scores[:, :1], profile.scores[:, :1], profile.scores[:, 2:]], axis=1)
    )
    outcome = WeightedSum().evaluate(twin)
    assume(outcome.winners)
    why = outcome.why("a0", "a1")
    assert why.tied
    assert why.margins == {"a1": 0.0}
    assert why.sentences()[0] == "a0 and a1 are exactly tied."
