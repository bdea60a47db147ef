"""One machine drives every store: whatever is asked, they answer alike."""

import sqlite3
import tempfile
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from afwegen.errors import AfwegenError
from afwegen.stores.contract import Batch, Call, PersonRow, VaultRow
from afwegen.stores.memory import MemoryStore
from afwegen.stores.postgres import PostgresStore
from afwegen.stores.sqlite import SQLiteStore

SESSIONS = ("wijk", "buurt", "straat")
KEYS = (b"1" * 32, b"2" * 32)

calls = st.none() | st.builds(Call, key_mac=st.sampled_from(KEYS), call_mac=st.sampled_from(KEYS))


class Guest:
    """A store on a connection of the host, who commits after every call."""

    def __init__(self, store, connection):
        self.store, self.connection = store, connection

    def __getattr__(self, name):
        def call(*arguments):
            try:
                answer = getattr(self.store, name)(*arguments)
                return answer if isinstance(answer, tuple) or not hasattr(answer, "__next__") else iter(list(answer))
            finally:
                self.connection.commit()

        return call


class Stores(RuleBasedStateMachine):
    """Memory and SQLite, of its own and of a host's, side by side."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.memory = MemoryStore()
        self.sqlite = self.opened()
        self.host = sqlite3.connect(Path(self.folder.name) / "host.db")
        self.host.execute("CREATE TABLE notes (text TEXT)")
        self.host.execute("PRAGMA synchronous = FULL")
        self.host.execute("INSERT INTO notes VALUES ('of the host')")
        self.borrowed = Guest(SQLiteStore(self.host), self.host)

    def opened(self):
        store = SQLiteStore(Path(self.folder.name) / "stores.db")
        store._db.execute("PRAGMA synchronous = OFF")  # durability is tested elsewhere
        return store

    def stores(self):
        return self.memory, self.sqlite, self.borrowed

    def teardown(self):
        self.sqlite.close()
        self.host.close()
        self.folder.cleanup()

    def both(self, ask):
        answers = []
        for store in self.stores():
            try:
                answers.append(ask(store))
            except AfwegenError as error:
                answers.append((type(error), str(error), getattr(error, "found", None)))
        assert all(answer == answers[0] for answer in answers)
        return answers[0]

    @rule(
        session=st.sampled_from(SESSIONS),
        off=st.sampled_from((0, 0, 0, 0, -1, 1)),
        entries=st.lists(st.binary(max_size=5), max_size=3),
        call=calls,
        data=st.data(),
    )
    def append(self, session, off, entries, call, data):
        heads = {head.session: head.length for head in self.memory.sessions()}
        expected = max(heads.get(session, 0) + off, 0)
        seqs = st.integers(expected, expected + max(len(entries) - 1, 0))
        vault = st.builds(
            VaultRow,
            seq=seqs,
            part=st.integers(0, 1),
            subjects=st.lists(st.sampled_from(("p_1", "p_2")), max_size=2).map(tuple),
            payload=st.binary(max_size=3),
        )
        person = st.builds(PersonRow, seq=seqs, pseudonym=st.sampled_from("abcdefgh"), payload=st.binary(max_size=3))
        batch = Batch(
            session=session,
            expected=expected,
            entries=tuple(entries),
            vault=tuple(data.draw(st.lists(vault, max_size=2))),
            people=tuple(data.draw(st.lists(person, max_size=2))),
            call=call,
            secret=None if expected else bytes(32),
        )
        self.both(lambda store: store.append(batch))

    @rule(session=st.sampled_from((*SESSIONS, "nergens")), start=st.integers(0, 6), stop=st.none() | st.integers(0, 6))
    def read(self, session, start, stop):
        self.both(lambda store: list(store.read(session, start, stop)))
        self.both(lambda store: list(store.leaves(session, start, stop)))
        self.both(lambda store: store.people(session, start))
        self.both(lambda store: store.head(session))
        for key in KEYS:
            self.both(lambda store, key=key: store.call(session, key))

    @rule(limit=st.integers(1, 4), pages=st.integers(0, 3))
    def feed(self, limit, pages):
        """By pages; the cursors differ, what stands between them does not."""

        def told(store):
            items, after = [], None
            for _ in range(pages):
                page = store.feed(after, limit)
                items += [(item.session, item.seq, item.entry, item.vault) for item in page]
                after = page[-1].cursor if page else after
            return items

        self.both(told)

    @rule()
    def reopen(self):
        self.sqlite.close()
        self.sqlite = self.opened()

    @invariant()
    def they_hold_the_same(self):
        self.both(lambda store: store.sessions())


class StoresAndPostgres(Stores):
    """PostgreSQL beside them, in a schema of its own for each run."""

    numbers = count()

    def __init__(self, cluster, database):
        self.postgres = PostgresStore(cluster.url(database, schema=f"run_{next(self.numbers)}"), connections=1)
        self.theirs = psycopg.connect(cluster.url(database))
        self.joined = Guest(PostgresStore(self.theirs, schema=f"run_{next(self.numbers)}"), self.theirs)
        super().__init__()

    def stores(self):
        return (*super().stores(), self.postgres, self.joined)

    def teardown(self):
        self.postgres.close()
        self.theirs.close()
        super().teardown()


def test_postgres_agrees_with_the_others(cluster, database):
    """Whatever is asked, in whatever order, PostgreSQL answers as memory and SQLite do."""
    machine = partial(StoresAndPostgres, cluster, database)
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))


Stores.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestStoresAgree = Stores.TestCase
