"""A profile refuses what nobody can have meant, and keeps exactly what was said."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from afwegen.errors import ModelError, ProfileError
from afwegen.models import OVERALL, Profile, Scale

NAN = float("nan")


def scored(**changes):
    given = {
        "scores": [[[3, 20], [5, 40]], [[1, 0], [2, 100]]],
        "judges": ["anna", "bert"],
        "alternatives": ["a", "b"],
        "criteria": ["quiet", "cost"],
        "criterion_weights": [2, 1],
        "scales": {"quiet": Scale(1, 5), "cost": Scale(100, 0)},
    }
    return Profile.from_scores(**{**given, **changes})


def compared(matrix, **changes):
    given = {"alternatives": ["a", "b", "c"], "hierarchy": {"goal": ()}, "comparisons": {"goal": [matrix]}}
    return Profile.from_comparisons(**{**given, **changes})


CONSISTENT = [[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]]


@pytest.mark.parametrize(
    ("change", "what", "named"),
    [
        ({"criterion_weights": [NAN, 1]}, "missing", "quiet"),
        ({"criterion_weights": [[1, 1], [NAN, 1]]}, "missing", "bert"),
        ({"criterion_weights": [2, -1]}, "negative", "cost"),
        ({"criterion_weights": [0, 0]}, "all weights of criteria are zero", "everybody"),
        ({"criterion_weights": [[1, 1], [0, 0]]}, "all weights of criteria are zero", "bert"),
        ({"criterion_weights": [1, 1, 1]}, "axes", "3"),
        ({"criterion_weights": [float("inf"), 1]}, "finite", "inf"),
        ({"criterion_weights": ["2", "1"]}, "numbers", "str"),
        ({"scores": [[[3, 20], [5, 140]], [[1, 0], [2, 100]]]}, "outside", "anna"),
        ({"scores": [[[3, 20], [5, 40]], [[0, 0], [2, 100]]]}, "outside", "bert"),
        ({"scores": [[[3, 20], [5, 40]], [[1, 0]]]}, "one length", ""),
        ({"scores": [[[True, 20], [5, 40]], [[1, 0], [None, 100]]]}, "numbers", "True"),
        ({"scores": [[[3, 20], [5, 40]]]}, "axes", "(1, 2, 2)"),
        ({"scales": {"quiet": Scale(1, 5)}}, "without a scale", "cost"),
        ({"scales": {"quiet": (1, 5), "cost": Scale(100, 0)}}, "no Scale", "quiet"),
        ({"judges": ["anna", "anna"]}, "twice", "anna"),
        ({"alternatives": ["a", "a"]}, "twice", "a"),
        ({"criteria": ["quiet", "quiet"]}, "twice", "quiet"),
        ({"alternatives": ["a", ""]}, "named by text", ""),
        ({"alternatives": "ab"}, "several names", "ab"),
        ({"weights": [1, 0]}, "above zero", "0"),
        ({"weights": [1, -2]}, "above zero", "-2"),
        ({"weights": [1, NAN]}, "finite", "nan"),
        ({"weights": [1, Decimal("NaN")]}, "finite", "NaN"),
        ({"weights": [1, True]}, "number", "True"),
        ({"weights": [1, "2"]}, "number", "2"),
        ({"weights": [1]}, "one weight a judge", "1"),
    ],
)
def test_scores_that_cannot_be_meant_are_refused(change, what, named):
    """Each refusal says what is wrong and shows where."""
    with pytest.raises(ProfileError, match=what) as refusal:
        scored(**change)
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("rankings", "what", "named"),
    [
        ([[["a"], ["x"]]], "unknown alternative", "x"),
        ([[["a"], ["b", "a"]]], "twice", "a"),
        (["ab"], "sequence of tiers", "ab"),
    ],
)
def test_rankings_that_cannot_be_meant_are_refused(rankings, what, named):
    """An unknown or doubled alternative is named, with the judge."""
    with pytest.raises(ProfileError, match=what) as refusal:
        Profile.from_rankings(rankings, alternatives=["a", "b"])
    assert named in str(refusal.value)


@pytest.mark.parametrize("counts", [[0, 1], [1.5, 1], [-1, 1], [1]])
def test_counts_are_whole_and_from_one(counts):
    """A count of none is a judge who is not there."""
    with pytest.raises(ProfileError, match="count"):
        Profile.from_rankings([["a"], ["b"]], counts, alternatives=["a", "b"])


@pytest.mark.parametrize(
    ("matrix", "what"),
    [
        ([[1, 0, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]], "above zero"),
        ([[1, -2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]], "above zero"),
        ([[1, 2, 4], [1 / 3, 1, 2], [1 / 4, 1 / 2, 1]], "contradict"),
        ([[1, 2, 4], [1 / 2 + 2e-9, 1, 2], [1 / 4, 1 / 2, 1]], "contradict"),
        ([[2, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]], "contradict"),
        ([[1, 2], [1 / 2, 1]], "axes"),
    ],
)
def test_comparisons_that_cannot_be_meant_are_refused(matrix, what):
    """Not positive, or two halves that contradict each other beyond 1e-9."""
    with pytest.raises(ProfileError, match=what):
        compared(matrix)


def test_halves_within_a_billionth_are_one_judgement():
    """Reciprocal to 1e-9 is reciprocal: 0.3333333333 is a third."""
    assert compared([[1, 3, 3], [0.3333333333, 1, 1], [1 / 3, 1, 1]]).comparisons["goal"][0, 1, 0] == 0.3333333333


def test_one_half_of_a_comparison_is_enough():
    """The other half and the diagonal follow; what nobody compared stays open."""
    matrix = compared([[NAN, 2, NAN], [NAN, NAN, NAN], [NAN, NAN, NAN]]).comparisons["goal"][0]
    np.testing.assert_array_equal(matrix, [[1, 2, NAN], [0.5, 1, NAN], [NAN, NAN, 1]])


@pytest.mark.parametrize(
    ("hierarchy", "what"),
    [
        ({"top": ("x",)}, '"goal" at the top'),
        ({"goal": ("x", "x")}, "twice"),
        ({"goal": ("x",), "x": ("goal",)}, "nobody's child"),
        ({"goal": ("x",), "y": ("z",)}, "under no other"),
        ({"goal": ("x",), "y": ("z",), "z": ("y",)}, "under no other"),
    ],
)
def test_a_hierarchy_is_a_tree(hierarchy, what):
    """With the goal at the top, each node under one other, and no circle."""
    with pytest.raises(ProfileError, match=what):
        Profile.from_comparisons(alternatives=["a", "b"], hierarchy=hierarchy)


def test_judgements_hang_under_a_known_node_and_come_one_way():
    """An unknown node is named; comparisons and priorities by one judge contradict each other."""
    with pytest.raises(ProfileError, match="unknown node"):
        compared(CONSISTENT, comparisons={"cost": [CONSISTENT]})
    with pytest.raises(ProfileError, match="by one judge"):
        compared(CONSISTENT, priorities={"goal": [[1, 2, 3]]})
    with pytest.raises(ProfileError, match="above zero"):
        compared(CONSISTENT, comparisons=None, priorities={"goal": [[1, 0, 3]]})
    with pytest.raises(ProfileError, match="missing"):
        compared(CONSISTENT, comparisons=None, priorities={"goal": [[1, NAN, 3]]})


@pytest.mark.parametrize(
    ("scale", "what"),
    [
        ((1, 1), "the same"),
        ((NAN, 1), "finite"),
        ((0, 10, ((10, 1),)), "strictly between"),
        ((0, 10, ((5, 0.5), (4, 0.6))), "strictly between"),
        ((10, 0, ((4, 0.5), (5, 0.6))), "strictly between"),
        ((0, 10, ((5, 1.5),)), "from 0 to 1"),
        ((0, 10, ((4, 0.6), (5, 0.5))), "from 0 to 1"),
    ],
)
def test_a_scale_runs_from_worst_to_best(scale, what):
    """Apart, finite, and with points that never fall."""
    with pytest.raises(ProfileError, match=what):
        Scale(*scale)


def test_weights_are_what_their_spelling_says():
    """A float is read as its decimal spelling, so that 0.1 and 0.2 make 0.3."""
    profile = Profile.from_rankings([["a"]] * 4, weights=[0.1, Decimal("0.2"), Fraction(1, 3), np.int64(4)])
    assert profile.weights == (Fraction(1, 10), Fraction(1, 5), Fraction(1, 3), Fraction(4))


def test_ranks_have_no_gaps_and_say_who_was_not_ranked():
    """Ties share a rank, the next tier the next one; unranked is NaN."""
    profile = Profile.from_rankings([[["b", "a"], [], ["d"]]], alternatives=["a", "b", "c", "d"])
    np.testing.assert_array_equal(profile.ranks(), [[1, 1, NAN, 2]])


def test_nothing_at_all_is_a_profile():
    """No judges, no alternatives: decided, and nothing is lacking where nothing is asked."""
    empty = Profile(judges=(), alternatives=())
    empty.require("scores")
    assert repr(empty) == "Profile(0 judges, 0 alternatives: no judgements)"
    assert repr(Profile.from_rankings([])) == "Profile(0 judges, 0 alternatives: rankings by overall)"


def test_who_gave_nothing_is_named():
    """A judge without judgements may sit in a profile; who needs them is told who."""
    profile = Profile.from_rankings([["a", "b"], []], judges=["anna", "bert"])
    assert profile.lacking("rankings") == ("bert",)
    with pytest.raises(ProfileError, match=r"rankings are needed and lacking \(got \('bert',\)\)"):
        profile.require("rankings")
    with pytest.raises(ProfileError, match="all judges"):
        profile.require("scores")


def test_arrays_cannot_be_changed_and_do_not_change_with_their_source():
    """What a profile holds is its own."""
    given = np.array([[[3.0, 20], [5, 40]], [[1, 0], [2, 100]]])
    profile = scored(scores=given)
    given[:] = 1
    assert profile.scores[0, 0, 0] == 3
    for array in (profile.scores, profile.counts, profile.criterion_weights):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


def test_profiles_are_equal_when_they_say_the_same():
    """Equality is by content and -0.0 is 0; a weight is no count."""
    assert scored() == scored(scores=[[[3.0, 20], [5, 40]], [[1, -0.0], [2, Decimal(100)]]])
    assert hash(scored()) == hash(scored())
    assert scored() != scored(weights=[1, 2])
    twice = Profile.from_rankings([["a", "b"]], [2])
    assert twice != Profile.from_rankings([["a", "b"]], weights=[2])


def test_rankings_follow_from_scores_and_it_is_noted():
    """Losing information is fine; each judge's own weighted values are ranked, costs the right way up."""
    profile = scored(scores=[[[3, 20], [5, 40]], [[1, 100], [1, 100]]]).ranked()
    np.testing.assert_array_equal(profile.ranks(), [[2, 1], [1, 1]])
    assert profile.notes == ("rankings by overall derived from the scores",)
    np.testing.assert_array_equal(scored().ranks("cost"), [[1, 2], [1, 2]])


