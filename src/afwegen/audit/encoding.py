"""Level 1: an entry is what this library writes, in its one form, and stands where it says it stands."""

from collections.abc import Iterable
from typing import Any, Final, get_args

from afwegen import codec
from afwegen.errors import IntegrityError
from afwegen.events.declaration import EVENT_TYPES, EventType
from afwegen.events.record import Channel
from afwegen.log import canonical

__all__ = ["Encoding"]

CHANNELS: Final = frozenset(get_args(Channel))


class Encoding:
    """Looks at entries one after another; remembers which pseudonyms were introduced, and by which."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.introduced: dict[str, int] = {}
        self.erased: set[int | str] = set()

    def look(self, seq: int, entry: bytes) -> None:
        """
        Look at an entry from all sides.

        Raises:
            CodecError: The octets are not in canonical form, or outside the profile.
            IntegrityError: It is no entry of this session at this place, or hides or shows what it should not.
        """
        document = canonical.decode(entry)
        if not isinstance(document, dict) or document.keys() != codec.ENVELOPE:
            raise _wrong(seq, "has not the parts of an entry")
        if document["session"] != self.session:
            raise _wrong(seq, f"says it is of session {document['session']!r}")
        if document["seq"] != seq or type(document["seq"]) is not int:
            raise _wrong(seq, f"says it is record {document['seq']!r}")
        declared = EVENT_TYPES.get(document["type"]) if isinstance(document["type"], str) else None
        if declared is None:
            raise _wrong(seq, f"is of a type this version does not know: {document['type']!r}")
        self._look_at_envelope(seq, document)
        self._look_at_fields(seq, document, declared)

    def _look_at_envelope(self, seq: int, document: dict[str, Any]) -> None:
        if document["channel"] not in CHANNELS:
            raise _wrong(seq, f"came in through {document['channel']!r}")
        for name in ("meeting", "subgroup"):
            if not (document[name] is None or isinstance(document[name], str)):
                raise _wrong(seq, f"has a {name} that is no id")
        people = document["people"]
        if not isinstance(people, dict) or not all(isinstance(commitment, str) for commitment in people.values()):
            raise _wrong(seq, "introduces people otherwise than by commitment")
        if not self.introduced.keys().isdisjoint(people):
            raise _wrong(seq, "introduces somebody a second time")
        self.introduced.update(dict.fromkeys(people, seq))
        self._look_for_strangers(seq, (document["by"],))
        self._look_for_strangers(seq, () if document["on_behalf_of"] is None else (document["on_behalf_of"],))

    def _look_at_fields(self, seq: int, document: dict[str, Any], declared: EventType) -> None:
        fields, commitments = document["fields"], document["commitments"]
        if not isinstance(fields, dict) or not isinstance(commitments, dict):
            raise _wrong(seq, "has no fields or no commitments")
        if fields.keys() != {field.name for field in (*declared.public, *declared.people)}:
            raise _wrong(seq, f"does not show the public fields of {declared.name}, no more and no fewer")
        if commitments.keys() != {field.name for field in declared.personal}:
            raise _wrong(seq, f"does not commit to the personal fields of {declared.name}, no more and no fewer")
        for field in declared.people:
            named = fields[field.name]
            self._look_for_strangers(seq, named if isinstance(named, list) else (named,))
        self._note_erasure(declared.name, fields)

    def _note_erasure(self, name: str, fields: dict[str, Any]) -> None:
        """Remember what an erasure covers: the records, and the person."""
        match name, fields:
            case "subject-erased/1", {"subject": str(subject), "entries": list(entries)}:
                self.erased |= {subject, *(seq for seq in entries if type(seq) is int)}
            case "text-redacted/1", {"entry": int(seq)}:
                self.erased.add(seq)

    def _look_for_strangers(self, seq: int, pseudonyms: Iterable[Any]) -> None:
        for pseudonym in pseudonyms:
            if not isinstance(pseudonym, str) or pseudonym not in self.introduced:
                raise _wrong(seq, f"names somebody no entry introduced: {pseudonym!r}")


def _wrong(seq: int, what: str) -> IntegrityError:
    return IntegrityError(f"entry {seq} {what}")
