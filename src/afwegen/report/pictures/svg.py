"""
SVG by hand: a few shapes, everything escaped, numbers written one way, so that the same data gives the same bytes.

A picture is 400 units wide and written in letters of 13 or 14 units: on a telephone a unit is nearly a pixel, and on a
wide page the picture need not be wide. Colours are attributes, never styles, so that a strict content security policy
lets them through; text is text, so that it can be selected, searched, translated and read aloud.
"""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from afwegen.report.pictures.lettering import BOLD, clean, wrapped
from afwegen.report.pictures.palette import INK, Style, on

__all__ = [
    "FONT",
    "LEADING",
    "RADIUS",
    "SMALL",
    "WIDTH",
    "disc",
    "document",
    "filled",
    "line",
    "path",
    "rect",
    "scale",
    "tag",
    "text",
    "texts",
]

WIDTH: Final = 400
"""How wide every picture is, in units."""
FONT: Final = 14
SMALL: Final = 13
LEADING: Final = 1.25
RADIUS: Final = 11
"""Of the disc that carries a letter."""


def number(value: float) -> str:
    """Write a coordinate: two decimals at most, never minus zero."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def tag(name: str, *children: str, **attributes: object) -> str:
    """
    Return an element; ``_`` in the name of an attribute is ``-``, and one that is None or empty is left out.

    >>> tag("text", "a", font_size=13)
    '<text font-size="13">a</text>'
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(number(value) if isinstance(value, float) else str(value))}"
        for key, value in attributes.items()
        if value not in {None, ""}
    )
    inside = "".join(children)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def scale(*children: str) -> str:
    """Return what only helps to read: the marks of an axis, or how a label is to be read. No number in it is data."""
    return tag("g", *children, class_="scale")


def text(
    said: str, x: float, y: float, *, size: int = SMALL, anchor: str = "", fill: str = INK, weight: str = ""
) -> str:
    """Return one line of text, standing on *y*; what it says is escaped."""
    return tag(
        "text",
        escape(clean(said)),
        x=float(x),
        y=float(y),
        font_size=size,
        text_anchor=anchor,
        fill=fill,
        font_weight=weight,
    )


def texts(
    said: str, x: float, y: float, room: float, *, lines: int = 2, size: int = SMALL, anchor: str = "", weight: str = ""
) -> str:
    """Return a text in lines that fit the room, the first standing on *y*."""
    rows = wrapped(said, room / BOLD if weight else room, size, lines=lines)
    return "".join(
        text(row, x, y + place * size * LEADING, size=size, anchor=anchor, weight=weight)
        for place, row in enumerate(rows)
    )


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: float = 1, dash: str = "", faint: bool = False) -> str:
    """Return a straight line in the colour of the text; a faint one only guides the eye."""
    return tag(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=INK,
        stroke_width=float(stroke),
        stroke_dasharray=dash,
        stroke_opacity="0.3" if faint else "",
    )


def path(d: Iterable[str | float], look: Style, *, stroke: float = 3, arrow: str = "") -> str:
    """Return a curve, from commands and coordinates."""
    steps = " ".join(step if isinstance(step, str) else number(step) for step in d)
    return tag(
        "path",
        d=steps,
        fill="none",
        stroke=look.colour,
        stroke_width=float(stroke),
        stroke_dasharray=look.dash,
        marker_end=arrow,
    )


def rect(
    x: float, y: float, wide: float, high: float, *, fill: str = "none", dash: str = "", stroke: float = 1, r: float = 0
) -> str:
    """Return a rectangle with an edge in the colour of the text."""
    return tag(
        "rect",
        x=float(x),
        y=float(y),
        width=float(wide),
        height=float(high),
        rx=float(r) if r else "",
        fill=fill,
        stroke=INK,
        stroke_width=float(stroke),
        stroke_dasharray=dash,
    )


def disc(letter: str, x: float, y: float, look: Style, *, dash: str = "") -> str:
    """Return a ring with a letter in it: what a line is called, at every point of it."""
    ring = tag(
        "circle",
        cx=float(x),
        cy=float(y),
        r=float(RADIUS),
        fill="none",
        stroke=look.colour,
        stroke_width=2.5,
        stroke_dasharray=dash,
    )
    return ring + text(letter, x, y + 4.5, size=SMALL, anchor="middle", weight="bold")


def filled(said: str, x: float, y: float, wide: float, high: float, fill: str, *, dash: str = "") -> str:
    """Return a filled rectangle with a word in its middle, in black or white, whichever is told from it."""
    ink = INK if fill == "none" else on(fill)
    word = text(said, x + wide / 2, y + high / 2 + 4.5, anchor="middle", fill=ink, weight="bold") if said else ""
    return rect(x, y, wide, high, fill=fill, dash=dash) + word


def document(name: str, title: str, description: str, body: str, *, high: float) -> str:
    """
    Return the picture as SVG to stand inside a page: with a title and a description that are read aloud.

    Args:
        name: Unique in the page; the ids in the picture begin with it.
        title: What it is a picture of.
        description: What it shows, in words.
        body: The shapes.
        high: How high it is, in units.
    """
    return tag(
        "svg",
        tag("title", escape(clean(title)), id=f"{name}-title"),
        tag("desc", escape(clean(description)), id=f"{name}-desc"),
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(high)}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )
