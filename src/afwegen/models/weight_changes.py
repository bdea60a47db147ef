"""How little the weights of criteria must change for one alternative to catch up with another, exactly."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from attrs import frozen

from afwegen.models.additive import Additive
from afwegen.models.profile import Profile
from afwegen.models.rationals import Integers, product

__all__ = ["Stakes", "WeightChange", "all_on", "mean_weights", "stakes_of", "weight_change"]

_NONE: Final = Fraction(0)
_ALL: Final = Fraction(1)


@frozen(kw_only=True)
class WeightChange:
    """
    The smallest change of weights of criteria that lets a rival catch up.

    Attributes:
        alternative: Who is ahead.
        rival: Who catches up.
        change: The sum over criteria of the absolute changes, weights adding up to 1; where judges have their own
            weights, the mean over judges of that sum. In [0, 2].
        weights: The weights at which they tie, by criterion; where judges have their own, the means.
        overtakes: Whether the slightest change beyond puts the rival ahead; otherwise a tie is all there is.
    """

    alternative: str
    rival: str
    change: Fraction
    weights: tuple[tuple[str, Fraction], ...]
    overtakes: bool


@frozen(kw_only=True)
class Stakes:
    """
    What weights of criteria decide about, exactly.

    Where all judges share one set of weights the group is one row; else every judge is.

    Attributes:
        profile: Where the names come from.
        values: By row, alternative and criterion.
        weights: By row and criterion, each row adding up to 1.
        voices: The share of each row in the group.
    """

    profile: Profile
    values: tuple[tuple[tuple[Fraction, ...], ...], ...]
    weights: tuple[tuple[Fraction, ...], ...]
    voices: tuple[Fraction, ...]


def stakes_of(table: Additive) -> Stakes:
    """Return what weights decide about; see `Stakes`."""
    weights = tuple(tuple(Fraction(unit, sum(row)) for unit in row) for row in table.units.tolist())
    if len(weights) == 1:
        by_criterion = [table.group(all_on(table, k)) for k in range(len(table.profile.criteria))]
        return Stakes(
            profile=table.profile, values=(tuple(zip(*by_criterion, strict=True)),), weights=weights, voices=(_ALL,)
        )
    over, under = (np.broadcast_to(part, table.scores.shape).tolist() for part in table.ratios)
    values = tuple(
        tuple(tuple(map(Fraction, *cells)) for cells in zip(*sheets, strict=True))
        for sheets in zip(over, under, strict=True)
    )
    return Stakes(profile=table.profile, values=values, weights=weights, voices=voices_of(table))


def weight_change(stakes: Stakes, leader: int, rival: int) -> WeightChange | None:
    """Return the smallest change of weights that lets *rival* catch up with *leader*; None when none does."""
    gains = [[b - a for a, b in zip(row[leader], row[rival], strict=True)] for row in stakes.values]
    best = [row.index(max(row)) for row in gains]
    weights = [list(row) for row in stakes.weights]
    rows = list(zip(stakes.voices, weights, gains, strict=True))
    behind = -sum((voice * _dot(own, row) for voice, own, row in rows), _NONE)
    change = _NONE
    for worth, i, k in _moves(gains, best):
        if behind <= 0:
            break
        mass = min(weights[i][k], behind / (worth * stakes.voices[i]))
        weights[i][k] -= mass
        weights[i][best[i]] += mass
        change += 2 * mass * stakes.voices[i]
        behind -= worth * mass * stakes.voices[i]
    if behind > 0:
        return None
    return WeightChange(
        alternative=stakes.profile.alternatives[leader],
        rival=stakes.profile.alternatives[rival],
        change=change,
        weights=tuple(zip(stakes.profile.criteria, mixed(stakes.voices, weights), strict=True)),
        overtakes=sum((voice * max(row) for voice, _, row in rows), _NONE) > 0,
    )


def _moves(gains: list[list[Fraction]], best: list[int]) -> list[tuple[Fraction, int, int]]:
    """Return what a unit of weight is worth when it goes from a criterion to the row's best, dearest first."""
    worths = [
        (row[best[i]] - gain, i, k) for i, row in enumerate(gains) for k, gain in enumerate(row) if gain < row[best[i]]
    ]
    return sorted(worths, key=lambda move: (-move[0], move[1], move[2]))


def all_on(table: Additive, place: int) -> Integers:
    """Return weights ``(1, c)`` that give one criterion everything."""
    only = np.zeros((1, table.units.shape[1]), dtype=np.int64)
    only[0, place] = 1
    return only


def voices_of(table: Additive) -> tuple[Fraction, ...]:
    """Return the share of each row of judges in the group, exactly."""
    heard = product(table.heard, table.profile.counts).tolist()
    whole = sum(heard)
    return tuple(Fraction(voice, whole) for voice in heard)


def mean_weights(table: Additive) -> list[Fraction]:
    """Return the mean weight of each criterion, exactly; they add up to 1."""
    weights = [[Fraction(unit, sum(row)) for unit in row] for row in table.units.tolist()]
    return weights[0] if len(weights) == 1 else mixed(voices_of(table), weights)


def mixed(voices: Sequence[Fraction], rows: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    return [_dot(voices, column) for column in zip(*rows, strict=True)]


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), _NONE)
