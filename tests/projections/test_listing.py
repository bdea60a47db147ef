"""All sessions at a glance: whatever was projected when, it is what the logs say."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from afwegen import Session, open_store
from afwegen.errors import StoreError
from afwegen.events import NoteTaken, OccasionStated
from afwegen.projections import SESSIONS, Overview, advance, building, forget, overview, rebuild, rows, telling
from afwegen.steps.state import replay
from afwegen.testing.sessions import Ticking
from afwegen.testing.tour import reached, tour


def recomputed(store):
    """Return what the logs themselves say, by the public face alone."""
    found = []
    for head in store.sessions():
        session = Session.load(store, head.id)
        *_, last = session.records()
        frame = session.state.preparation
        open_advice = [piece for piece in session.advice() if piece.answered is None]
        found.append(
            Overview(
                session=session.id,
                title=frame.title or None,
                area=frame.area or None,
                step=session.state.step,
                records=session.state.length,
                people=len(frame.active),
                last=last.type,
                last_at=last.recorded_at,
                advice=open_advice[0].sentence(frame.language) if open_advice else None,
            )
        )
    return tuple(found)


TOURED = tuple(tour().records())


class Listed(RuleBasedStateMachine):
    """Sessions begin and go on, the projection is advanced, rebuilt, forgotten, at any moment, in pages of any size."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.sessions = []
        self.reopen()

    @rule()
    def reopen(self):
        if hasattr(self, "store"):
            self.store.close()
        self.store = open_store(f"sqlite:///{Path(self.folder.name) / 'wijk.db'}")
        self.store._db.execute("PRAGMA synchronous = OFF")  # durability is tested elsewhere
        self.sessions = [Session.load(self.store, session.id, clock=Ticking()) for session in self.sessions]

    @precondition(lambda self: len(self.sessions) < 4)
    @rule(step=st.sampled_from(("preparation", "inventory", "choice")))
    def begin(self, step):
        self.sessions.append(reached(step, self.store))

    @precondition(lambda self: self.sessions)
    @rule(number=st.integers(0, 3), text=st.sampled_from(("Leegstand", "Hinder", "Sloop")))
    def go_on(self, number, text):
        session = self.sessions[number % len(self.sessions)]
        leader = next(iter(session.state.preparation.facilitators), "jochum")
        session.record(NoteTaken(text=text), by=leader)

    @rule(page=st.integers(1, 7), most=st.integers(1, 3))
    def advance(self, page, most):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(building, "PAGE", page)
            patch.setattr(telling, "MOST_SESSIONS", most)
            advance(self.store, SESSIONS)

    @rule()
    def rebuild(self):
        rebuild(self.store, SESSIONS)

    @rule()
    def forget(self):
        forget(self.store, SESSIONS)

    @invariant()
    def it_is_what_the_logs_say(self):
        expected = recomputed(self.store)
        assert overview(self.store) == expected
        kept = rows(self.store, SESSIONS)
        assert {name: row["records"] for name, row in kept.items()} == {each.session: each.records for each in expected}

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


Listed.TestCase.settings = settings(
    max_examples=max(5, settings().max_examples // 5), stateful_step_count=10, deadline=None
)
TestListed = Listed.TestCase


def test_a_session_with_every_event_is_what_its_log_says(store):
    """After each page of one record, what is kept is what the first records say: erasures too."""
    session = tour(store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "PAGE", 40)
        advance(store, SESSIONS)

    assert overview(store) == recomputed(store)
    assert replay(session.records()) == session.state
    assert rows(store, SESSIONS)[session.id]["records"] == len(TOURED)


def test_what_is_not_kept_yet_is_worked_out(store, monkeypatch):
    """Where the projection is behind, or cannot be written, the list is exact all the same."""
    session = reached("inventory", store)
    advance(store, SESSIONS)
    session.record(OccasionStated(occasion="Leegstand", kind="problem"), by="jochum")
    expected = recomputed(store)

    def refuse(*_):
        raise StoreError("this server, or this transaction, only reads")

    for name in ("advance", "rows"):
        with monkeypatch.context() as patch:
            patch.setattr(f"afwegen.projections.listing.{name}", refuse)
            assert overview(store) == expected
    with monkeypatch.context() as patch:
        patch.setattr("afwegen.projections.listing.advance", lambda *_: 0)
        assert overview(store) == expected


def test_a_role_that_only_reads_can_list(cluster, database):
    """A replica, or a role that was set to it: nothing is built, and nothing is missing."""
    with open_store(cluster.url(database)) as store:
        reached("inventory", store)
        expected = recomputed(store)
    cluster.execute("DROP ROLE IF EXISTS lister", "CREATE ROLE lister LOGIN PASSWORD 'geheim'")
    cluster.execute(
        "GRANT USAGE ON SCHEMA afwegen TO lister",
        "GRANT SELECT ON ALL TABLES IN SCHEMA afwegen TO lister",
        "ALTER ROLE lister SET default_transaction_read_only = on",
        database=database,
    )
    with open_store(cluster.url(database, user="lister")) as reader:
        assert overview(reader) == expected
    cluster.execute("DROP OWNED BY lister", "DROP ROLE lister", database=database)
