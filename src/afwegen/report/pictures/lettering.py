"""What may be written in a picture: text without marks that turn it round, measured, wrapped, and cut where it must."""

import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["BOLD", "clean", "key_letter", "width", "wrapped"]

_NARROW: Final = frozenset("iljtfrI.,;:'|!()[]{} -/\\\"°·")
_WIDE: Final = frozenset("mwMW@%&€–—…→")
_JOINING: Final = frozenset("\u200d\ufe0e\ufe0f")
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ELLIPSIS: Final = "…"
MOST: Final = 400
"""Of a text no more letters than this could ever be shown, in however many lines."""
BOLD: Final = 1.12
"""How much wider bold letters are."""


def clean(text: str) -> str:
    r"""
    Return a text that can stand in XML on one line: no control characters, no marks that turn the writing direction.

    Where the direction is part of the letters themselves, it stays.

    >>> clean("a\tb\x00\u202ec  d")
    'a bc d'
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if _writable(char)).split())


def _writable(char: str) -> bool:
    return char not in _TURNING and char not in "\ufffe\uffff" and unicodedata.category(char) not in {"Cc", "Cs"}


def width(text: str, size: float) -> float:
    """
    Estimate how wide a text is, in letters as wide as DejaVu's: the page chooses the letters, not we.

    >>> width("mm", 10) > width("ii", 10)
    True
    """
    return size * sum(map(_advance, text))


@lru_cache(maxsize=4096)
def _advance(char: str) -> float:
    if unicodedata.combining(char) or char in _JOINING:
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    if char in _NARROW:
        return 0.36
    return 0.98 if char in _WIDE else 0.74 if char.isupper() else 0.635


@lru_cache(maxsize=1024)
def wrapped(text: str, room: float, size: float, *, lines: int) -> tuple[str, ...]:
    """
    Return a text in at most *lines* lines that fit the room; what does not fit is cut, and the cut is shown.

    The full text stands in the table beside the picture.

    >>> wrapped("Een huismeester in het complex", 130, 14, lines=2)
    ('Een huismeester', 'in het complex')
    >>> wrapped("x" * 5000, 60, 14, lines=1)
    ('xxxxx…',)
    """
    done: list[str] = []
    line = ""
    for word in _pieces(clean(text[: 2 * MOST]), room, size):
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if len(done) == lines - 1:
            return (*done, _cut(longer, room, size))
        done += [line] if line else []
        line = word
    return (*done, line) if line else tuple(done)


def _pieces(text: str, room: float, size: float) -> list[str]:
    """Return the words of a text, one that is wider than the room in pieces; no more than could ever be shown."""
    pieces: list[str] = []
    for word in text[:MOST].split():
        piece, long = "", 0.0
        for cluster in _clusters(word):
            more = width(cluster, size)
            if piece and long + more > room:
                pieces.append(piece)
                piece, long = "", 0.0
            piece, long = piece + cluster, long + more
        pieces.append(piece)
    return [*pieces, *([ELLIPSIS] if len(text) > MOST else [])]


def _cut(text: str, room: float, size: float) -> str:
    kept, left = "", room - width(ELLIPSIS, size)
    for cluster in _clusters(text):
        left -= width(cluster, size)
        if left < 0:
            break
        kept += cluster
    return kept.rstrip() + ELLIPSIS


def _clusters(text: str) -> list[str]:
    """Return what people see as letters: marks, joined emoji and skin tones stay with what they belong to."""
    clusters: list[str] = []
    for char in text:
        glued = unicodedata.combining(char) or char in _JOINING or "\U0001f3fb" <= char <= "\U0001f3ff"
        if clusters and (glued or clusters[-1].endswith("\u200d")):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def key_letter(place: int) -> str:
    """
    Return the letter by which something goes in all pictures of a session, from place 0.

    >>> key_letter(0), key_letter(25), key_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
