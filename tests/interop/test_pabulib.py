"""Participatory budgets: what is read is what the file says, and a malformed line is refused by its number."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import FormatError
from afwegen.interop import pabulib
from afwegen.interop.pabulib import Ballot, Election, Project, VoteType

GOOD = """\
META
key;value
description;Two benches and a tree
num_projects;3
num_votes;2
budget;5000
vote_type;approval
PROJECTS
project_id;cost;name;votes
1;2000;Bench;2
2;2500;"Another ""green"" bench; by the door";0
3;900.50;Tree;1
VOTES
voter_id;age;vote
anna;71;1,3
bram;34;1
"""
LINES = GOOD.splitlines()

texts = st.text(max_size=12).map(str.strip)
ids = st.text(st.characters(exclude_characters=",", exclude_categories=("Cs", "Z", "C")), min_size=1, max_size=8)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)
numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=1)
columns = st.lists(ids, unique=True, max_size=3).filter(
    lambda names: not {"project_id", "cost", "name", "votes", "voter_id", "vote", "points"} & set(names)
)


@st.composite
def elections(draw):
    """Every election the format can carry, with awkward texts in it."""
    vote_type = draw(st.sampled_from(VoteType))
    names = draw(st.lists(ids, unique=True, min_size=1, max_size=6))
    pointed = vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}
    project_columns, ballot_columns = draw(columns), draw(columns)

    def fields(of):
        return tuple((column, draw(texts)) for column in of)

    def ballot(voter):
        projects = tuple(draw(st.lists(st.sampled_from(names), unique=True)))
        points = tuple(draw(numbers) for _ in projects) if pointed else ()
        return Ballot(voter_id=voter, projects=projects, points=points, fields=fields(ballot_columns))

    keys = st.lists(ids.filter(lambda key: key not in pabulib._STATED), unique=True, max_size=3)
    return Election(
        vote_type=vote_type,
        budget=draw(amounts),
        projects=tuple(
            Project(project_id=name, cost=draw(amounts), name=draw(texts), fields=fields(project_columns))
            for name in names
        ),
        ballots=tuple(ballot(voter) for voter in draw(st.lists(ids, unique=True, max_size=6))),
        default_score=draw(numbers),
        meta=tuple((key, draw(texts)) for key in draw(keys)),
    )


@given(elections())
def test_what_is_written_reads_back_the_same(election):
    """Reading a rendered election returns it, whatever texts it holds."""
    assert pabulib.parse(pabulib.render(election)) == election


@given(elections())
def test_an_order_places_each_project_at_most_once(election):
    """Orders are over the projects; all but ordinal ones place them all."""
    for order, ballot in zip(election.orders(), election.ballots, strict=True):
        placed = Counter(name for tier in order for name in tier)
        expected = ballot.projects if election.vote_type is VoteType.ORDINAL else election.alternatives
        assert placed == Counter(expected)
        assert all(order)


@given(elections())
def test_counting_loses_no_ballot(election):
    """The counted orders, each as often as counted, are the orders."""
    orders, counts = election.counted()

    assert len(set(orders)) == len(orders)
    assert Counter(dict(zip(orders, counts, strict=True))) == Counter(election.orders())


def test_the_example_is_read_as_it_stands():
    """Costs are exact, quotes are undone, other columns are kept."""
    election = pabulib.parse(GOOD)

    assert election.vote_type is VoteType.APPROVAL
    assert election.budget == Decimal(5000)
    assert election.projects[1].name == 'Another "green" bench; by the door'
    assert election.projects[2].cost == Decimal("900.50")
    assert election.ballots[0] == Ballot(voter_id="anna", projects=("1", "3"), fields=(("age", "71"),))
    assert election.meta == (("description", "Two benches and a tree"),)
    assert election.orders() == ((("1", "3"), ("2",)), (("1",), ("2", "3")))


def test_blanks_after_semicolons_mean_nothing():
    """The format's own page writes ``1; 34; f; 1,2``."""
    assert pabulib.parse(GOOD.replace(";", "; ").replace(";  ", "; ")) == pabulib.parse(GOOD)


