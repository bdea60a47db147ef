"""
The consensus graph: who is preferred to whom by how much, and the orders and degrees of agreement that follow.

The kernels stand here under their own names too: `tally`, `schulze`, `kemeny`, `ranked_pairs`, `copeland`.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from afwegen.errors import ModelError
from afwegen.models.consensus import consensus_of
from afwegen.models.frozen import FrozenMap
from afwegen.models.kemeny import Kemeny, kemeny
from afwegen.models.order_rules import (
    borda_twice,
    copeland,
    ranked_pairs,
    schulze,
    undefeated,
    widest_paths,
)
from afwegen.models.outcome import Explanation, Outcome, Relation, provenance_of, tiers_of_relation
from afwegen.models.panel import MISSING, Panel, panel, settled
from afwegen.models.profile import OVERALL, Profile
from afwegen.models.tallies import Tally, exact, tally

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "RULES",
    "ConsensusGraph",
    "GraphDiagnostics",
    "copeland",
    "kemeny",
    "ranked_pairs",
    "schulze",
    "tally",
]

RULES: Final = ("schulze", "kemeny", "ranked-pairs", "copeland", "borda")
"""The rules that order alternatives, the default first."""


def _one_of(allowed: tuple[str, ...]) -> Any:
    def check(_model: object, attribute: Any, value: object) -> None:
        if value not in allowed:
            raise ModelError(f"an unknown {attribute.name}", do=f"choose one of {allowed}", got=value)

    return check


@frozen(kw_only=True)
class GraphDiagnostics:
    """
    The graph behind an outcome, as exact arrays in the order of the profile's alternatives.

    Attributes:
        alternatives: n names.
        above: ``(n, n)``, weight of the judges who put row above column; int64, or fractions as objects.
        tied: ``(n, n)``, weight of those who tie them.
        paths: ``(n, n)``, strength of the widest path from row to column, in the unit of the margins.
        undefeated: Those nothing stands above in the relation.
        condorcet_winner: The one with a positive margin over every other, or None.
        distance: Under ``"kemeny"``, the sum over judges of the distance to an optimal order; else None.
        optima: Under ``"kemeny"``, how many orders are optimal; else None.
    """

    alternatives: tuple[str, ...]
    above: NDArray[Any] = field(eq=lambda array: array.tolist())
    tied: NDArray[Any] = field(eq=lambda array: array.tolist())
    paths: NDArray[Any] = field(eq=lambda array: array.tolist())
    undefeated: tuple[str, ...]
    condorcet_winner: str | None
    distance: int | Fraction | None = None
    optima: int | None = None
    _nearest: Kemeny | None = field(default=None, eq=False, repr=False)

    @property
    def margins(self) -> NDArray[Any]:
        """Weight above minus weight below, ``(n, n)``."""
        return Tally(above=self.above, tied=self.tied).margins

    def orders(self) -> Iterator[tuple[str, ...]]:
        """
        Yield the optimal orders under ``"kemeny"``, best first, each computed when it is asked for.

        Raises:
            ModelError: Another rule made the outcome.
        """
        if self._nearest is None:
            raise ModelError("only Kemeny's rule has optimal orders", do='use ConsensusGraph(rule="kemeny")')
        return (tuple(self.alternatives[place] for place in order) for order in self._nearest.orders)


@frozen(kw_only=True)
class _Found:
    """What a rule makes of a tally: the relation, points where it gives any, and what must be said about it."""

    above: NDArray[np.bool_]
    points: tuple[Fraction, ...] | None = None
    nearest: Kemeny | None = None
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class ConsensusGraph:
    """
    Order alternatives by what the judges' rankings have in common, and say how far they agree.

    The graph has an edge from *a* to *b* where more weight puts *a* above *b* than the reverse; every rule here is a
    function of it. The result is a partial order: read `Outcome.relation`; the tiers are for display.

    Args:
        rule: ``"schulze"`` (widest paths), ``"kemeny"`` (nearest strict orders, what all of them say),
            ``"ranked-pairs"``, ``"copeland"`` or ``"borda"``.
        missing: What an alternative that a judge did not rank means: ``"refuse"``, ``"last"`` (tied below the ranked)
            or ``"abstain"`` (pairs with it are not compared by that judge).

    >>> profile = Profile.from_rankings([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]], counts=[3, 2, 2])
    >>> ConsensusGraph().evaluate(profile).ranking
    (('a',), ('b',), ('c',))

    Raises:
        ModelError: A rule or policy that does not exist.

    References:
        Schulze (2011), Social Choice and Welfare 36(2), 267-303; Kemeny, Snell (1962); Tideman (1987).
    """

    rule: str = field(default="schulze", validator=_one_of(RULES))
    missing: str = field(default="refuse", validator=_one_of(MISSING))

    @property
    def name(self) -> str:
        """The name under which it is found."""
        return "consensus-graph"

    @property
    def version(self) -> str:
        """The version of its arithmetic."""
        return "1"

    @property
    def parameters(self) -> Mapping[str, str]:
        """Every parameter, sorted by name."""
        return FrozenMap({"missing": self.missing, "rule": self.rule})

    def evaluate(self, profile: Profile) -> Outcome:
        """
        Order the profile's alternatives; rankings are made of scores, and noted, where there are none.

        Raises:
            ProfileError: Neither rankings nor scores, or an alternative not ranked under ``missing="refuse"``.
            ModelError: Kemeny's rule on more than 16 alternatives that hang together in cycles or ties.
        """
        ranked = profile.ranked()
        counted = self.panel(ranked)
        found = _found(self.rule, counted)
        consensus = consensus_of(counted, judges=profile.judges, alternatives=profile.alternatives)
        relation = _named(found.above, profile.alternatives)
        notes = (*ranked.notes, *_notes_on(ranked, counted, self.missing), *found.notes)
        return Outcome(
            ranking=tiers_of_relation(profile.alternatives, relation),
            scores=_scores(found, profile.alternatives),
            relation=relation,
            consensus=consensus,
            diagnostics=_diagnostics(found, counted, profile.alternatives),
            notes=notes if consensus else (*notes, "no consensus: no pair of alternatives is compared by two judges"),
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
        )

    def panel(self, profile: Profile) -> Panel:
        """
        Return the judges' orders as this model counts them, tallied.

        Raises:
            ProfileError: Neither rankings nor scores, or an alternative not ranked under ``missing="refuse"``.
        """
        if self.missing == "refuse" and OVERALL in profile.rankings:
            profile.require("rankings", OVERALL)
        ranks = settled(profile.ranks(), self.missing, judges=profile.judges, alternatives=profile.alternatives)
        return panel(ranks, profile.weights, profile.counts)

    def graph(self, profile: Profile) -> "nx.DiGraph":
        """
        Return the consensus graph: an edge from *a* to *b* where the margin of *a* over *b* is positive.

        Each edge has ``margin``, ``above`` (weight that puts *a* above), ``tied``, and ``supporters``, the judges who
        put *a* above *b*. Numbers are int or Fraction.

        >>> ConsensusGraph().graph(Profile.from_rankings([["a", "b"]], judges=["anna"])).edges["a", "b"]
        {'margin': 1, 'above': 1, 'tied': 0, 'supporters': ('anna',)}

        Raises:
            ProfileError: Neither rankings nor scores, or an alternative not ranked under ``missing="refuse"``.
        """
        import networkx as nx

        counted = self.panel(profile)
        above, tied, margins = (
            exact(array, counted.unit).tolist()
            for array in (counted.tally.above, counted.tally.tied, counted.tally.margins)
        )
        graph = nx.DiGraph()
        graph.add_nodes_from(profile.alternatives)
        for a, b in np.argwhere(counted.tally.margins > 0).tolist():
            graph.add_edge(
                profile.alternatives[a],
                profile.alternatives[b],
                margin=margins[a][b],
                above=above[a][b],
                tied=tied[a][b],
                supporters=counted.supporters(profile.judges, a, b),
            )
        return graph

    def explain(self, outcome: Outcome, above: str, below: str | None) -> Explanation:
        """Return the widest paths between two alternatives, or between one and its nearest rival; see `graph_why`."""
        from afwegen.models.graph_why import why_above, why_place

        return why_place(outcome, self, above) if below is None else why_above(outcome, self, above, below)

    def orders_of_judges(self, profile: Profile) -> NDArray[np.float64]:
        """Return each judge's own order as ranks ``(m, n)``, NaN where he does not compare."""
        return self.panel(profile).ranks

    def undefeated_without(self, profile: Profile) -> tuple[frozenset[str], ...]:
        """Return, for each judge, the alternatives nothing would stand above if one such judge had not been there."""
        names = np.array(profile.alternatives, dtype=object)
        return tuple(
            frozenset(names[first].tolist())
            for above in self.above_without(self.panel(profile))
            for first in undefeated(above)
        )

    def above_without(self, counted: Panel) -> Iterator[NDArray[np.bool_]]:
        """Yield the relation without each judge in turn, in blocks ``(some, n, n)`` of judges in order."""
        n = counted.ranks.shape[1]
        step = max(1, (1 << 20) // max(n * n, 1))
        for at in range(0, len(counted.ranks), step):
            ranks, units = counted.ranks[at : at + step], counted.units[at : at + step, None, None]
            left, right = ranks[:, :, None], ranks[:, None, :]
            ties = (left == right) & ~np.eye(n, dtype=bool)
            yield _above(
                self.rule,
                Tally(above=counted.tally.above - units * (left < right), tied=counted.tally.tied - units * ties),
            )


def _above(rule: str, counted: Tally) -> NDArray[np.bool_]:
    """Return the relation of a rule, ``(..., n, n)``, of whole numbers."""
    match rule:
        case "schulze":
            return _stronger(widest_paths(counted.margins))
        case "copeland":
            return _higher(copeland(counted.margins))
        case "borda":
            return _higher(borda_twice(counted))
        case _:
            solve = _of_kemeny if rule == "kemeny" else _of_ranked_pairs
            return np.array([solve(margins).above for margins in counted.margins], dtype=bool)


def _found(rule: str, counted: Panel) -> _Found:
    match rule:
        case "schulze":
            return _Found(above=_above(rule, counted.tally))
        case "kemeny":
            return _of_kemeny(counted.tally.margins)
        case "ranked-pairs":
            return _of_ranked_pairs(counted.tally.margins)
        case "copeland":
            points = tuple(map(Fraction, copeland(counted.tally.margins).tolist()))
        case _:
            points = tuple(counted.unit * twice / 2 for twice in borda_twice(counted.tally).tolist())
    return _Found(above=_above(rule, counted.tally), points=points)


def _stronger(paths: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(paths > paths.swapaxes(-1, -2), dtype=bool)


def _higher(points: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(points[..., :, None] > points[..., None, :], dtype=bool)


def _of_kemeny(margins: NDArray[Any]) -> _Found:
    nearest = kemeny(margins)
    many = f"{nearest.count:,} orders are equally near; the relation is what all of them say"
    return _Found(above=nearest.relation, nearest=nearest, notes=(many,) if nearest.count > 1 else ())


def _of_ranked_pairs(margins: NDArray[Any]) -> _Found:
    kept = ranked_pairs(margins)
    note = "equal margins were added together; any order among them would say the same"
    if kept.hangs_on_ties:
        note = "may hang on equal margins: some closed a cycle together, and none of those was kept"
    return _Found(above=kept.above, notes=(note,) if kept.equal_margins else ())


def _named(above: NDArray[np.bool_], names: tuple[str, ...]) -> Relation:
    return frozenset((names[a], names[b]) for a, b in np.argwhere(above).tolist())


def _scores(found: _Found, names: tuple[str, ...]) -> Mapping[str, float] | None:
    return None if found.points is None else dict(zip(names, map(float, found.points), strict=True))


def _notes_on(profile: Profile, counted: Panel, missing: str) -> Iterable[str]:
    if not profile.alternatives:
        yield "there is nothing to rank"
    absent = np.isnan(profile.ranks())
    if absent.any():
        how = "tied below the ranked" if missing == "last" else "not compared by that judge"
        yield f"{int(absent.any(axis=1).sum())} judges did not rank everything: what they left out is {how}"
    if silent := [judge for judge, mute in zip(profile.judges, counted.silent.tolist(), strict=True) if mute]:
        yield f"{len(silent)} judges ranked nothing and count nowhere"


def _diagnostics(found: _Found, counted: Panel, names: tuple[str, ...]) -> GraphDiagnostics:
    margins = counted.tally.margins
    winner = np.flatnonzero((margins > 0).sum(axis=-1) == len(names) - 1)
    return GraphDiagnostics(
        alternatives=names,
        above=exact(counted.tally.above, counted.unit),
        tied=exact(counted.tally.tied, counted.unit),
        paths=exact(widest_paths(margins), counted.unit),
        undefeated=tuple(names[place] for place in np.flatnonzero(undefeated(found.above)).tolist()),
        condorcet_winner=names[winner[0]] if winner.size else None,
        distance=_distance(found.nearest, counted),
        optima=found.nearest.count if found.nearest else None,
        nearest=found.nearest,
    )


def _distance(nearest: Kemeny | None, counted: Panel) -> int | Fraction | None:
    """Return the whole distance: the margins overruled, and half of every other comparison, which no order avoids."""
    if nearest is None:
        return None
    spared = np.triu(counted.tally.compared - abs(counted.tally.margins), 1).astype(object).sum()
    whole = (Fraction(int(spared), 2) + nearest.distance) * counted.unit
    return whole.numerator if whole.denominator == 1 else whole
