"""
The consensus graph against published examples and real judgements.

Sources stand in the files of the shared folder: Condorcet (1785), Young on Tennessee's capital, Schulze (2011), Kemeny
and Snell (1962), Kendall and Babington Smith (1940), DeGroot (1974), Dyer and Miles (1976).
"""

import json
import re
from fractions import Fraction

import numpy as np
import pytest

from afwegen.models import ConsensusGraph, Profile
from afwegen.models.agreement import distances
from afwegen.models.consensus_graph import RULES, schulze, tally
from afwegen.models.diffusion import clusters, degroot


@pytest.fixture
def published(shared):
    """A published example by name: what went in, and what must come out."""

    def read(name):
        case = json.loads((shared / "oracles" / f"{name}.json").read_text())
        return case["input"], case["expected"]

    return read


def counted(given):
    """The profile of ballots given as (word, number) pairs."""
    words, numbers = zip(*given["ballots"], strict=True)
    return Profile.from_rankings(words_as_tiers(words), numbers, alternatives=given["alternatives"])


def words_as_tiers(words):
    return [tuple(word) for word in words]


def listed(given, ballots="ballots"):
    """The profile of ballots given as tiers, one a judge."""
    return Profile.from_rankings(given[ballots])


def evaluated(profile, rule="schulze"):
    return ConsensusGraph(rule=rule).evaluate(profile)


def order(*names):
    return tuple((name,) for name in names)


def test_tennessee_tally(published):
    """42, 26, 15 and 17 hundred people in Tennessee: the tally."""
    given, expected = published("tennessee")
    diagnostics = evaluated(counted(given)).diagnostics
    assert diagnostics.above.tolist() == expected["N"]
    assert diagnostics.condorcet_winner == expected["condorcet_winner"]


@pytest.mark.parametrize(
    ("rule", "name"), [("schulze",) * 2, ("kemeny", "kemeny_order"), ("ranked-pairs", "ranked_pairs")]
)
def test_tennessee_orders(published, rule, name):
    """Schulze, Kemeny and ranked pairs all give Nashville, Chattanooga, Knoxville, Memphis."""
    given, expected = published("tennessee")
    assert evaluated(counted(given), rule).ranking == order(*expected[name])


def test_tennessee_kemeny_distance(published):
    """The optimal order disagrees with 207 of the 600 pairwise preferences, and agrees with the other 393."""
    given, expected = published("tennessee")
    diagnostics = evaluated(counted(given), "kemeny").diagnostics
    assert diagnostics.distance == expected["kemeny_distance"]
    assert 600 - diagnostics.distance == expected["kemeny_score"]
    assert list(diagnostics.orders()) == [tuple(expected["kemeny_order"])]


@pytest.mark.parametrize("rule", ["borda", "copeland"])
def test_tennessee_points(published, rule):
    """Borda and Copeland points of the four towns."""
    given, expected = published("tennessee")
    assert evaluated(counted(given), rule).scores == expected[rule]


def test_schulze_wikipedia_45(published):
    """45 judges, five alternatives: tally, widest paths and the order E > A > C > B > D."""
    given, expected = published("schulze_wikipedia_45")
    outcome = evaluated(counted(given))
    assert outcome.diagnostics.above.tolist() == expected["N"]
    assert outcome.diagnostics.paths.tolist() == expected["strongest_paths_margins"]
    assert outcome.ranking == order(*expected["order_margins"])
    assert len(outcome.relation) == 10


def test_schulze_wikipedia_45_by_winning_votes(published):
    """The same kernel gives the published strengths by winning votes, 24 to 33, as 2 N - 45 does by margins here."""
    given, expected = published("schulze_wikipedia_45")
    profile = counted(given)
    margins = tally(profile.ranks(), profile.counts).margins
    by_votes = np.array(expected["strongest_paths_winning_votes"])
    paths = schulze(margins)
    off = ~np.eye(5, dtype=bool)
    assert ((paths[off] + 45) / 2).tolist() == by_votes[off].tolist()


