"""`afwegen report`: a page, or a plain message and nothing half written."""

import os
import shutil
import stat

import pytest

from afwegen import Session, open_store


@pytest.fixture
def mine(complex_a, tmp_path):
    """A copy of the demonstration, to be recorded in."""
    return shutil.copy(complex_a, tmp_path / "mine.db")


def exports(file):
    """The exports that the log knows of."""
    with open_store(f"sqlite:///{file}") as store:
        state = Session.load(store, store.sessions()[0].id).state
        return [(said.event.format, said.event.upto) for said in state.meeting.exports]


def test_a_page_is_written_and_the_log_says_so(run, mine, tmp_path):
    """In the language of the session."""
    ran = run("report", mine, "--output", tmp_path / "account.html")
    page = (tmp_path / "account.html").read_text(encoding="utf-8")

    assert (ran.code, ran.err) == (0, "")
    assert '<html lang="nl">' in page
    assert exports(mine)[-1] == ("account-html", 490)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_another_language_and_an_earlier_moment(run, mine, tmp_path):
    """And what it says as JSON."""
    ran = run("report", mine, "--output", tmp_path / "a.html", "--language", "en", "--at", 300, "--json")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")

    assert ran.data["records"] == 300
    assert "This is an earlier moment" in page
    assert '<html lang="en">' in page


def test_what_changed_is_told_without_a_file(run, mine):
    """On the terminal, and without a trace in the log."""
    before = exports(mine)
    ran = run("report", mine, "--since", 456, "--at", 475, "--language", "en")

    assert "- Chosen: Een huismeester" in ran.out
    assert exports(mine) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give --output account.html"),
        (("--output", "none/account.html"), "the account cannot be written: No such file or directory"),
        (("--output", "x.html", "--session", "nope"), "does not hold this session"),
        (("--output", "x.html", "--at", 9999), "490 records"),
        (("--output", "x.html", "--at", 3, "--since", 8), "the first moment comes before the second"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(words, said, run, mine, tmp_path, monkeypatch):
    """With exit code 2, nothing half written, and nothing recorded."""
    monkeypatch.chdir(tmp_path)
    before = exports(mine)
    ran = run("report", mine, *words)

    assert ran.code == 2
    assert said in ran.err
    assert exports(mine) == before
    assert {path.name for path in tmp_path.iterdir()} == {"mine.db"}


def test_several_sessions_need_a_name(run, mine, ballots, tmp_path):
    """Which are listed."""
    run("import", ballots, "--store", f"sqlite:///{mine}")
    ran = run("report", mine, "--output", tmp_path / "a.html")

    assert ran.code == 2
    assert "name one with --session: s_" in ran.err


def test_a_page_that_was_there_stays_when_the_new_one_fails(run, mine, tmp_path, monkeypatch):
    """The new one takes its place only when it is whole, and recorded."""
    target = tmp_path / "account.html"
    target.write_text("the old one")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    ran = run("report", mine, "--output", target)

    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert target.read_text() == "the old one"


@pytest.mark.skipif(os.name == "nt", reason="modes of files are those of POSIX")
def test_a_store_that_may_only_be_read_is_told_and_warned_of(run, mine, tmp_path, monkeypatch):
    """An auditor's copy: the page is made, and the warning says that its log does not know of it."""
    from afwegen.errors import StoreError

    def refuse(*_, **__):
        raise StoreError("the store cannot be written", "ask who keeps it")

    monkeypatch.setattr("afwegen.session.Session.export", refuse)
    ran = run("report", mine, "--output", tmp_path / "a.html")

    assert ran.code == 0
    assert "its log does not say that this file was made" in ran.err
    assert stat.S_ISREG((tmp_path / "a.html").stat().st_mode)
