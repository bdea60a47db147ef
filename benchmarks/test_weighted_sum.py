"""A thousand weighted sums at once, and one session by itself."""

import numpy as np

from afwegen.models import Profile, Scale, WeightedSum
from afwegen.models.weighted_sum import score

DRAW = np.random.default_rng(20)
MATRIX, WEIGHTS = DRAW.uniform(1, 9, (1000, 10, 5)), DRAW.uniform(0.1, 1, (1000, 5))

DATA = """
import time, numpy as np
draw = np.random.default_rng(20)
matrix, weights = draw.uniform(1, 9, (1000, 10, 5)), draw.uniform(0.1, 1, (1000, 5))
weights = weights / weights.sum(axis=1, keepdims=True)
"""
CLOCK = """
solve(matrix[0], weights[0])
began = time.perf_counter()
for rows, own in zip(matrix, weights):
    solve(rows, own)
print(time.perf_counter() - began)
"""
PYMCDM = f"""{DATA}
from pymcdm.methods import WSM
from pymcdm.normalizations import minmax_normalization
types, wsm = np.ones(5), WSM(normalization_function=minmax_normalization)
def solve(rows, own):
    return wsm(rows, own, types)
{CLOCK}"""
SCIKIT_CRITERIA = f"""{DATA}
import skcriteria
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.preprocessing.scalers import MinMaxScaler
scaler, wsm = MinMaxScaler(target="matrix"), WeightedSumModel()
def solve(rows, own):
    return wsm.evaluate(scaler.transform(skcriteria.mkdm(rows, [max] * 5, weights=own)))
{CLOCK}"""


def floor():
    """The formula alone, straight into numpy: no check of anything."""
    lowest, highest = MATRIX.min(axis=1, keepdims=True), MATRIX.max(axis=1, keepdims=True)
    shares = WEIGHTS / WEIGHTS.sum(axis=1, keepdims=True)
    return np.einsum("bnc,bc->bn", (MATRIX - lowest) / (highest - lowest), shares)


def ours():
    return score(MATRIX, WEIGHTS, "min-max")


def test_thousand_problems_against_numpy(versus):
    """10 x 5, validation included, against the formula without it."""
    assert np.allclose(ours(), floor(), rtol=1e-12)
    versus(ours, floor, rounds=50)


def test_thousand_problems_between_anchors(versus):
    """Fixed anchors, every score held against its scale."""
    scales = [Scale(0, 10)] * 5
    versus(lambda: score(MATRIX, WEIGHTS, scales=scales), floor, rounds=50)


def test_thousand_problems_against_pymcdm(benchmark, ratio, peer):
    """Promise: at least 100 times as fast, so a ratio under 0.01."""
    theirs = float(peer(PYMCDM))
    benchmark.pedantic(ours, rounds=50, warmup_rounds=1)
    ratio(benchmark.stats.stats.median, theirs)


def test_thousand_problems_against_scikit_criteria(benchmark, ratio, peer):
    """Promise: at least 500 times as fast, so a ratio under 0.002."""
    theirs = float(peer(SCIKIT_CRITERIA))
    benchmark.pedantic(ours, rounds=50, warmup_rounds=1)
    ratio(benchmark.stats.stats.median, theirs)


def session_of(scores):
    judges, alternatives, criteria = (
        [f"{what}-{i}" for i in range(size)] for what, size in zip("jac", scores.shape, strict=True)
    )
    return Profile.from_scores(
        scores,
        judges=judges,
        alternatives=alternatives,
        criteria=criteria,
        criterion_weights=DRAW.integers(1, 10, (len(judges), len(criteria))),
        scales=dict.fromkeys(criteria, Scale(0, 10)),
    )


def test_one_session(versus):
    """7 judges, 6 alternatives, 5 criteria, whole numbers with ties, consensus included; promise: under 1 ms."""
    profile = session_of(DRAW.integers(0, 11, (7, 6, 5)))
    versus(lambda: WeightedSum().evaluate(profile), lambda: profile.scores.mean(axis=0).mean(axis=1), rounds=200)


def test_a_hundred_thousand_judges(versus):
    """Ties are settled in integers for most judges, without a loop over them."""
    profile = session_of(DRAW.integers(0, 11, (100_000, 6, 5)))
    versus(lambda: WeightedSum().evaluate(profile), lambda: np.einsum("mnc->n", profile.scores), rounds=3)
