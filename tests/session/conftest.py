"""Two stores that keep sessions: what is promised of one is promised of the other."""

import pytest

from afwegen import open_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    """A store, empty."""
    with open_store("memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/wijk.db") as opened:
        yield opened
