"""The command line, run inside the test, and stores for it to look at."""

import json
import shutil

import pytest
from attrs import frozen
from click.testing import CliRunner

from afwegen.cli.commands import afwegen

BALLOTS = """\
META
key;value
description;Benches
num_projects;2
num_votes;3
budget;5000
vote_type;approval
PROJECTS
project_id;cost;name;votes
bench;2000;A bench by the door;2
tree;900;Tree;2
VOTES
voter_id;vote
a;bench
b;bench,tree
c;tree
"""


@frozen
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self):
        """The output, which is JSON."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def run():
    """Run a command; nothing but an orderly exit may come out of it."""

    def running(*words):
        result = CliRunner().invoke(afwegen, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return running


@pytest.fixture(scope="session")
def ballots(tmp_path_factory):
    """A ballot file with three judges and two projects."""
    file = tmp_path_factory.mktemp("ballots") / "benches.pb"
    file.write_text(BALLOTS, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def played(tmp_path_factory, run):
    """The demonstration in a file: what was printed, and the file."""
    file = tmp_path_factory.mktemp("demo") / "complex-a.db"
    return run("demo", "--store", f"sqlite:///{file}"), file


@pytest.fixture(scope="session")
def complex_a(played):
    """The file in which the demonstration is kept; nothing is to be recorded in it."""
    return played[1]


@pytest.fixture(scope="session")
def imported(tmp_path_factory, run, ballots):
    """The ballot file as a session, in a file of its own."""
    file = tmp_path_factory.mktemp("imported") / "benches.db"
    assert run("import", ballots, "--store", f"sqlite:///{file}").code == 0
    return file


@pytest.fixture
def benches(tmp_path, imported):
    """A copy of it, to be changed."""
    return shutil.copy(imported, tmp_path / "benches.db")
