"""
A session for an event loop: the verbs of ``Session``, driven without waiting.

Nothing is written twice: what is asked of the store, and what is made of the answers, stands in ``Core``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from afwegen import personal, weighing
from afwegen.events import Record
from afwegen.events.record import Channel
from afwegen.method import MethodSettings, RoleName
from afwegen.personal import Erasure, Subject
from afwegen.proposing import beginning
from afwegen.requests import OnCommit, adrive
from afwegen.session import draw, new_id, now
from afwegen.steps import advice
from afwegen.steps.state import SessionState, replay
from afwegen.stores.threaded import AsyncStore
from afwegen.verbs import Clock, Core

if TYPE_CHECKING:
    from afwegen import models
    from afwegen.events.meeting import Ground, RedactionGround, Scope
    from afwegen.models import Model, Outcome, Profile
    from afwegen.steps.advice import Advice
    from afwegen.weighing import WhatIf

__all__ = ["AsyncSession"]


class AsyncSession:
    """
    One trajectory, from occasion to choice, for an event loop; see ``Session`` for what each verb means.

    An act whose ``record`` was cancelled stands in the log whole, or not at all; ``refresh`` tells which.

    >>> import asyncio
    >>> from afwegen import AsyncSession, open_async_store
    >>> from afwegen.events import OccasionStated
    >>> async def begin():
    ...     async with await open_async_store("memory:") as store:
    ...         session = await AsyncSession.start(store, title="Complex A", area="Municipality X", by="jochum")
    ...         await session.record(OccasionStated(occasion="Vacancy has grown", kind="problem"), by="jochum")
    ...         return session.state.length
    >>> asyncio.run(begin())
    2
    """

    def __init__(
        self, store: AsyncStore, session: str, *, clock: Clock = now, on_commit: OnCommit | None = None
    ) -> None:
        self.store = store
        self.id = session
        borrowed = getattr(store, "borrowed", False)
        self.core = Core(session, clock=clock, draw=draw, borrowed=borrowed, on_commit=on_commit)

    def __repr__(self) -> str:
        return f"<AsyncSession {self.core}>"

    @classmethod
    async def start(
        cls,
        store: AsyncStore,
        *,
        title: str,
        area: str,
        by: str,
        form: Literal["together", "alone", "imported"] = "together",
        language: Literal["nl", "en"] = "nl",
        settings: MethodSettings | None = None,
        happened_at: datetime | None = None,
        clock: Clock = now,
        on_commit: OnCommit | None = None,
    ) -> Self:
        """Begin a session; ``on_commit`` is called on a thread of its own, and waited for."""
        session = cls(store, new_id(), clock=clock, on_commit=on_commit)
        started = beginning(title=title, area=area, form=form, language=language, settings=settings)
        await adrive(session.core.start(started, by, happened_at), store)
        return session

    @classmethod
    async def load(
        cls, store: AsyncStore, session: str, *, clock: Clock = now, on_commit: OnCommit | None = None
    ) -> Self:
        """Return a session as the store holds it."""
        loaded = cls(store, session, clock=clock, on_commit=on_commit)
        await loaded.refresh()
        loaded.core.settle()
        return loaded

    @property
    def state(self) -> SessionState:
        """Return what the log amounts to, as of the last read: the operator's view."""
        return self.core.state

    @property
    def unsettled(self) -> int:
        """The number of records that stand in a transaction of the host of which nothing was said yet."""
        return self.core.unsettled

    async def refresh(self) -> SessionState:
        """Read what others recorded since, and return the state with it."""
        await adrive(self.core.refresh(), self.store)
        return self.state

    async def history(self) -> tuple[Record[Any], ...]:
        """Return all records, in order."""
        return tuple([record async for record in self.records()])

    async def records(self, start: int = 0, stop: int | None = None) -> AsyncIterator[Record[Any]]:
        """Yield records in order, in flat memory; up to the last one read where ``stop`` is None."""
        async for stored in self.store.read(self.id, start, self.core.upto(stop)):
            yield self.core.decoded(stored)

    async def at(self, n: int) -> SessionState:
        """Return the state after the first *n* records, ``SessionStarted`` being the first."""
        self.core.refuse_beyond(n)
        return await _replayed(self.records(stop=n))

    async def seen_by(self, viewer: str | None) -> SessionState:
        """Return the state as somebody may see it now: blind rounds, disclosure, what was hidden for a cause."""
        return await _replayed(self.records_seen_by(viewer))

    async def records_seen_by(self, viewer: str | None) -> AsyncIterator[Record[Any]]:
        """Yield all records as somebody may see them now; the public sees pseudonyms in place of people."""
        self.core.refuse_stranger(viewer)
        async for record in self.records():
            yield self.core.shown(record, viewer)

    async def committed(self) -> None:
        """Say that the host has committed: what was recorded on its connection is recorded for good."""
        await adrive(self.core.committed(), self.store)

    async def rolled_back(self) -> None:
        """Say that the host has rolled back, all or to a savepoint: the session is read again as it now stands."""
        await adrive(self.core.rolled_back(), self.store)

    def awaited(self) -> dict[str, tuple[str, ...]]:
        """Return of whom each open round still has nothing: by round, the judges, in order of invitation."""
        return self.core.awaited()

    def advice(self) -> tuple[Advice, ...]:
        """Return what the method advises now; advice never blocks anything."""
        return advice.advice(self.state)

    async def advice_for(self, viewer: str | None) -> tuple[Advice, ...]:
        """Return what of the advice somebody may be told; None is the public."""
        return advice.told(self.state, await self.seen_by(viewer))

    async def record(
        self,
        *events: Any,
        by: str,
        role: RoleName | None = None,
        on_behalf_of: str | Sequence[str] | None = None,
        happened_at: datetime | None = None,
        channel: Channel = "live",
        key: str | None = None,
    ) -> tuple[Record[Any], ...]:
        """Record one act or several: all of them, or none."""
        return await adrive(self.core.record(events, by, role, on_behalf_of, happened_at, channel, key), self.store)

    async def export(self, *, format: str, by: str, viewer: str | None = None) -> tuple[Record[Any], ...]:  # noqa: A002
        """Record that a file was made of this session; the layer above makes it."""
        return await adrive(self.core.export(format, by, viewer), self.store)

    async def erase(self, person: str, *, by: str, ground: Ground = "request", scope: Scope = "everything") -> Erasure:
        """Erase a person; see ``Session.erase``."""
        return await adrive(personal.erase(self.core, person, by, ground, scope), self.store)

    async def redact(self, entry: int, *fields: str, by: str, ground: RedactionGround) -> Erasure:
        """Erase what should not have been written in one record; see ``Session.redact``."""
        return await adrive(personal.redact(self.core, entry, fields, by, ground), self.store)

    async def erase_again(self) -> Erasure:
        """Carry out once more every erasure that the log tells of."""
        return await adrive(personal.erase_again(self.core), self.store)

    async def subject(self, person: str) -> Subject:
        """Return everything the session holds about one person; see ``Session.subject``."""
        return await adrive(personal.subject(self.core, person), self.store)

    def profile(self, **selection: Any) -> Profile:
        """Return what the judges said, as arrays with names."""
        return self.core.profile(**selection)

    def compare(self, models: Iterable[Model | str], **how: Any) -> models.Comparison:
        """Return models side by side on what the judges said, as somebody may see it; see ``Session.compare``."""
        return self.core.compare(models, **how)

    async def evaluate(self, model: Model, *, by: str, **selection: Any) -> Outcome:
        """Let a model answer, and record its answer as evidence; a long model keeps the loop waiting."""
        return await adrive(self.core.evaluate(model, by, selection), self.store)

    def what_if(self, *, model: Model, **otherwise: Any) -> WhatIf:
        """Return what would be answered if something were otherwise; see ``Session.what_if``."""
        return weighing.what_if(self.state, model=model, **otherwise)


async def _replayed(records: AsyncIterator[Record[Any]]) -> SessionState:
    state = SessionState()
    async for record in records:
        state = replay((record,), since=state)
    return state
