r"""
How far orders agree: Kemeny-Snell distances, and the degrees of consensus that follow from a tally alone.

The distance between two orders counts 1 for each pair they reverse and 1/2 for each pair that one ties and the other
does not; divided by :math:`n(n-1)/2` it lies in [0, 1]. The mean over all pairs of judges never needs those pairs:
*a* against *b* contributes :math:`N_{ab} N_{ba} + (N_{ab} + N_{ba}) T_{ab} / 2`.
"""

from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from afwegen.models.tallies import Tally, transposed, wide_enough

__all__ = ["cost_of_judges", "distances", "kendall_w", "over_pairs", "pair_degrees", "signs", "tau_b", "tie_excess"]


def pair_degrees(tally: Tally, squares: NDArray[Any]) -> NDArray[np.float64]:
    r"""
    Degree of consensus on each pair of alternatives.

    .. math:: \kappa_{ab} = 1 - \frac{2 N_{ab} N_{ba} + (N_{ab} + N_{ba}) T_{ab}}{C_{ab}^2 - Q_{ab}}

    where *C* is the weight of those who compare the pair and *Q* the sum of their squared weights: a judge is not
    paired with himself. Whole numbers until the one division.

    Args:
        tally: Whole numbers, ``(..., n, n)``.
        squares: *Q*, in squared units, broadcast to ``(..., n, n)``.

    Returns:
        ``(..., n, n)``; NaN where fewer than two judges compare, and on the diagonal.

    References:
        Kemeny, Snell (1962), Mathematical Models in the Social Sciences, chapter 2.
        Kendall, Babington Smith (1940), Biometrika 31, 324-345: on strict orders this is (1 + u)/2.
        Herrera-Viedma, Alonso, Chiclana, Herrera (2007), IEEE Transactions on Fuzzy Systems 15(5), 863-877.
    """
    largest = 4 * int(np.max(tally.compared, initial=0)) ** 2
    above, tied = wide_enough(tally.above, largest), wide_enough(tally.tied, largest)
    below = above.swapaxes(-1, -2)
    pairs = (above + below + tied) ** 2 - squares
    agreeing = pairs - 2 * above * below - (above + below) * tied
    degrees = np.full(pairs.shape, np.nan)
    off_diagonal = ~np.eye(pairs.shape[-1], dtype=bool)
    defined = (pairs > 0) & off_diagonal
    degrees[defined] = (agreeing[defined] / pairs[defined]).astype(np.float64)
    return degrees


