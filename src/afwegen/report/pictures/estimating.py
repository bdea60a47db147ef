"""What was estimated of each solution: its additional cost over the period, and its solving power by owner."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from afwegen.report.language import Language
from afwegen.report.pictures.costs import Estimate
from afwegen.report.pictures.words import plain

if TYPE_CHECKING:
    from afwegen.events import CostEstimated
    from afwegen.steps.state import SessionState

__all__ = ["estimates"]


def estimates(seen: SessionState, say: Language) -> tuple[tuple[Estimate, ...], dict[str, str], tuple[int, ...]]:
    """
    Return the estimates of all standing solutions, what the problem owners are called, and the records it all rests on.

    Costs by the year are added up over their years, else over the years the baseline looks ahead; where neither is
    known there is no sum, and so no cost. The last estimate of a solving power counts.
    """
    powers: dict[tuple[str, str], int | Decimal] = {}
    records: list[int] = []
    for seq, said in sorted(seen.preselection.solving_power.items()):
        if said.status == "standing":
            powers[said.event.solution, said.event.owner] = said.event.percent
            records.append(seq)
    often = Counter(owner for _, owner in powers)
    owners = {owner: _owner(seen, owner, say) for owner in sorted(often, key=lambda owner: (-often[owner], owner))}
    found = []
    for solution in seen.solutions.standing:
        known = tuple((owner, powers[solution, owner]) for owner in owners if (solution, owner) in powers)
        cost, seqs = _cost(seen, solution)
        records += seqs
        if known or cost is not None:
            found.append(Estimate(solution=solution, cost=cost, powers=known))
    return tuple(found), owners, tuple(sorted(records))


def _owner(seen: SessionState, owner: str, say: Language) -> str:
    named = seen.inventory.parties.get(owner)
    return owner if named is None else plain(named.event.name, say)


def _cost(seen: SessionState, solution: str) -> tuple[Decimal | None, list[int]]:
    said = [one for one in seen.effects.costs.values() if one.status == "standing" and one.event.solution == solution]
    draft = seen.baseline.draft
    horizon = draft.event.horizon_years if draft is not None and draft.status == "standing" else None
    amounts = [_whole(one.event, horizon) for one in said]
    known = [amount for amount in amounts if amount is not None]
    complete = bool(amounts) and len(known) == len(amounts)
    return (sum(known, Decimal(0)) if complete else None), [one.seq for one in said]


def _whole(event: CostEstimated, horizon: int | None) -> Decimal | None:
    if event.period == "once":
        return Decimal(event.amount)
    years = event.years or horizon
    return None if years is None else Decimal(event.amount) * years
