"""How a session moves through the steps: one at a time, by an explicit act, and back when it must (*stappen*)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import Record, StepCompleted, StepOverridden, StepReopened, StepStarted
from afwegen.events.declaration import Erased, EventType
from afwegen.events.record import not_before
from afwegen.method import Step
from afwegen.steps import (
    analysis,
    baseline,
    choice,
    effects,
    follow_up,
    inventory,
    preparation,
    preselection,
    sharpening,
    solutions,
)
from afwegen.steps.rounds import FREEZING
from afwegen.steps.things import EMPTY, Map, evolve, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Progress", "StepProgress", "admit", "admit_step", "advance", "lacking"]

LACKING: Final[dict[Step, Callable[[SessionState], tuple[str, ...]]]] = {
    Step.PREPARATION: preparation.lacking,
    Step.INVENTORY: inventory.lacking,
    Step.SHARPENING: sharpening.lacking,
    Step.BASELINE: baseline.lacking,
    Step.SOLUTIONS: solutions.lacking,
    Step.EFFECTS: effects.lacking,
    Step.PRESELECTION: preselection.lacking,
    Step.ANALYSIS: analysis.lacking,
    Step.CHOICE: choice.lacking,
    Step.FOLLOW_UP: follow_up.lacking,
}


def lacking(state: SessionState, step: Step) -> tuple[str, ...]:
    """Name what a step still owes before it is complete; empty when nothing."""
    return LACKING[step](state)


@room
class StepProgress:
    """
    Where one step stands.

    Attributes:
        spans: When it was open: pairs of begin and end, the end None while it is open.
        completed: The record that completed it last.
        overridden: The record that went on without its output; None once it was completed after all.
        missing: What was lacking when it was overridden.
        reason: Why the group went on all the same.
        reopened: The record that reopened it, while it is open beside the current step.
    """

    spans: tuple[tuple[datetime, datetime | None], ...] = ()
    completed: int | None = None
    overridden: int | None = None
    missing: tuple[str, ...] = ()
    reason: str | Erased | None = None
    reopened: int | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the step is open."""
        return bool(self.spans) and self.spans[-1][1] is None

    @property
    def is_done(self) -> bool:
        """Say whether the group may go on: it was completed or overridden."""
        return self.completed is not None or self.overridden is not None

    def was_open_at(self, moment: datetime) -> bool:
        """Say whether the step was open at this moment."""
        return any(not_before(moment, begin) and (end is None or moment <= end) for begin, end in self.spans)


NOT_BEGUN: Final = StepProgress()


@room
class Progress:
    """Where every step stands, and which one the group has come to."""

    now: Step = Step.PREPARATION
    steps: Map[Step, StepProgress] = EMPTY
    open: frozenset[Step] = frozenset()

    def of(self, step: Step) -> StepProgress:
        """Return where a step stands."""
        return self.steps.get(step) or NOT_BEGUN

    def reopened_since(self, seq: int, steps: Iterable[Step]) -> bool:
        """Say whether one of these steps is open because it was reopened after a record."""
        moments = (self.of(step).reopened for step in steps)
        return any(moment is not None and moment > seq for moment in moments)


