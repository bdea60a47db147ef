"""
A session against the plain driver: appending with commitments, vault and leaf; replaying to the whole state.

The floor of an append is one INSERT of a row of the same size with the same settings; that of a replay is reading the
rows and doing nothing with them. Both take turns within one run.
"""

import sqlite3
from itertools import count
from time import perf_counter

import pytest

from afwegen import Session, open_store
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election

PEOPLE = 100


def problems(first, number):
    return [
        ProblemReported(
            problem=f"p{seq}",
            statement=f"Probleem {seq} in de buurt",
            why="omdat bewoners er last van hebben",
            owner="residents",
        )
        for seq in range(first, first + number)
    ]


def begun(path):
    """Return a store with a session in its first step, with a hundred people."""
    store = open_store(f"sqlite:///{path}")
    session = Session.start(store, title="Complex A", area="Buurt B", by="jochum")
    invitations = [
        ParticipantInvited(participant=f"person-{i}", name=f"Naam {i}", perspective="bewoner") for i in range(PEOPLE)
    ]
    session.record(*invitations, StepStarted(step="inventory"), by="jochum")
    return store, session


@pytest.mark.parametrize("size", [1, 100])
def test_record(size, tmp_path, versus):
    """Recording one act, or a hundred in one call, against inserting rows of the same size."""
    store, session = begun(tmp_path / "ours.db")
    ids = count(0, size)
    session.record(*problems(next(ids), size), by="jochum")
    stored = next(iter(store.read(session.id, session.state.length - 1)))
    row = b"x" * (len(stored.entry) + sum(len(payload) for _, payload in stored.vault))
    floor = sqlite3.connect(tmp_path / "floor.db", isolation_level=None)
    floor.execute("PRAGMA journal_mode = WAL")
    floor.execute("PRAGMA synchronous = FULL")
    floor.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, session TEXT, seq INTEGER, data BLOB)")

    def insert():
        floor.execute("BEGIN IMMEDIATE")
        floor.executemany("INSERT INTO events (session, seq, data) VALUES ('s', 1, ?)", [(row,)] * size)
        floor.execute("COMMIT")

    versus(lambda: session.record(*problems(next(ids), size), by="jochum"), insert, rounds=60)
    floor.close()
    store.close()


@pytest.mark.parametrize("length", [10_000, 100_000])
def test_replay(length, tmp_path, versus):
    """Loading a session into its whole state, against reading its rows; the ratio stays the same at ten times more."""
    path = tmp_path / "ours.db"
    store, session = begun(path)
    for first in range(0, length, 1000):
        session.record(*problems(first, 1000), by="jochum")
    plain = sqlite3.connect(path)

    def rows():
        plain.execute("SELECT entry FROM afwegen_entries ORDER BY place").fetchall()
        plain.execute("SELECT payload FROM afwegen_vault ORDER BY seq").fetchall()

    versus(lambda: Session.load(store, session.id), rows, rounds=5)
    plain.close()
    store.close()


@pytest.mark.shared
def test_import_and_replay_of_a_neighbourhood(shared, tmp_path, benchmark, ratio):
    """Importing the 14,411 ballots of West Begroot, and replaying them; replay is the first figure."""
    store = open_store(f"sqlite:///{tmp_path / 'west.db'}")
    election = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_309.pb")
    began = perf_counter()
    session = import_election(store, election, title="West Begroot", area="Amsterdam West", by="import", source="309")
    imported = perf_counter() - began
    benchmark.pedantic(lambda: Session.load(store, session.id), rounds=3)
    ratio(benchmark.stats.stats.median, imported)
    store.close()
