"""How a promise is checked: a function that raises ``AssertionError`` where it is broken, and is named when it does."""

from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["expect", "hold_to"]

Given = TypeVar("Given")


def hold_to(checks: Iterable[Callable[[Given], None]], given: Given) -> None:
    """
    Hold a store to promises, one after another.

    Raises:
        AssertionError: A promise is broken; it says which.
    """
    for check in checks:
        try:
            check(given)
        except AssertionError as broken:
            broken.add_note(f"the store breaks its promise: {check.__name__}")
            raise


def expect(kept: bool, promise: str) -> None:
    """
    Say that a promise is broken, unless it is kept.

    Raises:
        AssertionError: It is not.
    """
    if not kept:
        raise AssertionError(promise)
