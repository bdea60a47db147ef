"""Which people a record names: whose words it is, and whom its values are about, also within their parts."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias, get_args

import attrs

from afwegen.codec.fields import plain_parts
from afwegen.codec.people import is_erased
from afwegen.events.declaration import Disclosure, FieldType
from afwegen.events.record import Record

__all__ = ["Members", "authors", "may_name_others", "named_by", "people_in", "person_fields", "remaining"]

Members: TypeAlias = Mapping[str, tuple[str, ...]]
"""By subgroup, who is in it."""


def authors(record: Record[Any], members: Members) -> tuple[str, ...]:
    """Return whose words a record is: for whom it was entered, else who entered it."""
    return members.get(record.subgroup or "") or (record.on_behalf_of or record.by,)


def remaining(members: Members) -> Members:
    """Return who is in each subgroup: those who were erased have no part in what it says now."""
    return {name: tuple(key for key in group if not is_erased(key)) for name, group in members.items()}


def named_by(record: Record[Any], field: FieldType, members: Members) -> tuple[str, ...]:
    """Return who a personal value names as its subjects, each once, in the order found; of a subgroup, its members."""
    named = [person for name in field.subjects for person in _several(getattr(record.event, name))]
    named += people_in(getattr(record.event, field.name))
    people = (person for key in named for person in members.get(key, (key,)))
    return tuple(dict.fromkeys(people))


def may_name_others(field: FieldType) -> bool:
    """Say whether a personal field can name its subjects; if not, its value is about its author."""
    parts = [kind for part in plain_parts(field.annotation) for kind in (part, *get_args(part))]
    return bool(field.subjects) or any(person_fields(kind) for kind in parts if isinstance(kind, type))


def _several(value: Any) -> Iterable[str]:
    """Return the people that a field holds: none, one, several, or values that name them."""
    if value is None or isinstance(value, str):
        return () if value is None else (value,)
    return (*(each for each in value if isinstance(each, str)), *people_in(value))


def people_in(value: Any) -> Iterator[str]:
    """Yield the people that a personal value names in the ``Person`` fields of its parts."""
    if isinstance(value, tuple):
        for each in value:
            kind: Any = type(each)
            for name in person_fields(kind):
                yield getattr(each, name)


@cache
def person_fields(kind: Hashable) -> tuple[str, ...]:
    """Return the names of the ``Person`` fields of a class; of what has no fields, none."""
    cls: Any = kind
    if not attrs.has(cls):
        return ()
    declared = ((field.name, getattr(field.type, "__metadata__", ())) for field in attrs.fields(cls))
    return tuple(name for name, marks in declared if Disclosure.PERSON in marks)
