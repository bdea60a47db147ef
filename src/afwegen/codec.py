"""
Between a record and its bytes: the entry that is hashed, and the vault rows that open it.

An entry holds what is public; for each personal field a commitment; for each person a pseudonym. Values, salts and
keys lie in the vault. This is the only place that knows cattrs.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

import attrs
from attrs import frozen
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, override
from rpds import HashTrieMap

from afwegen.errors import CodecError, IntegrityError
from afwegen.events.declaration import (
    ERASED,
    EVENT_TYPES,
    MISSING,
    Disclosure,
    Erased,
    EventType,
    FieldType,
    Ratio,
    event_type,
)
from afwegen.events.record import Record
from afwegen.events.upcasting import Upcaster, lifts, shape_of
from afwegen.log import canonical
from afwegen.log.commitment import SALT_SIZE, commit, opens
from afwegen.log.spelling import read_decimal, read_ratio, read_time, spell_decimal, spell_ratio, spell_time
from afwegen.method import Role

__all__ = [
    "EVERYTHING",
    "Encoded",
    "Opening",
    "People",
    "decode",
    "decode_watching",
    "encode",
    "fields_of",
    "is_erased",
    "make_event",
    "open_entry",
    "person_row",
    "without",
]

LARGEST_VALUE: Final = 32 * 1024
"""Octets a personal value may have in canonical form."""
LARGEST_OUTCOME: Final = 16 * 1024 * 1024
"""Octets the whole outcome of a model may have."""
PSEUDONYM_SIZE: Final = 16
PERSON_PATH: Final = "person"
USUAL: Final = "p_"
VOICE: Final = "j_"
"""How the pseudonym begins that somebody has in one round of a secret session."""
NAMELESS: Final = "~"
"""How somebody goes whom the vault no longer names: this, and the pseudonym."""

EMPTY: Final[HashTrieMap[str, str]] = HashTrieMap()
Random: TypeAlias = Callable[[int], bytes]
Convert: TypeAlias = Callable[[Any], Any]


@frozen(kw_only=True)
class People:
    """
    Who stands behind which pseudonym, as far as the vault still says.

    Attributes:
        keys: By pseudonym, the key by which the host knows the person.
        pseudonyms: By key, the usual pseudonym.
        voices: By key and round, the pseudonym in that round of a secret session.
    """

    keys: HashTrieMap[str, str] = EMPTY
    pseudonyms: HashTrieMap[str, str] = EMPTY
    voices: HashTrieMap[tuple[str, str], str] = HashTrieMap()  # noqa: RUF009 - it cannot be changed

    def with_person(self, pseudonym: str, key: str) -> People:
        """Return the book with one more pseudonym in it."""
        known = attrs.evolve(self, keys=self.keys.insert(pseudonym, key))
        if pseudonym.startswith(VOICE):
            return known
        return attrs.evolve(known, pseudonyms=self.pseudonyms.insert(key, pseudonym))

    def with_voice(self, pseudonym: str, key: str, voice: str) -> People:
        """Return the book with a pseudonym that somebody has in one round of a secret session."""
        return attrs.evolve(self.with_person(pseudonym, key), voices=self.voices.insert((key, voice), pseudonym))

    def pseudonym(self, key: str, voice: str | None = None) -> str | None:
        """Return the pseudonym of a person, in a round or the usual one; None where the log shows none yet."""
        return self.pseudonyms.get(key) if voice is None else self.voices.get((key, voice))

    def pseudonyms_of(self, key: str) -> tuple[str, ...]:
        """Return every pseudonym of somebody, in any round: what an erasure has to reach."""
        return tuple(sorted(pseudonym for pseudonym, known in self.keys.items() if known == key))

    def key(self, pseudonym: str) -> str:
        """Return the key behind a pseudonym; the pseudonym itself, marked, where the vault no longer says."""
        return self.keys.get(pseudonym) or f"{NAMELESS}{pseudonym}"


def is_erased(key: str) -> bool:
    """
    Say whether this is how somebody goes of whom the vault no longer says who it is.

    >>> is_erased("~p_3f"), is_erased("anna")
    (True, False)
    """
    return key.startswith(NAMELESS)


NOBODY: Final = People()


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


# -- from values to JSON and back -------------------------------------------------------------------------------------


def _same(value: Any) -> Any:
    return value


def _plain_parts(annotation: Any) -> tuple[Any, ...]:
    """Return what an annotation may be, without the marks of absence."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(
            part
            for option in get_args(annotation)
            if option not in {type(None), Erased}
            for part in _plain_parts(option)
        )
    return (annotation,)


