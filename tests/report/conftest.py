"""What the tests of the account share: sessions, pages, and how a reader reads them."""

from html.parser import HTMLParser

import pytest

from afwegen.demo import complex_a
from afwegen.report import account, language
from afwegen.report.account import gathered
from afwegen.report.source import read
from afwegen.report.words import Sentence
from afwegen.testing.tour import tour

VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


class Reader(HTMLParser):
    """Reads a page as a browser would: its text, its elements, and whether everything that opens closes."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.open, self.style = [], [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)

    @property
    def words(self):
        """The text of the page, its white space as one."""
        return " ".join("".join(self.text).split())

    def all(self, tag):
        """The attributes of every element of a kind."""
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="session")
def reader():
    """Return a function that reads a page."""
    return Reader


@pytest.fixture(scope="session")
def demo():
    """The demonstration session; read only."""
    return complex_a()


@pytest.fixture(scope="session")
def toured():
    """The session in which everything happens; read only."""
    return tour()


@pytest.fixture(scope="session", params=["nl", "en"])
def page(request, demo):
    """The account of the demonstration session, in each language."""
    return account(demo, language=request.param)


@pytest.fixture(scope="session")
def told():
    """Return a function that gathers the account of a session as data, in English."""
    return lambda session, viewer=None, at=None: gathered(read(session, viewer, at, language("en")))


@pytest.fixture(scope="session")
def sentences():
    """Return a function that yields every sentence in a value, however deep."""
    return _sentences


def _sentences(value):
    if isinstance(value, Sentence):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _sentences(each)
    elif hasattr(value, "__attrs_attrs__"):
        for field in value.__attrs_attrs__:
            yield from _sentences(getattr(value, field.name))
