"""Step 7, analysis: an effect card for each solution on the shortlist (*effecten analyseren*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    Adoption,
    ArenaLinkDrawn,
    EffectCardAdopted,
    EffectCardOpened,
    EffectSizeEstimated,
    IndicatorSet,
    MainEffectStated,
    Objection,
    PathwayStated,
    Record,
    SolutionAssigned,
)
from afwegen.events.declaration import Erased
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Analysis", "EffectCard", "admit", "apply", "lacking"]


@room
class EffectCard:
    """The card of one solution; ``adopted_at`` is None until the group agrees that it tells it well."""

    seq: int
    changed: int
    author: str
    adopted_at: int | None = None
    adoption: Adoption | None = None
    objections: tuple[Objection, ...] | Erased = ()
    status: Status = "standing"


@room
class Analysis:
    """What was worked out for each solution on the shortlist."""

    cards: Map[str, EffectCard] = EMPTY
    assigned: Map[str, str] = EMPTY
    main_effects: Map[int, Said[MainEffectStated]] = EMPTY
    sizes: Map[int, Said[EffectSizeEstimated]] = EMPTY
    pathways: Map[int, Said[PathwayStated]] = EMPTY
    indicators: Map[str, Said[IndicatorSet]] = EMPTY
    arena: Map[int, Said[ArenaLinkDrawn]] = EMPTY


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the analysis cannot bear: nothing beyond what holds for every thing."""


def apply(analysis: Analysis, record: Record[Any]) -> Analysis:
    """Return the analysis after *record*."""
    match record.event:
        case EffectCardOpened(solution=key):
            card = EffectCard(seq=record.seq, changed=record.seq, author=record.author)
            return evolve(analysis, cards=analysis.cards.insert(key, card))
        case EffectCardAdopted() as event:
            adopted = changed(
                analysis.cards,
                event.solution,
                lambda card: evolve(
                    card,
                    adopted_at=record.seq,
                    adoption=event.adoption,
                    objections=event.objections,
                ),
            )
            return evolve(analysis, cards=adopted)
        case SolutionAssigned(solution=key, subgroup=group):
            return evolve(analysis, assigned=analysis.assigned.insert(key, group))
        case _:
            return analysis


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name the shortlisted solutions that have no card with a main effect yet; the baseline needs none."""
    said = {effect.event.solution for effect in state.analysis.main_effects.values() if effect.status == "standing"}
    waiting = [
        key
        for key in state.preselection.shortlisted
        if key != "baseline" and key not in said and state.stands(("solution",), key)
    ]
    return tuple(f"an effect card of {key!r} with a main effect" for key in waiting)