def test_rankings_from_scores_tie_exactly_and_leave_open_what_is_missing():
    """0.1 + 0.2 is 0.3; a missing score leaves its alternative unranked, and a silent judge everything."""
    profile = scored(
        scores=[[[1.3, 0.1], [1.1, 0.2]], [[NAN, 1], [2, 3]], [[NAN, NAN]] * 2],
        judges=["anna", "bert", "carl"],
        scales={"quiet": Scale(1, 5), "cost": Scale(0, 4)},
        criterion_weights=[1, 2],
    )
    np.testing.assert_array_equal(profile.ranks(), [[1, 1], [NAN, 1], [NAN, NAN]])
    np.testing.assert_array_equal(profile.ranks("cost"), [[2, 1], [2, 1], [NAN, NAN]])


def test_scores_follow_from_rankings_only_by_a_named_rule():
    """Borda counts those below, a tie for a half; approval is the upper of two tiers."""
    profile = Profile.from_rankings([[["a"], ["b", "c"]], [["b", "c"], ["a"]]])
    np.testing.assert_array_equal(profile.derived("borda").scores[..., 0], [[2, 0.5, 0.5], [0, 1.5, 1.5]])
    np.testing.assert_array_equal(profile.derived("approval-share").scores[..., 0], [[1, 0, 0], [0, 1, 1]])
    assert profile.derived("borda").notes == ("scores derived from the rankings by borda",)
    with pytest.raises(ModelError, match="borda"):
        profile.derived("mean-rank")
    with pytest.raises(ProfileError, match="two tiers"):
        Profile.from_rankings([["a", "b", "c"]]).derived("approval-share")
    with pytest.raises(ProfileError, match="already"):
        scored().derived("borda")


