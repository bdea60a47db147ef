"""DeGroot's averaging and clusters of judges: diagnostics that decide nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ModelError, ProfileError
from afwegen.models.diffusion import clusters, degroot


@st.composite
def trust_matrices(draw):
    """Row-stochastic matrices with many zeros."""
    m = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(st.integers(0, 3), min_size=m, max_size=m), min_size=m, max_size=m))
    table = np.array(rows, dtype=float)
    table[table.sum(axis=1) == 0] = np.eye(m)[table.sum(axis=1) == 0]
    return table / table.sum(axis=1, keepdims=True)


@given(trust=trust_matrices())
def test_the_limit_is_that_of_the_powers(trust):
    """Where there is a limit a very high power has reached it; where there is none the powers go on moving."""
    found = degroot(trust)
    power = np.linalg.matrix_power(trust, 2**14)
    moved = abs(power @ trust - power).max()
    if found.converges:
        np.testing.assert_allclose(power, found.limit, atol=1e-9)
        assert found.consensus == (np.ptp(found.limit, axis=0).max(initial=0) < 1e-9)
    else:
        assert found.limit is None
        assert moved > 1e-9
    assert (found.reason == "") is found.consensus


@given(trust=trust_matrices())
def test_weights_are_a_stationary_distribution(trust):
    """Who has one closed group has weights: not negative, sum 1, unmoved by another round."""
    found = degroot(trust)
    if found.weights is not None:
        assert (found.weights >= 0).all()
        assert found.weights.sum() == pytest.approx(1)
        np.testing.assert_allclose(found.weights @ trust, found.weights, atol=1e-12)


def test_two_groups_keep_two_opinions():
    """Opinions settle, but not on one; who listens to both ends in between."""
    found = degroot([[1, 0, 0], [0, 1, 0], [0.25, 0.25, 0.5]])
    assert (found.converges, found.consensus, found.weights) == (True, False, None)
    assert found.limit[2].tolist() == pytest.approx([0.5, 0.5, 0])
    assert found.closed == ((0,), (1,))
    assert found.reason.startswith("2 groups trust nobody outside")


def test_nobody():
    """Nobody settles on nothing."""
    assert degroot(np.zeros((0, 0))).reason == "there is nobody"


@pytest.mark.parametrize(
    ("trust", "what"),
    [
        ([[1, 0]], "square"),
        ("much", "matrix of numbers"),
        ([[0.5, 0.4], [0, 1]], "sums to 1"),
        ([[-1, 2], [0, 1]], "at least 0"),
        ([[np.nan, 1], [0, 1]], "at least 0"),
    ],
)
def test_trust_is_checked(trust, what):
    """What is no trust matrix is refused in words."""
    with pytest.raises(ModelError, match=what):
        degroot(trust)


def test_clusters_do_not_depend_on_order():
    """Permute the judges: the same groups, under their new places."""
    rng = np.random.default_rng(2)
    ranks = rng.random((12, 5)).argsort(axis=1) + 1.0
    shuffled = rng.permutation(12)
    groups = {frozenset(group) for group in clusters(ranks, within=0.3)}
    back = {frozenset(shuffled[list(group)].tolist()) for group in clusters(ranks[shuffled], within=0.3)}
    assert groups == back


def test_clusters_of_few():
    """Nobody, one judge, one alternative."""
    assert clusters(np.zeros((0, 3))) == ()
    assert clusters([[1, 2]]) == ((0,),)
    assert clusters([[1], [1]]) == ((0, 1),)


@pytest.mark.parametrize(
    ("ranks", "within", "error", "what"),
    [
        ([[1, np.nan]], 0.5, ProfileError, "complete"),
        ([[1, 2]], 0, ModelError, "a threshold"),
        ([[1, 2]], float("nan"), ModelError, "a threshold"),
        (np.ones((5_001, 2)), 0.5, ModelError, "5,000"),
    ],
)
def test_clusters_are_checked(ranks, within, error, what):
    """Incomplete, too many, or a threshold that is no share."""
    with pytest.raises(error, match=what):
        clusters(ranks, within=within)
