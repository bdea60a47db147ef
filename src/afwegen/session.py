"""
A session: the one object an application holds.

What it knows and does stands in ``Core``; this is the face of it that waits for its store, with the words to go by.
Clock, ids and randomness enter here and nowhere else, and are handed down. It is longer than other files: one class,
and most of it says what each verb means.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from afwegen import personal, weighing
from afwegen.events import Record
from afwegen.events.record import Channel
from afwegen.method import MethodSettings, RoleName
from afwegen.personal import Erasure, Subject
from afwegen.proposing import beginning
from afwegen.requests import OnCommit, drive
from afwegen.steps import advice
from afwegen.steps.state import SessionState, replay
from afwegen.stores.contract import Store, Stored
from afwegen.verbs import Clock, Core

if TYPE_CHECKING:
    from afwegen import models
    from afwegen.events.meeting import Ground, RedactionGround, Scope
    from afwegen.models import Model, Outcome, Profile
    from afwegen.models.profile import Derivation
    from afwegen.steps.advice import Advice
    from afwegen.weighing import WhatIf

__all__ = ["Clock", "OnCommit", "Session", "draw", "new_id", "now"]


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id for a new session: 128 random bits."""
    return f"s_{secrets.token_hex(16)}"


def draw(size: int) -> bytes:
    """Return so many random octets of the operating system."""
    return secrets.token_bytes(size)


