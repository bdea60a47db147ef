"""One spelling for each number and each moment."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import CodecError
from afwegen.log.spelling import (
    LONGEST_NUMBER,
    read_decimal,
    read_float,
    read_ratio,
    read_time,
    spell_decimal,
    spell_float,
    spell_ratio,
    spell_time,
)

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
moments = st.datetimes(timezones=st.timezones() | st.just(UTC)).map(
    lambda moment: moment.replace(year=moment.year % 9000 + 2, microsecond=moment.microsecond // 1000 * 1000, day=1)
)


@given(decimals)
def test_a_decimal_comes_back_exactly(value):
    """Also beyond the 28 digits of Python's context."""
    assert read_decimal(spell_decimal(value)) == value


@given(decimals, st.integers(0, 6))
def test_equal_decimals_have_one_spelling(value, zeros):
    """1.5, 1.50 and 15E-1 are one number, and one text."""
    digits = value.as_tuple()
    padded = Decimal((digits.sign, digits.digits + (0,) * zeros, digits.exponent - zeros))

    assert spell_decimal(padded) == spell_decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-0",
        "00",
        "1.0",
        "1.50",
        ".5",
        "5.",
        "+1",
        "1e3",
        "1E3",
        "NaN",
        "Infinity",
        " 1",
        "1\n",
        "١",
        "1_000",
        "0.0",
    ],
)
def test_no_other_spelling_of_a_decimal_is_read(text):
    """What spell_decimal would not have written is refused."""
    with pytest.raises(CodecError, match="how a decimal number is spelled"):
        read_decimal(text)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_is_finite(text):
    """What is not known is left out, not written as NaN."""
    with pytest.raises(CodecError, match="finite"):
        spell_decimal(Decimal(text))


@pytest.mark.parametrize("text", ["1E+999999", "1E-999999", "1E+1000", "1" * 1001, "0." + "1" * 1000])
def test_a_decimal_does_not_fill_the_memory(text):
    """An exponent of a million would be a million zeros."""
    with pytest.raises(CodecError, match="at most 1000 characters"):
        spell_decimal(Decimal(text))


def test_a_long_number_is_not_read():
    """The limit holds both ways."""
    for read in (read_decimal, read_ratio):
        with pytest.raises(CodecError, match="at most 1000 characters"):
            read("1" * (LONGEST_NUMBER + 1))


@given(st.fractions())
def test_a_ratio_comes_back_exactly(value):
    """In lowest terms, whole ones without a denominator."""
    assert read_ratio(spell_ratio(value)) == value


@pytest.mark.parametrize(
    "text", ["", "2/4", "3/1", "0/1", "0/5", "1/0", "-1/-2", "1/-2", "1.5", "1/2/3", " 1/2", "+1/2", "01/2", "-0"]
)
def test_no_other_spelling_of_a_ratio_is_read(text):
    """What spell_ratio would not have written is refused."""
    with pytest.raises(CodecError, match="how a ratio is spelled"):
        read_ratio(text)


def test_a_ratio_does_not_fill_the_memory():
    """Python itself stops at 4300 digits, with an error of its own."""
    for value in (Fraction(10**5000), Fraction(1, 10**5000), Fraction(10**1001), Fraction(10**600, 10**600 + 1)):
        with pytest.raises(CodecError, match="at most 1000 characters"):
            spell_ratio(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_comes_back_to_the_bit(value):
    """All but minus zero, which is written as zero."""
    back = read_float(spell_float(value))

    assert struct.pack(">d", back) == struct.pack(">d", value or 0.0)


@pytest.mark.parametrize(
    "text", ["", "-0", "1.0", "1e21", "1E+21", "0.10", "inf", "nan", "Infinity", "1_0", " 1", "0.0000001", "one"]
)
def test_no_other_spelling_of_a_float_is_read(text):
    """What spell_float would not have written is refused."""
    with pytest.raises(CodecError, match="how a binary64 is spelled"):
        read_float(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_float_is_finite(value):
    """JSON has no NaN, and neither has the log."""
    with pytest.raises(CodecError, match="finite"):
        spell_float(value)


@given(moments)
def test_a_moment_comes_back_in_utc(moment):
    """The same moment, whatever zone it was told in."""
    back = read_time(spell_time(moment))

    assert back == moment.astimezone(UTC)
    assert back.tzinfo is UTC


def test_a_moment_is_told_in_utc():
    """Half past five in Amsterdam, in winter, is half past four."""
    told = datetime(2026, 11, 23, 17, 30, 0, 120_000, tzinfo=timezone(timedelta(hours=1)))

    assert spell_time(told) == "2026-11-23T16:30:00.120Z"


def test_a_moment_before_the_year_1000_keeps_its_four_digits():
    """The spelling is of one length for every year Python knows."""
    assert spell_time(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 1, 1), "has a time zone"),  # noqa: DTZ001 - it is the point
        (datetime(2026, 1, 1, microsecond=1, tzinfo=UTC), "whole milliseconds"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(microseconds=1))), "whole milliseconds"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "years 1 to 9999"),
    ],
)
def test_a_moment_that_cannot_be_told_is_refused(moment, said):
    """Rather than guessed at or cut short unseen."""
    with pytest.raises(CodecError, match=said):
        spell_time(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T16:30:00Z",
        "2026-11-23T16:30:00.000",
        "2026-11-23T16:30:00.000+00:00",
        "2026-11-23T17:30:00.000+01:00",
        "2026-11-23 16:30:00.000Z",
        "2026-11-23T16:30:00.000000Z",
        "2026-11-23t16:30:00.000z",
        "20261123T163000.000Z",
        "2026-W48-1T16:30:00.000Z",
        "2026-11-23T24:30:00.000Z",
        "2026-02-30T16:30:00.000Z",
        "10000-01-01T00:00:00.000Z",
    ],
)
def test_no_other_spelling_of_a_moment_is_read(text):
    """What spell_time would not have written is refused."""
    with pytest.raises(CodecError, match="how a moment is spelled"):
        read_time(text)
