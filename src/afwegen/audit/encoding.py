"""Level 1: an entry is what this library writes, in its one form, and stands where it says it stands."""

from functools import cache
from types import NoneType
from typing import Any, Final, get_args

from afwegen import codec
from afwegen.errors import CodecError, IntegrityError
from afwegen.events.record import Channel
from afwegen.events.upcasting import Shape, shape_of
from afwegen.log import canonical
from afwegen.log.spelling import read_time
from afwegen.method import Role

__all__ = ["UNSPOKEN", "Encoding", "unspoken"]

CHANNELS: Final = frozenset(get_args(Channel))
ROLES: Final = frozenset(role.value for role in Role)
_TEXT: Final = frozenset({str})
_TEXT_OR_NOT: Final = frozenset({str, NoneType})
UNSPOKEN: Final = "not of the vocabulary"
"""How a finding begins that only a reader of the vocabulary can make."""


class Encoding:
    """Looks at entries one after another; remembers which pseudonyms were introduced, and by which."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.introduced: dict[str, int] = {}
        self.erased: set[int | str | tuple[int, str]] = set()

    def look(self, seq: int, entry: bytes) -> dict[str, Any]:
        """
        Look at the parts that every entry has, and return it.

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
        self._look_at_envelope(seq, document)
        self._note_erasure(document["type"], document["fields"])
        return document

    def look_at_vocabulary(self, seq: int, document: dict[str, Any]) -> None:
        """
        Look at whether an entry has the fields of its type.

        Raises:
            IntegrityError: It has others, or is of a type that is not known.
        """
        name = document["type"]
        try:
            shape, shown = _names(name)
        except CodecError:
            raise unspoken(seq, f"is of a type this version does not know: {name!r}") from None
        fields, commitments = document["fields"], document["commitments"]
        if fields.keys() != shown:
            raise unspoken(seq, f"does not show the public fields of {name}, no more and no fewer")
        if commitments.keys() != shape.personal:
            raise unspoken(seq, f"does not commit to the personal fields of {name}, no more and no fewer")
        for person in sorted(shape.people):
            named = fields[person]
            for pseudonym in named if isinstance(named, list) else (named,):
                if not isinstance(pseudonym, str) or pseudonym not in self.introduced:
                    raise unspoken(seq, f"names in its fields somebody no entry introduced: {pseudonym!r}")

    def _look_at_envelope(self, seq: int, document: dict[str, Any]) -> None:
        if type(document["type"]) is not str or not _one_of(document["channel"], CHANNELS):
            raise _wrong(seq, f"has no type, or came in through {document['channel']!r}")
        if not _one_of(document["role"], ROLES):
            raise _wrong(seq, f"is by somebody in the role of {document['role']!r}")
        if type(document["meeting"]) not in _TEXT_OR_NOT or type(document["subgroup"]) not in _TEXT_OR_NOT:
            raise _wrong(seq, "has a meeting or a subgroup that is no id")
        self._look_at_times(seq, document["happened_at"], document["recorded_at"])
        people = document["people"]
        if not type(document["fields"]) is type(document["commitments"]) is type(people) is dict:
            raise _wrong(seq, "has no fields, commitments or people")
        if not (_all_text(document["commitments"]) and _all_text(people)):
            raise _wrong(seq, "has a commitment that is no text")
        if people:
            self._introduce(seq, people)
        self._look_for_stranger(seq, document["by"])
        if document["on_behalf_of"] is not None:
            self._look_for_stranger(seq, document["on_behalf_of"])

    def _look_at_times(self, seq: int, happened: Any, recorded: Any) -> None:
        if type(happened) is not str or type(recorded) is not str:
            raise _wrong(seq, "has a time that is no moment")
        read_time(recorded)
        if happened != recorded:
            read_time(happened)

    def _introduce(self, seq: int, people: dict[str, str]) -> None:
        if not self.introduced.keys().isdisjoint(people):
            raise _wrong(seq, "introduces somebody a second time")
        self.introduced.update(dict.fromkeys(people, seq))

    def _note_erasure(self, name: str, fields: dict[str, Any]) -> None:
        """Remember what an erasure covers: the records, some paths of one, and the person."""
        match name, fields:
            case "subject-erased/1", {"subject": str(subject), "entries": list(entries)}:
                self.erased |= {subject, *(seq for seq in entries if type(seq) is int)}
            case "text-redacted/1", {"entry": int(seq), "fields": [*paths]}:
                self.erased |= {(seq, path) for path in paths if isinstance(path, str)} if paths else {seq}

    def covers(self, seq: int, path: str) -> bool:
        """Say whether an erasure covers what a path of a record opened."""
        return not self.erased.isdisjoint({seq, (seq, path), path.removeprefix("person/")})

    def _look_for_stranger(self, seq: int, pseudonym: Any) -> None:
        if not isinstance(pseudonym, str) or pseudonym not in self.introduced:
            raise _wrong(seq, f"names somebody no entry introduced: {pseudonym!r}")


@cache
def _names(name: str) -> tuple[Shape, frozenset[str]]:
    """Return which fields a version of an event has, also one that is no longer written, and which are shown."""
    shape = shape_of(name)
    return shape, shape.public | shape.people


def unspoken(seq: int, what: str) -> IntegrityError:
    """Make the error for an entry that is whole, and yet not of the vocabulary."""
    return IntegrityError(f"{UNSPOKEN}: entry {seq} {what}")


def _one_of(value: Any, words: frozenset[str]) -> bool:
    return type(value) is str and value in words


def _all_text(mapping: dict[str, Any]) -> bool:
    return _TEXT.issuperset(map(type, mapping.values()))


def _wrong(seq: int, what: str) -> IntegrityError:
    return IntegrityError(f"entry {seq} {what}")
