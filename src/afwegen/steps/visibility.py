"""
What somebody may see: one function for pages, feeds, exports and the command line.

The operator's view is the state itself; a viewer is a participant's key, or None for the public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from afwegen.events import (
    EntriesMerged,
    EntryHidden,
    EntryObjected,
    EntryReworded,
    EntryWithdrawn,
    MeetingReviewed,
    ModelEvaluated,
    ParticipantInvited,
    ProblemOwnerAdded,
    ProblemReported,
    ReconfirmationAnswered,
    Record,
)
from afwegen.events.declaration import EVENT_TYPES, HIDDEN, EventType, event_type
from afwegen.method import Role
from afwegen.steps import rounds
from afwegen.steps.disclosure import is_about_judgement
from afwegen.steps.things import KINDS

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["is_theirs", "visible"]

NAMING: Final = frozenset({"participant-invited/1", "facilitator-appointed/1", "recorder-appointed/1"})
"""The events that say who somebody is."""


def visible(record: Record[Any], viewer: str | None, state: SessionState) -> Record[Any]:
    """
    Return a record as a viewer may see it in this state: what is not theirs to see is ``HIDDEN``.

    That something was entered, by whom and when, is always seen: only what was entered may be hidden.
    """
    declared = event_type(record.event)
    if not declared.personal or not _hides(record, declared, viewer, state):
        return record
    hidden: dict[str, Any] = {field.name: HIDDEN for field in declared.personal}
    hidden |= _nameless(record, state)
    return attrs.evolve(record, event=attrs.evolve(record.event, **hidden))


def _hides(record: Record[Any], declared: EventType, viewer: str | None, state: SessionState) -> bool:
    disclosed = state.preparation.disclosed
    if declared.cls is ModelEvaluated:
        # It names single judges by their keys, which the public never sees; who asked for it is no judge of it.
        closed = disclosed == "secret" or (disclosed == "group" and record.event.judge_kind == "participants")
        return viewer is None or closed
    if viewer is not None and is_theirs(record, viewer, state):
        return False
    if _is_withheld(record, state) or declared.cls is MeetingReviewed:
        return True
    if disclosed == "secret" and is_about_judgement(record, state):
        return True
    if declared.cls is ReconfirmationAnswered:
        # Answered aloud, in the room.
        return viewer is None and disclosed != "open"
    if declared.judgement:
        return disclosed == "group" and record.role is not Role.SUBGROUP
    return viewer is None and declared.name in NAMING and disclosed != "open"


def _is_withheld(record: Record[Any], state: SessionState) -> bool:
    """Say whether it was entered in a round that is still blind, or hidden for a cause; or tells of what was."""
    if _in_open_blind_round(record.seq, type(record.event), record.event, state):
        return True
    for seq in _corrected(record.event, state):
        entry = state.entries.get(seq)
        if entry is not None and _in_open_blind_round(seq, EVENT_TYPES[entry.type].cls, record.event, state):
            return True
    seq = record.event.entry if isinstance(record.event, EntryReworded) else record.seq
    return _hidden_for_cause(seq, state)


def _corrected(event: Any, state: SessionState) -> tuple[int, ...]:
    """Return the records whose words an event sets right, or adds to."""
    match event:
        case EntryReworded(entry=seq) | EntryWithdrawn(entry=seq) | EntryHidden(entry=seq) | EntryObjected(entry=seq):
            return (seq,)
        case EntriesMerged(entries=entries, into=into):
            return (*entries, into)
        case ProblemOwnerAdded(problem=key) if key in state.inventory.problems:
            return (state.inventory.problems[key].seq,)
        case _:
            return ()


def _nameless(record: Record[Any], state: SessionState) -> dict[str, str]:
    """Return what takes the place of ids that would tell what somebody wrote in a round that is still blind."""
    match record.event:
        case ProblemReported() if _is_withheld(record, state) and not _hidden_for_cause(record.seq, state):
            return {"problem": f"problem-{record.seq}", "owner": "hidden"}
        case ProblemOwnerAdded() if _is_withheld(record, state):
            return {"problem": f"problem-{_corrected(record.event, state)[0]}", "owner": "hidden"}
        case _:
            return {}


def is_theirs(record: Record[Any], viewer: str, state: SessionState) -> bool:
    """Say whether somebody wrote it, entered it, was in the subgroup that did, or is who it is about."""
    group = state.meeting.subgroups.get(record.subgroup or "")
    about = isinstance(record.event, ParticipantInvited) and record.event.participant == viewer
    return viewer in {record.by, record.on_behalf_of} or about or (group is not None and viewer in group.members)


def _in_open_blind_round(seq: int, cls: type[Any], event: Any, state: SessionState) -> bool:
    named = getattr(event, "round", None)
    for key in state.meeting.open_blind:
        this = state.meeting.rounds[key]
        if rounds.ASKED[this.asks] is cls and seq > this.seq and named in {None, key}:
            return True
    return False


def _hidden_for_cause(seq: int, state: SessionState) -> bool:
    entry = state.entries.get(seq)
    return entry is not None and entry.kind in KINDS and state.status_of(entry) == "hidden"
