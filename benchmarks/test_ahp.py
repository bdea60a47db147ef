"""
The AHP against its floor in numpy and against AHPy, in one run: read the ratios, not the times.

AHPy stands in an environment of its own; its interpreter is named in ``$AFWEGEN_PEERS``.
"""

import itertools
import json
import os
import subprocess
import time

import numpy as np
import pytest

from afwegen.models import AHP, Profile
from afwegen.models.ahp import priorities

PEERS = os.environ.get("AFWEGEN_PEERS")
MATRICES = 10_000
SIZE = 7


def judgements(number, size, spread=0.3):
    """Return matrices as people give them: near some weights, inconsistent by a factor exp(spread)."""
    rng = np.random.default_rng(1977)
    rows, columns = np.triu_indices(size, 1)
    weights = rng.normal(size=(number, size))
    upper = np.exp(weights[:, rows] - weights[:, columns] + spread * rng.normal(size=(number, len(rows))))
    matrices = np.ones((number, size, size))
    matrices[:, rows, columns], matrices[:, columns, rows] = upper, 1 / upper
    return matrices


@pytest.fixture(scope="module")
def matrices():
    return judgements(MATRICES, SIZE)


def seconds(work, rounds=7):
    """Return the median time of *work*."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def floor_of_geometric_means(matrices):
    means = np.exp(np.log(matrices).mean(axis=-1))
    return means / means.sum(axis=-1, keepdims=True)


def floor_of_eigenvectors(matrices):
    """Return the eigenvectors by plain power iteration to 1e-12."""
    vectors = np.ones(matrices.shape[:-1])
    while True:
        images = np.einsum("...ij,...j->...i", matrices, vectors)
        images /= images.sum(axis=-1, keepdims=True)
        if np.abs(images - vectors).max() <= 1e-12:
            return images
        vectors = images


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
def test_ten_thousand_matrices(benchmark, matrices, method, check):
    floor = floor_of_geometric_means if method == "geometric-mean" else floor_of_eigenvectors
    benchmark(priorities, matrices, method, check=check)
    benchmark.extra_info["times the floor"] = benchmark.stats.stats.median / seconds(lambda: floor(matrices))
    np.testing.assert_allclose(priorities(matrices, method).weights, floor(matrices), rtol=1e-9)


ROUNDS_OF_PEER = """
import itertools, json, sys, time
import ahpy
given = json.load(sys.stdin)
start = time.perf_counter()
for upper in given["matrices"]:
    ahpy.Compare("x", dict(zip(map(tuple, given["pairs"]), upper)), precision=12).target_weights
print(time.perf_counter() - start)
"""


@pytest.mark.skipif(PEERS is None, reason="needs an environment with AHPy: set AFWEGEN_PEERS to its interpreter")
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("method", ["geometric-mean", "eigenvector"])
def test_against_ahpy(benchmark, matrices, method, check):
    """AHPy on every 50th matrix; its checks are part of it, so ours are too, and once without."""
    some = matrices[::50]
    rows, columns = np.triu_indices(SIZE, 1)
    pairs = list(itertools.combinations("abcdefg", 2))
    given = json.dumps({"pairs": pairs, "matrices": some[:, rows, columns].tolist()})
    answer = subprocess.run([PEERS, "-c", ROUNDS_OF_PEER], input=given, capture_output=True, text=True, check=True)

    benchmark(priorities, matrices, method, check=check)

    theirs = float(answer.stdout) * len(matrices) / len(some)
    benchmark.extra_info["times faster than AHPy"] = theirs / benchmark.stats.stats.median


def test_one_matrix(benchmark, matrices):
    benchmark(priorities, matrices[0])


@pytest.mark.parametrize("criteria", [0, 5])
@pytest.mark.parametrize("aggregation", ["aip-geometric", "aij"])
def test_evaluate_a_small_group(benchmark, criteria, aggregation):
    """Seven judges, six alternatives."""
    names = tuple(f"c{place}" for place in range(criteria))
    leaves = names or ("goal",)
    goal = {"goal": judgements(7, criteria)} if criteria else {}
    profile = Profile.from_comparisons(
        alternatives=tuple("abcdef"),
        hierarchy={"goal": names},
        comparisons={**goal, **{node: judgements(7, 6) for node in leaves}},
    )
    benchmark(AHP(aggregation=aggregation).evaluate, profile)
