"""Why one alternative stands above another: the widest paths, their weakest links, and whose those are."""

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from afwegen.models.explanation import language_of, phrase
from afwegen.models.graph_words import PLACE, few, path_in_words, undone_in_words, verdict_in_words
from afwegen.models.order_rules import widest_paths
from afwegen.models.outcome import Outcome
from afwegen.models.panel import Panel

if TYPE_CHECKING:
    from afwegen.models.consensus_graph import ConsensusGraph

__all__ = ["Link", "Path", "WhyAbove", "WhyPlace", "why_above", "why_place"]

Exact = int | Fraction
Verdict = Literal["above", "below", "neither"]

_LARGEST_WHAT_IF: Final = 10**8
"""The most work, judges times alternatives cubed, for which the absence of each judge is tried."""


@frozen(kw_only=True)
class Link:
    """
    An edge of the graph: more weight puts the one above the other than the reverse.

    Attributes:
        above: The alternative preferred.
        below: The other.
        margin: Weight for it minus weight against it; above 0.
        weight: Weight for it.
        against: Weight against it.
        supporters: The judges for it.
    """

    above: str
    below: str
    margin: Exact
    weight: Exact
    against: Exact
    supporters: tuple[str, ...]


@frozen(kw_only=True)
class Path:
    """
    A widest path: none is stronger, none as strong is shorter, and among those it is the first by name.

    Attributes:
        links: From the first alternative to the last; empty where there is no path.
    """

    links: tuple[Link, ...]

    @property
    def strength(self) -> Exact:
        """The smallest margin on it, 0 where there is no path."""
        return min((link.margin for link in self.links), default=0)

    @property
    def weakest(self) -> tuple[Link, ...]:
        """The links that are no stronger than the path."""
        return tuple(link for link in self.links if link.margin == self.strength)


@frozen(kw_only=True)
class WhyAbove:
    """
    How two alternatives stand to each other, and on what that rests.

    Attributes:
        above: The alternative asked about.
        below: The one it is held against.
        verdict: Whether, in the relation, the first stands above the second, below it, or neither.
        rule: The rule that decided.
        path: The widest path from the first to the second.
        rival: The widest path back.
        points: Points of both under ``"copeland"`` and ``"borda"``, else None.
        optima: How many orders are optimal under ``"kemeny"``, else None.
        undone_by: The judges without any one of whom the verdict would be another; None where there are too many to
            try.
    """

    above: str
    below: str
    verdict: Verdict
    rule: str
    path: Path
    rival: Path
    points: tuple[float, float] | None
    optima: int | None
    undone_by: tuple[str, ...] | None

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """
        Return the explanation in plain sentences, ``"en"`` or ``"nl"``, with the numbers computed, rounded for display.

        Raises:
            ModelError: Another language.
        """
        spoken = language_of(language)
        said = [
            verdict_in_words(self, spoken),
            path_in_words(self.path, self.above, self.below, spoken),
            path_in_words(self.rival, self.below, self.above, spoken),
        ]
        if self.undone_by is not None:
            said.append(undone_in_words(self.undone_by, spoken))
        return tuple(said)


@frozen(kw_only=True)
class WhyPlace:
    """
    Where an alternative stands among the others.

    Attributes:
        alternative: Its name.
        above: Those it stands above in the relation.
        below: Those that stand above it; none: it is undefeated.
        beside: Those it is not told apart from.
        nearest: How it stands to its nearest rival: the strongest of those above it, or, undefeated, the one that
            comes closest; None where it is alone.
    """

    alternative: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    beside: tuple[str, ...]
    nearest: WhyAbove | None

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """
        Return the explanation in plain sentences, ``"en"`` or ``"nl"``, with the numbers computed, rounded for display.

        Raises:
            ModelError: Another language.
        """
        spoken = language_of(language)
        kinds = (("above", self.above), ("below", self.below), ("beside", self.beside))
        said = [
            phrase(PLACE[kind], spoken, name=self.alternative, others=few(names, spoken))
            for kind, names in kinds
            if names
        ]
        if not self.below:
            said.append(phrase(PLACE["undefeated"], spoken, name=self.alternative))
        return (*said, *(self.nearest.sentences(spoken) if self.nearest else ()))


def why_above(outcome: Outcome, model: "ConsensusGraph", above: str, below: str) -> WhyAbove:
    """Return how *above* and *below* stand to each other in an outcome of *model*."""
    return _why(outcome, model, model.panel(outcome.profile), above, below)


