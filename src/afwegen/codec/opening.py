"""What of an entry the vault opens: every value and key in it is the one that was committed to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from afwegen.codec.reading import document_in
from afwegen.codec.vault import PERSON_PATH, person_row, unspelled, values_in
from afwegen.errors import IntegrityError
from afwegen.log import canonical
from afwegen.log.commitment import SALT_SIZE, opens

__all__ = ["Opening", "open_entry"]


@frozen(kw_only=True)
class Opening:
    """
    What of one entry the vault opens.

    Attributes:
        opened: How many commitments open to the values kept.
        closed: The paths of those the vault no longer opens.
    """

    opened: int
    closed: tuple[str, ...]


def open_entry(entry: bytes, payloads: Iterable[bytes], persons: Mapping[str, bytes]) -> Opening:
    """
    Open every commitment of an entry: of its personal values, and of the keys of the people it shows first.

    Args:
        entry: The stored bytes.
        payloads: What the vault holds of it.
        persons: By pseudonym, the person's row, where there is one.

    Raises:
        IntegrityError: A value or a key is not what was committed to, or nothing was committed to.
        CodecError: The bytes are not an entry of ours.
    """
    document = document_in(entry, canonical.decode)
    values = [path for payload in payloads for path in _open_values(document, payload)]
    keys = list(_open_keys(document, persons))
    closed = {f"{PERSON_PATH}/{pseudonym}" for pseudonym in document["people"].keys() - keys}
    closed |= document["commitments"].keys() - values
    return Opening(opened=len(values) + len(keys), closed=tuple(sorted(closed)))


def _open_values(document: Mapping[str, Any], payload: bytes) -> Iterator[str]:
    """Yield the paths that a row opens."""
    row, seq = canonical.decode(payload), document["seq"]
    values, salts = values_in(row), row["salts"]
    if values.keys() != salts.keys():
        raise IntegrityError(f"a vault row of record {seq} has values without salts", got=sorted(values))
    for path, value in values.items():
        salt, commitment = unspelled(salts[path]), document["commitments"].get(path)
        if commitment is None:
            raise IntegrityError(f"record {seq} committed to no {path}", "the vault was changed")
        if not _fits(document, commitment, path, salt, value):
            what = f"the {path} of record {seq} is not what was entered"
            raise IntegrityError(what, "the vault was changed after the fact")
        yield path


def _open_keys(document: Mapping[str, Any], persons: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the pseudonyms of the people whose rows are there."""
    for pseudonym, commitment in document["people"].items():
        payload = persons.get(pseudonym)
        if payload is None:
            continue
        key, salt = person_row(payload)
        if not _fits(document, commitment, f"{PERSON_PATH}/{pseudonym}", salt, key):
            # The value is personal, and an error is read by whoever verifies.
            raise IntegrityError(f"the key of {pseudonym} is not the one record {document['seq']} committed to")
        yield pseudonym


def _fits(document: Mapping[str, Any], commitment: Any, path: str, salt: bytes, value: Any) -> bool:
    """Say whether this, in this place of the log, is what was committed to."""
    return len(salt) == SALT_SIZE and opens(commitment, salt, document["session"], document["seq"], path, value)
