"""Every example that is shown runs: docstrings, the first page, the documentation."""

import doctest
import gc
import importlib
import pkgutil
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


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name, tmp_path, monkeypatch):
    """What a docstring shows is what happens."""
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)

    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_on_a_page_run(page, tmp_path, monkeypatch):
    """The blocks of a page run from top to bottom, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    document = Sybil([PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()]).parse(page)

    for example in document.examples():
        example.evaluate()
    with warnings.catch_warnings():
        # A page need not close its stores: a reader at a prompt does not either.
        warnings.simplefilter("ignore", ResourceWarning)
        document.namespace.clear()
        del document
        gc.collect()
