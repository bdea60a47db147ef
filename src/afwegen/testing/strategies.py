"""
Hypothesis strategies for profiles: the situations on which decision models come apart.

Every strategy shrinks towards few judges, few alternatives and plain numbers. Sizes are given as (least, most).
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from attrs import evolve
from hypothesis import strategies as st

from afwegen.models import Profile, Scale

__all__ = [
    "cloned_profiles",
    "comparison_profiles",
    "consistent_matrices",
    "cyclic_profiles",
    "incomplete_profiles",
    "near_ties",
    "perturbed_matrices",
    "ranking_profiles",
    "score_profiles",
    "weak_orders",
]

Order = tuple[tuple[str, ...], ...]
Matrix = tuple[tuple[Fraction, ...], ...]
Size = tuple[int, int]

_NAMES: Final = "abcdefghijklmnopqrstuvwxyz"
_JUDGED: Final = tuple(Fraction(n) for n in range(1, 10)) + tuple(Fraction(1, n) for n in range(2, 10))


def _alternatives(draw: st.DrawFn, size: Size) -> tuple[str, ...]:
    return tuple(_NAMES[: draw(st.integers(*size))])


@st.composite
def weak_orders(draw: st.DrawFn, names: Sequence[str], *, strict: bool = False) -> Order:
    """
    Draw one judge's order: tiers of names, best first.

    Args:
        draw: Given by Hypothesis.
        names: What is ordered, all of it.
        strict: Whether ties are left out.
    """
    tiers: list[list[str]] = []
    for name in draw(st.permutations(list(names))):
        if tiers and not strict and draw(st.booleans()):
            tiers[-1].append(name)
        else:
            tiers.append([name])
    return tuple(map(tuple, tiers))


@st.composite
def ranking_profiles(
    draw: st.DrawFn,
    *,
    alternatives: Size = (4, 5),
    judges: Size = (1, 6),
    strict: bool = False,
    weighted: bool = False,
) -> Profile:
    """
    Draw complete rankings.

    Args:
        draw: Given by Hypothesis.
        alternatives: How many.
        judges: How many.
        strict: Whether ties are left out.
        weighted: Whether judges have weights, whole or broken, and stand for several.
    """
    names = _alternatives(draw, alternatives)
    orders = draw(st.lists(weak_orders(names, strict=strict), min_size=judges[0], max_size=judges[1]))
    if not weighted:
        return Profile.from_rankings(orders, alternatives=names)
    weights = st.sampled_from([1, 2, Fraction(1, 3), Fraction(1, 2), 0.1])
    counts = [draw(st.integers(1, 3)) for _ in orders]
    return Profile.from_rankings(orders, counts, alternatives=names, weights=[draw(weights) for _ in orders])


@st.composite
def incomplete_profiles(draw: st.DrawFn, *, alternatives: Size = (4, 5), judges: Size = (1, 6)) -> Profile:
    """Draw rankings of which each leaves out some alternatives, and none leaves out all."""
    names = _alternatives(draw, alternatives)
    orders = []
    for _ in range(draw(st.integers(*judges))):
        ranked = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        orders.append(draw(weak_orders(ranked)))
    return Profile.from_rankings(orders, alternatives=names)


@st.composite
def cyclic_profiles(draw: st.DrawFn, *, alternatives: Size = (4, 5), judges: Size = (0, 4)) -> Profile:
    """Draw rankings with a majority cycle at their heart: every rotation of an order, and some judges more."""
    names = _alternatives(draw, alternatives)
    order = draw(st.permutations(names))
    rotations = [tuple((name,) for name in (*order[turn:], *order[:turn])) for turn in range(len(order))]
    others = draw(st.lists(weak_orders(names), min_size=judges[0], max_size=judges[1]))
    return Profile.from_rankings([*rotations, *others], alternatives=names)


@st.composite
def cloned_profiles(
    draw: st.DrawFn, *, alternatives: Size = (3, 4), judges: Size = (1, 6)
) -> tuple[Profile, tuple[str, ...]]:
    """
    Draw rankings in which some alternatives are clones, and say which; the first is the original.

    Clones stand next to each other in every ranking, and all of them are tied with what any of them is tied with.
    """
    names = _alternatives(draw, alternatives)
    original = draw(st.sampled_from(names))
    clones = (original, *(f"{original}{number}" for number in range(1, draw(st.integers(1, 2)) + 1)))
    orders = []
    for _ in range(draw(st.integers(*judges))):
        tiers: list[tuple[str, ...]] = []
        for tier in draw(weak_orders(names)):
            if tier == (original,):
                tiers.extend(draw(weak_orders(clones)))
            else:
                tiers.append((*tier, *clones[1:]) if original in tier else tier)
        orders.append(tiers)
    return Profile.from_rankings(orders, alternatives=(*names, *clones[1:])), clones


@st.composite
def score_profiles(
    draw: st.DrawFn,
    *,
    alternatives: Size = (4, 5),
    judges: Size = (1, 4),
    criteria: Size = (1, 4),
    positive: bool = False,
    missing: bool = False,
) -> Profile:
    """
    Draw whole scores from 0 to 10, on criteria that rise or fall, some with a bend in the value function.

    Args:
        draw: Given by Hypothesis.
        alternatives: How many.
        judges: How many.
        criteria: How many.
        positive: Whether every criterion has weight, and every score is above 0.
        missing: Whether some scores are not given.
    """
    names = _alternatives(draw, alternatives)
    listed = tuple(f"criterion-{number}" for number in range(1, draw(st.integers(*criteria)) + 1))
    m = draw(st.integers(*judges))
    one = st.integers(1 if positive else 0, 10) | (st.none() if missing else st.nothing())
    scores = [[[draw(one) for _ in listed] for _ in names] for _ in range(m)]
    weight = st.integers(1 if positive else 0, 5)
    rows = st.lists(weight, min_size=len(listed), max_size=len(listed)).filter(any)
    own = draw(st.booleans())
    scale = st.sampled_from([Scale(0, 10), Scale(10, 0), Scale(0, 10, ((4, 0.7),)), Scale(10, 0, ((5, 0.2),))])
    return Profile.from_scores(
        scores,
        judges=[f"judge-{number}" for number in range(1, m + 1)],
        alternatives=names,
        criteria=listed,
        criterion_weights=[draw(rows) for _ in range(m)] if own else draw(rows),
        scales={name: draw(scale) for name in listed},
    )


@st.composite
def near_ties(draw: st.DrawFn, *, alternatives: Size = (4, 5), judges: Size = (1, 3)) -> Profile:
    """Draw scores whose weighted values tie exactly, or differ by a hair that floats may miss."""
    profile = draw(score_profiles(alternatives=alternatives, judges=judges, criteria=(2, 3), positive=True))
    close = np.array(profile.scores)
    # The last alternative repeats the first, but for a hair on one criterion or none at all.
    close[:, -1, :] = close[:, 0, :]
    close[:, -1, 0] -= draw(st.sampled_from([0.0, 1e-9, 1e-12, 1e-15])) * (close[:, 0, 0] > 1)
    return evolve(profile, scores=close)


@st.composite
def consistent_matrices(draw: st.DrawFn, *, size: int = 4) -> Matrix:
    """Draw a matrix of exact ratios of whole priorities from 1 to 9."""
    shares = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    return tuple(tuple(Fraction(row, column) for column in shares) for row in shares)


@st.composite
def perturbed_matrices(draw: st.DrawFn, *, size: int = 4, pairs: Size = (0, 6)) -> Matrix:
    """Draw a reciprocal matrix on the usual scale, 1/9 to 9, consistent but for some pairs judged at will."""
    matrix = [list(row) for row in draw(consistent_matrices(size=size))]
    places = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] < pair[1])
    for row, column in draw(st.lists(places, min_size=pairs[0], max_size=pairs[1], unique=True)):
        matrix[row][column] = draw(st.sampled_from(_JUDGED))
        matrix[column][row] = 1 / matrix[row][column]
    return tuple(map(tuple, matrix))


@st.composite
def comparison_profiles(
    draw: st.DrawFn,
    *,
    alternatives: Size = (4, 4),
    judges: Size = (1, 3),
    criteria: Size = (0, 0),
    consistent: bool = False,
) -> Profile:
    """
    Draw pairwise comparisons; with no criteria the alternatives are compared under the goal itself.

    Args:
        draw: Given by Hypothesis.
        alternatives: How many.
        judges: How many.
        criteria: How many.
        consistent: Whether every matrix is.
    """
    names = _alternatives(draw, alternatives)
    listed = tuple(f"criterion-{number}" for number in range(1, draw(st.integers(*criteria)) + 1))
    m = draw(st.integers(*judges))
    nodes = {"goal": len(listed) or len(names), **dict.fromkeys(listed, len(names))}
    made = consistent_matrices if consistent else perturbed_matrices
    return Profile.from_comparisons(
        alternatives=names,
        hierarchy={"goal": listed},
        comparisons={node: [draw(made(size=size)) for _ in range(m)] for node, size in nodes.items()},
    )
