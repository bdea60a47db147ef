"""What the tests of the examples lean on: the PostgreSQL server that the tests of the library start too."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def loaded(path, name):
    """Return a module from its file, for no example is installed."""
    spec = spec_from_file_location(name, path)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cluster = loaded(ROOT / "tests" / "conftest.py", "tests_of_the_library").cluster


@pytest.fixture
def load():
    """Load a module of an example, anew for each test."""
    names = []

    def loading(path):
        names.append(path.replace("/", "_").removesuffix(".py"))
        return loaded(ROOT / "examples" / path, names[-1])

    yield loading
    for name in names:
        del sys.modules[name]
