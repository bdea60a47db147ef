"""Rules that make an order of margins alone: Schulze, ranked pairs, Copeland; and Borda, of the tally."""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ModelError
from afwegen.models.tallies import Tally, exact, whole

__all__ = [
    "RankedPairs",
    "borda_twice",
    "checked_margins",
    "copeland",
    "ranked_pairs",
    "schulze",
    "undefeated",
    "widest_paths",
]

Margins = NDArray[Any]
Above = NDArray[np.bool_]


def checked_margins(margins: ArrayLike) -> Margins:
    """
    Return *margins* as an array ``(..., n, n)``.

    Raises:
        ModelError: It is not square, holds NaN or infinity, or is not antisymmetric.
    """
    table = np.asarray(margins)
    if table.ndim < 2 or table.shape[-1] != table.shape[-2]:
        raise ModelError("margins are square", do="give shape (..., n, n)", got=table.shape)
    if table.dtype.kind == "f" and not np.isfinite(table).all():
        raise ModelError("a margin that is no finite number", do="give the tally's margins", got=float("nan"))
    if (table != -table.swapaxes(-1, -2)).any():
        raise ModelError("margins are antisymmetric", do="give weight above minus weight below", got=table.tolist())
    return table


def schulze(margins: ArrayLike) -> Margins:
    r"""
    Strength of the widest path between every two alternatives.

    A path is as strong as its weakest margin; :math:`P_{ab}` is the strongest over all paths from *a* to *b* along
    positive margins, 0 where there is none. *a* stands above *b* when :math:`P_{ab} > P_{ba}`: a strict partial order.

    Args:
        margins: ``(..., n, n)``; weight that puts row above column minus the reverse; antisymmetric.

    Returns:
        ``(..., n, n)``, same kind of numbers, fresh; diagonal 0.

    >>> schulze([[0, 3, -1], [-3, 0, 5], [1, -5, 0]]).tolist()
    [[0, 3, 3], [1, 0, 5], [1, 1, 0]]

    Raises:
        ModelError: Margins that are not square, finite and antisymmetric.

    References:
        Schulze (2011), Social Choice and Welfare 36(2), 267-303, section 2, with margins.
    """
    table = checked_margins(margins)
    if table.dtype != object:
        return widest_paths(table)
    units, unit = whole(table)
    return exact(widest_paths(units), unit)


def widest_paths(margins: Margins) -> Margins:
    """Return the strengths of the widest paths along the positive entries, antisymmetric or not; see `schulze`."""
    paths = np.where(margins > 0, margins, np.zeros_like(margins))
    detour = np.empty_like(paths)
    n = paths.shape[-1]
    for via in range(n):
        np.minimum(paths[..., :, via, None], paths[..., None, via, :], out=detour)
        np.maximum(paths, detour, out=paths)
    paths[..., range(n), range(n)] = 0
    return paths


def undefeated(above: Above) -> Above:
    """Return which alternatives nothing stands above: ``(..., n, n)`` in, ``(..., n)`` out."""
    return np.logical_not(above.any(axis=-2))


def copeland(margins: ArrayLike) -> NDArray[np.int64]:
    """
    Alternatives beaten minus alternatives lost to, ``(..., n, n)`` in, ``(..., n)`` out.

    >>> copeland([[0, 3, -1], [-3, 0, 5], [1, -5, 0]]).tolist()
    [0, 0, 0]

    References:
        Copeland (1951), A "reasonable" social welfare function, mimeographed, University of Michigan.
    """
    table = checked_margins(margins)
    points: NDArray[np.int64] = (table > 0).sum(axis=-1) - (table < 0).sum(axis=-1)
    return points


def borda_twice(tally: Tally) -> NDArray[Any]:
    """
    Twice the Borda points with mid-ranks: 2 for each judge's alternative below, 1 for each tied; ``(..., n)``.

    References:
        Borda (1781), Histoire de l'Académie Royale des Sciences; for ties, Black (1976), Public Choice 28, 1-15.
    """
    points: NDArray[Any] = 2 * tally.above.sum(axis=-1) + tally.tied.sum(axis=-1)
    return points


@frozen(kw_only=True, eq=False)
class RankedPairs:
    """
    What ranked pairs keeps.

    Attributes:
        above: ``(n, n)``, the transitive closure of the pairs kept.
        equal_margins: Some positive margins are equal.
        hangs_on_ties: Equal margins closed a cycle together and none of them was kept: another order among them might
            say more. Sufficient, not exact: False means that every order among equals gives this same relation.
    """

    above: Above
    equal_margins: bool
    hangs_on_ties: bool


def ranked_pairs(margins: ArrayLike) -> RankedPairs:
    """
    Keep the largest margins first, and none that closes a cycle with what was kept or with its equals.

    Equal margins are looked at together, so that no order among them, and no name, decides (neutrality).

    Args:
        margins: ``(n, n)``, antisymmetric.

    >>> ranked_pairs([[0, 3, -1], [-3, 0, 5], [1, -5, 0]]).above.astype(int).tolist()
    [[0, 1, 1], [0, 0, 1], [0, 0, 0]]

    Raises:
        ModelError: Margins that are not square, finite and antisymmetric.

    References:
        Tideman (1987), Social Choice and Welfare 4, 185-206; Brill, Fischer (2012), AAAI 26: to decide whether an
        alternative wins under some order among equals is NP-complete.
    """
    table = checked_margins(margins)
    kept = np.zeros(table.shape, dtype=bool)
    hangs = equal = False
    for size in sorted({margin for margin in table.ravel().tolist() if margin > 0}, reverse=True):
        # What runs against the stronger margins is out whatever is done with its equals.
        equals = np.argwhere(table == size).tolist()
        pairs = [(a, b) for a, b in equals if not kept[b, a]]
        together = _with(kept, pairs)
        free = [(a, b) for a, b in pairs if not together[b, a]]
        hangs |= len(free) < len(pairs)
        equal |= len(equals) > 1
        kept = _with(kept, free)
    return RankedPairs(above=kept, equal_margins=equal, hangs_on_ties=hangs)


def _with(reach: Above, pairs: list[tuple[int, int]]) -> Above:
    """Return the transitive closure of a closed relation and some pairs."""
    reach = reach.copy()
    for a, b in pairs:
        if not reach[a, b]:
            to, start = reach[b].copy(), reach[:, a].copy()
            to[b] = start[a] = True
            reach |= start[:, None] & to
    return reach
