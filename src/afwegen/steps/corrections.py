"""Corrections: rewording, withdrawing, hiding and merging, none of which erases (*rechtzetten*)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from afwegen.events import EntriesMerged, EntryHidden, EntryObjected, EntryReworded, EntryWithdrawn, Record
from afwegen.events.declaration import EVENT_TYPES
from afwegen.steps import acting, solutions
from afwegen.steps.inventory import Problem
from afwegen.steps.meeting import Meeting
from afwegen.steps.rounds import Round, without_word, word
from afwegen.steps.things import KINDS, Entry, Map, Said, evolve, refuse

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["CORRECTIONS", "admit", "apply"]

CORRECTIONS = (EntryReworded, EntryWithdrawn, EntryHidden, EntriesMerged)


# -- admission --------------------------------------------------------------------------------------------------------


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse a correction of what is not there, is not theirs, or cannot be corrected so."""
    match record.event:
        case EntryReworded() as event:
            entry = _entry(state, event.entry)
            _theirs(state, record, entry)
            _admit_rewording(state, event, entry)
        case EntryWithdrawn(entry=seq):
            entry = _entry(state, seq)
            _admit_withdrawing(state, record, entry, seq)
            _unfrozen(state, entry)
        case EntryHidden(entry=seq):
            entry = _entry(state, seq)
            _no_judgement(entry, "a judgement is never hidden", "disclosure and blind rounds say who sees it", seq)
            _no_invitation(entry, seq)
            _unfrozen(state, entry)
        case EntriesMerged() as event:
            _admit_merging(state, event)
        case EntryObjected(entry=seq):
            if seq >= state.length:
                refuse("there is no such record", f"give a number below {state.length}", seq)
        case _:
            return


def _entry(state: SessionState, seq: int) -> Entry:
    entry = state.entries.get(seq)
    if entry is None:
        do = "name a record that said something; what was done is set right by doing it anew"
        refuse("this record holds nothing to correct", do, seq)
    if entry.kind in KINDS and state.status_of(entry) != "standing":
        refuse(f"this entry is {state.status_of(entry)}", "name one that stands", seq)
    return entry


def _theirs(state: SessionState, record: Record[Any], entry: Entry) -> None:
    group = state.meeting.subgroups.get(entry.author)
    authors = {entry.author, entry.by, *(group.members if group else ())}
    if record.author not in authors and not acting.may_enter_for_others(state, record.by):
        refuse("only who said it, or who leads, may change it", "object to it with EntryObjected", record.author)


def _admit_withdrawing(state: SessionState, record: Record[Any], entry: Entry, seq: int) -> None:
    """Refuse to take back what somebody else said; a judgement also when its round is closed."""
    _no_invitation(entry, seq)
    group = state.meeting.subgroups.get(entry.author)
    if record.author not in {entry.author, entry.by, *(group.members if group else ())}:
        refuse("only who said it takes it back", "hide it for a cause, or object to it", record.author)
    if entry.kind in KINDS:
        return
    this = state.meeting.rounds[str(entry.key)]
    if not this.is_open:
        refuse("the round of this judgement is closed", "a judge revises until it closes; object to it", seq)
    said = word(this.sheets.get(entry.author), seq)
    if said is not None and said.own and record.by not in {entry.by, *(group.members if group else ())}:
        refuse("what a judge entered themselves only they take back", "let them do it", record.by)


def _no_judgement(entry: Entry, what: str, do: str, seq: int) -> None:
    if entry.kind not in KINDS:
        refuse(what, do, seq)


def _no_invitation(entry: Entry, seq: int) -> None:
    if entry.kind == "participant":
        refuse("an invitation is not taken back", "record ParticipantWithdrew", seq)


def _unfrozen(state: SessionState, entry: Entry) -> None:
    if entry.kind in {"solution", "criterion"}:
        solutions.refuse_when_frozen(state, "solutions and criteria")


def _admit_rewording(state: SessionState, event: EntryReworded, entry: Entry) -> None:
    if entry.kind not in KINDS:
        refuse("a judgement is revised, not reworded", "submit it again in its round", event.entry)
    texts = _texts(entry.type)
    if event.field not in texts:
        refuse(
            f"{entry.type} has no such text", f"choose from {', '.join(texts) or 'none: it has no text'}", event.field
        )
    if event.meaning_changed:
        _unfrozen(state, entry)


@cache
def _texts(name: str) -> tuple[str, ...]:
    """Return the fields of a type of event that hold a text, and so can be worded otherwise."""
    return tuple(field.name for field in EVENT_TYPES[name].personal if _is_text(field.annotation))


