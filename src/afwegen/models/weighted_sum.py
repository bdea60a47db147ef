r"""
The weighted sum: what each criterion adds, times how much it matters.

:math:`v(a) = \sum_k w_k u_k(x_{ka})` with weights that sum to 1 and values between fixed anchors.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from attrs import Attribute, cmp_using, field, frozen

from afwegen.errors import ModelError, ProfileError
from afwegen.models.additive import MISSING, Additive, Missing
from afwegen.models.consensus import consensus
from afwegen.models.frozen import FrozenMap
from afwegen.models.normalisation import NORMALISATIONS, Mask, Normalisation, anchors_of, broadcasts, laid_out, values
from afwegen.models.outcome import (
    Outcome,
    Relation,
    Tiers,
    provenance_of,
    ranking_by_scores,
    relation_of_tiers,
    tiers_of_relation,
)
from afwegen.models.profile import Derivation, Profile
from afwegen.models.rationals import Floats, dense_ranks

if TYPE_CHECKING:
    from afwegen.models.bounds_why import BoundsWhy
    from afwegen.models.weighted_sum_why import Why

__all__ = ["WeightedSum", "WeightedSumDetails", "added", "score"]

_NUMERIC: Final = "iufO"
_DERIVATIONS: Final = (None, "borda", "approval-share")


def _one_of(allowed: Sequence[object]) -> Any:
    def check(_: object, attribute: "Attribute[object]", value: object) -> None:
        if value not in allowed:
            raise ModelError(f"an unknown {attribute.name}", f"choose one of {tuple(allowed)}", value)

    return check


@frozen(kw_only=True)
class WeightedSumDetails:
    """
    What the judges' own scores were.

    Attributes:
        own: Score of each alternative by each judge, ``(m, n)``, read-only; under ``bounds`` the lowest it can be.
        own_high: Under ``bounds`` the highest it can be, else the same array.
        weights: Mean weight of each criterion in the group, ``(c,)``, adding up to 1.
    """

    own: Floats = field(eq=cmp_using(eq=np.array_equal), hash=False)
    own_high: Floats = field(eq=cmp_using(eq=np.array_equal), hash=False, repr=False)
    weights: Floats = field(eq=cmp_using(eq=np.array_equal), hash=False)


@frozen(kw_only=True)
class WeightedSum:
    """
    The additive value model: per judge first, then the mean over judges, each by his weight.

    It assumes that criteria make up for one another at a constant rate and that a step on a scale is worth the same
    wherever it is taken (or what the points of the scale say). Between **fixed anchors** the order of two alternatives
    does not depend on a third; under any other normalisation it may, and the outcome says so.

    Args:
        normalisation: ``"anchors"``, ``"none"``, ``"min-max"``, ``"sum"``, ``"max"`` or ``"vector"``.
        missing: What to do about a score that was not given: ``"refuse"``; ``"renormalise"``: the judge's other
            criteria take over its weight; ``"bounds"``: it may be anything on its scale, so that the outcome has bounds
            in place of scores, and one alternative is above another only when its lowest is above the other's highest.
        derive: Where there are rankings only: the rule by which scores are made of them, ``"borda"`` or
            ``"approval-share"``; None: they are not.

    >>> from afwegen.models.profile import Scale
    >>> profile = Profile.from_scores(
    ...     [[[6, 25], [8, 75]], [[4, 50], [0, 0]]],
    ...     judges=["anna", "bram"],
    ...     alternatives=["caretaker", "renovation"],
    ...     criteria=["safety", "cost"],
    ...     criterion_weights=[3, 1],
    ...     scales={"safety": Scale(0, 8), "cost": Scale(100, 0)},
    ... )
    >>> outcome = WeightedSum().evaluate(profile)
    >>> outcome.ranking
    (('caretaker',), ('renovation',))
    >>> outcome.scores
    {'caretaker': 0.625, 'renovation': 0.53125}

    References:
        Fishburn (1967); Keeney, Raiffa (1976), Decisions with Multiple Objectives, chapter 3.
    """

    name: ClassVar[str] = "weighted-sum"
    version: ClassVar[str] = "1"

    normalisation: Normalisation = field(default="anchors", validator=_one_of(NORMALISATIONS))
    missing: Missing = field(default="refuse", validator=_one_of(MISSING))
    derive: Derivation | None = field(default=None, validator=_one_of(_DERIVATIONS))

    @property
    def parameters(self) -> Mapping[str, str]:
        """Every parameter in its canonical spelling, by name."""
        return FrozenMap(
            {"derive": self.derive or "none", "missing": self.missing, "normalisation": self.normalisation}
        )

    def evaluate(self, profile: Profile) -> Outcome:
        """
        Score the alternatives for the group.

        Raises:
            ProfileError: Scores or weights are lacking, or not defined under the normalisation.
            ModelError: Bounds are asked for without fixed anchors.
        """
        table = self.table(profile)
        if not profile.alternatives:
            return self._outcome(profile, table, (), frozenset(), scores={} if self.missing != "bounds" else None)
        if self.missing == "bounds":
            low, high = table.voices @ table.own, table.voices @ table.own_high
            relation = _necessary(profile.alternatives, _settled(np.concatenate([low, high]), table))
            tiers = tiers_of_relation(profile.alternatives, relation)
            ends = zip(low.tolist(), high.tolist(), strict=True)
            return self._outcome(
                profile, table, tiers, relation, bounds=dict(zip(profile.alternatives, ends, strict=True))
            )
        scores = table.voices @ table.own
        named = dict(zip(profile.alternatives, scores.tolist(), strict=True))
        if self.normalisation == "vector":
            tiers = ranking_by_scores(profile.alternatives, scores.tolist()).tiers
        else:
            tiers = _tiers(profile.alternatives, _settled(scores, table))
        return self._outcome(profile, table, tiers, relation_of_tiers(tiers), scores=named)

    def explain(self, outcome: Outcome, above: str, below: str | None) -> "Why | BoundsWhy":
        """Return why *above* stands where it stands, or so to *below*; see `afwegen.models.weighted_sum_why`."""
        from afwegen.models.bounds_why import why_bounds
        from afwegen.models.weighted_sum_why import why

        if outcome.bounds is not None:
            return why_bounds(outcome, above, below)

        return why(outcome, above, below)

    def table(self, profile: Profile) -> Additive:
        """Return what is added up: the scores of *profile*, or those derived from its rankings."""
        scored = profile.derived(self.derive) if self.derive and profile.scores is None else profile
        return Additive(profile=scored, normalisation=self.normalisation, missing=self.missing)

    def _outcome(self, profile: Profile, table: Additive, ranking: Tiers, relation: Relation, **kinds: Any) -> Outcome:
        agreement = consensus(
            table.own_ranks(),
            table.profile.weights,
            table.profile.counts,
            judges=profile.judges,
            alternatives=profile.alternatives,
            missing="abstain",
        )
        return Outcome(
            ranking=ranking,
            relation=relation,
            consensus=agreement,
            diagnostics=WeightedSumDetails(
                own=_read_only(table.own),
                own_high=_read_only(table.own_high),
                weights=_read_only(
                    table.voices @ np.broadcast_to(table.shares, (len(table.voices), table.shares.shape[1]))
                ),
            ),
            notes=tuple(self._notes(table, undefined=agreement is None)),
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
            **kinds,
        )

    def _notes(self, table: Additive, *, undefined: bool) -> list[str]:
        notes = list(table.profile.notes)
        if self.normalisation != "anchors":
            notes.append(f"rank reversal possible: {self.normalisation!r} normalisation has no fixed anchors")
        if table.given is not None:
            absent = int((~table.given).sum())
            how = "the judge's other criteria take their weight" if self.missing == "renormalise" else "bounds"
            notes.append(f"{absent} scores missing: {how}")
        if undefined:
            notes.append("no consensus: no pair of alternatives is compared by two judges")
        exactly = self.normalisation != "vector"
        notes.append("ties are exact" if exactly else "ties: scores that differ by at most 1e-9 relative")
        return notes


def _read_only(array: Floats) -> Floats:
    array.flags.writeable = False
    return array


def _settled(scores: Floats, table: Additive) -> list[int]:
    """Return ranks of the group's scores, 1 is best, by exact arithmetic where floats come too near to tell."""
    falling = np.sort(scores)
    if (falling[1:] - falling[:-1] > table.slack).all():
        return dense_ranks(scores).tolist()  # type: ignore[no-any-return]
    exact = table.group()
    # Lowest and highest are the same numbers when nothing is missing.
    whole = np.array(exact * (len(scores) // len(exact)), dtype=object)
    return dense_ranks(whole).tolist()  # type: ignore[no-any-return]


def _tiers(alternatives: Sequence[str], ranks: list[int]) -> Tiers:
    tiers: list[list[str]] = [[] for _ in range(max(ranks))]
    for name, rank in zip(alternatives, ranks, strict=True):
        tiers[rank - 1].append(name)
    return tuple(map(tuple, tiers))


def _necessary(alternatives: Sequence[str], ranks: list[int]) -> Relation:
    """Return who is above whom whatever the missing scores are: lowest above highest."""
    low, high = ranks[: len(alternatives)], ranks[len(alternatives) :]
    return frozenset(
        (above, below)
        for above, lowest in zip(alternatives, low, strict=True)
        for below, highest in zip(alternatives, high, strict=True)
        if lowest < highest
    )


def score(
    matrix: npt.ArrayLike,
    weights: npt.ArrayLike,
    normalisation: Normalisation = "anchors",
    scales: object = None,
    maximise: npt.ArrayLike | None = None,
) -> Floats:
    r"""
    Score the alternatives of one problem, or of a million at once.

    Args:
        matrix: Scores, shape ``(..., n, c)``, finite; any kind of number.
        weights: Of the criteria, shape ``(c,)`` or ``(..., c)``; 0 or more, not all 0. Only their proportions count.
        normalisation: How scores become values: see `afwegen.models.normalisation.values`. All but ``anchors`` and
            ``none`` look at the other alternatives of the same problem, so rank reversal is possible.
        scales: For ``anchors``: a `Scale` a criterion, or an array ``(..., c, 2)`` of worst and best.
        maximise: Shape ``(c,)``, false where lower is better; None: higher is better everywhere. Anchors have a
            direction of their own.

    Returns:
        Shape ``(..., n)``, fresh, not rounded. No NaN comes out.

    Raises:
        ProfileError: A score or weight is missing, negative where it may not be, infinite, or outside its anchors.
        ModelError: The normalisation is unknown, or anchors are missing.

    >>> score([[6, 25], [8, 75]], [3, 1], scales=[(0, 8), (100, 0)]).tolist()
    [0.75, 0.8125]

    References:
        Fishburn (1967), Additive utilities with incomplete product sets; Keeney, Raiffa (1976), chapter 3.
    """
    if normalisation not in NORMALISATIONS:
        raise ModelError("an unknown normalisation", f"choose one of {NORMALISATIONS}", normalisation)
    scores = _numbers(matrix, "scores")
    if scores.ndim < 2:
        raise ProfileError("scores have the axes (..., alternatives, criteria)", "give a matrix", scores.shape)
    shares = _shares(weights, scores.shape)
    costs = _costs(maximise, scores.shape[-1])
    anchors = anchors_of(scales, scores.shape[-1], scores.shape[:-2]) if normalisation == "anchors" else None
    if anchors and costs is not None and ((anchors.worst > anchors.best) != costs).any():
        raise ProfileError("anchors and maximise point in different directions", "leave maximise out", maximise)
    columns = values(laid_out(scores), normalisation, anchors, costs)
    return added(columns, shares).T.reshape(scores.shape[:-1])


def added(columns: Floats, shares: Floats) -> Floats:
    """
    Add weighted values over the criteria.

    Args:
        columns: Values, shape ``(n, c, b)``; overwritten.
        shares: Shape ``(c,)`` or ``(..., c)``, b in all.

    Returns:
        Shape ``(n, b)``.
    """
    columns *= shares[:, None] if shares.ndim == 1 else shares.reshape(-1, shares.shape[-1]).T
    return np.asarray(columns.sum(axis=1))


def _numbers(given: npt.ArrayLike, what: str) -> Floats:
    """Return finite floats; refuse the rest, showing the first."""
    try:
        found = np.asarray(given)
        array = found.astype(np.float64, copy=False) if found.dtype.kind in _NUMERIC else None
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is None:
        raise ProfileError(f"{what} are numbers, in rows of one length", "give int, float, Decimal or Fraction", given)
    # A sum is finite only when all are; a sum that overflows is looked at more closely.
    with np.errstate(all="ignore"):
        suspect = not np.isfinite(array.sum())
    if suspect and not (finite := np.isfinite(array)).all():
        raise ProfileError(f"{what} are finite and not missing", "leave nothing out", float(array[~finite][0]))
    return array


def _shares(weights: npt.ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = _numbers(weights, "weights of criteria")
    if array.shape[-1:] != shape[-1:] or not broadcasts(array.shape[:-1], shape[:-2]):
        raise ProfileError(f"weights of criteria have shape (..., {shape[-1]})", "give one a criterion", array.shape)
    if (array < 0).any():
        raise ProfileError(
            "the weight of a criterion is 0 or more", "turn its scale around instead", float(array.min())
        )
    heaviest = array.max(axis=-1, keepdims=True, initial=0.0)
    if not (heaviest > 0).all():
        raise ProfileError("all weights of criteria are zero", "let one criterion count", array[..., 0].size)
    even = array / heaviest
    even /= even.sum(axis=-1, keepdims=True)
    return even if even.ndim == 1 else np.broadcast_to(even, (*shape[:-2], shape[-1]))


def _costs(maximise: npt.ArrayLike | None, criteria: int) -> Mask | None:
    if maximise is None:
        return None
    upwards = np.asarray(maximise)
    if upwards.dtype.kind != "b" or upwards.shape != (criteria,):
        raise ProfileError(f"maximise is a truth value for each of {criteria} criteria", "give True or False", maximise)
    return ~upwards
