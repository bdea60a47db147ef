"""The report on judges: for any model, from their own orders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ModelError, ProfileError
from afwegen.models import ConsensusGraph, Outcome, Profile
from afwegen.models.agreement import distances, tau_b
from afwegen.models.consensus_graph import RULES
from afwegen.models.outcome import provenance_of, relation_of_tiers


class Dictator:
    """The first judge decides: a model that knows nothing of panels, written by somebody else."""

    name, version, parameters = "dictator", "1", {}

    def evaluate(self, profile):
        ranks = profile.ranks()[0]
        names = np.array(profile.alternatives)
        tiers = tuple(tuple(names[ranks == rank].tolist()) for rank in sorted(set(ranks.tolist())))
        return Outcome(
            ranking=tiers,
            relation=relation_of_tiers(tiers),
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
        )


def report(rankings, *, model=None, **given):
    profile = Profile.from_rankings([tuple(order) for order in rankings], **given)
    return (model or ConsensusGraph()).evaluate(profile).judges()


def test_somebody_distant():
    """Nine of about one mind and one who turns it round: distant, and no bloc."""
    found = report(["abcde", "abced", "abdec", "adbce", "baced", "abcde", "abced", "acbde", "bacde", "edcba"])
    assert found.distant == ("judge-10",)
    assert found.blocs == {}


def test_two_of_a_mind_are_a_bloc():
    """The same with a second who is near: nobody is distant, each has the other beside."""
    found = report(["abcde", "abced", "abdce", "acbde", "bacde", "abcde", "abced", "acbde", "edcba", "edcab"])
    assert found.distant == ()
    assert found.blocs == {"judge-9": ("judge-10",), "judge-10": ("judge-9",)}


def test_a_judge_counted_twice_is_not_alone():
    """Who stands for two people has company at distance 0."""
    mind = ["abcde", "abced", "abdce", "acbde", "bacde", "abcde", "abced", "acbde"]
    assert report([*mind, "edcba"]).distant == ("judge-9",)
    twice = report([*mind, "edcba"], counts=[1] * 8 + [2])
    assert twice.distant == ()
    assert twice.blocs == {"judge-9": ("judge-9",)}


def test_nobody_is_distant_where_all_are_alike():
    """No spread: the median absolute deviation is 0, and one other order among many is not called distant."""
    assert report(["abc"] * 6 + ["cba"]).distant == ()


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
def test_pivotal_is_who_changes_the_first_tier(rule, data):
    """Without each judge in turn, evaluated anew."""
    orders = data.draw(st.lists(st.permutations("abcd"), min_size=2, max_size=6))
    counts = data.draw(st.lists(st.integers(1, 2), min_size=len(orders), max_size=len(orders)))
    model = ConsensusGraph(rule=rule)
    spread = [order for order, count in zip(orders, counts, strict=True) for _ in range(count)]
    winners = model.evaluate(Profile.from_rankings(spread)).winners
    expected = set()
    for place, order in enumerate(orders):
        rest = list(spread)
        rest.remove(order)
        if model.evaluate(Profile.from_rankings(rest)).winners != winners:
            expected.add(f"judge-{place + 1}")
    assert set(report(orders, model=model, counts=counts).pivotal) == expected


def test_the_only_judge_is_pivotal():
    """Without anybody nothing stands above anything."""
    assert report(["ab"]).pivotal == ("judge-1",)
    assert report([[("a", "b")]]).pivotal == ()


@given(orders=st.lists(st.permutations("abcd"), min_size=1, max_size=5))
def test_distance_and_tau_to_the_group(orders):
    """A complete group order is one more judge; distance is a share of all pairs."""
    found = report(orders, model=Dictator())
    ranks = Profile.from_rankings(orders).ranks()
    share = distances(ranks)[0] / 6
    assert list(found.distance.values()) == pytest.approx(share.tolist())
    assert list(found.tau_b.values()) == pytest.approx((1 - 2 * share).tolist())


def test_incomparable_counts_as_tied():
    """Against a group that tells nothing apart every strict judge is at 1/2, and tau-b is 0/0."""
    found = report(["abc", "bca", "cab"])
    assert set(found.distance.values()) == {0.5}
    assert set(found.tau_b.values()) == {None}


def test_distance_is_over_the_pairs_a_judge_compares():
    """Who ranked two of three is measured on that one pair; who ranked one, on none."""
    profile = Profile.from_rankings([("a", "b", "c")] * 2 + [("b", "a"), ("c",)], alternatives=("a", "b", "c"))
    found = ConsensusGraph(missing="abstain").evaluate(profile).judges()
    assert found.distance == {"judge-1": 0, "judge-2": 0, "judge-3": 1, "judge-4": None}
    assert found.tau_b == {"judge-1": 1, "judge-2": 1, "judge-3": -1, "judge-4": None}
    assert found.agreement["judge-4"] is None


def test_a_model_of_others_is_asked_for_each_judge():
    """Only the first judge is pivotal to a dictator; agreement is between the judges' own orders."""
    found = report(["ab", "ba", "ba"], model=Dictator())
    assert found.pivotal == ("judge-1",)
    assert found.agreement == {"judge-1": 0, "judge-2": 0.5, "judge-3": 0.5}
    assert found.disputes == ()


