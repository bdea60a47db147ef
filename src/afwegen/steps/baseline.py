"""Step 3, the baseline: what happens if we do nothing extra (*basisalternatief*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    Adoption,
    AssumptionAdded,
    BaselineAdopted,
    BaselineChecked,
    BaselineDrafted,
    Objection,
    Record,
)
from afwegen.events.declaration import Erased
from afwegen.steps.things import EMPTY, Map, Said, evolve, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Baseline", "admit", "apply", "lacking"]


@room
class Baseline:
    """
    The future without a new intervention, as the group sees it now.

    Attributes:
        draft: The description that stands.
        adopted_at: The record that adopted it; None again after a new draft.
        unsettled: It was adopted once, and has been redrafted since.
    """

    draft: Said[BaselineDrafted] | None = None
    assumptions: Map[str, Said[AssumptionAdded]] = EMPTY
    checks: Map[int, Said[BaselineChecked]] = EMPTY
    adopted_at: int | None = None
    unsettled: bool = False
    adoption: Adoption | None = None
    objections: tuple[Objection, ...] | Erased = ()

    @property
    def description(self) -> str | Erased | None:
        """Return the text that stands, or None."""
        return None if self.draft is None else self.draft.event.description

    @property
    def horizon_years(self) -> int | None:
        """Return how many years it looks ahead, if that was said."""
        return None if self.draft is None else self.draft.event.horizon_years

    @property
    def failed_checks(self) -> frozenset[str]:
        """Return the points of attention that were last found wanting."""
        last = {said.event.check: said.event.satisfied for _, said in sorted(self.checks.items())}
        return frozenset(check for check, satisfied in last.items() if not satisfied)


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the baseline cannot bear."""
    match record.event:
        case BaselineAdopted() if not state.stands(("baseline",), "baseline"):
            refuse("a baseline is drafted before it is adopted", "record BaselineDrafted first")
        case BaselineAdopted() if state.baseline.adopted_at is not None:
            refuse("the baseline is adopted already", "draft it anew to change it")
        case BaselineChecked() if not state.stands(("baseline",), "baseline"):
            refuse("there is no baseline to check", "record BaselineDrafted first")
        case _:
            return


def apply(baseline: Baseline, record: Record[Any]) -> Baseline:
    """Return the baseline after *record*."""
    match record.event:
        case BaselineDrafted():
            # A new text unsettles what was agreed on the old one.
            unsettled = baseline.unsettled or baseline.adopted_at is not None
            return evolve(baseline, adopted_at=None, adoption=None, objections=(), unsettled=unsettled)
        case BaselineAdopted() as event:
            return evolve(
                baseline,
                adopted_at=record.seq,
                unsettled=False,
                adoption=event.adoption,
                objections=event.objections,
            )
        case _:
            return baseline


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: an adopted baseline."""
    adopted = state.baseline.adopted_at is not None and state.stands(("baseline",), "baseline")
    return () if adopted else ("an adopted baseline",)
