"""
Receipts: what a participant takes home, and can check years later without us.

A receipt holds the entry, the proof that it stands in the log, and what opens the commitments in it: without these a
judgement that was changed before it was hashed could not be seen. It proves what somebody said, to whoever gets to
see it.

The file is a proof as tools of others read them. Its line ``extra`` is JSON in the form of the log, in base64:
``entry`` (base64), ``openings`` (path, value and salt of each) and ``installation`` (base64 of a second proof, that
the session's checkpoint stands in the installation log, or null).

References:
    C2SP, tlog-proof.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final, Self

from attrs import evolve, frozen

from afwegen import codec
from afwegen.audit.checkpoints import Checkpoint, session_of
from afwegen.audit.keys import KeyList
from afwegen.audit.notes import unspell
from afwegen.audit.report import Level, Tally
from afwegen.audit.secrecy import is_secret
from afwegen.errors import AfwegenError, CodecError, IntegrityError
from afwegen.log import canonical
from afwegen.log.commitment import SALT_SIZE, opens
from afwegen.log.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from afwegen.log.tree import Tree
from afwegen.stores.contract import Store, Stored

__all__ = ["LARGEST_RECEIPT", "Opened", "Proof", "Receipt", "receipt"]

LARGEST_RECEIPT: Final = 64 * 1024 * 1024
"""Octets of a receipt: the outcome of a model may be 16 MiB."""

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_HASHES: Final = 63


@frozen(kw_only=True)
class Proof:
    """
    That something stands at a place in a log.

    Attributes:
        index: Where, from 0.
        hashes: The neighbours on the way to the root, the lowest first.
        checkpoint: Of the log, at some size.
        extra: What comes along, and is not part of the proof.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes = b""

    def verify(self, entry: bytes) -> None:
        """
        Verify that these octets stand there.

        Raises:
            IntegrityError: They do not.
        """
        verify_inclusion(self.index, self.checkpoint.size, leaf_hash(entry), self.hashes, self.checkpoint.root)

    def to_bytes(self) -> bytes:
        """Return the proof as it travels."""
        extra = (f"extra {b64encode(self.extra).decode()}",) if self.extra else ()
        hashes = (b64encode(each).decode() for each in self.hashes)
        lines = (_FIRST, *extra, f"index {self.index}", *hashes, "", "")
        return "\n".join(lines).encode() + self.checkpoint.to_bytes()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """
        Read a proof; nothing in it is verified yet.

        Raises:
            IntegrityError: It is none.
        """
        head, separator, note = data.partition(b"\n\n")
        lines = head.decode("ascii", "replace").split("\n")
        if lines[0] != _FIRST or not separator:
            raise IntegrityError(f"a receipt begins with {_FIRST}, and has an empty line", "see it whole", data[:100])
        rest = lines[1:]
        extra = unspell(rest.pop(0)[6:]) if rest and rest[0].startswith("extra ") else b""
        index = _INDEX.fullmatch(rest[0]) if rest else None
        hashes = tuple(map(unspell, rest[1:]))
        if not index or len(hashes) > _MOST_HASHES or any(len(each) != HASH_SIZE for each in hashes):
            raise IntegrityError("this receipt has no index, or lines that are no hashes", "see it whole", data[:100])
        proof = cls(index=int(index[1]), hashes=hashes, checkpoint=Checkpoint.read(note), extra=extra)
        if proof.to_bytes() != data:
            raise IntegrityError("this receipt is not spelled as receipts are", "take it as it was given", data[:100])
        return proof


@frozen(kw_only=True)
class Opened:
    """
    One commitment, opened.

    Attributes:
        path: The name of the field, or person/ and a pseudonym.
        value: What was entered, as JSON.
        salt: 32 octets.
    """

    path: str
    value: Any
    salt: bytes


