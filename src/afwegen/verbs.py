"""
What a session knows, and its verbs: ``Session`` and ``AsyncSession`` are two faces of one ``Core``.

Every verb is written once, as a generator that yields what it asks of the store. Clock, ids and randomness are handed
down by the face. One class and little else: what one verb leaves known, the next begins with.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from afwegen import codec, proposing, reading, requests, weighing
from afwegen.errors import NOTHING, CodecError, ConflictError, IntegrityError, RuleViolation, UnknownSession
from afwegen.events import ModelEvaluated, Record, ReportExported, SessionStarted
from afwegen.events.declaration import event_type
from afwegen.events.record import Channel, milliseconds
from afwegen.method import Role, RoleName
from afwegen.proposing import Draw, Proposal
from afwegen.requests import OnCommit, Verb
from afwegen.steps import disclosure
from afwegen.steps.state import SessionState, replay
from afwegen.steps.visibility import is_theirs, visible
from afwegen.stores.contract import Batch, Call, Stored

if TYPE_CHECKING:
    from afwegen import models
    from afwegen.models import Model, Outcome, Profile
    from afwegen.models.profile import Derivation

__all__ = ["PAGE", "Clock", "Core"]

Clock = Callable[[], datetime]

MOST_TRIES: Final = 20
PAGE: Final = 4096
"""Records asked of a store at once."""
SECRET_SIZE: Final = 32


class Core:
    """
    What is known of a session as of the last read, and what may be done with it.

    What asks nothing of the store is a method; a verb is a generator, for ``drive`` or ``adrive`` to run.

    Attributes:
        id: The session's id.
        clock: Gives the present moment, with its time zone.
        draw: Gives random octets, for salts, pseudonyms and the secret of a session.
        borrowed: Whether the host commits what is recorded here.
        on_commit: Told what was committed.
        state: What the log amounts to.
        people: Who the pseudonyms in it are.
    """

    def __init__(self, session: str, *, clock: Clock, draw: Draw, borrowed: bool, on_commit: OnCommit | None) -> None:
        self.id = session
        self.clock = clock
        self.draw = draw
        self.borrowed = borrowed
        self.on_commit = on_commit
        self.state = SessionState()
        self.people = codec.NOBODY
        self._secret = b""
        self._erased = reading.Erased()
        self._settled = 0
        self._untold: tuple[Record[Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.id} {self.state.preparation.title!r}, {self.state.step.called}, {self.state.length} records"

    @property
    def unsettled(self) -> int:
        """The number of records that stand in a transaction of the host of which nothing was said yet."""
        return self.state.length - self._settled if self.borrowed else 0

    # -- what somebody sees -------------------------------------------------------------------------------------------

    def decoded(self, stored: Stored) -> Record[Any]:
        """Return a stored entry of this session as a record, by the people it knows so far."""
        return self._watched(stored, [])

    def _watched(self, stored: Stored, missing: list[int]) -> Record[Any]:
        record, incomplete = reading.opened(stored, self.people, self._erased)
        if incomplete:
            missing.append(stored.seq)
        return record

    def upto(self, stop: int | None) -> int:
        """Return where reading ends: after the last record read where nothing is asked, or less is there."""
        return self.state.length if stop is None else min(stop, self.state.length)

    def refuse_beyond(self, n: int) -> None:
        """Refuse a number of records that are not there."""
        if not 0 <= n <= self.state.length:
            raise RuleViolation(f"this session has {self.state.length} records", "ask for as many or fewer", n)

    def refuse_stranger(self, viewer: str | None) -> None:
        """Refuse somebody whom the session does not know; the public, None, it knows."""
        if viewer is not None and not self.state.knows(viewer):
            raise RuleViolation("this person is not known here", "give a participant's key, or None", viewer)

    def shown(self, record: Record[Any], viewer: str | None) -> Record[Any]:
        """Return a record of this session as somebody may see it now; the public sees pseudonyms in place of people."""
        seen, voice = visible(record, viewer, self.state), disclosure.voice(record, self.state)
        if viewer is None:
            return codec.with_pseudonyms(seen, self.people, voice)
        theirs = voice is None or is_theirs(record, viewer, self.state)
        return seen if theirs else codec.with_voice(seen, self.people, voice)

    def awaited(self) -> dict[str, tuple[str, ...]]:
        """Return of whom each open round still has nothing: by round, the judges, in order of invitation."""
        meeting = self.state.meeting
        judges = {
            "participants": self.state.preparation.active,
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

    # -- weighing -----------------------------------------------------------------------------------------------------

    def profile(
        self,
        *,
        round: str | None = None,  # noqa: A002 - the method's own word
        criterion: str = "overall",
        judges: Literal["participants", "subgroups"] | None = None,
    ) -> Profile:
        """Return what the judges said, but not of a secret session."""
        if disclosure.is_secret(self.state):
            what = "in a secret session nobody is given what single judges said"
            raise RuleViolation(what, "call compare, evaluate or what_if: they show what judges come to together")
        return weighing.profile(self.state, round=round, criterion=criterion, judges=judges)

    def compare(
        self,
        models: Iterable[Model | str],
        *,
        viewer: str | None = None,
        derive: Derivation | None = None,
        **selection: Any,
    ) -> models.Comparison:
        """Return models side by side, as somebody may see it who is known here."""
        self.refuse_stranger(viewer)
        return weighing.compare(self.state, models, derive=derive, viewer=viewer, **selection)

    # -- recording ----------------------------------------------------------------------------------------------------

    def start(self, started: SessionStarted, by: str, happened_at: datetime | None) -> Verb[None]:
        """Record the first event, with a fresh secret."""
        self._secret = self.draw(SECRET_SIZE)
        yield from self.record_own((started,), by, happened_at)

    def record(
        self,
        events: tuple[Any, ...],
        by: str,
        role: RoleName | None,
        on_behalf_of: str | Sequence[str] | None,
        happened_at: datetime | None,
        channel: Channel,
        key: str | None,
    ) -> Verb[tuple[Record[Any], ...]]:
        """Record acts of people; see ``Session.record``."""
        chosen = proposing.permitted(events, role)
        yield from self._wake()
        proposal = proposing.proposal(events, by, chosen, on_behalf_of, happened_at, channel)
        return (yield from self._record(proposal, proposing.call(key, proposal, self._secret)))

    def record_own(
        self, events: tuple[Any, ...], by: str, happened_at: datetime | None = None
    ) -> Verb[tuple[Record[Any], ...]]:
        """Record acts that the session itself proposes, for somebody who asked for what they tell of."""
        yield from self._wake()
        proposal = proposing.proposal(events, by, Role.SYSTEM, None, happened_at, "live")
        return (yield from self._record(proposal, None))

    def export(self, format: str, by: str, viewer: str | None) -> Verb[tuple[Record[Any], ...]]:  # noqa: A002
        """Record that a file was made."""
        event = ReportExported(format=format, upto=self.state.length, viewer=viewer)
        return (yield from self.record_own((event,), by))

    def evaluate(self, model: Model, by: str, selection: Mapping[str, Any]) -> Verb[Outcome]:
        """Weigh what the log holds now, and record the answer unless somebody wrote meanwhile."""
        yield from self.refresh()
        yield from self._tell(())
        chosen = weighing.select(self.state, **selection)
        outcome = model.evaluate(weighing.weighable(self.state, chosen))
        head = yield from requests.head(self.id)
        if head.length != self.state.length:
            raise _overtaken(self.state.length, head.length)
        event = weighing.result(self.state, model, outcome, head.frontier.root, chosen)
        yield from self.record_own((event,), by)
        return weighing.released(outcome, self.state) if disclosure.is_secret(self.state) else outcome

    def _wake(self) -> Verb[None]:
        """Read a session of which nothing is known yet, or nothing is left."""
        if not self._secret:
            yield from self.refresh()

    def _record(self, proposal: Proposal, call: Call | None) -> Verb[tuple[Record[Any], ...]]:
        """Record, and tell who wants to know what was committed."""
        records = yield from self._recorded(proposal, call)
        yield from self._tell(records)
        return records

    def _recorded(self, proposal: Proposal, call: Call | None) -> Verb[tuple[Record[Any], ...]]:
        """Admit, encode, append; on a conflict read the news and try again, unless something was being settled."""
        if call is not None and (known := (yield from requests.call(self.id, call.key_mac))) is not None:
            return (yield from self._repeated(call, known))
        for _ in range(MOST_TRIES):
            expected = self.state.length
            acts = proposing.admitted(proposal, self.state, self.id, milliseconds(self.clock()))
            batch, people = proposing.batch(acts, self.people, self._secret, call, self.draw)
            try:
                done = yield from requests.append(batch)
            except ConflictError as conflict:
                yield from self.refresh()
                yield from self._refuse_unsettled(proposal, expected, conflict)
                continue
            if done.repeated:
                return (yield from self._repeated(call, (done.first, done.count)))
            self.state, self.people = acts.state, people
            return acts.records
        raise ConflictError("others kept writing first", "try again", got=MOST_TRIES, found=self.state.length)

    def _repeated(self, call: Call | None, known: tuple[int, int]) -> Verb[tuple[Record[Any], ...]]:
        """Return the records a key stands for; the store refuses a key that belongs to another call."""
        first, count = known
        yield from self.refresh()
        entries = tuple((yield from requests.entries(self.id, first, first + count)))
        if len(entries) < count:
            what = f"the log of {self.id!r} ends before the records that an idempotency key stands for"
            raise IntegrityError(what, "verify the session, and restore a backup", first)
        if call is not None:
            entry = entries[0].entry
            batch = Batch(session=self.id, expected=self.state.length, entries=(entry,), call=call)
            yield from requests.append(batch)
        return tuple(self.decoded(stored) for stored in entries)

    def _refuse_unsettled(self, proposal: Proposal, expected: int, conflict: ConflictError) -> Verb[None]:
        """Refuse to repeat by itself an act that settles something, when there is news in its own step."""
        if any(isinstance(event, ModelEvaluated) for event in proposal.events):
            # It rests on the log as it was, and its id may be taken by now.
            raise _overtaken(expected, self.state.length)
        deciding = [declared for declared in map(event_type, proposal.events) if declared.decides]
        if not deciding:
            return
        entries = yield from requests.entries(self.id, expected, self.state.length)
        news = tuple(self.decoded(stored) for stored in entries)
        steps = {step for declared in deciding for step in declared.steps}
        touching = [record for record in news if not steps.isdisjoint(event_type(record.event).steps)]
        if touching:
            raise ConflictError(
                f"others recorded {len(news)} acts before this one could settle something",
                "look at the news, and decide again",
                conflict.got if conflict.got is not NOTHING else deciding[0].name,
                expected=expected,
                found=self.state.length,
                # An error may be shown to who proposed: no more than they may see.
                news=tuple(self.shown(record, proposal.by) for record in news),
            )

    # -- the transaction of the host ----------------------------------------------------------------------------------

    def _tell(self, records: tuple[Record[Any], ...]) -> Verb[None]:
        """Tell what was committed; what stands in a transaction of the host is told when the host says so."""
        if self.on_commit is None:
            return
        if self.borrowed:
            self._untold += records
        else:
            yield from requests.tell(self.on_commit, self.id, records)

    def settle(self) -> None:
        """Take all that was read for committed: it was there when the session was loaded."""
        self._settled = self.state.length

    def committed(self) -> Verb[None]:
        """Tell what stood in a transaction of the host; see ``Session.committed``."""
        self.settle()
        told, self._untold = self._untold, ()
        if self.on_commit is not None and told:
            yield from requests.tell(self.on_commit, self.id, told)

    def rolled_back(self) -> Verb[None]:
        """Read the session as it now stands; see ``Session.rolled_back``."""
        self.forget()
        with suppress(UnknownSession):
            yield from self.refresh()
        self.settle()
        self._untold = tuple(record for record in self._untold if record.seq < self._settled)

    # -- reading ------------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Know nothing of the session any more: it will be read anew."""
        self.state, self.people, self._secret = SessionState(), codec.NOBODY, b""

    def refresh(self) -> Verb[None]:
        """Read the news; all of it again where the news is an erasure."""
        head = yield from requests.head(self.id)
        if head.length < self.state.length:
            # A log never shrinks: the host has rolled back and did not say so.
            self.forget()
        self._secret = head.secret
        start = self.state.length
        if start == head.length:
            return
        gone = yield from self._read_on(start, head.length)
        if (erased := reading.erased(self.state)) != self._erased:
            # What it covers was read before it was known: nothing of that may stay here.
            self.forget()
            self._secret, self._erased = head.secret, erased
            gone = yield from self._read_on(0, head.length)
        if (newer := reading.newer_rules(self.id, self.state)) is not None:
            self.forget()
            raise newer
        if gone:
            warnings.warn(
                f"personal values of {len(gone)} records are gone, first of record {gone[0]}: run afwegen verify",
                stacklevel=2,
            )

    def _read_on(self, start: int, stop: int) -> Verb[list[int]]:
        """Read records, new people first, so that none shows a stranger; return of which something is missing."""
        people = yield from requests.people(self.id, start)
        self.people = reading.learning(self.people, people, self._erased)
        missing: list[int] = []
        first_heard = dict[int, Record[Any]]()
        try:
            for first in range(start, stop, PAGE):
                entries = yield from requests.entries(self.id, first, min(first + PAGE, stop))
                records: Iterable[Record[Any]] = (self._watched(stored, missing) for stored in entries)
                if any(row.pseudonym.startswith(codec.VOICE) for row in people):
                    records = reading.noting(records, {row.seq for row in people}, first_heard)
                self.state = replay(records, since=self.state)
        except CodecError as error:
            library = codec.begun_by(*(stored.entry for stored in (yield from requests.entries(self.id, 0, 1))))
            raise reading.by_a_newer(error, library) from error
        self.people = reading.hearing(self.people, people, first_heard, self.state, self._erased)
        return missing


def _overtaken(expected: int, found: int) -> ConflictError:
    """Make the error for an answer of a model that somebody was quicker than."""
    what = "somebody recorded something while the model was at work; nothing was recorded"
    return ConflictError(what, "evaluate again", expected=expected, found=found)
