"""The live view: what a browser gets, what the stream tells, and what neither ever shows."""

import asyncio
import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from afwegen import Session, live, open_store
from afwegen.errors import AfwegenError, UnknownSession
from afwegen.events import (
    ParticipantInvited,
    ProblemReported,
    RoundClosed,
    RoundOpened,
    StepStarted,
)
from afwegen.method import Step

SECRET = "Het geheim van de smid"


@pytest.fixture
def store(tmp_path):
    """An empty store in a file."""
    with open_store(f"sqlite:///{tmp_path / 'wijk.db'}") as opened:
        yield opened


@pytest.fixture
def session(store):
    """A session in its first step, with two people."""
    started = Session.start(store, title="Complex A", area="Buurt X", by="jochum")
    started.record(
        ParticipantInvited(participant="anna", name="Anna Zonnebloem", perspective="resident"),
        ParticipantInvited(participant="bram", name="Bram Beukenboom", perspective="police"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    return started


@pytest.fixture
def browser(session):
    """A browser on this machine."""
    with TestClient(live.app(session.store, session.id), base_url="http://127.0.0.1") as client:
        yield client


def problem(name, statement):
    return ProblemReported(problem=name, statement=statement, why="dat hindert", owner="residents")


def told(session, after, *, count, **asked):
    """Return the first messages of the stream, as (kind, id, what they say)."""
    made = live.app(session.store, session.id)
    query = b"" if after is None else f"after={after}".encode()
    headers = [(b"host", b"127.0.0.1"), *((name.encode(), str(value).encode()) for name, value in asked.items())]
    scope = {"type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "query_string": query,
             "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80)}  # fmt: skip
    sent = []

    async def receive():
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message.get("body", b"").decode())
        made.state.ending = lambda: len(messages("".join(sent))) >= count

    async def listen():
        await asyncio.wait_for(made(scope, receive, send), 20)

    asyncio.run(listen())
    return messages("".join(sent))


def messages(stream):
    found = []
    for block in stream.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in lines:
            said = json.loads(lines["data"]) if lines.get("data") else None
            found.append((lines["event"], int(lines["id"]), said))
    return found


def test_each_step_has_its_page(browser, session):
    """In order, the one that is shown marked; by itself the page shows where the group is."""
    now = browser.get("/")

    assert now.status_code == 200
    assert "Complex A" in now.text
    for step in Step:
        page = browser.get(f"/step/{step}")
        assert page.status_code == 200
        [shown] = re.findall(r'href="([^"]+)" aria-current="page"', page.text)
        assert shown == f"/step/{step}"
    assert re.findall(r'href="([^"]+)" aria-current="page"', now.text) == ["/step/inventory"]
    assert browser.get("/step/nowhere").status_code == 404


def test_what_is_recorded_is_on_the_page(browser, session):
    """At once, escaped, and without the name of who said it."""
    session.record(problem("lawaai", "Elke avond <b>lawaai</b> bij de deur"), by="anna")

    page = browser.get("/").text

    assert "Elke avond &lt;b&gt;lawaai&lt;/b&gt; bij de deur" in page
    assert "Zonnebloem" not in page


def test_the_whole_account_is_a_page_too(browser, session):
    """As anybody may read it."""
    account = browser.get("/account")

    assert account.status_code == 200
    assert "Complex A" in account.text
    assert "Zonnebloem" not in account.text


def test_the_language_is_the_sessions_own_unless_asked_otherwise(session):
    """Both are whole pages."""
    for asked, spoken in ((None, "nl"), ("en", "en")):
        with TestClient(live.app(session.store, session.id, language=asked), base_url="http://127.0.0.1") as client:
            assert f'<html lang="{spoken}">' in client.get("/").text
    with pytest.raises(AfwegenError, match="not spoken here"):
        live.app(session.store, session.id, language="fy")


def test_the_stream_tells_what_came(session):
    """From where the reader was: by the id of the last message where there is one, else as the page says."""
    session.record(problem("lawaai", "Lawaai bij de deur"), by="anna")
    length = session.state.length

    for after, asked in ((length - 1, {}), (0, {"last-event-id": length - 1})):
        [(kind, number, said)] = told(session, after, count=1, **asked)
        assert (kind, number, len(said)) == ("records", length, 1)
        assert "Lawaai bij de deur" in said[0]
        assert "Zonnebloem" not in said[0]


def test_the_stream_misses_nothing_and_repeats_nothing(session):
    """Whatever was recorded between two looks comes in one message, each record once."""
    for number in range(5):
        session.record(problem(f"p{number}", f"Probleem nummer {number}"), by="anna")

    [(_, number, said)] = told(session, 4, count=1)

    assert number == session.state.length
    assert [re.search(r"nummer (\d)", each)[1] for each in said] == list("01234")


def test_a_store_put_back_starts_the_page_anew(session):
    """A reader that saw more records than there are saw another history."""
    assert told(session, 99, count=1) == [("anew", session.state.length, None)]


def blind(session):
    session.record(
        RoundOpened(round="eerst", asks="problems", of="participants", blind=True),
        by="jochum",
    )


def test_a_blind_round_is_blind_here_too(browser, session):
    """Neither a page, nor the account, nor the stream tells what was handed in, or by whom, until it is closed."""
    blind(session)
    before = session.state.length
    session.record(problem("smid", SECRET), by="bram")

    pages = [browser.get("/").text, browser.get("/step/inventory").text, browser.get("/account").text]
    [(_, _, said)] = told(session, before, count=1)

    for shown in (*pages, *said):
        for hidden in (SECRET, "smid", "Beukenboom"):
            assert hidden not in shown
    assert len(said) == 1
    session.record(RoundClosed(round="eerst"), by="jochum")
    assert SECRET in browser.get("/").text


def test_how_many_handed_in_is_shown(browser, session):
    """Of how many; that is what a room waits for."""
    blind(session)
    session.record(problem("smid", SECRET), by="bram")

    assert re.search(r"<strong>1</strong>\s*van de 2", browser.get("/").text)


def test_nothing_runs_but_the_one_script(browser):
    """The policy names it by its hash; everything else stays where it is."""
    page = browser.get("/")
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    policy = page.headers["content-security-policy"]

    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in browser.get("/account").headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_another_name_is_refused(session):
    """A page elsewhere that lets its own name point to this machine reads nothing."""
    with TestClient(live.app(session.store, session.id), base_url="http://elsewhere.example") as client:
        assert client.get("/").status_code == 400


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "١"])
def test_what_is_no_number_is_refused(browser, after):
    """A plain answer, no traceback."""
    assert browser.get("/events", params={"after": after}).status_code == 400


def test_a_session_that_is_not_there_is_refused_at_once(store):
    """Not at the first request."""
    with pytest.raises(UnknownSession):
        live.app(store, "s_0")
