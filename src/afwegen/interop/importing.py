"""
A ballot file becomes a session: everything in it as events, through the same rules as what people enter themselves.

What the file says is recorded, what it does not say is passed over in so many words:

- each project becomes a solution, its cost an additional cost under a recorded assumption (without the project
  nothing is spent); the budget becomes a declared option;
- each voter becomes a participant under a pseudonym, ``voter-`` and the id in the file; age, sex and the like stay
  where they are;
- each ballot becomes one ranking: approved above not approved, all tied where nothing was approved; an ordinal ballot
  ranks what it names, and abstains where it names nothing; points make a tier for each number of points;
- steps of which the source knows nothing are overridden with that as the reason. The session stands in step 6 with its
  round closed: a group may go on from there.
- where the file marks what was funded (the column ``selected``), that set becomes a combination.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Final, Literal
from unicodedata import normalize

from attrs import frozen

from afwegen.codec import LARGEST_VALUE
from afwegen.errors import CodecError, ProfileError
from afwegen.events import (
    AssumptionAdded,
    CostEstimated,
    NoteTaken,
    OptionDeclared,
    ParticipantInvited,
    RankingSubmitted,
    RoundClosed,
    RoundOpened,
    SolutionProposed,
    SolutionsCombined,
    StepCompleted,
    StepOverridden,
    StepStarted,
)
from afwegen.interop.pabulib import Election, Order
from afwegen.interop.preflib import Categories, Rankings
from afwegen.log import canonical
from afwegen.method import Step
from afwegen.session import Session
from afwegen.stores import Store

__all__ = ["Progress", "import_election", "solution_ids"]

Progress = Callable[[int, int], None]
"""Called with how many records were made, and how many there will be about."""

NOT_IN_THE_SOURCE: Final = "not in the source"
ROUND: Final = "ballots"
FUNDED: Final = "funded"
_BATCH: Final = 500
_LONGEST: Final = 64
_ENVELOPE: Final = 2048
"""Octets that what stands around a value may take."""
_RESERVED: Final = ("baseline",)
"""What no solution may be called."""


@frozen(kw_only=True)
class _Source:
    """What both formats come down to."""

    titles: tuple[str, ...]
    ids: tuple[str, ...]
    costs: tuple[Decimal, ...]
    budget: Decimal | None
    judges: tuple[str, ...]
    orders: Iterable[Order]
    named: dict[str, str]
    funded: tuple[str, ...]


def import_election(
    store: Store,
    election: Election | Rankings | Categories,
    *,
    title: str,
    area: str,
    by: str,
    source: str,
    language: Literal["nl", "en"] = "nl",
    on_progress: Progress | None = None,
) -> Session:
    """
    Make a session of a ballot file, with every ballot in it.

    Args:
        store: Where it is kept.
        election: As ``pabulib.read`` or ``preflib.read`` gives it.
        title: Of the session.
        area: The neighbourhood it is about.
        by: The key of who imports it; they lead the session.
        source: Where the file comes from: its name, its year, its publisher.
        language: Of the account, ``"nl"`` or ``"en"``.
        on_progress: Called after each batch, with how many records were made and how many there will be.

    Returns:
        The session, in step 6, its round closed.

    Raises:
        ProfileError: There are no alternatives or no ballots to import, or two ballots are of one voter.
        CodecError: A name, or an order of all alternatives, is too large to stand in one record; or *source* is blank.
        StoreError: The store cannot be written.

    >>> from afwegen import open_store
    >>> from afwegen.interop import preflib
    >>> rankings = preflib.parse(
    ...     '''# TITLE: Lunch
    ... # DATA TYPE: soi
    ... # NUMBER ALTERNATIVES: 2
    ... # NUMBER VOTERS: 3
    ... # NUMBER UNIQUE ORDERS: 2
    ... # ALTERNATIVE NAME 1: Soup
    ... # ALTERNATIVE NAME 2: Bread
    ... 2: 1,2
    ... 1: 2
    ... '''
    ... )
    >>> session = import_election(
    ...     open_store("memory:"), rankings, title="Lunch", area="Kitchen", by="cook", source="lunch.soi"
    ... )
    >>> session.profile().rankings["overall"]
    array([[ 1.,  2.],
           [ 1.,  2.],
           [nan,  1.]])
    """
    found = _of_election(election) if isinstance(election, Election) else _of_rankings(election)
    _refuse_unfit(found, source)
    made = Session.start(store, title=title, area=area, by=by, form="imported", language=language)
    importing = _Importing(made, by, found, on_progress)
    importing.frame(source)
    importing.solutions(source)
    importing.ballots()
    return made


def _refuse_unfit(found: _Source, source: str) -> None:
    """Refuse what could not be recorded to the end, before anything is."""
    if not found.ids or not found.judges:
        raise ProfileError("there is nothing to import", "give a file with alternatives and ballots", source)
    if len(set(found.judges)) < len(found.judges):
        raise ProfileError("two ballots are of the same voter", "keep one of them", source)
    if not source or source.isspace():
        raise CodecError("a session says where it comes from", "name the file, its year, its publisher", source)
    for value in (source, *found.titles, *found.judges, list(found.ids)):
        size = len(canonical.encode(value))
        if size > LARGEST_VALUE - _ENVELOPE:
            raise CodecError("something in this file is too large for one record", "shorten it", (size, source))


class _Importing:
    """One session under way: who enters it, and how far it is."""

    def __init__(self, session: Session, by: str, found: _Source, on_progress: Progress | None) -> None:
        self.session = session
        self.by = by
        self.found = found
        self.on_progress = on_progress
        self.expected = 22 + 2 * len(found.judges) + len(found.ids) + len(found.costs)

    def record(self, events: Iterable[Any], **given: Any) -> None:
        for batch in _batches(events, _BATCH):
            self.session.record(*batch, by=self.by, **given)
            self.said()

    def said(self) -> None:
        if self.on_progress is not None:
            done = self.session.state.length
            self.on_progress(done, max(done, self.expected))

    def frame(self, source: str) -> None:
        """Record where it comes from, what there is to spend, and who judged."""
        self.record([NoteTaken(text=f"Imported from {source}")], role="organiser")
        if self.found.budget is not None:
            self.record([OptionDeclared(option="budget", amount=self.found.budget, explanation=source)])
        self.record(ParticipantInvited(participant=key, name=key, perspective="voter") for key in self.found.judges)

    def solutions(self, source: str) -> None:
        """Walk to step 4 and record what could be chosen, and at what cost."""
        self.passed(Step.INVENTORY)
        self.passed(Step.SHARPENING)
        self.record([StepStarted(step=Step.BASELINE)])
        if self.found.costs:
            assumed = "without the project nothing is spent"
            self.record([AssumptionAdded(assumption="nothing-spent", text=assumed, source=source)], role="organiser")
        self.record([_overridden(Step.BASELINE), StepStarted(step=Step.SOLUTIONS)])
        proposed = zip(self.found.ids, self.found.titles, strict=True)
        self.record(SolutionProposed(solution=key, title=name) for key, name in proposed)
        costs = zip(self.found.ids, self.found.costs, strict=False)
        self.record(
            (CostEstimated(cost=key, solution=key, amount=cost, source=source) for key, cost in costs), role="organiser"
        )
        self.record([StepCompleted(step=Step.SOLUTIONS)])

    def ballots(self) -> None:
        """Record every ballot as a ranking in one round of step 6, and what was funded."""
        self.passed(Step.EFFECTS)
        self.record([StepStarted(step=Step.PRESELECTION), RoundOpened(round=ROUND, asks="ranking")])
        sheets = (_sheet(order, self.found.named) for order in self.found.orders)
        for batch in _batches(zip(self.found.judges, sheets, strict=True), _BATCH):
            judges, events = zip(*batch, strict=True)
            self.session.record(*events, by=self.by, on_behalf_of=judges, channel="async")
            self.said()
        self.record([RoundClosed(round=ROUND)])
        if len(self.found.funded) > 1:
            key = _free(FUNDED, {*self.found.ids, *_RESERVED})
            title = "What was funded, together"
            combined = SolutionsCombined(solution=key, parts=self.found.funded, title=title)
            self.record([combined], role="organiser")

    def passed(self, step: Step) -> None:
        """Go through a step of which the source knows nothing."""
        self.record([StepStarted(step=step), _overridden(step)])


def _overridden(step: Step) -> StepOverridden:
    return StepOverridden(step=step, reason=NOT_IN_THE_SOURCE)


def _sheet(order: Order, named: dict[str, str]) -> RankingSubmitted:
    tiers = tuple(tuple(named[name] for name in tier) for tier in order)
    return RankingSubmitted(round=ROUND, tiers=tiers, abstains=not tiers)


def _batches(items: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    source = iter(items)
    return iter(lambda: tuple(islice(source, size)), ())


# -- what both formats come down to -----------------------------------------------------------------------------------


def _of_election(election: Election) -> _Source:
    ids = solution_ids(election.alternatives)
    named = dict(zip(election.alternatives, ids, strict=True))
    return _Source(
        titles=tuple(_title(project.name, project.project_id) for project in election.projects),
        ids=ids,
        costs=tuple(project.cost for project in election.projects),
        budget=election.budget,
        judges=tuple(normalize("NFC", f"voter-{ballot.voter_id}") for ballot in election.ballots),
        orders=election.orders(),
        named=named,
        funded=tuple(
            named[project.project_id] for project in election.projects if dict(project.fields).get("selected") == "1"
        ),
    )


def _of_rankings(rankings: Rankings | Categories) -> _Source:
    ids = solution_ids(rankings.alternatives)
    total = sum(rankings.counts)
    repeated = ((order,) * count for order, count in zip(rankings.orders, rankings.counts, strict=True))
    return _Source(
        titles=tuple(_title(name, key) for name, key in zip(rankings.alternatives, ids, strict=True)),
        ids=ids,
        costs=(),
        budget=None,
        judges=tuple(f"voter-{number}" for number in range(1, total + 1)),
        orders=chain.from_iterable(repeated),
        named=dict(zip(rankings.alternatives, ids, strict=True)),
        funded=(),
    )


def _title(name: str, otherwise: str) -> str:
    """Return a name as the log holds text: in NFC, and never blank."""
    return normalize("NFC", otherwise if not name or name.isspace() else name)


def solution_ids(names: Sequence[str]) -> tuple[str, ...]:
    """
    Return an id for each name, in order: letters without accents in lower case, what else cannot stand in an id a dash.

    Of names that come to the same id the first has it; the next gets ``-2``, then ``-3``, in the order of the file.
    ``baseline`` is taken: it is the name of doing nothing extra. A name of which nothing is left becomes ``project``.

    >>> solution_ids(["41597", "Café Oost", "cafe oost", "Baseline", "?"])
    ('41597', 'cafe-oost', 'cafe-oost-2', 'baseline-2', 'project')
    """
    taken = set(_RESERVED)
    found = []
    for name in names:
        key = _free(_plain(name), taken)
        taken.add(key)
        found.append(key)
    return tuple(found)


def _plain(name: str) -> str:
    ascii_only = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._]+", "-", ascii_only).strip("-._")[:_LONGEST].rstrip("-._") or "project"


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        suffix = f"-{number}"
        free = f"{key[: _LONGEST - len(suffix)]}{suffix}"
    return free
