"""Step 4: what could be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    NoSolutionFound,
    ParkedSolutionTakenUp,
    SolutionSetAside,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, Facts, More, Section
from afwegen.report.parts.frame import MANY, capped, items, para, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["solutions"]


def solutions(source: Source) -> Section:
    """Return what could be done."""
    tell, room = source.tell, source.state.solutions
    blocks: list[Block] = []
    keys = room.standing
    if keys:
        count = len(keys)
        blocks.append(para(tell.count("{n} solution stands:", "{n} solutions stand:", count), kind="lead"))
    if len(keys) > MANY:
        blocks += capped(source, (_in_a_line(source, key) for key in keys))
    elif keys:
        blocks.append(Cards(tuple(_solution(source, key) for key in keys)))
    blocks += items(
        tell(
            "Not worked out further: {solution}, because {reason}",
            record.seq,
            solution=source.title(record.event.solution),
            reason=tell.told(record.event.reason, quoted=True),
        )
        for record in source.of(SolutionSetAside)
    )
    for record in source.of(NoSolutionFound):
        blocks.append(para(tell("No solution was found: {words}", record.seq, words=tell.told(record.event.statement))))
    return step_section(source, Step.SOLUTIONS, blocks)


def _in_a_line(source: Source, key: str) -> Sentence:
    solution = source.state.solutions.solutions[key]
    return source.tell.own(solution.title, solution.seq)


def _solution(source: Source, key: str) -> Section:
    tell, room = source.tell, source.state.solutions
    solution = room.solutions[key]
    blocks: list[Block] = []
    if solution.description is not None:
        blocks.append(para(tell.own(solution.description, solution.seq)))
    if solution.parts:
        parts = tell.joined([source.title(part) for part in solution.parts])
        blocks.append(para(tell("Together: {parts}", solution.seq, parts=parts)))
    if solution.variant_of is not None:
        blocks.append(para(tell("A variant of: {other}", solution.seq, other=source.title(solution.variant_of))))
    parked = [one for one, taken in room.taken_up.items() if taken == key]
    for one in parked:
        said = source.state.inventory.parked.get(one)
        if said is not None:
            rests = (said.seq, *source.where(ParkedSolutionTakenUp, parked=one))
            words = tell.told(said.event.title, quoted=True)
            blocks.append(para(tell("Parked earlier as {words}, and taken up again here.", *rests, words=words)))
    if solution.targets:
        cores = [tell.quoting(source.core(core)) for core in solution.targets]
        blocks.append(para(tell("Meant for: {cores}", solution.seq, cores=tell.joined(cores)), kind="note"))
    blocks += [
        More(tell("The solution card"), (Facts(tuple(_card(source, card))),))
        for card in standing(room.cards)
        if card.event.solution == key
    ]
    return Section(title=tell.own(solution.title, solution.seq), blocks=tuple(blocks))


def _card(source: Source, said: Any) -> Iterator[tuple[Sentence, tuple[Sentence, ...]]]:
    tell, event = source.tell, said.event
    for label, value in (
        (tell("What it is"), event.what),
        (tell("What it changes"), event.effects),
        (tell("What it costs more"), event.additional_costs),
        (tell("Where it worked"), event.worked_where),
        (tell("What is different here"), event.different_here),
    ):
        yield label, (tell.own(value, said.seq),)
