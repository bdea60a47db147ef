"""
PostgreSQL: a record against one INSERT of a row of the same size, eight writers on eight sessions, and the feed.

``$AFWEGEN_POSTGRES`` is the URL of a database that may be written; without it these are left out.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from afwegen import Session, open_store
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from afwegen.stores.contract import Batch

WRITERS, ACTS = 8, 50


@pytest.fixture
def url():
    """Where to measure."""
    given = os.environ.get("AFWEGEN_POSTGRES")
    if not given:
        pytest.skip("AFWEGEN_POSTGRES names no database")
    return given


@pytest.fixture
def plain(url):
    """A connection of the plain driver, with a table of its own."""
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, session text, data bytea)")
        yield connection
        connection.execute("DROP TABLE floor")


INSERT = "INSERT INTO floor (session, data) VALUES ('s', %b)"


def test_record(url, plain, versus):
    """Commitments, vault, leaf and frontier included."""
    with open_store(url) as store:
        session = Session.start(store, title="Complex A", area="Buurt B", by="jochum")
        anna = ParticipantInvited(participant="anna", name="Anna", perspective="resident")
        session.record(anna, StepStarted(step="inventory"), by="jochum")
        ids = count()

        def record():
            problem = ProblemReported(
                problem=f"p{next(ids)}", statement="Hinder in de buurt", why="bewoners klagen", owner="residents"
            )
            session.record(problem, by="jochum")

        record()
        stored = next(iter(store.read(session.id, session.state.length - 1)))
        row = b"x" * (len(stored.entry) + sum(len(payload) for _, payload in stored.vault))
        versus(record, lambda: plain.execute(INSERT, (row,)), rounds=200)


def test_eight_writers(url, plain, versus):
    """Each on a session of its own, against eight that insert; sessions do not wait for each other."""
    import psycopg

    assert plain
    row, names = b"x" * 1000, (f"w{time.time_ns()}-{number}" for number in count())

    def insert(_):
        with psycopg.connect(url, autocommit=True) as connection:
            for _act in range(ACTS):
                connection.execute(INSERT, (row,))

    with open_store(url) as store, ThreadPoolExecutor(WRITERS) as writers:

        def append(_):
            name = next(names)
            for act in range(ACTS):
                secret = None if act else bytes(32)
                store.append(Batch(session=name, expected=act, entries=(row,), secret=secret))

        versus(
            lambda: list(writers.map(append, range(WRITERS))),
            lambda: list(writers.map(insert, range(WRITERS))),
            rounds=5,
        )


def test_feed(url, plain, versus):
    """Rows of entries and vault in order, against the whole feed by pages."""
    with open_store(url) as store:
        name = f"f{time.time_ns()}"
        for first in range(0, 20_000, 1000):
            secret = None if first else bytes(32)
            store.append(Batch(session=name, expected=first, entries=(b"x" * 700,) * 1000, secret=secret))

        def whole():
            after = None
            while page := store.feed(after, 5000):
                after = page[-1].cursor

        rows = "SELECT entry FROM afwegen.entries ORDER BY session, seq"
        versus(whole, lambda: plain.execute(rows).fetchall(), rounds=5)
