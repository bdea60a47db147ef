"""
All sessions of a store as one stream of records, as somebody may see them.

A record is shown as it may be seen when it is read: one of a blind round that is still open comes without what it
says, and does not come again when the round closes. Whoever shows a round reads the session then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from typing import Any, Final

from attrs import frozen

from afwegen.async_session import AsyncSession
from afwegen.events import Record
from afwegen.session import Session
from afwegen.stores.contract import Store, Stored
from afwegen.stores.feeding import FeedItem
from afwegen.stores.threaded import AsyncStore
from afwegen.verbs import Core

__all__ = ["Published", "afeed", "afollow", "feed", "follow"]

PAGE: Final = 500
MOST_SESSIONS: Final = 64
"""Sessions whose state is kept while reading: memory does not grow with how many there are."""

PAUSE: Final = 0.5
"""Seconds after which a follower looks by itself: an append may wait behind a transaction that is none of ours."""


@frozen(kw_only=True)
class Published:
    """
    A record in the feed, as its reader may see it.

    Attributes:
        session: The session's id.
        seq: Its place in the log of that session.
        cursor: Where the feed stands after it; opaque. Keep it, and go on from there.
        record: The record.
    """

    session: str
    seq: int
    cursor: str
    record: Record[Any]


class _Sessions(OrderedDict[str, Any]):
    """The sessions used last."""

    def keep(self, key: str, session: Any) -> Any:
        self[key] = session
        self.move_to_end(key)
        if len(self) > MOST_SESSIONS:
            self.popitem(last=False)
        return session


def feed(store: Store, *, viewer: str | None = None, after: str | None = None) -> Generator[Published, None, None]:
    """
    Yield all records that follow a cursor, over all sessions, as somebody may see them; then end.

    >>> from afwegen import Session, open_store
    >>> store = open_store("memory:")
    >>> _ = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
    >>> [type(item.record.event).__name__ for item in feed(store)]
    ['SessionStarted']

    Args:
        store: Where the sessions are kept.
        viewer: A person's key; None for the public. In a session that does not know the person: the public.
        after: The cursor of the last item seen; None begins at the beginning.

    Raises:
        StoreError: It is no cursor of a feed, or the store cannot be read.
    """
    yield from _feed(store, viewer, after, _Sessions())


def _feed(store: Store, viewer: str | None, after: str | None, sessions: _Sessions) -> Iterator[Published]:
    while page := store.feed(after, PAGE):
        for key in {item.session for item in page}:
            _fresh(sessions, store, key)
        for item in page:
            session = sessions.get(item.session) or _fresh(sessions, store, item.session)
            yield _published(session.core, item, viewer)
        after = page[-1].cursor


def follow(store: Store, *, viewer: str | None = None, after: str | None = None) -> Generator[Published, None, None]:
    """
    Yield all records that follow a cursor, and go on with those that come: it ends when it is closed.

    Raises:
        StoreError: It is no cursor of a feed, or the store cannot be read.
    """
    waiter, sessions = store.waiter(), _Sessions()
    try:
        while True:
            for item in _feed(store, viewer, after, sessions):
                after = item.cursor
                yield item
            waiter.wait(PAUSE)
    finally:
        waiter.close()


async def afeed(
    store: AsyncStore, *, viewer: str | None = None, after: str | None = None
) -> AsyncGenerator[Published, None]:
    """Yield what ``feed`` yields, without keeping an event loop waiting."""
    async for item in _afeed(store, viewer, after, _Sessions()):
        yield item


async def _afeed(
    store: AsyncStore, viewer: str | None, after: str | None, sessions: _Sessions
) -> AsyncIterator[Published]:
    while page := await store.feed(after, PAGE):
        for key in {item.session for item in page}:
            await _afresh(sessions, store, key)
        for item in page:
            session = sessions.get(item.session) or await _afresh(sessions, store, item.session)
            yield _published(session.core, item, viewer)
        after = page[-1].cursor


async def afollow(
    store: AsyncStore, *, viewer: str | None = None, after: str | None = None
) -> AsyncGenerator[Published, None]:
    """Yield what ``follow`` yields, without keeping an event loop waiting."""
    waiter, sessions = store.waiter(), _Sessions()
    try:
        while True:
            async for item in _afeed(store, viewer, after, sessions):
                after = item.cursor
                yield item
            await waiter.awaited(PAUSE)
    finally:
        await waiter.aclose()


def _fresh(sessions: _Sessions, store: Store, key: str) -> Session:
    """Return a session that knows at least what was read of it."""
    session: Session = sessions.keep(key, sessions.get(key) or Session(store, key))
    session.refresh()
    return session


async def _afresh(sessions: _Sessions, store: AsyncStore, key: str) -> AsyncSession:
    session: AsyncSession = sessions.keep(key, sessions.get(key) or AsyncSession(store, key))
    await session.refresh()
    return session


def _published(session: Core, item: FeedItem, viewer: str | None) -> Published:
    record = session.decoded(Stored(seq=item.seq, entry=item.entry, vault=item.vault))
    known = viewer is not None and session.state.knows(viewer)
    shown = session.shown(record, viewer if known else None)
    return Published(session=item.session, seq=item.seq, cursor=item.cursor, record=shown)
