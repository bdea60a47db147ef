"""Published and replayed numbers of the AHP; each case carries its source in its own file."""

import json
from fractions import Fraction

import numpy as np
import pytest

from afwegen.models import AHP, Profile
from afwegen.models.ahp import RANDOM_INDICES, aggregate, contradictions, gci_threshold, priorities


@pytest.fixture
def case(shared):
    def read(name):
        return json.loads((shared / "oracles" / f"{name}.json").read_text(encoding="utf-8"))

    return read


def close(found, expected, tolerance):
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)


def from_upper(values):
    """Return the reciprocal matrix whose upper triangle, row by row, is *values*."""
    size = round((1 + (1 + 8 * len(values)) ** 0.5) / 2)
    matrix = np.ones((size, size))
    rows, columns = np.triu_indices(size, 1)
    matrix[rows, columns] = values
    matrix[columns, rows] = 1 / np.asarray(values, dtype=float)
    return matrix


def from_pairs(size, comparisons):
    matrix = np.full((size, size), np.nan)
    np.fill_diagonal(matrix, 1)
    for pair, value in comparisons.items():
        row, column = map(int, pair.split(","))
        matrix[row, column], matrix[column, row] = value, 1 / value
    return matrix


def one_judge(**parts):
    """Return a profile of one judge: an axis of length 1 is put before every array."""
    for kind in ("comparisons", "priorities"):
        if kind in parts:
            parts[kind] = {node: np.asarray(given)[None] for node, given in parts[kind].items()}
    return Profile.from_comparisons(**parts)


@pytest.mark.parametrize("name", ["ahp_saaty_drinks", "ahp_saaty_house_criteria"])
def test_saatys_matrices(case, name):
    """Both methods, lambda, CI, every CR that is given, GCI and the worst triad, on Saaty's own matrices."""
    read = case(name)
    matrix, expected, tolerance = read["input"]["matrix"], read["expected"], read["tolerance"]

    eigenvector = priorities(matrix, "eigenvector")
    mean = priorities(matrix)

    close(eigenvector.weights, expected["eigenvector"], tolerance)
    close(mean.weights, expected["rgm"], tolerance)
    for found in (eigenvector, mean):
        close(found.lambda_max, expected["lambda_max"], tolerance)
        close(found.ci, expected["CI"], tolerance)
        close(found.gci, expected["GCI"], tolerance)
    ratios = {
        "CR_saaty1980": "saaty-1980",
        "CR_saaty2005": "saaty-2005",
        "CR_donegan_dodd": "donegan-dodd-1991",
    }
    for key, index in ratios.items():
        if key in expected:
            close(priorities(matrix, random_index=index).cr, expected[key], tolerance)
    if "koczkodaj" in expected:
        close(contradictions(mean).koczkodaj, expected["koczkodaj"], tolerance)
    close(eigenvector.weights, read["published"]["eigenvector"], read["published_tolerance"])


def test_random_indices(case):
    """The five named tables are those in print, and the computed one is exact for 3 and 4."""
    expected = case("random_index_tables")["expected"]

    for name, key in {
        "saaty-1980": "saaty_1980",
        "saaty-2005": "saaty_2005",
        "alonso-lamata-2006": "alonso_lamata_2006",
        "donegan-dodd-1991": "donegan_dodd_1991",
    }.items():
        printed = {int(size): value for size, value in expected[key].items() if int(size) > 2}
        assert RANDOM_INDICES[name] == printed
    computed = {int(size): value for size, value in expected["monte_carlo"].items()}
    computed |= {int(size): value for size, value in expected["exact"].items()}
    assert RANDOM_INDICES["computed"] == computed


def test_the_index_of_three_is_the_mean_of_all_matrices_of_three(case):
    """RI(3) is the mean CI of all 17**3 matrices on Saaty's scale."""
    scale = [1 / value for value in range(9, 1, -1)] + list(range(1, 10))
    a, b, c = (axis.ravel() for axis in np.meshgrid(scale, scale, scale))
    one = np.ones_like(a)
    matrices = np.stack([one, a, b, 1 / a, one, c, 1 / b, 1 / c, one], axis=-1).reshape(-1, 3, 3)

    close(priorities(matrices).ci.mean(), case("random_index_tables")["expected"]["exact"]["3"], 1e-12)


def test_gci_thresholds(case):
    expected = case("gci_thresholds")["expected"]["GCI"]

    assert [gci_threshold(3), gci_threshold(4), gci_threshold(5)] == [expected["3"], expected["4"], expected[">4"]]


