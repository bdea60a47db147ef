"""The explanation of an AHP outcome, in English and Dutch."""

from collections.abc import Iterator, Mapping
from math import exp
from typing import TYPE_CHECKING, Final

from afwegen.models.explanation import Language, language_of, listed, phrase

if TYPE_CHECKING:
    from afwegen.models.ahp.explaining import HierarchicalExplanation

__all__ = ["spoken"]

Phrases = Mapping[Language, str]

_ALONE: Final[Phrases] = {
    "en": "{a} is the only alternative.",
    "nl": "{a} is het enige alternatief.",
}
_STANDS: Final[Mapping[str, Phrases]] = {
    "above": {
        "en": "{a} scores {score} and {b} {against}: {a} stands above {b}, {ratio} to 1.",
        "nl": "{a} scoort {score} en {b} {against}: {a} staat boven {b}, {ratio} tegen 1.",
    },
    "tied": {
        "en": "{a} scores {score} and {b} {against}: they are tied.",
        "nl": "{a} scoort {score} en {b} {against}: ze staan gelijk.",
    },
    "below": {
        "en": "{a} scores {score} and {b} {against}: {a} stands below {b}, {ratio} to 1.",
        "nl": "{a} scoort {score} en {b} {against}: {a} staat onder {b}, {ratio} tegen 1.",
    },
}
_PART: Final[Mapping[str, Phrases]] = {
    "logarithm": {
        "en": "Under {node} (importance {importance}) {a} has {local} and {b} {against}: "
        "that multiplies the ratio by {adds}.",
        "nl": "Onder {node} (belang {importance}) heeft {a} {local} en {b} {against}: "
        "dat vermenigvuldigt de verhouding met {adds}.",
    },
    "difference": {
        "en": "Under {node} (importance {importance}) {a} has {local} and {b} {against}: "
        "that adds {adds} to the difference.",
        "nl": "Onder {node} (belang {importance}) heeft {a} {local} en {b} {against}: "
        "dat voegt {adds} toe aan het verschil.",
    },
}
_ABSENT: Final[Phrases] = {
    "en": "Without {who} this would no longer be so; fewer absent judges are not enough for that.",
    "nl": "Zonder {who} was dit niet meer zo; minder afwezige beoordelaars zijn daarvoor niet genoeg.",
}
_SHIFT: Final[Phrases] = {
    "en": "If the importance of {node} rose from {now} to {then}, the rest shrinking alike, they would tie.",
    "nl": "Als het belang van {node} steeg van {now} naar {then}, en de rest naar rato kromp, stonden ze gelijk.",
}
_JUDGEMENT: Final[Phrases] = {
    "en": "{a} over {b} was judged {now}; at {then} they would tie.",
    "nl": "{a} boven {b} is beoordeeld met {now}; bij {then} stonden ze gelijk.",
}
_INCONSISTENT: Final[Phrases] = {
    "en": "Under {node} the judgements of {judge} have a consistency ratio of {cr}; "
    "{triad} contradict each other most. "
    "{first} over {second} was judged {value}; {mended} would fit the other judgements, with a ratio of {then}.",
    "nl": "Onder {node} hebben de oordelen van {judge} een consistentieratio van {cr}; "
    "{triad} spreken elkaar het meest tegen. "
    "{first} boven {second} is beoordeeld met {value}; {mended} past bij de andere oordelen, met een ratio van {then}.",
}


def spoken(why: "HierarchicalExplanation", language: str) -> tuple[str, ...]:
    """Return *why* in sentences."""
    return tuple(_sentences(why, language_of(language)))


def _sentences(why: "HierarchicalExplanation", language: Language) -> Iterator[str]:
    names = {"a": why.alternative, "b": why.against}
    if why.against is None:
        yield phrase(_ALONE, language, a=why.alternative)
    else:
        yield phrase(
            _STANDS[why.relation], language, **names, score=why.score, against=why.score_against, ratio=why.ratio
        )
    # One leaf says nothing that the scores have not said.
    for part in why.parts if len(why.parts) > 1 else ():
        yield phrase(
            _PART[why.measure],
            language,
            **names,
            node=part.node,
            importance=part.importance,
            local=part.local,
            against=part.against,
            adds=exp(part.adds) if why.measure == "logarithm" else part.adds,
        )
    if why.fewest_absent:
        yield phrase(_ABSENT, language, who=listed(why.fewest_absent, language))
    for shift in why.shifts:
        yield phrase(_SHIFT, language, node=shift.node, now=shift.now, then=shift.then)
    if why.judgement is not None:
        now, then = why.judgement
        yield phrase(_JUDGEMENT, language, **names, now=now, then=then)
    for matrix in why.inconsistent:
        first, second = matrix.pair
        yield phrase(
            _INCONSISTENT,
            language,
            node=matrix.node,
            judge=matrix.judge,
            cr=matrix.cr,
            triad=listed(matrix.triad, language),
            first=first,
            second=second,
            value=matrix.value,
            mended=matrix.mended,
            # What rounding leaves of 0 is not worth fifteen decimals.
            then=round(matrix.cr_mended, 9),
        )
