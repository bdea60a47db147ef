"""The weighted sum as kernel and as model: what it accepts, what it refuses, and what it says about it."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve

from afwegen.errors import ModelError, ProfileError
from afwegen.models import Profile, Scale, WeightedSum
from afwegen.models.contract import Explains, Model
from afwegen.models.normalisation import NORMALISATIONS
from afwegen.models.weighted_sum import score

RELATIVE = [rule for rule in NORMALISATIONS if rule != "anchors"]


def profile_of(scores, weights=(1, 1), scales=None, **more):
    """Judges j0, j1 ..., alternatives a, b, c ..., criteria x, y ..., scales 0 to 10."""
    m, n, c = np.shape(scores)
    criteria = "xyzuv"[:c]
    return Profile.from_scores(
        scores,
        judges=[f"j{i}" for i in range(m)],
        alternatives=[chr(97 + a) for a in range(n)],
        criteria=list(criteria),
        criterion_weights=weights,
        scales=scales or dict.fromkeys(criteria, Scale(0, 10)),
        **more,
    )


# --- the kernel ---


@pytest.mark.parametrize("rule", NORMALISATIONS)
def test_a_batch_is_its_problems_one_by_one(rule):
    """Leading axes, weights with or without them, anchors with or without them, change nothing."""
    draw = np.random.default_rng(7)
    matrix, weights = draw.uniform(1, 9, (2, 3, 4, 5)), draw.uniform(0, 1, (3, 5))
    scales = np.stack([draw.uniform(-1, 0, (2, 3, 5)), draw.uniform(10, 11, (2, 3, 5))], axis=-1)
    scales = scales if rule == "anchors" else None
    costs = None if rule == "anchors" else [True, False, True, True, False]

    found = score(matrix, weights, rule, scales, costs)

    for i, j in np.ndindex(2, 3):
        one = score(matrix[i, j], weights[j], rule, None if scales is None else scales[i, j], costs)
        assert found[i, j] == pytest.approx(one, rel=1e-12)
    assert found.shape == (2, 3, 4)


@pytest.mark.parametrize("rule", RELATIVE)
def test_the_formulas(rule):
    """One benefit, one cost, as the table in the docstring has them."""
    benefit, cost = np.array([2.0, 3.0, 6.0]), np.array([4.0, 1.0, 2.0])
    formulas = {
        "none": (benefit, -cost),
        "min-max": ((benefit - 2) / 4, (4 - cost) / 3),
        "sum": (benefit / 11, (1 / cost) / (1 / cost).sum()),
        "max": (benefit / 6, 1 / cost),
        "vector": (benefit / 7, 1 - cost / math.sqrt(21)),
    }
    expected = (3 * formulas[rule][0] + formulas[rule][1]) / 4

    found = score(np.column_stack([benefit, cost]), [3, 1], rule, maximise=[True, False])

    assert found == pytest.approx(expected, rel=1e-12)


def test_exact_kinds_of_numbers_are_numbers():
    matrix = [[Fraction(1, 2), Decimal("2.5")], [1, 3.0]]
    assert score(matrix, [Decimal(1), 1], "none").tolist() == [1.5, 2.0]


def test_the_input_stays_as_it_was():
    matrix, weights = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([2.0, 2.0])
    for rule in RELATIVE:
        score(matrix, weights, rule)
    assert matrix.tolist() == [[1, 2], [3, 4]]
    assert weights.tolist() == [2, 2]


def test_a_value_function_may_bend():
    """Linear from point to point, whichever way the scale runs."""
    scales = [Scale(0, 10, ((4, 0.8),)), Scale(100, 0, ((50, 0.1),))]
    found = score([[2, 75], [4, 50], [7, 25], [10, 0]], [1, 0], scales=scales)
    other = score([[2, 75], [4, 50], [7, 25], [10, 0]], [0, 1], scales=scales)
    assert found == pytest.approx([0.4, 0.8, 0.9, 1.0], rel=1e-12)
    assert other == pytest.approx([0.05, 0.1, 0.55, 1.0], rel=1e-12)


@pytest.mark.parametrize("rule", ["min-max", "sum", "max", "vector"])
def test_all_equal_is_no_nan(rule):
    """A criterion on which all are equal tells nobody apart."""
    found = score([[3.0, 1.0], [3.0, 2.0]], [1, 1], rule)
    assert np.isfinite(found).all()
    assert found[0] < found[1]


@pytest.mark.parametrize("shape", [(0, 3), (5, 0, 3), (0, 4, 3)])
def test_nothing_to_score_scores_nothing(shape):
    for rule in RELATIVE:
        assert score(np.empty(shape), [1, 1, 1], rule).shape == shape[:-1]


@pytest.mark.parametrize(
    ("matrix", "weights", "options", "says"),
    [
        ([[1, math.nan]], [1, 1], {"normalisation": "none"}, "finite"),
        ([[1, math.inf]], [1, 1], {"normalisation": "none"}, "finite"),
        ([["1", "2"]], [1, 1], {"normalisation": "none"}, "numbers"),
        ([[True, False]], [1, 1], {"normalisation": "none"}, "numbers"),
        ([[1, 2], [3]], [1, 1], {"normalisation": "none"}, "numbers"),
        ([1, 2], [1, 1], {"normalisation": "none"}, "axes"),
        ([[1, 2]], [1, -1], {"normalisation": "none"}, "0 or more"),
        ([[1, 2]], [1, math.nan], {"normalisation": "none"}, "finite"),
        ([[1, 2]], [0, 0], {"normalisation": "none"}, "zero"),
        ([[1, 2]], [1, 1, 1], {"normalisation": "none"}, "shape"),
        ([[1, 2]], [[1, 1], [1, 1]], {"normalisation": "none"}, "shape"),
        ([[1, 2]], [1, 1], {"normalisation": "none", "maximise": [1, 0]}, "truth value"),
        ([[1, 2]], [1, 1], {"normalisation": "minmax"}, "min-max"),
        ([[1, 2]], [1, 1], {}, "Scale"),
        ([[1, 2]], [1, 1], {"scales": [(0, 1)]}, "2 criteria"),
        ([[1, 2]], [1, 1], {"scales": [(0, 3), (3, 3)]}, "differ"),
        ([[1, 2]], [1, 1], {"scales": [(0, 3), ("a", 3)]}, "pairs"),
        ([[1, 2]], [1, 1], {"scales": [(0, 3), (0, 1.5)]}, "lies outside its anchors, 0 .worst. and 1.5 .best."),
        ([[1, 2]], [1, 1], {"scales": [(0, 3), (0, 3)], "maximise": [True, False]}, "directions"),
        ([[-1, 2], [1, 2]], [1, 1], {"normalisation": "sum"}, "criterion 0"),
        ([[1, 0], [1, 2]], [1, 1], {"normalisation": "max", "maximise": [True, False]}, "costs above 0"),
        ([[1, 0], [1, 0]], [1, 1], {"normalisation": "vector"}, "other than 0"),
        ([[1e308, 1], [-1e308, 1]], [1, 1], {"normalisation": "min-max"}, "too large"),
    ],
)
def test_what_the_kernel_refuses(matrix, weights, options, says):
    """Each with what to do; never NaN out, never a bare error of numpy's."""
    with pytest.raises((ProfileError, ModelError), match=says):
        score(matrix, weights, **options)


