"""The analysis, the choice and what came of it: steps 7, 8 and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    ActionAgreed,
    BaselineConsidered,
    ChoiceDeferred,
    ChoiceMade,
    EffectCardAdopted,
    EffectCardOpened,
    EffectMeasured,
    IndicatorSet,
    ProcedureStated,
    SessionArchived,
    SessionEnded,
    SituationMeasured,
    SolutionAssigned,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, Facts, Section, Table
from afwegen.report.parts.frame import adopted, items, para, quoted, step_section
from afwegen.report.parts.opening import action, by_whom, chosen_in_a_row
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["analysis", "choice", "follow_up"]

Pair = tuple[Sentence, tuple[Sentence, ...]]


# -- 7 analysis -------------------------------------------------------------------------------------------------------


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


# -- 8 choice ---------------------------------------------------------------------------------------------------------


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


# -- after ------------------------------------------------------------------------------------------------------------


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
