"""The command line, run inside the test."""

import pytest
from attrs import frozen
from click.testing import CliRunner

from afwegen.cli.commands import afwegen


@frozen
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def run():
    """Run a command; nothing but an orderly exit may come out of it."""

    def running(*words):
        result = CliRunner().invoke(afwegen, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return running
