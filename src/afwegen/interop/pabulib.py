"""
Pabulib ``.pb`` files: participatory budgets of real cities, with their ballots.

A file has three sections, META, PROJECTS and VOTES, each a table with semicolons between the columns and a line of
column names at its top. The reader is strict: what it returns is what the file says, and a file that contradicts itself
is refused with the line. It does *not* check the limits META declares on a ballot (``min_length``, ``max_sum_cost``):
they bound what the voter was allowed, not what the line means.

>>> from afwegen.interop import pabulib
>>> election = pabulib.parse(
...     '''META
... key;value
... description;Two benches and a tree
... num_projects;3
... num_votes;2
... budget;5000
... vote_type;approval
... PROJECTS
... project_id;cost;name;votes
... 1;2000;Bench;2
... 2;2500;Another bench;0
... 3;900;Tree;1
... VOTES
... voter_id;age;vote
... anna;71;1,3
... bram;34;1
... '''
... )
>>> election.projects[2].name, election.projects[2].cost
('Tree', Decimal('900'))
>>> election.ballots[0].projects
('1', '3')
>>> election.orders()[0]
(('1', '3'), ('2',))

References:
    Stolicki, Szufa, Talmon (2020), Pabulib: a participatory budgeting library, arXiv:2012.06539.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from os import PathLike
from pathlib import Path

from attrs import frozen

from afwegen.errors import FormatError
from afwegen.interop.sections import Section, sections_of, text_of_sections
from afwegen.interop.text import Place, text_of

__all__ = ["Ballot", "Election", "Order", "Project", "VoteType", "parse", "read", "render"]

Pairs = tuple[tuple[str, str], ...]
Order = tuple[tuple[str, ...], ...]
"""A weak order of project ids: tiers, best first, ties together."""

_TITLES = ("META", "PROJECTS", "VOTES")
_STATED = frozenset({"num_projects", "num_votes", "budget", "vote_type", "default_score"})


class VoteType(StrEnum):
    """What a voter was asked for."""

    APPROVAL = "approval"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"


@frozen(kw_only=True)
class Project:
    """
    One project on the ballot.

    Attributes:
        project_id: As in the file; no commas.
        cost: In the currency of the file, zero or more.
        name: Empty where the file gives none.
        fields: The other columns as (column, text), in the order of the file; ``votes`` among them.
    """

    project_id: str
    cost: Decimal
    name: str = ""
    fields: Pairs = ()


@frozen(kw_only=True)
class Ballot:
    """
    What one voter handed in.

    Attributes:
        voter_id: As in the file.
        projects: Ids in the order of the file, which is the voter's own only where the vote type is ordinal.
        points: For cumulative and scoring ballots one number a project; else empty.
        fields: The other columns (age, sex, ...) as (column, text), in the order of the file.
    """

    voter_id: str
    projects: tuple[str, ...]
    points: tuple[Decimal, ...] = ()
    fields: Pairs = ()


@frozen(kw_only=True)
class Election:
    """
    A participatory budget: what could be chosen, what there was to spend, and all ballots.

    Attributes:
        vote_type: What the voters were asked for.
        budget: In the currency of the file.
        projects: In the order of the file.
        ballots: In the order of the file.
        default_score: What a project counts for on a scoring ballot that does not name it.
        meta: The other lines of META as (key, text), in the order of the file. The numbers of projects and of votes are
            not among them: they are counted.
    """

    vote_type: VoteType
    budget: Decimal
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    default_score: Decimal = Decimal(0)
    meta: Pairs = ()

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The ids of the projects, in the order of the file."""
        return tuple(project.project_id for project in self.projects)

    def orders(self) -> tuple[Order, ...]:
        """
        Return one weak order of project ids a ballot, in the order of the ballots.

        Approval gives two tiers, what was approved above what was not; an ordinal ballot ranks what it names and leaves
        the rest unranked; points give a tier for each number of points, unnamed projects at zero (cumulative) or at the
        default score (scoring). Ready for ``Profile.from_rankings(orders, alternatives=election.alternatives)``.
        """
        names = self.alternatives
        match self.vote_type:
            case VoteType.APPROVAL:
                return tuple(_approved_first(ballot, names) for ballot in self.ballots)
            case VoteType.ORDINAL:
                return tuple(tuple((name,) for name in ballot.projects) for ballot in self.ballots)
            case VoteType.CUMULATIVE:
                return tuple(_by_points(ballot, names, Decimal(0)) for ballot in self.ballots)
            case VoteType.SCORING:
                return tuple(_by_points(ballot, names, self.default_score) for ballot in self.ballots)

    def counted(self) -> tuple[tuple[Order, ...], tuple[int, ...]]:
        """
        Return the different orders, by first appearance, and how many ballots hold each.

        Ready for ``Profile.from_rankings(*election.counted(), alternatives=election.alternatives)``, which then spends
        memory on different ballots only.
        """
        counts = Counter(self.orders())
        return tuple(counts), tuple(counts.values())


