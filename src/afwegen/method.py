"""The method's own words: its steps, its roles, and the numbers it advises (*Afwegen in de Wijk*)."""

from enum import StrEnum
from typing import Final, Literal

from attrs import frozen

__all__ = ["LEADING", "METHOD_STEPS", "RULES_VERSION", "MethodSettings", "Role", "RoleName", "Step", "StepName"]

RULES_VERSION: Final = 1
"""Version of the rules a session is held to; recorded when it starts, so that an audit applies the same."""


class Step(StrEnum):
    """
    The eight steps, with preparation before and follow-up after them (*stap*).

    Members are their own strings: ``Step("inventory") is Step.INVENTORY``.
    """

    PREPARATION = "preparation"
    """*Voorbereiding*: the occasion, who is invited, which meetings."""
    INVENTORY = "inventory"
    """1, *inventariseren*: find out what is really going on."""
    SHARPENING = "sharpening"
    """2, *aanscherpen*: the core problem of each problem owner."""
    BASELINE = "baseline"
    """3, *basisalternatief*: what happens if we do nothing extra."""
    SOLUTIONS = "solutions"
    """4, *oplossingen inventariseren*: a broad inventory of solutions."""
    EFFECTS = "effects"
    """5, *effecten en meerkosten*: what would each change, and cost."""
    PRESELECTION = "preselection"
    """6, *voorselectie*: which few deserve a closer look."""
    ANALYSIS = "analysis"
    """7, *effecten analyseren*: an effect card for each of those."""
    CHOICE = "choice"
    """8, *kiezen*: people choose, with reasons."""
    FOLLOW_UP = "follow_up"
    """*Wat Werkt in de Wijk*: what came of it; not a step of the method."""

    @property
    def position(self) -> int:
        """Return the place in the order of the steps; the method's own number for the eight, 0 and 9 around them."""
        return _ORDER[self]

    @property
    def following(self) -> "Step | None":
        """Return the step after this one, or None after follow-up."""
        steps = tuple(Step)
        return steps[self.position + 1] if self.position + 1 < len(steps) else None

    @property
    def called(self) -> str:
        """Return the name in a sentence: ``step 1`` for the eight, the word itself for the two around them."""
        return f"step {self.position}" if self in METHOD_STEPS else self.value.replace("_", "-")


_ORDER: Final = {step: position for position, step in enumerate(Step)}
METHOD_STEPS: Final = frozenset(Step) - {Step.PREPARATION, Step.FOLLOW_UP}

StepName = (
    Step
    | Literal[
        "preparation",
        "inventory",
        "sharpening",
        "baseline",
        "solutions",
        "effects",
        "preselection",
        "analysis",
        "choice",
        "follow_up",
    ]
)
"""A step, or its string."""


class Role(StrEnum):
    """In which capacity somebody acts; one person may hold several (*rol*)."""

    ORGANISER = "organiser"
    """*Initiatiefnemer*: starts the session, states the occasion, leads until a facilitator is appointed."""
    FACILITATOR = "facilitator"
    """*Begeleider*: leads; opens and closes steps, rounds and meetings."""
    PARTICIPANT = "participant"
    """*Deelnemer*: reports, prioritises, judges, ranks."""
    SUBGROUP = "subgroup"
    """*Groepje*: participants who work together, an author in its own right."""
    PLENARY = "plenary"
    """*Plenair*: the whole group as author; entered by who leads."""
    RECORDER = "recorder"
    """*Notulist*: enters what was said aloud or on paper, on behalf of others."""
    DECIDER = "decider"
    """*Beslisser*: decides in step 8; may never have been a participant."""
    SYSTEM = "system"
    """The library itself, on behalf of a caller: a start, a model result, an export."""


RoleName = (
    Role | Literal["organiser", "facilitator", "participant", "subgroup", "plenary", "recorder", "decider", "system"]
)
"""A role, or its string."""

LEADING: Final = frozenset({Role.ORGANISER, Role.FACILITATOR})
"""The roles that lead; the organiser's only until a facilitator is appointed."""


@frozen(kw_only=True)
class MethodSettings:
    """
    The numbers advice goes by; settings, because the method's pages disagree.

    Only 10 and 25 stand in the practice article of 2017. Change one with ``SettingChanged``, so that the log shows it.
    """

    minimum_people: int = 10
    maximum_people: int = 25
    minimum_parties: int = 3
    minimum_residents: int = 1
    largest_share_percent: int = 50
    minimum_effects: int = 3
    maximum_effects: int = 5
    negative_share_percent: int = 50
    maximum_core_effects: int = 2
    shortlist_low: int = 3
    shortlist_high: int = 5
    minimum_solutions: int = 2
    pairs_above: int = 10
    threes_from: int = 22
    minimum_judges: int = 5
