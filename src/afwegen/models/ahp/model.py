"""The model: a profile of comparisons in, an order of the alternatives out."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from attrs import cmp_using, field, frozen

from afwegen.errors import ProfileError
from afwegen.models.ahp import indices, ties
from afwegen.models.ahp.deriving import (
    COMPLETIONS,
    METHODS,
    Completion,
    Method,
    Priorities,
    chosen,
    derive,
    pooled,
)
from afwegen.models.ahp.matrices import Floats, connected, logarithms, refuse_disconnected
from afwegen.models.ahp.synthesis import (
    AGGREGATIONS,
    SYNTHESES,
    Aggregation,
    Leaves,
    Synthesis,
    grouped,
    leaves_of,
    synthesised,
)
from afwegen.models.consensus import consensus
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Consensus, Outcome, provenance_of, ranking_by_scores
from afwegen.models.profile import Profile

if TYPE_CHECKING:
    from afwegen.models.ahp.explaining import HierarchicalExplanation

__all__ = ["AHP", "Hierarchical"]

GROUP: Final = ("group",)
"""Whose priorities pooled judgements give."""

REVERSAL: Final[Mapping[str, str]] = {
    "distributive": "rank reversal possible: an added alternative can change the order of the others",
    "ideal": (
        "rank reversal possible, but with consistent judgements not by an added alternative that is best nowhere"
    ),
    "multiplicative": "rank reversal possible, but not with consistent judgements",
}


@frozen(kw_only=True, eq=False)
class Pool:
    """Logarithms of judgements under one node, ``(m, k, k)``, and what each weighs where that differs."""

    logs: Floats
    shares: Floats | None = None


@frozen(kw_only=True)
class Hierarchical:
    """
    What stands behind an outcome.

    Attributes:
        whose: Whose priorities these are: the judges, or ``("group",)`` where judgements were pooled first (AIJ).
        nodes: By node, ``.weights`` ``(m, k)`` and the consistency measures ``(m,)``, m being those of `whose`.
        leaves: The bottom of the hierarchy, seen from the goal.
        overall: Shape ``(m, n)``, the priorities of `whose`; sum 1.
        own: Shape ``(m, n)``, the judges' own overall priorities; NaN for a judge who alone compared too little.
    """

    whose: tuple[str, ...]
    nodes: Mapping[str, Priorities] = field(converter=FrozenMap[str, Priorities])
    leaves: Leaves = field(eq=False, repr=False)
    overall: Floats = field(eq=cmp_using(eq=np.array_equal), hash=False)
    own: Floats = field(eq=cmp_using(eq=lambda a, b: np.array_equal(a, b, equal_nan=True)), hash=False)


@frozen(kw_only=True)
class AHP:
    """
    The analytic hierarchy process for a group.

    Every judge compares two things at a time under each node of a hierarchy; priorities are derived per node,
    multiplied down to the alternatives, and made into the group's.

    Args:
        method: ``"geometric-mean"`` or ``"eigenvector"``, for complete matrices.
        aggregation: ``"aip-geometric"`` or ``"aip-arithmetic"``: means of the judges' overall priorities; ``"aij"``:
            of their judgements, node by node, which over a hierarchy can make a unanimous best lose.
        synthesis: ``"distributive"``, ``"ideal"`` or ``"multiplicative"``.
        completion: ``"log-least-squares"``, ``"harker"`` or ``"least-lambda"``, for incomplete matrices.
        random_index: The table behind the consistency ratio: ``"computed"``, ``"saaty-1980"``, ``"saaty-2005"``,
            ``"alonso-lamata-2006"`` or ``"donegan-dodd-1991"``.

    >>> profile = Profile.from_comparisons(
    ...     alternatives=["caretaker", "renovation"],
    ...     hierarchy={"goal": ()},
    ...     comparisons={"goal": [[[1, 3], [1 / 3, 1]]]},
    ... )
    >>> AHP().evaluate(profile).ranking
    (('caretaker',), ('renovation',))

    References:
        Saaty (1980), The Analytic Hierarchy Process. Forman, Peniwati (1998), European Journal of Operational Research
        108, 165-169: groups.
    """

    name: ClassVar[str] = "ahp"
    version: ClassVar[str] = "1"

    method: Method = "geometric-mean"
    aggregation: Aggregation = "aip-geometric"
    synthesis: Synthesis = "distributive"
    completion: Completion = "log-least-squares"
    random_index: str = "computed"

    def __attrs_post_init__(self) -> None:
        chosen("method", self.method, METHODS)
        chosen("aggregation", self.aggregation, AGGREGATIONS)
        chosen("synthesis", self.synthesis, SYNTHESES)
        chosen("completion", self.completion, COMPLETIONS)
        chosen("random_index", self.random_index, tuple(indices.RANDOM_INDICES))

    @property
    def parameters(self) -> Mapping[str, str]:
        """Every parameter by name, sorted."""
        return {
            "aggregation": self.aggregation,
            "completion": self.completion,
            "method": self.method,
            "random_index": self.random_index,
            "synthesis": self.synthesis,
        }

    def evaluate(self, profile: Profile) -> Outcome:
        """
        Return the group's priorities and the order they make.

        Args:
            profile: With comparisons, or priorities, under every node of its hierarchy, of every judge; under
                ``aggregation="aij"`` the judges together must have compared enough.

        Raises:
            ProfileError: Judgements are lacking, or those of a judge (the group) fall apart; the parts are named.
        """
        if not profile.alternatives:
            return self._outcome(profile, None, np.empty(0), ranks=None, flat=None)
        judgements = _judgements(profile, pooling=self.aggregation == "aij")
        voices = np.array([float(weight) for weight in profile.weights]) * profile.counts.astype(np.float64)
        if self.aggregation == "aij":
            own = self._own(profile, judgements)
            found = self._hierarchical(profile, GROUP, _pooled(profile, judgements, voices), own)
        else:
            _refuse_disconnected(profile, judgements)
            found = self._hierarchical(profile, profile.judges, judgements, None)
        scores = grouped(found.overall, voices if len(found.overall) > 1 else np.ones(1), self.aggregation)
        flat = self._flat(profile)
        return self._outcome(profile, found, scores, ranks=ties.ranks(found.own, flat), flat=flat)

    def explain(self, outcome: Outcome, above: str, below: str | None = None) -> "HierarchicalExplanation":
        """
        Return why *above* stands where it stands: against *below*, or against its nearest rival.

        Raises:
            ModelError: There is no other alternative, or the outcome is not one of this model.
        """
        from afwegen.models.ahp.explaining import explained

        return explained(self, outcome, above, below)

    def _derived(self, judgements: Mapping[str, Pool]) -> Iterator[tuple[tuple[str, ...], Priorities]]:
        """Derive all nodes of one size together: a call costs more than a matrix."""
        alike: dict[tuple[int, bool], list[str]] = {}
        for node, pool in judgements.items():
            alike.setdefault((pool.logs.shape[-1], pool.shares is None), []).append(node)
        for nodes in alike.values():
            pools = [judgements[node] for node in nodes]
            shares = [pool.shares for pool in pools if pool.shares is not None]
            found = derive(
                np.stack([pool.logs for pool in pools]),
                method=self.method,
                completion=self.completion,
                random_index=self.random_index,
                shares=np.stack(shares) if shares else None,
            )
            yield tuple(nodes), found

    def _own(self, profile: Profile, judgements: Mapping[str, Pool]) -> Floats:
        """Return the overall priorities of each judge alone; NaN for a judge whose comparisons fall apart."""
        able = np.ones(len(profile.judges), dtype=bool)
        for pool in judgements.values():
            able &= connected(~np.isnan(pool.logs))
        own = np.full((len(profile.judges), len(profile.alternatives)), np.nan)
        if able.any():
            alone = {node: Pool(logs=pool.logs[able]) for node, pool in judgements.items()}
            weights = {
                node: found.weights[place] for nodes, found in self._derived(alone) for place, node in enumerate(nodes)
            }
            leaves = leaves_of(profile.hierarchy, weights)
            own[able] = synthesised(leaves.importance, leaves.local, self.synthesis)
        return own

    def _hierarchical(
        self, profile: Profile, whose: tuple[str, ...], judgements: Mapping[str, Pool], own: Floats | None
    ) -> Hierarchical:
        nodes = {
            node: found.at(place) for alike, found in self._derived(judgements) for place, node in enumerate(alike)
        }
        leaves = leaves_of(profile.hierarchy, {node: found.weights for node, found in nodes.items()})
        overall = synthesised(leaves.importance, leaves.local, self.synthesis)
        return Hierarchical(
            whose=whose,
            nodes={node: nodes[node] for node in judgements},
            leaves=leaves,
            overall=overall,
            own=overall if own is None else own,
        )

    def _flat(self, profile: Profile) -> Floats | None:
        """Return the comparisons whose row products decide ties exactly, where they do."""
        matrices = profile.comparisons.get("goal")
        if profile.hierarchy["goal"] or self.method != "geometric-mean" or matrices is None:
            return None
        return None if np.isnan(matrices).any() else matrices

    def _outcome(
        self, profile: Profile, found: Hierarchical | None, scores: Floats, *, ranks: Floats | None, flat: Floats | None
    ) -> Outcome:
        exact = None
        if flat is not None and (self.aggregation != "aip-arithmetic" or len(flat) == 1) and ties.near_tie(scores):
            exact = ties.exact_group(flat, profile.weights, profile.counts.tolist())
        ordered = ranking_by_scores(profile.alternatives, scores.tolist(), exact=exact)
        agreed = None if ranks is None else _agreed(profile, ranks)
        return Outcome(
            ranking=ordered.tiers,
            scores=dict(zip(profile.alternatives, scores.tolist(), strict=True)),
            relation=ordered.relation,
            consensus=agreed,
            diagnostics=found,
            notes=(*profile.notes, *self._notes(profile, found, agreed, by_tolerance=ordered.by_tolerance)),
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
        )

    def _notes(
        self, profile: Profile, found: Hierarchical | None, agreed: Consensus | None, *, by_tolerance: bool
    ) -> Iterator[str]:
        yield REVERSAL[self.synthesis]
        if self.aggregation == "aij" and profile.hierarchy.get("goal"):
            yield "judgements pooled over a hierarchy can make an alternative lose that every judge puts first"
        if by_tolerance:
            yield "scores within 1e-9 of each other, relative, were taken as tied"
        if agreed is None:
            yield "no consensus: no two judges compare a pair of alternatives"
        if found is not None:
            if any(priorities.incomplete for priorities in found.nodes.values()):
                yield f"some matrices are incomplete: their priorities are estimated by {self.completion}"
            yield from _consistency(found.nodes, self.random_index)


def _judgements(profile: Profile, *, pooling: bool) -> dict[str, Pool]:
    """Return logarithms ``(m, k, k)`` by node; priorities given directly become the consistent matrix they are."""
    if not profile.hierarchy:
        profile.require("comparisons", "goal")
    if not profile.judges:
        raise ProfileError("nobody compared anything", do="ask at least one judge", got=profile.judges)
    return {node: Pool(logs=_logs(profile, node, pooling=pooling)) for node in profile.nodes}


def _logs(profile: Profile, node: str, *, pooling: bool) -> Floats:
    size = len(profile.items(node))
    if size < 2:
        return np.zeros((len(profile.judges), size, size))
    if node in profile.comparisons:
        logs = logarithms(profile.comparisons[node])
    else:
        logs = np.full((len(profile.judges), size, size), np.nan)
    if node in profile.priorities:
        shares = np.log(profile.priorities[node])
        logs = np.where(np.isnan(shares)[..., None], logs, shares[..., :, None] - shares[..., None, :])
    # Asking who gave nothing costs more than computing; nobody did when nothing is missing.
    if np.isnan(logs).any() and (not pooling or len(profile.lacking("comparisons", node)) == len(profile.judges)):
        profile.require("comparisons", node)
    return logs


def _refuse_disconnected(profile: Profile, judgements: Mapping[str, Pool]) -> None:
    for node, pool in judgements.items():
        if (lacking := np.isnan(pool.logs)).any():
            whose = [f"by {judge!r} under {node!r}" for judge in profile.judges]
            refuse_disconnected(~lacking, names=profile.items(node), whose=whose)


def _pooled(profile: Profile, judgements: Mapping[str, Pool], voices: Floats) -> dict[str, Pool]:
    """Return the group's one matrix a node, and how much weight judged each pair where some did not."""
    together = {}
    for node, pool in judgements.items():
        logs, shares = pooled(pool.logs, voices)
        refuse_disconnected(shares > 0, names=profile.items(node), whose=[f"of all judges together under {node!r}"])
        complete = not np.isnan(pool.logs).any()
        together[node] = Pool(logs=logs[None], shares=None if complete else shares[None])
    return together


