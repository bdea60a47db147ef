"""One flipped bit anywhere in what is stored of a session is found; what is not covered is named."""

import sqlite3
from contextlib import contextmanager

import pytest

from afwegen import AfwegenError, Session
from afwegen.audit import Key, KeyList, Notary, verify_installation, verify_session
from afwegen.events import NoteTaken
from afwegen.stores.sqlite import SQLiteStore

pytestmark = pytest.mark.slow

COVERED = {
    "afwegen_entries": ("place", "entry", "leaf"),
    "afwegen_sessions": ("id", "session", "length", "frontier"),
    "afwegen_vault": ("session", "seq", "part", "payload"),
    "afwegen_people": ("session", "seq", "pseudonym", "payload"),
    "afwegen_installation": ("seq", "session", "size", "note"),
    "afwegen_edge": ("id", "frontier"),
    "afwegen_checkpoints": ("size", "note"),
}
NOT_COVERED = {
    "afwegen_sessions.secret": "only keys the codes of idempotency keys: nothing that was said rests on it",
    "afwegen_appends": "idempotency keys and the order of commits, which no root covers",
    "afwegen_subjects": "which vault rows an erasure takes along; the values themselves are committed to",
}
GENERATED = {"afwegen_entries.session", "afwegen_entries.seq"}
KEY = Key(name="wijk.example", seed=bytes(32))
KEYS_TRUSTED = KeyList(keys=(KEY.verifier,))
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
    """Two records, the start and a note by the one person there is, and a checkpoint of both."""
    session = Session.start(store, title="A", area="X", by="jo")
    session.record(NoteTaken(text="ok"), by="jo", role="organiser")
    Notary(store, KEY).sign(session.id)
    return session


@contextmanager
def changed(db, statement, values):
    """Change a row for a moment, as seen on the store's own connection."""
    db.execute("BEGIN")
    try:
        db.execute(statement, values)
        yield
    finally:
        db.execute("ROLLBACK")


def is_found(store, length):
    """Whether verification of all there is fails, or cannot even begin."""
    try:
        reports = [verify_session(store, head.id, keys=KEYS_TRUSTED) for head in store.sessions()]
        above = verify_installation(store, keys=KEYS_TRUSTED)
    except AfwegenError:
        return True
    return not above.passed or not reports or any(not report.passed or report.length != length for report in reports)


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


def missed(store, table, column):
    """Return what flips of a column were not found."""
    db = store._db
    key = KEYS.get(table, "rowid")
    rows = db.execute(f"SELECT * FROM {table}").fetchall()
    names = [name for _, name, *_ in db.execute(f"PRAGMA table_xinfo({table})")]
    primary = [name for _, name, _, _, _, place, *_ in db.execute(f"PRAGMA table_xinfo({table})") if place] or [key]
    found = []
    for row in rows:
        values = dict(zip(names, row, strict=True))
        where = " AND ".join(f"{name} = ?" for name in primary)
        for value in flips(values[column]):
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
def test_a_flipped_bit_is_found(store, small, table, column):
    """Every bit of every stored entry, leaf, frontier, vault row and person row, and of where they lie."""
    assert verify_session(store, small.id).passed
    assert missed(store, table, column) == []


def test_every_column_is_covered_or_named(store):
    """A column that is added later must be put on one list or the other."""
    for (table,) in store._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for _, column, *_ in store._db.execute(f"PRAGMA table_xinfo({table})"):
            named = {table, f"{table}.{column}"} & {*NOT_COVERED, *GENERATED, "afwegen_schema"}
            assert column in COVERED.get(table, ()) or named, (table, column)


@pytest.mark.parametrize("table", ["afwegen_appends", "afwegen_subjects"])
def test_what_is_not_covered_touches_nothing_that_was_said(store, small, table):
    """Even without those rows every entry, value and person is as it was entered."""
    with changed(store._db, f"DELETE FROM {table}", ()):
        assert verify_session(store, small.id).passed
