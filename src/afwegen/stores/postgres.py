"""
A store in PostgreSQL.

What was appended is committed before ``append`` returns, in one round trip. The row of a session is its lock: sessions
are written beside each other, acts of one session one after another. Nothing is read of a transaction that is not
committed, and no reader waits for a writer.

A store on a connection of the host writes in the transaction of the host, and never commits it, rolls it back or
changes its settings.

References:
    PostgreSQL documentation: Transaction Isolation (Read Committed), Explicit Locking.
"""

import os
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from afwegen.errors import StoreError
from afwegen.log.frontier import Frontier
from afwegen.stores import postgres_work as doing
from afwegen.stores.contract import Appended, Batch, Forgetting, Head, Leaf, PersonRow, Stored
from afwegen.stores.feeding import FeedItem
from afwegen.stores.postgres_link import PATIENCE, SCHEMA, Address, address_of, carried, drivers, plain, settings
from afwegen.stores.postgres_link import translated as _translated
from afwegen.stores.postgres_schema import VERSION, Ask, Work, inspected, migrated, plan
from afwegen.stores.refusals import closed, not_scrubbed, span
from afwegen.stores.transaction import Transaction, of_postgres
from afwegen.stores.waiting import Listening

if TYPE_CHECKING:
    import psycopg

__all__ = ["CONNECTIONS", "PostgresStore", "migrate_url", "suitable"]

T = TypeVar("T")

CONNECTIONS: Final = 8
"""Connections a store opens at most."""


