"""
From scores in their own units to values that can be added.

Six rules, in floats; `afwegen.models.exact_values` has them again in integers, for what must be exact. Only ``anchors``
keeps the order of two alternatives apart from what else is on the table. The others are here to compare with the
literature: adding or leaving out an alternative may turn the order of the rest around.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from afwegen.errors import ModelError, ProfileError
from afwegen.models.rationals import Floats

__all__ = [
    "NORMALISATIONS",
    "Anchors",
    "Mask",
    "Normalisation",
    "anchors_of",
    "broadcasts",
    "curve_of",
    "laid_out",
    "stand_ins",
    "values",
]

Normalisation = Literal["anchors", "none", "min-max", "sum", "max", "vector"]
NORMALISATIONS: Final[tuple[Normalisation, ...]] = get_args(Normalisation)
Mask = npt.NDArray[np.bool_]

_UNSCALED = "declare a Scale(worst, best) for every criterion, or choose another normalisation by name"


class Anchors(NamedTuple):
    """The fixed ends of every criterion: shape ``(..., c)``, with the bends of piecewise linear ones by position."""

    worst: Floats
    best: Floats
    bends: Mapping[int, tuple[tuple[float, float], ...]]


def anchors_of(scales: object, criteria: int, batch: tuple[int, ...] = ()) -> Anchors:
    """
    Read scales as anchors.

    Args:
        scales: One a criterion, in their order: `Scale` objects, pairs ``(worst, best)``, or an array ``(..., c, 2)``;
            a mapping counts by its values.
        criteria: How many there must be.
        batch: The leading axes of the problems, for an array with leading axes of its own.

    Raises:
        ModelError: When there are none: anchors are declared, never read off the data.
        ProfileError: When they are not *criteria* many, not finite, or do not differ.
    """
    if scales is None:
        raise ModelError("fixed anchors need scales", _UNSCALED, scales)
    listed: Any = tuple(scales.values()) if isinstance(scales, Mapping) else scales
    bends: dict[int, tuple[tuple[float, float], ...]] = {}
    if isinstance(listed, Sequence) and all(hasattr(scale, "worst") for scale in listed):
        bends = {k: scale.points for k, scale in enumerate(listed) if scale.points}
        listed = [(scale.worst, scale.best) for scale in listed]
    try:
        ends = np.asarray(listed, dtype=np.float64)
    except (TypeError, ValueError):
        raise ProfileError("scales are pairs of numbers", _UNSCALED, scales) from None
    if ends.shape[-2:] != (criteria, 2) or not broadcasts(ends.shape[:-2], batch):
        raise ProfileError(f"{criteria} criteria need as many scales", _UNSCALED, scales)
    if ends.ndim > 2:
        ends = np.broadcast_to(ends, (*batch, criteria, 2))
    worst, best = ends[..., 0], ends[..., 1]
    with np.errstate(over="ignore", invalid="ignore"):
        width = np.abs(best - worst)
    if not (np.isfinite(width) & (width > 0)).all():
        raise ProfileError("the ends of a scale are finite and differ", "state the worst and the best score", scales)
    return Anchors(worst, best, bends)


def broadcasts(shape: tuple[int, ...], batch: tuple[int, ...]) -> bool:
    """Whether leading axes of *shape* can be repeated to those of *batch*."""
    try:
        return np.broadcast_shapes(shape, batch) == batch
    except ValueError:
        return False


def laid_out(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a fresh copy of ``(..., n, c)`` as ``(n, c, b)``, b problems side by side: numpy likes long rows."""
    *batch, n, c = matrix.shape
    b = math.prod(batch)
    return np.array(matrix.reshape(b, n * c).T, order="C").reshape(n, c, b)


def values(
    columns: Floats,
    normalisation: Normalisation,
    anchors: Anchors | None = None,
    costs: Mask | None = None,
    *,
    given: Mask | None = None,
    names: Sequence[str] = (),
) -> Floats:
    r"""
    Turn scores into values, in place: higher is better, on one footing.

    ========== ================================= ====================================
    rule       benefit                           cost
    ========== ================================= ====================================
    anchors    :math:`(x-worst)/(best-worst)`    the same: direction follows the ends
    none       :math:`x`                         :math:`-x`
    min-max    :math:`(x-min)/(max-min)`         :math:`(max-x)/(max-min)`
    sum        :math:`x/\sum x`                  :math:`x^{-1}/\sum x^{-1}`
    max        :math:`x/max`                     :math:`min/x`
    vector     :math:`x/\lVert x\rVert`          :math:`1-x/\lVert x\rVert`
    ========== ================================= ====================================

    Minimum, maximum, sum and norm run over the alternatives of one problem. Under ``min-max`` a criterion on which all
    are equal gives 1 to all, as under ``max``.

    Args:
        columns: Shape ``(n, c, b)``, finite wherever *given*; overwritten.
        normalisation: The rule.
        anchors: For ``anchors``.
        costs: Shape ``(c,)``, true where lower is better; not used under ``anchors``.
        given: Shape of *columns*, false for missing cells, which get value 0 and weigh on nothing; None: all given.
        names: Of the criteria, for refusals; without them they are counted from 0.

    Returns:
        *columns*.

    Raises:
        ProfileError: A score outside its anchors, or one for which the rule is not defined.

    References:
        Hwang, Yoon (1981), Multiple Attribute Decision Making, section 2.3; Belton, Stewart (2002), section 5.2.
    """
    if not columns.size:
        return columns
    if given is not None:
        np.copyto(columns, stand_ins(columns, given, anchors), where=~given)
    with np.errstate(all="ignore"):
        if anchors:
            _anchored(columns, anchors)
        else:
            _relative(columns, normalisation, costs if costs is not None and costs.any() else None, given, names)
        if not np.isfinite(columns.sum()):
            raise ProfileError("scores are too large to calculate with", "use a larger unit")
    if given is not None:
        np.copyto(columns, 0.0, where=~given)
    return columns