def _pairs_of(parts: tuple[Any, ...]) -> tuple[Any, Any] | None:
    for part in parts:
        if get_origin(part) is get_origin(Mapping[str, str]):
            key, item = get_args(part)
            return key, item
    return None


@cache
def _writer(annotation: Any) -> Convert:
    """Return the function that turns a value of this annotation into JSON of the canonical profile."""
    parts = _plain_parts(annotation)
    if (pair := _pairs_of(parts)) is not None:
        item = _writer(pair[1])
        return _present(lambda value: [[key, item(each)] for key, each in value])
    kind = parts[0]
    if get_origin(kind) is tuple:
        inner = _writer(get_args(kind)[0])
        return _present(lambda value: [inner(each) for each in value]) if inner is not _same else _same
    if Decimal in parts:
        return lambda value: spell_decimal(value) if type(value) is Decimal else value
    if kind is Ratio:
        return _present(lambda value: spell_ratio(Fraction(value.numerator, value.denominator)))
    if kind is datetime:
        return _present(spell_time)
    if kind is date:
        return _present(lambda value: value.isoformat())
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _present(lambda value: value.value)
    if attrs.has(kind):
        fields = tuple((field.name, _writer(field.type)) for field in attrs.fields(kind))
        return _present(lambda value: {name: write(getattr(value, name)) for name, write in fields})
    return _same


@cache
def _reader(annotation: Any) -> Convert:
    """Return the function that turns JSON into what the constructor of an event takes for this annotation."""
    parts = _plain_parts(annotation)
    if (pair := _pairs_of(parts)) is not None:
        item = _reader(pair[1])
        return _present(lambda value: [(key, item(each)) for key, each in _pairs(value)])
    kind = parts[0]
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return _same if inner is _same else _present(lambda value: [inner(each) for each in _array(value)])
    if Decimal in parts:
        return lambda value: read_decimal(value) if type(value) is str else value
    if kind is Ratio:
        return _present(_ratio)
    if kind is datetime:
        return _present(lambda value: read_time(_string(value)))
    if kind is date:
        return _present(lambda value: _date(_string(value)))
    if attrs.has(kind):
        return _present(_structure(kind))
    return _same


def _present(convert: Convert) -> Convert:
    """Let None and the marks of absence pass."""
    return lambda value: value if value is None or type(value) is Erased else convert(value)


def _string(value: Any) -> str:
    if type(value) is not str:
        raise CodecError("this is written as a string", "spell it as the log does", value)
    return value


def _array(value: Any) -> list[Any]:
    if type(value) is not list:
        raise CodecError("several are written as an array", "give a list", value)
    return value


def _pairs(value: Any) -> Iterable[Any]:
    """Return the pairs of a mapping: the log writes an array of them, and people an object."""
    if type(value) is dict:
        return value.items()
    for pair in _array(value):
        if type(pair) is not list or len(pair) != 2:
            raise CodecError("a mapping is written as an object, or as pairs", "give arrays of two", pair)
    return value  # type: ignore[no-any-return]


def _ratio(value: Any) -> Ratio:
    ratio = read_ratio(_string(value))
    return Ratio(ratio.numerator, ratio.denominator)


