"""The types and groups of roles that the vocabulary is written in."""

from typing import Annotated, Final, Literal

from afwegen.events.declaration import (
    Amount,
    Count,
    Id,
    Known,
    New,
    Number,
    Pairs,
    Percent,
    Person,
    Personal,
    Persons,
    Positive,
    Public,
    Ratio,
    Ref,
    Seq,
    Text,
    event,
    value,
)
from afwegen.method import Role

__all__ = [
    "ANYONE",
    "AUTHORS",
    "JUDGES",
    "LEAD",
    "ACore",
    "ACriterion",
    "AParkedSolution",
    "AProblem",
    "AReconfirmation",
    "AResearchTask",
    "ARound",
    "ASolution",
    "ASubgroup",
    "Adoption",
    "Amount",
    "AnAlternative",
    "AnEffect",
    "AnEffectCard",
    "AnIndicator",
    "Count",
    "Id",
    "Known",
    "New",
    "Number",
    "Objection",
    "Pairs",
    "Party",
    "Percent",
    "Person",
    "Personal",
    "Persons",
    "Positive",
    "Public",
    "Ratio",
    "Ref",
    "Seq",
    "Text",
    "event",
    "value",
]

LEAD: Final = (Role.ORGANISER, Role.FACILITATOR)
"""Who leads: the facilitator, and until one is appointed the organiser."""
AUTHORS: Final = (Role.PARTICIPANT, Role.SUBGROUP, Role.PLENARY)
"""Who contributes: a participant, participants who work together, or the group as a whole."""
JUDGES: Final = (Role.PARTICIPANT, Role.SUBGROUP)
"""Whose preferences count."""
ANYONE: Final = tuple(role for role in Role if role is not Role.SYSTEM)

AnAlternative = Annotated[str, Known(("solution", "baseline"))]
"""A solution, or ``"baseline"`` for doing nothing extra."""
AnEffect = Annotated[str, Known(("effect",))]
AnEffectCard = Annotated[str, Known(("effect-card",))]
AnIndicator = Annotated[str, Known(("indicator",))]
ACore = Annotated[str, Known(("core-problem",))]
ACriterion = Annotated[str, Known(("criterion",))]
AParkedSolution = Annotated[str, Known(("parked-solution",))]
AProblem = Annotated[str, Known(("problem",))]
AReconfirmation = Annotated[str, Known(("reconfirmation",))]
AResearchTask = Annotated[str, Known(("research-task",))]
ARound = Annotated[str, Known(("round",))]
ASolution = Annotated[str, Known(("solution",))]
ASubgroup = Annotated[str, Known(("subgroup",))]
Party = Id
"""A problem owner or an organisation: its id is public and may be used before ``PartyNamed`` gives its name."""


@value
class Adoption:
    """How the group agreed (*hoe vastgesteld*): recorded with every adoption."""

    how: Literal["no objection", "show of hands", "by who leads"] = "no objection"
    in_favour: Count | None = None
    against: Count | None = None


@value
class Objection:
    """Who objected to what the others adopted, and in which words (*bezwaar*)."""

    person: Person
    words: Text
