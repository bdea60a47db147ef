"""Profiles made of profiles: parts, several joined, rankings from scores, and, by name only, scores from rankings."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import evolve

from afwegen.errors import ModelError, ProfileError
from afwegen.models.checks import FloatArray, as_names
from afwegen.models.profile import OVERALL, Derivation, Profile, Scale

__all__ = ["joined", "part_of", "rankings_from_scores", "scores_from_rankings"]


def scores_from_rankings(profile: Profile, rule: Derivation) -> Profile:
    """Return *profile* with scores on one criterion named after the rule; see `Profile.derived`."""
    if rule not in ("borda", "approval-share"):
        raise ModelError("an unknown rule of derivation", do='choose "borda" or "approval-share"', got=rule)
    if profile.scores is not None:
        raise ProfileError("the profile holds scores already", do="use them, or make a profile of the rankings alone")
    profile.require("rankings", OVERALL)
    ranks = profile.rankings.get(OVERALL, np.empty((len(profile.judges), len(profile.alternatives))))
    scores = _borda(ranks) if rule == "borda" else _approval(ranks, profile.judges)
    best = max(len(profile.alternatives) - 1, 1) if rule == "borda" else 1
    return evolve(
        profile,
        criteria=(rule,),
        scores=scores[..., None],
        scales={rule: Scale(0, best)},
        criterion_weights=(1,),
        notes=(*profile.notes, f"scores derived from the rankings by {rule}"),
    )


def _borda(ranks: FloatArray) -> FloatArray:
    below = np.zeros(ranks.shape)
    for other in range(ranks.shape[-1]):
        rival = ranks[..., other, None]
        below += (ranks < rival) + 0.5 * (ranks == rival)
    return np.where(np.isnan(ranks), np.nan, below - 0.5)


def _approval(ranks: FloatArray, judges: Sequence[str]) -> FloatArray:
    if (many := (ranks > 2).any(axis=-1)).any():
        who = judges[int(np.argmax(many))]
        raise ProfileError("approval has two tiers, a ranking has more", do='derive by "borda"', got=who)
    return np.where(np.isnan(ranks), np.nan, (ranks == 1).astype(float))


def rankings_from_scores(profile: Profile, criterion: str) -> Profile:
    """
    Return *profile* with rankings by *criterion*, or overall, made of each judge's own scores; ties are exact.

    Between the anchors of the scales, as the weighted sum has it. What a missing score leaves open is not ranked.
    """
    if profile.scores is None:
        raise ProfileError(f"no rankings by {criterion!r}", do="ask for them", got=tuple(profile.rankings))
    if criterion == OVERALL:
        profile.require("criterion weights")
        part = profile
    elif criterion in profile.criteria:
        part = evolve(profile.only(criteria=[criterion]), criterion_weights=(1,))
    else:
        raise ProfileError("an unknown criterion", do=f"name one of {(*profile.criteria, OVERALL)}", got=criterion)
    note = f"rankings by {criterion} derived from the scores"
    return evolve(profile, rankings={**profile.rankings, criterion: _own_ranks(part)}, notes=(*profile.notes, note))


def _own_ranks(profile: Profile) -> FloatArray:
    from afwegen.models.additive import Additive

    silent = frozenset(profile.lacking("scores"))
    rows = [row for row, judge in enumerate(profile.judges) if judge not in silent]
    ranks = np.full((len(profile.judges), len(profile.alternatives)), np.nan)
    if rows and profile.alternatives:
        judged = profile.only(judges=[profile.judges[row] for row in rows])
        ranks[rows] = Additive(profile=judged, normalisation="anchors", missing="bounds").own_ranks()
    return ranks


def _places(wanted: Iterable[str] | None, names: tuple[str, ...], what: str) -> tuple[int, ...]:
    if wanted is None:
        return tuple(range(len(names)))
    listed = as_names(wanted, what)
    places = {name: place for place, name in enumerate(names)}
    if unknown := tuple(name for name in listed if name not in places):
        raise ProfileError(f"unknown {what}", do=f"name some of {names}", got=unknown)
    return tuple(places[name] for name in listed)


def part_of(
    profile: Profile,
    *,
    judges: Iterable[str] | None = None,
    alternatives: Iterable[str] | None = None,
    criteria: Iterable[str] | None = None,
) -> Profile:
    """Return the part of *profile* about some judges, alternatives and criteria, in the order given."""
    rows = _places(judges, profile.judges, "judges")
    columns = _places(alternatives, profile.alternatives, "alternatives")
    depth = _places(criteria, profile.criteria, "criteria")
    kept = {profile.criteria[place] for place in depth}
    weights = profile.criterion_weights
    if weights is not None:
        weights = weights[list(depth)] if weights.ndim == 1 else weights[np.ix_(rows, depth)]

    def cut(arrays: Mapping[str, FloatArray], axes: int) -> dict[str, FloatArray]:
        inner = {
            node: range(array.shape[-1]) if profile.hierarchy.get(node) else columns for node, array in arrays.items()
        }
        return {node: array[np.ix_(rows, *([inner[node]] * axes))] for node, array in arrays.items()}

    return evolve(
        profile,
        judges=[profile.judges[row] for row in rows],
        alternatives=[profile.alternatives[column] for column in columns],
        criteria=[profile.criteria[place] for place in depth],
        weights=[profile.weights[row] for row in rows],
        counts=profile.counts[list(rows)],
        scores=None if profile.scores is None else profile.scores[np.ix_(rows, columns, depth)],
        scales={name: scale for name, scale in profile.scales.items() if criteria is None or name in kept},
        criterion_weights=weights,
        rankings={name: ranks[np.ix_(rows, columns)] for name, ranks in profile.rankings.items()},
        comparisons=cut(profile.comparisons, 2),
        priorities=cut(profile.priorities, 1),
    )


def joined(left: Profile, right: Profile) -> Profile:
    """Return what both say about the same judges and alternatives; see `Profile.combine`."""
    for what, ours, theirs in (
        ("judges", left.judges, right.judges),
        ("alternatives", left.alternatives, right.alternatives),
    ):
        if set(ours) != set(theirs):
            odd = tuple(sorted(set(ours) ^ set(theirs)))
            raise ProfileError(f"profiles of different {what}", do="bring them to the same names first", got=odd)
    right = right.only(judges=left.judges, alternatives=left.alternatives)
    if left.weights != right.weights or (left.counts != right.counts).any():
        raise ProfileError("profiles that weigh the judges differently", do="give both the same weights and counts")
    _refuse_twice(left, right)
    scored = left if left.scores is not None or left.criterion_weights is not None else right
    return evolve(
        left,
        criteria=scored.criteria,
        scores=scored.scores,
        scales={**left.scales, **right.scales},
        criterion_weights=scored.criterion_weights,
        rankings={**left.rankings, **right.rankings},
        hierarchy=left.hierarchy or right.hierarchy,
        comparisons={**left.comparisons, **right.comparisons},
        priorities={**left.priorities, **right.priorities},
        notes=tuple(dict.fromkeys((*left.notes, *right.notes))),
    )


def _refuse_twice(left: Profile, right: Profile) -> None:
    doubled = [name for name in left.rankings if name in right.rankings]
    doubled += [
        node for node in (*left.comparisons, *left.priorities) if node in (*right.comparisons, *right.priorities)
    ]
    if left.criteria and right.criteria:
        doubled += ["scores"]
    if doubled:
        raise ProfileError("the same judgements in two profiles", do="keep one of each", got=tuple(doubled))
    if left.hierarchy and right.hierarchy and left.hierarchy != right.hierarchy:
        raise ProfileError("two hierarchies", do="join comparisons of one hierarchy", got=tuple(right.hierarchy))
