"""The rows of the vault: values with their salts under the paths of an entry, and persons with theirs."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Container, Mapping
from typing import Any, Final

from afwegen.codec.fields import string
from afwegen.errors import CodecError
from afwegen.log import canonical

__all__ = [
    "EVERYTHING",
    "PERSON_PATH",
    "person_row",
    "spelled",
    "unspelled",
    "values_in",
    "without",
    "write_person_row",
    "write_row",
]

PERSON_PATH: Final = "person"
"""Under this, a slash and the pseudonym an entry commits to somebody's key."""
ROW: Final = frozenset({"salts", "values"})
PERSON_ROW: Final = frozenset({"key", "salt"})


class _Everything:
    """Every path there is."""

    def __contains__(self, path: object) -> bool:
        return True


EVERYTHING: Final[Container[str]] = _Everything()
"""What an erasure of a person covers of a record."""


def write_row(values: Mapping[str, Any], salts: Mapping[str, str]) -> bytes:
    """Write the row of some personal values of a record."""
    return canonical.encode({"salts": salts, "values": values})


def values_in(row: Any) -> dict[str, Any]:
    """Return the values in a row of personal values, once it was read."""
    if not isinstance(row, dict) or row.keys() != ROW or not all(isinstance(part, dict) for part in row.values()):
        raise CodecError("this is no vault row", "the vault was changed", row)
    values: dict[str, Any] = row["values"]
    return values


def without(payload: bytes, paths: Container[str]) -> bytes | None:
    """
    Return a vault row without the values under some paths, None where nothing is left of it.

    Raises:
        CodecError: The row is no such thing.
    """
    row = canonical.decode(payload)
    kept = {path: value for path, value in values_in(row).items() if path not in paths}
    salts = {path: salt for path, salt in row["salts"].items() if path in kept}
    return write_row(kept, salts) if kept else None


def write_person_row(key: str, salt: bytes) -> bytes:
    """Write the row of somebody whom the entry shows first."""
    return canonical.encode({"key": key, "salt": spelled(salt)})


def person_row(payload: bytes) -> tuple[str, bytes]:
    """
    Return the key and the salt in a person's row.

    Raises:
        CodecError: The row is no such thing.
    """
    row = canonical.decode(payload)
    if not isinstance(row, dict) or row.keys() != PERSON_ROW:
        raise CodecError("this is no person's row", "the vault was changed", row)
    return string(row["key"]), unspelled(row["salt"])


def spelled(octets: bytes) -> str:
    """Spell a salt in base64url."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def unspelled(text: Any) -> bytes:
    """Read base64url strictly: one spelling only, or a changed letter could pass unseen."""
    try:
        octets = urlsafe_b64decode(f"{text}==")
    except ValueError:
        octets = b""
    if spelled(octets) != text:
        raise CodecError("this is no base64url", "the vault was changed", text)
    return octets
