"""The model keeps what afwegen asks of every model, and what it claims itself."""

import doctest

import afwegen_median_rank
import pytest
from afwegen_median_rank import MedianRank

from afwegen.errors import ProfileError
from afwegen.models import ConsensusGraph, Profile, compare, registry
from afwegen.testing import check_model
from afwegen.testing.axioms import AXIOMS, Case


def test_it_keeps_the_contract_and_its_claims():
    """All checks for models, and a search for violations of every axiom it claims."""
    assert check_model(MedianRank()).claims == MedianRank.claims


def test_the_median_may_pass_a_winner_by():
    """Why it claims no Condorcet winner: a beats b and c by two to one, and b has the same median place."""
    case = Case(profile=Profile.from_rankings([["a", "b", "c"], ["b", "a", "c"], ["c", "a", "b"]]))
    assert MedianRank().evaluate(case.profile).ranking == (("a", "b"), ("c",))
    assert AXIOMS["condorcet-winner"].check(MedianRank(), case).startswith("a beats b")


def test_weights_are_exact():
    """Three tenths and twice a tenth and a half: the half is reached exactly, and the median lies midway."""
    profile = Profile.from_rankings([["a", "b"], ["b", "a"], ["b", "a"]], weights=[0.5, 0.2, 0.3])
    assert MedianRank().evaluate(profile).ranking == (("a", "b"),)


def test_an_incomplete_ranking_is_refused():
    """It has no policy for what was not ranked."""
    with pytest.raises(ProfileError, match="did not rank"):
        MedianRank().evaluate(Profile.from_rankings([["a", "b"], ["a"]], alternatives=["a", "b"]))


def test_it_is_found_by_its_name():
    """The entry point is read on the first name that is not afwegen's own, and says where the model comes from."""
    assert registry.make("median-rank") == MedianRank()
    assert registry.origin_of(MedianRank()).distribution == "afwegen-median-rank"
    profile = Profile.from_rankings([["a", "b"], ["b", "a"]])
    assert [row.label for row in compare(profile, ["median-rank", ConsensusGraph()])] == [
        "median-rank",
        "consensus-graph",
    ]


def test_the_example_in_the_docstring_runs():
    """As written."""
    assert doctest.testmod(afwegen_median_rank).failed == 0