class Session:
    """
    One trajectory, from occasion to choice (*traject*).

    ``state`` is as of the last read; ``record`` reads the news when somebody else wrote first.

    >>> from afwegen import Session, open_store
    >>> from afwegen.events import OccasionStated
    >>> session = Session.start(open_store("memory:"), title="Complex A", area="Municipality X", by="jochum")
    >>> _ = session.record(OccasionStated(occasion="Vacancy has grown", kind="problem"), by="jochum")
    >>> session.state.preparation.occasion.event.occasion
    'Vacancy has grown'
    """

    def __init__(self, store: Store, session: str, *, clock: Clock = now, on_commit: OnCommit | None = None) -> None:
        self.store = store
        self.id = session
        borrowed = getattr(store, "borrowed", False)
        self.core = Core(session, clock=clock, draw=draw, borrowed=borrowed, on_commit=on_commit)

    def __repr__(self) -> str:
        return f"<Session {self.core}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: no more than the public sees."""
        return self.seen_by(None)._repr_html_()

    # -- beginning ----------------------------------------------------------------------------------------------------

    @classmethod
    def start(
        cls,
        store: Store,
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
    ) -> Session:
        """
        Begin a session; who begins it is its organiser, and leads until a facilitator is appointed.

        Args:
            store: Where it is kept.
            title: What it is about.
            area: Which neighbourhood, complex or street.
            by: The key by which the application knows the organiser.
            form: Together, walked alone by one person, or imported from a file.
            language: Of the account.
            settings: Numbers that advice goes by, where they differ from the method's.
            happened_at: When it began, if not now.
            clock: Gives the present moment, with its time zone.
            on_commit: Told what was committed, such as a ``Notary`` that signs for it.

        Raises:
            CodecError: A value cannot stand in the log.
            StoreError: The store cannot be written.
        """
        session = cls(store, new_id(), clock=clock, on_commit=on_commit)
        started = beginning(title=title, area=area, form=form, language=language, settings=settings)
        drive(session.core.start(started, by, happened_at), store)
        return session

    @classmethod
    def load(cls, store: Store, session: str, *, clock: Clock = now, on_commit: OnCommit | None = None) -> Session:
        """
        Return a session as the store holds it.

        Warns when a personal value is gone and no erasure says why: ``afwegen verify`` tells more.

        Raises:
            UnknownSession: The store does not hold it.
            CodecError: The log was written by a newer afwegen, or was changed.
        """
        loaded = cls(store, session, clock=clock, on_commit=on_commit)
        loaded.refresh()
        loaded.core.settle()
        return loaded

    # -- what it amounts to -------------------------------------------------------------------------------------------

    @property
    def state(self) -> SessionState:
        """Return what the log amounts to, as of the last read: the operator's view."""
        return self.core.state

    def refresh(self) -> SessionState:
        """Read what others recorded since, and return the state with it."""
        drive(self.core.refresh(), self.store)
        return self.core.state

    def history(self) -> tuple[Record[Any], ...]:
        """Return all records, in order."""
        return tuple(self.records())

    def records(self, start: int = 0, stop: int | None = None) -> Iterable[Record[Any]]:
        """Yield records in order, in flat memory; up to the last one read where ``stop`` is None."""
        for stored in self.store.read(self.id, start, self.core.upto(stop)):
            yield self.decoded(stored)

    def decoded(self, stored: Stored) -> Record[Any]:
        """Return a stored entry of this session as a record, by the people it knows so far."""
        return self.core.decoded(stored)

    def at(self, n: int) -> SessionState:
        """
        Return the state after the first *n* records, ``SessionStarted`` being the first.

        Raises:
            RuleViolation: There are not so many.
        """
        self.core.refuse_beyond(n)
        return replay(self.records(stop=n))

    # -- the transaction of the host ----------------------------------------------------------------------------------

    def committed(self) -> None:
        """
        Say that the host has committed: what was recorded on its connection is recorded for good.

        Call it after the commit (``transaction.on_commit`` in Django). On a store that owns its database every act is
        committed when ``record`` returns.
        """
        drive(self.core.committed(), self.store)

    def rolled_back(self) -> None:
        """
        Say that the host has rolled back, all or to a savepoint: the session is read again as it now stands.

        Where the session itself began in what was rolled back nothing is left of it: its state is empty.
        """
        drive(self.core.rolled_back(), self.store)

    @property
    def borrowed(self) -> bool:
        """Whether the host commits what is recorded here."""
        return self.core.borrowed

    @property
    def unsettled(self) -> int:
        """The number of records that stand in a transaction of the host of which nothing was said yet."""
        return self.core.unsettled

    # -- what somebody sees -------------------------------------------------------------------------------------------

    def seen_by(self, viewer: str | None) -> SessionState:
        """
        Return the state as somebody may see it now: blind rounds, disclosure, what was hidden for a cause.

        Args:
            viewer: A person's key; None for the public, for whom people go by pseudonyms.

        Raises:
            RuleViolation: The session does not know this person.
        """
        return replay(self.records_seen_by(viewer))

    def records_seen_by(self, viewer: str | None) -> Iterable[Record[Any]]:
        """Yield all records as somebody may see them now; the public sees pseudonyms in place of people."""
        self.core.refuse_stranger(viewer)
        for record in self.records():
            yield self.shown(record, viewer)

    def shown(self, record: Record[Any], viewer: str | None) -> Record[Any]:
        """Return a record of this session as somebody may see it now; the public sees pseudonyms in place of people."""
        return self.core.shown(record, viewer)

    def awaited(self) -> dict[str, tuple[str, ...]]:
        """Return of whom each open round still has nothing: by round, the judges, in order of invitation."""
        return self.core.awaited()

    def advice(self) -> tuple[Advice, ...]:
        """Return what the method advises now; advice never blocks anything. The operator's view: it may name things."""
        return advice.advice(self.state)

    def advice_for(self, viewer: str | None) -> tuple[Advice, ...]:
        """
        Return what of the advice somebody may be told; None is the public.

        Raises:
            RuleViolation: The session does not know this person.
        """
        return advice.told(self.state, self.seen_by(viewer))

    # -- recording ----------------------------------------------------------------------------------------------------

    def record(
        self,
        *events: Any,
        by: str,
        role: RoleName | None = None,
        on_behalf_of: str | Sequence[str] | None = None,
        happened_at: datetime | None = None,
        channel: Channel = "live",
        key: str | None = None,
    ) -> tuple[Record[Any], ...]:
        """
        Record one act or several: all of them, or none.

        When somebody else wrote first, the news is read and the acts are admitted again on the fresh state; an act
        that settles something is not, unless nothing changed in its steps.

        Args:
            *events: What happened, in order.
            by: The key of who enters it.
            role: The role they act in; else the only one they hold that the event allows.
            on_behalf_of: The person, or the subgroup, whose words these are, if not ``by``; or one for each event, as
                when a pile of sheets is entered.
            happened_at: When it happened, if not now.
            channel: How it came in: live, paper, oral, async.
            key: An idempotency key: a second call with the same key and the same acts records nothing and returns
                the first records.

        Returns:
            The records, as they stand in the log.

        Raises:
            RuleViolation: The method does not allow it; nothing was recorded.
            ConflictError: Somebody else wrote first, and the act settles something; nothing was recorded.
            CodecError: A value cannot stand in the log; nothing was recorded.
        """
        return drive(self.core.record(events, by, role, on_behalf_of, happened_at, channel, key), self.store)

    def export(self, *, format: str, by: str, viewer: str | None = None) -> tuple[Record[Any], ...]:  # noqa: A002
        """Record that a file was made of this session; the layer above makes it."""
        return drive(self.core.export(format, by, viewer), self.store)

    # -- what belongs to a person -------------------------------------------------------------------------------------

    def erase(self, person: str, *, by: str, ground: Ground = "request", scope: Scope = "everything") -> Erasure:
        """
        Erase a person: the log says so, and what is about them can no longer be opened by anybody.

        Values that are about several people go with the first of them: what their subgroup said, and the whole outcome
        of every result they judged in. Every proof stays valid, and the order of recorded results stays. They show as
        a pseudonym from then on; the same key used again is somebody new.

        It may be repeated, and takes up an erasure that was broken off. On a connection of the host it is part of the
        host's transaction, but for the scrubbing, which comes after the commit (``Erasure.scrubbed``).

        >>> from afwegen import Session, open_store
        >>> from afwegen.events import ParticipantInvited
        >>> session = Session.start(open_store("memory:"), title="Complex A", area="Municipality X", by="jochum")
        >>> _ = session.record(ParticipantInvited(participant="anna", name="Anna", perspective="resident"), by="jochum")
        >>> session.erase("anna", by="jochum").entries
        (1,)
        >>> session.history()[1].event.name
        ERASED

        Args:
            person: The key by which the application knows them, or their pseudonym.
            by: The key of who does it; may be the person.
            ground: Why: request, consent withdrawn, retention ended, law.
            scope: ``everything`` that is about them, or the ``identity`` only: the key, and what was said of them when
                they came in, changed place or left. What they said then stays, under the pseudonym.

        Returns:
            What can no longer be opened, and which files were made before.

        Raises:
            RuleViolation: The session does not know this person.
            StoreError: The store cannot be written, or not be scrubbed now: do it again.
        """
        return drive(personal.erase(self.core, person, by, ground, scope), self.store)

    def redact(self, entry: int, *fields: str, by: str, ground: RedactionGround) -> Erasure:
        """
        Erase what should not have been written in one record: a text that names a third person, say.

        Args:
            entry: The sequence number of the record.
            *fields: Which of its personal fields; all of them where none is named. Other wordings of it are records of
                their own.
            by: The key of who does it.
            ground: Why: names a third person, unlawful, by mistake.

        Raises:
            RuleViolation: There is no such record, or it has no such personal field.
            StoreError: The store cannot be written, or not be scrubbed now: do it again.
        """
        return drive(personal.redact(self.core, entry, fields, by, ground), self.store)

    def erase_again(self) -> Erasure:
        """
        Carry out once more every erasure that the log tells of: after a restored backup, or where one broke off.

        Raises:
            StoreError: The store cannot be written, or not be scrubbed now: do it again.
        """
        return drive(personal.erase_again(self.core), self.store)

    def subject(self, person: str) -> Subject:
        """
        Return everything the session holds about one person: what they have a right to see.

        Look at it before you hand it over: a record about several people tells of the others too.

        Args:
            person: The key by which the application knows them, or their pseudonym.

        Raises:
            RuleViolation: The session does not know this person.
        """
        return drive(personal.subject(self.core, person), self.store)

    # -- weighing -----------------------------------------------------------------------------------------------------

    def profile(
        self,
        *,
        round: str | None = None,  # noqa: A002 - the method's own word
        criterion: str = "overall",
        judges: Literal["participants", "subgroups"] | None = None,
    ) -> Profile:
        """
        Return what the judges said, as arrays with names: of the last closed round of each kind, never an open one.

        This is the operator's view: what becomes of it is shown as ``compare`` shows it.

        Args:
            round: One round instead.
            criterion: By which the rankings order.
            judges: Participants or subgroups, never together; None takes participants where they judged.

        Raises:
            ProfileError: Nobody judged yet, or the round is open.
            RuleViolation: The session is secret: nobody is given what single judges said.
        """
        return self.core.profile(round=round, criterion=criterion, judges=judges)

    def compare(
        self,
        models: Iterable[Model | str],
        *,
        viewer: str | None = None,
        derive: Derivation | None = None,
        **selection: Any,
    ) -> models.Comparison:
        """
        Return models side by side on what the judges said, as somebody may see it: for pages, files and terminals.

        Args:
            models: Models, or names of models with their default parameters.
            viewer: A person's key; None for the public.
            derive: The rule by which a model that lacks scores may have them made of rankings; by default none.
            **selection: Of the judgements, as for ``profile``.

        Raises:
            ProfileError: Nobody judged yet, or the round is open.
            RuleViolation: It would show what single judges said, or the session does not know this person.
        """
        return self.core.compare(models, viewer=viewer, derive=derive, **selection)

    def evaluate(self, model: Model, *, by: str, **selection: Any) -> Outcome:
        """
        Let a model answer, and record its answer as evidence; it never shortlists and never chooses.

        What is returned is the operator's, with everything in it; in a secret session only what may be shown.

        Raises:
            ProfileError: The session does not have what the model needs.
            RuleViolation: The result would show what single judges said: of too few, or nearly the same as another.
        """
        return drive(self.core.evaluate(model, by, selection), self.store)

    def what_if(
        self,
        *,
        model: Model,
        without: str | Sequence[str] = (),
        scores: Mapping[tuple[str, str, str], float | Decimal] | None = None,
        instead: Model | None = None,
        **selection: Any,
    ) -> WhatIf:
        """
        Return what would be answered if something were otherwise: before, after, and whether the order changed.

        Args:
            model: The model that answers.
            without: Judges, criteria or alternatives to leave out.
            scores: Other scores, by judge, alternative and criterion.
            instead: Another model, for what comes after.
            **selection: Of the judgements, as for ``profile``.

        Raises:
            ProfileError: A name is no judge, criterion or alternative, or is a member of a judging subgroup.
            RuleViolation: The session is secret: what-ifs would tell what one judge said.
        """
        return weighing.what_if(self.state, model=model, without=without, scores=scores, instead=instead, **selection)
