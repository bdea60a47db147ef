"""
The SQLite file itself: its tables, their version, and what SQLite's errors mean to us.

Every name begins with ``afwegen_``, so that the tables can stand beside those of a host. Triggers keep entries from
being changed or deleted: not against a thief, who can drop them (that is seen in the root), but against a slip.
"""

import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from time import monotonic, sleep
from typing import Any, Final

from afwegen.errors import AfwegenError, IntegrityError, StoreError
from afwegen.log.frontier import EMPTY

__all__ = [
    "SEQ_BITS",
    "VERSION",
    "Guest",
    "adopt",
    "beside",
    "prepare",
    "scrub_file",
    "secure",
    "translated",
    "whole",
    "within",
]

VERSION: Final = 3
"""The version of these tables."""

SEQ_BITS: Final = 32
"""Bits of an entry's place that are its sequence number; those above are its session's id."""

_OLDEST_SQLITE = (3, 37, 0)

# Every statement stands in every file as it stands here, to the space, and is compared when a file is opened.
_TABLES: Final = {
    "afwegen_schema": "(version INTEGER NOT NULL, written_by TEXT NOT NULL) STRICT",
    "afwegen_sessions": """(
        id INTEGER PRIMARY KEY,
        session TEXT NOT NULL UNIQUE,
        secret BLOB NOT NULL,
        length INTEGER NOT NULL,
        frontier BLOB NOT NULL
    ) STRICT""",
    # Session and number in one rowid: appended at less than half the cost of a key of two columns (measured).
    "afwegen_entries": f"""(
        place INTEGER PRIMARY KEY,
        session INTEGER NOT NULL GENERATED ALWAYS AS (place >> {SEQ_BITS}) VIRTUAL,
        seq INTEGER NOT NULL GENERATED ALWAYS AS (place & {(1 << SEQ_BITS) - 1}) VIRTUAL,
        entry BLOB NOT NULL,
        leaf BLOB NOT NULL
    ) STRICT""",
    # One row for each append, whichever the session: the order of commits, and the idempotency keys.
    "afwegen_appends": """(
        id INTEGER PRIMARY KEY,
        session INTEGER NOT NULL,
        first INTEGER NOT NULL,
        count INTEGER NOT NULL,
        key_mac BLOB,
        call_mac BLOB
    ) STRICT""",
    "afwegen_vault": """(
        session INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        part INTEGER NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (session, seq, part)
    ) STRICT, WITHOUT ROWID""",
    # By record, not by subject: appends happen all day and at the end of the table, an erasure may look through it.
    "afwegen_subjects": """(
        session INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        part INTEGER NOT NULL,
        subject TEXT NOT NULL,
        PRIMARY KEY (session, seq, part, subject)
    ) STRICT, WITHOUT ROWID""",
    "afwegen_people": """(
        session INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        pseudonym TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (session, seq, pseudonym),
        UNIQUE (session, pseudonym)
    ) STRICT, WITHOUT ROWID""",
}

# What version 2 brought: the installation log, and checkpoints of it.
_TABLES_OF_2: Final = {
    "afwegen_installation": """(
        seq INTEGER PRIMARY KEY,
        session TEXT NOT NULL,
        size INTEGER NOT NULL,
        note BLOB NOT NULL
    ) STRICT""",
    "afwegen_edge": "(id INTEGER PRIMARY KEY CHECK (id = 1), frontier BLOB NOT NULL) STRICT",
    "afwegen_checkpoints": "(size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT",
}

# What version 3 brought: a mark that stands until what was erased has been overwritten.
_TABLES_OF_3: Final = {"afwegen_unscrubbed": "(id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT"}

_INDEXES_OF_2: Final = {
    "afwegen_installation_session": "INDEX {name} ON afwegen_installation (session, seq)",
}

