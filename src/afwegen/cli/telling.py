"""A session's state in a few lines a step, as data and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import ChoiceMade
from afwegen.events.declaration import Erased
from afwegen.method import Step

if TYPE_CHECKING:
    from afwegen.audit import Level, Report
    from afwegen.models import Comparison, Consensus, Outcome
    from afwegen.models.comparing import Row
    from afwegen.projections import Overview
    from afwegen.steps.state import SessionState
    from afwegen.steps.things import Map, Said

__all__ = [
    "agreed",
    "at_length",
    "called",
    "compared",
    "facts",
    "glance",
    "gone_or",
    "headed",
    "level",
    "listed",
    "looked_at",
    "places",
    "results",
    "shown",
    "status",
    "summary",
    "titles",
    "verdict",
    "verified",
]

SEVEN: Final = 7
"""As many names in a row as can be taken in (Miller, 1956)."""


def status(state: SessionState, step: Step) -> str:
    """Return where a step stands, in one or two words."""
    this = state.progress.of(step)
    if this.is_open:
        return "reopened" if this.reopened is not None else "open"
    if this.overridden is not None:
        return "overridden"
    return "completed" if this.completed is not None else "not begun"


def headed(step: Step) -> str:
    """Return what a step is called, with its number where it has one: ``Step 1: inventory``, ``Preparation``."""
    called, name = step.called.capitalize(), step.value.replace("_", "-")
    return called if called.lower() == name else f"{called}: {name}"


def shown(value: Any) -> str:
    """Return a personal value as text: the value, or why it is not there."""
    return f"[{value.value}]" if isinstance(value, Erased) else "" if value is None else str(value)


def gone_or(text: str | None) -> str:
    """Return a text of a list of sessions, or that it is gone."""
    return "[erased]" if text is None else text


def glance(each: Overview) -> dict[str, Any]:
    """Return a session of a list as data."""
    names = ("session", "title", "area", "step", "records", "people", "last", "advice")
    return {**{name: getattr(each, name) for name in names}, "last_at": each.last_at.isoformat()}


def at_length(each: Overview) -> tuple[tuple[str, str], ...]:
    """Return what there is to say of a session in a list, in words."""
    return (
        ("session", each.session),
        ("area", gone_or(each.area)),
        ("step", each.step),
        ("people", str(each.people)),
        ("last act", f"{each.last}, {each.last_at:%Y-%m-%d %H:%M} UTC; {each.records:,} records"),
        ("next", each.advice or "nothing the method would say"),
    )


def facts(state: SessionState, step: Step) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what came of a step: names, and under each one or several lines."""
    told = [(label, tuple(line for line in lines if line)) for label, lines in _TELLING[step](state)]
    for label, things, field in (
        ("noted", state.meeting.notes, "text"),
        ("insight", state.meeting.insights, "insight"),
    ):
        found = [shown(getattr(said.event, field)) for said in _standing(things) if _step_then(state, said) is step]
        told.append((label, tuple(found)))
    return tuple((label, lines) for label, lines in told if lines)


def results(state: SessionState, step: Step) -> list[str]:
    """Return what came of a step in plain lines."""
    return [f"{label}: {line}" for label, lines in facts(state, step) for line in lines]


def _step_then(state: SessionState, said: Said[Any]) -> Step:
    """Return the furthest step that was open when something was said."""
    then = [step for step in Step if state.progress.of(step).was_open_at(said.happened_at)]
    return then[-1] if then else state.step


def summary(state: SessionState) -> dict[str, Any]:
    """Return a state as data: where each step stands, what it came to, what is stale."""
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
                "results": results(state, step),
                "lacking": list(state.lacking(step)) if state.progress.of(step).is_open else [],
            }
            for step in Step
        ],
        "stale": [{"what": stale.what, "because": stale.because, "since": stale.since} for stale in state.stale],
        "chosen": list(state.choice.chosen),
        "ended": None if state.meeting.ended is None else state.meeting.ended.event.outcome,
    }


def agreed(row: Row) -> Consensus | None:
    """Return how far the judges' own orders agree, if the model looked at it."""
    return None if row.outcome is None else row.outcome.consensus


def titles(state: SessionState) -> dict[str, str]:
    """Return what people call each solution."""
    return {name: shown(solution.title) for name, solution in state.solutions.solutions.items()}


def called(name: str, titles: Mapping[str, str]) -> str:
    """Return an id with its title."""
    title = titles.get(name, "")
    return f"{name}: {title}" if title and title != name else name


def verdict(row: Row) -> str:
    """Return a model's order in a line that can be taken in, or why there is none."""
    if row.outcome is None or len(row.outcome.ranking) <= SEVEN:
        return row.verdict
    first = " > ".join(" = ".join(tier) for tier in row.outcome.ranking[:SEVEN])
    rest = sum(len(tier) for tier in row.outcome.ranking[SEVEN:])
    return f"{first} > {rest:,} more"


