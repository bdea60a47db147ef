"""A store in memory: for tests and demonstrations, as strict as the ones that last."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock, RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from weakref import finalize

from attrs import Factory, define, evolve

from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash
from afwegen.stores.contract import Appended, Batch, Call, Forgetting, Head, Leaf, PersonRow, Stored
from afwegen.stores.feeding import FeedItem, most, place_of, written
from afwegen.stores.refusals import (
    another_checkpoint,
    check,
    check_checkpoint,
    check_forgetting,
    check_leaves,
    closed,
    conflict,
    installation_conflict,
    other_call,
    shown_before,
    span,
    unknown_session,
)
from afwegen.stores.waiting import Polling

if TYPE_CHECKING:
    from afwegen.stores.transaction import Transaction

__all__ = ["MemoryStore"]

Item = TypeVar("Item")


@define
class _Log:
    secret: bytes
    frontier: Frontier = EMPTY
    entries: list[bytes] = Factory(list)
    leaves: list[bytes] = Factory(list)
    vault: dict[int, tuple[tuple[int, bytes], ...]] = Factory(dict)
    subjects: dict[tuple[int, int], tuple[str, ...]] = Factory(dict)
    people: dict[str, PersonRow] = Factory(dict)
    calls: dict[bytes, tuple[Call, Appended]] = Factory(dict)


class MemoryStore:
    """
    Sessions in memory, as bytes; see ``Store`` for what it promises.

    >>> store = MemoryStore()
    >>> store.append(Batch(session="wijk", expected=0, entries=(b"{}",), secret=bytes(32)))
    Appended(first=0, count=1, repeated=False)
    >>> [stored.entry for stored in store.read("wijk")]
    [b'{}']
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._logs: dict[str, _Log] | None = {}
        self._order: list[tuple[str, Appended]] = []
        self._beside: Any = None
        self._turn = RLock()
        self._installation = EMPTY
        self._entered: list[Leaf] = []
        self._kept: dict[int, bytes] = {}
        self._unscrubbed = False

    def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        with self._lock:
            return tuple(_head(session, log) for session, log in self._open().items())

    def head(self, session: str) -> Head:
        """Return where a session stands."""
        with self._lock:
            return _head(session, self._log(session))

    def append(self, batch: Batch) -> Appended:
        """Append a batch, whole or not at all."""
        check(batch)
        with self._lock:
            log = self._open().get(batch.session)
            if log is None:
                return self._start(batch)
            if batch.call and batch.call.key_mac in log.calls:
                return _repeat(batch, *log.calls[batch.call.key_mac])
            if batch.expected != len(log.entries):
                raise conflict(batch.session, batch.expected, len(log.entries))
            return self._extended(log, batch)

    def _extended(self, log: _Log, batch: Batch) -> Appended:
        appended = _extend(log, batch)
        self._order.append((batch.session, appended))
        return appended

    def _start(self, batch: Batch) -> Appended:
        if batch.secret is None:
            raise unknown_session(batch.session)
        log = _Log(batch.secret)
        appended = self._extended(log, batch)
        self._open()[batch.session] = log
        return appended

    def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """Return first sequence number and count of what was appended under a key."""
        with self._lock:
            known = self._log(session).calls.get(key_mac)
        return (known[1].first, known[1].count) if known else None

    def read(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """Read entries in order: a prefix without gaps, as long as the log was when asked."""
        with self._lock:
            log = self._log(session)
            seqs = span(start, stop, len(log.entries))
        return self._each(seqs, lambda seq: Stored(seq=seq, entry=log.entries[seq], vault=log.vault.get(seq, ())))

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Read the leaf hashes kept beside the entries, as ``read`` does."""
        with self._lock:
            log = self._log(session)
            seqs = span(start, stop, len(log.entries))
        return self._each(seqs, log.leaves.__getitem__)

    def _each(self, seqs: range, item: Callable[[int], Item]) -> Iterator[Item]:
        for seq in seqs:
            self._open()
            yield item(seq)

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Read whom the vault rows are about: record, part and pseudonym."""
        with self._lock:
            log = self._log(session)
            seqs = span(start, stop, len(log.entries))
            rows = [(*row, name) for row, names in log.subjects.items() if row[0] in seqs for name in names]
        return iter(sorted(rows))

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms first shown at *start* or later."""
        with self._lock:
            log = self._log(session)
            first = span(start, None, len(log.entries)).start
            rows = [row for row in log.people.values() if row.seq >= first]
        return tuple(sorted(rows, key=lambda row: (row.seq, row.pseudonym)))

    def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """Return record and part of every vault row that somebody is a subject of, in order."""
        with self._lock:
            return tuple(sorted(row for row, names in self._log(session).subjects.items() if pseudonym in names))

    def forget(self, forgetting: Forgetting) -> None:
        """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
        check_forgetting(forgetting)
        with self._lock:
            _forget(self._log(forgetting.session), forgetting)
            self._unscrubbed = True

    def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        with self._lock:
            self._open()
            return self._unscrubbed

    def scrub(self) -> None:
        """Do nothing: memory is given back when it likes."""
        with self._lock:
            self._open()
            self._unscrubbed = False

    def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """Return what follows a cursor, over all sessions, in the order of the appends."""
        _, _, last, seq = place_of(after)
        wanted = most(limit)
        with self._lock:
            logs = self._open()
            items: list[FeedItem] = []
            for number in range(max(last, 1), len(self._order) + 1):
                session, appended = self._order[number - 1]
                first = max(appended.first, seq + 1) if number == last else appended.first
                stop = min(appended.first + appended.count, first + wanted - len(items))
                items += [_item(session, logs[session], number, each) for each in range(first, stop)]
                if len(items) == wanted:
                    break
        return tuple(items)

    def waiter(self) -> Polling:
        """Return what waits for the next append."""
        return Polling()

    @contextmanager
    def transaction(self, *, writing: bool = True) -> "Iterator[Transaction]":
        """Open a transaction for what is derived from the log: on SQLite, in memory too."""
        from afwegen.stores.sqlite_file import beside, within
        from afwegen.stores.transaction import of_sqlite

        with self._turn:
            self._open()
            if self._beside is None:
                self._beside = beside()
                # Nobody has to close a store in memory.
                finalize(self, self._beside.close)
            with within(self._beside) if writing else nullcontext():
                yield of_sqlite(self._beside)

    def installation(self) -> Frontier:
        """Return the edge of the installation log."""
        with self._lock:
            self._open()
            return self._installation

    def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """Append to the installation log: all of these, or none."""
        check_leaves(leaves)
        with self._lock:
            self._open()
            if expected != len(self._entered):
                raise installation_conflict(expected, len(self._entered))
            self._installation = self._installation.extend(leaf_hash(leaf.note) for leaf in leaves)
            self._entered.extend(leaves)

    def entered(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """Read the installation log in order."""
        with self._lock:
            self._open()
            seqs = span(start, stop, len(self._entered))
        return self._each(seqs, self._entered.__getitem__)

    def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index."""
        with self._lock:
            self._open()
            return tuple((index, leaf) for index, leaf in enumerate(self._entered) if leaf.session == session)

    def keep(self, size: int, note: bytes) -> None:
        """Keep a checkpoint of the installation log."""
        with self._lock:
            self._open()
            check_checkpoint(size, note, len(self._entered))
            if not note.startswith(self._kept.get(size, b"")):
                raise another_checkpoint(size)
            self._kept[size] = note

    def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on."""
        with self._lock:
            self._open()
            return tuple(sorted((size, note) for size, note in self._kept.items() if size >= start))

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._logs = None
        if self._beside is not None:
            self._beside.close()
            self._beside = None

    def _open(self) -> dict[str, _Log]:
        if self._logs is None:
            raise closed()
        return self._logs

    def _log(self, session: str) -> _Log:
        log = self._open().get(session)
        if log is None:
            raise unknown_session(session)
        return log

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _head(session: str, log: _Log) -> Head:
    return Head(session=session, length=len(log.entries), frontier=log.frontier, secret=log.secret)


def _item(session: str, log: _Log, number: int, seq: int) -> FeedItem:
    entry, vault = log.entries[seq], log.vault.get(seq, ())
    return FeedItem(session=session, seq=seq, entry=entry, vault=vault, cursor=written((0, 0, number, seq)))


def _repeat(batch: Batch, call: Call, appended: Appended) -> Appended:
    # Where an erasure has taken the call, the key answers for whatever is called.
    if batch.call != call and call.call_mac:
        raise other_call(batch.session, appended.first)
    return evolve(appended, repeated=True)


def _extend(log: _Log, batch: Batch) -> Appended:
    known = [row.pseudonym for row in batch.people if row.pseudonym in log.people]
    if known:
        raise shown_before(known[0])
    leaves = [leaf_hash(entry) for entry in batch.entries]
    appended = Appended(first=batch.expected, count=len(leaves))
    log.frontier = log.frontier.extend(leaves)
    log.entries.extend(batch.entries)
    log.leaves.extend(leaves)
    log.people.update((row.pseudonym, row) for row in batch.people)
    for row in sorted(batch.vault, key=lambda row: (row.seq, row.part)):
        log.vault[row.seq] = (*log.vault.get(row.seq, ()), (row.part, row.payload))
        log.subjects[row.seq, row.part] = row.subjects
    if batch.call:
        log.calls[batch.call.key_mac] = (batch.call, appended)
    return appended


def _forget(log: _Log, forgetting: Forgetting) -> None:
    gone, left = {*forgetting.rows}, {(seq, part): payload for seq, part, payload in forgetting.instead}
    for seq in {seq for seq, _ in (*gone, *left)} & log.vault.keys():
        kept = ((part, left.get((seq, part), payload)) for part, payload in log.vault[seq] if (seq, part) not in gone)
        log.vault[seq] = tuple(kept)
    for row in gone:
        log.subjects.pop(row, None)
    for pseudonym in forgetting.people:
        log.people.pop(pseudonym, None)
    calls = frozenset(forgetting.calls)
    for key_mac, (call, appended) in log.calls.items():
        if not calls.isdisjoint(range(appended.first, appended.first + appended.count)):
            log.calls[key_mac] = (evolve(call, call_mac=b""), appended)
