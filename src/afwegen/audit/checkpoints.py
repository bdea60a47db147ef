"""
Checkpoints: how far a log was and what its root was, signed.

Whoever holds one can tell later whether what was there then is still there.

References:
    C2SP, tlog-checkpoint.
"""

import re
from base64 import b64encode
from typing import Final, Self

from attrs import evolve, frozen

from afwegen.audit.keys import KeyList
from afwegen.audit.notes import Note, Signature, Signer, Verifier, sign, unspell
from afwegen.errors import IntegrityError
from afwegen.log.merkle import EMPTY_ROOT, HASH_SIZE

__all__ = ["Checkpoint", "origin_of", "session_of"]

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_MARK: Final = "/s/"


def origin_of(installation: str, session: str) -> str:
    """
    Return under which name the log of a session goes.

    >>> origin_of("wijk.example/afwegen", "s_2b7e")
    'wijk.example/afwegen/s/s_2b7e'
    """
    return f"{installation}{_MARK}{session}"


def session_of(origin: str) -> str:
    """Return the session whose log goes under a name; empty for an installation log."""
    _, mark, session = origin.rpartition(_MARK)
    return session if mark else ""


@frozen(kw_only=True)
class Checkpoint:
    """
    A log at one size.

    Attributes:
        origin: Which log.
        size: How many entries it had.
        root: The root over them, 32 octets.
        extensions: Lines behind these, which nobody here reads.
        signatures: Of the log, and of witnesses.

    >>> print(Checkpoint(origin="wijk.example/afwegen", size=0, root=EMPTY_ROOT).text, end="")
    wijk.example/afwegen
    0
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """Return what is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @property
    def note(self) -> Note:
        """Return the note it is."""
        return Note(text=self.text, signatures=self.signatures)

    def to_bytes(self) -> bytes:
        """Return the checkpoint as it travels."""
        return self.note.to_bytes()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """
        Read a signed checkpoint; nothing in it is verified yet.

        Raises:
            IntegrityError: It is no checkpoint.
        """
        return cls.of(Note.read(data))

    @classmethod
    def of(cls, note: Note) -> Self:
        """
        Return the checkpoint a note is.

        Raises:
            IntegrityError: It is none.
        """
        origin, size, root, *rest = (*note.text.split("\n"), "", "", "")
        octets, extensions = unspell(root), tuple(rest[:-4])
        if not origin or not _SIZE.fullmatch(size) or len(octets) != HASH_SIZE or not all(extensions):
            raise IntegrityError("a checkpoint says which log, its size and its root", "this note says else", note.text)
        if size == "0" and octets != EMPTY_ROOT:
            raise IntegrityError("the root of an empty log is that of nothing", got=root)
        return cls(origin=origin, size=int(size), root=octets, extensions=extensions, signatures=note.signatures)

    def signed(self, signer: Signer) -> Self:
        """Return the checkpoint with the signature of a key, made under the name of the log."""
        return evolve(self, signatures=sign(self.note, signer, self.origin).signatures)

    def with_signature(self, signature: Signature) -> Self:
        """Return the checkpoint with one more signature."""
        return evolve(self, signatures=(*self.signatures, signature))

    def verify(self, keys: KeyList, *, held: bool = False) -> tuple[Verifier, ...]:
        """
        Verify that the log signed this; return the witnesses that did too.

        Args:
            keys: Whom to trust.
            held: Whether somebody held it from before a key leaked.

        Raises:
            IntegrityError: No trusted key of this log signed it, or one is named under it that did not; or the key
                leaked, and no witness signed.
            MissingExtra: The package cryptography is not installed.
        """
        own = keys.of(self.origin)
        if not own:
            do = "give the list of that installation, or ask whose bundle this is"
            raise IntegrityError("the key list has no key for this log", do, self.origin)
        signed = self.note.verified((*own, *keys.witnesses))
        witnesses = tuple(key for key in signed if key in keys.witnesses)
        by_log = [key for key in signed if key in own]
        if not by_log:
            raise IntegrityError("no key of the list that is this log's signed this checkpoint", got=self.text)
        if not (witnesses or held) and all(map(keys.has_leaked, by_log)):
            do = "ask for one that a witness signed, or that somebody held from before"
            raise IntegrityError("the key of this checkpoint leaked, and nobody else vouches for it", do, self.text)
        return witnesses