@pytest.mark.parametrize(
    ("rule", "matrix"),
    [
        ("min-max", [[2, 3], [4, 2], [1, 2], [1, 1]]),
        ("sum", [[2, 2], [1, 4], [1, 3], [2, 1]]),
        ("max", [[4, 2], [7, 1], [4, 2], [1, 3]]),
        ("vector", [[2, 1], [1, 3], [1, 4], [1, 1]]),
    ],
)
def test_independence_is_not_promised_without_anchors(rule, matrix):
    """Small counterexamples: a last alternative that joins turns the first two around."""
    before, after = score(matrix[:3], [1, 1], rule), score(matrix, [1, 1], rule)
    assert before[0] > before[1]
    assert after[0] < after[1]
    assert after[3] == min(after)


def test_invariance_to_other_units_is_not_promised():
    """Another unit changes the order under `none`; another zero under `sum`, `max` and `vector`."""
    matrix = np.array([[0.0, 4.0], [3.0, 0.5]])
    moved = matrix * [1, 3] + [4, 0]
    assert np.argmax(score(matrix, [1, 1], "none")) != np.argmax(score(matrix * [10, 1], [1, 1], "none"))
    for rule in ("sum", "max", "vector"):
        first, second = (score(rows, [3, 2], rule) for rows in (matrix + np.array([0.0, 3.0]), moved))
        assert (first[0] - first[1]) * (second[0] - second[1]) < 0


# --- the model ---


def test_it_is_a_model_that_explains():
    model: Model = WeightedSum(missing="bounds")
    assert isinstance(model, Model)
    assert isinstance(model, Explains)
    assert model.parameters == {"derive": "none", "missing": "bounds", "normalisation": "anchors"}
    assert list(model.parameters) == sorted(model.parameters)
    assert model == WeightedSum(missing="bounds")
    assert hash(model) == hash(WeightedSum(missing="bounds"))


@pytest.mark.parametrize(
    "bad", [{"normalisation": "minmax"}, {"missing": "zero"}, {"derive": "plurality"}, {"missing": []}]
)
def test_a_bad_parameter_lists_the_good_ones(bad):
    with pytest.raises(ModelError, match="choose one of"):
        WeightedSum(**bad)


