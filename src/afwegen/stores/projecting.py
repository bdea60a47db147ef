"""
How far each projection is, and the rows it keeps: two tables, the same in SQLite and PostgreSQL.

A *build* is one making of a projection, from the beginning of the feed. While it catches up the one before it is still
read; once it has, it takes its place.
"""

from typing import Final

from attrs import frozen

from afwegen.stores.transaction import Transaction

__all__ = ["Build", "begun", "built", "dropped", "found", "kept", "moved", "put", "ready"]

_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS {t}builds (
        id {numbered},
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        place TEXT,
        items BIGINT NOT NULL,
        ready INTEGER NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS {t}projected (
        build BIGINT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (build, name)
    )""",
)


@frozen(kw_only=True)
class Build:
    """
    One making of a projection.

    Attributes:
        id: Its number; a later one is higher.
        cursor: Where in the feed it stands; None at the beginning.
        items: How many items it was given.
        ready: Whether it has once caught up, and is read.
    """

    id: int
    cursor: str | None
    items: int
    ready: bool


def found(on: Transaction, name: str, version: int) -> tuple[Build, ...]:
    """Return the builds of a projection, the one that is read first, then the latest."""
    if not on.has("builds"):
        return ()
    rows = on.execute(
        "SELECT id, place, items, ready FROM {t}builds WHERE name = ? AND version = ? ORDER BY ready DESC, id DESC",
        name,
        version,
    )
    return tuple(Build(id=key, cursor=place, items=items, ready=bool(done)) for key, place, items, done in rows)


def begun(on: Transaction, name: str, version: int) -> Build:
    """Begin a build."""
    if not on.has("projected"):
        on.alone("tables")
        for table in _TABLES:
            on.execute(table)
    ((key,),) = on.execute(
        "INSERT INTO {t}builds (name, version, place, items, ready) VALUES (?, ?, NULL, 0, 0) RETURNING id",
        name,
        version,
    )
    return Build(id=key, cursor=None, items=0, ready=False)


def moved(on: Transaction, build: Build, cursor: str | None, items: int) -> None:
    """Write down how far a build is now."""
    on.execute("UPDATE {t}builds SET place = ?, items = items + ? WHERE id = ?", cursor, items, build.id)


def ready(on: Transaction, build: Build) -> None:
    """Let a build be read from now on."""
    on.execute("UPDATE {t}builds SET ready = 1 WHERE id = ?", build.id)


def dropped(on: Transaction, build: Build) -> None:
    """Take a build away, with its rows."""
    on.execute("DELETE FROM {t}projected WHERE build = ?", build.id)
    on.execute("DELETE FROM {t}builds WHERE id = ?", build.id)


def put(on: Transaction, build: int, name: str, value: str | None) -> None:
    """Keep a row, or take it away."""
    if value is None:
        on.execute("DELETE FROM {t}projected WHERE build = ? AND name = ?", build, name)
        return
    on.execute(
        "INSERT INTO {t}projected (build, name, value) VALUES (?, ?, ?)"
        " ON CONFLICT (build, name) DO UPDATE SET value = excluded.value",
        build,
        name,
        value,
    )


def kept(on: Transaction, build: int, name: str) -> str | None:
    """Return a row, None where there is none."""
    rows = on.execute("SELECT value FROM {t}projected WHERE build = ? AND name = ?", build, name)
    return str(rows[0][0]) if rows else None


def built(on: Transaction, build: int) -> tuple[tuple[str, str], ...]:
    """Return all rows, by name."""
    rows = on.execute("SELECT name, value FROM {t}projected WHERE build = ?", build)
    return tuple(sorted((name, value) for name, value in rows))
