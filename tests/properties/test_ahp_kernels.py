"""What the AHP kernels promise of complete and incomplete matrices, and what they do not: counterexamples replayed."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from afwegen.models.ahp import aggregate, contradictions, priorities

SAATY = [1 / value for value in range(9, 1, -1)] + [float(value) for value in range(1, 10)]
METHODS = ("geometric-mean", "eigenvector")
method = st.sampled_from(METHODS)


def reciprocal(upper, size):
    """Return matrices ``(..., k, k)`` from their upper triangles, row by row."""
    upper = np.asarray(upper, dtype=float)
    matrices = np.ones((*upper.shape[:-1], size, size))
    rows, columns = np.triu_indices(size, 1)
    matrices[..., rows, columns] = upper
    matrices[..., columns, rows] = 1 / upper
    return matrices


@st.composite
def matrices(draw, *, least=4, most=7, batch=()):
    """Judgements on Saaty's scale, or any from 1/100 to 100, mostly contradicting themselves."""
    size = draw(st.integers(least, most))
    judgement = draw(st.sampled_from([st.sampled_from(SAATY), st.floats(0.01, 100)]))
    shape = (*batch, size * (size - 1) // 2)
    return reciprocal(draw(hnp.arrays(np.float64, shape, elements=judgement)), size)


@st.composite
def groups(draw):
    """Two to four judges' matrices, and their weights."""
    judges = draw(st.integers(2, 4))
    return draw(matrices(batch=(judges,))), np.array(
        draw(st.lists(st.integers(1, 5), min_size=judges, max_size=judges)), dtype=float
    )


@st.composite
def incomplete(draw):
    """A connected matrix in which pairs are missing."""
    matrix = draw(matrices(least=3, most=6))
    size = len(matrix)
    kept = draw(hnp.arrays(bool, (size, size)))
    order = draw(st.permutations(range(size)))
    for place in range(1, size):
        kept[order[draw(st.integers(0, place - 1))], order[place]] = True
    kept |= kept.T | np.eye(size, dtype=bool)
    return np.where(kept, matrix, np.nan)


weights = hnp.arrays(np.float64, st.integers(1, 9), elements=st.floats(0.001, 1000))


@given(weights=weights, method=method)
def test_exact_on_consistent_matrices(weights, method):
    """Where judgements are ratios of weights, those weights come back, and nothing is inconsistent."""
    found = priorities(weights[:, None] / weights, method)

    np.testing.assert_allclose(found.weights, weights / weights.sum(), rtol=1e-9)
    np.testing.assert_allclose(found.lambda_max, len(weights), rtol=1e-9)
    assert found.gci <= 1e-20
    assert found.cr <= 1e-9


@given(matrix=matrices(most=9), method=method)
def test_lambda_is_that_of_lapack_and_never_below_k(matrix, method):
    found = priorities(matrix, method)
    values, vectors = np.linalg.eig(matrix)
    first = np.argmax(values.real)

    assert found.lambda_max >= len(matrix)
    np.testing.assert_allclose(found.lambda_max, values.real[first], rtol=1e-11)
    if method == "eigenvector":
        lapack = np.abs(vectors[:, first].real)
        np.testing.assert_allclose(found.weights, lapack / lapack.sum(), rtol=1e-9)


@given(matrix=matrices(), method=method, data=st.data())
def test_renaming_the_things_compared_renames_their_weights(matrix, method, data):
    order = data.draw(st.permutations(range(len(matrix))))

    found, renamed = priorities(matrix, method), priorities(matrix[np.ix_(order, order)], method)

    np.testing.assert_allclose(renamed.weights, found.weights[order], rtol=1e-9)
    for measure in ("lambda_max", "ci", "cr", "gci"):
        np.testing.assert_allclose(getattr(renamed, measure), getattr(found, measure), rtol=1e-9, atol=1e-12)


@given(matrix=matrices(), method=method)
def test_a_row_that_dominates_weighs_at_least_as_much(matrix, method):
    found = priorities(matrix, method).weights

    dominates = (matrix[:, None, :] >= matrix[None, :, :]).all(axis=-1)
    assert (found[:, None] >= found[None, :] * (1 - 1e-9))[dominates].all()


@given(matrix=matrices())
def test_reversing_all_judgements_inverts_the_geometric_means(matrix):
    inverse = 1 / priorities(matrix.T).weights

    np.testing.assert_allclose(priorities(matrix).weights, inverse / inverse.sum(), rtol=1e-9)


@given(matrix=matrices(), data=st.data(), factor=st.floats(1, 50))
def test_raising_a_judgement_raises_the_geometric_mean_and_no_rank_but_its_own(matrix, data, factor):
    """Monotone, and rank monotone: who is raised falls below nobody; the order of all others stays."""
    i, j = data.draw(st.permutations(range(len(matrix))))[:2]
    raised = matrix.copy()
    raised[i, j] *= factor
    raised[j, i] = 1 / raised[i, j]

    before, after = priorities(matrix).weights, priorities(raised).weights

    assert after[i] >= before[i] * (1 - 1e-9)
    below = before[i] >= before * (1 - 1e-9)
    assert (after[i] >= after * (1 - 1e-9))[below].all()
    others = [place for place in range(len(matrix)) if place not in {i, j}]
    np.testing.assert_allclose(after[others] / after[others[0]], before[others] / before[others[0]], rtol=1e-9)


@given(matrix=matrices(least=4, most=5))
def test_the_geometric_mean_is_pareto_efficient(matrix):
    """
    No other weights are nowhere worse and somewhere better.

    By the theorem of Blanquero, Carrizosa, Conde (2006): weights are efficient exactly when the digraph with an edge
    from i to j where w_i / w_j >= a_ij is strongly connected.
    """
    found = priorities(matrix).weights
    reach = (found[:, None] / found >= matrix * (1 - 1e-9)) | np.eye(len(matrix), dtype=bool)
    for _ in matrix:
        reach = reach @ reach
    assert reach.all()


def test_the_eigenvector_fails_that_graph():
    """The same test of efficiency refuses the matrix of Bozoki and Fulop (2018): it tests something."""
    matrix = reciprocal([1, 4, 9, 7, 5, 4], 4)
    found = priorities(matrix, "eigenvector").weights
    reach = found[:, None] / found >= matrix * (1 - 1e-9)
    for _ in matrix:
        reach = reach @ reach
    assert not reach.all()


@given(group=groups())
def test_per_matrix_pooling_judgements_equals_pooling_geometric_means(group):
    """AIJ = geometric AIP for one matrix, and so what all put above stays above."""
    judges, voices = group
    each = priorities(judges).weights

    pooled = priorities(aggregate(judges, voices)).weights

    logs = voices @ np.log(each) / voices.sum()
    np.testing.assert_allclose(pooled, np.exp(logs) / np.exp(logs).sum(), rtol=1e-9)
    unanimous = (each[:, :, None] > each[:, None, :] * (1 + 1e-9)).all(axis=0)
    assert (pooled[:, None] > pooled[None, :])[unanimous].all()


@given(group=groups())
def test_pooled_judgements_are_no_more_inconsistent_than_the_judges(group):
    """GCI(AIJ) is at most the weighted mean of GCI, CR(AIJ) at most the largest CR."""
    judges, voices = group
    each, pooled = priorities(judges), priorities(aggregate(judges, voices))

    assert pooled.gci <= voices @ each.gci / voices.sum() + 1e-9
    assert pooled.cr <= each.cr.max() + 1e-9


@given(group=groups())
def test_a_batch_is_its_matrices_one_by_one(group):
    judges, _ = group
    together = priorities(judges, "eigenvector")
    for place, matrix in enumerate(judges):
        alone = priorities(matrix, "eigenvector")
        np.testing.assert_allclose(together.weights[place], alone.weights, rtol=1e-11)
        np.testing.assert_allclose(together.lambda_max[place], alone.lambda_max, rtol=1e-11)


@given(matrix=incomplete())
def test_least_squares_leaves_the_least_squares(matrix):
    """At the minimum the residuals of the judgements given add up to 0 for every thing compared."""
    found = priorities(matrix)
    residuals = np.log(matrix) - np.log(found.weights[:, None] / found.weights)

    np.testing.assert_allclose(np.nansum(residuals, axis=-1), 0, atol=1e-9)
    np.testing.assert_allclose(np.where(np.isnan(matrix), found.completed, matrix), found.completed, rtol=1e-9)


@given(matrix=incomplete())
def test_harkers_weights_fill_their_own_gaps(matrix):
    """Filled with the ratios it says, the matrix has Harker's weights for eigenvector."""
    found = priorities(matrix, "eigenvector", completion="harker")

    again = priorities(found.completed, "eigenvector")

    ratios = found.weights[:, None] / found.weights
    np.testing.assert_allclose(found.completed[np.isnan(matrix)], ratios[np.isnan(matrix)], rtol=1e-9)
    np.testing.assert_allclose(again.weights, found.weights, rtol=1e-8)


@given(matrix=incomplete(), data=st.data())
def test_no_completion_has_a_smaller_lambda(matrix, data):
    found = priorities(matrix, completion="least-lambda")
    rows, columns = np.nonzero(np.triu(np.isnan(matrix)))
    shift = data.draw(hnp.arrays(np.float64, len(rows), elements=st.floats(-2, 2)))
    other = found.completed.copy()
    other[rows, columns] *= np.exp(shift)
    other[columns, rows] *= np.exp(-shift)

    for rival in (priorities(other), priorities(matrix), priorities(matrix, completion="harker")):
        assert found.lambda_max <= rival.lambda_max * (1 + 1e-11)


def test_least_lambda_is_where_a_general_optimiser_ends():
    """Nelder and Mead, who know no derivatives, find the same minimum."""
    matrix = reciprocal([3, 7, 1 / 2, 5, 9, 1 / 4, 2, 6, 1 / 3, 8], 5)
    for i, j in ((0, 2), (1, 4), (2, 3)):
        matrix[i, j] = matrix[j, i] = np.nan
    rows, columns = np.nonzero(np.triu(np.isnan(matrix)))

    def eigenvalue(logs):
        filled = matrix.copy()
        filled[rows, columns], filled[columns, rows] = np.exp(logs), np.exp(-logs)
        return np.linalg.eigvals(filled).real.max()

    best = minimize(eigenvalue, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13})

    found = priorities(matrix, completion="least-lambda")
    np.testing.assert_allclose(found.lambda_max, best.fun, rtol=1e-10)
    np.testing.assert_allclose(np.log(found.completed[rows, columns]), best.x, atol=1e-5)


