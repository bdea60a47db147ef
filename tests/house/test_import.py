"""The package is light to embed: importing it loads no numpy, no driver and no framework."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import afwegen

pytestmark = pytest.mark.everywhere

HEAVY = frozenset(
    {
        "babel",
        "click",
        "cryptography",
        "hypothesis",
        "jinja2",
        "matplotlib",
        "narwhals",
        "networkx",
        "numpy",
        "pandas",
        "polars",
        "psycopg",
        "pyarrow",
        "pytest",
        "rich",
        "scipy",
        "starlette",
        "uvicorn",
        "weasyprint",
    }
)


def loaded_by(statement):
    """Return the top-level modules a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport json, sys; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True)
    return frozenset(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import afwegen",
        "from afwegen import Session, open_store, replay",
        "import afwegen.events",
        "import afwegen.interop.pabulib",
        "import afwegen.interop.preflib",
        "import afwegen.report",
    ],
)
def test_importing_loads_nothing_heavy(statement):
    """What a host does not use it does not pay for, also where the whole of a session is loaded."""
    assert loaded_by(statement) & HEAVY == frozenset()


def test_types_travel_with_the_package():
    """``py.typed`` lies in what is installed, so that a caller's checker sees our types."""
    assert (Path(afwegen.__file__).parent / "py.typed").is_file()