def test_a_count_is_left_out_one_by_one():
    """The first judge stands for two people: without one of them there is still another."""
    assert report(["ab", "ba", "ba"], model=Dictator(), counts=[2, 1, 1]).pivotal == ()


class Particular(Dictator):
    """Refuses to judge for the second judge alone."""

    def evaluate(self, profile):
        if profile.judges == ("judge-2",):
            raise ProfileError("too little said")
        return super().evaluate(profile)


def test_who_said_too_little_for_a_model_of_others_has_no_order():
    """No order, no agreement: None, and not an error."""
    found = report(["ab", "ba", "ab"], model=Particular())
    assert found.agreement == {"judge-1": 1, "judge-2": None, "judge-3": 1}
    assert found.distance["judge-2"] is None


def test_where_to_talk():
    """The pair with most disagreement first, and the smaller camp, whose members meet most opposition."""
    found = report(["abc", "abc", "bac", "bac", "abc"], judges=("anna", "bert", "carla", "dirk", "els"))
    (dispute,) = found.disputes
    assert dispute.pair == ("a", "b")
    assert (dispute.above, dispute.tied, dispute.below) == (("anna", "bert", "els"), (), ("carla", "dirk"))
    assert dispute.carriers == ("carla", "dirk")
    assert dispute.degree == pytest.approx(0.4)


def test_equal_camps_both_carry_it():
    """Two against two."""
    (dispute,) = report(["ab", "ba", [("a", "b")]]).disputes
    assert dispute.carriers == ("judge-1", "judge-2")
    assert dispute.tied == ("judge-3",)


def test_too_many_judges():
    """Refused with the size, and what to do instead."""
    m = 50_000
    profile = Profile(
        judges=tuple(f"j{place}" for place in range(m)),
        alternatives=tuple("abc"),
        rankings={"overall": np.tile([1.0, 2.0, 3.0], (m, 1))},
    )
    with pytest.raises(ModelError, match=r"50,000 judges and 3 alternatives is too much.*only"):
        ConsensusGraph().evaluate(profile).judges()


def test_nobody_to_report_on():
    """No judges, or no alternatives: an empty report."""
    assert report([], alternatives=("a", "b")).agreement == {}
    assert report([()], alternatives=()).pivotal == ()


def test_tau_b_is_the_same_in_both_places():
    """The report's tau-b is that of the signs."""
    found = report(["abcd", "abdc", "bacd"])
    assert found.tau_b["judge-2"] == pytest.approx(tau_b([1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, 1]))
