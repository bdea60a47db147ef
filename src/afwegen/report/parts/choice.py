"""Step 8: how it was decided, what was weighed, what was chosen, and who did not agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    BaselineConsidered,
    ChoiceDeferred,
    ChoiceMade,
    ProcedureStated,
    SessionArchived,
    SessionEnded,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Facts, Section
from afwegen.report.parts.frame import items, para, quoted, step_section
from afwegen.report.parts.opening import by_whom, chosen_in_a_row
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["choice"]


def choice(source: Source) -> Section:
    """Return how it was decided, what was weighed, and what was chosen."""
    blocks: list[Block] = []
    blocks += _chosen(source)
    blocks += _weighed(source)
    blocks += _apart(source)
    blocks += _dissent(source)
    blocks += _ended(source)
    return step_section(source, Step.CHOICE, blocks)


def _chosen(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.choice
    if room.procedure is not None:
        how = tell.told(room.procedure.event.procedure)
        yield para(tell("How it is decided here: {how}", *source.seqs(ProcedureStated), how=how))
    else:
        yield para(tell("How it is decided, and by whom, was not recorded."), kind="note")
    for record in source.of(ChoiceDeferred):
        yield para(_deferred(source, record))
    if room.chosen and room.choice is not None and isinstance(room.choice.event, ChoiceMade):
        event, seq = room.choice.event, room.choice.seq
        yield para(tell("Chosen: {chosen}.", seq, chosen=chosen_in_a_row(source)), by_whom(source), kind="lead")
        yield quoted(tell.own(event.motivation, seq), source.author(source.records[seq]))
        pairs = (
            (tell("What it does not solve"), _optional(source, event.does_not_solve, seq)),
            (tell("What gets worse"), _optional(source, event.negative_effects, seq)),
        )
        yield Facts(pairs)
    others = [
        record
        for record in source.of(ChoiceMade)
        if room.choice is None or record.seq != room.choice.seq or not room.chosen
    ]
    for record in others:
        chosen = tell.joined([source.title(key) for key in record.event.chosen])
        yield para(tell("Chosen before, and no longer standing: {chosen}.", record.seq, chosen=chosen), kind="note")


def _optional(source: Source, value: Any, seq: int) -> tuple[Sentence, ...]:
    return (source.tell("nothing was recorded"),) if value is None else (source.tell.own(value, seq),)


def _deferred(source: Source, record: Any) -> Sentence:
    tell, event = source.tell, record.event
    reason = tell.told(event.reason, quoted=True)
    if event.until is None:
        return tell("Not chosen yet at that moment (deferred): {reason}", record.seq, reason=reason)
    return tell(
        "Not chosen yet at that moment (deferred), until {day}: {reason}", record.seq, reason=reason, day=event.until
    )


def _weighed(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.choice
    told = [
        tell(
            "Doing nothing extra was weighed as a possible best: {words}", said.seq, words=tell.told(said.event.finding)
        )
        for said in standing(room.considerations)
    ]
    if not source.of(BaselineConsidered) and source.state.progress.of(Step.CHOICE).spans:
        told.append(tell("Doing nothing extra has not been weighed yet."))
    told += [_support(source, said) for said in standing(room.support)]
    told += [
        tell(
            "{who} advised: {words}",
            said.seq,
            who=source.party(said.event.department),
            words=tell.told(said.event.advice, quoted=True),
        )
        for said in standing(room.advice)
    ]
    told += [
        tell(
            "Something else that counted, {aspect}: {words}",
            said.seq,
            aspect=tell.told(said.event.aspect),
            words=tell.told(said.event.finding),
        )
        for said in standing(room.aspects)
    ]
    if told:
        yield para(tell("What was weighed"), kind="label")
    yield from items(told)


def _support(source: Source, said: Any) -> Sentence:
    tell, event = source.tell, said.event
    among, words = source.party(event.among), tell.told(event.finding)
    if event.asked is None or event.in_favour is None:
        return tell("Support among {among}: {words}", said.seq, among=among, words=words)
    share = source.language.of(event.in_favour, event.asked)
    return tell("Support among {among}, {share} in favour: {words}", said.seq, among=among, share=share, words=words)


def _apart(source: Source) -> Iterator[Block]:
    """Yield where the choice departs from the group's order, its shortlist, advice or a calculation aid, and why."""
    tell, say = source.tell, source.text
    what = {
        "the group": say("the group's own order"),
        "the shortlist": say("the shortlist"),
        "a model": say("a calculation aid (model)"),
        "advice": say("advice that was given"),
    }
    told = [
        tell(
            "The choice departs from {what}, because {reason}",
            said.seq,
            what=what[said.event.departs_from],
            reason=tell.told(said.event.reason, quoted=True),
        )
        for said in standing(source.state.choice.departures)
    ]
    if told:
        yield para(tell("Where the choice departs from what came before"), kind="label")
    yield from items(told)


def _dissent(source: Source) -> Iterator[Block]:
    tell = source.tell
    found = standing(source.state.choice.dissent)
    if found:
        yield para(tell("Who did not agree (dissent), in their own words"), kind="label")
    for said in found:
        yield quoted(tell.own(said.event.words, said.seq), source.author(source.records[said.seq]))
    told = [
        tell("{to}: {how}", said.seq, to=source.party(said.event.to), how=tell.told(said.event.how))
        if said.event.day is None
        else tell(
            "{to}, on {day}: {how}",
            said.seq,
            to=source.party(said.event.to),
            how=tell.told(said.event.how),
            day=said.event.day,
        )
        for said in standing(source.state.choice.reported_back)
    ]
    if told:
        yield para(tell("How it was told to those it touches"), kind="label")
    yield from items(told)


def _ended(source: Source) -> Iterator[Block]:
    tell, say, ended = source.tell, source.text, source.state.meeting.ended
    if ended is None:
        return
    outcome = {
        "chosen": say("there is a choice"),
        "not yet": say("it is not settled yet"),
        "solves itself": say("the problem solves itself"),
        "no support": say("there is no support"),
        "stopped": say("the group stopped"),
    }[ended.event.outcome]
    rests = (*source.seqs(SessionEnded), *source.seqs(SessionArchived))
    reason = tell.told(ended.event.reason, quoted=True)
    told = tell("The weighing was closed: {outcome}. {reason}", *rests, outcome=outcome, reason=reason)
    if source.state.meeting.archived:
        told = tell("{told} After that the session was archived.", told=told)
    yield para(told, kind="note")