_TRIGGERS_OF_2: Final = {
    "afwegen_installation_replace": """BEFORE INSERT ON afwegen_installation
        WHEN EXISTS (SELECT 1 FROM afwegen_installation WHERE seq = NEW.seq)""",
    "afwegen_installation_update": "BEFORE UPDATE ON afwegen_installation",
    "afwegen_installation_delete": "BEFORE DELETE ON afwegen_installation",
    "afwegen_edge_update": """BEFORE UPDATE ON afwegen_edge
        WHEN NEW.id <> OLD.id OR substr(NEW.frontier, 1, 8) <= substr(OLD.frontier, 1, 8)""",
    "afwegen_edge_delete": "BEFORE DELETE ON afwegen_edge",
    # A checkpoint is kept as it is; signatures of witnesses may come under it.
    "afwegen_checkpoints_update": """BEFORE UPDATE ON afwegen_checkpoints
        WHEN NEW.size <> OLD.size OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note""",
    "afwegen_checkpoints_replace": """BEFORE INSERT ON afwegen_checkpoints
        WHEN EXISTS (SELECT 1 FROM afwegen_checkpoints WHERE size = NEW.size)""",
    "afwegen_checkpoints_delete": "BEFORE DELETE ON afwegen_checkpoints",
}

_INDEXES: Final = {
    "afwegen_appends_key": "UNIQUE INDEX {name} ON afwegen_appends (session, key_mac) WHERE key_mac IS NOT NULL",
}

_TRIGGERS: Final = {
    # Also against INSERT OR REPLACE, which deletes without asking the trigger for deletes.
    "afwegen_entries_replace": """BEFORE INSERT ON afwegen_entries
        WHEN EXISTS (SELECT 1 FROM afwegen_entries WHERE place = NEW.place)""",
    "afwegen_entries_update": "BEFORE UPDATE ON afwegen_entries",
    "afwegen_entries_delete": "BEFORE DELETE ON afwegen_entries",
    "afwegen_sessions_update": """BEFORE UPDATE ON afwegen_sessions
        WHEN NEW.id <> OLD.id OR NEW.session <> OLD.session OR NEW.secret <> OLD.secret OR NEW.length <= OLD.length""",
    "afwegen_sessions_delete": "BEFORE DELETE ON afwegen_sessions",
    # An erasure forgets what was called, not that the key was used.
    "afwegen_appends_update": """BEFORE UPDATE ON afwegen_appends
        WHEN NEW.call_mac IS NOT NULL OR NEW.id <> OLD.id OR NEW.session <> OLD.session
            OR NEW.first <> OLD.first OR NEW.count <> OLD.count OR NEW.key_mac IS NOT OLD.key_mac""",
    "afwegen_appends_delete": "BEFORE DELETE ON afwegen_appends",
    "afwegen_vault_update": "BEFORE UPDATE ON afwegen_vault",
    "afwegen_subjects_update": "BEFORE UPDATE ON afwegen_subjects",
    "afwegen_people_update": "BEFORE UPDATE ON afwegen_people",
}


