"""What the tests of the examples lean on: the PostgreSQL server that the tests of the library start too."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = spec_from_file_location("afwegen_tests", ROOT / "tests" / "conftest.py")
tests = module_from_spec(TESTS)
TESTS.loader.exec_module(tests)

cluster = tests.cluster
