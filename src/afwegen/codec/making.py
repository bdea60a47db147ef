"""Between an event and its fields as JSON, whole: as they go out to the web or to a file, and come in from there."""

from collections.abc import Mapping
from typing import Any

from afwegen.codec.fields import complaint, structure, writer
from afwegen.errors import CodecError
from afwegen.events.declaration import EVENT_TYPES, EventType, event_type
from afwegen.events.upcasting import Upcaster, lifts

__all__ = ["exactly", "fields_of", "lifted", "make_event"]


def fields_of(event: Any) -> dict[str, Any]:
    """Return an event's fields as JSON of the canonical profile: everything, personal values too."""
    return {field.name: writer(field.annotation)(getattr(event, field.name)) for field in event_type(event).fields}


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
        fields = lifted(older, exactly(older[0].shape.names, dict(fields), name))
    declared = EVENT_TYPES[older[-1].to if older else name]
    cls: Any = declared.cls
    try:
        return structure(cls)(fields)
    except CodecError:
        raise
    except Exception:  # noqa: BLE001 - whatever cattrs raises is explained once more, with its path
        raise _refusal(declared, fields) from None


def _refusal(declared: EventType, fields: Mapping[str, Any]) -> CodecError:
    cls: Any = declared.cls
    what, said = f"these are not the fields of {declared.name}", complaint(cls, fields, declared.name)
    do = f"it has {', '.join(field.name for field in declared.fields)}"
    return CodecError(what if said is None else f"{what}: {said}", do, fields)


def lifted(older: tuple[Upcaster, ...], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an older version as the version that is written now has them."""
    for step in older:
        fields = step.lift(dict(fields))
    return fields


def exactly(names: frozenset[str], fields: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the fields of a version of an event, if they are all it has and no others."""
    if fields.keys() != names:
        wrong = sorted(fields.keys() ^ names)
        raise CodecError(f"{version} has other fields", "the entry was not written by this library", wrong)
    return fields
