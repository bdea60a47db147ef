"""
Verification of a stored session, level by level, in one pass over its entries.

Memory holds the state of the session and its people, and never the log.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, Protocol

from afwegen import codec
from afwegen.audit.checkpoints import Checkpoint, session_of
from afwegen.audit.encoding import Encoding, unspoken
from afwegen.audit.keys import KeyList
from afwegen.audit.recomputing import recompute
from afwegen.audit.report import NAMES, Level, Report, Tally, Verdict, required_levels
from afwegen.errors import CodecError, IntegrityError, RuleViolation
from afwegen.events import ModelEvaluated, Record, SubjectErased, TextRedacted
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash
from afwegen.method import RULES_VERSION
from afwegen.steps.state import SessionState, admit, apply, replay
from afwegen.stores.contract import Leaf, PersonRow, Store, Stored

__all__ = ["ALL_LEVELS", "Progress", "Readable", "SessionCheck", "levels_of", "verify_session"]

Progress = Callable[[int, int], None]
"""Called with how many entries were looked at, and how many there are."""

ALL_LEVELS: Final = frozenset(NAMES)

UNSIGNED: Final = "signatures: no key list was given"
_NOTHING_SIGNED: Final = "; unsigned, so signatures are NOT CHECKED"
_AGAIN: Final = "run afwegen erase STORE --again"
_STRIDE: Final = 256
_NEED_VALUES: Final = frozenset({4, 5, 6, 7})


class Readable(Protocol):
    """What a session is verified from: a store, or one session of a bundle."""

    def read(self, session: str, start: int = 0, stop: int | None = None, /) -> Iterator[Stored]:
        """Read the entries."""
        ...

    def leaves(self, session: str, start: int = 0, stop: int | None = None, /) -> Iterator[bytes | None]:
        """Read the hashes kept beside them, None where none are."""
        ...

    def people(self, session: str, /) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms."""
        ...

    def subjects(
        self, session: str, start: int = 0, stop: int | None = None, /
    ) -> Iterator[tuple[int, int, str]] | None:
        """Read whom the vault rows are about; None where it does not say."""
        ...

    def entered_of(self, session: str, /) -> tuple[tuple[int, Leaf], ...]:
        """Return its checkpoints."""
        ...


def verify_session(
    store: Store,
    session: str,
    *,
    require: Iterable[int] = (),
    keys: KeyList | None = None,
    since: Iterable[Checkpoint] = (),
    levels: Iterable[int] = ALL_LEVELS,
    on_progress: Progress | None = None,
) -> Report:
    """
    Go through a stored session, level by level.

    1 encoding and profile of every entry; 2 the root, recomputed, against what is stored and against every checkpoint
    of it, and who signed those; 3 consistency with the checkpoints somebody else holds; 4 the rules of the method, by
    replay; 5 what every commitment opens to; 6 every recorded model result, recomputed; 7 what was erased.

    Args:
        store: Where it is kept.
        session: Its id.
        require: Levels that must pass: NOT CHECKED is then not enough.
        keys: Whom to trust; without them signatures are NOT CHECKED.
        since: Checkpoints of this session that came from elsewhere.
        levels: Those to go through; the others are NOT CHECKED.
        on_progress: Called now and then.

    Raises:
        UnknownSession: The store does not hold it.
        StoreError: The store cannot be read.
        AfwegenError: A required level does not exist.
        MissingExtra: Keys were given, and the package cryptography is not installed.

    >>> from afwegen import Session, open_store
    >>> store = open_store("memory:")
    >>> session = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
    >>> report = verify_session(store, session.id)
    >>> report.passed, report[2].verdict.value, report[3].verdict.value
    (True, 'PASS', 'NOT CHECKED')
    """
    required = required_levels(require)
    chosen = frozenset(required_levels(levels))
    try:
        head = store.head(session)
    except IntegrityError as error:
        return _unreadable(session, error, required)
    check = SessionCheck(store, session, head.length, keys=keys, since=tuple(since), levels=chosen, holding=store)
    check.run(on_progress)
    check.compare_with(head.frontier.root, head.frontier)
    return Report(
        session=session,
        length=check.seen,
        root=check.root.hex(),
        levels=levels_of(check.tallies, check.counts(), chosen, signed=bool(check.signed)),
        required=required,
    )


