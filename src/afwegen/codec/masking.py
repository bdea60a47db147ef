"""A record in which people go by their pseudonyms, as its entry shows them to whoever may not know them."""

from collections.abc import Callable
from typing import Any

import attrs

from afwegen.codec.naming import people_in, person_fields
from afwegen.codec.people import NAMELESS, People, is_erased
from afwegen.events.declaration import Disclosure, event_type
from afwegen.events.record import Record

__all__ = ["with_pseudonyms", "with_voice"]


def with_voice(record: Record[Any], people: People, voice: str | None) -> Record[Any]:
    """Return a record whose author goes by a pseudonym, of a round or the usual one, as the entry itself shows it."""
    behalf = record.on_behalf_of
    masked = None if behalf is None else _masked(behalf, people, voice)
    return attrs.evolve(record, by=_masked(record.by, people, voice), on_behalf_of=masked)


def with_pseudonyms(record: Record[Any], people: People, voice: str | None = None) -> Record[Any]:
    """Return a record in which everybody goes by their pseudonym, as the entry itself shows them."""

    def masked(key: str) -> str:
        return _masked(key, people)

    changes: dict[str, Any] = {}
    for field in event_type(record.event).fields:
        value = getattr(record.event, field.name)
        if field.disclosure is Disclosure.PERSON:
            changes[field.name] = masked(value) if isinstance(value, str) else tuple(map(masked, value))
        elif field.name in field.subjects and isinstance(value, str):
            # It is about whom it names.
            changes[field.name] = masked(value)
        elif isinstance(value, tuple) and any(True for _ in people_in(value)):
            changes[field.name] = tuple(_masked_inside(each, masked) for each in value)
    shown = attrs.evolve(record, event=attrs.evolve(record.event, **changes)) if changes else record
    return with_voice(shown, people, voice)


def _masked(key: str, people: People, voice: str | None = None) -> str:
    pseudonym = people.pseudonym(key, voice) or people.pseudonyms.get(key)
    # Who was erased goes by the pseudonym already.
    return key if pseudonym is None and is_erased(key) else f"{NAMELESS}{pseudonym or key}"


def _masked_inside(value: Any, masked: Callable[[str], str]) -> Any:
    kind: Any = type(value)
    names = person_fields(kind)
    return attrs.evolve(value, **{name: masked(getattr(value, name)) for name in names})
