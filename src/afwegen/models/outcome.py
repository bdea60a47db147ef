"""What a model answers: an order with its ties, what it rests on, and how far the judges agree."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from attrs import field, frozen

from afwegen.errors import ModelError
from afwegen.models.frames import Backend, outcome_frame
from afwegen.models.frozen import FrozenMap
from afwegen.models.profile import Profile

if TYPE_CHECKING:
    from afwegen.models.contract import Model

__all__ = [
    "TIE",
    "Consensus",
    "Explanation",
    "Ordered",
    "Outcome",
    "Provenance",
    "Relation",
    "Tiers",
    "provenance_of",
    "ranking_by_scores",
    "relation_of_tiers",
    "tiers_of_relation",
]

Tiers = tuple[tuple[str, ...], ...]
"""Names, best first; names in one tier are tied, or for a partial order not told apart by peeling."""

Relation = frozenset[tuple[str, str]]
"""Pairs (above, below)."""

TIE: Final = 1e-9
"""Two inexact scores tie when they differ by at most this, relative to the larger of the two."""


# Named converters: strict typing reads the types of a field's argument off its converter.
def _by_pair(items: Mapping[tuple[str, str], float | None]) -> Mapping[tuple[str, str], float | None]:
    return FrozenMap(items)


def _by_name(items: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return FrozenMap(items)


def _words(items: Mapping[str, str]) -> Mapping[str, str]:
    return FrozenMap(items)


def _scores(items: Mapping[str, float] | None) -> Mapping[str, float] | None:
    return None if items is None else FrozenMap(items)


def _bounds(items: Mapping[str, tuple[float, float]] | None) -> Mapping[str, tuple[float, float]] | None:
    return None if items is None else FrozenMap(items)


@runtime_checkable
class Explanation(Protocol):
    """Why an alternative stands where it stands: frozen data that can be read aloud."""

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """Return it in plain sentences, ``"en"`` or ``"nl"``; the numbers are those computed, rounded for display."""


@frozen(kw_only=True)
class Consensus:
    """
    How far the judges agree, from their own orders; 1 is everybody the same.

    Degrees are 1 minus a mean Kemeny-Snell distance between pairs of judges: 1 for a reversed pair of alternatives,
    1/2 for one tied against one strict. None stands where fewer than two judges can be compared.

    Attributes:
        degree: Over all pairs of judges and alternatives, in [0, 1].
        by_pair: For each pair of alternatives, in the order of the profile.
        by_alternative: For each alternative, the mean of its pairs.
        by_judge: For each judge, the agreement with the others.
        kendall_w: Kendall's coefficient of concordance, corrected for ties; None where it is not defined.
    """

    degree: float
    by_pair: Mapping[tuple[str, str], float | None] = field(converter=_by_pair)
    by_alternative: Mapping[str, float | None] = field(converter=_by_name)
    by_judge: Mapping[str, float | None] = field(converter=_by_name)
    kendall_w: float | None = None


@frozen(kw_only=True)
class Provenance:
    """Which model, in which version and with which parameters, judged which profile."""

    model: str
    version: str
    parameters: Mapping[str, str] = field(converter=_words)
    digest: str


@frozen(kw_only=True)
class Outcome:
    """
    A model's answer. Nothing in it is rounded, and a tie is a tie.

    Attributes:
        ranking: Tiers of names, best first. For a partial order the tiers are for display: see `relation`.
        scores: By alternative, higher is better; None where the model gives none, or gives bounds.
        bounds: By alternative (low, high); None unless judgements are missing under such a policy.
        relation: Pairs (above, below): what the model really claims.
        consensus: How far the judges' own orders agree; None, with a note, where no two of them can be compared.
        diagnostics: The model's own frozen value.
        notes: Warnings, derivations, the policy for ties and missing judgements.
        provenance: What was computed, from what.
        model: The model; not compared.
        profile: The profile; not compared.
    """

    ranking: Tiers
    scores: Mapping[str, float] | None = field(default=None, converter=_scores)
    bounds: Mapping[str, tuple[float, float]] | None = field(default=None, converter=_bounds)
    relation: Relation
    consensus: Consensus | None = None
    diagnostics: object = None
    notes: tuple[str, ...] = ()
    provenance: Provenance
    model: "Model" = field(eq=False, repr=False)
    profile: Profile = field(eq=False, repr=False)

    @property
    def winners(self) -> tuple[str, ...]:
        """The first tier; empty when there are no alternatives."""
        return self.ranking[0] if self.ranking else ()

    def why(self, above: str, below: str | None = None) -> Explanation:
        """
        Return why *above* stands where it stands, or why it stands so to *below*; computed when asked for.

        Raises:
            ModelError: The model does not explain, or an alternative is unknown or compared with itself.
        """
        from afwegen.models.contract import Explains

        for name in (above,) if below is None else (above, below):
            if name not in self.profile.alternatives:
                raise ModelError("an unknown alternative", do=f"name one of {self.profile.alternatives}", got=name)
        if above == below:
            raise ModelError("an alternative does not stand above itself", do="name two", got=above)
        if not isinstance(self.model, Explains):
            raise ModelError("the model does not explain its outcomes", do="read `diagnostics`", got=self.model.name)
        explanation = self.model.explain(self, above, below)
        if not isinstance(explanation, Explanation):
            raise ModelError("an explanation without sentences", do="give it `sentences(language)`", got=explanation)
        return explanation

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the order, its scores and notes; nothing of single judges."""
        from afwegen.models.notebook import outcome_card

        return outcome_card(self)

    def frame(self, backend: Backend = "pandas") -> object:
        """
        Return a table, one row an alternative: tier from 1, score, bounds, consensus.

        Raises:
            MissingExtra: narwhals or the backend is not installed.
        """
        return outcome_frame(self, backend)

    def judges(self) -> object:
        """Return each judge's agreement, who is distant and who is pivotal; costly, so computed when asked for."""
        from importlib import import_module

        report: object = import_module("afwegen.models.consensus").judges_report(self)
        return report


