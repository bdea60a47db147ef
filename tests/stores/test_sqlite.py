"""The SQLite store: durable, shared, and hard to mistreat."""

import os
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing, suppress
from itertools import count
from threading import Barrier, Thread

import pytest
from attrs import evolve

from afwegen.errors import AfwegenError, ConflictError, IntegrityError, RuleViolation, StoreError
from afwegen.log.merkle import leaf_hash, root
from afwegen.stores import sqlite
from afwegen.stores.contract import Appended, Batch, Call, Leaf
from afwegen.stores.refusals import conflict
from afwegen.stores.sqlite import SQLiteStore
from afwegen.stores.sqlite_file import VERSION, translated


def everything(store):
    return store.sessions(), list(store.read("wijk")), store.people("wijk"), store.call("wijk", b"k" * 32)


def recomputed(store):
    return root([leaf_hash(stored.entry) for stored in store.read("wijk")])


def test_what_was_appended_is_there_after_reopening(tmp_path, path):
    """All of it: entries, vault, people, keys, frontier and secret."""
    with SQLiteStore(path) as store:
        before = everything(store)
    with SQLiteStore(path) as store:
        assert everything(store) == before
        assert store.head("wijk").frontier.root == recomputed(store)
    assert [file.name for file in tmp_path.iterdir()] == ["wijk.db"]


def test_two_stores_on_one_file_see_each_other(path, following):
    """What one has appended the other reads, and what it expected no longer fits."""
    with SQLiteStore(path) as ours, SQLiteStore(path) as theirs:
        theirs.append(following(5))

        assert ours.head("wijk").length == 6
        with pytest.raises(ConflictError) as refused:
            ours.append(following(5))
        assert (refused.value.expected, refused.value.found) == (5, 6)


def test_it_waits_for_the_disk(path):
    """WAL with synchronous=FULL: NORMAL would lose what was acknowledged when the power fails."""
    with SQLiteStore(path) as store:
        assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)


WRITER = """
import sys
from afwegen.errors import ConflictError
from afwegen.stores.contract import Appended, Batch, Call, Leaf
from afwegen.stores.sqlite import SQLiteStore

path, name, acts = sys.argv[1], sys.argv[2], int(sys.argv[3])
with SQLiteStore(path) as store:
    for act in range(acts):
        while True:
            try:
                entry = f"{name} {act}".encode()
                store.append(Batch(session="wijk", expected=store.head("wijk").length, entries=(entry,)))
                break
            except ConflictError:
                pass
"""


def test_several_processes_lose_and_double_nothing(path):
    """Three processes on one session, each retrying after a conflict."""
    names, acts = ("anna", "ben", "cor"), 15
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, name, str(acts)]) for name in names]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    with SQLiteStore(path) as store:
        entries = [stored.entry.decode() for stored in store.read("wijk", 5)]
        assert len(entries) == len(names) * acts
        for name in names:
            assert [entry for entry in entries if entry.startswith(name)] == [f"{name} {act}" for act in range(acts)]
        assert store.head("wijk").frontier.root == recomputed(store)


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path):
    """Whoever comes first makes the tables; nobody is turned away."""
    failures, barrier = [], Barrier(6)

    def open_it():
        try:
            barrier.wait()
            with SQLiteStore(tmp_path / "new.db") as store:
                store.sessions()
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_reading_is_flat_in_memory(tmp_path):
    """Eight megabytes of entries pass through half a megabyte."""
    with SQLiteStore(tmp_path / "long.db") as store:
        for start in range(0, 20_000, 5_000):
            store.append(
                Batch(
                    session="wijk",
                    expected=start,
                    entries=(b"x" * 400,) * 5_000,
                    secret=None if start else bytes(32),
                )
            )
        tracemalloc.start()
        assert sum(1 for _ in store.read("wijk")) == 20_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert peak < 500_000


def test_a_store_is_not_carried_over_a_fork(path, monkeypatch):
    """SQLite does not bear it; the child is told to open its own."""
    with SQLiteStore(path) as store:
        monkeypatch.setattr(sqlite.os, "getpid", lambda: -1)
        with pytest.raises(StoreError, match="another process"):
            store.sessions()
        monkeypatch.undo()
        assert store.sessions()


# What can go wrong while writing


