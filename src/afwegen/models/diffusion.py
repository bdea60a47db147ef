"""Beside the graph, and never deciding its order: where opinions would drift to, and which judges stand together."""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from afwegen.errors import ModelError, ProfileError
from afwegen.models.agreement import distances

__all__ = ["DeGroot", "clusters", "degroot"]

_SUM = 1e-9
_MOST_JUDGES = 5_000


@frozen(kw_only=True)
class DeGroot:
    """
    Where repeated averaging under a given trust matrix leads, or why it leads nowhere.

    Attributes:
        converges: Whether opinions settle whatever they are.
        consensus: Whether they settle on one opinion for all.
        weights: ``(m,)``, the share of each one's first opinion in that of the group; only where there is one closed
            group. Without convergence it is the stationary vector, and opinions circle about it.
        limit: ``(m, m)``, the limit of the powers of the trust matrix; None where it has none.
        closed: The groups, as places, that trust nobody outside.
        reason: Why there is no consensus; empty where there is one.
    """

    converges: bool
    consensus: bool
    weights: NDArray[np.float64] | None = field(eq=lambda array: None if array is None else array.tolist())
    limit: NDArray[np.float64] | None = field(eq=lambda array: None if array is None else array.tolist())
    closed: tuple[tuple[int, ...], ...]
    reason: str


def degroot(trust: ArrayLike) -> DeGroot:
    r"""
    Follow opinions that are averaged again and again, :math:`x(t+1) = T x(t)`.

    Opinions settle if and only if every closed group is aperiodic, and on one opinion if moreover there is only one.
    An eigenvector alone does not tell: two people who each trust only the other have one, and swap for ever.

    Args:
        trust: ``(m, m)``; row i is how much i trusts each, at least 0, sum 1 to 1e-9. Given by people, never derived
            from their rankings.

    >>> found = degroot([[1/2, 1/2], [1/4, 3/4]])
    >>> found.consensus, found.weights.round(3).tolist()
    (True, [0.333, 0.667])
    >>> degroot([[0, 1], [1, 0]]).reason
    'a closed group takes turns: its opinions come back every 2 rounds'

    Raises:
        ModelError: A matrix that is not square, not finite, negative, or whose rows do not sum to 1.

    References:
        DeGroot (1974), Journal of the American Statistical Association 69, 118-121.
        Golub, Jackson (2010), American Economic Journal: Microeconomics 2(1), 112-149, section II.
    """
    matrix = _checked(trust)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(matrix)))
    graph.add_edges_from(np.argwhere(matrix > 0).tolist())
    closed = sorted(tuple(sorted(group)) for group in nx.attracting_components(graph))
    periods = [_period(graph.subgraph(group)) for group in closed]
    settles = all(period == 1 for period in periods)
    return DeGroot(
        converges=settles,
        consensus=settles and len(closed) == 1,
        weights=_spread(closed[0], matrix) if len(closed) == 1 else None,
        limit=_limit(matrix, closed) if settles else None,
        closed=tuple(closed),
        reason=_reason(max(periods, default=1), len(closed)),
    )


def _checked(trust: ArrayLike) -> NDArray[np.float64]:
    try:
        matrix = np.asarray(trust, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError("trust is a matrix of numbers", do="give one row a person", got=trust) from error
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ModelError("a trust matrix is square", do="give one row and one column a person", got=matrix.shape)
    wrong = ~np.isfinite(matrix) | (matrix < 0)
    if wrong.any():
        raise ModelError("trust is at least 0", do="give finite shares", got=float(matrix[wrong][0]))
    if (off := abs(matrix.sum(axis=1) - 1) > _SUM).any():
        raise ModelError("everybody's trust sums to 1", do="divide each row by its sum", got=matrix[off][0].tolist())
    return matrix


def _period(group: nx.DiGraph) -> int:
    """Return the greatest common divisor of the lengths of all cycles of a strongly connected group."""
    level = nx.single_source_shortest_path_length(group, next(iter(group)))
    return int(np.gcd.reduce([level[a] + 1 - level[b] for a, b in group.edges]))


def _reason(period: int, groups: int) -> str:
    if period > 1:
        return f"a closed group takes turns: its opinions come back every {period} rounds"
    if not groups:
        return "there is nobody"
    return "" if groups == 1 else f"{groups} groups trust nobody outside, and each keeps its own opinion"


def _stationary(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the left unit eigenvector of an irreducible stochastic matrix by elimination without subtraction.

    References:
        Grassmann, Taksar, Heyman (1985), Operations Research 33(5), 1107-1116: no digits cancel.
    """
    work = matrix.copy()
    for last in range(len(work) - 1, 0, -1):
        work[:last, last] /= work[last, :last].sum()
        work[:last, :last] += np.outer(work[:last, last], work[last, :last])
    weights = np.ones(len(work))
    for place in range(1, len(work)):
        weights[place] = weights[:place] @ work[:place, place]
    share: NDArray[np.float64] = weights / weights.sum()
    return share


def _spread(group: tuple[int, ...], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the influence of the members of a closed group, and 0 for everybody else."""
    weights = np.zeros(len(matrix))
    weights[list(group)] = _stationary(matrix[np.ix_(group, group)])
    return weights


def _limit(matrix: NDArray[np.float64], closed: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
    """Return the limit of the powers: each closed group its own rows, the others a mixture of those."""
    limit = np.zeros_like(matrix)
    for group in closed:
        limit[list(group)] = _spread(group, matrix)
    inside = {place for group in closed for place in group}
    if others := [place for place in range(len(matrix)) if place not in inside]:
        kept = sorted(inside)
        pull = matrix[np.ix_(others, kept)] @ limit[kept]
        limit[others] = np.linalg.solve(np.eye(len(others)) - matrix[np.ix_(others, others)], pull)
    return limit


def clusters(ranks: ArrayLike, *, within: float = 0.5) -> tuple[tuple[int, ...], ...]:
    """
    Group judges who are joined by steps from one to another nearer than *within*.

    Single linkage: the groups hang on no order and no seed, but a chain of small steps may join two who differ.

    Args:
        ranks: ``(m, n)``, complete.
        within: Share of all pairs of alternatives, above 0 and at most 1.

    Returns:
        Places of judges, the largest group first, then by the first in it.

    >>> clusters([[1, 2, 3], [3, 2, 1], [1, 3, 2]])
    ((0, 2), (1,))

    Raises:
        ProfileError: An alternative that is not ranked.
        ModelError: More than 5,000 judges, or a threshold out of range.
    """
    table = np.asarray(ranks, dtype=np.float64)
    if np.isnan(table).any():
        raise ProfileError("clusters are of complete rankings", do='settle what is missing, as "last" does')
    if len(table) > _MOST_JUDGES:
        raise ModelError(f"clusters compare every two judges: at most {_MOST_JUDGES:,}", do="sample", got=len(table))
    if not 0 < within <= 1:
        raise ModelError("a threshold is a share of the pairs", do="choose one above 0 and at most 1", got=within)
    n = table.shape[1]
    near = distances(table) < within * max(n * (n - 1) / 2, 1)
    graph = nx.from_edgelist(np.argwhere(near).tolist())
    graph.add_nodes_from(range(len(table)))
    groups = (tuple(sorted(group)) for group in nx.connected_components(graph))
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
