"""What lies in the repository: nothing of one machine, one word for one idea, and what was built is what is tested."""

import ast
import os
import re
from pathlib import Path

import afwegen

HOST = re.compile(
    r"https?://[^\s/]*(pypi|pythonhosted|anaconda|conda-forge|npmjs)[^\s]*|--(extra-)?index-url", re.ASCII
)
MACHINE = re.compile(r"(?<![\w.~$}/-])/(work|root|home|Users|tmp|opt)/\w+")
WORDS = re.compile(r"(?:^|_)(voters?|votes?|candidates?)(?:_|$)")


def lines(tracked, *, but=()):
    for path, text in tracked.items():
        if path.name not in but:
            yield from ((path, number, line) for number, line in enumerate(text.splitlines(), start=1))


def test_no_file_knows_a_package_registry(tracked):
    """Where packages come from is the machine's affair."""
    found = [(str(path), number) for path, number, line in lines(tracked, but=("test_files.py",)) if HOST.search(line)]

    assert found == []


def test_no_file_knows_the_machine_it_was_written_on(tracked):
    """A path that exists on one machine is a test that fails on the next."""
    found = [
        (str(path), number) for path, number, line in lines(tracked, but=("test_files.py",)) if MACHINE.search(line)
    ]

    assert found == []


def test_one_word_for_one_idea(sources):
    """A judge judges alternatives; voters and candidates are words of the formats that ``interop`` reads."""
    found = []
    for source in sources:
        for node in ast.walk(source.tree):
            name = getattr(node, "id", None) or getattr(node, "name", None) or getattr(node, "arg", None)
            snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() if isinstance(name, str) else ""
            if source.room != "interop" and WORDS.search(snake):
                found.append((source.at(node.lineno), name))

    assert found == []


def test_in_ci_what_was_built_is_what_is_tested(root):
    """A file that the wheel forgets is not missed by a test that imports from ``src``; so in CI none does."""
    installed = Path(afwegen.__file__).parent
    if os.environ.get("CI"):
        assert root / "src" not in installed.parents
    listed = {path.relative_to(root / "src" / "afwegen") for path in (root / "src" / "afwegen").rglob("*.*")}
    built = {path for path in listed if path.suffix != ".pyc" and not (installed / path).exists()}

    assert built == set()
