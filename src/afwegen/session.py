"""
A session: the one object an application holds.

Every verb is written once, as a generator that yields what it asks of the store; a driver of a few lines answers.
Clock, ids and randomness enter here and nowhere else.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import warnings
from collections.abc import Callable, Container, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args

import attrs
from attrs import Factory, frozen

from afwegen import codec, weighing
from afwegen.errors import (
    NOTHING,
    AfwegenError,
    CodecError,
    ConflictError,
    IntegrityError,
    RuleViolation,
    UnknownSession,
)
from afwegen.events import ModelEvaluated, Record, ReportExported, SessionStarted, SubjectErased
from afwegen.events.declaration import ERASED, clean_text, event_type
from afwegen.events.record import Channel, milliseconds, to_the_minute
from afwegen.log import canonical
from afwegen.method import RULES_VERSION, MethodSettings, Role, RoleName
from afwegen.steps import acting, advice, disclosure
from afwegen.steps.state import SessionState, admit, apply, replay
from afwegen.steps.visibility import is_theirs, visible
from afwegen.stores.contract import Appended, Batch, Call, Head, PersonRow, Store, Stored, VaultRow
from afwegen.stores.threaded import AsyncStore

if TYPE_CHECKING:
    from afwegen.events.meeting import Ground, RedactionGround, Scope
    from afwegen.models import Comparison, Model, Outcome, Profile
    from afwegen.models.profile import Derivation
    from afwegen.personal import Erasure, Subject
    from afwegen.steps.advice import Advice
    from afwegen.weighing import WhatIf

__all__ = ["Clock", "OnCommit", "Session", "Verb", "beginning", "new_id", "now", "permitted"]

Clock = Callable[[], datetime]
OnCommit = Callable[[str, tuple[Record[Any], ...]], None]
"""Told which session committed which records, after it did; none before a model answers: sign what it rests on."""
T = TypeVar("T")
Verb = Generator[Any, Any, T]
"""A verb asks the store by yielding a request, and is sent the answer."""

MOST_TRIES: Final = 20
PAGE: Final = 4096
"""Records asked of a store at once."""
SECRET_SIZE: Final = 32


@frozen
class _ReadHead:
    session: str

    def of(self, store: Store) -> Head:
        return store.head(self.session)

    async def awaited(self, store: AsyncStore) -> Head:
        return await store.head(self.session)


@frozen
class _ReadPeople:
    session: str
    start: int

    def of(self, store: Store) -> tuple[PersonRow, ...]:
        return store.people(self.session, self.start)

    async def awaited(self, store: AsyncStore) -> tuple[PersonRow, ...]:
        return await store.people(self.session, self.start)


@frozen
class _ReadEntries:
    session: str
    start: int
    stop: int

    def of(self, store: Store) -> Iterable[Stored]:
        return store.read(self.session, self.start, self.stop)

    async def awaited(self, store: AsyncStore) -> Iterable[Stored]:
        return [stored async for stored in store.read(self.session, self.start, self.stop)]


@frozen
class _FindCall:
    session: str
    key_mac: bytes

    def of(self, store: Store) -> tuple[int, int] | None:
        return store.call(self.session, self.key_mac)

    async def awaited(self, store: AsyncStore) -> tuple[int, int] | None:
        return await store.call(self.session, self.key_mac)


@frozen
class _Append:
    batch: Batch

    def of(self, store: Store) -> Appended:
        return store.append(self.batch)

    async def awaited(self, store: AsyncStore) -> Appended:
        return await store.append(self.batch)


@frozen
class _Tell:
    on_commit: OnCommit
    session: str
    records: tuple[Record[Any], ...]

    def of(self, _: Store) -> None:
        self.on_commit(self.session, self.records)

    async def awaited(self, _: AsyncStore) -> None:
        await asyncio.to_thread(self.on_commit, self.session, self.records)


@frozen
class _Around:
    """What a record is encoded with: who is in which subgroup, and what its judge has a pseudonym of their own for."""

    members: Mapping[str, tuple[str, ...]]
    voice: str | None


def _drive(verb: Verb[T], store: Store) -> T:
    """Run a verb against a store: answer what it asks, hand it what goes wrong."""
    try:
        request = next(verb)
        while True:
            try:
                answer = request.of(store)
            except AfwegenError as error:
                request = verb.throw(error)
            else:
                request = verb.send(answer)
    except StopIteration as done:
        value: T = done.value
        return value


def new_id() -> str:
    """Return an id for a new session: 128 random bits."""
    return f"s_{secrets.token_hex(16)}"


def beginning(
    *,
    title: str,
    area: str,
    form: Literal["together", "alone", "imported"],
    language: Literal["nl", "en"],
    settings: MethodSettings | None,
) -> SessionStarted:
    """Return the first event of a session: with the version of the rules and of the library."""
    from importlib.metadata import version

    return SessionStarted(
        title=title,
        area=area,
        form=form,
        language=language,
        rules=RULES_VERSION,
        library=version("afwegen"),
        settings=attrs.asdict(settings or MethodSettings()),
    )


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


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
        self._clock = clock
        self._on_commit = on_commit
        self._state = SessionState()
        self._people = codec.NOBODY
        self._secret = b""
        self._erased = _Erased()
        self._settled = 0
        self._untold: tuple[Record[Any], ...] = ()

    def __repr__(self) -> str:
        title = self._state.preparation.title
        return f"<Session {self.id} {title!r}, {self._state.step.called}, {self._state.length} records>"

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
        _drive(session._start(started, by, happened_at), store)
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
        loaded._settled = loaded._state.length
        return loaded

    # -- what it amounts to -------------------------------------------------------------------------------------------

    @property
    def state(self) -> SessionState:
        """Return what the log amounts to, as of the last read: the operator's view."""
        return self._state

    def refresh(self) -> SessionState:
        """Read what others recorded since, and return the state with it."""
        _drive(self._refresh(), self.store)
        return self._state

    def history(self) -> tuple[Record[Any], ...]:
        """Return all records, in order."""
        return tuple(self.records())

    def records(self, start: int = 0, stop: int | None = None) -> Iterable[Record[Any]]:
        """Yield records in order, in flat memory; up to the last one read where ``stop`` is None."""
        end = self._state.length if stop is None else min(stop, self._state.length)
        for stored in self.store.read(self.id, start, end):
            yield self.decoded(stored)

    def at(self, n: int) -> SessionState:
        """
        Return the state after the first *n* records, ``SessionStarted`` being the first.

        Raises:
            RuleViolation: There are not so many.
        """
        self._refuse_beyond(n)
        return replay(self.records(stop=n))

    def _refuse_beyond(self, n: int) -> None:
        if not 0 <= n <= self._state.length:
            raise RuleViolation(f"this session has {self._state.length} records", "ask for as many or fewer", n)

    # -- the transaction of the host ----------------------------------------------------------------------------------

    def committed(self) -> None:
        """
        Say that the host has committed: what was recorded on its connection is recorded for good.

        Call it after the commit (``transaction.on_commit`` in Django). On a store that owns its database every act is
        committed when ``record`` returns.
        """
        _drive(self._committed(), self.store)

    def rolled_back(self) -> None:
        """
        Say that the host has rolled back, all or to a savepoint: the session is read again as it now stands.

        Where the session itself began in what was rolled back nothing is left of it: its state is empty.
        """
        _drive(self._rolled_back(), self.store)

    @property
    def borrowed(self) -> bool:
        """Whether the host commits what is recorded here."""
        return getattr(self.store, "borrowed", False)

    @property
    def unsettled(self) -> int:
        """The number of records that stand in a transaction of the host of which nothing was said yet."""
        return self._state.length - self._settled if self.borrowed else 0

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
        self._refuse_stranger(viewer)
        for record in self.records():
            yield self.shown(record, viewer)

    def shown(self, record: Record[Any], viewer: str | None) -> Record[Any]:
        """Return a record of this session as somebody may see it now; the public sees pseudonyms in place of people."""
        seen, voice = visible(record, viewer, self._state), disclosure.voice(record, self._state)
        if viewer is None:
            return codec.with_pseudonyms(seen, self._people, voice)
        theirs = voice is None or is_theirs(record, viewer, self._state)
        return seen if theirs else codec.with_voice(seen, self._people, voice)

    def _refuse_stranger(self, viewer: str | None) -> None:
        if viewer is not None and not self._state.knows(viewer):
            raise RuleViolation("this person is not known here", "give a participant's key, or None", viewer)

    def awaited(self) -> dict[str, tuple[str, ...]]:
        """Return of whom each open round still has nothing: by round, the judges, in order of invitation."""
        meeting = self._state.meeting
        judges = {
            "participants": self._state.preparation.active,
            "subgroups": tuple(
                key
                for key in sorted(meeting.subgroups, key=lambda key: meeting.subgroups[key].seq)
                if meeting.subgroups[key].status == "standing"
            ),
        }
        return {
            key: tuple(
                judge
                for judge in judges[meeting.rounds[key].of]
                if judge not in meeting.rounds[key].sheets and not codec.is_erased(judge)
            )
            for key in meeting.open_rounds
        }

    def advice(self) -> tuple[Advice, ...]:
        """Return what the method advises now; advice never blocks anything. The operator's view: it may name things."""
        return advice.advice(self._state)

    def advice_for(self, viewer: str | None) -> tuple[Advice, ...]:
        """
        Return what of the advice somebody may be told; None is the public.

        Raises:
            RuleViolation: The session does not know this person.
        """
        return advice.told(self._state, self.seen_by(viewer))

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
        chosen = permitted(events, role)
        return _drive(self._record(events, by, chosen, on_behalf_of, happened_at, channel, key), self.store)

    def export(self, *, format: str, by: str, viewer: str | None = None) -> tuple[Record[Any], ...]:  # noqa: A002
        """Record that a file was made of this session; the layer above makes it."""
        event = ReportExported(format=format, upto=self._state.length, viewer=viewer)
        return _drive(self._record((event,), by, Role.SYSTEM, None, None, "live", None), self.store)

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
        from afwegen import personal

        return _drive(personal.erase(self, person, by, ground, scope), self.store)

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
        from afwegen import personal

        return _drive(personal.redact(self, entry, fields, by, ground), self.store)

    def erase_again(self) -> Erasure:
        """
        Carry out once more every erasure that the log tells of: after a restored backup, or where one broke off.

        Raises:
            StoreError: The store cannot be written, or not be scrubbed now: do it again.
        """
        from afwegen import personal

        return _drive(personal.erase_again(self), self.store)

    def subject(self, person: str) -> Subject:
        """
        Return everything the session holds about one person: what they have a right to see.

        Look at it before you hand it over: a record about several people tells of the others too.

        Args:
            person: The key by which the application knows them, or their pseudonym.

        Raises:
            RuleViolation: The session does not know this person.
        """
        from afwegen import personal

        return _drive(personal.subject(self, person), self.store)

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
        return weighing.profile(self._state, round=round, criterion=criterion, judges=judges)

    def compare(
        self,
        models: Iterable[Model | str],
        *,
        viewer: str | None = None,
        derive: Derivation | None = None,
        **selection: Any,
    ) -> Comparison:
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
        self._refuse_stranger(viewer)
        return weighing.compare(self._state, models, derive=derive, viewer=viewer, **selection)

    def evaluate(self, model: Model, *, by: str, **selection: Any) -> Outcome:
        """
        Let a model answer, and record its answer as evidence; it never shortlists and never chooses.

        What is returned is the operator's, with everything in it; in a secret session only what may be shown.

        Raises:
            ProfileError: The session does not have what the model needs.
            RuleViolation: The result would show what single judges said: of too few, or nearly the same as another.
        """
        return _drive(self._evaluate(model, by, selection), self.store)

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
        return weighing.what_if(self._state, model=model, without=without, scores=scores, instead=instead, **selection)

    # -- verbs --------------------------------------------------------------------------------------------------------

    def _start(self, started: SessionStarted, by: str, happened_at: datetime | None) -> Verb[None]:
        self._secret = secrets.token_bytes(SECRET_SIZE)
        yield from self._record((started,), by, Role.SYSTEM, None, happened_at, "live", None)

    def _evaluate(self, model: Model, by: str, selection: dict[str, Any]) -> Verb[Outcome]:
        """Weigh what the log holds now, and record the answer unless somebody wrote meanwhile."""
        yield from self._refresh()
        yield from self._tell(())
        chosen = weighing.select(self._state, **selection)
        outcome = model.evaluate(weighing.weighable(self._state, chosen))
        head: Head = yield _ReadHead(self.id)
        if head.length != self._state.length:
            raise _overtaken(self._state.length, head.length)
        event = weighing.result(self._state, model, outcome, head.frontier.root, chosen)
        yield from self._record((event,), by, Role.SYSTEM, None, None, "live", None)
        return weighing.released(outcome, self._state) if disclosure.is_secret(self._state) else outcome

    def _tell(self, records: tuple[Record[Any], ...]) -> Verb[None]:
        """Tell what was committed; what stands in a transaction of the host is told when the host says so."""
        if self._on_commit is None:
            return
        if self.borrowed:
            self._untold += records
        else:
            yield _Tell(self._on_commit, self.id, records)

    def _committed(self) -> Verb[None]:
        self._settled = self._state.length
        told, self._untold = self._untold, ()
        if self._on_commit is not None and told:
            yield _Tell(self._on_commit, self.id, told)

    def _rolled_back(self) -> Verb[None]:
        self._forget()
        with suppress(UnknownSession):
            yield from self._refresh()
        self._settled = self._state.length
        self._untold = tuple(record for record in self._untold if record.seq < self._settled)

    def _forget(self) -> None:
        self._state, self._people, self._secret = SessionState(), codec.NOBODY, b""

    def _refresh(self) -> Verb[None]:
        """Read the news; all of it again where the news is an erasure."""
        head: Head = yield _ReadHead(self.id)
        if head.length < self._state.length:
            # A log never shrinks: the host has rolled back and did not say so.
            self._forget()
        self._secret = head.secret
        start = self._state.length
        if start == head.length:
            return
        gone = yield from self._read_on(start, head.length)
        if (erased := _erased(self._state)) != self._erased:
            # What it covers was read before it was known: nothing of that may stay here.
            self._forget()
            self._secret, self._erased = head.secret, erased
            gone = yield from self._read_on(0, head.length)
        self._refuse_newer_rules()
        if gone:
            warnings.warn(
                f"personal values of {len(gone)} records are gone, first of record {gone[0]}: run afwegen verify",
                stacklevel=2,
            )

    def _read_on(self, start: int, stop: int) -> Verb[list[int]]:
        """Read records, new people first, so that none shows a stranger; return of which something is missing."""
        people: tuple[PersonRow, ...] = yield _ReadPeople(self.id, start)
        self._learn(people)
        missing: list[int] = []
        first_heard = dict[int, Record[Any]]()
        try:
            for first in range(start, stop, PAGE):
                entries: Iterable[Stored] = yield _ReadEntries(self.id, first, min(first + PAGE, stop))
                records: Iterable[Record[Any]] = (self._watched(stored, missing) for stored in entries)
                if any(row.pseudonym.startswith(codec.VOICE) for row in people):
                    records = _noting(records, {row.seq for row in people}, first_heard)
                self._state = replay(records, since=self._state)
        except CodecError as error:
            library = codec.begun_by(*(stored.entry for stored in (yield _ReadEntries(self.id, 0, 1))))
            raise _by_a_newer(error, library) from error
        self._hear(people, first_heard)
        return missing

    def _refuse_newer_rules(self) -> None:
        """Refuse a session that is held to rules not known here: what it means could not be told from its log."""
        frame = self._state.preparation
        if frame.rules > RULES_VERSION:
            self._forget()
            what = (
                f"this session is held to rules of version {frame.rules}, and {RULES_VERSION} is the newest known here"
            )
            raise CodecError(what, f"install afwegen {frame.library} or later", self.id)

    def _record(
        self,
        events: tuple[Any, ...],
        by: str,
        role: Role | None,
        on_behalf_of: str | Sequence[str] | None,
        happened_at: datetime | None,
        channel: Channel,
        key: str | None,
    ) -> Verb[tuple[Record[Any], ...]]:
        """Record, and tell who wants to know what was committed."""
        records = yield from self._recorded(events, by, role, on_behalf_of, happened_at, channel, key)
        yield from self._tell(records)
        return records

    def _recorded(
        self,
        events: tuple[Any, ...],
        by: str,
        role: Role | None,
        on_behalf_of: str | Sequence[str] | None,
        happened_at: datetime | None,
        channel: Channel,
        key: str | None,
    ) -> Verb[tuple[Record[Any], ...]]:
        """Admit, encode, append; on a conflict read the news and try again, unless something was being settled."""
        if not events:
            raise RuleViolation("nothing was proposed", "give an event")
        if not self._secret:
            # Nothing is known of it yet, or nothing is left of it.
            yield from self._refresh()
        moment = None if happened_at is None else milliseconds(happened_at)
        if channel not in get_args(Channel):
            raise CodecError("this is no channel", f"choose from {', '.join(get_args(Channel))}", channel)
        by = _key_of_person(by)
        authors = _authors(events, on_behalf_of)
        call = yield from self._call(key, events, (by, role, authors, moment, channel))
        if call is not None and (known := (yield _FindCall(self.id, call.key_mac))) is not None:
            return (yield from self._repeated(call, known))
        for _ in range(MOST_TRIES):
            expected = self._state.length
            proposed, around, state = self._admitted(events, by, role, authors, moment, channel)
            batch, people = self._batch(proposed, around, call)
            try:
                done: Appended = yield _Append(batch)
            except ConflictError as conflict:
                yield from self._refresh()
                yield from self._refuse_unsettled(events, by, expected, conflict)
                continue
            if done.repeated:
                return (yield from self._repeated(call, (done.first, done.count)))
            self._state, self._people = state, people
            return proposed
        raise ConflictError("others kept writing first", "try again", got=MOST_TRIES, found=self._state.length)

    def _admitted(
        self,
        events: tuple[Any, ...],
        by: str,
        role: Role | None,
        authors: tuple[str | None, ...],
        happened_at: datetime | None,
        channel: Channel,
    ) -> tuple[tuple[Record[Any], ...], tuple[_Around, ...], SessionState]:
        """
        Return the acts as records, what each is encoded with, and the state after them.

        Each is admitted on the state the one before left.
        """
        now = milliseconds(self._clock())
        state, proposed, around = self._state, [], []
        for event, on_behalf_of in zip(events, authors, strict=True):
            subgroup = on_behalf_of if on_behalf_of in state.meeting.subgroups else None
            person = None if subgroup is not None or on_behalf_of == by else on_behalf_of
            record = Record(
                session=self.id,
                seq=state.length,
                event=event,
                happened_at=happened_at or now,
                recorded_at=now,
                by=by,
                role=role or acting.resolve_role(state, event, by, person, subgroup),
                on_behalf_of=person,
                subgroup=subgroup,
                channel=channel,
                meeting=state.meeting.now,
            )
            if (voice := disclosure.voice(record, state)) is not None:
                record = _told_to_the_minute(record)
            admit(state, record)
            state = apply(state, record)
            proposed.append(record)
            around.append(_Around(state.members, voice))
        return tuple(proposed), tuple(around), state

    def _batch(
        self,
        proposed: tuple[Record[Any], ...],
        around: tuple[_Around, ...],
        call: Call | None,
    ) -> tuple[Batch, codec.People]:
        people = self._people
        entries, vault, shown = [], [], []
        for record, beside in zip(proposed, around, strict=True):
            encoded = codec.encode(record, people, beside.members, secrets.token_bytes, beside.voice)
            people = encoded.people
            entries.append(encoded.entry)
            vault += [
                VaultRow(seq=record.seq, part=part, subjects=subjects, payload=payload)
                for part, (subjects, payload) in enumerate(encoded.vault)
            ]
            shown += [PersonRow(seq=record.seq, pseudonym=name, payload=payload) for name, payload in encoded.shown]
        first = proposed[0].seq
        batch = Batch(
            session=self.id,
            expected=first,
            entries=tuple(entries),
            vault=tuple(vault),
            people=tuple(shown),
            call=call,
            secret=self._secret if first == 0 else None,
        )
        return batch, people

    def _call(self, key: str | None, events: tuple[Any, ...], given: tuple[Any, ...]) -> Verb[Call | None]:
        """Return the codes of an idempotency key and of what is called under it."""
        if key is None:
            return None
        key = clean_text("an idempotency key")(key)
        if not self._secret:
            yield from self._refresh()
        by, role, authors, happened_at, channel = given
        acts = [[event_type(event).name, codec.fields_of(event)] for event in events]
        moment = None if happened_at is None else happened_at.isoformat()
        called = canonical.encode([acts, by, None if role is None else role.value, list(authors), moment, channel])
        return Call(
            key_mac=hmac.digest(self._secret, b"key\x00" + key.encode(), "sha256"),
            call_mac=hmac.digest(self._secret, b"call\x00" + called, "sha256"),
        )

    def _repeated(self, call: Call | None, known: tuple[int, int]) -> Verb[tuple[Record[Any], ...]]:
        """Return the records a key stands for; the store refuses a key that belongs to another call."""
        first, count = known
        yield from self._refresh()
        entries: tuple[Stored, ...] = tuple((yield _ReadEntries(self.id, first, first + count)))
        if len(entries) < count:
            what = f"the log of {self.id!r} ends before the records that an idempotency key stands for"
            raise IntegrityError(what, "verify the session, and restore a backup", first)
        if call is not None:
            entry = entries[0].entry
            yield _Append(Batch(session=self.id, expected=self._state.length, entries=(entry,), call=call))
        return tuple(self.decoded(stored) for stored in entries)

    def _refuse_unsettled(self, events: tuple[Any, ...], by: str, expected: int, conflict: ConflictError) -> Verb[None]:
        """Refuse to repeat by itself an act that settles something, when there is news in its own step."""
        if any(isinstance(event, ModelEvaluated) for event in events):
            # It rests on the log as it was, and its id may be taken by now.
            raise _overtaken(expected, self._state.length)
        deciding = [event_type(event) for event in events if event_type(event).decides]
        if not deciding:
            return
        entries: Iterable[Stored] = yield _ReadEntries(self.id, expected, self._state.length)
        news = tuple(self.decoded(stored) for stored in entries)
        steps = {step for declared in deciding for step in declared.steps}
        touching = [record for record in news if not steps.isdisjoint(event_type(record.event).steps)]
        if touching:
            raise ConflictError(
                f"others recorded {len(news)} acts before this one could settle something",
                "look at the news, and decide again",
                conflict.got if conflict.got is not NOTHING else deciding[0].name,
                expected=expected,
                found=self._state.length,
                # An error may be shown to who proposed: no more than they may see.
                news=tuple(self.shown(record, by) for record in news),
            )

    # -- reading ------------------------------------------------------------------------------------------------------

    def _learn(self, rows: Iterable[PersonRow]) -> None:
        for row in rows:
            if row.pseudonym not in self._erased.people:
                key, _ = codec.person_row(row.payload)
                self._people = self._people.with_person(row.pseudonym, key)

    def _hear(self, rows: Iterable[PersonRow], records: Mapping[int, Record[Any]]) -> None:
        """Learn in which round somebody has a pseudonym: the one that the record which shows it first is about."""
        for row in rows:
            record = records.get(row.seq)
            voice = None if record is None else disclosure.voice(record, self._state)
            known = row.pseudonym.startswith(codec.VOICE) and row.pseudonym not in self._erased.people
            if voice is not None and known:
                self._people = self._people.with_voice(row.pseudonym, codec.person_row(row.payload)[0], voice)

    def decoded(self, stored: Stored) -> Record[Any]:
        """Return a stored entry of this session as a record, by the people it knows so far."""
        return self._watched(stored, [])

    def _watched(self, stored: Stored, missing: list[int]) -> Record[Any]:
        payloads = [payload for _, payload in stored.vault]
        covered = self._erased.paths.get(stored.seq, frozenset[str]())
        record, gone = codec.decode_watching(stored.entry, payloads, self._people, covered)
        if any(path not in covered for path in gone):
            missing.append(stored.seq)
        if stored.seq in self._erased.paths and not gone:
            # It is still there: the erasure is under way, or was broken off. It shows no more all the same.
            personal = [field.name for field in event_type(record.event).personal if field.name in covered]
            return attrs.evolve(record, event=attrs.evolve(record.event, **dict.fromkeys(personal, ERASED)))
        return record