@frozen(kw_only=True)
class Receipt:
    """
    One entry, with everything that proves it.

    Attributes:
        entry: The octets that were hashed.
        proof: That they stand in the session's log.
        openings: What the commitments in it are of, as far as it says.
        installation: That the session's checkpoint stands in the installation log, if it was signed by one.
    """

    entry: bytes
    proof: Proof
    openings: tuple[Opened, ...] = ()
    installation: Proof | None = None

    def to_bytes(self) -> bytes:
        """Return the receipt as its file holds it."""
        extra = {
            "entry": b64encode(self.entry).decode(),
            "installation": self.installation and b64encode(self.installation.to_bytes()).decode(),
            "openings": [[each.path, each.value, each.salt.hex()] for each in self.openings],
        }
        return evolve(self.proof, extra=canonical.encode(extra)).to_bytes()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """
        Read a receipt; nothing in it is verified yet.

        Raises:
            IntegrityError: It is none, or too large to be one.
        """
        if len(data) > LARGEST_RECEIPT:
            raise IntegrityError(f"a receipt has at most {LARGEST_RECEIPT:,} octets", "this is something else")
        proof = Proof.read(data)
        try:
            extra = canonical.decode(proof.extra)
        except CodecError as error:
            raise IntegrityError(f"this proof carries no entry ({error.what})", "ask for a receipt of ours") from error
        match extra:
            case {"entry": str(entry), "installation": str() | None as inner, "openings": list(openings), **rest} if (
                not rest
            ):
                return cls(
                    entry=unspell(entry),
                    proof=evolve(proof, extra=b""),
                    openings=tuple(map(_opened, openings)),
                    installation=None if inner is None else Proof.read(unspell(inner)),
                )
            case _:
                raise IntegrityError("this proof carries something else than an entry", "ask for a receipt of ours")

    def verify(self, keys: KeyList | None = None) -> tuple[Level, ...]:
        """
        Verify everything about a receipt that can be without a network.

        Args:
            keys: Whom to trust; without them signatures are NOT CHECKED.

        Returns:
            Levels 1 (the entry), 2 (proofs and signatures) and 5 (openings).

        Raises:
            MissingExtra: Keys were given, and the package cryptography is not installed.
        """
        encoding, roots, openings = Tally(1), Tally(2), Tally(5)
        document = self._look(encoding)
        self._prove(roots, document)
        if keys is None:
            roots.leave_open("signatures: no key list was given")
        else:
            for proof in filter(None, (self.proof, self.installation)):
                roots.attempt(lambda proof=proof: proof.checkpoint.verify(keys))  # type: ignore[misc]
        for opened in self.openings:
            openings.attempt(lambda opened=opened: _check(document, opened))  # type: ignore[misc]
        if not self.openings:
            openings.skip("the receipt opens nothing")
        openings.judged = len(self.openings)
        encoding.judged = roots.judged = 1
        return (
            encoding.level("the entry is canonical", 1),
            roots.level("the entry stands in the log", 1),
            openings.level("commitments open to what the receipt says", len(self.openings) or 1),
        )

    def _look(self, tally: Tally) -> dict[str, Any]:
        try:
            document = canonical.decode(self.entry)
        except CodecError as error:
            tally.fail(error)
            return {}
        if not isinstance(document, dict) or document.keys() != codec.ENVELOPE:
            tally.fail("these octets are no entry")
            return {}
        return document

    def _prove(self, tally: Tally, document: dict[str, Any]) -> None:
        tally.attempt(lambda: self.proof.verify(self.entry))
        origin = self.proof.checkpoint.origin
        if document and document["session"] != session_of(origin):
            tally.fail(f"the entry is of session {document['session']}, the checkpoint of {origin}: another log")
        if document and document["seq"] != self.proof.index:
            tally.fail(f"the entry says it is record {document['seq']}, the proof is of record {self.proof.index}")
        if (inner := self.installation) is not None:
            tally.attempt(lambda: inner.verify(self.proof.checkpoint.to_bytes()))
            if inner.checkpoint.origin != origin.rpartition("/s/")[0]:
                tally.fail(f"the installation log is {inner.checkpoint.origin}, the session's log {origin}")


