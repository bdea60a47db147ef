"""The judges behind an outcome: who agrees with whom, who stands apart, who decides it, and where to talk."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from afwegen.errors import ModelError, ProfileError
from afwegen.models.agreement import cost_of_judges, over_pairs, signs
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Outcome
from afwegen.models.panel import Panel, agreement_of_judges, panel
from afwegen.models.profile import Profile

__all__ = ["LIMIT", "Dispute", "JudgesReport", "KnowsItsJudges", "disputes", "judges_report"]

LIMIT: Final = 10**9
"""The most work a report may be: judges squared times pairs of alternatives, plus judges times alternatives cubed."""


def _by_judge(values: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return FrozenMap(values)


def _names_by_judge(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenMap(names)


@runtime_checkable
class KnowsItsJudges(Protocol):
    """A model that says itself what its judges' own orders are, and what it would make of all but one of them."""

    def orders_of_judges(self, profile: Profile) -> NDArray[np.float64]:
        """Return each judge's own order as ranks ``(m, n)``, NaN where there is none."""

    def undefeated_without(self, profile: Profile) -> tuple[frozenset[str], ...]:
        """Return, for each judge, the first tier if one such judge had not been there."""


@frozen(kw_only=True)
class Dispute:
    """
    A pair of alternatives the judges see differently.

    Attributes:
        pair: The two alternatives, in the order of the profile.
        degree: The consensus on the pair, in [0, 1].
        above: Judges who put the first above the second.
        tied: Judges who tie them.
        below: Judges who put the second above the first.
    """

    pair: tuple[str, str]
    degree: float
    above: tuple[str, ...]
    tied: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def carriers(self) -> tuple[str, ...]:
        """The smaller camp, whose members each disagree with the most others; both when they are equal."""
        if len(self.above) == len(self.below):
            return self.above + self.below
        return min(self.above, self.below, key=len)


@frozen(kw_only=True)
class JudgesReport:
    """
    Every judge, beside the others and beside the group. What it says of single judges is as personal as judgements.

    Attributes:
        agreement: Mean agreement with all the others, leave-one-out; in [0, 1], None with nobody to compare.
        distance: From the judge's own order to the group's relation, as a share of the pairs the judge compares;
            1 a reversed pair, 1/2 one tied or incomparable on one side only. None where the judge compares nothing.
        tau_b: Kendall's tau-b with the group's relation, incomparable as tied; None where either ties everything.
        distant: Judges far from all: agreement below the median by more than 3 median absolute deviations (MAD > 0)
            and below 1/2, with no other judge nearer than 1/2.
        blocs: Judges as low who do have others nearer than 1/2, and those others: a bloc, not somebody distant.
        pivotal: Judges without whom the undefeated alternatives would be others.
        disputes: Where to talk: the pairs with most disagreement, the worst first.
    """

    agreement: Mapping[str, float | None] = field(converter=_by_judge)
    distance: Mapping[str, float | None] = field(converter=_by_judge)
    tau_b: Mapping[str, float | None] = field(converter=_by_judge)
    distant: tuple[str, ...]
    blocs: Mapping[str, tuple[str, ...]] = field(converter=_names_by_judge)
    pivotal: tuple[str, ...]
    disputes: tuple[Dispute, ...]


