"""Meetings, subgroups and rounds: the frame in which the group works together (*werksessie*)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    AdviceAnswered,
    AppointmentMade,
    AttendanceRecorded,
    EntryObjected,
    InsightNoted,
    MeetingClosed,
    MeetingOpened,
    MeetingPlanned,
    MeetingReviewed,
    ModelEvaluated,
    NoteTaken,
    PhotosShown,
    Reaffirmed,
    Record,
    ReportExported,
    RoundClosed,
    RoundOpened,
    SessionArchived,
    SessionEnded,
    SiteVisited,
    SubgroupChanged,
    SubgroupFormed,
    SubjectErased,
    TextRedacted,
)
from afwegen.steps import disclosure, rounds
from afwegen.steps.rounds import Round
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, kept, refuse, room, with_last_word

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Meeting", "MeetingRoom", "Subgroup", "admit", "apply"]


@room
class Meeting:
    """One meeting, planned and real; times are None where nothing was planned or it has not been."""

    seq: int
    changed: int
    author: str
    plan: MeetingPlanned | None = None
    form: str = "half day"
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    status: Status = "standing"


@room
class Subgroup:
    """Participants who speak as one."""

    members: tuple[str, ...]
    task: Any
    seq: int
    changed: int
    author: str
    status: Status = "standing"


@room
class MeetingRoom:
    """What belongs to no single step."""

    meetings: Map[str, Meeting] = EMPTY
    now: str | None = None
    subgroups: Map[str, Subgroup] = EMPTY
    rounds: Map[str, Round] = EMPTY
    open_rounds: tuple[str, ...] = ()
    observations: Map[int, Said[SiteVisited | PhotosShown]] = EMPTY
    notes: Map[int, Said[NoteTaken]] = EMPTY
    insights: Map[int, Said[InsightNoted]] = EMPTY
    appointments: Map[str, Said[AppointmentMade]] = EMPTY
    results: Map[str, Said[ModelEvaluated]] = EMPTY
    reviews: Map[str, Said[MeetingReviewed]] = EMPTY
    answers: Map[str, Said[AdviceAnswered]] = EMPTY
    objections: Map[int, Said[EntryObjected]] = EMPTY
    reaffirmed: Map[str, Said[Reaffirmed]] = EMPTY
    exports: tuple[Said[ReportExported], ...] = ()
    erasures: tuple[Said[SubjectErased] | Said[TextRedacted], ...] = ()
    ended: Said[SessionEnded] | None = None
    archived: bool = False

    @property
    def present(self) -> frozenset[str]:
        """Return who was at any meeting."""
        return frozenset().union(*(meeting.present for meeting in self.meetings.values()))

    @property
    def open_blind(self) -> tuple[str, ...]:
        """Return the open rounds whose sheets nobody else may see yet."""
        return tuple(key for key in self.open_rounds if self.rounds[key].blind)


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the frame of the meeting cannot bear."""
    meeting = state.meeting
    match record.event:
        case MeetingOpened(meeting=key):
            if meeting.now is not None:
                refuse("another meeting is open", "close it with MeetingClosed first", meeting.now)
            if key in meeting.meetings and meeting.meetings[key].opened_at is not None:
                refuse("this meeting has been opened already", "give a new one its own id", key)
        case MeetingClosed(meeting=key):
            if meeting.now != key:
                refuse("this meeting is not open", "open it with MeetingOpened first", key)
        case AttendanceRecorded() as event:
            if event.meeting not in meeting.meetings:
                refuse("this meeting is not known", "plan or open it first", event.meeting)
            both = set(event.present) & set(event.absent)
            if both:
                refuse("nobody is both present and absent", "name each person once", sorted(both))
        case SubgroupFormed() as event:
            if event.subgroup in state.preparation.participants or event.subgroup == state.preparation.organiser:
                refuse("a person has this key", "give the subgroup another id", event.subgroup)
            _admit_members(state, event.members)
        case SubgroupChanged(members=members):
            _admit_members(state, members)
        case Reaffirmed():
            _admit_reaffirming(state, record)
        case RoundOpened() as event:
            rounds.admit_opening(state, event)
        case ModelEvaluated() as event:
            disclosure.admit_result(state, event)
        case RoundClosed(round=key):
            if not meeting.rounds[key].is_open:
                refuse("this round is closed already", "open a new one with RoundOpened", key)
        case SessionEnded() if meeting.open_rounds:
            refuse("a round is open", "close it with RoundClosed first", meeting.open_rounds)
        case SubjectErased(entries=entries) if any(seq >= state.length for seq in entries):
            refuse("there is no such record", f"give numbers below {state.length}", max(entries))
        case TextRedacted(entry=seq) if seq >= state.length:
            refuse("there is no such record", f"give a number below {state.length}", seq)
        case SessionArchived() if meeting.ended is None:
            refuse("a session ends before it is archived", "record SessionEnded first")
        case _:
            return


