"""What every store refuses, in the same words: for those who write one."""

import re
from typing import Final

from afwegen.errors import CodecError, ConflictError, RuleViolation, StoreError, UnknownSession
from afwegen.stores.contract import LARGEST_ENTRY, Batch, Forgetting, Leaf, PersonRow, VaultRow

__all__ = [
    "another_checkpoint",
    "check",
    "check_checkpoint",
    "check_forgetting",
    "check_leaves",
    "closed",
    "conflict",
    "installation_conflict",
    "not_scrubbed",
    "other_call",
    "shown_before",
    "span",
    "unknown_session",
]

SECRET_SIZE: Final = 32
"""Octets of the secret of a session."""

MAC_SIZE: Final = 32
"""Octets of the codes that stand for an idempotency key and for the call it belongs to."""

MOST_PARTS: Final = 2**31
"""Beyond any number of sets of people that one record is about."""

_SESSION = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


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
    if type(name) is not str or not name.isascii() or "\0" in name:
        raise StoreError("a pseudonym is a string in ASCII, without NUL", "draw one, and keep the key in its row", name)
    return name


def check_forgetting(forgetting: Forgetting) -> None:
    """
    Refuse a forgetting that contradicts itself.

    Raises:
        StoreError: A row is to go and to be changed, or a payload is not octets.
    """
    kept = {(seq, part) for seq, part, _ in forgetting.instead}
    if not kept.isdisjoint(forgetting.rows) or len(kept) < len(forgetting.instead):
        raise StoreError("a row goes, or is changed once", "name each row once", sorted(kept))
    for _, _, payload in forgetting.instead:
        if type(payload) is not bytes:
            raise StoreError("a row's payload is octets", "pack it first", payload)


def not_scrubbed() -> StoreError:
    """Make the error for a store that cannot be scrubbed in the transaction of a host."""
    return StoreError(
        "what was erased is not scrubbed on a connection of the host: that cannot be done inside a transaction",
        "after the commit, open the store by its URL and call scrub(), or run: afwegen erase STORE --again",
    )


def check_leaves(leaves: tuple[Leaf, ...]) -> None:
    """
    Refuse leaves that no installation log may take.

    Raises:
        CodecError: A note is too large, or not octets.
        StoreError: There are none, or one is of no session and yet of a size.
    """
    if not leaves:
        raise StoreError("at least one note is entered", "enter nothing by not entering", leaves)
    for leaf in leaves:
        if type(leaf.note) is not bytes or not 0 < len(leaf.note) <= LARGEST_ENTRY:
            raise CodecError(f"a note is 1 to {LARGEST_ENTRY} octets", "sign it with fewer keys", leaf.note)
        session = leaf.session == "" or (_SESSION.fullmatch(leaf.session) and leaf.size > 0)
        if not session or leaf.size < 0 or (leaf.session == "" and leaf.size):
            raise StoreError("a note is about a session of some length, or about the installation", got=leaf.session)


def check_checkpoint(size: int, note: bytes, length: int) -> None:
    """
    Refuse a checkpoint that cannot be one of an installation log of this length.

    Raises:
        CodecError: The note is too large, or not octets.
        StoreError: The log is shorter.
    """
    if type(note) is not bytes or not 0 < len(note) <= LARGEST_ENTRY:
        raise CodecError(f"a note is 1 to {LARGEST_ENTRY} octets", "sign it with fewer keys", note)
    if not 0 < size <= length:
        raise StoreError(f"the installation log has {length} leaves", "keep checkpoints of what is there", size)


def installation_conflict(expected: int, found: int) -> ConflictError:
    """Make the error for an installation log that has moved on."""
    return ConflictError(
        f"the installation log has {found} leaves, not {expected}; nothing was entered",
        "enter at the new length",
        expected=expected,
        found=found,
    )


def another_checkpoint(size: int) -> ConflictError:
    """Make the error for a checkpoint that is not the one kept, with more under it."""
    return ConflictError("another checkpoint of this size is kept", "only signatures may come under it", size)


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
