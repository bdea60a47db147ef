"""Axioms about pairwise comparisons; put to the test with four alternatives, for three hide what goes wrong."""

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve
from hypothesis import strategies as st

from afwegen.errors import ModelError
from afwegen.models import Model, Profile
from afwegen.models.checks import FloatArray
from afwegen.testing import strategies
from afwegen.testing.axioms.case import Case, axiom, pairs, relation, without
from afwegen.testing.axioms.shared import about_an_alternative, hierarchies, matrices, plain

if TYPE_CHECKING:
    from afwegen.models import AHP

__all__ = ["NEAR", "matrix_of", "shares"]

NEAR = 1e-9
MATRICES = "matrices"
ONE = "one matrix"


def _one() -> st.SearchStrategy[Case]:
    return plain(strategies.comparison_profiles(judges=(1, 1)))


def _two_or_three() -> st.SearchStrategy[Case]:
    return plain(strategies.comparison_profiles(judges=(2, 3)))


def _consistent() -> st.SearchStrategy[Case]:
    return plain(strategies.comparison_profiles(judges=(1, 1), consistent=True))


def _lesser() -> st.SearchStrategy[Case]:
    return about_an_alternative(strategies.comparison_profiles(criteria=(2, 3), judges=(1, 2), consistent=True))


@st.composite
def _raised(draw: st.DrawFn) -> Case:
    profile = draw(strategies.comparison_profiles(judges=(1, 1)))
    above, below = draw(st.permutations(profile.alternatives))[:2]
    return Case(profile=profile, about=(above, below, draw(st.sampled_from(["2", "3/2", "9"]))))


def shares(model: Model, profile: Profile) -> FloatArray:
    """Return the scores in the order of the alternatives, summing to 1."""
    scores = model.evaluate(profile).scores or {}
    found: FloatArray = np.array([scores[name] for name in profile.alternatives])
    found /= found.sum()
    return found


def matrix_of(profile: Profile) -> FloatArray:
    """Return the first judge's matrix under the goal."""
    first: FloatArray = profile.comparisons["goal"][0]
    return first


def _ours(model: Model) -> "AHP":
    from afwegen.models import AHP

    if not isinstance(model, AHP):
        raise ModelError("this axiom is about the AHP of this library", do="claim another", got=model)
    return model


@axiom(
    "exact-when-consistent",
    "A consistent matrix gives back the priorities it was made of.",
    scopes={"one consistent matrix": _consistent},
)
def exact_when_consistent(model: Model, case: Case) -> str:
    """Compare the ratios of scores with the comparisons."""
    found = shares(model, case.profile)
    wrong = np.abs(found[:, None] / found / matrix_of(case.profile) - 1).max()
    return f"a ratio is wrong by {wrong:.3g}" if wrong > NEAR else ""


@axiom(
    "lambda-at-least-n",
    "The largest eigenvalue is at least the number of items.",
    reference="Saaty (1977)",
    scopes={ONE: _one},
)
def lambda_at_least_n(model: Model, case: Case) -> str:
    """Ask the kernel."""
    from afwegen.models import ahp

    found = float(ahp.priorities(matrix_of(case.profile), method=_ours(model).method).lambda_max)
    return f"lambda is {found}" if found < len(case.profile.alternatives) * (1 - NEAR) else ""


@axiom(
    "row-dominance",
    "Who is compared no worse with every item has no smaller priority.",
    scopes={ONE: _one},
)
def row_dominance(model: Model, case: Case) -> str:
    """Compare rows, item by item."""
    matrix, found = matrix_of(case.profile), shares(model, case.profile)
    for above, below in product(range(len(found)), repeat=2):
        if (matrix[above] >= matrix[below]).all() and found[above] < found[below] * (1 - NEAR):
            return f"row {above} dominates row {below}, with a smaller priority"
    return ""