def test_windows_line_ends_and_a_byte_order_mark_mean_nothing(tmp_path):
    """A file that came by way of a spreadsheet is the same file."""
    path = tmp_path / "benches.pb"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert pabulib.read(path) == pabulib.parse(GOOD)


def test_a_ballot_may_approve_of_nothing():
    """An empty list is a judgement: all projects tied."""
    election = pabulib.parse(GOOD.replace("bram;34;1", "bram;34;").replace("Bench;2", "Bench;1"))

    assert election.ballots[1].projects == ()
    assert election.orders()[1] == (("1", "2", "3"),)


@pytest.mark.parametrize(
    ("vote_type", "expected"),
    [
        ("ordinal", (("3",), ("1",))),
        ("cumulative", (("1",), ("3",), ("2",))),
        ("scoring", (("1",), ("2",), ("3",))),
    ],
)
def test_each_vote_type_has_its_order(vote_type, expected):
    """Ordinal by place, cumulative with zero for the unnamed, scoring with the default score for them."""
    text = (
        "META\nkey;value\nnum_projects;3\nnum_votes;1\nbudget;9\n"
        f"vote_type;{vote_type}\ndefault_score;4\nPROJECTS\nproject_id;cost\n1;1\n2;2\n3;3\n"
        "VOTES\nvoter_id;vote;points\nanna;3,1;2,5\n"
    )

    assert pabulib.parse(text).orders() == (expected,)


def replaced(line, by):
    return "\n".join([*LINES[: line - 1], *by, *LINES[line:], ""])


@pytest.mark.parametrize(
    ("line", "by", "where", "what"),
    [
        (1, ["PROJECTS"], 1, "that comes here is META"),
        (1, ["key;value"], 1, "does not begin with META"),
        (2, ["key;worth"], 2, "key;value"),
        (3, ["description"], 3, "no row of the table and no section"),
        (3, [""], 3, "no row of the table and no section"),
        (3, ["budget;1"], 6, "each key stands once"),
        (4, ["num_projects;4"], 4, "num_projects is not what the file holds, 3"),
        (4, ["num_projects;three"], 4, "whole number"),
        (4, ["num_projects;\u0663"], 4, "whole number"),
        (4, [], 2, "META does not say num_projects"),
        (5, ["num_votes;3"], 5, "num_votes is not what the file holds, 2"),
        (6, ["budget;5e3"], 6, "budget is a number"),
        (6, ["budget;NaN"], 6, "budget is a number"),
        (6, ["budget;-5"], 6, "budget is zero or more"),
        (6, ["budget;5,000"], 6, "budget is a number"),
        (7, ["vote_type;choose-1"], 7, "approval, ordinal, cumulative, scoring"),
        (7, ["vote_type;cumulative"], 14, "no column 'points'"),
        (8, ["PROJECT"], 8, "no row of the table and no section"),
        (9, ["project;cost;name;votes"], 9, "no column 'project_id'"),
        (9, ["project_id;cost;cost;votes"], 9, "a column is named once"),
        (10, ["1;2000;Bench"], 10, "3 columns where the section has 4"),
        (10, ["1;2000;Bench;2;"], 10, "5 columns where the section has 4"),
        (10, ["1;a lot;Bench;2"], 10, "cost is a number"),
        (10, ["1;-1;Bench;2"], 10, "cost is zero or more"),
        (10, ["1;2000;Bench;1"], 10, "has 2 votes in this file"),
        (10, ["1;2000;Bench;+2"], 10, "whole number"),
        (10, ["2;2000;Bench;2"], 11, "each project_id stands once"),
        (10, [";2000;Bench;2"], 10, "each project_id stands once and is not empty"),
        (10, ["1,1;2000;Bench;2"], 10, "a comma separates ids"),
        (11, ['2;2500;"Another;0'], 11, "unexpected end of data"),
        (11, ['2;2500;"Another"bench;0'], 11, "is no row of a table"),
        (13, ["BALLOTS"], 13, "no row of the table and no section"),
        (13, ["VOTES", "VOTES"], 14, "no row of the table and no section"),
        (14, ["voter_id;age;votes"], 14, "no column 'vote'"),
        (15, ["anna;71;1,3;"], 15, "4 columns where the section has 3"),
        (15, ["anna;71;1,4"], 15, "names no project of this file (got '4')"),
        (15, ["anna;71;1,"], 15, "names no project of this file (got '')"),
        (15, ["anna;71;1,3,1"], 15, "a vote names a project once (got '1')"),
        (15, ["bram;71;1,3"], 16, "each voter_id stands once"),
        (15, [";71;1,3"], 15, "each voter_id stands once and is not empty"),
        (16, ["bram;34;1", "FUNDED"], 17, "the sections are META, PROJECTS, VOTES"),
    ],
)
def test_a_malformed_line_is_refused_by_its_number(line, by, where, what):
    """The error names the file, the line that is wrong, and what is wrong with it."""
    with pytest.raises(FormatError) as caught:
        pabulib.parse(replaced(line, by), file="benches.pb")

    assert what in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("benches.pb", where)
    assert str(caught.value).startswith(f"benches.pb:{where}: ")


