"""Axioms about scores on criteria with fixed anchors."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from attrs import evolve
from hypothesis import strategies as st

from afwegen.errors import ProfileError
from afwegen.models import Model, Profile
from afwegen.models.checks import FloatArray
from afwegen.testing import strategies
from afwegen.testing.axioms.case import Case, axiom, pairs, relation

__all__ = ["towards_best"]

SCORES = "scores"
POSITIVE = "scores, all weights positive"


def _positive() -> st.SearchStrategy[Case]:
    return strategies.score_profiles(positive=True).map(lambda profile: Case(profile=profile))


@st.composite
def _raised(draw: st.DrawFn) -> Case:
    profile = draw(strategies.score_profiles())
    places = draw(st.tuples(*map(st.sampled_from, (profile.judges, profile.alternatives, profile.criteria))))
    return Case(profile=profile, about=(*places, str(draw(st.integers(1, 5)))))


@st.composite
def _scaled(draw: st.DrawFn) -> Case:
    profile = draw(strategies.score_profiles())
    factors = (st.sampled_from(["1/3", "2", "10", "1/7"]), st.sampled_from(["2", "4", "5", "10"]))
    return Case(profile=profile, about=draw(st.tuples(*factors)))


@st.composite
def _other_unit(draw: st.DrawFn) -> Case:
    profile = draw(strategies.score_profiles())
    return Case(profile=profile, about=(draw(st.sampled_from(profile.criteria)), "0.5", "5"))


def towards_best(profile: Profile) -> FloatArray:
    """Return the scores with more always better: costs change their sign."""
    signs = [1 if profile.scales[name].rising else -1 for name in profile.criteria]
    return np.asarray(np.array(profile.scores) * signs, dtype=np.float64)


@axiom(
    "weight-scale",
    "All weights of criteria times the same number make the same order, and so do all weights of judges.",
    scopes={SCORES: _scaled},
)
def weight_scale(model: Model, case: Case) -> str:
    """Multiply by the numbers of *about*; those of criteria are floats, for which a third would be another ratio."""
    factor, whole = Fraction(case.about[0]), int(case.about[1])
    before = relation(model, case.profile)
    heavier = evolve(case.profile, weights=[weight * factor for weight in case.profile.weights])
    if relation(model, heavier) != before:
        return f"weights of judges times {factor} change the order"
    stressed = evolve(case.profile, criterion_weights=np.array(case.profile.criterion_weights) * whole)
    return "" if relation(model, stressed) == before else f"weights of criteria times {whole} change the order"


@axiom(
    "strict-dominance",
    "Who is better on every criterion for every judge stands above, whatever the positive weights.",
    scopes={POSITIVE: _positive},
)
def strict_dominance(model: Model, case: Case) -> str:
    """Look for a pair that is better in every cell."""
    scores = towards_best(case.profile)
    return _dominates(model, case, lambda a, b: bool((scores[:, a] > scores[:, b]).all()))


@axiom(
    "dominance",
    "Who is nowhere worse and somewhere better stands above, whatever the positive weights.",
    scopes={POSITIVE: _positive},
)
def dominance(model: Model, case: Case) -> str:
    """Look for a pair that is nowhere worse, and better in one cell."""
    scores = towards_best(case.profile)
    return _dominates(
        model,
        case,
        lambda a, b: bool((scores[:, a] >= scores[:, b]).all() and (scores[:, a] > scores[:, b]).any()),
    )


def _dominates(model: Model, case: Case, better: Callable[[int, int], bool]) -> str:
    found = relation(model, case.profile)
    places = {name: place for place, name in enumerate(case.profile.alternatives)}
    for above, below in pairs(case.profile):
        if better(places[above], places[below]) and (above, below) not in found:
            return f"{above} dominates {below}, yet it does not stand above"
    return ""


@axiom(
    "score-monotonicity",
    "Whose score improves keeps whatever stood below it, and what did not stand above it does not.",
    scopes={SCORES: _raised},
)
def score_monotonicity(model: Model, case: Case) -> str:
    """Improve one cell, named by *about*, by so much, at most to the anchor."""
    judge, name, criterion, step = case.about
    profile, scale = case.profile, case.profile.scales[case.about[2]]
    cell = (profile.judges.index(judge), profile.alternatives.index(name), profile.criteria.index(criterion))
    scores = np.array(profile.scores)
    low, high = sorted((scale.worst, scale.best))
    scores[cell] = min(max(scores[cell] + (int(step) if scale.rising else -int(step)), low), high)
    before, after = relation(model, profile), relation(model, evolve(profile, scores=scores))
    lost = {(a, b) for a, b in before - after if a == name} | {(a, b) for a, b in after - before if b == name}
    return f"{name} improves and loses {sorted(lost)}" if lost else ""


@axiom(
    "unit-invariance",
    "Another unit for the raw scores of a criterion makes the same order, the anchors being left where they are.",
    scopes={SCORES: _other_unit},
)
def unit_invariance(model: Model, case: Case) -> str:
    """Multiply and shift one criterion's scores; *about* names it, the factor and the shift."""
    criterion, factor, shift = case.about
    scores = np.array(case.profile.scores)
    place = case.profile.criteria.index(criterion)
    scores[..., place] = scores[..., place] * float(factor) + float(shift)
    try:
        other = evolve(case.profile, scores=scores)
    except ProfileError as refusal:
        return f"refused: {refusal}"
    changed = relation(model, case.profile) ^ relation(model, other)
    return f"{sorted(changed)} hangs on the unit of {criterion}" if changed else ""