class PostgresStore:
    """
    Sessions in PostgreSQL; see ``Store`` for what it promises.

    Args:
        where: A URL, as libpq reads it, with ``schema=NAME`` where it is not ``afwegen``; or an open connection of the
            host, of ``psycopg``.
        schema: Where the tables lie, with a connection.
        patience: Seconds to wait for a connection, and for another writer; with a URL.
        connections: How many to open at most; with a URL.

    Raises:
        MissingExtra: ``psycopg`` is not installed.
        StoreError: The server cannot be reached or refuses, the connection is unsuitable, or the schema is newer.
        IntegrityError: The schema is not whole, or was restored into another cluster.
    """

    def __init__(
        self,
        where: "str | psycopg.Connection[Any]",
        *,
        schema: str = SCHEMA,
        patience: float = PATIENCE,
        connections: int = CONNECTIONS,
    ) -> None:
        drivers()
        self._process = os.getpid()
        self._closed = False
        self._pool: Any = None
        self._borrowed: psycopg.Connection[Any] | None = None
        if isinstance(where, str):
            self._address = address_of(where)
            self._pool = _pool(self._address, patience, connections)
        else:
            self._address = Address(conninfo="", shown="the connection of the host", schema=plain(schema))
            self._borrowed = where
            self._prepare(where)

    def __repr__(self) -> str:
        return f"PostgresStore({self._address.shown!r})"

    @property
    def borrowed(self) -> bool:
        """Whether the connection is the host's, and so the commit too."""
        return self._borrowed is not None

    def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        return self._do(doing.sessions())

    def head(self, session: str) -> Head:
        """Return where a session stands."""
        return self._do(doing.head(session))

    def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        return self._do(doing.append(batch, joined=self.borrowed), appending=True)

    def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        return self._do(doing.call(session, key_mac))

    def read(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """Read entries in order: a prefix without gaps, as long as the log was when asked."""
        key, seqs = self._do(doing.seqs(session, start, stop))
        return (stored for page in doing.pages(seqs) for stored in self._do(doing.page(session, key, page)))

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Read the leaf hashes kept beside the entries, as ``read`` does."""
        key, seqs = self._do(doing.seqs(session, start, stop))
        return (leaf for page in doing.pages(seqs) for leaf in self._do(doing.leaves(session, key, page)))

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        key, seqs = self._do(doing.seqs(session, start, stop))
        return (about for page in doing.pages(seqs) for about in self._do(doing.subjects(key, page)))

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        return self._do(doing.people(session, start))

    def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        return self._do(doing.about(session, pseudonym))

    def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        self._do(doing.forget(forgetting), appending=True)

    def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        return self._do(doing.unscrubbed())

    def scrub(self) -> None:
        """Write anew the tables from which was forgotten; each is locked meanwhile."""
        if self.borrowed:
            raise not_scrubbed()
        self._do(doing.scrub())

    def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions, in an order that never changes."""
        return self._do(doing.feed(after, limit))

    def waiter(self) -> Listening:
        """Return what waits for the next append, with a connection of its own."""
        return Listening(self._address)

    @contextmanager
    def transaction(self, *, writing: bool = True) -> Generator[Transaction]:
        """Open a transaction for what is derived from the log; in one of the host it is a savepoint."""
        if self._borrowed is not None:
            suitable(self._borrowed, writing=writing)
        with self._connection(appending=False) as connection:
            if writing and self.borrowed:
                # Where the host has not begun yet a block would not only begin, but commit.
                connection.execute("SELECT 1")
            with connection.transaction() if writing else nullcontext():
                yield of_postgres(connection, self._address.schema)

    def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        return self._do(doing.installation())

    def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        self._do(doing.enter(expected, leaves), appending=True)

    def entered(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """Read the installation log in order."""
        seqs = span(start, stop, self.installation().size)
        return (leaf for page in doing.pages(seqs) for leaf in self._do(doing.entered(page)))

    def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        return self._do(doing.entered_of(session))

    def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        self._do(doing.keep(size, note), appending=True)

    def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        return self._do(doing.kept(start))

    def close(self) -> None:
        """Let go of the database. A second time does nothing; any other call is refused afterwards."""
        if not self._closed:
            self._closed = True
            if self._pool is not None:
                self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, work: Work[T], *, appending: bool = False) -> T:
        with self._connection(appending=appending) as connection:
            return carried(work, connection, self._address.schema)

    @contextmanager
    def _connection(self, *, appending: bool) -> Generator[Any]:
        if self._closed:
            raise closed()
        if self._process != os.getpid():
            raise StoreError("a store is not carried into another process", "open it again after the fork")
        if self._borrowed is not None:
            suitable(self._borrowed, writing=appending)
            with _translated(self._address.shown, appending=False):
                yield self._borrowed
            return
        connection = self._lent()
        try:
            with _translated(self._address.shown, appending=appending):
                yield connection
        finally:
            lost = connection.closed
            self._pool.putconn(connection)
            if lost:
                # The others have most likely gone with it: better found now than by the next callers.
                self._pool.check()

    def _lent(self) -> Any:
        _, pools = drivers()
        try:
            return self._pool.getconn()
        except pools.PoolClosed:
            raise closed() from None
        except pools.PoolTimeout as error:
            _reach(self._address).close()
            raise StoreError(
                "all connections of this store are in use",
                "open it with more connections, or end what holds them",
                self._pool.max_size,
            ) from error

    def _prepare(self, connection: "psycopg.Connection[Any]") -> None:
        suitable(connection, writing=False)
        schema = self._address.schema
        with _translated(self._address.shown):
            if carried(inspected(), connection, schema) < VERSION:
                suitable(connection, writing=True)
                carried(migrated(), connection, schema)
            lax = carried(_answer("SELECT current_setting('synchronous_commit') = 'off'"), connection, schema)
        if lax == [(True,)]:
            warnings.warn(
                "synchronous_commit is off on this connection: what was committed may be lost with the power",
                stacklevel=3,
            )


def suitable(connection: Any, *, writing: bool) -> None:
    """
    Refuse a connection of the host that nothing can be written on as was promised.

    Raises:
        StoreError: It is closed, failed, of another encoding, or commits by itself.
    """
    if connection.closed:
        raise StoreError("the connection of the host is closed", "give an open one")
    status = connection.info.transaction_status
    if status.name == "INERROR":
        raise StoreError("the transaction of the host has failed already", "roll it back, then begin again")
    if connection.info.encoding != "utf-8":
        raise StoreError("the connection is not in UTF-8", "set client_encoding to UTF8", connection.info.encoding)
    if writing and connection.autocommit and status.name == "IDLE":
        raise StoreError(
            "the connection of the host commits by itself: there is no transaction to join",
            "begin one: connection.transaction(), or transaction.atomic() in Django",
        )


def _answer(statement: str) -> Work[list[tuple[Any, ...]]]:
    return (yield Ask(statement))


def _pool(address: Address, patience: float, connections: int) -> Any:
    """Return a pool to a database whose schema is up to date."""
    _, pools = drivers()

    def configure(connection: "psycopg.Connection[Any]") -> None:
        for statement in settings(patience):
            connection.execute(statement)

    with _reach(address) as connection, _translated(address.shown):
        if carried(inspected(), connection, address.schema) < VERSION:
            with connection.transaction():
                carried(migrated(), connection, address.schema)
    return pools.ConnectionPool(
        address.conninfo,
        kwargs={"autocommit": True},
        configure=configure,
        min_size=1,
        max_size=connections,
        timeout=patience,
        open=True,
        name="afwegen",
    )


def _reach(address: Address) -> Any:
    """Return a connection of its own, or say why there is none."""
    psycopg, _ = drivers()
    with _translated(address.shown):
        return psycopg.connect(address.conninfo, autocommit=True, connect_timeout=10)


def migrate_url(url: str, *, dry_run: bool, restored: bool) -> tuple[str, ...]:
    """Bring a schema up to date, and return the statements that this took; see ``afwegen.stores.migrate``."""
    drivers()
    address = address_of(url)
    with _reach(address) as connection, _translated(address.shown):
        if dry_run:
            found = carried(inspected(restored=restored), connection, address.schema)
        else:
            with connection.transaction():
                found = carried(migrated(restored=restored), connection, address.schema)
    return tuple(statement.replace("{s}", address.schema) for statement in plan(found))
