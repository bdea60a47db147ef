"""A session's state as a notebook shows it: where it stands, in numbers and titles; nobody's name, no judgement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afwegen.events.declaration import ERASED, HIDDEN
from afwegen.wording.cards import card, paragraph, table

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["state_card"]


def state_card(state: SessionState) -> str:
    """Return where a session stands."""
    if not state.length:
        return card("Session", paragraph("Nothing was recorded yet."))
    title, area = _plain(state.preparation.title), _plain(state.preparation.area)
    return card(title, paragraph(area), table("Where it stands", ("what", "how"), _rows(state)))


def _plain(value: object) -> str:
    gone = {ERASED: "removed on request", HIDDEN: "not shown"}
    return value if isinstance(value, str) else gone.get(value, "lost")  # type: ignore[call-overload]  # any key will do


def _rows(state: SessionState) -> Iterator[tuple[str, object]]:
    solutions = state.solutions.solutions
    yield "records", f"{state.length:,}"
    yield "step", state.step.called
    yield "disclosure", state.preparation.disclosed
    yield "taking part", len(state.preparation.active)
    yield "problems", sum(one.status == "standing" for one in state.inventory.problems.values())
    if state.meeting.open_rounds:
        yield "open rounds", ", ".join(state.meeting.open_rounds)
    for what, names in (
        ("solutions", state.solutions.standing),
        ("shortlist", state.preselection.shortlisted),
        ("chosen", state.choice.chosen),
    ):
        titles = (_plain(solutions[name].title) if name in solutions else name for name in names)
        if names:
            yield what, "; ".join(titles)
    if state.stale:
        yield "to be looked at again", len({each.what for each in state.stale})
