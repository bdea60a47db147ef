"""
What every store promises, in bytes.

A store knows sessions, sequence numbers, entries, vault rows and frontiers; not events, not rules. What it takes in
one ``append`` it keeps whole or not at all, and what it has acknowledged survives. The promises are checked, one by
one, by ``afwegen.testing.check_store``.
"""

from collections.abc import Iterator
from types import TracebackType
from typing import Final, Protocol, Self

from attrs import frozen

from afwegen.log.frontier import Frontier
from afwegen.stores.feeding import FeedItem
from afwegen.stores.waiting import Waiter

__all__ = [
    "LARGEST_ENTRY",
    "Appended",
    "Batch",
    "Call",
    "Forgetting",
    "Head",
    "Leaf",
    "PersonRow",
    "Store",
    "Stored",
    "VaultRow",
]

LARGEST_ENTRY: Final = 32 * 1024
"""Octets an entry may have at most."""


@frozen(kw_only=True)
class VaultRow:
    """
    Personal values of one record, of one set of people.

    Attributes:
        seq: The record they belong to.
        part: Which set of people, counted from 0 within the record.
        subjects: Pseudonyms of the people the values are about; whoever is erased takes the row along.
        payload: Values and salts, as the codec packs them.
    """

    seq: int
    part: int
    subjects: tuple[str, ...]
    payload: bytes


@frozen(kw_only=True)
class PersonRow:
    """
    Who stands behind a pseudonym.

    Attributes:
        seq: The record that first shows the pseudonym.
        pseudonym: Unique within the session.
        payload: Key and salt, as the codec packs them.
    """

    seq: int
    pseudonym: str
    payload: bytes


@frozen(kw_only=True)
class Call:
    """
    The idempotency key of one call, and what was called, as codes keyed with the secret of the session.

    Attributes:
        key_mac: 32 octets that stand for the key.
        call_mac: 32 octets that stand for the call; a key belongs to one.
    """

    key_mac: bytes
    call_mac: bytes


