"""The way in: with click and without it."""

import subprocess
import sys

import pytest

from afwegen.cli import main, showing


def test_without_click_it_says_what_to_install(monkeypatch, capsys):
    """A plain message and exit code 2, no traceback."""
    monkeypatch.setitem(sys.modules, "click", None)

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "afwegen[cli]" in capsys.readouterr().err


def test_it_runs_as_a_program(tmp_path):
    """As the installed command does: output on one side, errors on the other, the exit code as documented."""
    program = (sys.executable, "-c", "from afwegen.cli import main; main()")

    fine = subprocess.run((*program, "--version"), capture_output=True, text=True, check=False)
    wrong = subprocess.run((*program, "verify", tmp_path / "none.db"), capture_output=True, text=True, check=False)

    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.startswith("afwegen")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("afwegen: there is no store here")


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    """``afwegen ... | head -1`` ends quietly."""
    line = f"{sys.executable} -c 'from afwegen.cli import main; main()' demo | head -1"

    ran = subprocess.run(("sh", "-c", line), capture_output=True, text=True, check=False, cwd=tmp_path)

    assert ran.stderr == ""
    assert ran.stdout.startswith("Complex A")


def test_help_names_every_command(run):
    """And the exit codes."""
    said = run("--help").out

    assert "1 a verification failed" in said
    for command in ("advice", "compare", "demo", "export", "import", "replay", "sessions", "verify"):
        assert f"\n  {command} " in said
        assert run(command, "--help").code == 0


def test_without_rich_everything_is_plain(monkeypatch):
    """Then nobody is taken for a person who looks: no table is drawn that cannot be."""
    monkeypatch.setattr(showing.sys, "stdout", type("Terminal", (), {"isatty": lambda _: True})())
    monkeypatch.setattr(showing, "find_spec", lambda _: None)

    assert not showing.people_look()
