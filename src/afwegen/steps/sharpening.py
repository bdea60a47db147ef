"""Step 2, sharpening: one core problem for each owner (*aanscherpen*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    Adoption,
    CoreProblemAdopted,
    CoreProblemFormulated,
    CoreProblemPresented,
    DeeperProblemExamined,
    JointProblemAdopted,
    Objection,
    OwnerSetAside,
    ProblemsAssigned,
    ProblemSized,
    ProblemSplit,
    Record,
    SelfResolutionExamined,
)
from afwegen.events.declaration import Erased
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, kept, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["CoreProblem", "Sharpening", "admit", "apply", "lacking"]


@room
class CoreProblem:
    """The one problem to solve for its owners; ``adopted_at`` is None until the group takes it as its own."""

    statement: str | Erased
    owners: tuple[str, ...]
    problems: tuple[str, ...]
    seq: int
    changed: int
    author: str
    presented_at: int | None = None
    adopted_at: int | None = None
    unsettled: bool = False
    adoption: Adoption | None = None
    objections: tuple[Objection, ...] | Erased = ()
    status: Status = "standing"


@room
class Sharpening:
    """How the group came from many problems to the core."""

    cores: Map[str, CoreProblem] = EMPTY
    examinations: Map[int, Said[DeeperProblemExamined | SelfResolutionExamined]] = EMPTY
    sizings: Map[int, Said[ProblemSized]] = EMPTY
    assigned: Map[str, tuple[str, ...]] = EMPTY
    owners_set_aside: Map[str, Said[OwnerSetAside]] = EMPTY
    joint_problem: Said[JointProblemAdopted] | None = None

    @property
    def adopted(self) -> tuple[str, ...]:
        """Return the ids of the core problems the group adopted, in order of adoption."""
        found = [(core.adopted_at, key) for key, core in self.cores.items() if core.adopted_at is not None]
        return tuple(key for _, key in sorted(found) if self.cores[key].status == "standing")


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what sharpening cannot bear."""
    match record.event:
        case CoreProblemFormulated(owners=owners):
            if not owners:
                refuse("a core problem has an owner", "name for whom it is one", owners)
            if len(set(owners)) < len(owners):
                refuse("an owner is named twice", "name each once", owners)
        case CoreProblemAdopted(core=key) if state.sharpening.cores[key].adopted_at is not None:
            refuse("this core problem is adopted already", "formulate it anew to change it", key)
        case ProblemSplit(problem=key, into=into):
            if len(set(into) - {key}) < 2:
                refuse("a problem is split into two or more others", "report those first", into)
        case OwnerSetAside(owner=owner) if owner not in state.inventory.owners:
            refuse("no standing problem has this owner", "name one of the owners", owner)
        case _:
            return


def apply(sharpening: Sharpening, record: Record[Any]) -> Sharpening:
    """Return sharpening after *record*."""
    match record.event:
        case CoreProblemFormulated() as event:
            before = sharpening.cores.get(event.core)
            core = CoreProblem(
                statement=event.statement,
                owners=event.owners,
                problems=event.problems,
                seq=record.seq,
                changed=record.seq,
                author=record.author,
                # A new text unsettles what was agreed on the old one.
                unsettled=before is not None and (before.adopted_at is not None or before.unsettled),
            )
            return evolve(sharpening, cores=sharpening.cores.insert(event.core, core))
        case CoreProblemPresented(core=key):
            return _with_core(sharpening, key, presented_at=record.seq)
        case CoreProblemAdopted() as event:
            return _with_core(
                sharpening,
                event.core,
                adopted_at=record.seq,
                changed=record.seq,
                unsettled=False,
                adoption=event.adoption,
                objections=event.objections,
            )
        case ProblemsAssigned(subgroup=group, problems=problems):
            return evolve(sharpening, assigned=sharpening.assigned.insert(group, problems))
        case OwnerSetAside(owner=owner):
            return evolve(sharpening, owners_set_aside=sharpening.owners_set_aside.insert(owner, kept(record)))
        case _:
            return sharpening


def _with_core(sharpening: Sharpening, key: str, **changes: Any) -> Sharpening:
    return evolve(sharpening, cores=changed(sharpening.cores, key, lambda core: evolve(core, **changes)))


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name the owners that have neither an adopted core problem nor been set aside; without any owner, the problem."""
    sharpening = state.sharpening
    if not state.inventory.owners and not sharpening.adopted:
        return ("an adopted core problem",)
    covered = {owner for key in sharpening.adopted for owner in sharpening.cores[key].owners}
    waiting = [owner for owner in state.inventory.owners if owner not in covered | set(sharpening.owners_set_aside)]
    return tuple(f"an adopted core problem of {owner!r}" for owner in waiting)
