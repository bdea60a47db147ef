"""Agreement between judges: for every two of them, how many pairs they put in the same order."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.lettering import BOLD, wrapped
from afwegen.report.pictures.palette import shades
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import LEADING, SMALL, WIDTH, document, filled, rect, text, texts
from afwegen.report.pictures.words import Who, shortened

__all__ = ["MOST_JUDGES", "Alike", "agreement", "alike"]

MOST_JUDGES = 7
LEFT = 92
ROOMY = 84
"""A cell this wide holds the count in words."""


@frozen(kw_only=True)
class Alike:
    """
    How far every two judges agree.

    Attributes:
        judges: Their names.
        who: Whether they are people: then nobody is named as most or least alike.
        same: Of ``pairs[i][j]`` pairs of alternatives, how many both put in the same order; a tie, where the other
            has an order, counts for a half.
        pairs: How many pairs both compare.
    """

    who: Who
    judges: tuple[str, ...]
    same: tuple[tuple[float, ...], ...]
    pairs: tuple[tuple[int, ...], ...]


def alike(who: Who, judges: Sequence[str], places: Sequence[Sequence[int | None]]) -> Alike:
    """
    Count for every two judges the pairs they put in the same order.

    This is 1 minus the Kemeny-Snell distance, over the pairs both compare, counted and not divided.

    Args:
        who: Whether they are people or subgroups.
        judges: Their names.
        places: By judge, the place of each alternative; None where it has none.

    >>> alike("subgroups", ["a", "b"], [[1, 2, 3], [1, 3, 2]]).same[0][1]
    2.0
    """
    words = [[None if x is None or y is None else (x > y) - (x < y) for x, y in combinations(row, 2)] for row in places]
    both = [
        [[(x, y) for x, y in zip(one, other, strict=True) if None not in {x, y}] for other in words] for one in words
    ]
    return Alike(
        who=who,
        judges=tuple(judges),
        same=tuple(tuple(sum(1 - abs((x or 0) - (y or 0)) / 2 for x, y in cell) for cell in row) for row in both),
        pairs=tuple(tuple(len(cell) for cell in row) for row in both),
    )


def agreement(name: str, title: str, given: Alike, say: Language) -> Picture:
    """Draw a cell for every two judges, darker where they agree more, with the count in it."""
    many = len(given.judges)
    wide = min((WIDTH - LEFT) / max(many - 1, 1), 96)
    high = 34
    head = max((len(wrapped(judge, (wide - 4) / BOLD, SMALL, lines=3)) for judge in given.judges[:-1]), default=1)
    body, top = _shade_list(say), 2.0 + 26
    for place, judge in enumerate(given.judges[:-1]):
        shown = len(wrapped(judge, (wide - 4) / BOLD, SMALL, lines=3))
        y = top + SMALL + (head - shown) * SMALL * LEADING
        body += texts(judge, LEFT + wide * (place + 0.5), y, wide - 4, lines=3, anchor="middle", weight="bold")
    top += head * SMALL * LEADING + 6
    for row in range(1, many):
        lines = len(wrapped(given.judges[row], (LEFT - 8) / BOLD, SMALL, lines=2)) or 1
        y = top + (row - 1) * high
        first = y + high / 2 + 4.5 - (lines - 1) * SMALL * LEADING / 2
        body += texts(given.judges[row], 0, first, LEFT - 8, weight="bold")
        for column in range(row):
            same, pairs = given.same[row][column], given.pairs[row][column]
            said = _count(same, pairs, say) if wide > ROOMY else _short(same, pairs, say)
            body += filled(said, LEFT + wide * column, y, wide - 2, high - 2, _shade(same, pairs))
    bottom = top + (many - 1) * high
    if any(same != int(same) for line in given.same for same in line):
        body += text(say.text("A tie against an order counts for a half."), 0, bottom + SMALL + 4)
        bottom += SMALL + 8
    description = " ".join(_told(given, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(say.text("the one"), say.text("the other"), say.text("the same"), say.text("pairs compared")),
        rows=tuple(
            (given.judges[a], given.judges[b], say.number(given.same[a][b]), say.number(given.pairs[a][b]))
            for a, b in combinations(range(many), 2)
        ),
        svg=document(name, title, description, body, high=bottom + 4),
    )


def _count(same: float, pairs: int, say: Language) -> str:
    return say.text("{same} of {pairs}", same=same, pairs=pairs) if pairs else "–"


def _short(same: float, pairs: int, say: Language) -> str:
    return f"{say.number(same)}/{say.number(pairs)}" if pairs else "–"


def _shade(same: float, pairs: int) -> str:
    if not pairs:
        return "none"
    share = same / pairs
    dark, middle, light, white = shades(4)
    return dark if share >= 0.75 else middle if share >= 0.5 else light if share >= 0.25 else white


def _shade_list(say: Language) -> str:
    """Draw the four shades in a row, between the words for both ends of it."""
    body = text(say.text("in another order"), 0, 14)
    body += "".join(rect(132 + 24 * place, 3, 22, 14, fill=fill) for place, fill in enumerate(reversed(shades(4))))
    return body + text(say.text("in the same order"), 234, 14)


def _told(given: Alike, say: Language) -> Iterable[str]:
    pairs = [(a, b) for a, b in combinations(range(len(given.judges)), 2) if given.pairs[a][b]]
    if not pairs:
        yield say.text("No two of them compared the same alternatives.")
        return
    order = sorted(pairs, key=lambda pair: given.same[pair[0]][pair[1]] / given.pairs[pair[0]][pair[1]])
    if given.who == "participants":
        shares = sorted((given.same[a][b], given.pairs[a][b]) for a, b in order)
        low, high = (
            min(shares, key=lambda share: share[0] / share[1]),
            max(shares, key=lambda share: share[0] / share[1]),
        )
        yield say.text(
            "Every two agree on between {low} and {high} of the pairs they both put in order.",
            low=_count(*low, say),
            high=_count(*high, say),
        )
        return
    (a, b), (c, d) = order[-1], order[0]
    yield say.text(
        "Most alike are {one} and {other}: the same order for {same} of the {pairs} pairs.",
        one=shortened(given.judges[a], 40),
        other=shortened(given.judges[b], 40),
        same=given.same[a][b],
        pairs=given.pairs[a][b],
    )
    yield say.text(
        "Least alike are {one} and {other}: the same order for {same} of the {pairs} pairs.",
        one=shortened(given.judges[c], 40),
        other=shortened(given.judges[d], 40),
        same=given.same[c][d],
        pairs=given.pairs[c][d],
    )
