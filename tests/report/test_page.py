"""The page itself: needs nothing from anywhere, lets nothing in, and is the same bytes for the same session."""

import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

import pytest

from afwegen import open_store
from afwegen.audit import Key, Notary
from afwegen.demo import complex_a
from afwegen.report import account, language
from afwegen.session import Session
from afwegen.testing.sessions import Ticking

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def policy(read):
    """What the page lets in."""
    return next(each["content"] for each in read.all("meta") if each.get("http-equiv") == "Content-Security-Policy")


def test_nothing_is_asked_of_anywhere(page, reader):
    """No script, no style sheet, no picture, no font and no link from outside; the policy forbids them too."""
    read = reader(page)

    assert {tag for tag, _ in read.elements} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "img",
        "form",
        "base",
    } == set()
    assert not [attrs for _, attrs in read.elements if set(attrs) & {"src", "srcset", "style", "onclick", "onload"}]
    assert all(each["href"].startswith("#") for each in read.all("a"))
    assert not re.search(r"url\(|@import|https?:", read.style)
    assert policy(read).startswith("default-src 'none'; style-src 'sha256-")


def test_the_policy_allows_this_style_and_no_other(page, reader):
    """By its hash."""
    read = reader(page)
    digest = b64encode(sha256(read.style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}';" in policy(read)


def test_every_link_leads_somewhere_and_no_place_is_doubled(page, reader):
    """Every statement's link to the logbook has its line."""
    read = reader(page)
    places = [attrs["id"] for _, attrs in read.elements if "id" in attrs]

    assert len(places) == len(set(places))
    assert {each["href"][1:] for each in read.all("a")} - set(places) == set()


def test_headings_go_down_one_at_a_time(page, reader):
    """One title, and no level left out."""
    levels = [HEADINGS.index(tag) + 1 for tag, _ in reader(page).elements if tag in HEADINGS]

    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_tables_have_captions_and_headed_columns(page, reader):
    """Each can be entered with the keyboard where it scrolls, and says what it is."""
    read = reader(page)

    assert len(read.all("caption")) == len(read.all("table")) > 5
    assert all(each.get("scope") in {"col", "row"} for each in read.all("th"))
    scrolling = [each for each in read.all("div") if each.get("class") == "scroll"]
    assert all(each["tabindex"] == "0" and each["role"] == "region" and each["aria-label"] for each in scrolling)


def test_the_page_says_in_which_language_it_is(demo, reader):
    """What people said in another language is marked as that."""
    dutch, english = (reader(account(demo, language=code)) for code in ("nl", "en"))

    assert dutch.all("html")[0]["lang"] == "nl"
    assert english.all("html")[0]["lang"] == "en"
    assert {each.get("lang") for each in english.all("bdi")} == {"nl"}
    assert {each.get("lang") for each in dutch.all("bdi")} == {None}


def test_the_same_session_gives_the_same_bytes(page, demo, reader):
    """Twice in a row."""
    assert account(demo, language=reader(page).all("html")[0]["lang"]) == page


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(tmp_path):
    """Whatever the order of its sets, and whatever time it is."""
    file = tmp_path / "complex-a.db"
    with open_store(f"sqlite:///{file}") as store:
        session = complex_a(store)
        ours = account(session)
    code = (
        "import sys; from afwegen import Session, open_store; from afwegen.report import account\n"
        f"store = open_store('sqlite:///{file}')\n"
        f"sys.stdout.buffer.write(account(Session.load(store, '{session.id}')).encode())"
    )
    done = subprocess.run(
        (sys.executable, "-c", code), check=True, capture_output=True, env={"PYTHONHASHSEED": "7", **_paths()}
    )

    assert done.stdout.decode() == ours


def _paths():
    return {"PYTHONPATH": ":".join(sys.path)}


def test_no_clock_is_looked_at(demo, monkeypatch):
    """The page tells of the records, and of no moment after them."""
    monkeypatch.setattr("afwegen.session.now", Ticking())
    later = Session.load(demo.store, demo.id)

    assert account(later) == account(demo)


def test_the_demonstration_is_small_enough(page):
    """Half a megabyte is what may travel by mail to everybody."""
    assert len(page.encode()) < 500_000


def test_the_first_screen_answers_six_questions(page, reader):
    """What was going on, what was chosen and by whom, why, what if not, who does what, when people hear of it."""
    read = reader(page)
    code = read.all("html")[0]["lang"]
    said = language(code)
    first = page.partition("</header>")[0]

    for question in (
        "What was going on?",
        "What was chosen, and by whom?",
        "Why?",
        "What if we do nothing extra?",
        "Who does what now?",
        "When do people hear of it?",
    ):
        assert said.text(question).replace("'", "&#39;") in first
    assert "Een huismeester, en een open pleintje in plaats van de doorgang" in first
    assert said.text("The group advised; {who} decided.", who=said.text("the decider")) in first


def test_the_root_and_the_newest_checkpoint_are_told(demo, reader):
    """With which anybody can check; without a checkpoint it says whom to ask."""
    said = reader(account(demo, language="en")).words

    assert demo.store.head(demo.id).frontier.root.hex() in said
    assert "none yet: ask who keeps the logbook to sign one" in said


def test_a_signed_checkpoint_is_told_with_its_origin(reader):
    """Over as many records as it was signed over; none of a later moment."""
    store = open_store("memory:")
    session = complex_a(store)
    Notary(store, Key(name="wijk.example/afwegen", seed=bytes(32))).sign(session.id)
    said = reader(account(session, language="en")).words

    assert "of the first 490 lines, by" in said
    assert "none yet" in reader(account(session, language="en", at=400)).words
