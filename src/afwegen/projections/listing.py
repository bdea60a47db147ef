"""All sessions at a glance: the projection that lists of sessions are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from attrs import frozen

from afwegen.errors import StoreError
from afwegen.projections.building import Projection, Shelf, advance, rows
from afwegen.projections.telling import Sessions, Told
from afwegen.steps.advice import advice
from afwegen.stores.contract import Store

__all__ = ["SESSIONS", "Overview", "overview"]


@frozen(kw_only=True)
class Overview:
    """
    A session at a glance: the operator's view, for titles and advice may name people.

    Attributes:
        session: Its id.
        title: What it is about; None where that was erased.
        area: Which neighbourhood, complex or street; None where that was erased.
        step: The step the group has come to.
        records: How many records it has.
        people: How many people take part now.
        last: The type of the last record.
        last_at: When that was recorded.
        advice: What the method advises next, in the session's own language; None where nothing is left unanswered.
    """

    session: str
    title: str | None
    area: str | None
    step: str
    records: int
    people: int
    last: str
    last_at: datetime
    advice: str | None


def _glance(told: Told) -> dict[str, Any]:
    """Return one session at a glance, after a record of it."""
    frame = told.state.preparation
    waiting = (piece for piece in advice(told.state) if piece.answered is None)
    following = next(waiting, None)
    return {
        "title": frame.title if isinstance(frame.title, str) else None,
        "area": frame.area if isinstance(frame.area, str) else None,
        "step": told.state.step.value,
        "records": told.state.length,
        "people": len(frame.active),
        "last": told.record.type,
        "last_at": told.record.recorded_at.isoformat(),
        "advice": None if following is None else following.sentence(frame.language),
    }


def _list(shelf: Shelf, told: Told) -> None:
    shelf.put(told.session, lambda: _glance(told))


SESSIONS: Final = Projection(name="sessions", version=1, apply=_list)
"""All sessions at a glance, by id; ``overview`` reads it."""


def overview(store: Store) -> tuple[Overview, ...]:
    """
    Return all sessions at a glance, in the order they were made.

    It goes by the projection ``SESSIONS``, which it advances. What that does not hold yet, and everything on a store
    that only reads, is worked out from the log itself: so it is exact in any case, only slower.

    >>> from afwegen import Session, open_store
    >>> store = open_store("memory:")
    >>> _ = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
    >>> [(each.title, each.step, each.records) for each in overview(store)]
    [('Complex A', 'preparation', 1)]

    Raises:
        StoreError: The store cannot be read.
        IntegrityError: It is damaged.
    """
    try:
        advance(store, SESSIONS)
        kept = rows(store, SESSIONS)
    except StoreError:
        kept = {}
    found = []
    for head in store.sessions():
        row = kept.get(head.id)
        if row is None or row["records"] != head.length:
            row = _glance(Sessions(store).latest(head.id, head.length))
        found.append(Overview(session=head.id, **{**row, "last_at": datetime.fromisoformat(row["last_at"])}))
    return tuple(found)
