"""A session with somebody in it who is easily found again: by key, name, words and salts."""

import json

import pytest

from afwegen import Session, open_store
from afwegen import events as e
from afwegen.testing.sessions import Ticking

KEY, NAME, WORDS = "zebedeus-key", "Zebedeus Quist", ("pimpernel", "marjolein", "dragonwort")


def _told(store):
    """Three people, two notes of the one who will be erased, one of somebody else, an export, and a keyed call."""
    session = Session.start(store, title="Complex A", area="Municipality X", by="jochum", clock=Ticking())
    session.record(
        e.ParticipantInvited(participant=KEY, name=NAME, perspective="resident"),
        e.ParticipantInvited(participant="anna", name="Anna", perspective="resident"),
        e.ParticipantInvited(participant="ben", name="Ben", perspective="housing"),
        e.StepStarted(step="inventory"),
        by="jochum",
    )
    session.record(e.NoteTaken(text=f"first {WORDS[0]}"), by=KEY, key="from-the-form")
    session.record(e.NoteTaken(text="tea"), by="anna")
    session.record(
        e.ProblemReported(problem="noise", statement=f"about {WORDS[1]}", why="no sleep", owner="residents"), by=KEY
    )
    session.record(e.AppointmentMade(appointment="talk", people=("ben", KEY), topic=f"on {WORDS[2]}"), by="anna")
    session.export(format="summary", by="jochum", viewer=KEY)
    return session


def _secrets_of(session, key=KEY):
    """Every octet string that must be gone: the key, the name, the words, and the salts of all these."""
    pseudonym = session.core.people.pseudonyms[key]
    rows = {seq: [payload for _, payload in stored.vault] for seq, stored in enumerate(session.store.read(session.id))}
    parts = dict.fromkeys(seq for seq, _ in session.store.about(session.id, pseudonym))
    about = [json.loads(payload) for seq in parts for payload in rows[seq]]
    person = [row for row in session.store.people(session.id) if row.pseudonym == pseudonym]
    salts = [salt for row in about for salt in row["salts"].values()]
    salts += [json.loads(row.payload)["salt"] for row in person]
    assert len(salts) > 8
    return [text.encode() for text in (key, NAME, *WORDS, *salts)]


def _found_in(folder, secrets):
    """Which of these stand anywhere in the files of a folder."""
    octets = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    assert octets
    return [secret for secret in secrets if secret in octets]


@pytest.fixture(scope="session")
def told():
    """Play the session in a store."""
    return _told


@pytest.fixture(scope="session")
def secrets_of():
    """Return what must be gone of a session."""
    return _secrets_of


@pytest.fixture(scope="session")
def found_in():
    """Search the files of a folder."""
    return _found_in


@pytest.fixture
def file(tmp_path):
    """The URL of a store in a folder of its own."""
    (tmp_path / "store").mkdir()
    return f"sqlite:///{tmp_path}/store/wijk.db"


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def session(request):
    """The session in a store of each kind."""
    if request.param == "memory":
        url = "memory:"
    else:
        url = request.getfixturevalue("file" if request.param == "sqlite" else "postgres")
    with open_store(url) as store:
        yield _told(store)
