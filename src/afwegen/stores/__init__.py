"""Where sessions are kept, as bytes: open a store by its URL."""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from afwegen.errors import StoreError
from afwegen.stores.contract import Store
from afwegen.stores.feeding import FeedItem

if TYPE_CHECKING:
    import sqlite3

    import psycopg

    from afwegen.stores.threaded import AsyncStore

__all__ = ["FeedItem", "Store", "migrate", "open_async_store", "open_store"]

_SCHEMES = (
    "'memory:' or 'sqlite:///path' (a fourth slash where the path is absolute) or 'postgresql://user@host/database'"
)


def open_store(url: "str | sqlite3.Connection | psycopg.Connection[Any]", *, vault: str | None = None) -> Store:
    """
    Open the store that a URL names; one in a file is made where there is none.

    ``postgresql://user@host/database`` is read as libpq reads it, with ``?schema=NAME`` where the tables do not lie in
    ``afwegen``. An open connection of the host, of ``sqlite3`` or ``psycopg``, is joined: see ``SQLiteStore`` and
    ``PostgresStore``.

    ``memory:`` is gone with the process. ``sqlite:///wijk.db`` is a file in the working directory,
    ``sqlite:////srv/wijk.db`` one anywhere, as SQLAlchemy writes it; the path is taken as it is written.

    >>> with open_store("memory:") as store:
    ...     store.sessions()
    ()

    Args:
        url: Of the store, or a connection.
        vault: A URL like ``sqlite:///kluis.db``, where values and people lie in a database of their own. They are
            durable before their entry is; one transaction over both is not promised.

    Raises:
        StoreError: The URL names no store, or the store cannot be opened.
        IntegrityError: The store is damaged.
    """
    if vault is not None:
        return _split(url, vault)
    if not isinstance(url, str):
        return _on(url)
    scheme, colon, rest = url.partition(":")
    match scheme:
        case "memory" if colon and not rest:
            from afwegen.stores.memory import MemoryStore

            return MemoryStore()
        case "sqlite":
            from afwegen.stores.sqlite import SQLiteStore

            return SQLiteStore(_path(url, rest))
        case "postgresql" | "postgres":
            from afwegen.stores.postgres import PostgresStore

            return PostgresStore(url)
        case _:
            raise StoreError("this URL names no store", f"use {_SCHEMES}", url)


def _split(url: "str | sqlite3.Connection | psycopg.Connection[Any]", vault: str) -> Store:
    from afwegen.stores.vault import SplitStore, SQLiteVault

    scheme, _, rest = vault.partition(":")
    if scheme != "sqlite":
        raise StoreError("a vault of its own is a file of SQLite", "use sqlite:///kluis.db", vault)
    store = open_store(url)
    try:
        return cast("Store", SplitStore(store, SQLiteVault(_path(vault, rest))))
    except BaseException:
        store.close()
        raise


async def open_async_store(url: "str | psycopg.AsyncConnection[Any]", *, vault: str | None = None) -> "AsyncStore":
    """
    Open a store that does not keep the event loop waiting.

    PostgreSQL is spoken to as such; SQLite, and memory, through one thread of the store's own, which ends with it.
    An open ``psycopg.AsyncConnection`` of the host is joined. With a vault of its own, any store goes through the
    thread.

    Raises:
        StoreError: The URL names no store, or the store cannot be opened.
        IntegrityError: The store is damaged.
    """
    if vault is not None and not isinstance(url, str):
        raise StoreError("a vault of its own goes with a store that is opened by its URL", "give the URL")
    if vault is None and (not isinstance(url, str) or url.partition(":")[0] in {"postgresql", "postgres"}):
        from afwegen.stores.postgres_async import AsyncPostgresStore

        return await AsyncPostgresStore.open(url)
    from afwegen.stores.threaded import ThreadedStore

    return await ThreadedStore.open(partial(open_store, cast("str", url), vault=vault))


def migrate(url: str, *, dry_run: bool = False, restored: bool = False) -> tuple[str, ...]:
    """
    Bring the tables of a store up to date, and return the statements that this took; none where it was.

    Opening a store does the same; this is for whoever wants to see first, or lets no application change tables.

    Args:
        url: Of a store in PostgreSQL. A file of SQLite has had one version of its tables so far.
        dry_run: Change nothing.
        restored: It was restored into another cluster: begin a new epoch of the feed, after all that is there. Cursors
            kept from before stay good.

    Raises:
        StoreError: The URL names no such store, or the store cannot be reached or changed.
    """
    if url.partition(":")[0] not in {"postgresql", "postgres"}:
        raise StoreError("only a store in PostgreSQL has tables of more than one version", "open it: that is all", url)
    from afwegen.stores.postgres import migrate_url

    return migrate_url(url, dry_run=dry_run, restored=restored)


def _on(connection: "sqlite3.Connection | psycopg.Connection[Any]") -> Store:
    """Open a store on a connection of the host."""
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(connection).__mro__}
    if "sqlite3.Connection" in kinds:
        from afwegen.stores.sqlite import SQLiteStore

        return SQLiteStore(cast("sqlite3.Connection", connection))
    if "psycopg.Connection" in kinds:
        from afwegen.stores.postgres import PostgresStore

        return PostgresStore(cast("psycopg.Connection[Any]", connection))
    raise StoreError("a store is opened on a URL, or on a connection of sqlite3 or psycopg", f"use {_SCHEMES}", kinds)


def _path(url: str, rest: str) -> str:
    path = rest.removeprefix("///")
    if path == rest or not path:
        raise StoreError("this URL has no path", f"use {_SCHEMES}", url)
    if path == ":memory:" or path.startswith("file:"):
        raise StoreError("SQLite is used with a file of its own", f"use {_SCHEMES}", url)
    return path
