"""
A store in one SQLite file.

What was appended is on disk before ``append`` returns: WAL with ``synchronous=FULL``. The entry, its leaf hash, the
tree's frontier, the vault rows and the idempotency key are written in one transaction. Any number of threads may
share a store, and any number of processes may open one beside each other; they write one after another.

SQLite from 3.7.0 to 3.51.2 can, in rare cases, lose a checkpointed write when several connections write and
checkpoint at the same moment: where many processes write for long, run a later one (``sqlite3.sqlite_version``).

References:
    SQLite documentation: Write-Ahead Logging, STRICT Tables, Clustered Indexes and the WITHOUT ROWID Optimization.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from threading import RLock
from types import TracebackType
from typing import Any, Final, Self

from afwegen.errors import IntegrityError, StoreError
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash
from afwegen.stores.contract import Appended, Batch, Call, Forgetting, Head, Leaf, PersonRow, Stored
from afwegen.stores.feeding import FeedItem, insist_whole, most, place_of, written
from afwegen.stores.refusals import (
    another_checkpoint,
    check,
    check_checkpoint,
    check_forgetting,
    check_leaves,
    closed,
    conflict,
    installation_conflict,
    not_scrubbed,
    other_call,
    shown_before,
    span,
    unknown_session,
)
from afwegen.stores.sqlite_file import SEQ_BITS, Guest, adopt, prepare, scrub_file, translated, whole
from afwegen.stores.transaction import Transaction, of_sqlite
from afwegen.stores.waiting import Polling

__all__ = ["PATIENCE", "SQLiteStore"]

PATIENCE: Final = 30.0
"""Seconds a writer waits for another before it gives up."""

_Db = sqlite3.Connection | Guest
"""Our own connection, or the host's."""

_Turns = tuple[str, str, tuple[str, ...]]
_OURS: Final[_Turns] = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_WITHIN: Final[_Turns] = ("SAVEPOINT afwegen", "RELEASE afwegen", ("ROLLBACK TO afwegen", "RELEASE afwegen"))
"""How a batch begins, ends and is undone; in a transaction of the host nothing but the batch is undone."""

_FEED: Final = f"""
    SELECT f.id, f.name, f.seq, f.first, f.count, f.length, f.entry, v.part, v.payload FROM (
        SELECT a.id, a.session, a.first, a.count, s.session AS name, s.length, e.seq, e.entry
        FROM afwegen_appends a CROSS JOIN afwegen_sessions s CROSS JOIN afwegen_entries e
        WHERE s.id = a.session
            AND e.place >= (a.session << {SEQ_BITS}) + a.first
            AND e.place < (a.session << {SEQ_BITS}) + a.first + a.count
            AND a.id >= :append AND NOT (a.id = :append AND e.seq <= :seq)
        ORDER BY a.id, e.place LIMIT :limit
    ) f LEFT JOIN afwegen_vault v ON v.session = f.session AND v.seq = f.seq
    ORDER BY f.id, f.seq, v.part"""  # noqa: S608 - one number, and it is ours

_VAULT: Final = """
    SELECT session, seq, part, payload FROM afwegen_vault WHERE session = ? AND seq >= ? AND seq < ?
    ORDER BY seq, part"""

_SUBJECTS: Final = """
    SELECT session, seq, part, subject FROM afwegen_subjects WHERE session = ? AND seq >= ? AND seq < ?
    ORDER BY seq, part, subject"""

_MOST_SESSIONS: Final = 1 << 63 - SEQ_BITS

_PAGE = 256
"""Entries read at a time: enough to make the queries cheap, few enough to fit anywhere."""


