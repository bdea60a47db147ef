"""
Reading a log with what is known beside it: who the people in it are, and what its erasures cover.

An erasure is believed as soon as the log tells of it: what it covers shows no more, whether the vault still has it or
not.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, Final

import attrs
from attrs import Factory, frozen

from afwegen import codec
from afwegen.errors import CodecError
from afwegen.events import Record, SubjectErased
from afwegen.events.declaration import ERASED, event_type
from afwegen.method import RULES_VERSION
from afwegen.steps import disclosure
from afwegen.steps.state import SessionState
from afwegen.stores.contract import PersonRow, Stored

__all__ = ["Erased", "by_a_newer", "erased", "hearing", "learning", "newer_rules", "noting", "opened"]

_NOTHING: Final[Container[str]] = frozenset()


@frozen
class Erased:
    """What the erasures of a log cover: pseudonyms of people, and by record the paths."""

    people: frozenset[str] = frozenset()
    paths: Mapping[int, Container[str]] = Factory(dict)


def erased(state: SessionState) -> Erased:
    """Return what the erasures cover that a state tells of."""
    people: set[str] = set()
    paths: dict[int, Container[str]] = {}
    for said in state.meeting.erasures:
        if isinstance(said.event, SubjectErased):
            people.add(said.event.subject)
            paths |= dict.fromkeys(said.event.entries, codec.EVERYTHING)
            continue
        seq, fields, known = said.event.entry, frozenset(said.event.fields), paths.get(said.event.entry, frozenset())
        paths[seq] = fields | known if fields and isinstance(known, frozenset) else codec.EVERYTHING
    return Erased(frozenset(people), paths)


def opened(stored: Stored, people: codec.People, covered_by: Erased) -> tuple[Record[Any], bool]:
    """Return an entry as a record, and whether something of it is missing that no erasure covers."""
    payloads = [payload for _, payload in stored.vault]
    covered = covered_by.paths.get(stored.seq, _NOTHING)
    record, gone = codec.decode_watching(stored.entry, payloads, people, covered)
    missing = any(path not in covered for path in gone)
    if covered is not _NOTHING and not gone:
        # It is still there: the erasure is under way, or was broken off. It shows no more all the same.
        personal = [field.name for field in event_type(record.event).personal if field.name in covered]
        record = attrs.evolve(record, event=attrs.evolve(record.event, **dict.fromkeys(personal, ERASED)))
    return record, missing


def learning(people: codec.People, rows: Iterable[PersonRow], but: Erased) -> codec.People:
    """Return the people with those whom these rows name, but for the erased."""
    for row in rows:
        if row.pseudonym not in but.people:
            key, _ = codec.person_row(row.payload)
            people = people.with_person(row.pseudonym, key)
    return people


def hearing(
    people: codec.People,
    rows: Iterable[PersonRow],
    records: Mapping[int, Record[Any]],
    state: SessionState,
    but: Erased,
) -> codec.People:
    """Return the people with the round somebody has a pseudonym in: that of the record which shows it first."""
    for row in rows:
        record = records.get(row.seq)
        voice = None if record is None else disclosure.voice(record, state)
        known = row.pseudonym.startswith(codec.VOICE) and row.pseudonym not in but.people
        if voice is not None and known:
            people = people.with_voice(row.pseudonym, codec.person_row(row.payload)[0], voice)
    return people


def noting(records: Iterable[Record[Any]], wanted: set[int], noted: dict[int, Record[Any]]) -> Iterable[Record[Any]]:
    """Yield records, and keep those that are wanted."""
    for record in records:
        if record.seq in wanted:
            noted[record.seq] = record
        yield record


def newer_rules(session: str, state: SessionState) -> CodecError | None:
    """Return an error about rules not known here: what the session means could not be told from its log."""
    frame = state.preparation
    if frame.rules <= RULES_VERSION:
        return None
    what = f"this session is held to rules of version {frame.rules}, and {RULES_VERSION} is the newest known here"
    return CodecError(what, f"install afwegen {frame.library} or later", session)


def by_a_newer(error: CodecError, library: str) -> CodecError:
    """Return an error about bytes that cannot be read, with the version to install where that is the reason."""
    from importlib.metadata import version

    if _numbers(library) <= _numbers(version("afwegen")):
        return error
    return CodecError(error.what, f"install afwegen {library} or later: the session was begun by it", error.got)


def _numbers(library: str) -> tuple[int, ...]:
    return tuple(int(part) for part in library.split(".") if part.isascii() and part.isdecimal())