def _is_text(annotation: Any) -> bool:
    parts = getattr(annotation, "__args__", ())
    return annotation is str or any(_is_text(part) for part in parts if getattr(part, "__origin__", None) is not tuple)


def _admit_merging(state: SessionState, event: EntriesMerged) -> None:
    into = _entry(state, event.into)
    _no_judgement(into, "judgements are not merged", "each judge has a sheet of their own", event.into)
    _no_invitation(into, event.into)
    if not event.entries or event.into in event.entries or len(set(event.entries)) < len(event.entries):
        refuse("other entries are merged into one", "name each of the others once", event.entries)
    for seq in event.entries:
        entry = _entry(state, seq)
        if entry.kind != into.kind or entry.key == into.key or KINDS[entry.kind].single:
            refuse("only things of one kind are merged", f"name entries that are a {into.kind}", seq)
        _unfrozen(state, entry)


# -- application ------------------------------------------------------------------------------------------------------


def apply(state: SessionState, record: Record[Any]) -> SessionState:
    """Return the state after a correction."""
    match record.event:
        case EntryReworded() as event:
            entry = state.entries.get(event.entry)
            if entry is None or event.field not in _texts(entry.type):
                return state
            return _changed(state, event.entry, lambda item: _reworded(item, event, record.seq))
        case EntryWithdrawn(entry=seq):
            return _set_status(state, seq, "withdrawn")
        case EntryHidden(entry=seq):
            return _set_status(state, seq, "hidden")
        case EntriesMerged(entries=entries, into=into):
            return _merged(state, entries, into)
        case _:
            return state


def _reworded(item: Any, event: EntryReworded, seq: int) -> Any:
    changes: dict[str, Any] = {"changed": seq} if event.meaning_changed else {}
    worded = {event.field: event.text}
    match item:
        case Said():
            # The record that was reworded may no longer be the one that is kept.
            fits = event.field in {field.name for field in attrs.fields(type(item.event))}
            return evolve(item, event=attrs.evolve(item.event, **worded), **changes) if fits else item
        case Meeting():
            plan: Any = item.plan
            return evolve(item, plan=plan and attrs.evolve(plan, **worded), **changes)
        case Problem() if event.field == "why":
            owners = item.owners.insert(item.reported_for, event.text)
            return evolve(item, owners=owners, **worded, **changes)
        case _:
            return evolve(item, **worded, **changes)


def _merged(state: SessionState, entries: Iterable[int], into: int) -> SessionState:
    """Return the state in which things became one; for whom a problem was one, it still is."""
    problems = [_problem(state, seq) for seq in entries]
    for seq in entries:
        state = _set_status(state, seq, "merged")
    owners = {owner: why for problem in problems if problem for owner, why in problem.owners.items()}
    if not owners or _problem(state, into) is None:
        return state
    return _changed(state, into, lambda item: evolve(item, owners=Map(owners).update(item.owners)))


def _problem(state: SessionState, seq: int) -> Problem | None:
    entry = state.entries.get(seq)
    return state.inventory.problems.get(str(entry.key)) if entry is not None and entry.kind == "problem" else None


def _set_status(state: SessionState, seq: int, status: str) -> SessionState:
    entry = state.entries.get(seq)
    if entry is not None and entry.kind not in KINDS:
        return _without_sheet(state, entry, seq)
    return _changed(state, seq, lambda item: evolve(item, status=status))


def _changed(state: SessionState, seq: int, change: Any) -> SessionState:
    entry = state.entries.get(seq)
    if entry is None or entry.kind not in KINDS:
        return state
    place = KINDS[entry.kind]
    part = getattr(state, place.room)
    kept = getattr(part, place.attribute)
    if place.single:
        new = None if kept is None else change(kept)
    else:
        item = kept.get(entry.key)
        new = kept if item is None else kept.insert(entry.key, change(item))
    return evolve(state, **{place.room: evolve(part, **{place.attribute: new})})


def _without_sheet(state: SessionState, entry: Entry, seq: int) -> SessionState:
    this: Round | None = state.meeting.rounds.get(str(entry.key))
    if this is None:
        return state
    left = without_word(this.sheets.get(entry.author), seq)
    sheets = this.sheets.discard(entry.author) if left is None else this.sheets.insert(entry.author, left)
    rounds = state.meeting.rounds.insert(str(entry.key), evolve(this, sheets=sheets))
    return evolve(state, meeting=evolve(state.meeting, rounds=rounds))
