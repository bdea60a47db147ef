"""From a record to bytes: what goes into the entry, and what into which row of the vault."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

from attrs import frozen

from afwegen.codec.fields import Convert, writer
from afwegen.codec.naming import Members, authors, may_name_others, named_by, remaining
from afwegen.codec.people import NAMELESS, USUAL, VOICE, People, is_erased
from afwegen.codec.vault import PERSON_PATH, spelled, write_person_row, write_row
from afwegen.errors import CodecError
from afwegen.events.declaration import EVENT_TYPES, EventType, FieldType, event_type
from afwegen.events.record import Record
from afwegen.log import canonical
from afwegen.log.commitment import SALT_SIZE, commit
from afwegen.log.spelling import spell_time

__all__ = ["LARGEST_VALUE", "Encoded", "encode", "how_to_write", "subjects"]

LARGEST_VALUE: Final = 32 * 1024
"""Octets a personal value may have in canonical form."""
LARGEST_OUTCOME: Final = 16 * 1024 * 1024
"""Octets the whole outcome of a model may have."""
PSEUDONYM_SIZE: Final = 16

Random: TypeAlias = Callable[[int], bytes]


@frozen(kw_only=True)
class Encoded:
    """
    A record as bytes.

    Attributes:
        entry: What is hashed and stored verbatim.
        vault: Subjects (pseudonyms) and payload of each set of people the values are about.
        shown: Pseudonym and payload of each person the entry shows first.
        people: The book with those in it.
    """

    entry: bytes
    vault: tuple[tuple[tuple[str, ...], bytes], ...]
    shown: tuple[tuple[str, bytes], ...]
    people: People


@frozen
class _Plan:
    """How one type of event is written: worked out once."""

    declared: EventType
    public: tuple[tuple[str, Convert], ...]
    personal: tuple[tuple[FieldType, Convert], ...]
    about_others: frozenset[str]


@cache
def how_to_write(name: str) -> _Plan:
    """Return how a type of event is written."""
    declared = EVENT_TYPES[name]
    personal = sorted(declared.personal, key=lambda field: field.name)
    return _Plan(
        declared=declared,
        public=tuple((field.name, writer(field.annotation)) for field in declared.public),
        personal=tuple((field, writer(field.annotation)) for field in personal),
        about_others=frozenset(field.name for field in personal if may_name_others(field)),
    )


class _Writing:
    """One record on its way to bytes: the people it shows first gather here."""

    def __init__(self, record: Record[Any], people: People, random: Random) -> None:
        self.record = record
        self.people = people
        self.random = random
        self.shown: list[tuple[str, bytes]] = []
        self.commitments: dict[str, str] = {}

    def pseudonym(self, key: str, voice: str | None = None) -> str:
        """Return the pseudonym of a person, a fresh one for somebody the log has not shown yet."""
        known = self.people.pseudonym(key, voice)
        if known is not None:
            return known
        if is_erased(key):
            raise CodecError("this person was erased: nothing more is recorded of them", "leave them out", key)
        new = f"{USUAL if voice is None else VOICE}{self.random(PSEUDONYM_SIZE).hex()}"
        salt = self.random(SALT_SIZE)
        self.commitments[new] = commit(salt, self.record.session, self.record.seq, f"{PERSON_PATH}/{new}", key)
        self.shown.append((new, write_person_row(key, salt)))
        book = self.people
        self.people = book.with_person(new, key) if voice is None else book.with_voice(new, key, voice)
        return new

    def persons(self, field: FieldType) -> Any:
        """Return the pseudonyms of a person field."""
        named = getattr(self.record.event, field.name)
        return self.pseudonym(named) if isinstance(named, str) else [self.pseudonym(key) for key in named]


def encode(
    record: Record[Any],
    people: People,
    members: Members,
    random: Random,
    voice: str | None = None,
) -> Encoded:
    """
    Write a record.

    Args:
        record: With its place in the log.
        people: The pseudonyms the log has shown so far.
        members: The members of each subgroup, who are the subjects of what it says.
        random: Gives fresh random octets: salts and pseudonyms are drawn from it.
        voice: The round in which who made the record goes by a pseudonym of its own; None for the usual one.

    Raises:
        CodecError: A personal value is larger than 32 KiB.
    """
    plan = how_to_write(event_type(record.event).name)
    writing = _Writing(record, people, random)
    by = writing.pseudonym(record.by, voice)
    on_behalf_of = None if record.on_behalf_of is None else writing.pseudonym(record.on_behalf_of, voice)
    fields = {name: write(getattr(record.event, name)) for name, write in plan.public}
    for field in plan.declared.people:
        fields[field.name] = writing.persons(field)
    commitments, vault = _personal(writing, plan, members)
    happened, live = spell_time(record.happened_at), record.happened_at == record.recorded_at
    entry = canonical.encode(
        {
            "by": by,
            "channel": record.channel,
            "commitments": commitments,
            "fields": fields,
            "happened_at": happened,
            "meeting": record.meeting,
            "on_behalf_of": on_behalf_of,
            "people": writing.commitments,
            "recorded_at": happened if live else spell_time(record.recorded_at),
            "role": record.role.value,
            "seq": record.seq,
            "session": record.session,
            "subgroup": record.subgroup,
            "type": plan.declared.name,
        }
    )
    return Encoded(entry=entry, vault=vault, shown=tuple(writing.shown), people=writing.people)


def _personal(
    writing: _Writing, plan: _Plan, members: Members
) -> tuple[dict[str, str], tuple[tuple[tuple[str, ...], bytes], ...]]:
    """Return the commitments, and one vault row for each set of people the values are about."""
    record = writing.record
    salts = writing.random(SALT_SIZE * len(plan.personal))
    if record.subgroup or plan.about_others:
        members = remaining(members)
    usual = tuple(map(writing.pseudonym, authors(record, members)))
    rows: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, str]]] = {}
    openings: list[tuple[str, bytes, Any]] = []
    for number, (field, write) in enumerate(plan.personal):
        value = write(getattr(record.event, field.name))
        salt = salts[SALT_SIZE * number : SALT_SIZE * (number + 1)]
        _refuse_large(plan.declared, field, value)
        kept, salted = rows.setdefault(_about(record, plan, field, members, writing.pseudonym) or usual, ({}, {}))
        kept[field.name], salted[field.name] = value, spelled(salt)
        openings.append((field.name, salt, value))
    vault = tuple((about, write_row(kept, salted)) for about, (kept, salted) in rows.items())
    # After the rows were written, for that is where the values are held to the profile.
    commitments = {path: commit(salt, record.session, record.seq, path, value) for path, salt, value in openings}
    return commitments, vault


def _refuse_large(declared: EventType, field: FieldType, value: Any) -> None:
    if type(value) is str and len(value) * 6 < LARGEST_VALUE:
        return
    largest = LARGEST_OUTCOME if declared.name == "model-evaluated/1" else LARGEST_VALUE
    size = len(canonical.encode(value))
    if size > largest:
        raise CodecError(f"{declared.name} {field.name} is larger than {largest} octets", "say it shorter", size)


def _about(
    record: Record[Any], plan: _Plan, field: FieldType, members: Members, pseudonym: Callable[[str], str]
) -> tuple[str, ...]:
    """Return whom a personal value names as its subjects, by pseudonym; nobody where it is about its author."""
    return tuple(map(pseudonym, named_by(record, field, members))) if field.name in plan.about_others else ()


def subjects(record: Record[Any], people: People, members: Members) -> tuple[tuple[str, ...], ...] | None:
    """
    Return whom each part of a record's vault rows is about, by pseudonym, as ``encode`` parted them.

    Also members of a subgroup who were erased: those of whom that was known already are not in the vault's own list.
    None where somebody is named by a key that nobody has: who was erased since, and the values did not follow yet.

    Args:
        record: Whole: of what is gone nobody can say whom it named.
        people: The pseudonyms the log has shown so far.
        members: The members of each subgroup, when it was recorded.
    """
    plan = how_to_write(event_type(record.event).name)
    whose = authors(record, members)
    others = [field for field, _ in plan.personal if field.name in plan.about_others]
    named = (who for field in others for who in named_by(record, field, members))
    if not all(who in people.pseudonyms or is_erased(who) for who in (*whose, *named)):
        return None

    def pseudonym(key: str) -> str:
        return people.pseudonyms.get(key) or key.removeprefix(NAMELESS)

    usual = tuple(map(pseudonym, whose))
    return tuple(dict.fromkeys(_about(record, plan, field, members, pseudonym) or usual for field, _ in plan.personal))
