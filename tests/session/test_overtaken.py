"""Somebody is quicker, or something is broken, at the one moment where it matters."""

import pytest
from attrs import field, frozen

from afwegen import ConflictError, IntegrityError, Session, open_store
from afwegen.events import NoteTaken
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.models import ConsensusGraph
from crashing.acts import BALLOTS


@frozen
class Overtaken:
    """A store in which somebody else does something just before the next append, once."""

    store: object
    deeds: list = field(factory=list)

    def append(self, batch):
        if self.deeds:
            self.deeds.pop()()
        return self.store.append(batch)

    def __getattr__(self, name):
        return getattr(self.store, name)


@pytest.fixture
def overtaken():
    """A store, and a session in it in which something was judged."""
    store = Overtaken(open_store("memory:"))
    session = import_election(store, pabulib.parse(BALLOTS), title="Benches", area="X", by="import", source="b.pb")
    return store, session


def another(store, session):
    return Session.load(store, session.id)


def test_a_model_that_is_overtaken_by_a_model_is_asked_again(overtaken):
    """Not told that the id of its result is taken, which nobody chose; and nothing is recorded."""
    store, session = overtaken
    store.deeds.append(lambda: another(store, session).evaluate(ConsensusGraph(), by="import"))

    with pytest.raises(ConflictError, match="while the model was at work; nothing was recorded"):
        session.evaluate(ConsensusGraph(), by="import")

    assert session.evaluate(ConsensusGraph(), by="import").ranking
    assert len(session.state.meeting.results) == 2


def test_a_model_that_is_overtaken_by_a_note_is_asked_again(overtaken):
    """Its answer says on how many records it rests, and they are all that came before it."""
    store, session = overtaken
    store.deeds.append(lambda: another(store, session).record(NoteTaken(text="quick"), by="import"))

    with pytest.raises(ConflictError, match="evaluate again"):
        session.evaluate(ConsensusGraph(), by="import")


def test_a_key_that_stands_for_records_that_are_gone_says_so(overtaken, monkeypatch):
    """A store that lost the end of a log, and kept the key of what stood there."""
    _, session = overtaken
    session.record(NoteTaken(text="a"), by="import", key="k")
    monkeypatch.setattr(Overtaken, "call", lambda *_: (session.state.length, 1), raising=False)

    with pytest.raises(IntegrityError, match="ends before the records that an idempotency key stands for"):
        session.record(NoteTaken(text="a"), by="import", key="k")
