"""How much of the problem each solution takes away, against what it costs more than doing nothing extra."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Keys, key_list
from afwegen.report.pictures.lettering import wrapped
from afwegen.report.pictures.palette import LINES
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import LEADING, SMALL, WIDTH, document, line, scale, tag, text, texts
from afwegen.report.pictures.words import named, shortened

__all__ = ["MOST_OWNERS", "Estimate", "costs"]

LEFT, RIGHT, HIGH = 50, 26, 240
MARKS: tuple[Callable[[float, float], str], ...] = (
    lambda x, y: f"M{x - 6:.2f} {y:.2f}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    lambda x, y: f"M{x - 5.5:.2f} {y - 5.5:.2f}h11v11h-11z",
    lambda x, y: f"M{x:.2f} {y - 7.5:.2f}l7 12.5h-14z",
    lambda x, y: f"M{x:.2f} {y - 8:.2f}l7 8l-7 8l-7 -8z",
    lambda x, y: f"M{x - 7:.2f} {y - 2.5:.2f}h4.5v-4.5h5v4.5h4.5v5h-4.5v4.5h-5v-4.5h-4.5z",
)
"""A shape for each problem owner: disc, square, triangle, diamond, cross."""
MOST_OWNERS = len(MARKS)


@frozen(kw_only=True)
class Estimate:
    """
    What was estimated of one solution.

    Attributes:
        solution: Its id.
        cost: What it costs more, in euros over the period looked at; None where nobody estimated it.
        powers: By problem owner, how much of their problem it takes away, in percent; in the order of the owners.
    """

    solution: str
    cost: Decimal | None
    powers: tuple[tuple[str, int | Decimal], ...]


def costs(
    name: str, title: str, given: Sequence[Estimate], keys: Keys, owners: dict[str, str], say: Language
) -> Picture:
    """
    Draw a mark for each solution and owner: to the right costs more, higher takes more of the problem away.

    Args:
        name: Unique in the page.
        title: Of the picture.
        given: Estimates; those without a cost or without any solving power stand in the table only.
        keys: Of the solutions.
        owners: By id, what each problem owner is called.
        say: The language.
    """
    drawn = [each for each in given if each.cost is not None and each.powers]
    body, top = _owner_list(owners)
    body += text(say.text("of the problem taken away"), 0, top + SMALL)
    top += SMALL + 28
    dearest = max((float(each.cost or 0) for each in drawn), default=0.0)
    step = _round_step(dearest)
    reach = max(step, step * -(-dearest // step)) if step else 1.0
    unit = 1_000 if step >= 1_000 else 1
    body += scale(_axes(top, step, reach, unit, say))
    body += "".join(_marks(drawn, keys, tuple(owners), (top, reach)))
    bottom = top + HIGH + SMALL + 10
    caption = (
        say.text("additional costs, in euros") if unit == 1 else say.text("additional costs, in thousands of euros")
    )
    body += text(caption, WIDTH, bottom + SMALL + 2, anchor="end")
    listed, bottom = key_list((keys[each.solution] for each in drawn), bottom + SMALL + 12)
    description = " ".join(_told(given, keys, owners, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("letter"),
            say.text("solution"),
            say.text("additional costs"),
            *(say.text("takes away for {owner}", owner=owner) for owner in owners.values()),
        ),
        rows=tuple(_row(each, keys, owners, say) for each in given),
        svg=document(name, title, description, body + listed, high=bottom),
    )


def _row(each: Estimate, keys: Keys, owners: dict[str, str], say: Language) -> tuple[str, ...]:
    powers = dict(each.powers)
    unknown = say.text("not estimated")
    return (
        keys[each.solution].letter,
        keys[each.solution].title,
        unknown if each.cost is None else say.money(each.cost),
        *(say.text("{n} %", n=powers[owner]) if owner in powers else unknown for owner in owners),
    )


def _owner_list(owners: dict[str, str]) -> tuple[str, float]:
    body, top = "", 2.0
    for shape, colour, owner in zip(MARKS, LINES, owners.values(), strict=False):
        body += tag("path", d=shape(9, top + 9), fill=colour)
        lines = len(wrapped(owner, WIDTH - 26, SMALL, lines=2)) or 1
        body += texts(owner, 24, top + 14, WIDTH - 26)
        top += 22 + (lines - 1) * SMALL * LEADING
    return body, top + 8


def _round_step(most: float) -> float:
    """Return 1, 2 or 5 times a power of ten, of which at most four reach *most*."""
    if most <= 0:
        return 0.0
    power = 10.0 ** (len(str(int(most))) - 2)
    return next(step for step in (power * factor for factor in (2, 5, 10, 20, 50)) if most / step <= 4)


def _x(cost: float, reach: float) -> float:
    return LEFT + cost / reach * (WIDTH - LEFT - RIGHT)


def _y(percent: float, top: float) -> float:
    return top + HIGH * (1 - percent / 100)


def _axes(top: float, step: float, reach: float, unit: int, say: Language) -> str:
    body = ""
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent, top)
        body += line(LEFT, y, WIDTH - RIGHT, y, faint=percent > 0)
        body += text(say.text("{n} %", n=percent), LEFT - 8, y + 4.5, anchor="end")
    for place in range(round(reach / step) + 1 if step else 1):
        x = _x(place * step, reach)
        body += line(x, top, x, top + HIGH, faint=place > 0)
        said = say.number(_plain(place * step / unit))
        body += text(said, x, top + HIGH + SMALL + 4, anchor="middle")
    return body


def _plain(amount: float) -> int | Decimal:
    return int(amount) if amount == int(amount) else Decimal(str(round(amount, 2)))


def _marks(drawn: Sequence[Estimate], keys: Keys, owners: tuple[str, ...], where: tuple[float, float]) -> Iterable[str]:
    """Draw a post for each solution, its marks on it and its letter above."""
    top, reach = where
    order = sorted(drawn, key=lambda each: each.cost or 0)
    for each, x in zip(order, _apart([_x(float(each.cost or 0), reach) for each in order]), strict=True):
        ys = sorted(_y(float(power), top) for _, power in each.powers)
        yield line(x, ys[0], x, ys[-1], stroke=1.5)
        for owner, power in each.powers:
            place = owners.index(owner)
            if place < MOST_OWNERS:
                shape = MARKS[place](x, _y(float(power), top))
                yield tag("path", d=shape, fill=LINES[place])
        yield text(keys[each.solution].letter, x, ys[0] - 11, size=15, anchor="middle", weight="bold")


def _apart(places: Sequence[float]) -> list[float]:
    """
    Let posts of nearly the same cost step aside, or one would hide the other; the table has the amounts.

    >>> _apart([50.0, 50.0, 374.0, 374.0])
    [50.0, 65.0, 359.0, 374.0]
    """
    gap = min(15.0, (WIDTH - LEFT - RIGHT) / max(len(places) - 1, 1))
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + gap) if found else place)
    limit = float(WIDTH - RIGHT)
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], limit)
        limit = found[at] - gap
    return found


def _told(given: Sequence[Estimate], keys: Keys, owners: dict[str, str], say: Language) -> Iterable[str]:
    for each in given:
        solution = named(say, [keys[each.solution]])
        powers = say.joined(
            say.text("{n} % for {owner}", n=power, owner=shortened(owners[owner], 40)) for owner, power in each.powers
        )
        if each.cost is not None and each.powers:
            yield say.text(
                "{solution} costs {cost} more and takes away: {powers}.",
                solution=solution,
                cost=say.money(each.cost),
                powers=powers,
            )
    absent = [keys[each.solution] for each in given if each.cost is None or not each.powers]
    if absent:
        yield say.text("Not in the picture, for want of an estimate: {titles}.", titles=named(say, absent))
