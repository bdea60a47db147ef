"""
PrefLib files of 2022: orders (``.soc .soi .toc .toi``) and categories (``.cat``).

A file is a header of ``# KEY: value`` lines, then a line for each different sheet: how many voters handed it in, and
what it said. The reader is strict: a file that contradicts its own header is refused with the line. One thing the
specification asks is not checked: that the file has the narrowest type its orders allow.

>>> from afwegen.interop import preflib
>>> rankings = preflib.parse(
...     '''# TITLE: Two benches and a tree
... # DATA TYPE: toc
... # NUMBER ALTERNATIVES: 3
... # NUMBER VOTERS: 5
... # NUMBER UNIQUE ORDERS: 2
... # ALTERNATIVE NAME 1: Bench
... # ALTERNATIVE NAME 2: Another bench
... # ALTERNATIVE NAME 3: Tree
... 4: 3, {1, 2}
... 1: 2, 1, 3
... '''
... )
>>> rankings.orders[0], rankings.counts[0]
((('Tree',), ('Bench', 'Another bench')), 4)

References:
    Mattei, Walsh (2013), PrefLib: a library for preferences; the format specification of PrefLib-Data (2022).
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from os import PathLike
from pathlib import Path

from attrs import frozen

from afwegen.errors import FormatError
from afwegen.interop.text import Place, text_of

__all__ = ["Categories", "DataType", "Order", "Rankings", "parse", "read", "render"]

Pairs = tuple[tuple[str, str], ...]
Order = tuple[tuple[str, ...], ...]
"""A weak order of names: tiers, best first, ties together."""
Sheet = tuple[tuple[str, ...], ...]
"""What went into each category, in the order of the categories; empty where nothing did."""

_META = re.compile(r"#\s*([^:]*[^:\s])\s*:(.*)")
_TIER = re.compile(r"\s*(?:\{([^{}]*)\}|([0-9]+))\s*(,(?=.)|$)")
_NAMED = re.compile(r"(ALTERNATIVE|CATEGORY) NAME ([0-9]+)")


class DataType(StrEnum):
    """What the sheets of a file may look like."""

    SOC = "soc"
    """Strict orders, complete."""
    SOI = "soi"
    """Strict orders, perhaps incomplete."""
    TOC = "toc"
    """Orders with ties, complete."""
    TOI = "toi"
    """Orders with ties, perhaps incomplete."""
    CAT = "cat"
    """Alternatives put into categories, best category first; not all need be."""

    @property
    def strict(self) -> bool:
        """Whether ties are forbidden."""
        return self in {DataType.SOC, DataType.SOI}

    @property
    def complete(self) -> bool:
        """Whether every sheet names every alternative."""
        return self in {DataType.SOC, DataType.TOC}


_TYPES = frozenset(data_type.value for data_type in DataType)


@frozen(kw_only=True)
class Rankings:
    """
    Orders of the alternatives; ready for ``Profile.from_rankings(r.orders, r.counts, alternatives=r.alternatives)``.

    Attributes:
        title: Of the file.
        data_type: Any but ``cat``.
        alternatives: Names; number *i* of the file is the *i*-th, counted from 1.
        orders: Each different order once, in the order of the file. What an incomplete one leaves out is not ranked.
        counts: How many voters handed in each.
        meta: The other lines of the header as (key, text), in the order of the file.
    """

    title: str
    data_type: DataType
    alternatives: tuple[str, ...]
    orders: tuple[Order, ...]
    counts: tuple[int, ...]
    meta: Pairs = ()


@frozen(kw_only=True)
class Categories:
    """
    Alternatives put into categories.

    Attributes:
        title: Of the file.
        alternatives: Names; number *i* of the file is the *i*-th, counted from 1.
        categories: Names, best first.
        sheets: Each different sheet once, in the order of the file.
        counts: How many voters handed in each.
        meta: The other lines of the header as (key, text), in the order of the file.
    """

    title: str
    alternatives: tuple[str, ...]
    categories: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    counts: tuple[int, ...]
    meta: Pairs = ()

    @property
    def orders(self) -> tuple[Order, ...]:
        """
        The order each sheet implies: categories as tiers, empty ones dropped, what is in no category not ranked.

        Two sheets may imply one order. Ready for ``Profile.from_rankings`` as the orders of rankings are.
        """
        return tuple(tuple(tier for tier in sheet if tier) for sheet in self.sheets)


def read(path: str | PathLike[str]) -> Rankings | Categories:
    """
    Read a ``.soc .soi .toc .toi`` or ``.cat`` file.

    Raises:
        FormatError: The file is not what the format or its own name says; file and line are named.
        OSError: There is no such file, or it cannot be read.
    """
    name, suffix = Path(path).name, Path(path).suffix.removeprefix(".").lower()
    if suffix not in _TYPES:
        do = f"known are {', '.join(f'.{known}' for known in DataType)}"
        raise FormatError("the name is not that of a file of orders or categories", do, got=name, file=name, line=1)
    found = parse(text_of(path), file=name)
    said = found.data_type if isinstance(found, Rankings) else DataType.CAT
    if said != suffix:
        raise FormatError("DATA TYPE is not what the name of the file says", "rename it", got=said, file=name, line=1)
    return found


def parse(text: str, *, file: str = "<text>") -> Rankings | Categories:
    """
    Read the text of a PrefLib file; ``DATA TYPE`` says of which kind.

    Args:
        text: The whole file.
        file: The name to use in errors.

    Raises:
        FormatError: A line is malformed, the header lacks something, an alternative is unknown or stands twice on a
            sheet, a sheet stands twice, or ``NUMBER ALTERNATIVES``, ``NUMBER VOTERS`` or ``NUMBER UNIQUE ORDERS`` (for
            categories ``NUMBER CATEGORIES`` and ``NUMBER UNIQUE PREFERENCES``) is not what the file holds.
    """
    lines = tuple(_lines(text, file))
    header = _Header([(place, line) for place, line in lines if line.startswith("#")], file)
    body = tuple((place, line) for place, line in lines if not line.startswith("#"))
    if any(line.startswith("#") for _, line in lines[len(header.said) :]):
        raise body[0][0].wrong(
            "a line of orders stands above the end of the header", "put the header first", got=body[0][1]
        )
    data_type = header.data_type()
    names = header.names("ALTERNATIVE", "NUMBER ALTERNATIVES")
    categories = header.names("CATEGORY", "NUMBER CATEGORIES") if data_type is DataType.CAT else ()
    sheets, counts = _sheets(body, names)
    for (place, _), sheet in zip(body, sheets, strict=True):
        if data_type is DataType.CAT:
            _check_categories(place, sheet, len(categories))
        else:
            _check_order(place, sheet, data_type, len(names))
    header.check_count("NUMBER VOTERS", sum(counts))
    header.check_count(_unique(data_type), len(sheets))
    title, meta = header["TITLE"][0], header.others()
    if data_type is DataType.CAT:
        return Categories(
            title=title, alternatives=names, categories=categories, sheets=sheets, counts=counts, meta=meta
        )
    return Rankings(title=title, data_type=data_type, alternatives=names, orders=sheets, counts=counts, meta=meta)


def render(found: Rankings | Categories) -> str:
    """
    Return the text of a PrefLib file that reads back as this value.

    Raises:
        FormatError: The value holds something the format cannot carry: a name over two lines, an alternative that is
            not listed, a tie in a strict order.
    """
    numbers = {name: str(number) for number, name in enumerate(found.alternatives, start=1)}
    sheets = found.orders if isinstance(found, Rankings) else found.sheets
    body = (
        f"{count}: {','.join(_tier(tuple(numbers.get(name, name) for name in tier)) for tier in sheet)}"
        for count, sheet in zip(found.counts, sheets, strict=False)
    )
    written = "\n".join((*(f"# {key}: {value}" for key, value in _header(found)), *body, ""))
    if parse(written, file="<rendered>") != found:
        raise FormatError("the format cannot carry this value", "use names without line ends or blanks at their ends")
    return written


def _lines(text: str, file: str) -> Iterator[tuple[Place, str]]:
    # Not str.splitlines: it would also cut a name at U+2028 or a form feed.
    for number, line in enumerate(text.rstrip("\r\n").split("\n"), start=1):
        place = Place(file=file, line=number)
        if not line.strip():
            raise place.wrong("the line is empty", "remove it")
        yield place, line.strip()


class _Header:
    """The lines of the header by key; each still knows its line."""

    def __init__(self, lines: list[tuple[Place, str]], file: str) -> None:
        self.end = Place(file=file, line=max(len(lines), 1))
        self.said: dict[str, tuple[str, Place]] = {}
        for place, line in lines:
            if not (match := _META.fullmatch(line)):
                raise place.wrong("a line of the header is '# KEY: value'", "add the colon", got=line)
            key, value = match[1], match[2].strip()
            if key in self.said:
                raise place.wrong("a key of the header stands once", "remove the second", got=key)
            self.said[key] = (value, place)

    def __getitem__(self, key: str) -> tuple[str, Place]:
        if key not in self.said:
            raise self.end.wrong(f"the header does not say {key}", f"add a line '# {key}: ...'")
        return self.said[key]

    def data_type(self) -> DataType:
        value, place = self["DATA TYPE"]
        if value not in _TYPES:
            raise place.wrong("the data type is unknown", f"known are {', '.join(DataType)}", got=value)
        return DataType(value)

    def names(self, kind: str, number: str) -> tuple[str, ...]:
        """Return the names of a kind in the order of their numbers, which run from 1 to the number stated."""
        value, place = self[number]
        stated = place.count(value, of=number)
        found = {key: self.said[key] for key in self.said if (match := _NAMED.fullmatch(key)) and match[1] == kind}
        if len(found) != stated:
            raise place.wrong(f"{number} is not what the header names, {len(found)}", "name each", got=value)
        names = tuple(self[f"{kind} NAME {at}"] for at in range(1, stated + 1))
        seen: set[str] = set()
        for name, at in names:
            if name in seen or not name:
                raise at.wrong("a name stands once and is not empty", "give another", got=name)
            seen.add(name)
        return tuple(name for name, _ in names)

    def check_count(self, key: str, found: int) -> None:
        value, place = self[key]
        if place.count(value, of=key) != found:
            raise place.wrong(f"{key} is not what the file holds, {found}", "lines may be missing", got=value)

    def others(self) -> Pairs:
        return tuple(
            (key, value) for key, (value, _) in self.said.items() if key not in _STATED and not _NAMED.fullmatch(key)
        )


_STATED = frozenset(
    {
        "TITLE",
        "DATA TYPE",
        "NUMBER ALTERNATIVES",
        "NUMBER CATEGORIES",
        "NUMBER VOTERS",
        "NUMBER UNIQUE ORDERS",
        "NUMBER UNIQUE PREFERENCES",
    }
)


def _unique(data_type: DataType) -> str:
    return "NUMBER UNIQUE PREFERENCES" if data_type is DataType.CAT else "NUMBER UNIQUE ORDERS"


def _sheets(body: tuple[tuple[Place, str], ...], names: tuple[str, ...]) -> tuple[tuple[Sheet, ...], tuple[int, ...]]:
    by_number = {str(number): name for number, name in enumerate(names, start=1)}
    sheets, counts, seen = [], [], set()
    for place, line in body:
        count, _, listed = line.partition(":")
        counts.append(place.count(count.strip(), of="the number of voters before the colon"))
        if counts[-1] == 0:
            raise place.wrong("a sheet that stands here was handed in", "remove the line", got=line)
        sheets.append(tuple(_names(place, tier, by_number) for tier in _tiers(place, listed)))
        if len(set(chain(*sheets[-1]))) < sum(map(len, sheets[-1])):
            raise place.wrong("a sheet names an alternative once", "remove the second", got=listed.strip())
        key = tuple(frozenset(tier) for tier in sheets[-1])
        if key in seen:
            raise place.wrong(
                "each sheet stands once, with its number of voters", "add the numbers up", got=listed.strip()
            )
        seen.add(key)
    return tuple(sheets), tuple(counts)


def _tiers(place: Place, listed: str) -> Iterator[tuple[str, ...]]:
    at = 0
    while at < len(listed) or at == 0:
        if not (match := _TIER.match(listed, at)):
            raise place.wrong("the sheet is not 'n, {n, n}, n'", "check commas and braces", got=listed[at:])
        inside = match[2] if match[1] is None else match[1].strip()
        yield tuple(number.strip() for number in inside.split(",")) if inside else ()
        at = match.end()


def _names(place: Place, numbers: tuple[str, ...], by_number: dict[str, str]) -> tuple[str, ...]:
    for number in numbers:
        if number not in by_number:
            raise place.wrong("the sheet names an alternative the header does not", "name it there", got=number)
    return tuple(by_number[number] for number in numbers)


def _check_order(place: Place, order: Order, data_type: DataType, alternatives: int) -> None:
    ranked = sum(map(len, order))
    if not all(order):
        raise place.wrong("a tie of nothing says nothing", "remove the {}")
    if data_type.strict and ranked > len(order):
        raise place.wrong(f"a tie does not go in a {data_type} file", "call it toc or toi")
    if data_type.complete and ranked < alternatives:
        raise place.wrong(f"{ranked} of {alternatives} alternatives are ranked", "call it soi or toi")


def _check_categories(place: Place, sheet: Sheet, categories: int) -> None:
    if len(sheet) != categories:
        raise place.wrong(f"the sheet has {len(sheet)} categories, not {categories}", "write {} for an empty one")


def _header(found: Rankings | Categories) -> Iterator[tuple[str, str]]:
    data_type = found.data_type if isinstance(found, Rankings) else DataType.CAT
    yield "TITLE", found.title
    yield "DATA TYPE", data_type.value
    yield from found.meta
    yield "NUMBER ALTERNATIVES", str(len(found.alternatives))
    yield "NUMBER VOTERS", str(sum(found.counts))
    yield _unique(data_type), str(len(found.counts))
    if isinstance(found, Categories):
        yield "NUMBER CATEGORIES", str(len(found.categories))
        yield from ((f"CATEGORY NAME {number}", name) for number, name in enumerate(found.categories, start=1))
    yield from ((f"ALTERNATIVE NAME {number}", name) for number, name in enumerate(found.alternatives, start=1))


def _tier(numbers: tuple[str, ...]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{{{','.join(numbers)}}}"
