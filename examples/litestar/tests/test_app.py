"""The application as its README uses it."""

import pytest
from litestar.testing import TestClient

from afwegen import Session, open_store
from afwegen.events import ParticipantInvited

STARTED = {"type": "step-started/1", "fields": {"step": "inventory"}}


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The id of a session in a store that the application opens."""
    url = f"sqlite:///{tmp_path}/neighbourhood.db"
    monkeypatch.setenv("STORE", url)
    with open_store(url) as store:
        session = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
        session.record(ParticipantInvited(participant="anna", name="Anna", perspective="resident"), by="jochum")
    return session.id


@pytest.fixture
def client(session, load):
    """A client that is Jochum."""
    with TestClient(load("litestar/app.py").app) as client:
        client.cookies["person"] = "jochum"
        yield client


def test_an_act_is_recorded(client, session):
    """And shown to everybody without names."""
    answer = client.post(f"/sessions/{session}/events", json=STARTED)

    assert (answer.status_code, answer.json()["seq"]) == (201, 2)
    shown = client.get(f"/sessions/{session}/records")
    assert [record["seq"] for record in shown.json()] == [0, 1, 2]
    assert not any(name in shown.text for name in ("Anna", "jochum"))


@pytest.mark.parametrize(
    ("key", "body", "status", "says"),
    [
        (None, {**STARTED, "fields": {"step": "lunch"}}, 400, "choose from preparation"),
        (None, {"type": "solution-proposed/1", "fields": {"solution": "a", "title": "A fence"}}, 409, "SolutionParked"),
        ("nowhere", STARTED, 404, "does not hold this session"),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, session, key, body, status, says):
    """A body that is no event, an act that the method refuses, an unknown session."""
    if status == 409:
        client.post(f"/sessions/{session}/events", json=STARTED)
    answer = client.post(f"/sessions/{key or session}/events", json=body)

    assert (answer.status_code, says in answer.text) == (status, True), answer.text
