"""
Appending to SQLite, against the plain driver: one INSERT of a row of the same size, with the same settings.

Ours writes, in the same transaction, the entry, its leaf hash, a packed vault row with its subject, the row of the
append, and the frontier. Both take turns within one run, because absolute figures drift.
"""

import sqlite3
from itertools import count
from statistics import median
from time import perf_counter

import pytest

from afwegen.stores.contract import Batch, VaultRow
from afwegen.stores.sqlite import SQLiteStore

ENTRY = b'{"by":"p_' + b"3f" * 16 + b'","at":"' + b"x" * 352 + b'"}'
PAYLOAD = b"y" * 200
SECRET = bytes(32)
TURNS = 60


@pytest.fixture
def ours(tmp_path):
    with SQLiteStore(tmp_path / "ours.db") as store:
        yield store


@pytest.fixture
def floor(tmp_path):
    db = sqlite3.connect(tmp_path / "floor.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, session TEXT, seq INTEGER, data BLOB)")
    yield db
    db.close()


@pytest.mark.parametrize(("size", "limit"), [(1, 1.2), (100, 2.5)])
def test_append(benchmark, ours, floor, size, limit):
    """Ratio of the medians, one event or a hundred a transaction."""
    lengths = count(0, size)
    mine, plain = [], []

    def turn():
        expected = next(lengths)
        rows = batch(expected, size)
        plain.append(timed(lambda: insert(floor, expected, size)))
        mine.append(timed(lambda: ours.append(rows)))

    turn()
    mine.clear()
    plain.clear()
    benchmark.pedantic(turn, rounds=TURNS)
    ratio = median(mine) / median(plain)
    benchmark.extra_info |= {"ratio": round(ratio, 2), "limit": limit, "floor_us": round(median(plain) * 1e6)}
    print(f"\n{size} a transaction: {ratio:.2f} times the plain driver ({median(plain) * 1e6:.0f} us)")
    assert ratio <= limit


def timed(work):
    start = perf_counter()
    work()
    return perf_counter() - start


def insert(db, expected, size):
    db.execute("BEGIN IMMEDIATE")
    db.executemany(
        "INSERT INTO events (session, seq, data) VALUES (?, ?, ?)",
        [("wijk", seq, ENTRY + PAYLOAD) for seq in range(expected, expected + size)],
    )
    db.execute("COMMIT")


def batch(expected, size):
    return Batch(
        session="wijk",
        expected=expected,
        entries=(ENTRY,) * size,
        vault=tuple(
            VaultRow(seq=seq, part=0, subjects=(f"p_{seq % 14:032x}",), payload=PAYLOAD)
            for seq in range(expected, expected + size)
        ),
        secret=None if expected else SECRET,
    )
