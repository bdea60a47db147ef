"""Every model of the library passes the checks that are handed to others."""

import pickle

import pytest
from attrs import evolve, field, frozen

from afwegen.models import AHP, ConsensusGraph, Outcome, WeightedSum
from afwegen.models.outcome import provenance_of, relation_of_tiers
from afwegen.testing import check_model
from afwegen.testing.models import CHECKS, samples_for

PARAMETERS = {
    WeightedSum: {
        "normalisation": ("anchors", "none", "min-max", "sum", "max", "vector"),
        "missing": ("refuse", "renormalise", "bounds"),
        "derive": (None, "borda"),
    },
    AHP: {
        "method": ("geometric-mean", "eigenvector"),
        "aggregation": ("aip-geometric", "aip-arithmetic", "aij"),
        "synthesis": ("distributive", "ideal", "multiplicative"),
        "completion": ("log-least-squares", "harker", "least-lambda"),
        "random_index": ("computed", "saaty-1980", "saaty-2005", "alonso-lamata-2006", "donegan-dodd-1991"),
    },
    ConsensusGraph: {
        "rule": ("schulze", "kemeny", "ranked-pairs", "copeland", "borda"),
        "missing": ("refuse", "last", "abstain"),
    },
}
MODELS = list(
    dict.fromkeys(
        model(**{parameter: value})
        for model, parameters in PARAMETERS.items()
        for parameter, values in parameters.items()
        for value in values
    )
)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_every_model_keeps_the_contract(model):
    """With every value of every parameter."""
    assert check_model(model).checks == tuple(CHECKS)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_outcomes_travel(model):
    """Models, profiles and outcomes come through pickling equal, so that work can be spread over processes."""
    for profile in samples_for(model):
        outcome = model.evaluate(profile)
        assert pickle.loads(pickle.dumps(outcome)) == outcome
        assert pickle.loads(pickle.dumps((model, profile))) == (model, profile)


@pytest.mark.parametrize("model", PARAMETERS)
def test_the_first_value_is_the_default(model):
    """As the documentation lists them."""
    assert model() == model(**{parameter: values[0] for parameter, values in PARAMETERS[model].items()})


@frozen(kw_only=True)
class Wrong:
    """A model that ranks alternatives as they come, unless told to do worse."""

    name: str = field(default="wrong", init=False)
    version: str = field(default="1", init=False)
    parameters: dict = field(factory=dict, init=False, hash=False)
    fault: str = "order of alternatives"

    def evaluate(self, profile):
        profile.require("rankings")
        tiers = tuple((name,) for name in profile.alternatives)
        if self.fault == "doubled":
            tiers = (*tiers, *tiers[:1])
        if self.fault == "crash" and not profile.alternatives:
            raise ZeroDivisionError
        return Outcome(
            ranking=tiers,
            relation=relation_of_tiers(tiers),
            provenance=provenance_of(evolve(self), profile),
            model=self,
            profile=profile,
        )


@pytest.mark.parametrize(
    ("fault", "said"),
    [("order of alternatives", "bad-parameters-are-refused"), ("doubled", "bad-parameters-are-refused")],
)
def test_the_kit_finds_what_is_wrong(fault, said):
    """The first check that fails is named."""
    with pytest.raises(AssertionError, match=said):
        check_model(Wrong(fault=fault))


@pytest.mark.parametrize(
    ("fault", "check", "said"),
    [
        ("order of alternatives", "order-of-alternatives-does-not-matter", "the order of alternatives decides"),
        ("doubled", "outcome-is-sound", "holds each name once"),
        ("crash", "small-profiles-are-decided", "ZeroDivisionError"),
    ],
)
def test_each_check_finds_its_fault(fault, check, said):
    """And says what it saw."""
    model = Wrong(fault=fault)
    with pytest.raises(AssertionError, match=said):
        CHECKS[check](model, samples_for(model))


def test_a_claim_is_searched_for_a_violation():
    """The smallest case is shown by Hypothesis, the axiom by its name."""
    with pytest.raises(AssertionError, match="resoluteness: "):
        check_model(ConsensusGraph(), claims=[("resoluteness", "complete rankings")])