def _unreadable(session: str, error: IntegrityError, required: tuple[int, ...]) -> Report:
    """Return the report on a session of which not even the length is known."""
    said = "the session's head cannot be read"
    levels = [Level(number=number, verdict=Verdict.NOT_CHECKED, said=said) for number in NAMES]
    levels[1] = Level(number=2, verdict=Verdict.FAIL, said=said, findings=(str(error),))
    return Report(session=session, length=0, root="", levels=tuple(levels), required=required)


class SessionCheck:
    """
    One session being verified: everything that is carried from entry to entry.

    Args:
        store: Where it is.
        session: Its id.
        length: How many entries it has.
        keys: Whom to trust.
        since: Checkpoints that came from elsewhere.
        levels: Those to go through.
        disclosed: Whether values were to be there; where not, closed ones are no loss.
        holding: The store, where it is one: it knows what is about whom.
    """

    def __init__(
        self,
        store: Readable,
        session: str,
        length: int,
        *,
        keys: KeyList | None = None,
        since: tuple[Checkpoint, ...] = (),
        levels: frozenset[int] = ALL_LEVELS,
        disclosed: bool = True,
        holding: Store | None = None,
    ) -> None:
        self.store = store
        self.holding = holding
        self.keys = keys
        self.since = since
        self.deep = bool(levels & _NEED_VALUES)
        self.disclosed = disclosed
        self.due: dict[int, list[tuple[Checkpoint, Tally]]] = {}
        self.signed = 0
        self.newest = 0
        self.id = session
        self.length = length
        self.encoding = Encoding(session)
        self.tallies = {number: Tally(number) for number in NAMES}
        self.people = codec.NOBODY
        self.rows: dict[int, list[PersonRow]] = {}
        self.frontier: Frontier = EMPTY
        self.pending: list[bytes] = []
        self.state = SessionState()
        self.seen = 0
        self.results = 0
        self.closed: dict[int, tuple[str, ...]] = {}
        self.replayable = True
        self._links: Iterator[tuple[int, int, str]] | None = None
        self._link: tuple[int, int, str] | None = None

    # -- the pass -----------------------------------------------------------------------------------------------------

    def run(self, on_progress: Progress | None = None) -> None:
        """Look at every entry, once."""
        self._gather_checkpoints()
        if self.deep:
            self._meet(self.store.people(self.id))
            self._links = self.store.subjects(self.id, 0, self.length)
            self._link = next(self._links, None) if self._links else None
        try:
            for stored, leaf in self._entries():
                self._look(stored, leaf)
                self.seen += 1
                if self.seen in self.due:
                    self._compare(self.due.pop(self.seen))
                if on_progress is not None and not self.seen % _STRIDE:
                    on_progress(self.seen, self.length)
        except IntegrityError as error:
            self.tallies[2].fail(error)
            self._stop(f"the log cannot be read beyond entry {self.seen}")
        for waiting in self.due.values():
            for checkpoint, tally in waiting:
                tally.fail(
                    f"a checkpoint speaks of {checkpoint.size} entries, and the log has {self.seen}: it is behind"
                )
        self.tallies[2].judged = self.seen
        self._mind_the_tail()
        if self.deep:
            self._explain_what_is_closed()
            self._look_at_erasures()

    def compare_with(self, root: bytes, frontier: Frontier | None = None) -> None:
        """Hold what was recomputed against what is stored, or said."""
        if self.root != root:
            self.tallies[2].fail(f"the root recomputed is {self.root.hex()}, the stored one another")
        elif frontier is not None and self.frontier != frontier:
            self.tallies[2].fail("the stored frontier is not that of the entries")

    @property
    def tail(self) -> int:
        """Return how many records are newer than the newest checkpoint."""
        return max(self.length - self.newest, 0)

    def _mind_the_tail(self) -> None:
        if self.keys is not None and self.tail:
            self.tallies[2].leave_open(f"signatures: {self.tail:,} records are newer than the newest checkpoint")

    def _gather_checkpoints(self) -> None:
        """Read the checkpoints of this session, see who signed them, and let them wait for their size."""
        roots, earlier = self.tallies[2], self.tallies[3]
        origins = set()
        for _, leaf in self.store.entered_of(self.id):
            try:
                checkpoint = Checkpoint.read(leaf.note)
            except IntegrityError as error:
                roots.fail(error)
                continue
            if checkpoint.size != leaf.size:
                roots.fail(f"a checkpoint of {checkpoint.size} entries stands under {leaf.size}")
            self.signed += 1
            self.newest = max(self.newest, checkpoint.size)
            origins.add(checkpoint.origin)
            if session_of(checkpoint.origin) != self.id:
                roots.fail(f"a checkpoint of {checkpoint.origin} stands among those of {self.id}")
            self._see_who_signed(checkpoint, roots, held=checkpoint.note in {each.note for each in self.since})
            self._await(checkpoint, roots)
        if len(origins) > 1:
            roots.fail(f"checkpoints of this session are of several logs: {', '.join(sorted(origins))}")
        for checkpoint in self.since:
            earlier.judged += 1
            if session_of(checkpoint.origin) != self.id or (origins and checkpoint.origin not in origins):
                earlier.fail(f"the checkpoint held is of another log: {checkpoint.origin}")
                continue
            self._see_who_signed(checkpoint, earlier, held=True)
            self._await(checkpoint, earlier)

    def _see_who_signed(self, checkpoint: Checkpoint, tally: Tally, *, held: bool) -> None:
        if self.keys is None:
            tally.leave_open(UNSIGNED)
        else:
            keys = self.keys
            tally.attempt(lambda: checkpoint.verify(keys, held=held))

    def _await(self, checkpoint: Checkpoint, tally: Tally) -> None:
        self.due.setdefault(checkpoint.size, []).append((checkpoint, tally))

    def _compare(self, waiting: list[tuple[Checkpoint, Tally]]) -> None:
        for checkpoint, tally in waiting:
            if checkpoint.root != self.root:
                tally.fail(f"the first {self.seen} entries are not those of a checkpoint: its root is another")

    def _entries(self) -> Iterator[tuple[Stored, bytes | None]]:
        """Yield entries with the leaf kept beside them; a store insists by itself that none is missing."""
        session, length = self.id, self.length
        return zip(self.store.read(session, 0, length), self.store.leaves(session, 0, length), strict=True)

    @property
    def root(self) -> bytes:
        """The root over what was read."""
        self.frontier = self.frontier.extend(self.pending)
        self.pending.clear()
        return self.frontier.root

    def _meet(self, rows: tuple[PersonRow, ...]) -> None:
        """Learn who is behind the pseudonyms, before the entries that show them."""
        for row in rows:
            if row.seq >= self.length:
                continue
            self.rows.setdefault(row.seq, []).append(row)
            try:
                key, _ = codec.person_row(row.payload)
            except CodecError as error:
                self.tallies[5].fail(f"the row of {row.pseudonym}: {error}")
            else:
                self.people = self.people.with_person(row.pseudonym, key)

    def _look(self, stored: Stored, leaf: bytes | None) -> None:
        if len(self.pending) >= _STRIDE:
            # Before this leaf joins them: what rests on the entries before this one asks for the root over those.
            self.frontier = self.frontier.extend(self.pending)
            self.pending.clear()
        found = leaf_hash(stored.entry)
        self.pending.append(found)
        if leaf is not None and found != leaf:
            self.tallies[2].fail(f"entry {stored.seq} is not what the leaf beside it was made of")
        try:
            document = self.encoding.look(stored.seq, stored.entry)
        except (CodecError, IntegrityError) as error:
            self.tallies[1].fail(error if isinstance(error, IntegrityError) else f"entry {stored.seq}: {error}")
            self.tallies[5].skip("an entry cannot be read")
            self._stop(f"entry {stored.seq} cannot be read")
            return
        self.tallies[1].judged += 1
        try:
            self.encoding.look_at_vocabulary(stored.seq, document)
        except IntegrityError as error:
            self.tallies[1].fail(error)
            self._stop(f"entry {stored.seq} is not of the vocabulary")
        if self.deep:
            opens = self._open(stored)
            self._replay(stored, opens=opens)

    def _stop(self, why: str) -> None:
        """Give up what needs every record in order."""
        self.replayable = False
        for number in (1, 4, 6):
            self.tallies[number].skip(why)

    # -- 5, openings --------------------------------------------------------------------------------------------------

    def _open(self, stored: Stored) -> bool:
        """Open what an entry committed to; say whether what the vault holds is what was entered."""
        tally, seq = self.tallies[5], stored.seq
        rows = self.rows.get(seq, [])
        try:
            persons = {row.pseudonym: row.payload for row in rows}
            opening = codec.open_entry(stored.entry, [payload for _, payload in stored.vault], persons)
        except (CodecError, IntegrityError) as error:
            tally.fail(error)
            return False
        for row in rows:
            if self.encoding.introduced.get(row.pseudonym) != seq:
                tally.fail(f"the row of {row.pseudonym} says that record {seq} introduced them, which it did not")
        if opening.closed:
            self.closed[seq] = opening.closed
        elif [part for part, _ in stored.vault] != list(range(len(stored.vault))):
            tally.fail(f"the vault rows of record {seq} are not numbered from 0")
        else:
            tally.judged += 1
        return True

    def _look_at_subjects(self, stored: Stored, record: Record[Any], *, whole: bool) -> None:
        """Hold whom the rows of a record are said to be about against whom the record is about."""
        if self._links is None:
            return
        seq, linked = stored.seq, self._linked(self._links, stored.seq)
        said = {part: set(linked.get(part, ())) for part in {part for part, _ in stored.vault} | linked.keys()}
        about = codec.subjects(record, self.people, self.state.members) if whole else None
        if about is not None:
            # Of who was erased before, the vault may say nothing; in a secret session it has them by another pseudonym.
            erased, named = self.encoding.erased, dict(enumerate(map(set, about)))
            wrong = {part: who - erased for part, who in said.items()} != {
                part: who - erased for part, who in named.items()
            }
        else:
            # Whom values that are gone had named, or as whom somebody was known who was erased, nobody can say.
            wrong = linked.keys() != {part for part, _ in stored.vault}
        if wrong:
            self.tallies[5].fail(
                f"the vault says that the values of record {seq} are about others than the record does:"
                " an erasure would take too little along, or too much"
            )

    def _linked(self, links: Iterator[tuple[int, int, str]], seq: int) -> dict[int, list[str]]:
        """Return by part whom the rows of a record are said to be about."""
        found: dict[int, list[str]] = {}
        while self._link is not None and self._link[0] <= seq:
            if self._link[0] == seq:
                found.setdefault(self._link[1], []).append(self._link[2])
            self._link = next(links, None)
        return found

    def _explain_what_is_closed(self) -> None:
        """Hold every value that is gone against the erasures the log tells of."""
        for seq, paths in self.closed.items():
            left = [path for path in paths if not self.encoding.covers(seq, path)]
            if not self.disclosed:
                self.tallies[5].skip("their values are not disclosed")
            elif left:
                self.tallies[5].fail(f"{', '.join(left)} of record {seq} is missing, and no erasure says why")
            else:
                self.tallies[5].skip("their values were erased")

    # -- 4 and 6, rules and results -----------------------------------------------------------------------------------

    def _replay(self, stored: Stored, *, opens: bool) -> None:
        if not self.replayable:
            return
        try:
            record, gone = self._decoded(stored, opens=opens)
        except CodecError as error:
            self.tallies[1].fail(unspoken(stored.seq, f"cannot be read: {error}"))
            self._stop(f"entry {stored.seq} is not of the vocabulary")
            return
        if isinstance(record.event, ModelEvaluated):
            self.results += 1
            self._recompute(record.event)
        self._admit(record, whole=not gone)
        self.state = apply(self.state, record)
        self._look_at_subjects(stored, record, whole=not gone)

    def _decoded(self, stored: Stored, *, opens: bool) -> tuple[Record[Any], frozenset[str]]:
        """Read a record; one whose vault rows are broken without them, for that is another level's finding."""
        payloads = [payload for _, payload in stored.vault] if opens else []
        return codec.decode_watching(stored.entry, payloads, self.people)

    def _admit(self, record: Record[Any], *, whole: bool) -> None:
        tally = self.tallies[4]
        if (rules := self.state.preparation.rules or RULES_VERSION) != RULES_VERSION:
            tally.skip(f"these are the rules of version {RULES_VERSION}, the session was held to {rules}")
            return
        try:
            admit(self.state, record)
        except RuleViolation as refusal:
            # What is closed may have been what allowed it.
            refused = f"record {record.seq}, {record.type}: {refusal}"
            (tally.skip if self.closed else tally.fail)(refused)
            return
        if record.meeting != self.state.meeting.now:
            tally.fail(f"record {record.seq} says it was made in meeting {record.meeting!r}, which was not open")
        elif whole:
            tally.judged += 1
        else:
            tally.skip("they rest on closed values")

    def _recompute(self, event: ModelEvaluated) -> None:
        tally = self.tallies[6]
        try:
            reason = recompute(event, *self._input(event))
        except (IntegrityError, CodecError) as error:
            tally.fail(error)
            return
        if reason:
            tally.skip(reason)
        else:
            tally.judged += 1

    def _input(self, event: ModelEvaluated) -> tuple[SessionState, bytes]:
        """Return the state and the root a result rests on: nearly always the present ones, else read once more."""
        if event.upto == self.state.length:
            return self.state, self._root_now()
        if event.upto > self.state.length:
            raise IntegrityError(f"{event.result} rests on more records than came before it", got=event.upto)
        entries = islice(self.store.read(self.id, 0, event.upto), event.upto)
        leaves, records = [], []
        for stored in entries:
            leaves.append(leaf_hash(stored.entry))
            records.append(self._decoded(stored, opens=True)[0])
        return replay(records), EMPTY.extend(leaves).root

    def _root_now(self) -> bytes:
        """Return the root over the entries before this one, whose leaf is the last that came in."""
        return self.frontier.extend(self.pending[:-1]).root

    # -- the outcome --------------------------------------------------------------------------------------------------

    def counts(self) -> dict[int, int]:
        """Return how many things each level is about."""
        erasures = len(self.state.meeting.erasures)
        length = self.length
        return {1: length, 2: length, 3: len(self.since), 4: length, 5: length, 6: self.results, 7: erasures}

    def _look_at_erasures(self) -> None:
        """Say what was erased, and whether something of it is still there."""
        tally = self.tallies[7]
        present = {row.pseudonym for rows in self.rows.values() for row in rows}
        for said in self.state.meeting.erasures:
            event = said.event
            tally.note(f"{self.id}, record {said.seq}: {_told(event)}")
            if not self.disclosed:
                tally.skip("values are not disclosed")
                continue
            left = self._left_of(event)
            if isinstance(event, SubjectErased) and event.subject in present:
                tally.fail(f"the erasure of record {said.seq} is unfinished: {event.subject} is still there")
            elif left:
                tally.fail(f"the erasure of record {said.seq} is unfinished: {left} is still there")
            tally.judged += 1
        if tally.judged and self.holding is not None and self.holding.unscrubbed():
            tally.fail(f"what was erased was not scrubbed: {_AGAIN}")

    def _left_of(self, event: SubjectErased | TextRedacted) -> list[int]:
        """Return of which records something is there that should be gone."""
        if isinstance(event, TextRedacted):
            closed = self.closed.get(event.entry, ())
            return [] if closed and {*event.fields} <= {*closed} else [event.entry]
        left = {seq for seq in event.entries if seq not in self.closed}
        if self.holding is not None:
            left |= {seq for seq, _ in self.holding.about(self.id, event.subject)} & {*event.entries}
        return sorted(left)


