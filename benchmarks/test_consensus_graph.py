"""Tallies, orders and degrees against a plain numpy floor and, where it is installed, pref_voting."""

import numpy as np
import pytest

from afwegen.models import ConsensusGraph, Profile
from afwegen.models.consensus_graph import kemeny, schulze, tally

DRAW = np.random.default_rng(20)
STRICT = DRAW.random((1000, 50)).argsort(axis=1) + 1.0
TWO_TIERS = np.where(DRAW.random((14_411, 58)) < 0.1, 1.0, 2.0)

DATA = """
import time, warnings
warnings.simplefilter("ignore")
import numpy as np
from pref_voting.profiles import Profile
draw = np.random.default_rng(20)
def clock(work, turns=3):
    taken = []
    for _ in range(turns):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    print(sorted(taken)[turns // 2])
"""
SCHULZE = f"""{DATA}
from pref_voting.voting_methods import beat_path
rows = draw.random((1000, 50)).argsort(axis=1).tolist()
clock(lambda: beat_path(Profile(rows), algorithm="floyd_warshall"))
"""
KEMENY = f"""{DATA}
from pref_voting.voting_methods import kemeny_young
rows = draw.random((25, 8)).argsort(axis=1)
profile = Profile(rows.tolist())
clock(lambda: kemeny_young(profile), turns=1)
"""


def floor_of_tally(ranks):
    """Each column against all, added up by a matrix product; no check of anything."""
    columns = np.ascontiguousarray(ranks.astype(np.float32).T)
    ones = np.ones(len(ranks), np.float32)
    return np.stack([(column < columns).astype(np.float32) @ ones for column in columns])


def floor_of_schulze(margins):
    paths = np.where(margins > 0, margins, 0)
    for via in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, via, None], paths[None, via, :]))
    np.fill_diagonal(paths, 0)
    return paths


def floor(ranks):
    above = floor_of_tally(ranks)
    return floor_of_schulze(above - above.T)


def ours(ranks):
    return schulze(tally(ranks).margins)


def random_margins(n, judges=25):
    return tally(DRAW.random((judges, n)).argsort(axis=1) + 1.0).margins


@pytest.mark.parametrize("ranks", [STRICT, TWO_TIERS], ids=["1000x50", "14411x58"])
def test_tally_and_schulze_against_numpy(versus, ranks):
    """The whole way from ranks to widest paths, checks included."""
    assert (ours(ranks) == floor(ranks)).all()
    versus(lambda: ours(ranks), lambda: floor(ranks))


def test_schulze_against_pref_voting(ratio, benchmark, peer):
    """50 alternatives, 1,000 judges, tally included: at least 20 times as fast."""
    theirs = float(peer(SCHULZE))
    benchmark.pedantic(lambda: ours(STRICT), rounds=20, warmup_rounds=1)
    ratio(benchmark.stats.stats.median, theirs)


def test_kemeny_against_pref_voting(ratio, benchmark, peer):
    """Eight alternatives, exactly: ten would take the peer a minute."""
    margins = random_margins(8)
    theirs = float(peer(KEMENY))
    benchmark.pedantic(lambda: kemeny(margins), rounds=20, warmup_rounds=1)
    ratio(benchmark.stats.stats.median, theirs)


@pytest.mark.parametrize("n", [10, 16])
def test_kemeny_against_one_pass_over_its_table(versus, n):
    """In units of adding once all that the search must look at: n costs for each of 2^n subsets."""
    margins, cost = random_margins(n), np.zeros((n, 1 << n), np.int64)
    versus(lambda: kemeny(margins), lambda: (cost + cost).min(axis=0), rounds=10)


def test_one_session(versus):
    """Seven judges, six alternatives: evaluated, with consensus, against a bare tally and widest paths."""
    names = tuple("abcdef")
    ranks = DRAW.random((7, 6)).argsort(axis=1) + 1.0
    profile = Profile(judges=tuple("tuvwxyz"), alternatives=names, rankings={"overall": ranks})
    versus(lambda: ConsensusGraph().evaluate(profile), lambda: floor(ranks), rounds=200)


def test_west_amsterdam_as_a_whole(versus):
    """58 alternatives, 14,411 judges: order, consensus on every level, against the tally alone."""
    judges = tuple(f"j{place}" for place in range(len(TWO_TIERS)))
    profile = Profile(
        judges=judges, alternatives=tuple(f"a{place}" for place in range(58)), rankings={"overall": TWO_TIERS}
    )
    versus(lambda: ConsensusGraph().evaluate(profile), lambda: floor_of_tally(TWO_TIERS), rounds=5)
