"""
Keys outside the database: in a file that only its owner reads, and in the list of those an auditor trusts.

A key that lies beside the entries protects them from nobody. The list comes from elsewhere too: from the operator's
site, a newspaper, a library; never from the bundle that is judged by it.
"""

import os
import stat
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Self

from attrs import field, frozen

from afwegen.audit.notes import COSIGNING, PLAIN, Note, Signer, Verifier, sign
from afwegen.errors import AfwegenError, IntegrityError, MissingExtra

__all__ = ["Key", "KeyList", "make_key", "read_key", "read_keys", "rotation", "verify_rotation"]

_PREFIX: Final = "PRIVATE+KEY+"
_ROTATION: Final = "afwegen/rotation/v1"
_SEED: Final = 32
_LONGEST_LIST: Final = 1_000_000


@frozen(kw_only=True)
class Key:
    """
    A private key in memory; anything else with ``name``, ``public`` and ``sign`` serves as well.

    Attributes:
        name: Of who signs.
        seed: 32 octets, secret: never shown.
        public: The public key, 32 octets.
    """

    name: str
    seed: bytes = field(repr=False)
    public: bytes = field(init=False)

    @public.default
    def _of_seed(self) -> bytes:
        octets: bytes = _private(self.seed).public_key().public_bytes_raw()
        return octets

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of a message."""
        signature: bytes = _private(self.seed).sign(message)
        return signature

    @property
    def verifier(self) -> Verifier:
        """Return the public key as it stands in a key list."""
        return Verifier(name=self.name, public=self.public)

    @property
    def witness(self) -> Verifier:
        """Return the public key as that of a witness."""
        return Verifier(name=self.name, public=self.public, kind=COSIGNING)

    def to_text(self) -> str:
        """Return the key as its file holds it."""
        encoded = b64encode(bytes([PLAIN]) + self.seed).decode()
        return f"{_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{encoded}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """
        Read a key back.

        Raises:
            IntegrityError: It is no key, or one in parts that do not belong together.
        """
        parts = text.strip().removeprefix(_PREFIX).split("+", 2)
        try:
            octets = b64decode(parts[-1], validate=True)
        except (NoBase64, ValueError):
            octets = b""
        # What is wrong is not shown: it may be nearly a key.
        if not text.startswith(_PREFIX) or len(parts) != 3 or len(octets) != _SEED + 1 or octets[0] != PLAIN:
            raise IntegrityError("this file holds no private key", "make one with afwegen key")
        key = cls(name=parts[0], seed=octets[1:])
        if key.verifier.key_id.hex() != parts[1]:
            raise IntegrityError("the parts of this key do not belong together", "restore the file, or make another")
        return key


def make_key(path: str | os.PathLike[str], name: str) -> Key:
    """
    Make a key in a new file that only its owner reads.

    Args:
        path: The file; refused where it is there already, for a key that is written over is gone.
        name: Of who signs with it, without scheme: ``wijk.example/afwegen``.

    Raises:
        AfwegenError: The file is there, or cannot be written.
        IntegrityError: The name has a space or a plus.
        MissingExtra: The package cryptography is not installed.
    """
    key = Key(name=name, seed=_fresh_seed())
    text = key.to_text().encode()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AfwegenError("a key is never written over", "name a new file", os.fspath(path)) from None
    except OSError as error:
        raise AfwegenError(f"the key cannot be written ({error.strerror})", "name another", os.fspath(path)) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return key


def read_key(path: str | os.PathLike[str]) -> Key:
    """
    Read a key from its file.

    Raises:
        AfwegenError: There is no such file, or others may read it.
        IntegrityError: It holds no key.
        MissingExtra: The package cryptography is not installed.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - one descriptor for the look and the reading
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(4096)
    except FileNotFoundError:
        raise AfwegenError("there is no such key", "make one with afwegen key", os.fspath(path)) from None
    except OSError as error:
        raise AfwegenError(f"the key cannot be read ({error.strerror})", "see to it", os.fspath(path)) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        do = "chmod 600 the file, and think whether it was read already: then make another"
        raise AfwegenError(f"others may use this key: its mode is {stat.S_IMODE(mode):04o}", do, os.fspath(path))
    return Key.from_text(data.decode("ascii", "replace"))