@axiom(
    "left-right-symmetry",
    "Asking 'how many times worse' gives the inverse priorities of 'how many times better'.",
    reference="Johnson, Beine, Wang (1979)",
    scopes={ONE: _one},
)
def left_right_symmetry(model: Model, case: Case) -> str:
    """Compare with the transposed matrix."""
    turned = evolve(case.profile, comparisons={"goal": case.profile.comparisons["goal"].swapaxes(-1, -2)})
    products = shares(model, case.profile) * shares(model, turned)
    wrong = float(np.abs(products / products[0] - 1).max())
    return f"priorities and inverse priorities differ by {wrong:.3g}" if wrong > NEAR else ""


def _more(case: Case) -> tuple[Profile, int, int]:
    above, below, factor = case.about
    row, column = (case.profile.alternatives.index(name) for name in (above, below))
    matrix = np.array(case.profile.comparisons["goal"])
    matrix[0, row, column] *= float(Fraction(factor))
    matrix[0, column, row] = 1 / matrix[0, row, column]
    return evolve(case.profile, comparisons={"goal": matrix}), row, column


@axiom(
    "comparison-monotonicity",
    "Comparing a higher with b makes the share of a no smaller and that of b no larger.",
    scopes={ONE: _raised},
)
def comparison_monotonicity(model: Model, case: Case) -> str:
    """Multiply one comparison by the factor of *about*."""
    raised, row, column = _more(case)
    before, after = shares(model, case.profile), shares(model, raised)
    if after[row] < before[row] * (1 - NEAR):
        return f"{case.about[0]} is compared higher, and its share falls"
    return (
        f"{case.about[1]} is compared lower, and its share rises" if after[column] > before[column] * (1 + NEAR) else ""
    )


@axiom(
    "rank-monotonicity",
    "Comparing a higher with b does not make a fall below anything.",
    reference="Csató, Petróczy (2021)",
    scopes={ONE: _raised},
)
def rank_monotonicity(model: Model, case: Case) -> str:
    """Multiply one comparison by the factor of *about*; what stood below must not come to stand above."""
    raised, *_ = _more(case)
    name = case.about[0]
    before, after = relation(model, case.profile), relation(model, raised)
    fallen = [below for above, below in before if above == name and (below, name) in after]
    return f"{name} is compared higher with {case.about[1]}, and falls below {sorted(fallen)}" if fallen else ""


@axiom(
    "efficiency",
    "No other priorities are as near to every comparison, and nearer to one.",
    reference="Blanquero, Carrizosa, Conde (2006); Bozóki, Fülöp (2018)",
    scopes={ONE: _one},
)
def efficiency(model: Model, case: Case) -> str:
    """Priorities are efficient iff the graph i -> j where w_i / w_j >= a_ij is strongly connected."""
    found = shares(model, case.profile)
    reach = found[:, None] / found >= matrix_of(case.profile) * (1 - NEAR)
    for _ in found:
        reach |= (reach.astype(int) @ reach.astype(int)) > 0
    return "" if reach.all() else f"the priorities {found.tolist()} can be bettered everywhere at once"


@axiom(
    "preference-preservation",
    "Who is compared above another by the only judge stands above it.",
    reference="Bana e Costa, Vansnick (2008), POP",
    scopes={ONE: _one},
)
def preference_preservation(model: Model, case: Case) -> str:
    """Look for a comparison above 1 that the order contradicts or ignores."""
    return _contradicted(model, case)


@axiom(
    "intensity-preservation",
    "Of two comparisons above 1 the larger belongs to the larger ratio of priorities.",
    reference="Bana e Costa, Vansnick (2008), COP",
    scopes={ONE: _one},
)
def intensity_preservation(model: Model, case: Case) -> str:
    """Compare all comparisons with all ratios."""
    matrix, found = matrix_of(case.profile), shares(model, case.profile)
    ratios = found[:, None] / found
    places = [tuple(place) for place in np.argwhere(matrix > 1).tolist()]
    for more, less in product(places, repeat=2):
        if matrix[more] > matrix[less] * (1 + NEAR) and ratios[more] < ratios[less] * (1 - NEAR):
            return f"comparison {more} is larger than {less}, its ratio of priorities smaller"
    return ""


