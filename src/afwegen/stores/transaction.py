"""
A transaction of a store's database, for what is derived from the log and lies beside it.

The log itself is written by ``append`` and by nothing else. What a projection makes of the log is kept in tables of its
own, which can be dropped and made again at any time: they are no part of the schema, and of no version of it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Literal, Protocol, runtime_checkable

from attrs import frozen

from afwegen.stores.sqlite_file import Guest

__all__ = ["Transaction", "Transactional", "of_postgres", "of_sqlite"]

Dialect = Literal["sqlite", "postgresql"]
Rows = list[tuple[Any, ...]]

_NUMBERED: Final = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}


@frozen
class Transaction:
    """
    Statements that are carried out together, or not at all.

    Attributes:
        connection: Of ``sqlite3`` or ``psycopg``: whoever writes tables of their own writes them on it. It is
            committed, or rolled back, by who opened the transaction.
        dialect: Whose SQL it speaks.
        run: Carries out a statement in that SQL.
        prefix: What stands before the names of our tables.
    """

    connection: Any
    dialect: Dialect
    run: Callable[[str, Sequence[Any]], Rows]
    prefix: str

    def execute(self, statement: str, *values: Any) -> Rows:
        """Carry out a statement, ``?`` for a value and ``{t}`` before the name of a table, and return its rows."""
        text = statement.replace("{t}", self.prefix).replace("{numbered}", _NUMBERED[self.dialect])
        return self.run(text if self.dialect == "sqlite" else text.replace("?", "%s"), values)

    def has(self, table: str) -> bool:
        """Say whether one of our tables is there."""
        if self.dialect == "sqlite":
            return bool(self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", self.prefix + table))
        return self.execute("SELECT to_regclass(?) IS NOT NULL", self.prefix + table) == [(True,)]

    def alone(self, what: str) -> None:
        """Let nobody else past this line for the same thing before the transaction ends."""
        # In SQLite there is one writer at a time anyway.
        if self.dialect == "postgresql":
            self.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", f"afwegen {self.prefix}{what}")


@runtime_checkable
class Transactional(Protocol):
    """A store that can also keep what is derived from its log; the three that come with the library can."""

    def transaction(self, *, writing: bool = True) -> AbstractContextManager[Transaction]:
        """Open a transaction; one of the host is joined, and never committed or rolled back."""
        ...


def of_sqlite(db: sqlite3.Connection | Guest) -> Transaction:
    """Return a transaction of SQLite that has begun."""

    def run(statement: str, values: Sequence[Any]) -> Rows:
        return db.execute(statement, values).fetchall()

    connection = db.connection if isinstance(db, Guest) else db
    return Transaction(connection, "sqlite", run, "afwegen_")


def of_postgres(connection: Any, schema: str) -> Transaction:
    """Return a transaction of PostgreSQL that has begun."""
    import psycopg

    def run(statement: str, values: Sequence[Any]) -> Rows:
        with psycopg.Cursor(connection, row_factory=psycopg.rows.tuple_row) as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    return Transaction(connection, "postgresql", run, f"{schema}.")