def test_tenths_tie():
    """0.1 + 0.2 and 0.3 are one score: floats differ, decimals do not."""
    outcome = WeightedSum().evaluate(
        profile_of([[[0.1, 0.2], [0.3, 0.0]]], scales={"x": Scale(0, 1), "y": Scale(0, 1)})
    )
    assert outcome.ranking == (("a", "b"),)
    assert outcome.relation == frozenset()


def test_what_floats_cannot_see_is_still_an_order():
    """A difference in the sixteenth digit of one of many scores decides, in either direction."""
    ahead = [[[5.000000000000001, 5.0], [5.0, 5.0]]]
    assert WeightedSum().evaluate(profile_of(ahead)).ranking == (("a",), ("b",))
    assert WeightedSum().evaluate(profile_of([[*ahead[0][::-1]]])).ranking == (("b",), ("a",))


def test_far_anchors_do_not_blur_a_tie():
    """Scores near a billion on a scale one wide: floats lose eight digits, integers none."""
    scales = {"x": Scale(1_000_000_000, 1_000_000_001), "y": Scale(0, 1)}
    outcome = WeightedSum().evaluate(profile_of([[[1_000_000_000.1, 0.2], [1_000_000_000.2, 0.1]]], scales=scales))
    assert outcome.ranking == (("a", "b"),)


def test_judges_weigh_and_count():
    """Weights and counts multiply, and thirds add up exactly."""
    even = profile_of([[[10, 0], [0, 0]], [[0, 0], [10, 0]]])
    ranking = {
        (weights, counts): WeightedSum().evaluate(evolve(even, weights=weights, counts=counts)).ranking
        for weights in ((1, 1), (1, Fraction(3, 2)), (Fraction(1, 3), Fraction(2, 3)))
        for counts in ((1, 1), (2, 1))
    }
    a, b, tied = (("a",), ("b",)), (("b",), ("a",)), (("a", "b"),)
    assert list(ranking.values()) == [tied, a, b, a, b, tied]


def test_a_missing_score_is_refused_by_name():
    with pytest.raises(ProfileError, match=r"'j0' did not score 'b' on 'y'; 1 are missing"):
        WeightedSum().evaluate(profile_of([[[1, 2], [3, math.nan]]]))


def test_missing_scores_leave_their_weight_to_the_others():
    outcome = WeightedSum(missing="renormalise").evaluate(profile_of([[[4, 2], [3, math.nan]]], weights=(1, 3)))
    assert outcome.scores == pytest.approx({"a": 0.25, "b": 0.3}, rel=1e-12)
    assert outcome.ranking == (("b",), ("a",))
    assert any("1 scores missing" in note for note in outcome.notes)
    with pytest.raises(ProfileError, match="'j0' gave 'b' no score on any criterion that counts"):
        WeightedSum(missing="renormalise").evaluate(profile_of([[[4, 2], [3, math.nan]]], weights=(0, 1)))


@pytest.mark.parametrize("rule", ["none", "min-max", "sum", "max", "vector"])
def test_missing_scores_weigh_on_nothing(rule):
    """What is missing is not taken for a number: the rest of its column is normalised as if it were not there."""
    with_gap = profile_of([[[4, 2], [3, math.nan], [2, 8]]])
    outcome = WeightedSum(missing="renormalise", normalisation=rule).evaluate(with_gap)
    x, y = score([[4], [3], [2]], [1], rule), score([[2], [8]], [1], rule)
    assert list(outcome.scores.values()) == pytest.approx([(x[0] + y[0]) / 2, x[1], (x[2] + y[1]) / 2], rel=1e-12)


def test_bounds_give_the_necessary_order():
    """What b scores on y may be anything: it is above or below another only when it is so at both ends."""
    outcome = WeightedSum(missing="bounds").evaluate(profile_of([[[8, 8], [5, math.nan], [1, 1]]]))
    assert outcome.scores is None
    assert outcome.bounds == {"a": (0.8, 0.8), "b": (0.25, 0.75), "c": (0.1, 0.1)}
    assert outcome.relation == {("a", "b"), ("a", "c"), ("b", "c")}
    touching = WeightedSum(missing="bounds").evaluate(profile_of([[[8, 7], [5, math.nan], [2, 3]]]))
    assert touching.relation == {("a", "c")}
    assert touching.ranking == (("a", "b"), ("c",))
    with pytest.raises(ModelError, match="anchors"):
        WeightedSum(missing="bounds", normalisation="sum").evaluate(profile_of([[[8, 7], [5, math.nan]]]))
    whole = WeightedSum(missing="bounds").evaluate(profile_of([[[0.1, 0.2], [0.3, 0]]]))
    assert whole.relation == frozenset()
    assert whole.bounds["a"] == pytest.approx((0.015, 0.015))


