"""Who would be first if a criterion weighed more or less, and at which weight that changes."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Keys, key_list
from afwegen.report.pictures.lettering import BOLD, wrapped
from afwegen.report.pictures.palette import FILLS
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import LEADING, SMALL, WIDTH, document, filled, line, tag, text, texts
from afwegen.report.pictures.words import named, shortened

__all__ = ["Sensitivity", "Stretch", "leaders", "weights"]

Scores = Sequence[Fraction]
LEFT, RIGHT = 14, 14


@frozen(kw_only=True)
class Stretch:
    """Weights of a criterion, ends included, between which the same alternatives are first; from 0 to 1."""

    low: Fraction
    high: Fraction
    first: tuple[str, ...]


@frozen(kw_only=True)
class Sensitivity:
    """What moving the weight of one criterion does, the others kept in proportion."""

    criterion: str
    weight: Fraction
    stretches: tuple[Stretch, ...]


def leaders(names: Sequence[str], ends: tuple[Scores, Scores, Scores], weight: Fraction) -> tuple[Stretch, ...]:
    """
    Return who is first between which weights of a criterion, exactly.

    Args:
        names: The alternatives.
        ends: Their scores where the criterion weighs nothing, as it does now, and everything: straight lines between.
        weight: Of the criterion now.

    >>> half = Fraction(1, 2)
    >>> [(part.first, str(part.high)) for part in leaders("ab", ([1, 0], [half, half], [0, 1]), half)]
    [(('a',), '1/2'), (('b',), '1')]
    """
    none, now, everything = ends
    legs = ((Fraction(0), weight, none, now), (weight, Fraction(1), now, everything))
    parts = [part for low, high, left, right in legs if low < high for part in _leg(names, low, high, left, right)]
    joined: list[Stretch] = []
    for part in parts:
        if joined and joined[-1].first == part.first:
            joined[-1] = Stretch(low=joined[-1].low, high=part.high, first=part.first)
        else:
            joined.append(part)
    return tuple(joined)


def _leg(names: Sequence[str], low: Fraction, high: Fraction, left: Scores, right: Scores) -> Iterable[Stretch]:
    """Yield the stretches of one straight leg: between two crossings somebody is first throughout."""
    cuts = {Fraction(0), Fraction(1)}
    for a in range(len(names)):
        for b in range(a):
            before, after = left[a] - left[b], right[a] - right[b]
            if before * after < 0:
                cuts.add(Fraction(before, 1) / (before - after))
    order = sorted(cuts)
    for start, end in pairwise(order):
        middle = (start + end) / 2
        scores = [one + (other - one) * middle for one, other in zip(left, right, strict=True)]
        first = tuple(name for name, score in zip(names, scores, strict=True) if score == max(scores))
        yield Stretch(low=low + (high - low) * start, high=low + (high - low) * end, first=first)


def weights(name: str, title: str, given: Sequence[Sensitivity], keys: Keys, say: Language) -> Picture:
    """Draw a bar from no weight to all weight for each criterion, in pieces by who would be first there."""
    body, top = "", 0.0
    shown = sorted(
        {key for each in given for part in each.stretches for key in part.first}, key=lambda k: keys[k].letter
    )
    fills = {key: FILLS[place % len(FILLS)] for place, key in enumerate(shown)}
    for each in given:
        said, top = _track(each, keys, fills, top, say)
        body += said
    note = say.text("The triangle is the weight now; the letters say what comes first at which weight.")
    body += texts(note, 0, top + SMALL, WIDTH, lines=3)
    top += SMALL * LEADING * len(wrapped(note, WIDTH, SMALL, lines=3)) + 10
    listed, top = key_list((keys[key] for key in shown), top)
    description = " ".join(_told(given, keys, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("criterion"),
            say.text("weighs now"),
            say.text("from weight"),
            say.text("to weight"),
            say.text("first there"),
        ),
        rows=tuple(
            (
                each.criterion,
                _percent(each.weight, say),
                _percent(part.low, say),
                _percent(part.high, say),
                _first(part, keys, say),
            )
            for each in given
            for part in each.stretches
        ),
        svg=document(name, title, description, body + listed, high=top),
        aid=True,
    )


def _first(part: Stretch, keys: Keys, say: Language) -> str:
    return say.joined(keys[key].called for key in part.first)


def _percent(share: Fraction, say: Language) -> str:
    return say.text("{n} %", n=round(float(100 * share), 1))


def _x(share: Fraction) -> float:
    return LEFT + float(share) * (WIDTH - LEFT - RIGHT)


def _track(each: Sensitivity, keys: Keys, fills: dict[str, str], top: float, say: Language) -> tuple[str, float]:
    now_said = say.text("now {weight}", weight=_percent(each.weight, say))
    room = WIDTH - 90
    lines = len(wrapped(each.criterion, room / BOLD, SMALL, lines=2)) or 1
    body = texts(each.criterion, 0, top + SMALL, room, weight="bold")
    body += text(now_said, WIDTH, top + SMALL, anchor="end")
    y = top + lines * SMALL * LEADING + 16
    now = _x(each.weight)
    body += tag("path", d=f"M{now:.2f} {y - 2:.2f}l-6 -10h12z", fill="currentColor")
    for part in each.stretches:
        left, right = _x(part.low), _x(part.high)
        letters = "=".join(keys[key].letter for key in part.first)
        wide = right - left
        body += filled(letters if wide > 9 * len(letters) + 4 else "", left, y, wide, 24, fills[part.first[0]])
    body += _ticks(each, y + 24, say)
    return body, y + 24 + 32


def _ticks(each: Sensitivity, y: float, say: Language) -> str:
    """Write the weights at which somebody else comes first, and both ends, where there is room."""
    body, last = "", -100.0
    cuts = [part.high for part in each.stretches[:-1]]
    for cut in sorted(cuts):
        said, x = _percent(cut, say), _x(cut)
        body += line(x, y, x, y + 5, stroke=2)
        if x - last >= 46:
            body += text(said, min(max(x, 20), WIDTH - 22), y + 18, anchor="middle", weight="bold")
            last = x
    for share, anchor in ((Fraction(0), "start"), (Fraction(1), "end")):
        x = _x(share)
        if all(abs(x - _x(cut)) > 62 for cut in cuts):
            body += text(_percent(share, say), 0 if anchor == "start" else WIDTH, y + 18, anchor=anchor)
    return body


def _told(given: Sequence[Sensitivity], keys: Keys, say: Language) -> Iterable[str]:
    firm = [shortened(each.criterion) for each in given if len(each.stretches) == 1]
    if firm and len(firm) == len(given):
        yield say.text("However heavily one criterion weighs, the same comes first.")
    elif firm:
        yield say.text("However heavily these weigh, the same comes first: {criteria}.", criteria=say.joined(firm))
    for each in given:
        for before, after in pairwise(each.stretches):
            yield say.text(
                "{criterion}, now {now}: at {cut} first place goes from {before} to {after}.",
                criterion=shortened(each.criterion),
                now=_percent(each.weight, say),
                cut=_percent(after.low, say),
                before=named(say, [keys[key] for key in before.first]),
                after=named(say, [keys[key] for key in after.first]),
            )
