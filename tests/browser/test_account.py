"""The account in a real browser: whoever opens it, on whatever screen, reads it, and nothing else happens."""

import re
from pathlib import Path

import pytest

from afwegen import open_store
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.report import account

CUT = tuple(f"cut-{number}" for number in range(10))
NAMES = ("demonstration", "empty", "hostile", *CUT)
LANGUAGES = ("nl", "en")
WHOLE = (("demonstration", "nl"), ("demonstration", "en"), ("hostile", "nl"), ("empty", "en"))
SCREENS = (320, 360, 768, 1440)
"""Wide in pixels; 320 is also what is left of 1,280 at four times the size (WCAG 1.4.10)."""


@pytest.fixture(scope="session")
def zuidas(shared, tmp_path_factory):
    """The account of 938 judges, in a file by language."""
    election = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_523.pb")
    with open_store("memory:") as store:
        made = import_election(store, election, title="Zuidas", area="Amsterdam", by="import", source="pabulib")
        folder = tmp_path_factory.mktemp("zuidas")
        for language in LANGUAGES:
            (folder / f"zuidas.{language}.html").write_text(account(made, language=language), encoding="utf-8")
    return lambda language: folder / f"zuidas.{language}.html"


def quiet(seen):
    """Assert that a page did nothing but show itself."""
    assert seen.said == []
    assert [url for url in seen.asked if not url.startswith("file:")] == []
    assert len(seen.asked) == 1
    assert seen.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_it_fits_every_screen_and_does_nothing(visit, page, name, language):
    """No script runs, no request leaves, nothing is complained of; nobody has to scroll sideways."""
    seen = visit(page(name, language))

    # In one language all widths: the longest words are Dutch.
    for width in SCREENS if language == "nl" else SCREENS[:1]:
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert seen.overflow <= 0, (width, seen.too_wide)
        if not name.startswith("cut"):
            seen.shot(f"{name}-{language}-{width}")
    quiet(seen)


def unfolded(seen):
    """Open what is folded at first, and leave out most of the logbook: its lines are alike."""
    seen.page.evaluate(
        """() => {
             document.querySelectorAll('details').forEach(more => more.open = true);
             [...document.querySelectorAll('.log > li')].slice(20).forEach(line => line.remove());
             document.querySelectorAll('a[href^="#r"]').forEach(link => link.setAttribute('href', '#logbook'));
           }"""
    )


@pytest.mark.parametrize(("name", "language"), [*WHOLE, *((cut, "nl") for cut in CUT)])
def test_there_is_no_barrier(visit, page, axe, name, language):
    """Also with everything opened that is folded at first; a session that is under way is read too."""
    seen = visit(page(name, language))
    unfolded(seen)
    seen.shot(f"{name}-{language}-light")

    assert axe(seen) == []


@pytest.mark.parametrize(("name", "language"), WHOLE)
def test_in_the_dark_too_it_can_be_read(visit, page, axe, name, language):
    """Nothing but the colours differs."""
    seen = visit(page(name, language), scheme="dark")
    unfolded(seen)
    seen.shot(f"{name}-{language}-dark")

    assert axe(seen, "color-contrast") == []


def test_the_validator_accepts_it(vnu, page):
    """As the W3C says HTML is to be written."""
    said = vnu(*(page(name, language) for name in NAMES for language in LANGUAGES))

    # What hostile people write is in no language.
    assert [each for each in said if not (each.startswith("hostile") and "appears to be written in" in each)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_wrote_stays_text(page, language):
    """Whatever it looks like: no mark of theirs is a mark of the page."""
    html = page("hostile", language).read_text(encoding="utf-8")

    assert not re.search(r"<script|<img|onerror=\w+>|49 \{%", re.sub(r"&lt;(script|img)", "", html))
    assert "\x1b" not in html
    assert "\x00" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(visit, page, language):
    """A link that goes nowhere is a statement nobody can check."""
    seen = visit(page("demonstration", language))

    lost = seen.page.evaluate(
        """[...document.querySelectorAll('a[href]')]
             .filter(link => !link.getAttribute('href').startsWith('#')
                          || !document.getElementById(decodeURIComponent(link.hash.slice(1))))
             .map(link => link.outerHTML)"""
    )
    assert lost == []


def test_on_paper_everything_is_open(visit, page):
    """What is folded on the screen is printed; only the numbers of the pictures are left to the screen."""
    seen = visit(page("demonstration", "nl"))
    seen.page.emulate_media(media="print")

    shut = seen.page.evaluate(
        """[...document.querySelectorAll('details:not(.data) > :not(summary)')]
             .filter(it => !it.checkVisibility({contentVisibilityAuto: true})).length"""
    )
    assert shut == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_district_fits_on_it(visit, zuidas, axe, vnu, language):
    """Of 938 judges nobody reads 938 rows."""
    seen = visit(zuidas(language))

    for width in SCREENS:
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert seen.overflow <= 0, (width, seen.too_wide)
        seen.shot(f"zuidas-{language}-{width}")
    quiet(seen)
    assert axe(seen) == []
    assert vnu(zuidas(language)) == []
    assert Path(zuidas(language)).stat().st_size < 2_000_000
