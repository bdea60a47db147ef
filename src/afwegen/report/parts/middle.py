"""Solutions, their effects and costs, and the preselection: steps 4 to 6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CriterionSet,
    DropoutDiscussed,
    NoSolutionFound,
    ParkedSolutionTakenUp,
    RankingPresented,
    ReconfirmationAnswered,
    ReconfirmationSettled,
    ShortlistAdopted,
    ShortlistAmended,
    SolutionNominated,
    SolutionSetAside,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Cards, Facts, Figure, More, Section, Table
from afwegen.report.parts.beginning import outside, round_in_words, rounds_that_ask
from afwegen.report.parts.frame import MANY, adopted, capped, figures, items, para, quoted, step_section
from afwegen.report.parts.thread import cost, income
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.pictures import Picture
    from afwegen.report.source import Source

__all__ = ["effects", "preselection", "solutions"]


# -- 4 solutions ------------------------------------------------------------------------------------------------------


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


# -- 5 effects --------------------------------------------------------------------------------------------------------


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


# -- 6 preselection ---------------------------------------------------------------------------------------------------


def preselection(source: Source) -> Section:
    """Return which few deserved a closer look, and how the subgroups and the group came to them."""
    blocks: list[Block] = []
    blocks += _shortlist(source)
    blocks += _nominated(source)
    blocks += _orders_by_group(source)
    blocks += (Figure(picture) for picture in source.pictures if _of_the_group(picture))
    blocks += _discussed(source)
    blocks += _criteria(source)
    blocks += _powers(source)
    blocks += figures(source, "picture-costs")
    return step_section(source, Step.PRESELECTION, blocks)


def _of_the_group(picture: Picture) -> bool:
    """Say whether a picture shows what the group itself judged, and stands in no other place."""
    return not picture.aid and not picture.name.startswith(("picture-time", "picture-costs"))


def _shortlist(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.preselection
    rests = source.seqs(ShortlistAdopted, ShortlistAmended)
    if not room.shortlisted or room.shortlist is None:
        if rests:
            yield para(tell("The shortlist was taken back; none stands now.", *rests), kind="warning")
        return
    picked = tell.joined([source.title(key) for key in room.shortlisted])
    yield para(tell("Together the group picked: {picked}.", room.shortlist.seq, picked=picked), kind="lead")
    for record in source.of(ShortlistAdopted, ShortlistAmended):
        event = record.event
        listed = tell.joined([source.title(key) for key in event.solutions])
        if isinstance(event, ShortlistAdopted):
            yield para(tell("Agreed on: {listed}.", record.seq, listed=listed))
            if event.motivation is not None:
                yield quoted(tell.own(event.motivation, record.seq))
        else:
            reason = tell.told(event.reason, quoted=True)
            yield para(tell("Changed to {listed}, because {reason}", record.seq, listed=listed, reason=reason))
        yield from adopted(source, event.adoption, event.objections, record.seq)


def _nominated(source: Source) -> Iterator[Block]:
    tell = source.tell
    yield from rounds_that_ask(source, "nominations")
    yield from items(outside(source, SolutionNominated))
    for key, this in sorted(source.state.meeting.rounds.items(), key=lambda item: item[1].seq):
        found = source.totals.counted(key, "solution") if this.asks == "nominations" and not this.is_open else None
        if found is None:
            continue
        whole = sum(found.values())
        rests = tuple(sheet.seq for sheet in this.sheets.values())
        rows = tuple(
            (Sentence((source.title(name),)), tell("{share}", share=source.language.of(count, whole)))
            for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        )
        caption = tell("The one solution whose effects people most want, written down blind", *rests)
        yield Table(caption, (tell("Solution"), tell("Written down by")), rows, frozenset({1}))


def _orders_by_group(source: Source) -> Iterator[Block]:
    """Yield the orders of the subgroups side by side, and the orders of participants in totals."""
    for key, this in sorted(source.state.meeting.rounds.items(), key=lambda item: item[1].seq):
        if this.asks != "ranking":
            continue
        yield para(round_in_words(source, key, this))
        if this.is_open:
            continue
        if this.of == "subgroups":
            yield from _side_by_side(source, this)
        else:
            yield from _in_totals(source, key, this)


def _side_by_side(source: Source, this: Any) -> Iterator[Block]:
    tell = source.tell
    sheets = sorted(this.sheets.items(), key=lambda item: item[1].seq)
    seen = [(judge, sheet) for judge, sheet in sheets if isinstance(sheet.event.tiers, tuple)]
    hidden = len(sheets) - len(seen)
    if hidden:
        seqs = [sheet.seq for _, sheet in sheets]
        yield para(
            tell.count(
                "The order of {n} subgroup is not shown here.",
                "The orders of {n} subgroups are not shown here.",
                hidden,
                *seqs,
            ),
            kind="note",
        )
    if not seen:
        return
    places = {judge: _places(sheet.event.tiers) for judge, sheet in seen}
    names = sorted({name for found in places.values() for name in found}, key=lambda name: _mean_place(places, name))
    header = (tell("Solution"), *(source.group(judge).resting_on(sheet.seq) for judge, sheet in seen))
    rows = tuple(
        (Sentence((source.title(name),)), *(_place(source, found, name) for found in places.values()))
        for name in names[:MANY]
    )
    caption = tell(
        "The orders of the subgroups side by side, by {criterion}; 1 is best",
        criterion=source.criterion(this.criterion),
    )
    yield Table(caption, header, rows, frozenset(range(1, len(header))), wide=len(header) > 4)
    presented = [
        tell(
            "{who} showed its order: {remark}",
            record.seq,
            who=source.author(record),
            remark=tell.told(record.event.remark, quoted=True),
        )
        for record in source.of(RankingPresented)
        if record.event.remark is not None
    ]
    quietly = [record.seq for record in source.of(RankingPresented) if record.event.remark is None]
    if quietly:
        one, many = len(quietly), quietly
        presented.append(
            tell.count("{n} order was shown to the others.", "{n} orders were shown to the others.", one, *many)
        )
    yield from items(presented)


def _places(tiers: Any) -> dict[str, tuple[int, bool]]:
    """Return by alternative its place from 1, and whether it shares it."""
    found: dict[str, tuple[int, bool]] = {}
    place = 1
    for tier in tiers:
        found |= {name: (place, len(tier) > 1) for name in tier}
        place += len(tier)
    return found


def _mean_place(places: dict[str, dict[str, tuple[int, bool]]], name: str) -> tuple[float, str]:
    given = [found[name][0] if name in found else len(found) + 1 for found in places.values()]
    return sum(given) / len(given), name


def _place(source: Source, found: dict[str, tuple[int, bool]], name: str) -> Sentence:
    if name not in found:
        return source.tell("not placed")
    place, shared = found[name]
    return source.tell("{n} (shared)", n=place) if shared else source.tell("{n}", n=place)


def _in_totals(source: Source, key: str, this: Any) -> Iterator[Block]:
    tell = source.tell
    rests = tuple(sheet.seq for sheet in this.sheets.values())
    found = source.totals.orders(key)
    if found is None:
        yield para(
            tell("Too few people gave an order to add it up without showing who said what.", this.seq, *rests),
            kind="note",
        )
        return
    names = [name for name, _ in sorted(found.first.items(), key=lambda item: (-item[1], item[0]))]
    rows = tuple(
        (Sentence((source.title(name),)), tell("{share}", share=source.language.of(found.first[name], found.judges)))
        for name in names[:MANY]
    )
    caption = tell("How many people placed it first, alone or with others", *rests)
    yield Table(caption, (tell("Solution"), tell("Placed first by")), rows, frozenset({1}))
    if len(names) > MANY:
        rest = len(names) - MANY
        yield para(tell.count("and {n} more: see the logbook", "and {n} more: see the logbook", rest), kind="note")


def _discussed(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = []
    for said in standing(source.state.preselection.discussions):
        words, solution = tell.told(said.event.finding), source.title(said.event.solution)
        if not isinstance(said.event, DropoutDiscussed):
            told.append(
                tell(
                    "The subgroups thought differently about {solution} (outlier): {words}",
                    said.seq,
                    solution=solution,
                    words=words,
                )
            )
        elif said.event.drops_out:
            told.append(
                tell("Not worked out further (drop-out): {solution}. {words}", said.seq, solution=solution, words=words)
            )
        else:
            told.append(tell("Talked about, and kept: {solution}. {words}", said.seq, solution=solution, words=words))
    yield from items(told)


def _criteria(source: Source) -> Iterator[Block]:
    tell, say = source.tell, source.text
    found = standing(source.state.preselection.criteria)
    if not found:
        return
    kinds = {
        "solving power": say("does it solve the problem"),
        "additional costs": say("what it costs more"),
        "other effects": say("what else it changes"),
        "own": say("a point of the group's own"),
    }
    told = []
    for said in found:
        event, rests = said.event, source.where(CriterionSet, criterion=said.event.criterion)
        title, kind = tell.told(event.title), kinds[event.kind]
        if event.worst is None or event.best is None:
            told.append(tell("{title} ({kind})", *rests, title=title, kind=kind))
        else:
            told.append(
                tell(
                    "{title} ({kind}); worst {worst}, best {best}",
                    *rests,
                    title=title,
                    kind=kind,
                    worst=event.worst,
                    best=event.best,
                )
            )
    yield More(tell.count("{n} criterion", "{n} criteria", len(found)), capped(source, told))


def _powers(source: Source) -> Iterator[Block]:
    """Yield how much of an owner's core problem each solution was thought to take away."""
    tell = source.tell
    found = standing(source.state.preselection.solving_power)
    if not found:
        return
    owners = list(dict.fromkeys(said.event.owner for said in found))
    names = list(dict.fromkeys(said.event.solution for said in found))
    cells = {(said.event.solution, said.event.owner): said for said in found}
    rows = tuple(
        (Sentence((source.title(name),)), *(_power(source, cells.get((name, owner))) for owner in owners))
        for name in names[:MANY]
    )
    header = (tell("Solution"), *(Sentence((source.party(owner),)) for owner in owners))
    caption = tell("How much of the core problem it is thought to take away, out of 100 points")
    yield Table(caption, header, rows, frozenset(range(1, len(header))), wide=len(header) > 4)
    sources = Counter(said.event.source for said in found if isinstance(said.event.source, str))
    if sources:
        where = tell.joined([tell.told(name) for name in sources])
        yield para(tell("Source of these estimates: {where}", *(said.seq for said in found), where=where), kind="note")
    else:
        yield para(tell("No source was given for these estimates.", *(said.seq for said in found)), kind="note")


def _power(source: Source, said: Any) -> Sentence:
    return source.tell("not estimated") if said is None else source.tell("{n}", said.seq, n=said.event.percent)
