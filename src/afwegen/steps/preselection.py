"""Step 6, preselection: which few deserve a closer look (*voorselectie*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CriterionSet,
    DropoutDiscussed,
    OutlierDiscussed,
    RankingPresented,
    Record,
    ShortlistAdopted,
    ShortlistAmended,
    SolutionNominated,
    SolvingPowerEstimated,
)
from afwegen.steps.solutions import refuse_when_frozen
from afwegen.steps.things import EMPTY, Map, Said, evolve, kept, refuse, room, with_last_word

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Preselection", "admit", "apply", "lacking"]


@room
class Preselection:
    """By what the cards are ordered, what was said about it, and what is left; the orders lie in the rounds."""

    criteria: Map[str, Said[CriterionSet]] = EMPTY
    solving_power: Map[int, Said[SolvingPowerEstimated]] = EMPTY
    presented: Map[int, Said[RankingPresented]] = EMPTY
    discussions: Map[int, Said[OutlierDiscussed | DropoutDiscussed]] = EMPTY
    nominations: Map[str, Said[SolutionNominated]] = EMPTY
    shortlist: Said[ShortlistAdopted | ShortlistAmended] | None = None

    @property
    def shortlisted(self) -> tuple[str, ...]:
        """Return what the group looks at more closely; empty until it picked."""
        if self.shortlist is None or self.shortlist.status != "standing":
            return ()
        return self.shortlist.event.solutions


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what this step cannot bear."""
    match record.event:
        case CriterionSet() as event:
            refuse_when_frozen(state, "criteria")
            _admit_criterion(event)
        case RankingPresented(ranking=seq):
            entry = state.entries.get(seq)
            if entry is None or entry.kind != "ranking":
                refuse("this record is no ranking", "give the number of a RankingSubmitted", seq)
            if state.preparation.disclosed == "secret":
                refuse("in a secret session nobody's order is presented", "show what all orders come to", seq)
        case ShortlistAdopted() as event:
            if state.preselection.shortlisted:
                refuse("a shortlist is adopted already", "change it with ShortlistAmended")
            _admit_shortlist(event.solutions)
        case ShortlistAmended() as event:
            if not state.preselection.shortlisted:
                refuse("there is no shortlist to amend", "adopt one with ShortlistAdopted first")
            _admit_shortlist(event.solutions)
        case _:
            return


def _admit_criterion(event: CriterionSet) -> None:
    if event.criterion in {"overall", "goal"}:
        refuse("'overall' and 'goal' have a meaning of their own", "give the criterion another id", event.criterion)
    if (event.worst is None) is not (event.best is None):
        refuse("anchors come in pairs", "give both worst= and best=, or neither", (event.worst, event.best))
    if event.worst is None or event.best is None:
        if event.points:
            refuse("points lie between anchors", "give worst= and best= too", event.points)
        return
    if event.worst == event.best:
        refuse("the worst and the best score differ", "give two anchors", event.worst)
    low, high = sorted((event.worst, event.best))
    scores = [point.score for point in event.points]
    if any(not low < score < high for score in scores):
        refuse("points lie strictly between the anchors", f"choose between {low} and {high}", scores)
    if len(set(scores)) < len(scores):
        refuse("a point is given twice", "give each score once", scores)
    towards_best = sorted(event.points, key=lambda point: point.score, reverse=event.worst > event.best)
    values = [point.percent for point in towards_best]
    if values != sorted(values):
        refuse("a better score is never worth less", "let the percentages rise towards the best", values)


def _admit_shortlist(solutions: tuple[str, ...]) -> None:
    if not solutions:
        refuse("a shortlist names at least one", "name what the group picked", solutions)
    if len(set(solutions)) < len(solutions):
        refuse("a solution stands on the shortlist twice", "name each once", solutions)


def apply(preselection: Preselection, record: Record[Any]) -> Preselection:
    """Return the preselection after *record*."""
    match record.event:
        case RankingPresented(ranking=seq):
            return evolve(preselection, presented=preselection.presented.insert(seq, kept(record)))
        case SolutionNominated():
            return evolve(preselection, nominations=with_last_word(preselection.nominations, record))
        case _:
            return preselection


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: an adopted shortlist."""
    return () if state.preselection.shortlisted else ("an adopted shortlist",)