def test_gci_of_three_answers_to_the_consistency_ratio(case):
    """For three things GCI is a function of CR: the published threshold is its slope at 0; at 0.1 both round alike."""
    read = case("gci_thresholds")

    def circle(around):
        return priorities([[1, around, 1], [1 / around, 1, 1], [1, 1, 1]])

    slight, tenth = circle(1.01), circle(2.631125)

    close(0.1 * slight.gci / slight.cr, read["expected"]["GCI"]["3"], 1e-4)
    close(tenth.cr, 0.1, 1e-4)
    assert round(float(tenth.gci), 2) == read["expected"]["rounded"]["3"]


def test_incomplete_by_three_estimators(case):
    """Least squares, Harker and least lambda differ, and each is what its inventor defined."""
    read = case("ahp_incomplete_bozoki")
    matrix = from_pairs(read["input"]["n"], read["input"]["comparisons"])
    expected, tolerance = read["expected"], read["tolerance"]
    missing = tuple(read["input"]["missing"][0])

    least_lambda = priorities(matrix, completion="least-lambda", random_index="donegan-dodd-1991")
    harker = priorities(matrix, completion="harker")

    close(least_lambda.weights, expected["eigenvector"], tolerance)
    close(least_lambda.completed[missing], expected["optimal_missing"], tolerance)
    close(least_lambda.completed[missing], (8 / 15) ** 0.5, tolerance)
    close(least_lambda.lambda_max, expected["lambda_max"], tolerance)
    close(least_lambda.cr, expected["CR_donegan_dodd"], tolerance)
    close(harker.weights, expected["harker_eigenvector"], tolerance)
    close(harker.lambda_max, expected["harker_lambda"], tolerance)
    close(priorities(matrix).weights, expected["llsm"], tolerance)
    close(least_lambda.weights, read["published"]["eigenvector"], read["published_tolerance"])


@pytest.mark.parametrize("completion", ["log-least-squares", "harker", "least-lambda"])
def test_a_spanning_tree_leaves_no_doubt(case, completion):
    """Harker's textbook example: with just enough comparisons every estimator says 4/7, 2/7, 1/7."""
    read = case("ahp_incomplete_harker")

    found = priorities(from_pairs(read["input"]["n"], read["input"]["comparisons"]), completion=completion)

    close(found.weights, [float(Fraction(share)) for share in read["expected"]["exact"]], read["tolerance"])
    close(found.lambda_max, read["expected"]["lambda_max"], read["tolerance"])
    assert found.gci == 0


def test_the_eigenvector_is_not_efficient(case):
    """Bozoki and Fulop's matrix: other weights approximate every judgement at least as well, and one better."""
    read = case("ahp_ev_pareto_inefficient")
    matrix = np.array(read["input"]["matrix"])

    def misfits(weights):
        return np.abs(matrix - weights[:, None] / weights[None, :])

    eigenvector = priorities(matrix, "eigenvector").weights
    dominating = np.array(eigenvector)
    dominating[0] = dominating[1]

    close(eigenvector, read["expected"]["eigenvector"], read["tolerance"])
    close(dominating / dominating.sum(), read["expected"]["dominating"], read["tolerance"])
    close(priorities(matrix).weights, read["expected"]["rgm"], read["tolerance"])
    assert (misfits(dominating) <= misfits(eigenvector) + 1e-12).all()
    assert (misfits(dominating) < misfits(eigenvector) - 1e-6).any()


def test_the_eigenvector_ranks_differently_when_judgements_are_reversed(case):
    """Johnson, Beine and Wang's matrix: right and inverse left eigenvectors disagree; geometric means cannot."""
    read = case("ahp_right_left_asymmetry_jbw")
    matrix, expected, tolerance = np.array(read["input"]["matrix"]), read["expected"], read["tolerance"]

    right = priorities(matrix, "eigenvector")
    left = 1 / priorities(matrix.T, "eigenvector").weights

    close(right.weights, expected["right"], tolerance)
    close(right.lambda_max, expected["lambda_max"], tolerance)
    close(left / left.sum(), expected["inverse_left"], tolerance)
    assert np.argsort(-right.weights).tolist() == expected["order_right"]
    assert np.argsort(-left).tolist() == expected["order_left"]
    close(priorities(matrix).weights, expected["rgm"], tolerance)


