"""The account of a session, against parsing the page it makes, the least that any reader of it must do."""

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from afwegen import open_store
from afwegen.demo import complex_a
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.report import account

SHARED = Path(os.environ.get("AFWEGEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def parsed(page):
    """Read a page."""
    HTMLParser().feed(page)


def test_the_demonstration(versus, benchmark):
    """490 records, nine pictures; promised: under a second and 500 KB."""
    session = complex_a()
    page = account(session)
    benchmark.extra_info["bytes"] = len(page.encode())

    versus(lambda: account(session), lambda: parsed(page), rounds=5)


def test_a_neighbourhood_of_hundreds(versus, benchmark):
    """As Amsterdam voted: hundreds of judges, counted rather than listed; promised: under 5 seconds and 2 MB."""
    if not SHARED.is_dir():
        pytest.skip(f"no published examples at {SHARED}: set AFWEGEN_SHARED")
    election = pabulib.read(SHARED / "data" / "pabulib" / "netherlands_amsterdam_523.pb")
    session = import_election(
        open_store("memory:"), election, title="Amsterdam", area="Noord", by="import", source="523"
    )
    page = account(session)
    benchmark.extra_info["bytes"] = len(page.encode())

    versus(lambda: account(session), lambda: parsed(page), rounds=3)
