"""
Between a record and its bytes: the entry that is hashed, and the vault rows that open it.

An entry holds what is public; for each personal field a commitment; for each person a pseudonym. Values, salts and
keys lie in the vault. This is the only place that knows cattrs.
"""

from afwegen.codec.making import fields_of, make_event
from afwegen.codec.masking import with_pseudonyms, with_voice
from afwegen.codec.opening import Opening, open_entry
from afwegen.codec.people import NAMELESS, NOBODY, VOICE, People, is_erased
from afwegen.codec.reading import ENVELOPE, begun_by, decode, decode_watching
from afwegen.codec.vault import EVERYTHING, PERSON_PATH, person_row, without
from afwegen.codec.writing import LARGEST_VALUE, Encoded, encode, subjects

__all__ = [
    "ENVELOPE",
    "EVERYTHING",
    "LARGEST_VALUE",
    "NAMELESS",
    "NOBODY",
    "PERSON_PATH",
    "VOICE",
    "Encoded",
    "Opening",
    "People",
    "begun_by",
    "decode",
    "decode_watching",
    "encode",
    "fields_of",
    "is_erased",
    "make_event",
    "open_entry",
    "person_row",
    "subjects",
    "with_pseudonyms",
    "with_voice",
    "without",
]
