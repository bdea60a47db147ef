"""Tallies: exact whatever the weights, the same in blocks and in batches, O(n^2) in memory."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from afwegen.errors import ProfileError
from afwegen.models import tallies
from afwegen.models.tallies import in_units, tally


def counted_slowly(ranks, weights):
    """Above and tied, pair by pair of every judge."""
    left, right = ranks[..., :, :, None], ranks[..., :, None, :]
    weighed = np.asarray(weights)[..., None, None]
    same = (left == right) & ~np.eye(ranks.shape[-1], dtype=bool)
    return ((left < right) * weighed).sum(axis=-3), (same * weighed).sum(axis=-3)


ranks = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=5),
    elements=st.sampled_from([1.0, 2.0, 3.0, 2.5, np.nan]),
)


@given(ranks=ranks, data=st.data())
def test_every_pair_is_counted(ranks, data):
    """In any batch, of any size, nothing included, with judges who did not rank everything."""
    weights = data.draw(hnp.arrays(np.int64, ranks.shape[:-1], elements=st.integers(1, 9)))
    found = tally(ranks, weights)
    above, tied = counted_slowly(ranks, weights)
    np.testing.assert_array_equal(found.above, above)
    np.testing.assert_array_equal(found.tied, tied)
    np.testing.assert_array_equal(found.margins, above - above.swapaxes(-1, -2))
    np.testing.assert_array_equal(found.compared, above + above.swapaxes(-1, -2) + tied)


@pytest.mark.parametrize("block", [1, 7, 100])
@pytest.mark.parametrize("shape", [(30, 4), (6, 5, 4), (2, 3, 5, 4)])
def test_blocks_do_not_show(monkeypatch, block, shape):
    """However small the pieces, the tally is the same."""
    table = np.random.default_rng(1).integers(1, 5, shape).astype(float)
    whole = tally(table)
    monkeypatch.setattr(tallies, "BLOCK", block)
    np.testing.assert_array_equal(tally(table).above, whole.above)
    np.testing.assert_array_equal(tally(table).tied, whole.tied)


def test_memory_does_not_grow_with_the_judges(monkeypatch):
    """No judge of a large profile is compared outside his block."""
    seen = []
    counted = tallies._above
    monkeypatch.setattr(tallies, "_above", lambda table, units: seen.append(table.size) or counted(table, units))
    tally(np.ones((200_000, 10)))
    assert max(seen) <= tallies.BLOCK


@pytest.mark.parametrize("tenth", [0.1, np.float64(0.1), Decimal("0.1"), Fraction(1, 10)])
def test_equal_margins_are_equal(tenth):
    """0.1 + 0.2 against 0.3: floats differ in the last bit, the tally does not."""
    found = tally([[1, 2], [1, 2], [2, 1]], [tenth, 2 * tenth, Fraction(3, 10)])
    assert found.above.tolist() == [[0, Fraction(3, 10)], [Fraction(3, 10), 0]]
    assert not found.margins.any()


@pytest.mark.parametrize("large", [2**24 + 1, 2**53 + 1, 2**63 + 1, 10**40 + 1])
def test_large_weights_lose_no_digit(large):
    """Beyond what a float32, a float64 or an int64 holds exactly."""
    found = tally([[1, 2], [2, 1], [1, 2]], [large, 1, 1])
    assert found.above.tolist() == [[0, large + 1], [1, 0]]


def test_weights_may_differ_within_a_batch():
    """One row of weights a profile."""
    found = tally([[[1, 2], [2, 1]]] * 2, [[1, 3], [4, 2]])
    assert found.margins[:, 0, 1].tolist() == [-2, 2]


def test_only_the_order_counts():
    """Competition ranks, dense ranks, negative scores: the same order is the same tally."""
    ways = [[[1, 2, 2, 4]], [[1, 2, 2, 3]], [[-9.5, 0, 0, 1e300]]]
    assert len({str(tally(way).above.tolist()) for way in ways}) == 1


def test_weights_in_units():
    """The largest common unit of mixed kinds of numbers."""
    units, unit = in_units([1, 0.25, Fraction(1, 6), Decimal("1.5")])
    assert (units.tolist(), unit) == ([12, 3, 2, 18], Fraction(1, 12))


@pytest.mark.parametrize(
    ("table", "weights", "what"),
    [
        ([1, 2, 3], None, "an axis of judges"),
        ("ab", None, "ranks are numbers"),
        ([[1, np.inf]], None, "an infinite rank"),
        ([[1, 2]], [1, 1], "a weight for every judge"),
        ([[1, 2]], [-1], "a negative weight"),
        ([[1, 2]], [0], "all 0"),
        ([[1, 2]], [np.nan], "not a finite number"),
        ([[1, 2]], [np.inf], "not a finite number"),
        ([[1, 2]], ["1"], "not a finite number"),
        ([[1, 2]], [None], "not a finite number"),
    ],
)
def test_bad_input(table, weights, what):
    """Refused in words, never a NaN out and never an error of numpy."""
    with pytest.raises(ProfileError, match=what):
        tally(table, weights)


def test_nobody_and_nothing():
    """No judges: nothing is above anything. No alternatives: there is nothing."""
    assert tally(np.zeros((0, 3))).above.tolist() == [[0] * 3] * 3
    assert tally(np.zeros((2, 0))).above.shape == (0, 0)
    assert tally(np.zeros((0, 2, 3))).above.shape == (0, 3, 3)
