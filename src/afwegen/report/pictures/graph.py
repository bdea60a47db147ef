"""The consensus graph: between every two alternatives, how many put the one above the other."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Keys, key_list
from afwegen.report.pictures.lettering import wrapped
from afwegen.report.pictures.palette import INK, SKY, VERMILLION, Style
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import (
    LEADING,
    RADIUS,
    SMALL,
    WIDTH,
    disc,
    document,
    filled,
    line,
    path,
    scale,
    tag,
    text,
    texts,
)
from afwegen.report.pictures.words import named

__all__ = ["Graph", "fits", "graph", "pairs_of"]

NODE = 146
"""Where the discs of the alternatives stand; their titles left of them, the arcs to the right."""
ROW = 70
MOST_ARCS = 4
ROOM = WIDTH - NODE - RADIUS - 20
"""What the arcs of all lanes share."""
Weight = int | Fraction


@frozen(kw_only=True)
class Graph:
    """
    Who is put above whom, in the order that follows from it.

    Attributes:
        many: How many judges' orders were counted.
        tiers: The order, best first.
        above: ``above[i][j]``: by how many, or how much weight, the i-th of all alternatives is put above the j-th.
    """

    many: int
    tiers: tuple[tuple[str, ...], ...]
    above: tuple[tuple[Weight, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The alternatives, tier after tier."""
        return tuple(name for tier in self.tiers for name in tier)


def fits(given: Graph, say: Language) -> bool:
    """Say whether every pair can be drawn and labelled."""
    lanes = len(given.names) - 1
    return 0 < lanes <= MOST_ARCS and _needed(given, say) * lanes <= ROOM


def _needed(given: Graph, say: Language) -> float:
    """Return how wide a lane must be to hold the longest label of an arc."""
    pairs = combinations(range(len(given.names)), 2)
    return max(max((len(_label(given, a, b, say)) for a, b in pairs), default=3) * 8.0 + 8, 42.0)


def _lane(given: Graph, say: Language) -> float:
    return min(max(_needed(given, say), 76.0), ROOM / (len(given.names) - 1))


def _gap(given: Graph, a: int, b: int) -> Fraction:
    return abs(Fraction(given.above[a][b]) - Fraction(given.above[b][a]))


def _label(given: Graph, a: int, b: int, say: Language) -> str:
    return f"{_amount(given.above[a][b], say)}–{_amount(given.above[b][a], say)}"


def _amount(weight: Weight, say: Language) -> str:
    return say.number(int(weight) if weight == int(weight) else round(float(weight), 1))


def graph(name: str, title: str, given: Graph, keys: Keys, say: Language) -> Picture:
    """Draw the alternatives below each other, and an arrow from each to every one it is put above more often."""
    names = given.names
    top = [ROW * (place + 0.5) for place in range(len(names))]
    body = "".join(_tiers(given))
    body += "".join(_arc(given, a, b, top, say) for a, b in combinations(range(len(names)), 2))
    for key, y in zip((keys[each] for each in names), top, strict=True):
        lines = len(wrapped(key.title, NODE - RADIUS - 10, SMALL, lines=3)) or 1
        first = y + 4.5 - (lines - 1) * SMALL * LEADING / 2
        body += texts(key.title, NODE - RADIUS - 8, first, NODE - RADIUS - 10, lines=3, anchor="end")
        body += disc(key.letter, NODE, y, key.look)
    high = float(ROW * len(names))
    note = say.text("8–5: 8 put the upper one above the lower one, 5 the other way round.")
    body += scale(texts(note, 0, high + SMALL + 4, WIDTH, lines=3))
    high += 8 + SMALL * LEADING * len(wrapped(note, WIDTH, SMALL, lines=3))
    return _picture(name, title, given, keys, say, drawing=(body, high))


def pairs_of(name: str, title: str, given: Graph, keys: Keys, say: Language) -> Picture:
    """Draw the same as a table of cells, where there are too many for arrows: how many put the row above the column."""
    names = given.names
    wide, left, high = (WIDTH - 34) / len(names), 34.0, 30.0
    body = "".join(
        text(keys[each].letter, left + wide * (place + 0.5), 16, anchor="middle", weight="bold")
        for place, each in enumerate(names)
    )
    for a, each in enumerate(names):
        y = 26 + high * a
        body += disc(keys[each].letter, RADIUS + 2, y + high / 2, keys[each].look)
        for b in (b for b in range(len(names)) if b != a):
            over, under = given.above[a][b], given.above[b][a]
            fill = SKY if over > under else "none"
            body += filled(_amount(over, say), left + wide * b, y, wide - 2, high - 2, fill)
    bottom = 26 + high * len(names)
    note = say.text("So many put the row above the column; coloured where that is more than the other way round.")
    body += texts(note, 0, bottom + SMALL + 4, WIDTH, lines=3)
    bottom += 14 + SMALL * LEADING * len(wrapped(note, WIDTH, SMALL, lines=3))
    listed, bottom = key_list((keys[each] for each in names), bottom)
    return _picture(name, title, given, keys, say, drawing=(body + listed, bottom))


