"""The disk that loses its power is itself tried: what was synced is there, and of the rest anything may be."""

import random
import sqlite3
from contextlib import closing

import apsw
import pytest

from crashing.disk import SECTOR, WAYS, Asked, Disk, _Platter


@pytest.fixture
def platter():
    """A file of three sectors of 'a' that is safe, and three of 'b' over it that are not."""
    made = _Platter()
    for asked in (
        Asked("create", 0, data="f"),
        Asked("write", 0, 0, b"a" * 3 * SECTOR),
        Asked("sync", 0),
        Asked("folder"),
        Asked("write", 0, 0, b"b" * SECTOR),
        Asked("write", 0, SECTOR, b"b" * 2 * SECTOR),
    ):
        made.do(asked)
    return made


def left(platter, way, tries=200):
    """What may be left, each sector as its letter."""
    found = set()
    for seed in range(tries):
        octets = platter.after(way, random.Random(seed))["f"]
        found.add("".join(chr(octets[sector * SECTOR]) for sector in range(3)))
    return found


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("dropped", {"aaa"}),
        ("ordered", {"aaa", "baa", "bba", "bab", "bbb"}),
        ("reordered", {"aaa", "baa", "abb", "bbb"}),
        ("torn", {"aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"}),
    ],
)
def test_what_may_be_left(platter, way, expected):
    """Each way leaves all that it may, and nothing else."""
    assert left(platter, way) == expected


@pytest.mark.parametrize("way", WAYS)
def test_what_was_synced_is_left(platter, way):
    """Whatever happens to the rest."""
    platter.do(Asked("sync", 0))

    assert left(platter, way) == {"bbb"}


def test_a_name_is_safe_when_the_folder_was_synced(platter):
    """A file that was made may not be there, and one that was deleted may be there again."""
    platter.do(Asked("create", 1, data="g"))
    platter.do(Asked("delete", 0, data="f"))
    names = {frozenset(platter.after("torn", random.Random(seed))) for seed in range(50)}
    platter.do(Asked("folder"))

    assert names == {frozenset({"f"}), frozenset({"f", "g"}), frozenset({"g"})}
    assert set(platter.after("dropped", random.Random(0))) == {"g"}


def test_a_hole_reads_as_zeros():
    """A file whose end reached the disk before its beginning."""
    platter = _Platter()
    for asked in (Asked("create", 0, data="f"), Asked("folder"), Asked("write", 0, 4, b"b"), Asked("sync", 0)):
        platter.do(asked)

    assert platter.after("dropped", random.Random(0)) == {"f": b"\0\0\0\0b"}


def test_the_trace_of_a_database_is_its_files(tmp_path):
    """At the end of a trace everything that was synced is the file as it lies there."""
    disk = Disk(tmp_path)
    with closing(apsw.Connection(str(tmp_path / "a.db"), vfs=disk.vfs)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE t (x)")
        db.execute("INSERT INTO t VALUES (1)")

    found = disk.after_power_loss(len(disk.trace), "dropped", random.Random(0))
    assert found["a.db"] == (tmp_path / "a.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        assert db.execute("SELECT x FROM t").fetchall() == [(1,)]
