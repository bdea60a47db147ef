"""
The vocabulary as JSON Schema, written from the declarations: ``python -m afwegen.events.schema FILE``.

A schema accepts whatever the codec reads. It also accepts a little more, which JSON Schema has no words for: half a
character, a ratio that is not in lowest terms or has a part of 2**53 or more, a day that no month has, a key that comes
twice among pairs, a whole number written ``1.0``. Each of these is refused when the event is made.
"""

import json
import sys
from collections import abc
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from afwegen.errors import CodecError
from afwegen.events.declaration import (
    EVENT_TYPES,
    LARGEST_INT,
    Disclosure,
    Erased,
    EventType,
    FieldType,
    Known,
    New,
    Range,
    Ratio,
    Shape,
    event_type,
)
from afwegen.events.record import Channel
from afwegen.method import Role, Step

__all__ = ["DIALECT", "event_schema", "json_schema"]

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "urn:afwegen:vocabulary"

# Every sign that Python's ``isspace`` knows, written out: \s is another set in every language.
_SPACES: Final = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ID: Final = "[a-z0-9][a-z0-9._-]{0,63}"
# At most 30 digits that count, and none further than 30 places from the point.
_WHOLE: Final = "[1-9](?:[0-9]{0,29}|[0-9]{29}0)"
_DECIMAL: Final = rf"{_WHOLE}|(?=[0-9.]{{1,31}}$)[1-9][0-9]*\.[0-9]*[1-9]|0\.0{{0,29}}[1-9](?:[0-9]{{0,28}}[1-9])?"
_DAY: Final = "(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"

_ABSENT: Final = "A personal value that is not there, and why: it was erased, is not to be seen now, or is gone."
_RATIO: Final = "How many times the first matters as much as the second, in lowest terms: 3, 1/3, 5/2."


def _spelled(description: str, pattern: str, **more: str) -> Schema:
    return {"description": description, "type": "string", "pattern": pattern, **more}


def _whole(limits: Range) -> Schema:
    low = -LARGEST_INT if limits.low is None else limits.low
    return {"type": "integer", "minimum": low, "maximum": LARGEST_INT if limits.high is None else limits.high}


def _number(description: str, limits: Range) -> Schema:
    sign = "-?" if limits.low is None else ""
    decimal = {"type": "string", "pattern": f"^(?:0|{sign}(?:{_DECIMAL}))$"}
    return {"description": description, "anyOf": [_whole(limits), decimal]}


# What values are made of, by the name under which schemas refer to it.
_PLAIN: Final[dict[str, Schema]] = {
    "Absent": {
        "description": _ABSENT,
        "type": "object",
        "properties": {"absent": {"enum": [mark.value for mark in Erased]}},
        "required": ["absent"],
        "additionalProperties": False,
    },
    "Id": _spelled("The id of a thing: public, never a person's name.", f"^{_ID}$"),
    "Ref": _spelled("What a record brought in: problem/loitering, ranking/41.", f"^[a-z]+(?:-[a-z]+)*(?:/{_ID})?$"),
    "Text": _spelled("Words, not blank; read in NFC.", f"[^{_SPACES}]"),
    "Number": _number("A whole number, or a decimal one as a string, in its one spelling: 1.5.", Range()),
    "Amount": _number("A number that is not below zero.", Range(0)),
    "Ratio": _spelled(_RATIO, "^[1-9][0-9]{0,15}(?:/(?:[2-9]|[1-9][0-9]{1,15}))?$"),
    "Day": _spelled("A day: 2026-11-24.", f"^{_DAY}$", format="date"),
    "Moment": _spelled("In UTC, in milliseconds: 2026-11-24T16:30:00.000Z.", f"^{_DAY}T{_TIME}$", format="date-time"),
}
_NAMES: Final = {Ratio: "Ratio", date: "Day", datetime: "Moment"}


def json_schema() -> Schema:
    """
    Return the JSON Schema of the whole vocabulary, of draft 2020-12.

    The schema itself is that of one event, ``{"type": ..., "fields": ...}``; under ``$defs`` stand each event by the
    name of its class, ``Event``, and ``Record``, which is an event with its envelope, as feeds and exports show it.
    Personal values may be absent there. Who may see a field, in which steps and by whom an event may be recorded, and
    what a field brings in or names stand beside it under keywords that begin with ``x-``.

    >>> json_schema()["$defs"]["ProblemReported"]["properties"]["problem"]
    {'$ref': '#/$defs/Id', 'x-disclosure': 'public', 'x-new': 'problem'}
    """
    events = {declared.cls.__name__: _event(declared, shown=True) for declared in EVENT_TYPES.values()}
    fields = {declared.name: _reference(declared.cls.__name__) for declared in EVENT_TYPES.values()}
    return {
        "$schema": DIALECT,
        "$id": NAME,
        "title": "The events of afwegen",
        "description": "Every act of a group's decision session.",
        "$ref": "#/$defs/Event",
        "$defs": {"Event": _any(fields), "Record": _record(), **_parts(), **events},
    }


