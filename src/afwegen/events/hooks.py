"""
What pydantic asks of a class before it reads one: so FastAPI takes events in the body of a request.

Neither is imported here before it asks. An event is read by the codec, as from a log; pydantic adds nothing to it.
"""

from importlib import import_module
from typing import Any

from afwegen.errors import CodecError
from afwegen.events.declaration import EVENT_TYPES, AnyEvent, event_type
from afwegen.events.schema import event_schema

__all__ = ["core_schema", "json_schema"]


def core_schema(cls: type[Any], handler: Any) -> Any:
    """Return how pydantic reads and writes an event of this class, or any event."""
    from pydantic_core import PydanticCustomError
    from pydantic_core import core_schema as core

    def read(given: Any) -> Any:
        if isinstance(given, cls):
            return given
        try:
            return _plain().read_event(given if cls is AnyEvent else {"type": event_type(cls).name, "fields": given})
        except CodecError as error:
            raise PydanticCustomError("afwegen", "{message}", {"message": str(error)}) from None

    def write(event: Any) -> Any:
        written = _plain().write_event(event)
        return written if cls is AnyEvent else written["fields"]

    return core.no_info_plain_validator_function(
        read,
        ref=f"{cls.__module__}.{cls.__qualname__}",
        json_schema_input_schema=_any(handler, core) if cls is AnyEvent else None,
        serialization=core.plain_serializer_function_ser_schema(write),
    )


def _any(handler: Any, core: Any) -> Any:
    """Return any event as pydantic describes it, each by its type name and with a reference to its own schema."""
    return core.union_schema(
        [
            core.typed_dict_schema(
                {
                    "type": core.typed_dict_field(core.literal_schema([name])),
                    "fields": core.typed_dict_field(handler.generate_schema(declared.cls)),
                }
            )
            for name, declared in EVENT_TYPES.items()
        ]
    )


def json_schema(cls: type[Any], core_schema: Any, handler: Any) -> Any:
    """Return the JSON Schema of an event, as it is read or as it is shown."""
    if cls is AnyEvent:
        return handler(core_schema)
    return event_schema(cls, shown=handler.mode == "serialization")


def _plain() -> Any:
    # By name, for it lies above: an event needs no reader until a framework asks for one.
    return import_module("afwegen.interop.plain")
