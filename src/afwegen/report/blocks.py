"""What a page is made of, as frozen values: the gathering makes them, the templates show them, neither does both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.pictures import Picture

__all__ = [
    "Account",
    "Answer",
    "Block",
    "Cards",
    "Facts",
    "Figure",
    "Items",
    "Line",
    "Logbook",
    "More",
    "Opening",
    "Paragraph",
    "Quote",
    "Section",
    "Table",
]


@frozen
class Paragraph:
    """Sentences that belong together; ``kind`` says how loudly they are said."""

    sentences: tuple[Sentence, ...]
    kind: Literal["", "lead", "note", "warning", "label"] = ""


@frozen
class Quote:
    """What somebody said, in their own words, and who or on which occasion."""

    sentence: Sentence
    by: Sentence | None = None


@frozen
class Items:
    """A list; what belongs under an item stands in ``under``, at the same place."""

    sentences: tuple[Sentence, ...]
    ordered: bool = False


@frozen
class Facts:
    """Names, and under each what is to know."""

    pairs: tuple[tuple[Sentence, tuple[Sentence, ...]], ...]


@frozen
class Table:
    """A table with a caption; the first cell of a row is its heading, ``numbers`` are columns that hold numbers."""

    caption: Sentence
    header: tuple[Sentence, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    numbers: frozenset[int] = frozenset()
    wide: bool = False


@frozen
class Figure:
    """A picture, with the number it has in the account."""

    picture: Picture


@frozen
class More:
    """What is there for who wants to know more; shut at first, open in print."""

    summary: Sentence
    blocks: tuple[Block, ...]


@frozen
class Cards:
    """Things that stand beside each other, each with a title of its own."""

    sections: tuple[Section, ...]


@frozen(kw_only=True)
class Section:
    """
    A part of the account.

    Attributes:
        name: Its place in the page, as links name it.
        title: In plain words.
        term: The method's own word for it, which stands beside the title.
        state: Where it stands, in a few words: completed, passed over, open.
        blocks: What it says.
        sections: Its parts.
    """

    title: Sentence
    name: str = ""
    term: str = ""
    state: Sentence | None = None
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


Block = Paragraph | Quote | Items | Facts | Table | Figure | More | Cards


@frozen
class Answer:
    """A question of the opening screen, and its answer; ``to`` is where it is told in full."""

    question: Sentence
    sentences: tuple[Sentence, ...]
    to: str = ""
    loud: bool = False


@frozen(kw_only=True)
class Opening:
    """The one screen with which the account opens."""

    kicker: Sentence
    title: Sentence
    area: Sentence
    answers: tuple[Answer, ...]
    notices: tuple[Sentence, ...] = ()


@frozen(kw_only=True)
class Line:
    """A record as a line of the logbook; or several alike, from ``first`` to ``last``."""

    first: int
    last: int
    when: str
    who: Sentence
    what: Sentence
    words: tuple[Sentence, ...] = ()


@frozen(kw_only=True)
class Logbook:
    """The records as this reader may see them, and by record the line in which it stands."""

    lines: tuple[Line, ...]
    anchors: dict[int, int] = field(repr=False, eq=False)


@frozen(kw_only=True)
class Account:
    """The whole account, as data; a template makes a page of it."""

    language: str
    spoken: str
    title: str
    opening: Opening
    sections: tuple[Section, ...]
    logbook: Logbook
    words: dict[str, str] = field(repr=False)