def prepare(db: sqlite3.Connection, path: str) -> None:
    """
    Set the connection up, and make the tables where the file is new.

    The file is looked at before anything in it is changed.

    Raises:
        StoreError: The file is something else, was made by a newer version, or SQLite is too old.
        IntegrityError: Tables or triggers are missing.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError("SQLite is older than 3.37", "run a Python with a newer SQLite", sqlite3.sqlite_version)
    _inspect(db, path)
    secure(db, path)
    if _inspect(db, path) < VERSION:
        _create(db, path)


def secure(db: sqlite3.Connection, path: str) -> None:
    """Let a connection of our own keep what it acknowledged, and overwrite what it deletes."""
    _write_ahead(db, path)
    db.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten at once, wherever SQLite knows that it lies.
    db.execute("PRAGMA secure_delete = ON")
    # macOS acknowledges a sync before the disk has it, unless asked in so many words.
    db.execute("PRAGMA fullfsync = ON")
    db.execute("PRAGMA checkpoint_fullfsync = ON")


def scrub_file(db: sqlite3.Connection, path: str) -> None:
    """
    Write a file anew, and cut its journal off.

    Raises:
        StoreError: Somebody is using it.
    """
    # Where pages were split, old octets lie in gaps that no delete reaches: only a new file is free of them.
    db.execute("VACUUM")
    (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreError("somebody is using the file, so its journal stays", "scrub again later", path)
    db.execute("DELETE FROM afwegen_unscrubbed")


class Guest:
    """
    A connection of the host, used without changing anything of it.

    Cursors are our own, for a host may have set a row factory; the host's transaction is joined, and never ended.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for statements of the host's own."""
        return self._db

    @property
    def in_transaction(self) -> bool:
        """Whether the host has begun."""
        return self._db.in_transaction

    def execute(self, statement: str, bounds: Sequence[object] | dict[str, object] = ()) -> sqlite3.Cursor:
        """Execute a statement, and return its rows as tuples."""
        return self._cursor().execute(statement, bounds)

    def executemany(self, statement: str, bounds: Iterable[Sequence[object]]) -> sqlite3.Cursor:
        """Execute a statement once for each row of values."""
        return self._cursor().executemany(statement, bounds)

    def _cursor(self) -> sqlite3.Cursor:
        cursor = self._db.cursor()
        cursor.row_factory = None
        return cursor

    def begin(self) -> None:
        """
        Make sure of the transaction of the host, and of the right to write in it.

        A write that changes nothing: where a transaction begins by reading, what it read may be old when it writes.

        Raises:
            StoreError: The connection commits by itself.
        """
        if self._db.isolation_level is not None:
            self.execute("UPDATE afwegen_schema SET version = version WHERE false")
        if not self._db.in_transaction:
            raise StoreError(
                "the connection of the host commits by itself: there is no transaction to join",
                "begin one: BEGIN IMMEDIATE, or transaction.atomic() in Django",
            )
        if self._db.isolation_level is None:
            self.execute("UPDATE afwegen_schema SET version = version WHERE false")


_Db = sqlite3.Connection | Guest


def adopt(db: sqlite3.Connection) -> Guest:
    """
    Look at a connection of the host, and make the tables where there are none, in the host's transaction.

    Raises:
        StoreError: The connection is unsuitable, or in no transaction when tables are to be made.
        IntegrityError: Tables or triggers are missing.
    """
    if db.text_factory is not str:
        raise StoreError("the connection of the host reads text as something else", "leave text_factory be")
    guest, shown = Guest(db), "the connection of the host"
    if (found := _inspect(guest, shown, shared=True)) < VERSION:
        if not db.in_transaction:
            raise StoreError(
                "not all tables of this store are there yet, and the host is in no transaction to make them in",
                "begin one before you open the store for the first time",
            )
        _bring_up_to_date(guest, found)
    (lax,) = guest.execute("PRAGMA synchronous").fetchone()
    if lax < 2:
        warnings.warn(
            "synchronous is below FULL on this connection: what was committed may be lost with the power",
            stacklevel=4,
        )
    return guest


def _inspect(db: _Db, path: str, *, shared: bool = False) -> int:
    """Return the version of the tables that are there, 0 for none; refuse a file that is not ours, or not whole."""
    names = dict(db.execute("SELECT name, sql FROM sqlite_master").fetchall())
    if not names or (shared and not any(name.startswith("afwegen_") for name in names)):
        return 0
    if "afwegen_schema" not in names:
        raise StoreError("this SQLite file is no store of ours", "give a file of its own", path)
    found = db.execute("SELECT version, written_by FROM afwegen_schema").fetchone() or (0, "an unknown version")
    whole([found], int, str)
    if found[0] > VERSION:
        raise StoreError(
            f"this store was made by a newer version: its schema is {found[0]}, ours is {VERSION}",
            f"install {found[1]} or later",
            path,
        )
    expected = dict(_statements(_TABLES, _INDEXES, _TRIGGERS))
    if found[0] >= 2:
        expected |= _statements(_TABLES_OF_2, _INDEXES_OF_2, _TRIGGERS_OF_2)
    if found[0] >= 3:
        expected |= _statements(_TABLES_OF_3, {}, {})
    # SQLite keeps every statement as it was given: one that reads otherwise guards something else, or nothing.
    missing = [name for name, statement in expected.items() if names.get(name) != statement]
    if missing or found[0] < 1:
        raise IntegrityError(
            "the schema of this store is not whole", "somebody changed it: restore a backup", sorted(missing)
        )
    return int(found[0])


def _write_ahead(db: sqlite3.Connection, path: str) -> None:
    """Switch to WAL; SQLite does not wait here for another process that does the same, so we do."""
    deadline = monotonic() + 10
    while True:
        try:
            (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            break
    if mode != "wal":
        raise StoreError("SQLite cannot keep a write-ahead log here", "use a local disk, not a network share", path)


def _create(db: sqlite3.Connection, path: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been quicker.
        _bring_up_to_date(db, _inspect(db, path))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _bring_up_to_date(db: _Db, found: int) -> None:
    if found < 1:
        _create_all(db)
    if found < 2:
        _step_to_2(db)
    if found < 3:
        _step_to_3(db)


def _create_all(db: _Db) -> None:
    _make(db, _TABLES, _INDEXES, _TRIGGERS)
    db.execute("INSERT INTO afwegen_schema VALUES (?, ?)", (1, _this_version()))


def _step_to_2(db: _Db) -> None:
    _make(db, _TABLES_OF_2, _INDEXES_OF_2, _TRIGGERS_OF_2)
    db.execute("INSERT INTO afwegen_edge VALUES (1, ?)", (EMPTY.to_bytes(),))
    db.execute("UPDATE afwegen_schema SET version = 2, written_by = ?", (_this_version(),))


def _step_to_3(db: _Db) -> None:
    _make(db, _TABLES_OF_3, {}, {})
    db.execute("UPDATE afwegen_schema SET version = 3, written_by = ?", (_this_version(),))


def _make(db: _Db, tables: dict[str, str], indexes: dict[str, str], triggers: dict[str, str]) -> None:
    for _, statement in _statements(tables, indexes, triggers):
        db.execute(statement)


def _statements(tables: dict[str, str], indexes: dict[str, str], triggers: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what makes each, by name."""
    for name, columns in tables.items():
        yield name, f"CREATE TABLE {name} {columns}"
    for name, index in indexes.items():
        yield name, f"CREATE {index.format(name=name)}"
    for name, moment in triggers.items():
        yield name, f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, 'the log is append only'); END"


