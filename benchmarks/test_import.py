"""Importing the package costs little more than importing what it stands on."""

import statistics
import subprocess
import sys

CODE = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"


def imported(statement):
    """Return the seconds an import takes in a fresh interpreter, by that interpreter's own clock."""
    code = CODE.format(statement)
    return float(subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True).stdout)


def test_import(benchmark, ratio):
    """Promise: within 1.5 times attrs, cattrs and sqlite3 together."""
    ours, floor = [], []
    benchmark.pedantic(
        lambda: ours.append(imported("import afwegen")),
        setup=lambda: floor.append(imported("import attrs, cattrs, sqlite3")),
        rounds=20,
        warmup_rounds=1,
    )
    ratio(statistics.median(ours[1:]), statistics.median(floor[1:]))
