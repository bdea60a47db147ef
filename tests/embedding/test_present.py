"""In CI nothing that the library is embedded in may be missing, for then its tests would be skipped unseen."""

import os
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.hosts


@pytest.mark.parametrize("package", ["django", "fastapi", "httpx2", "jsonschema", "litestar", "sqlalchemy"])
def test_in_ci_every_host_is_there(package):
    """On a user's machine one may be missing: its tests say so."""
    if find_spec(package) is None:
        assert not os.environ.get("CI"), f"{package} is not installed: pip install 'afwegen[dev]'"
        pytest.skip(f"needs {package} (extra dev)")
