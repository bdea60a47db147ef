"""Who lets writers go."""

import pytest

from crashing.killing import Zygote


@pytest.fixture(scope="session")
def zygote():
    """A process that lets writers go."""
    started = Zygote.start()
    yield started
    started.stop()
