"""The words that several pictures share."""

from collections.abc import Iterable
from typing import Literal

from afwegen.events import ERASED, HIDDEN
from afwegen.method import Step
from afwegen.report.language import Language
from afwegen.report.pictures.keys import Key
from afwegen.report.pictures.lettering import clean

__all__ = ["Who", "model_name", "named", "plain", "share", "shortened", "step_name", "tallied"]

Who = Literal["participants", "subgroups", "models"]
"""Whose orders are shown; a decision model is called an aid."""


def share(say: Language, who: Who, part: int, whole: int) -> str:
    """Return how many of them: "2 of the 4 subgroups"."""
    match who:
        case "subgroups":
            return say.plural("{part} of the {n} subgroup", "{part} of the {n} subgroups", whole, part=part)
        case "participants":
            return say.plural("{part} of the {n} participant", "{part} of the {n} participants", whole, part=part)
        case _:
            return say.plural("{part} of the {n} aid", "{part} of the {n} aids", whole, part=part)


def named(say: Language, keys: Iterable[Key], *, most: int = 4) -> str:
    """Return titles as a list in a sentence; of many only the first, and how many more there are."""
    shown = [f"{shortened(key.title)} ({key.letter})" for key in keys]
    if len(shown) > most:
        rest = len(shown) - most
        shown = [*shown[:most], say.plural("{n} more", "{n} more", rest)]
    return say.joined(shown)


def tallied(say: Language, who: Who, times: Iterable[tuple[Key, int]], whole: int, *, most: int = 4) -> str:
    """Return what was how often, as a list in a sentence: the most often first, of many only the first."""
    order = sorted(times, key=lambda item: -item[1])
    said = [
        say.text("{title} for {share}", title=named(say, [key]), share=share(say, who, often, whole))
        for key, often in order[:most]
    ]
    rest = len(order) - most
    return say.joined([*said, say.plural("{n} more", "{n} more", rest)] if rest > 0 else said)


def shortened(title: str, most: int = 80) -> str:
    """Return a title as a sentence can bear it; the table holds it whole."""
    whole = clean(title[: 10 * most])
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def plain(value: object, say: Language) -> str:
    """Return a text of the log; in its place, where it is not there, why."""
    if isinstance(value, str):
        return value
    if value is ERASED:
        return say.text("removed on request")
    if value is HIDDEN:
        return say.text("not shown")
    return say.text("lost")


def step_name(step: Step, say: Language) -> str:
    """Return a step as a resident would name it, with its number in the method."""
    said = {
        Step.PREPARATION: say.text("Preparation"),
        Step.INVENTORY: say.text("1. What is going on"),
        Step.SHARPENING: say.text("2. What is really the problem"),
        Step.BASELINE: say.text("3. If we do nothing extra"),
        Step.SOLUTIONS: say.text("4. Solutions"),
        Step.EFFECTS: say.text("5. Effects and costs"),
        Step.PRESELECTION: say.text("6. Preselection"),
        Step.ANALYSIS: say.text("7. A closer look"),
        Step.CHOICE: say.text("8. The choice"),
        Step.FOLLOW_UP: say.text("Afterwards"),
    }
    return said[step]


def model_name(model: str, say: Language) -> str:
    """Return a decision model as a resident would name it; one of a third party by its own name."""
    match model:
        case "weighted-sum":
            return say.text("weighted sum")
        case "ahp":
            return say.text("pairwise comparison")
        case "consensus-graph":
            return say.text("consensus")
        case _:
            return model
