"""
Whole arrays in exact arithmetic: integers, kept in machine words as long as they fit.

A score written as ``0.1`` is meant as one tenth. A float64 is therefore read back as its shortest decimal spelling, and
an array of them becomes an array of integers over one power of ten. Sums and products of such arrays are exact; where a
word of 64 bits would overflow they continue as Python integers (dtype ``object``), slower and with the same answer.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Integers", "decimals", "dense_ranks", "largest", "multiple", "over_one", "product", "total"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[Any]
"""dtype ``int64``, or ``object`` holding Python integers."""

_WORD: Final = 2**62
_DIGITS: Final = 10**15


def decimals(array: Floats) -> tuple[Integers, int]:
    """
    Read finite floats as the decimals they are written as.

    Returns:
        Integers of the same shape and the power of ten that divides them: ``[0.1, 2.5]`` is ``([1, 25], 10)``.

    >>> integers, power = decimals(np.array([0.1, 2.5]))
    >>> integers.tolist(), power
    ([1, 25], 10)
    """
    # Up to 15 digits a decimal is the only one of its length near its float, so a round trip proves the spelling.
    for digits in range(16):
        scaled = np.rint(array * 10.0**digits)
        if np.abs(scaled).max(initial=0.0) >= _DIGITS:
            break
        if np.array_equal(scaled / 10.0**digits, array):
            return scaled.astype(np.int64), 10**digits
    spelled = [Fraction(repr(value)) for value in array.ravel().tolist()]
    power = math.lcm(*(value.denominator for value in spelled))
    integers = np.empty(len(spelled), dtype=object)
    integers[:] = [value.numerator * (power // value.denominator) for value in spelled]
    return integers.reshape(array.shape), power


def largest(array: Integers) -> int:
    """Return the largest absolute value, 0 when there is none."""
    return int(np.abs(array).max(initial=0))


def product(*factors: Integers) -> Integers:
    """Multiply element by element, broadcasting, without overflow."""
    fits = math.prod(map(largest, factors)) < _WORD
    result, *others = factors if fits else [factor.astype(object) for factor in factors]
    for factor in others:
        result = result * factor
    return result


def total(array: Integers, axis: int) -> Integers:
    """Add along *axis* without overflow."""
    fits = largest(array) * array.shape[axis] < _WORD
    return np.asarray((array if fits else array.astype(object)).sum(axis=axis))


def multiple(array: Integers, axes: tuple[int, ...]) -> Integers:
    """Return the least common multiple of positive integers along *axes*, which stay with length 1."""
    common = 1
    for value in np.unique(array).tolist():
        common = math.lcm(common, value)
        if common >= _WORD:
            array = array.astype(object)
            break
    for axis in axes:
        array = np.lcm.reduce(array, axis=axis, keepdims=True)
    return array


def over_one(rows: Integers, denominators: Sequence[int]) -> tuple[list[int], int]:
    """
    Add rows of fractions, each row over its own denominator.

    Args:
        rows: Numerators, shape ``(m, n)``.
        denominators: One a row, positive.

    Returns:
        The n sums as numerators over one positive denominator, not reduced.
    """
    alike: dict[int, list[int]] = {}
    for row, denominator in enumerate(denominators):
        alike.setdefault(denominator, []).append(row)
    return _added([(total(rows[found], axis=0).tolist(), denominator) for denominator, found in alike.items()])


def _added(parts: list[tuple[list[int], int]]) -> tuple[list[int], int]:
    # In pairs, then pairs of pairs: the numbers grow long only at the top.
    while len(parts) > 1:
        parts = [_pair(left, right) for left, right in zip_longest(parts[::2], parts[1::2])]
    return parts[0]


def _pair(left: tuple[list[int], int], right: tuple[list[int], int] | None) -> tuple[list[int], int]:
    if right is None:
        return left
    common = math.lcm(left[1], right[1]) if max(left[1], right[1]).bit_length() < 4096 else left[1] * right[1]
    up, across = common // left[1], common // right[1]
    return [a * up + b * across for a, b in zip(left[0], right[0], strict=True)], common


def dense_ranks(scores: npt.NDArray[Any], relative: float = 0.0) -> npt.NDArray[np.int64]:
    """
    Rank along the last axis: 1 is the highest score, equals share a rank, none is left out.

    Args:
        scores: Shape ``(..., n)``, floats or integers.
        relative: Neighbours in the order of scores tie when they differ by at most this times the larger of the two.

    >>> dense_ranks(np.array([[3, 5, 5, 1]])).tolist()
    [[2, 1, 1, 3]]
    """
    order = np.argsort(-scores, axis=-1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=-1)
    steps = np.ones(scores.shape, dtype=np.int64)
    higher, lower = falling[..., :-1], falling[..., 1:]
    steps[..., 1:] = (
        higher - lower > relative * np.maximum(np.abs(higher), np.abs(lower)) if relative else higher > lower
    )
    ranks = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.cumsum(steps, axis=-1), axis=-1)
    return ranks
