"""What everybody was asked: rounds, how many answered, and what was answered outside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    RoundClosed,
    RoundOpened,
)
from afwegen.report.blocks import Block
from afwegen.report.parts.frame import items
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["outside", "round_in_words", "rounds_that_ask", "too_few"]


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


def too_few(source: Source, this: Any) -> Sentence:
    """Return that too few answered to be added up."""
    rests = tuple(sheet.seq for sheet in this.sheets.values())
    return source.tell("Too few answered to add it up without showing who said what.", this.seq, *rests)
