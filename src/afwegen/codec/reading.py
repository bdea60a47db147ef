"""From bytes to a record: strictly, and whole where the vault still opens it."""

from collections.abc import Callable, Container, Iterable
from functools import cache
from typing import Any, Final

from attrs import frozen

from afwegen.codec.fields import Convert, array, readers, string
from afwegen.codec.making import exactly, lifted
from afwegen.codec.people import People
from afwegen.codec.vault import values_in
from afwegen.errors import CodecError
from afwegen.events.declaration import ERASED, EVENT_TYPES, MISSING, EventType
from afwegen.events.record import Record
from afwegen.events.upcasting import Upcaster, lifts, shape_of
from afwegen.log import canonical
from afwegen.log.spelling import read_time
from afwegen.method import Role

__all__ = ["ENVELOPE", "begun_by", "decode", "decode_watching", "document_in", "how_to_read"]

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
"""What an entry says of a record."""

ROLES: Final = {role.value: role for role in Role}


@frozen
class _Plan:
    """How one version of an event is read: worked out once."""

    names: frozenset[str]
    people: tuple[str, ...]
    older: tuple[Upcaster, ...]
    declared: EventType
    newest: frozenset[str]
    readers: tuple[tuple[str, Convert], ...]


@cache
def how_to_read(version: str) -> _Plan:
    """Return how a version of an event is read, also one that is no longer written."""
    older, shape = lifts(version), shape_of(version)
    declared = EVENT_TYPES[older[-1].to if older else version]
    return _Plan(
        names=shape.names,
        people=tuple(shape.people),
        older=older,
        declared=declared,
        newest=frozenset(field.name for field in declared.fields),
        readers=tuple(readers((field.name, field.annotation) for field in declared.fields).items()),
    )


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
    document = document_in(entry, canonical.read)
    plan = how_to_read(string(document["type"]))
    fields: dict[str, Any] = document["fields"]
    for name in plan.people:
        fields[name] = _keys(fields.get(name), people)
    values, gone = _opened(document, payloads)
    fields.update(values)
    for path in gone:
        fields[path] = ERASED if path in erased else MISSING
    fields = _arguments(plan, document["type"], fields)
    happened, recorded, behalf = document["happened_at"], document["recorded_at"], document["on_behalf_of"]
    recorded_at = read_time(string(recorded))
    record: Record[Any] = Record(
        session=document["session"],
        seq=document["seq"],
        event=plan.declared.cls(**fields),
        happened_at=recorded_at if happened == recorded else read_time(string(happened)),
        recorded_at=recorded_at,
        by=people.key(document["by"]),
        role=_role(document["role"]),
        on_behalf_of=None if behalf is None else people.key(behalf),
        subgroup=document["subgroup"],
        channel=document["channel"],
        meeting=document["meeting"],
    )
    return record, gone


def document_in(entry: bytes, read: Callable[[bytes], Any]) -> dict[str, Any]:
    """Return an entry as JSON, read as strictly as *read* does: with all that an entry has, and nothing more."""
    document = read(entry)
    if not isinstance(document, dict) or document.keys() != ENVELOPE:
        raise CodecError("these octets are no entry", "they were not written by this library", entry)
    if type(document["fields"]) is not dict or type(document["commitments"]) is not dict:
        raise CodecError("an entry has fields and commitments", "they were not written by this library", entry)
    return document


def begun_by(entry: bytes) -> str:
    """Return the version of the library that wrote the first entry of a log, empty where it does not say."""
    try:
        said = document_in(entry, canonical.parse)["fields"].get("library")
    except CodecError:
        return ""
    return said if isinstance(said, str) else ""


def _keys(named: Any, people: People) -> Any:
    if isinstance(named, str):
        return people.key(named)
    return [people.key(string(pseudonym)) for pseudonym in array(named)]


def _opened(document: dict[str, Any], payloads: Iterable[bytes]) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the personal values that are there by their paths, and the paths of those that are gone."""
    commitments, values = document["commitments"], {}
    for payload in payloads:
        values.update(values_in(canonical.parse(payload)))
    if values.keys() == commitments.keys():
        return values, frozenset()
    if not values.keys() <= commitments.keys():
        # What nobody committed to could pass for what is public.
        what = f"record {document['seq']} committed to no such value"
        raise CodecError(what, "the vault was changed", sorted(values.keys() - commitments.keys()))
    return values, frozenset(commitments.keys() - values.keys())


def _arguments(plan: _Plan, version: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what the constructor of the event takes, from the fields of a version of it."""
    fields = exactly(plan.names, fields, version)
    if plan.older:
        fields = exactly(plan.newest, lifted(plan.older, fields), plan.declared.name)
    for name, read in plan.readers:
        fields[name] = read(fields[name])
    return fields


def _role(text: Any) -> Role:
    role = ROLES.get(text) if isinstance(text, str) else None
    if role is None:
        raise CodecError("this role is not known", "install a newer afwegen", text)
    return role
