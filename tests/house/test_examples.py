"""Every example that is shown runs: docstrings, the first page, the documentation."""

import doctest
import gc
import importlib
import pkgutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

import afwegen

pytestmark = pytest.mark.everywhere

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("afwegen", *(module.name for module in pkgutil.walk_packages(afwegen.__path__, "afwegen.")))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
# These need more than the library: a server, or the packages of a host.
ON_A_SERVER = ROOT / "docs" / "how-to" / "run-on-postgresql.md"
IN_A_HOST = [ROOT / "docs" / "how-to" / f"use-{host}.md" for host in ("in-django", "with-sqlalchemy")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name, tmp_path, monkeypatch):
    """What a docstring shows is what happens."""
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)

    assert result.failed == 0


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.hosts if page in IN_A_HOST else ()) for page in PAGES if page != ON_A_SERVER],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_examples_on_a_page_run(page, tmp_path, monkeypatch):
    """The blocks of a page run from top to bottom, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    if page.stem == "use-in-django":
        # Django is configured once in a process.
        done = subprocess.run((sys.executable, "-c", RUN_A_PAGE, page), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    else:
        run(page)


def test_the_page_about_postgresql_runs(postgres):
    """On a server of the tests' own."""
    run(ON_A_SERVER, url=postgres)


RUN_A_PAGE = """
import sys
from pathlib import Path
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
import doctest
page = Path(sys.argv[1])
flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
for example in Sybil([PythonCodeBlockParser(doctest_optionflags=flags)]).parse(page).examples():
    example.evaluate()
"""


def run(page, **given):
    """Run the blocks of a page, some names given."""
    document = Sybil([PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()]).parse(page)
    document.namespace.update(given)

    for example in document.examples():
        example.evaluate()
    with warnings.catch_warnings():
        # A page need not close its stores: a reader at a prompt does not either.
        warnings.simplefilter("ignore", ResourceWarning)
        document.namespace.clear()
        del document
        gc.collect()
