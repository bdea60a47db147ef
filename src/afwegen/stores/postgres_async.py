"""A store in PostgreSQL for an event loop: the same work as ``PostgresStore``, carried without waiting."""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from afwegen.errors import StoreError
from afwegen.log.frontier import Frontier
from afwegen.stores import postgres_work as doing
from afwegen.stores.contract import Appended, Batch, Forgetting, Head, Leaf, PersonRow, Stored
from afwegen.stores.feeding import FeedItem
from afwegen.stores.hearing import Ear, Follower
from afwegen.stores.postgres import CONNECTIONS, suitable
from afwegen.stores.postgres_link import (
    PATIENCE,
    SCHEMA,
    Address,
    acarried,
    address_of,
    drivers,
    plain,
    settings,
    translated,
)
from afwegen.stores.postgres_schema import VERSION, Work, inspected, migrated
from afwegen.stores.refusals import closed, not_scrubbed, span
from afwegen.stores.waiting import Listening

if TYPE_CHECKING:
    import psycopg

__all__ = ["AsyncPostgresStore"]

T = TypeVar("T")


class AsyncPostgresStore:
    """Sessions in PostgreSQL, for an event loop; see ``AsyncStore`` for what it promises."""

    def __init__(self, address: Address, pool: Any, borrowed: "psycopg.AsyncConnection[Any] | None") -> None:
        self._address = address
        self._pool = pool
        self._borrowed = borrowed
        self._process = os.getpid()
        self._closed = False
        self._ear = Ear(Listening(address))

    @classmethod
    async def open(
        cls,
        where: "str | psycopg.AsyncConnection[Any]",
        *,
        schema: str = SCHEMA,
        patience: float = PATIENCE,
        connections: int = CONNECTIONS,
    ) -> Self:
        """
        Open a store by its URL, or on an open connection of the host; see ``PostgresStore``.

        Raises:
            MissingExtra: ``psycopg`` is not installed.
            StoreError: The server cannot be reached or refuses, the connection is unsuitable, or the schema is newer.
            IntegrityError: The schema is not whole, or was restored into another cluster.
        """
        drivers()
        if isinstance(where, str):
            address = address_of(where)
            return cls(address, await _pool(address, patience, connections), None)
        address = Address(conninfo="", shown="the connection of the host", schema=plain(schema))
        suitable(where, writing=False)
        with translated(address.shown):
            if await acarried(inspected(), where, address.schema) < VERSION:
                suitable(where, writing=True)
                await acarried(migrated(), where, address.schema)
        return cls(address, None, where)

    def __repr__(self) -> str:
        return f"AsyncPostgresStore({self._address.shown!r})"

    @property
    def borrowed(self) -> bool:
        """Whether the connection is the host's, and so the commit too."""
        return self._borrowed is not None

    def waiter(self) -> Follower:
        """Return what waits for the next append: all who follow this store share one connection for it."""
        return self._ear.follower()

    async def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        return await self._do(doing.sessions())

    async def head(self, session: str) -> Head:
        """Return where a session stands."""
        return await self._do(doing.head(session))

    async def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        return await self._do(doing.append(batch, joined=self.borrowed), appending=True)

    async def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        return await self._do(doing.call(session, key_mac))

    async def read(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[Stored]:
        """Read entries in order: a prefix without gaps, as long as the log was when asked."""
        key, seqs = await self._do(doing.seqs(session, start, stop))
        for page in doing.pages(seqs):
            for stored in await self._do(doing.page(session, key, page)):
                yield stored

    async def leaves(self, session: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Read the leaf hashes kept beside the entries, as ``read`` does."""
        key, seqs = await self._do(doing.seqs(session, start, stop))
        for page in doing.pages(seqs):
            for leaf in await self._do(doing.leaves(session, key, page)):
                yield leaf

    async def subjects(
        self, session: str, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        key, seqs = await self._do(doing.seqs(session, start, stop))
        for page in doing.pages(seqs):
            for about in await self._do(doing.subjects(key, page)):
                yield about

    async def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        return await self._do(doing.people(session, start))

    async def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        return await self._do(doing.about(session, pseudonym))

    async def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        await self._do(doing.forget(forgetting), appending=True)

    async def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        return await self._do(doing.unscrubbed())

    async def scrub(self) -> None:
        """Write anew the tables from which was forgotten; each is locked meanwhile."""
        if self.borrowed:
            raise not_scrubbed()
        await self._do(doing.scrub())

    async def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions, in an order that never changes."""
        return await self._do(doing.feed(after, limit))

    async def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        return await self._do(doing.installation())

    async def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        await self._do(doing.enter(expected, leaves), appending=True)

    async def entered(self, start: int = 0, stop: int | None = None) -> AsyncIterator[Leaf]:
        """Read the installation log in order."""
        for page in doing.pages(span(start, stop, (await self.installation()).size)):
            for leaf in await self._do(doing.entered(page)):
                yield leaf

    async def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        return await self._do(doing.entered_of(session))

    async def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        await self._do(doing.keep(size, note), appending=True)

    async def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        return await self._do(doing.kept(start))

    async def close(self) -> None:
        """Let go of the database. A second time does nothing; any other call is refused afterwards."""
        if not self._closed:
            self._closed = True
            await self._ear.aclose()
            if self._pool is not None:
                await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _do(self, work: Work[T], *, appending: bool = False) -> T:
        async with self._connection(appending=appending) as connection:
            return await acarried(work, connection, self._address.schema)

    @asynccontextmanager
    async def _connection(self, *, appending: bool) -> AsyncGenerator[Any]:
        if self._closed:
            raise closed()
        if self._process != os.getpid():
            raise StoreError("a store is not carried into another process", "open it again after the fork")
        if self._borrowed is not None:
            suitable(self._borrowed, writing=appending)
            with translated(self._address.shown):
                yield self._borrowed
            return
        connection = await self._lent()
        try:
            with translated(self._address.shown, appending=appending):
                yield connection
        finally:
            lost = connection.closed
            await self._pool.putconn(connection)
            if lost:
                # The others have most likely gone with it: better found now than by the next callers.
                await self._pool.check()

    async def _lent(self) -> Any:
        _, pools = drivers()
        try:
            return await self._pool.getconn()
        except pools.PoolClosed:
            raise closed() from None
        except pools.PoolTimeout as error:
            await (await _reach(self._address)).close()
            raise StoreError(
                "all connections of this store are in use",
                "open it with more connections, or end what holds them",
                self._pool.max_size,
            ) from error


async def _pool(address: Address, patience: float, connections: int) -> Any:
    """Return a pool to a database whose schema is up to date."""
    _, pools = drivers()

    async def configure(connection: "psycopg.AsyncConnection[Any]") -> None:
        for statement in settings(patience):
            await connection.execute(statement)

    async with await _reach(address) as connection:
        with translated(address.shown):
            if await acarried(inspected(), connection, address.schema) < VERSION:
                async with connection.transaction():
                    await acarried(migrated(), connection, address.schema)
    pool = pools.AsyncConnectionPool(
        address.conninfo,
        kwargs={"autocommit": True},
        configure=configure,
        min_size=1,
        max_size=connections,
        timeout=patience,
        open=False,
        name="afwegen",
    )
    await pool.open()
    return pool


async def _reach(address: Address) -> Any:
    """Return a connection of its own, or say why there is none."""
    psycopg, _ = drivers()
    with translated(address.shown):
        return await psycopg.AsyncConnection.connect(address.conninfo, autocommit=True, connect_timeout=10)
