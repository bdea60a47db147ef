"""The server on this machine: it begins and ends cleanly, and says plainly why it cannot."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing

import pytest

from afwegen import Session, live, open_store
from afwegen.cli import watching
from afwegen.events import OccasionStated

PROGRAM = (sys.executable, "-c", "from afwegen.cli import main; main()", "watch")


@pytest.fixture
def file(tmp_path):
    """A store with one session."""
    with open_store(f"sqlite:///{tmp_path / 'wijk.db'}") as store:
        Session.start(store, title="Complex A", area="Buurt X", by="jochum")
    return tmp_path / "wijk.db"


@pytest.fixture
def served(file):
    """The command as somebody starts it, and the address it says."""
    running = subprocess.Popen(
        (*PROGRAM, file, "--port", "0"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    yield running, re.search(r"http://\S+/", running.stdout.readline())[0]
    running.kill()
    running.communicate()


def test_a_record_is_told_and_it_ends_cleanly(served, file):
    """A page, a stream that goes on while another process records, and the end: exit code 0 and no word of trouble."""
    running, address = served
    page = urllib.request.urlopen(address, timeout=10).read().decode()
    assert "Complex A" in page

    with (
        urllib.request.urlopen(f"{address}events?after=1", timeout=10) as stream,
        open_store(f"sqlite:///{file}") as ours,
    ):
        [head] = ours.sessions()
        Session.load(ours, head.id).record(OccasionStated(occasion="Veel leegstand", kind="problem"), by="jochum")
        lines = []
        while not lines or not lines[-1].startswith("data: "):
            lines.append(stream.readline().decode().strip())
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)

    assert "Veel leegstand" in json.loads(lines[-1].removeprefix("data: "))[0]
    assert lines[-2] == "id: 2"
    assert (running.returncode, err) == (0, "")
    assert out.endswith("Ended.\n")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_language_can_be_named(run, file, monkeypatch, language):
    """Of the page."""
    asked = []
    monkeypatch.setattr(live, "serve", lambda *_, **how: asked.append(how["language"]))

    assert run("watch", file, "--language", language).code == 0
    assert asked == [language]


def test_a_port_that_is_taken_is_said(run, file):
    """With what to do, and without a traceback."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("watch", file, "--port", taken.getsockname()[1])

    assert (ran.code, ran.out) == (2, "")
    assert "cannot be used" in ran.err
    assert "--port" in ran.err


def test_a_session_that_is_not_there_is_said(run, file):
    """And so is a store that is not."""
    assert run("watch", file, "--session", "s_none").code == 2
    assert "s_none" in run("watch", file, "--session", "s_none").err
    assert "there is no store here" in run("watch", file.parent / "none.db").err


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(run, file, monkeypatch, package):
    """Whichever of its packages is missing."""
    monkeypatch.setitem(sys.modules, package, None)
    if package == "starlette":
        monkeypatch.setitem(sys.modules, "starlette.applications", None)

    ran = run("watch", file, "--port", "0")

    assert ran.code == 2
    assert "afwegen[live]" in ran.err


def test_the_port_is_the_same_wherever_it_stands():
    """The command names it before the server is loaded."""
    assert watching.PORT == live.PORT