@frozen(kw_only=True)
class KeyList:
    """
    The keys an auditor trusts.

    Attributes:
        keys: Of installations (type 1) and of witnesses (type 4).
        leaked: Those of them that others may have: what they signed counts only where a witness signed it too, or
            where somebody held it from before.
    """

    keys: tuple[Verifier, ...]
    leaked: frozenset[Verifier] = frozenset()

    @property
    def witnesses(self) -> tuple[Verifier, ...]:
        """Return the keys of witnesses."""
        return tuple(key for key in self.keys if key.kind == COSIGNING)

    def of(self, origin: str) -> tuple[Verifier, ...]:
        """Return the keys that may sign for a log: those of its name, and those of the installation it is part of."""
        installation = origin.rpartition("/s/")[0]
        plain = [key for key in self.keys if key.kind == PLAIN]
        own = [key for key in plain if key.name == origin]
        return (*own, *(key.named(origin) for key in plain if installation and key.name == installation))

    def has_leaked(self, key: Verifier) -> bool:
        """Say whether others may have a key."""
        return any(key.public == other.public for other in self.leaked)

    @classmethod
    def from_text(cls, text: str) -> Self:
        r"""
        Read a key list: a key a line, the word *leaked* behind one that is; lines with # are remarks.

        >>> text = "# ours\nPeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW leaked\n"
        >>> [key.name for key in KeyList.from_text(text).keys], len(KeyList.from_text(text).leaked)
        (['PeterNeumann'], 1)

        Raises:
            IntegrityError: A line holds no key, or there is none at all.
        """
        entries = tuple(_entries(text))
        if not entries:
            raise IntegrityError("this list holds no key", "write one a line, as afwegen key shows it")
        return cls(
            keys=tuple(dict.fromkeys(key for key, _ in entries)),
            leaked=frozenset(key for key, leaked in entries if leaked),
        )


def read_keys(path: str | os.PathLike[str]) -> KeyList:
    """
    Read a key list from a file.

    Raises:
        AfwegenError: There is no such file, or it is too large to be one.
        IntegrityError: A line holds no key.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(_LONGEST_LIST + 1)
    except OSError as error:
        raise AfwegenError(f"the key list cannot be read ({error.strerror})", "see to it", os.fspath(path)) from error
    if len(data) > _LONGEST_LIST:
        raise AfwegenError("a key list has at most a million octets", "give another file", os.fspath(path))
    try:
        return KeyList.from_text(data.decode())
    except UnicodeDecodeError:
        raise IntegrityError("a key list is UTF-8", "give another file", os.fspath(path)) from None


def rotation(old: Signer, new: Signer) -> Note:
    """
    Return the note by which one key hands over to the next, signed by both: a leaf of the installation log.

    Raises:
        IntegrityError: The keys have different names, or are the same.
    """
    if old.name != new.name or old.public == new.public:
        raise IntegrityError("a key hands over to another of the same name", "make it under that name", new.name)
    keys = (Verifier(name=each.name, public=each.public) for each in (old, new))
    text = "\n".join((_ROTATION, *map(str, keys), ""))
    return sign(sign(Note(text=text), old), new)


def verify_rotation(note: Note) -> tuple[Verifier, Verifier]:
    """
    Return the old and the new key of a rotation, after verifying that both signed it.

    Raises:
        IntegrityError: The note is no rotation, or is not signed by both.
    """
    lines = note.text.split("\n")
    if len(lines) != 4 or lines[0] != _ROTATION or lines[3]:
        raise IntegrityError("this note is no rotation of keys", got=note.text)
    old, new = Verifier.read(lines[1]), Verifier.read(lines[2])
    if old.name != new.name or set(note.verified((old, new))) != {old, new}:
        raise IntegrityError("a rotation is signed by the old and by the new key", got=note.text)
    return old, new


def _entries(text: str) -> Iterator[tuple[Verifier, bool]]:
    for line in _lines(text):
        words = line.split()
        if len(words) > 2 or (len(words) == 2 and words[1] != "leaked"):
            raise IntegrityError("a line holds one key, and perhaps the word leaked", "correct the list", line)
        yield Verifier.read(words[0]), len(words) == 2


def _lines(text: str) -> Iterable[str]:
    return (line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))


def _private(seed: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the package is an extra
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise MissingExtra("cryptography", "audit") from error
    return Ed25519PrivateKey.from_private_bytes(seed)


def _fresh_seed() -> bytes:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise MissingExtra("cryptography", "audit") from error
    octets: bytes = Ed25519PrivateKey.generate().private_bytes_raw()
    return octets
