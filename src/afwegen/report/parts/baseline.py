"""Step 3: what happens if nothing extra is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    BaselineAdopted,
    BaselineChecked,
    BaselineDrafted,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, More, Quote, Section
from afwegen.report.parts.frame import adopted, capped, para, quoted, step_section
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["baseline"]


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