class SQLiteStore:
    """
    Sessions in a SQLite file; see ``Store`` for what it promises.

    Args:
        path: The file; made where there is none, in a folder that exists. Or an open connection of the host: then
            the store writes in the host's transaction, and never commits it, rolls it back or changes its settings.
        patience: Seconds to wait for another writer; with a path.

    Raises:
        StoreError: The file cannot be opened, is something else, or was made by a newer version.
        IntegrityError: The file is damaged.
    """

    def __init__(self, path: str | os.PathLike[str] | sqlite3.Connection, *, patience: float = PATIENCE) -> None:
        self.borrowed = isinstance(path, sqlite3.Connection)
        self._path = "the connection of the host" if isinstance(path, sqlite3.Connection) else os.fspath(path)
        self._lock = RLock()
        self._process = os.getpid()
        self._db: sqlite3.Connection | Guest | None = None
        if isinstance(path, sqlite3.Connection):
            with translated(self._path):
                self._db = adopt(path)
            return
        with translated(self._path):
            db = sqlite3.connect(self._path, timeout=patience, isolation_level=None, check_same_thread=False)
            try:
                prepare(db, self._path)
            except BaseException:
                db.close()
                raise
        self._db = db

    def __repr__(self) -> str:
        return f"SQLiteStore({self._path!r})"

    def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        with self._reading() as db:
            rows = db.execute("SELECT session, length, frontier, secret FROM afwegen_sessions ORDER BY id").fetchall()
        return tuple(_head(*row) for row in whole(rows, str, int, bytes, bytes))

    def head(self, session: str) -> Head:
        """Return where a session stands."""
        with self._reading() as db:
            return _find(db, session)[1]

    def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        check(batch)
        with self._writing() as db:
            found = _look_up(db, batch.session)
            if found is None and batch.secret is None:
                raise unknown_session(batch.session)
            key, head = found or _start(db, batch)
            if batch.call:
                known = _known_call(db, key, batch.call.key_mac)
                if known:
                    return _repeat(batch.session, batch.call, *known)
            if batch.expected != head.length:
                raise conflict(batch.session, batch.expected, head.length)
            return _extend(db, key, head, batch)

    def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        with self._reading() as db:
            key, _ = _find(db, session)
            known = _known_call(db, key, key_mac)
        return (known[1], known[2]) if known else None

    def read(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """Read entries in order: a prefix without gaps, as long as the log was when asked."""
        key, seqs = self._span(session, start, stop)
        return self._read(session, key, seqs)

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Read the leaf hashes kept beside the entries, as ``read`` does."""
        key, seqs = self._span(session, start, stop)
        return self._leaves(session, key, seqs)

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        key, seqs = self._span(session, start, stop)
        return (
            (seq, part, subject)
            for page in _pages(seqs)
            for _, seq, part, subject in _of(key, self._rows(_SUBJECTS, key, page.start, page.stop), int, int, str)
        )

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        with self._reading() as db:
            key, head = _find(db, session)
            rows = db.execute(
                "SELECT session, seq, pseudonym, payload FROM afwegen_people"
                " WHERE session = ? AND seq >= ? ORDER BY seq, pseudonym",
                (key, span(start, None, head.length).start),
            ).fetchall()
        found = _of(key, rows, int, str, bytes)
        return tuple(PersonRow(seq=seq, pseudonym=name, payload=payload) for _, seq, name, payload in found)

    def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        with self._reading() as db:
            key, _ = _find(db, session)
            rows = db.execute(
                "SELECT seq, part FROM afwegen_subjects WHERE session = ? AND subject = ? ORDER BY seq, part",
                (key, pseudonym),
            ).fetchall()
        return tuple((seq, part) for seq, part in rows)

    def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        check_forgetting(forgetting)
        with self._writing() as db:
            key, _ = _find(db, forgetting.session)
            _forget(db, key, forgetting)

    def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        return bool(self._rows("SELECT 1 FROM afwegen_unscrubbed"))

    def scrub(self) -> None:
        """Overwrite what was forgotten: the file is written anew, and the journal is cut off."""
        with self._reading() as db:
            if isinstance(db, Guest):
                raise not_scrubbed()
            scrub_file(db, self._path)

    def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions, in the order of the commits."""
        _, _, append, seq = place_of(after)
        with self._reading() as db:
            rows = db.execute(_FEED, {"append": append, "seq": seq, "limit": most(limit)}).fetchall()
        found = [(key, tuple(each)) for key, each in groupby(rows, key=lambda row: row[:7])]
        insist_whole([((key[0],), *key[1:5]) for key, _ in found])
        return tuple(_item(key, parts) for key, parts in found)

    def waiter(self) -> Polling:
        """Return what waits for the next append."""
        return Polling()

    @contextmanager
    def transaction(self, *, writing: bool = True) -> Iterator[Transaction]:
        """Open a transaction for what is derived from the log; one of the host is joined."""
        with self._writing() if writing else self._reading() as db:
            yield of_sqlite(db)

    def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        with self._reading() as db:
            return _edge(db)

    def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        check_leaves(leaves)
        with self._writing() as db:
            edge = _edge(db)
            if expected != edge.size:
                raise installation_conflict(expected, edge.size)
            hashes = [leaf_hash(leaf.note) for leaf in leaves]
            db.executemany(
                "INSERT INTO afwegen_installation (seq, session, size, note) VALUES (?, ?, ?, ?)",
                [(seq, leaf.session, leaf.size, leaf.note) for seq, leaf in enumerate(leaves, expected)],
            )
            db.execute("UPDATE afwegen_edge SET frontier = ?", (edge.extend(hashes).to_bytes(),))

    def entered(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """Read the installation log in order."""
        return self._entered(span(start, stop, self.installation().size))

    def _entered(self, seqs: range) -> Iterator[Leaf]:
        for page in _pages(seqs):
            rows = self._rows(
                "SELECT seq, session, size, note FROM afwegen_installation WHERE seq >= ? AND seq < ? ORDER BY seq",
                page.start,
                page.stop,
            )
            if len(rows) < len(page):
                raise _missing("the installation", min({*page} - {row[0] for row in rows}))
            for _, session, size, note in whole(rows, int, str, int, bytes):
                yield Leaf(session=session, size=size, note=note)

    def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT seq, size, note FROM afwegen_installation WHERE session = ? ORDER BY seq", (session,)
            ).fetchall()
        found = whole(rows, int, int, bytes)
        return tuple((seq, Leaf(session=session, size=size, note=note)) for seq, size, note in found)

    def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        with self._writing() as db:
            check_checkpoint(size, note, _edge(db).size)
            row = db.execute("SELECT note FROM afwegen_checkpoints WHERE size = ?", (size,)).fetchone()
            whole([row] if row else [], bytes)
            if row is None:
                db.execute("INSERT INTO afwegen_checkpoints (size, note) VALUES (?, ?)", (size, note))
            elif not note.startswith(row[0]):
                raise another_checkpoint(size)
            elif note != row[0]:
                db.execute("UPDATE afwegen_checkpoints SET note = ? WHERE size = ?", (note, size))

    def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        rows = self._rows("SELECT size, note FROM afwegen_checkpoints WHERE size >= ? ORDER BY size", start)
        return tuple(whole(rows, int, bytes))

    def close(self) -> None:
        """Let go of the file. A second time does nothing; any other call is refused afterwards."""
        with self._lock:
            if isinstance(self._db, sqlite3.Connection):
                self._db.close()
            self._db = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _span(self, session: str, start: int, stop: int | None) -> tuple[int, range]:
        with self._reading() as db:
            key, head = _find(db, session)
        return key, span(start, stop, head.length)

    def _read(self, session: str, key: int, seqs: range) -> Iterator[Stored]:
        for page in _pages(seqs):
            entries = self._column("entry", session, key, page)
            vault: dict[int, tuple[tuple[int, bytes], ...]] = {}
            rows = self._rows(_VAULT, key, page.start, page.stop)
            for _, seq, part, payload in _of(key, rows, int, int, bytes):
                vault[seq] = (*vault.get(seq, ()), (part, payload))
            for seq, entry in entries:
                yield Stored(seq=seq, entry=entry, vault=vault.get(seq, ()))

    def _leaves(self, session: str, key: int, seqs: range) -> Iterator[bytes]:
        for page in _pages(seqs):
            for _, leaf in self._column("leaf", session, key, page):
                yield leaf

    def _column(self, column: str, session: str, key: int, page: range) -> list[tuple[int, bytes]]:
        """Read a column of the entries, and insist that none is missing."""
        rows = self._rows(
            f"SELECT session, seq, {column} FROM afwegen_entries"  # noqa: S608 - one of two names, both ours
            " WHERE place >= ? AND place < ? ORDER BY place",
            _place(key, page.start),
            _place(key, page.stop),
        )
        if len(rows) < len(page):
            raise _missing(session, min({*page} - {row[1] for row in rows}))
        return [(seq, octets) for _, seq, octets in _of(key, rows, int, bytes)]

    def _rows(self, query: str, *bounds: int) -> list[Any]:
        with self._reading() as db:
            return db.execute(query, bounds).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[_Db]:
        with self._lock, translated(self._path):
            if self._db is None:
                raise closed()
            if self._process != os.getpid():
                raise StoreError("a store is not carried into another process", "open it again after the fork")
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[_Db]:
        with self._reading() as db:
            begin, end, undo = _OURS
            if isinstance(db, Guest):
                db.begin()
                begin, end, undo = _WITHIN
            elif db.in_transaction:
                raise StoreError("this thread is in a transaction of this store", "append when it has ended")
            db.execute(begin)
            try:
                yield db
                db.execute(end)
            except BaseException:
                # Where the disk is full SQLite has rolled back by itself.
                for statement in undo if db.in_transaction else ():
                    db.execute(statement)
                raise


def _head(session: str, length: int, frontier: bytes, secret: bytes) -> Head:
    edge = Frontier.from_bytes(frontier)
    if edge.size != length:
        raise IntegrityError(
            f"the frontier of {session!r} is of another length than its log, which has {length} entries",
            "verify the session, and restore a backup",
            edge.size,
        )
    return Head(session=session, length=length, frontier=edge, secret=secret)


def _edge(db: _Db) -> Frontier:
    rows = whole(db.execute("SELECT id, frontier FROM afwegen_edge").fetchall(), int, bytes)
    if [number for number, _ in rows] != [1]:
        raise IntegrityError("the edge of the installation log is gone", "restore a backup")
    return Frontier.from_bytes(rows[0][1])


def _look_up(db: _Db, session: str) -> tuple[int, Head] | None:
    row = db.execute(
        "SELECT id, length, frontier, secret FROM afwegen_sessions WHERE session = ?", (session,)
    ).fetchone()
    whole([row] if row else [], int, int, bytes, bytes)
    if row and not 0 <= row[0] < _MOST_SESSIONS:
        what = f"the number of {session!r} in the store is none that a store gives out"
        raise IntegrityError(what, "somebody wrote past the library: restore a backup", row[0])
    return (row[0], _head(session, *row[1:])) if row else None


def _find(db: _Db, session: str) -> tuple[int, Head]:
    found = _look_up(db, session)
    if found is None:
        raise unknown_session(session)
    return found


def _start(db: _Db, batch: Batch) -> tuple[int, Head]:
    cursor = db.execute(
        "INSERT INTO afwegen_sessions (session, secret, length, frontier) VALUES (?, ?, 0, ?) RETURNING id",
        (batch.session, batch.secret, EMPTY.to_bytes()),
    )
    (key,) = cursor.fetchone()
    return key, Head(session=batch.session, length=0, frontier=EMPTY, secret=batch.secret or b"")


def _known_call(db: _Db, key: int, key_mac: bytes) -> tuple[bytes | None, int, int] | None:
    row: tuple[bytes | None, int, int] | None = db.execute(
        "SELECT call_mac, first, count FROM afwegen_appends WHERE session = ? AND key_mac = ?", (key, key_mac)
    ).fetchone()
    if row is not None:
        whole([row[1:]], int, int)
    return row


def _repeat(session: str, call: Call, call_mac: bytes | None, first: int, count: int) -> Appended:
    # Where an erasure has taken the call, the key answers for whatever is called.
    if call_mac is not None and call_mac != call.call_mac:
        raise other_call(session, first)
    return Appended(first=first, count=count, repeated=True)


def _extend(db: _Db, key: int, head: Head, batch: Batch) -> Appended:
    first, count = head.length, len(batch.entries)
    leaves = [leaf_hash(entry) for entry in batch.entries]
    _write_entries(db, key, first, zip(batch.entries, leaves, strict=True))
    if batch.vault:
        _write_vault(db, key, batch)
    if batch.people:
        _write_people(db, key, batch)
    call = batch.call
    db.execute(
        "INSERT INTO afwegen_appends (session, first, count, key_mac, call_mac) VALUES (?, ?, ?, ?, ?)",
        (key, first, count, call and call.key_mac, call and call.call_mac),
    )
    db.execute(
        "UPDATE afwegen_sessions SET length = ?, frontier = ? WHERE id = ?",
        (first + count, head.frontier.extend(leaves).to_bytes(), key),
    )
    return Appended(first=first, count=count)


def _write_entries(db: _Db, key: int, first: int, rows: Iterable[tuple[bytes, bytes]]) -> None:
    try:
        db.executemany(
            "INSERT INTO afwegen_entries (place, entry, leaf) VALUES (?, ?, ?)",
            [(place, entry, leaf) for place, (entry, leaf) in enumerate(rows, _place(key, first))],
        )
    except sqlite3.IntegrityError as error:
        raise IntegrityError(
            f"something lies beyond the end of the log, at {first} or later; nothing was appended",
            "somebody wrote past the library: verify the session, and restore a backup",
        ) from error


def _write_vault(db: _Db, key: int, batch: Batch) -> None:
    db.executemany(
        "INSERT INTO afwegen_vault (session, seq, part, payload) VALUES (?, ?, ?, ?)",
        [(key, row.seq, row.part, row.payload) for row in batch.vault],
    )
    db.executemany(
        "INSERT INTO afwegen_subjects (session, seq, part, subject) VALUES (?, ?, ?, ?)",
        [(key, row.seq, row.part, subject) for row in batch.vault for subject in row.subjects],
    )


def _write_people(db: _Db, key: int, batch: Batch) -> None:
    for row in batch.people:
        try:
            db.execute(
                "INSERT INTO afwegen_people (session, seq, pseudonym, payload) VALUES (?, ?, ?, ?)",
                (key, row.seq, row.pseudonym, row.payload),
            )
        except sqlite3.IntegrityError as error:
            raise shown_before(row.pseudonym) from error


def _of(key: int, rows: list[Any], *kinds: type) -> list[Any]:
    """Return rows as they are, when the number of the session before them is that of the one asked for."""
    strange = {row[0] for row in whole(rows, int, *kinds)} - {key}
    if strange:
        what = "the file is damaged: a row of one session lies among those of another"
        raise IntegrityError(what, "restore a backup", strange.pop())
    return rows


def _forget(db: _Db, key: int, forgetting: Forgetting) -> None:
    rows = [(key, seq, part) for seq, part in forgetting.rows]
    left = [(key, seq, part, payload) for seq, part, payload in forgetting.instead]
    db.executemany("DELETE FROM afwegen_subjects WHERE session = ? AND seq = ? AND part = ?", rows)
    db.executemany("DELETE FROM afwegen_vault WHERE session = ? AND seq = ? AND part = ?", rows)
    for row in left:
        # Rows are never updated: one that is gone already stays gone.
        if db.execute("DELETE FROM afwegen_vault WHERE session = ? AND seq = ? AND part = ?", row[:3]).rowcount:
            db.execute("INSERT INTO afwegen_vault (session, seq, part, payload) VALUES (?, ?, ?, ?)", row)
    named = [(key, pseudonym) for pseudonym in forgetting.people]
    db.executemany("DELETE FROM afwegen_people WHERE session = ? AND pseudonym = ?", named)
    calls = frozenset(forgetting.calls)
    known = db.execute(
        "SELECT id, first, count FROM afwegen_appends"
        " WHERE session = ? AND key_mac IS NOT NULL AND call_mac IS NOT NULL",
        (key,),
    ).fetchall()
    forgotten = [(number,) for number, first, count in known if not calls.isdisjoint(range(first, first + count))]
    db.executemany("UPDATE afwegen_appends SET call_mac = NULL WHERE id = ?", forgotten)
    db.execute("INSERT OR IGNORE INTO afwegen_unscrubbed VALUES (1)")


def _place(key: int, seq: int) -> int:
    return (key << SEQ_BITS) + seq


def _pages(seqs: range) -> Iterator[range]:
    return (seqs[at : at + _PAGE] for at in range(0, len(seqs), _PAGE))


def _item(key: tuple[Any, ...], rows: tuple[tuple[Any, ...], ...]) -> FeedItem:
    whole([key], int, str, int, int, int, int, bytes)
    append, session, seq, first, count, length, entry = key
    if first + count > length:
        raise IntegrityError(
            f"an append is said to go beyond the end of {session!r}", "somebody changed it: restore a backup", count
        )
    vault = tuple(whole([(part, payload) for *_, part, payload in rows if part is not None], int, bytes))
    return FeedItem(session=session, seq=seq, entry=entry, vault=vault, cursor=written((0, 0, append, seq)))


def _missing(session: str, seq: int) -> IntegrityError:
    return IntegrityError(
        f"an entry of {session!r} is missing", "somebody wrote past the library: restore a backup", seq
    )
