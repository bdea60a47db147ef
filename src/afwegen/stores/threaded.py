"""
A store for an event loop: the same promises, and any store that waits run on one thread of its own.

One hop to the thread for each unit of work, never one for each row. The thread ends when the store is closed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from afwegen.log.frontier import Frontier
from afwegen.stores.contract import Appended, Batch, Forgetting, Head, Leaf, PersonRow, Store, Stored
from afwegen.stores.feeding import FeedItem
from afwegen.stores.refusals import closed
from afwegen.stores.waiting import Waiter

__all__ = ["AsyncStore", "ThreadedStore"]

T = TypeVar("T")

_PAGE: Final = 256


class AsyncStore(Protocol):
    """
    ``Store``, for an event loop: word for word the same promises.

    A call that is cancelled has been carried out whole, or not at all.
    """

    async def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        ...

    async def head(self, session: str) -> Head:
        """Return where a session stands."""
        ...

    async def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        ...

    async def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        ...

    def read(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[Stored]:
        """Read entries in order; an unknown session is refused at the first entry."""
        ...

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Read the leaf hashes kept beside the entries, as ``read`` does."""
        ...

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        ...

    async def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        ...

    async def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        ...

    async def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        ...

    async def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        ...

    async def scrub(self) -> None:
        """Overwrite what was forgotten, wherever the store itself still has it."""
        ...

    async def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions."""
        ...

    def waiter(self) -> Waiter:
        """Return what waits until there may be something new in the feed."""
        ...

    async def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        ...

    async def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        ...

    def entered(self, start: int = 0, stop: int | None = None) -> AsyncIterator[Leaf]:
        """Read the installation log in order."""
        ...

    async def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        ...

    async def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        ...

    async def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        ...

    async def close(self) -> None:
        """Let go of the database, and of any thread. A second time does nothing."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ThreadedStore:
    """
    A store that waits, on one thread of its own; see ``AsyncStore``.

    >>> from afwegen.stores.memory import MemoryStore
    >>> async def ask():
    ...     async with await ThreadedStore.open(MemoryStore) as store:
    ...         return await store.sessions()
    >>> asyncio.run(ask())
    ()
    """

    def __init__(self, thread: ThreadPoolExecutor, store: Store) -> None:
        self._thread: ThreadPoolExecutor | None = thread
        self._store = store

    @classmethod
    async def open(cls, make: Callable[[], Store]) -> Self:
        """Open a store on a new thread."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="afwegen")
        try:
            store = await asyncio.get_running_loop().run_in_executor(thread, make)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return cls(thread, store)

    async def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        return await self._hop(self._store.sessions)

    async def head(self, session: str) -> Head:
        """Return where a session stands."""
        return await self._hop(lambda: self._store.head(session))

    async def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        return await self._hop(lambda: self._store.append(batch))

    async def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        return await self._hop(lambda: self._store.call(session, key_mac))

    def read(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[Stored]:
        """Read entries in order, a page for each hop."""
        return self._paged(lambda: self._store.read(session, start, stop))

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Read the leaf hashes kept beside the entries, a page for each hop."""
        return self._paged(lambda: self._store.leaves(session, start, stop))

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[tuple[int, int, str]]:
        """Read whom the vault rows are about, a page for each hop."""
        return self._paged(lambda: self._store.subjects(session, start, stop))

    async def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        return await self._hop(lambda: self._store.people(session, start))

    async def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        return await self._hop(lambda: self._store.about(session, pseudonym))

    async def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        await self._hop(lambda: self._store.forget(forgetting))

    async def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        return await self._hop(self._store.unscrubbed)

    async def scrub(self) -> None:
        """Overwrite what was forgotten, wherever the store itself still has it."""
        await self._hop(self._store.scrub)

    async def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions."""
        return await self._hop(lambda: self._store.feed(after, limit))

    def waiter(self) -> Waiter:
        """Return what waits until there may be something new in the feed."""
        return self._store.waiter()

    async def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        return await self._hop(self._store.installation)

    async def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        await self._hop(lambda: self._store.enter(expected, leaves))

    def entered(self, start: int = 0, stop: int | None = None) -> AsyncIterator[Leaf]:
        """Read the installation log in order, a page for each hop."""
        return self._paged(lambda: self._store.entered(start, stop))

    async def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        return await self._hop(lambda: self._store.entered_of(session))

    async def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        await self._hop(lambda: self._store.keep(size, note))

    async def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        return await self._hop(lambda: self._store.kept(start))

    async def close(self) -> None:
        """Let go of the store, and end the thread. A second time does nothing."""
        thread, self._thread = self._thread, None
        if thread is not None:
            # What is under way is finished first; the thread has nothing to do after it, so nobody waits long.
            thread.submit(self._store.close)
            await asyncio.shield(asyncio.to_thread(thread.shutdown))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _paged(self, ask: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        rows = await self._hop(ask)
        while page := await self._hop(lambda: list(islice(rows, _PAGE))):
            for row in page:
                yield row

    async def _hop(self, work: Callable[[], T]) -> T:
        if self._thread is None:
            raise closed()
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
