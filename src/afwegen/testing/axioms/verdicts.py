"""For each model and each of its parameterisations: which axioms hold, and which fail by which counterexample."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final

from attrs import frozen

from afwegen.models import AHP, ConsensusGraph, Model, WeightedSum

__all__ = ["Verdict", "claims_of", "models", "verdicts"]


@frozen(kw_only=True)
class Verdict:
    """
    What is known of one axiom for one model.

    Attributes:
        model: The model, with its parameters.
        axiom: The name of the axiom.
        scope: The kind of situation it is said of.
        counterexample: The name of the case that breaks it; empty where it holds.
    """

    model: Model
    axiom: str
    scope: str
    counterexample: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is promised."""
        return not self.counterexample


Claims = tuple[tuple[str, str], ...]
Failures = tuple[tuple[str, str, str], ...]


def _each(axioms: Iterable[str], scopes: Iterable[str]) -> Claims:
    return tuple(product(axioms, scopes))


_COMPLETE: Final = ("complete rankings",)
_SCORES: Final = ("scores",)
_FAIR: Final = ("anonymity", "neutrality", "transitivity")
_ORDERLY: Final = (*_FAIR, "unanimity", "homogeneity", "reversal-symmetry", "pareto")
_MAJORITY: Final = ("condorcet-winner", "condorcet-loser", "smith")
_WIDEST: Final = (*_ORDERLY, *_MAJORITY, "monotonicity", "clone-independence")
_TWO_OPPOSED: Final = ("homogeneity-of-consensus", "complete rankings", "two opposed")

_GRAPHS: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]]] = {
    "schulze": (
        _WIDEST,
        {
            "strong-pareto": "nobody against, one for",
            "independence": "a cycle of three",
            "local-independence": "five judges, the first of all removed",
            "reinforcement": "one judge and three",
            "participation": "the fifth judge",
            "positive-involvement": "the tenth judge",
            "resoluteness": "all tied",
        },
    ),
    "kemeny": (
        (*_ORDERLY, *_MAJORITY),
        {
            "independence": "a cycle of three",
            "local-independence": "a rotation of five and one more",
            "clone-independence": "a clone among ties",
            "reinforcement": "one judge and three",
            "resoluteness": "all tied",
        },
    ),
    "ranked-pairs": (
        (*_ORDERLY, *_MAJORITY),
        {
            "independence": "a cycle of three",
            "local-independence": "five judges, the first of all removed",
            "reinforcement": "one judge and three",
            "participation": "the fifth judge",
            "resoluteness": "all tied",
        },
    ),
    "copeland": (
        (*_ORDERLY, *_MAJORITY, "monotonicity"),
        {
            "independence": "two judges, three alternatives",
            "local-independence": "two judges, the first of all removed",
            "clone-independence": "a clone between",
            "reinforcement": "one judge and two",
            "resoluteness": "a rotation of three",
        },
    ),
    "borda": (
        (*_ORDERLY, "monotonicity"),
        {
            "condorcet-winner": "two majorities of three",
            "condorcet-loser": "second for all",
            "smith": "two majorities of three",
            "independence": "two judges, three alternatives",
            "local-independence": "a tie, the first of all removed",
            "clone-independence": "a clone below",
            "resoluteness": "a rotation of four",
        },
    ),
}


def _graphs() -> Iterator[tuple[Model, Claims, Failures]]:
    for rule, (axioms, broken) in _GRAPHS.items():
        failures = tuple((axiom, *_COMPLETE, case) for axiom, case in broken.items())
        yield ConsensusGraph(rule=rule), _each(axioms, _COMPLETE), (*failures, _TWO_OPPOSED)
    incomplete = _each((*_FAIR, "homogeneity"), ("incomplete rankings",))
    abstain = (("pareto", "incomplete rankings", "two judges, three alternatives, two each"),)
    yield ConsensusGraph(missing="abstain"), incomplete, abstain
    last = (("reversal-symmetry", "incomplete rankings", "one ranked of four"),)
    yield ConsensusGraph(missing="last"), incomplete, last


_ADDITIVE: Final = (*_FAIR, "criteria-equivariance")
_UNIT: Final = ("unit-invariance", "scores")
_FIXED: Final = "half the unit, elsewhere on the scale"


def _weighted_sums() -> Iterator[tuple[Model, Claims, Failures]]:
    anchored = (
        *_each((*_ADDITIVE, "unanimity", "independence", "weight-scale", "score-monotonicity"), _SCORES),
        *_each(("strict-dominance", "dominance"), ("scores, all weights positive",)),
    )
    yield WeightedSum(), anchored, ((*_UNIT, _FIXED),)
    moving = _each((*_ADDITIVE, "unanimity"), ("positive scores",))
    yield WeightedSum(normalisation="none"), moving, ((*_UNIT, _FIXED),)
    moved = ("independence", "scores")
    yield WeightedSum(normalisation="min-max"), moving, ((*moved, "two judges, the widest left out"),)
    total, highest = "two criteria, a total changed", "two judges, the highest left out"
    yield WeightedSum(normalisation="sum"), moving, ((*moved, total), (*_UNIT, "two judges, one unit"))
    yield WeightedSum(normalisation="max"), moving, ((*moved, highest), (*_UNIT, "two criteria, one unit"))
    yield WeightedSum(normalisation="vector"), moving, ((*moved, total), (*_UNIT, _FIXED))