def _agreed(profile: Profile, ranks: Floats) -> Consensus | None:
    missing = "abstain" if np.isnan(ranks).any() else "refuse"
    return consensus(
        ranks,
        profile.weights,
        profile.counts,
        judges=profile.judges,
        alternatives=profile.alternatives,
        missing=missing,
    )


def _consistency(nodes: Mapping[str, Priorities], random_index: str) -> Iterator[str]:
    ratios = {node: found.cr for node, found in nodes.items()}
    for node in (node for node, cr in ratios.items() if cr is None):
        found = nodes[node]
        limit = indices.gci_threshold(found.size)
        yield (
            f"no consistency ratio under {node!r}: the random indices end at 15 things compared; geometric consistency "
            f"index above {limit} in {int(np.sum(found.gci > limit))} of {found.gci.size} matrices"
        )
    known = {node: cr for node, cr in ratios.items() if cr is not None}
    above = sum(int(np.sum(cr > indices.CR_THRESHOLD)) for cr in known.values())
    if above:
        worst = max(known, key=lambda node: float(known[node].max()))
        yield (
            f"consistency ratio above {indices.CR_THRESHOLD} in {above} of {sum(cr.size for cr in known.values())} "
            f"matrices (random index {random_index}); "
            f"the largest, {known[worst].max():.3g}, is under {worst!r}"
        )
    yield from dict.fromkeys(doubt for found in nodes.values() for doubt in found.doubts)
