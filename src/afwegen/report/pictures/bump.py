"""A few orders side by side, as a bump chart: each alternative is a line through its places."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Key, Keys, key_list
from afwegen.report.pictures.lettering import BOLD, wrapped
from afwegen.report.pictures.palette import Style
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import (
    LEADING,
    RADIUS,
    SMALL,
    WIDTH,
    disc,
    document,
    line,
    path,
    scale,
    texts,
)
from afwegen.report.pictures.words import Who, named, tallied

__all__ = ["MOST_COLUMNS", "Orders", "bump"]

MOST_COLUMNS = 7
"""Beyond this many orders a bump chart is a tangle."""
LEFT = 76
MOST_TOLD = 3
STEP = 2 * RADIUS + 5


@frozen(kw_only=True)
class Orders:
    """
    Several orders of the same alternatives.

    Attributes:
        who: Whose they are.
        columns: Their names.
        places: By alternative, its place in each order from 1; None where it has none. Ties share a place.
    """

    who: Who
    columns: tuple[str, ...]
    places: tuple[tuple[str, tuple[int | None, ...]], ...]

    @property
    def last(self) -> int:
        """The lowest place that was given."""
        return max((place for _, row in self.places for place in row if place is not None), default=0)


def bump(name: str, title: str, orders: Orders, keys: Keys, say: Language, *, aid: bool = False) -> Picture:
    """Draw each alternative as a line through its places; those that share a place stand in one band."""
    bands = [*range(1, orders.last + 1)]
    if any(place is None for _, row in orders.places for place in row):
        bands.append(0)
    cells = _cells(orders)
    head = _head(orders.columns)
    body, tops, end = _bands(bands, cells, head[1], say)
    where = _where(orders, cells, tops)
    for key, points in ((keys[name], points) for name, points in where.items()):
        body.extend(_line(key, points))
    listed, bottom = key_list((keys[name] for name, _ in orders.places), end + 10)
    return Picture(
        name=name,
        title=title,
        description=" ".join(_told(orders, keys, say)),
        header=(say.text("letter"), say.text("what was ordered"), *orders.columns),
        rows=tuple(
            (keys[name].letter, keys[name].title, *(_place(place, say) for place in row)) for name, row in orders.places
        ),
        svg=document(name, title, " ".join(_told(orders, keys, say)), head[0] + "".join(body) + listed, high=bottom),
        aid=aid,
    )


def _place(place: int | None, say: Language) -> str:
    return say.text("left out") if place is None else say.number(place)


def _cells(orders: Orders) -> dict[tuple[int, int], list[str]]:
    """Return who stands in each band (0: not placed) of each column."""
    cells: dict[tuple[int, int], list[str]] = {}
    for name, row in orders.places:
        for column, place in enumerate(row):
            cells.setdefault((place or 0, column), []).append(name)
    return cells


def _column(columns: int) -> float:
    return (WIDTH - LEFT) / max(columns, 1)


def _head(columns: Sequence[str]) -> tuple[str, float]:
    wide = _column(len(columns))
    lines = max((len(wrapped(column, (wide - 4) / BOLD, SMALL, lines=3)) for column in columns), default=1)
    high = lines * SMALL * LEADING
    said = []
    for place, column in enumerate(columns):
        shown = len(wrapped(column, (wide - 4) / BOLD, SMALL, lines=3))
        y = SMALL + (lines - shown) * SMALL * LEADING
        said.append(texts(column, LEFT + wide * (place + 0.5), y, wide - 4, lines=3, anchor="middle", weight="bold"))
    return "".join(said), high + 8


def _bands(
    bands: Iterable[int], cells: dict[tuple[int, int], list[str]], top: float, say: Language
) -> tuple[list[str], dict[int, tuple[float, float]], float]:
    """Draw the bands, high enough for whoever shares one; return where each begins and how high it is."""
    body = [line(0, top, WIDTH, top, faint=True)]
    where: dict[int, tuple[float, float]] = {}
    for band in bands:
        most = max((len(names) for (place, _), names in cells.items() if place == band), default=1)
        high = most * STEP + 12
        said = say.text("place {n}", n=band) if band else say.text("left out")
        lines = len(wrapped(said, LEFT - 6, SMALL, lines=2))
        body.append(scale(texts(said, 0, top + high / 2 + 4.5 - (lines - 1) * SMALL * LEADING / 2, LEFT - 6)))
        where[band] = (top, high)
        top += high
        body.append(line(0, top, WIDTH, top, faint=True))
    return body, where, top


def _where(
    orders: Orders, cells: dict[tuple[int, int], list[str]], bands: dict[int, tuple[float, float]]
) -> dict[str, list[tuple[float, float, bool]]]:
    """Return for each alternative its point in every column, and whether it was placed there."""
    wide = _column(len(orders.columns))
    points: dict[str, list[tuple[float, float, bool]]] = {name: [] for name, _ in orders.places}
    for column in range(len(orders.columns)):
        for band, (top, high) in bands.items():
            names = cells.get((band, column), [])
            for place, name in enumerate(names):
                y = top + high / 2 + (place - (len(names) - 1) / 2) * STEP
                points[name].append((LEFT + wide * (column + 0.5), y, band > 0))
    return points


def _line(key: Key, points: Sequence[tuple[float, float, bool]]) -> Iterable[str]:
    for (x1, y1, one), (x2, y2, other) in pairwise(points):
        middle = (x1 + x2) / 2
        look = key.look if one and other else Style(key.look.colour, "1 5")
        yield path(
            ("M", x1 + RADIUS + 1, y1, "C", middle, y1, middle, y2, x2 - RADIUS - 1, y2),
            look,
            stroke=3 if one and other else 1.5,
        )
    for x, y, placed in points:
        yield disc(key.letter, x, y, key.look, dash="" if placed else "2 3")


def _told(orders: Orders, keys: Keys, say: Language) -> Iterable[str]:
    whole = len(orders.columns)
    first = {name: sum(place == 1 for place in row) for name, row in orders.places}
    on_top = [(keys[name], times) for name, times in first.items() if times]
    if on_top:
        yield say.text("On top: {which}.", which=tallied(say, orders.who, on_top, whole))
    else:
        yield say.text("Nothing was put on top.")
    missing = [(keys[name], sum(place is None for place in row)) for name, row in orders.places if None in row]
    spread = {name: _spread(row) for name, row in orders.places}
    widest = max((high - low for low, high in spread.values()), default=0)
    if widest >= 2:
        apart = [name for name, (low, high) in spread.items() if high - low == widest]
        for name in apart[:MOST_TOLD]:
            low, high = spread[name]
            title = named(say, [keys[name]])
            yield say.text(
                "Farthest apart: {title}, from place {low} to place {high}.", title=title, low=low, high=high
            )
    elif whole > 1 and widest == 0 and not missing:
        yield say.text("All orders are the same.")
    if missing:
        yield say.text("Left out: {which}.", which=tallied(say, orders.who, missing, whole))


def _spread(row: Sequence[int | None]) -> tuple[int, int]:
    given = [place for place in row if place is not None]
    return (min(given), max(given)) if given else (0, 0)
