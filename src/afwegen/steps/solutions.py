"""Step 4, solutions: what could be done (*oplossingen inventariseren*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CardCompleted,
    NoSolutionFound,
    ParkedSolutionTakenUp,
    Record,
    SolutionProposed,
    SolutionsCombined,
    SolutionSetAside,
    VariantAdded,
)
from afwegen.events.declaration import Erased
from afwegen.method import Step
from afwegen.steps.rounds import FREEZING
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Solution", "Solutions", "admit", "apply", "lacking", "refuse_when_frozen", "too_early"]

BRINGING = (SolutionProposed, ParkedSolutionTakenUp, VariantAdded, SolutionsCombined)


@room
class Solution:
    """
    One solution as the group sees it now.

    Attributes:
        parts: The alternatives it combines, if it is a combination.
        variant_of: The solution it is a variant of, if it is one.
    """

    title: str | Erased
    description: str | Erased | None
    targets: tuple[str, ...]
    seq: int
    changed: int
    author: str
    parts: tuple[str, ...] = ()
    variant_of: str | None = None
    status: Status = "standing"


@room
class Solutions:
    """What could be done."""

    solutions: Map[str, Solution] = EMPTY
    cards: Map[int, Said[CardCompleted]] = EMPTY
    taken_up: Map[str, str] = EMPTY
    set_aside: Map[str, Any] = EMPTY
    none_found: Map[int, Said[NoSolutionFound]] = EMPTY

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the ids of the solutions that stand, in order of proposal."""
        found = [(solution.seq, key) for key, solution in self.solutions.items() if solution.status == "standing"]
        return tuple(key for _, key in sorted(found))


def too_early(state: SessionState, record: Record[Any]) -> None:
    """Refuse a solution before step 4, and say where it is kept until then."""
    if isinstance(record.event, SolutionProposed) and state.step.position < Step.SOLUTIONS.position:
        refuse(f"no solutions yet in {state.step.called}", "park it with SolutionParked")


def refuse_when_frozen(state: SessionState, what: str) -> None:
    """Refuse a change of what is being judged in an open round."""
    frozen = [key for key in state.meeting.open_rounds if state.meeting.rounds[key].asks in FREEZING]
    if frozen:
        refuse(f"{what} are frozen while round {frozen[0]!r} is open", "close it with RoundClosed first")


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the inventory of solutions cannot bear."""
    if isinstance(record.event, (*BRINGING, SolutionSetAside)):
        refuse_when_frozen(state, "solutions")
    match record.event:
        case (
            SolutionProposed(solution=key)
            | ParkedSolutionTakenUp(solution=key)
            | VariantAdded(solution=key)
            | SolutionsCombined(solution=key)
        ) if key == "baseline":
            refuse("'baseline' is the name of doing nothing extra", "give the solution another id", key)
        case ParkedSolutionTakenUp(parked=parked) if parked in state.solutions.taken_up:
            refuse("this parked solution has been taken up already", "propose a variant of it", parked)
        case SolutionsCombined(parts=parts) if len(set(parts)) < 2:
            refuse("a combination has two parts or more", "name what it combines", parts)
        case NoSolutionFound() if state.solutions.standing:
            refuse("there is a solution", "set it aside first if it is none", state.solutions.standing)
        case _:
            return


def apply(solutions: Solutions, record: Record[Any]) -> Solutions:
    """Return the solutions after *record*."""
    match record.event:
        case SolutionProposed() | ParkedSolutionTakenUp() | VariantAdded() | SolutionsCombined():
            return _with_solution(solutions, record)
        case SolutionSetAside(solution=key, reason=reason):
            return evolve(
                solutions,
                solutions=changed(solutions.solutions, key, lambda one: evolve(one, status="set aside")),
                set_aside=solutions.set_aside.insert(key, reason),
            )
        case _:
            return solutions


def _with_solution(solutions: Solutions, record: Record[Any]) -> Solutions:
    event = record.event
    solution = Solution(
        title=event.title,
        description=event.description,
        targets=event.targets,
        seq=record.seq,
        changed=record.seq,
        author=record.author,
        parts=getattr(event, "parts", ()),
        variant_of=getattr(event, "of", None),
    )
    taken_up = solutions.taken_up
    if isinstance(event, ParkedSolutionTakenUp):
        taken_up = taken_up.insert(event.parked, event.solution)
    return evolve(solutions, solutions=solutions.solutions.insert(event.solution, solution), taken_up=taken_up)


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: a solution, or the statement that none was found."""
    found = state.solutions.standing or any(said.status == "standing" for said in state.solutions.none_found.values())
    return () if found else ("a solution, or NoSolutionFound",)
