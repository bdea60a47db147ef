"""The model: its parameters, its graph, its exactness, and what it does at the edges."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from afwegen.errors import ModelError, ProfileError
from afwegen.models import ConsensusGraph, Profile, Scale
from afwegen.models.consensus_graph import RULES
from afwegen.models.contract import Explains, Model
from afwegen.models.panel import MISSING

every_rule = pytest.mark.parametrize("rule", RULES)

CIRCLE = [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b")]


def test_it_is_a_model_that_explains():
    """The contract of models, by shape."""
    model = ConsensusGraph()
    assert isinstance(model, Model)
    assert isinstance(model, Explains)
    assert (model.name, dict(model.parameters)) == ("consensus-graph", {"missing": "refuse", "rule": "schulze"})


@pytest.mark.parametrize("given", [{"rule": "plurality"}, {"missing": "guess"}])
def test_an_unknown_parameter_is_refused(given):
    """The refusal lists what is allowed."""
    with pytest.raises(ModelError, match=r"choose one of \('(schulze|refuse)'"):
        ConsensusGraph(**given)


@every_rule
@pytest.mark.parametrize("missing", MISSING)
def test_nothing_to_rank(rule, missing):
    """No alternatives: an empty ranking, and a note."""
    outcome = ConsensusGraph(rule=rule, missing=missing).evaluate(Profile.from_rankings([(), ()]))
    assert (outcome.ranking, outcome.relation, outcome.consensus) == ((), frozenset(), None)
    assert "there is nothing to rank" in outcome.notes


@every_rule
def test_one_alternative(rule):
    """It is undefeated; there is nothing to agree on."""
    outcome = ConsensusGraph(rule=rule).evaluate(Profile.from_rankings([("a",), ("a",)]))
    assert (outcome.ranking, outcome.consensus) == ((("a",),), None)
    assert any("no consensus" in note for note in outcome.notes)


@every_rule
def test_one_judge(rule):
    """One judge's order is the group's, ties and all."""
    outcome = ConsensusGraph(rule=rule).evaluate(Profile.from_rankings([("a", ("b", "c"), "d")]))
    assert outcome.ranking == (("a",), ("b", "c"), ("d",))
    assert outcome.consensus is None


@every_rule
def test_nobody(rule):
    """No judges: nothing stands above anything."""
    outcome = ConsensusGraph(rule=rule).evaluate(Profile.from_rankings([], alternatives=("a", "b")))
    assert (outcome.ranking, outcome.consensus) == ((("a", "b"),), None)


@every_rule
def test_all_tied(rule):
    """Everybody ties everything: one tier, full agreement."""
    outcome = ConsensusGraph(rule=rule).evaluate(Profile.from_rankings([[["a", "b"]]] * 3))
    assert outcome.ranking == (("a", "b"),)
    assert outcome.consensus.degree == 1


def test_a_hundred_thousand_judges():
    """Tallied from the graph: never judge against judge."""
    ranks = np.random.default_rng(0).random((100_000, 4)).argsort(axis=1) + 1.0
    profile = Profile(
        judges=tuple(f"j{place}" for place in range(100_000)), alternatives=tuple("abcd"), rankings={"overall": ranks}
    )
    outcome = ConsensusGraph().evaluate(profile)
    assert outcome.diagnostics.above.sum() == 600_000
    assert outcome.consensus.degree == pytest.approx(1 / 2, abs=0.01)


def test_rankings_are_made_of_scores_and_noted():
    """Losing information is fine, and said."""
    profile = Profile.from_scores(
        [[[3], [5]], [[2], [4]]],
        judges=("anna", "bert"),
        alternatives=("a", "b"),
        criteria=("quiet",),
        criterion_weights=(1,),
        scales={"quiet": Scale(1, 5)},
    )
    outcome = ConsensusGraph().evaluate(profile)
    assert outcome.ranking == (("b",), ("a",))
    assert any("derived from the scores" in note for note in outcome.notes)


def test_neither_rankings_nor_scores():
    """The kind that is missing is named."""
    with pytest.raises(ProfileError, match="rankings"):
        ConsensusGraph().evaluate(Profile(judges=("anna",), alternatives=("a", "b")))


def test_judges_without_judgements():
    """Refused by name; under the other policies they count nowhere, and the outcome says so."""
    profile = Profile.from_rankings([("a", "b"), ()], judges=("anna", "bert"), alternatives=("a", "b"))
    with pytest.raises(ProfileError, match="bert"):
        ConsensusGraph().evaluate(profile)
    for missing in ("last", "abstain"):
        outcome = ConsensusGraph(missing=missing).evaluate(profile)
        assert outcome.ranking == (("a",), ("b",))
        assert outcome.diagnostics.tied.sum() == 0
        assert any("ranked nothing" in note for note in outcome.notes)


def test_an_unfinished_order():
    """What was left out: refused, last, or not compared; the policy is noted."""
    profile = Profile.from_rankings([("a",), ("b", "a")], judges=("anna", "bert"), alternatives=("a", "b"))
    with pytest.raises(ProfileError, match="'anna' did not rank 'b'"):
        ConsensusGraph().evaluate(profile)
    last = ConsensusGraph(missing="last").evaluate(profile)
    abstain = ConsensusGraph(missing="abstain").evaluate(profile)
    assert last.ranking == (("a", "b"),)
    assert abstain.ranking == (("b",), ("a",))
    assert any("tied below the ranked" in note for note in last.notes)
    assert any("not compared" in note for note in abstain.notes)


@every_rule
@pytest.mark.parametrize("tenth", [Fraction(1, 10), Decimal("0.1"), 0.1])
def test_equal_margins_of_decimal_weights_are_equal(rule, tenth):
    """0.1 + 0.2 against 0.3 is a tie."""
    profile = Profile.from_rankings(
        [("a", "b"), ("a", "b"), ("b", "a")], weights=(tenth, 2 * Fraction("0.1"), Fraction("0.3"))
    )
    outcome = ConsensusGraph(rule=rule).evaluate(profile)
    assert outcome.relation == frozenset()
    assert outcome.diagnostics.above.tolist() == [[0, Fraction(3, 10)], [Fraction(3, 10), 0]]


def test_the_graph():
    """An edge for each positive margin, with its numbers and who is for it; alternatives without edges too."""
    profile = Profile.from_rankings(
        [("a", "b"), ("a", "b"), (("a", "b"),), ("b", "a")],
        judges=("anna", "bert", "carla", "dirk"),
        weights=(1, Fraction(1, 2), 1, 1),
        counts=(2, 1, 1, 1),
    )
    graph = ConsensusGraph().graph(profile)
    assert set(graph) == {"a", "b"}
    assert graph.edges["a", "b"] == {
        "margin": Fraction(3, 2),
        "above": Fraction(5, 2),
        "tied": 1,
        "supporters": ("anna", "bert"),
    }
    assert list(graph.edges) == [("a", "b")]


def test_kemeny_says_how_many_orders_are_optimal():
    """The relation is what all optima say; they come lazily; their distance counts every pair of every judge."""
    outcome = ConsensusGraph(rule="kemeny").evaluate(Profile.from_rankings(CIRCLE))
    assert outcome.relation == frozenset()
    assert (outcome.diagnostics.distance, outcome.diagnostics.optima) == (4, 3)
    assert sorted(outcome.diagnostics.orders()) == sorted(CIRCLE)
    assert any("3 orders are equally near" in note for note in outcome.notes)


def test_kemenys_distance_counts_ties_for_half():
    """Two tied pairs against a strict order cost 1/2 each, whatever the order."""
    diagnostics = (
        ConsensusGraph(rule="kemeny")
        .evaluate(Profile.from_rankings([("a", ("b", "c"))], weights=(Fraction(1, 3),)))
        .diagnostics
    )
    assert (diagnostics.distance, diagnostics.optima) == (Fraction(1, 6), 2)


def test_only_kemeny_has_optimal_orders():
    """Asking another rule is an error that says which to ask."""
    outcome = ConsensusGraph().evaluate(Profile.from_rankings(CIRCLE))
    with pytest.raises(ModelError, match="kemeny"):
        outcome.diagnostics.orders()


def test_ranked_pairs_warns():
    """Equal margins in a circle."""
    outcome = ConsensusGraph(rule="ranked-pairs").evaluate(Profile.from_rankings(CIRCLE))
    assert any("may hang on equal margins" in note for note in outcome.notes)


def test_the_same_profile_gives_the_same_outcome():
    """Equal by value, arrays included."""
    for rule in RULES:
        one, other = (ConsensusGraph(rule=rule).evaluate(Profile.from_rankings(CIRCLE)) for _ in range(2))
        assert one == other
    assert one != ConsensusGraph(rule="schulze").evaluate(Profile.from_rankings(CIRCLE))


def test_networkx_is_loaded_only_for_the_graph():
    """Evaluating needs no more than numpy."""
    code = (
        "import sys; from afwegen.models import ConsensusGraph, Profile;"
        "ConsensusGraph().evaluate(Profile.from_rankings([('a', 'b')])).judges();"
        "sys.exit('networkx' in sys.modules or 'scipy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