def _date(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise CodecError("this is no day", "write it like 2026-11-24", value) from None
    if day.isoformat() != value:
        raise CodecError("a day has one spelling", "write it like 2026-11-24", value)
    return day


@cache
def _structure(cls: Hashable, *, explaining: bool = False) -> Convert:
    """Return cattrs' function from a JSON object to an instance: strict about keys, quick unless asked to explain."""
    kind: Any = cls
    # The fields' own converters check what comes in; hooks are for what JSON has no type for.
    converter = Converter(forbid_extra_keys=True, detailed_validation=explaining, prefer_attrib_converters=True)
    readers = {field.name: _reader(field.type) for field in attrs.fields(kind)}
    hooks: Any = {name: override(struct_hook=_hook(read)) for name, read in readers.items() if read is not _same}
    structure: Any = make_dict_structure_fn(
        kind,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=explaining,
        _cattrs_prefer_attrib_converters=True,
        **hooks,
    )
    return lambda value: structure(value, kind)


def _hook(read: Convert) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def make_event(name: str, fields: Mapping[str, Any]) -> Any:
    """
    Make an event from its type name and its fields as JSON, as they come in over the web or from an older export.

    Raises:
        CodecError: The type is unknown, or a field is missing, too many, or not what it should be; with its path.

    >>> make_event("step-started/1", {"step": "inventory"})
    StepStarted(step=<Step.INVENTORY: 'inventory'>)
    """
    older = lifts(name)
    if older:
        fields = _lifted(older, _insisted(name, dict(fields), older[0].shape.names))
    declared = EVENT_TYPES[older[-1].to if older else name]
    cls: Any = declared.cls
    try:
        return _structure(cls)(fields)
    except CodecError:
        raise
    except Exception:  # noqa: BLE001 - whatever cattrs raises is explained once more, with its path
        raise _explained(declared, fields) from None


def _explained(declared: EventType, fields: Mapping[str, Any]) -> CodecError:
    do = f"it has {', '.join(field.name for field in declared.fields)}"
    cls: Any = declared.cls
    try:
        _structure(cls, explaining=True)(fields)
    except Exception as error:  # noqa: BLE001 - the same, with what it says about where
        said = (
            "; ".join(transform_error(error, path=declared.name)) if isinstance(error, ExceptionGroup) else str(error)
        )
        return CodecError(f"these are not the fields of {declared.name}: {said}", do, fields)
    return CodecError(f"these are not the fields of {declared.name}", do, fields)


# -- writing ----------------------------------------------------------------------------------------------------------


@frozen
class _Plan:
    """How one type of event is written and read: worked out once."""

    declared: EventType
    public: tuple[tuple[str, Convert], ...]
    personal: tuple[tuple[FieldType, Convert], ...]
    names: frozenset[str]
    about_others: frozenset[str]
    readers: tuple[tuple[str, Convert], ...]


@cache
def _plan(name: str) -> _Plan:
    declared = EVENT_TYPES[name]
    readers = ((field.name, _reader(field.annotation)) for field in declared.fields)
    return _Plan(
        declared=declared,
        public=tuple((field.name, _writer(field.annotation)) for field in declared.public),
        personal=tuple(
            (field, _writer(field.annotation)) for field in sorted(declared.personal, key=lambda field: field.name)
        ),
        names=frozenset(field.name for field in declared.fields),
        about_others=frozenset(field.name for field in declared.personal if _may_name_people(field)),
        readers=tuple((name, read) for name, read in readers if read is not _same),
    )


def fields_of(event: Any) -> dict[str, Any]:
    """Return an event's fields as JSON of the canonical profile: everything, personal values too."""
    plan = _plan(event_type(event).name)
    return {field.name: _writer(field.annotation)(getattr(event, field.name)) for field in plan.declared.fields}


class _Writing:
    """One record on its way to bytes: the pseudonyms it shows first gather here."""

    def __init__(self, record: Record[Any], people: People, random: Random) -> None:
        self.record = record
        self.people = people
        self.random = random
        self.shown: list[tuple[str, bytes]] = []
        self.opened: dict[str, str] = {}

    def pseudonym(self, key: str, voice: str | None = None) -> str:
        """Return the pseudonym of a person, a fresh one for somebody the log has not shown yet."""
        known = self.people.pseudonym(key, voice)
        if known is not None:
            return known
        if is_erased(key):
            raise CodecError("this person was erased: nothing more is recorded of them", "leave them out", key)
        new = f"{USUAL if voice is None else VOICE}{self.random(PSEUDONYM_SIZE).hex()}"
        salt = self.random(SALT_SIZE)
        path = f"{PERSON_PATH}/{new}"
        self.opened[new] = commit(salt, self.record.session, self.record.seq, path, key)
        self.shown.append((new, canonical.encode({"key": key, "salt": _spell(salt)})))
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
    members: Mapping[str, tuple[str, ...]],
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
    plan = _plan(event_type(record.event).name)
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
            "people": writing.opened,
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
    writing: _Writing,
    plan: _Plan,
    members: Mapping[str, tuple[str, ...]],
) -> tuple[dict[str, str], tuple[tuple[tuple[str, ...], bytes], ...]]:
    """Return the commitments, and one vault row for each set of people the values are about."""
    record = writing.record
    salts = writing.random(SALT_SIZE * len(plan.personal))
    if record.subgroup or plan.about_others:
        members = _remaining(members)
    usual = tuple(map(writing.pseudonym, _authors(record, members)))
    rows: dict[tuple[str, ...], tuple[dict[str, Any], dict[str, str]]] = {}
    opened: list[tuple[str, bytes, Any]] = []
    for number, (field, write) in enumerate(plan.personal):
        value = write(getattr(record.event, field.name))
        salt = salts[SALT_SIZE * number : SALT_SIZE * (number + 1)]
        _refuse_large(plan.declared, field, value)
        kept, salted = rows.setdefault(_about(record, plan, field, members, writing.pseudonym) or usual, ({}, {}))
        kept[field.name], salted[field.name] = value, _spell(salt)
        opened.append((field.name, salt, value))
    vault = tuple(
        (subjects, canonical.encode({"salts": salted, "values": kept})) for subjects, (kept, salted) in rows.items()
    )
    # After the rows were written, for that is where the values are held to the profile.
    commitments = {path: commit(salt, record.session, record.seq, path, value) for path, salt, value in opened}
    return commitments, vault


