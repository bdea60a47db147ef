"""Step 8, the choice: people choose, with reasons (*kiezen*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    BaselineConsidered,
    ChoiceDeferred,
    ChoiceMade,
    ChoiceReportedBack,
    DepartmentAdvised,
    DepartureExplained,
    DissentVoiced,
    OtherAspectWeighed,
    ProcedureStated,
    Record,
    SupportSounded,
)
from afwegen.method import Step
from afwegen.steps.things import EMPTY, Map, Said, evolve, kept, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Choice", "admit", "apply", "lacking"]


@room
class Choice:
    """How it was decided, what was weighed, and what was chosen."""

    procedure: Said[ProcedureStated] | None = None
    deciders: frozenset[str] = frozenset()
    advice: Map[int, Said[DepartmentAdvised]] = EMPTY
    support: Map[int, Said[SupportSounded]] = EMPTY
    aspects: Map[int, Said[OtherAspectWeighed]] = EMPTY
    considerations: Map[int, Said[BaselineConsidered]] = EMPTY
    choice: Said[ChoiceMade | ChoiceDeferred] | None = None
    dissent: Map[int, Said[DissentVoiced]] = EMPTY
    departures: Map[int, Said[DepartureExplained]] = EMPTY
    reported_back: Map[int, Said[ChoiceReportedBack]] = EMPTY

    @property
    def considered(self) -> bool:
        """Say whether the baseline was weighed as a possible best."""
        return any(said.status == "standing" for said in self.considerations.values())

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return what people chose; empty while they have not, or put it off."""
        standing = self.choice is not None and self.choice.status == "standing"
        return self.choice.event.chosen if standing and isinstance(self.choice.event, ChoiceMade) else ()  # type: ignore[union-attr]


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the choice cannot bear."""
    match record.event:
        case ChoiceMade(chosen=chosen):
            if not chosen:
                refuse("a choice names what was chosen", "name a solution, several, or 'baseline'", chosen)
            if len(set(chosen)) < len(chosen):
                refuse("something is chosen twice", "name each once", chosen)
            if state.choice.chosen and not _reopened(state):
                refuse("the choice has been made", "reopen step 8, or withdraw it, to choose anew", state.choice.chosen)
            _admit_settling(state)
        case ChoiceDeferred():
            _admit_settling(state)
        case _:
            return


def _reopened(state: SessionState) -> bool:
    choice = state.choice.choice
    return choice is not None and state.progress.reopened_since(choice.seq, (Step.CHOICE,))


def _admit_settling(state: SessionState) -> None:
    if state.choice.procedure is None:
        refuse("it is not recorded how this is decided, and by whom", "record ProcedureStated first")
    if not state.choice.considered:
        refuse("the baseline is always considered as a possible best", "record BaselineConsidered first")


def apply(choice: Choice, record: Record[Any]) -> Choice:
    """Return the choice after *record*."""
    match record.event:
        case ProcedureStated(deciders=deciders):
            return evolve(choice, procedure=kept(record), deciders=frozenset(deciders))
        case _:
            return choice


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: the baseline considered, and a choice or its deferral."""
    owed = [] if state.choice.considered else ["the baseline considered as a possible best"]
    settled = state.choice.choice is not None and state.choice.choice.status == "standing"
    return tuple(owed if settled else [*owed, "a choice, or its deferral"])
