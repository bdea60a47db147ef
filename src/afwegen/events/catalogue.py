"""The page of all events, written from their declarations: ``python -m afwegen.events.catalogue PAGE``."""

import sys
from collections import abc
from collections.abc import Iterator
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from afwegen.events.declaration import EVENT_TYPES, Erased, EventType, FieldType, Known, New
from afwegen.method import Role, Step

__all__ = ["catalogue"]

ROOMS: Final = tuple(dict.fromkeys(["preparation", "meeting", *Step]))
OPENING: Final = """\
# The events

Every act of a session is one of these. The type name is what stands on disk: it is never renamed and never used again,
and the number behind it is its version. *Where* says in which steps an event may be recorded, *by* in which role, the
likeliest first; `system` means that a method of the session proposes it. An event that *settles* something is not
repeated by itself when somebody else wrote first; a *judgement* is one judge's whole sheet.

Of the fields, *public* ones stand in the entry as they are. Of a *personal* one the entry holds a commitment and the
vault the value; of a *person* the entry holds a pseudonym. A personal value is the data of whom the event names under
*about*; where nobody is named there, of those for whom it was said, else of who said it.

This page is made from the code by `python -m afwegen.events.catalogue`, and a test fails when it is not up to date.
"""


def catalogue() -> str:
    """Return the page that lists every event: step by step, in order of declaration."""
    return "\n".join([OPENING, *_pages()])


def _pages() -> Iterator[str]:
    for room in ROOMS:
        found = [declared for declared in EVENT_TYPES.values() if declared.room == room]
        yield f"## {room.capitalize().replace('_', '-')}\n"
        yield from (_entry(declared) for declared in found)


def _entry(declared: EventType) -> str:
    facts = [("Type", f"`{declared.name}`"), ("where", _where(declared)), ("by", _by(declared))]
    marks = [word for word, holds in (("settles", declared.decides), ("a judgement", declared.judgement)) if holds]
    said = "; ".join(f"{word} {fact}" for word, fact in facts) + "".join(f"; {mark}" for mark in marks)
    about = {name for field in declared.personal for name in field.subjects}
    lines = [f"### {declared.cls.__name__}\n", f"{cleandoc(declared.cls.__doc__ or '')}\n", f"{said}."]
    if about:
        lines[-1] += f" About: {', '.join(f'`{name}`' for name in sorted(about))}."
    return "\n".join([*lines, "", *_table(declared)])


def _where(declared: EventType) -> str:
    return (
        "any step" if len(declared.steps) == len(Step) else ", ".join(step for step in Step if step in declared.steps)
    )


def _by(declared: EventType) -> str:
    return "anyone" if len(declared.by) == len(Role) - 1 else ", ".join(declared.by)


def _table(declared: EventType) -> Iterator[str]:
    if not declared.fields:
        yield "No fields.\n"
        return
    yield "| field | type | disclosure | |"
    yield "|---|---|---|---|"
    yield from (_row(field) for field in declared.fields)
    yield ""


def _row(field: FieldType) -> str:
    notes = ["" if field.required else "may be left out"]
    if field.new is not None:
        notes.append("the same id says it anew" if field.new.again else "a new id")
    if field.known:
        notes.append(f"names a {' or '.join(kind.replace('-', ' ') for kind in field.known)}")
    disclosure = "" if field.disclosure is None else field.disclosure.value
    return f"| `{field.name}` | {_type(field.annotation)} | {disclosure} | {', '.join(filter(None, notes))} |"


def _type(annotation: Any) -> str:
    """Return a type in words that fit a table."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(annotation.__metadata__) or _type(arguments[0])
    if origin in {Union, UnionType}:
        return _union(arguments)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in arguments)
    if origin is tuple:
        return f"several: {_type(arguments[0])}"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "a step"
    return _NAMES.get(annotation, f"`{getattr(annotation, '__name__', annotation)}`")


def _shape(markers: tuple[Any, ...]) -> str:
    values = {getattr(marker, "value", None) for marker in markers}
    if "person" in values:
        return ""
    if "ref" in values:
        return "thing"
    return "id" if "id" in values or any(isinstance(marker, New | Known) for marker in markers) else ""


def _union(options: tuple[Any, ...]) -> str:
    mapping = next((option for option in options if get_origin(option) is abc.Mapping), None)
    if mapping is not None:
        key, item = get_args(mapping)
        return f"{_type(key)} to {_type(item)}"
    if any(isinstance(option, type) and issubclass(option, StrEnum) for option in options):
        return "a step"
    return " or ".join(dict.fromkeys(_type(option) for option in options if option not in {NoneType, Erased}))


_NAMES: Final[dict[Any, str]] = {str: "text", int: "whole number", bool: "yes or no"}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(catalogue(), encoding="utf-8")
