"""Ratios: every figure stands beside a floor or a peer measured in the same run, by turns, on the same machine."""

import os
import statistics
import subprocess
import time
from pathlib import Path

import pytest

RATIOS = []


@pytest.fixture
def versus(benchmark, request):
    """
    Measure ours against a floor, by turns, and report the ratio of the medians.

    ``versus(ours, floor, rounds=20)``, both callables; a warm-up round of each is not counted.
    """

    def measure(ours, floor, *, rounds=20):
        taken = []

        def one_floor():
            began = time.perf_counter()
            floor()
            taken.append(time.perf_counter() - began)

        benchmark.pedantic(ours, setup=one_floor, rounds=rounds, warmup_rounds=1)
        note(benchmark, request, benchmark.stats.stats.median, statistics.median(taken[1:]))

    return measure


@pytest.fixture
def ratio(benchmark, request):
    """
    Report a ratio measured by other means: ``ratio(ours, floor)``, in seconds, or in another unit that is named.

    Where one test measures several, ``of=`` says which.
    """
    return lambda ours, floor, unit="ms", of="": note(benchmark, request, ours, floor, unit, of)


def note(benchmark, request, ours, floor, unit="ms", of=""):
    """Keep a figure for the report, and beside pytest-benchmark's own."""
    benchmark.extra_info.update(ratio=ours / floor, ours=ours, floor=floor)
    scale = 1e3 if unit == "ms" else 1
    RATIOS.append((of or request.node.nodeid, ours / floor, ours * scale, floor * scale, unit))


@pytest.fixture(scope="session")
def peer():
    """
    Run a statement in the environment of the peers and return what it prints.

    Peers pin old versions of numpy and the like, so they live in an environment of their own: ``$AFWEGEN_PEERS`` names
    its interpreter. Without it what needs a peer is left out.
    """
    interpreter = os.environ.get("AFWEGEN_PEERS")
    if not interpreter:
        pytest.skip("AFWEGEN_PEERS names no interpreter that has the peers")

    def run(code):
        return subprocess.run((interpreter, "-c", code), check=True, capture_output=True, text=True).stdout

    return run


def pytest_terminal_summary(terminalreporter):
    """Print the ratios, which are what is promised; the times are the machine's."""
    if RATIOS:
        terminalreporter.section("ratios")
    for name, figure, ours, floor, unit in RATIOS:
        terminalreporter.line(f"{figure:8.2f}x  {ours:10.3f} {unit} : {floor:10.3f} {unit}  {name}")


@pytest.fixture(scope="session")
def shared():
    """The folder of published examples: ``$AFWEGEN_SHARED``, else ``../shared`` beside the repository."""
    folder = Path(os.environ.get("AFWEGEN_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip(f"no published examples at {folder}: set AFWEGEN_SHARED")
    return folder
