"""Judges' orders as they are counted: what is missing settled, weights in whole units, everything tallied."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ModelError, ProfileError
from afwegen.models.agreement import cost_of_judges, over_pairs
from afwegen.models.tallies import Tally, in_units, tally_units, wide_enough

__all__ = ["MISSING", "Panel", "agreement_of_judges", "panel", "settled"]

MISSING = ("refuse", "last", "abstain")
"""What to do about an alternative a judge did not rank, the default first."""


@frozen(kw_only=True, eq=False)
class Panel:
    """
    Judges' orders as they will be counted, in whole numbers.

    Attributes:
        ranks: ``(m, n)``; NaN only under ``missing="abstain"``.
        units: Weight of one judge, ``(m,)``, in units.
        unit: What one unit weighs.
        counts: How many judges each row stands for, ``(m,)``.
        tally: In units, ``(n, n)``.
    """

    ranks: NDArray[np.float64]
    units: NDArray[Any]
    unit: Fraction
    counts: NDArray[np.int64]
    tally: Tally

    @property
    def silent(self) -> NDArray[np.bool_]:
        """Which judges ranked nothing, ``(m,)``."""
        return np.asarray(np.isnan(self.ranks).all(axis=-1))

    def supporters(self, judges: Sequence[str], above: int, below: int) -> tuple[str, ...]:
        """Return the names of the judges who put one alternative strictly above another, given by their places."""
        agree = self.ranks[:, above] < self.ranks[:, below]
        return tuple(judges[place] for place in np.flatnonzero(agree).tolist())


def settled(
    ranks: ArrayLike, missing: str, *, judges: Sequence[str], alternatives: Sequence[str]
) -> NDArray[np.float64]:
    """
    Return *ranks* with alternatives that are not ranked treated as *missing* says.

    ``"refuse"`` does not accept them; ``"last"`` ties them below all that the judge did rank; ``"abstain"`` leaves
    every pair with one of them uncompared by that judge. A judge who ranked nothing has said nothing, under both.

    Raises:
        ModelError: Another policy.
        ProfileError: An alternative is not ranked, under ``"refuse"``.
    """
    table = np.asarray(ranks, dtype=np.float64)
    absent = np.isnan(table)
    if missing not in MISSING:
        raise ModelError("an unknown policy for what is not ranked", do=f"missing= one of {MISSING}", got=missing)
    if missing == "abstain" or not absent.any():
        return table
    if missing == "last":
        below = np.max(table, initial=0, where=~absent) + 1
        return np.where(absent & ~absent.all(axis=1, keepdims=True), below, table)
    judge, alternative = np.argwhere(absent)[0]
    raise ProfileError(
        f"judge {judges[judge]!r} did not rank {alternatives[alternative]!r}",
        do='rank every alternative, or choose missing="last" or missing="abstain"',
    )


def panel(ranks: NDArray[np.float64], weights: Sequence[Any] | NDArray[Any], counts: ArrayLike) -> Panel:
    """Return settled *ranks* ``(m, n)`` with their weights in whole units, tallied."""
    units, unit = in_units(weights)
    people = np.asarray(counts, dtype=np.int64)
    largest = 2 * int(np.sum(units.astype(np.float64) ** 2 * people))
    units = wide_enough(units, largest)
    return Panel(ranks=ranks, units=units, unit=unit, counts=people, tally=tally_units(ranks, units * people))


def agreement_of_judges(counted: Panel) -> NDArray[np.float64]:
    r"""
    Agreement of each judge with all the others, from the tally.

    .. math:: \pi_i = 1 - \sum_{j \ne i} w_j d_{ij} / (W - w_i)

    Under abstention the mean is over the pairs the judge compares with somebody.

    Returns:
        ``(m,)``, in [0, 1]; NaN where there is nobody to compare with.
    """
    result = np.full(len(counted.units), np.nan)
    for unit in set(counted.units.tolist()):
        same = counted.units == unit
        result[same] = _agreement(counted.ranks[same], counted.tally, unit)
    return result


def _agreement(ranks: NDArray[np.float64], tally: Tally, unit: int) -> NDArray[np.float64]:
    others = (tally.compared - unit).astype(np.float64)
    np.fill_diagonal(others, 0)
    defined = others > 0
    shared = set(others[defined].tolist())
    # One denominator, as in complete rankings, is divided by last: all before it are whole numbers, and exact.
    scale = shared.pop() if len(shared) == 1 else 1.0
    each = np.divide(scale, others, out=np.zeros_like(others), where=defined)
    above, tied = tally.above.astype(np.float64), tally.tied.astype(np.float64)
    given = (~np.isnan(ranks)).astype(np.float64)
    worth = 2 * scale * over_pairs(given, defined)
    cost = over_pairs(given, (above + above.T) * each)
    cost += cost_of_judges(ranks, (tied + above.T - above) * each)
    result = np.full(len(ranks), np.nan)
    np.divide(worth - cost, worth, out=result, where=worth > 0)
    return result
