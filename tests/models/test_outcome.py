"""An order is made of scores or of a relation, and a tie is a tie."""

import pickle
from fractions import Fraction

import pytest

from afwegen.errors import ModelError
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import ranking_by_scores, relation_of_tiers, tiers_of_relation


def test_rounding_residue_does_not_decide():
    """0.1 + 0.2 ties with 0.3, and it is said that tolerance decided."""
    ordered = ranking_by_scores(("a", "b", "c"), (0.3, 0.1 + 0.2, 1.0))
    assert ordered.tiers == (("c",), ("a", "b"))
    assert ordered.relation == {("c", "a"), ("c", "b")}
    assert ordered.by_tolerance


def test_exact_scores_decide_alone():
    """A difference beyond the sight of floats is a difference, and no tolerance is used."""
    scores = (Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**30))
    ordered = ranking_by_scores(("a", "b"), tuple(map(float, scores)), exact=scores)
    assert ordered.tiers == (("b",), ("a",))
    assert not ordered.by_tolerance


def test_ties_carry_on():
    """Single linkage: the first and the last of a chain are tied through those between."""
    scores = [1 + place * 0.9e-9 for place in range(5)]
    assert ranking_by_scores("abcde", scores).tiers == (tuple("abcde"),)


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_is_finite(score):
    """NaN has no place in an order."""
    with pytest.raises(ModelError, match="finite"):
        ranking_by_scores(("a",), (score,))


def test_no_alternatives_no_tiers():
    """The empty order has no tier at all."""
    assert ranking_by_scores((), ()).tiers == ()
    assert tiers_of_relation((), frozenset()) == ()


def test_peeling_shows_a_partial_order():
    """The tiers may say more than the relation."""
    relation = frozenset({("a", "b"), ("b", "c"), ("a", "c")})
    assert tiers_of_relation("abcd", relation) == (("a", "d"), ("b",), ("c",))
    assert relation < relation_of_tiers(tiers_of_relation("abcd", relation))


def test_a_circle_is_no_order():
    """Whoever hands in one is told."""
    with pytest.raises(ModelError, match="circle"):
        tiers_of_relation("ab", frozenset({("a", "b"), ("b", "a")}))


def test_a_frozen_map_is_a_mapping_and_a_value():
    """It equals a dict, keeps the order, hashes and pickles."""
    kept = FrozenMap({"b": 1, "a": 2})
    assert kept == {"a": 2, "b": 1}
    assert list(kept) == ["b", "a"]
    assert hash(kept) == hash(FrozenMap({"a": 2, "b": 1}))
    assert pickle.loads(pickle.dumps(kept)) == kept
