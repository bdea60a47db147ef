"""What came of it: who does what, and expected beside measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    ActionAgreed,
    EffectMeasured,
    SituationMeasured,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Section, Table
from afwegen.report.parts.frame import items, para, step_section
from afwegen.report.parts.opening import action
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["follow_up"]


def follow_up(source: Source) -> Section:
    """Return what was agreed, done and measured: expected beside measured."""
    tell, room = source.tell, source.state.follow_up
    blocks: list[Block] = []
    actions = [action(source, said) for said in standing(room.actions)]
    if actions:
        blocks.append(para(tell("Who does what", *source.seqs(ActionAgreed)), kind="label"))
    blocks += items(actions)
    blocks += items(_plans(source))
    blocks += _measured(source)
    blocks += _costs(source)
    blocks += items(_learned(source))
    return step_section(source, Step.FOLLOW_UP, blocks)


def _plans(source: Source) -> Iterator[Sentence]:
    tell, room = source.tell, source.state.follow_up
    for said in standing(room.evaluations):
        words = tell.told(said.event.plan)
        if said.event.day is None:
            yield tell("How it will be seen whether it worked: {words}", said.seq, words=words)
        else:
            yield tell(
                "How it will be seen whether it worked, before {day}: {words}",
                said.seq,
                words=words,
                day=said.event.day,
            )
    for said in standing(room.implementations):
        solution = source.title(said.event.solution)
        told = (
            tell("Begun: {solution}.", said.seq, solution=solution)
            if said.event.day is None
            else tell("Begun on {day}: {solution}.", said.seq, solution=solution, day=said.event.day)
        )
        yield (
            told if said.event.remark is None else tell("{told} {words}", told=told, words=tell.told(said.event.remark))
        )
    for said in standing(room.results):
        yield tell("Done: {words}", said.seq, words=tell.told(said.event.finding))


def _measured(source: Source) -> Iterator[Block]:
    """Yield by indicator what was expected, how it stood before, and what was measured."""
    tell, room = source.tell, source.state.follow_up
    indicators = source.state.analysis.indicators
    found = standing(room.measurements)
    rows = []
    for key in dict.fromkeys(said.event.indicator for said in found if said.event.indicator is not None):
        mine = [said for said in found if said.event.indicator == key]
        indicator = indicators.get(key)
        title = tell.own(key if indicator is None else indicator.event.title)
        target = (
            tell("no target was set")
            if indicator is None or indicator.event.target is None
            else tell.own(indicator.event.target, indicator.seq)
        )
        before = _numbers(source, [said for said in mine if isinstance(said.event, SituationMeasured)])
        interim = _numbers(source, [said for said in mine if getattr(said.event, "moment", "") == "interim"])
        final = _numbers(source, [said for said in mine if getattr(said.event, "moment", "") == "final"])
        rows.append((title, target, before, interim, final))
    if rows:
        header = (tell("Measured by"), tell("Expected"), tell("Before"), tell("In between"), tell("In the end"))
        yield Table(tell("Expected beside measured"), header, tuple(rows), frozenset({2, 3, 4}), wide=True)
    yield from items(_finding(source, said) for said in found)


def _numbers(source: Source, found: list[Any]) -> Sentence:
    tell = source.tell
    if not found:
        return tell("not measured")
    return tell.joined(
        [said.event.number if said.event.number is not None else tell("in words") for said in found],
        *(said.seq for said in found),
    )


def _finding(source: Source, said: Any) -> Sentence:
    tell, event = source.tell, said.event
    words = tell.told(event.finding)
    if isinstance(event, EffectMeasured):
        owner = source.party(event.owner)
        return tell("For {owner}: {words}", said.seq, owner=owner, words=words)
    return tell("How it stood before: {words}", said.seq, words=words)


def _costs(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.follow_up
    found = standing(room.costs)
    if not found:
        return
    rows = []
    for said in found:
        event = said.event
        who = tell("not said") if event.bearer is None else Sentence((source.party(event.bearer),))
        remark = tell("no remark") if event.remark is None else tell.own(event.remark)
        rows.append(
            (
                Sentence((source.title(event.solution),), (said.seq,)),
                tell("{amount}", amount=source.language.money(event.amount)),
                who,
                remark,
            )
        )
    header = (tell("Solution"), tell("Really cost"), tell("Paid by"), tell("Remark"))
    yield Table(tell("What it really cost"), header, tuple(rows), frozenset({1}), wide=True)


def _learned(source: Source) -> Iterator[Sentence]:
    tell, say, room = source.tell, source.text, source.state.follow_up
    due = {
        "wholly": say("wholly"),
        "partly": say("partly"),
        "not": say("not"),
        "unknown": say("nobody knows"),
    }
    for said in standing(room.attributions):
        came = said.event.due_to_it
        words = tell.told(said.event.finding)
        shown = due[came] if isinstance(came, str) else came
        yield tell("Did it come of what was done? {due}. {words}", said.seq, due=shown, words=words)
    for said in standing(room.reality_checks):
        words = tell.told(said.event.finding)
        yield tell("What {who} say of it: {words}", said.seq, who=source.party(said.event.involved), words=words)
    for said in standing(room.gaps):
        words = tell.told(said.event.finding)
        yield tell("Not reached, {who}: {words}", said.seq, who=source.party(said.event.group), words=words)
    for said in standing(room.lessons):
        yield tell("Learned: {words}", said.seq, words=tell.told(said.event.lesson))