def test_kinds_are_joined_over_the_same_names():
    """In whatever order the second profile names them."""
    ranked = Profile.from_rankings([["b", "a"], ["a", "b"]], judges=["bert", "anna"], alternatives=["b", "a"])
    joined = Profile.combine(scored(), ranked)
    np.testing.assert_array_equal(joined.ranks(), [[1, 2], [2, 1]])
    with pytest.raises(ProfileError, match="same judgements"):
        Profile.combine(joined, ranked)
    with pytest.raises(ProfileError, match="different judges"):
        Profile.combine(scored(), ranked.without("bert"))
    with pytest.raises(ProfileError, match="weigh the judges"):
        Profile.combine(scored(weights=[1, 2]), ranked)


def test_a_part_keeps_the_order_asked_for():
    """Judges, alternatives and criteria can be picked; unknown ones are named."""
    part = Profile.combine(scored(), compared(CONSISTENT[:2], **two_by_two())).only(
        judges=["bert"], alternatives=["b", "a"], criteria=["cost"]
    )
    np.testing.assert_array_equal(part.scores, [[[100], [0]]])
    np.testing.assert_array_equal(part.comparisons["goal"], [[[1, 0.25], [4, 1]]])
    assert part.criterion_weights.tolist() == [1]
    with pytest.raises(ProfileError, match="carl"):
        scored().only(judges=["carl"])
    with pytest.raises(ProfileError, match="carl"):
        scored().without("carl")


