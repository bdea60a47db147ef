"""A letter, colour and dash for each alternative, the same in all pictures of a session, and the list of them."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from afwegen.report.pictures.lettering import clean, key_letter, wrapped
from afwegen.report.pictures.palette import Style, style
from afwegen.report.pictures.svg import FONT, LEADING, RADIUS, WIDTH, disc, texts

__all__ = ["Key", "Keys", "key_list", "keys"]


@frozen
class Key:
    """What an alternative goes by in pictures: its letter, its full title, and how its line looks."""

    letter: str
    title: str
    look: Style

    @property
    def called(self) -> str:
        """The title with its letter, as a sentence names it."""
        return f"{clean(self.title)} ({self.letter})"


Keys = Mapping[str, Key]
"""By id of the alternative."""


def keys(titles: Iterable[tuple[str, str]]) -> dict[str, Key]:
    """
    Give out letters and looks in the order of the alternatives.

    >>> keys([("caretaker", "Een huismeester")])["caretaker"].called
    'Een huismeester (A)'
    """
    return {name: Key(key_letter(place), title, style(place)) for place, (name, title) in enumerate(titles)}


def key_list(shown: Iterable[Key], top: float) -> tuple[str, float]:
    """Return the list of letters with their titles, and where it ends."""
    body, room = [], WIDTH - 2 * RADIUS - 14
    for key in shown:
        lines = len(wrapped(key.title, room, FONT, lines=2)) or 1
        high = max(2 * RADIUS + 6, lines * FONT * LEADING + 8)
        middle = top + high / 2
        body.append(disc(key.letter, RADIUS + 2, middle, key.look))
        first = middle + FONT * 0.35 - (lines - 1) * FONT * LEADING / 2
        body.append(texts(key.title, 2 * RADIUS + 12, first, room, size=FONT))
        top += high
    return "".join(body), top
