"""
How an entry of an older version of an event is read as one of the version that is written now.

A version of an event on disk is a promise: it is never written again once there is a newer one, and read for ever. An
upcaster stands beside the event that replaced it, and says what the fields of the old version mean in the new one. It
is used by everything that reads: replay, feeds, exports, verification. What was hashed and committed to stays the
bytes of the old version: roots, openings and receipts never see an upcaster.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from attrs import frozen

from afwegen.errors import CodecError
from afwegen.events.declaration import EVENT_TYPES

__all__ = ["UPCASTERS", "Shape", "Upcaster", "lifts", "shape_of", "upcaster"]

Fields = dict[str, Any]


@frozen(kw_only=True)
class Shape:
    """
    Which fields a version of an event has in its entry.

    Attributes:
        public: Names of those that stand there as they are.
        personal: Names of those that are committed to.
        people: Names of those that hold pseudonyms.
    """

    public: frozenset[str]
    personal: frozenset[str]
    people: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Names of all."""
        return self.public | self.personal | self.people


@frozen(kw_only=True)
class Upcaster:
    """
    What the fields of one version of an event mean in the next.

    Attributes:
        name: The version that is read, as ``"problem-reported/1"``.
        to: The next one.
        shape: Which fields it had.
        lift: From its fields to those of the next version.
    """

    name: str
    to: str
    shape: Shape
    lift: Callable[[Fields], Fields]


_upcasters: Final[dict[str, Upcaster]] = {}
UPCASTERS: Final = MappingProxyType(_upcasters)
"""By the type name of an old version, how it is read."""


def upcaster(
    name: str,
    *,
    public: tuple[str, ...] = (),
    personal: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
) -> Callable[[Callable[[Fields], Fields]], Callable[[Fields], Fields]]:
    """
    Declare what an old version of an event means in the next one.

    The function is pure, and is given the fields as they stand in the log: JSON, with the key of a person where there
    was a pseudonym, and one of the marks of absence (``MISSING``) where a personal value is gone. What is absent stays
    absent: it may be moved to another name, never looked into.

    .. code-block:: python

        @upcaster("problem-reported/1", public=("problem", "place"), personal=("statement",))
        def _with_places(fields):
            place = fields.pop("place")
            return {**fields, "places": [] if place is None else [place]}

    Args:
        name: The old version.
        public: Its public fields.
        personal: Its personal fields.
        people: Its fields that name people.

    Raises:
        CodecError: The version is written now, or has an upcaster already.
    """
    base, _, number = name.partition("/")
    if name in EVENT_TYPES or name in _upcasters or not number.isdecimal():
        raise CodecError("an upcaster is for a version that is no longer written", "give the old version", name)

    def declare(lift: Callable[[Fields], Fields]) -> Callable[[Fields], Fields]:
        shape = Shape(public=frozenset(public), personal=frozenset(personal), people=frozenset(people))
        _upcasters[name] = Upcaster(name=name, to=f"{base}/{int(number) + 1}", shape=shape, lift=lift)
        return lift

    return declare


def lifts(name: str) -> tuple[Upcaster, ...]:
    """
    Return the upcasters that lead from a version to the one that is written now; none where it is that one.

    Raises:
        CodecError: The event, or this version of it, is not known here.
    """
    found: list[Upcaster] = []
    at = name
    while at not in EVENT_TYPES:
        if at not in _upcasters:
            raise _unknown(name)
        found.append(_upcasters[at])
        at = _upcasters[at].to
    return tuple(found)


def shape_of(name: str) -> Shape:
    """
    Return which fields a version of an event has in its entry, whether it is still written or not.

    Raises:
        CodecError: The event, or this version of it, is not known here.
    """
    if older := lifts(name):
        return older[0].shape
    declared = EVENT_TYPES[name]
    return Shape(
        public=frozenset(field.name for field in declared.public),
        personal=frozenset(field.name for field in declared.personal),
        people=frozenset(field.name for field in declared.people),
    )


def _unknown(name: str) -> CodecError:
    base, _, number = name.partition("/")
    ours = [int(known.partition("/")[2]) for known in EVENT_TYPES if known.partition("/")[0] == base]
    if ours and number.isdecimal() and int(number) > max(ours):
        what = f"this event is of version {number}, and {max(ours)} is the newest known here"
        return CodecError(what, "install a newer afwegen: this log was written by one", name)
    return CodecError("this type of event is not known", "install a newer afwegen, or correct the name", name)
