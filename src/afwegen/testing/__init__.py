"""The kit for others: strategies, axioms and checks for whoever writes a model or a store of their own."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from afwegen.testing.lasting import check_lasting
    from afwegen.testing.models import check_model
    from afwegen.testing.stores import check_store

__all__ = ["check_lasting", "check_model", "check_store"]

_ROOMS: Final = {"check_lasting": "lasting", "check_model": "models", "check_store": "stores"}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value
