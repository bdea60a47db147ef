"""
A session against two libraries for event sourcing, and all against the plain driver, by turns in one run.

``$AFWEGEN_PEERS`` names an interpreter with ``eventsourcing[postgres]``, ``eventsource-py``, ``aiosqlite`` and
``asyncpg``, ``greenlet``; ``$AFWEGEN_POSTGRES`` an empty database. Ours writes commitments, vault rows and the tree
besides.
"""

import os
import sqlite3
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from afwegen import Session, open_store
from afwegen.events import OccasionStated

PEERS = ("eventsourcing", "eventsource")
TEXT = "Hinder in de buurt, omdat bewoners klagen over wat er 's avonds bij de entree gebeurt."
WARM, ROUNDS = 4, 9
TASKS = {"one": (100,), "many": (100,), "writers": (8, 50)}


@pytest.fixture(scope="module")
def interpreter():
    """The interpreter of the peers."""
    given = os.environ.get("AFWEGEN_PEERS")
    if not given:
        pytest.skip("AFWEGEN_PEERS names no interpreter that has the peers")
    return given


@contextmanager
def at_work(interpreter, name, url):
    """A peer that does what it is told, and says how long it took."""
    command = (interpreter, Path(__file__).with_name("peer_store.py"), name, url)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(task):
        process.stdin.write(f"{task} {' '.join(map(str, TASKS[task]))}\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    try:
        yield ask
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


class Ours:
    """A session that says what is going on; each begins with one record, as the peers' aggregates do."""

    def __init__(self, store):
        self.store = store

    def session(self):
        return Session.start(self.store, title="Complex A", area="Buurt", by="jochum")

    def problem(self):
        return OccasionStated(occasion=TEXT, kind="problem", evidence="residents")

    def one(self, number):
        session = self.session()
        for _ in range(number):
            session.record(self.problem(), by="jochum")

    def many(self, number):
        self.session().record(*(self.problem() for _ in range(number)), by="jochum")

    def writers(self, writers, number):
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(lambda _: self.one(number), range(writers)))


class Plain:
    """Rows of the same size by the plain driver, with the same durability; connections stay open, as everybody's do."""

    def __init__(self, connect, insert, size):
        self.connections, self.insert, self.row = [connect() for _ in range(8)], insert, b"x" * size

    def one(self, number, connection=0):
        db = self.connections[connection]
        for _ in range(number):
            db.execute(self.insert, (self.row,))

    def many(self, number):
        self.connections[0].execute("BEGIN")
        self.one(number)
        self.connections[0].execute("COMMIT")

    def writers(self, writers, number):
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(lambda connection: self.one(number, connection), range(writers)))

    def close(self):
        for connection in self.connections:
            connection.close()


def size_of(ours):
    """Octets of one record with its vault rows."""
    session = ours.session()
    session.record(ours.problem(), by="jochum")
    (last,) = ours.store.read(session.id, session.state.length - 1)
    return len(last.entry) + sum(len(payload) for _, payload in last.vault)


def by_turns(task, plain, ours, peers, ratio, benchmark):
    """Let each do the task, by turns, and report what it took against the plain driver."""
    benchmark.pedantic(lambda: getattr(ours, task)(*TASKS[task]), rounds=1)
    works = {"plain": lambda: timed(plain, task), "afwegen": lambda: timed(ours, task)}
    works |= {name: lambda ask=ask: ask(task) for name, ask in peers.items()}
    taken = {name: [] for name in works}
    for each in range(WARM + ROUNDS):
        for name, work in works.items():
            seconds = work()
            if each >= WARM:
                taken[name].append(seconds)
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name in ("afwegen", *peers):
        ratio(medians[name], medians["plain"], of=f"{task}: {name} against the plain driver")
    for name in peers:
        ratio(medians[name], medians["afwegen"], of=f"{task}: {name} against afwegen")


def timed(who, task):
    began = time.perf_counter()
    getattr(who, task)(*TASKS[task])
    return time.perf_counter() - began


@pytest.mark.parametrize("task", ["one", "many"])
def test_sqlite(task, interpreter, tmp_path, ratio, benchmark):
    """WAL and synchronous=FULL for everybody."""
    with ExitStack() as open_things:
        peers = {
            name: open_things.enter_context(at_work(interpreter, name, f"sqlite:{tmp_path}/{name}.db"))
            for name in PEERS
        }
        ours = Ours(open_things.enter_context(open_store(f"sqlite:///{tmp_path}/ours.db")))

        def connect():
            db = sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, session TEXT, data BLOB)")
            return db

        plain = Plain(connect, "INSERT INTO floor (session, data) VALUES ('s', ?)", size_of(ours))
        open_things.callback(plain.close)
        by_turns(task, plain, ours, peers, ratio, benchmark)


@pytest.mark.parametrize("task", ["one", "many", "writers"])
def test_postgres(task, interpreter, ratio, benchmark):
    """One server for everybody; eight writers, each on a session of its own."""
    psycopg = pytest.importorskip("psycopg")
    url = os.environ.get("AFWEGEN_POSTGRES")
    if not url:
        pytest.skip("AFWEGEN_POSTGRES names no database")
    with ExitStack() as open_things:
        peers = {name: open_things.enter_context(at_work(interpreter, name, url)) for name in PEERS}
        ours = Ours(open_things.enter_context(open_store(url)))

        def connect():
            return psycopg.connect(url, autocommit=True)

        with connect() as db:
            db.execute("CREATE TABLE IF NOT EXISTS plain (id bigserial PRIMARY KEY, session text, data bytea)")
        plain = Plain(connect, "INSERT INTO plain (session, data) VALUES ('s', %b)", size_of(ours))
        open_things.callback(plain.close)
        by_turns(task, plain, ours, peers, ratio, benchmark)