def stand_ins(columns: Floats, given: Mask, anchors: Anchors | None) -> Floats:
    """Return a harmless score for every missing cell: an end of the scale, or one given on the same criterion."""
    if anchors:
        return _beside(anchors.worst)
    first = np.take_along_axis(columns, np.argmax(given, axis=0, keepdims=True), axis=0)
    return np.where(given.any(axis=0, keepdims=True), first, 1.0)


def _beside(ends: Floats) -> Floats:
    """Lay ends ``(..., c)`` beside columns ``(n, c, b)``."""
    return ends[:, None] if ends.ndim == 1 else ends.reshape(-1, ends.shape[-1]).T


def _anchored(columns: Floats, anchors: Anchors) -> None:
    worst, best = _beside(anchors.worst), _beside(anchors.best)
    inside = (columns >= np.minimum(worst, best)) & (columns <= np.maximum(worst, best))
    if not inside.all():
        _refuse_outside(columns, inside, worst, best)
    bent = {k: _interpolated(columns[:, k], *curve_of(anchors, k)) for k in anchors.bends}
    columns -= worst
    columns /= best - worst
    for k, found in bent.items():
        columns[:, k] = found


def curve_of(anchors: Anchors, k: int) -> tuple[list[float], list[float]]:
    """Return the knots of a piecewise linear criterion from worst to best, and the values there."""
    points = anchors.bends[k]
    knots = [float(anchors.worst[k]), *(x for x, _ in points), float(anchors.best[k])]
    return knots, [0.0, *(v for _, v in points), 1.0]


def _interpolated(scores: Floats, knots: list[float], heights: list[float]) -> Floats:
    rising = slice(None) if knots[0] < knots[-1] else slice(None, None, -1)
    return np.asarray(np.interp(scores, knots[rising], heights[rising]))


def _refuse_outside(columns: Floats, inside: Mask, worst: Floats, best: Floats) -> None:
    alternative, criterion, _ = where = tuple(np.argwhere(~inside)[0].tolist())
    ends = [float(np.broadcast_to(end, columns.shape)[where]) for end in (worst, best)]
    raise ProfileError(
        f"the score of alternative {alternative} on criterion {criterion} lies outside its anchors, "
        f"{ends[0]:g} (worst) and {ends[1]:g} (best)",
        "correct the score or widen the scale; a score is never clamped",
        float(columns[where]),
    )


def _relative(
    columns: Floats, rule: Normalisation, costs: Mask | None, given: Mask | None, names: Sequence[str]
) -> None:
    turned: Mask | None = None if costs is None else costs[:, None]
    if rule in ("none", "min-max") and turned is not None:
        np.subtract(0.0, columns, out=columns, where=turned)
    if rule == "none":
        return
    lowest, highest = columns.min(axis=0), columns.max(axis=0)
    if rule == "min-max":
        _min_max(columns, lowest, highest)
        return
    _refuse_undefined(rule, lowest, highest, turned, names)
    if rule == "vector":
        _to_length_one(columns, np.maximum(np.abs(highest), np.abs(lowest)), given)
        if turned is not None:
            np.subtract(1.0, columns, out=columns, where=turned)
        return
    np.divide(columns, highest, out=columns, where=True if turned is None else ~turned)
    if turned is not None:
        np.divide(lowest, columns, out=columns, where=turned)
    if rule == "sum":
        columns /= _divisors((columns if given is None else np.where(given, columns, 0.0)).sum(axis=0))


def _min_max(columns: Floats, lowest: Floats, highest: Floats) -> None:
    columns -= lowest
    width = highest - lowest
    flat = width == 0
    columns /= _divisors(width)
    if flat.any():
        np.copyto(columns, 1.0, where=flat)


def _to_length_one(columns: Floats, largest: Floats, given: Mask | None) -> None:
    columns /= largest
    columns /= _divisors(np.sqrt(np.square(columns if given is None else np.where(given, columns, 0.0)).sum(axis=0)))


def _divisors(sums: Floats) -> Floats:
    return np.where(sums == 0, 1.0, sums)


def _refuse_undefined(
    rule: Normalisation, lowest: Floats, highest: Floats, turned: Mask | None, names: Sequence[str]
) -> None:
    """Refuse what ``sum``, ``max`` and ``vector`` divide by when it is zero, or below."""
    if rule == "vector":
        bad = (lowest == 0) & (highest == 0)
        what = "under 'vector' a criterion needs a score other than 0"
    else:
        bad = (lowest < 0) | ((highest if turned is None else np.where(turned, lowest, highest)) <= 0)
        what = f"under {rule!r} scores are not negative, benefits not all 0, and costs above 0"
    if bad.any():
        place = int(np.argwhere(bad)[0][0])
        where = repr(names[place]) if names else str(place)
        raise ProfileError(f"{what}: criterion {where}", "choose another normalisation by name", float(lowest[bad][0]))