def test_an_interrupt_leaves_nothing_behind(path, following, monkeypatch):
    """Ctrl-C in the middle of an append: the batch is gone, the store works on."""
    monkeypatch.setattr(sqlite, "Appended", interrupted)
    with SQLiteStore(path) as store:
        before = everything(store)
        with pytest.raises(KeyboardInterrupt):
            store.append(following(5))
        monkeypatch.undo()

        assert everything(store) == before
        assert store.append(following(5)).first == 5


def interrupted(**_):
    raise KeyboardInterrupt


def test_a_full_disk_appends_nothing(path, following):
    """And once there is room the same store goes on."""
    with SQLiteStore(path) as store:
        before = everything(store)
        (pages,) = store._db.execute("PRAGMA page_count").fetchone()
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full; nothing was appended"):
            store.append(following(5, b"x" * 30_000))
        assert everything(store) == before

        store._db.execute("PRAGMA max_page_count = 100000")
        assert store.append(following(5, b"x" * 30_000)).first == 5


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(path, following):
    """The patience ends with an error; when the other is done, the same store goes on."""
    with SQLiteStore(path, patience=0.05) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another writer held the store for too long"):
            store.append(following(5))
        assert store.head("wijk").length == 5
        other.execute("ROLLBACK")
        assert store.append(following(5)).first == 5


def test_a_file_that_may_not_be_written_says_so(path):
    """SQLite's own error, in our words."""
    reading = closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))
    with reading as db, pytest.raises(StoreError, match="the file cannot be written"), translated(str(path)):
        db.execute("DELETE FROM afwegen_people")


# What is no store


def test_a_newer_schema_is_refused(path, sql):
    """With the version to install; the file is not touched."""
    sql(f"UPDATE afwegen_schema SET version = {VERSION + 1}, written_by = 'afwegen 9.9.0'")
    before = path.read_bytes()

    with pytest.raises(StoreError, match=f"its schema is {VERSION + 1}, ours is {VERSION}") as refused:
        SQLiteStore(path)

    assert "install afwegen 9.9.0 or later" in refused.value.do
    assert path.read_bytes() == before


def test_a_database_of_somebody_else_is_refused(tmp_path):
    """And left as it was: its journal mode too."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE sessions (id INTEGER)")
    before = file.read_bytes()

    with pytest.raises(StoreError, match="no store of ours"):
        SQLiteStore(file)

    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"a list of flats\n" * 100, b"SQLite format 3\x00" + b"\xff" * 4080, b"SQLite"])
def test_a_file_that_is_no_database_is_refused(tmp_path, content):
    """And left as it was."""
    file = tmp_path / "notes.txt"
    file.write_bytes(content)

    with pytest.raises(AfwegenError) as refused:
        SQLiteStore(file)

    assert refused.value.do
    assert file.read_bytes() == content


def test_a_path_that_cannot_be_a_file_is_refused(tmp_path):
    """A folder, or a file in a folder that is not there."""
    for path in (tmp_path, tmp_path / "nowhere" / "wijk.db"):
        with pytest.raises(StoreError, match="cannot be opened"):
            SQLiteStore(path)


@pytest.mark.parametrize(
    "statement",
    [
        ("DROP TABLE afwegen_vault",),
        ("DROP TRIGGER afwegen_entries_update",),
        ("DELETE FROM afwegen_schema",),
        (
            "DROP TRIGGER afwegen_entries_update",
            "CREATE TRIGGER afwegen_entries_update BEFORE UPDATE ON afwegen_entries BEGIN SELECT 1; END",
        ),
    ],
)
def test_a_schema_that_is_not_whole_is_refused(path, sql, statement):
    """A store without its triggers, or with others, is not opened as if nothing had happened."""
    sql(*statement)

    with pytest.raises(IntegrityError, match="not whole"):
        SQLiteStore(path)


# Torn files


def test_a_torn_file_is_never_taken_for_a_whole_one(path, tmp_path):
    """Cut at every 512 octets: refused, or read as it was written; never something else, never another's error."""
    with SQLiteStore(path) as store:
        whole = everything(store)
    octets, numbers = path.read_bytes(), count()
    for size in range(512, len(octets), 512):
        torn = tmp_path / f"torn-{next(numbers)}.db"
        torn.write_bytes(octets[:size])
        with suppress(AfwegenError), SQLiteStore(torn) as store:
            assert everything(store) == whole


