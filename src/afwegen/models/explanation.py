"""What the explanations of all models share: languages, numbers and enumerations in words."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from afwegen.errors import ModelError

__all__ = ["Language", "language_of", "listed", "number", "percent", "phrase"]

Language = Literal["en", "nl"]
"""The languages every explanation speaks."""

_AND: Final[Mapping[Language, str]] = {"en": "and", "nl": "en"}


def language_of(language: str) -> Language:
    """
    Return *language* when explanations speak it.

    Raises:
        ModelError: They do not.
    """
    for spoken in get_args(Language):
        if language == spoken:
            return spoken  # type: ignore[no-any-return]  # get_args forgets the types it was given
    raise ModelError("an unknown language", do='choose "en" or "nl"', got=language)


def number(value: float, language: Language = "en", *, digits: int = 3) -> str:
    """
    Return a number for display: rounded to *digits* significant digits, with the decimal sign of the language.

    >>> number(2 / 3), number(2 / 3, "nl"), number(1234.5), number(0)
    ('0.667', '0,667', '1234', '0')
    """
    text = f"{float(value):.{digits}g}"
    if "e" in text:
        text = f"{float(value):.0f}" if abs(value) >= 1 else f"{float(value):.{digits}e}"
    return text if language == "en" else text.replace(".", ",")


def percent(share: float, language: Language = "en") -> str:
    """
    Return a share as a percentage for display.

    >>> percent(0.125), percent(0.125, "nl")
    ('12.5 %', '12,5 %')
    """
    return f"{number(100 * share, language)} %"


def listed(names: Iterable[str], language: Language = "en") -> str:
    """
    Return names as people enumerate them.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "nl"), listed(["a"])
    ('a, b and c', 'a en b', 'a')
    """
    *rest, last = tuple(names) or ("-",)
    return f"{', '.join(rest)} {_AND[language]} {last}" if rest else last


def phrase(phrases: Mapping[Language, str], language: Language, **parts: object) -> str:
    """
    Fill the sentence of a language with names and numbers; numbers are rounded for display only.

    >>> phrase({"en": "{who} scores {score}.", "nl": "{who} scoort {score}."}, "nl", who="a", score=0.5)
    'a scoort 0,5.'
    """
    said = {
        name: number(float(part), language) if isinstance(part, float) else str(part) for name, part in parts.items()
    }
    return phrases[language].format(**said)
