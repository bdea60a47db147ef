"""
A vault in a database of its own: who people are and what they said lies elsewhere than the log.

Two databases have no transaction in common, and none is promised. What belongs to an entry is durable before the entry
is: a crash between the two leaves rows of no entry, which nobody reads, and which are swept once no append can claim
them any more. A row belongs to the entry whose hash it names, for two writers at one place write different entries.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from attrs import evolve

from afwegen.errors import ConflictError, IntegrityError, RuleViolation, StoreError
from afwegen.log.merkle import leaf_hash
from afwegen.stores.contract import Appended, Batch, Forgetting, PersonRow, Store, Stored
from afwegen.stores.feeding import FeedItem
from afwegen.stores.refusals import check, check_forgetting, closed, shown_before, span
from afwegen.stores.sqlite_file import scrub_file, secure, translated

__all__ = ["SQLiteVault", "SplitStore"]

VERSION: Final = 1
PATIENCE: Final = 30.0
_PAGE: Final = 256

_TABLES: Final = {
    "afwegen_vault_schema": "(version INTEGER NOT NULL) STRICT",
    "afwegen_kept": """(
        session TEXT NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, part INTEGER NOT NULL,
        first INTEGER NOT NULL, payload BLOB NOT NULL,
        PRIMARY KEY (session, seq, leaf, part)
    ) STRICT, WITHOUT ROWID""",
    "afwegen_kept_subjects": """(
        session TEXT NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, part INTEGER NOT NULL,
        subject TEXT NOT NULL,
        PRIMARY KEY (session, seq, leaf, part, subject)
    ) STRICT, WITHOUT ROWID""",
    "afwegen_kept_people": """(
        session TEXT NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, pseudonym TEXT NOT NULL,
        first INTEGER NOT NULL, payload BLOB NOT NULL,
        PRIMARY KEY (session, seq, leaf, pseudonym)
    ) STRICT, WITHOUT ROWID""",
    "afwegen_unscrubbed": "(id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT",
}
_OF_AN_ENTRY: Final = ("afwegen_kept", "afwegen_kept_subjects", "afwegen_kept_people")

_Place = tuple[int, bytes]
"""A sequence number and the hash of the entry there."""


class SQLiteVault:
    """
    Vault rows and people of any number of sessions, in one SQLite file; ``SplitStore`` says to which entries.

    Args:
        path: The file; made where there is none.

    Raises:
        StoreError: The file cannot be opened, is something else, or was made by a newer version.
        IntegrityError: The file is damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._lock = Lock()
        self._process = os.getpid()
        self._db: sqlite3.Connection | None = None
        with translated(self._path):
            db = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                _prepare(db, self._path)
            except BaseException:
                db.close()
                raise
        self._db = db

    def __repr__(self) -> str:
        return f"SQLiteVault({self._path!r})"

    def put(self, batch: Batch, leaves: tuple[bytes, ...]) -> None:
        """Keep what belongs to the entries of a batch: durable when this returns."""

        def place(seq: int) -> tuple[str, int, bytes]:
            return (batch.session, seq, leaves[seq - batch.expected])

        with self._writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO afwegen_kept VALUES (?, ?, ?, ?, ?, ?)",
                [(*place(row.seq), row.part, batch.expected, row.payload) for row in batch.vault],
            )
            db.executemany(
                "INSERT OR REPLACE INTO afwegen_kept_subjects VALUES (?, ?, ?, ?, ?)",
                [(*place(row.seq), row.part, subject) for row in batch.vault for subject in row.subjects],
            )
            db.executemany(
                "INSERT OR REPLACE INTO afwegen_kept_people VALUES (?, ?, ?, ?, ?, ?)",
                [(*place(row.seq), row.pseudonym, batch.expected, row.payload) for row in batch.people],
            )

    def rows(self, session: str, start: int, stop: int) -> dict[_Place, list[tuple[int, bytes]]]:
        """Return part and payload of all rows of some places, in the order of the parts."""
        found: dict[_Place, list[tuple[int, bytes]]] = {}
        for seq, leaf, part, payload in self._ask(
            "SELECT seq, leaf, part, payload FROM afwegen_kept"
            " WHERE session = ? AND seq >= ? AND seq < ? ORDER BY seq, leaf, part",
            (session, start, stop),
        ):
            found.setdefault((seq, leaf), []).append((part, payload))
        return found

    def people(self, session: str, start: int = 0) -> list[tuple[_Place, PersonRow]]:
        """Return everybody first shown at *start* or later, each with the place."""
        rows = self._ask(
            "SELECT seq, leaf, pseudonym, payload FROM afwegen_kept_people"
            " WHERE session = ? AND seq >= ? ORDER BY seq, pseudonym",
            (session, start),
        )
        return [((seq, leaf), PersonRow(seq=seq, pseudonym=name, payload=row)) for seq, leaf, name, row in rows]

    def about(self, session: str, pseudonym: str) -> list[tuple[_Place, int]]:
        """Return place and part of the rows that somebody is a subject of."""
        rows = self._ask(
            "SELECT seq, leaf, part FROM afwegen_kept_subjects WHERE session = ? AND subject = ?", (session, pseudonym)
        )
        return [((seq, leaf), part) for seq, leaf, part in rows]

    def subjects(self, session: str, start: int, stop: int) -> list[tuple[_Place, int, str]]:
        """Return whom the rows of some places are about: place, part and pseudonym."""
        rows = self._ask(
            "SELECT seq, leaf, part, subject FROM afwegen_kept_subjects WHERE session = ? AND seq >= ? AND seq < ?",
            (session, start, stop),
        )
        return [((seq, leaf), part, subject) for seq, leaf, part, subject in rows]

    def places(self, session: str, length: int) -> set[_Place]:
        """Return the places of all rows that were put before the log had this length."""
        found: set[_Place] = set()
        for table in ("afwegen_kept", "afwegen_kept_people"):
            found |= set(
                self._ask(
                    f"SELECT DISTINCT seq, leaf FROM {table} WHERE session = ? AND first < ?",  # noqa: S608 - ours
                    (session, length),
                )
            )
        return found

    def drop(self, session: str, places: Iterable[_Place]) -> None:
        """Delete all that was put at some places."""
        bounds = [(session, seq, leaf) for seq, leaf in places]
        with self._writing() as db:
            for table in _OF_AN_ENTRY:
                db.executemany(
                    f"DELETE FROM {table} WHERE session = ? AND seq = ? AND leaf = ?",  # noqa: S608 - ours
                    bounds,
                )
            db.execute("INSERT OR IGNORE INTO afwegen_unscrubbed VALUES (1)")

    def forget(self, forgetting: Forgetting) -> None:
        """Delete rows and people, and change rows of which only something goes: all of it, or nothing."""
        session = forgetting.session
        gone = [(session, seq, part) for seq, part in forgetting.rows]
        with self._writing() as db:
            for table in ("afwegen_kept", "afwegen_kept_subjects"):
                db.executemany(
                    f"DELETE FROM {table} WHERE session = ? AND seq = ? AND part = ?",  # noqa: S608 - ours
                    gone,
                )
            db.executemany(
                "UPDATE afwegen_kept SET payload = ? WHERE session = ? AND seq = ? AND part = ?",
                [(payload, session, seq, part) for seq, part, payload in forgetting.instead],
            )
            db.executemany(
                "DELETE FROM afwegen_kept_people WHERE session = ? AND pseudonym = ?",
                [(session, pseudonym) for pseudonym in forgetting.people],
            )
            db.execute("INSERT OR IGNORE INTO afwegen_unscrubbed VALUES (1)")

    def unscrubbed(self) -> bool:
        """Say whether something was deleted, and not yet scrubbed."""
        return bool(self._ask("SELECT 1 FROM afwegen_unscrubbed", ()))

    def scrub(self) -> None:
        """Overwrite what was deleted: the file is written anew, and the journal is cut off."""
        with self._reading() as db:
            scrub_file(db, self._path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    def _ask(self, query: str, bounds: tuple[Any, ...]) -> list[Any]:
        with self._reading() as db:
            return db.execute(query, bounds).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self._path):
            if self._db is None:
                raise closed()
            if self._process != os.getpid():
                raise StoreError("a store is not carried into another process", "open it again after the fork")
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise


