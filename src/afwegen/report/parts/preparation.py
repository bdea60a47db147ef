"""Preparation: how it began, and what the session was for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    PurposeStated,
    SessionStarted,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Section
from afwegen.report.parts.frame import para, quoted, step_section
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["preparation"]


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