def test_condorcet_paradox(published):
    """Everything ties: one tier, three optimal orders at distance 4, W = 0; never an order by index."""
    given, expected = published("condorcet_paradox_3")
    profile = counted(given)
    for rule in RULES:
        assert evaluated(profile, rule).ranking == tuple(map(tuple, expected["schulze_tiers"]))
        assert evaluated(profile, rule).relation == frozenset()
    kemeny = evaluated(profile, "kemeny").diagnostics
    assert (kemeny.distance, kemeny.optima) == (expected["kemeny_distance"], expected["kemeny_count"])
    assert list(evaluated(profile, "borda").scores.values()) == expected["borda"]
    assert evaluated(profile).consensus.kendall_w == expected["kendall_w"]
    assert evaluated(profile).diagnostics.above.tolist() == expected["N"]


def test_two_blocs(published):
    """Two opposed blocs: the degree by all, pair and judge, W beside it, and the distance of Kemeny's order."""
    given, expected = published("consensus_graph_two_blocs")
    outcome = evaluated(listed(given))
    consensus = outcome.consensus
    names = given["alternatives"]
    assert outcome.diagnostics.above.tolist() == expected["N"]
    assert consensus.degree == pytest.approx(expected["kappa"], abs=1e-12)
    assert 2 * consensus.degree - 1 == pytest.approx(expected["u"], abs=1e-12)
    for (a, b), degree in consensus.by_pair.items():
        assert degree == pytest.approx(expected["kappa_pair"][names.index(a)][names.index(b)], abs=1e-12)
    assert list(consensus.by_judge.values()) == pytest.approx(expected["participant_agreement"], abs=1e-12)
    assert consensus.kendall_w == pytest.approx(expected["kendall_w"], abs=1e-12)
    assert list(outcome.winners) == expected["winners"]
    assert evaluated(listed(given), "kemeny").diagnostics.distance == expected["kemeny_cost"]


def test_two_blocs_between_judges(published):
    """The distances between the judges, and the two blocs as clusters; the reversed bloc is no distant judge."""
    given, expected = published("consensus_graph_two_blocs")
    profile = listed(given)
    agreement = 1 - distances(profile.ranks()) / 6
    np.testing.assert_allclose(agreement, expected["agreement_matrix"], atol=1e-12)
    assert clusters(profile.ranks()) == ((0, 1, 2, 3, 7), (4, 5, 6))
    assert evaluated(profile).judges().distant == ()


def test_kemeny_snell_distances(published):
    """Weak orders: 1/2 for tied against strict, 1 for reversed; Kemeny and Snell count twice as much."""
    given, expected = published("kemeny_snell_ties")
    ranks = Profile.from_rankings(given["tiers"]).ranks()
    assert distances(ranks).tolist() == expected["half_distance"]
    assert (2 * distances(ranks)).tolist() == expected["distances"]


def test_kendall_w_proofwiki(published):
    """Four judges, three alternatives: W = 1/16."""
    given, expected = published("kendall_w_proofwiki")
    orders = [
        [["abc"[place] for place in range(3) if row[place] == rank] for rank in (1, 2, 3)] for row in given["ranks"]
    ]
    assert evaluated(Profile.from_rankings(orders)).consensus.kendall_w == pytest.approx(expected["W"], abs=1e-12)


@pytest.mark.parametrize("name", ["degroot_1974_2x2", "degroot_1974_3x3", "degroot_jackson_3_4_4"])
def test_degroot_limits(published, name):
    """Opinions settle on the weighted mean with the published weights."""
    given, expected = published(name)
    found = degroot(given["trust"])
    weights = [float(Fraction(share)) for share in expected["exact"]]
    assert found.converges is expected["converges"]
    assert found.weights.tolist() == pytest.approx(weights, abs=1e-12)
    assert (found.limit @ given["opinions"]).tolist() == pytest.approx(
        [expected["consensus"]] * len(weights), abs=1e-12
    )


def test_degroot_periodic(published):
    """There is a stationary vector, and no limit: who trust only each other swap opinions for ever."""
    given, expected = published("degroot_periodic")
    found = degroot(given["trust"])
    assert found.converges is expected["converges"]
    assert found.weights.tolist() == expected["stationary"]
    assert found.limit is None
    assert "every 2 rounds" in found.reason


def test_schulze_depends_on_irrelevant_alternatives(published):
    """Removing B reverses A and C: independence must not be promised."""
    given, expected = published("neg_schulze_fails_IIA")
    first, second = expected["pair"]
    before = evaluated(listed(given)).relation
    after = evaluated(listed(given).only(alternatives=expected["pair"])).relation
    assert {(first, second), (second, first)} & before
    assert {(first, second), (second, first)} & after
    assert (before & after & {(first, second), (second, first)}) == frozenset()