@axiom(
    "unanimity-on-judgements",
    "Who is compared above another by every judge stands above it.",
    scopes={MATRICES: lambda: plain(matrices())},
)
def unanimity_on_judgements(model: Model, case: Case) -> str:
    """Look for a pair that every judge compares above 1."""
    return _contradicted(model, case)


def _contradicted(model: Model, case: Case) -> str:
    found = relation(model, case.profile)
    agreed = np.asarray((case.profile.comparisons["goal"] > 1).all(axis=0))
    names = case.profile.alternatives
    for above, below in pairs(case.profile):
        if agreed[names.index(above), names.index(below)] and (above, below) not in found:
            return f"every judge compares {above} above {below}, yet it does not stand above"
    return ""


@axiom(
    "aij-equals-aip",
    "Joining judgements and joining priorities, both by geometric mean, give the same priorities.",
    reference="Barzilai, Golany (1994)",
    scopes={MATRICES: _two_or_three, "hierarchies": lambda: plain(hierarchies())},
)
def aij_equals_aip(model: Model, case: Case) -> str:
    """Evaluate the same model with both aggregations."""
    joined = shares(evolve(_ours(model), aggregation="aij"), case.profile)
    apart = shares(evolve(_ours(model), aggregation="aip-geometric"), case.profile)
    wrong = float(np.abs(joined / apart - 1).max())
    return f"priorities differ by {wrong:.3g}" if wrong > NEAR else ""


@axiom(
    "joint-inconsistency",
    "The geometric consistency index of joined judgements is at most the mean of the judges' own.",
    reference="Escobar, Aguarón, Moreno-Jiménez (2004)",
    scopes={MATRICES: _two_or_three},
)
def joint_inconsistency(model: Model, case: Case) -> str:
    """Ask the kernel."""
    from afwegen.models import ahp

    method = _ours(model).method
    given = case.profile.comparisons["goal"]
    own = float(np.mean(np.asarray(ahp.priorities(given, method=method).gci)))
    joined = float(np.asarray(ahp.priorities(ahp.aggregate(given), method=method).gci))
    return f"{joined} joined, {own} on average" if joined > own + NEAR else ""


@axiom(
    "joint-consistency-ratio",
    "The consistency ratio of joined judgements is at most the largest of the judges' own.",
    reference="Xu (2000); Liu, Zhang, Zhang (2012)",
    scopes={MATRICES: _two_or_three},
)
def joint_consistency_ratio(model: Model, case: Case) -> str:
    """Ask the kernel."""
    from afwegen.models import ahp

    method = _ours(model).method
    given = case.profile.comparisons["goal"]
    largest = float(np.max(np.asarray(ahp.priorities(given, method=method).cr)))
    joined = float(np.asarray(ahp.priorities(ahp.aggregate(given), method=method).cr))
    return f"{joined} joined, at most {largest} apart" if joined > largest + NEAR else ""


@axiom(
    "independence-of-the-lesser",
    "How two alternatives stand does not depend on a third that is best for nobody under any criterion.",
    reference="Saaty (1994), ideal mode",
    scopes={
        "consistent hierarchies": _lesser,
        "hierarchies": lambda: about_an_alternative(hierarchies()),
        "matrices": lambda: about_an_alternative(matrices()),
    },
)
def independence_of_the_lesser(model: Model, case: Case) -> str:
    """Leave out the alternative of *about* where somebody compares another above it under every leaf."""
    (removed,) = case.about
    place = case.profile.alternatives.index(removed)
    leaves = [node for node in case.profile.nodes if not case.profile.hierarchy.get(node)]
    rows = np.concatenate([case.profile.comparisons[leaf][:, place] for leaf in leaves])
    if (rows >= 1).all(axis=-1).any():
        return ""
    rest = without(case.profile, removed)
    changed = relation(model, rest) ^ {pair for pair in relation(model, case.profile) if removed not in pair}
    return f"without {removed}, best nowhere, {sorted(changed)} changes" if changed else ""
