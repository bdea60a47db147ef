"""How often, and who lets writers go."""

import os

import pytest

from crashing.killing import Zygote

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


@pytest.fixture(scope="session")
def often():
    """How often something is done: a few times, and many times in a soak."""

    def chosen(few, many):
        return many if SOAKING else few

    return chosen


@pytest.fixture
def told(record_property, request):
    """Have what was found stand in the summary, and return it."""

    def telling(found):
        record_property("told", str(found))
        return found

    return telling


@pytest.fixture(scope="session")
def zygote():
    """A process that lets writers go."""
    started = Zygote.start()
    yield started
    started.stop()