@frozen(kw_only=True)
class Batch:
    """
    Entries that are appended together, or not at all.

    Attributes:
        session: The session's id.
        expected: The length the log must have; 0 makes the session.
        entries: At least one, 32 KiB each at most.
        vault: Rows of these entries.
        people: Pseudonyms that these entries show first.
        call: The idempotency key, where the caller gave one.
        secret: 32 random octets, with ``expected=0`` and only then.
    """

    session: str
    expected: int
    entries: tuple[bytes, ...]
    vault: tuple[VaultRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    call: Call | None = None
    secret: bytes | None = None


@frozen(kw_only=True)
class Forgetting:
    """
    What an erasure takes from one session; entries are never among it.

    Attributes:
        session: The session's id.
        rows: Record and part of the vault rows that go.
        people: Pseudonyms of whom the key goes.
        calls: Records, of which the code of the call that brought them in goes; the code of its key stays.
        instead: Record, part and new payload of the vault rows of which only something goes.
    """

    session: str
    rows: tuple[tuple[int, int], ...] = ()
    people: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()
    instead: tuple[tuple[int, int, bytes], ...] = ()


@frozen(kw_only=True)
class Appended:
    """
    Where a batch stands in the log.

    Attributes:
        first: Sequence number of its first entry.
        count: The number of its entries.
        repeated: Whether it stood there before, under the same idempotency key, and nothing was appended now.
    """

    first: int
    count: int
    repeated: bool = False


@frozen(kw_only=True)
class Stored:
    """
    One entry, verbatim, and what the vault still holds of it.

    Attributes:
        seq: Its place in the log, from 0.
        entry: The octets that were hashed.
        vault: Part and payload of each row present, in the order of the parts.
    """

    seq: int
    entry: bytes
    vault: tuple[tuple[int, bytes], ...] = ()


@frozen(kw_only=True)
class Head:
    """
    A session as the store sees it: how far it is, not what it is about.

    Attributes:
        session: The session's id.
        length: The number of entries.
        frontier: The edge of the tree over them; its ``root`` is the root of the session.
        secret: 32 octets for the codes of idempotency keys.
    """

    session: str
    length: int
    frontier: Frontier
    secret: bytes

    @property
    def id(self) -> str:
        """The session's id, under the name it has on a ``Session``."""
        return self.session


@frozen(kw_only=True)
class Leaf:
    """
    One leaf of the installation log: a signed note about a session, or about the installation itself.

    Attributes:
        session: Whose checkpoint it is; empty where it is about the installation.
        size: How long that session was; 0 where it is about the installation.
        note: The octets that were hashed, 32 KiB at most.
    """

    session: str
    size: int
    note: bytes


class Store(Protocol):
    """
    A place where sessions are kept. Any thread may use it, and any process may open it beside others.

    Nothing is cached between two calls: each sees what every other writer has committed before.
    """

    def sessions(self) -> tuple[Head, ...]:
        """Return all sessions, in the order they were made."""
        ...

    def head(self, session: str) -> Head:
        """
        Return where a session stands.

        Raises:
            UnknownSession: The store does not hold it.
        """
        ...

    def append(self, batch: Batch) -> Appended:
        """
        Append a batch, whole or not at all.

        A batch whose idempotency key was used before, for the same call, is not appended again: the answer says
        where it stands, also when ``expected`` no longer fits.

        Raises:
            ConflictError: The log does not have the expected length; it says which it has.
            RuleViolation: The idempotency key belongs to another call. Not a conflict: trying again cannot help.
            UnknownSession: The store does not hold the session, and ``expected`` is not 0.
            CodecError: An entry is too large, or not octets.
            StoreError: The batch contradicts itself, or the store cannot be written.
        """
        ...

    def call(self, session: str, key_mac: bytes) -> tuple[int, int] | None:
        """
        Return first sequence number and count of what was appended under a key, None where it is new.

        Raises:
            UnknownSession: The store does not hold the session.
        """
        ...

    def read(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """
        Read entries in order, in flat memory: a prefix without gaps, as long as the log was when asked.

        Args:
            session: The session's id.
            start: The first sequence number; at or beyond the end there is nothing to read.
            stop: The first one left out; None, or anything beyond the end, for the end.

        Raises:
            UnknownSession: The store does not hold it; raised at once, not at the first entry.
            IntegrityError: An entry is missing.
        """
        ...

    def leaves(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """
        Read the leaf hashes kept beside the entries, as ``read`` does: proofs are made from them.

        Raises:
            UnknownSession: The store does not hold it.
            IntegrityError: A leaf is missing.
        """
        ...

    def subjects(self, session: str, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str]]:
        """
        Read whom the vault rows are about: record, part and pseudonym, in that order.

        An erasure goes by these; a verification holds them against what the entries say.

        Raises:
            UnknownSession: The store does not hold it.
        """
        ...

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """
        Return who is behind the pseudonyms first shown at *start* or later, by record, then by pseudonym.

        Raises:
            UnknownSession: The store does not hold the session.
        """
        ...

    def about(self, session: str, pseudonym: str) -> tuple[tuple[int, int], ...]:
        """
        Return record and part of every vault row that somebody is a subject of, in order.

        Raises:
            UnknownSession: The store does not hold the session.
        """
        ...

    def forget(self, forgetting: Forgetting) -> None:
        """
        Delete rows of the vault and of people, and codes of calls: all of it, or nothing.

        What is gone already stays gone, so it may be repeated. A key of which the call was forgotten answers with the
        first records, whatever is called.

        Raises:
            UnknownSession: The store does not hold the session.
            StoreError: The store cannot be written.
        """
        ...

    def unscrubbed(self) -> bool:
        """Say whether something was forgotten, and not yet scrubbed."""
        ...

    def scrub(self) -> None:
        """
        Overwrite what was forgotten, wherever the store itself still has it: free pages, journals, dead rows.

        It takes the whole database for itself, and may be repeated. Backups and replicas are out of its reach.

        Raises:
            StoreError: The store is on a connection of the host, is in use, or this role may not do it.
        """
        ...

    def feed(self, after: str | None = None, limit: int = 500) -> tuple[FeedItem, ...]:
        """
        Return what follows a cursor, over all sessions: nothing is missed and nothing comes twice.

        The order never changes. It is that of the commits: an append that began when another had returned comes after
        it, and the entries of a session come in their own order.

        Args:
            after: The cursor of the last item seen; None begins at the beginning.
            limit: How many items at most, 1 to 10,000.

        Raises:
            StoreError: It is no cursor of a feed.
        """
        ...

    def waiter(self) -> Waiter:
        """Return what waits until there may be something new in the feed."""
        ...

    def installation(self) -> Frontier:
        """Return the edge of the installation log, whose leaves are the notes entered."""
        ...

    def enter(self, expected: int, leaves: tuple[Leaf, ...]) -> None:
        """
        Append to the installation log: all of these, or none.

        Raises:
            ConflictError: The installation log does not have the expected length; it says which it has.
            CodecError: A note is too large, or not octets.
            StoreError: A leaf contradicts itself, or the store cannot be written.
        """
        ...

    def entered(self, start: int = 0, stop: int | None = None) -> Iterator[Leaf]:
        """
        Read the installation log in order, as ``read`` reads a session.

        Raises:
            IntegrityError: A leaf is missing.
        """
        ...

    def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return what the installation log holds of one session, each with its index; nothing of one it lacks."""
        ...

    def keep(self, size: int, note: bytes) -> None:
        """
        Keep a checkpoint of the installation log. What is kept stays: signatures may come under it, nothing else.

        Raises:
            ConflictError: What is kept of this size is not the beginning of this note.
            StoreError: The installation log is shorter, or the store cannot be written.
        """
        ...

    def kept(self, start: int = 0) -> tuple[tuple[int, bytes], ...]:
        """Return the checkpoints of the installation log from a size on, each with its size, the smallest first."""
        ...

    def close(self) -> None:
        """Let go of the database. A second time does nothing; any other call is refused afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
