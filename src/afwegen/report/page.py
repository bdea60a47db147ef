"""The account as a page: templates, one style sheet inside it, and a policy that lets nothing in."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from afwegen.errors import MissingExtra

if TYPE_CHECKING:
    from jinja2 import Environment

    from afwegen.report.blocks import Account, Logbook

__all__ = ["environment", "rendered"]

TEMPLATES: Final = "templates"
NO_TEXT: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]")
"""Control characters, and what is no character at all: they are no word, and no HTML."""
CHIPS: Final = 6
"""So many links to the logbook behind one statement; beyond that it only says how many more there are."""


def rendered(account: Account) -> str:
    """
    Return an account as one HTML page that needs nothing else: no script, no request.

    Raises:
        MissingExtra: Jinja2 is not installed.
    """
    # The W3C's validator takes the hash of it without the newline at its end.
    css = _file("account.css").strip()
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    template = environment().get_template("page.html.j2")
    return template.render(account=account, css=css, policy=policy, chips=_Chips(account.logbook, account.words))


def _file(name: str) -> str:
    return files(__package__).joinpath(TEMPLATES, name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """
    Return the templates of the account; the live view is made with them too.

    Raises:
        MissingExtra: Jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtra("Jinja2", "report") from error
    made = Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: NO_TEXT.sub(" ", value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What we made ourselves and know to be markup: the style sheet and the drawings.
    made.filters["ours"] = lambda text: Markup(NO_TEXT.sub(" ", text))  # noqa: S704 - nobody else's words
    made.filters["kind"] = lambda block: type(block).__name__
    return made


class _Chips:
    """Makes links to the logbook of the records a statement rests on: neighbours as one, and no more than a few."""

    def __init__(self, logbook: Logbook, words: dict[str, str]) -> None:
        self.anchors = logbook.anchors
        self.words = words

    def __call__(self, records: tuple[int, ...]) -> dict[str, Any]:
        """Return the links, each with where it goes and what it says, and how many runs are left out."""
        runs = [
            [seq for _, seq in run]
            for _, run in groupby(enumerate(sorted(set(records))), key=lambda pair: pair[1] - pair[0])
        ]
        links = [
            {
                "to": self.anchors[run[0]],
                "shown": str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}",
                "label": self._label(run),
            }
            for run in runs[:CHIPS]
            if run[0] in self.anchors
        ]
        return {"links": links, "more": sum(len(run) for run in runs[CHIPS:])}

    def _label(self, run: list[int]) -> str:
        if len(run) == 1:
            return self.words["line"].replace("{n}", str(run[0]))
        return self.words["lines"].replace("{n}", f"{run[0]}–{run[-1]}")