def test_a_torn_write_ahead_log_leaves_a_prefix(tmp_path, following):
    """As after a loss of power: whatever is left of the log, whole batches are there, in order, with their root."""
    file, lengths = tmp_path / "live.db", set()
    with SQLiteStore(file) as store:
        store.append(Batch(session="wijk", expected=0, entries=(b"{}",), secret=bytes(32)))
        for expected in range(1, 12):
            store.append(following(expected, b"%d" % expected))
        data, log = file.read_bytes(), (tmp_path / "live.db-wal").read_bytes()
    for size in (*range(0, len(log), 2060), len(log)):
        copy = tmp_path / f"copy-{size}.db"
        copy.write_bytes(data)
        (tmp_path / f"copy-{size}.db-wal").write_bytes(log[:size])
        with SQLiteStore(copy) as store:
            for head in store.sessions():
                assert head.frontier.root == recomputed(store)
            lengths.add(len(list(store.read("wijk"))) if store.sessions() else 0)

    assert lengths == set(range(13))


# Tampering


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE afwegen_entries SET entry = x'00' WHERE seq = 1",
        "UPDATE afwegen_entries SET leaf = x'00'",
        "DELETE FROM afwegen_entries WHERE seq = 4",
        "INSERT OR REPLACE INTO afwegen_entries SELECT place, x'00', leaf FROM afwegen_entries WHERE seq = 1",
        "UPDATE OR REPLACE afwegen_entries SET place = place - 1 WHERE seq = 1",
        "DELETE FROM afwegen_sessions",
        "UPDATE afwegen_sessions SET session = 'buurt'",
        "UPDATE afwegen_sessions SET secret = x'00'",
        "UPDATE afwegen_sessions SET length = 4",
        "UPDATE afwegen_sessions SET frontier = x'00'",
        "DELETE FROM afwegen_appends",
        "UPDATE afwegen_appends SET key_mac = NULL",
        "UPDATE afwegen_appends SET first = 1",
        "UPDATE afwegen_appends SET call_mac = x'00'",
        "UPDATE afwegen_vault SET payload = x'00'",
        "UPDATE afwegen_subjects SET subject = 'p_2'",
        "UPDATE afwegen_people SET payload = x'00'",
    ],
)
def test_the_log_is_append_only(path, sql, statement):
    """Nothing of it is changed or deleted, by whatever tool, without taking the triggers away first."""
    with SQLiteStore(path) as store:
        before = everything(store)
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            sql(statement)
        assert everything(store) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM afwegen_vault",
        "DELETE FROM afwegen_subjects",
        "DELETE FROM afwegen_people",
        "UPDATE afwegen_appends SET call_mac = NULL",
    ],
)
def test_what_an_erasure_takes_can_be_deleted(path, sql, statement):
    """Personal values are not part of the log: entries and root stay as they are."""
    with SQLiteStore(path) as store:
        before = store.head("wijk")
        sql(statement)
        assert store.head("wijk") == before
        assert recomputed(store) == before.frontier.root


def test_a_key_outlives_the_call_it_was_for(path, sql, following):
    """After an erasure the key still returns its first records, whatever the call: never a second append."""
    other = Call(key_mac=b"k" * 32, call_mac=b"another".ljust(32))
    with SQLiteStore(path) as store:
        with pytest.raises(RuleViolation):
            store.append(evolve(following(5), call=other))
        sql("UPDATE afwegen_appends SET call_mac = NULL")

        assert store.append(evolve(following(5), call=other)) == Appended(first=0, count=5, repeated=True)
        assert store.head("wijk").length == 5


def test_a_changed_entry_shows_in_the_root(path, sql):
    """Whoever takes the triggers away, changes an entry and puts them back is found by recomputing."""
    with closing(sqlite3.connect(path)) as db:
        ((trigger,),) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'afwegen_entries_update'").fetchall()
    sql(
        "DROP TRIGGER afwegen_entries_update",
        """UPDATE afwegen_entries SET entry = CAST('{"seq":9}' AS BLOB) WHERE seq = 1""",
        trigger,
    )

    with SQLiteStore(path) as store:
        assert recomputed(store) != store.head("wijk").frontier.root
        leaves = [leaf_hash(stored.entry) for stored in store.read("wijk")]
        assert [seq for seq, leaf in enumerate(store.leaves("wijk")) if leaf != leaves[seq]] == [1]