@pytest.mark.parametrize("completion", ["log-least-squares", "harker", "least-lambda"])
@given(matrix=incomplete(), data=st.data())
def test_renaming_renames_the_weights_of_incomplete_matrices(completion, matrix, data):
    order = data.draw(st.permutations(range(len(matrix))))

    found = priorities(matrix, completion=completion).weights
    renamed = priorities(matrix[np.ix_(order, order)], completion=completion).weights

    np.testing.assert_allclose(renamed, found[order], rtol=1e-8)


@given(matrix=st.one_of(matrices(least=3, most=6), incomplete()))
def test_no_other_single_judgement_would_mend_more(matrix):
    """Setting the worst judgement to the value named leaves the least GCI that changing one judgement can."""
    found = priorities(matrix)
    worst = contradictions(found)
    row, column = worst.pair
    given = np.triu(~np.isnan(matrix), 1)

    assert worst.after.gci <= found.gci + 1e-12
    if given[row, column]:
        np.testing.assert_allclose(worst.value, matrix[row, column], rtol=1e-9)
    for i, j in zip(*np.nonzero(given), strict=True):
        without = matrix.copy()
        without[i, j] = without[j, i] = np.nan
        if not connected(without):
            continue
        rest = priorities(without)
        mended = matrix.copy()
        mended[i, j] = rest.weights[i] / rest.weights[j]
        mended[j, i] = 1 / mended[i, j]
        assert worst.after.gci <= priorities(mended).gci + 1e-9
        if (i, j) == (row, column):
            np.testing.assert_allclose(worst.mended, mended[i, j], rtol=1e-7)


