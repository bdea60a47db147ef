"""Step 8, the choice: people choose, with reasons (*kiezen*)."""

from datetime import date
from typing import Literal

from afwegen.events.words import (
    ANYONE,
    AUTHORS,
    LEAD,
    AnAlternative,
    AResearchTask,
    Count,
    Party,
    Personal,
    Persons,
    Public,
    Text,
    event,
)
from afwegen.method import Role, Step

__all__ = [
    "BaselineConsidered",
    "ChoiceDeferred",
    "ChoiceMade",
    "ChoiceReportedBack",
    "DepartmentAdvised",
    "DepartureExplained",
    "DissentVoiced",
    "OtherAspectWeighed",
    "ProcedureStated",
    "SupportSounded",
]


@event("procedure-stated/1", step=Step.CHOICE, also=tuple(Step), by=LEAD, about=("deciders",))
class ProcedureStated:
    """How the organisation usually decides (*procedure*), who does, and whether the group advises or decides."""

    procedure: Personal[Text]
    deciders: Persons = ()
    group: Public[Literal["advises", "decides"]] = "advises"


@event("department-advised/1", step=Step.CHOICE, by=ANYONE, thing="department-advice")
class DepartmentAdvised:
    """What a department or partner advised (*advies*)."""

    department: Public[Party]
    advice: Personal[Text]


@event("support-sounded/1", step=Step.CHOICE, also=(Step.ANALYSIS,), by=ANYONE, thing="support")
class SupportSounded:
    """How much support there is among residents or others, and how that was found out (*draagvlak*)."""

    among: Public[Party]
    finding: Personal[Text]
    asked: Public[Count | None] = None
    in_favour: Public[Count | None] = None


@event("other-aspect-weighed/1", step=Step.CHOICE, by=(*AUTHORS, *LEAD, Role.DECIDER), thing="aspect")
class OtherAspectWeighed:
    """Something other than effects that counted (*ander aspect*)."""

    aspect: Personal[Text]
    finding: Personal[Text]


@event("baseline-considered/1", step=Step.CHOICE, by=(*LEAD, Role.PLENARY, Role.DECIDER), thing="consideration")
class BaselineConsidered:
    """The baseline was weighed as a possible best (*basisalternatief meegewogen*); always done."""

    finding: Personal[Text]


@event(
    "choice-made/1",
    step=Step.CHOICE,
    by=(*LEAD, Role.PLENARY, Role.DECIDER),
    decides=True,
    thing="choice",
)
class ChoiceMade:
    """
    People chose (*gekozen*): a solution, several together, or the baseline; with their motivation.

    A choice outside the shortlist is a departure from the group: allowed, recorded, and to be explained.
    """

    chosen: Public[tuple[AnAlternative, ...]]
    motivation: Personal[Text]
    does_not_solve: Personal[Text | None] = None
    negative_effects: Personal[Text | None] = None


@event("choice-deferred/1", step=Step.CHOICE, by=(*LEAD, Role.PLENARY, Role.DECIDER), decides=True, thing="choice")
class ChoiceDeferred:
    """Not yet (*nog niet gekozen*), and what must be looked into first."""

    reason: Personal[Text]
    research: Public[tuple[AResearchTask, ...]] = ()
    until: Public[date | None] = None


@event("dissent-voiced/1", step=Step.CHOICE, by=ANYONE, thing="dissent")
class DissentVoiced:
    """Somebody does not agree with the choice (*wie het er niet mee eens was*), in their own words."""

    words: Personal[Text]


@event("departure-explained/1", step=Step.CHOICE, by=(*LEAD, Role.PLENARY, Role.DECIDER), thing="departure")
class DepartureExplained:
    """Why the choice departs from the group's order, its shortlist, a department's advice or a model (*afwijking*)."""

    departs_from: Public[Literal["the group", "the shortlist", "a model", "advice"]]
    reason: Personal[Text]


@event("choice-reported-back/1", step=Step.CHOICE, also=(Step.FOLLOW_UP,), by=ANYONE, thing="report-back")
class ChoiceReportedBack:
    """The choice was told to those it touches (*teruggekoppeld*)."""

    to: Public[Party]
    how: Personal[Text]
    day: Public[date | None] = None