def _this_version() -> str:
    try:
        return f"afwegen {version('afwegen')}"
    except PackageNotFoundError:
        return "afwegen"


def beside() -> sqlite3.Connection:
    """Return a database in memory, for what is derived from logs in memory."""
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


@contextmanager
def within(db: sqlite3.Connection) -> Iterator[None]:
    """Carry out statements together, or not at all."""
    db.execute("BEGIN")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def whole(rows: list[Any], *kinds: type) -> list[Any]:
    """
    Return rows as they are, when every value is of its kind: in a damaged file anything can stand in a column.

    Raises:
        IntegrityError: A value is of another kind.
    """
    if {tuple(map(type, row)) for row in rows} - {kinds}:
        row = next(row for row in rows if tuple(map(type, row)) != kinds)
        raise IntegrityError("the file is damaged: a row holds what no store writes", "restore a backup", row)
    return rows


@contextmanager
def translated(path: str) -> Iterator[None]:
    """
    Raise SQLite's errors as ours, with what to do.

    Raises:
        StoreError: The file cannot be opened, read or written.
        IntegrityError: The file is damaged.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error
    except UnicodeDecodeError as error:
        # So Python says it where the text of an error of SQLite's is as damaged as the file.
        raise IntegrityError(f"the file is damaged ({error})", "restore a backup", path) from error


def _ours(error: sqlite3.Error, path: str) -> AfwegenError:
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY_SNAPSHOT:
        return StoreError(
            "the transaction began by reading, and another has written since",
            "roll it back, and begin it with BEGIN IMMEDIATE ('transaction_mode': 'IMMEDIATE' in Django)",
            path,
        )
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError("another writer held the store for too long", "end it, or try again later", path)
        case sqlite3.SQLITE_NOTADB:
            return StoreError("this file is no SQLite database", "give the path of a store, or of no file", path)
        case sqlite3.SQLITE_CORRUPT:
            return IntegrityError(f"the file is damaged ({error})", "restore a backup", path)
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError("the file cannot be opened", "see that its folder exists and may be written", path)
        case sqlite3.SQLITE_READONLY:
            return StoreError("the file cannot be written", "see to its permissions, or work on a copy", path)
        case sqlite3.SQLITE_FULL:
            return StoreError("the disk is full; nothing was appended", "make room and try again", path)
        case _:
            return StoreError(f"SQLite failed: {error}", "see to the file, then try again", path)
