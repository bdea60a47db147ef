"""Follow-up: what came of it, expected against measured (*Wat Werkt in de Wijk*)."""

from datetime import date
from typing import Annotated, Literal

from afwegen.events.words import (
    ANYONE,
    Amount,
    AnAlternative,
    AnIndicator,
    New,
    Number,
    Party,
    Personal,
    Persons,
    Public,
    Text,
    event,
)
from afwegen.method import Step

__all__ = [
    "ActionAgreed",
    "AttributionJudged",
    "CostRealised",
    "EffectMeasured",
    "EvaluationPlanned",
    "GroupNotReached",
    "ImplementationStarted",
    "LessonDrawn",
    "RealityCheckDone",
    "ResultRecorded",
    "SituationMeasured",
]


@event("action-agreed/1", step=Step.FOLLOW_UP, also=(Step.CHOICE,), by=ANYONE, about=("who",))
class ActionAgreed:
    """Who does what, and when (*actie*)."""

    action: Public[Annotated[str, New("action")]]
    what: Personal[Text]
    who: Persons = ()
    party: Public[Party | None] = None
    due: Public[date | None] = None


@event("evaluation-planned/1", step=Step.FOLLOW_UP, also=(Step.CHOICE,), by=ANYONE, thing="evaluation")
class EvaluationPlanned:
    """How and when it will be seen whether it worked (*evaluatieplan*)."""

    plan: Personal[Text]
    day: Public[date | None] = None


@event(
    "situation-measured/1",
    step=Step.FOLLOW_UP,
    also=(Step.ANALYSIS, Step.CHOICE),
    by=ANYONE,
    thing="measurement",
)
class SituationMeasured:
    """How it stood before anything was done (*nulmeting*)."""

    indicator: Public[AnIndicator | None] = None
    finding: Personal[Text]
    number: Public[Number | None] = None
    day: Public[date | None] = None


@event("implementation-started/1", step=Step.FOLLOW_UP, by=ANYONE, thing="implementation")
class ImplementationStarted:
    """It is being done (*uitvoering gestart*)."""

    solution: Public[AnAlternative]
    day: Public[date | None] = None
    remark: Personal[Text | None] = None


@event("cost-realised/1", step=Step.FOLLOW_UP, by=ANYONE, thing="realised-cost")
class CostRealised:
    """What it really cost, in euros (*gerealiseerde kosten*)."""

    solution: Public[AnAlternative]
    amount: Public[Amount]
    bearer: Public[Party | None] = None
    remark: Personal[Text | None] = None


@event("result-recorded/1", step=Step.FOLLOW_UP, by=ANYONE, thing="follow-up-result")
class ResultRecorded:
    """What was directly delivered (*output*)."""

    solution: Public[AnAlternative]
    finding: Personal[Text]


@event("effect-measured/1", step=Step.FOLLOW_UP, by=ANYONE, thing="measurement")
class EffectMeasured:
    """What changed for an owner, in between or in the end (*effectmeting*)."""

    owner: Public[Party]
    finding: Personal[Text]
    moment: Public[Literal["interim", "final"]]
    indicator: Public[AnIndicator | None] = None
    number: Public[Number | None] = None
    day: Public[date | None] = None


@event("attribution-judged/1", step=Step.FOLLOW_UP, by=ANYONE, thing="attribution")
class AttributionJudged:
    """Would it have happened anyway (*toerekening*)?"""

    finding: Personal[Text]
    due_to_it: Personal[Literal["wholly", "partly", "not", "unknown"]]


@event("reality-check-done/1", step=Step.FOLLOW_UP, by=ANYONE, thing="reality-check")
class RealityCheckDone:
    """What those involved say of it themselves (*praktijktoets*)."""

    involved: Public[Party]
    finding: Personal[Text]


@event("group-not-reached/1", step=Step.FOLLOW_UP, by=ANYONE, thing="gap")
class GroupNotReached:
    """A group that it did not reach (*niet bereikt*)."""

    group: Public[Party]
    finding: Personal[Text]


@event("lesson-drawn/1", step=Step.FOLLOW_UP, by=ANYONE, thing="lesson")
class LessonDrawn:
    """What made it work or not, for the next time (*werkzame bestanddelen*)."""

    lesson: Personal[Text]
