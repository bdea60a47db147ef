"""The kit for others: strategies, axioms and checks for whoever writes a model or a store of their own."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from afwegen.testing.models import check_model

__all__ = ["check_model"]

_ROOMS: Final = {"check_model": "models"}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value
