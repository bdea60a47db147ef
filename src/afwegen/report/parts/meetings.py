"""Meetings and time: planned beside real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    AttendanceRecorded,
    MeetingClosed,
    MeetingOpened,
    MeetingPlanned,
    PhotosShown,
    SiteVisited,
    StepCompleted,
    StepOverridden,
    StepStarted,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, More, Table
from afwegen.report.parts.frame import figures, items, para, step_title
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source
    from afwegen.steps.meeting import Meeting

__all__ = ["meetings"]


def meetings(source: Source) -> Iterator[Block]:
    """Yield the meetings, how long everything took, and planned time beside real time."""
    tell, room = source.tell, source.state.meeting
    meetings = sorted(room.meetings.items(), key=lambda item: item[1].seq)
    told = [sentence for key, meeting in meetings for sentence in _meeting(source, key, meeting)]
    for record in source.of(SiteVisited):
        seen = tell.told(record.event.observations)
        told.append(tell("The group went to look for itself: {seen}", record.seq, seen=seen))
    told += [
        tell("Photos of the place were shown: {seen}", record.seq, seen=tell.told(record.event.observations))
        for record in source.of(PhotosShown)
    ]
    yield from items(told)
    if not meetings:
        yield para(tell("No meeting was recorded."))
    yield from _elapsed(source)
    yield from figures(source, "picture-time")
    yield from _planned_and_real(source)


def _meeting(source: Source, key: str, meeting: Meeting) -> Iterator[Sentence]:
    tell = source.tell
    rests = [seq for kind in (MeetingPlanned, MeetingOpened, MeetingClosed) for seq in source.where(kind, meeting=key)]
    name = tell.told(key.replace("-", " "))
    place = None if meeting.plan is None else meeting.plan.place
    if meeting.opened_at is not None and meeting.closed_at is not None:
        lasted = _lasting(source, _minutes(meeting.opened_at, meeting.closed_at))
        said = tell("Meeting {name}: {moment}, {lasted}.", *rests, name=name, moment=meeting.opened_at, lasted=lasted)
    elif meeting.opened_at is not None:
        said = tell("Meeting {name}: began {moment}, not closed yet.", *rests, name=name, moment=meeting.opened_at)
    elif meeting.plan is not None and meeting.plan.begins_at is not None:
        said = tell("Meeting {name}: planned for {moment}.", *rests, name=name, moment=meeting.plan.begins_at)
    else:
        said = tell("Meeting {name}: planned, without a time.", *rests, name=name)
    if place is not None:
        said = tell("{said} Where: {place}", said=said, place=tell.told(place))
    yield said
    seqs = source.where(AttendanceRecorded, meeting=key)
    if seqs:
        yield tell.count("{n} person was there.", "{n} people were there.", len(meeting.present), *seqs)
    if meeting.absent:
        yield tell.count("{n} person could not come.", "{n} people could not come.", len(meeting.absent), *seqs)


def _minutes(begin: datetime, end: datetime) -> int:
    return round((end - begin).total_seconds() / 60)


def _lasting(source: Source, minutes: int) -> Sentence:
    """Return how long something took, in a unit that can be taken in."""
    tell = source.tell
    if minutes < 180:
        return tell.count("{n} minute", "{n} minutes", minutes)
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        whole = tell.count("{n} hour", "{n} hours", hours)
        return whole if not rest else tell("{hours} and {minutes} min", hours=whole, minutes=rest)
    return tell.count("{n} day", "{n} days", round(minutes / 60 / 24))


def _elapsed(source: Source) -> Iterator[Block]:
    if len(source.records) < 2:
        return
    first = min(record.happened_at for record in source.records)
    last = max(record.happened_at for record in source.records)
    choice = source.state.choice
    if first == last:
        return
    told = [
        source.tell(
            "From the first line in the logbook to the last: {lasted}.",
            0,
            source.records[-1].seq,
            lasted=_lasting(source, _minutes(first, last)),
        )
    ]
    if choice.chosen and choice.choice is not None:
        lasted = _lasting(source, _minutes(first, choice.choice.happened_at))
        told.append(source.tell("From the first line to the choice: {lasted}.", 0, choice.choice.seq, lasted=lasted))
    yield para(*told)


def _planned_and_real(source: Source) -> Iterator[Block]:
    """Yield how long each step was to take, beside how long it took."""
    tell = source.tell
    planned: dict[Step, int] = {}
    for meeting in source.state.meeting.meetings.values():
        for part in meeting.plan.agenda if meeting.plan is not None else ():
            planned[Step(part.step)] = planned.get(Step(part.step), 0) + part.minutes
    rows = []
    for step in Step:
        spans = source.state.progress.of(step).spans
        if not spans and step not in planned:
            continue
        rests = [seq for kind in (StepStarted, StepCompleted, StepOverridden) for seq in source.where(kind, step=step)]
        plan = tell.count("{n} minute", "{n} minutes", planned[step]) if step in planned else tell("not planned")
        rows.append((step_title(source, step).resting_on(*rests), plan, _real(source, spans)))
    if rows:
        seqs = source.seqs(MeetingPlanned)
        caption = tell("Planned time beside real time, step by step", *seqs)
        table = Table(caption, (tell("Step"), tell("Planned"), tell("Real")), tuple(rows))
        yield More(tell("How long each step was to take, and took"), (table,))


def _real(source: Source, spans: Any) -> Sentence:
    if not spans:
        return source.tell("not begun")
    if spans[-1][1] is None:
        return source.tell("still open")
    return _lasting(source, sum(_minutes(begin, end) for begin, end in spans))
