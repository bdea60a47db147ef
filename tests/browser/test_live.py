"""The live view in a real browser: what is recorded appears, what is blind does not, and the keyboard is enough."""

import threading
from contextlib import closing

import pytest
import uvicorn

from afwegen import Session, live, open_store
from afwegen.events import ParticipantInvited, ProblemReported, RoundClosed, RoundOpened, StepStarted
from afwegen.live.serving import _listening
from afwegen.method import Step

SECRET = "Het geheim van de smid"


@pytest.fixture
def session():
    """A session in its first step."""
    started = Session.start(open_store("memory:"), title="Complex A", area="Buurt X", by="jochum")
    started.record(
        ParticipantInvited(participant="anna", name="Anna Zonnebloem", perspective="resident"),
        ParticipantInvited(participant="bram", name="Bram Beukenboom", perspective="police"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    return started


@pytest.fixture
def serving():
    """Serve sessions on this machine, in threads that end with the test."""
    running = []

    def starting(session):
        made = live.app(session.store, session.id)
        server = uvicorn.Server(uvicorn.Config(made, log_level="warning", lifespan="off", ws="none"))
        made.state.ending = lambda: server.should_exit
        listening = _listening(0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread, listening))
        starting.last = server
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield starting
    for server, thread, listening in running:
        with closing(listening):
            server.should_exit = True
            thread.join(20)


def problem(name, statement):
    return ProblemReported(problem=name, statement=statement, why="dat hindert", owner="residents")


def settled(seen, words):
    """Wait until a page shows words in its main part."""
    seen.page.locator("main", has_text=words).wait_for(timeout=5000)


def test_what_is_recorded_appears(visit, serving, session):
    """In the step and among the entries, without anybody touching the page; a reader of the screen is told."""
    seen = visit(serving(session))
    session.record(problem("lawaai", "Lawaai bij de deur"), by="anna")

    settled(seen, "Lawaai bij de deur")
    log = seen.page.get_by_role("log")
    assert "Lawaai bij de deur" in log.locator("p").first.inner_text()
    assert log.get_attribute("aria-live") == "polite"
    assert seen.said == []
    assert {url.split("/")[2].split(":")[0] for url in seen.asked} == {"127.0.0.1"}


def test_nothing_of_a_blind_round_comes_through(visit, serving, session):
    """Only that somebody handed something in; when the round is closed all of it is there."""
    seen = visit(serving(session))
    heard = []
    seen.page.on("response", lambda answer: heard.append(answer))  # noqa: PLW0108 - Playwright marks what it is given
    session.record(RoundOpened(round="eerst", asks="problems", blind=True), by="jochum")
    session.record(problem("smid", SECRET), by="bram")

    seen.page.locator(".round", has_text="1").wait_for(timeout=5000)
    assert SECRET not in seen.page.content()
    assert all(SECRET not in answer.text() for answer in heard if "event-stream" not in answer.headers["content-type"])

    session.record(RoundClosed(round="eerst"), by="jochum")
    settled(seen, SECRET)


def test_the_page_follows_the_group_and_the_keyboard_goes_elsewhere(visit, serving, session):
    """Arrow keys go from step to step; Escape returns to where the group is, wherever that is by then."""
    seen = visit(serving(session))
    shown = seen.page.locator("nav a[aria-current]")
    assert "inventariseren" in shown.inner_text()

    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_url("**/step/preparation")
    session.record(problem("lawaai", "Lawaai bij de deur"), by="anna")
    seen.page.get_by_role("log").get_by_text("Lawaai bij de deur").wait_for(timeout=5000)
    assert "voorbereiding" in shown.inner_text()
    seen.page.keyboard.press("Escape")
    settled(seen, "Lawaai bij de deur")


def test_a_place_that_has_the_focus_keeps_it(visit, serving, session):
    """Who goes through the page by keyboard is not thrown back to its top by what others record."""
    seen = visit(serving(session))
    seen.page.locator("#to-step-choice").focus()
    session.record(problem("lawaai", "Lawaai bij de deur"), by="anna")

    settled(seen, "Lawaai bij de deur")
    assert seen.page.evaluate("document.activeElement.id") == "to-step-choice"


def test_it_says_when_the_connection_is_gone(visit, serving, session):
    """A page that stands still must not look as if nothing happened."""
    seen = visit(serving(session))
    seen.page.locator("#link:not(.off)", has_text="volgt").wait_for(timeout=5000)
    serving.last.should_exit = True

    seen.page.locator("#link.off").wait_for(timeout=10000)


@pytest.mark.parametrize("path", ["", "step/preselection"])
def test_there_is_no_barrier_and_it_fits(visit, serving, sessions, axe, path):
    """On a projector, on a phone, and at four times the size; in the light and in the dark."""
    seen = visit(f"{serving(sessions['demonstration'])}{path}", width=1280, height=720)
    for width in (320, 768, 1920, 1280):
        seen.page.set_viewport_size({"width": width, "height": 720})
        assert seen.overflow <= 0, (width, seen.too_wide)
        seen.shot(f"live-{path.replace('/', '-') or 'now'}-{width}")

    assert axe(seen) == []
    seen.page.emulate_media(color_scheme="dark")
    seen.shot(f"live-{path.replace('/', '-') or 'now'}-dark")
    assert axe(seen, "color-contrast") == []
    assert seen.said == []


def test_the_validator_accepts_it(visit, serving, sessions, vnu, tmp_path):
    """Every page of it."""
    seen = visit(serving(sessions["cut-6"]))
    for step in Step:
        answer = seen.page.request.get(f"{seen.page.url}step/{step}")
        (tmp_path / f"{step}.html").write_text(answer.text(), encoding="utf-8")

    assert vnu(*tmp_path.iterdir()) == []
