"""
Signed notes: text with signatures under it, which tools of others can check.

Reading is strict: a note has one spelling, at most a million octets and a hundred signatures. The text of a note means
nothing until a signature under it was verified with a key that came from elsewhere.

References:
    C2SP, signed-note; tlog-cosignature (keys of type 4, whose signatures carry a time).
    Josefsson, Liusvaara (2017), RFC 8032, Ed25519.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Protocol, Self
from unicodedata import is_normalized

from attrs import evolve, field, frozen

from afwegen.errors import IntegrityError, MissingExtra

__all__ = ["LARGEST_NOTE", "MOST_SIGNATURES", "Note", "Signature", "Signer", "Verifier", "cosign", "sign"]

LARGEST_NOTE: Final = 1_000_000
"""Octets of a note: what the reference implementation takes too."""
MOST_SIGNATURES: Final = 100

PLAIN: Final = 1
"""The type of a key that signs notes."""
COSIGNING: Final = 4
"""The type of a key of a witness, whose signatures say when."""

_FIELD = 2**255 - 19
_ORDER_EIGHT = 2707385501144840649318225287225658788936804267575313519463743609750303402022
# A point of small order verifies signatures of anything; these are the heights of all eight.
_SMALL = frozenset({0, 1, _FIELD - 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT})


class Signer(Protocol):
    """
    Whatever holds a key and signs with it: a file, a hardware module, a service.

    Attributes:
        name: Of who signs, without scheme: ``wijk.example/afwegen``.
        public: The Ed25519 public key, 32 octets.
    """

    @property
    def name(self) -> str:
        """Return the name of who signs."""
        ...

    @property
    def public(self) -> bytes:
        """Return the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of a message, 64 octets."""
        ...


@frozen(kw_only=True)
class Signature:
    """
    One line under a note.

    Attributes:
        name: Of the key.
        key_id: Four octets that tell keys of one name apart.
        value: What the key made of the text; its form depends on the type of the key.
    """

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {b64encode(self.key_id + self.value).decode()}"


def _checked_name(_: object, __: object, name: str) -> None:
    plain = name and "+" not in name and not any(letter.isspace() or letter < " " for letter in name)
    if not plain or not is_normalized("NFC", name):
        raise IntegrityError(
            "the name of a key has no spaces and no '+'", "name it like wijk.example/afwegen, without scheme", name
        )


def _checked_public(_: object, __: object, public: bytes) -> None:
    if type(public) is not bytes or len(public) != 32:
        raise IntegrityError("an Ed25519 public key is 32 octets", "give the raw key", public)
    height = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if height >= _FIELD or height in _SMALL:
        raise IntegrityError("this public key verifies anything, or is spelled in two ways", "make another", public)


@frozen(kw_only=True)
class Verifier:
    """
    A public key with its name, as it stands in a key list.

    Attributes:
        name: Of who signs.
        public: The Ed25519 public key, 32 octets.
        kind: 1 for a key that signs notes, 4 for one of a witness.

    >>> key = Verifier.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    >>> key.name, key.kind
    ('PeterNeumann', 1)
    >>> str(key) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    True
    """

    name: str = field(validator=_checked_name)
    public: bytes = field(validator=_checked_public)
    kind: int = PLAIN

    @property
    def key_id(self) -> bytes:
        """Return the four octets that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        material = b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @classmethod
    def read(cls, text: str) -> Self:
        """
        Read a key as key lists write it: name, id and key, with a plus between them.

        Raises:
            IntegrityError: The text is no such key, or its id is not that of the key.
        """
        name, key_id, material = _three(text)
        octets = unspell(material)
        if len(octets) != 33 or octets[0] not in {PLAIN, COSIGNING}:
            raise IntegrityError("this is no Ed25519 key", "give a key of type 1, or 4 for a witness", text)
        key = cls(name=name, public=octets[1:], kind=octets[0])
        if key_id != key.key_id.hex():
            raise IntegrityError("the id in this key is not that of the key", "copy the key once more", text)
        return key

    def named(self, name: str) -> Self:
        """Return the same key under another name: a log of an installation signs under a name of its own."""
        return evolve(self, name=name)

    def made(self, signature: Signature) -> bool:
        """Say whether a signature claims to be of this key; nothing is verified."""
        return signature.name == self.name and signature.key_id == self.key_id

    def check(self, text: str, signature: Signature) -> int | None:
        """
        Verify a signature of a text; return when a witness made it, in seconds since 1970, else None.

        Raises:
            IntegrityError: It is not this key's, or not of this text.
            MissingExtra: The package cryptography is not installed.
        """
        value, moment, message = signature.value, None, text.encode()
        if self.kind == COSIGNING:
            if len(value) != 72:
                raise IntegrityError("a cosignature is a time and 64 octets", got=len(value))
            moment, value = int.from_bytes(value[:8], "big"), value[8:]
            message = _cosigned(text, moment)
        if not self.made(signature) or not _verifies(self.public, value, message):
            raise IntegrityError(f"the signature of {self.name} is not of this text", "the text was changed", text)
        return moment


