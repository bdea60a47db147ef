r"""
The weighted sum: what each criterion adds, times how much it matters.

:math:`v(a) = \sum_k w_k u_k(x_{ka})` with weights that sum to 1 and values between fixed anchors.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from afwegen.errors import ModelError, ProfileError
from afwegen.models.normalisation import NORMALISATIONS, Mask, Normalisation, anchors_of, broadcasts, laid_out, values
from afwegen.models.rationals import Floats

__all__ = ["added", "score"]

_NUMERIC: Final = "iufO"


def score(
    matrix: npt.ArrayLike,
    weights: npt.ArrayLike,
    normalisation: Normalisation = "anchors",
    scales: object = None,
    maximise: npt.ArrayLike | None = None,
) -> Floats:
    r"""
    Score the alternatives of one problem, or of a million at once.

    Args:
        matrix: Scores, shape ``(..., n, c)``, finite; any kind of number.
        weights: Of the criteria, shape ``(c,)`` or ``(..., c)``; 0 or more, not all 0. Only their proportions count.
        normalisation: How scores become values: see `afwegen.models.normalisation.values`. All but ``anchors`` and
            ``none`` look at the other alternatives of the same problem, so rank reversal is possible.
        scales: For ``anchors``: a `Scale` a criterion, or an array ``(..., c, 2)`` of worst and best.
        maximise: Shape ``(c,)``, false where lower is better; None: higher is better everywhere. Anchors have a
            direction of their own.

    Returns:
        Shape ``(..., n)``, fresh, not rounded. No NaN comes out.

    Raises:
        ProfileError: A score or weight is missing, negative where it may not be, infinite, or outside its anchors.
        ModelError: The normalisation is unknown, or anchors are missing.

    >>> score([[7, 20], [9, 80]], [3, 1], scales=[(0, 10), (100, 0)]).tolist()
    [0.725, 0.725]

    References:
        Fishburn (1967), Additive utilities with incomplete product sets; Keeney, Raiffa (1976), chapter 3.
    """
    if normalisation not in NORMALISATIONS:
        raise ModelError("an unknown normalisation", f"choose one of {NORMALISATIONS}", normalisation)
    scores = _numbers(matrix, "scores")
    if scores.ndim < 2:
        raise ProfileError("scores have the axes (..., alternatives, criteria)", "give a matrix", scores.shape)
    shares = _shares(weights, scores.shape)
    costs = _costs(maximise, scores.shape[-1])
    anchors = anchors_of(scales, scores.shape[-1], scores.shape[:-2]) if normalisation == "anchors" else None
    if anchors and costs is not None and ((anchors.worst > anchors.best) != costs).any():
        raise ProfileError("anchors and maximise point in different directions", "leave maximise out", maximise)
    columns = values(laid_out(scores), normalisation, anchors, costs)
    return added(columns, shares).T.reshape(scores.shape[:-1])


def added(columns: Floats, shares: Floats) -> Floats:
    """
    Add weighted values over the criteria.

    Args:
        columns: Values, shape ``(n, c, b)``; overwritten.
        shares: Shape ``(c,)`` or ``(..., c)``, b in all.

    Returns:
        Shape ``(n, b)``.
    """
    columns *= shares[:, None] if shares.ndim == 1 else shares.reshape(-1, shares.shape[-1]).T
    return np.asarray(columns.sum(axis=1))


def _numbers(given: npt.ArrayLike, what: str) -> Floats:
    """Return finite floats; refuse the rest, showing the first."""
    try:
        found = np.asarray(given)
        array = found.astype(np.float64, copy=False) if found.dtype.kind in _NUMERIC else None
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is None:
        raise ProfileError(f"{what} are numbers, in rows of one length", "give int, float, Decimal or Fraction", given)
    # A sum is finite only when all are; a sum that overflows is looked at more closely.
    with np.errstate(all="ignore"):
        suspect = not np.isfinite(array.sum())
    if suspect and not (finite := np.isfinite(array)).all():
        raise ProfileError(f"{what} are finite and not missing", "leave nothing out", float(array[~finite][0]))
    return array


def _shares(weights: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = _numbers(weights, "weights of criteria")
    if array.shape[-1:] != shape[-1:] or not broadcasts(array.shape[:-1], shape[:-2]):
        raise ProfileError(f"weights of criteria have shape (..., {shape[-1]})", "give one a criterion", array.shape)
    if (array < 0).any():
        raise ProfileError(
            "the weight of a criterion is 0 or more", "turn its scale around instead", float(array.min())
        )
    heaviest = array.max(axis=-1, keepdims=True, initial=0.0)
    if not (heaviest > 0).all():
        raise ProfileError("all weights of criteria are zero", "let one criterion count", array[..., 0].size)
    even = array / heaviest
    even /= even.sum(axis=-1, keepdims=True)
    return even if even.ndim == 1 else np.broadcast_to(even, (*shape[:-2], shape[-1]))


def _costs(maximise: npt.ArrayLike | None, criteria: int) -> Mask | None:
    if maximise is None:
        return None
    upwards = np.asarray(maximise)
    if upwards.dtype.kind != "b" or upwards.shape != (criteria,):
        raise ProfileError(f"maximise is a truth value for each of {criteria} criteria", "give True or False", maximise)
    return ~upwards