def why_place(outcome: Outcome, model: "ConsensusGraph", alternative: str) -> WhyPlace:
    """Return where *alternative* stands, and how it stands to its nearest rival."""
    counted = model.panel(outcome.profile)
    others = [name for name in outcome.profile.alternatives if name != alternative]
    above = tuple(name for name in others if (alternative, name) in outcome.relation)
    below = tuple(name for name in others if (name, alternative) in outcome.relation)
    nearest = _nearest_rival(outcome, counted, alternative, below or tuple(others))
    return WhyPlace(
        alternative=alternative,
        above=above,
        below=below,
        beside=tuple(name for name in others if name not in above and name not in below),
        nearest=None if nearest is None else _why(outcome, model, counted, alternative, nearest),
    )


def _nearest_rival(outcome: Outcome, counted: Panel, alternative: str, rivals: tuple[str, ...]) -> str | None:
    """Return the rival with most to say against *alternative*; among equals the first by name."""
    if outcome.scores is not None:
        scores = outcome.scores
        return min(rivals, key=lambda name: (-scores[name], name), default=None)
    names = outcome.profile.alternatives
    place, paths = names.index(alternative), widest_paths(counted.tally.margins)
    lead = {name: paths[place, other] - paths[other, place] for other, name in enumerate(names)}
    return min(rivals, key=lambda name: (lead[name], name), default=None)


def _why(outcome: Outcome, model: "ConsensusGraph", counted: Panel, above: str, below: str) -> WhyAbove:
    names = outcome.profile.alternatives
    a, b = names.index(above), names.index(below)
    scores = outcome.scores
    return WhyAbove(
        above=above,
        below=below,
        verdict=_verdict((above, below) in outcome.relation, (below, above) in outcome.relation),
        rule=model.rule,
        path=_path(outcome, counted, a, b),
        rival=_path(outcome, counted, b, a),
        points=None if scores is None else (scores[above], scores[below]),
        optima=getattr(outcome.diagnostics, "optima", None),
        undone_by=_undone_by(outcome, model, counted, a, b),
    )


def _verdict(above: bool, below: bool) -> Verdict:
    return "above" if above else "below" if below else "neither"


def _path(outcome: Outcome, counted: Panel, a: int, b: int) -> Path:
    margins = counted.tally.margins
    strength = widest_paths(margins)[a, b]
    steps = _shortest(margins >= strength, a, b, outcome.profile.alternatives) if strength else []
    return Path(links=tuple(_link(outcome, counted, *step) for step in steps))


def _shortest(edges: NDArray[np.bool_], a: int, b: int, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the steps of the shortest path, the first by name among equals: breadth first, neighbours by name."""
    came_from = {a: a}
    queue = [a]
    for place in queue:
        for after in sorted(np.flatnonzero(edges[place]).tolist(), key=names.__getitem__):
            if after not in came_from:
                came_from[after] = place
                queue.append(after)
    steps: list[tuple[int, int]] = []
    while b != a:
        steps.append((came_from[b], b))
        b = came_from[b]
    return steps[::-1]


def _link(outcome: Outcome, counted: Panel, a: int, b: int) -> Link:
    names = outcome.profile.alternatives
    return Link(
        above=names[a],
        below=names[b],
        margin=_plain(counted.unit * int(counted.tally.margins[a, b])),
        weight=_plain(counted.unit * int(counted.tally.above[a, b])),
        against=_plain(counted.unit * int(counted.tally.above[b, a])),
        supporters=counted.supporters(outcome.profile.judges, a, b),
    )


def _plain(value: Fraction) -> Exact:
    return value.numerator if value.denominator == 1 else value


def _undone_by(outcome: Outcome, model: "ConsensusGraph", counted: Panel, a: int, b: int) -> tuple[str, ...] | None:
    names, judges = outcome.profile.alternatives, outcome.profile.judges
    if len(judges) * len(names) ** 3 > _LARGEST_WHAT_IF:
        return None
    now = [(names[a], names[b]) in outcome.relation, (names[b], names[a]) in outcome.relation]
    then = [pair for above in model.above_without(counted) for pair in above[:, [a, b], [b, a]].tolist()]
    return tuple(judge for judge, pair in zip(judges, then, strict=True) if pair != now)
