"""
Exact ties: where the row geometric mean of complete matrices is all there is, products of fractions decide.

Floats find which alternatives could be tied at all; only those are multiplied out.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm, prod
from typing import Final

import numpy as np

from afwegen.models.ahp.matrices import Floats
from afwegen.models.outcome import TIE

__all__ = ["exact_group", "exact_rows", "near_tie", "ranks"]

LONGEST: Final = 20_000
"""Factors in one product; beyond it ties are decided within 1e-9."""


@lru_cache(maxsize=4096)
def _ratio(value: float, reciprocal: float) -> Fraction:
    """
    Return the judgement two floats stand for: a ratio of small whole numbers if either is one, else as it is spelled.

    >>> _ratio(0.3333333333333333, 3.0), _ratio(1.25, 0.8), _ratio(0.6000000000000001, 1.6666666666666665)
    (Fraction(1, 3), Fraction(5, 4), Fraction(2000000000000000, 3333333333333333))
    """
    for given, turned in ((value, False), (reciprocal, True)):
        simple = Fraction(given).limit_denominator(1000)
        if simple > 0 and float(simple) == given:
            return 1 / simple if turned else simple
    return Fraction(repr(value)) if value > 1 else 1 / Fraction(repr(reciprocal))


def exact_rows(matrix: Floats) -> list[Fraction]:
    """
    Return the products of the rows of a complete matrix: what the row geometric means are roots of.

    >>> exact_rows(np.array([[1, 2, 1 / 3], [1 / 2, 1, 1], [3, 1, 1]]))
    [Fraction(2, 3), Fraction(1, 2), Fraction(3, 1)]
    """
    across = matrix.tolist()
    down = matrix.T.tolist()
    return [prod(map(_ratio, row, column), start=Fraction(1)) for row, column in zip(across, down, strict=True)]


def exact_group(matrices: Floats, weights: Sequence[Fraction], counts: Sequence[int]) -> list[Fraction] | None:
    """
    Return numbers ordered as the group's weighted geometric means; None where the products would be too long.

    Args:
        matrices: Shape ``(m, k, k)``, complete.
        weights: m, above 0.
        counts: m, how many judges each matrix stands for.
    """
    whole = [weight * count for weight, count in zip(weights, counts, strict=True)]
    unit = lcm(*(weight.denominator for weight in whole))
    exponents = [int(weight * unit) for weight in whole]
    exponents = [power // gcd(*exponents) for power in exponents]
    if sum(exponents) * matrices.shape[-1] > LONGEST:
        return None
    rows = [exact_rows(matrix) for matrix in matrices]
    return [
        prod((row[place] ** power for row, power in zip(rows, exponents, strict=True)), start=Fraction(1))
        for place in range(matrices.shape[-1])
    ]


def near_tie(scores: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return, for scores ``(..., n)``, shape ``(...)``: whether two lie within 1e-9 of the larger."""
    falling = -np.sort(-scores, axis=-1)
    return np.asarray((falling[..., :-1] - falling[..., 1:] <= TIE * falling[..., :-1]).any(axis=-1))


def ranks(scores: Floats, matrices: Floats | None = None) -> Floats:
    """
    Return each judge's own order: ranks ``(m, n)``, 1 the best, ties share a rank, NaN where there are no scores.

    Args:
        scores: Shape ``(m, n)``, positive; a row of NaN for a judge without an order.
        matrices: Shape ``(m, n, n)``, complete, where the scores are their row geometric means: ties are then exact.
    """
    order = np.argsort(-scores, axis=-1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=-1)
    steps = np.ones(scores.shape)
    steps[..., 1:] = falling[..., :-1] - falling[..., 1:] > TIE * falling[..., :-1]
    ranked = np.empty(scores.shape)
    np.put_along_axis(ranked, order, np.cumsum(steps, axis=-1), axis=-1)
    if matrices is not None:
        for judge in np.flatnonzero((steps == 0).any(axis=-1)):
            ranked[judge] = _exact_ranks(matrices[judge])
    return np.where(np.isnan(scores), np.nan, ranked)


def _exact_ranks(matrix: Floats) -> list[int]:
    products = exact_rows(matrix)
    places = {product: place for place, product in enumerate(sorted(set(products), reverse=True), start=1)}
    return [places[product] for product in products]