# -- admission --------------------------------------------------------------------------------------------------------


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse a move that the order of the steps does not allow."""
    match record.event:
        case StepStarted(step=step):
            _admit_start(state, Step(step))
        case StepCompleted(step=step):
            _admit_end(state, Step(step))
            owed = lacking(state, Step(step))
            if owed:
                do = f"record {', '.join(owed)}; or go on all the same with StepOverridden and the reason"
                refuse(f"{Step(step).called} lacks its output", do, owed)
        case StepOverridden(step=step):
            _admit_end(state, Step(step))
            if not lacking(state, Step(step)):
                refuse(f"{Step(step).called} lacks nothing", "complete it with StepCompleted", step)
        case StepReopened(step=step):
            _admit_reopening(state, Step(step))
        case _:
            return


def _admit_start(state: SessionState, step: Step) -> None:
    progress, now = state.progress, state.progress.now
    if progress.of(step).spans:
        refuse(f"{step.called} has been started already", "reopen it with StepReopened", step.value)
    if now.following is not step:
        following = "nothing" if now.following is None else now.following.value
        refuse(f"steps are taken one at a time; after {now.called} comes {following}", "start that one", step.value)
    if now is not Step.PREPARATION and not progress.of(now).is_done:
        refuse(f"{now.called} is not completed", "complete it, or override it with a reason", step.value)


def _admit_end(state: SessionState, step: Step) -> None:
    if not state.progress.of(step).is_open:
        refuse(f"{step.called} is not open", "name a step that is", step.value)
    if step is Step.PREPARATION and state.progress.of(step).reopened is None:
        refuse("preparation is completed by starting step 1", "record StepStarted(step='inventory')", step.value)
    if state.meeting.open_rounds:
        refuse("a round is open", "close it with RoundClosed first", state.meeting.open_rounds)


def _admit_reopening(state: SessionState, step: Step) -> None:
    progress = state.progress.of(step)
    if not progress.spans:
        refuse(f"{step.called} has not been begun", "start it with StepStarted", step.value)
    if progress.is_open:
        refuse(f"{step.called} is open", "go on in it", step.value)
    judging = [key for key in state.meeting.open_rounds if state.meeting.rounds[key].asks in FREEZING]
    if judging:
        refuse("a round that judges its outcome is open", "close it with RoundClosed first", judging)


def admit_step(state: SessionState, record: Record[Any], declared: EventType) -> None:
    """Refuse an act outside its steps; what happened in time may be entered later, from paper or memory."""
    if len(declared.steps) == len(Step):
        return
    progress = state.progress
    live = record.channel in {"live", "async"}
    if live and not declared.steps.isdisjoint(progress.open):
        return
    if Step.FOLLOW_UP in declared.steps and state.meeting.ended is not None:
        return
    if not live and any(progress.of(step).was_open_at(record.happened_at) for step in declared.steps):
        return
    solutions.too_early(state, record)
    steps = ", ".join(step.called for step in Step if step in declared.steps)
    happened = [step.called for step in declared.steps if progress.of(step).spans]
    do = f"it belongs to {steps}"
    if not live:
        do += "; give happened_at while that was open"
    elif happened:
        do += "; reopen that with StepReopened, or enter it late with channel='paper' and happened_at"
    refuse(f"{record.type.partition('/')[0]} cannot be recorded in {state.step.called}", do)


# -- application ------------------------------------------------------------------------------------------------------


def advance(state: SessionState, record: Record[Any]) -> Progress:
    """Return where the steps stand after *record*."""
    progress = state.progress
    match record.event:
        case StepStarted(step=step):
            return _started(progress, Step(step), record)
        case StepCompleted(step=step):
            return _ended(progress, Step(step), record, completed=record.seq, overridden=None, missing=(), reason=None)
        case StepOverridden(step=step, reason=reason):
            owed = lacking(state, Step(step))
            return _ended(progress, Step(step), record, overridden=record.seq, missing=owed, reason=reason)
        case StepReopened(step=step):
            return _opened(progress, Step(step), record, reopened=record.seq)
        case _:
            return progress


def begun(record: Record[Any]) -> Progress:
    """Return where the steps stand when a session begins: preparation is open."""
    return _opened(Progress(), Step.PREPARATION, record)


def _started(progress: Progress, step: Step, record: Record[Any]) -> Progress:
    if progress.now is Step.PREPARATION and progress.of(progress.now).is_open:
        progress = _ended(progress, Step.PREPARATION, record, completed=record.seq)
    return evolve(_opened(progress, step, record), now=step)


def _opened(progress: Progress, step: Step, record: Record[Any], **changes: Any) -> Progress:
    this = progress.of(step)
    spans = (*this.spans, (record.happened_at, None))
    return evolve(
        progress,
        steps=progress.steps.insert(step, evolve(this, spans=spans, **changes)),
        open=progress.open | {step},
    )


def _ended(progress: Progress, step: Step, record: Record[Any], **changes: Any) -> Progress:
    this = progress.of(step)
    begin = this.spans[-1][0] if this.spans else record.happened_at
    spans = (*this.spans[:-1], (begin, record.happened_at))
    return evolve(
        progress,
        steps=progress.steps.insert(step, evolve(this, spans=spans, reopened=None, **changes)),
        open=progress.open - {step},
    )