def event_schema(of: object, *, shown: bool = False) -> Schema:
    """
    Return the JSON Schema of the fields of one event, complete in itself.

    >>> from afwegen.events import StepStarted
    >>> event_schema(StepStarted)["required"]
    ['step']

    Args:
        of: The class, an event of it, or its type name.
        shown: Whether personal values may be absent; nobody proposes that they are.

    Raises:
        CodecError: It is no event.
    """
    declared = EVENT_TYPES.get(of) if isinstance(of, str) else event_type(of)
    if declared is None:
        raise CodecError("this type of event is not known", "see afwegen.events.EVENT_TYPES", of)
    schema: Schema = _inlined(_event(declared, shown=shown), _parts())
    return schema


# -- events -----------------------------------------------------------------------------------------------------------


def _event(declared: EventType, *, shown: bool) -> Schema:
    cls: Any = declared.cls
    defaults = {field.name: field.default for field in attrs.fields(cls)}
    return {
        "title": cls.__name__,
        "description": cleandoc(cls.__doc__ or ""),
        "type": "object",
        "properties": {
            field.name: _field(field, shown=shown) | _default(defaults[field.name]) for field in declared.fields
        },
        "required": [field.name for field in declared.fields if field.required],
        "additionalProperties": False,
        "x-type": declared.name,
        "x-steps": [step.value for step in Step if step in declared.steps],
        "x-by": [role.value for role in declared.by],
        **({"x-settles": True} if declared.decides else {}),
        **({"x-judgement": True} if declared.judgement else {}),
    }


def _field(field: FieldType, *, shown: bool) -> Schema:
    written = _schema(field.annotation)
    if shown and field.disclosure is Disclosure.PERSONAL:
        written = _either([written, _reference("Absent")])
    notes: Schema = {"x-disclosure": None if field.disclosure is None else field.disclosure.value}
    if field.new is not None:
        notes |= {"x-new": field.new.kind} | ({"x-again": True} if field.new.again else {})
    if field.known:
        notes["x-known"] = list(field.known)
    if field.subjects:
        notes["x-about"] = list(field.subjects)
    return written | notes


def _default(value: Any) -> Schema:
    if value is attrs.NOTHING or isinstance(value, attrs.Factory) or attrs.has(type(value)):  # type: ignore[arg-type]
        return {}
    return {"default": list(value) if isinstance(value, tuple) else value}


def _any(fields: Mapping[str, Schema]) -> Schema:
    """Return the schema of any event, from those of the fields by type name."""
    return {
        "title": "Event",
        "description": "Any event, by its type name.",
        "oneOf": [
            {
                "type": "object",
                "properties": {"type": {"const": name}, "fields": schema},
                "required": ["type", "fields"],
            }
            for name, schema in fields.items()
        ],
    }


def _record() -> Schema:
    """Return the envelope, as ``afwegen.interop.plain`` writes it."""
    text, moment = _reference("Text"), _reference("Moment")
    some = {"anyOf": [text, {"type": "null"}]}
    parts = {
        "by": text | {"description": "Who entered it: the key of a person, for the public a pseudonym."},
        "channel": {"enum": list(get_args(Channel)), "description": "How it came in."},
        "fields": {"type": "object"},
        "happened_at": moment | {"description": "When it happened."},
        "meeting": some | {"description": "The meeting that was open, if any."},
        "on_behalf_of": some | {"description": "Whose words these are, if somebody else entered them."},
        "recorded_at": moment | {"description": "When it was entered."},
        "role": {"enum": [role.value for role in Role], "description": "In which capacity."},
        "seq": _whole(Range(0)) | {"description": "Its place in the log, from 0, without gaps."},
        "session": text | {"description": "The id of the session."},
        "subgroup": some | {"description": "The subgroup whose words these are, if any."},
        "type": {"type": "string"},
    }
    return {
        "title": "Record",
        "description": "An event as it stands in the log of a session: who, in which role, for whom, when, and how.",
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
        "allOf": [_reference("Event")],
    }


