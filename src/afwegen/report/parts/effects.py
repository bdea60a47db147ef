"""Step 5: what each solution would change and cost, beside doing nothing extra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    ReconfirmationAnswered,
    ReconfirmationSettled,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, Facts, Section, Table
from afwegen.report.parts.frame import MANY, capped, items, para, quoted, step_section
from afwegen.report.parts.thread import cost, income
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["effects"]


def effects(source: Source) -> Section:
    """Return what each solution would change and cost, beside doing nothing extra."""
    tell, room = source.tell, source.state.effects
    blocks: list[Block] = []
    blocks += _reconfirmed(source)
    core = standing(room.core_effects)
    for said in core:
        mirrors = tell.joined([tell.quoting(source.core(key)) for key in said.event.mirrors])
        blocks.append(quoted(tell.own(said.event.statement, said.seq), tell("core effect of the whole session")))
        if said.event.mirrors:
            blocks.append(para(tell("It mirrors: {cores}", said.seq, cores=mirrors), kind="note"))
    keys = [key for key in source.state.solutions.standing if room.of(key) or _money(source, key)]
    if keys:
        blocks.append(_baseline_beside(source))
    if len(keys) > MANY:
        blocks.append(_costs_only(source, keys))
    elif keys:
        blocks.append(Cards(tuple(_changes(source, key) for key in keys)))
    blocks += _unknown(source)
    return step_section(source, Step.EFFECTS, blocks)


def _baseline_beside(source: Source) -> Block:
    """Return what every effect and cost is a difference from."""
    tell, baseline = source.tell, source.state.baseline
    if baseline.draft is None:
        return para(tell("There is no description of doing nothing extra to compare with."), kind="warning")
    words = tell.told(baseline.description, quoted=True)
    return para(
        tell(
            "Everything below is a difference with doing nothing extra; that itself counts as zero: {words}",
            baseline.draft.seq,
            words=words,
        ),
        kind="note",
    )


def _reconfirmed(source: Source) -> Iterator[Block]:
    tell = source.tell
    found = sorted(source.state.effects.reconfirmations.items(), key=lambda item: item[1].seq)
    told = []
    for key, asked in found:
        rests = (asked.seq, *source.where(ReconfirmationAnswered, reconfirmation=key))
        counts = source.totals.reconfirmed(key)
        if counts is None:
            count = len(asked.answers)
            said = tell.count(
                "Asked: do core problems and baseline still hold? {n} answer came; too few to add up.",
                "Asked: do core problems and baseline still hold? {n} answers came; too few to add up.",
                count,
                *rests,
            )
        else:
            yes, no = counts
            share = source.language.of(yes, yes + no)
            said = tell("Asked: do core problems and baseline still hold? {share} said yes.", *rests, share=share)
        told.append(_settled(source, key, asked, said))
        told += [
            tell("Objection: {words}", answer.seq, words=tell.told(answer.event.objection, quoted=True))
            for answer in asked.answers.values()
            if isinstance(answer.event.objection, str)
        ]
    yield from items(told)


def _settled(source: Source, key: str, asked: Any, said: Sentence) -> Sentence:
    tell, say = source.tell, source.text
    if asked.settled is None:
        return tell("{said} It is not settled yet.", said=said)
    done = {
        "reopened": say("An earlier step was taken up again."),
        "not reopened": say("The earlier steps stayed as they were."),
        "nobody refused": say("Nobody objected."),
    }[asked.settled.event.answer]
    rests = source.where(ReconfirmationSettled, reconfirmation=key)
    if asked.settled.event.reason is None:
        return tell("{said} {done}", *rests, said=said, done=done)
    reason = tell.told(asked.settled.event.reason, quoted=True)
    return tell("{said} {done} The reason: {reason}", *rests, said=said, done=done, reason=reason)


def _money(source: Source, key: str) -> list[Any]:
    room = source.state.effects
    return [said for said in (*standing(room.costs), *standing(room.incomes)) if said.event.solution == key]


def _changes(source: Source, key: str) -> Section:
    tell, room = source.tell, source.state.effects
    better = [_effect(source, one) for one in room.of(key) if room.effects[one].event.direction == "positive"]
    worse = [_effect(source, one) for one in room.of(key) if room.effects[one].event.direction == "negative"]
    costs = [_sourced(source, said, cost(source, said)) for said in standing(room.costs) if said.event.solution == key]
    found = [said for said in standing(room.incomes) if said.event.solution == key]
    pairs = (
        (tell("Better"), tuple(better) or (tell("nothing was recorded"),)),
        (tell("Worse"), tuple(worse) or (tell("nothing was recorded"),)),
        (tell("Costs more"), tuple(costs) or (tell("not estimated"),)),
        (tell("Brings in more"), tuple(_sourced(source, said, income(source, said)) for said in found)),
    )
    return Section(title=Sentence((source.title(key),)), blocks=(Facts(pairs if found else pairs[:-1]),))


def _sourced(source: Source, said: Any, told: Sentence) -> Sentence:
    """Return an estimate with where it comes from."""
    if said.event.source is None:
        return source.tell("{told} (no source was given)", told=told)
    return source.tell("{told} (source: {where})", told=told, where=source.tell.told(said.event.source))


def _effect(source: Source, key: str) -> Sentence:
    tell, say = source.tell, source.text
    said, reach = source.state.effects.effects[key], source.state.effects.reach.get(key)
    whom = source.party(said.event.recipient)
    marks = [tell("for: {whom}", whom=whom)]
    if said.event.angle is not None:
        marks.append(tell("seen as: {angle}", angle=tell.told(said.event.angle)))
    if reach is not None:
        where = {
            "complex": say("the complex"),
            "buurt": say("the neighbourhood around it"),
            "wijk": say("the district"),
            "city": say("the city"),
        }[reach.event.reach]
        everybody = tell("reaches everybody in {where}", where=where)
        some = tell("reaches some in {where}", where=where)
        marks.append((everybody if reach.event.whom == "all" else some).resting_on(reach.seq))
    told = tell("{effect} ({first}", said.seq, effect=tell.told(said.event.statement), first=marks[0])
    for mark in marks[1:]:
        told = tell("{told}; {mark}", told=told, mark=mark)
    return tell("{told})", told=told)


def _costs_only(source: Source, keys: list[str]) -> Block:
    """Return what very many solutions cost: one line each, the first of them."""
    tell = source.tell
    rows = []
    for key in keys[:MANY]:
        amounts = [said for said in standing(source.state.effects.costs) if said.event.solution == key]
        money = tell.joined([source.language.money(said.event.amount) for said in amounts])
        seqs = [said.seq for said in amounts]
        rows.append((Sentence((source.title(key),)), money.resting_on(*seqs)))
    caption = tell.count(
        "Additional cost; the first {n} solution", "Additional cost; the first {n} solutions", len(rows)
    )
    return Table(caption, (tell("Solution"), tell("Costs more")), tuple(rows), frozenset({1}))


def _unknown(source: Source) -> Iterator[Block]:
    """Yield what nobody knows for sure, and what was to be looked into, by whom and before when."""
    tell, room = source.tell, source.state.effects
    doubts = [
        tell("Not sure: {words}", said.seq, words=tell.told(said.event.text)) for said in standing(room.uncertainties)
    ]
    answers: dict[str, list[Any]] = {}
    for said in standing(room.answers):
        answers.setdefault(said.event.task, []).append(said)
    tasks = [_task(source, said, answers.get(said.event.task, [])) for said in standing(room.research)]
    if tasks or doubts:
        yield para(tell("What nobody knew for sure, and what was to be looked into"), kind="label")
    yield from capped(source, [*doubts, *tasks])


def _task(source: Source, said: Any, answers: list[Any]) -> Sentence:
    tell, event = source.tell, said.event
    question = tell.told(event.question, quoted=True)
    if event.owners and event.due is not None:
        who = source.people(event.owners)
        told = tell("{question} By {who}, before {day}.", said.seq, question=question, who=who, day=event.due)
    elif event.owners:
        told = tell("{question} By {who}.", said.seq, question=question, who=source.people(event.owners))
    elif event.due is not None:
        told = tell("{question} Before {day}.", said.seq, question=question, day=event.due)
    else:
        told = tell("{question}", said.seq, question=question)
    if not answers:
        return tell("{told} Still open.", told=told)
    for answer in answers:
        words = tell.told(answer.event.answer, quoted=True)
        told = tell("{told} Found: {words}", answer.seq, told=told, words=words)
        if answer.event.source is not None:
            told = tell("{told} (source: {where})", told=told, where=tell.told(answer.event.source))
    return told
