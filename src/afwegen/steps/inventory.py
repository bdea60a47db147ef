"""Step 1, the inventory: problems, why they are problems, and for whom (*inventariseren*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    OpeningPitched,
    PartyNamed,
    ProblemOwnerAdded,
    ProblemPitched,
    ProblemPrioritised,
    ProblemReported,
    ProblemSetAside,
    ProblemSplit,
    QuestionAsked,
    Record,
    SolutionParked,
)
from afwegen.events.declaration import Erased
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, refuse, room, with_last_word

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Inventory", "Problem", "admit", "apply", "lacking"]


@room
class Problem:
    """
    A problem as the group sees it now.

    Attributes:
        owners: For whom it is a problem, each with their own why.
        split_into: The problems it turned out to be.
    """

    statement: str | Erased
    why: str | Erased
    keywords: tuple[str, ...] | Erased
    owners: Map[str, str | Erased]
    reported_for: str
    seq: int
    changed: int
    author: str
    status: Status = "standing"
    split_into: tuple[str, ...] = ()


@room
class Inventory:
    """What is going on, as far as it has been told."""

    problems: Map[str, Problem] = EMPTY
    pitches: Map[int, Said[OpeningPitched | ProblemPitched]] = EMPTY
    questions: Map[int, Said[QuestionAsked]] = EMPTY
    parked: Map[str, Said[SolutionParked]] = EMPTY
    parties: Map[str, Said[PartyNamed]] = EMPTY
    priorities: Map[str, Said[ProblemPrioritised]] = EMPTY

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the ids of the problems that stand, in order of report."""
        found = [(problem.seq, key) for key, problem in self.problems.items() if problem.status == "standing"]
        return tuple(key for _, key in sorted(found))

    @property
    def owners(self) -> tuple[str, ...]:
        """Return every party for whom a standing problem is one, sorted."""
        return tuple(sorted({owner for key in self.standing for owner in self.problems[key].owners}))


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the inventory cannot bear."""
    match record.event:
        case ProblemOwnerAdded(problem=key, owner=owner) if owner in state.inventory.problems[key].owners:
            refuse("this problem has that owner already", "report the problem as you see it, and merge them", owner)
        case _:
            return


def apply(inventory: Inventory, record: Record[Any]) -> Inventory:
    """Return the inventory after *record*."""
    match record.event:
        case ProblemReported() as event:
            problem = Problem(
                statement=event.statement,
                why=event.why,
                keywords=event.keywords,
                owners=EMPTY.insert(event.owner, event.why),
                reported_for=event.owner,
                seq=record.seq,
                changed=record.seq,
                author=record.author,
            )
            return evolve(inventory, problems=inventory.problems.insert(event.problem, problem))
        case ProblemOwnerAdded() as event:
            problems = changed(
                inventory.problems,
                event.problem,
                lambda problem: evolve(problem, owners=problem.owners.insert(event.owner, event.why)),
            )
            return evolve(inventory, problems=problems)
        case ProblemPrioritised():
            return evolve(inventory, priorities=with_last_word(inventory.priorities, record))
        case ProblemSplit(problem=key, into=into):
            return _settled(inventory, key, status="split", split_into=into)
        case ProblemSetAside(problem=key):
            return _settled(inventory, key, status="set aside")
        case _:
            return inventory


def _settled(inventory: Inventory, key: str, **changes: Any) -> Inventory:
    return evolve(inventory, problems=changed(inventory.problems, key, lambda problem: evolve(problem, **changes)))


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: a problem with an owner."""
    return () if state.inventory.standing else ("a problem with an owner",)