def _refuse_large(declared: EventType, field: FieldType, value: Any) -> None:
    if type(value) is str and len(value) * 6 < LARGEST_VALUE:
        return
    largest = LARGEST_OUTCOME if declared.name == "model-evaluated/1" else LARGEST_VALUE
    size = len(canonical.encode(value))
    if size > largest:
        raise CodecError(f"{declared.name} {field.name} is larger than {largest} octets", "say it shorter", size)


def _authors(record: Record[Any], members: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return whose words a record is: for whom it was entered, else who entered it."""
    return members.get(record.subgroup or "") or (record.on_behalf_of or record.by,)


def _remaining(members: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return who is in each subgroup: those who were erased have no part in what it says now."""
    return {name: tuple(key for key in group if not is_erased(key)) for name, group in members.items()}


def subjects(
    record: Record[Any], people: People, members: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """
    Return whom each part of a record's vault rows is about, by pseudonym, as ``encode`` parted them.

    Also members of a subgroup who were erased: those of whom that was known already are not in the vault's own list.

    Args:
        record: Whole: of what is gone nobody can say whom it named.
        people: The pseudonyms the log has shown so far.
        members: The members of each subgroup, when it was recorded.
    """
    plan = _plan(event_type(record.event).name)

    def pseudonym(key: str) -> str:
        return people.pseudonyms.get(key) or key.removeprefix(NAMELESS)

    usual = tuple(map(pseudonym, _authors(record, members)))
    return tuple(dict.fromkeys(_about(record, plan, field, members, pseudonym) or usual for field, _ in plan.personal))


def _about(
    record: Record[Any],
    plan: _Plan,
    field: FieldType,
    members: Mapping[str, tuple[str, ...]],
    pseudonym: Callable[[str], str],
) -> tuple[str, ...]:
    """Return whom a personal value names as its subjects, by pseudonym; nobody where it is about its author."""
    return tuple(map(pseudonym, _subjects(record, field, members))) if field.name in plan.about_others else ()


def _subjects(record: Record[Any], field: FieldType, members: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return who a personal value names as its subjects, each once, in the order found; of a subgroup, its members."""
    named = [person for name in field.subjects for person in _several(getattr(record.event, name))]
    named += _people_in(getattr(record.event, field.name))
    people = (person for key in named for person in members.get(key, (key,)))
    return tuple(dict.fromkeys(people))


def _several(value: Any) -> Iterable[str]:
    """Return the people that a field holds: none, one, several, or values that name them."""
    if value is None or isinstance(value, str):
        return () if value is None else (value,)
    return (*(each for each in value if isinstance(each, str)), *_people_in(value))


def _people_in(value: Any) -> Iterator[str]:
    """Yield the people that a personal value names in the ``Person`` fields of its parts."""
    if isinstance(value, tuple):
        for each in value:
            kind: Any = type(each)
            for name in _person_fields(kind):
                yield getattr(each, name)


@cache
def _person_fields(kind: Hashable) -> tuple[str, ...]:
    cls: Any = kind
    if not attrs.has(cls):
        return ()
    declared = ((field.name, getattr(field.type, "__metadata__", ())) for field in attrs.fields(cls))
    return tuple(name for name, marks in declared if Disclosure.PERSON in marks)


def _may_name_people(field: FieldType) -> bool:
    parts = [kind for part in _plain_parts(field.annotation) for kind in (part, *get_args(part))]
    return bool(field.subjects) or any(_person_fields(kind) for kind in parts if isinstance(kind, type))


def with_voice(record: Record[Any], people: People, voice: str | None) -> Record[Any]:
    """Return a record whose author goes by a pseudonym, of a round or the usual one, as the entry itself shows it."""
    behalf = record.on_behalf_of
    masked = None if behalf is None else _masked(behalf, people, voice)
    return attrs.evolve(record, by=_masked(record.by, people, voice), on_behalf_of=masked)


def _masked(key: str, people: People, voice: str | None = None) -> str:
    pseudonym = people.pseudonym(key, voice) or people.pseudonyms.get(key)
    # Who was erased goes by the pseudonym already.
    return key if pseudonym is None and is_erased(key) else f"{NAMELESS}{pseudonym or key}"


def with_pseudonyms(record: Record[Any], people: People, voice: str | None = None) -> Record[Any]:
    """Return a record in which everybody goes by their pseudonym, as the entry itself shows them."""

    def masked(key: str) -> str:
        return _masked(key, people)

    changes: dict[str, Any] = {}
    for field in event_type(record.event).fields:
        value = getattr(record.event, field.name)
        if field.disclosure is Disclosure.PERSON:
            changes[field.name] = masked(value) if isinstance(value, str) else tuple(map(masked, value))
        elif isinstance(value, tuple) and any(True for _ in _people_in(value)):
            changes[field.name] = tuple(_masked_inside(each, masked) for each in value)
    shown = attrs.evolve(record, event=attrs.evolve(record.event, **changes)) if changes else record
    return with_voice(shown, people, voice)


def _masked_inside(value: Any, masked: Callable[[str], str]) -> Any:
    kind: Any = type(value)
    names = _person_fields(kind)
    return attrs.evolve(value, **{name: masked(getattr(value, name)) for name in names})


def _spell(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _unspell(text: Any) -> bytes:
    """Read base64url strictly: one spelling only, or a changed letter could pass unseen."""
    try:
        octets = urlsafe_b64decode(f"{text}==")
    except ValueError:
        octets = b""
    if _spell(octets) != text:
        raise CodecError("this is no base64url", "the vault was changed", text)
    return octets


# -- reading ----------------------------------------------------------------------------------------------------------

ENVELOPE: Final = frozenset(
    {
        "by",
        "channel",
        "commitments",
        "fields",
        "happened_at",
        "meeting",
        "on_behalf_of",
        "people",
        "recorded_at",
        "role",
        "seq",
        "session",
        "subgroup",
        "type",
    }
)


ROW: Final = frozenset({"salts", "values"})


def person_row(payload: bytes) -> tuple[str, bytes]:
    """
    Return the key and the salt in a person's row.

    Raises:
        CodecError: The row is no such thing.
    """
    row = canonical.decode(payload)
    if not isinstance(row, dict) or row.keys() != {"key", "salt"}:
        raise CodecError("this is no person's row", "the vault was changed", row)
    return _string(row["key"]), _unspell(row["salt"])


@frozen
class _Reading:
    """How one version of an event is read: worked out once."""

    plan: _Plan
    people: tuple[str, ...]
    names: frozenset[str]
    older: tuple[Upcaster, ...]


@cache
def _reading(name: str) -> _Reading:
    older, shape = lifts(name), shape_of(name)
    plan = _plan(older[-1].to if older else name)
    return _Reading(plan=plan, people=tuple(shape.people), names=shape.names, older=older)


def _lifted(older: tuple[Upcaster, ...], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as the version that is written now has them."""
    for step in older:
        fields = step.lift(dict(fields))
    return fields


def _insisted(name: str, fields: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    if fields.keys() != names:
        wrong = sorted(fields.keys() ^ names)
        raise CodecError(f"{name} has other fields", "the entry was not written by this library", wrong)
    return fields


class _Everything:
    """Every path there is."""

    def __contains__(self, path: object) -> bool:
        return True


EVERYTHING: Final[Container[str]] = _Everything()
"""What an erasure of a person covers of a record."""


def without(payload: bytes, paths: Container[str]) -> bytes | None:
    """
    Return a vault row without the values under some paths, None where nothing is left of it.

    Raises:
        CodecError: The row is no such thing.
    """
    row = canonical.decode(payload)
    kept = {path: value for path, value in _values(row).items() if path not in paths}
    salts = {path: salt for path, salt in row["salts"].items() if path in kept}
    return canonical.encode({"salts": salts, "values": kept}) if kept else None


def decode(
    entry: bytes, payloads: Iterable[bytes], people: People, erased: Container[str] = frozenset()
) -> Record[Any]:
    """
    Read a record back: strictly, and whole where the vault still opens it.

    Args:
        entry: The stored bytes.
        payloads: What the vault holds of it.
        people: The keys behind the pseudonyms; one that is not there shows as ``~p_...``.
        erased: The paths that an erasure covers: what is gone of these is ERASED, what else is gone is MISSING.

    Raises:
        CodecError: The bytes are not an entry of ours; with what is wrong and where.
    """
    return decode_watching(entry, payloads, people, erased)[0]


def decode_watching(
    entry: bytes, payloads: Iterable[bytes], people: People, erased: Container[str] = frozenset()
) -> tuple[Record[Any], frozenset[str]]:
    """Read a record back as ``decode`` does, and say which of its personal values are gone."""
    document = _document(entry, canonical.read)
    reading = _reading(_string(document["type"]))
    plan, fields, commitments = reading.plan, document["fields"], document["commitments"]
    for name in reading.people:
        fields[name] = _keys(fields.get(name), people)
    values: dict[str, Any] = {}
    for payload in payloads:
        values.update(_values(canonical.parse(payload)))
    gone: frozenset[str] = frozenset()
    if values.keys() != commitments.keys():
        if not values.keys() <= commitments.keys():
            # What nobody committed to could pass for what is public.
            what = f"record {document['seq']} committed to no such value"
            raise CodecError(what, "the vault was changed", sorted(values.keys() - commitments.keys()))
        gone = frozenset(commitments.keys() - values.keys())
        fields.update({path: ERASED if path in erased else MISSING for path in gone})
    fields.update(values)
    fields = _insisted(document["type"], fields, reading.names)
    if reading.older:
        fields = _insisted(plan.declared.name, _lifted(reading.older, fields), plan.names)
    for field_name, read in plan.readers:
        fields[field_name] = read(fields[field_name])
    happened, recorded, behalf = document["happened_at"], document["recorded_at"], document["on_behalf_of"]
    recorded_at = read_time(_string(recorded))
    record: Record[Any] = Record(
        session=document["session"],
        seq=document["seq"],
        event=plan.declared.cls(**fields),
        happened_at=recorded_at if happened == recorded else read_time(_string(happened)),
        recorded_at=recorded_at,
        by=people.key(document["by"]),
        role=_role(document["role"]),
        on_behalf_of=None if behalf is None else people.key(behalf),
        subgroup=document["subgroup"],
        channel=document["channel"],
        meeting=document["meeting"],
    )
    return record, gone


_ROLES: Final = {role.value: role for role in Role}


def _role(text: Any) -> Role:
    role = _ROLES.get(text) if isinstance(text, str) else None
    if role is None:
        raise CodecError("this role is not known", "install a newer afwegen", text)
    return role


def _document(entry: bytes, read: Callable[[bytes], Any]) -> dict[str, Any]:
    document = read(entry)
    if not isinstance(document, dict) or document.keys() != ENVELOPE:
        raise CodecError("these octets are no entry", "they were not written by this library", entry)
    if type(document["fields"]) is not dict or type(document["commitments"]) is not dict:
        raise CodecError("an entry has fields and commitments", "they were not written by this library", entry)
    return document


def begun_by(entry: bytes) -> str:
    """Return the version of the library that wrote the first entry of a log, empty where it does not say."""
    try:
        said = _document(entry, canonical.parse)["fields"].get("library")
    except CodecError:
        return ""
    return said if isinstance(said, str) else ""


def _keys(named: Any, people: People) -> Any:
    if isinstance(named, str):
        return people.key(named)
    return [people.key(_string(pseudonym)) for pseudonym in _array(named)]


def _values(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or row.keys() != ROW or not all(isinstance(part, dict) for part in row.values()):
        raise CodecError("this is no vault row", "the vault was changed", row)
    values: dict[str, Any] = row["values"]
    return values


# -- opening ----------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Opening:
    """
    What of one entry the vault opens.

    Attributes:
        opened: How many commitments open to the values kept.
        closed: The paths of those the vault no longer opens.
    """

    opened: int
    closed: tuple[str, ...]


def open_entry(entry: bytes, payloads: Iterable[bytes], persons: Mapping[str, bytes]) -> Opening:
    """
    Open every commitment of an entry: of its personal values, and of the keys of the people it shows first.

    Args:
        entry: The stored bytes.
        payloads: What the vault holds of it.
        persons: By pseudonym, the person's row, where there is one.

    Raises:
        IntegrityError: A value or a key is not what was committed to, or nothing was committed to.
        CodecError: The bytes are not an entry of ours.
    """
    document = _document(entry, canonical.decode)
    session, seq, closed = document["session"], document["seq"], set(document["commitments"])
    opened = 0
    for payload in payloads:
        row = canonical.decode(payload)
        values, salts = _values(row), row["salts"]
        if not isinstance(salts, dict) or values.keys() != salts.keys():
            raise IntegrityError(f"a vault row of record {seq} has values without salts", got=sorted(values))
        for path, value in values.items():
            _check_opening(document, path, _unspell(salts[path]), value)
            closed.discard(path)
            opened += 1
    for pseudonym, commitment in document["people"].items():
        payload_of = persons.get(pseudonym)
        if payload_of is None:
            closed.add(f"{PERSON_PATH}/{pseudonym}")
            continue
        key, salt = person_row(payload_of)
        if len(salt) != SALT_SIZE or not opens(commitment, salt, session, seq, f"{PERSON_PATH}/{pseudonym}", key):
            # The value is personal, and an error is read by whoever verifies.
            raise IntegrityError(f"the key of {pseudonym} is not the one record {seq} committed to")
        opened += 1
    return Opening(opened=opened, closed=tuple(sorted(closed)))


def _check_opening(document: Mapping[str, Any], path: str, salt: bytes, value: Any) -> None:
    seq = document["seq"]
    commitment = document["commitments"].get(path)
    if commitment is None:
        raise IntegrityError(f"record {seq} committed to no {path}", "the vault was changed")
    if len(salt) != SALT_SIZE or not opens(commitment, salt, document["session"], seq, path, value):
        what = f"the {path} of record {seq} is not what was entered"
        raise IntegrityError(what, "the vault was changed after the fact")
