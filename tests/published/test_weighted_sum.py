"""Published weighted sums, number by number, and the counterexamples that must break the promises not made."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from afwegen.models import Profile, Scale, WeightedSum
from afwegen.models.weighted_sum import score

pytestmark = pytest.mark.shared


@pytest.fixture
def case(request, shared: Path):
    """The published example that a test names."""
    return json.loads((shared / "oracles" / f"{request.param}.json").read_text(encoding="utf-8"))


def case_named(name):
    return pytest.mark.parametrize("case", [name], indirect=True, ids=[name])


def profile_of(matrices, weights, objectives):
    """One judge a matrix, on scales just wide enough."""
    matrices = np.asarray(matrices, dtype=float)
    _, n, c = matrices.shape
    ends = [sorted((0.0, float(matrices[..., k].max()) + 1), reverse=objectives[k] == "min") for k in range(c)]
    return Profile.from_scores(
        matrices,
        judges=[f"judge-{i}" for i in range(len(matrices))],
        alternatives=[str(a) for a in range(n)],
        criteria=[f"criterion-{k}" for k in range(c)],
        criterion_weights=weights,
        scales={f"criterion-{k}": Scale(*ends[k]) for k in range(c)},
    )


@case_named("wsm_triantaphyllou_tie")
def test_the_textbook_example_ends_in_an_exact_tie(case):
    """22.00 and 22.00 are one place, though a float sum makes them 22.0 and 22.000000000000004."""
    given, expected = case["input"], case["expected"]

    outcome = WeightedSum(normalisation="none").evaluate(
        profile_of([given["matrix"]], given["weights"], given["objectives"])
    )

    assert list(outcome.scores.values()) == pytest.approx(expected["scores"], rel=case["tolerance"])
    assert outcome.ranking == tuple(tuple(str(a) for a in tier) for tier in expected["tiers"])
    assert outcome.relation == {("1", "0"), ("2", "0")}
    assert score(given["matrix"], given["weights"], "none") == pytest.approx(expected["scores"], rel=case["tolerance"])


@case_named("saw_linear_max_4x4")
def test_linear_normalisation_by_the_maximum(case):
    given, expected = case["input"], case["expected"]
    upwards = [way == "max" for way in given["objectives"]]

    found = score(given["matrix"], given["weights"], "max", maximise=upwards)
    outcome = WeightedSum(normalisation="max").evaluate(
        profile_of([given["matrix"]], given["weights"], given["objectives"])
    )

    assert found == pytest.approx(expected["scores"], rel=case["tolerance"])
    assert found == pytest.approx(case["published"]["scores"], abs=case["published_tolerance"])
    assert outcome.ranking == tuple((str(a),) for a in expected["order"])
    assert list(outcome.scores.values()) == pytest.approx(expected["scores"], rel=case["tolerance"])


@case_named("wsm_minmax_rank_reversal")
def test_a_dominated_newcomer_turns_the_first_two_around_under_min_max(case):
    """Independence is promised inside fixed anchors only; this is what it looks like where it is not."""
    given, expected = case["input"], case["expected"]
    before, after = given["matrix"], [*given["matrix"], given["added_alternative"]]
    model = WeightedSum(normalisation="min-max")

    first, second = (
        model.evaluate(profile_of([rows], given["weights"], given["objectives"])) for rows in (before, after)
    )
    fixed = [
        WeightedSum().evaluate(
            Profile.from_scores(
                [rows],
                judges=["judge"],
                alternatives=[str(a) for a in range(len(rows))],
                criteria=["x", "y"],
                criterion_weights=given["weights"],
                scales={"x": Scale(0, 5), "y": Scale(0, 5)},
            )
        )
        for rows in (before, after)
    ]

    assert list(first.scores.values()) == pytest.approx(expected["scores_before"], rel=case["tolerance"])
    assert list(second.scores.values()) == pytest.approx(expected["scores_after"], rel=case["tolerance"], abs=1e-15)
    assert list(model.table(first.profile).group()) == [Fraction(text) for text in expected["scores_before_exact"]]
    assert list(model.table(second.profile).group()) == [Fraction(text) for text in expected["scores_after_exact"]]
    assert (first.winners, second.winners) == ((str(expected["best_before"]),), (str(expected["best_after"]),))
    assert first.ranking == (("0",), ("1", "2"))
    assert any(note.startswith("rank reversal possible") for note in second.notes)
    assert ("0", "1") not in fixed[0].relation ^ fixed[1].relation


@case_named("neg_group_minmax_of_mean_matrix")
def test_unanimity_survives_because_judges_come_first(case):
    """Min-max of the mean matrix ranks 1 above 0, whom both judges prefer; we normalise each judge by himself."""
    given, expected = case["input"], case["expected"]

    outcome = WeightedSum(normalisation="min-max").evaluate(
        profile_of(given["matrices"], given["weights"], given["objectives"])
    )
    of_means = score(np.mean(given["matrices"], axis=0), given["weights"], "min-max")

    assert outcome.diagnostics.own == pytest.approx(np.array(expected["individual_scores"]), rel=case["tolerance"])
    assert list(outcome.scores.values()) == pytest.approx(expected["mean_of_scores"], rel=case["tolerance"])
    assert of_means == pytest.approx(expected["mean_then_minmax"], rel=case["tolerance"])
    assert ("0", "1") in outcome.relation
    assert of_means[1] > of_means[0]