def judges_report(outcome: Outcome) -> JudgesReport:
    """
    Report on the judges of any model's outcome, from their own orders under that model.

    A model that does not know its judges (`KnowsItsJudges`) is evaluated for each of them alone and without each.

    Raises:
        ModelError: More work than `LIMIT`.
    """
    profile = outcome.profile
    m, n = len(profile.judges), len(profile.alternatives)
    if (work := m * m * (n * (n - 1) // 2) + m * n**3) > LIMIT:
        raise ModelError(
            f"a report on {m:,} judges and {n:,} alternatives is too much work",
            do=f"stay below {LIMIT:,}: read `consensus`, or take a part of the profile with `only`",
            got=work,
        )
    counted = panel(_orders(outcome), profile.weights, profile.counts)
    agreement = agreement_of_judges(counted)
    distance, tau_b = _to_group(counted.ranks, _matrix(outcome))
    distant, blocs = _apart(counted, agreement, profile.judges)
    return JudgesReport(
        agreement=_named(agreement, profile.judges),
        distance=_named(distance, profile.judges),
        tau_b=_named(tau_b, profile.judges),
        distant=distant,
        blocs=blocs,
        pivotal=_pivotal(outcome),
        disputes=disputes(outcome, counted),
    )


def _orders(outcome: Outcome) -> NDArray[np.float64]:
    profile = outcome.profile
    if isinstance(outcome.model, KnowsItsJudges):
        return outcome.model.orders_of_judges(profile)
    ranks = np.full((len(profile.judges), len(profile.alternatives)), np.nan)
    for judge, row in zip(profile.judges, ranks, strict=True):
        try:
            tiers = outcome.model.evaluate(profile.only(judges=[judge])).ranking
        except ProfileError:  # alone, he did not say enough for the model
            continue
        rank_of = {name: rank for rank, tier in enumerate(tiers, start=1) for name in tier}
        row[:] = [rank_of[name] for name in profile.alternatives]
    return ranks


def _matrix(outcome: Outcome) -> NDArray[np.bool_]:
    names = outcome.profile.alternatives
    places = {name: place for place, name in enumerate(names)}
    above = np.zeros((len(names), len(names)), dtype=bool)
    for first, second in outcome.relation:
        above[places[first], places[second]] = True
    return above


def _named(values: NDArray[np.float64], judges: Sequence[str]) -> dict[str, float | None]:
    said = zip(judges, values.tolist(), np.isnan(values).tolist(), strict=True)
    return {judge: None if unknown else value for judge, value, unknown in said}


def _to_group(ranks: NDArray[np.float64], above: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each judge's distance to the group's relation and tau-b with it, over the pairs he compares."""
    given = (~np.isnan(ranks)).astype(np.float64)
    over, under = above.astype(np.float64), above.T.astype(np.float64)
    strict = over + under
    pairs = over_pairs(given, 1 - np.eye(len(above)))
    reversed_or_tied = over_pairs(given, strict) + cost_of_judges(ranks, 2 * under + (1 - strict) - strict)
    agreeing = cost_of_judges(ranks, over - under)
    possible = np.sqrt(cost_of_judges(ranks, np.ones_like(over)) * over_pairs(given, strict))
    return _share(reversed_or_tied, 2 * pairs), _share(agreeing, possible)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(part.shape, np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _apart(
    counted: Panel, agreement: NDArray[np.float64], judges: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return who is distant, and who is as low but in a bloc, with the others of it."""
    each = np.repeat(agreement, counted.counts)
    each = each[~np.isnan(each)]
    if not each.size:
        return (), {}
    median = np.median(each)
    deviation = np.median(abs(each - median))
    low = np.flatnonzero((deviation > 0) & (agreement < median - 3 * deviation) & (agreement < 1 / 2))
    near = _nearer_than_half(counted.ranks, low)
    near[range(len(low)), low] = counted.counts[low] > 1
    groups = {
        judges[place]: tuple(judges[other] for other in np.flatnonzero(row).tolist())
        for place, row in zip(low.tolist(), near, strict=True)
    }
    return tuple(judge for judge, bloc in groups.items() if not bloc), {j: bloc for j, bloc in groups.items() if bloc}


def _nearer_than_half(ranks: NDArray[np.float64], some: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which judges are nearer than 1/2 to *some* of them, over the pairs both compare: ``(some, m)``."""
    word = signs(ranks).astype(np.float64)
    first, second = np.triu_indices(ranks.shape[1], 1)
    both = (~np.isnan(ranks[:, first] + ranks[:, second])).astype(np.float64)
    strict = abs(word)
    twice = strict[some] @ both.T + both[some] @ strict.T - strict[some] @ strict.T - word[some] @ word.T
    return np.asarray(twice < both[some] @ both.T)


def _pivotal(outcome: Outcome) -> tuple[str, ...]:
    now = frozenset(outcome.winners)
    model, profile = outcome.model, outcome.profile
    if isinstance(model, KnowsItsJudges):
        others = model.undefeated_without(profile)
    else:
        others = tuple(_winners_without(model, profile, place) for place in range(len(profile.judges)))
    return tuple(judge for judge, winners in zip(profile.judges, others, strict=True) if winners != now)


def _winners_without(model: Any, profile: Profile, place: int) -> frozenset[str]:
    """Return who wins without one judge; where nobody is left to say anything, nothing is defeated."""
    if profile.counts[place] > 1:
        rest = evolve(profile, counts=profile.counts - (np.arange(len(profile.judges)) == place))
    elif len(profile.judges) > 1:
        rest = profile.without(profile.judges[place])
    else:
        return frozenset(profile.alternatives)
    return frozenset(model.evaluate(rest).winners)


def disputes(outcome: Outcome, counted: Panel, *, most: int = 3) -> tuple[Dispute, ...]:
    """Return the *most* pairs with the lowest consensus below 1, the worst first, and who stands where on them."""
    if outcome.consensus is None:
        return ()
    known = [(pair, degree) for pair, degree in outcome.consensus.by_pair.items() if degree is not None and degree < 1]
    worst = sorted(known, key=lambda found: found[1])[:most]
    return tuple(_dispute(outcome.profile, counted, pair, degree) for pair, degree in worst)


def _dispute(profile: Profile, counted: Panel, pair: tuple[str, str], degree: float) -> Dispute:
    a, b = map(profile.alternatives.index, pair)
    tied = np.flatnonzero(counted.ranks[:, a] == counted.ranks[:, b]).tolist()
    return Dispute(
        pair=pair,
        degree=degree,
        above=counted.supporters(profile.judges, a, b),
        tied=tuple(profile.judges[place] for place in tied),
        below=counted.supporters(profile.judges, b, a),
    )
