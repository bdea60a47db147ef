"""
What somebody may see: one function for pages, feeds, exports and the command line.

The operator's view is the state itself; a viewer is a participant's key, or None for the public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from afwegen.events import (
    EntryReworded,
    MeetingReviewed,
    ModelEvaluated,
    ParticipantInvited,
    ReconfirmationAnswered,
    Record,
)
from afwegen.events.declaration import EVENT_TYPES, HIDDEN, EventType, event_type
from afwegen.method import Role
from afwegen.steps import rounds
from afwegen.steps.things import KINDS

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["visible"]

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
    hidden = {field.name: HIDDEN for field in declared.personal}
    return attrs.evolve(record, event=attrs.evolve(record.event, **hidden))


def _hides(record: Record[Any], declared: EventType, viewer: str | None, state: SessionState) -> bool:
    if viewer is not None and _is_theirs(record, viewer, state):
        return False
    disclosed = state.preparation.disclosed
    if _is_withheld(record, state) or declared.cls is MeetingReviewed:
        return True
    if declared.cls is ModelEvaluated:
        return disclosed == "secret" or (disclosed == "group" and record.event.judge_kind == "participants")
    if declared.cls is ReconfirmationAnswered:
        # Answered aloud, in the room: only in a secret session not for the others there.
        return disclosed == "secret" or (viewer is None and disclosed != "open")
    if declared.judgement:
        return disclosed == "secret" or (disclosed == "group" and record.role is not Role.SUBGROUP)
    return viewer is None and declared.name in NAMING and disclosed != "open"


def _is_withheld(record: Record[Any], state: SessionState) -> bool:
    """Say whether it was entered in a round that is still blind, or hidden for a cause; or corrects what was."""
    if isinstance(record.event, EntryReworded):
        entry = state.entries.get(record.event.entry)
        if entry is None:
            return False
        seq, cls = record.event.entry, EVENT_TYPES[entry.type].cls
    else:
        seq, cls = record.seq, type(record.event)
    return _in_open_blind_round(seq, cls, record.event, state) or _hidden_for_cause(seq, state)


def _is_theirs(record: Record[Any], viewer: str, state: SessionState) -> bool:
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
