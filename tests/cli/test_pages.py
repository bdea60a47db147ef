"""What a page shows at the prompt is what happens, and the reference names everything there is."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from afwegen.cli.commands import afwegen

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = (
    "reference/cli.md",
    "how-to/import-a-neighbourhood.md",
    "how-to/audit-a-session.md",
    "how-to/read-or-publish-an-account.md",
    "how-to/erase-a-person.md",
)
FLAGS = doctest.ELLIPSIS | doctest.REPORT_NDIFF


def prompts(text):
    """Yield each command of the console blocks, with the output shown under it."""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for typed in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = typed.partition("\n")
            yield shlex.split(command), shown


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_happens(run, tmp_path, monkeypatch, page):
    """From top to bottom, as a reader would type it; what is shown with ``cat`` is the file the reader has."""
    monkeypatch.chdir(tmp_path)
    checker = doctest.OutputChecker()
    for (program, *words), shown in prompts((DOCS / page).read_text(encoding="utf-8")):
        if program == "cat":
            Path(words[0]).write_text(shown, encoding="utf-8")
            continue
        if program == "python":
            ran = subprocess.run(
                [sys.executable, ROOT / words[0], *words[1:]], capture_output=True, text=True, check=True
            )
            assert checker.check_output(shown, ran.stdout, FLAGS), f"{words}\nshown:\n{shown}\nprinted:\n{ran.stdout}"
            continue
        typed, kept = (words[:-2], words[-1]) if ">" in words else (words, None)
        ran = run(*typed)
        assert (program, ran.code, ran.err) == ("afwegen", 0, "")
        if kept is not None:
            Path(kept).write_text(ran.out, encoding="utf-8")
            continue
        assert checker.check_output(shown, ran.out, FLAGS), f"{words}\nshown:\n{shown}\nprinted:\n{ran.out}"


def test_the_reference_names_every_command_and_option():
    """What is not on the page does not exist for a reader."""
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")

    for name, command in afwegen.commands.items():
        assert f"`afwegen {name}" in page
        for option in command.params:
            for flag in option.opts:
                assert not flag.startswith("--") or flag in page, (name, flag)
