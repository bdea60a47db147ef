"""
The one way to write a value as bytes: a strict profile of RFC 8785.

Objects with keys of ``[a-z0-9_]``, arrays, strings in NFC without lone surrogates, integers below :math:`2^{53}`,
true, false and null; at most 100 levels deep. No floats: a ``Decimal``, a ratio, a binary64 and a time are strings,
each with one spelling. Inside this profile the standard library, orjson and any implementation of RFC 8785 write the
same octets; orjson is used where it is installed because it is fast.

What was hashed is stored and never written again, so reading is as strict as writing: ``decode`` accepts nothing
that ``encode`` would not have written octet for octet.

References:
    Rundgren, Jordan, Erdtman (2020), RFC 8785, JSON Canonicalization Scheme.
    Unicode Standard Annex 15, Unicode Normalization Forms: NFC.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final
from unicodedata import is_normalized

from afwegen.errors import CodecError

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

__all__ = ["DEEPEST", "LARGEST_INTEGER", "Json", "decode", "encode", "parse", "read"]

Json = Any
"""None, bool, int, str, and lists (or tuples) and dicts of these: Python has no finite name for it."""

LARGEST_INTEGER: Final = 2**53 - 1
"""Beyond it a double, which is what many readers of JSON make of a number, is no longer exact."""

DEEPEST: Final = 100
"""Levels of arrays and objects; parsers differ in what they bear, so the profile says."""

_KEY = re.compile(r"[a-z0-9_]+")
_KEYS_REMEMBERED = 4096

# The fields of events are few and come back in every entry: one subset test instead of a match for each.
_known_keys: set[str] = set()


def encode(value: Json) -> bytes:
    """
    Write a value in the canonical form.

    >>> encode({"type": "problem-reported/1", "seq": 3, "by": None})
    b'{"by":null,"seq":3,"type":"problem-reported/1"}'
    >>> encode({"score": 1.5})
    Traceback (most recent call last):
        ...
    afwegen.errors.CodecError: a float cannot stand in the log, at $.score (got 1.5): \
write it as a string, as spell_float does

    Args:
        value: Of the profile. Tuples are written as arrays, and come back as lists.

    Returns:
        UTF-8, without spaces, the keys in order.

    Raises:
        CodecError: Something in it is outside the profile; with its path.
    """
    try:
        data = _dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        _find_fault(value)
        raise CodecError(f"this cannot be written as JSON ({error})", "use the types of JSON", value) from error
    if not _is_plain(value, data):
        _find_fault(value)
    return data


def decode(data: bytes) -> Json:
    """
    Read back what ``encode`` wrote, and nothing else.

    Parses, checks the profile, writes again and compares: what has duplicate keys, spaces, another order or other
    escapes may mean the same, but has another hash.

    >>> decode(b'{"seq":3}')
    {'seq': 3}
    >>> decode(b'{"seq": 3}')
    Traceback (most recent call last):
        ...
    afwegen.errors.CodecError: these octets are not in canonical form, from octet 7 (got b'{"seq": 3}'): \
