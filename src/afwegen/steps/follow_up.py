"""Follow-up: what came of it (*Wat Werkt in de Wijk*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    ActionAgreed,
    AttributionJudged,
    CostRealised,
    EffectMeasured,
    EvaluationPlanned,
    GroupNotReached,
    ImplementationStarted,
    LessonDrawn,
    RealityCheckDone,
    Record,
    ResultRecorded,
    SituationMeasured,
)
from afwegen.steps.things import EMPTY, Map, Said, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["FollowUp", "admit", "apply", "lacking"]


@room
class FollowUp:
    """What was agreed, measured and learned."""

    actions: Map[str, Said[ActionAgreed]] = EMPTY
    evaluations: Map[int, Said[EvaluationPlanned]] = EMPTY
    measurements: Map[int, Said[SituationMeasured | EffectMeasured]] = EMPTY
    implementations: Map[int, Said[ImplementationStarted]] = EMPTY
    costs: Map[int, Said[CostRealised]] = EMPTY
    results: Map[int, Said[ResultRecorded]] = EMPTY
    attributions: Map[int, Said[AttributionJudged]] = EMPTY
    reality_checks: Map[int, Said[RealityCheckDone]] = EMPTY
    gaps: Map[int, Said[GroupNotReached]] = EMPTY
    lessons: Map[int, Said[LessonDrawn]] = EMPTY


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what follow-up cannot bear: nothing beyond what holds for every thing."""


def apply(follow_up: FollowUp, record: Record[Any]) -> FollowUp:  # noqa: ARG001 - every room has the same face
    """Return follow-up after *record*: what was said is kept as it was said."""
    return follow_up


def lacking(state: SessionState) -> tuple[str, ...]:  # noqa: ARG001 - every room answers the same question
    """Name what follow-up still owes: nothing, for it is open as long as there is something to learn."""
    return ()
