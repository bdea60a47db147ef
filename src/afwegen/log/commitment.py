"""
Commitments: an entry holds this in place of a personal value.

A keyed code under 32 fresh random octets, the salt. Who has the salt can open it, to one value only; who has not
learns nothing, not even by trying every score from 0 to 10. Once the salt is deleted nobody can open it, and the
entry, its hash and every proof stay as they are.

References:
    Krawczyk, Bellare, Canetti (1997), RFC 2104, HMAC.
    Fett, Yasuda, Campbell (2025), RFC 9901, SD-JWT: salted digests in place of disclosed claims.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Final

from afwegen.errors import CodecError
from afwegen.log.canonical import Json, encode

__all__ = ["SALT_SIZE", "commit", "opens"]

SALT_SIZE: Final = 32
"""Octets of a salt."""

_PURPOSE = b"afwegen/commit/v1\x00"


def commit(salt: bytes, session: str, seq: int, path: str, value: Json) -> str:
    """
    Commit to a value, bound to its place in the log.

    The place keeps the commitment of one judge from being copied into the entry of another.

    >>> commit(bytes(32), "wijk", 4, "statement", "hek te laag")
    'VKp3ZobZi8_sEmzD18h3xGNH1hnxdAMD4nyNiPg7GDI'

    Args:
        salt: 32 octets, random and used once.
        session: The session's id.
        seq: The sequence number of the entry.
        path: The name of the field.
        value: What ``encode`` can write.

    Returns:
        43 characters of base64url, without padding.

    Raises:
        CodecError: The salt has another length, or the value is outside the profile.
    """
    if type(salt) is not bytes or len(salt) != SALT_SIZE:
        raise CodecError("a salt is 32 octets", "give fresh random octets")
    code = hmac.digest(salt, _PURPOSE + encode([session, seq, path, value]), "sha256")
    return urlsafe_b64encode(code).rstrip(b"=").decode()


def opens(commitment: str, salt: bytes, session: str, seq: int, path: str, value: Json) -> bool:
    """
    Whether salt and value open the commitment at this place.

    >>> opens(commit(bytes(32), "wijk", 4, "score", 7), bytes(32), "wijk", 4, "score", 7)
    True
    >>> opens(commit(bytes(32), "wijk", 4, "score", 7), bytes(32), "wijk", 4, "score", 8)
    False

    Raises:
        CodecError: The salt has another length, or the value is outside the profile.
    """
    expected = commit(salt, session, seq, path, value).encode()
    return hmac.compare_digest(commitment.encode("utf-8", "replace"), expected)
