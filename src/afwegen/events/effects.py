"""Step 5, effects and additional costs: what would each solution change (*effecten en meerkosten*)."""

from datetime import date
from typing import Annotated, Final, Literal

from afwegen.events.words import (
    AUTHORS,
    JUDGES,
    LEAD,
    ACore,
    Amount,
    AnEffect,
    AReconfirmation,
    AResearchTask,
    ASolution,
    New,
    Party,
    Personal,
    Persons,
    Positive,
    Public,
    Ref,
    Text,
    event,
)
from afwegen.method import Role, Step

__all__ = [
    "CoreEffectChosen",
    "CostEstimated",
    "EffectRecorded",
    "IncomeEstimated",
    "ReachRecorded",
    "ReconfirmationAnswered",
    "ReconfirmationAsked",
    "ReconfirmationSettled",
    "ResearchTaskAnswered",
    "ResearchTaskNoted",
    "UncertaintyNoted",
]

LATER: Final = (Step.PRESELECTION, Step.ANALYSIS, Step.CHOICE)
EARLIER_TOO: Final = (Step.SOLUTIONS, *LATER, Step.FOLLOW_UP)


@event("reconfirmation-asked/1", step=Step.EFFECTS, by=LEAD)
class ReconfirmationAsked:
    """The group is asked whether core problems and baseline still hold (*herbevestiging*)."""

    reconfirmation: Public[Annotated[str, New("reconfirmation")]]
    asked: Persons = ()


@event("reconfirmation-answered/1", step=Step.EFFECTS, by=(*JUDGES, Role.PLENARY), judgement=True)
class ReconfirmationAnswered:
    """What somebody answered: yes, or no with the objection (*antwoord op de herbevestiging*)."""

    reconfirmation: Public[AReconfirmation]
    agrees: Personal[bool]
    objection: Personal[Text | None] = None


@event("reconfirmation-settled/1", step=Step.EFFECTS, by=LEAD, decides=True)
class ReconfirmationSettled:
    """What was done with the refusals: a step is reopened, or not, and why (*weerlegd*)."""

    reconfirmation: Public[AReconfirmation]
    answer: Public[Literal["reopened", "not reopened", "nobody refused"]]
    reason: Personal[Text | None] = None


@event("effect-recorded/1", step=Step.EFFECTS, also=(*LATER, Step.SOLUTIONS), by=AUTHORS)
class EffectRecorded:
    """
    What a solution changes compared with the baseline (*effect*): less, safer, cheaper.

    Half of the attention goes to negative ones. ``angle`` is the pair of glasses it is seen through (*bril*).
    """

    effect: Public[Annotated[str, New("effect")]]
    solution: Public[ASolution]
    statement: Personal[Text]
    direction: Public[Literal["positive", "negative"]]
    recipient: Public[Party]
    angle: Personal[Text | None] = None


@event("reach-recorded/1", step=Step.EFFECTS, also=LATER, by=AUTHORS)
class ReachRecorded:
    """How far an effect reaches (*reikwijdte*)."""

    effect: Public[AnEffect]
    reach: Public[Literal["complex", "buurt", "wijk", "city"]]
    whom: Public[Literal["some", "all"]]


@event("cost-estimated/1", step=Step.EFFECTS, also=(Step.SOLUTIONS, *LATER), by=(*AUTHORS, *LEAD))
class CostEstimated:
    """What a solution costs more than the baseline (*meerkosten*), who bears it, over which period; in euros."""

    cost: Public[Annotated[str, New("cost")]]
    solution: Public[ASolution]
    amount: Public[Amount]
    bearer: Public[Party | None] = None
    period: Public[Literal["once", "per year"]] = "once"
    years: Public[Positive | None] = None
    source: Personal[Text | None] = None


@event("income-estimated/1", step=Step.EFFECTS, also=(Step.SOLUTIONS, *LATER), by=(*AUTHORS, *LEAD))
class IncomeEstimated:
    """What a solution brings in more than the baseline (*opbrengst*), and for whom; in euros."""

    income: Public[Annotated[str, New("income")]]
    solution: Public[ASolution]
    amount: Public[Amount]
    collector: Public[Party | None] = None
    period: Public[Literal["once", "per year"]] = "once"
    years: Public[Positive | None] = None
    source: Personal[Text | None] = None


@event("uncertainty-noted/1", step=Step.EFFECTS, also=EARLIER_TOO, by=(*AUTHORS, *LEAD), thing="uncertainty")
class UncertaintyNoted:
    """Something nobody knows for sure (*onzekerheid*)."""

    text: Personal[Text]
    about: Public[Ref | None] = None


@event("research-task-noted/1", step=Step.EFFECTS, also=EARLIER_TOO, by=(*AUTHORS, *LEAD), about=("owners",))
class ResearchTaskNoted:
    """Something to look into (*uitzoekpunt*), by whom and before when."""

    task: Public[Annotated[str, New("research-task")]]
    question: Personal[Text]
    owners: Persons = ()
    due: Public[date | None] = None


@event("research-task-answered/1", step=Step.EFFECTS, also=EARLIER_TOO, by=(*AUTHORS, *LEAD), thing="answer")
class ResearchTaskAnswered:
    """What was found when it was looked into (*uitgezocht*)."""

    task: Public[AResearchTask]
    answer: Personal[Text]
    source: Personal[Text | None] = None


@event("core-effect-chosen/1", step=Step.EFFECTS, by=(Role.PLENARY, *LEAD))
class CoreEffectChosen:
    """For the session as a whole one effect, at most two, that mirrors the core problems (*kerneffect*)."""

    core_effect: Public[Annotated[str, New("core-effect")]]
    statement: Personal[Text]
    mirrors: Public[tuple[ACore, ...]] = ()
