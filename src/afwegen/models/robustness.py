"""
How much would have to be different before another alternative came first?

All answers about weights and judges are exact. They hold for the outcome of a `WeightedSum`, for each alternative that
shares its first place, or for any alternative that is asked about. Only SMAA estimates.
"""

from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
from attrs import frozen

from afwegen.errors import ModelError
from afwegen.models.additive import Additive
from afwegen.models.outcome import Outcome
from afwegen.models.profile import Profile
from afwegen.models.rationals import Integers, product
from afwegen.models.smaa import BitGenerator, Smaa, acceptability
from afwegen.models.weight_changes import WeightChange, all_on, mean_weights, stakes_of, weight_change
from afwegen.models.weighted_sum import WeightedSum

__all__ = [
    "Absence",
    "WeightChange",
    "WeightInterval",
    "fewest_absent_judges",
    "smaa",
    "smallest_weight_change",
    "weight_intervals",
]

_NONE: Final = Fraction(0)
_ALL: Final = Fraction(1)

Scores = tuple[Fraction, ...]
Stretch = tuple[Fraction, list[int]]


@frozen(kw_only=True)
class WeightInterval:
    """
    How far the weight of one criterion may move while an alternative stays first, the others kept in proportion.

    Where the criterion has all the weight, the others are taken as equal among themselves. Judges with weights of their
    own all walk the same share of their way: upwards to where only this criterion counts, downwards to where it does
    not count.

    Attributes:
        criterion: Whose weight moves.
        alternative: Who is first today, alone or with others.
        weight: Of the criterion today; where judges have their own, the mean.
        low: The least it can be, ends included.
        high: The most it can be.
        down: Share of the way down to weight 0 that it can go.
        up: Share of the way up to weight 1 that it can go.
        low_rivals: Who ties at the low end, nobody when it is the end of the way.
        high_rivals: Who ties at the high end.
    """

    criterion: str
    alternative: str
    weight: Fraction
    low: Fraction
    high: Fraction
    down: Fraction
    up: Fraction
    low_rivals: tuple[str, ...]
    high_rivals: tuple[str, ...]


@frozen(kw_only=True)
class Absence:
    """
    The fewest judges without whom an alternative is no longer ahead of a rival; somebody is left.

    Attributes:
        alternative: Who is ahead.
        rival: Who catches up.
        tied: How many judges must be absent before the rival is at least tied; None when no absence does it.
        overtaken: How many before the rival is ahead; None when no absence does it.
        judges: Whose absence overtakes, or ties where none overtakes: one such set, a name for every judge in a count.
    """

    alternative: str
    rival: str
    tied: int | None
    overtaken: int | None
    judges: tuple[str, ...]


def weight_intervals(outcome: Outcome) -> tuple[WeightInterval, ...]:
    """
    Return, for every alternative in first place and every criterion, the weights at which it stays there.

    Raises:
        ModelError: The outcome is not of a weighted sum, or scores are missing and so not linear in the weights.

    References:
        Mareschal (1988), Weight stability intervals in multicriteria decision aid, EJOR 33(1).
    """
    table = linear(outcome)
    leaders = [table.profile.alternatives.index(name) for name in outcome.winners]
    today, means = table.group(), mean_weights(table)
    ends = [_ends(table, place) for place in range(len(means))]
    return tuple(
        _interval(table.profile, (leader, place), means[place], _stays(today, up, leader), _stays(today, down, leader))
        for leader in leaders
        for place, (up, down) in enumerate(ends)
    )


def _ends(table: Additive, place: int) -> tuple[Scores, Scores]:
    """Return the group's scores at both ends of the way of one weight: all of it, and nothing of it."""
    only = all_on(table, place)
    if only.size == 1:
        return table.group(), table.group()
    rest = np.where(only == 1, 0, table.units)
    return table.group(only), table.group(np.where((rest == 0).all(axis=1, keepdims=True), 1 - only, rest))


def _interval(
    profile: Profile, where: tuple[int, int], weight: Fraction, upwards: Stretch, downwards: Stretch
) -> WeightInterval:
    leader, place = where
    (up, high_rivals), (down, low_rivals) = upwards, downwards
    single = len(profile.criteria) == 1
    return WeightInterval(
        criterion=profile.criteria[place],
        alternative=profile.alternatives[leader],
        weight=weight,
        low=weight if single else weight * (1 - down),
        high=weight + up * (1 - weight),
        down=_NONE if single else down,
        up=up,
        low_rivals=tuple(profile.alternatives[rival] for rival in low_rivals),
        high_rivals=tuple(profile.alternatives[rival] for rival in high_rivals),
    )


def _stays(today: Scores, end: Scores, leader: int) -> Stretch:
    """Return the share of the way from *today* to *end* that *leader* stays first, and who ties where it stops."""
    furthest, rivals = _ALL, list[int]()
    for rival in range(len(today)):
        before, after = today[leader] - today[rival], end[leader] - end[rival]
        if after >= 0:
            continue
        share = before / (before - after)
        if share < furthest:
            furthest, rivals = share, []
        if share == furthest:
            rivals.append(rival)
    return furthest, rivals


