"""
From what a judge says about criteria to weights that add up to 1, exactly.

A weight is the worth of the whole way from a criterion's worst anchor to its best; without its scale it says nothing.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from afwegen.errors import ProfileError
from afwegen.models.checks import exact

__all__ = ["direct", "points", "rank_order_centroid", "swing"]

_HUNDRED: Final = 100


def direct(weights: Iterable[object]) -> tuple[Fraction, ...]:
    """
    Take weights as they are given; only their proportions count.

    Args:
        weights: One a criterion, 0 or more, not all 0: int, Fraction, Decimal, or a float as it is written.

    Raises:
        ProfileError: A weight is negative or no finite number, or all are 0.

    >>> direct([3, 1])
    (Fraction(3, 4), Fraction(1, 4))
    """
    given = _numbers(weights, "a weight")
    whole = sum(given)
    if not whole:
        raise ProfileError("all weights of criteria are zero", "let one criterion count", given)
    return tuple(weight / whole for weight in given)


def points(given: Iterable[object], *, total: object = _HUNDRED) -> tuple[Fraction, ...]:
    """
    Take points shared out over the criteria; they must be all of the points, no more and no less.

    Args:
        given: One a criterion, 0 or more.
        total: How many there were to give.

    Raises:
        ProfileError: The points do not add up to *total*.

    >>> points([50, 30, 20])
    (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))

    References:
        Metfessel (1947), allocating one hundred points.
    """
    shared, whole = _numbers(given, "a number of points"), exact(total, "the number of points")
    if sum(shared) != whole:
        raise ProfileError(f"{whole} points were to be shared out", "give all of them", str(sum(shared)))
    return direct(shared)


def swing(swings: Iterable[object], *, best: object = _HUNDRED) -> tuple[Fraction, ...]:
    """
    Take the worth of each criterion's swing from worst to best, where the most wanted swing is *best*.

    The judge imagines everything at its worst, says which criterion to bring to its best first, gives that swing 100,
    and the others in proportion. The question names both anchors, which keeps weights from being given without scales.

    Args:
        swings: One a criterion, in [0, *best*]; the largest is *best*.
        best: What the most wanted swing is worth.

    Raises:
        ProfileError: The largest swing is not *best*.

    >>> swing([100, 50, 50])
    (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))

    References:
        Von Winterfeldt, Edwards (1986), Decision Analysis and Behavioral Research, section 8.2.
    """
    given, most = _numbers(swings, "a swing"), exact(best, "the largest swing")
    if max(given) != most:
        raise ProfileError(f"the most wanted swing is worth {most}", "give it that, and the rest less", str(max(given)))
    return direct(given)


def rank_order_centroid(ranks: Iterable[object]) -> tuple[Fraction, ...]:
    r"""
    Make weights of an order of importance alone: the mean of all weights that agree with it.

    The weight of place k of c is :math:`\frac{1}{c} \sum_{i=k}^{c} 1/i`. Criteria that tie share the weights of their
    places evenly.

    Args:
        ranks: One a criterion, the most important lowest; only their order counts.

    Raises:
        ProfileError: A rank is no finite number.

    >>> rank_order_centroid([1, 2, 3])
    (Fraction(11, 18), Fraction(5, 18), Fraction(1, 9))
    >>> rank_order_centroid([1, 2, 2])
    (Fraction(11, 18), Fraction(7, 36), Fraction(7, 36))

    References:
        Barron, Barrett (1996), Decision quality using ranked attribute weights, Management Science 42(11).
    """
    given = _numbers(ranks, "a rank")
    size, ordered = len(given), sorted(given)
    by_place = [sum((Fraction(1, i) for i in range(k, size + 1)), Fraction(0)) / size for k in range(1, size + 1)]

    def shared(rank: Fraction) -> Fraction:
        first, many = ordered.index(rank), ordered.count(rank)
        return sum(by_place[first : first + many], Fraction(0)) / many

    return tuple(map(shared, given))


def _numbers(given: Iterable[object], what: str) -> list[Fraction]:
    numbers = [exact(value, what) for value in given]
    if not numbers:
        raise ProfileError("no criteria", "give at least one", ())
    if min(numbers) < 0:
        raise ProfileError(f"{what} is 0 or more", "turn the scale of the criterion around instead", str(min(numbers)))
    return numbers
