"""The values of `afwegen.models.normalisation` once more, as integers over integers."""

import math
from typing import NamedTuple

import numpy as np

from afwegen.models.normalisation import Anchors, Mask, Normalisation, curve_of, laid_out, stand_ins
from afwegen.models.rationals import Floats, Integers, decimals, multiple, product, total

__all__ = ["Ratios", "exact_values", "summed"]


class Ratios(NamedTuple):
    """Values as integers over positive integers, broadcast against each other to ``(m, n, c)``."""

    over: Integers
    under: Integers


def exact_values(
    matrix: Floats,
    normalisation: Normalisation,
    anchors: Anchors | None = None,
    costs: Mask | None = None,
    given: Mask | None = None,
) -> Ratios:
    """
    Return the same values as `values`, exactly, for scores that it accepted.

    Args:
        matrix: Shape ``(m, n, c)``; its floats are read as the decimals they are written as.
        normalisation: Any but ``vector``, whose values are not rational.
        anchors: As for `values`, without batch axes.
        costs: As for `values`.
        given: As for `values`; missing cells get 0.
    """
    filled = matrix if given is None else _filled(matrix, given, anchors)
    if anchors:
        ratios = _anchored_exactly(filled, anchors)
    else:
        integers, power = decimals(filled)
        turned = np.zeros(matrix.shape[-1], dtype=bool) if costs is None else costs
        ratios = _relative_exactly(integers, power, normalisation, turned, given)
    return ratios if given is None else Ratios(np.where(given, ratios.over, 0), ratios.under)


def _filled(matrix: Floats, given: Mask, anchors: Anchors | None) -> Floats:
    columns, present = laid_out(matrix), laid_out(given)
    np.copyto(columns, stand_ins(columns, present, anchors), where=~present)
    return np.moveaxis(columns, -1, 0)


def _anchored_exactly(matrix: Floats, anchors: Anchors) -> Ratios:
    m, n, c = matrix.shape
    ends = np.stack([anchors.worst, anchors.best])
    integers, power = decimals(np.concatenate([matrix.reshape(m * n, c), ends]))
    scores, worst, best = integers[:-2].reshape(m, n, c), integers[-2], integers[-1]
    sign = np.where(best > worst, 1, -1)
    over, under = (scores - worst) * sign, (best - worst) * sign
    for k in anchors.bends:
        bent, height = _bent_exactly(scores[..., k], power, curve_of(anchors, k))
        over, under = over.astype(object), under.astype(object)
        over[..., k], under[k] = bent, height
    return Ratios(over, under[None, None, :])


def _bent_exactly(scores: Integers, power: int, bent: tuple[list[float], list[float]]) -> tuple[Integers, int]:
    """Interpolate in integers: the value at the left knot plus slope times distance, over one denominator."""
    (spots, spot_power), (heights, height_power) = decimals(np.asarray(bent[0])), decimals(np.asarray(bent[1]))
    common = math.lcm(power, spot_power)
    x = scores.astype(object) * (common // power)
    spots, heights = spots.astype(object) * (common // spot_power), heights.astype(object)
    if spots[0] > spots[-1]:
        x, spots = -x, -spots
    widths = spots[1:] - spots[:-1]
    scale = math.lcm(*widths.tolist())
    left = np.clip(np.searchsorted(spots, x, side="right") - 1, 0, len(widths) - 1)
    slopes = (heights[1:] - heights[:-1]) * (scale // widths)
    return heights[left] * scale + (x - spots[left]) * slopes[left], height_power * scale


def _relative_exactly(x: Integers, power: int, rule: Normalisation, turned: Mask, given: Mask | None) -> Ratios:
    if rule == "none":
        return Ratios(np.where(turned, -x, x), np.full((1, 1, 1), power, dtype=object))
    highest, lowest = x.max(axis=-2, keepdims=True), x.min(axis=-2, keepdims=True)
    if rule == "min-max":
        width = highest - lowest
        over = np.where(turned, highest - x, x - lowest)
        return Ratios(np.where(width == 0, 1, over), np.where(width == 0, 1, width))
    if rule == "max":
        return Ratios(np.where(turned, lowest, x), np.where(turned, x, highest))
    upside_down = np.where(turned, x, 1)
    common = multiple(upside_down, (-2,))
    shares = np.where(turned, common // upside_down, x)
    sums = total(shares if given is None else np.where(given, shares, 0), axis=-2)[..., None, :]
    return Ratios(shares, np.where(sums == 0, 1, sums))


def summed(ratios: Ratios, weights: Integers) -> tuple[Integers, Integers]:
    """
    Add weighted values over the criteria, exactly.

    Args:
        ratios: Values ``(m, n, c)``.
        weights: Integers, shape ``(1 | m, c)``.

    Returns:
        Numerators ``(m, n)`` and a positive denominator a judge, ``(1 | m, 1)``; not divided by the sum of the weights.
    """
    common = multiple(ratios.under, (-2, -1))
    factors = product(weights[:, None, :], common // ratios.under)
    return total(product(factors, ratios.over), axis=-1), common[..., 0]
