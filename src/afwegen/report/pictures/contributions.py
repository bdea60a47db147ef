"""What each criterion adds to a weighted sum: a bar for each alternative, a piece for each criterion."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from afwegen.report.language import Language
from afwegen.report.pictures.keys import Key, Keys
from afwegen.report.pictures.lettering import key_letter, wrapped
from afwegen.report.pictures.palette import FILLS
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.svg import FONT, LEADING, RADIUS, SMALL, WIDTH, disc, document, filled, line, text, texts
from afwegen.report.pictures.words import named, shortened

__all__ = ["MOST_CRITERIA", "Contributions", "contributions"]

MOST_CRITERIA = len(FILLS)
BAR = 24


@frozen(kw_only=True)
class Contributions:
    """
    What the criteria add to the scores.

    Attributes:
        criteria: Their titles.
        parts: By alternative, best first, what each criterion adds; they add up to the score.
        whole: The highest score there could be, to which the bars are drawn; None where there is no such score.
    """

    criteria: tuple[str, ...]
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    whole: float | None = None


def contributions(name: str, title: str, given: Contributions, keys: Keys, say: Language) -> Picture:
    """Draw scores as bars made of what each criterion adds; a criterion has a letter in lower case and a fill."""
    letters = [key_letter(place).lower() for place in range(len(given.criteria))]
    body, top = _criteria(given.criteria, letters)
    low = min((sum(part for part in row if part < 0) for _, row in given.parts), default=0.0)
    high = max((sum(part for part in row if part > 0) for _, row in given.parts), default=0.0)
    scale = (WIDTH - 2) / ((max(high, given.whole or 0.0) - low) or 1.0)
    for alternative, row in given.parts:
        said, top = _bar(keys[alternative], row, letters, (1 - low * scale, scale), top, say)
        body += said
    description = " ".join(_told(given, keys, say))
    return Picture(
        name=name,
        title=title,
        description=description,
        header=(
            say.text("letter"),
            say.text("what was scored"),
            *(f"{title} ({letter})" for title, letter in zip(given.criteria, letters, strict=True)),
            say.text("together"),
        ),
        rows=tuple(
            (keys[key].letter, keys[key].title, *(points(part, say) for part in row), points(sum(row), say))
            for key, row in given.parts
        ),
        svg=document(name, title, description, body, high=top + 4),
        aid=True,
    )


def points(amount: float, say: Language) -> str:
    """Return a score in points out of a hundred, rounded for display."""
    return say.number(round(100 * amount, 1) + 0.0)


def _criteria(titles: Sequence[str], letters: Sequence[str]) -> tuple[str, float]:
    body, top = "", 2.0
    for title, letter, fill in zip(titles, letters, FILLS, strict=False):
        body += filled(letter, 1, top, 22, 18, fill)
        lines = len(wrapped(title, WIDTH - 32, SMALL, lines=2)) or 1
        body += texts(title, 31, top + 14, WIDTH - 32)
        top += 18 + 7 + (lines - 1) * SMALL * LEADING
    return body, top + 8


def _bar(
    key: Key, row: Sequence[float], letters: Sequence[str], axis: tuple[float, float], top: float, say: Language
) -> tuple[str, float]:
    zero, scale = axis
    room = WIDTH - 2 * RADIUS - 70
    lines = len(wrapped(key.title, room, FONT, lines=2)) or 1
    body = disc(key.letter, RADIUS + 2, top + RADIUS + 2, key.look)
    body += texts(key.title, 2 * RADIUS + 10, top + FONT + 3, room, size=FONT)
    body += text(points(sum(row), say), WIDTH - 1, top + FONT + 3, size=FONT, anchor="end", weight="bold")
    y = top + max(2 * RADIUS + 6, lines * FONT * LEADING + 6)
    right, left = zero, zero
    for part, letter, fill in zip(row, letters, FILLS, strict=False):
        wide = abs(part) * scale
        x = right if part >= 0 else left - wide
        if wide >= 0.5:
            body += filled(letter if wide >= 12 else "", x, y, wide, BAR, fill)
        right, left = (right + wide, left) if part >= 0 else (right, left - wide)
    body += line(zero, y - 3, zero, y + BAR + 3, stroke=2)
    return body, y + BAR + 14


def _told(given: Contributions, keys: Keys, say: Language) -> Iterable[str]:
    for alternative, row in given.parts:
        order = sorted(range(len(row)), key=lambda place: -row[place])
        most = [place for place in order if row[place] > 0][:1]
        parts = {"title": named(say, [keys[alternative]]), "score": points(sum(row), say)}
        if most:
            criterion = shortened(given.criteria[most[0]])
            yield say.text(
                "{title} gets {score} points; most, {part}, come from {criterion}.",
                part=points(row[most[0]], say),
                criterion=criterion,
                **parts,
            )
        else:
            yield say.text("{title} gets {score} points.", **parts)
