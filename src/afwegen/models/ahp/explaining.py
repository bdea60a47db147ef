"""Why an alternative stands where it stands: what each node and judge adds, what contradicts, what would flip it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import field, frozen
from scipy.optimize import brentq

from afwegen.errors import ModelError
from afwegen.models.ahp import indices
from afwegen.models.ahp.consistency import contradictions
from afwegen.models.ahp.deriving import Priorities
from afwegen.models.ahp.matrices import Floats
from afwegen.models.ahp.model import AHP, Hierarchical
from afwegen.models.ahp.sentences import spoken
from afwegen.models.ahp.synthesis import grouped, synthesised
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Outcome

if TYPE_CHECKING:
    from afwegen.models.profile import Profile

__all__ = ["HierarchicalExplanation", "Inconsistency", "Part", "Shift", "explained"]

SHOWN: Final = 5
"""How many inconsistent matrices are looked into, the worst first."""


@frozen(kw_only=True)
class Part:
    """
    What one leaf of the hierarchy adds.

    Attributes:
        node: The leaf.
        importance: For the goal, the weighted mean over those whose priorities these are.
        local: Priority of the alternative under it, the mean likewise.
        against: Priority of the rival.
        adds: To the logarithm of the ratio of the scores, or to their difference; parts add up to the whole.
    """

    node: str
    importance: float
    local: float
    against: float
    adds: float


@frozen(kw_only=True)
class Shift:
    """A change of importance at which the two tie: *node* goes from *now* to *then*, the others shrink alike."""

    node: str
    now: float
    then: float


@frozen(kw_only=True)
class Inconsistency:
    """
    A matrix above the threshold, and what would mend it.

    Attributes:
        node: Under which it was judged.
        judge: By whom; ``"group"`` for pooled judgements.
        cr: Its consistency ratio.
        triad: The three things around which the judgements contradict each other most.
        koczkodaj: How much, 0 to 1.
        pair: The judgement that contributes most: first over second.
        value: That judgement.
        mended: What the other judgements say of it.
        cr_mended: The consistency ratio with that value.
    """

    node: str
    judge: str
    cr: float
    triad: tuple[str, str, str]
    koczkodaj: float
    pair: tuple[str, str]
    value: float
    mended: float
    cr_mended: float


@frozen(kw_only=True)
class HierarchicalExplanation:
    """
    Why one alternative stands so to another.

    Attributes:
        alternative: The alternative asked about.
        against: The one it is held against; None where there is no other.
        score: Of the alternative.
        score_against: Of the other; 0 where there is none.
        relation: ``"above"``, ``"tied"`` or ``"below"``.
        measure: What parts add to: ``"logarithm"`` of the ratio of scores, or ``"difference"`` (arithmetic AIP).
        parts: By leaf, the largest first.
        by_judge: What each judge (or the group) adds, to the same measure.
        fewest_absent: The fewest judges whose absence would leave the other no longer below (above); empty where none.
        shifts: Changes of importance that would tie them, the smallest first.
        judgement: Where one matrix decides by its row geometric mean, the judgement of the pair, and the value at which
            they would tie.
        inconsistent: Matrices above a consistency ratio of 0.1, the worst first, five at most.

    References:
        Ang (2004), Energy Policy 32, 1131-1139: the logarithmic mean that makes parts of a ratio add up.
    """

    alternative: str
    against: str | None
    score: float
    score_against: float
    relation: str
    measure: str
    parts: tuple[Part, ...] = ()
    by_judge: Mapping[str, float] = field(factory=dict, converter=FrozenMap[str, float])
    fewest_absent: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    judgement: tuple[float, float] | None = None
    inconsistent: tuple[Inconsistency, ...] = ()

    @property
    def ratio(self) -> float:
        """The score over that of the other; infinite where there is none."""
        return self.score / self.score_against if self.score_against else float("inf")

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """
        Return it in plain sentences, ``"en"`` or ``"nl"``; the numbers are those computed, rounded for display.

        Raises:
            ModelError: Another language.
        """
        return spoken(self, language)


def explained(model: AHP, outcome: Outcome, above: str, below: str | None) -> HierarchicalExplanation:
    """
    Return why *above* stands so to *below*, by default its nearest rival.

    Raises:
        ModelError: The outcome is none of this model.
    """
    found = outcome.diagnostics
    if not isinstance(found, Hierarchical) or outcome.scores is None:
        raise ModelError("an outcome of another model", do="ask the model that made it", got=outcome.provenance.model)
    rival = _rival(outcome, above) if below is None else below
    if rival is None:
        return HierarchicalExplanation(
            alternative=above,
            against=None,
            score=outcome.scores[above],
            score_against=0.0,
            relation="above",
            measure="logarithm",
            inconsistent=tuple(_inconsistencies(found, outcome.profile)),
        )
    return _against(model, outcome, found, above, rival)


def _rival(outcome: Outcome, name: str) -> str | None:
    """Return the winner, and for a winner the best of the others."""
    others = [other for tier in outcome.ranking for other in tier if other != name]
    return others[0] if others else None


def _against(model: AHP, outcome: Outcome, found: Hierarchical, above: str, below: str) -> HierarchicalExplanation:
    profile = outcome.profile
    a, b = profile.alternatives.index(above), profile.alternatives.index(below)
    voices = _voices(profile, found)
    logarithmic = model.aggregation != "aip-arithmetic"
    terms = voices[:, None] * _terms(model, found, a, b, logarithmic=logarithmic)
    each = terms.sum(axis=1)
    scores = outcome.scores or {}
    relation = (
        "above" if (above, below) in outcome.relation else "below" if (below, above) in outcome.relation else "tied"
    )
    return HierarchicalExplanation(
        alternative=above,
        against=below,
        score=scores[above],
        score_against=scores[below],
        relation=relation,
        measure="logarithm" if logarithmic else "difference",
        parts=_parts(found, voices, terms.sum(axis=0), a, b),
        by_judge=dict(zip(found.whose, each.tolist(), strict=True)),
        fewest_absent=() if relation == "tied" else _fewest(found.whose, each if relation == "above" else -each),
        shifts=() if relation == "tied" else _shifts(model, found, voices, a, b),
        judgement=_judgement(model, found, scores[above] / scores[below], a, b),
        inconsistent=tuple(_inconsistencies(found, profile)),
    )


def _voices(profile: "Profile", found: Hierarchical) -> Floats:
    if len(found.whose) != len(profile.judges) or len(found.overall) == 1:
        return np.ones(1)
    voices = np.array([float(weight) for weight in profile.weights]) * profile.counts.astype(np.float64)
    return np.asarray(voices / voices.sum())


def _terms(model: AHP, found: Hierarchical, a: int, b: int, *, logarithmic: bool) -> Floats:
    """Return ``(m, l)``: what each leaf adds to the logarithm of the ratio, or to the difference, of one judge."""
    leaves, first, second = found.leaves, found.overall[:, a, None], found.overall[:, b, None]
    mean = _logarithmic_mean(first, second)
    if model.synthesis == "multiplicative":
        logs = leaves.importance * np.log(leaves.local[..., a] / leaves.local[..., b])
        return logs if logarithmic else logs * mean
    local = leaves.local
    if model.synthesis == "ideal":
        local = local / local.max(axis=-1, keepdims=True)
    total = np.einsum("ml,mln->m", leaves.importance, local)[:, None]
    differences = leaves.importance * (local[..., a] - local[..., b]) / total
    return np.asarray(differences / mean if logarithmic else differences)


def _logarithmic_mean(first: Floats, second: Floats) -> Floats:
    """Return (a - b) / (ln a - ln b), and a where both are equal."""
    apart = np.abs(first - second) > 1e-12 * first
    logs = np.where(apart, np.log(first / np.where(apart, second, first / np.e)), 1.0)
    return np.where(apart, (first - second) / logs, first)


def _parts(found: Hierarchical, voices: Floats, adds: Floats, a: int, b: int) -> tuple[Part, ...]:
    importance = voices @ found.leaves.importance
    local = np.einsum("m,mln->ln", voices, found.leaves.local)
    order = sorted(range(len(adds)), key=lambda place: -abs(float(adds[place])))
    return tuple(
        Part(
            node=found.leaves.nodes[place],
            importance=float(importance[place]),
            local=float(local[place, a]),
            against=float(local[place, b]),
            adds=float(adds[place]),
        )
        for place in order
    )


def _fewest(whose: tuple[str, ...], each: Floats) -> tuple[str, ...]:
    """Return the fewest whose contributions, taken away, leave nothing; one at least stays."""
    left, absent = float(each.sum()), []
    for place in np.argsort(-each, kind="stable")[:-1].tolist():
        left -= float(each[place])
        absent.append(whose[place])
        if left <= 1e-12 * float(np.abs(each).sum()):
            return tuple(absent)
    return ()


def _shifts(model: AHP, found: Hierarchical, voices: Floats, a: int, b: int) -> tuple[Shift, ...]:
    importance = voices @ found.leaves.importance
    shifts = []
    for leaf, node in enumerate(found.leaves.nodes if len(found.leaves.nodes) > 1 else ()):
        all_on_leaf = np.eye(len(found.leaves.nodes))[leaf]

        def margin(share: float, corner: Floats = all_on_leaf) -> float:
            moved = (1 - share) * found.leaves.importance + share * corner
            group = grouped(synthesised(moved, found.leaves.local, model.synthesis), voices, model.aggregation)
            return float(np.log(group[a] / group[b]))

        if margin(0.0) * margin(1.0) < 0:
            share = float(brentq(margin, 0.0, 1.0, xtol=1e-14))
            now = float(importance[leaf])
            shifts.append(Shift(node=node, now=now, then=(1 - share) * now + share))
    return tuple(sorted(shifts, key=lambda shift: shift.then - shift.now))


def _judgement(model: AHP, found: Hierarchical, ratio: float, a: int, b: int) -> tuple[float, float] | None:
    goal = found.nodes["goal"]
    if found.leaves.nodes != ("goal",) or len(found.overall) > 1 or model.method != "geometric-mean" or goal.incomplete:
        return None
    value = float(np.exp(goal.logs[0, a, b]))
    return value, value * float(ratio ** (-goal.size / 2))


def _inconsistencies(found: Hierarchical, profile: "Profile") -> Iterator[Inconsistency]:
    above = [
        (float(ratios[place]), node, int(place))
        for node, priorities in found.nodes.items()
        if (ratios := priorities.cr) is not None
        for place in np.flatnonzero(ratios > indices.CR_THRESHOLD)
    ]
    for cr, node, place in sorted(above, key=lambda entry: -entry[0])[:SHOWN]:
        yield _inconsistency(found.nodes[node].at(place), profile.items(node), node, found.whose[place], cr)


def _inconsistency(priorities: Priorities, items: tuple[str, ...], node: str, judge: str, cr: float) -> Inconsistency:
    worst = contradictions(priorities)
    i, j, k = (items[place] for place in worst.triad.tolist())
    first, second = (items[place] for place in worst.pair.tolist())
    mended = worst.after.cr
    value, better = float(worst.value), float(worst.mended)
    # People say how many times more, not how many times less.
    if value < 1:
        first, second, value, better = second, first, 1 / value, 1 / better
    return Inconsistency(
        node=node,
        judge=judge,
        cr=cr,
        triad=(i, j, k),
        koczkodaj=float(worst.koczkodaj),
        pair=(first, second),
        value=value,
        mended=better,
        cr_mended=cr if mended is None else float(mended),
    )
