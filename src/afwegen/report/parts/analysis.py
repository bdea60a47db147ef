"""Step 7: the effect card of each solution that was looked at more closely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    EffectCardAdopted,
    EffectCardOpened,
    IndicatorSet,
    SolutionAssigned,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, Facts, Section
from afwegen.report.parts.frame import adopted, items, para, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["analysis"]


Pair = tuple[Sentence, tuple[Sentence, ...]]


def analysis(source: Source) -> Section:
    """Return the effect card of each solution that was looked at more closely."""
    room = source.state.analysis
    cards = sorted(room.cards.items(), key=lambda item: item[1].seq)
    blocks: list[Block] = []
    if cards:
        blocks.append(Cards(tuple(_card(source, key, card) for key, card in cards if card.status == "standing")))
    return step_section(source, Step.ANALYSIS, blocks)


def _card(source: Source, key: str, card: Any) -> Section:
    tell, room = source.tell, source.state.analysis
    rests = (*source.where(EffectCardOpened, solution=key), *source.where(SolutionAssigned, solution=key))
    blocks: list[Block] = []
    group = room.assigned.get(key)
    if group is not None:
        blocks.append(para(tell("Worked out by {group}.", *rests, group=source.group(group)), kind="note"))
    else:
        blocks.append(para(tell("The card was begun.", *rests), kind="note"))
    pairs = tuple(_main(source, key))
    if pairs:
        blocks.append(Facts(pairs))
    blocks += [
        para(tell("How it works: {words}", said.seq, words=tell.told(said.event.pathway)))
        for said in standing(room.pathways)
        if said.event.solution == key
    ]
    blocks += items(_indicators(source, key))
    blocks += items(_arena(source, key))
    if card.adopted_at is None:
        blocks.append(para(tell("Not agreed on yet."), kind="warning"))
    else:
        blocks += adopted(source, card.adoption, card.objections, *source.where(EffectCardAdopted, solution=key))
    return Section(title=Sentence((source.title(key),)), term="Effectenkaart", blocks=tuple(blocks))


def _main(source: Source, key: str) -> Iterator[Pair]:
    """Yield by owner what it does above all, how large that is, and who estimated it on what."""
    tell, room = source.tell, source.state.analysis
    main = [said for said in standing(room.main_effects) if said.event.solution == key]
    sizes = [said for said in standing(room.sizes) if said.event.solution == key]
    for owner in dict.fromkeys(said.event.owner for said in (*main, *sizes)):
        told = [tell.own(said.event.statement, said.seq) for said in main if said.event.owner == owner]
        told += [_size(source, said) for said in sizes if said.event.owner == owner]
        yield Sentence((source.party(owner),)), tuple(told)


def _size(source: Source, said: Any) -> Sentence:
    tell, say, event = source.tell, source.text, said.event
    size = {
        "small": say("small"),
        "rather small": say("rather small"),
        "medium": say("medium"),
        "rather large": say("rather large"),
        "large": say("large"),
    }[event.size]
    who = source.people(event.estimated_by) if event.estimated_by else tell("somebody in the group")
    if event.source is None:
        return tell("Size: {size}. Estimated by {who}; no source was given.", said.seq, size=size, who=who)
    where = tell.told(event.source)
    return tell("Size: {size}. Estimated by {who}; source: {where}", said.seq, size=size, who=who, where=where)


def _indicators(source: Source, key: str) -> Iterator[Sentence]:
    tell = source.tell
    for said in standing(source.state.analysis.indicators):
        event = said.event
        if event.solution != key:
            continue
        rests = source.where(IndicatorSet, indicator=event.indicator)
        title = tell.told(event.title)
        if event.target is None:
            yield tell("Measured by: {title}; no target was set.", *rests, title=title)
        elif event.due is None:
            yield tell("Measured by: {title}; target: {target}", *rests, title=title, target=tell.told(event.target))
        else:
            target = tell.told(event.target)
            yield tell(
                "Measured by: {title}; target before {day}: {target}", *rests, title=title, target=target, day=event.due
            )


def _arena(source: Source, key: str) -> Iterator[Sentence]:
    tell = source.tell
    for said in standing(source.state.analysis.arena):
        event = said.event
        if event.solution == key:
            yield tell(
                "{investor} invests in {activity}; the effect, {effect}, is for {collector}.",
                said.seq,
                investor=source.party(event.investor),
                activity=tell.told(event.activity, quoted=True),
                effect=tell.told(event.effect, quoted=True),
                collector=source.party(event.collector),
            )
