"""What is promised is searched for violations; what fails is replayed; the page says nothing else."""

from pathlib import Path

import pytest
from hypothesis import settings

from afwegen.errors import ModelError
from afwegen.models import AHP, ConsensusGraph, WeightedSum
from afwegen.testing.axioms import AXIOMS, COUNTEREXAMPLES, claims_of, verdicts
from afwegen.testing.axioms.page import label, page
from afwegen.testing.models import search

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "axioms.md"

# There are some 180 promises: a quarter of the examples for each keeps the search as a whole thorough, and bearable.
EXAMPLES = max(settings().max_examples // 4, 10)

EIGENVECTOR = {"method": "eigenvector"}
NEVER = [
    *[
        (WeightedSum(normalisation=name), axiom, None)
        for name in ("min-max", "sum", "max", "vector")
        for axiom in ("independence", "unit-invariance")
    ],
    (WeightedSum(), "unit-invariance", None),
    *[
        (AHP(**method), axiom, None)
        for method in ({}, EIGENVECTOR)
        for axiom in ("preference-preservation", "intensity-preservation", "unanimity-on-judgements")
    ],
    *[
        (AHP(**EIGENVECTOR), axiom, None)
        for axiom in ("left-right-symmetry", "rank-monotonicity", "efficiency", "aij-equals-aip")
    ],
    (AHP(aggregation="aij", **EIGENVECTOR), "unanimity", None),
    (AHP(aggregation="aij"), "unanimity", "hierarchies"),
    *[(AHP(aggregation=name), "aij-equals-aip", "hierarchies") for name in ("aij", "aip-geometric")],
    (AHP(), "independence", None),
    (AHP(synthesis="ideal"), "independence", "consistent hierarchies"),
    *[
        (AHP(synthesis=name), axiom, scope)
        for name in ("distributive", "ideal", "multiplicative")
        for axiom, scope in (
            ("independence", "matrices"),
            ("independence-of-the-lesser", "matrices"),
            ("independence-of-the-lesser", "hierarchies"),
        )
    ],
    *[
        (ConsensusGraph(rule=rule), axiom, None)
        for rule in ("schulze", "kemeny", "ranked-pairs", "copeland", "borda")
        for axiom in (
            "independence",
            "local-independence",
            "reinforcement",
            "participation",
            "positive-involvement",
            "strong-pareto",
            "homogeneity-of-consensus",
            "resoluteness",
        )
    ],
    (ConsensusGraph(missing="abstain"), "pareto", None),
    (ConsensusGraph(missing="last"), "reversal-symmetry", None),
]
"""The columns *never promise* of the specification: model, axiom, and the situation where only one is meant."""


def named(verdict):
    return f"{label(verdict.model)}-{verdict.axiom}-{verdict.scope}".replace(" ", "_")


@pytest.mark.slow
@pytest.mark.parametrize("verdict", [verdict for verdict in verdicts() if verdict.holds], ids=named)
def test_what_holds_is_searched_for_violations(verdict):
    """No case is found that breaks the promise."""
    search(verdict.model, verdict.axiom, verdict.scope, examples=EXAMPLES)


@pytest.mark.parametrize("verdict", [verdict for verdict in verdicts() if not verdict.holds], ids=named)
def test_what_fails_is_replayed(verdict):
    """The counterexample breaks the axiom, and the check says how."""
    assert AXIOMS[verdict.axiom].check(verdict.model, COUNTEREXAMPLES[verdict.counterexample].case)


def test_a_promise_is_searched_in_a_situation_that_exists():
    """Every verdict names an axiom, and one that holds a scope of it; every counterexample is used."""
    for verdict in verdicts():
        assert verdict.axiom in AXIOMS
        assert not verdict.holds or verdict.scope in AXIOMS[verdict.axiom].scopes
    assert {verdict.counterexample for verdict in verdicts()} == {"", *COUNTEREXAMPLES}


def test_nothing_is_said_twice():
    """One verdict a model, axiom and situation."""
    said = [(verdict.model, verdict.axiom, verdict.scope) for verdict in verdicts()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(("model", "axiom", "scope"), NEVER)
def test_what_nobody_may_promise_is_not_promised(model, axiom, scope):
    """No axiom of the columns *never promise* is marked as holding."""
    claimed = [held for name, held in claims_of(model) if name == axiom]
    assert not claimed if scope is None else scope not in claimed


@pytest.mark.parametrize("model", dict.fromkeys(verdict.model for verdict in verdicts()), ids=label)
def test_every_default_fails_something(model):
    """A model of which no failure is shown would be shown too well; only the arithmetic AIP stands in the shade."""
    broken = [verdict for verdict in verdicts() if verdict.model == model and not verdict.holds]
    assert broken or model == AHP(aggregation="aip-arithmetic")


@pytest.mark.house
def test_the_page_is_made_of_the_verdicts():
    """Make it again with ``python -m afwegen.testing.axioms > docs/reference/axioms.md``."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_claim_that_does_not_exist_is_named():
    """With all that could be claimed."""
    with pytest.raises(ModelError, match=r"unknown claim \(got \('fairness', 'always'\)\)"):
        search(WeightedSum(), "fairness", "always")
