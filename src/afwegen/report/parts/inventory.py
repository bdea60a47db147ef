"""Step 1: what is going on, as it was told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afwegen.events import (
    OpeningPitched,
    PartyNamed,
    ProblemOwnerAdded,
    ProblemPitched,
    ProblemPrioritised,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, More, Section, Table
from afwegen.report.parts.asked import outside, rounds_that_ask, too_few
from afwegen.report.parts.frame import capped, items, para, quoted, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["inventory"]


def inventory(source: Source) -> Section:
    """Return what is going on, as it was told."""
    tell, room = source.tell, source.state.inventory
    blocks: list[Block] = [
        quoted(tell.own(record.event.pitch, record.seq), tell("the initiator, who began"))
        for record in source.of(OpeningPitched)
    ]
    if room.standing:
        count = len(room.standing)
        blocks.append(para(tell.count("{n} problem stands:", "{n} problems stand:", count), kind="lead"))
        blocks += capped(source, (_problem(source, key) for key in room.standing))
    blocks += rounds_that_ask(source, "problems", "priorities")
    blocks += _priorities(source)
    blocks += items(outside(source, ProblemPrioritised))
    blocks += _pitches(source)
    blocks += _parties(source)
    return step_section(source, Step.INVENTORY, blocks)


def _problem(source: Source, key: str) -> Sentence:
    tell, problem = source.tell, source.state.inventory.problems[key]
    rests = [problem.seq, *source.where(ProblemOwnerAdded, problem=key)]
    owners = [
        tell("{owner} ({why})", owner=source.party(owner), why=tell.told(why))
        for owner, why in sorted(problem.owners.items(), key=lambda item: (item[0] != problem.reported_for, item[0]))
    ]
    return tell("{statement}: for {owners}", *rests, statement=tell.told(problem.statement), owners=tell.joined(owners))


def _priorities(source: Source) -> Iterator[Block]:
    """Yield how often each problem was marked as the most important one."""
    tell = source.tell
    for key, this in sorted(source.state.meeting.rounds.items(), key=lambda item: item[1].seq):
        if this.asks != "priorities" or this.is_open:
            continue
        found = source.totals.counted(key, "problem")
        if found is None:
            yield para(too_few(source, this), kind="note")
            continue
        whole = sum(found.values())
        rests = tuple(sheet.seq for sheet in this.sheets.values())
        yield Table(
            tell("Which problem matters most, out of {n} people", *rests, n=whole),
            (tell("Problem"), tell("Marked by")),
            tuple(
                (Sentence((source.problem(name),)), tell("{share}", share=source.language.of(count, whole)))
                for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
            ),
            frozenset({1}),
        )


def _pitches(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.inventory
    told = []
    for said in standing(room.pitches):
        problem = getattr(said.event, "problem", None)
        if problem is None:
            continue
        if said.event.pitch is None:
            told.append(tell("Told aloud: {problem}", said.seq, problem=source.problem(problem)))
        else:
            words = tell.told(said.event.pitch, quoted=True)
            told.append(tell("{problem}: {words}", said.seq, problem=source.problem(problem), words=words))
    for said in standing(room.questions):
        question = tell.told(said.event.question, quoted=True)
        if said.event.answer is None:
            told.append(tell("Asked: {question} Not answered.", said.seq, question=question))
        else:
            answer = tell.told(said.event.answer, quoted=True)
            told.append(tell("Asked: {question} Answered: {answer}", said.seq, question=question, answer=answer))
    outside = [
        record.seq for record in source.of(ProblemPitched) if record.seq not in {s.seq for s in standing(room.pitches)}
    ]
    if told:
        summary = tell("What was told aloud and asked", *outside)
        yield More(summary, capped(source, told))


def _parties(source: Source) -> Iterator[Block]:
    """Yield for whom there is a problem, and who spoke for them."""
    tell, room = source.tell, source.state.inventory
    told = []
    for owner in room.owners:
        named = room.parties.get(owner)
        rests = source.where(PartyNamed, party=owner)
        if named is not None and named.event.represented_by:
            who = source.people(named.event.represented_by)
            told.append(tell("{owner}: {who} spoke for them", *rests, owner=source.party(owner), who=who))
        else:
            told.append(tell("{owner}: nobody was named to speak for them", *rests, owner=source.party(owner)))
    if told:
        yield More(tell("For whom there is a problem, and who spoke for them"), capped(source, told))