@pytest.mark.parametrize("seq", [0, 2, 4])
def test_a_deleted_entry_is_missed(path, seq):
    """First, middle or last: the reader says which is missing."""
    with SQLiteStore(path) as store:
        store._db.execute("DROP TRIGGER afwegen_entries_delete")
        store._db.execute("DELETE FROM afwegen_entries WHERE seq = ?", (seq,))

        for read in (store.read, store.leaves):
            with pytest.raises(IntegrityError, match="an entry of 'wijk' is missing") as missed:
                list(read("wijk"))
            assert missed.value.got == seq


@pytest.mark.parametrize("change", ["length = 4", "frontier = x'0000000000000000'", "frontier = x'00'"])
def test_a_length_that_does_not_fit_the_frontier_is_refused(path, change):
    """Neither is believed, and nothing is appended to either."""
    with SQLiteStore(path) as store:
        store._db.execute("DROP TRIGGER afwegen_sessions_update")
        store._db.execute(f"UPDATE afwegen_sessions SET {change}")

        for ask in (store.sessions, lambda: store.head("wijk"), lambda: store.read("wijk")):
            with pytest.raises(IntegrityError):
                ask()


def test_an_entry_beyond_the_end_is_found_before_it_is_built_upon(path, following):
    """It is not read, for the log ends before it; and nothing is appended in its place."""
    with SQLiteStore(path) as store:
        store._db.execute("INSERT INTO afwegen_entries VALUES ((1 << 32) + 5, x'00', x'00')")

        assert len(list(store.read("wijk"))) == 5
        with pytest.raises(IntegrityError, match="beyond the end of the log, at 5"):
            store.append(following(5))
        assert store.head("wijk").length == 5


def test_every_flipped_bit_of_an_entry_is_found(path):
    """Through the file itself: whatever reads as an entry has another root."""
    octets = path.read_bytes()
    entry = b'{"seq":3}'
    at = octets.index(entry)
    assert octets.count(entry) == 1
    for bit in range(8 * len(entry)):
        torn = bytearray(octets)
        torn[at + bit // 8] ^= 1 << bit % 8
        path.write_bytes(torn)
        with SQLiteStore(path) as store:
            assert recomputed(store) != store.head("wijk").frontier.root


def test_an_error_of_ours_goes_through_unchanged():
    """Only SQLite's errors are put in other words."""
    with pytest.raises(ConflictError), translated("wijk.db"):
        raise conflict("wijk", 1, 2)


def test_the_path_may_be_any_path_like(path):
    """A string or a Path."""
    with SQLiteStore(os.fspath(path)) as store:
        assert store.sessions()


def test_a_store_of_version_1_is_stepped_up(path, sql):
    """Opened once, it has what later versions brought; its entries stay as they were."""
    with SQLiteStore(path) as store:
        root = store.head("wijk").frontier.root
    for table in ("installation", "edge", "checkpoints", "unscrubbed"):
        sql(f"DROP TABLE afwegen_{table}")
    sql("UPDATE afwegen_schema SET version = 1")

    with SQLiteStore(path) as store:
        assert store.head("wijk").frontier.root == root
        assert store.installation().size == 0
        store.enter(0, (Leaf(session="wijk", size=1, note=b"note"),))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE afwegen_installation SET note = x'00'",
        "DELETE FROM afwegen_installation",
        "INSERT OR REPLACE INTO afwegen_installation VALUES (0, 'wijk', 1, x'00')",
        "UPDATE afwegen_checkpoints SET note = x'00'",
        "DELETE FROM afwegen_checkpoints",
        "INSERT OR REPLACE INTO afwegen_checkpoints VALUES (1, x'00')",
        "DELETE FROM afwegen_edge",
        "UPDATE afwegen_edge SET frontier = x'0000000000000000'",
    ],
)
def test_the_installation_log_is_append_only(path, sql, statement):
    """A slip is stopped by a trigger; a thief, who drops it, by the root."""
    with SQLiteStore(path) as store:
        store.enter(0, (Leaf(session="wijk", size=1, note=b"note"),))
        store.keep(1, b"note")

    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        sql(statement)
