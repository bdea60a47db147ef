"""The steps in time: the whole trajectory by date, and in the meetings the minutes planned beside those it took."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from afwegen.report.language import ZONE, Language
from afwegen.report.pictures.lettering import BOLD, wrapped
from afwegen.report.pictures.palette import BLUE, SKY
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import LEADING, SMALL, WIDTH, document, line, rect, text, texts

__all__ = ["Meeting", "Spent", "Stage", "Times", "timeline"]


@frozen(kw_only=True)
class Stage:
    """A step, and when it was open; the end is None while it still is."""

    title: str
    spans: tuple[tuple[datetime, datetime | None], ...]


@frozen(kw_only=True)
class Spent:
    """Minutes of a meeting that went to one step: planned, and really; None where nothing was planned."""

    step: str
    planned: int | None
    real: int


@frozen(kw_only=True)
class Meeting:
    """A meeting, when it was, and what its time went to."""

    opened_at: datetime
    closed_at: datetime | None
    spent: tuple[Spent, ...]


@frozen(kw_only=True)
class Times:
    """Everything there is to know of a session's time, up to its last act."""

    stages: tuple[Stage, ...]
    meetings: tuple[Meeting, ...]
    begun: datetime
    until: datetime


def timeline(name: str, title: str, given: Times, say: Language) -> Picture:
    """Draw when each step was open, and under it what the time of each meeting went to."""
    body, top = _calendar(given, say)
    if any(meeting.spent for meeting in given.meetings):
        said, top = _minutes(given.meetings, top + 14, say)
        body += said
    description = " ".join(_told(given, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("step or meeting"),
            say.text("begins"),
            say.text("ends"),
            say.text("planned"),
            say.text("took"),
        ),
        rows=tuple(_rows(given, say)),
        svg=document(name, title, description, body, high=top + 4),
    )


LEFT = 150
QUARTER = 92


def _calendar(given: Times, say: Language) -> tuple[str, float]:
    whole = max((given.until - given.begun) / timedelta(days=1), 1 / 24)

    def x(moment: datetime) -> float:
        days = (moment - given.begun) / timedelta(days=1)
        return LEFT + min(max(days / whole, 0.0), 1.0) * (WIDTH - LEFT - 8)

    top = 22.0
    body, rows = "", ""
    for stage in given.stages:
        lines = len(wrapped(stage.title, LEFT - 10, SMALL, lines=2)) or 1
        high = 12 + lines * SMALL * LEADING
        rows += texts(stage.title, 0, top + high / 2 + 4.5 - (lines - 1) * SMALL * LEADING / 2, LEFT - 10)
        for begin, end in stage.spans:
            left, right = x(begin), x(end or given.until)
            wide = max(right - left, 4)
            rows += rect(min(left, WIDTH - 4 - wide), top + high / 2 - 6, wide, 12, fill=BLUE)
        top += high
    marks: list[tuple[float, str]] = []
    for place, meeting in enumerate(given.meetings, start=1):
        at = x(meeting.opened_at)
        body += line(at, 18, at, top, faint=True)
        near = bool(marks) and at - marks[-1][0] < 16
        marks[-1:] = [(marks[-1][0], f"{marks[-1][1]}, {place}")] if near else [*marks[-1:], (at, say.number(place))]
    if marks:
        body += text(say.text("meeting"), 0, 13)
    body += "".join(text(said, at, 13, anchor="middle", weight="bold") for at, said in marks)
    body += line(LEFT, top, WIDTH - 8, top)
    first, last = _day(given.begun, say), _day(given.until, say)
    body += text(first, LEFT, top + SMALL + 4)
    body += text(last, WIDTH, top + SMALL + 4, anchor="end") if last != first else ""
    return body + rows, top + SMALL + 14


def _day(moment: datetime, say: Language) -> str:
    return say.date(moment.astimezone(ZoneInfo(ZONE)).date())


