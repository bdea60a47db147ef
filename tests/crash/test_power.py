"""Whatever a writer was told stands, when the power goes at any moment, whatever of what was not synced is left."""

import pytest

from crashing.power import power_losses
from crashing.promises import Found

pytestmark = pytest.mark.slow

WRITERS = 4


def test_lose_the_power(tmp_path, often, told):
    """Unsynced writes dropped, reordered and torn, in a file that is begun, written to, carried over and reopened."""
    found = Found()
    for writer in range(WRITERS):
        folder = tmp_path / str(writer)
        folder.mkdir()
        found += power_losses(folder, f"writer {writer}", often(16, 500))

    assert told(found).harm == ()
    assert found.crashes >= 60
    assert found.acts > found.crashes
    assert found.kept > 0, "not one loss fell between the commit and the word: they are not at any moment"