def cost_of_judges(ranks: NDArray[np.float64], cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Add up, for each judge, the cost of every pair he orders strictly.

    Args:
        ranks: ``(m, n)``, NaN for not ranked.
        cost: ``(n, n)``; of putting row above column. Whole numbers below 2**53 in total are added exactly.

    Returns:
        ``(m,)``.
    """
    columns = transposed(ranks)
    narrow = bool((cost == np.rint(cost)).all()) and np.abs(cost).sum(axis=1).max(initial=0) < 1 << 24
    rows = cost.astype(np.float32 if narrow else np.float64)
    total = np.zeros(ranks.shape[0])
    for row in range(ranks.shape[1]):
        total += np.einsum("n,nm->m", rows[row], (columns[row] < columns).astype(rows.dtype))
    return total


def over_pairs(given: NDArray[np.float64], values: NDArray[Any]) -> NDArray[np.float64]:
    """Add up symmetric *values* ``(n, n)`` over the unordered pairs each judge ranked; *given* ``(m, n)``, 0 or 1."""
    if given.all():
        return np.full(len(given), values.sum() / 2)
    total: NDArray[np.float64] = ((given @ values) * given).sum(axis=-1) / 2
    return total


def signs(ranks: ArrayLike) -> NDArray[np.int8]:
    """
    Return each judge's word on each pair of alternatives a < b: 1 above, -1 below, 0 tied or not compared.

    >>> signs([[1, 2, 2]]).tolist()
    [[1, 1, 0]]
    """
    table = np.asarray(ranks, dtype=np.float64)
    first, second = np.triu_indices(table.shape[-1], 1)
    left, right = table[..., first], table[..., second]
    return (left < right).astype(np.int8) - (left > right).astype(np.int8)


def distances(ranks: ArrayLike) -> NDArray[np.float64]:
    """
    Kemeny-Snell distance between every two complete orders: 1 for a reversed pair, 1/2 for tied against strict.

    Args:
        ranks: ``(..., m, n)``, complete.

    Returns:
        ``(..., m, m)``, exact halves; divide by n(n-1)/2 for a share of all pairs.

    >>> distances([[1, 2, 3], [3, 2, 1], [1, 1, 2]]).tolist()
    [[0.0, 3.0, 0.5], [3.0, 0.0, 2.5], [0.5, 2.5, 0.0]]

    References:
        Kemeny, Snell (1962), chapter 2, who count twice as much; Fagin et al. (2006), SIAM Journal on Discrete
        Mathematics 20(3): :math:`K^{(1/2)}`.
    """
    word = signs(ranks).astype(np.float64)
    strict = abs(word)
    total = strict.sum(axis=-1)
    both = strict @ strict.swapaxes(-1, -2)
    same = word @ word.swapaxes(-1, -2)
    return (total[..., :, None] + total[..., None, :] - both - same) / 2  # type: ignore[no-any-return]


def tau_b(one: ArrayLike, other: ArrayLike) -> float | None:
    r"""
    Kendall's :math:`\tau_b` between two orders given by their `signs`; None where either ties everything.

    A partial order may be given the same way: incomparable counts as tied.

    >>> tau_b([1, 1, 0], [1, -1, 0])
    0.0

    References:
        Kendall (1945), Biometrika 33, 239-251.
    """
    left, right = np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64)
    strict = int(abs(left).sum()) * int(abs(right).sum())
    return int(left @ right) / sqrt(strict) if strict else None


def tie_excess(ranks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the sum of t^3 - t over each judge's tiers of size t; ``(m, n)`` complete in, ``(m,)`` out."""
    m, n = ranks.shape
    if not ranks.size:
        return np.zeros(m, np.int64)
    table = np.sort(ranks, axis=1)
    starts = np.ones((m, n), dtype=bool)
    starts[:, 1:] = table[:, 1:] != table[:, :-1]
    places = np.flatnonzero(starts)
    sizes = np.diff(places, append=m * n)
    owners = places // n
    return np.bincount(owners, weights=sizes**3 - sizes, minlength=m).astype(np.int64)


def kendall_w(tally: Tally, total: int, ties: int) -> float | None:
    r"""
    Kendall's coefficient of concordance, corrected for ties, of complete rankings.

    .. math:: W = \frac{12 \sum_a (R_a - \bar R)^2}{m^2 (n^3 - n) - m \sum_i \sum_t (t^3 - t)}

    *R* are sums of mid-ranks, *t* the sizes of the tiers; with weights *m* is their sum. W is 1 when all give the same
    order and cannot exceed it, but two opposed blocs and pure noise both give about 0: read it beside the degree.

    Args:
        tally: Whole numbers, ``(n, n)``.
        total: The weight of all judges, in units.
        ties: The weighted sum of `tie_excess`.

    Returns:
        In [0, 1]; None where it is 0/0: everyone ties everything, or fewer than two alternatives.

    References:
        Kendall, Babington Smith (1939), Annals of Mathematical Statistics 10, 275-287; Kendall (1962), Rank
        Correlation Methods, chapter 6.
    """
    n = tally.above.shape[-1]
    twice = [2 * int(above) + int(tied) for above, tied in zip(tally.above.sum(-1), tally.tied.sum(-1), strict=True)]
    spread = n * sum(score**2 for score in twice) - sum(twice) ** 2
    possible = n * (total**2 * (n**3 - n) - total * ties)
    return float(Fraction(3 * spread, possible)) if possible else None
