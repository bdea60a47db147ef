"""
Sentences of the account, as values: our own words, other people's words, and what is not there.

What people wrote is kept apart from what the account says about it, so that a page can isolate it: no text of theirs
can turn the direction of ours, or pass for it.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from attrs import evolve, frozen

from afwegen.events.declaration import Erased
from afwegen.report.language import Language

__all__ = ["Gap", "Part", "Sentence", "Teller", "Told", "shortened"]


@frozen
class Told:
    """Somebody's own words; ``quoted`` where they stand inside a sentence of ours."""

    text: str
    quoted: bool = False


@frozen
class Gap:
    """Words that are not there, and why: erased on request, not to be seen by this reader, or gone."""

    text: str
    why: str


Part = str | Told | Gap


@frozen
class Sentence:
    """
    One statement, and the records it rests on.

    Attributes:
        parts: Our words, theirs, and gaps, in order.
        records: The numbers of the records, in the order of the log.
        to: Another place in the account, where the statement points to one.
    """

    parts: tuple[Part, ...]
    records: tuple[int, ...] = ()
    to: str = ""

    @property
    def plain(self) -> str:
        """Return it as plain text."""
        return "".join(part if isinstance(part, str) else _aloud(part) for part in self.parts)

    def resting_on(self, *records: int) -> Sentence:
        """Return it with these records added."""
        return evolve(self, records=tuple(sorted({*self.records, *records})))


def _aloud(part: Told | Gap) -> str:
    if isinstance(part, Gap):
        return f"[{part.text}]"
    return f"“{part.text}”" if part.quoted else part.text


Value = str | Told | Gap | Sentence | int | float | Decimal | date
MARK: Final = "\x1e"
"""Holds the place of a part while a list is joined as text; a control character, so nobody's words contain it."""


@frozen
class Teller:
    """Makes sentences in a language."""

    language: Language

    def __call__(self, message: str, /, *records: int, **values: Any) -> Sentence:
        """Return a message as a sentence, with its values in place, resting on records."""
        return self._filled(self.language.translated(message), values, records)

    def count(self, one: str, many: str, n: int, /, *records: int, **values: Any) -> Sentence:
        """Return the message for so many as a sentence."""
        said = self.language.catalogue.ngettext(one, many, n)
        return self._filled(said, {"n": n, **values}, records)

    def own(self, value: Any, *records: int, quoted: bool = False) -> Sentence:
        """Return what somebody wrote, or why it is not there, as a sentence."""
        return Sentence((self.told(value, quoted=quoted),), _sorted(records))

    def told(self, value: Any, *, quoted: bool = False) -> Part:
        """Return what somebody wrote as a part of a sentence."""
        match value:
            case Erased.ERASED:
                return Gap(self.language.text("erased on request"), value.value)
            case Erased.HIDDEN:
                return Gap(self.language.text("not shown here"), value.value)
            case Erased.MISSING:
                return Gap(self.language.text("lost, and the log does not say why"), value.value)
            case None | "":
                return Gap(self.language.text("not filled in"), "empty")
            case _:
                return Told(str(value), quoted)

    def quoting(self, part: Part) -> Part:
        """Return somebody's words as a quotation inside a sentence."""
        return evolve(part, quoted=True) if isinstance(part, Told) else part

    def joined(self, values: Iterable[Any], *records: int) -> Sentence:
        """Return values as a list in a sentence: Anna, Bram and Cor."""
        found = [self._parts(value) for value in values]
        text = self.language.joined(f"{MARK}{number}{MARK}" for number in range(len(found)))
        parts: list[Part] = []
        for number, piece in enumerate(text.split(MARK)):
            parts += found[int(piece)] if number % 2 else [piece]
        return Sentence(tuple(_merged(parts)), _sorted(records))

    def _filled(self, message: str, values: dict[str, Any], records: Iterable[int]) -> Sentence:
        parts: list[Part] = []
        resting: set[int] = set(records)
        for literal, name, _, _ in string.Formatter().parse(message):
            parts.append(literal)
            if name is not None:
                parts += self._parts(values[name])
                if isinstance(values[name], Sentence):
                    resting.update(values[name].records)
        return Sentence(tuple(_merged(parts)), _sorted(resting))

    def _parts(self, value: Any) -> tuple[Part, ...]:
        match value:
            case Sentence():
                return value.parts
            case Told() | Gap():
                return (value,)
            case Erased() | None:
                return (self.told(value),)
            case _:
                return (self.language.shown(value),)


def _merged(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts, neighbouring pieces of our own as one."""
    ours = ""
    for part in parts:
        if isinstance(part, str):
            ours += part
            continue
        if ours:
            yield ours
        ours = ""
        yield part
    if ours:
        yield ours


def _sorted(records: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(records)))


def shortened(sentence: Sentence, most: int) -> Sentence:
    """Return a sentence of so many characters at most, cut between words where there are any."""
    if len(sentence.plain) <= most:
        return sentence
    left, parts = most, []
    for part in sentence.parts:
        text = part if isinstance(part, str) else part.text
        if len(text) <= left:
            parts.append(part)
            left -= len(text)
            continue
        cut = text[:left].rsplit(None, 1)[0] if " " in text[:left] else text[:left]
        short = f"{cut.rstrip(' ,;:.')} …"
        parts.append(short if isinstance(part, str) else evolve(part, text=short))
        break
    return evolve(sentence, parts=tuple(parts))