# -- values -----------------------------------------------------------------------------------------------------------


def _schema(annotation: Any, markers: tuple[Any, ...] = ()) -> Schema:
    """Return what the codec reads for an annotation; the cases are those of the parsers of the declaration."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _schema(arguments[0], (*annotation.__metadata__, *markers))
    if Shape.PAIRS in markers:
        return _pairs(next(option for option in arguments if get_origin(option) is abc.Mapping))
    if origin in {Union, UnionType}:
        return _union(arguments, markers)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        inner = tuple(marker for marker in markers if isinstance(marker, New | Known | Disclosure))
        return {"type": "array", "items": _schema(arguments[0], inner)}
    if annotation is str:
        return _string(markers)
    if annotation is int:
        return _whole(_limits(markers))
    if annotation is bool:
        return {"type": "boolean"}
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return {"enum": [word.value for word in annotation]}
    return _reference(_NAMES.get(annotation) or annotation.__name__)


def _union(options: tuple[Any, ...], markers: tuple[Any, ...]) -> Schema:
    meant = [option for option in options if option not in {NoneType, Erased}]
    if set(meant) == {int, Decimal}:
        written = _reference("Number" if _limits(markers).low is None else "Amount")
    else:
        word = next((option for option in meant if isinstance(option, type) and issubclass(option, StrEnum)), None)
        written = _schema(word or meant[0], markers)
    return _either([written, {"type": "null"}]) if NoneType in options else written


def _either(alternatives: list[Schema]) -> Schema:
    """Return the choice between schemas, those of a choice within it side by side."""
    flat = [each for one in alternatives for each in (one["anyOf"] if one.keys() == {"anyOf"} else [one])]
    return {"anyOf": flat}


def _string(markers: tuple[Any, ...]) -> Schema:
    named = Shape.ID in markers or any(isinstance(marker, New | Known) for marker in markers)
    if named and Disclosure.PERSON not in markers:
        return _reference("Id")
    return _reference("Ref" if Shape.REF in markers else "Text")


def _limits(markers: tuple[Any, ...]) -> Range:
    return next((marker for marker in markers if isinstance(marker, Range)), Range())


def _pairs(mapping: Any) -> Schema:
    """Return a mapping, as an object or, as the log writes it, as pairs."""
    key, item = (_schema(each) for each in get_args(mapping))
    pair = {"type": "array", "prefixItems": [key, item], "items": False, "minItems": 2}
    return {
        "anyOf": [
            {"type": "object", "propertyNames": key, "additionalProperties": item},
            {"type": "array", "items": pair},
        ]
    }


# -- small values inside events ---------------------------------------------------------------------------------------


def _parts() -> dict[str, Schema]:
    """Return what schemas of events refer to, by name."""
    return deepcopy(_PLAIN) | {kind.__name__: _object(kind) for kind in _values()}


@cache
def _values() -> tuple[type[Any], ...]:
    """Return the small values that stand inside events, in order of first use."""
    found: dict[type[Any], None] = {}
    for declared in EVENT_TYPES.values():
        for field in declared.fields:
            found |= dict.fromkeys(_inside(field.annotation))
    return tuple(found)


def _inside(annotation: Any) -> tuple[type[Any], ...]:
    if isinstance(annotation, type) and attrs.has(annotation) and annotation is not Ratio:
        inner = tuple(each for field in attrs.fields(annotation) for each in _inside(field.type))
        return (annotation, *inner)
    return tuple(each for part in get_args(annotation) for each in _inside(part))


def _object(kind: Any) -> Schema:
    fields = attrs.fields(kind)
    return {
        "title": kind.__name__,
        "description": cleandoc(kind.__doc__ or ""),
        "type": "object",
        "properties": {field.name: _schema(field.type) | _default(field.default) for field in fields},
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _inlined(schema: Any, parts: Mapping[str, Schema]) -> Any:
    """Return a schema with every part written where it is referred to."""
    if isinstance(schema, list):
        return [_inlined(each, parts) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        meant = parts[schema["$ref"].rpartition("/")[2]]
        return _inlined(meant | {word: said for word, said in schema.items() if word != "$ref"}, parts)
    return {word: _inlined(said, parts) for word, said in schema.items()}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(f"{json.dumps(json_schema(), indent=1, ensure_ascii=False)}\n", encoding="utf-8")
