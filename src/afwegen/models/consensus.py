"""How far the judges agree: over all, on each pair, on each alternative, and each judge with the others."""

from collections.abc import Sequence
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ModelError, ProfileError
from afwegen.models.agreement import cost_of_judges, kendall_w, pair_degrees, tie_excess
from afwegen.models.outcome import Consensus
from afwegen.models.tallies import Tally, compared_weight, in_units, tally_units, wide_enough

__all__ = ["MISSING", "Panel", "agreement_of_judges", "consensus", "consensus_of", "over_pairs", "panel", "settled"]

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


def consensus(
    ranks: ArrayLike,
    weights: Sequence[Any] | NDArray[Any],
    counts: ArrayLike,
    *,
    judges: Sequence[str],
    alternatives: Sequence[str],
    missing: str = "refuse",
) -> Consensus | None:
    r"""
    Measure how far judges' own orders agree; never by comparing every judge with every other.

    :math:`\kappa` is 1 minus the mean Kemeny-Snell distance between two judges, each pair of judges counting as the
    product of their weights. A count makes more judges, who are paired with each other at distance 0; a weight makes
    one judge weigh more and never pairs him with himself: the same numbers given as one or the other differ.

    Args:
        ranks: ``(m, n)``; 1 is best, ties share a rank, NaN is not ranked.
        weights: m exact numbers above 0.
        counts: m whole numbers; how many judges gave that same row.
        judges: m names.
        alternatives: n names.
        missing: ``"refuse"``, ``"last"`` or ``"abstain"``: see `settled`. Abstaining gives each pair of alternatives
            the denominator of those who compare it, and means are over the pairs that are defined.

    Returns:
        None where no pair of alternatives is compared by two judges.

    >>> found = consensus([[1, 2], [1, 2], [2, 1]], [1, 1, 1], [1, 1, 1], judges="xyz", alternatives="ab")
    >>> round(found.degree, 3), found.by_judge["z"]
    (0.333, 0.0)

    Raises:
        ModelError: Another policy for what is not ranked.
        ProfileError: An alternative is not ranked, under ``"refuse"``; a weight that is negative or not finite.

    References:
        Kemeny, Snell (1962); Herrera-Viedma et al. (2007): degrees on pairs, alternatives and the relation.
    """
    table = settled(ranks, missing, judges=judges, alternatives=alternatives)
    return consensus_of(panel(table, weights, counts), judges=judges, alternatives=alternatives)


def consensus_of(counted: Panel, *, judges: Sequence[str], alternatives: Sequence[str]) -> Consensus | None:
    """Return the consensus of a panel that was tallied already; see `consensus`."""
    squares = compared_weight(counted.ranks, counted.units**2 * counted.counts)
    degrees = pair_degrees(counted.tally, squares)
    rows = [[degree for degree in row if degree == degree] for row in degrees.tolist()]  # noqa: PLR0124 - not NaN
    defined = [degree for row in rows for degree in row]
    if not defined:
        return None
    first, second = np.triu_indices(len(alternatives), 1)
    pairs = [(alternatives[a], alternatives[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    return Consensus(
        degree=fsum(defined) / len(defined),
        by_pair=dict(zip(pairs, _or_none(degrees[first, second]), strict=True)),
        by_alternative={
            name: fsum(row) / len(row) if row else None for name, row in zip(alternatives, rows, strict=True)
        },
        by_judge=dict(zip(judges, _or_none(agreement_of_judges(counted)), strict=True)),
        kendall_w=_kendall_w(counted),
    )


def _or_none(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN is not itself


def _kendall_w(counted: Panel) -> float | None:
    heard = ~counted.silent
    ranks, weights = counted.ranks[heard], (counted.units * counted.counts)[heard]
    if np.isnan(ranks).any():
        return None
    ties = sum((tie_excess(ranks).astype(object) * weights).tolist())
    return kendall_w(counted.tally, int(weights.sum()), ties)


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
    above = tally.above.astype(np.float64)
    given = (~np.isnan(ranks)).astype(np.float64)
    worth = 2 * scale * over_pairs(given, defined)
    cost = over_pairs(given, (above + above.T) * each)
    cost += cost_of_judges(ranks, (tally.tied + above.T - above) * each)
    result = np.full(len(ranks), np.nan)
    np.divide(worth - cost, worth, out=result, where=worth > 0)
    return result


def over_pairs(given: NDArray[np.float64], values: NDArray[Any]) -> NDArray[np.float64]:
    """Add up symmetric *values* ``(n, n)`` over the unordered pairs each judge ranked: *given* is ``(m, n)``, 0 or 1."""
    total: NDArray[np.float64] = ((given @ values) * given).sum(axis=-1) / 2
    return total
