"""
The feed over all sessions: decoded against bare, how soon a follower is told, and memory as sessions become many.

``$AFWEGEN_FEED`` is the number of records (100,000 unless told otherwise); ``$AFWEGEN_POSTGRES`` a database.
"""

import os
import sqlite3
import statistics
import time
import tracemalloc
from contextlib import closing
from threading import Thread

import pytest

from afwegen import Session, feed, follow, open_store
from afwegen.events import NoteTaken, ParticipantInvited, ProblemReported, StepStarted
from afwegen.projections import Projection, advance

RECORDS = int(os.environ.get("AFWEGEN_FEED", "100000"))
SESSIONS = 100
AT_ONCE = 1000


def problems(first, number):
    return (
        ProblemReported(problem=f"p{seq}", statement="Hinder in de buurt", why="bewoners klagen", owner="residents")
        for seq in range(first, first + number)
    )


def begun(store):
    session = Session.start(store, title="Complex A", area="Buurt B", by="jochum")
    anna = ParticipantInvited(participant="anna", name="Anna", perspective="resident")
    session.record(anna, StepStarted(step="inventory"), by="jochum")
    return session


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The path of a store with many records in a hundred sessions."""
    path = tmp_path_factory.mktemp("feed") / "feed.db"
    with open_store(f"sqlite:///{path}") as store:
        sessions = [begun(store) for _ in range(SESSIONS)]
        for number in range(0, RECORDS, AT_ONCE):
            sessions[number // AT_ONCE % SESSIONS].record(*problems(number, AT_ONCE), by="jochum")
    return path


def exhausted(items):
    return sum(1 for _ in items)


def bare(store):
    """Yield the items of the feed as the store gives them."""
    after = None
    while page := store.feed(after, 500):
        yield from page
        after = page[-1].cursor


def test_the_feed_decoded(filled, versus):
    """Every record as the public may see it, against the items as the store gives them."""
    with open_store(f"sqlite:///{filled}") as store:
        versus(lambda: exhausted(feed(store)), lambda: exhausted(bare(store)), rounds=3)


def test_the_feed_bare(filled, versus):
    """The items as the store gives them, against reading the rows and doing nothing with them."""
    with open_store(f"sqlite:///{filled}") as store, closing(sqlite3.connect(filled)) as plain:

        def rows():
            plain.execute("SELECT entry FROM afwegen_entries ORDER BY place").fetchall()
            plain.execute("SELECT payload FROM afwegen_vault ORDER BY session, seq").fetchall()

        versus(lambda: exhausted(bare(store)), rows, rounds=3)


def test_a_projection_that_does_nothing(filled, versus):
    """Each record with the state it led to, against the items as the store gives them."""
    with open_store(f"sqlite:///{filled}") as store:
        versions = iter(range(1, 100))

        def told():
            advance(store, Projection(name="nothing", version=next(versions), apply=lambda _, __: None))

        versus(told, lambda: exhausted(bare(store)), rounds=3)


def test_following(ratio, benchmark):
    """How soon a follower has what was recorded, against how long the record itself took: median of fifty."""
    url = os.environ.get("AFWEGEN_POSTGRES")
    if not url:
        pytest.skip("AFWEGEN_POSTGRES names no database")
    told, acts = {}, 50
    with open_store(url) as store, open_store(url) as reader:
        session = begun(store)
        *_, last = bare(store)

        def listen():
            for item in follow(reader, after=last.cursor):
                told[item.seq] = time.perf_counter()
                if len(told) == acts:
                    return

        listener = Thread(target=listen)
        listener.start()
        time.sleep(1)
        taken, soon = [], []
        for act in range(acts):
            began = time.perf_counter()
            (record,) = session.record(NoteTaken(text=f"notitie {act}"), by="jochum")
            taken.append(time.perf_counter() - began)
            while record.seq not in told:
                time.sleep(0.0005)
            soon.append(told[record.seq] - began)
        listener.join()
        benchmark.pedantic(lambda: None, rounds=1)
        ratio(statistics.median(soon), statistics.median(taken), of="told, from the call of record: median")
        ratio(max(soon), statistics.median(taken), of="told, from the call of record: the slowest of fifty")


def filled_a_little(store):
    session = begun(store)
    session.record(*problems(0, 5), by="jochum")
    return session.id


@pytest.mark.parametrize("what", ["feed", "replay"])
def test_memory(what, tmp_path, ratio, benchmark):
    """The most that is held at once, in kilobytes: with 1,000 sessions against 200, of eight records each."""
    most = {}
    for number in (200, 1_000):
        with open_store(f"sqlite:///{tmp_path}/{number}.db") as store:
            names = [filled_a_little(store) for _ in range(number)]
            tracemalloc.start()
            if what == "feed":
                exhausted(feed(store))
            else:
                for name in names:
                    Session.load(store, name)
            most[number] = tracemalloc.get_traced_memory()[1] / 1024
            tracemalloc.stop()
    benchmark.pedantic(lambda: None, rounds=1)
    ratio(most[1_000], most[200], "kB", of=f"memory of {what}: 1,000 sessions against 200")
