"""The smallest counterexamples known, as data: situations in which a model must break an axiom."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from afwegen.models import Profile, Scale
from afwegen.testing.axioms.case import Case

__all__ = ["COUNTEREXAMPLES", "Counterexample"]

FOUND: Final = "found by search with the strategies of this package, then made smaller by hand and machine"


@frozen(kw_only=True)
class Counterexample:
    """
    A case that breaks an axiom.

    Attributes:
        case: The situation.
        source: Where it comes from.
    """

    case: Case
    source: str = FOUND


def _orders(*orders: str, about: Sequence[str] = (), alternatives: str | None = None) -> Case:
    """Read one ranking a text: ``"a > b = c"``."""
    tiers = [[tier.split(" = ") for tier in order.split(" > ")] for order in orders]
    return Case(
        profile=Profile.from_rankings(tiers, alternatives=alternatives and list(alternatives)), about=tuple(about)
    )


def _matrix(upper: str) -> list[list[Fraction]]:
    """Read the upper triangle of a reciprocal matrix, row by row: ``"1 2; 3"`` is 3 x 3."""
    rows = [[Fraction(one) for one in row.split()] for row in upper.split(";")]
    size = len(rows) + 1
    matrix = [[Fraction(1)] * size for _ in range(size)]
    for i, row in enumerate(rows):
        for j, value in enumerate(row, start=i + 1):
            matrix[i][j], matrix[j][i] = value, 1 / value
    return matrix


def _matrices(*judges: str, about: Sequence[str] = ()) -> Case:
    """Read one matrix a judge, on alternatives a, b, c ... under the goal."""
    return _tree({"goal": judges}, about=about)


def _tree(nodes: Mapping[str, Sequence[str]], about: Sequence[str] = ()) -> Case:
    """Read matrices by node, one a judge; all nodes but the goal are criteria."""
    read = {node: [_matrix(judge) for judge in judges] for node, judges in nodes.items()}
    criteria = tuple(node for node in nodes if node != "goal")
    size = len(read[criteria[-1] if criteria else "goal"][0])
    profile = Profile.from_comparisons(
        alternatives=list("abcdefghi"[:size]), hierarchy={"goal": criteria}, comparisons=read
    )
    return Case(profile=profile, about=tuple(about))


def _table(*judges: str, weights: Sequence[int], about: Sequence[str], falling: Sequence[int] = ()) -> Case:
    """Read one table a judge, rows of alternatives: ``"3 4; 2 5"``, on scales 0 to 10, some falling."""
    scores = [[[int(score) for score in row.split()] for row in judge.split(";")] for judge in judges]
    criteria = [f"criterion-{number}" for number in range(1, len(weights) + 1)]
    profile = Profile.from_scores(
        scores,
        judges=[f"judge-{number}" for number in range(1, len(judges) + 1)],
        alternatives=list("abcdefghi"[: len(scores[0])]),
        criteria=criteria,
        criterion_weights=weights,
        scales={name: Scale(10, 0) if place in falling else Scale(0, 10) for place, name in enumerate(criteria)},
    )
    return Case(profile=profile, about=tuple(about))


_FOUND: Final[Mapping[str, Case]] = {
    # rankings
    "a cycle of three": _orders("a > b > c", "b > c > a", "c > a > b", about=["a"]),
    "two judges, three alternatives": _orders("b > c > a", "c > a > b", about=["a"]),
    "two opposed": _orders("a > b", "b > a"),
    "all tied": _orders("a = b"),
    "a rotation of three": _orders("a > b > c", "b > c > a", "c > a > b"),
    "a rotation of four": _orders("a > b > c > d", "b > c > d > a", "c > d > a > b", "d > a > b > c"),
    "five judges, the first of all removed": _orders(
        "d > a > c", "d > a > c", "a > c > d", "c > d > a", "c > d > a", about=["a"]
    ),
    "two judges, the first of all removed": _orders("a > b > c", "c > a > b", about=["a"]),
    "a tie, the first of all removed": _orders("a = b > c", "a > c > b", about=["a"]),
    "a rotation of five and one more": _orders(
        "a > d > c > b > e",
        "d > c > b > e > a",
        "c > b > e > a > d",
        "b > e > a > d > c",
        "e > a > d > c > b",
        "b > c > d > a > e",
        about=["a"],
    ),
    "one judge and three": _orders("a > b > c", "a > c > b", "b > a > c", "c > b > a", about=["1"]),
    "one judge and two": _orders("a = b > c", "a > b > c", "b > c > a", about=["1"]),
    "the fifth judge": _orders(
        "c > a > b > d", "a > b > d > c", "d > c > a > b", "d > c > a > b", "b > d > a > c", about=["judge-5"]
    ),
    "the tenth judge": _orders(
        "b > a > d > c",
        "d > b > c > a",
        "b > a > c > d",
        "b > c > a > d",
        "a > c > d > b",
        "a > d > c > b",
        "c > d > b > a",
        "d > c > b > a",
        "a > c > d > b",
        "b > c > a > d",
        about=["judge-10"],
    ),
    "two majorities of three": _orders("a > b > c", "c > a > b", "c > a > b"),
    "second for all": _orders("c > d > e", "d > e > c", "d > e > c"),
    "a clone between": _orders("b > a > a1", "a > a1 > b", about=["a", "a1"]),
    "a clone below": _orders("a > a1 > b", "b > a = a1", about=["a", "a1"]),
    "a clone among ties": _orders(
        "a > a1 > c > d",
        "a > a1 > c > d",
        "d > a = c = a1",
        "d > a = c = a1",
        "c > d > a = a1",
        about=["a", "a1"],
    ),
    "two judges, three alternatives, two each": _orders("a > b", "c > a"),
    "one ranked of four": _orders("a", alternatives="abcd"),
    # scores
    "half the unit, elsewhere on the scale": _table(
        "0 0; 1 1", weights=[1, 1], falling=[1], about=["criterion-1", "0.5", "5"]
    ),
    "two judges, one unit": _table("2; 0", "0; 1", weights=[1], about=["criterion-1", "0.5", "5"]),
    "two criteria, one unit": _table("1 0; 0 1", weights=[1, 1], about=["criterion-2", "0.5", "5"]),
    "two judges, the widest left out": _table("0; 1; 0", "2; 0; 1", weights=[1], about=["a"]),
    "two criteria, a total changed": _table("1 0; 2 1; 1 2", weights=[1, 1], about=["a"]),
    "two judges, the highest left out": _table("2; 0; 1", "0; 1; 0", weights=[1], about=["a"]),
    # comparisons
    "three by three, the first left out": _matrices("1 2; 1", about=["a"]),
    "three by three, the second of two": _matrices("2 1; 1", about=["a"]),
    "two criteria that disagree": _tree(
        {"goal": ["1"], "criterion-1": ["1/2 1; 2"], "criterion-2": ["2 1; 1/2"]}, about=["a"]
    ),
    "two criteria, the best left out": _tree(
        {"goal": ["1"], "criterion-1": ["1/2 1; 2"], "criterion-2": ["3 3/2; 1/2"]}, about=["a"]
    ),
    "two criteria, one never best": _tree(
        {"goal": ["1"], "criterion-1": ["1/2 1; 2"], "criterion-2": ["1/2 1/4; 1/2"]}, about=["a"]
    ),
    "three by three, one never best": _matrices("1/2 1; 1", about=["a"]),
    "twice as good, and below": _matrices("1/2 2 2; 1 1; 1"),
    "three times as good, and below": _matrices("1 1 2; 1 1/3; 1/3"),
    "three more than two": _matrices("3 1/2; 1/2"),
    "one two for one judge": _matrices("1 1 1; 1 1; 1", "1 1 1; 2 2; 1"),
    "two criteria, one two": _tree({"goal": ["1", "1"], "criterion-1": ["1", "1"], "criterion-2": ["1", "1/2"]}),
}

_TYPED_IN: Final[Mapping[str, tuple[Case, str]]] = {
    "nobody against, one for": (
        _orders(*["a = b > c > d"] * 3, *["c > d > a = b"] * 3, *["d > a = b > c"] * 3, "a > b > c > d"),
        "constructed, published example neg_schulze_strong_pareto_ties",
    ),
    "raised and fallen": (
        _matrices("1/5 5 2; 1/5 2; 1/5", about=["c", "a", "3"]),
        "found by search, published example neg_ev_rank_monotonicity; theory Csató, Petróczy (2021), EJOR 292",
    ),
    "best for both, and not for the group": (
        _matrices("3 1/4 1; 5 1/2; 1/2", "1/5 5 1/2; 1/4 1/2; 1"),
        "found by search, published example ahp_aij_ev_unanimous_best_loses; theory Pérez, Mokotoff (2016)",
    ),
    "best for both over two criteria": (
        _tree(
            {
                "goal": ["9", "1/9"],
                "x": ["2 8 8; 4 4; 1", "1/9 1 1; 9 9; 1"],
                "y": ["1/9 1 1; 9 9; 1", "2 8 8; 4 4; 1"],
            }
        ),
        "found by search, published example neg_aij_hierarchy_unanimity; definitions of Forman, Peniwati (1998)",
    ),
    "four by four, to be bettered": (_matrices("1 4 9; 7 5; 4"), "Bozóki, Fülöp (2018), EJOR 264"),
    "right and left": (
        _matrices("3 1/3 1/2; 1/6 2; 1"),
        "Johnson, Beine, Wang (1979), Journal of Mathematical Psychology 19",
    ),
}

COUNTEREXAMPLES: Final[Mapping[str, Counterexample]] = {
    **{name: Counterexample(case=case) for name, case in _FOUND.items()},
    **{name: Counterexample(case=case, source=source) for name, (case, source) in _TYPED_IN.items()},
}
"""All of them, by name."""
