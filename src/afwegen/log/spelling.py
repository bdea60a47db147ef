"""
Numbers and times as text, each with one spelling.

JSON's own numbers differ from reader to reader, so in the log a ``Decimal``, a ratio, a binary64 and a time are
strings. Each ``spell`` writes the only spelling of a value; each ``read`` accepts no other.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Final

from afwegen.errors import CodecError

__all__ = [
    "LONGEST_NUMBER",
    "read_decimal",
    "read_float",
    "read_ratio",
    "read_time",
    "spell_decimal",
    "spell_float",
    "spell_ratio",
    "spell_time",
]

LONGEST_NUMBER: Final = 1000
"""Characters of a number: without exponents, 1E+999999999 would fill the memory."""

_DECIMAL = re.compile(r"0|-?(?:0\.[0-9]*[1-9]|[1-9][0-9]*(?:\.[0-9]*[1-9])?)")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_RATIO = re.compile(r"(0|-?[1-9][0-9]*)(?:/([1-9][0-9]*))?")


def spell_decimal(value: Decimal) -> str:
    """
    Write a decimal number: no exponent, no needless zero, no minus zero.

    >>> [spell_decimal(Decimal(text)) for text in ("1.50", "1E+2", "-0.0", "0.5")]
    ['1.5', '100', '0', '0.5']

    Raises:
        CodecError: NaN, infinity, or more than 1000 characters.
    """
    if not value.is_finite():
        raise CodecError("a number is finite", "leave out what is not known", value)
    if not value:
        return "0"
    exponent = value.as_tuple().exponent
    if abs(value.adjusted()) > LONGEST_NUMBER or abs(int(exponent)) > LONGEST_NUMBER:
        raise _too_long(str(value))
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text) > LONGEST_NUMBER:
        raise _too_long(text)
    return text


def read_decimal(text: str) -> Decimal:
    """
    Read a decimal number in its one spelling.

    >>> read_decimal("1.5")
    Decimal('1.5')

    Raises:
        CodecError: It has another spelling, or is no number.
    """
    if len(text) > LONGEST_NUMBER:
        raise _too_long(text)
    if not _DECIMAL.fullmatch(text):
        raise CodecError("this is not how a decimal number is spelled", "write it as spell_decimal does", text)
    return Decimal(text)


def spell_ratio(value: Fraction) -> str:
    """
    Write a ratio in lowest terms, a whole one without its denominator.

    >>> spell_ratio(Fraction(2, 6)), spell_ratio(Fraction(9, 3))
    ('1/3', '3')

    Raises:
        CodecError: More than 1000 characters.
    """
    # Counting bits first: Python itself refuses to write an integer of more than 4300 digits.
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 4 * LONGEST_NUMBER:
        raise _too_long(f"a ratio of {value.numerator.bit_length()} to {value.denominator.bit_length()} bits")
    text = str(value)
    if len(text) > LONGEST_NUMBER:
        raise _too_long(text)
    return text


def read_ratio(text: str) -> Fraction:
    """
    Read a ratio in its one spelling.

    >>> read_ratio("1/3")
    Fraction(1, 3)

    Raises:
        CodecError: It is not in lowest terms, has another spelling, or is no ratio.
    """
    if len(text) > LONGEST_NUMBER:
        raise _too_long(text)
    if _RATIO.fullmatch(text):
        value = Fraction(text)
        if str(value) == text:
            return value
    raise CodecError("this is not how a ratio is spelled", "write it as spell_ratio does", text)


def spell_float(value: float) -> str:
    """
    Write a binary64 as ECMAScript does: the fewest digits that give it back.

    >>> [spell_float(value) for value in (0.1, -0.0, 1e21, 1e-7, 123456789.0)]
    ['0.1', '0', '1e+21', '1e-7', '123456789']

    Raises:
        CodecError: NaN or infinity.

    References:
        ECMA-262, Number::toString; RFC 8785, section 3.2.2.3.
    """
    if not isfinite(value):
        raise CodecError("a number is finite", "leave out what is not known", value)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, point = _shortest_digits(abs(value))
    count = len(digits)
    if count <= point <= 21:
        return f"{sign}{digits}{'0' * (point - count)}"
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _shortest_digits(value: float) -> tuple[str, int]:
    """Return the significant digits of a positive number, and how many of them stand before the point."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    return digits.rstrip("0"), len(whole) - leading + int(exponent or 0)


def read_float(text: str) -> float:
    """
    Read a binary64 in its one spelling.

    >>> read_float("0.1")
    0.1

    Raises:
        CodecError: It has another spelling, or is no finite number.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if isfinite(value) and spell_float(value) == text:
        return value
    raise CodecError("this is not how a binary64 is spelled", "write it as spell_float does", text)


def spell_time(value: datetime) -> str:
    """
    Write a moment in UTC, to the millisecond.

    >>> from datetime import timedelta, timezone
    >>> spell_time(datetime(2026, 11, 23, 17, 30, tzinfo=timezone(timedelta(hours=1))))
    '2026-11-23T16:30:00.000Z'

    Raises:
        CodecError: It has no time zone, or microseconds: to cut them off unseen would make what was recorded differ
            from what is read back.
    """
    if value.utcoffset() is None:
        raise CodecError("a moment has a time zone", "use datetime.now(UTC), or attach the zone it is in", value)
    try:
        moment = value.astimezone(UTC)
    except OverflowError as error:
        raise CodecError("a moment lies in the years 1 to 9999, in UTC", "see to its time zone", value) from error
    if moment.microsecond % 1000:
        raise CodecError("a moment is in whole milliseconds", "round it first", value)
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def read_time(text: str) -> datetime:
    """
    Read a moment in its one spelling.

    >>> read_time("2026-11-23T16:30:00.000Z")
    datetime.datetime(2026, 11, 23, 16, 30, tzinfo=datetime.timezone.utc)

    Raises:
        CodecError: It has another spelling, or is no moment.
    """
    if _TIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise CodecError("this is not how a moment is spelled", "write it as spell_time does", text)


def _too_long(text: str) -> CodecError:
    return CodecError(f"a number has at most {LONGEST_NUMBER} characters", "round it first", text)