def test_raising_a_judgement_can_lower_a_rank_under_the_eigenvector(case):
    read = case("neg_ev_rank_monotonicity")
    expected, tolerance = read["expected"], read["tolerance"]
    raised, rival = expected["pair"]

    before, after = (priorities(read["input"][when], "eigenvector").weights for when in ("before", "after"))

    close(before, expected["ev_before"], tolerance)
    close(after, expected["ev_after"], tolerance)
    assert before[raised] > before[rival]
    assert after[raised] < after[rival]
    for when in ("before", "after"):
        close(priorities(read["input"][when]).weights, expected[f"rgm_{when}"], tolerance)


def test_judgements_are_aggregated_by_the_geometric_mean(case):
    """The mean of reciprocals is the reciprocal of the mean: only the geometric one."""
    read = case("ahp_group_reciprocal_mean")
    pairs = [[[1, value], [1 / value, 1]] for value in read["input"]["judgements"]]

    group = aggregate(pairs)

    close(group[0, 1], read["expected"]["geometric"], read["tolerance"])
    close(group[1, 0], read["expected"]["geometric_of_reciprocals"], read["tolerance"])


def test_one_matrix_aggregates_to_the_same_either_way(case):
    """With the geometric mean, and one matrix, pooling judgements equals pooling priorities."""
    read = case("ahp_group_aij_aip")
    matrices, weights = read["input"]["matrices"], read["input"]["weights"]
    expected, tolerance = read["expected"], read["tolerance"]
    profile = Profile.from_comparisons(
        alternatives=tuple("abc"), hierarchy={"goal": ()}, comparisons={"goal": matrices}, weights=weights
    )

    def scores(**parameters):
        return list(AHP(**parameters).evaluate(profile).scores.values())

    close(aggregate(matrices, weights), expected["aij_matrix"], tolerance)
    close(scores(aggregation="aij"), expected["aij_rgm"], tolerance)
    close(scores(), expected["aip_geo_rgm"], tolerance)
    close(scores(aggregation="aij", method="eigenvector"), expected["aij_ev"], tolerance)
    close(scores(method="eigenvector"), expected["aip_geo_ev"], tolerance)
    close(scores(aggregation="aip-arithmetic"), expected["aip_arith_rgm"], tolerance)


def test_pooled_judgements_and_the_eigenvector_can_reject_a_unanimous_best(case):
    read = case("ahp_aij_ev_unanimous_best_loses")
    matrices, weights = read["input"]["matrices"], read["input"]["weights"]
    expected, tolerance = read["expected"], read["tolerance"]
    profile = Profile.from_comparisons(
        alternatives=tuple("abcd"), hierarchy={"goal": ()}, comparisons={"goal": matrices}, weights=weights
    )

    outcome = AHP(method="eigenvector", aggregation="aij").evaluate(profile)

    close(priorities(matrices, "eigenvector").weights, expected["ev"], tolerance)
    close(priorities(matrices, random_index="saaty-1980").cr, expected["CR_saaty1980"], tolerance)
    close(aggregate(matrices, weights), expected["aij"], tolerance)
    close(list(outcome.scores.values()), expected["aij_ev"], tolerance)
    assert (outcome.diagnostics.own.argmax(axis=-1) == expected["unanimous_best"]).all()
    assert outcome.winners == ("abcd"[expected["aij_best"]],)
    close(priorities(matrices).weights, expected["rgm"], tolerance)
    close(priorities(aggregate(matrices, weights)).weights, expected["aij_rgm"], tolerance)


def test_pooling_over_a_hierarchy_can_reject_a_unanimous_best(case):
    """Consistent judges who both put a first: AIJ puts b first, geometric AIP keeps a."""
    read = case("neg_aij_hierarchy_unanimity")
    judges, expected, tolerance = read["input"]["judges"], read["expected"], read["tolerance"]
    profile = Profile.from_comparisons(
        alternatives=read["input"]["alternatives"],
        hierarchy={"goal": read["input"]["criteria"]},
        comparisons={
            "goal": [judge["criteria"] for judge in judges],
            "x": [judge["x"] for judge in judges],
            "y": [judge["y"] for judge in judges],
        },
    )

    pooled, mean = AHP(aggregation="aij").evaluate(profile), AHP().evaluate(profile)

    close(mean.diagnostics.own, expected["overall_by_judge_distributive"], tolerance)
    close(list(pooled.scores.values()), expected["aij_distributive"], tolerance)
    close(list(mean.scores.values()), expected["aip_geometric_distributive"], tolerance)
    assert mean.winners == ("a",)
    assert pooled.winners == ("b",)
    assert any("every judge puts first" in note for note in pooled.notes)
    assert pooled.consensus == mean.consensus


