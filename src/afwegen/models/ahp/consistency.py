"""Where a matrix contradicts itself most, and what would mend it."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from afwegen.errors import ModelError
from afwegen.models.ahp.deriving import Priorities, derive
from afwegen.models.ahp.matrices import Floats

__all__ = ["Contradictions", "contradictions"]

Places = npt.NDArray[np.intp]


@frozen(kw_only=True, eq=False)
class Contradictions:
    """
    The worst triad and the worst judgement of each matrix of a batch.

    Attributes:
        triad: Shape ``(..., 3)``, places i < j < k of the triad in which going round the circle gains or loses most.
        koczkodaj: Shape ``(...)``, how inconsistent that triad is: 0 when a_ij a_jk = a_ik, towards 1 without bound.
        pair: Shape ``(..., 2)``, places i < j of the judgement whose absence would lower the residuals most.
        value: Shape ``(...)``, that judgement, a_ij.
        mended: Shape ``(...)``, what all other judgements say of it; leaves the least residuals.
        after: The priorities and consistency of the matrix mended so.
    """

    triad: Places
    koczkodaj: Floats
    pair: Places
    value: Floats
    mended: Floats
    after: Priorities


def contradictions(found: Priorities) -> Contradictions:
    r"""
    Find the triad and the judgement that contribute most to inconsistency, and the value that would mend the latter.

    With least-squares residuals :math:`e_{ij}` and leverages :math:`h_{ij}` (2/k in a complete matrix, the effective
    resistance between i and j in an incomplete one), leaving a judgement out lowers the sum of squares by
    :math:`e_{ij}^2 / (1 - h_{ij})`, and the others say :math:`\ln a_{ij} - e_{ij} / (1 - h_{ij})` in its place. A
    judgement on which connection hangs contradicts nothing.

    Args:
        found: Priorities of k >= 3 things.

    Raises:
        ModelError: Fewer than three things are compared: nothing can contradict.

    >>> from afwegen.models.ahp import priorities
    >>> worst = contradictions(priorities([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]]))
    >>> worst.triad.tolist(), round(float(worst.koczkodaj), 9), worst.pair.tolist(), round(float(worst.mended), 9)
    ([0, 1, 2], 0.5, [0, 1], 4.0)

    References:
        Koczkodaj (1993), Mathematical and Computer Modelling 18(7), 79-84: the triad. Aguaron, Escobar, Moreno-Jimenez
        (2021), Annals of Operations Research 303: mending judgement by judgement. Cook, Weisberg (1982): leverages.
    """
    if found.size < 3:
        raise ModelError("up to two things compared nothing can contradict", do="look at larger nodes", got=found.size)
    triad, gain = _worst_triad(_known(found))
    rows, columns = np.triu_indices(found.size, 1)
    spare = 1 - _leverages(found)[..., rows, columns]
    # A judgement on which connection hangs has leverage 1 and residual 0.
    free = spare > 1e-9
    residuals = np.where(free, found.errors[..., rows, columns], 0.0) / np.where(free, spare, 1.0)
    weighed = _shares(found)[..., rows, columns] * spare * residuals**2
    place = _first_largest(weighed)
    pair = np.stack([rows[place], columns[place]], axis=-1)
    value = _picked(found.logs[..., rows, columns], place)
    mended = value - _picked(residuals, place)
    return Contradictions(
        triad=triad,
        koczkodaj=-np.expm1(-gain),
        pair=pair,
        value=np.exp(value),
        mended=np.exp(mended),
        after=_mended(found, pair, mended),
    )


def _known(found: Priorities) -> Floats:
    return found.logs if found.shares is None else np.where(found.shares > 0, found.logs, np.nan)


def _shares(found: Priorities) -> Floats:
    return np.ones(found.logs.shape) if found.shares is None else found.shares


def _worst_triad(logs: Floats) -> tuple[Places, Floats]:
    triads = np.array(list(combinations(range(logs.shape[-1]), 3)))
    i, j, k = triads.T
    around = np.abs(logs[..., i, j] + logs[..., j, k] - logs[..., i, k])
    around = np.where(np.isnan(around), 0.0, around)
    place = _first_largest(around)
    return triads[place], _picked(around, place)


def _first_largest(values: Floats) -> Places:
    """Return the first place within rounding of the largest: which of equals must not hang on last bits."""
    largest = values.max(axis=-1, keepdims=True)
    return np.asarray(np.argmax(values >= largest * (1 - 1e-9), axis=-1))


def _picked(values: Floats, place: Places) -> Floats:
    return np.take_along_axis(values, place[..., None], axis=-1)[..., 0]


def _leverages(found: Priorities) -> Floats:
    size = found.size
    if found.shares is None:
        return np.full(found.logs.shape, 2 / size)
    shares = np.where(np.eye(size, dtype=bool), 0.0, found.shares)
    inverse = np.linalg.inv(np.eye(size) * shares.sum(axis=-1)[..., None] - shares + 1.0)
    diagonal = np.diagonal(inverse, axis1=-2, axis2=-1)
    resistance = diagonal[..., :, None] + diagonal[..., None, :] - 2 * inverse
    return np.asarray(shares * resistance)


def _mended(found: Priorities, pair: Places, mended: Floats) -> Priorities:
    logs = np.array(_known(found))
    row, column = pair[..., 0, None, None], pair[..., 1, None, None]
    there = (np.arange(found.size)[:, None] == row) & (np.arange(found.size) == column)
    logs = np.where(there, mended[..., None, None], logs)
    logs = np.where(np.swapaxes(there, -1, -2), -mended[..., None, None], logs)
    return derive(logs, random_index=found.random_index, shares=found.shares)