class SplitStore:
    """
    A store whose vault lies in a database of its own; everything else is the store's.

    >>> from afwegen.stores.memory import MemoryStore
    >>> store = SplitStore(MemoryStore(), SQLiteVault("kluis.db"))
    >>> store.append(Batch(session="wijk", expected=0, entries=(b"{}",), secret=bytes(32)))
    Appended(first=0, count=1, repeated=False)
    >>> store.close()

    Args:
        store: Where the log is kept; what its own vault holds from before is read too.
        vault: Where values and people are kept.
    """

    def __init__(self, store: Store, vault: SQLiteVault) -> None:
        self._store = store
        self._vault = vault

    def __repr__(self) -> str:
        return f"SplitStore({self._store!r}, {self._vault!r})"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all: first what belongs to the entries, then the entries."""
        check(batch)
        if not batch.vault and not batch.people:
            return self._store.append(batch)
        self._refuse_shown(batch)
        leaves = tuple(map(leaf_hash, batch.entries))
        self._vault.put(batch, leaves)
        try:
            done = self._store.append(evolve(batch, vault=(), people=()))
        except (ConflictError, RuleViolation):
            # Surely not appended. After any other error nobody knows: then it is left to the sweep.
            self._withdraw(batch, leaves)
            raise
        if done.repeated:
            self._withdraw(batch, leaves)
        return done

    def _withdraw(self, batch: Batch, leaves: tuple[bytes, ...]) -> None:
        """Take back what was put, unless the very same entries stand there: appended before, by whoever asks again."""
        places = set(enumerate(leaves, batch.expected))
        self._vault.drop(batch.session, places - self._there(batch.session, places))

    def _refuse_shown(self, batch: Batch) -> None:
        names = {row.pseudonym for row in batch.people}
        if names and batch.expected:
            shown = names & {row.pseudonym for row in self.people(batch.session)}
            if shown:
                raise shown_before(min(shown))

    def read(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """Read entries in order, each with what the vault holds of it."""
        return self._joined(session, self._store.read(session, start, stop))

    def _joined(self, session: str, entries: Iterator[Stored]) -> Iterator[Stored]:
        while page := list(islice(entries, _PAGE)):
            kept = self._vault.rows(session, page[0].seq, page[-1].seq + 1)
            for stored in page:
                mine = kept.get((stored.seq, leaf_hash(stored.entry)))
                yield evolve(stored, vault=tuple(sorted((*stored.vault, *mine)))) if mine else stored

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms that entries first show at *start* or later."""
        rows = list(self._store.people(session, start))
        first = span(start, None, self._store.head(session).length).start
        kept = self._vault.people(session, first)
        there = self._there(session, {place for place, _ in kept})
        rows += [row for place, row in kept if place in there]
        return tuple(sorted(rows, key=lambda row: (row.seq, row.pseudonym)))

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        seqs = span(start, stop, self._store.head(session).length)
        kept = self._vault.subjects(session, seqs.start, seqs.stop)
        there = self._there(session, {place for place, _, _ in kept})
        mine = ((place[0], part, subject) for place, part, subject in kept if place in there)
        return iter(sorted((*self._store.subjects(session, start, stop), *mine)))

    def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        kept = self._vault.about(session, pseudonym)
        rows = {*self._store.about(session, pseudonym)}
        there = self._there(session, {place for place, _ in kept})
        return tuple(sorted(rows | {(place[0], part) for place, part in kept if place in there}))

    def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions, each with what the vault holds of it."""
        items = self._store.feed(after, limit)
        kept: dict[str, dict[_Place, list[tuple[int, bytes]]]] = {}
        for session in {item.session for item in items}:
            seqs = [item.seq for item in items if item.session == session]
            kept[session] = self._vault.rows(session, min(seqs), max(seqs) + 1)
        mine = [kept[item.session].get((item.seq, leaf_hash(item.entry)), ()) for item in items]
        return tuple(
            evolve(item, vault=tuple(sorted((*item.vault, *rows)))) if rows else item
            for item, rows in zip(items, mine, strict=True)
        )

    def forget(self, forgetting: Forgetting) -> None:
        """
        Delete rows of the vault and of people, and codes of calls; what is gone already stays gone.

        Raises:
            StoreError: The log is on a connection of the host: what is taken from the vault could not be rolled back.
        """
        check_forgetting(forgetting)
        if getattr(self._store, "borrowed", False):
            raise StoreError(
                "with a vault of its own nothing is erased in a transaction of the host, which may roll back",
                "open the store by its URL, and erase there",
            )
        self.sweep(forgetting.session)
        self._vault.forget(forgetting)
        self._store.forget(forgetting)

    def sweep(self, session: str) -> int:
        """Delete what belongs to no entry and never will; return of how many entries that were never made."""
        length = self._store.head(session).length
        # An append expects the length that its rows were put at: once the log is longer, it is refused.
        places = self._vault.places(session, length)
        lost = places - self._there(session, places)
        if lost:
            self._vault.drop(session, lost)
        return len(lost)

    def _there(self, session: str, places: set[_Place]) -> set[_Place]:
        """Return those places at which the entry stands in the log."""
        if not places:
            return set()
        low, high = min(seq for seq, _ in places), max(seq for seq, _ in places)
        return {place for place in enumerate(self._store.leaves(session, low, high + 1), low) if place in places}

    def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        return self._store.unscrubbed() or self._vault.unscrubbed()

    def scrub(self) -> None:
        """Sweep, and overwrite what was forgotten, in both databases."""
        for head in self._store.sessions():
            self.sweep(head.id)
        self._store.scrub()
        self._vault.scrub()

    def close(self) -> None:
        """Let go of both databases."""
        self._store.close()
        self._vault.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _prepare(db: sqlite3.Connection, path: str) -> None:
    """Set the connection up, and make the tables where the file is new."""
    if _inspect(db, path) == VERSION:
        secure(db, path)
        return
    secure(db, path)
    db.execute("BEGIN IMMEDIATE")
    if _inspect(db, path) < VERSION:
        for name, columns in _TABLES.items():
            db.execute(f"CREATE TABLE {name} {columns}")
        db.execute("INSERT INTO afwegen_vault_schema VALUES (?)", (VERSION,))
    db.execute("COMMIT")


def _inspect(db: sqlite3.Connection, path: str) -> int:
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return 0
    if "afwegen_vault_schema" not in names:
        raise StoreError("this SQLite file is no vault of ours", "give a file of its own", path)
    if names < _TABLES.keys():
        raise IntegrityError("this vault is not whole", "restore a backup", sorted(_TABLES.keys() - names))
    (found,) = db.execute("SELECT version FROM afwegen_vault_schema").fetchone() or (0,)
    if found != VERSION:
        raise StoreError(f"this vault is of version {found}, ours is {VERSION}", "install a newer afwegen", path)
    return int(found)
