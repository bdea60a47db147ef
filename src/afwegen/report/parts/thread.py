"""The red thread: from the occasion as first told to what the choice does not solve, who pays and who gains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import ChoiceMade, OccasionStated
from afwegen.report.blocks import Block, Facts, Section
from afwegen.report.parts.opening import by_whom, chosen_in_a_row, not_yet
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["cost", "income", "thread", "within"]

Told = tuple[Sentence, ...]


def thread(source: Source) -> Section:
    """Return the red thread of a session."""
    tell = source.tell
    pairs = [
        (tell("How it was told at first"), _first(source)),
        (tell("The real problem, for each it is one for"), _cores(source)),
        (tell("What should be different in the end"), _core_effects(source)),
        (tell("What was chosen"), _choice(source)),
        (tell("What it does not solve"), _choice_says(source, "does_not_solve")),
        (tell("What gets worse, and for whom"), _worse(source)),
        (tell("Who pays"), _payers(source)),
        (tell("Who gains"), _gainers(source)),
    ]
    blocks: tuple[Block, ...] = (Facts(tuple(pairs)),)
    return Section(name="thread", title=tell("The red thread"), term="rode draad", blocks=blocks)


def _first(source: Source) -> Told:
    tell = source.tell
    found = source.of(OccasionStated)
    if not found:
        return (tell("The occasion was not recorded."),)
    return (
        tell.own(found[0].event.occasion, found[0].seq),
        *(tell("Told again, sharper: {words}", one.seq, words=tell.told(one.event.occasion)) for one in found[1:]),
    )


def _cores(source: Source) -> Told:
    tell, sharpening = source.tell, source.state.sharpening
    told = [
        tell(
            "{owners}: {statement}",
            *(seq for seq in (core.seq, core.adopted_at) if seq is not None),
            owners=tell.joined([source.party(owner) for owner in core.owners]),
            statement=tell.told(core.statement),
        )
        for core in (sharpening.cores[key] for key in sharpening.adopted)
    ]
    told += [
        tell("{owner}: no core problem of their own", said.seq, owner=source.party(owner))
        for owner, said in sorted(sharpening.owners_set_aside.items(), key=lambda item: item[1].seq)
    ]
    return tuple(told) or (tell("The group has not agreed on a core problem yet."),)


def _core_effects(source: Source) -> Told:
    found = standing(source.state.effects.core_effects)
    if not found:
        return (source.tell("No core effect has been named."),)
    return tuple(source.tell.own(said.event.statement, said.seq) for said in found)


def _choice(source: Source) -> Told:
    choice = source.state.choice
    if choice.chosen and choice.choice is not None:
        return (chosen_in_a_row(source).resting_on(choice.choice.seq), by_whom(source))
    return not_yet(source)


def _choice_says(source: Source, field: str) -> Told:
    choice = source.state.choice.choice
    if not source.state.choice.chosen or choice is None or not isinstance(choice.event, ChoiceMade):
        return (source.tell("Nothing has been chosen."),)
    value = getattr(choice.event, field)
    if value is None:
        return (source.tell("Nothing was recorded about this.", choice.seq),)
    return (source.tell.own(value, choice.seq),)


def within(source: Source, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was chosen and, where that is a combination, whatever it is made of."""
    found: list[str] = []
    for key in chosen:
        found.append(key)
        solution = source.state.solutions.solutions.get(key)
        if solution is not None and solution.parts:
            found += within(source, solution.parts)
    return tuple(dict.fromkeys(found))


def _worse(source: Source) -> Told:
    return (*_choice_says(source, "negative_effects"), *_effects(source, "negative"))


def _money_of(source: Source, items: Any) -> Iterator[Any]:
    """Yield what was estimated of the chosen; of its parts only where nothing was estimated of the whole."""
    chosen = source.state.choice.chosen
    own = [said for said in standing(items) if said.event.solution in chosen]
    yield from own or [said for said in standing(items) if said.event.solution in within(source, chosen)]


def _payers(source: Source) -> Told:
    tell, chosen = source.tell, source.state.choice.chosen
    if not chosen:
        return (tell("Nothing has been chosen."),)
    told = tuple(cost(source, said) for said in _money_of(source, source.state.effects.costs))
    return told or (tell("No additional cost was recorded for what was chosen."),)


def _gainers(source: Source) -> Told:
    tell, chosen = source.tell, source.state.choice.chosen
    if not chosen:
        return (tell("Nothing has been chosen."),)
    told = [income(source, said) for said in _money_of(source, source.state.effects.incomes)]
    told += _effects(source, "positive")
    return tuple(told) or (tell("No effect was recorded for what was chosen."),)


def _effects(source: Source, direction: str) -> Iterator[Sentence]:
    """Yield what what was chosen, and whatever it is made of, changes for whom."""
    tell = source.tell
    for key in within(source, source.state.choice.chosen):
        for effect in source.state.effects.of(key):
            said = source.state.effects.effects[effect]
            if said.event.direction == direction:
                whom = source.party(said.event.recipient)
                yield tell("{whom}: {effect}", said.seq, whom=whom, effect=tell.told(said.event.statement))


def _period(source: Source, event: Any) -> Sentence:
    tell = source.tell
    amount = source.language.money(event.amount)
    if event.period == "once":
        return tell("{amount}, once", amount=amount)
    if event.years is None:
        return tell("{amount} a year", amount=amount)
    return tell.count("{amount}, for {n} year", "{amount} a year, for {n} years", event.years, amount=amount)


def cost(source: Source, said: Any) -> Sentence:
    """Return a cost in a sentence: who pays how much more than in the baseline, and where that comes from."""
    tell, event = source.tell, said.event
    amount = _period(source, event)
    if event.bearer is None:
        return tell("{amount}; who pays was not said", said.seq, amount=amount)
    return tell("{who} pays {amount}", said.seq, who=source.party(event.bearer), amount=amount)


def income(source: Source, said: Any) -> Sentence:
    """Return an income in a sentence: who receives how much more than in the baseline."""
    tell, event = source.tell, said.event
    amount = _period(source, event)
    if event.collector is None:
        return tell("{amount} comes in; for whom was not said", said.seq, amount=amount)
    return tell("{who} receives {amount}", said.seq, who=source.party(event.collector), amount=amount)
