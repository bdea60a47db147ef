"""Models are laid side by side; one that cannot be applied says why and stops nobody."""

import sys

import pytest
from attrs import frozen

from afwegen.errors import MissingExtra, ModelError
from afwegen.models import Outcome, Profile, compare
from afwegen.models.comparing import tau_b, top_three
from afwegen.models.outcome import provenance_of, relation_of_tiers


@frozen(kw_only=True)
class Said:
    """A model that says what it is told to say, and may want scores first."""

    tiers: tuple = ()
    name: str = "said"
    needs: str = ""
    version: str = "1"

    @property
    def parameters(self):
        return {"needs": self.needs, "tiers": str(self.tiers)}

    def evaluate(self, profile):
        if self.needs:
            profile.require(self.needs)
        return Outcome(
            ranking=self.tiers,
            relation=relation_of_tiers(self.tiers),
            notes=profile.notes,
            scores={name: 1.0 for tier in self.tiers for name in tier},
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
        )


PROFILE = Profile.from_rankings([[["a"], ["b", "c", "d"]]], alternatives=["a", "b", "c", "d"])
LEFT = Said(name="left", tiers=(("a",), ("b",), ("c", "d")))
RIGHT = Said(name="right", tiers=(("b",), ("a",), ("c",), ("d",)))


def test_agreement_is_counted_on_the_relation():
    """Five pairs against six, four shared and one reversed; other tops, the same first three and one more."""
    (agreement,) = compare(PROFILE, [LEFT, RIGHT]).agreement
    assert agreement.tau_b == pytest.approx(3 / (5 * 6) ** 0.5, rel=1e-15)
    assert not agreement.same_top
    assert agreement.top_three == 3 / 4


def test_who_wins_under_which():
    """By alternative, in the order of the profile."""
    assert compare(PROFILE, [RIGHT, LEFT]).winners == {"a": ("left",), "b": ("right",)}


def test_a_model_that_cannot_be_applied_says_why():
    """The missing kind is named; with a rule named by the caller it can be applied."""
    picky = Said(name="picky", needs="scores", tiers=(("a", "b", "c", "d"),))
    comparison = compare(PROFILE, [picky, LEFT])
    assert comparison.rows[0].verdict.startswith("not applicable, because scores are needed and lacking")
    assert comparison.agreement == ()
    helped = compare(PROFILE, [picky, LEFT], derive="approval-share")
    assert helped.rows[0].outcome.notes == ("scores derived from the rankings by approval-share",)
    assert helped.rows[1].outcome.notes == ()


def test_namesakes_are_told_apart_by_what_differs():
    """By the parameters that differ, and the same model twice is refused."""
    labels = [row.label for row in compare(PROFILE, [Said(), Said(needs="rankings"), LEFT])]
    assert labels == ["said (needs=)", "said (needs=rankings)", "left"]
    with pytest.raises(ModelError, match="twice"):
        compare(PROFILE, [LEFT, LEFT])


def test_bad_arguments_are_named():
    """An unknown rule, an unknown model."""
    with pytest.raises(ModelError, match="borda"):
        compare(PROFILE, [LEFT], derive="mean")
    with pytest.raises(ModelError, match=r"unknown model \(got 'no-such-model'\)"):
        compare(PROFILE, ["no-such-model"])


def test_comparing_is_deterministic_and_reads_well():
    """The same arguments, the same comparison; one line a model."""
    assert compare(PROFILE, [LEFT, RIGHT]) == compare(PROFILE, [LEFT, RIGHT])
    assert str(compare(PROFILE, [LEFT, RIGHT])) == "left   a > b > c = d\nright  b > a > c > d"
    assert compare(PROFILE, []).rows == ()


def test_assumptions_stand_side_by_side():
    """Parameters first, then the notes of the outcome."""
    assert compare(PROFILE, [LEFT]).assumptions["left"][0] == "needs = "


def test_nothing_decided_agrees_with_nothing():
    """Tau-b is not 0/0 but undefined; the first three of four tied are all four."""
    assert tau_b(frozenset(), frozenset({("a", "b")})) is None
    assert top_three("abcd", frozenset()) == set("abcd")


@pytest.mark.frames
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_tables_are_long(backend):
    """One row a model and alternative, one an alternative, one a judgement."""
    picky = Said(name="picky", needs="scores")
    comparison = compare(PROFILE, [LEFT, picky])
    assert comparison.frame(backend).shape == (5, 7)
    assert comparison.rows[0].outcome.frame(backend).shape == (4, 6)
    assert PROFILE.derived("approval-share").frame(backend).shape == (9, 6)
    pairs = Profile.from_comparisons(
        alternatives=["a", "b"], hierarchy={"goal": ()}, comparisons={"goal": [[[1, 2], [0.5, 1]]]}
    )
    assert pairs.frame(backend).shape == (2, 6)


def test_a_table_needs_its_library(monkeypatch):
    """What is missing, and the extra that brings it, are named."""
    with pytest.raises(ModelError, match="pandas"):
        PROFILE.frame("excel")
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
    with pytest.raises(MissingExtra, match=r"afwegen\[frames\]"):
        PROFILE.frame("polars")


def test_an_outcome_explains_only_what_it_can():
    """A model need not explain; an unknown alternative is named."""
    outcome = LEFT.evaluate(PROFILE)
    with pytest.raises(ModelError, match="does not explain"):
        outcome.why("a")
    with pytest.raises(ModelError, match="unknown alternative"):
        outcome.why("a", "x")
    with pytest.raises(ModelError, match="itself"):
        outcome.why("a", "a")