def receipt(store: Store, session: str, seq: int, *, openings: bool | None = None) -> Receipt:
    """
    Make the receipt of an entry.

    Args:
        store: Where it is kept.
        session: Its session.
        seq: Its sequence number.
        openings: Whether it says what was entered. By default it does, unless the session is secret: then only when
            who entered it asks, for it proves to anybody what they said.

    Raises:
        AfwegenError: There is no such entry, or no checkpoint of it yet.
        UnknownSession: The store does not hold it.
    """
    stored = next(iter(store.read(session, seq, seq + 1)), None)
    if stored is None:
        raise AfwegenError(f"session {session} has no record {seq}", "count from 0", seq)
    covering = [(index, Checkpoint.read(leaf.note)) for index, leaf in store.entered_of(session) if leaf.size > seq]
    if not covering:
        do = "sign one with afwegen checkpoint, or at the end of the step"
        raise AfwegenError("no checkpoint says yet that this record is there", do, seq)
    wanted = not is_secret(store, session) if openings is None else openings
    index, checkpoint = covering[-1]
    tree = Tree(store.leaves(session, 0, checkpoint.size))
    return Receipt(
        entry=stored.entry,
        proof=Proof(index=seq, hashes=tree.inclusion(seq, checkpoint.size), checkpoint=checkpoint),
        openings=_openings(store, session, stored) if wanted else (),
        installation=_installation_proof(store, index),
    )


def _installation_proof(store: Store, index: int) -> Proof | None:
    kept = [Checkpoint.read(note) for _, note in store.kept(index + 1)]
    # The newest that a witness signed, else the newest.
    cosigned = [checkpoint for checkpoint in kept if len(checkpoint.signatures) > 1]
    if not kept:
        return None
    checkpoint = (cosigned or kept)[-1]
    tree = Tree(leaf_hash(leaf.note) for leaf in store.entered(0, checkpoint.size))
    return Proof(index=index, hashes=tree.inclusion(index, checkpoint.size), checkpoint=checkpoint)


def _openings(store: Store, session: str, stored: Stored) -> tuple[Opened, ...]:
    """Return what opens the values of an entry, and the keys of its authors where it shows them first."""
    found = []
    for _, payload in stored.vault:
        row = canonical.decode(payload)
        found += [
            Opened(path=path, value=row["values"][path], salt=_unspell_url(row["salts"][path]))
            for path in row["values"]
        ]
    document = canonical.decode(stored.entry)
    authors = {document["by"], document["on_behalf_of"]} & document["people"].keys()
    for person in store.people(session, stored.seq) if authors else ():
        if person.pseudonym in authors and person.seq == stored.seq:
            key, salt = codec.person_row(person.payload)
            found.append(Opened(path=f"{codec.PERSON_PATH}/{person.pseudonym}", value=key, salt=salt))
    return tuple(sorted(found, key=lambda each: each.path))


def _unspell_url(text: str) -> bytes:
    """Read base64url without padding."""
    return unspell(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def _opened(parts: Any) -> Opened:
    match parts:
        case [str(path), value, str(salt)] if re.fullmatch(r"[0-9a-f]{64}", salt):
            return Opened(path=path, value=value, salt=bytes.fromhex(salt))
        case _:
            raise IntegrityError("an opening is a path, a value and a salt", "take the receipt as it was given", parts)


def _check(document: dict[str, Any], opened: Opened) -> None:
    person = opened.path.removeprefix(f"{codec.PERSON_PATH}/")
    committed = document.get("people", {}) if person != opened.path else document.get("commitments", {})
    commitment = committed.get(person) if isinstance(committed, dict) else None
    if not isinstance(commitment, str):
        raise IntegrityError(f"the entry committed to no {opened.path}", got=opened.value)
    place: Sequence[Any] = (document["session"], document["seq"], opened.path, opened.value)
    if len(opened.salt) != SALT_SIZE or not opens(commitment, opened.salt, *place):
        raise IntegrityError(f"the {opened.path} in this receipt is not what the entry committed to", got=opened.value)