def _admit_reaffirming(state: SessionState, record: Record[Reaffirmed]) -> None:
    """Refuse to say of what is not stale that it still holds, or to say so of another's judgement."""
    thing = record.event.thing
    stale = sorted({each.what for each in state.stale})
    if thing not in stale:
        refuse("nothing stale goes by this name", f"choose from {', '.join(stale) or 'nothing: all holds'}", thing)
    kind, _, key = thing.partition("/")
    if kind.replace("-", " ") in rounds.ASKED and state.entries[int(key)].author != record.author:
        refuse("a judgement is reaffirmed by the judge", "let them say it, or say it for them", thing)


def _admit_members(state: SessionState, members: tuple[str, ...]) -> None:
    if not members:
        refuse("a subgroup has members", "name the participants in it", members)
    if len(set(members)) < len(members):
        refuse("a member is named twice", "name each once", members)
    for person in members:
        guest = state.preparation.participants.get(person)
        if guest is None or not guest.active:
            refuse("a subgroup is made of participants", "invite them with ParticipantInvited first", person)


def apply(meeting: MeetingRoom, record: Record[Any]) -> MeetingRoom:
    """Return the frame after *record*."""
    match record.event:
        case MeetingPlanned() | MeetingOpened() | MeetingClosed() | AttendanceRecorded():
            return _apply_meeting(meeting, record)
        case SubgroupFormed() as event:
            formed = Subgroup(
                members=event.members,
                task=event.task,
                seq=record.seq,
                changed=record.seq,
                author=record.author,
            )
            return evolve(meeting, subgroups=meeting.subgroups.insert(event.subgroup, formed))
        case SubgroupChanged() as event:
            new = changed(meeting.subgroups, event.subgroup, lambda group: evolve(group, members=event.members))
            return evolve(meeting, subgroups=new)
        case RoundOpened(round=key):
            return evolve(
                meeting,
                rounds=meeting.rounds.insert(key, rounds.opened(record)),
                open_rounds=(*meeting.open_rounds, key),
            )
        case RoundClosed(round=key):
            closing = changed(
                meeting.rounds,
                key,
                lambda this: evolve(this, closed_at=record.happened_at, closed=record.seq),
            )
            return evolve(
                meeting,
                rounds=closing,
                open_rounds=tuple(other for other in meeting.open_rounds if other != key),
            )
        case _:
            return _apply_words(meeting, record)


def _apply_words(meeting: MeetingRoom, record: Record[Any]) -> MeetingRoom:
    match record.event:
        case MeetingReviewed():
            return evolve(meeting, reviews=with_last_word(meeting.reviews, record))
        case AdviceAnswered(rule=rule):
            return evolve(meeting, answers=meeting.answers.insert(rule, kept(record)))
        case EntryObjected():
            return evolve(meeting, objections=meeting.objections.insert(record.seq, kept(record)))
        case Reaffirmed(thing=thing):
            return evolve(meeting, reaffirmed=meeting.reaffirmed.insert(thing, kept(record)))
        case ReportExported():
            return evolve(meeting, exports=(*meeting.exports, kept(record)))
        case SubjectErased() | TextRedacted():
            return evolve(meeting, erasures=(*meeting.erasures, kept(record)))
        case SessionEnded():
            return evolve(meeting, ended=kept(record))
        case SessionArchived():
            return evolve(meeting, archived=True)
        case _:
            return meeting


def _apply_meeting(room: MeetingRoom, record: Record[Any]) -> MeetingRoom:
    key = record.event.meeting
    this = room.meetings.get(key) or Meeting(seq=record.seq, changed=record.seq, author=record.author)
    now = room.now
    match record.event:
        case MeetingPlanned() as event:
            this = evolve(this, plan=event)
        case MeetingOpened() as event:
            this, now = evolve(this, form=event.form, opened_at=record.happened_at), key
        case MeetingClosed():
            this, now = evolve(this, closed_at=record.happened_at), None
        case AttendanceRecorded() as event:
            present = (this.present | set(event.present)) - set(event.absent)
            absent = (this.absent | set(event.absent)) - set(event.present)
            this = evolve(this, present=present, absent=absent)
    return evolve(room, meetings=room.meetings.insert(key, this), now=now)
