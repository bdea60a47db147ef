"""
What all judges said, as arrays with names.

The axes stand in this order everywhere: judges (m), alternatives (n), criteria (c). This is a big room, because a
profile is one thing, checked where it is made; what can be made of it stands in `afwegen.models.deriving`.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from hashlib import sha256
from itertools import pairwise
from typing import Final, Literal, Self

import numpy as np
from attrs import field, frozen

from afwegen.errors import ProfileError
from afwegen.models.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    as_counts,
    as_floats,
    as_names,
    as_weights,
    check_comparisons,
    check_criterion_weights,
    check_hierarchy,
    check_priorities,
    check_shape,
    dense,
    exact,
    first,
    frozen_array,
)
from afwegen.models.frames import Backend, profile_frame
from afwegen.models.frozen import FrozenMap

__all__ = ["OVERALL", "Derivation", "Kind", "Profile", "Scale"]

OVERALL: Final = "overall"
"""The ranking that weighs everything, in place of a criterion."""

Derivation = Literal["borda", "approval-share"]
"""The rules by which scores may be made of rankings, when a caller asks for one by name."""

Kind = Literal["scores", "criterion weights", "rankings", "comparisons"]
"""The kinds of judgement a profile may hold."""

Order = Sequence[Sequence[str] | str]


def _points(points: Iterable[tuple[object, object]]) -> tuple[tuple[float, float], ...]:
    return tuple((_finite(raw), _finite(value)) for raw, value in points)


def _finite(value: object) -> float:
    return float(exact(value, "an anchor"))


@frozen
class Scale:
    """
    What the worst and the best imaginable score of a criterion are; the direction follows.

    The anchors are set when the criterion is, not read off the data: moving them is a decision, and can turn a ranking.

    Args:
        worst: The raw score worth 0.
        best: The raw score worth 1.
        points: Pairs (raw, value) strictly between them, values in [0, 1] that never fall towards the best: the value
            function is linear from point to point.

    >>> Scale(100, 0).rising
    False
    """

    worst: float = field(converter=_finite)
    best: float = field(converter=_finite)
    points: tuple[tuple[float, float], ...] = field(default=(), converter=_points)

    def __attrs_post_init__(self) -> None:
        if self.worst == self.best:
            raise ProfileError("the worst and the best score are the same", do="set them apart", got=self.worst)
        curve = ((self.worst, 0.0), *self.points, (self.best, 1.0))
        way = 1 if self.rising else -1
        for (raw, value), (next_raw, next_value) in pairwise(curve):
            if (next_raw - raw) * way <= 0:
                raise ProfileError("points go from worst to best, strictly between", do="sort them", got=self.points)
            if next_value < value or not 0 <= value <= 1:
                raise ProfileError("values rise from 0 to 1", do="let no better score be worth less", got=self.points)

    @property
    def rising(self) -> bool:
        """Whether more is better."""
        return self.best > self.worst


def _names_of_judges(judges: Iterable[str]) -> tuple[str, ...]:
    return as_names(judges, "judges")


def _names_of_alternatives(alternatives: Iterable[str]) -> tuple[str, ...]:
    return as_names(alternatives, "alternatives")


def _names_of_criteria(criteria: Iterable[str]) -> tuple[str, ...]:
    return as_names(criteria, "criteria")


def _scores(scores: object) -> FloatArray | None:
    return None if scores is None else as_floats(scores, "scores")


def _criterion_weights(weights: object) -> FloatArray | None:
    return None if weights is None else as_floats(weights, "weights of criteria")


def _rankings(rankings: Mapping[str, object]) -> Mapping[str, FloatArray]:
    return FrozenMap({name: frozen_array(dense(as_floats(ranks, "ranks"))) for name, ranks in rankings.items()})


def _arrays(arrays: Mapping[str, object]) -> Mapping[str, FloatArray]:
    return FrozenMap({name: as_floats(array, f"judgements under {name!r}") for name, array in arrays.items()})


def _scales(scales: Mapping[str, Scale]) -> Mapping[str, Scale]:
    for name, scale in scales.items():
        if not isinstance(scale, Scale):
            raise ProfileError(f"the scale of {name!r} is no Scale", do="give Scale(worst, best)", got=scale)
    return FrozenMap(scales)


def _hierarchy(hierarchy: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenMap({node: as_names(children, f"children of {node!r}") for node, children in hierarchy.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Profile:
    """
    The preferences of all judges about the same alternatives; checked when made, read-only ever after.

    A judge may have given some kinds of judgement and not others: what is lacking is NaN here, and a model that needs
    it refuses, naming the judge (`require`). Use the constructors `from_rankings`, `from_scores`, `from_comparisons`
    and `combine`; two profiles are equal when they say the same.

    Attributes:
        judges: m names.
        alternatives: n names.
        criteria: c names, the last axis of `scores`.
        weights: Of judges, exact, above 0. A weight makes one judge weigh more.
        counts: Of judges, from 1: how many identical judges a row stands for. They do agree with each other.
        scores: ``(m, n, c)`` on `scales`, NaN = not given.
        scales: By criterion.
        criterion_weights: ``(c,)`` for all or ``(m, c)`` by judge, 0 or more, not all 0; a row of NaN = gave none.
        rankings: By criterion or `OVERALL`, ``(m, n)``, 1 is best, ties share a rank, no gaps, NaN = not ranked.
        hierarchy: From a node to its children, ``"goal"`` at the top; nodes without children are judged on the
            alternatives.
        comparisons: By node, ``(m, k, k)``, row over column, positive, reciprocal to 1e-9; NaN = not compared.
        priorities: By node, ``(m, k)``, above 0, given directly in place of comparisons; a row of NaN = gave none.
        notes: What was derived from what, left out or assumed.

    Raises:
        ProfileError: Two parts do not fit, a judgement is outside its range, or a name is unknown or there twice.
    """

    judges: tuple[str, ...] = field(converter=_names_of_judges)
    alternatives: tuple[str, ...] = field(converter=_names_of_alternatives)
    criteria: tuple[str, ...] = field(default=(), converter=_names_of_criteria)
    weights: tuple[Fraction, ...] = field(converter=as_weights)
    counts: IntArray = field(converter=as_counts)
    scores: FloatArray | None = field(default=None, converter=_scores)
    scales: Mapping[str, Scale] = field(factory=dict, converter=_scales)
    criterion_weights: FloatArray | None = field(default=None, converter=_criterion_weights)
    rankings: Mapping[str, FloatArray] = field(factory=dict, converter=_rankings)
    hierarchy: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_hierarchy)
    comparisons: Mapping[str, FloatArray] = field(factory=dict, converter=_arrays)
    priorities: Mapping[str, FloatArray] = field(factory=dict, converter=_arrays)
    notes: tuple[str, ...] = field(default=(), converter=tuple[str, ...])

    @weights.default
    def _equal_weights(self) -> tuple[int, ...]:
        return (1,) * len(self.judges)

    @counts.default
    def _single_counts(self) -> IntArray:
        return np.ones(len(self.judges), dtype=np.int64)

    def __attrs_post_init__(self) -> None:
        judges, alternatives = (len(self.judges), len(self.alternatives))
        if len(self.weights) != judges:
            raise ProfileError(f"one weight a judge, {judges} in all", do="give as many", got=len(self.weights))
        check_shape(self.counts, (judges,), "counts", "(judges)")
        for ranks in self.rankings.values():
            check_shape(ranks, (judges, alternatives), "ranks", "(judges, alternatives)")
        self._check_scores()
        self._check_tree()

    def _check_scores(self) -> None:
        if self.criterion_weights is not None:
            check_criterion_weights(self.criterion_weights, self.judges, self.criteria)
        if self.scores is None:
            return
        shape = (len(self.judges), len(self.alternatives), len(self.criteria))
        check_shape(self.scores, shape, "scores", "(judges, alternatives, criteria)")
        if lacking := tuple(name for name in self.criteria if name not in self.scales):
            raise ProfileError("a criterion without a scale", do="declare Scale(worst, best) for it", got=lacking)
        for place, name in enumerate(self.criteria):
            self._check_scale(self.scores[:, :, place], name, self.scales[name])

    def _check_scale(self, scores: FloatArray, criterion: str, scale: Scale) -> None:
        low, high = sorted((scale.worst, scale.best))
        if (outside := (scores < low) | (scores > high)).any():
            judge, alternative = first(outside, self.judges, self.alternatives)
            raise ProfileError(
                f"the score of {alternative!r} on {criterion!r} by {judge!r} lies outside [{low:g}, {high:g}]",
                do="correct it, or move the anchors by a decision of their own",
                got=float(scores[outside][0]),
            )

    def _check_tree(self) -> None:
        check_hierarchy(self.hierarchy)
        for kind in (self.comparisons, self.priorities):
            if unknown := tuple(node for node in kind if node not in self.nodes):
                raise ProfileError("judgements under an unknown node", do=f"name one of {self.nodes}", got=unknown)
        checked = {
            node: check_comparisons(matrices, node, self.judges, self.items(node))
            for node, matrices in self.comparisons.items()
        }
        object.__setattr__(self, "comparisons", FrozenMap(checked))
        for node, shares in self.priorities.items():
            check_priorities(shares, node, self.judges, self.items(node))
            self._check_one_way(node)

    def _check_one_way(self, node: str) -> None:
        both = ~self._without_comparisons(node) & ~_empty(self.priorities[node])
        if node in self.comparisons and both.any():
            who = first(both, self.judges)[0]
            raise ProfileError(
                f"comparisons and priorities under {node!r} by one judge", do="keep one of them", got=who
            )

    @classmethod
    def from_rankings(
        cls,
        rankings: Iterable[Order],
        counts: Sequence[int] | None = None,
        *,
        criterion: str = OVERALL,
        alternatives: Iterable[str] | None = None,
        judges: Iterable[str] | None = None,
        weights: Iterable[object] | None = None,
    ) -> Self:
        """
        Make a profile of one weak order a judge.

        Args:
            rankings: One a judge: a sequence of tiers, best first, each a sequence of names, or one name by itself.
                What is left out is not ranked.
            counts: How many identical judges each stands for.
            criterion: What was ranked by; by default everything.
            alternatives: All names; by default those ranked, sorted.
            judges: Their names; by default ``judge-1``, ``judge-2`` ...
            weights: Above 0; by default 1.

        >>> Profile.from_rankings([[["a"], ["b", "c"]], ["c", "b", "a"]]).rankings["overall"]
        array([[1., 2., 2.],
               [3., 2., 1.]])

        Raises:
            ProfileError: An alternative is unknown, or twice in one ranking.
        """
        orders = [_tiers(order) for order in rankings]
        named = _named(judges, len(orders))
        if alternatives is None:
            alternatives = sorted({name for order in orders for tier in order for name in tier})
        listed = as_names(alternatives, "alternatives")
        ranks = np.full((len(orders), len(listed)), np.nan)
        columns = {name: column for column, name in enumerate(listed)}
        for judge, order, row in zip(named, orders, ranks, strict=True):
            _place(order, judge, columns, row)
        return cls(
            judges=named,
            alternatives=listed,
            rankings={criterion: ranks},
            weights=_or_ones(weights, named),
            counts=_or_ones(counts, named),
        )

    @classmethod
    def from_scores(
        cls,
        scores: object,
        *,
        judges: Iterable[str],
        alternatives: Iterable[str],
        criteria: Iterable[str],
        criterion_weights: object,
        scales: Mapping[str, Scale],
        weights: Iterable[object] | None = None,
    ) -> Self:
        """
        Make a profile of scores on declared scales.

        Args:
            scores: ``(m, n, c)``, numbers of any exact or inexact kind; NaN or None = not given.
            judges: m names.
            alternatives: n names.
            criteria: c names.
            criterion_weights: ``(c,)`` for all judges or ``(m, c)``; 0 or more.
            scales: The worst and the best score, by criterion.
            weights: Of judges, above 0; by default 1.

        >>> Profile.from_scores(
        ...     [[[3, 20], [5, 40]]], judges=["anna"], alternatives=["a", "b"], criteria=["quiet", "cost"],
        ...     criterion_weights=[2, 1], scales={"quiet": Scale(1, 5), "cost": Scale(100, 0)},
        ... )
        Profile(1 judge, 2 alternatives: scores on 2 criteria)

        Raises:
            ProfileError: A score lies outside its scale, a weight is missing, or the axes do not fit the names.
        """
        named = as_names(judges, "judges")
        return cls(
            judges=named,
            alternatives=alternatives,
            criteria=criteria,
            scores=scores,
            criterion_weights=criterion_weights,
            scales=scales,
            weights=_or_ones(weights, named),
        )

    @classmethod
    def from_comparisons(
        cls,
        *,
        alternatives: Iterable[str],
        hierarchy: Mapping[str, Iterable[str]],
        comparisons: Mapping[str, object] | None = None,
        priorities: Mapping[str, object] | None = None,
        judges: Iterable[str] | None = None,
        weights: Iterable[object] | None = None,
    ) -> Self:
        """
        Make a profile of pairwise comparisons, or priorities given directly, by node of a hierarchy.

        Args:
            alternatives: n names.
            hierarchy: From a node to its children, ``"goal"`` at the top; with no criteria, ``{"goal": ()}``.
            comparisons: By node, ``(m, k, k)``: how many times row is preferred to column; NaN = not compared. k are
                the node's children, or the alternatives where it has none.
            priorities: By node, ``(m, k)``.
            judges: m names; by default ``judge-1``, ``judge-2`` ...
            weights: Of judges, above 0; by default 1.

        >>> Profile.from_comparisons(
        ...     alternatives=["a", "b"], hierarchy={"goal": ()}, comparisons={"goal": [[[1, 3], [1/3, 1]]]}
        ... )
        Profile(1 judge, 2 alternatives: comparisons under goal)

        Raises:
            ProfileError: A comparison is not positive or contradicts its other half, or a node is unknown.
        """
        arrays = {node: as_floats(given, f"judgements under {node!r}") for node, given in (comparisons or {}).items()}
        direct = {node: as_floats(given, f"judgements under {node!r}") for node, given in (priorities or {}).items()}
        rows = max((len(array) for array in (*arrays.values(), *direct.values()) if array.ndim), default=0)
        named = _named(judges, rows)
        return cls(
            judges=named,
            alternatives=alternatives,
            hierarchy=hierarchy or {"goal": ()},
            comparisons=arrays,
            priorities=direct,
            weights=_or_ones(weights, named),
        )

    @classmethod
    def combine(cls, *profiles: "Profile") -> "Profile":
        """
        Join kinds of judgement that the same judges gave about the same alternatives.

        The judges and alternatives may come in another order; the first profile's is kept.

        Raises:
            ProfileError: Judges, alternatives, weights or counts differ, or two profiles hold the same judgements.
        """
        if not profiles:
            raise ProfileError("nothing to combine", do="give at least one profile")
        from afwegen.models.deriving import joined

        return reduce(joined, profiles)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes of the hierarchy, ``"goal"`` first, parents before children."""
        found = ["goal"] if self.hierarchy else []
        for node in found:
            found.extend(self.hierarchy.get(node, ()))
        return tuple(found)

    def items(self, node: str) -> tuple[str, ...]:
        """Return what is judged under *node*: its children, or the alternatives where it has none."""
        return self.hierarchy.get(node, ()) or self.alternatives

    @cached_property
    def digest(self) -> str:
        """A fingerprint of everything in it, for telling profiles apart in memory; not for a log entry."""
        whole = sha256()
        for name, part in self._parts():
            whole.update(f"{name}\0{part!r}\0".encode() if not isinstance(part, np.ndarray) else _bytes(name, part))
        return whole.hexdigest()

    def _parts(self) -> Iterable[tuple[str, object]]:
        yield from (("judges", self.judges), ("alternatives", self.alternatives), ("criteria", self.criteria))
        yield from (("weights", tuple(map(str, self.weights))), ("counts", self.counts), ("scores", self.scores))
        yield from (("criterion weights", self.criterion_weights), ("notes", self.notes))
        yield from (("scales", sorted(self.scales.items())), ("hierarchy", sorted(self.hierarchy.items())))
        for kind, arrays in (("ranks", self.rankings), ("pairs", self.comparisons), ("shares", self.priorities)):
            yield from ((f"{kind} {name}", arrays[name]) for name in sorted(arrays))

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Profile) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        kinds = [f"scores on {_many(len(self.criteria), 'criterion', 'criteria')}"] if self.scores is not None else []
        kinds += [f"rankings by {', '.join(self.rankings)}"] if self.rankings else []
        nodes = tuple(dict.fromkeys((*self.comparisons, *self.priorities)))
        kinds += [f"comparisons under {', '.join(nodes)}"] if nodes else []
        judges = _many(len(self.judges), "judge", "judges")
        alternatives = _many(len(self.alternatives), "alternative", "alternatives")
        return f"Profile({judges}, {alternatives}: {', '.join(kinds) or 'no judgements'})"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: what there is, and totals; nothing of single judges."""
        from afwegen.models.notebook import profile_card

        return profile_card(self)

    def lacking(self, kind: Kind, name: str | None = None) -> tuple[str, ...]:
        """
        Return the judges who gave no judgement of a kind at all.

        Args:
            kind: ``"scores"``, ``"criterion weights"``, ``"rankings"`` or ``"comparisons"`` (priorities included).
            name: The criterion of a ranking, or the node of comparisons.
        """
        match kind:
            case "scores" if self.scores is not None:
                absent = _empty(self.scores)
            case "criterion weights" if self.criterion_weights is not None and self.criterion_weights.ndim == 1:
                return ()
            case "criterion weights" if self.criterion_weights is not None:
                absent = _empty(self.criterion_weights)
            case "rankings" if (name or OVERALL) in self.rankings:
                absent = _empty(self.rankings[name or OVERALL])
            case "comparisons" if name is not None:
                absent = self._without_comparisons(name)
                if name in self.priorities:
                    absent &= _empty(self.priorities[name])
            case _:
                return self.judges
        return tuple(judge for judge, gone in zip(self.judges, absent.tolist(), strict=True) if gone)

    def _without_comparisons(self, node: str) -> BoolArray:
        size = len(self.items(node))
        if node not in self.comparisons or size < 2:
            return np.full(len(self.judges), size > 1)
        return _empty(self.comparisons[node][:, ~np.eye(size, dtype=bool)])

    def require(self, kind: Kind, name: str | None = None) -> None:
        """
        Refuse when a judge gave no judgement of a kind; with no alternatives there is nothing to give.

        Raises:
            ProfileError: It names the kind and the judges.
        """
        if self.alternatives and (who := self.lacking(kind, name)):
            what = kind if name is None else f"{kind} ({name})"
            few = who if len(who) < len(self.judges) else "all judges"
            raise ProfileError(f"{what} are needed and lacking", do="ask for them, or leave these judges out", got=few)

    def derived(self, rule: Derivation) -> "Profile":
        """
        Return a profile with scores made of the overall rankings: it invents distances, so only when asked by name.

        Args:
            rule: ``"borda"``: how many of the ranked alternatives stand below, a tie for a half; ``"approval-share"``:
                1 for the upper of two tiers, 0 for the lower, so that the mean is the share of approval.

        >>> Profile.from_rankings([["a", "b", "c"]]).derived("borda").scores
        array([[[2.],
                [1.],
                [0.]]])

        Raises:
            ProfileError: The profile holds scores already, has no rankings, or has more than two tiers to approve of.
            ModelError: The rule is unknown.
        """
        from afwegen.models.deriving import scores_from_rankings

        return scores_from_rankings(self, rule)

    def ranked(self, criterion: str = OVERALL) -> "Profile":
        """
        Return a profile with rankings by *criterion*, made of the scores where there are none, and noted.

        Raises:
            ProfileError: There are neither rankings nor scores to make them of.
        """
        from afwegen.models.deriving import rankings_from_scores

        return self if criterion in self.rankings else rankings_from_scores(self, criterion)

    def ranks(self, criterion: str = OVERALL) -> FloatArray:
        """
        Return ranks ``(m, n)``, 1 the best, NaN = not ranked: the rankings given, else made of the scores.

        Raises:
            ProfileError: There are neither.
        """
        return self.ranked(criterion).rankings[criterion]

    def frame(self, backend: Backend = "pandas") -> object:
        """
        Return a long table, one row a judgement that was given: kind, judge, under, item, over, value.

        Raises:
            MissingExtra: narwhals or the backend is not installed.
        """
        return profile_frame(self, backend)

    def only(
        self,
        *,
        judges: Iterable[str] | None = None,
        alternatives: Iterable[str] | None = None,
        criteria: Iterable[str] | None = None,
    ) -> "Profile":
        """
        Return the part about some judges, alternatives or criteria, in the order given.

        Raises:
            ProfileError: A name is unknown or there twice.
        """
        from afwegen.models.deriving import part_of

        return part_of(self, judges=judges, alternatives=alternatives, criteria=criteria)

    def without(self, judge: str) -> "Profile":
        """
        Return the profile as if *judge* had not been there.

        Raises:
            ProfileError: Nobody has that name.
        """
        if judge not in self.judges:
            raise ProfileError("an unknown judge", do=f"name one of {self.judges}", got=judge)
        return self.only(judges=[name for name in self.judges if name != judge])


def _empty(rows: FloatArray) -> BoolArray:
    """Return which rows hold nothing but NaN."""
    return np.asarray(np.isnan(rows).all(axis=tuple(range(1, rows.ndim))))


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _bytes(name: str, array: FloatArray | IntArray) -> bytes:
    # -0.0 and 0.0 are one number and NaN has one meaning, whatever their bits.
    plain = np.where(np.isnan(array), np.nan, array + 0.0)
    return f"{name}\0{array.shape}\0".encode() + np.ascontiguousarray(plain, dtype="<f8").tobytes()


def _or_ones(numbers: Iterable[object] | None, judges: Sequence[str]) -> Iterable[object]:
    return (1,) * len(judges) if numbers is None else numbers


def _named(judges: Iterable[str] | None, rows: int) -> tuple[str, ...]:
    if judges is None:
        return tuple(f"judge-{place}" for place in range(1, rows + 1))
    named = as_names(judges, "judges")
    if len(named) != rows:
        raise ProfileError(f"one row of judgements a judge, {rows} in all", do="name as many judges", got=named)
    return named


def _tiers(order: Order) -> tuple[tuple[str, ...], ...]:
    if isinstance(order, str) or not isinstance(order, Iterable):
        raise ProfileError("a ranking is a sequence of tiers", do='write [["a"], ["b", "c"]]', got=order)
    return tuple((tier,) if isinstance(tier, str) else tuple(tier) for tier in order)


def _place(order: tuple[tuple[str, ...], ...], judge: str, columns: Mapping[str, int], row: FloatArray) -> None:
    placed: set[str] = set()
    for rank, tier in enumerate(order, start=1):
        for name in tier:
            if name not in columns:
                raise ProfileError(f"{judge!r} ranked an unknown alternative", do=f"rank {tuple(columns)}", got=name)
            if name in placed:
                raise ProfileError(f"{judge!r} ranked an alternative twice", do="rank it once", got=name)
            placed.add(name)
            row[columns[name]] = rank
