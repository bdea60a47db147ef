"""A profile, an outcome and a comparison as a notebook shows them: totals and orders, never what one judge said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from afwegen.models.explanation import number
from afwegen.wording.cards import card, paragraph, table

if TYPE_CHECKING:
    from afwegen.models.comparing import Comparison
    from afwegen.models.outcome import Outcome
    from afwegen.models.profile import Profile

__all__ = ["comparison_card", "outcome_card", "profile_card"]

FEW = 5
"""Of fewer judges a total would tell what each of them said; as many as a session shows together by default."""


def profile_card(profile: Profile) -> str:
    """Return what a profile holds, and what its judges said together."""
    many = int(profile.counts.sum())
    parts = [paragraph(repr(profile)), *_totals(profile, many), *map(paragraph, profile.notes)]
    return card("Profile", *parts)


def _totals(profile: Profile, many: int) -> Iterator[str]:
    if many < FEW:
        yield paragraph(f"Totals are shown of {FEW} judges or more.")
        return
    for criterion, ranks in profile.rankings.items():
        first = (np.where(ranks == 1, profile.counts[:, None], 0)).sum(axis=0).tolist()
        placed = (np.where(np.isnan(ranks), 0, profile.counts[:, None])).sum(axis=0).tolist()
        rows = zip(profile.alternatives, first, placed, strict=True)
        yield table(f"Rankings by {criterion}, of {many:,} judges", ("alternative", "put first", "ranked by"), rows)
    if profile.scores is not None:
        yield table(f"Mean scores of {many:,} judges", ("alternative", *profile.criteria), _means(profile))


def _means(profile: Profile) -> Iterator[tuple[str, ...]]:
    scores = np.asarray(profile.scores)
    given = ~np.isnan(scores)
    counts = profile.counts[:, None, None]
    sums = (np.where(given, scores, 0) * counts).sum(axis=0)
    times = (given * counts).sum(axis=0)
    for name, row, often in zip(profile.alternatives, sums.tolist(), times.tolist(), strict=True):
        yield (name, *(number(total / many) if many >= FEW else "–" for total, many in zip(row, often, strict=True)))


def outcome_card(outcome: Outcome) -> str:
    """Return the order with its ties, the scores, how far the judges agree, and what must be said about it."""
    scores, bounds = outcome.scores or {}, outcome.bounds or {}
    header = ("place", "alternative", *(("score",) if scores or bounds else ()))
    rows = [
        (str(place), name, *_score(scores.get(name), bounds.get(name), header))
        for place, tier in enumerate(outcome.ranking, start=1)
        for name in tier
    ]
    agreed = outcome.consensus
    parts = [table("The order", header, rows)] if rows else [paragraph("There is nothing to rank.")]
    if agreed is not None:
        parts.append(paragraph(f"Judges agree to a degree of {number(agreed.degree)}; 1 is everybody the same."))
    settings = ", ".join(f"{name} = {value}" for name, value in outcome.provenance.parameters.items())
    parts += [paragraph(settings), *map(paragraph, outcome.notes)]
    return card(f"Outcome of {outcome.provenance.model}", *parts)


def _score(score: float | None, bound: tuple[float, float] | None, header: tuple[str, ...]) -> tuple[str, ...]:
    if len(header) == 2:
        return ()
    if bound is not None:
        return (f"{number(bound[0])} to {number(bound[1])}",)
    return ("–" if score is None else number(score),)


def comparison_card(comparison: Comparison) -> str:
    """Return the models side by side: their orders, who is first where, and how far every two agree."""
    # A reason may name the judges who left something out: it is there to be read, not to be shown.
    told = "not applicable; the row's reason says why"
    rows = [(row.label, row.verdict if row.outcome is not None else told) for row in comparison.rows]
    parts = [table("Models side by side", ("model", "order, best first"), rows)]
    if comparison.winners:
        first = [(name, ", ".join(labels)) for name, labels in comparison.winners.items()]
        parts.append(table("First under", ("alternative", "models"), first))
    if comparison.agreement:
        alike = [
            (
                f"{each.left} and {each.right}",
                "–" if each.tau_b is None else number(each.tau_b),
                "yes" if each.same_top else "no",
            )
            for each in comparison.agreement
        ]
        parts.append(table("How far they agree", ("models", "Kendall's tau-b", "same on top"), alike))
    return card("Comparison", *parts, paragraph("Models compute and compare; people choose."))
