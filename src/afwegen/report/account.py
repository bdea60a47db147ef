"""The account of a session: gathered part by part as data, then shown as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afwegen.errors import RuleViolation
from afwegen.report.blocks import Account, Section
from afwegen.report.language import language as spoken
from afwegen.report.page import rendered
from afwegen.report.parts.aids import aids
from afwegen.report.parts.analysis import analysis
from afwegen.report.parts.apart import apart
from afwegen.report.parts.baseline import baseline
from afwegen.report.parts.changes import changed_since
from afwegen.report.parts.checking import checking
from afwegen.report.parts.choice import choice
from afwegen.report.parts.contributions import contributions
from afwegen.report.parts.effects import effects
from afwegen.report.parts.follow_up import follow_up
from afwegen.report.parts.inventory import inventory
from afwegen.report.parts.lessons import lessons
from afwegen.report.parts.logbook import logbook
from afwegen.report.parts.opening import opening
from afwegen.report.parts.people import people
from afwegen.report.parts.preparation import preparation
from afwegen.report.parts.preselection import preselection
from afwegen.report.parts.sharpening import sharpening
from afwegen.report.parts.solutions import solutions
from afwegen.report.parts.thread import thread
from afwegen.report.source import read

if TYPE_CHECKING:
    from afwegen.report.language import Language
    from afwegen.report.source import Source
    from afwegen.session import Session

__all__ = ["account", "gathered"]


def account(
    session: Session,
    *,
    viewer: str | None = None,
    language: str = "nl",
    at: int | None = None,
    since: int | None = None,
) -> str:
    """
    Return the account of a session as one HTML page: from the occasion to the choice, and how to check it.

    It needs no script and asks for nothing from anywhere; the same session gives the same bytes. It shows what its
    reader may see *now*, also where it tells of an earlier moment.

    Args:
        session: The session, finished or not.
        viewer: A participant's key; None for the public.
        language: ``nl`` or ``en``.
        at: As it was after so many records; None for all of them.
        since: Begin with what changed after so many records, if not None.

    Raises:
        RuleViolation: The session does not know the viewer, or has not so many records.
        AfwegenError: The language is not spoken here.
        MissingExtra: Jinja2 or Babel is not installed: ``pip install 'afwegen[report]'``.

    >>> from afwegen.demo import complex_a
    >>> page = account(complex_a(), language="en")
    >>> page.startswith("<!DOCTYPE html>"), "<script" in page
    (True, False)
    """
    source = read(session, viewer, at, spoken(language))
    if since is None:
        return rendered(gathered(source))
    if since > source.state.length:
        raise RuleViolation("the moment to compare with comes later", f"give at most {source.state.length}", since)
    return rendered(gathered(source, read(session, viewer, since, spoken(language))))


def gathered(source: Source, before: Source | None = None) -> Account:
    """Return the account as data; beginning with what changed since another moment, if one is given."""
    title = opening(source)
    return Account(
        language=source.language.code,
        spoken=source.state.preparation.language,
        title=f"{title.title.plain}: {source.text('account of how it was chosen')}",
        opening=title,
        sections=(*(() if before is None else (changed_since(before, source),)), *_sections(source)),
        logbook=logbook(source),
        words=_words(source.language),
    )


def _sections(source: Source) -> tuple[Section, ...]:
    tell = source.tell
    steps = (
        preparation,
        inventory,
        sharpening,
        baseline,
        solutions,
        effects,
        preselection,
        analysis,
        choice,
        follow_up,
    )
    return (
        thread(source),
        people(source),
        Section(
            name="steps", title=tell("Step by step"), term="stappen", sections=tuple(step(source) for step in steps)
        ),
        lessons(source),
        contributions(source),
        aids(source),
        apart(source),
        checking(source),
    )


def _words(language: Language) -> dict[str, str]:
    """Return the words of the page itself."""
    say = language.text
    return {
        "skip": say("Skip to the account"),
        "contents": say("Contents"),
        "line": language.translated("line {n} in the logbook"),
        "lines": language.translated("lines {n} in the logbook"),
        "logbook": say("Logbook"),
        "logbook_note": say(
            "Everything that was recorded, in order, as you may see it. "
            "The small numbers behind a sentence are the lines it rests on."
        ),
        "table": say("The numbers in this picture"),
    }
