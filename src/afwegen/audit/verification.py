"""
Verification of a stored session, level by level, in one pass over its entries.

Memory holds the state of the session and its people, and never the log.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from afwegen import codec
from afwegen.audit.encoding import Encoding
from afwegen.audit.recomputing import recompute
from afwegen.audit.report import NAMES, Level, Report, Tally, Verdict, required_levels
from afwegen.errors import CodecError, IntegrityError, RuleViolation
from afwegen.events import ModelEvaluated, Record, SubjectErased
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash
from afwegen.method import RULES_VERSION
from afwegen.steps.state import SessionState, admit, apply, replay
from afwegen.stores.contract import Head, PersonRow, Store, Stored

__all__ = ["Progress", "verify_session"]

Progress = Callable[[int, int], None]
"""Called with how many entries were looked at, and how many there are."""

_STRIDE: Final = 256
_UNSIGNED: Final = "unsigned, so signatures are NOT CHECKED"


def verify_session(
    store: Store,
    session: str,
    *,
    require: tuple[int, ...] = (),
    on_progress: Progress | None = None,
) -> Report:
    """
    Go through a stored session, level by level.

    1 encoding and profile of every entry; 2 the root, recomputed, against what is stored; 3 consistency with older
    checkpoints (none are kept yet); 4 the rules of the method, by replay; 5 what every commitment opens to; 6 every
    recorded model result, recomputed; 7 what was erased.

    Args:
        store: Where it is kept.
        session: Its id.
        require: Levels that must pass: NOT CHECKED is then not enough.
        on_progress: Called now and then.

    Raises:
        UnknownSession: The store does not hold it.
        StoreError: The store cannot be read.
        AfwegenError: A required level does not exist.

    >>> from afwegen import Session, open_store
    >>> store = open_store("memory:")
    >>> session = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
    >>> report = verify_session(store, session.id)
    >>> report.passed, report[2].verdict.value, report[3].verdict.value
    (True, 'PASS', 'NOT CHECKED')
    """
    required = required_levels(require)
    try:
        head = store.head(session)
    except IntegrityError as error:
        return _unreadable(session, error, required)
    verification = _Verification(store, head)
    verification.run(on_progress)
    return Report(
        session=session,
        length=verification.seen,
        root=verification.root.hex(),
        levels=verification.levels(),
        required=required,
    )


def _unreadable(session: str, error: IntegrityError, required: tuple[int, ...]) -> Report:
    """Return the report on a session of which not even the length is known."""
    said = "the session's head cannot be read"
    levels = [Level(number=number, verdict=Verdict.NOT_CHECKED, said=said) for number in NAMES]
    levels[1] = Level(number=2, verdict=Verdict.FAIL, said=said, findings=(str(error),))
    return Report(session=session, length=0, root="", levels=tuple(levels), required=required)


class _Verification:
    """One session being verified: everything that is carried from entry to entry."""

    def __init__(self, store: Store, head: Head) -> None:
        self.store = store
        self.head = head
        self.encoding = Encoding(head.id)
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

    # -- the pass -----------------------------------------------------------------------------------------------------

    def run(self, on_progress: Progress | None) -> None:
        """Look at every entry, once."""
        self._meet(self.store.people(self.head.id))
        try:
            for stored, leaf in self._entries():
                self._look(stored, leaf)
                self.seen += 1
                if on_progress is not None and not self.seen % _STRIDE:
                    on_progress(self.seen, self.head.length)
        except IntegrityError as error:
            self.tallies[2].fail(error)
            self._stop(f"the log cannot be read beyond entry {self.seen}")
        if self.root != self.head.frontier.root:
            self.tallies[2].fail(f"the root recomputed is {self.root.hex()}, the stored one another")
        elif self.frontier != self.head.frontier:
            self.tallies[2].fail("the stored frontier is not that of the entries")
        self._explain_what_is_closed()

    def _entries(self) -> Iterator[tuple[Stored, bytes]]:
        """Yield entries with the leaf kept beside them; a store insists by itself that none is missing."""
        session, length = self.head.id, self.head.length
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
            if row.seq >= self.head.length:
                continue
            self.rows.setdefault(row.seq, []).append(row)
            try:
                key, _ = codec.person_row(row.payload)
            except CodecError as error:
                self.tallies[5].fail(f"the row of {row.pseudonym}: {error}")
            else:
                self.people = self.people.with_person(row.pseudonym, key)

    def _look(self, stored: Stored, leaf: bytes) -> None:
        found = leaf_hash(stored.entry)
        if len(self.pending) >= _STRIDE:
            self.frontier = self.frontier.extend(self.pending)
            self.pending.clear()
        # Last, so that the root before this entry can still be told.
        self.pending.append(found)
        if found != leaf:
            self.tallies[2].fail(f"entry {stored.seq} is not what the leaf beside it was made of")
        try:
            self.encoding.look(stored.seq, stored.entry)
        except (CodecError, IntegrityError) as error:
            self.tallies[1].fail(error)
            self.tallies[5].skip("an entry cannot be read")
            self._stop(f"entry {stored.seq} cannot be read")
            return
        opens = self._open(stored)
        self._replay(stored, opens=opens)
        self.tallies[1].judged += 1

    def _stop(self, why: str) -> None:
        """Give up what needs every record in order."""
        self.replayable = False
        for number in (1, 4, 5, 6):
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

    def _explain_what_is_closed(self) -> None:
        """Hold every value that is gone against the erasures the log tells of."""
        erased = _erased(self.state)
        for seq, paths in self.closed.items():
            left = [path for path in paths if seq not in erased and path.removeprefix("person/") not in erased]
            if left:
                self.tallies[5].fail(f"{', '.join(left)} of record {seq} is missing, and no erasure says why")
            else:
                self.tallies[5].skip("their values were erased")

    # -- 4 and 6, rules and results -----------------------------------------------------------------------------------

    def _replay(self, stored: Stored, *, opens: bool) -> None:
        if not self.replayable:
            return
        try:
            record, whole = self._decoded(stored, opens=opens)
        except CodecError as error:
            self.tallies[1].fail(error)
            self._stop(f"entry {stored.seq} cannot be read")
            return
        if isinstance(record.event, ModelEvaluated):
            self.results += 1
            self._recompute(record.event)
        self._admit(record, whole=whole)
        self.state = apply(self.state, record)

    def _decoded(self, stored: Stored, *, opens: bool) -> tuple[Record[Any], bool]:
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
        entries = islice(self.store.read(self.head.id, 0, event.upto), event.upto)
        leaves, records = [], []
        for stored in entries:
            leaves.append(leaf_hash(stored.entry))
            records.append(self._decoded(stored, opens=True)[0])
        return replay(records), EMPTY.extend(leaves).root

    def _root_now(self) -> bytes:
        """Return the root over the entries before this one, whose leaf is the last that came in."""
        return self.frontier.extend(self.pending[:-1]).root

    # -- the outcome --------------------------------------------------------------------------------------------------

    def levels(self) -> tuple[Level, ...]:
        """Return the seven levels, in order."""
        length = self.head.length
        roots = self.tallies[2]
        roots.judged = self.seen
        said = "no result was recorded" if not self.results else "results came out the same when recomputed"
        return (
            self.tallies[1].level("entries are canonical, whole and in place", length),
            roots.level(f"entries give the stored root and leaves; {_UNSIGNED}", length),
            Level(number=3, verdict=Verdict.NOT_CHECKED, said="no older checkpoint was supplied"),
            self.tallies[4].level("records were admitted again by the rules", length),
            self.tallies[5].level("records open to the values and people entered", length),
            self.tallies[6].level(said, self.results),
            self._erasure(),
        )

    def _erasure(self) -> Level:
        """Say what was erased, and whether something of it is still there."""
        tally, erasures = self.tallies[7], self.state.meeting.erasures
        if not erasures:
            return Level(number=7, verdict=Verdict.NOT_CHECKED, said="nothing was erased")
        present = {row.pseudonym for rows in self.rows.values() for row in rows}
        for said in erasures:
            event = said.event
            subject, entries = (
                (event.subject, event.entries) if isinstance(event, SubjectErased) else ("", (event.entry,))
            )
            left = [seq for seq in entries if seq not in self.closed]
            if left or subject in present:
                tally.fail(f"the erasure of record {said.seq} is unfinished: {subject or left} is still there")
            tally.judged += 1
        return tally.level("erasures left nothing they should have taken", len(erasures))


def _erased(state: SessionState) -> set[int | str]:
    """Return the records and the pseudonyms that erasures cover."""
    covered: set[int | str] = set()
    for said in state.meeting.erasures:
        event = said.event
        if isinstance(event, SubjectErased):
            covered |= {event.subject, *event.entries}
        else:
            covered.add(event.entry)
    return covered
