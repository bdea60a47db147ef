"""What the tests of pictures share: reading one back as a reader without eyes would."""

import re
from xml.etree import ElementTree as ET

import pytest

from afwegen.demo import complex_a
from afwegen.report import language
from afwegen.report.pictures.lettering import width

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="session")
def demo():
    """The demonstration session; read only."""
    return complex_a()


@pytest.fixture(scope="session")
def english():
    """English."""
    return language("en")


@pytest.fixture(scope="session")
def read():
    """Return a function that reads a picture: its root, once it was seen to be what every picture is."""
    return _read


@pytest.fixture(scope="session")
def numbers_drawn(read):
    """Return a function that gives the numbers written in a picture, but for scales."""

    def found(picture):
        root = read(picture)
        scales = {node for scale in root.iter(f"{SVG}g") if scale.get("class") == "scale" for node in scale.iter()}
        said = [node.text for node in root.iter(f"{SVG}text") if node not in scales and node.text]
        return {number for text in said for number in NUMBER.findall(text)}

    return found


@pytest.fixture(scope="session")
def numbers_told():
    """Return a function that gives the numbers in the table of a picture."""

    def found(picture):
        cells = [*picture.header, *(cell for row in picture.rows for cell in row)]
        return {number for cell in cells for number in NUMBER.findall(cell)}

    return found


def _read(picture):
    root = ET.fromstring(picture.svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), description.get("id"))
    assert title.text
    assert description.text
    assert all(identity.startswith(picture.name) for identity in (title.get("id"), description.get("id")))
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "g", "text", "line", "path", "rect", "circle"
    }  # fmt: skip
    assert not [
        key for node in root.iter() for key in node.attrib if key == "style" or key.startswith("on") or "href" in key
    ]
    assert {node.tag.removeprefix(SVG) for node in root.iter() if node.text} <= {"title", "desc", "text"}
    assert not [node.tag for node in root.iter() if node.tail]
    wide, high = map(float, root.get("viewBox").split()[2:])
    for node in root.iter(f"{SVG}text"):
        size, x, y = (float(node.get(name)) for name in ("font-size", "x", "y"))
        room = width(node.text, size)
        left = x - {"middle": room / 2, "end": room}.get(node.get("text-anchor"), 0)
        assert size >= 13
        assert left >= -8, node.text
        assert left + room <= wide + 8, node.text
        assert 0 < y <= high, node.text
    assert all(len(row) == len(picture.header) for row in picture.rows)
    return root