@frozen(kw_only=True)
class Note:
    """
    Text with signatures under it.

    Attributes:
        text: Lines, each with its newline.
        signatures: At least one where the note was read.
    """

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return "\n".join((self.text, *map(str, self.signatures), ""))

    def to_bytes(self) -> bytes:
        """Return the note as it travels."""
        return str(self).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """
        Read a note; nothing in it is verified yet.

        Raises:
            IntegrityError: It is no note, or too large to be one.
        """
        if len(data) > LARGEST_NOTE:
            raise IntegrityError(f"a note has at most {LARGEST_NOTE:,} octets", "this is something else", len(data))
        text, separator, below = _decoded(data).rpartition("\n\n")
        lines = below.split("\n")
        if not separator or lines[-1] or len(lines) < 2:
            raise IntegrityError("a note is text, an empty line and signatures, each line ended", "see it whole", data)
        if len(lines) - 1 > MOST_SIGNATURES:
            raise IntegrityError(f"a note has at most {MOST_SIGNATURES} signatures", got=len(lines) - 1)
        return cls(text=f"{text}\n", signatures=tuple(map(_signature, lines[:-1])))

    def with_signature(self, signature: Signature) -> Self:
        """Return the note with one more signature."""
        return evolve(self, signatures=(*self.signatures, signature))

    def verified(self, keys: Iterable[Verifier]) -> tuple[Verifier, ...]:
        """
        Return which of these keys signed it; signatures of others are nobody's.

        Raises:
            IntegrityError: One of these keys is named under it, and did not sign this.
            MissingExtra: The package cryptography is not installed.
        """
        signed: dict[Verifier, None] = {}
        trusted = tuple(keys)
        for signature in self.signatures:
            for key in trusted:
                if key.made(signature):
                    key.check(self.text, signature)
                    signed[key] = None
        return tuple(signed)


def sign(note: Note, signer: Signer, name: str | None = None) -> Note:
    """
    Return the note with the signature of a key.

    Args:
        note: What is signed.
        signer: Holds the key.
        name: Under which it signs, where that is not its own: the origin of one of its logs.
    """
    key = Verifier(name=name or signer.name, public=signer.public)
    value = signer.sign(note.text.encode())
    return note.with_signature(Signature(name=key.name, key_id=key.key_id, value=value))


def cosign(note: Note, signer: Signer, moment: int) -> Signature:
    """
    Return the signature of a witness.

    Args:
        note: A checkpoint.
        signer: Holds the key of the witness.
        moment: Now, in seconds since 1970.
    """
    key = Verifier(name=signer.name, public=signer.public, kind=COSIGNING)
    value = signer.sign(_cosigned(note.text, moment))
    return Signature(name=key.name, key_id=key.key_id, value=moment.to_bytes(8, "big") + value)


def _cosigned(text: str, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def _decoded(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise IntegrityError("a note is UTF-8", "read it as octets, unchanged", data) from error
    if any(letter < " " and letter != "\n" for letter in text):
        raise IntegrityError("a note has no control characters", "read it as octets, unchanged", text)
    return text


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    octets = unspell(encoded)
    if dash != "\u2014" or not name or "+" in name or any(map(str.isspace, name)) or len(octets) < 5:
        raise IntegrityError("this is no signature of a note", "it begins with a dash, a name and its octets", line)
    return Signature(name=name, key_id=octets[:4], value=octets[4:])


def _three(text: str) -> Sequence[str]:
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise IntegrityError("a key is written as name+id+key", "copy the whole line", text)
    return parts


def unspell(text: str) -> bytes:
    """Read base64 in its one spelling; empty where it has another."""
    try:
        octets = b64decode(text, validate=True)
    except ValueError:
        return b""
    return octets if b64encode(octets).decode() == text else b""


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as error:
        raise MissingExtra("cryptography", "audit") from error
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
