"""What the AHP promises of a group's outcome over a hierarchy."""

from fractions import Fraction
from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from afwegen.errors import ProfileError
from afwegen.models import AHP, Profile

SAATY = [1 / value for value in range(9, 1, -1)] + [float(value) for value in range(1, 10)]
SYNTHESES = ("distributive", "ideal", "multiplicative")
AGGREGATIONS = ("aip-geometric", "aip-arithmetic", "aij")
models = st.builds(
    AHP,
    method=st.sampled_from(("geometric-mean", "eigenvector")),
    aggregation=st.sampled_from(AGGREGATIONS),
    synthesis=st.sampled_from(SYNTHESES),
)


def reciprocal(upper, size):
    upper = np.asarray(upper, dtype=float)
    matrices = np.ones((*upper.shape[:-1], size, size))
    rows, columns = np.triu_indices(size, 1)
    matrices[..., rows, columns] = upper
    matrices[..., columns, rows] = 1 / upper
    return matrices


@st.composite
def comparisons(draw, judges, size):
    shape = (judges, size * (size - 1) // 2)
    return reciprocal(draw(hnp.arrays(np.float64, shape, elements=st.sampled_from(SAATY))), size)


@st.composite
def profiles(draw, *, most=4):
    """Flat, two levels, or three with sub-criteria under one criterion; all complete."""
    judges, size = draw(st.integers(1, most)), draw(st.integers(4, 5))
    hierarchy = draw(
        st.sampled_from([{"goal": ()}, {"goal": ("x", "y", "z")}, {"goal": ("x", "y"), "y": ("u", "v"), "x": ()}])
    )
    nodes = {"goal", *(child for children in hierarchy.values() for child in children)}
    matrices = {node: draw(comparisons(judges, len(hierarchy.get(node, ())) or size)) for node in sorted(nodes)}
    weights = draw(st.lists(st.sampled_from([1, 2, Fraction(1, 3)]), min_size=judges, max_size=judges))
    return Profile.from_comparisons(
        alternatives=tuple("abcde"[:size]), hierarchy=hierarchy, comparisons=matrices, weights=weights
    )


@st.composite
def consistent(draw, size):
    weights = draw(hnp.arrays(np.float64, size, elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 6.0, 9.0])))
    return weights[:, None] / weights


def scores_of(outcome):
    return np.array(list(outcome.scores.values()))


@given(profile=profiles(), model=models, data=st.data())
def test_the_order_of_judges_alternatives_and_criteria_does_not_matter(profile, model, data):
    judges = data.draw(st.permutations(profile.judges))
    alternatives = data.draw(st.permutations(profile.alternatives))
    children = {node: tuple(data.draw(st.permutations(below))) for node, below in profile.hierarchy.items()}

    def turned(node, matrices):
        items, renamed = profile.items(node), children.get(node) or alternatives
        order = [items.index(name) for name in renamed]
        rows = [profile.judges.index(judge) for judge in judges]
        return matrices[np.ix_(rows, order, order)]

    other = Profile.from_comparisons(
        judges=judges,
        alternatives=alternatives,
        hierarchy=children,
        comparisons={node: turned(node, matrices) for node, matrices in profile.comparisons.items()},
        weights=[profile.weights[profile.judges.index(judge)] for judge in judges],
    )

    found, again = model.evaluate(profile), model.evaluate(other)

    assert found.relation == again.relation
    assert [set(tier) for tier in found.ranking] == [set(tier) for tier in again.ranking]
    for name in profile.alternatives:
        assert found.scores[name] == pytest.approx(again.scores[name], rel=1e-9)
    assert (found.consensus is None) == (again.consensus is None)
    if found.consensus is not None:
        assert found.consensus.degree == pytest.approx(again.consensus.degree)


@given(profile=profiles(), model=models, factor=st.sampled_from([Fraction(1, 7), 3, 100]))
def test_only_the_proportions_of_judges_weights_count(profile, model, factor):
    scaled = Profile.from_comparisons(
        alternatives=profile.alternatives,
        hierarchy=profile.hierarchy,
        comparisons=profile.comparisons,
        weights=[weight * factor for weight in profile.weights],
    )

    assert model.evaluate(scaled).relation == model.evaluate(profile).relation


