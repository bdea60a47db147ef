"""What the projector shows of one session: read when asked, and kept until there are more records."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from afwegen.method import METHOD_STEPS, Step
from afwegen.report.account import account, gathered
from afwegen.report.language import language as spoken
from afwegen.report.page import environment
from afwegen.report.parts.frame import TERMS, name_of
from afwegen.report.source import read
from afwegen.session import Session

if TYPE_CHECKING:
    from jinja2 import Environment

    from afwegen.report.blocks import Account, Line, Section
    from afwegen.report.language import Language
    from afwegen.steps.state import SessionState
    from afwegen.stores import Store

__all__ = ["Screen"]

LATEST: Final = 3
"""How many of the last entries stand on the page when it is opened."""
LONGEST: Final = 240
"""How much of an entry is told: who wants to read it all goes to the account."""


@frozen(kw_only=True)
class _Shown:
    """A session at one moment; of its state only numbers are shown, all words come from the account."""

    length: int
    state: SessionState
    awaited: dict[str, tuple[str, ...]]
    account: Account

    @property
    def sections(self) -> dict[str, Section]:
        """Return what is told of each step, by its name."""
        [steps] = [section for section in self.account.sections if section.name == "steps"]
        return {section.name: section for section in steps.sections}


class Screen:
    """
    The pages of one session, as the public may see it; any thread may ask.

    Raises:
        UnknownSession: The store does not hold the session.
        AfwegenError: The language is not spoken here.
    """

    def __init__(self, store: Store, session: str, language: str | None) -> None:
        self.store = store
        self._session = Session.load(store, session)
        self._language: Language = spoken(language or self._session.state.preparation.language)
        self._lock = Lock()
        self._shown: _Shown | None = None

    def look(self) -> int:
        """Read the news, and return how many records there are."""
        with self._lock:
            return self._session.refresh().length

    def told(self, start: int, stop: int) -> list[str]:
        """Return the entries from one record to another in words, each in a line: plain text, as people wrote it."""
        lines = self._now().account.logbook.lines
        return [_in_words(line) for line in lines if line.last >= start and line.first < stop]

    def page(self, step: Step | None, *, style: str, script: str) -> str:
        """Return the page of a step; of the one the group is in, where none is named."""
        shown, language = self._now(), self._language
        fixed, step = step is not None, step or shown.state.step
        sections = shown.sections
        steps = list(Step)
        return (
            _templates()
            .get_template("page.html")
            .render(
                account=shown.account,
                language=language,
                say=language.text,
                step=step,
                section=sections[name_of(step)],
                tabs=[_tab(language, shown.state, each, sections[name_of(each)]) for each in steps],
                before=steps[step.position - 1] if step.position else None,
                after=step.following,
                fixed=fixed,
                rounds=[_round(language, shown.state, key, len(left)) for key, left in shown.awaited.items()],
                latest=[_in_words(line) for line in reversed(shown.account.logbook.lines[-LATEST:])],
                records=shown.length,
                chips=_no_chips,
                style=style,
                script=script,
            )
        )

    def account(self) -> str:
        """Return the whole account, as it is now."""
        with self._lock:
            self._session.refresh()
            return account(self._session, language=self._language.code)

    def _now(self) -> _Shown:
        with self._lock:
            length = self._session.refresh().length
            if self._shown is None or self._shown.length != length:
                self._shown = _Shown(
                    length=length,
                    state=self._session.state,
                    awaited=self._session.awaited(),
                    account=gathered(read(self._session, None, None, self._language)),
                )
            return self._shown


def _tab(language: Language, state: SessionState, step: Step, section: Section) -> dict[str, Any]:
    progress = state.progress.of(step)
    return {
        "step": step,
        "name": section.name,
        "mark": str(step.position) if step in METHOD_STEPS else "",
        # What the method calls it, in one word or two.
        "word": TERMS[step] if language.code == "nl" else step.value.replace("_", "-"),
        "said": section.state.plain if section.state else "",
        "standing": "open" if progress.is_open else "done" if progress.completed is not None else "",
    }


def _round(language: Language, state: SessionState, key: str, left: int) -> dict[str, Any]:
    """Return how many have handed in what an open round asks, of how many; never who, and never what."""
    this = state.meeting.rounds[key]
    handed = len(this.sheets)
    say, whole = language.text, handed + left
    asked = {
        "problems": say("of the {whole}: problems written down", whole=whole),
        "priorities": say("of the {whole}: said what comes first", whole=whole),
        "nominations": say("of the {whole}: named what deserves a closer look", whole=whole),
        "ranking": say("of the {whole}: an order handed in", whole=whole),
        "scores": say("of the {whole}: scores handed in", whole=whole),
        "criteria weights": say("of the {whole}: said what weighs how much", whole=whole),
        "comparisons": say("of the {whole}: compared two by two", whole=whole),
        "closing words": say("of the {whole}: closing words given", whole=whole),
    }
    return {
        "count": language.number(handed),
        "said": asked[this.asks],
        "blind": this.blind,
    }


def _in_words(line: Line) -> str:
    """Return a line of the logbook as text."""
    said = ": ".join(filter(None, (line.what.plain, "; ".join(words.plain for words in line.words))))
    # What moves the cursor of a terminal does nothing on a page, but is told by a screen reader.
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()}…"


def _no_chips(_: tuple[int, ...]) -> dict[str, Any]:
    """Link no sentence to the records it rests on: the logbook is in the account, not on the wall."""
    return {"links": (), "more": 0}


@cache
def _templates() -> Environment:
    from jinja2 import ChoiceLoader, PackageLoader

    places = (PackageLoader("afwegen.live", ""), PackageLoader("afwegen.report", "templates"))
    return environment().overlay(loader=ChoiceLoader(places))