def _by_a_newer(error: CodecError, library: str) -> CodecError:
    """Return an error about bytes that cannot be read, with the version to install where that is the reason."""
    from importlib.metadata import version

    if _numbers(library) <= _numbers(version("afwegen")):
        return error
    return CodecError(error.what, f"install afwegen {library} or later: the session was begun by it", error.got)


def _numbers(library: str) -> tuple[int, ...]:
    return tuple(int(part) for part in library.split(".") if part.isascii() and part.isdecimal())


def _overtaken(expected: int, found: int) -> ConflictError:
    """Make the error for an answer of a model that somebody was quicker than."""
    what = "somebody recorded something while the model was at work; nothing was recorded"
    return ConflictError(what, "evaluate again", expected=expected, found=found)


def _told_to_the_minute(record: Record[Any]) -> Record[Any]:
    happened, recorded = to_the_minute(record.happened_at), to_the_minute(record.recorded_at)
    return attrs.evolve(record, happened_at=happened, recorded_at=recorded)


def _noting(records: Iterable[Record[Any]], wanted: set[int], noted: dict[int, Record[Any]]) -> Iterable[Record[Any]]:
    """Yield records, and keep those that are wanted."""
    for record in records:
        if record.seq in wanted:
            noted[record.seq] = record
        yield record


