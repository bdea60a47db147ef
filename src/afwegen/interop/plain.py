"""
Events and records as plain data: what the web sends and is sent, and what stands on a line of an export.

An event is ``{"type": "problem-reported/1", "fields": {...}}``; a record has these two and its envelope beside them. A
value that is not there says why: ``{"absent": "hidden"}``, ``"erased"`` or ``"missing"``. ``json`` writes and reads
the rest; the JSON Schema of it is ``afwegen.events.json_schema()``.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from afwegen import codec
from afwegen.errors import CodecError
from afwegen.events import Record
from afwegen.events.declaration import Erased, event_type
from afwegen.events.record import Channel
from afwegen.events.upcasting import shape_of
from afwegen.log.spelling import read_time, spell_time
from afwegen.method import Role

__all__ = ["read_event", "read_record", "write_event", "write_record"]

_EVENT: Final = frozenset({"fields", "type"})
_TEXTS: Final = ("by", "meeting", "on_behalf_of", "subgroup")
_RECORD: Final = _EVENT | {*_TEXTS, "channel", "happened_at", "recorded_at", "role", "seq", "session"}
_ABSENT: Final = {mark: {"absent": mark.value} for mark in Erased}


def read_event(plain: Any) -> Any:
    """
    Return the event that somebody proposes as plain data.

    >>> read_event({"type": "step-started/1", "fields": {"step": "inventory"}})
    StepStarted(step=<Step.INVENTORY: 'inventory'>)

    Raises:
        CodecError: It has not these two parts, the type is unknown, or a field is missing, too many, or not what it
            should be; with its path.
    """
    parts = _parts(plain, _EVENT, "an event")
    return codec.make_event(_text(parts, "type"), _fields(parts))


def write_event(event: Any) -> dict[str, Any]:
    """
    Return an event as plain data.

    Raises:
        CodecError: It is no event.
    """
    fields = codec.fields_of(event)
    shown = {name: _ABSENT[each] if isinstance(each, Erased) else each for name, each in fields.items()}
    return {"type": event_type(event).name, "fields": shown}


def read_record(plain: Any) -> Record[Any]:
    """
    Return a record from plain data, as ``write_record`` makes it; values may be absent.

    Raises:
        CodecError: It is no record, or a part of it is not what it should be.
    """
    parts = _parts(plain, _RECORD, "a record")
    if parts["channel"] not in get_args(Channel):
        raise CodecError("this is no channel", f"choose from {', '.join(get_args(Channel))}", parts["channel"])
    if not all(isinstance(parts[name], str | None) for name in _TEXTS) or not parts["by"]:
        raise CodecError("people and things go by text", "give a string", [parts[name] for name in _TEXTS])
    if type(parts["seq"]) is not int or parts["seq"] < 0:
        raise CodecError("a sequence number counts from 0", "give a whole number", parts["seq"])
    personal = shape_of(_text(parts, "type")).personal
    fields = {name: _present(each) if name in personal else each for name, each in _fields(parts).items()}
    return Record(
        session=_text(parts, "session"),
        seq=parts["seq"],
        event=codec.make_event(parts["type"], fields),
        happened_at=read_time(_text(parts, "happened_at")),
        recorded_at=read_time(_text(parts, "recorded_at")),
        by=parts["by"],
        role=_role(_text(parts, "role")),
        on_behalf_of=parts["on_behalf_of"],
        subgroup=parts["subgroup"],
        channel=parts["channel"],
        meeting=parts["meeting"],
    )


def write_record(record: Record[Any]) -> dict[str, Any]:
    """
    Return a record as plain data, as far as it is shown: hand it what ``records_seen_by`` or ``feed`` gave.

    >>> from afwegen import Session, open_store
    >>> session = Session.start(open_store("memory:"), title="Complex A", area="Municipality X", by="jochum")
    >>> [shown] = map(write_record, session.records_seen_by(None))
    >>> shown["type"], shown["fields"]["title"], shown["by"].startswith("~p_")
    ('session-started/1', 'Complex A', True)
    """
    return {
        "by": record.by,
        "channel": record.channel,
        **write_event(record.event),
        "happened_at": spell_time(record.happened_at),
        "meeting": record.meeting,
        "on_behalf_of": record.on_behalf_of,
        "recorded_at": spell_time(record.recorded_at),
        "role": record.role.value,
        "seq": record.seq,
        "session": record.session,
        "subgroup": record.subgroup,
    }


def _parts(plain: Any, wanted: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(plain, dict) or plain.keys() != wanted:
        raise CodecError(f"this is not {what}", f"give an object with {', '.join(sorted(wanted))}", plain)
    return plain


def _fields(parts: Mapping[str, Any]) -> dict[str, Any]:
    fields = parts["fields"]
    if not isinstance(fields, dict):
        raise CodecError("the fields of an event are an object", "give each by its name", fields)
    return fields


def _text(parts: Mapping[str, Any], name: str) -> str:
    text = parts[name]
    if not isinstance(text, str):
        raise CodecError(f"{name} is text", "give a string", text)
    return text


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise CodecError("this is no role", f"choose from {', '.join(Role)}", text) from None


def _present(value: Any) -> Any:
    return next((mark for mark, absent in _ABSENT.items() if value == absent), value)
