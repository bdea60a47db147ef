"""Step 5, effects and additional costs: what each solution would change (*effecten en meerkosten*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CoreEffectChosen,
    CostEstimated,
    EffectRecorded,
    IncomeEstimated,
    ReachRecorded,
    ReconfirmationAnswered,
    ReconfirmationAsked,
    ReconfirmationSettled,
    Record,
    ResearchTaskAnswered,
    ResearchTaskNoted,
    UncertaintyNoted,
)
from afwegen.method import Step
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, kept, refuse, room, with_last_word

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Effects", "Reconfirmation", "admit", "apply", "lacking"]


@room
class Reconfirmation:
    """
    The question whether core problems and baseline still hold, and what everybody answered.

    Attributes:
        answers: By author, what they answered last.
        settled: What was done with the refusals; None until then.
    """

    asked: tuple[str, ...]
    seq: int
    changed: int
    author: str
    answers: Map[str, Said[ReconfirmationAnswered]] = EMPTY
    settled: Said[ReconfirmationSettled] | None = None
    status: Status = "standing"

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Return who refused, sorted."""
        return tuple(sorted(who for who, said in self.answers.items() if said.event.agrees is False))

    @property
    def is_settled(self) -> bool:
        """Say whether every refusal was answered, or nobody refused and somebody answered."""
        if self.settled is not None:
            later = [who for who in self.refused_by if self.answers[who].seq > self.settled.seq]
            return not later
        return bool(len(self.answers)) and not self.refused_by


@room
class Effects:
    """What would change, for whom, and what it would cost."""

    reconfirmations: Map[str, Reconfirmation] = EMPTY
    effects: Map[str, Said[EffectRecorded]] = EMPTY
    reach: Map[str, Said[ReachRecorded]] = EMPTY
    costs: Map[str, Said[CostEstimated]] = EMPTY
    incomes: Map[str, Said[IncomeEstimated]] = EMPTY
    uncertainties: Map[int, Said[UncertaintyNoted]] = EMPTY
    research: Map[str, Said[ResearchTaskNoted]] = EMPTY
    answers: Map[int, Said[ResearchTaskAnswered]] = EMPTY
    core_effects: Map[str, Said[CoreEffectChosen]] = EMPTY

    def of(self, solution: str) -> tuple[str, ...]:
        """Return the ids of the standing effects of a solution, in order of record."""
        found = [
            (said.seq, key)
            for key, said in self.effects.items()
            if said.event.solution == solution and said.status == "standing"
        ]
        return tuple(key for _, key in sorted(found))


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what this step cannot bear."""
    match record.event:
        case ReconfirmationAnswered() as event:
            if isinstance(event.agrees, bool) and event.agrees and event.objection is not None:
                refuse("who agrees has no objection", "say agrees=False, or leave the objection out")
            if event.agrees is False and event.objection is None:
                refuse("a refusal says what the objection is", "give objection=")
        case ReconfirmationSettled() as event:
            _admit_settling(state.effects.reconfirmations[event.reconfirmation], event)
        case _:
            return


def _admit_settling(asked: Reconfirmation, event: ReconfirmationSettled) -> None:
    refused = asked.refused_by
    if refused and event.answer == "nobody refused":
        refuse("somebody refused", "say 'reopened', or 'not reopened' with the reason", refused)
    if not refused and event.answer != "nobody refused":
        refuse("nobody refused", "say 'nobody refused'", event.answer)
    if event.answer == "not reopened" and event.reason is None:
        refuse("a refusal that is not followed is answered", "give the reason")


def apply(effects: Effects, record: Record[Any]) -> Effects:
    """Return the effects after *record*."""
    match record.event:
        case ReconfirmationAsked() as event:
            asked = Reconfirmation(asked=event.asked, seq=record.seq, changed=record.seq, author=record.author)
            return evolve(effects, reconfirmations=effects.reconfirmations.insert(event.reconfirmation, asked))
        case ReconfirmationAnswered(reconfirmation=key):
            return _with_question(
                effects,
                key,
                lambda asked: evolve(asked, answers=with_last_word(asked.answers, record)),
            )
        case ReconfirmationSettled(reconfirmation=key):
            return _with_question(effects, key, lambda asked: evolve(asked, settled=kept(record)))
        case ReachRecorded(effect=key):
            return evolve(effects, reach=effects.reach.insert(key, kept(record)))
        case _:
            return effects


def _with_question(effects: Effects, key: str, change: Any) -> Effects:
    return evolve(effects, reconfirmations=changed(effects.reconfirmations, key, change))


def lacking(state: SessionState) -> tuple[str, ...]:
    """Name what the step still owes: reconfirmation asked and answered, and an effect for every solution."""
    questions = [asked for asked in state.effects.reconfirmations.values() if asked.status == "standing"]
    owed: list[str] = []
    if not questions:
        owed.append("the reconfirmation of core problems and baseline")
    unsettled = [asked for asked in questions if not asked.is_settled]
    if any(asked.refused_by for asked in unsettled):
        owed.append("an answer to who refused the reconfirmation")
    elif unsettled:
        owed.append("the answers to the reconfirmation")
    if any(_is_promised(state, asked) for asked in questions):
        owed.append("the reopening that was promised to who refused")
    owed += [f"an effect of {key!r}" for key in state.solutions.standing if not state.effects.of(key)]
    return tuple(owed)


def _is_promised(state: SessionState, asked: Reconfirmation) -> bool:
    """Say whether a step would be reopened after a refusal, and none has been since the question was asked."""
    if asked.settled is None or asked.settled.event.answer != "reopened":
        return False
    steps = (state.progress.of(step) for step in Step if step.position < Step.EFFECTS.position)
    return not any(max(step.reopened or -1, step.completed or -1) > asked.seq for step in steps)
