"""A session in a file, to be mistreated."""

import sqlite3
from contextlib import closing

import pytest
from attrs import evolve

from afwegen.stores.contract import Batch, Call, PersonRow, VaultRow
from afwegen.stores.sqlite import SQLiteStore

SECRET = bytes(range(32))
FIRST = Batch(
    session="wijk",
    expected=0,
    entries=tuple(b'{"seq":%d}' % seq for seq in range(5)),
    vault=(VaultRow(seq=2, part=0, subjects=("p_1",), payload=b"judgement"),),
    people=(PersonRow(seq=0, pseudonym="p_1", payload=b"anna"),),
    call=Call(key_mac=b"k" * 32, call_mac=b"c" * 32),
    secret=SECRET,
)


@pytest.fixture
def following():
    """A batch of one entry at a length."""

    def make(expected, entry=b"{}"):
        return evolve(FIRST, expected=expected, entries=(entry,), vault=(), people=(), call=None, secret=None)

    return make


@pytest.fixture
def path(tmp_path):
    """The file of a store with one session of five entries, closed."""
    file = tmp_path / "wijk.db"
    with SQLiteStore(file) as store:
        store.append(FIRST)
    return file


@pytest.fixture
def sql(path):
    """Run SQL past the library."""

    def run(*statements):
        with closing(sqlite3.connect(path)) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()

    return run
