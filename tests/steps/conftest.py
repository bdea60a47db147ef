"""Where rule tests begin: a session that has just come to a step."""

import pytest

from afwegen.testing.sessions import given
from afwegen.testing.tour import reached


@pytest.fixture
def started():
    """A session that was started by Jochum, and nothing else."""
    return given()


@pytest.fixture
def at():
    """A session that has just begun a step: Fay facilitates; Anna, Bert, Cor and Eva take part; Rik records."""
    return reached
