"""The application as it is run: two workers behind one port, on SQLite and on PostgreSQL."""

import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path

import httpx2
import pytest

APP = Path(__file__).resolve().parents[1]
PEOPLE = ("anna", "bert", "cor")


def free_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request, tmp_path_factory):
    """Where the application answers; it is stopped with the tests."""
    if request.param == "sqlite":
        store = f"sqlite:///{tmp_path_factory.mktemp('fastapi')}/neighbourhood.db"
    else:
        cluster = request.getfixturevalue("cluster")
        store = cluster.url(cluster.database("fastapi"))
    port = free_port()
    command = (sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--workers", "2")
    log = tmp_path_factory.mktemp("log") / "uvicorn.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            (*command, "--timeout-graceful-shutdown", "1"), cwd=APP, env=os.environ | {"STORE": store}, stderr=out
        )
        try:
            yield answering(f"http://127.0.0.1:{port}", log)
        finally:
            server.terminate()
            server.wait(20)


def answering(address, log):
    """Return the address once somebody answers there."""
    for _ in range(300):
        try:
            httpx2.get(f"{address}/openapi.json", timeout=10)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError(log.read_text())


def asking(address, person=None):
    """Return a client that is somebody."""
    return httpx2.Client(base_url=address, cookies={} if person is None else {"person": person}, timeout=30)


def event(kind, **fields):
    return {"type": kind, "fields": fields}


def problem(name, **more):
    return {"problem": name, "statement": f"About {name}", "why": "neighbours complain", "owner": "residents", **more}


@pytest.fixture
def session(address):
    """The id of a session in step 1, with three participants."""
    with asking(address, "jochum") as client:
        made = client.post("/sessions", json={"title": "Complex A", "area": "Municipality X"}).json()["session"]
        invited = [
            event("participant-invited/1", participant=name, name=name.title(), perspective="resident")
            for name in PEOPLE
        ]
        acts = [*invited, event("step-started/1", step="inventory")]
        assert client.post(f"/sessions/{made}/events", json=acts).status_code == 201
    return made


def told(client, session, last=None):
    """Yield what the stream of a session sends, as pairs of cursor and record, until it is closed."""
    headers = {} if last is None else {"Last-Event-ID": last}
    with client.stream("GET", "/feed", params={"session": session}, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        sent = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                sent[name] = value
            elif "id" in sent:
                yield sent["id"], json.loads(sent["data"])
                sent = {}


def test_what_is_recorded_is_in_the_state(address, session):
    """By whoever asks, at whichever worker."""
    with asking(address, "anna") as client:
        recorded = client.post(f"/sessions/{session}/problems", json=problem("noise"))

        assert recorded.status_code == 201
        assert (recorded.json()["by"], recorded.json()["seq"]) == ("anna", 5)
        for _ in range(4):
            assert client.get(f"/sessions/{session}").json()["problems"] == {"noise": "About noise"}
        assert client.get(f"/sessions/{session}/records").json()[-1] == recorded.json()


def test_the_public_sees_no_names(address, session):
    """People go by pseudonyms for whoever has no part in the session."""
    with asking(address) as public, asking(address, "stranger") as stranger:
        for client in (public, stranger):
            shown = client.get(f"/sessions/{session}")
            assert set(shown.json()["participants"].values()) == {None}
            assert not any(name in shown.text for name in ("anna", "Anna"))
            assert "anna" not in client.get(f"/sessions/{session}/records").text


def test_what_the_method_refuses_is_told_with_what_to_do(address, session):
    """As a problem of RFC 9457; nothing is recorded."""
    with asking(address, "anna") as client:
        acts = [event("solution-proposed/1", solution="caretaker", title="A caretaker")]
        answer = client.post(f"/sessions/{session}/events", json=acts)

        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["do"] == "park it with SolutionParked"
        assert client.get(f"/sessions/{session}").json()["length"] == 5


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ({"path": "/sessions/nowhere"}, 404, "does not hold this session"),
        ({"path": "/feed", "headers": {"Last-Event-ID": "yesterday"}}, 400, "no cursor"),
        ({"problem": {"problem": "Anna's", "statement": "x", "why": "y", "owner": "z"}}, 422, "never a person's name"),
        ({"problem": {"problem": "noise"}}, 422, "required field missing"),
        ({"problem": problem("noise"), "person": None}, 401, "say who you are"),
        ({"problem": problem("noise"), "person": "stranger"}, 409, "stranger"),
    ],
)
def test_what_cannot_be_is_refused_in_words(address, session, how, status, says):
    """An unknown session or cursor, a body that is no event, somebody who has no part in it."""
    with asking(address, how.get("person", "anna")) as client:
        if "path" in how:
            answer = client.get(how["path"], headers=how.get("headers"))
        else:
            answer = client.post(f"/sessions/{session}/problems", json=how["problem"])

    assert (answer.status_code, says in answer.text) == (status, True), answer.text


def test_with_a_key_the_same_act_is_recorded_once(address, session):
    """Sent again, also at once and to the other worker, it gives the first record."""

    def send(_):
        with asking(address, "anna") as client:
            headers = {"Idempotency-Key": "form-17"}
            return client.post(f"/sessions/{session}/problems", json=problem("noise"), headers=headers).json()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))

    assert answers == [answers[0]] * 8
    with asking(address, "anna") as client:
        assert client.get(f"/sessions/{session}").json()["length"] == 6


def test_whoever_reconnects_misses_nothing(address, session):
    """While three people write at once, a reader is cut off again and again, and gets each record once, in order."""

    def write(person):
        with asking(address, person) as client:
            for number in range(8):
                client.post(f"/sessions/{session}/problems", json=problem(f"{person}-{number}")).raise_for_status()

    wanted, seen, last = 5 + 3 * 8, [], None
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        writing = pool.map(write, PEOPLE)
        while len(seen) < wanted:
            with asking(address, "anna") as client:
                for cursor, record in islice(told(client, session, last), min(4, wanted - len(seen))):
                    seen.append(record)
                    last = cursor
        list(writing)

    assert [record["seq"] for record in seen] == list(range(wanted))
    with asking(address, "anna") as client:
        assert client.get(f"/sessions/{session}/records").json() == seen


def test_a_blind_round_leaks_nothing(address, session):
    """Not by the stream, not by the state, not by the records, until it closes; the author sees their own."""
    secret = problem("boris", statement="Boris shouts", why="we lie awake", owner="family-boris")
    with asking(address, "jochum") as client:
        client.post(
            f"/sessions/{session}/events", json=[event("round-opened/1", round="r", asks="problems", blind=True)]
        )
    with asking(address, "anna") as client:
        client.post(f"/sessions/{session}/problems", json=secret).raise_for_status()

    def everything(person):
        with asking(address, person) as client:
            stream = json.dumps([record for _, record in islice(told(client, session), 7)])
            return stream, *(client.get(f"/sessions/{session}{path}").text for path in ("", "/records"))

    blind = {person: everything(person) for person in ("anna", "bert", "jochum", "stranger", None)}
    with asking(address, "jochum") as client:
        client.post(f"/sessions/{session}/events", json=[event("round-closed/1", round="r")]).raise_for_status()

    assert all("Boris shouts" in text for text in blind.pop("anna"))
    assert [person for person, texts in blind.items() if "boris" in str(texts).lower()] == []
    assert all("Boris shouts" in text for person in blind for text in everything(person))
