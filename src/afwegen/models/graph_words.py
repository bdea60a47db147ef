"""The explanations of the consensus graph in English and Dutch; numbers are rounded for display only."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from afwegen.models.explanation import Language, listed, number, phrase

if TYPE_CHECKING:
    from afwegen.models.graph_why import Path, WhyAbove

__all__ = ["PLACE", "few", "path_in_words", "undone_in_words", "verdict_in_words"]

Phrases = Mapping[Language, str]

_VERDICTS: Final[Mapping[str, Mapping[str, Phrases]]] = {
    "schulze": {
        "above": {
            "en": "{a} stands above {b}: the widest path from {a} to {b} is {p} strong, the way back {q}.",
            "nl": "{a} staat boven {b}: het breedste pad van {a} naar {b} is {p} sterk, de weg terug {q}.",
        },
        "neither": {
            "en": "Neither {a} nor {b} stands above the other: the widest paths both ways are {p} strong.",
            "nl": "{a} en {b} staan geen van beide boven de ander: de breedste paden heen en terug zijn {p} sterk.",
        },
    },
    "kemeny": {
        "above": {
            "en": "{a} stands above {b} in every order that is nearest to the judges ({k} in all).",
            "nl": "{a} staat boven {b} in elke volgorde die het dichtst bij de beoordelaars ligt ({k} in totaal).",
        },
        "neither": {
            "en": "The {k} orders nearest to the judges do not agree on {a} and {b}.",
            "nl": "De {k} volgordes die het dichtst bij de beoordelaars liggen, zijn het niet eens over {a} en {b}.",
        },
    },
    "ranked-pairs": {
        "above": {
            "en": "{a} stands above {b}: the margins that ranked pairs keeps lead from {a} to {b}.",
            "nl": "{a} staat boven {b}: de meerderheden die 'ranked pairs' behoudt, leiden van {a} naar {b}.",
        },
        "neither": {
            "en": "The margins that ranked pairs keeps lead neither from {a} to {b} nor back.",
            "nl": "De meerderheden die 'ranked pairs' behoudt, leiden niet van {a} naar {b} en niet terug.",
        },
    },
    "points": {
        "above": {
            "en": "{a} stands above {b}: {x} points against {y} ({rule}).",
            "nl": "{a} staat boven {b}: {x} punten tegen {y} ({rule}).",
        },
        "neither": {
            "en": "{a} and {b} both have {x} points ({rule}).",
            "nl": "{a} en {b} hebben allebei {x} punten ({rule}).",
        },
    },
}

_PATHS: Final[Mapping[str, Phrases]] = {
    "none": {
        "en": "No path of positive margins leads from {a} to {b}.",
        "nl": "Er leidt geen pad van positieve marges van {a} naar {b}.",
    },
    "steps": {
        "en": "From {a} to {b}: {steps}. The weakest link is {weakest}, margin {margin}: {weight} for (weight of the "
        "judges), {against} against; for it: {who}.",
        "nl": "Van {a} naar {b}: {steps}. De zwakste schakel is {weakest}, marge {margin}: {weight} voor (gewicht van "
        "de beoordelaars), {against} tegen; ervoor: {who}.",
    },
}

_UNDONE: Final[Mapping[str, Phrases]] = {
    "some": {
        "en": "Without any one of these judges it would be otherwise: {who}.",
        "nl": "Zonder één van deze beoordelaars zou het anders zijn: {who}.",
    },
    "none": {
        "en": "It would be the same without any one of the judges.",
        "nl": "Het zou hetzelfde zijn zonder welke ene beoordelaar ook.",
    },
}

PLACE: Final[Mapping[str, Phrases]] = {
    "above": {"en": "{name} stands above {others}.", "nl": "{name} staat boven {others}."},
    "below": {"en": "{name} stands below {others}.", "nl": "{name} staat onder {others}."},
    "beside": {
        "en": "Between {name} and {others} the rule does not tell.",
        "nl": "Tussen {name} en {others} beslist de regel niet.",
    },
    "undefeated": {"en": "Nothing stands above {name}.", "nl": "Niets staat boven {name}."},
}

_SHOWN: Final = 10
"""The most names in one sentence; the data holds them all."""

_MORE: Final[Phrases] = {"en": "{number} others", "nl": "{number} anderen"}


def few(names: tuple[str, ...], language: Language) -> str:
    """Enumerate names, and only count those beyond the tenth."""
    if len(names) <= _SHOWN:
        return listed(names, language)
    return listed((*names[:_SHOWN], phrase(_MORE, language, number=len(names) - _SHOWN)), language)


def verdict_in_words(why: "WhyAbove", language: Language) -> str:
    """Say what the rule decided between two alternatives, and by what numbers."""
    turned = why.verdict == "below"
    first, second = (why.rival, why.path) if turned else (why.path, why.rival)
    points = why.points or (0.0, 0.0)
    higher, lower = points[::-1] if turned else points
    parts: dict[str, Any] = {
        "a": why.below if turned else why.above,
        "b": why.above if turned else why.below,
        "p": number(float(first.strength), language),
        "q": number(float(second.strength), language),
        "k": why.optima,
        "x": number(higher, language),
        "y": number(lower, language),
        "rule": why.rule.capitalize(),
    }
    table = _VERDICTS["points" if why.points is not None else why.rule]
    return phrase(table["neither" if why.verdict == "neither" else "above"], language, **parts)


def path_in_words(path: "Path", start: str, end: str, language: Language) -> str:
    """Say how a widest path runs, and whose its weakest link is."""
    if not path.links:
        return phrase(_PATHS["none"], language, a=start, b=end)
    steps = "".join(f" > {link.below} ({number(float(link.margin), language)})" for link in path.links)
    weakest = path.weakest[0]
    return phrase(
        _PATHS["steps"],
        language,
        a=start,
        b=end,
        steps=start + steps,
        weakest=f"{weakest.above} > {weakest.below}",
        margin=number(float(weakest.margin), language),
        weight=number(float(weakest.weight), language),
        against=number(float(weakest.against), language),
        who=few(weakest.supporters, language),
    )


def undone_in_words(judges: tuple[str, ...], language: Language) -> str:
    """Say without which judges it would be otherwise."""
    return phrase(_UNDONE["some" if judges else "none"], language, who=few(judges, language))
