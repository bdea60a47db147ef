"""Step 6: which few deserve a closer look, by the orders of the subgroups side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    CriterionSet,
    DropoutDiscussed,
    RankingPresented,
    ShortlistAdopted,
    ShortlistAmended,
    SolutionNominated,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Figure, More, Section, Table
from afwegen.report.parts.asked import outside, round_in_words, rounds_that_ask
from afwegen.report.parts.frame import MANY, adopted, capped, figures, items, para, quoted, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.pictures import Picture
    from afwegen.report.source import Source

__all__ = ["preselection"]


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
