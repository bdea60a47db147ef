"""When the steps of a session were open, and what the time of its meetings went to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from afwegen.method import Step
from afwegen.report.language import Language
from afwegen.report.pictures.timeline import Meeting, Spent, Stage, Times
from afwegen.report.pictures.words import step_name

if TYPE_CHECKING:
    from afwegen.steps import meeting as rooms
    from afwegen.steps.state import SessionState

__all__ = ["moves", "times"]


def times(seen: SessionState, say: Language) -> Times | None:
    """Return the times of a session; None where there was no meeting, and nothing was open for as long as an hour."""
    stages = [(step, seen.progress.of(step).spans) for step in Step if seen.progress.of(step).spans]
    moments = [moment for moment in _moments(seen) if moment is not None]
    if not stages or not moments:
        return None
    until = max(moments)
    if not _held(seen) and until - min(moments) < timedelta(hours=1):
        return None
    return Times(
        stages=tuple(Stage(title=step_name(step, say), spans=spans) for step, spans in stages),
        meetings=tuple(_meeting(seen, this, until, say) for this in _held(seen)),
        begun=min(moments),
        until=until,
    )


def moves(seen: SessionState) -> tuple[int, ...]:
    """Return the records a time line rests on: those that planned meetings, and moved the session from step to step."""
    found = {this.seq for this in seen.meeting.meetings.values()}
    for step in Step:
        stood = seen.progress.of(step)
        found |= {seq for seq in (stood.completed, stood.overridden, stood.reopened) if seq is not None}
    return tuple(sorted(found))


def _moments(seen: SessionState) -> Iterable[datetime | None]:
    yield seen.preparation.started_at
    for step in Step:
        yield from (moment for span in seen.progress.of(step).spans for moment in span)
    for this in seen.meeting.meetings.values():
        yield from (this.opened_at, this.closed_at)
    for asked in seen.meeting.rounds.values():
        yield from (asked.opened_at, asked.closed_at)
    yield None if seen.meeting.ended is None else seen.meeting.ended.happened_at


def _held(seen: SessionState) -> list[rooms.Meeting]:
    held = [this for this in seen.meeting.meetings.values() if this.opened_at is not None]
    return sorted(held, key=lambda this: (this.opened_at, this.seq))


def _meeting(seen: SessionState, this: rooms.Meeting, until: datetime, say: Language) -> Meeting:
    begin, end = this.opened_at or until, this.closed_at or until
    planned: dict[Step, int] = {}
    for item in () if this.plan is None else this.plan.agenda:
        step = Step(item.step)
        planned[step] = planned.get(step, 0) + item.minutes
    spent = [(step, planned.get(step), _overlap(seen, step, begin, end, until)) for step in Step]
    return Meeting(
        opened_at=begin,
        closed_at=this.closed_at,
        spent=tuple(
            Spent(step=step_name(step, say), planned=plan, real=real)
            for step, plan, real in spent
            if plan is not None or real
        ),
    )


def _overlap(seen: SessionState, step: Step, begin: datetime, end: datetime, until: datetime) -> int:
    """Return how many minutes a step was open during a meeting."""
    spans = ((max(begin, start), min(end, stop or until)) for start, stop in seen.progress.of(step).spans)
    whole = sum((stop - start for start, stop in spans if stop > start), timedelta())
    return round(whole / timedelta(minutes=1))
