"""A small store with a notary, two sessions and keys: what there is to prove things about."""

import importlib.util
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from afwegen import Session, open_store
from afwegen.audit import Key, KeyList, Notary
from afwegen.events import OccasionStated, ParticipantInvited, ProblemReported, StepStarted

NAME = "wijk.example/afwegen"


def ticking():
    """A clock that moves a minute at a time."""
    moments = (datetime(2016, 9, 1, 12, tzinfo=UTC) + timedelta(minutes=minute) for minute in count())
    return lambda: next(moments)


def told(notary, title):
    """A session of eight records, signed at its start and at its end."""
    session = Session.start(notary.store, title=title, area="Wijk", by="jochum", clock=ticking(), on_commit=notary)
    session.record(
        OccasionStated(occasion="Leegstand", kind="problem"),
        ParticipantInvited(participant="anna", name="Anna", perspective="resident"),
        ParticipantInvited(participant="ben", name="Ben", perspective="housing"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    for number, who in enumerate(("anna", "ben")):
        problem = ProblemReported(problem=f"p-{number}", statement="Hek te laag", why="onveilig", owner="residents")
        session.record(problem, by=who)
    notary.sign(session.id)
    return session


@pytest.fixture
def key():
    """The key of the installation."""
    return Key(name=NAME, seed=bytes(32))


@pytest.fixture
def keys(key):
    """The key list that an auditor has."""
    return KeyList(keys=(key.verifier,))


@pytest.fixture
def notary(key):
    """A notary of an empty store."""
    return Notary(open_store("memory:"), key)


@pytest.fixture
def session(notary):
    """A session with checkpoints; another stands beside it in the store."""
    told(notary, "Elders")
    return told(notary, "Complex A")


@pytest.fixture
def store(session):
    """The store of both."""
    return session.store


@pytest.fixture(scope="session")
def tool(root):
    """The verifier that knows nothing of afwegen."""
    spec = importlib.util.spec_from_file_location("verify_bundle", root / "tools" / "verify_bundle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
