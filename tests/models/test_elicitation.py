"""Weights add up to 1 exactly, whatever they were made of."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ProfileError
from afwegen.models.elicitation import direct, points, rank_order_centroid, swing

numbers = st.one_of(st.integers(0, 100), st.decimals(0, 100, places=3), st.floats(0, 100), st.fractions(0, 100))


@given(st.lists(numbers, min_size=1, max_size=8).filter(any))
def test_direct_weights_add_up_and_keep_their_proportions(weights):
    found = direct(weights)
    assert sum(found) == 1
    assert direct(found) == found
    assert [weight > 0 for weight in found] == [weight > 0 for weight in weights]


def test_floats_are_what_they_are_written_as():
    assert direct([0.1, 0.2]) == (Fraction(1, 3), Fraction(2, 3))
    assert points([Decimal("0.1"), 0.9], total=1) == (Fraction(1, 10), Fraction(9, 10))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=7))
def test_centroid_weights_follow_the_order(ranks):
    """They add up to 1, fall with the rank, and tie where ranks tie."""
    found = rank_order_centroid(ranks)
    assert sum(found) == 1
    for mine, weight in zip(ranks, found, strict=True):
        for other, its in zip(ranks, found, strict=True):
            assert (mine < other) == (weight > its)


def test_centroid_weights_as_published():
    """Barron and Barrett (1996), four attributes: .5208, .2708, .1458, .0625."""
    assert [round(float(weight), 4) for weight in rank_order_centroid([1, 2, 3, 4])] == [0.5208, 0.2708, 0.1458, 0.0625]


@pytest.mark.parametrize(
    ("method", "given_", "says"),
    [
        (direct, [], "no criteria"),
        (direct, [0, 0], "zero"),
        (direct, [1, -1], "0 or more"),
        (direct, [1, float("nan")], "finite"),
        (direct, [1, "2"], "number"),
        (direct, [1, True], "number"),
        (points, [50, 40], "100 points"),
        (swing, [90, 50], "most wanted"),
        (swing, [110, 50], "most wanted"),
        (swing, [], "no criteria"),
        (rank_order_centroid, [1, None], "number"),
    ],
)
def test_what_is_refused(method, given_, says):
    with pytest.raises(ProfileError, match=says):
        method(given_)
