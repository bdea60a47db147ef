"""
One flipped bit anywhere in a small file is found, or touches no entry, checkpoint or vault row: the summary says which.

Every bit in a soak; otherwise a few of every place. What is not found reads as before, or is one of the columns below.
"""

import os
import random
from collections import Counter

import pytest

from crashing.bits import File, small_file, table_of

pytestmark = pytest.mark.slow

HARMLESS = {
    "nothing": "free space, what SQLite keeps for itself, and indexes: the tables read as before",
    "afwegen_sessions.secret": "keys the codes of idempotency keys",
    "afwegen_appends.key_mac": "the code of an idempotency key",
    "afwegen_appends.call_mac": "the code of what was called under it",
    "afwegen_appends.id": "the order of the feed",
    "afwegen_appends": "a code that SQL cannot read; what the feed reads of the row is as it was",
    "afwegen_schema": "a second row, or a text, that SQL cannot read",
    "afwegen_unscrubbed": "whether the file is still to be written anew after an erasure",
    "afwegen_schema.written_by": "which version wrote the tables",
}
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
PARTS = 4 if SOAKING else 1
"""Parts of a search that two processes may share."""
FEW = 12
"""Bits of each place that are tried where not all are."""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The file."""
    path = tmp_path_factory.mktemp("bits") / "small.db"
    small_file(path)
    return File.read(path)


def chosen(small, part):
    """Return bits: all of this part of the file, or a few of every place."""
    if SOAKING:
        return range(part, len(small.octets) * 8, PARTS)
    luck, bits = random.Random(part), []
    for place in sorted(set(small.places)):
        octets = [number for number, each in enumerate(small.places) if each == place]
        bits += [luck.choice(octets) * 8 + luck.randrange(8) for _ in range(FEW)]
    return bits


@pytest.mark.parametrize("part", range(PARTS))
def test_a_flipped_bit_of_a_file_is_found_or_harmless(small, tmp_path, part, told):
    """Opened as any store is, read, and verified with the keys; never anything but an error of the library."""
    outcomes = Counter()
    for bit in chosen(small, part):
        outcomes[small.places[bit // 8], small.outcome(tmp_path / "flipped.db", bit)] += 1

    told(f"{outcomes.total():,} bits by place\n{table_of(outcomes)}")
    touched = {each for _, what in outcomes for each in what.partition(" (")[0].split(", ")}
    assert touched <= {"found", *HARMLESS}


def test_places_are_those_of_the_file(small):
    """Every octet has a place, and what was said lies where it is said to lie."""
    assert len(small.places) == len(small.octets)
    assert small.places[small.octets.index(b'"values":{"text":"ok"}')].startswith("afwegen_vault")