@pytest.mark.parametrize("kept", range(len(LINES)))
def test_a_file_cut_between_lines_is_refused(kept):
    """No prefix of a file passes for the file."""
    with pytest.raises(FormatError):
        pabulib.parse("\n".join(LINES[:kept]))


@pytest.mark.parametrize("points", ["1", "1,2,3", "1,x", ""])
def test_points_go_one_to_a_project(points):
    """A cumulative ballot has as many points as projects, all numbers."""
    text = GOOD.replace("approval", "cumulative").replace("voter_id;age", "voter_id;points")
    text = text.replace("anna;71;", f"anna;{points};").replace("bram;34", "bram;3")

    with pytest.raises(FormatError, match=r":15: .*points"):
        pabulib.parse(text)


def test_bytes_that_are_not_utf_8_are_refused_by_their_line(tmp_path):
    """Latin-1 is not guessed at."""
    path = tmp_path / "benches.pb"
    path.write_bytes(GOOD.replace("Tree", "Één boom").encode("latin-1"))

    with pytest.raises(FormatError, match=r"benches\.pb:12: the file is not UTF-8"):
        pabulib.read(path)


@pytest.mark.parametrize(
    "election",
    [
        Election(vote_type=VoteType.APPROVAL, budget=Decimal(1), projects=(), ballots=(), meta=(("a", " b"),)),
        Election(
            vote_type=VoteType.APPROVAL,
            budget=Decimal(1),
            projects=(Project(project_id="1,2", cost=Decimal(1)),),
            ballots=(),
        ),
        Election(
            vote_type=VoteType.APPROVAL,
            budget=Decimal(1),
            projects=(),
            ballots=(Ballot(voter_id="anna", projects=("1",)),),
        ),
    ],
)
def test_what_would_not_read_back_is_not_written(election):
    """Rendering reads its own text back before it returns it."""
    with pytest.raises(FormatError):
        pabulib.render(election)


@pytest.mark.parametrize(
    ("number", "size", "different", "most"),
    [(523, (7, 938), 42, 607), (285, (97, 5_510), 5_148, 1_502), (309, (58, 14_411), 14_015, 6_688)],
)
def test_real_neighbourhoods_are_read_whole(shared, number, size, different, most):
    """Amsterdam's files agree with their own counts and are written back the same."""
    election = pabulib.read(shared / "data" / "pabulib" / f"netherlands_amsterdam_{number}.pb")

    assert (len(election.projects), len(election.ballots)) == size
    assert len(election.counted()[0]) == different
    assert sum(election.projects[0].project_id in ballot.projects for ballot in election.ballots) == most
    assert pabulib.parse(pabulib.render(election)) == election
