"""Colours that can be told apart, and from the page, in the light and in the dark."""

from itertools import pairwise

import pytest

from afwegen.report.pictures.palette import FILLS, INK, LINES, STYLES, contrast, on, shades, style

LIGHT, DARK = "#ffffff", "#1e1e1e"


@pytest.mark.parametrize("ground", [LIGHT, DARK])
@pytest.mark.parametrize("colour", [colour for colour in LINES if colour != INK])
def test_a_line_is_told_from_the_page(colour, ground):
    """WCAG 1.4.11: what carries meaning has a contrast of 3:1, on a white page and on a dark one."""
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("fill", [*FILLS, *shades(4)])
def test_a_letter_is_read_on_its_fill(fill):
    """WCAG 1.4.3: bold letters of this size are text like any other, 4.5:1."""
    assert contrast(on(fill), fill) >= 4.5


def test_no_two_lines_look_the_same():
    """Colour and dash together tell twenty lines apart; neighbours differ in both."""
    looks = [style(place) for place in range(STYLES)]

    assert len(set(looks)) == STYLES
    assert all(one.colour != other.colour and one.dash != other.dash for one, other in pairwise(looks))


def test_shades_differ_in_lightness():
    """In black and white, one step of a scale is darker than the next."""
    lightness = [contrast("#000000", shade) for shade in shades(4)]

    assert lightness == sorted(lightness)
    assert all(lighter / darker > 1.35 for darker, lighter in pairwise(lightness))
