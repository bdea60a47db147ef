"""
How a neighbourhood chooses what to do, and can show for good how it chose.

Start with ``Session.start`` on a store from ``open_store``; propose events of ``afwegen.events`` to it; read ``state``.
"""

from afwegen.errors import (
    AfwegenError,
    CodecError,
    ConflictError,
    FormatError,
    IntegrityError,
    MissingExtra,
    ModelError,
    ProfileError,
    RuleViolation,
    StoreError,
    UnknownSession,
)
from afwegen.events import ERASED, HIDDEN, MISSING, Record
from afwegen.method import MethodSettings, Role, Step
from afwegen.session import Session
from afwegen.steps.advice import Advice
from afwegen.steps.state import SessionState, replay
from afwegen.stores import open_store

__all__ = [
    "ERASED",
    "HIDDEN",
    "MISSING",
    "Advice",
    "AfwegenError",
    "CodecError",
    "ConflictError",
    "FormatError",
    "IntegrityError",
    "MethodSettings",
    "MissingExtra",
    "ModelError",
    "ProfileError",
    "Record",
    "Role",
    "RuleViolation",
    "Session",
    "SessionState",
    "Step",
    "StoreError",
    "UnknownSession",
    "open_store",
    "replay",
]