def test_schulze_fails_local_independence(published):
    """Removing the alternative B changes the relation among A, C and D."""
    given, expected = published("neg_schulze_fails_LIIA")
    names = expected["kept"]

    def matrix(relation):
        return [[int((a, b) in relation) for b in names] for a in names]

    assert matrix(evaluated(listed(given)).relation) == expected["before"]
    assert matrix(evaluated(listed(given).only(alternatives=names)).relation) == expected["after"]


def test_schulze_fails_strong_pareto_with_ties(published):
    """Nobody prefers B to A and one prefers A to B: Schulze leaves them unordered, Kemeny does not."""
    given, expected = published("neg_schulze_strong_pareto_ties")
    outcome = evaluated(listed(given))
    assert outcome.diagnostics.margins[0, 1] == expected["margin_AB"]
    assert outcome.diagnostics.paths[0, 1] == expected["path_AB"]
    assert outcome.diagnostics.paths[1, 0] == expected["path_BA"]
    assert (("A", "B") in outcome.relation) is expected["A_above_B"]
    assert (("B", "A") in outcome.relation) is expected["B_above_A"]
    assert ("A", "B") in evaluated(listed(given), "kemeny").relation


def test_borda_is_not_clone_independent(published):
    """A clone of B makes B's clone win under Borda; under Schulze the clone takes B's place, and C stays."""
    given, expected = published("neg_borda_clones")
    before, after = listed(given), listed(given, "ballots_with_clone")
    assert evaluated(before, "borda").winners == (expected["winner"],)
    assert evaluated(after, "borda").winners == (expected["winner_with_clone"],)
    assert evaluated(before).winners == ("B", "C")
    assert evaluated(after).winners == ("C", "D")


@pytest.fixture
def mariner(shared):
    """The trajectories of Mariner, ranked by ten science teams, with ties."""
    text = (shared / "data" / "preflib" / "00003-00000001.toc").read_text()
    ballots = [line.partition(":")[2] for line in text.splitlines() if not line.startswith("#")]
    tiers = [[re.findall(r"\d+", tier) for tier in re.findall(r"{[^}]*}|\d+", ballot)] for ballot in ballots]
    return Profile.from_rankings(tiers, alternatives=[str(number) for number in range(1, 33)])


def test_mariner_tally_and_tiers(published, mariner):
    """The tally, the Condorcet winner and Schulze's twenty tiers; thirty pairs are incomparable."""
    _, expected = published("real_nasa_mariner")
    outcome = evaluated(mariner)
    assert outcome.diagnostics.above.tolist() == expected["N"]
    assert outcome.diagnostics.condorcet_winner == str(*expected["condorcet_winner"])
    assert [list(map(int, tier)) for tier in outcome.ranking] == expected["schulze_margins_tiers"]
    assert len(outcome.relation) == 32 * 31 // 2 - 30


def test_mariner_borda(published, mariner):
    """Borda points with mid-ranks, and the tiers they make."""
    _, expected = published("real_nasa_mariner")
    outcome = evaluated(mariner, "borda")
    assert outcome.scores == expected["borda_midrank"]
    assert [list(map(int, tier)) for tier in outcome.ranking] == expected["borda_tiers"]


def test_mariner_ranked_pairs_says_what_it_hangs_on(published, mariner):
    """Some margins are equal, and the outcome says so; here none of them closed a cycle, so nothing hangs on that."""
    _, expected = published("real_nasa_mariner")
    notes = evaluated(mariner, "ranked-pairs").notes
    assert any("equal margins" in note for note in notes) is expected["ranked_pairs_margin_ties"]
    assert not any("may hang" in note for note in notes)


def test_mariner_agreement(published, mariner):
    """W corrected for ties, agreement between all teams, each team's mean, and who agrees least."""
    _, expected = published("real_nasa_mariner")
    consensus = evaluated(mariner).consensus
    assert consensus.kendall_w == pytest.approx(expected["kendall_w"], abs=1e-12)
    between = 1 - distances(mariner.ranks()) / (32 * 31 / 2)
    np.testing.assert_allclose(between, expected["pairwise_agreement"], atol=1e-12)
    by_judge = list(consensus.by_judge.values())
    assert by_judge == pytest.approx(expected["mean_agreement"], abs=1e-12)
    assert by_judge.index(min(by_judge)) == expected["least_agreeing_voter"]
