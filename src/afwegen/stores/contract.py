"""
What every store promises, in bytes.

A store knows sessions, sequence numbers, entries, vault rows and frontiers; not events, not rules. What it takes in
one ``append`` it keeps whole or not at all, and what it has acknowledged survives. The promises are checked, one by
one, by ``afwegen.testing.check_store``.
"""

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Protocol, Self

from attrs import frozen

from afwegen.errors import CodecError, ConflictError, RuleViolation, StoreError, UnknownSession
from afwegen.log.frontier import Frontier

__all__ = [
    "LARGEST_ENTRY",
    "Appended",
    "Batch",
    "Call",
    "Head",
    "PersonRow",
    "Store",
    "Stored",
    "VaultRow",
    "check",
    "closed",
    "conflict",
    "other_call",
    "shown_before",
    "span",
    "unknown_session",
]

LARGEST_ENTRY: Final = 32 * 1024
"""Octets an entry may have at most."""

SECRET_SIZE: Final = 32
"""Octets of the secret of a session."""

MAC_SIZE: Final = 32
"""Octets of the codes that stand for an idempotency key and for the call it belongs to."""

MOST_PARTS: Final = 2**31
"""Beyond any number of sets of people that one record is about."""

_SESSION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


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

    def people(self, session: str, start: int = 0) -> tuple[PersonRow, ...]:
        """
        Return who is behind the pseudonyms first shown at *start* or later, by record, then by pseudonym.

        Raises:
            UnknownSession: The store does not hold the session.
        """
        ...

    def close(self) -> None:
        """Let go of the database. A second time does nothing; any other call is refused afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def check(batch: Batch) -> None:
    """
    Refuse a batch that no store may take, whatever it holds already.

    Raises:
        CodecError: An entry is too large, or not octets.
        StoreError: The batch contradicts itself.
    """
    if not _SESSION.fullmatch(batch.session):
        raise StoreError(
            "a session's id is up to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first", got=batch.session
        )
    if batch.expected < 0:
        raise StoreError("a log has no negative length", "give the length you read", batch.expected)
    if not batch.entries:
        raise StoreError("a batch holds at least one entry", "append nothing by not appending", batch.entries)
    for entry in batch.entries:
        if type(entry) is not bytes:
            raise CodecError("an entry is octets", "encode it first", entry)
        if len(entry) > LARGEST_ENTRY:
            raise CodecError(
                "an entry has at most 32768 octets", "split the act, or keep long text elsewhere", len(entry)
            )
    _check_secret(batch)
    _check_rows(batch)


def _check_secret(batch: Batch) -> None:
    if batch.expected == 0 and (type(batch.secret) is not bytes or len(batch.secret) != SECRET_SIZE):
        raise StoreError("a new session needs a secret of 32 octets", "give fresh random octets")
    if batch.expected and batch.secret is not None:
        raise StoreError("a session has its secret from its first batch", "leave the secret out", batch.expected)
    if batch.call and not all(
        type(mac) is bytes and len(mac) == MAC_SIZE for mac in (batch.call.key_mac, batch.call.call_mac)
    ):
        raise StoreError("a code of an idempotency key is 32 octets", "give the HMAC-SHA-256 itself", batch.call)


def _check_rows(batch: Batch) -> None:
    seqs = range(batch.expected, batch.expected + len(batch.entries))
    rows: tuple[VaultRow | PersonRow, ...] = (*batch.vault, *batch.people)
    for row in rows:
        if row.seq not in seqs:
            raise StoreError(f"a row belongs to an entry of its batch, {seqs.start} to {seqs.stop - 1}", got=row.seq)
        if type(row.payload) is not bytes:
            raise StoreError("a row's payload is octets", "pack it first", row.payload)
    for part in batch.vault:
        _check_part(part)
    if len({(row.seq, row.part) for row in batch.vault}) < len(batch.vault):
        raise StoreError(
            "the parts of a record are numbered once each", got=[(row.seq, row.part) for row in batch.vault]
        )
    shown: set[str] = set()
    for person in batch.people:
        if _checked_pseudonym(person.pseudonym) in shown:
            raise shown_before(person.pseudonym)
        shown.add(person.pseudonym)


def _check_part(row: VaultRow) -> None:
    if type(row.part) is not int or not 0 <= row.part < MOST_PARTS:
        raise StoreError("parts are counted from 0", "number the sets of people of a record", row.part)
    if len({_checked_pseudonym(subject) for subject in row.subjects}) < len(row.subjects):
        raise StoreError("a row names each of its people once", got=row.subjects)


def _checked_pseudonym(name: str) -> str:
    if type(name) is not str or not name.isascii():
        raise StoreError("a pseudonym is a string in ASCII", "draw one, and keep the key in its row", name)
    return name


def span(start: int, stop: int | None, length: int) -> range:
    """
    Return the sequence numbers asked for that a log of this length has.

    Raises:
        StoreError: A number is negative: from the end is not meant, ends move.
    """
    if start < 0 or (stop is not None and stop < 0):
        raise StoreError("sequence numbers count from 0", "count from the beginning", start if start < 0 else stop)
    return range(min(start, length), length if stop is None else min(stop, length))


def conflict(session: str, expected: int, found: int) -> ConflictError:
    """Make the error for a log that has moved on (or was never that far)."""
    return ConflictError(
        f"the log of {session!r} has {found} entries, not {expected}; nothing was appended",
        "read the news, look again at the act, and append at the new length",
        expected=expected,
        found=found,
    )


def other_call(session: str, first: int) -> RuleViolation:
    """Make the error for an idempotency key that belongs to another call."""
    return RuleViolation(
        f"this idempotency key belongs to another call, which stands at {first} in {session!r}; nothing was appended",
        "use a new key for a new call, and the same key only to repeat one",
    )


def shown_before(pseudonym: str) -> StoreError:
    """Make the error for a pseudonym that has a row already."""
    return StoreError("a pseudonym is first shown once; nothing was appended", "draw another", pseudonym)


def unknown_session(session: str) -> UnknownSession:
    """Make the error for a session that the store does not hold."""
    return UnknownSession("the store does not hold this session", "list them with sessions()", session)


def closed() -> StoreError:
    """Make the error for a store that was let go of."""
    return StoreError("the store is closed", "open it again with open_store")
