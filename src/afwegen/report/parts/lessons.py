"""What people took home: insights, the closing round in totals, and appointments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import AppointmentMade, InsightNoted, MeetingReviewed
from afwegen.report.blocks import Block, Quote, Section, Table
from afwegen.report.parts.asked import rounds_that_ask
from afwegen.report.parts.frame import items, para
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source
    from afwegen.report.totals import Closing

__all__ = ["lessons"]


def lessons(source: Source) -> Section:
    """Return what the group saw differently afterwards, how it closed, and who goes on talking with whom."""
    tell = source.tell
    return Section(
        name="insights",
        title=tell("What people took home"),
        term="inzichten, sluitronde, afspraken",
        sections=(
            Section(title=tell("What we now see differently"), term="inzichten", blocks=tuple(_insights(source))),
            Section(title=tell("Closing round, in totals only"), term="sluitronde", blocks=tuple(_closing(source))),
            Section(title=tell("Who goes on talking with whom"), term="afspraken", blocks=tuple(_appointments(source))),
        ),
    )


def _insights(source: Source) -> Iterator[Block]:
    tell, say = source.tell, source.text
    about = {
        "the problem": say("about the problem"),
        "the neighbourhood": say("about the neighbourhood"),
        "ourselves": say("about ourselves and each other"),
    }
    found = standing(source.state.meeting.insights)
    if not found:
        yield para(tell("No insight was noted.", *source.seqs(InsightNoted)))
    for said in found:
        shared = len(said.event.acknowledged_by)
        footer = (
            tell.count(
                "{about}; {n} person agreed aloud",
                "{about}; {n} people agreed aloud",
                shared,
                about=about[said.event.about],
            )
            if shared
            else Sentence((about[said.event.about],))
        )
        yield Quote(tell.own(said.event.insight, said.seq), footer)


def _closing(source: Source) -> Iterator[Block]:
    tell, room = source.tell, source.state.meeting
    yield from rounds_that_ask(source, "closing words")
    rounds = sorted(
        (item for item in room.rounds.items() if item[1].asks == "closing words"), key=lambda item: item[1].seq
    )
    loose = tuple(record.seq for record in source.of(MeetingReviewed) if record.event.round is None)
    for key, this in rounds:
        if not this.is_open:
            rests = tuple(sheet.seq for sheet in this.sheets.values())
            yield _answers(source, source.totals.closing(key), (this.seq, *rests))
    if loose and not rounds:
        yield _answers(source, source.totals.closing(None), loose)
    if not rounds and not loose:
        yield para(tell("There was no closing round."))


def _answers(source: Source, found: Closing | None, rests: tuple[int, ...]) -> Block:
    tell, say = source.tell, source.text
    if found is None:
        return para(tell("Too few answered to add it up without showing who said what.", *rests), kind="note")
    asked = {
        "felt_heard": say("Did I feel heard?"),
        "heard_something_new": say("Did I hear something new?"),
        "trusts_what_follows": say("Do I trust what comes next?"),
    }
    rows = tuple(
        (Sentence((asked[name],)), *(tell("{n}", n=count) for count in counts)) for name, counts in found.answers
    )
    caption = tell.count("Answers of {n} person", "Answers of {n} people", found.people, *rests)
    header = (tell("Question"), tell("yes"), tell("partly"), tell("no"))
    return Table(caption, header, rows, frozenset({1, 2, 3}))


def _appointments(source: Source) -> Iterator[Block]:
    tell = source.tell
    found = standing(source.state.meeting.appointments)
    yield from items(_appointment(source, said) for said in found)
    if not found:
        yield para(tell("No appointment was made.", *source.seqs(AppointmentMade)))


def _appointment(source: Source, said: Any) -> Sentence:
    tell, event = source.tell, said.event
    who, topic = source.people(event.people), tell.told(event.topic)
    if event.day is None:
        return tell("{topic} ({who})", said.seq, topic=topic, who=who)
    return tell("{topic} ({who}, on {day})", said.seq, topic=topic, who=who, day=event.day)