@given(profile=profiles(), model=models)
def test_scores_are_positive_and_sum_to_one(profile, model):
    outcome = model.evaluate(profile)

    assert (scores_of(outcome) > 0).all()
    assert scores_of(outcome).sum() == pytest.approx(1)
    assert {name for tier in outcome.ranking for name in tier} == set(profile.alternatives)
    assert outcome == model.evaluate(profile)


@given(
    profile=profiles(),
    method=st.sampled_from(("geometric-mean", "eigenvector")),
    aggregation=st.sampled_from(("aip-geometric", "aip-arithmetic")),
    synthesis=st.sampled_from(SYNTHESES),
)
def test_what_every_judge_puts_above_stays_above_under_aip(profile, method, aggregation, synthesis):
    """Unanimity on derived overall priorities, over any hierarchy; under AIJ it is not promised (neg_aij_hierarchy)."""
    outcome = AHP(method=method, aggregation=aggregation, synthesis=synthesis).evaluate(profile)

    own = outcome.diagnostics.own
    above = (own[:, :, None] > own[:, None, :] * (1 + 1e-6)).all(axis=0)
    for a, b in np.argwhere(above):
        assert (profile.alternatives[a], profile.alternatives[b]) in outcome.relation


@given(profile=profiles())
def test_for_one_matrix_pooling_first_or_last_is_the_same(profile):
    assume(not profile.hierarchy["goal"])

    first, last = AHP(aggregation="aij").evaluate(profile), AHP().evaluate(profile)

    np.testing.assert_allclose(scores_of(first), scores_of(last), rtol=1e-9)
    assert first.relation == last.relation


@given(data=st.data(), synthesis=st.sampled_from(("ideal", "multiplicative")))
def test_with_consistent_judgements_two_syntheses_are_safe(data, synthesis):
    """Ideal: against an added alternative that is best nowhere. Multiplicative: against any."""
    criteria = ("x", "y", "z")
    goal = data.draw(consistent(3))
    leaves = {node: data.draw(consistent(5)) for node in criteria}
    if synthesis == "ideal":
        assume(all((matrix[:4, 4] >= 1).any() for matrix in leaves.values()))

    def evaluated(size):
        return AHP(synthesis=synthesis).evaluate(
            Profile.from_comparisons(
                alternatives=tuple("abcde"[:size]),
                hierarchy={"goal": criteria},
                comparisons={"goal": [goal], **{node: [matrix[:size, :size]] for node, matrix in leaves.items()}},
            )
        )

    before, after = evaluated(4), evaluated(5)
    assert before.relation == {pair for pair in after.relation if "e" not in pair}