def _minutes(meetings: Sequence[Meeting], top: float, say: Language) -> tuple[str, float]:
    body = rect(1, top, 18, 10, dash="3 2") + text(say.text("planned"), 26, top + 10)
    body += rect(WIDTH / 2, top, 18, 10, fill=SKY) + text(say.text("took"), WIDTH / 2 + 26, top + 10)
    top += 24
    most = max((max(each.planned or 0, each.real) for meeting in meetings for each in meeting.spent), default=1) or 1
    unit = (WIDTH - LEFT - 66) / most
    for place, meeting in enumerate(meetings, start=1):
        head = say.text("Meeting {n}, {day}", n=place, day=_day(meeting.opened_at, say))
        lines = len(wrapped(head, (WIDTH - 4) / BOLD, SMALL, lines=2)) or 1
        body += texts(head, 0, top + SMALL, WIDTH - 4, weight="bold")
        top += lines * SMALL * LEADING + 4
        for each in meeting.spent:
            said, top = _pair(each, top, unit, say)
            body += said
        top += 10
    return body, top


def _pair(each: Spent, top: float, unit: float, say: Language) -> tuple[str, float]:
    lines = len(wrapped(each.step, LEFT - 10, SMALL, lines=2)) or 1
    high = max(34, lines * SMALL * LEADING + 10)
    middle = top + high / 2
    body = texts(each.step, 0, middle + 4.5 - (lines - 1) * SMALL * LEADING / 2, LEFT - 10)
    bars = [(each.real, SKY)] if each.planned is None else [(each.planned, "none"), (each.real, SKY)]
    for place, (minutes, fill) in enumerate(bars):
        wide, y = max(minutes * unit, 1.5), middle - 7 * len(bars) + 14 * place + 1
        body += rect(LEFT, y, wide, 11, fill=fill, dash="3 2" if fill == "none" else "")
        body += text(_took(minutes, say), LEFT + wide + 5, y + 10)
    return body, top + high + 4


def _took(minutes: int, say: Language) -> str:
    return say.plural("{n} min", "{n} min", minutes)


def _rows(given: Times, say: Language) -> Iterable[tuple[str, ...]]:
    for stage in given.stages:
        for begin, end in stage.spans:
            yield (
                stage.title,
                say.moment(begin),
                say.moment(end) if end else say.text("still open"),
                "",
                _length(begin, end or given.until, say),
            )
    for place, meeting in enumerate(given.meetings, start=1):
        title = say.text("Meeting {n}", n=place)
        planned = sum(each.planned or 0 for each in meeting.spent)
        end = meeting.closed_at
        took = _length(meeting.opened_at, end or given.until, say)
        yield (
            title,
            say.moment(meeting.opened_at),
            say.moment(end) if end else say.text("still open"),
            _took(planned, say) if planned else "",
            took,
        )
        for each in meeting.spent:
            yield (
                say.text("Meeting {n}: {step}", n=place, step=each.step),
                "",
                "",
                "" if each.planned is None else _took(each.planned, say),
                _took(each.real, say),
            )


def _length(begin: datetime, end: datetime, say: Language) -> str:
    """Return how long something lasted: in minutes, hours days or months, whichever people would say."""
    minutes = round((end - begin) / timedelta(minutes=1))
    if minutes < 120:
        return _took(minutes, say)
    if minutes < 48 * 60:
        return say.plural("{n} hour", "{n} hours", round(minutes / 60))
    days = minutes / (24 * 60)
    if days < QUARTER:
        return say.plural("{n} day", "{n} days", round(days))
    return say.plural("{n} month", "{n} months", round(days / 30.44))


def _told(given: Times, say: Language) -> Iterable[str]:
    yield say.text(
        "From {begin} to {end}: {length}.",
        begin=_day(given.begun, say),
        end=_day(given.until, say),
        length=_length(given.begun, given.until, say),
    )
    if given.meetings:
        yield say.plural("The group met {n} time.", "The group met {n} times.", len(given.meetings))
    for place, meeting in enumerate(given.meetings, start=1):
        over = [each for each in meeting.spent if each.planned is not None]
        if not over:
            continue
        planned, real = sum(each.planned or 0 for each in over), sum(each.real for each in over)
        yield say.text(
            "Meeting {n}: {planned} planned for these steps, {real} taken.",
            n=place,
            planned=_took(planned, say),
            real=_took(real, say),
        )
    again = [stage.title for stage in given.stages if len(stage.spans) > 1]
    if again:
        yield say.text("Opened again: {steps}.", steps=say.joined(again))
