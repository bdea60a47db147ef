"""
The way to PostgreSQL: addresses, the settings of our own connections, and what the server's errors mean to us.

``psycopg`` is imported here and nowhere else, and only when a store is opened.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from attrs import frozen

from afwegen.errors import AfwegenError, IntegrityError, MissingExtra, StoreError
from afwegen.stores.postgres_schema import Work

if TYPE_CHECKING:
    import psycopg

__all__ = [
    "PATIENCE",
    "SCHEMA",
    "Address",
    "acarried",
    "address_of",
    "carried",
    "drivers",
    "plain",
    "settings",
    "translated",
]

T = TypeVar("T")

PATIENCE: Final = 30.0
"""Seconds a call waits for a connection, and a writer for another, before it gives up."""

SCHEMA: Final = "afwegen"
"""Where the tables lie unless the URL says otherwise."""

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")

# Said by libpq and by the server before there is a connection that could carry a code; see ``_ours``.
_REFUSED: Final = {
    "password authentication failed": ("the server refuses this password", "see to the password in the URL"),
    "no password supplied": ("the server wants a password", "give one in the URL, in PGPASSWORD or in ~/.pgpass"),
    "does not exist": ("there is no such database or role", "create it, or see to the URL"),
    "too many clients": ("the server takes no more connections", "raise max_connections, or open smaller pools"),
    "starting up": ("the server is starting up", "try again in a moment"),
}

_CODES: Final = {
    "25006": ("this server, or this transaction, only reads", "append on the primary"),
    "25P02": ("the transaction of the host has failed already", "roll it back, then begin again"),
    "40001": ("the transaction was overtaken by another", "roll it back and run it again, or use READ COMMITTED"),
    "40P01": ("the transaction and another wait for each other", "roll it back and run it again"),
    "42501": ("this role may not do that", "grant it: see 'Roles' in the how-to about PostgreSQL"),
    "53100": ("the disk of the server is full; nothing was appended", "make room and try again"),
    "53300": ("the server takes no more connections", "raise max_connections, or open smaller pools"),
    "55P03": ("another writer held the session for too long; nothing was appended", "end it, or try again later"),
    "57014": ("the server broke the statement off; nothing was appended", "raise statement_timeout, or try again"),
}

_LOST: Final = (
    "the connection was lost while this was being appended: whether it was kept is not known",
    "call refresh() and look; with an idempotency key it is safe to repeat",
)
_AWAY: Final = ("the server cannot be reached", "see that it runs, then try again: the same store goes on")


@frozen(kw_only=True)
class Address:
    """
    A database and a schema in it.

    Attributes:
        conninfo: What libpq is given; may hold a password.
        shown: The same for people, without one.
        schema: Where the tables lie.
    """

    conninfo: str
    shown: str
    schema: str


def address_of(url: str) -> Address:
    """
    Read a URL: libpq's own, with ``schema=NAME`` beside its parameters.

    >>> address_of("postgresql://anna:secret@db/wijk?schema=buurt").shown
    'postgresql://anna@db/wijk (schema buurt)'

    Raises:
        StoreError: The URL is none, or the schema's name is not plain.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError as error:
        raise StoreError("this URL cannot be read", "write postgresql://user@host/database", url) from error
    schema = plain(given.pop("schema", SCHEMA))
    user = f"{parts.username}@" if parts.username else ""
    shown = f"postgresql://{user}{host}{parts.path} (schema {schema})"
    return Address(conninfo=urlunsplit(parts._replace(query=urlencode(given))), shown=shown, schema=schema)


def plain(schema: str) -> str:
    """
    Return a schema's name that needs no quotes.

    Raises:
        StoreError: It needs some.
    """
    if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_"):
        raise StoreError("a schema's name is plain: a-z, 0-9 and '_', a letter first", "choose another", schema)
    return schema


def drivers() -> tuple[Any, Any]:
    """
    Return ``psycopg`` and ``psycopg_pool``.

    Raises:
        MissingExtra: They are not installed.
    """
    try:
        import psycopg
        import psycopg_pool
    except ImportError as error:
        raise MissingExtra("psycopg", "postgres") from error
    return psycopg, psycopg_pool


def settings(patience: float) -> tuple[str, ...]:
    """Return what our own connections are set to: never what a host's are."""
    return (
        f"SET lock_timeout = {max(1, round(patience * 1000))}",
        "SET default_transaction_isolation = 'read committed'",
        # Whoever chose a stricter one than 'on' keeps it.
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    )


def carried(work: Work[T], connection: "psycopg.Connection[Any]", schema: str) -> T:
    """Carry out work on a connection that waits."""
    import psycopg

    # Not the connection's own kind of cursor: a host may have set one that returns dicts, or binds by itself.
    with psycopg.Cursor(connection, row_factory=psycopg.rows.tuple_row) as cursor:
        try:
            ask = next(work)
            while True:
                text = ask.text.replace("{s}", schema)
                if ask.then and connection.autocommit:
                    with connection.pipeline() as line:
                        cursor.execute(text, ask.bounds, binary=True)
                        line.sync()
                        connection.execute(ask.then.replace("{s}", schema))
                else:
                    cursor.execute(text, ask.bounds or None, binary=True)
                ask = work.send(cursor.fetchall() if cursor.description else [])
        except StopIteration as done:
            value: T = done.value
            return value


async def acarried(work: Work[T], connection: "psycopg.AsyncConnection[Any]", schema: str) -> T:
    """Carry out work on a connection that does not wait."""
    import psycopg

    async with psycopg.AsyncCursor(connection, row_factory=psycopg.rows.tuple_row) as cursor:
        try:
            ask = next(work)
            while True:
                text = ask.text.replace("{s}", schema)
                if ask.then and connection.autocommit:
                    async with connection.pipeline() as line:
                        await cursor.execute(text, ask.bounds, binary=True)
                        await line.sync()
                        await connection.execute(ask.then.replace("{s}", schema))
                else:
                    await cursor.execute(text, ask.bounds or None, binary=True)
                ask = work.send(await cursor.fetchall() if cursor.description else [])
        except StopIteration as done:
            value: T = done.value
            return value


@contextmanager
def translated(shown: str, *, appending: bool = False) -> Iterator[None]:
    """
    Raise the errors of driver and server as ours, with what to do.

    Raises:
        StoreError: The server is gone, refuses, or waited too long.
        IntegrityError: Something lies where nothing may.
    """
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise _ours(error, shown, appending=appending) from error


def _ours(error: "psycopg.Error", shown: str, *, appending: bool) -> AfwegenError:
    import psycopg

    code = error.sqlstate or ""
    if code in _CODES:
        return StoreError(*_CODES[code], shown)
    if code == "23505":
        return IntegrityError(
            "something lies beyond the end of the log; nothing was appended",
            "somebody wrote past the library: verify the session, and restore a backup",
            shown,
        )
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    for words, (what, do) in _REFUSED.items():
        if not code and words in str(error):
            return StoreError(f"{what} ({said})", do, shown)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        what, do = _LOST if appending else _AWAY
        return StoreError(f"{what} ({said})", do, shown)
    return StoreError(f"PostgreSQL failed: {said}", "see to the server, then try again", shown)