def test_uncertain_alternatives_are_not_ranked_for_consensus():
    two = [[[8, 8], [5, math.nan], [1, 1]], [[8, 8], [5, 5], [1, 1]]]
    found = WeightedSum(missing="bounds").evaluate(profile_of(two))
    assert found.consensus.degree == 1.0
    assert found.consensus.by_pair["a", "b"] is None
    alone = WeightedSum(missing="bounds").evaluate(profile_of(two[:1]))
    assert alone.consensus is None
    assert any(note.startswith("no consensus") for note in alone.notes)


def test_consensus_is_of_the_judges_own_orders():
    """Two judges who reverse each other on one of three pairs; ties inside a judge are exact too."""
    outcome = WeightedSum().evaluate(profile_of([[[9, 0], [0, 6], [1, 1]], [[9, 0], [0, 1], [0.4, 0.6]]]))
    assert outcome.consensus.by_pair == {("a", "b"): 1.0, ("a", "c"): 1.0, ("b", "c"): 0.5}


def test_rankings_become_scores_only_when_asked():
    ranked = Profile.from_rankings([["a", "b", "c"], ["b", "a", "c"]])
    with pytest.raises(ProfileError, match="scores"):
        WeightedSum().evaluate(ranked)
    outcome = WeightedSum(derive="borda").evaluate(ranked)
    assert outcome.ranking == (("a", "b"), ("c",))
    assert any("borda" in note for note in outcome.notes)
    assert outcome.profile is ranked
    assert outcome.why("a", "c").amount == pytest.approx(0.75)


def test_weights_lacking_are_named():
    with pytest.raises(ProfileError, match="criterion weights"):
        WeightedSum().evaluate(profile_of([[[1, 1]], [[2, 2]]], weights=[[1, 1], [math.nan, math.nan]]))


def test_the_small_cases():
    """No alternatives, one alternative, one judge, all tied: decided."""
    empty = WeightedSum().evaluate(profile_of(np.empty((1, 0, 2))))
    assert (empty.ranking, empty.scores, empty.consensus) == ((), {}, None)
    single = WeightedSum().evaluate(profile_of([[[1, 1]]]))
    assert (single.ranking, single.relation) == ((("a",),), frozenset())
    for rule in NORMALISATIONS:
        tied = WeightedSum(normalisation=rule).evaluate(profile_of([[[3, 4], [3, 4], [3, 4]]]))
        assert tied.ranking == (("a", "b", "c"),)
    with pytest.raises(ProfileError, match="nobody judged"):
        WeightedSum().evaluate(profile_of(np.empty((0, 2, 2))))
    nobody = WeightedSum().evaluate(profile_of(np.empty((0, 0, 2))))
    assert (nobody.ranking, nobody.scores) == ((), {})
    with pytest.raises(ProfileError, match="scores are needed"):
        WeightedSum().evaluate(profile_of(np.empty((1, 2, 0)), weights=()))


def test_refusals_name_the_criterion():
    with pytest.raises(ProfileError, match="criterion 'y'"):
        WeightedSum(normalisation="sum").evaluate(profile_of([[[1, 0], [1, 0]]]))


def test_the_vector_norm_ties_within_rounding_and_says_so():
    outcome = WeightedSum(normalisation="vector").evaluate(profile_of([[[1, 2], [2, 1]]]))
    assert outcome.ranking == (("a", "b"),)
    assert any("1e-9" in note for note in outcome.notes)
    assert outcome.why("a", "b").sentences("nl")[0] == "a en b staan gelijk, op afronding na."


def test_outcomes_are_equal_when_they_say_the_same():
    first, second = (WeightedSum().evaluate(profile_of([[[1, 2], [2, 2]]])) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert first != WeightedSum().evaluate(profile_of([[[1, 3], [2, 2]]]))
    with pytest.raises(ValueError, match="read-only"):
        first.diagnostics.own[0] = 0


def test_a_hundred_thousand_judges():
    """Many judges with many ties take no loop over judges."""
    draw = np.random.default_rng(3)
    scores = draw.integers(0, 11, (100_000, 4, 3))
    outcome = WeightedSum().evaluate(profile_of(scores, weights=(3, 2, 1)))
    by_hand = (scores.sum(axis=0) @ np.array([3, 2, 1])).tolist()
    assert outcome.ranking == tuple((chr(97 + a),) for a in sorted(range(4), key=lambda a: -by_hand[a]))
    assert list(outcome.scores.values()) == pytest.approx(np.array(by_hand) / 6_000_000, rel=1e-12)
