"""Step 2: how the group came from many problems to the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CoreProblemAdopted,
    CoreProblemFormulated,
    CoreProblemPresented,
    DeeperProblemExamined,
    JointProblemAdopted,
    ProblemsAssigned,
    ProblemSetAside,
    ProblemSplit,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, More, Section
from afwegen.report.parts.frame import adopted, capped, items, para, quoted, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["sharpening"]


def sharpening(source: Source) -> Section:
    """Return how the group came from many problems to the core."""
    tell, room = source.tell, source.state.sharpening
    blocks: list[Block] = []
    joint = room.joint_problem
    if joint is not None and joint.status == "standing":
        blocks.append(para(tell("Together the group put it like this:"), kind="lead"))
        blocks.append(quoted(tell.own(joint.event.statement, joint.seq)))
        blocks += adopted(source, joint.event.adoption, joint.event.objections, *source.seqs(JointProblemAdopted))
    cards = tuple(_core(source, key) for key in _cores_in_order(source))
    if cards:
        blocks.append(Cards(cards))
    blocks += items(
        tell(
            "{owner} gets no core problem, because {reason}",
            said.seq,
            owner=source.party(owner),
            reason=tell.told(said.event.reason, quoted=True),
        )
        for owner, said in sorted(room.owners_set_aside.items(), key=lambda item: item[1].seq)
    )
    blocks += _examined(source)
    return step_section(source, Step.SHARPENING, blocks)


def _cores_in_order(source: Source) -> list[str]:
    cores = source.state.sharpening.cores
    return sorted((key for key in cores if cores[key].status == "standing"), key=lambda key: cores[key].seq)


def _core(source: Source, key: str) -> Section:
    tell, core = source.tell, source.state.sharpening.cores[key]
    formulated = source.where(CoreProblemFormulated, core=key)
    owners = tell.joined([source.party(owner) for owner in core.owners])
    blocks: list[Block] = [quoted(tell.own(core.statement, *formulated))]
    if core.problems:
        gathered = tell.joined([tell.quoting(source.problem(problem)) for problem in core.problems])
        blocks.append(para(tell("It gathers: {problems}", *formulated, problems=gathered)))
    if len(formulated) > 1:
        before = source.where(CoreProblemAdopted, core=key)[: -1 if core.adopted_at is not None else None]
        blocks.append(para(tell("It was worded before, and is worded anew here.", *formulated, *before), kind="note"))
    presented = source.where(CoreProblemPresented, core=key)
    if presented:
        blocks.append(para(tell("It was presented to everybody.", *presented), kind="note"))
    if core.adopted_at is None:
        blocks.append(para(tell("Not agreed on yet."), kind="warning"))
    else:
        blocks += adopted(source, core.adoption, core.objections, core.adopted_at)
    return Section(title=tell("For {owners}", owners=owners), term="kernprobleem", blocks=tuple(blocks))


def _examined(source: Source) -> Iterator[Block]:
    """Yield what was asked of the problems: what is behind it, does it solve itself, how large is it."""
    tell, room = source.tell, source.state.sharpening
    told = [
        tell(
            "{group} took: {problems}",
            record.seq,
            group=source.group(record.event.subgroup),
            problems=tell.joined([source.problem(key) for key in record.event.problems]),
        )
        for record in source.of(ProblemsAssigned)
    ]
    for said in standing(room.examinations):
        event, problem, finding = said.event, source.problem(said.event.problem), tell.told(said.event.finding)
        if isinstance(event, DeeperProblemExamined):
            told.append(tell("What is behind “{problem}”? {finding}", said.seq, problem=problem, finding=finding))
        else:
            told.append(tell("Does “{problem}” solve itself? {finding}", said.seq, problem=problem, finding=finding))
    told += [_size(source, said) for said in standing(room.sizings)]
    for record in source.of(ProblemSplit, ProblemSetAside):
        problem, reason = source.problem(record.event.problem), tell.told(record.event.reason, quoted=True)
        if isinstance(record.event, ProblemSplit):
            into = tell.joined([source.problem(key) for key in record.event.into])
            told.append(
                tell(
                    "“{problem}” was split into {into}: {reason}", record.seq, problem=problem, into=into, reason=reason
                )
            )
        else:
            told.append(tell("“{problem}” was set aside: {reason}", record.seq, problem=problem, reason=reason))
    if told:
        yield More(tell("How the group came to this"), capped(source, told))


def _size(source: Source, said: Any) -> Sentence:
    tell, event = source.tell, said.event
    told = tell(
        "“{problem}” for {owner}: {nature}",
        said.seq,
        problem=source.problem(event.problem),
        owner=source.party(event.owner),
        nature=tell.told(event.nature),
    )
    if event.size is not None:
        told = tell("{told}. {size}", told=told, size=tell.told(event.size))
    if event.affected is not None:
        told = tell("{told}. It touches {n}.", told=told, n=event.affected)
    if event.if_it_stays is not None:
        told = tell("{told} If it stays: {words}", told=told, words=tell.told(event.if_it_stays))
    return told