_POINTED = frozenset({VoteType.CUMULATIVE, VoteType.SCORING})


def _approved_first(ballot: Ballot, names: tuple[str, ...]) -> Order:
    approved = frozenset(ballot.projects)
    above = tuple(name for name in names if name in approved)
    below = tuple(name for name in names if name not in approved)
    return tuple(tier for tier in (above, below) if tier)


def _by_points(ballot: Ballot, names: tuple[str, ...], unnamed: Decimal) -> Order:
    given = dict(zip(ballot.projects, ballot.points, strict=True))
    points = {name: given.get(name, unnamed) for name in names}
    return tuple(tuple(n for n in names if points[n] == level) for level in sorted(set(points.values()), reverse=True))


def read(path: str | PathLike[str]) -> Election:
    """
    Read a ``.pb`` file.

    Raises:
        FormatError: The file is not what the format says; file and line are named.
        OSError: There is no such file, or it cannot be read.
    """
    return parse(text_of(path), file=Path(path).name)


def parse(text: str, *, file: str = "<text>") -> Election:
    """
    Read the text of a ``.pb`` file.

    Blanks around a value mean nothing and are dropped. An empty list of votes is a ballot that approves of nothing.

    Args:
        text: The whole file.
        file: The name to use in errors.

    Raises:
        FormatError: A line is malformed, a section, column or key is missing, something is named twice or unknown, or
            the counts the file states (``num_projects``, ``num_votes``, the column ``votes`` of approval ballots) are
            not what the file holds.
    """
    meta, projects, votes = sections_of(text, _TITLES, file=file)
    said = _Meta(meta)
    vote_type = said.vote_type()
    election = Election(
        vote_type=vote_type,
        budget=said.budget(),
        projects=_projects(projects),
        ballots=_ballots(votes, vote_type, projects.values("project_id")),
        default_score=said.default_score(),
        meta=said.others(),
    )
    said.check_count("num_projects", len(election.projects))
    said.check_count("num_votes", len(election.ballots))
    if vote_type is VoteType.APPROVAL and "votes" in projects.columns:
        _check_approvals(projects, election)
    return election


def render(election: Election) -> str:
    """
    Return the text of a ``.pb`` file that reads back as this election.

    Raises:
        FormatError: The election holds something the format cannot carry: an id with a comma, a name that begins or
            ends with a blank, projects with different columns, a ballot for a project that is not there.
    """
    pairs = (
        ("num_projects", str(len(election.projects))),
        ("num_votes", str(len(election.ballots))),
        ("budget", f"{election.budget:f}"),
        ("vote_type", election.vote_type.value),
        ("default_score", f"{election.default_score:f}"),
        *election.meta,
    )
    projects = _project_rows(election.projects)
    ballots = _ballot_rows(election.ballots, pointed=election.vote_type in _POINTED)
    written = text_of_sections({"META": (("key", "value"), *pairs), "PROJECTS": projects, "VOTES": ballots})
    if parse(written, file="<rendered>") != election:
        raise FormatError("the format cannot carry this election", "use ids and texts without blanks at their ends")
    return written


class _Meta:
    """The lines of META by key; each still knows its line."""

    def __init__(self, section: Section) -> None:
        if section.columns != ("key", "value"):
            raise section.at(section.line).wrong("the columns of META are key;value", got=";".join(section.columns))
        section.unique("key")
        self.section = section
        self.said = {key: (value, section.at(line)) for line, (key, value) in section.rows}

    def __getitem__(self, key: str) -> tuple[str, Place]:
        if key not in self.said:
            raise self.section.at(self.section.line).wrong(f"META does not say {key}", f"add a line {key};...")
        return self.said[key]

    def budget(self) -> Decimal:
        value, place = self["budget"]
        return place.amount(value, of="budget")

    def default_score(self) -> Decimal:
        if "default_score" not in self.said:
            return Decimal(0)
        value, place = self["default_score"]
        return place.number(value, of="default_score")

    def vote_type(self) -> VoteType:
        value, place = self["vote_type"]
        try:
            return VoteType(value)
        except ValueError as error:
            raise place.wrong("the vote type is unknown", f"known are {', '.join(VoteType)}", got=value) from error

    def check_count(self, key: str, found: int) -> None:
        value, place = self[key]
        if place.count(value, of=key) != found:
            raise place.wrong(
                f"{key} is not what the file holds, {found}", "fetch it again: lines may be missing", got=value
            )

    def others(self) -> Pairs:
        return tuple((key, value) for key, (value, _) in self.said.items() if key not in _STATED)


