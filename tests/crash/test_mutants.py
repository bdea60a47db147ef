"""
The harness itself is tried: stores that break a promise are found, each by what can find it.

Killing a process leaves the cache of the operating system as it is. So a store that does not wait for the disk passes
every kill, and only a loss of power shows what it does.
"""

import pytest

from crashing.killing import files, kills
from crashing.power import power_losses

pytestmark = pytest.mark.slow


def test_acknowledged_before_the_commit(zygote, tmp_path, told):
    """Both see it: what was acknowledged last is lost."""
    (tmp_path / "power").mkdir()

    assert told(kills(zygote, files(tmp_path), "early", 12, kind="early")).lost
    assert told(power_losses(tmp_path / "power", "early", 20, kind="early")).lost


def test_entries_and_length_in_two_transactions(zygote, tmp_path, told):
    """Both see it: between the two there is a log that is shorter than its entries."""
    (tmp_path / "power").mkdir()

    assert told(kills(zygote, files(tmp_path), "apart", 20, kind="apart")).corrupt
    assert told(power_losses(tmp_path / "power", "apart", 60, kind="apart")).corrupt


def test_not_waiting_for_the_disk(zygote, tmp_path, told):
    """Killing does not see ``synchronous=NORMAL``, and cannot; losing the power does."""
    (tmp_path / "power").mkdir()

    assert told(kills(zygote, files(tmp_path), "lax", 8, kind="lax")).harm == ()
    assert told(power_losses(tmp_path / "power", "lax", 40, kind="lax")).lost
