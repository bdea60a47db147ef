"""
Colours, dashes and shapes that tell lines apart, also without colour, in the light and in the dark.

Only five of Okabe and Ito's eight colours reach 3:1 on white; the four that are no black reach it on a dark ground too,
and black is the colour of the text around (``currentColor``), so that it turns with the page. The other three are
fills only, with an edge in the colour of the text.

References:
    Okabe, Ito (2008), Color Universal Design; WCAG 2.2, success criteria 1.4.1 and 1.4.11.
"""

from typing import Final

from attrs import frozen

__all__ = ["FILLS", "INK", "LINES", "STYLES", "Style", "contrast", "on", "shades", "style"]

INK: Final = "currentColor"
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW = "#E69F00", "#56B4E9", "#F0E442"

LINES: Final = (INK, BLUE, VERMILLION, GREEN, PURPLE)
"""What lines may be drawn in."""
FILLS: Final = (SKY, YELLOW, GREEN, ORANGE, BLUE, PURPLE, VERMILLION)
"""What surfaces may be filled with, neighbours told apart by lightness too."""
DASHES: Final = ("", "9 4", "2 4", "12 4 2 4")
STYLES: Final = len(LINES) * len(DASHES)
"""How many lines can be told apart by colour and dash together."""
_SHADES: Final = ("#0072B2", "#56B4E9", "#B9DFF7", "#FFFFFF")


@frozen
class Style:
    """How one line looks: the colour is never all there is to know it by."""

    colour: str
    dash: str


def style(place: int) -> Style:
    """
    Return the style of the line in a place, from 0: neighbours differ in colour and in dash.

    >>> style(1)
    Style(colour='#0072B2', dash='9 4')
    """
    colours, dashes = len(LINES), len(DASHES)
    return Style(LINES[place % colours], DASHES[(place + place // (colours * dashes)) % dashes])


def shades(many: int) -> tuple[str, ...]:
    """
    Return fills from dark to light for *many* steps of one thing, at most four.

    >>> shades(2)
    ('#0072B2', '#56B4E9')
    """
    return _SHADES[:many]


def contrast(one: str, other: str) -> float:
    """
    Return the contrast of two colours, ``#rrggbb``, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 2)
    21.0

    References:
        WCAG 2.2, relative luminance and contrast ratio.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(fill: str) -> str:
    """
    Return the colour of text on a fill: black or white, whichever is told from it more easily.

    >>> on("#F0E442"), on("#0072B2")
    ('#000000', '#FFFFFF')
    """
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, fill))


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