def _fields(section: Section, *known: str) -> tuple[tuple[int, str], ...]:
    return tuple((at, name) for at, name in enumerate(section.columns) if name not in known)


def _projects(section: Section) -> tuple[Project, ...]:
    ids, costs = section.unique("project_id"), section.column("cost")
    name = section.columns.index("name") if "name" in section.columns else None
    others = _fields(section, "project_id", "cost", "name")
    projects = []
    for line, row in section.rows:
        if "," in row[ids]:
            raise section.at(line).wrong("a comma separates ids in a vote", "use an id without one", got=row[ids])
        projects.append(
            Project(
                project_id=row[ids],
                cost=section.at(line).amount(row[costs], of="cost"),
                name="" if name is None else row[name],
                fields=tuple((column, row[at]) for at, column in others),
            )
        )
    return tuple(projects)


def _ballots(section: Section, vote_type: VoteType, known: frozenset[str]) -> tuple[Ballot, ...]:
    voters, votes = section.unique("voter_id"), section.column("vote")
    pointed = section.column("points") if vote_type in _POINTED else None
    others = _fields(section, "voter_id", "vote", *(("points",) if pointed is not None else ()))
    ballots = []
    for line, row in section.rows:
        named = _listed(row[votes])
        if not known.issuperset(named) or len(set(named)) < len(named):
            raise _wrong_vote(section.at(line), named, known)
        ballots.append(
            Ballot(
                voter_id=row[voters],
                projects=named,
                points=() if pointed is None else _points(section.at(line), row[pointed], named),
                fields=tuple((column, row[at]) for at, column in others),
            )
        )
    return tuple(ballots)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",")) if value else ()


def _wrong_vote(place: Place, named: tuple[str, ...], known: frozenset[str]) -> FormatError:
    strangers = [name for name in named if name not in known]
    if strangers:
        return place.wrong("the vote names no project of this file", "add it to PROJECTS", got=strangers[0])
    doubled = next(name for name, times in Counter(named).items() if times > 1)
    return place.wrong("a vote names a project once", "remove the second", got=doubled)


def _points(place: Place, value: str, named: tuple[str, ...]) -> tuple[Decimal, ...]:
    points = tuple(place.number(item, of="points") for item in _listed(value))
    if len(points) != len(named):
        raise place.wrong(f"there are {len(points)} points for {len(named)} projects", "give one to each", got=value)
    return points


def _check_approvals(section: Section, election: Election) -> None:
    approvals = Counter(chain.from_iterable(ballot.projects for ballot in election.ballots))
    ids, votes = section.column("project_id"), section.column("votes")
    for line, row in section.rows:
        stated = section.at(line).count(row[votes], of="votes")
        if stated != approvals[row[ids]]:
            what = f"the project has {approvals[row[ids]]} votes in this file, not those its line states"
            raise section.at(line).wrong(what, "fetch it again: lines may be missing", got=stated)


def _project_rows(projects: tuple[Project, ...]) -> Iterator[tuple[str, ...]]:
    columns = tuple(column for column, _ in projects[0].fields) if projects else ()
    yield ("project_id", "cost", "name", *columns)
    for project in projects:
        yield (project.project_id, f"{project.cost:f}", project.name, *(value for _, value in project.fields))


def _ballot_rows(ballots: tuple[Ballot, ...], *, pointed: bool) -> Iterator[tuple[str, ...]]:
    columns = tuple(column for column, _ in ballots[0].fields) if ballots else ()
    yield ("voter_id", "vote", *(("points",) if pointed else ()), *columns)
    for ballot in ballots:
        points = (",".join(f"{value:f}" for value in ballot.points),) if pointed else ()
        yield (ballot.voter_id, ",".join(ballot.projects), *points, *(value for _, value in ballot.fields))
