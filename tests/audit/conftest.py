"""Stored sessions in the hands of somebody who knows SQL, or who can write past the rules."""

import secrets
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from attrs import frozen

from afwegen import Session, codec
from afwegen.audit import Verdict, verify_session
from afwegen.events import OccasionStated, ParticipantInvited, Record
from afwegen.models import ConsensusGraph
from afwegen.stores import open_store
from afwegen.stores.contract import Batch, PersonRow, VaultRow
from afwegen.stores.sqlite import SQLiteStore
from crashing.acts import begin

TRIGGERS = ("entries_update", "entries_delete", "sessions_update", "vault_update", "people_update")


@frozen
class Held:
    """A stored session whose triggers are gone."""

    store: SQLiteStore
    session: str

    @contextmanager
    def after(self, *statements):
        """Run statements past the library; afterwards everything is as it was."""
        db = self.store._db
        db.execute("BEGIN")
        try:
            for statement in statements:
                assert db.execute(*statement).rowcount > 0
            yield self
        finally:
            db.execute("ROLLBACK")

    def rows(self, query, *bounds):
        """What SQL finds."""
        return self.store._db.execute(query, bounds).fetchall()

    def failed(self):
        """The levels that fail."""
        report = verify_session(self.store, self.session)
        return {level.number for level in report.levels if level.verdict is Verdict.FAIL}


@pytest.fixture(scope="session")
def held():
    """Take the triggers of a store away."""

    def holding(store, session):
        for trigger in TRIGGERS:
            store._db.execute(f"DROP TRIGGER afwegen_{trigger}")
        return Held(store, session.id)

    return holding


@pytest.fixture(scope="module")
def beginning(tmp_path_factory, held):
    """Three records in a file: the start, the occasion, and Anna invited."""
    with SQLiteStore(tmp_path_factory.mktemp("audit") / "wijk.db") as store:
        session = Session.start(store, title="Wijk", area="X", by="jochum")
        session.record(
            OccasionStated(occasion="leeg", kind="problem"),
            ParticipantInvited(participant="anna", name="Anna", perspective="resident"),
            by="jochum",
        )
        yield held(store, session)


@pytest.fixture(scope="module")
def judged(tmp_path_factory, held):
    """Two judges, two alternatives, one round and one result, in a file."""
    with SQLiteStore(tmp_path_factory.mktemp("audit") / "benches.db") as store:
        session = begin(store)
        session.evaluate(ConsensusGraph(), by="import")
        yield held(store, session)


@pytest.fixture
def election():
    """The same judges in memory, and no result yet."""
    return begin(open_store("memory:"))


@pytest.fixture
def smuggle():
    """Append an event that nobody admitted: rightly encoded, with the right root."""

    def smuggling(session, event, *, by, role, **envelope):
        length, now = session.store.head(session.id).length, datetime(2030, 1, 1, tzinfo=UTC)
        about = {"happened_at": now, "recorded_at": now, **envelope}
        written = Record(session=session.id, seq=length, event=event, by=by, role=role, **about)
        encoded = codec.encode(written, session.core.people, {}, secrets.token_bytes)
        session.store.append(
            Batch(
                session=session.id,
                expected=length,
                entries=(encoded.entry,),
                vault=tuple(
                    VaultRow(seq=length, part=part, subjects=subjects, payload=payload)
                    for part, (subjects, payload) in enumerate(encoded.vault)
                ),
                people=tuple(PersonRow(seq=length, pseudonym=name, payload=payload) for name, payload in encoded.shown),
            )
        )
        return verify_session(session.store, session.id)

    return smuggling
