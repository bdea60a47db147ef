"""What must be looked at again because what it rests on has changed: one table, read backwards (*verouderd*)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen

from afwegen.events import (
    CriteriaWeighed,
    PairCompared,
    ProblemPrioritised,
    RankingSubmitted,
    SolutionNominated,
    SolutionScored,
)
from afwegen.events.declaration import Erased, pairs
from afwegen.steps.effects import Reconfirmation
from afwegen.steps.rounds import Round, Sheet
from afwegen.steps.things import KINDS, Map, Said

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Rests", "Stale", "sheet_is_stale", "stale_things"]


@frozen(kw_only=True)
class Stale:
    """
    Something that rests on what has changed since.

    Attributes:
        what: The thing, as ``"effect/less-noise"``; ``Reaffirmed`` takes it as it stands here.
        because: What it rests on that changed.
        since: The record that changed it.
    """

    what: str
    because: str
    since: int


@frozen
class Rests:
    """Something, the record it dates from, and what it rests on: kinds and keys of things."""

    what: str
    seq: int
    on: tuple[tuple[str, str], ...]


def stale_things(state: SessionState) -> tuple[Stale, ...]:
    """Return everything that is stale, in the order of the table below."""
    return tuple(stale for rests in _resting(state) for stale in _stale(state, rests))


def sheet_is_stale(state: SessionState, this: Round, sheet: Sheet) -> bool:
    """Say whether a judgement rests on something that changed after it was given."""
    return any(True for _ in _stale(state, _sheet(this, sheet)))


def _stale(state: SessionState, rests: Rests) -> Iterator[Stale]:
    reaffirmed = state.meeting.reaffirmed.get(rests.what)
    seq = rests.seq if reaffirmed is None else max(rests.seq, reaffirmed.seq)
    for kind, key in rests.on:
        since = _last_change(state, kind, key)
        if since > seq:
            yield Stale(what=rests.what, because=_name(kind, key), since=since)


def _name(kind: str, key: str) -> str:
    return kind if KINDS[kind].single else f"{kind}/{key}"


def _last_change(state: SessionState, kind: str, key: str) -> int:
    place = KINDS[kind]
    items = getattr(getattr(state, place.room), place.attribute)
    item = items if place.single else items.get(key)
    changed: int = -1 if item is None else item.changed
    # The group's agreement on the baseline is a change of what everything is measured against.
    return max(changed, state.baseline.adopted_at or -1) if kind == "baseline" else changed


def _alternative(key: str) -> tuple[str, str]:
    return ("baseline", key) if key == "baseline" else ("solution", key)


BASELINE = ("baseline", "baseline")


def _resting(state: SessionState) -> Iterator[Rests]:
    """Yield the table of what rests on what."""
    yield from _agreements(state)
    yield from _estimates(state)
    for _, this in sorted(state.meeting.rounds.items()):
        for _, sheet in sorted(this.sheets.items()):
            if type(sheet.event) in _NAMED:
                yield _sheet(this, sheet)
    yield from _selections(state)


def _agreements(state: SessionState) -> Iterator[Rests]:
    agreed = state.baseline.adopted_at
    if state.baseline.draft is not None and (state.baseline.unsettled or agreed is not None):
        yield Rests("baseline", state.baseline.draft.seq - 1 if agreed is None else agreed, (BASELINE,))
    for key, core in sorted(state.sharpening.cores.items()):
        if core.status != "standing":
            continue
        if core.unsettled:
            yield Rests(f"core-problem/{key}", core.seq - 1, (("core-problem", key),))
        elif core.adopted_at is not None:
            on = (("core-problem", key), *(("problem", one) for one in core.problems))
            yield Rests(f"core-problem/{key}", core.adopted_at, on)
    for key, asked in sorted(state.effects.reconfirmations.items()):
        if asked.status != "standing" or _asked_again(state, asked):
            continue
        cores = tuple(("core-problem", core) for core in state.sharpening.adopted)
        yield Rests(f"reconfirmation/{key}", asked.seq, (*cores, BASELINE))


def _asked_again(state: SessionState, asked: Reconfirmation) -> bool:
    """Say whether a later question went to everybody this one was put to; nobody named is everybody."""
    later = [other for other in state.effects.reconfirmations.values() if other.seq > asked.seq]
    return any(not other.asked or (asked.asked and set(asked.asked) <= set(other.asked)) for other in later)


def _estimates(state: SessionState) -> Iterator[Rests]:
    estimates: tuple[tuple[str, Map[Any, Said[Any]]], ...] = (
        ("effect", state.effects.effects),
        ("cost", state.effects.costs),
        ("income", state.effects.incomes),
        ("solving-power", state.preselection.solving_power),
        ("main-effect", state.analysis.main_effects),
        ("size", state.analysis.sizes),
        ("pathway", state.analysis.pathways),
        ("indicator", state.analysis.indicators),
    )
    for kind, items in estimates:
        for key, said in sorted(items.items()):
            if said.status == "standing":
                on = (_alternative(said.event.solution), *_effect(said.event), BASELINE)
                if kind == "solving-power":
                    on += _cores_of(state, said.event.owner)
                yield Rests(f"{kind}/{key}", said.changed, on)
    for key, said in sorted(state.effects.core_effects.items()):
        if said.status == "standing":
            on = tuple(("core-problem", core) for core in said.event.mirrors)
            yield Rests(f"core-effect/{key}", said.changed, on)
    for key, card in sorted(state.analysis.cards.items()):
        if card.adopted_at is not None:
            yield Rests(f"effect-card/{key}", card.adopted_at, (_alternative(key), BASELINE))


def _cores_of(state: SessionState, owner: str) -> tuple[tuple[str, str], ...]:
    cores = state.sharpening.cores
    return tuple(("core-problem", key) for key in sorted(cores) if owner in cores[key].owners)


def _effect(event: Any) -> tuple[tuple[str, str], ...]:
    effect = getattr(event, "effect", None)
    return (("effect", effect),) if isinstance(effect, str) and hasattr(event, "owner") else ()


def _selections(state: SessionState) -> Iterator[Rests]:
    shortlist = state.preselection.shortlist
    if shortlist is not None and shortlist.status == "standing":
        yield Rests("shortlist", shortlist.seq, tuple(_alternative(key) for key in shortlist.event.solutions))
    for key, result in sorted(state.meeting.results.items()):
        named = {name for tier in result.event.tiers for name in tier}
        on = tuple(_alternative(name) for name in sorted(named))
        criteria = tuple(("criterion", criterion) for criterion in sorted(state.preselection.criteria))
        yield Rests(f"result/{key}", result.event.upto - 1, (*on, *criteria, *_rounds(state, result.event)))
    for seq, said in sorted(state.choice.considerations.items()):
        yield Rests(f"consideration/{seq}", said.seq, (BASELINE,))
    choice = state.choice.choice
    if choice is not None and choice.status == "standing":
        yield Rests("choice", choice.seq, (*(_alternative(key) for key in state.choice.chosen), BASELINE))


def _rounds(state: SessionState, event: Any) -> tuple[tuple[str, str], ...]:
    return tuple(("round", key) for key in event.rounds if key in state.meeting.rounds)


def _sheet(this: Round, sheet: Sheet) -> Rests:
    names = _NAMED.get(type(sheet.event))
    return Rests(f"{this.asks.replace(' ', '-')}/{sheet.seq}", sheet.seq, () if names is None else names(sheet.event))


def _nomination(event: SolutionNominated) -> tuple[tuple[str, str], ...]:
    return () if isinstance(event.solution, Erased) else (_alternative(event.solution),)


def _priority(event: ProblemPrioritised) -> tuple[tuple[str, str], ...]:
    return () if isinstance(event.problem, Erased) else (("problem", event.problem),)


def _ranking(event: RankingSubmitted) -> tuple[tuple[str, str], ...]:
    if isinstance(event.tiers, Erased):
        return ()
    criterion = () if event.criterion == "overall" else (("criterion", event.criterion),)
    return (*(_alternative(key) for tier in event.tiers for key in tier), *criterion)


def _weights(event: CriteriaWeighed) -> tuple[tuple[str, str], ...]:
    return () if isinstance(event.weights, Erased) else tuple(("criterion", key) for key, _ in pairs(event.weights))


def _scores(event: SolutionScored) -> tuple[tuple[str, str], ...]:
    if isinstance(event.scores, Erased):
        return ()
    criteria = {criterion for _, row in pairs(event.scores) for criterion, _ in pairs(row)}
    return (*(_alternative(key) for key, _ in pairs(event.scores)), *(("criterion", key) for key in sorted(criteria)))


def _pairs(event: PairCompared) -> tuple[tuple[str, str], ...]:
    if isinstance(event.comparisons, Erased):
        return ()
    found: set[tuple[str, str]] = set()
    for given in event.comparisons:
        if given.node == "goal":
            found |= {("criterion", given.first), ("criterion", given.second)}
        else:
            found |= {_alternative(given.first), _alternative(given.second)}
    return tuple(sorted(found))


_NAMED: dict[type[Any], Any] = {
    ProblemPrioritised: _priority,
    SolutionNominated: _nomination,
    RankingSubmitted: _ranking,
    CriteriaWeighed: _weights,
    SolutionScored: _scores,
    PairCompared: _pairs,
}
