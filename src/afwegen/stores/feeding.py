"""
A feed over all sessions: what every store hands out, and how a place in it is written down.

A cursor is opaque to whoever keeps it: four numbers, in the order by which the feed goes. Only the store that wrote
one may read it.
"""

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from afwegen.errors import IntegrityError, StoreError

__all__ = ["BEGINNING", "FeedItem", "Place", "insist_whole", "most", "place_of", "written"]

Place = tuple[int, int, int, int]
"""Epoch, transaction, append, and the sequence number of the entry."""

BEGINNING: Place = (0, 0, 0, -1)
"""Before anything."""

_LARGEST = (2**31, 2**64, 2**63, 2**63)
_AT_ONCE = 10_000


@frozen(kw_only=True)
class FeedItem:
    """
    One entry in the feed over all sessions.

    Attributes:
        session: The session it was appended to.
        seq: Its place in the log of that session.
        entry: The octets that were hashed.
        vault: Part and payload of each vault row present, in the order of the parts.
        cursor: Where the feed stands after it; opaque.
    """

    session: str
    seq: int
    entry: bytes
    vault: tuple[tuple[int, bytes], ...] = ()
    cursor: str


def written(place: Place) -> str:
    """
    Write a place down.

    >>> written((1, 700, 12, 3))
    '1.700.12.3'
    """
    return ".".join(map(str, place))


def place_of(cursor: str | None) -> Place:
    """
    Read a place; None is the beginning.

    Raises:
        StoreError: It is no cursor of a feed.
    """
    if cursor is None:
        return BEGINNING
    parts = cursor.split(".") if type(cursor) is str and cursor.isascii() and len(cursor) < 100 else ()
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        raise StoreError("this is no cursor of a feed", "give the cursor of an item, or None to begin", cursor)
    epoch, transaction, append, seq = map(int, parts)
    place = (epoch, transaction, append, seq)
    if any(number >= largest for number, largest in zip(place, _LARGEST, strict=True)):
        raise StoreError("this is no cursor of a feed", "give the cursor of an item, or None to begin", cursor)
    return place


def most(limit: int) -> int:
    """
    Return how many items are asked for.

    Raises:
        StoreError: None, or more than fit in memory at once.
    """
    if type(limit) is not int or not 1 <= limit <= _AT_ONCE:
        raise StoreError(f"a feed is read by 1 to {_AT_ONCE} items at a time", "ask for the next page after", limit)
    return limit


def insist_whole(claims: Sequence[tuple[tuple[int, ...], str, int, int, int]]) -> None:
    """
    Refuse a feed that leaves an entry out, within an append or where the next one begins.

    Args:
        claims: Append, session, sequence number, and first and count of the append, of each item.

    Raises:
        IntegrityError: An entry is missing.
    """
    for (append, session, seq, first, count), (following, _, next_seq, _, _) in pairwise(claims):
        whole = next_seq == seq + 1 if append == following else seq == first + count - 1
        if not whole:
            raise IntegrityError(
                f"an entry of {session!r} is missing", "somebody wrote past the library: restore a backup", seq + 1
            )
