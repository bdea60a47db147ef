"""Profiles made of profiles: parts of one, rankings from scores, and, by name only, scores from rankings."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import evolve

from afwegen.errors import ModelError, ProfileError
from afwegen.models.checks import FloatArray, as_names
from afwegen.models.profile import OVERALL, Derivation, Profile, Scale

__all__ = ["part_of", "rankings_from_scores", "scores_from_rankings"]

_TIE = 1e-9


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
    """Return *profile* with rankings by *criterion*, or overall, made of each judge's own scores."""
    if profile.scores is None:
        raise ProfileError(f"no rankings by {criterion!r}", do="ask for them", got=tuple(profile.rankings))
    if criterion not in (*profile.criteria, OVERALL):
        raise ProfileError("an unknown criterion", do=f"name one of {(*profile.criteria, OVERALL)}", got=criterion)
    values = _values(profile, profile.scores)
    if criterion != OVERALL:
        worth = values[..., profile.criteria.index(criterion)]
    else:
        profile.require("criterion weights")
        weights = np.asarray(profile.criterion_weights)
        rows = np.broadcast_to(weights, (len(profile.judges), len(profile.criteria)))
        worth = np.einsum("mnc,mc->mn", values, rows / rows.sum(axis=1, keepdims=True))
    note = f"rankings by {criterion} derived from the scores"
    return evolve(profile, rankings={**profile.rankings, criterion: _ranks(worth)}, notes=(*profile.notes, note))


def _values(profile: Profile, scores: FloatArray) -> FloatArray:
    values = np.empty(scores.shape)
    for place, name in enumerate(profile.criteria):
        scale = profile.scales[name]
        curve = sorted(((scale.worst, 0.0), *scale.points, (scale.best, 1.0)))
        raw, value = zip(*curve, strict=True)
        values[..., place] = np.interp(scores[..., place], raw, value)
    return values


def _ranks(worth: FloatArray) -> FloatArray:
    """Return ranks of values, best first; neighbours within 1e-9 of the larger are tied."""
    order = np.argsort(-worth, axis=-1, kind="stable")
    falling = np.take_along_axis(worth, order, axis=-1)
    larger = np.maximum(np.abs(falling[..., 1:]), np.abs(falling[..., :-1]))
    steps = np.ones(worth.shape)
    steps[..., 1:] = falling[..., :-1] - falling[..., 1:] > _TIE * larger
    ranks = np.empty(worth.shape)
    np.put_along_axis(ranks, order, np.cumsum(steps, axis=-1), axis=-1)
    return np.where(np.isnan(worth), np.nan, ranks)


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