def smallest_weight_change(outcome: Outcome, alternative: str | None = None) -> tuple[WeightChange, ...]:
    r"""
    Return, for every rival that can catch up, the smallest change of weights that lets it; the nearest first.

    The linear programme for one rival, minimise :math:`\lVert w' - w \rVert_1` where :math:`w' \ge 0` adds up to 1 and
    :math:`\sum_k w'_k (u_k(b) - u_k(a)) \ge 0`, is a fractional knapsack: weight goes to the criterion that favours the
    rival most, from those that favour it least, first things first. So it is solved in fractions, without a solver. The
    answer is an infimum, reached as a tie; a rival that is worse on all criteria never catches up, and is left out. The
    runner-up is not always the nearest.

    Args:
        outcome: Of a weighted sum.
        alternative: Who is ahead; by default the first of those in first place.

    Raises:
        ModelError: The outcome is not of a weighted sum, scores are missing, or the alternative is unknown.

    References:
        Dantzig (1957), Discrete-variable extremum problems, for the knapsack; Rios Insua, French (1991), EJOR 54(2).
    """
    table = linear(outcome)
    leader = place_of(outcome, alternative)
    stakes = stakes_of(table)
    rivals = [rival for rival in range(len(table.profile.alternatives)) if rival != leader]
    found = [weight_change(stakes, leader, rival) for rival in rivals]
    return tuple(sorted((change for change in found if change), key=lambda change: change.change))


def fewest_absent_judges(outcome: Outcome, alternative: str | None = None) -> tuple[Absence, ...]:
    """
    Return, for every rival, the fewest judges whose absence lets it catch up; the nearest first.

    Those go first who favour the alternative most, by their weight. Rivals that no absence helps are not in it.

    Args:
        outcome: Of a weighted sum.
        alternative: Who is ahead; by default the first of those in first place.

    Raises:
        ModelError: The outcome is not of a weighted sum, has bounds in place of scores, or the alternative is unknown.
    """
    table = table_of(outcome)
    leader = place_of(outcome, alternative)
    support = supports(table)
    rivals = [rival for rival in range(len(table.profile.alternatives)) if rival != leader]
    found = [absence(table, support, leader, rival) for rival in rivals]
    many = int(table.profile.counts.sum())
    return tuple(
        sorted(
            (each for each in found if each.tied is not None),
            key=lambda each: (many if each.overtaken is None else each.overtaken, each.tied),
        )
    )


def supports(table: Additive) -> Integers:
    """Return what one judge of each row gives each alternative, in whole numbers of one unit, ``(m, n)``."""
    sums = table.sums(table.ratios, table.units, table.given)
    common = lcm(*set(sums.under))
    scale = np.array([common // under for under in sums.under], dtype=object if common >= 2**62 else np.int64)
    return product(sums.over, product(table.heard, scale)[:, None])


def absence(table: Additive, support: Integers, leader: int, rival: int) -> Absence:
    """Return the fewest judges whose absence lets *rival* catch up with *leader*."""
    leads = (support[:, leader] - support[:, rival]).tolist()
    counts = table.profile.counts.tolist()
    tied, overtaken = _fewest(leads, counts, beyond=False), _fewest(leads, counts, beyond=True)
    shown = overtaken if overtaken is not None else tied or ()
    names = table.profile
    return Absence(
        alternative=names.alternatives[leader],
        rival=names.alternatives[rival],
        tied=None if tied is None else sum(many for _, many in tied),
        overtaken=None if overtaken is None else sum(many for _, many in overtaken),
        judges=tuple(names.judges[row] for row, many in shown for _ in range(many)),
    )


def _fewest(leads: list[int], counts: list[int], *, beyond: bool) -> list[tuple[int, int]] | None:
    """Return rows, and how many of each, without which the sum of leads is 0 or less, or below 0; None when none."""
    left = sum(lead * many for lead, many in zip(leads, counts, strict=True)) + beyond
    gone: list[tuple[int, int]] = []
    for row in sorted(range(len(leads)), key=lambda row: -leads[row]):
        if left <= 0 or leads[row] <= 0:
            break
        many = min(counts[row], -(-left // leads[row]))
        gone.append((row, many))
        left -= many * leads[row]
    somebody_left = sum(many for _, many in gone) < sum(counts)
    return gone if left <= 0 and somebody_left else None


def smaa(outcome: Outcome, *, samples: int = 10_000, seed: int, generator: BitGenerator = "PCG64") -> Smaa:
    """
    Estimate under which share of all weights, common to all judges, each alternative takes each place.

    Args:
        outcome: Of a weighted sum.
        samples: How many weights to draw.
        seed: From 0; part of the result.
        generator: A named source of raw bits.

    Raises:
        ModelError: The outcome is not of a weighted sum, scores are missing, or a setting is not what it should be.
    """
    table = linear(outcome)
    return acceptability(
        table.values @ table.voices,
        alternatives=table.profile.alternatives,
        criteria=table.profile.criteria,
        samples=samples,
        seed=seed,
        generator=generator,
    )


def table_of(outcome: Outcome) -> Additive:
    """Return what was added up; refuse outcomes of other models, and intervals."""
    if not isinstance(outcome.model, WeightedSum):
        raise ModelError("robustness is of weighted sums", "evaluate WeightedSum()", outcome.model.name)
    if outcome.scores is None or not outcome.ranking:
        raise ModelError("nothing is first for certain", "evaluate with scores, not bounds", outcome.ranking)
    return outcome.model.table(outcome.profile)


def linear(outcome: Outcome) -> Additive:
    """Return what was added up, refused where scores are missing: then scores are not linear in the weights."""
    table = table_of(outcome)
    if table.given is not None:
        raise ModelError("weights are moved where every score is given", "ask for the missing ones", outcome.notes)
    return table


def place_of(outcome: Outcome, alternative: str | None) -> int:
    """Return the place of an alternative in the profile; by default of the first winner."""
    name = outcome.winners[0] if alternative is None else alternative
    if name not in outcome.profile.alternatives:
        raise ModelError("an unknown alternative", f"name one of {outcome.profile.alternatives}", name)
    return outcome.profile.alternatives.index(name)
