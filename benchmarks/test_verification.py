"""Verifying a session, level by level, against reading its rows; and the memory of replaying a neighbourhood."""

import gc
import sqlite3
import tracemalloc

import pytest

from afwegen import Session, audit, open_store
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.log import canonical
from afwegen.log.frontier import EMPTY
from afwegen.log.merkle import leaf_hash

LENGTH = 10_000


@pytest.fixture
def stored(tmp_path):
    """A session of ten thousand records, its store and its file."""
    path = tmp_path / "ours.db"
    store = open_store(f"sqlite:///{path}")
    session = Session.start(store, title="Complex A", area="Buurt B", by="jochum")
    session.record(
        ParticipantInvited(participant="anna", name="Anna", perspective="bewoner"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    for first in range(0, LENGTH, 1000):
        session.record(
            *(
                ProblemReported(
                    problem=f"p{seq}", statement=f"Probleem {seq}", why="last van de buren", owner="residents"
                )
                for seq in range(first, first + 1000)
            ),
            by="anna",
        )
    yield store, session, path
    store.close()


def rows_of(path):
    plain = sqlite3.connect(path)
    try:
        plain.execute("SELECT entry FROM afwegen_entries ORDER BY place").fetchall()
        plain.execute("SELECT payload FROM afwegen_vault ORDER BY seq").fetchall()
    finally:
        plain.close()


def test_levels_1_and_2(stored, versus):
    """Decoding every entry strictly and recomputing the root, against reading the rows."""
    store, session, path = stored

    def levels():
        frontier = EMPTY
        for each in store.read(session.id):
            canonical.decode(each.entry)
            frontier = frontier.extend((leaf_hash(each.entry),))
        assert frontier == store.head(session.id).frontier

    versus(levels, lambda: rows_of(path), rounds=5)


def test_all_levels(stored, versus):
    """Everything that ``afwegen verify`` does, against reading the rows."""
    store, session, path = stored

    versus(lambda: audit.verify_session(store, session.id), lambda: rows_of(path), rounds=3)


@pytest.mark.shared
def test_memory_of_replaying_a_neighbourhood(shared, tmp_path, benchmark, ratio):
    """Peak memory while replaying West Begroot against that of the final state."""
    store = open_store(f"sqlite:///{tmp_path / 'west.db'}")
    election = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_309.pb")
    name = import_election(store, election, title="West", area="West", by="import", source="309").id
    del election
    gc.collect()
    tracemalloc.start()
    session = benchmark.pedantic(lambda: Session.load(store, name), rounds=1)
    final, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    judgements = len(session.profile().judges)
    print(f"\nbeyond the final state: {(peak - final) / judgements:.0f} bytes a judgement, of {judgements:,}")
    ratio(peak / 1e6, final / 1e6, unit="MB")
    store.close()
