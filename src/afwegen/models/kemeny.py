"""Kemeny's rule, exactly: the strict orders nearest to all judges, how many there are, and what all of them say."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ModelError
from afwegen.models.order_rules import checked_margins, widest_paths
from afwegen.models.tallies import whole

__all__ = ["LARGEST", "Kemeny", "kemeny"]

LARGEST: Final = 16
"""The most alternatives that may hang together in cycles or ties; beyond it the search would need gigabytes."""


@frozen(kw_only=True, eq=False)
class _Part:
    """
    A strong component and its optimal orders, as paths through subsets (bit masks of places within it).

    Attributes:
        members: Places of its alternatives.
        loss: ``(k, k)``; what is lost when column is put above row.
        best: ``(2^k,)``; least loss of the orders of each subset.
        used: ``(2^k,)``; the subsets that head some optimal order.
        count: How many optimal orders there are.
        before: For each member, the mask of those above it in some optimal order.
    """

    members: tuple[int, ...]
    loss: NDArray[Any]
    best: NDArray[Any]
    used: NDArray[np.bool_]
    count: int
    before: tuple[int, ...]

    def orders(self, head: int = 0) -> Iterator[tuple[int, ...]]:
        """Yield the optimal orders of what is not in *head*, one by one."""
        if head == len(self.best) - 1:
            yield ()
            return
        for place, member in enumerate(self.members):
            longer = head | 1 << place
            if longer != head and self.used[longer] and self.best[head] + self._cost(place, head) == self.best[longer]:
                yield from ((member, *rest) for rest in self.orders(longer))

    def _cost(self, place: int, head: int) -> int:
        return sum(loss for other, loss in enumerate(self.loss[place].tolist()) if head >> other & 1)


@frozen(kw_only=True, eq=False)
class Kemeny:
    """
    The optimal strict orders.

    Attributes:
        distance: The sum of the margins an optimal order overrules, in the unit of the margins. The distance to all
            judges is this plus what no order avoids, the sum over pairs of (W - abs(M)) / 2.
        count: How many orders are optimal.
        relation: ``(n, n)`` booleans: row stands above column in every optimal order.
    """

    distance: int | Fraction
    count: int
    relation: NDArray[np.bool_]
    _parts: tuple[_Part, ...]

    @property
    def orders(self) -> Iterator[tuple[int, ...]]:
        """The optimal orders, best first, as places; a fresh iterator each time, none computed before it is asked."""
        return _joined(self._parts)


def kemeny(margins: ArrayLike) -> Kemeny:
    r"""
    Find all strict orders with the least sum of overruled margins.

    Strong components of the graph of *non-negative* margins stand in one fixed order in every optimum, and are solved
    apart by dynamic programming over subsets: :math:`O(2^k k)`. (Components of positive margins would lose optima.)

    Args:
        margins: ``(n, n)``, antisymmetric; whole numbers, fractions, or floats standing for their decimal spelling.

    >>> found = kemeny([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    >>> found.distance, found.count, list(found.orders)
    (1, 3, [(0, 1, 2), (1, 2, 0), (2, 0, 1)])

    Raises:
        ModelError: A component of more than 16 alternatives; margins that are not square, finite and antisymmetric.

    References:
        Kemeny (1959), Daedalus 88(4), 577-591; Young, Levenglick (1978), SIAM Journal on Applied Mathematics 35,
        285-300; Truchon (1998), An extension of the Condorcet criterion and Kemeny orders.
    """
    table, unit = whole(checked_margins(margins))
    if table.ndim != 2:
        raise ModelError("Kemeny takes one profile at a time", do="give margins (n, n)", got=table.shape)
    components = _components(table)
    if (largest := max(map(len, components), default=0)) > LARGEST:
        raise ModelError(
            f"Kemeny is exact up to {LARGEST} alternatives that hang together in cycles or ties",
            do='choose another rule, for example "schulze"',
            got=largest,
        )
    parts = tuple(_solved(table, members) for members in components)
    distance = unit * sum(int(part.best[-1]) for part in parts)
    return Kemeny(
        distance=distance.numerator if distance.denominator == 1 else distance,
        count=prod(part.count for part in parts),
        relation=_relation(len(table), parts),
        parts=parts,
    )


def _components(margins: NDArray[Any]) -> list[tuple[int, ...]]:
    """Return the strong components of margins >= 0, best first: any two alternatives are joined one way or both."""
    reach = widest_paths((margins >= 0).astype(np.int8)) > 0
    np.fill_diagonal(reach, val=True)
    same = reach & reach.T
    by_reach = sorted(range(len(margins)), key=lambda place: -int(reach[place].sum()))
    return list(dict.fromkeys(tuple(np.flatnonzero(same[place]).tolist()) for place in by_reach))


@lru_cache(maxsize=LARGEST + 1)
def _layers(k: int) -> tuple[NDArray[np.int64], ...]:
    """Return the subsets of k places by size, as bit masks."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(k):
        sizes = np.concatenate((sizes, sizes + 1))
    masks = np.argsort(sizes, kind="stable")
    return tuple(np.split(masks, np.cumsum(np.bincount(sizes))[:-1]))


def _solved(margins: NDArray[Any], members: tuple[int, ...]) -> _Part:
    within = margins[np.ix_(members, members)]
    loss = np.where(within > 0, within, np.zeros_like(within))
    cost = _costs(loss)
    best, counts = _forward(cost, 1 + sum(loss.ravel().tolist()))
    used, before = _backward(cost, best)
    return _Part(members=members, loss=loss, best=best, used=used, count=int(counts[-1]), before=before)


def _costs(loss: NDArray[Any]) -> NDArray[Any]:
    """Return what is lost when row comes right below each subset, ``(k, 2^k)``."""
    k = len(loss)
    cost = np.zeros((k, 1 << k), dtype=loss.dtype)
    for place in range(k):
        cost[:, 1 << place : 2 << place] = cost[:, : 1 << place] + loss[:, place, None]
    return cost


def _forward(cost: NDArray[Any], too_much: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the least loss over the orders of each subset, and how many orders reach it."""
    k, subsets = cost.shape
    best = np.full(subsets, too_much, dtype=cost.dtype)
    counts = np.zeros(subsets, dtype=np.int64)
    best[0], counts[0] = 0, 1
    place = np.arange(k)[:, None]
    for layer in _layers(k)[1:]:
        # For a place outside the subset this is a larger one, not solved yet, and too much.
        shorter = layer ^ 1 << place
        losses = best[shorter] + cost[place, shorter]
        best[layer] = losses.min(axis=0)
        counts[layer] = np.where(losses == best[layer], counts[shorter], 0).sum(axis=0)
    return best, counts


def _backward(cost: NDArray[Any], best: NDArray[Any]) -> tuple[NDArray[np.bool_], tuple[int, ...]]:
    """Return the subsets that head an optimal order, and for each place the union of those it follows."""
    k, subsets = cost.shape
    used = np.zeros(subsets, dtype=bool)
    used[-1] = True
    before = np.zeros(k, dtype=np.int64)
    place = np.arange(k)[:, None]
    for layer in reversed(_layers(k)[1:]):
        heads = layer[used[layer]]
        shorter = heads ^ 1 << place
        optimal = (heads >> place & 1).astype(bool) & (best[shorter] + cost[place, shorter] == best[heads])
        used[shorter[optimal]] = True
        before |= np.bitwise_or.reduce(np.where(optimal, shorter, 0), axis=1)
    return used, tuple(before.tolist())


def _relation(n: int, parts: tuple[_Part, ...]) -> NDArray[np.bool_]:
    above = np.zeros((n, n), dtype=bool)
    later = set(range(n))
    for part in parts:
        later -= set(part.members)
        for member, before in zip(part.members, part.before, strict=True):
            above[member, list(later)] = True
            above[member, [other for place, other in enumerate(part.members) if not before >> place & 1]] = True
            above[member, member] = False
    return above


def _joined(parts: tuple[_Part, ...]) -> Iterator[tuple[int, ...]]:
    """Yield one order of each part after another, in every combination, without listing any part's orders."""
    heads: list[tuple[int, ...]] = [()]
    walks: list[Iterator[tuple[int, ...]]] = [parts[0].orders() if parts else iter([()])]
    while walks:
        order = next(walks[-1], None)
        if order is None:
            walks.pop()
            heads.pop()
        elif len(walks) >= len(parts):
            yield heads[-1] + order
        else:
            heads.append(heads[-1] + order)
            walks.append(parts[len(walks)].orders())