def test_belton_and_gears_rank_reversal(case):
    """A copy of B reverses A and B in distributive synthesis; the ideal mode keeps B above A."""
    read = case("ahp_belton_gear_rank_reversal")
    expected, tolerance = read["expected"], read["tolerance"]

    def scores(local, synthesis):
        nodes = {
            f"c{place}": [float(Fraction(share)) for share in row] for place, row in enumerate(read["input"][local])
        }
        profile = one_judge(
            alternatives=tuple("ABCD")[: len(nodes["c0"])],
            hierarchy={"goal": tuple(nodes)},
            priorities={"goal": [float(Fraction(share)) for share in read["input"]["criteria_weights"]], **nodes},
        )
        return AHP(synthesis=synthesis).evaluate(profile)

    before, after = (scores(local, "distributive") for local in ("local", "local_with_copy_of_B"))
    ideal, ideal_after = (scores(local, "ideal") for local in ("local", "local_with_copy_of_B"))

    close(list(before.scores.values()), expected["distributive"], tolerance)
    close(list(before.scores.values()), [float(Fraction(share)) for share in expected["exact"]], tolerance)
    close(list(after.scores.values()), expected["distributive_with_copy"], tolerance)
    close(list(after.scores.values()), [float(Fraction(share)) for share in expected["exact_after"]], tolerance)
    close(list(ideal.scores.values()), expected["ideal"], tolerance)
    close(list(ideal_after.scores.values()), expected["ideal_with_copy"], tolerance)
    assert before.winners == (expected["best_before"],)
    assert after.winners == (expected["best_after"],)
    assert after.ranking == (("A",), ("B", "D"), ("C",))
    assert ideal_after.ranking == (("B", "D"), ("A",), ("C",))
    close(list(after.scores.values()), read["published"]["distributive_with_copy"], read["published_tolerance"])


def test_saatys_house(case):
    """Eight criteria, three houses: distributive and ideal synthesis choose different houses."""
    read = case("ahp_saaty_house_hierarchy")
    expected, tolerance = read["expected"], read["tolerance"]
    leaves = {node: from_upper(upper) for node, upper in read["input"]["local_upper"].items()}
    profile = one_judge(
        alternatives=read["input"]["alternatives"],
        hierarchy={"goal": read["input"]["names"]},
        comparisons={"goal": read["input"]["criteria"], **leaves},
    )

    distributive = AHP(method="eigenvector").evaluate(profile)
    ideal = AHP(method="eigenvector", synthesis="ideal").evaluate(profile)

    close(list(distributive.scores.values()), expected["distributive"], tolerance)
    close(list(ideal.scores.values()), expected["ideal"], tolerance)
    for node in leaves:
        close(distributive.diagnostics.nodes[node].weights[0], expected["local"][node], tolerance)
        close(distributive.diagnostics.nodes[node].lambda_max, [expected["lambda_max"][node]], tolerance)
    assert distributive.winners == ("A",)
    assert ideal.winners == ("B",)
    assert any("consistency ratio above 0.1" in note for note in distributive.notes)


def test_the_car_of_three_levels(case):
    """Goal, criteria, sub-criteria: nothing is rounded between levels, unlike the digits in print."""
    read = case("ahp_wikipedia_car")
    given, expected, tolerance = read["input"], read["expected"], read["tolerance"]
    leaves = {node: from_upper(upper) for node, upper in given["leaf_upper"].items()}
    profile = one_judge(
        alternatives=given["alternatives"],
        hierarchy={
            "goal": given["criteria_names"],
            "Cost": given["cost_names"],
            "Capacity": given["capacity_names"],
        },
        comparisons={"goal": given["criteria"], "Cost": given["cost"], "Capacity": given["capacity"], **leaves},
    )

    outcome = AHP(method="eigenvector").evaluate(profile)

    nodes = outcome.diagnostics.nodes
    close(list(outcome.scores.values()), expected["target"], tolerance)
    close(nodes["goal"].weights[0], expected["criteria_weights"], tolerance)
    close(nodes["Cost"].weights[0], expected["cost_weights"], tolerance)
    close(nodes["Capacity"].weights[0], expected["capacity_weights"], tolerance)
    for node in leaves:
        close(nodes[node].weights[0], expected["local"][node], tolerance)
        close(nodes[node].lambda_max, [expected["lambda_max"][node]], tolerance)
    close(list(outcome.scores.values()), read["published"]["target"], read["published_tolerance"])
