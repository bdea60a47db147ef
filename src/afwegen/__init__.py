"""
How a neighbourhood chooses what to do, and can show for good how it chose.

Start with ``Session.start`` on a store from ``open_store``; propose events of ``afwegen.events`` to it; read ``state``.
Names are loaded when they are first used, so that ``import afwegen`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from afwegen.async_session import AsyncSession
    from afwegen.errors import (
        AfwegenError,
        CodecError,
        ConflictError,
        FormatError,
        IntegrityError,
        MissingExtra,
        ModelError,
        ProfileError,
        ProjectionError,
        RuleViolation,
        StoreError,
        UnknownSession,
    )
    from afwegen.events import ERASED, HIDDEN, MISSING, Record
    from afwegen.feeds import Published, feed, follow
    from afwegen.method import MethodSettings, Role, Step
    from afwegen.session import Session
    from afwegen.steps.advice import Advice
    from afwegen.steps.state import SessionState, replay
    from afwegen.stores import open_async_store, open_store

__all__ = [
    "ERASED",
    "HIDDEN",
    "MISSING",
    "Advice",
    "AfwegenError",
    "AsyncSession",
    "CodecError",
    "ConflictError",
    "FormatError",
    "IntegrityError",
    "MethodSettings",
    "MissingExtra",
    "ModelError",
    "ProfileError",
    "ProjectionError",
    "Published",
    "Record",
    "Role",
    "RuleViolation",
    "Session",
    "SessionState",
    "Step",
    "StoreError",
    "UnknownSession",
    "feed",
    "follow",
    "open_async_store",
    "open_store",
    "replay",
]

_ROOMS: Final = {
    "ERASED": "events",
    "HIDDEN": "events",
    "MISSING": "events",
    "Advice": "steps.advice",
    "AsyncSession": "async_session",
    "MethodSettings": "method",
    "Published": "feeds",
    "Record": "events",
    "Role": "method",
    "Session": "session",
    "SessionState": "steps.state",
    "Step": "method",
    "feed": "feeds",
    "follow": "feeds",
    "open_async_store": "stores",
    "open_store": "stores",
    "replay": "steps.state",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
