"""
What somebody may see: one function for pages, feeds, exports and the command line.

The operator's view is the state itself; a viewer is a participant's key, or None for the public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from afwegen.events import MeetingReviewed, ParticipantInvited, Record
from afwegen.events.declaration import HIDDEN, EventType, event_type
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
    if _in_open_blind_round(record, state) or _hidden_for_cause(record, state):
        return True
    if declared.cls is MeetingReviewed or declared.name == "model-evaluated/1":
        return declared.cls is MeetingReviewed or state.preparation.disclosed == "secret"
    if declared.judgement:
        return _hides_judgement(record, state)
    return viewer is None and declared.name in NAMING and state.preparation.disclosed != "open"


def _is_theirs(record: Record[Any], viewer: str, state: SessionState) -> bool:
    """Say whether somebody wrote it, entered it, was in the subgroup that did, or is who it is about."""
    group = state.meeting.subgroups.get(record.subgroup or "")
    about = isinstance(record.event, ParticipantInvited) and record.event.participant == viewer
    return viewer in {record.by, record.on_behalf_of} or about or (group is not None and viewer in group.members)


def _in_open_blind_round(record: Record[Any], state: SessionState) -> bool:
    blind = state.meeting.open_blind
    if not blind or type(record.event) not in rounds.ASKED_BY:
        return False
    key = rounds.round_of(state.meeting.rounds, blind, record.event)
    return key in blind and record.seq >= state.meeting.rounds[key].seq


def _hidden_for_cause(record: Record[Any], state: SessionState) -> bool:
    entry = state.entries.get(record.seq)
    return entry is not None and entry.kind in KINDS and state.status_of(entry) == "hidden"


def _hides_judgement(record: Record[Any], state: SessionState) -> bool:
    disclosed = state.preparation.disclosed
    return disclosed == "secret" or (disclosed == "group" and record.role is not Role.SUBGROUP)
