"""Where sessions are kept, as bytes: open a store by its URL."""

from afwegen.errors import StoreError
from afwegen.stores.contract import Store

__all__ = ["Store", "open_store"]

_SCHEMES = (
    "'memory:' or 'sqlite:///path' (a fourth slash where the path is absolute) or 'postgresql://user@host/database'"
)


def open_store(url: str) -> Store:
    """
    Open the store that a URL names; one in a file is made where there is none.

    ``memory:`` is gone with the process. ``sqlite:///wijk.db`` is a file in the working directory,
    ``sqlite:////srv/wijk.db`` one anywhere, as SQLAlchemy writes it; the path is taken as it is written.

    >>> with open_store("memory:") as store:
    ...     store.sessions()
    ()

    Raises:
        StoreError: The URL names no store, or the store cannot be opened.
        IntegrityError: The store is damaged.
    """
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


def _path(url: str, rest: str) -> str:
    path = rest.removeprefix("///")
    if path == rest or not path:
        raise StoreError("this URL has no path", f"use {_SCHEMES}", url)
    if path == ":memory:" or path.startswith("file:"):
        raise StoreError("SQLite is used with a file of its own", f"use {_SCHEMES}", url)
    return path
