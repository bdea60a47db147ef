"""Preparation, the inventory, sharpening and the baseline: steps 0 to 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    BaselineAdopted,
    BaselineChecked,
    BaselineDrafted,
    CoreProblemAdopted,
    CoreProblemFormulated,
    CoreProblemPresented,
    DeeperProblemExamined,
    JointProblemAdopted,
    OpeningPitched,
    PartyNamed,
    ProblemOwnerAdded,
    ProblemPitched,
    ProblemPrioritised,
    ProblemsAssigned,
    ProblemSetAside,
    ProblemSplit,
    PurposeStated,
    RoundClosed,
    RoundOpened,
    SessionStarted,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, More, Quote, Section, Table
from afwegen.report.parts.frame import adopted, capped, items, para, quoted, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["baseline", "inventory", "outside", "preparation", "round_in_words", "rounds_that_ask", "sharpening"]


# -- preparation ------------------------------------------------------------------------------------------------------


def preparation(source: Source) -> Section:
    """Return how it began."""
    tell, say, frame = source.tell, source.text, source.state.preparation
    blocks: list[Block] = []
    if frame.occasion is not None and frame.occasion.status == "standing":
        event, seq = frame.occasion.event, frame.occasion.seq
        kind = {"problem": say("a problem"), "opportunity": say("an opportunity")}[event.kind]
        entry = {
            "wish to act": say("The group wanted to do something, without a plan."),
            "intervention proposed": say("A measure had been proposed already; it was parked until step 4."),
        }[event.entry]
        blocks.append(quoted(tell.own(event.occasion, seq)))
        blocks.append(para(tell("It was told as {kind}.", seq, kind=kind), Sentence((entry,), (seq,))))
        if event.evidence is not None:
            blocks.append(para(tell("By what one sees it: {evidence}", seq, evidence=tell.told(event.evidence))))
        else:
            blocks.append(para(tell("By what one sees it was not recorded.", seq)))
    else:
        blocks.append(para(tell("What set this in motion was not recorded.")))
    blocks += _form(source)
    if frame.purpose is not None:
        blocks += _purpose(source, frame.purpose.event)
    return step_section(source, Step.PREPARATION, blocks)


def _form(source: Source) -> Iterator[Block]:
    """Yield that a session was not held by people who sat together, where it was not."""
    tell, seqs = source.tell, source.seqs(SessionStarted)
    if source.state.preparation.form == "alone":
        yield para(tell("One person walked through all steps alone.", *seqs), kind="warning")
    elif source.state.preparation.form == "imported":
        yield para(
            tell("This was made of a file of ballots: nobody sat at a table, and not every step was taken.", *seqs),
            kind="warning",
        )


def _purpose(source: Source, event: Any) -> Iterator[Block]:
    tell, say = source.tell, source.text
    seqs = source.seqs(PurposeStated)
    purpose = {
        "internal priorities": say("The session was for priorities within the organisation."),
        "decisions that touch residents": say("The session was about decisions that touch residents."),
    }[event.purpose]
    here = (
        tell("Decisions were to be taken in the session itself.", *seqs)
        if event.decisions_in_session
        else tell("Decisions were to be taken afterwards, elsewhere.", *seqs)
    )
    yield para(Sentence((purpose,), seqs), here)
    if event.motivation is not None:
        yield quoted(tell.own(event.motivation, *seqs))


# -- 1 inventory ------------------------------------------------------------------------------------------------------


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


def rounds_that_ask(source: Source, *asks: str) -> Iterator[Block]:
    """Yield the rounds that asked for this: blind or not, how many answered, whether it is open."""
    found = [(key, this) for key, this in source.state.meeting.rounds.items() if this.asks in asks]
    told = [round_in_words(source, key, this) for key, this in sorted(found, key=lambda item: item[1].seq)]
    yield from items(told)


def round_in_words(source: Source, key: str, this: Any) -> Sentence:
    """Return what a round asked of whom, how many answered, and whether it is open."""
    tell, say = source.tell, source.text
    asked = {
        "problems": say("what is wrong"),
        "priorities": say("which problem matters most"),
        "nominations": say("the one solution whose effects they most want"),
        "ranking": say("an order of the cards"),
        "criteria weights": say("how much each criterion matters"),
        "scores": say("scores"),
        "comparisons": say("comparisons two by two"),
        "closing words": say("closing words"),
    }[this.asks]
    rests = (*source.where(RoundOpened, round=key), *source.where(RoundClosed, round=key))
    rests += tuple(each.seq for sheet in this.sheets.values() for each in (sheet, *sheet.earlier))
    how = tell("blind") if this.blind else tell("openly")
    stands = tell("closed") if not this.is_open else tell("still open")
    values = {"asked": asked, "how": how, "stands": stands}
    if this.of == "subgroups":
        return tell.count(
            "Asked of the subgroups, {how}: {asked}. {n} subgroup answered; the round is {stands}.",
            "Asked of the subgroups, {how}: {asked}. {n} subgroups answered; the round is {stands}.",
            len(this.sheets),
            *rests,
            **values,
        )
    return tell.count(
        "Asked of everybody, {how}: {asked}. {n} person answered; the round is {stands}.",
        "Asked of everybody, {how}: {asked}. {n} people answered; the round is {stands}.",
        len(this.sheets),
        *rests,
        **values,
    )


def _priorities(source: Source) -> Iterator[Block]:
    """Yield how often each problem was marked as the most important one."""
    tell = source.tell
    for key, this in sorted(source.state.meeting.rounds.items(), key=lambda item: item[1].seq):
        if this.asks != "priorities" or this.is_open:
            continue
        found = source.totals.counted(key, "problem")
        if found is None:
            yield para(_too_few(source, this), kind="note")
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


def outside(source: Source, kind: type[Any]) -> Iterator[Sentence]:
    """Yield how many judgements of a kind were given outside any round."""
    inside = {
        each.seq
        for this in source.state.meeting.rounds.values()
        for sheet in this.sheets.values()
        for each in (sheet, *sheet.earlier)
    }
    loose = [seq for seq in source.seqs(kind) if seq not in inside]
    if loose:
        yield source.tell.count(
            "{n} person answered outside a round.", "{n} people answered outside a round.", len(loose), *loose
        )


def _too_few(source: Source, this: Any) -> Sentence:
    rests = tuple(sheet.seq for sheet in this.sheets.values())
    return source.tell("Too few answered to add it up without showing who said what.", this.seq, *rests)


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


# -- 2 sharpening -----------------------------------------------------------------------------------------------------


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


# -- 3 baseline -------------------------------------------------------------------------------------------------------


def baseline(source: Source) -> Section:
    """Return what happens if nothing extra is done."""
    tell, room = source.tell, source.state.baseline
    blocks: list[Block] = []
    if room.draft is None or room.draft.status != "standing":
        blocks += [] if not source.of(BaselineDrafted) else [para(tell("The description was taken back."))]
    else:
        event, seq = room.draft.event, room.draft.seq
        blocks.append(quoted(tell.own(event.description, seq)))
        blocks += _outlook(source, event, seq)
        if room.adopted_at is None:
            blocks.append(para(tell("The group has not agreed on this yet."), kind="warning"))
        else:
            blocks += adopted(source, room.adoption, room.objections, room.adopted_at)
    blocks += _assumed(source)
    blocks += _earlier(source)
    return step_section(source, Step.BASELINE, blocks)


def _outlook(source: Source, event: Any, seq: int) -> Iterator[Block]:
    tell = source.tell
    told = []
    if event.horizon_years is not None:
        years = event.horizon_years
        told.append(tell.count("It looks {n} year ahead.", "It looks {n} years ahead.", years, seq))
    if event.probably_solves_it is True:
        told.append(tell("The group thinks that this will probably solve the problem after all.", seq))
    elif event.probably_solves_it is False:
        told.append(tell("The group does not think that this solves the problem.", seq))
    if told:
        yield para(*told)


def _assumed(source: Source) -> Iterator[Block]:
    tell, say, room = source.tell, source.text, source.state.baseline
    about = {
        "policy": say("policy"),
        "decided measures": say("what is decided already"),
        "norms": say("what the law asks"),
        "behaviour": say("how people behave"),
        "autonomous change": say("what changes by itself"),
        "other": say("something else"),
    }
    told = []
    for said in standing(room.assumptions):
        event = said.event
        words = tell.told(event.text)
        if event.source is None:
            told.append(tell("{about}: {words}. No source was given.", said.seq, about=about[event.about], words=words))
        else:
            where = tell.told(event.source)
            told.append(
                tell("{about}: {words}. Source: {where}", said.seq, about=about[event.about], words=words, where=where)
            )
    if told:
        count = len(told)
        summary = tell.count("{n} thing it takes for granted", "{n} things it takes for granted", count)
        yield More(summary, capped(source, told))
    points = [_check(source, record) for record in source.of(BaselineChecked)]
    if points:
        yield More(tell.count("{n} point looked at", "{n} points looked at", len(points)), capped(source, points))


def _check(source: Source, record: Any) -> Sentence:
    tell, say, event = source.tell, source.text, record.event
    point = {
        "not meant to solve the problem": say("It is not meant to solve the problem"),
        "includes what is decided": say("What is decided already is in it"),
        "sober": say("It is sober"),
        "norms at least cost": say("What the law asks is met in the cheapest way"),
        "includes behaviour": say("How people behave is in it"),
        "includes autonomous change": say("What changes by itself is in it"),
    }[event.check]
    yes = tell("yes") if event.satisfied else tell("no")
    if event.remark is None:
        return tell("{point}: {yes}", record.seq, point=point, yes=yes)
    return tell("{point}: {yes}. {remark}", record.seq, point=point, yes=yes, remark=tell.told(event.remark))


def _earlier(source: Source) -> Iterator[Block]:
    """Yield what the baseline said before it was drafted anew."""
    tell = source.tell
    earlier = source.of(BaselineDrafted)[:-1]
    if earlier:
        told = tuple(Quote(tell.own(record.event.description, record.seq)) for record in earlier)
        agreed = [seq for seq in source.seqs(BaselineAdopted) if seq != source.state.baseline.adopted_at]
        yield More(tell("How it was worded before", *agreed), told)
