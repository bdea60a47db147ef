"""
What belongs to a person: erasing it, and telling them what there is.

An erasure has three stages, each of which may be repeated. The log says what can no longer be opened; the store
forgets those values, the key of the person, and what was called; and it is scrubbed, so that nothing of it is left in
free pages and journals. Entries, roots, checkpoints and receipts stay as they are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import frozen

from afwegen import codec, requests
from afwegen.errors import RuleViolation
from afwegen.events import Record, ReportExported, SubjectErased, TextRedacted
from afwegen.events.declaration import event_type
from afwegen.log import canonical
from afwegen.requests import Verb
from afwegen.steps.things import Said
from afwegen.stores.contract import Forgetting, Stored
from afwegen.verbs import PAGE, Core

if TYPE_CHECKING:
    from afwegen.events.meeting import Ground, RedactionGround, Scope

__all__ = ["Erasure", "Subject", "erase", "erase_again", "redact", "subject"]

AT_ONCE: Final = 3_000
"""Records that one event names at most: an entry has room for 32 KiB."""


@frozen(kw_only=True)
class Erasure:
    """
    What an erasure came to.

    Attributes:
        subjects: Pseudonyms of whom was erased; none where a text was.
        entries: The records of which something can no longer be opened.
        exports: What left the building before, and is out of reach: who holds it must be told.
        scrubbed: Whether the store was scrubbed; where not, it is on a connection of the host, and that comes after
            the commit: ``open_store(URL).scrub()``, or ``afwegen erase STORE --again``.
    """

    subjects: tuple[str, ...]
    entries: tuple[int, ...]
    exports: tuple[Said[ReportExported], ...]
    scrubbed: bool


@frozen(kw_only=True)
class Subject:
    """
    Everything that a session holds about one person.

    Attributes:
        pseudonym: How the log calls them.
        key: How the application knows them; None once they were erased.
        made: Records that they entered, or that were entered for them or for a subgroup they were in.
        about: Records of which personal values are about them, among these nearly all they made.
        named: Records that name them in another way: who was there, who was invited, who erased.
        exports: Files that were made of the session since they came into it.
    """

    pseudonym: str
    key: str | None
    made: tuple[Record[Any], ...]
    about: tuple[Record[Any], ...]
    named: tuple[Record[Any], ...]
    exports: tuple[Record[Any], ...]


# -- erasing ----------------------------------------------------------------------------------------------------------


def erase(session: Core, person: str, by: str, ground: Ground, scope: Scope) -> Verb[Erasure]:
    """Erase a person; see ``Session.erase``."""
    yield from session.refresh()
    subjects = yield from _known_as(session, person)
    if not subjects:
        if session.state.meeting.erasures and (yield from requests.unscrubbed()):
            # Broken off after the key was gone: nobody can say any more whose erasure it was, so all are finished.
            return (yield from erase_again(session))
        raise RuleViolation("this person is not known here", "give the key, or the pseudonym", person)
    for pseudonym in subjects:
        yield from _write_down(session, pseudonym, by, ground, scope)
    return (yield from _complete(session, tuple(_of(session, subjects))))


def redact(session: Core, entry: int, fields: tuple[str, ...], by: str, ground: RedactionGround) -> Verb[Erasure]:
    """Erase what should not have been written; see ``Session.redact``."""
    yield from session.refresh()
    if not 0 <= entry < session.state.length:
        raise RuleViolation(f"this session has {session.state.length} records", "name one of them", entry)
    stored = yield from _stored(session, entry)
    declared = event_type(session.decoded(stored).event)
    texts = tuple(field.name for field in declared.personal)
    if not texts:
        raise RuleViolation("there is nothing personal in this record", "name another", declared.name)
    for name in fields:
        if name not in texts:
            raise RuleViolation(f"{declared.name} has no such personal field", f"choose from {', '.join(texts)}", name)
    event = TextRedacted(entry=entry, fields=tuple(sorted(set(fields))), ground=ground)
    if event not in {said.event for said in session.state.meeting.erasures}:
        yield from session.record_own((event,), by)
    said = (each for each in session.state.meeting.erasures if each.event == event)
    return (yield from _complete(session, tuple(said)))


def erase_again(session: Core) -> Verb[Erasure]:
    """Carry out every erasure that the log tells of once more; see ``Session.erase_again``."""
    yield from session.refresh()
    return (yield from _complete(session, session.state.meeting.erasures))


def _known_as(session: Core, person: str) -> Verb[tuple[str, ...]]:
    """Return the pseudonyms of a person: by the key, as far as the vault has it, or by the pseudonym itself."""
    rows = yield from requests.people(session.id, 0)
    pseudonym = person.removeprefix(codec.NAMELESS)
    keys = {row.pseudonym: codec.person_row(row.payload)[0] for row in rows}
    # In a secret session somebody has a pseudonym for each round: they are all of whoever has one of them.
    key = keys.get(pseudonym, person)
    found = [name for name, known in keys.items() if known == key]
    erased = {said.event.subject for said in session.state.meeting.erasures if isinstance(said.event, SubjectErased)}
    return (pseudonym,) if not found and pseudonym in erased else tuple(found)


def _of(session: Core, subjects: Container[str]) -> Iterable[Said[SubjectErased] | Said[TextRedacted]]:
    """Yield the erasures of some people."""
    for said in session.state.meeting.erasures:
        if isinstance(said.event, SubjectErased) and said.event.subject in subjects:
            yield said


def _write_down(session: Core, pseudonym: str, by: str, ground: Ground, scope: Scope) -> Verb[None]:
    """Let the log say what can no longer be opened, also of what was recorded meanwhile; nothing it says already."""
    while True:
        rows = yield from requests.about(session.id, pseudonym)
        said = tuple(cast("Iterable[Said[SubjectErased]]", _of(session, {pseudonym})))
        known = {seq for each in said for seq in each.event.entries}
        new = sorted({seq for seq, _ in rows} - known)
        if scope == "identity":
            new = yield from _of_identity(session, pseudonym, new)
        if said and not new:
            return
        parts = [tuple(new[at : at + AT_ONCE]) for at in range(0, len(new), AT_ONCE)] or [()]
        events = tuple(SubjectErased(subject=pseudonym, scope=scope, ground=ground, entries=part) for part in parts)
        yield from session.record_own(events, by)


def _of_identity(session: Core, pseudonym: str, seqs: Iterable[int]) -> Verb[list[int]]:
    """Return those records that say who somebody is: by which they came in or left, and whose values hold their key."""
    spellings = _spellings(session.people.keys.get(pseudonym))
    found = []
    for seq in seqs:
        stored = yield from _stored(session, seq)
        declared = event_type(session.decoded(stored).event)
        came_in = declared.room == "preparation" and any(field.subjects for field in declared.personal)
        if came_in or any(spelled in payload for _, payload in stored.vault for spelled in spellings):
            found.append(seq)
    return found


def _spellings(key: str | None) -> tuple[bytes, ...]:
    """Return how a key stands in a vault row: as a value, and in the text of an outcome."""
    if key is None:
        return ()
    value = canonical.encode(key)
    return value, canonical.encode(value.decode())[1:-1]


def _stored(session: Core, seq: int) -> Verb[Stored]:
    (stored,) = yield from requests.entries(session.id, seq, seq + 1)
    return stored


def _complete(session: Core, erasures: tuple[Said[SubjectErased] | Said[TextRedacted], ...]) -> Verb[Erasure]:
    """Let the store forget what these erasures cover, read the session anew, and scrub."""
    covered: dict[str, set[int]] = {}
    for said in erasures:
        if isinstance(said.event, SubjectErased):
            covered.setdefault(said.event.subject, set()).update(said.event.entries)
        else:
            yield from _forget_text(session, said.event)
    calls = yield from _calls(session, covered)
    for pseudonym, entries in covered.items():
        rows = yield from requests.about(session.id, pseudonym)
        forgetting = Forgetting(
            session=session.id,
            rows=tuple(row for row in rows if row[0] in entries),
            people=(pseudonym,),
            calls=tuple(sorted(calls[pseudonym] | entries)),
        )
        yield from requests.forget(forgetting)
    session.forget()
    yield from session.refresh()
    if not session.borrowed:
        yield from requests.scrub()
    texts = {said.event.entry for said in erasures if isinstance(said.event, TextRedacted)}
    return Erasure(
        subjects=tuple(covered),
        entries=tuple(sorted(texts.union(*covered.values()))),
        exports=session.state.meeting.exports,
        scrubbed=not session.borrowed,
    )


def _forget_text(session: Core, event: TextRedacted) -> Verb[None]:
    stored = yield from _stored(session, event.entry)
    paths: Container[str] = event.fields or codec.EVERYTHING
    left = [(part, payload, codec.without(payload, paths)) for part, payload in stored.vault]
    forgetting = Forgetting(
        session=session.id,
        rows=tuple((event.entry, part) for part, _, kept in left if kept is None),
        calls=(event.entry,),
        instead=tuple(
            (event.entry, part, kept) for part, payload, kept in left if kept is not None and kept != payload
        ),
    )
    yield from requests.forget(forgetting)


def _calls(session: Core, subjects: Iterable[str]) -> Verb[dict[str, set[int]]]:
    """Return which records show each pseudonym: whoever can guess a call can hold it against its code."""
    found: dict[str, set[int]] = {pseudonym: set() for pseudonym in subjects}
    for first in range(0, session.state.length if found else 0, PAGE):
        entries = yield from requests.entries(session.id, first, min(first + PAGE, session.state.length))
        for stored in entries:
            for pseudonym, seqs in found.items():
                if pseudonym.encode() in stored.entry:
                    seqs.add(stored.seq)
    return found


# -- telling ----------------------------------------------------------------------------------------------------------


def subject(session: Core, person: str) -> Verb[Subject]:
    """Return everything about a person; see ``Session.subject``."""
    yield from session.refresh()
    found = yield from _known_as(session, person)
    if not found:
        raise RuleViolation("this person is not known here", "give the key, or the pseudonym", person)
    # After an erasure the same key has another pseudonym: the newest is who they are now. In a secret session they have
    # others beside it, one a round, under which the log shows what they judged.
    usual = [pseudonym for pseudonym in found if not pseudonym.startswith(codec.VOICE)]
    pseudonym = (usual or found)[-1]
    key = session.people.keys.get(pseudonym)
    rows = yield from requests.about(session.id, pseudonym)
    mine, named = {seq for seq, _ in rows}, set().union(*(yield from _calls(session, found)).values())
    told: dict[str, list[Record[Any]]] = {"made": [], "about": [], "named": [], "exports": []}
    for first in range(0, session.state.length, PAGE):
        entries = yield from requests.entries(session.id, first, min(first + PAGE, session.state.length))
        for record in map(session.decoded, entries):
            for kind in _kinds(session, record, key or f"{codec.NAMELESS}{pseudonym}", mine, named):
                told[kind].append(record)
    return Subject(pseudonym=pseudonym, key=key, **{kind: tuple(records) for kind, records in told.items()})


def _kinds(session: Core, record: Record[Any], key: str, mine: set[int], named: set[int]) -> Iterable[str]:
    """Yield under which headings a record is told."""
    group = session.state.meeting.subgroups.get(record.subgroup or "")
    made = key in {record.by, record.on_behalf_of} or (group is not None and key in group.members)
    if made:
        yield "made"
    if record.seq in mine:
        yield "about"
    if record.seq in named and not made and record.seq not in mine:
        yield "named"
    if isinstance(record.event, ReportExported) and record.seq > min(named | mine, default=record.seq):
        yield "exports"