_ONE: Final = ("one matrix",)
_MATRICES: Final = ("matrices",)
_TREES: Final = ("hierarchies",)
_EQUAL: Final = (*_each(_FAIR, (*_MATRICES, *_TREES)), ("criteria-equivariance", "hierarchies"))
_ANY_METHOD: Final = (
    *_EQUAL,
    ("exact-when-consistent", "one consistent matrix"),
    *_each(("lambda-at-least-n", "row-dominance"), _ONE),
    ("joint-consistency-ratio", "matrices"),
)
_ROW_MEAN: Final = (
    *_ANY_METHOD,
    *_each(("left-right-symmetry", "comparison-monotonicity", "rank-monotonicity", "efficiency"), _ONE),
    *_each(("unanimity", "aij-equals-aip", "joint-inconsistency"), _MATRICES),
)
_NO_METHOD: Final = (
    ("preference-preservation", "one matrix", "twice as good, and below"),
    ("intensity-preservation", "one matrix", "three more than two"),
    ("unanimity-on-judgements", "matrices", "three times as good, and below"),
)
_REVERSED: Final = ("independence", "matrices", "three by three, the first left out")
_DISTRIBUTIVE: Final = (
    ("independence", "consistent hierarchies", "two criteria that disagree"),
    ("independence-of-the-lesser", "consistent hierarchies", "two criteria, one never best"),
)


def _ahps() -> Iterator[tuple[Model, Claims, Failures]]:
    tree = ("aij-equals-aip", "hierarchies", "two criteria, one two")
    yield AHP(), (*_ROW_MEAN, ("unanimity", "hierarchies")), (*_NO_METHOD, _REVERSED, *_DISTRIBUTIVE, tree)
    yield AHP(aggregation="aij"), _ROW_MEAN, (("unanimity", "hierarchies", "best for both over two criteria"), tree)
    yield AHP(aggregation="aip-arithmetic"), (*_EQUAL, *_each(("unanimity",), (*_MATRICES, *_TREES))), ()
    yield from _eigenvectors()
    yield from _other_syntheses()


def _eigenvectors() -> Iterator[tuple[Model, Claims, Failures]]:
    broken = (
        ("left-right-symmetry", "one matrix", "right and left"),
        ("rank-monotonicity", "one matrix", "raised and fallen"),
        ("efficiency", "one matrix", "four by four, to be bettered"),
        ("preference-preservation", "one matrix", "three times as good, and below"),
        ("intensity-preservation", "one matrix", "three more than two"),
        ("unanimity-on-judgements", "matrices", "three times as good, and below"),
        ("aij-equals-aip", "matrices", "one two for one judge"),
        ("independence", "matrices", "three by three, the second of two"),
        *_DISTRIBUTIVE,
    )
    yield AHP(method="eigenvector"), (*_ANY_METHOD, *_each(("unanimity",), (*_MATRICES, *_TREES))), broken
    joined = (("unanimity", "matrices", "best for both, and not for the group"),)
    yield AHP(method="eigenvector", aggregation="aij"), _ANY_METHOD, joined


def _other_syntheses() -> Iterator[tuple[Model, Claims, Failures]]:
    safe = ("independence-of-the-lesser", "consistent hierarchies")
    unsafe = ("independence-of-the-lesser", "matrices", "three by three, one never best")
    best = ("independence", "consistent hierarchies", "two criteria, the best left out")
    claims = (*_EQUAL, ("unanimity", "hierarchies"), safe)
    yield AHP(synthesis="ideal"), claims, (_REVERSED, unsafe, best)
    anything = ("independence", "consistent hierarchies")
    yield AHP(synthesis="multiplicative"), (*claims, anything), (_REVERSED, unsafe)


@cache
def verdicts() -> tuple[Verdict, ...]:
    """Return every verdict, by model in the order of the documentation."""
    found = []
    for model, claims, failures in (*_weighted_sums(), *_ahps(), *_graphs()):
        found += [Verdict(model=model, axiom=axiom, scope=scope) for axiom, scope in claims]
        found += [
            Verdict(model=model, axiom=axiom, scope=scope, counterexample=case) for axiom, scope, case in failures
        ]
    return tuple(found)


def models() -> tuple[Model, ...]:
    """Return every model that there are verdicts on, each once."""
    return tuple(dict.fromkeys(verdict.model for verdict in verdicts()))


def claims_of(model: Model) -> Claims:
    """Return the axioms that hold for *model*, as (axiom, scope); none for a model nobody judged."""
    return tuple((verdict.axiom, verdict.scope) for verdict in verdicts() if verdict.model == model and verdict.holds)
