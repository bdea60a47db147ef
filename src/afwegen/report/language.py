"""
Dutch and English: messages by gettext, numbers, money, dates and lists by locale.

A message is the English sentence as it stands in the code; ``catalogues/<part>.<language>.po`` says it in a language.
Only ``.po`` files are kept: they are compiled in memory, once, and every part of the account brings its own.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from afwegen.errors import AfwegenError, MissingExtra

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["Language", "Spoken", "catalogue", "language"]

Spoken = Literal["nl", "en"]
Number = int | float | Decimal
Day = date
"""Under another name, for ``Language`` has a method that is called ``date``."""

CATALOGUES: Final = "catalogues"
LOCALES: Final[Mapping[str, str]] = {"nl": "nl_NL", "en": "en_GB"}
"""English as in Europe: the day before the month."""
ZONE: Final = "Europe/Amsterdam"
"""The clock on the wall of the neighbourhood; the log itself is in UTC."""


@frozen
class Language:
    r"""
    One language: its sentences, and how it writes numbers, money, days and lists.

    Attributes:
        code: ``nl`` or ``en``; the ``lang`` of the page.
        locale: How CLDR calls it.
        catalogue: What the messages are in it.

    >>> language("nl").money(12500)
    '€\xa012.500'
    """

    code: Spoken
    locale: str
    catalogue: GNUTranslations

    def translated(self, message: str, /) -> str:
        """Return a message in this language, its ``{placeholders}`` still open; itself where it is not translated."""
        return self.catalogue.gettext(message)

    def text(self, message: str, /, **values: Any) -> str:
        """
        Return a message in this language, with its values filled in.

        Args:
            message: The English sentence, with ``{name}`` where a value comes.
            **values: Whole numbers, amounts, days and moments are written as the language does; text as it is.

        >>> language("en").text("{n} records", n=1234)
        '1,234 records'
        """
        return filled(self.translated(message), {name: self.shown(value) for name, value in values.items()})

    def plural(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """
        Return the message for so many; ``{n}`` is the number.

        >>> language("en").plural("{n} record", "{n} records", 1)
        '1 record'
        """
        said = self.catalogue.ngettext(one, many, n)
        return filled(said, {name: self.shown(value) for name, value in {"n": n, **values}.items()})

    def shown(self, value: Any) -> str:
        """Return a value as this language writes it."""
        match value:
            case bool() | str():
                return str(value)
            case int() | float() | Decimal():
                return self.number(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.date(value)
            case _:
                return str(value)

    def number(self, x: Number, digits: int | None = None) -> str:
        """
        Return a number; with so many decimals where ``digits`` is given, else as many as it has, three at most.

        >>> language("nl").number(1234.5)
        '1.234,5'
        """
        from babel.numbers import format_decimal

        if digits is None and isinstance(x, int) and -1000 < x < 1000:
            return str(x)
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(x, format=pattern, locale=self.locale))

    def money(self, x: Number) -> str:
        """Return an amount in euros; whole euros without cents."""
        from babel.numbers import format_currency

        pattern = "#,##0" if x == int(x) else "#,##0.00"
        amount = "¤\u00a0{};¤\u00a0-{}" if self.code == "nl" else "¤{};-¤{}"
        written = amount.format(pattern, pattern)
        return str(format_currency(x, "EUR", format=written, locale=self.locale, currency_digits=False))

    def date(self, d: date) -> str:
        """
        Return a day.

        >>> import datetime
        >>> language("nl").date(datetime.date(2016, 6, 20))
        '20 juni 2016'
        """
        from babel.dates import format_date

        return str(format_date(d, format="long", locale=self.locale))

    def moment(self, dt: datetime) -> str:
        """
        Return a moment by the clock of the neighbourhood: the day, and the time to the minute.

        >>> from datetime import UTC, datetime
        >>> language("nl").moment(datetime(2016, 6, 20, 12, 0, tzinfo=UTC))
        '20 juni 2016, 14:00'
        """
        return f"{self.date(self.day(dt))}, {self.time(dt)}"

    def day(self, dt: datetime) -> Day:
        """Return the day of a moment, by the calendar of the neighbourhood."""
        return dt.astimezone(ZoneInfo(ZONE)).date()

    def time(self, dt: datetime) -> str:
        """Return the time of a moment by the clock of the neighbourhood, to the minute."""
        return f"{dt.astimezone(ZoneInfo(ZONE)):%H:%M}"

    def joined(self, items: Iterable[str]) -> str:
        """
        Return names as a list in a sentence.

        >>> language("nl").joined(["Anna", "Bram", "Cor"])
        'Anna, Bram en Cor'
        """
        from babel.lists import format_list

        return str(format_list(list(items), locale=self.locale))

    def of(self, part: int, whole: int) -> str:
        """
        Return a share as people say it, never as a percentage.

        >>> language("en").of(8, 10)
        '8 of the 10'
        """
        return self.text("{part} of the {whole}", part=part, whole=whole)


class _Filling(string.Formatter):
    """Fills in by name only: a message may not reach into a value."""

    def get_field(self, field_name: str, _args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs[field_name], field_name


def filled(message: str, values: Mapping[str, Any]) -> str:
    """Return a message with its values in place."""
    return _Filling().vformat(message, (), values) if "{" in message else message


@cache
def language(code: str) -> Language:
    """
    Return a language.

    Args:
        code: ``nl`` or ``en``.

    Raises:
        AfwegenError: It is not spoken here.
        MissingExtra: Babel is not installed.

    >>> language("en").code
    'en'
    """
    if code not in LOCALES:
        raise AfwegenError("this language is not spoken here", f"choose from {', '.join(LOCALES)}", code)
    spoken: Spoken = "nl" if code == "nl" else "en"
    return Language(spoken, LOCALES[code], _compiled(catalogue(spoken)))


def catalogue(code: Spoken) -> Catalog:
    """
    Return all messages in a language: those of every part of the account, together.

    Raises:
        MissingExtra: Babel is not installed.
    """
    try:
        from babel.messages.catalog import Catalog
        from babel.messages.pofile import read_po
    except ImportError as error:
        raise MissingExtra("Babel", "report") from error
    together = Catalog(locale=LOCALES[code])
    for part in sorted(files(__package__).joinpath(CATALOGUES).iterdir(), key=lambda found: found.name):
        if part.name.endswith(f".{code}.po"):
            for message in read_po(BytesIO(part.read_bytes()), locale=LOCALES[code]):
                if message.id:
                    together[message.id] = message
    return together


def _compiled(together: Catalog) -> GNUTranslations:
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, together)
    compiled.seek(0)
    return GNUTranslations(compiled)