def connected(matrix):
    reach = ~np.isnan(matrix)
    for _ in matrix:
        reach = reach @ reach
    return reach.all()


@given(matrix=matrices(least=3, most=6))
def test_the_worst_triad_is_the_worst(matrix):
    worst = contradictions(priorities(matrix))
    size = len(matrix)

    def koczkodaj(i, j, k):
        around = matrix[i, j] * matrix[j, k] / matrix[i, k]
        return 1 - min(around, 1 / around)

    each = [koczkodaj(i, j, k) for i in range(size) for j in range(i + 1, size) for k in range(j + 1, size)]
    np.testing.assert_allclose(worst.koczkodaj, max(each), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(koczkodaj(*worst.triad), max(each), rtol=1e-6, atol=1e-8)


@given(group=groups(), data=st.data())
def test_what_nobody_judged_stays_missing_and_the_rest_is_pooled(group, data):
    judges, voices = group
    size = judges.shape[-1]
    mask = data.draw(hnp.arrays(bool, judges.shape))
    mask &= ~np.eye(size, dtype=bool)
    judges = np.where(mask | np.swapaxes(mask, -1, -2), np.nan, judges)
    given = ~np.isnan(judges)
    assume(given.any())

    pooled = aggregate(judges, voices)

    shares = voices[:, None, None] * given
    np.testing.assert_array_equal(np.isnan(pooled), ~given.any(axis=0))
    expected = np.nansum(shares * np.log(judges), axis=0)[given.any(axis=0)] / shares.sum(axis=0)[given.any(axis=0)]
    np.testing.assert_allclose(np.log(pooled[given.any(axis=0)]), expected, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_preferences_is_not_preserved(method):
    """Never promised: a is judged over b, and weighs less (POP, Bana e Costa and Vansnick 2008)."""
    matrix = reciprocal([2, 1 / 9, 1 / 9, 9, 9, 1], 4)

    found = priorities(matrix, method).weights

    assert matrix[0, 1] > 1
    assert found[0] < found[1]
    # And if all judges say the same, so does the group: no unanimity on raw judgements.
    assert aggregate([matrix, matrix])[0, 1] > 1


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_intensities_is_not_preserved(method):
    """Never promised: a over b is judged stronger than c over d, both hold, and the weights say the reverse (COP)."""
    matrix = reciprocal([3, 1, 1, 1, 1, 2], 4)
    matrix[0, 2], matrix[2, 0] = 1 / 2, 2.0

    found = priorities(matrix, method).weights

    assert matrix[0, 1] > matrix[2, 3] > 1
    assert 1 < found[0] / found[1] < found[2] / found[3]


@pytest.mark.parametrize("method", METHODS)
def test_with_inconsistent_judgements_an_added_alternative_reverses_the_others(method):
    """Never promised, under any synthesis: here there is nothing to synthesise."""
    matrix = reciprocal([2, 1, 1 / 9, 1, 9, 1], 4)

    before, after = priorities(matrix[:3, :3], method).weights, priorities(matrix, method).weights

    assert before[0] > before[1]
    assert after[0] < after[1]
