"""Exact tallies: how much weight puts one alternative above another, and how much ties them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm, prod
from numbers import Integral, Real
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ProfileError

__all__ = [
    "Tally",
    "compared_weight",
    "exact",
    "in_units",
    "tally",
    "tally_units",
    "transposed",
    "whole",
    "wide_enough",
]

Weights = Sequence[int | Fraction | Decimal | float] | NDArray[Any]

BLOCK: Final = 1 << 19
"""Cells of ranks looked at together: the memory of a tally is O(n^2) and this."""

_FLOAT32_EXACT: Final = 1 << 24
_FLOAT64_EXACT: Final = 1 << 53
_INT64_SAFE: Final = 1 << 62


@frozen(kw_only=True, eq=False)
class Tally:
    """
    For every ordered pair of alternatives, the weight that puts row above column and the weight that ties them.

    Attributes:
        above: Shape ``(..., n, n)``; int64, or ``Fraction`` and large ``int`` as objects; diagonal 0.
        tied: The same, symmetric; diagonal 0.
    """

    above: NDArray[Any]
    tied: NDArray[Any]

    @property
    def margins(self) -> NDArray[Any]:
        """Weight above minus weight below, ``(..., n, n)``, antisymmetric and exact."""
        margins: NDArray[Any] = self.above - self.above.swapaxes(-1, -2)
        return margins

    @property
    def compared(self) -> NDArray[Any]:
        """Weight of those who compare the pair at all, ``(..., n, n)``, symmetric; diagonal 0."""
        compared: NDArray[Any] = self.above + self.above.swapaxes(-1, -2) + self.tied
        return compared


def tally(ranks: ArrayLike, weights: Weights | None = None) -> Tally:
    """
    Count who puts what above what.

    :math:`N_{ab}` is the weight of the judges who rank *a* strictly above *b*, :math:`T_{ab}` of those who tie them.
    Sums are exact: whole weights give int64, other weights ``Fraction`` objects, a float standing for its shortest
    decimal spelling (0.1 is one tenth), so that equal margins are equal.

    Args:
        ranks: Shape ``(..., m, n)``; 1 is best, only the order counts, equal is tied, NaN is not ranked: such a pair
            is not compared by that judge.
        weights: Shape ``(m,)`` or ``(..., m)``; at least 0, not all 0; 1 each when left out.

    Returns:
        Fresh arrays ``(..., n, n)``.

    >>> tally([[1, 2, 2], [2, 1, 3]]).above.tolist()
    [[0, 1, 2], [1, 0, 1], [0, 0, 0]]

    Raises:
        ProfileError: Ranks without two axes, infinite ranks; weights of another length, negative, not finite, all 0.

    References:
        Young (1974), Journal of Economic Theory 9, 43-52: everything here that orders alternatives needs no more.
    """
    table = _ranks(ranks)
    units, unit = in_units(np.ones(table.shape[-2], np.int64) if weights is None else weights)
    if units.shape[-1:] != table.shape[-2:-1]:
        raise ProfileError("a weight for every judge", do=f"give {table.shape[-2]} weights", got=units.shape)
    counted = tally_units(table, units)
    return Tally(above=exact(counted.above, unit), tied=exact(counted.tied, unit))


def _ranks(ranks: ArrayLike) -> NDArray[np.float64]:
    try:
        table = np.asarray(ranks, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ProfileError("ranks are numbers, one row a judge", do="use NaN for not ranked", got=ranks) from error
    if table.ndim < 2:
        raise ProfileError("ranks have an axis of judges and one of alternatives", do="(..., m, n)", got=table.shape)
    if np.isinf(table).any():
        raise ProfileError("an infinite rank", do="use NaN for not ranked", got=float("inf"))
    return table


def in_units(weights: Weights) -> tuple[NDArray[Any], Fraction]:
    """
    Return *weights* as whole numbers of one common unit, and the unit.

    >>> in_units([Fraction(1, 2), 0.75])
    (array([2, 3]), Fraction(1, 4))

    Raises:
        ProfileError: A weight is negative or not finite, or all are 0.
    """
    units, unit = whole(weights)
    if (units < 0).any():
        raise ProfileError("a negative weight", do="a judge weighs 0 or more", got=int(units[units < 0][0]) * unit)
    if units.size and not (units > 0).any(axis=-1).all():
        raise ProfileError("weights that are all 0", do="let at least one judge count", got=units.tolist())
    return units, unit


def whole(numbers: ArrayLike | Weights) -> tuple[NDArray[Any], Fraction]:
    """
    Return *numbers* as multiples of one unit, int64 where their sum fits, and the unit; a float is its decimal.

    Raises:
        ProfileError: A number is not finite, or none.
    """
    # A list of large integers is read as they are: numpy would make floats of some.
    given = numbers if isinstance(numbers, np.ndarray) else np.array(numbers, dtype=object)
    if given.dtype.kind in "iu":
        return wide_enough(given, _bound(given)), Fraction(1)
    fractions = [_fraction(number) for number in given.ravel().tolist()]
    parts = lcm(*{fraction.denominator for fraction in fractions})
    multiples = np.empty(len(fractions), dtype=object)
    multiples[:] = [fraction.numerator * (parts // fraction.denominator) for fraction in fractions]
    return wide_enough(multiples, _bound(multiples)).reshape(given.shape), Fraction(1, parts)


def _bound(counts: NDArray[Any]) -> int:
    return 2 * int(np.sum(np.abs(counts.astype(np.float64))))


def _fraction(number: object) -> Fraction:
    try:
        match number:
            case Fraction():
                return number
            case Integral():
                return Fraction(int(number))
            case Decimal():
                return Fraction(number)
            case Real():
                return Fraction(repr(float(number)))
    except (ValueError, OverflowError):
        pass
    raise ProfileError("not a finite number", do="give int, Fraction or Decimal", got=number)


def exact(counts: NDArray[Any], unit: Fraction) -> NDArray[Any]:
    """Return whole *counts* as what they stand for: themselves when the unit is 1, fractions otherwise."""
    if unit == 1:
        return counts
    return np.frompyfunc(lambda count: unit * int(count), 1, 1)(counts)  # type: ignore[no-any-return]


def wide_enough(counts: NDArray[Any], largest: int) -> NDArray[Any]:
    """Return *counts* as int64 where results up to *largest* fit, as Python integers where they do not."""
    return counts.astype(np.int64 if largest < _INT64_SAFE else object)


def tally_units(ranks: NDArray[np.float64], units: NDArray[Any]) -> Tally:
    """Tally checked *ranks* ``(..., m, n)`` under whole weights ``(m,)`` or ``(..., m)``, in whole numbers."""
    *batch, m, n = ranks.shape
    profiles = ranks.reshape(prod(batch), m, n)
    spread = np.broadcast_to(units, (*batch, m)).reshape(len(profiles), m)
    above = np.zeros((len(profiles), n, n), dtype=units.dtype)
    compared = np.zeros_like(above)
    for some, judges in _blocks(*profiles.shape):
        above[some] += _above(profiles[some, judges], spread[some, judges])
        compared[some] += compared_weight(profiles[some, judges], spread[some, judges])
    tied = compared - above - above.swapaxes(-1, -2)
    tied[..., range(n), range(n)] = 0
    return Tally(above=above.reshape(*batch, n, n), tied=tied.reshape(*batch, n, n))


def _blocks(profiles: int, m: int, n: int) -> Iterator[tuple[slice, slice]]:
    """Cut a batch, or one large profile, into pieces of about `BLOCK` cells: which profiles, which judges."""
    many = max(1, BLOCK // max(m * n, 1))
    some = max(1, BLOCK // max(n, 1))
    for at in range(0, profiles, many):
        for start in range(0, m, some):
            yield slice(at, at + many), slice(start, start + some)


def transposed(ranks: NDArray[np.float64]) -> NDArray[Any]:
    """Return ``(..., n, m)``, contiguous and narrow when that loses nothing: a column is then one fast sweep."""
    with np.errstate(over="ignore"):  # what overflows is not the same, and stays wide
        narrow = ranks.astype(np.float32)
    same = np.array_equal(narrow, ranks, equal_nan=True)
    return np.ascontiguousarray((narrow if same else ranks).swapaxes(-1, -2))


def _above(ranks: NDArray[np.float64], units: NDArray[Any]) -> NDArray[Any]:
    columns = transposed(ranks)
    weights: NDArray[Any] = units.astype(_sum_type(units))
    rows = np.zeros((*ranks.shape[:-2], ranks.shape[-1], ranks.shape[-1]), units.dtype)
    for row in range(ranks.shape[-1]):
        over = (columns[..., row, None, :] < columns).astype(weights.dtype)
        # Not a matrix product: BLAS would start threads for it, and they wait for each other on a busy machine.
        rows[..., row, :] = np.einsum("...nm,...m->...n", over, weights)
    return rows


def compared_weight(ranks: NDArray[np.float64], units: NDArray[Any]) -> NDArray[Any]:
    """Return the weight of those who rank both alternatives, ``(..., n, n)``, or ``(..., 1, 1)`` when all do."""
    given = ~np.isnan(ranks)
    if given.all():
        return np.asarray(units.sum(axis=-1, keepdims=True))[..., None]
    given = given.astype(_sum_type(units))
    weighed = given * units.astype(given.dtype)[..., None]
    return (weighed.swapaxes(-1, -2) @ given).astype(units.dtype)  # type: ignore[no-any-return]


def _sum_type(units: NDArray[Any]) -> type:
    """Return the fastest type in which every partial sum is exact."""
    largest = int(np.max(units.sum(axis=-1), initial=0))
    if largest <= _FLOAT32_EXACT:
        return np.float32
    return np.float64 if largest <= _FLOAT64_EXACT else object