@frozen
class _Erased:
    """What the erasures of a log cover: pseudonyms of people, and by record the paths."""

    people: frozenset[str] = frozenset()
    paths: Mapping[int, Container[str]] = Factory(dict)


def _erased(state: SessionState) -> _Erased:
    people: set[str] = set()
    paths: dict[int, Container[str]] = {}
    for said in state.meeting.erasures:
        if isinstance(said.event, SubjectErased):
            people.add(said.event.subject)
            paths |= dict.fromkeys(said.event.entries, codec.EVERYTHING)
            continue
        seq, fields, known = said.event.entry, frozenset(said.event.fields), paths.get(said.event.entry, frozenset())
        paths[seq] = fields | known if fields and isinstance(known, frozenset) else codec.EVERYTHING
    return _Erased(frozenset(people), paths)


def _authors(events: tuple[Any, ...], on_behalf_of: str | Sequence[str] | None) -> tuple[str | None, ...]:
    """Return for each act on whose behalf it is."""
    if on_behalf_of is None:
        return (None,) * len(events)
    if isinstance(on_behalf_of, str):
        return (_key_of_person(on_behalf_of),) * len(events)
    if not isinstance(on_behalf_of, list | tuple):
        raise CodecError("on_behalf_of is somebody, or one for each act", "give a key, or a tuple", on_behalf_of)
    if len(on_behalf_of) != len(events):
        what = f"{len(events)} acts are on behalf of {len(events)}, or all of the same one"
        raise RuleViolation(what, "give one name for each, or one name", len(on_behalf_of))
    return tuple(None if each is None else _key_of_person(each) for each in on_behalf_of)


_key_of_person: Final = clean_text("the key of a person")


def permitted(events: tuple[Any, ...], role: RoleName | None) -> Role | None:
    """Return the role asked for, where the events are such as people may propose."""
    for event in events:
        if isinstance(event, type):
            raise CodecError("this is a kind of event", "make one: give its fields", event)
        if Role.SYSTEM in event_type(event).by:
            do = "call Session.start, evaluate or export"
            raise RuleViolation("the session itself proposes this event", do, event_type(event).name)
    return None if role is None else _role(role)


def _role(role: RoleName) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise RuleViolation("this is no role", f"choose from {', '.join(Role)}", role) from None