def places(comparison: Comparison) -> list[tuple[str, tuple[str, ...], float | None]]:
    """
    Return for each alternative its place under every model that could be applied, and how far judges agree on it.

    In the order of the first place, then the second, and so on, as the models place them on average.
    """
    rows = [(row, row.outcome) for row in comparison.rows if row.outcome is not None]
    if not rows:
        return []
    tiers = [{name: tier for tier, names in enumerate(outcome.ranking, 1) for name in names} for _, outcome in rows]
    consensus = next((found for row, _ in reversed(rows) if (found := agreed(row)) is not None), None)
    names = sorted(rows[0][1].profile.alternatives, key=lambda name: sum(places[name] for places in tiers))
    return [
        (
            name,
            tuple(_place(outcome, places[name], name) for (_, outcome), places in zip(rows, tiers, strict=True)),
            None if consensus is None else consensus.by_alternative.get(name),
        )
        for name in names
    ]


def _place(outcome: Outcome, tier: int, name: str) -> str:
    tied = "=" if len(outcome.ranking[tier - 1]) > 1 else " "
    score = None if outcome.scores is None else outcome.scores.get(name)
    return f"{tier}{tied}" if score is None else f"{score:.3f} {tier:>3}{tied}"


def looked_at(level: Level) -> str:
    """Return what a level looked at, with how much where it passed."""
    return f"{level.checked:,} {level.said}" if level.of and level.verdict.value == "PASS" else level.said