@frozen(kw_only=True)
class Ordered:
    """
    An order made of scores.

    Attributes:
        tiers: Best first.
        relation: Every pair of different tiers.
        by_tolerance: Whether two unequal scores were taken as tied.
    """

    tiers: Tiers
    relation: Relation
    by_tolerance: bool


def provenance_of(model: "Model", profile: Profile) -> Provenance:
    """Return what *model* computes from *profile*, in words that can be compared."""
    return Provenance(model=model.name, version=model.version, parameters=model.parameters, digest=profile.digest)


def ranking_by_scores(
    alternatives: Sequence[str], scores: Sequence[float], *, exact: Sequence[Fraction] | None = None
) -> Ordered:
    """
    Order *alternatives* by score, best first; ties are exact where exact scores are given.

    Otherwise two scores tie when they differ by at most 1e-9 of the larger, and ties carry on: single linkage on the
    sorted scores, so that the tiers are disjoint.

    Args:
        alternatives: Names, n.
        scores: n finite numbers, higher is better.
        exact: The same scores as fractions, where the arithmetic was exact; they decide alone.

    >>> ranking_by_scores(("a", "b", "c"), (0.3, 0.1 + 0.2, 1.0)).tiers
    (('c',), ('a', 'b'))

    Raises:
        ModelError: A score is not finite.
    """
    for name, score in zip(alternatives, scores, strict=True):
        if not isfinite(score):
            raise ModelError(f"the score of {name!r} is not a finite number", do="report this", got=score)
    values: Sequence[float | Fraction] = scores if exact is None else exact
    order = sorted(range(len(values)), key=lambda place: (-values[place], place))
    tiers: list[list[int]] = [order[:1]] if order else []
    by_tolerance = False
    for above, below in pairwise(order):
        if _tied(values[above], values[below]):
            tiers[-1].append(below)
            by_tolerance |= values[above] != values[below]
        else:
            tiers.append([below])
    named = tuple(tuple(alternatives[place] for place in sorted(tier)) for tier in tiers)
    return Ordered(tiers=named, relation=relation_of_tiers(named), by_tolerance=by_tolerance)


def _tied(above: float | Fraction, below: float | Fraction) -> bool:
    if isinstance(above, Fraction) or isinstance(below, Fraction):
        return above == below
    return above - below <= TIE * max(abs(above), abs(below))


def relation_of_tiers(tiers: Iterable[Iterable[str]]) -> Relation:
    """
    Return every pair (above, below) of names in different tiers.

    >>> sorted(relation_of_tiers([["a"], ["b", "c"]]))
    [('a', 'b'), ('a', 'c')]
    """
    listed = [tuple(tier) for tier in tiers]
    return frozenset(
        (above, below)
        for place, tier in enumerate(listed)
        for above in tier
        for rest in listed[place + 1 :]
        for below in rest
    )


def tiers_of_relation(alternatives: Sequence[str], relation: Relation) -> Tiers:
    """
    Peel the undefeated off, again and again.

    A strict place in the tiers may be no pair of the relation: the tiers are for display.

    >>> tiers_of_relation(("a", "b", "c"), frozenset({("a", "b")}))
    (('a', 'c'), ('b',))

    Raises:
        ModelError: The relation goes in a circle.
    """
    left = list(alternatives)
    tiers: list[tuple[str, ...]] = []
    while left:
        remaining = frozenset(left)
        defeated = {below for above, below in relation if above in remaining}
        undefeated = tuple(name for name in left if name not in defeated)
        if not undefeated:
            raise ModelError("a relation that goes in a circle is no order", do="report this", got=tuple(left))
        tiers.append(undefeated)
        left = [name for name in left if name in defeated]
    return tuple(tiers)
