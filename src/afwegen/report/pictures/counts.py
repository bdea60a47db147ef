"""How often each place was given, where there are too many orders to draw each of them."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Key, Keys
from afwegen.report.pictures.lettering import wrapped
from afwegen.report.pictures.palette import shades
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import FONT, LEADING, RADIUS, SMALL, WIDTH, disc, document, filled, rect, text, texts
from afwegen.report.pictures.words import Who, tallied

__all__ = ["Counted", "counts"]


@frozen(kw_only=True)
class Counted:
    """
    How often each place was given.

    Attributes:
        who: By whom.
        many: How many they are.
        times: By alternative, how often each place from 1 was given; the rest did not place it.
    """

    who: Who
    many: int
    times: tuple[tuple[str, tuple[int, ...]], ...]


MOST_BARS = 20
LONGEST = 4


def counts(name: str, title: str, counted: Counted, keys: Keys, say: Language) -> Picture:
    """Draw a bar for each alternative: how many put it on top, second, third, lower, or nowhere."""
    depth = max((len(row) for _, row in counted.times), default=0)
    bands = min(depth, LONGEST)
    folded = [(key, _folded(row, bands), counted.many - sum(row)) for key, row in counted.times]
    shown = (
        folded if len(folded) <= MOST_BARS else sorted(folded, key=lambda bar: (-bar[1][0], -sum(bar[1])))[:MOST_BARS]
    )
    body, top = _shade_list(bands, depth, say, unplaced=any(rest for _, _, rest in folded))
    for alternative, row, rest in shown:
        said, top = _bar(keys[alternative], (*row, rest), counted.many, top, say)
        body += said
    if len(shown) < len(folded):
        more = say.plural("{n} more stands in the table", "{n} more stand in the table", len(folded) - len(shown))
        body += text(more, 0, top + SMALL, size=SMALL)
        top += 22
    description = " ".join(_told_counts(counted, keys, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("letter"),
            say.text("what was ordered"),
            *_headings(depth, say),
            *((say.text("place {n} or lower", n=bands),) if depth > bands else ()),
            say.text("left out"),
        ),
        rows=tuple(
            (
                keys[key].letter,
                keys[key].title,
                *(say.number(row[place] if place < len(row) else 0) for place in range(depth)),
                *((say.number(_folded(row, bands)[-1]),) if depth > bands else ()),
                say.number(counted.many - sum(row)),
            )
            for key, row in counted.times
        ),
        svg=document(name, title, description, body, high=top + 4),
    )


def _headings(depth: int, say: Language) -> Iterable[str]:
    return (say.text("place {n}", n=place) for place in range(1, depth + 1))


def _folded(row: Sequence[int], bands: int) -> tuple[int, ...]:
    """Return the counts with all lower places together in the last band."""
    padded = (*row, *(0,) * (bands - len(row)))
    return (*padded[: bands - 1], sum(padded[bands - 1 :])) if bands else ()


def _shade_list(bands: int, depth: int, say: Language, *, unplaced: bool) -> tuple[str, float]:
    said = [say.text("place {n}", n=place) for place in range(1, bands + 1)]
    if depth > bands:
        said[-1] = say.text("place {n} or lower", n=bands)
    fills = [*shades(bands)]
    if unplaced:
        said.append(say.text("left out"))
        fills.append("none")
    body = []
    for place, (word, fill) in enumerate(zip(said, fills, strict=True)):
        x, y = (place % 3) * WIDTH / 3, 2 + (place // 3) * 22
        body.append(rect(x + 1, y, 16, 14, fill=fill, dash="2 2" if fill == "none" else ""))
        body.append(text(word, x + 23, y + 12))
    return "".join(body), 2 + ((len(said) + 2) // 3) * 22 + 8


def _bar(key: Key, row: Sequence[int], many: int, top: float, say: Language) -> tuple[str, float]:
    room = WIDTH - 2 * RADIUS - 10
    lines = len(wrapped(key.title, room, FONT, lines=2)) or 1
    body = [disc(key.letter, RADIUS + 2, top + RADIUS + 2, key.look)]
    body.append(texts(key.title, 2 * RADIUS + 10, top + FONT + 2, room, size=FONT))
    y = top + max(2 * RADIUS + 6, lines * FONT * LEADING + 6)
    x, unit = 1.0, (WIDTH - 2) / max(many, 1)
    for times, fill in zip(row, (*shades(len(row) - 1), "none"), strict=True):
        wide = times * unit
        if times:
            said = say.number(times)
            body.append(
                filled(
                    said if wide > 8 * len(said) + 4 else "", x, y, wide, 22, fill, dash="" if fill != "none" else "2 2"
                )
            )
        x += wide
    return "".join(body), y + 22 + 12


def _told_counts(counted: Counted, keys: Keys, say: Language) -> Iterable[str]:
    if counted.who == "subgroups":
        yield say.plural("The order of {n} subgroup, counted.", "The orders of {n} subgroups, counted.", counted.many)
    else:
        yield say.plural(
            "The order of {n} participant, counted.", "The orders of {n} participants, counted.", counted.many
        )
    first = [(keys[name], row[0]) for name, row in counted.times if row and row[0]]
    if first:
        yield say.text("On top: {which}.", which=tallied(say, counted.who, first, counted.many))
