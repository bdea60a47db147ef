"""The AHP at its edges: bad judgements, empty and single cases, what is noted, what is said."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from afwegen.errors import ModelError, ProfileError
from afwegen.models import AHP, Profile
from afwegen.models.ahp import aggregate, contradictions, perron, priorities, ties

NAN = float("nan")


def reciprocal(upper, size):
    matrix = np.ones((size, size))
    rows, columns = np.triu_indices(size, 1)
    matrix[rows, columns] = upper
    matrix[columns, rows] = 1 / np.asarray(upper, dtype=float)
    return matrix


def flat(*matrices, alternatives=("a", "b", "c"), **parts):
    return Profile.from_comparisons(
        alternatives=alternatives, hierarchy={"goal": ()}, comparisons={"goal": matrices}, **parts
    )


CONSISTENT = reciprocal([2, 4, 2], 3)
CIRCLE = reciprocal([2, 1 / 2, 2], 3)


class TestBadMatrices:
    @pytest.mark.parametrize(
        ("matrix", "words"),
        [
            ([[1, 0], [0, 1]], "positive"),
            ([[1, -2], [-0.5, 1]], "positive"),
            ([[1, float("inf")], [0, 1]], "positive"),
            ([[1, float("inf")], [float("inf"), 1]], "at most 1e50"),
            ([[1, 1e60], [1e-60, 1]], "at most 1e50"),
            ([[1, 2], [2, 1]], "contradict"),
            ([[1, 3], [0.333, 1]], "contradict"),
            ([[2, 1], [1, 1]], "compared with itself"),
            ([[1, 2, 3], [0.5, 1, 1]], "square"),
            ([1, 2], "square"),
            ([[1, 2], [0.5]], "holds numbers"),
            ([["a", "b"], ["c", "d"]], "holds numbers"),
        ],
    )
    def test_is_refused_with_the_reason(self, matrix, words):
        with pytest.raises(ProfileError, match=words):
            priorities(matrix)

    def test_names_the_place_and_shows_both_values(self):
        batch = np.ones((3, 2, 2))
        batch[2, 0, 1] = 4

        with pytest.raises(ProfileError, match=r"row 0, column 1 of matrix 2 \(got \(4.0, 1.0\)\)"):
            priorities(batch)

    def test_a_pair_given_one_way_is_read_both_ways(self):
        found = priorities([[NAN, 2, 4], [NAN, 1, 2], [NAN, NAN, 1]])

        np.testing.assert_allclose(found.weights, [4 / 7, 2 / 7, 1 / 7])
        assert found.notes == ()

    def test_a_pair_that_is_one_way_and_wrong_is_refused(self):
        with pytest.raises(ProfileError, match="positive"):
            priorities([[1, NAN], [0, 1]])

    @pytest.mark.parametrize("completion", ["log-least-squares", "harker", "least-lambda"])
    def test_comparisons_that_fall_apart_are_named(self, completion):
        matrix = np.full((4, 4), NAN)
        matrix[[0, 2, 1, 3], [2, 0, 3, 1]] = [3, 1 / 3, 2, 1 / 2]

        with pytest.raises(ProfileError, match=r"2 parts.*\('0', '2'\), \('1', '3'\)"):
            priorities(matrix, completion=completion)

    def test_exact_numbers_are_welcome(self):
        found = priorities([[1, Fraction(1, 3)], [Decimal(3), 1]])

        np.testing.assert_allclose(found.weights, [1 / 4, 3 / 4])

    @pytest.mark.parametrize("parameter", ["method", "completion", "random_index"])
    def test_an_unknown_parameter_lists_the_known(self, parameter):
        with pytest.raises(ModelError, match="choose one of"):
            priorities(CONSISTENT, **{parameter: "best"})


class TestSmallAndLargeMatrices:
    @pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
    @pytest.mark.parametrize("size", [0, 1, 2])
    def test_up_to_two_things_nothing_contradicts(self, size, method):
        found = priorities(np.ones((size, size)), method)

        assert found.weights.tolist() == [1 / size for _ in range(size)]
        assert found.lambda_max == size
        assert found.ci == found.cr == found.gci == 0
        assert found.notes == ()

    def test_an_empty_batch_stays_empty(self):
        found = priorities(np.ones((0, 4, 4)), "eigenvector")

        assert found.weights.shape == (0, 4)
        assert found.lambda_max.shape == found.cr.shape == found.gci.shape == (0,)

    def test_above_fifteen_there_is_no_ratio_and_that_is_said(self):
        found = priorities(np.ones((16, 16)))

        assert found.cr is None
        assert found.gci == 0
        assert "end at 15" in found.notes[0]
        assert priorities(np.ones((15, 15))).cr == 0

    def test_axes_before_the_last_two_are_kept(self):
        found = priorities(np.broadcast_to(CIRCLE, (2, 5, 3, 3)), "eigenvector")

        assert found.weights.shape == (2, 5, 3)
        assert found.lambda_max.shape == found.cr.shape == found.gci.shape == (2, 5)

    def test_what_comes_in_is_not_changed_nor_kept(self):
        matrix = CIRCLE.copy()
        found = priorities(matrix)
        matrix[:] = 1

        assert found.cr > 0.1
        np.testing.assert_allclose(found.completed, CIRCLE)

    def test_extreme_judgements_neither_overflow_nor_vanish(self):
        circle = reciprocal([1e50, 1e-50, 1e50], 3)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for method in ("geometric-mean", "eigenvector"):
                found = priorities(circle, method)
                np.testing.assert_allclose(found.weights, 1 / 3, rtol=1e-9)
                np.testing.assert_allclose(found.lambda_max, 1e50, rtol=1e-9)

    def test_where_powers_settle_too_slowly_lapack_answers_and_that_is_said(self):
        """A circle of four eigenvalues nearly equal in modulus: 2**16 steps do not separate them."""
        slow = reciprocal([1e6, 2, 1e-6, 1e6, 1, 1e6], 4)
        fast = reciprocal([2, 3, 2, 1, 5, 4], 4)
        found = priorities([fast, slow], "eigenvector")

        assert not perron.principal(np.log(slow)).settled
        np.testing.assert_allclose(found.lambda_max, np.linalg.eigvals([fast, slow]).real.max(axis=-1), rtol=1e-11)
        np.testing.assert_allclose(slow @ found.weights[1], found.lambda_max[1] * found.weights[1], rtol=1e-9)
        assert any("LAPACK" in note for note in found.notes)

    def test_blocks_do_not_show(self, monkeypatch):
        matrices = reciprocal(np.linspace(1, 9, 6), 4) ** np.linspace(0.1, 2, 11)[:, None, None]
        whole = priorities(matrices, "eigenvector")
        monkeypatch.setattr(perron, "BLOCK", 3)

        np.testing.assert_allclose(priorities(matrices, "eigenvector").weights, whole.weights, rtol=1e-12)


class TestAggregate:
    def test_refuses_what_is_no_group(self):
        with pytest.raises(ProfileError, match="over judges"):
            aggregate(CONSISTENT)
        with pytest.raises(ProfileError, match="over judges"):
            aggregate(np.ones((0, 3, 3)))

    @pytest.mark.parametrize(
        "weights", [[1, -1], [0, 0], [NAN, 1], [float("inf"), 1], [1, 1, 1], ["a", "b"], [[1], [1]]]
    )
    def test_refuses_weights_that_are_none(self, weights):
        with pytest.raises(ProfileError, match="weight"):
            aggregate([CONSISTENT, CIRCLE], weights)

    def test_a_weight_of_zero_does_not_count(self):
        np.testing.assert_allclose(aggregate([CONSISTENT, CIRCLE], [1, 0]), CONSISTENT)

    def test_weights_may_differ_along_the_batch(self):
        group = np.stack([CONSISTENT, CIRCLE])

        found = aggregate(np.stack([group, group]), [[1, 0], [0, 1]])

        np.testing.assert_allclose(found, group)


class TestContradictions:
    def test_two_things_cannot_contradict(self):
        with pytest.raises(ModelError, match="nothing can contradict"):
            contradictions(priorities([[1, 2], [0.5, 1]]))

    def test_finds_the_slip_of_the_pen(self):
        """A judgement turned round among consistent ones is found, and its right value is named."""
        weights = np.array([8, 4, 2, 1])
        matrix = weights[:, None] / weights
        matrix[1, 3], matrix[3, 1] = 1 / 4, 4

        worst = contradictions(priorities(matrix))

        assert worst.pair.tolist() == [1, 3]
        np.testing.assert_allclose([worst.value, worst.mended], [1 / 4, 4])
        np.testing.assert_allclose([worst.after.gci, worst.after.cr], 0, atol=1e-12)


class TestProfiles:
    def test_the_empty_profile_has_the_empty_order(self):
        outcome = AHP().evaluate(Profile.from_comparisons(alternatives=(), hierarchy={"goal": ()}))

        assert outcome.ranking == ()
        assert outcome.scores == {}
        assert outcome.relation == frozenset()
        assert outcome.consensus is None

    def test_one_alternative_is_first(self):
        outcome = AHP().evaluate(flat([[1]], alternatives=["a"]))

        assert outcome.ranking == (("a",),)
        assert outcome.scores == {"a": 1}
        assert outcome.why("a").sentences() == ("a is the only alternative.",)
        assert outcome.why("a").sentences("nl") == ("a is het enige alternatief.",)

    def test_one_judge_decides_and_agrees_with_nobody(self):
        outcome = AHP().evaluate(flat(CONSISTENT))

        assert outcome.ranking == (("a",), ("b",), ("c",))
        assert outcome.consensus is None
        assert any("no consensus" in note for note in outcome.notes)

    @pytest.mark.parametrize("aggregation", ["aip-geometric", "aip-arithmetic", "aij"])
    @pytest.mark.parametrize("synthesis", ["distributive", "ideal", "multiplicative"])
    def test_all_equal_is_all_tied(self, aggregation, synthesis):
        model = AHP(aggregation=aggregation, synthesis=synthesis)
        outcome = model.evaluate(flat(np.ones((3, 3)), np.ones((3, 3))))

        assert outcome.ranking == (("a", "b", "c"),)
        assert outcome.relation == frozenset()
        assert outcome.consensus.degree == 1
        assert outcome.why("a", "b").relation == "tied"
        assert "they are tied" in outcome.why("a", "b").sentences()[0]

    def test_nobody_is_nobody(self):
        profile = Profile.from_comparisons(alternatives=("a", "b"), hierarchy={"goal": ()})

        with pytest.raises(ProfileError, match="nobody compared"):
            AHP().evaluate(profile)

    @pytest.mark.parametrize("aggregation", ["aip-geometric", "aij"])
    def test_a_profile_without_comparisons_is_refused_by_kind(self, aggregation):
        with pytest.raises(ProfileError, match="comparisons"):
            AHP(aggregation=aggregation).evaluate(Profile.from_rankings([["a", "b"]]))

    @pytest.mark.parametrize("aggregation", ["aip-geometric", "aij"])
    def test_a_node_nobody_judged_is_named(self, aggregation):
        profile = Profile.from_comparisons(
            alternatives=("a", "b"), hierarchy={"goal": ("x", "y")}, comparisons={"goal": [np.ones((2, 2))]}
        )

        with pytest.raises(ProfileError, match=r"comparisons \(x\)"):
            AHP(aggregation=aggregation).evaluate(profile)

    def test_a_judge_whose_comparisons_fall_apart_is_named_with_the_parts(self):
        apart = [[1, 2, NAN], [1 / 2, 1, NAN], [NAN, NAN, 1]]
        profile = flat(CONSISTENT, apart, judges=["anna", "bob"])

        with pytest.raises(ProfileError, match=r"by 'bob' under 'goal' fall apart.*\('a', 'b'\), \('c',\)"):
            AHP().evaluate(profile)

    def test_pooled_judgements_need_only_hang_together(self):
        """Under AIJ each gives a part; alone nobody has an order, and agreement is not measured."""
        one = [[1, 2, NAN], [1 / 2, 1, NAN], [NAN, NAN, 1]]
        other = [[1, NAN, NAN], [NAN, 1, 2], [NAN, 1 / 2, 1]]
        outcome = AHP(aggregation="aij").evaluate(flat(one, other))

        assert outcome.ranking == (("a",), ("b",), ("c",))
        np.testing.assert_allclose(list(outcome.scores.values()), [4 / 7, 2 / 7, 1 / 7])
        assert outcome.consensus is None
        assert any("too kind" in note for note in outcome.notes)
        assert any("log-least-squares" in note for note in outcome.notes)

    def test_pooled_judgements_that_fall_apart_are_refused(self):
        one = [[1, 2, NAN], [1 / 2, 1, NAN], [NAN, NAN, 1]]

        with pytest.raises(ProfileError, match="of all judges together under 'goal' fall apart"):
            AHP(aggregation="aij").evaluate(flat(one, one))

    def test_incomplete_pooled_judgements_weigh_by_who_gave_them(self):
        """One weighted Laplacian over all judgements given, solved here by ordinary least squares."""
        full, part = reciprocal([2, 5, 7], 3), reciprocal([9, 1, 1 / 3], 3)
        part[0, 2] = part[2, 0] = NAN
        outcome = AHP(aggregation="aij").evaluate(flat(full, part, weights=[3, 1]))

        rows, values, roots = [], [], []
        for matrix, weight in ((full, 3), (part, 1)):
            for i, j in ((0, 1), (0, 2), (1, 2)):
                if not np.isnan(matrix[i, j]):
                    rows.append(np.eye(3)[i] - np.eye(3)[j])
                    values.append(np.log(matrix[i, j]))
                    roots.append(weight**0.5)
        design, wanted = np.array(rows) * np.array(roots)[:, None], np.array(values) * np.array(roots)
        solved = np.exp(np.linalg.lstsq(design, wanted, rcond=None)[0])

        np.testing.assert_allclose(list(outcome.scores.values()), solved / solved.sum(), rtol=1e-9)

    def test_given_priorities_stand_beside_comparisons(self):
        profile = Profile.from_comparisons(
            alternatives=("a", "b"),
            hierarchy={"goal": ("x", "y")},
            priorities={"goal": [[3, 1], [1, 1]], "x": [[0.7, 0.3], [NAN, NAN]], "y": [[0.2, 0.8], [0.5, 0.5]]},
            comparisons={"x": [[[1, NAN], [NAN, 1]], [[1, 4], [1 / 4, 1]]]},
        )

        outcome = AHP(aggregation="aip-arithmetic").evaluate(profile)

        first, second = 0.75 * 0.7 + 0.25 * 0.2, 0.5 * 0.8 + 0.5 * 0.5
        assert outcome.scores["a"] == pytest.approx((first + second) / 2)

    def test_counts_are_so_many_judges(self):
        from attrs import evolve

        thrice = evolve(flat(CONSISTENT, CIRCLE), counts=[3, 1])
        spelled = flat(CONSISTENT, CONSISTENT, CONSISTENT, CIRCLE)

        found, expected = AHP().evaluate(thrice), AHP().evaluate(spelled)

        assert list(found.scores.values()) == pytest.approx(list(expected.scores.values()))
        assert found.consensus.degree == pytest.approx(expected.consensus.degree)

    def test_a_hundred_thousand_judges(self):
        rng = np.random.default_rng(8)
        matrices = np.stack([reciprocal(row, 3) for row in rng.integers(1, 10, (100, 3))])
        outcome = AHP().evaluate(flat(*np.tile(matrices, (1000, 1, 1))))

        assert len(outcome.diagnostics.own) == 100_000
        assert outcome.scores == pytest.approx(AHP().evaluate(flat(*matrices)).scores)

    def test_sixteen_alternatives_have_no_ratio_and_that_is_noted(self):
        """The geometric index needs no table, and stands in."""
        names = [f"a{place}" for place in range(16)]
        wild = reciprocal(np.resize([9, 1 / 9, 1], 120), 16)
        outcome = AHP().evaluate(flat(np.ones((16, 16)), wild, alternatives=names))

        assert any(
            "no consistency ratio under 'goal'" in note and "index above 0.37 in 1 of 2 matrices" in note
            for note in outcome.notes
        )
        assert outcome.why("a0").inconsistent == ()

    @pytest.mark.parametrize("parameter", ["method", "aggregation", "synthesis", "completion", "random_index"])
    def test_an_unknown_parameter_lists_the_known(self, parameter):
        with pytest.raises(ModelError, match="choose one of"):
            AHP(**{parameter: "best"})

    def test_says_what_it_is(self):
        model = AHP(synthesis="ideal")

        assert (model.name, model.version) == ("ahp", "1")
        assert list(model.parameters) == sorted(model.parameters)
        assert model.parameters["synthesis"] == "ideal"
        assert AHP(**model.parameters) == model


class TestTies:
    def test_products_decide_what_floats_cannot(self):
        """Roots of equal products differ in their last bits; products of fractions do not."""
        matrix = reciprocal([1, 2, 3, 3, 2, 1], 4)

        outcome = AHP().evaluate(flat(matrix, alternatives=("a", "b", "c", "d")))

        assert ties.exact_rows(matrix)[:2] == [6, 6]
        assert outcome.ranking[0] == ("a", "b")
        assert not any("taken as tied" in note for note in outcome.notes)

    def test_a_difference_below_the_tolerance_is_a_difference_where_arithmetic_is_exact(self):
        """Weights of 1 + 1e-10 to 1 are no tie for one matrix; over a hierarchy they are, and it is noted."""
        matrix = reciprocal([1.0000000001], 2)
        exact = AHP().evaluate(flat(matrix, alternatives=("a", "b")))
        hierarchical = AHP().evaluate(
            Profile.from_comparisons(
                alternatives=("a", "b"),
                hierarchy={"goal": ("x", "y")},
                comparisons={"goal": [np.ones((2, 2))], "x": [matrix], "y": [matrix]},
            )
        )

        assert exact.ranking == (("a",), ("b",))
        assert hierarchical.ranking == (("a", "b"),)
        assert any("taken as tied" in note for note in hierarchical.notes)

    def test_weights_of_judges_enter_as_exponents(self):
        """A judge of weight 2 who says 3 is as strong as one of weight 1 who says 9, exactly."""
        three, nine = reciprocal([3], 2), reciprocal([1 / 9], 2)

        outcome = AHP().evaluate(flat(three, nine, alternatives=("a", "b"), weights=[2, 1]))

        assert outcome.ranking == (("a", "b"),)

    def test_beyond_a_length_the_tolerance_decides(self):
        matrix = reciprocal([1.0000000001], 2)

        outcome = AHP().evaluate(flat(matrix, alternatives=("a", "b"), weights=[10**6]))
        weighed = AHP().evaluate(flat(matrix, matrix, alternatives=("a", "b"), weights=[10**6 + 1, 10**6]))

        assert outcome.ranking == (("a",), ("b",))
        assert weighed.ranking == (("a", "b"),)
        assert any("taken as tied" in note for note in weighed.notes)


class TestExplanations:
    @pytest.fixture
    def outcome(self):
        profile = Profile.from_comparisons(
            judges=["anna", "bob", "cees"],
            alternatives=["caretaker", "renovation", "demolition"],
            hierarchy={"goal": ("safety", "cost")},
            comparisons={
                "goal": [reciprocal([value], 2) for value in (3, 1, 1 / 2)],
                "safety": [reciprocal(upper, 3) for upper in ([3, 5, 2], [2, 4, 3], [4, 1 / 4, 5])],
                "cost": [reciprocal(upper, 3) for upper in ([1 / 2, 3, 4], [1 / 3, 1, 2], [1, 5, 6])],
            },
        )
        return AHP().evaluate(profile)

    def test_against_the_nearest_rival_by_default(self, outcome):
        assert outcome.why("caretaker").against == "renovation"
        assert outcome.why("demolition").against == "caretaker"

    def test_names_what_contradicts_and_what_would_mend_it(self, outcome):
        (worst,) = outcome.why("caretaker").inconsistent

        assert (worst.node, worst.judge) == ("safety", "cees")
        assert worst.triad == ("caretaker", "renovation", "demolition")
        assert worst.cr > 0.1 > worst.cr_mended
        assert worst.value >= 1

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_numbers_said_are_the_numbers_computed(self, outcome, language):
        from afwegen.models.explanation import number

        why = outcome.why("caretaker", "demolition")
        said = why.sentences(language)

        assert number(why.score, language) in said[0]
        assert number(why.ratio, language) in said[0]
        assert len(said) >= 1 + len(why.parts) + len(why.shifts) + len(why.inconsistent)
        for part, sentence in zip(why.parts, said[1:], strict=False):
            assert number(part.importance, language) in sentence
            assert number(float(np.exp(part.adds)), language) in sentence
        assert number(why.inconsistent[0].mended, language) in said[-1]

    def test_both_languages_say_as_much(self, outcome):
        for name in outcome.profile.alternatives:
            why = outcome.why(name)
            assert len(why.sentences("en")) == len(why.sentences("nl"))
            assert why.sentences("en") != why.sentences("nl")

    def test_other_languages_are_refused(self, outcome):
        with pytest.raises(ModelError, match="language"):
            outcome.why("caretaker").sentences("fr")

    def test_an_outcome_of_another_model_is_refused(self, outcome):
        from attrs import evolve

        with pytest.raises(ModelError, match="another model"):
            AHP().explain(evolve(outcome, diagnostics=None), "caretaker")

    def test_who_would_have_to_be_absent(self):
        """Two of three put a first, the strongest by far: without her the order turns."""
        outcome = AHP().evaluate(
            flat(reciprocal([9], 2), reciprocal([2], 2), reciprocal([1 / 4], 2), alternatives=("a", "b"))
        )
        why = outcome.why("a")

        assert why.fewest_absent == ("judge-1",)
        assert "Without judge-1" in why.sentences()[1]

    def test_arithmetic_means_are_explained_by_differences(self):
        profile = flat(CONSISTENT, CIRCLE)

        why = AHP(aggregation="aip-arithmetic").evaluate(profile).why("a", "c")

        assert why.measure == "difference"
        assert sum(why.by_judge.values()) == pytest.approx(why.score - why.score_against)

    def test_diagnostics_compare_by_content(self, outcome):
        again = AHP().evaluate(outcome.profile)

        assert outcome == again
        assert hash(outcome.diagnostics) == hash(again.diagnostics)
        assert outcome != AHP(method="eigenvector").evaluate(outcome.profile)
