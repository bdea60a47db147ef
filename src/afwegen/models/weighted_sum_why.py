"""Why an alternative scores as it does, or stands above another: contributions, margins, and what would flip it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import field, frozen

from afwegen.models import robustness
from afwegen.models.additive import Additive
from afwegen.models.explanation import Language, language_of, listed, number, percent, phrase
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Outcome
from afwegen.models.rationals import Floats
from afwegen.models.robustness import Absence, WeightInterval
from afwegen.models.weight_changes import WeightChange, stakes_of, weight_change

__all__ = ["Why", "why"]

_SHOWN: Final = 3
"""How many contributions a sentence names; the data holds all of them."""


def _floats(items: Mapping[str, float]) -> Mapping[str, float]:
    return FrozenMap(items)


def _tables(items: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
    return FrozenMap({name: FrozenMap(row) for name, row in items.items()})


@frozen(kw_only=True)
class Why:
    """
    Why an alternative has its score, or the lead it has on another.

    Attributes:
        alternative: Who is explained.
        rival: With whom it is compared; None: with nobody.
        rank: Of the alternative, counted in tiers from 1.
        amount: The score, or the lead on the rival: negative when it is behind.
        tied: Whether it shares its place: with the rival, or without one with anybody.
        by_criterion: What each criterion adds to the amount.
        by_judge: What each row of judges adds to the amount, by weight and count.
        by_judge_and_criterion: Both; all add up to the amount.
        margins: The lead on every other alternative, or on the rival alone.
        intervals: For a shared or sole first place: the weights at which it stays.
        change: The smallest change of weights that lets the one behind catch up with the one ahead. Without a rival
            that is the nearest other for an alternative in first place, and for any other itself with the first. None
            where no change does, or scores are missing.
        absence: The fewest judges whose absence does the same; None where none does.
        judges: How many there are.
        exact: Whether ties are exact, not within rounding.
        complete: Whether every score was given.
    """

    alternative: str
    rival: str | None
    rank: int
    amount: float
    tied: bool
    by_criterion: Mapping[str, float] = field(converter=_floats)
    by_judge: Mapping[str, float] = field(converter=_floats)
    by_judge_and_criterion: Mapping[str, Mapping[str, float]] = field(converter=_tables, repr=False)
    margins: Mapping[str, float] = field(converter=_floats)
    intervals: tuple[WeightInterval, ...]
    change: WeightChange | None
    absence: Absence | None
    judges: int
    exact: bool
    complete: bool

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """
        Say it in plain sentences; numbers are rounded for display only.

        They name judges and what those judges added: to whom they are shown is for the session's disclosure to say.

        Args:
            language: ``"en"`` or ``"nl"``.
        """
        return tuple(_said(self, language_of(language)))


def why(outcome: Outcome, alternative: str, rival: str | None = None) -> Why:
    """
    Explain an outcome of a weighted sum.

    Args:
        outcome: Of a `WeightedSum`, with scores.
        alternative: Whose score, or whose lead.
        rival: On whom; None: the score by itself.

    Raises:
        ModelError: The outcome has bounds in place of scores.
    """
    table = robustness.table_of(outcome)
    names = table.profile.alternatives
    place = names.index(alternative)
    parts = _parts(table, place) - (_parts(table, names.index(rival)) if rival else 0.0)
    ahead = {name: _amount(outcome, alternative, name) for name in names if name not in {alternative, rival or ""}}
    others = {rival: _amount(outcome, alternative, rival)} if rival else ahead
    criteria, judges = table.profile.criteria, table.profile.judges
    change, absence = _flips(outcome, table, alternative, rival)
    scores = outcome.scores or {}
    return Why(
        alternative=alternative,
        rival=rival,
        rank=_tier(outcome, alternative),
        amount=scores[alternative] - (scores[rival] if rival else 0.0),
        tied=any(_tier(outcome, name) == _tier(outcome, alternative) for name in others),
        by_criterion=_named(criteria, parts.sum(axis=0)),
        by_judge=_named(judges, parts.sum(axis=1)),
        by_judge_and_criterion={judge: _named(criteria, row) for judge, row in zip(judges, parts, strict=True)},
        margins=others,
        intervals=_intervals(outcome, table, alternative),
        change=change,
        absence=absence,
        judges=int(table.profile.counts.sum()),
        exact=table.normalisation != "vector",
        complete=table.given is None,
    )


def _parts(table: Additive, place: int) -> Floats:
    """Return what each judge and criterion adds to the score of an alternative, ``(m, c)``."""
    shares = table.shares if table.given is None else np.where(table.given[:, place], table.shares, 0.0)
    even = shares / shares.sum(axis=-1, keepdims=True)
    return np.asarray(table.values[place].T * even * table.voices[:, None])


def _named(names: Sequence[str], numbers: Floats) -> dict[str, float]:
    return dict(zip(names, numbers.tolist(), strict=True))


def _tier(outcome: Outcome, name: str) -> int:
    return next(rank for rank, tier in enumerate(outcome.ranking, start=1) if name in tier)


def _amount(outcome: Outcome, alternative: str, rival: str) -> float:
    scores = outcome.scores or {}
    return 0.0 if _tier(outcome, alternative) == _tier(outcome, rival) else scores[alternative] - scores[rival]


def _intervals(outcome: Outcome, table: Additive, alternative: str) -> tuple[WeightInterval, ...]:
    if table.given is not None or alternative not in outcome.winners:
        return ()
    return tuple(each for each in robustness.weight_intervals(outcome) if each.alternative == alternative)


def _flips(
    outcome: Outcome, table: Additive, alternative: str, rival: str | None
) -> tuple[WeightChange | None, Absence | None]:
    """Return what it takes for the one behind to catch up: with *alternative*, or by it with the first."""
    first = alternative in outcome.winners
    if rival is None and first:
        changes = robustness.smallest_weight_change(outcome, alternative) if table.given is None else ()
        absences = robustness.fewest_absent_judges(outcome, alternative)
        return next(iter(changes), None), next(iter(absences), None)
    other = rival or outcome.winners[0]
    ahead, behind = sorted((alternative, other), key=lambda name: _tier(outcome, name))
    places = [table.profile.alternatives.index(name) for name in (ahead, behind)]
    change = weight_change(stakes_of(table), *places) if table.given is None else None
    absence = robustness.absence(table, robustness.supports(table), *places)
    return change, absence if absence.tied is not None else None


_SENTENCES: Final[Mapping[str, Mapping[Language, str]]] = {
    "score": {"en": "{a} scores {amount} and is number {rank}.", "nl": "{a} scoort {amount} en is nummer {rank}."},
    "shares": {"en": "It shares that place.", "nl": "Het deelt die plaats."},
    "ahead": {"en": "{a} is {amount} ahead of {b}.", "nl": "{a} staat {amount} voor op {b}."},
    "behind": {"en": "{a} is {amount} behind {b}.", "nl": "{a} staat {amount} achter op {b}."},
    "tie": {"en": "{a} and {b} are exactly tied.", "nl": "{a} en {b} staan precies gelijk."},
    "near-tie": {
        "en": "{a} and {b} are tied within rounding.",
        "nl": "{a} en {b} staan gelijk, op afronding na.",
    },
    "criteria": {"en": "Most comes from {parts}.", "nl": "Het meeste komt van {parts}."},
    "against": {"en": "Against it: {parts}.", "nl": "Ertegen werkt: {parts}."},
    "judges": {"en": "The judges who add most are {parts}.", "nl": "Het meest dragen bij: {parts}."},
    "next": {"en": "The nearest other is {b}, at {amount}.", "nl": "Het dichtst erbij staat {b}, op {amount}."},
    "interval": {
        "en": "It stays first while the weight of {criterion} is between {low} and {high} (now {weight}).",
        "nl": "Het blijft eerste zolang het gewicht van {criterion} tussen {low} en {high} ligt (nu {weight}).",
    },
    "change": {
        "en": "{b} catches up with {a} when the weights change by {change} in all.",
        "nl": "{b} haalt {a} in als de gewichten samen {change} veranderen.",
    },
    "no change": {
        "en": "No other weights let the one behind catch up.",
        "nl": "Met geen andere gewichten wordt dit ingehaald.",
    },
    "absence": {
        "en": "Without {many} of the {all} judges ({who}) {b} would overtake {a}.",
        "nl": "Zonder {many} van de {all} beoordelaars ({who}) zou {b} boven {a} komen.",
    },
    "absence ties": {
        "en": "Without {many} of the {all} judges ({who}) {b} would be level with {a}.",
        "nl": "Zonder {many} van de {all} beoordelaars ({who}) zou {b} gelijk staan met {a}.",
    },
    "no absence": {
        "en": "No absence of judges would change this.",
        "nl": "Geen afwezigheid van beoordelaars zou dit veranderen.",
    },
}


def _said(why: Why, language: Language) -> Iterator[str]:
    def say(key: str, **parts: object) -> str:
        return phrase(_SENTENCES[key], language, **parts)

    if why.rival is None:
        yield say("score", a=why.alternative, amount=why.amount, rank=why.rank)
        if why.tied:
            yield say("shares")
        elif why.margins:
            nearest = min(why.margins, key=lambda name: abs(why.margins[name]))
            yield say("next", b=nearest, amount=abs(why.margins[nearest]))
    elif why.tied:
        yield say("tie" if why.exact else "near-tie", a=why.alternative, b=why.rival)
    else:
        yield say("ahead" if why.amount > 0 else "behind", a=why.alternative, b=why.rival, amount=abs(why.amount))
    yield from _contributions(why, language)
    for interval in why.intervals if why.rival is None else ():
        low, high, weight = (percent(float(part), language) for part in (interval.low, interval.high, interval.weight))
        yield say("interval", criterion=interval.criterion, low=low, high=high, weight=weight)
    if why.margins:
        yield from _flipping(why, language)


def _contributions(why: Why, language: Language) -> Iterator[str]:
    """Name the largest contributions, and in a comparison those that count against it."""
    way = -1 if why.amount < 0 and why.rival is not None else 1
    for key, parts in (("criteria", why.by_criterion), ("judges", why.by_judge)):
        order = sorted(parts, key=lambda name: -way * parts[name])
        with_it = [name for name in order if way * parts[name] > 0][:_SHOWN]
        against = [name for name in reversed(order) if way * parts[name] < 0][:_SHOWN]
        if with_it:
            yield phrase(_SENTENCES[key], language, parts=_amounts(parts, with_it, language))
        if against:
            yield phrase(_SENTENCES["against"], language, parts=_amounts(parts, against, language))


def _amounts(parts: Mapping[str, float], names: Sequence[str], language: Language) -> str:
    return listed([f"{name} ({number(parts[name], language)})" for name in names], language)


def _flipping(why: Why, language: Language) -> Iterator[str]:
    change, absence = why.change, why.absence
    if change is not None and change.change > 0:
        parts = {"a": change.alternative, "b": change.rival, "change": percent(float(change.change), language)}
        yield phrase(_SENTENCES["change"], language, **parts)
    elif change is None and why.complete:
        yield phrase(_SENTENCES["no change"], language)
    if absence is None:
        yield phrase(_SENTENCES["no absence"], language)
        return
    overtaken = absence.overtaken is not None
    many = absence.overtaken if overtaken else absence.tied
    if many:
        parts = {"a": absence.alternative, "b": absence.rival, "many": str(many), "all": str(why.judges)}
        who = listed(dict.fromkeys(absence.judges), language)
        yield phrase(_SENTENCES["absence" if overtaken else "absence ties"], language, who=who, **parts)
