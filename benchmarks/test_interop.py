"""Reading a large ballot file, against splitting its lines."""

import os
from pathlib import Path

from afwegen.interop import pabulib

SHARED = Path(os.environ.get("AFWEGEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def test_read_west_amsterdam(versus):
    """14,411 ballots over 58 projects, every line checked."""
    path = SHARED / "data" / "pabulib" / "netherlands_amsterdam_309.pb"

    def floor():
        return [line.split(";") for line in path.read_text(encoding="utf-8").splitlines()]

    versus(lambda: pabulib.read(path), floor)