def _told(event: SubjectErased | TextRedacted) -> str:
    """Say what was erased, and why."""
    if isinstance(event, TextRedacted):
        return f"{', '.join(event.fields) or 'what is personal'} in record {event.entry}, {event.ground}"
    return f"{event.subject}, {event.scope}, in {len(event.entries):,} records, {event.ground}"


_SAID: Final = {
    1: "entries are canonical, whole and in place",
    2: "entries give the stored root and leaves",
    3: "the log still begins as it did at the checkpoints held",
    4: "records were admitted again by the rules",
    5: "records open to the values and people entered",
    6: "results came out the same when recomputed",
    7: "erasures left nothing they should have taken",
}
_ABSENT: Final = {
    1: "there are no records",
    2: "there are no records",
    3: "no older checkpoint was supplied",
    4: "there are no records",
    5: "there are no records",
    6: "no result was recorded",
    7: "nothing was erased",
}


def levels_of(
    tallies: Mapping[int, Tally],
    counts: Mapping[int, int],
    chosen: frozenset[int] = ALL_LEVELS,
    *,
    signed: bool = True,
) -> tuple[Level, ...]:
    """Return the seven levels, in order; what there is nothing of was not checked, but results need not be there."""
    said = {**_SAID, 2: _SAID[2] + ("" if signed else _NOTHING_SIGNED), 6: _SAID[6] if counts[6] else _ABSENT[6]}
    levels = []
    for number, tally in tallies.items():
        if number not in chosen:
            levels.append(Level(number=number, verdict=Verdict.NOT_CHECKED, said="not asked for"))
        elif counts[number] or tally.wrong or number == 6:
            levels.append(tally.level(said[number], counts[number]))
        else:
            levels.append(Level(number=number, verdict=Verdict.NOT_CHECKED, said=_ABSENT[number]))
    return tuple(levels)
