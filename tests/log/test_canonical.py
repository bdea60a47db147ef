"""The canonical form: one spelling, read back as strictly as it is written."""

import json
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afwegen.errors import CodecError
from afwegen.log import canonical
from afwegen.log.canonical import DEEPEST, LARGEST_INTEGER, decode, encode

keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=8)
texts = st.text(max_size=20).map(lambda text: normalize("NFC", text))
scalars = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5), max_leaves=20
)


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@pytest.fixture(params=["orjson", "json"], autouse=True)
def _codec(request, monkeypatch):
    """Everything here holds with orjson and with the standard library."""
    if request.param == "json":
        monkeypatch.setattr(canonical, "_dumps", canonical._dumps_plainly)
        monkeypatch.setattr(canonical, "_loads", canonical._loads_plainly)


@pytest.fixture(scope="module")
def both():
    """Encoders and decoders of both, side by side."""

    def run(function, argument):
        fast = canonical._dumps, canonical._loads
        answers = []
        for dumps, loads in (fast, (canonical._dumps_plainly, canonical._loads_plainly)):
            canonical._dumps, canonical._loads = dumps, loads
            try:
                answers.append(function(argument))
            except CodecError:
                answers.append(CodecError)
            finally:
                canonical._dumps, canonical._loads = fast
        return answers

    return run


@given(values)
@example("\n\u0303")  # NFC in itself, but the n of the escape would join the tilde
@example({"a": ["\\\u0303", "\x7f\x80\u2028/<", "\x00\x1f"]})
def test_both_write_the_same_octets_and_read_the_same_value(both, value):
    """With orjson and without it: the same octets, and what was written comes back."""
    fast, slow = both(encode, value)

    assert fast == slow
    assert isinstance(fast, bytes)
    assert both(decode, fast) == [value, value]


@given(values)
def test_it_is_what_the_rfc_says_for_such_values(value):
    """Inside the profile RFC 8785 comes to sorted keys, no spaces, and only the escapes JSON demands."""
    assert encode(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode))
@example(b'"\\ud800"')
@example(b'"\\udc00\\ud800"')
@example(b"\xef\xbb\xbf{}")
@example('{"a":1}'.encode("utf-16"))
@example(b'"\xed\xa0\x80"')
@example(b"-0")
@example(b"NaN")
@example(b"1" * 5000)
@example(b"[" * 5000)
@example(b"[" * 101 + b"]" * 101)
def test_both_refuse_the_same_octets(both, data):
    """Whatever octets come in, both read the same value or refuse."""
    fast, slow = both(decode, data)

    assert fast == slow
    if fast is not CodecError:
        assert encode(fast) == data


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.5, r"a float .* at \$ \(got 1.5\)"),
        ({"a": [0, {"b": float("nan")}]}, r"a float .* at \$\.a\[1\]\.b"),
        ({"a": float("inf")}, r"a float .* at \$\.a"),
        (2**53, r"stays below 2\^53"),
        ([-(2**53)], r"stays below 2\^53, at \$\[0\]"),
        (2**70, r"stays below 2\^53"),
        ({"A": 1}, r"a key is of a-z, 0-9 and _, at \$ \(got 'A'\)"),
        ({"a": {"b-c": 1}}, r"a key is .* at \$\.a"),
        ({"é": 1}, "a key is"),
        ({"": 1}, "a key is"),
        ({"a\n": 1}, "a key is"),
        ({1: 1}, "a key is"),
        ({None: 1}, "a key is"),
        ({"a": 1, 2: 1}, "a key is"),
        ({Colour.RED: 1}, "a key is"),
        ({"name": "e\u0301"}, r"NFC, at \$\.name"),
        (["\ud800"], r"surrogates, at \$\[0\]"),
        (b"octets", "a bytes cannot stand"),
        ({"a": Decimal(1)}, r"a Decimal cannot stand in the log, at \$\.a"),
        (datetime(2026, 1, 1, tzinfo=UTC), "a datetime cannot"),
        (uuid.UUID(int=0), "a UUID cannot"),
        ({1, 2}, "a set cannot"),
        (Colour.RED, "a Colour cannot"),
        (Number.ONE, "a Number cannot"),
        (object(), "a object cannot"),
    ],
)
def test_what_is_outside_the_profile_is_refused_with_its_path(value, said):
    """The error names the path and shows the value."""
    with pytest.raises(CodecError, match=said):
        encode(value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":1,"a":1}', "not in canonical form, from octet 6"),
        (b'{"b":1,"a":1}', "not in canonical form, from octet 2"),
        (b' {"a":1}', "not in canonical form, from octet 0"),
        (b'{"a":1}\n', "not in canonical form, from octet 7"),
        (b'"\\u0041"', "not in canonical form"),
        (b'"\\/"', "not in canonical form"),
        (b'"\\u001F"', "not in canonical form"),
        (b"-0", "canonical form|float"),
        (b"1.5", "a float"),
        (b"1e2", "a float"),
        (b"9007199254740992", "stays below"),
        (b"123456789012345678901234567890", "stays below|a float"),
        (b'{"A":1}', "a key is"),
        (b'"e\xcc\x81"', "NFC"),
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"NaN", "no JSON"),
        (b"Infinity", "no JSON"),
        (b'"\xff"', "no JSON"),
        (b"{}{}", "no JSON"),
        (b"'a'", "no JSON"),
        (b"[" * 101 + b"]" * 101, "deep"),
        ("{}", "an entry is octets"),
        (bytearray(b"{}"), "an entry is octets"),
    ],
)
def test_octets_that_encode_would_not_have_written_are_refused(data, said):
    """Not only what is no JSON: also the same value in other octets, which would have another hash."""
    with pytest.raises(CodecError, match=said):
        decode(data)


def test_depth_has_a_limit_of_its_own():
    """A hundred levels are written and read; one more is refused, by the profile and not by a parser."""
    value = 0
    for _ in range(DEEPEST):
        value = [value]

    assert decode(encode(value)) == value
    with pytest.raises(CodecError, match="at most 100 levels"):
        encode([value])


def test_a_value_that_contains_itself_is_refused():
    """Rather than written until the stack ends."""
    value = []
    value.append(value)

    with pytest.raises(CodecError, match="at most 100 levels"):
        encode(value)


def test_tuples_are_arrays():
    """Frozen values hold tuples; they are written as arrays."""
    assert encode({"a": (1, (2,))}) == b'{"a":[1,[2]]}'


def test_keys_are_remembered_within_bounds(monkeypatch):
    """Whoever writes ever new keys does not fill the memory."""
    monkeypatch.setattr(canonical, "_known_keys", set())
    monkeypatch.setattr(canonical, "_KEYS_REMEMBERED", 3)
    for number in range(10):
        assert decode(encode({f"key_{number}": number})) == {f"key_{number}": number}

    assert len(canonical._known_keys) == 3


@given(values, st.data())
def test_every_changed_octet_is_refused_or_another_value(value, data):
    """A flipped bit never reads as the same value."""
    octets = bytearray(encode(value))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        other = decode(bytes(octets))
    except CodecError:
        return

    assert encode(other) != encode(value)
