"""The logbook: every record as a line, as its reader may see it; the lines that statements link to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import Record, StepOverridden
from afwegen.events.declaration import Erased, EventType, event_type
from afwegen.method import Step
from afwegen.report.blocks import Line, Logbook
from afwegen.report.parts.acts import acts
from afwegen.report.parts.frame import lacks, step_title
from afwegen.report.words import Gap, Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["logbook"]

ALIKE: Final = 6
"""From so many lines in a row on that show the same, and show nothing of their own, they are told as one."""
NOT_TOLD: Final = frozenset(
    {
        "viewer",
        "felt_heard",
        "heard_something_new",
        "trusts_what_follows",
        "due_to_it",
        "ties",
        "agrees",
        "abstains",
        "tiers",
        "weights",
        "scores",
        "comparisons",
        "judges",
        "outcome",
        "objections",
        "can_act",
        "neutral",
        "may_solve_itself",
    },
)
"""Personal fields that are no text, or would name somebody by their key."""
SOLUTIONS: Final = frozenset({"solution", "of", "solutions", "parts", "chosen", "alternatives"})
PARTIES: Final = frozenset(
    {
        "owner",
        "owners",
        "party",
        "recipient",
        "bearer",
        "collector",
        "investor",
        "department",
        "among",
        "to",
        "involved",
        "group",
    },
)
RECORDS: Final = frozenset({"entry", "entries", "into", "ranking"})


def logbook(source: Source) -> Logbook:
    """Return all records as lines; many alike in a row as one line."""
    called = acts(source.language)
    lines: list[Line] = []
    for _, alike in groupby(source.records, key=_alike):
        run = list(alike)
        if len(run) >= ALIKE and _shows_nothing(run[0]):
            lines.append(_together(source, run, called))
        else:
            lines += [_line(source, record, called) for record in run]
    anchors = {seq: line.first for line in lines for seq in range(line.first, line.last + 1)}
    return Logbook(lines=tuple(lines), anchors=anchors)


def _alike(record: Record[Any]) -> tuple[Any, ...]:
    nothing = _shows_nothing(record)
    return (record.type, record.role, record.channel) if nothing else (record.seq,)


def _shows_nothing(record: Record[Any]) -> bool:
    """Say whether everything somebody wrote in it is hidden from this reader."""
    personal = event_type(record.event).personal
    return bool(personal) and all(isinstance(getattr(record.event, field.name), Erased) for field in personal)


def _line(source: Source, record: Record[Any], called: dict[str, str]) -> Line:
    return Line(
        first=record.seq,
        last=record.seq,
        when=source.language.moment(record.happened_at),
        who=_who(source, record),
        what=Sentence((called[record.type],)),
        words=tuple(_words(source, record)),
    )


def _together(source: Source, run: list[Record[Any]], called: dict[str, str]) -> Line:
    first, last = run[0], run[-1]
    return Line(
        first=first.seq,
        last=last.seq,
        when=source.language.moment(first.happened_at),
        who=source.tell.count("{n} time", "{n} times", len(run)),
        what=Sentence((called[first.type],)),
        words=tuple(_words(source, first)),
    )


def _who(source: Source, record: Record[Any]) -> Sentence:
    tell = source.tell
    who = source.author(record)
    match record.channel:
        case "paper":
            return tell("{who}, on paper", who=who)
        case "oral":
            return tell("{who}, said aloud", who=who)
        case "async":
            return tell("{who}, between the meetings", who=who)
        case _:
            return who


def _words(source: Source, record: Record[Any]) -> Iterator[Sentence]:
    """Yield what a record says: what it is about, then the words in it, then one gap for all that is not shown."""
    declared, event = event_type(record.event), record.event
    about = list(_about(source, declared, event))
    if about:
        yield source.tell.joined(about)
    gaps: dict[str, Gap] = {}
    for field in declared.personal:
        value = getattr(event, field.name)
        if isinstance(value, Erased):
            gap = source.tell.told(value)
            if isinstance(gap, Gap):
                gaps[gap.why] = gap
        elif field.name not in NOT_TOLD and value not in (None, (), ""):
            yield from _told(source, record, field.name, value)
    for gap in gaps.values():
        yield Sentence((gap,))


def _told(source: Source, record: Record[Any], name: str, value: Any) -> Iterator[Sentence]:
    tell = source.tell
    if isinstance(record.event, StepOverridden) and name == "missing":
        yield tell("missing: {what}", what=tell.joined(lacks(source, value)))
    elif name == "problem":
        yield Sentence((source.problem(value),))
    elif name == "solution":
        yield Sentence((source.title(value),))
    elif name == "organisation":
        yield Sentence((source.party(value),))
    elif isinstance(value, str):
        yield tell.own(value)
    else:
        yield tell.joined([tell.told(str(each)) for each in value])


def _about(source: Source, declared: EventType, event: Any) -> Iterator[Any]:
    """Yield what a record is about, by name: a step, a solution, a party, an earlier line, an amount, a day."""
    for field in declared.public:
        name, value = field.name, getattr(event, field.name)
        if value is None or value == () or field is declared.new:
            continue
        if name == "group" and value in {"advises", "decides"}:
            continue
        yield from _named(source, name, value)


def _named(source: Source, name: str, value: Any) -> Iterator[Any]:
    tell = source.tell
    many = value if isinstance(value, tuple) else (value,)
    if name == "step":
        yield step_title(source, Step(value))
    elif name in SOLUTIONS:
        yield from (source.title(key) for key in many)
    elif name in PARTIES:
        yield from (source.party(key) for key in many)
    elif name in {"problem", "problems", "behind"} or (name == "into" and isinstance(value, tuple)):
        yield from (source.problem(key) for key in many)
    elif name in {"core", "targets", "mirrors"}:
        yield from (source.core(key) for key in many)
    elif name == "criterion":
        yield source.criterion(value)
    elif name == "subgroup":
        yield source.group(value)
    elif name in RECORDS:
        yield from (tell("line {n} in the logbook", seq, n=seq) for seq in many)
    elif name == "amount":
        yield source.language.money(value)
    elif isinstance(value, date):
        yield source.language.date(value)
    elif name in {"number", "percent"}:
        yield source.language.number(value)
