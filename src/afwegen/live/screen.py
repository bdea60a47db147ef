"""What the projector shows of one session: read when asked, and kept until there are more records."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from afwegen.method import METHOD_STEPS, Step
from afwegen.report import account
from afwegen.report import language as spoken
from afwegen.report.gathering import gather
from afwegen.report.parts.frame import TERMS, name_of
from afwegen.session import Session

if TYPE_CHECKING:
    from jinja2 import Environment

    from afwegen.report.blocks import Account, Line
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
    """A session at one moment: how long its log was, and what there is to tell."""

    length: int
    state: SessionState
    awaited: dict[str, tuple[str, ...]]
    account: Account


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
        state, fixed = shown.state, step is not None
        step = step or state.step
        sections = {section.name: section for section in shown.account.sections}
        section = sections.get(name_of(step))
        steps = list(Step)
        return _templates().get_template("page.html").render(
            language=language,
            say=language.text,
            title=_text(state.preparation.title),
            area=_text(state.preparation.area),
            heading=section.title.plain if section else _word(language, step),
            section=section,
            steps=[_tab(language, state, each, shown=each is step, section=sections.get(name_of(each))) for each in steps],
            before=steps[step.position - 1] if step.position else None,
            after=step.following,
            fixed=fixed,
            rounds=[_round(language, state, key, len(left)) for key, left in shown.awaited.items()],
            latest=[_in_words(line) for line in reversed(shown.account.logbook.lines[-LATEST:])],
            records=shown.length,
            style=style,
            script=script,
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
                    account=gather(self._session, viewer=None, language=self._language),
                )
            return self._shown


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _word(language: Language, step: Step) -> str:
    """Return what the method calls a step, in one word or two."""
    return TERMS[step] if language.code == "nl" else step.value.replace("_", "-")


def _tab(language: Language, state: SessionState, step: Step, *, shown: bool, section: Any) -> dict[str, Any]:
    progress = state.progress.of(step)
    return {
        "step": step.value,
        "name": name_of(step),
        "mark": str(step.position) if step in METHOD_STEPS else "",
        "word": _word(language, step),
        "said": section.state.plain if section and section.state else "",
        "standing": "open" if progress.is_open else "done" if progress.completed is not None else "",
        "shown": shown,
    }


def _round(language: Language, state: SessionState, key: str, left: int) -> dict[str, Any]:
    """Return how many have handed in what an open round asks, of how many; never who, and never what."""
    this = state.meeting.rounds[key]
    handed = len(this.sheets)
    asked = {
        "problems": language.text("problems"),
        "priorities": language.text("what comes first"),
        "nominations": language.text("nominations"),
        "ranking": language.text("an order"),
        "scores": language.text("scores"),
        "criteria weights": language.text("what weighs how much"),
        "comparisons": language.text("comparisons"),
        "closing words": language.text("closing words"),
    }
    what = asked.get(this.asks, this.asks)
    return {
        "count": language.number(handed),
        "said": language.text("of the {whole} have handed in: {what}", whole=handed + left, what=what),
        "blind": this.blind,
    }


def _in_words(line: Line) -> str:
    """Return a line of the logbook as text."""
    said = " ".join([line.what.plain, *(words.plain for words in line.words)])
    # What moves the cursor of a terminal does nothing on a page, but is told by a screen reader.
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()}…"


@cache
def _templates() -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader([PackageLoader("afwegen.live", ""), PackageLoader("afwegen.report", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
