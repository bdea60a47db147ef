"""What every test may lean on: how Hypothesis searches, and where the published examples lie."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))

# A search that takes long on a busy machine is no fault of the code: no deadline anywhere.
settings.register_profile("default", deadline=None, max_examples=100, print_blob=True)
settings.register_profile("dev", settings.get_profile("default"), max_examples=25)
settings.register_profile("soak", settings.get_profile("default"), max_examples=2_000)
# In CI a failure must come back when the same commit is run again, hence derandomised and without a database.
settings.register_profile(
    "ci",
    settings.get_profile("default"),
    derandomize=True,
    database=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published examples: ``$AFWEGEN_SHARED``, else ``../shared`` beside the repository."""
    folder = Path(os.environ.get("AFWEGEN_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        reason = f"no published examples at {folder}: set AFWEGEN_SHARED to the folder that holds oracles/ and data/"
        if IN_CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the published examples, so that ``-m "not shared"`` can be trusted."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