def _picture(name: str, title: str, given: Graph, keys: Keys, say: Language, *, drawing: tuple[str, float]) -> Picture:
    names = given.names
    description = " ".join(_told(given, keys, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("upper"),
            say.text("lower"),
            say.text("upper above lower"),
            say.text("lower above upper"),
            say.text("difference"),
        ),
        rows=tuple(
            (
                keys[names[a]].called,
                keys[names[b]].called,
                _amount(given.above[a][b], say),
                _amount(given.above[b][a], say),
                _amount(_gap(given, a, b), say),
            )
            for a, b in combinations(range(len(names)), 2)
        ),
        svg=document(name, title, description, drawing[0], high=drawing[1]),
        aid=True,
    )


def _tiers(given: Graph) -> Iterable[str]:
    """Draw a faint line between tiers: those that share one are not told apart."""
    y = 0
    for tier in given.tiers[:-1]:
        y += ROW * len(tier)
        yield line(0, y, NODE + RADIUS, y, faint=True)


def _arc(given: Graph, a: int, b: int, top: Sequence[float], say: Language) -> str:
    """Draw the arrow of one pair, broken in the middle by its label; it goes up, dashed, against the order."""
    over, under = given.above[a][b], given.above[b][a]
    span, many = b - a, len(top)
    apart = min(10.0, 16 / max(many - 2, 1))
    out = top[a] + 2 + apart * (many - 1 - span)
    into = top[b] - 2 - apart * (many - 1 - span)
    x = float(NODE + RADIUS + 3)
    far = _lane(given, say) * span - 12
    compared = over + under or 1
    stroke = 1.5 + 2 * float(_gap(given, a, b) / compared)
    look = Style(INK, "") if over > under else Style(VERMILLION, "7 4") if under > over else Style(INK, "1 4")
    bend = x + far * 4 / 3
    size = 3.5 + stroke / 2
    ahead, behind = (0.0, size) if over > under else (size, 0.0) if under > over else (0.0, 0.0)
    curve = ((x + ahead, out), (bend, out), (bend, into), (x + behind, into))
    high = abs(into - out) or 1
    half = min(0.16, 11 / high)
    before, after = _piece(curve, 0, 0.5 - half), _piece(curve, 0.5 + half, 1)
    body = "".join(
        path(("M", *part[0], "C", *part[1], *part[2], *part[3]), look, stroke=stroke) for part in (before, after)
    )
    if over != under:
        tip = into if over > under else out
        body += _head(x - 1, tip, look, size)
    return body + text(_label(given, a, b, say), x + far, (out + into) / 2 + 4.5, anchor="middle", weight="bold")


Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


def _piece(curve: Curve, start: float, end: float) -> Curve:
    """Return the part of a Bézier curve between two of its parameters, by blossoming."""

    def blossom(*at: float) -> Point:
        points = list(curve)
        for t in at:
            points = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for (x1, y1), (x2, y2) in pairwise(points)]
        return points[0]

    return (
        blossom(start, start, start),
        blossom(start, start, end),
        blossom(start, end, end),
        blossom(end, end, end),
    )


def _head(x: float, y: float, look: Style, size: float) -> str:
    return tag("path", d=f"M{x:.2f} {y:.2f}l{size + 3:.2f} {-size:.2f}v{2 * size:.2f}z", fill=look.colour)


def _told(given: Graph, keys: Keys, say: Language) -> Iterable[str]:
    names = given.names
    pairs = [*combinations(range(len(names)), 2)]
    order = " > ".join(named(say, [keys[each] for each in tier], most=len(tier)) for tier in given.tiers)
    yield say.text("The order that follows: {order}.", order=order)
    closest = min(pairs, key=lambda pair: _gap(given, *pair))
    a, b = closest
    yield say.text(
        "Closest are {one} and {other}: {over} put the first above the second, {under} the second above the first.",
        one=named(say, [keys[names[a]]]),
        other=named(say, [keys[names[b]]]),
        over=_amount(given.above[a][b], say),
        under=_amount(given.above[b][a], say),
    )
    against = [(a, b) for a, b in pairs if given.above[b][a] > given.above[a][b]]
    if against:
        yield say.plural("{n} pair goes against this order.", "{n} pairs go against this order.", len(against))
