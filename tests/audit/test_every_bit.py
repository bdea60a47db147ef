"""One flipped bit anywhere in what is stored of a session is found; what is not covered is named."""

import sqlite3
from contextlib import contextmanager
from itertools import islice

import pytest

from afwegen.audit import verify_session
from afwegen.stores.sqlite import SQLiteStore
from crashing.bits import begin_small, is_found

pytestmark = pytest.mark.slow

COVERED = {
    "afwegen_entries": ("place", "entry", "leaf"),
    "afwegen_sessions": ("id", "session", "length", "frontier"),
    "afwegen_vault": ("session", "seq", "part", "payload"),
    "afwegen_people": ("session", "seq", "pseudonym", "payload"),
    "afwegen_subjects": ("session", "seq", "part", "subject"),
    "afwegen_appends": ("session", "first", "count"),
    "afwegen_installation": ("seq", "session", "size", "note"),
    "afwegen_edge": ("id", "frontier"),
    "afwegen_checkpoints": ("size", "note"),
}
NOT_COVERED = {
    "afwegen_sessions.secret": "keys the codes of idempotency keys: a call repeated under its key is recorded anew",
    "afwegen_appends.key_mac": "the code of an idempotency key, which no entry holds: likewise",
    "afwegen_appends.call_mac": "the code of what was called under it: a repeated call would be refused",
    "afwegen_unscrubbed": "whether the file is still to be written anew after an erasure",
    "afwegen_appends.id": "only the order in which the feed tells of several sessions",
}
GENERATED = {"afwegen_entries.session", "afwegen_entries.seq"}
KEYS = {"afwegen_entries": "place", "afwegen_sessions": "id"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A file whose triggers are gone."""
    with SQLiteStore(tmp_path_factory.mktemp("bits") / "wijk.db") as opened:
        db = opened._db
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        yield opened


@pytest.fixture(scope="module")
def small(store):
    """Two records, the start and a note by the one person there is, with a key, and a checkpoint of both."""
    return begin_small(store)


@contextmanager
def changed(db, statement, values):
    """Change a row for a moment, as seen on the store's own connection."""
    db.execute("BEGIN")
    try:
        db.execute(statement, values)
        yield
    finally:
        db.execute("ROLLBACK")


def flips(value):
    """Yield a value with each of its bits flipped: octets, text by its octets, 63-bit integers."""
    if isinstance(value, int):
        yield from (value ^ (1 << bit) for bit in range(63))
        return
    octets = value.encode() if isinstance(value, str) else value
    for bit in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


def missed(store, table, column, stride):
    """Return what flips of a column were not found; of one bit in so many."""
    db = store._db
    key = KEYS.get(table, "rowid")
    rows = db.execute(f"SELECT * FROM {table}").fetchall()
    names = [name for _, name, *_ in db.execute(f"PRAGMA table_xinfo({table})")]
    primary = [name for _, name, _, _, _, place, *_ in db.execute(f"PRAGMA table_xinfo({table})") if place] or [key]
    found = []
    for row in rows:
        values = dict(zip(names, row, strict=True))
        where = " AND ".join(f"{name} = ?" for name in primary)
        for value in islice(flips(values[column]), 0, None, stride):
            new = "CAST(? AS TEXT)" if isinstance(values[column], str) else "?"
            statement = f"UPDATE {table} SET {column} = {new} WHERE {where}"
            try:
                with changed(db, statement, (value, *(values[name] for name in primary))):
                    if not is_found(store, 2):
                        found.append((values[column], value))
            except sqlite3.IntegrityError:
                # Two rows in one place: SQLite itself does not let that happen.
                continue
    return found


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in COVERED for column in COVERED[table]])
def test_a_flipped_bit_is_found(store, small, table, column, often):
    """Every bit of entry, leaf, frontier, vault row, person row and subject, of checkpoints, and of where they lie."""
    assert verify_session(store, small.id).passed
    # Otherwise every bit of an octet is met, though not in every octet.
    assert missed(store, table, column, often(9, 1)) == []


def test_every_column_is_covered_or_named(store):
    """A column that is added later must be put on one list or the other."""
    for (table,) in store._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for _, column, *_ in store._db.execute(f"PRAGMA table_xinfo({table})"):
            named = {table, f"{table}.{column}"} & {*NOT_COVERED, *GENERATED, "afwegen_schema"}
            assert column in COVERED.get(table, ()) or named, (table, column)


@pytest.mark.parametrize("change", ["sessions SET secret = x'00'", "appends SET key_mac = NULL, call_mac = NULL"])
def test_what_is_not_covered_touches_nothing_that_was_said(store, small, change):
    """Even with other codes every entry, value and person is as it was entered, and the feed tells it all."""
    with changed(store._db, f"UPDATE afwegen_{change}", ()):
        assert not is_found(store, 2)


@pytest.mark.parametrize("table", ["afwegen_appends", "afwegen_subjects"])
def test_rows_that_are_gone_are_missed(store, small, table):
    """An append that the feed would not tell of; a vault row that no erasure would take along."""
    with changed(
        store._db,
        f"DELETE FROM {table} WHERE rowid = 2" if table == "afwegen_appends" else f"DELETE FROM {table} WHERE seq = 1",
        (),
    ):
        assert is_found(store, 2)
