"""A session's state in a few lines a step, as data and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afwegen.events.declaration import Erased
from afwegen.method import Step

if TYPE_CHECKING:
    from afwegen.audit import Level, Report
    from afwegen.models import Comparison
    from afwegen.steps.state import SessionState

__all__ = ["compared", "level", "results", "status", "summary", "verified"]


def status(state: SessionState, step: Step) -> str:
    """Return where a step stands, in one or two words."""
    this = state.progress.of(step)
    if this.is_open:
        return "reopened" if this.reopened is not None else "open"
    if this.overridden is not None:
        return "overridden"
    return "completed" if this.completed is not None else "not begun"


def shown(value: Any) -> str:
    """Return a personal value as text: the value, or why it is not there."""
    return f"[{value.value}]" if isinstance(value, Erased) else "" if value is None else str(value)


def results(state: SessionState) -> dict[Step, list[str]]:
    """Return what each step came to, in plain lines."""
    return {
        Step.PREPARATION: _preparation(state),
        Step.INVENTORY: [
            f"{key}: {shown(state.inventory.problems[key].statement)}" for key in state.inventory.standing
        ],
        Step.SHARPENING: [
            f"{key} ({', '.join(state.sharpening.cores[key].owners)}): {shown(state.sharpening.cores[key].statement)}"
            for key in state.sharpening.adopted
        ],
        Step.BASELINE: [shown(state.baseline.description)] if state.baseline.draft is not None else [],
        Step.SOLUTIONS: [f"{key}: {shown(state.solutions.solutions[key].title)}" for key in state.solutions.standing],
        Step.EFFECTS: [_effects(state, key) for key in state.solutions.standing if state.effects.of(key)],
        Step.PRESELECTION: [f"shortlist: {', '.join(state.preselection.shortlisted)}"]
        if state.preselection.shortlisted
        else [],
        Step.ANALYSIS: [f"effect card of {key}" for key in sorted(state.analysis.cards)],
        Step.CHOICE: _choice(state),
        Step.FOLLOW_UP: [shown(said.event.finding) for _, said in sorted(state.follow_up.measurements.items())],
    }


def _preparation(state: SessionState) -> list[str]:
    occasion = state.preparation.occasion
    told = [] if occasion is None else [f"occasion: {shown(occasion.event.occasion)}"]
    return [*told, f"people taking part: {len(state.preparation.active):,}"]


def _effects(state: SessionState, solution: str) -> str:
    effects = [state.effects.effects[key].event for key in state.effects.of(solution)]
    negative = sum(effect.direction == "negative" for effect in effects)
    return f"{solution}: {len(effects)} effects, {negative} of them negative"


def _choice(state: SessionState) -> list[str]:
    settled = state.choice.choice
    if settled is None:
        return []
    if not state.choice.chosen:
        return [f"not yet: {shown(getattr(settled.event, 'reason', None))}"]
    motivation = shown(getattr(settled.event, "motivation", None))
    dissent = [f"dissent: {shown(said.event.words)}" for _, said in sorted(state.choice.dissent.items())]
    return [f"chosen: {', '.join(state.choice.chosen)}", f"because: {motivation}", *dissent]


def summary(state: SessionState) -> dict[str, Any]:
    """Return a state as data: where each step stands, what it came to, what is stale."""
    told = results(state)
    return {
        "session": state.session,
        "title": shown(state.preparation.title),
        "area": shown(state.preparation.area),
        "records": state.length,
        "step": state.step.value,
        "people": len(state.preparation.active),
        "steps": [
            {
                "step": step.value,
                "status": status(state, step),
                "results": told[step],
                "lacking": list(state.lacking(step)) if state.progress.of(step).is_open else [],
            }
            for step in Step
        ],
        "stale": [{"what": stale.what, "because": stale.because, "since": stale.since} for stale in state.stale],
        "chosen": list(state.choice.chosen),
        "ended": None if state.meeting.ended is None else state.meeting.ended.event.outcome,
    }


def compared(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison of models as data."""
    return {
        "models": [
            {
                "model": row.label,
                "parameters": dict(row.model.parameters),
                "ranking": None if row.outcome is None else [list(tier) for tier in row.outcome.ranking],
                "scores": None if row.outcome is None or row.outcome.scores is None else dict(row.outcome.scores),
                "consensus": None
                if row.outcome is None or row.outcome.consensus is None
                else row.outcome.consensus.degree,
                "notes": [] if row.outcome is None else list(row.outcome.notes),
                "not_applicable": row.reason or None,
            }
            for row in comparison.rows
        ],
        "agreement": [
            {
                "left": pair.left,
                "right": pair.right,
                "tau_b": pair.tau_b,
                "same_top": pair.same_top,
                "top_three": pair.top_three,
            }
            for pair in comparison.agreement
        ],
        "winners": {name: list(labels) for name, labels in comparison.winners.items()},
    }


def verified(report: Report) -> dict[str, Any]:
    """Return what a verification found as data."""
    return {
        "session": report.session,
        "records": report.length,
        "root": report.root,
        "passed": report.passed,
        "levels": [level(each) for each in report.levels],
    }


def level(found: Level) -> dict[str, Any]:
    """Return what was found of one level as data."""
    return {
        "level": found.number,
        "name": found.name,
        "verdict": found.verdict.value,
        "said": found.said,
        "checked": found.checked,
        "of": found.of,
        "findings": list(found.findings),
        "left_open": list(found.left_open),
    }
