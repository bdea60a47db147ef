"""How far the judges agree: over all, on each pair, on each alternative, and each judge with the others."""

from collections.abc import Sequence
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afwegen.models.agreement import kendall_w, pair_degrees, tau_b, tie_excess
from afwegen.models.judges import judges_report
from afwegen.models.outcome import Consensus
from afwegen.models.panel import Panel, agreement_of_judges, panel, settled
from afwegen.models.tallies import compared_weight

__all__ = ["consensus", "consensus_of", "judges_report", "tau_b"]


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
