"""What the readers share: bytes become text, and a complaint knows its file and line."""

import re
from decimal import Decimal
from os import PathLike
from pathlib import Path

from attrs import frozen

from afwegen.errors import NOTHING, FormatError

__all__ = ["Place", "text_of"]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@frozen(kw_only=True)
class Place:
    """Where in a file something stands, so that it can be complained about."""

    file: str
    line: int

    def wrong(self, what: str, do: str = "", got: object = NOTHING) -> FormatError:
        """Return the error to raise about this line."""
        return FormatError(what, do, got, file=self.file, line=self.line)

    def count(self, text: str, of: str) -> int:
        """
        Read a whole number, zero or more, in ASCII digits.

        Raises:
            FormatError: The text is anything else: a sign, a point, a blank, digits of another script.
        """
        if not (text.isascii() and text.isdigit()):
            raise self.wrong(f"{of} is a whole number", "write it in digits", got=text)
        return int(text)

    def number(self, text: str, of: str) -> Decimal:
        """
        Read a decimal number: digits, perhaps a minus sign before and a point within.

        Raises:
            FormatError: The text is anything else: an exponent, a comma, ``nan``.
        """
        if not _NUMBER.fullmatch(text):
            raise self.wrong(f"{of} is a number", "write digits, with a point before decimals", got=text)
        return Decimal(text)

    def amount(self, text: str, of: str) -> Decimal:
        """
        Read a decimal number, zero or more.

        Raises:
            FormatError: The text is no number, or a negative one.
        """
        number = self.number(text, of)
        if number < 0:
            raise self.wrong(f"{of} is zero or more", "remove the minus sign", got=text)
        return number


def text_of(path: str | PathLike[str]) -> str:
    """
    Read a file of UTF-8 text; a byte order mark is passed over.

    Raises:
        FormatError: The bytes are not UTF-8; the line of the first that is not is named.
        OSError: There is no such file, or it cannot be read.
    """
    raw = Path(path).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wrong = raw[error.start : error.end]
        place = Place(file=Path(path).name, line=line)
        raise place.wrong("the file is not UTF-8 text", "save it as UTF-8", got=wrong) from error