@given(matrices=comparisons(1, 4), weights=st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_ties_of_one_matrix_are_decided_by_products_of_fractions(matrices, weights):
    """Two alternatives tie exactly when the products of their rows, as fractions, are equal."""
    several = np.repeat(matrices, len(weights), axis=0)
    profile = Profile.from_comparisons(
        alternatives=tuple("abcd"), hierarchy={"goal": ()}, comparisons={"goal": several}, weights=weights
    )

    outcome = AHP().evaluate(profile)

    products = [
        np.prod([Fraction(value).limit_denominator(9) for value in row], initial=Fraction(1)) for row in matrices[0]
    ]
    expected = {("abcd"[a], "abcd"[b]) for a in range(4) for b in range(4) if products[a] > products[b]}
    assert outcome.relation == expected
    assert not any("taken as tied" in note for note in outcome.notes)


@given(profile=profiles(), model=models)
def test_an_explanation_adds_up(profile, model):
    """Parts and judges add up to the logarithm of the ratio, or the difference, of the scores."""
    outcome = model.evaluate(profile)
    for name in profile.alternatives:
        why = outcome.why(name)
        measure = log(why.ratio) if why.measure == "logarithm" else why.score - why.score_against
        assert sum(part.adds for part in why.parts) == pytest.approx(measure, abs=1e-9)
        assert sum(why.by_judge.values()) == pytest.approx(measure, abs=1e-9)


@given(profile=profiles(), synthesis=st.sampled_from(SYNTHESES), aggregation=st.sampled_from(AGGREGATIONS[:2]))
def test_the_fewest_absent_judges_are_the_fewest(profile, synthesis, aggregation):
    model = AHP(synthesis=synthesis, aggregation=aggregation)
    outcome = model.evaluate(profile)
    a, b = profile.alternatives[:2]
    if (a, b) not in outcome.relation:
        a, b = b, a
    assume((a, b) in outcome.relation)

    def still_above(absent):
        rest = profile.only(judges=[judge for judge in profile.judges if judge not in absent])
        scores = model.evaluate(rest).scores
        return scores[a] > scores[b] * (1 + 1e-9)

    fewest = outcome.why(a, b).fewest_absent
    sizes = range(1, len(fewest) or len(profile.judges))
    assert all(still_above(absent) for size in sizes for absent in combinations(profile.judges, size))
    assert not fewest or not still_above(fewest)


@given(profile=profiles(), model=models)
def test_at_the_shift_named_the_two_tie(profile, model):
    """With importance moved as each shift says, recomputed by hand, the two scores are equal."""
    outcome = model.evaluate(profile)
    why = outcome.why(outcome.ranking[0][0])
    found = outcome.diagnostics
    a, b = (profile.alternatives.index(name) for name in (why.alternative, why.against))
    voices = np.array([float(weight) for weight in profile.weights]) if len(found.overall) > 1 else np.ones(1)
    for shift in why.shifts:
        share = (shift.then - shift.now) / (1 - shift.now)
        corner = np.array([node == shift.node for node in found.leaves.nodes], dtype=float)
        importance = (1 - share) * found.leaves.importance + share * corner
        local = found.leaves.local
        if model.synthesis == "multiplicative":
            overall = np.exp(np.einsum("ml,mln->mn", importance, np.log(local)))
        else:
            local = local / local.max(axis=-1, keepdims=True) if model.synthesis == "ideal" else local
            overall = np.einsum("ml,mln->mn", importance, local)
        overall /= overall.sum(axis=-1, keepdims=True)
        group = voices @ (overall if model.aggregation == "aip-arithmetic" else np.log(overall))
        assert group[a] == pytest.approx(group[b], rel=1e-6, abs=1e-9)


@given(matrices=comparisons(1, 4))
def test_at_the_judgement_named_the_two_tie(matrices):
    def evaluated(given):
        return AHP().evaluate(
            Profile.from_comparisons(alternatives=tuple("abcd"), hierarchy={"goal": ()}, comparisons={"goal": given})
        )

    now, then = evaluated(matrices).why("a", "b").judgement
    changed = matrices.copy()
    changed[0, 0, 1], changed[0, 1, 0] = then, 1 / then

    assert now == pytest.approx(matrices[0, 0, 1])
    scores = evaluated(changed).scores
    assert scores["a"] == pytest.approx(scores["b"], rel=1e-9)


@given(profile=profiles(most=3), data=st.data(), model=models)
def test_nothing_is_ever_nan_when_pairs_are_missing(profile, data, model):
    """With pairs missing an outcome is finite or a refusal that names the parts."""
    holes = {}
    for node, matrices in profile.comparisons.items():
        mask = data.draw(hnp.arrays(bool, matrices.shape, fill=st.just(False)))
        mask &= ~np.eye(matrices.shape[-1], dtype=bool)
        holes[node] = np.where(mask | np.swapaxes(mask, -1, -2), np.nan, matrices)
    incomplete = Profile.from_comparisons(
        alternatives=profile.alternatives, hierarchy=profile.hierarchy, comparisons=holes, weights=profile.weights
    )
    try:
        outcome = model.evaluate(incomplete)
    except ProfileError as refusal:
        outcome, said = None, str(refusal)
    if outcome is None:
        assert "fall apart" in said or "lacking" in said
        return
    assert np.isfinite(scores_of(outcome)).all()
    assert all(np.isfinite(part.adds) for part in outcome.why(profile.alternatives[0]).parts)