def compared(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison of models as data."""
    return {
        "models": [
            {
                "model": row.label,
                "parameters": dict(row.model.parameters),
                "ranking": None if row.outcome is None else [list(tier) for tier in row.outcome.ranking],
                "scores": None if row.outcome is None or row.outcome.scores is None else dict(row.outcome.scores),
                "consensus": None if (found := agreed(row)) is None else found.degree,
                "consensus_by_alternative": None if found is None else dict(found.by_alternative),
                "kendall_w": None if found is None else found.kendall_w,
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
        "notes": list(found.notes),
    }


# -- what came of each step -------------------------------------------------------------------------------------------

Facts = Iterator[tuple[str, Iterable[str]]]


def _money(amount: int | Decimal | None) -> str:
    return "" if amount is None else f"EUR {amount:,}"


def listed(names: Iterable[Any], most: int = 8) -> str:
    """Return names in a row, the first so many of them."""
    words = [shown(name) for name in names]
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def _number(count: int, one: str, several: str = "") -> str:
    return "" if not count else f"{count:,} {one if count == 1 else several or one + 's'}"


def _standing(items: Map[Any, Said[Any]]) -> list[Said[Any]]:
    return sorted((said for said in items.values() if said.status == "standing"), key=lambda said: said.seq)


def _title(state: SessionState, key: str) -> str:
    solution = state.solutions.solutions.get(key)
    title = "" if solution is None else shown(solution.title)
    return f"{key}: {title}" if title and title != key else key


def _preparation(state: SessionState) -> Facts:
    frame = state.preparation
    if frame.occasion is not None:
        yield "occasion", (shown(frame.occasion.event.occasion), shown(frame.occasion.event.evidence))
    if frame.purpose is not None:
        yield "purpose", (frame.purpose.event.purpose,)
    people = [frame.participants[key] for key in frame.active]
    organisations = {guest.organisation for guest in people if isinstance(guest.organisation, str)}
    counts = [_number(len(people), "participant")]
    counts += [_number(len(organisations), "organisation"), _number(len(frame.facilitators), "facilitator")]
    yield "people", (", ".join(count for count in counts if count),)
    yield "not the method's", (listed(_option(said) for said in _standing(frame.options)),)
    yield "disclosure", (frame.disclosed,)


def _option(said: Said[Any]) -> str:
    return f"{said.event.option} {_money(said.event.amount)}".strip()


def _inventory(state: SessionState) -> Facts:
    room = state.inventory
    yield (
        "problems",
        (
            f"{key}: {shown(room.problems[key].statement)} ({listed(sorted(room.problems[key].owners))})"
            for key in room.standing
        ),
    )
    yield "parked", (shown(said.event.title) for said in _standing(room.parked))


def _sharpening(state: SessionState) -> Facts:
    room = state.sharpening
    yield (
        "core problems",
        (f"{shown(room.cores[key].statement)} ({listed(room.cores[key].owners)})" for key in room.adopted),
    )
    if room.joint_problem is not None:
        yield "jointly", (shown(room.joint_problem.event.statement),)
    yield "set aside", (f"{said.event.owner}: {shown(said.event.reason)}" for said in _standing(room.owners_set_aside))


def _baseline(state: SessionState) -> Facts:
    room = state.baseline
    adopted = "" if room.adopted_at is not None else " (not adopted)"
    if room.draft is not None:
        yield "baseline", (f"{shown(room.description)}{adopted}",)
        yield "looking ahead", (_number(room.horizon_years or 0, "year"),)
    yield "assumed", (shown(said.event.text) for said in _standing(room.assumptions))


def _solutions(state: SessionState) -> Facts:
    costs = {said.event.solution: said.event.amount for said in _standing(state.effects.costs)}
    yield (
        "solutions",
        (
            f"{_title(state, key)}{f', {_money(costs[key])}' if key in costs else ''}"
            for key in state.solutions.standing
        ),
    )
    yield "set aside", (f"{key}: {shown(reason)}" for key, reason in sorted(state.solutions.set_aside.items()))


def _effects(state: SessionState) -> Facts:
    room = state.effects
    directions = Counter(said.event.direction for said in _standing(room.effects))
    counts = (f"{directions[name]} {name}" for name in ("positive", "negative") if directions[name])
    yield "effects", (", ".join(counts),)
    yield "core effects", (shown(said.event.statement) for said in _standing(room.core_effects))
    for key, asked in sorted(room.reconfirmations.items(), key=lambda item: item[1].seq):
        refused = _number(len(asked.refused_by), "refusal")
        answer = "" if asked.settled is None else asked.settled.event.answer
        said = ", ".join(part for part in (_number(len(asked.answers), "answer"), refused, answer) if part)
        yield f"reconfirmed {key}", (said,)


def _preselection(state: SessionState) -> Facts:
    room = state.preselection
    yield "criteria", (listed(shown(said.event.title) for said in _standing(room.criteria)),)
    found = sorted(state.meeting.rounds.items(), key=lambda item: item[1].seq)
    judging = [(key, this) for key, this in found if this.asks not in {"problems", "priorities", "closing words"}]
    yield (
        "rounds",
        (
            f"{key}: {this.asks} by {_number(len(this.sheets), this.of.removesuffix('s')) or 'nobody yet'}"
            f"{', open' if this.is_open else ''}"
            for key, this in judging
        ),
    )
    yield (
        "models",
        (
            f"{said.event.model}: {' > '.join(' = '.join(tier) for tier in said.event.tiers)}"
            for said in _standing(state.meeting.results)
        ),
    )
    yield "discussed", (f"{said.event.solution}: {shown(said.event.finding)}" for said in _standing(room.discussions))
    yield "shortlist", (_title(state, key) for key in room.shortlisted)


def _analysis(state: SessionState) -> Facts:
    room = state.analysis
    for key, card in sorted(room.cards.items(), key=lambda item: item[1].seq):
        sizes = [f"{said.event.size} for {said.event.owner}" for said in _standing(room.sizes) if _on(said, key)]
        adopted = "" if card.adopted_at is not None else "not adopted"
        yield (
            f"card {key}",
            (
                *(shown(said.event.statement) for said in _standing(room.main_effects) if _on(said, key)),
                listed(sizes),
                adopted,
            ),
        )


def _on(said: Said[Any], solution: str) -> bool:
    found: bool = said.event.solution == solution
    return found


def _choice(state: SessionState) -> Facts:
    room = state.choice
    if room.procedure is not None:
        yield "procedure", (shown(room.procedure.event.procedure),)
    yield "support", (f"{said.event.among}: {shown(said.event.finding)}" for said in _standing(room.support))
    yield "baseline weighed", (shown(said.event.finding) for said in _standing(room.considerations))
    if room.chosen:
        yield "chosen", (_title(state, key) for key in room.chosen)
    if room.choice is not None:
        event = room.choice.event
        yield (
            ("because", (shown(event.motivation),))
            if isinstance(event, ChoiceMade)
            else ("not yet", (shown(event.reason),))
        )
    yield (
        "departs from",
        (f"{said.event.departs_from}: {shown(said.event.reason)}" for said in _standing(room.departures)),
    )
    yield "dissent", (shown(said.event.words) for said in _standing(room.dissent))


def _follow_up(state: SessionState) -> Facts:
    room = state.follow_up
    yield "actions", (shown(said.event.what) for said in _standing(room.actions))
    yield "measured", (shown(said.event.finding) for said in _standing(room.measurements))
    yield "costs", (f"{said.event.solution}, {_money(said.event.amount)}" for said in _standing(room.costs))
    yield "attribution", (shown(said.event.finding) for said in _standing(room.attributions))
    yield "not reached", (shown(said.event.finding) for said in _standing(room.gaps))
    yield "lessons", (shown(said.event.lesson) for said in _standing(room.lessons))


_TELLING: Final[dict[Step, Callable[[SessionState], Facts]]] = {
    Step.PREPARATION: _preparation,
    Step.INVENTORY: _inventory,
    Step.SHARPENING: _sharpening,
    Step.BASELINE: _baseline,
    Step.SOLUTIONS: _solutions,
    Step.EFFECTS: _effects,
    Step.PRESELECTION: _preselection,
    Step.ANALYSIS: _analysis,
    Step.CHOICE: _choice,
    Step.FOLLOW_UP: _follow_up,
}
