"""Step 7, analysis: an effect card for each solution on the shortlist (*effecten analyseren*)."""

from datetime import date
from typing import Annotated, Literal

from afwegen.events.words import (
    AUTHORS,
    LEAD,
    Adoption,
    AnEffect,
    AnEffectCard,
    ASolution,
    ASubgroup,
    Known,
    New,
    Objection,
    Party,
    Personal,
    Persons,
    Public,
    Text,
    event,
)
from afwegen.method import Step

__all__ = [
    "ArenaLinkDrawn",
    "EffectCardAdopted",
    "EffectCardOpened",
    "EffectSizeEstimated",
    "IndicatorSet",
    "MainEffectStated",
    "PathwayStated",
    "SolutionAssigned",
]


@event("solution-assigned/1", step=Step.ANALYSIS, by=LEAD)
class SolutionAssigned:
    """A subgroup works out one solution (*verdeling*)."""

    solution: Public[ASolution]
    subgroup: Public[ASubgroup]


@event("effect-card-opened/1", step=Step.ANALYSIS, by=(*AUTHORS, *LEAD))
class EffectCardOpened:
    """The effect card of a solution is begun (*Effectenkaart*); it goes by the solution's id."""

    solution: Public[Annotated[str, New("effect-card"), Known(("solution", "baseline"))]]


@event("main-effect-stated/1", step=Step.ANALYSIS, by=AUTHORS, thing="main-effect")
class MainEffectStated:
    """What a solution does for one owner, above all (*hoofdeffect*)."""

    solution: Public[AnEffectCard]
    owner: Public[Party]
    statement: Personal[Text]
    effect: Public[AnEffect | None] = None


@event("effect-size-estimated/1", step=Step.ANALYSIS, by=AUTHORS, thing="size", about=("estimated_by",))
class EffectSizeEstimated:
    """How large that is, who estimated it and on what source (*grootte*)."""

    solution: Public[AnEffectCard]
    owner: Public[Party]
    size: Public[Literal["small", "rather small", "medium", "rather large", "large"]]
    estimated_by: Persons = ()
    source: Personal[Text | None] = None


@event("pathway-stated/1", step=Step.ANALYSIS, by=AUTHORS, thing="pathway")
class PathwayStated:
    """How the effect is reached, step by step (*veranderlogica*, theory of change)."""

    solution: Public[AnEffectCard]
    pathway: Personal[Text]


@event("indicator-set/1", step=Step.ANALYSIS, also=(Step.CHOICE, Step.FOLLOW_UP), by=(*AUTHORS, *LEAD))
class IndicatorSet:
    """By what the effect will be measured (*indicator*), towards which target, before which day."""

    indicator: Public[Annotated[str, New("indicator")]]
    solution: Public[ASolution]
    title: Personal[Text]
    target: Personal[Text | None] = None
    due: Public[date | None] = None


@event("arena-link-drawn/1", step=Step.ANALYSIS, by=AUTHORS, thing="arena-link")
class ArenaLinkDrawn:
    """Who invests, in which activity, with which effect, and who collects (*Effectenarena*)."""

    solution: Public[AnEffectCard]
    investor: Public[Party]
    activity: Personal[Text]
    effect: Personal[Text]
    collector: Public[Party]


@event("effect-card-adopted/1", step=Step.ANALYSIS, by=LEAD, decides=True)
class EffectCardAdopted:
    """The group agrees that the card tells it well (*Effectenkaart vastgesteld*)."""

    solution: Public[AnEffectCard]
    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()