def two_by_two():
    matrices = [[[1, 2], [0.5, 1]], [[1, 4], [0.25, 1]]]
    return {"alternatives": ["a", "b"], "comparisons": {"goal": matrices}, "judges": ["anna", "bert"]}


def test_a_hundred_thousand_judges_are_checked():
    """The last bad row of many is found."""
    scores = np.full((100_000, 3, 1), 5.0)
    judges = [f"j{place}" for place in range(100_000)]
    given = {"alternatives": "abc", "criteria": ["x"], "criterion_weights": [1], "scales": {"x": Scale(0, 10)}}
    given["alternatives"] = ["a", "b", "c"]
    assert len(Profile.from_scores(scores, judges=judges, **given).weights) == 100_000
    scores[-1, 2, 0] = 11
    with pytest.raises(ProfileError, match="j99999"):
        Profile.from_scores(scores, judges=judges, **given)


def test_overall_is_the_ranking_without_a_criterion():
    """The name is part of the interface."""
    assert OVERALL == "overall"
    assert tuple(Profile.from_rankings([["a"]], criterion="cost").rankings) == ("cost",)


def test_with_no_judges_nothing_is_lacking():
    """Axes of length 0 are axes."""
    nobody = scored(scores=np.empty((0, 2, 2)), judges=[])
    nobody.require("scores")
    assert nobody.only(alternatives=[]).alternatives == ()
    assert nobody.ranks().shape == (0, 2)