they were not written by encode

    Raises:
        CodecError: The octets are no JSON, outside the profile, or not the canonical form of what they mean.
    """
    if type(data) is not bytes:
        raise CodecError("an entry is octets", "give bytes", data)
    try:
        value = _loads(data)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"these octets are no JSON ({error})", "they were not written by encode", data) from error
    try:
        again = _dumps(value)
    except (TypeError, ValueError, RecursionError):
        again = b""
    if again == data and _is_plain(value, data):
        return value
    _find_fault(value)
    if again != data:
        at = next((at for at, pair in enumerate(zip(data, again, strict=False)) if pair[0] != pair[1]), len(again))
        raise CodecError(
            f"these octets are not in canonical form, from octet {at}", "they were not written by encode", data
        )
    return value


def read(data: bytes) -> Json:
    """
    Read back what ``encode`` wrote, octet for octet, without walking through the values.

    For a reader that checks every field by itself: a float or a text outside NFC is its to refuse. Verification uses
    ``decode``.

    >>> read(b'{"seq":3}')
    {'seq': 3}

    Raises:
        CodecError: The octets are no JSON, or not the canonical form of what they mean.
    """
    value = parse(data)
    return value if _dumps(value) == data else decode(data)


def parse(data: bytes) -> Json:
    """
    Read JSON that was not hashed: a vault row, whose values are held to their commitments one by one.

    Raises:
        CodecError: The octets are no JSON.
    """
    try:
        return _loads(data)
    except (ValueError, RecursionError) as error:
        raise CodecError(f"these octets are no JSON ({error})", "the vault was changed", data) from error


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def _dumps_plainly(value: Json) -> bytes:
    return _encoder.encode(value).encode()


def _loads_plainly(data: bytes) -> Json:
    return _decoder.decode(data.decode())


_dumps: Callable[[Json], bytes] = _dumps_plainly
_loads: Callable[[bytes], Json] = _loads_plainly
if orjson is not None:
    _dumps = partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)
    _loads = orjson.loads


def _is_plain(value: Json, data: bytes) -> bool:
    """
    Whether everything is surely well: the quick look that nearly every value passes.

    The strings are looked at in the octets, all at once. Text in NFC has only parts in NFC; the reverse does not hold
    (the n of an escaped newline joins a tilde after it), so a no needs a closer look.
    """
    return _has_plain_items((value,), DEEPEST) and (data.isascii() or is_normalized("NFC", data.decode()))


_SIMPLE: Final = frozenset({str, bool, type(None)})
"""Types of which every value is well, as far as can be seen outside the octets."""


def _has_plain_items(items: Iterable[Json], levels: int) -> bool:
    for each in items:
        kind = type(each)
        if kind is str or kind in _SIMPLE:
            continue
        if kind is int:
            if not -LARGEST_INTEGER <= each <= LARGEST_INTEGER:
                return False
        elif kind is dict:
            if not (levels and (each.keys() <= _known_keys or _learn_keys(each))):
                return False
            values = each.values()
            if not (_SIMPLE.issuperset(map(type, values)) or _has_plain_items(values, levels - 1)):
                return False
        elif not ((kind is list or kind is tuple) and levels and _has_plain_items(each, levels - 1)):
            return False
    return True


def _learn_keys(mapping: dict[str, Json]) -> bool:
    if not all(type(key) is str and _KEY.fullmatch(key) for key in mapping):
        return False
    if len(_known_keys) < _KEYS_REMEMBERED:
        _known_keys.update(mapping)
    return True


def _find_fault(value: Json, path: str = "$", levels: int = DEEPEST) -> None:
    """Raise for the first thing outside the profile; say nothing where there is none."""
    match value:
        case None | bool():
            return
        case str() if type(value) is str:
            _find_fault_in_text(value, path)
        case int() if type(value) is int:
            if abs(value) > LARGEST_INTEGER:
                raise CodecError(f"an integer stays below 2^53, at {path}", "write it as a string", value)
        case dict() | list() | tuple() if type(value) in {dict, list, tuple}:
            if not levels:
                raise CodecError(f"a value is at most {DEEPEST} levels deep, at {path[:80]}...", "make it flatter")
            _find_fault_inside(value, path, levels - 1)
        case float():
            raise CodecError(
                f"a float cannot stand in the log, at {path}", "write it as a string, as spell_float does", value
            )
        case _:
            raise CodecError(
                f"a {type(value).__name__} cannot stand in the log, at {path}",
                "use None, bool, int, str, list and dict themselves",
                value,
            )


def _find_fault_inside(value: dict[Json, Json] | list[Json] | tuple[Json, ...], path: str, levels: int) -> None:
    if not isinstance(value, dict):
        for at, each in enumerate(value):
            _find_fault(each, f"{path}[{at}]", levels)
        return
    for key, each in value.items():
        if type(key) is not str or not _KEY.fullmatch(key):
            raise CodecError(f"a key is of a-z, 0-9 and _, at {path}", "write a mapping as sorted pairs", key)
        _find_fault(each, f"{path}.{key}", levels)


def _find_fault_in_text(text: str, path: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise CodecError(f"text has no lone surrogates, at {path}", "decode it with the encoding it has", text)
    if not is_normalized("NFC", text):
        raise CodecError(f"text is in Unicode's NFC, at {path}", "pass it through unicodedata.normalize", text)
