"""Hundreds of judges: counted rather than listed, and a page that still can be sent."""

import pytest

from afwegen import open_store
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.report import account

HEAD = """\
META
key;value
description;Benches
num_projects;80
num_votes;{many}
budget;5000
vote_type;approval
PROJECTS
project_id;cost;name
{projects}
VOTES
voter_id;vote
{votes}
"""


def ballots(folder, many):
    """Write a ballot file with so many judges and eighty projects."""
    projects = "\n".join(f"p{n};{1000 + n};Project {n}" for n in range(80))
    votes = "\n".join(f"v{n};p{n % 7},p{7 + n % 11},p{18 + n % 62}" for n in range(many))
    file = folder / "many.pb"
    file.write_text(HEAD.format(many=many, projects=projects, votes=votes), encoding="utf-8")
    return pabulib.read(file)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A session of three hundred judges and eighty projects."""
    election = ballots(tmp_path_factory.mktemp("many"), 300)
    return import_election(open_store("memory:"), election, title="Benches", area="West", by="import", source="many.pb")


def test_judges_are_counted_and_not_listed(many, reader):
    """Their sheets are one line of the logbook, and their orders one table."""
    page = account(many, language="en")
    said = reader(page).words

    assert "300 people answered" in said
    assert "300 times" in said
    assert len(page.encode()) < 400_000


def test_what_does_not_fit_in_a_list_is_counted(many, reader):
    """Beyond sixty the rest are only counted, and stand in the logbook."""
    said = reader(account(many, language="en")).words

    assert "and 20 more: see the logbook" in said
    assert "Project 79" in said


@pytest.mark.slow
def test_the_amsterdam_session_stays_below_two_megabytes(shared):
    """938 judges or more, as they voted."""
    election = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_523.pb")
    session = import_election(
        open_store("memory:"),
        election,
        title="Amsterdam",
        area="Noord",
        by="import",
        source="netherlands_amsterdam_523.pb",
    )

    assert len(session.state.preparation.active) >= 938
    assert len(account(session).encode()) < 2_000_000
