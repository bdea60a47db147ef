"""Tables under titles in one text: semicolons between the columns, a line of column names at the top of each."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, zip_longest

from attrs import frozen

from afwegen.interop.text import Place

__all__ = ["Section", "sections_of", "text_of_sections"]


@frozen(kw_only=True)
class Section:
    """
    One table of a file; every row is as wide as its columns.

    Attributes:
        file: The name of the file, for errors.
        line: Where the columns are named.
        columns: Their names.
        rows: The line each begins at, and its values.
    """

    file: str
    line: int
    columns: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]

    def at(self, line: int) -> Place:
        """Return a place in this file, to complain about."""
        return Place(file=self.file, line=line)

    def column(self, name: str) -> int:
        """
        Return where a column stands.

        Raises:
            FormatError: The section has none of that name.
        """
        if name not in self.columns:
            raise self.at(self.line).wrong(f"the section has no column {name!r}", "add it", got=";".join(self.columns))
        return self.columns.index(name)

    def values(self, name: str) -> frozenset[str]:
        """Return what stands in a column."""
        at = self.column(name)
        return frozenset(row[at] for _, row in self.rows)

    def unique(self, name: str) -> int:
        """
        Return where a column stands, having seen that each value in it stands there once.

        Raises:
            FormatError: One stands twice, or is empty.
        """
        at = self.column(name)
        seen: set[str] = set()
        for line, row in self.rows:
            if row[at] in seen or not row[at]:
                raise self.at(line).wrong(f"each {name} stands once and is not empty", "remove the line", got=row[at])
            seen.add(row[at])
        return at


def sections_of(text: str, titles: tuple[str, ...], *, file: str) -> tuple[Section, ...]:
    """
    Cut a text at its titles, each of which stands once, in this order, on a line of its own.

    A title is the only row of one column. Blanks round a value are dropped; a value with a semicolon, a quote or a line
    end stands in double quotes.

    Raises:
        FormatError: A title is missing, unknown or out of place; a row is not as wide as the columns of its section; a
            quote is not closed; a line is empty.
    """
    rows = tuple(_rows(text, file))
    starts = [at for at, (_, row) in enumerate(rows) if len(row) < 2]  # a title is the only row of one column
    if not starts or starts[0] > 0:
        raise Place(file=file, line=1).wrong(
            f"the file does not begin with {titles[0]}", "is it of this format?", got=text[:20]
        )
    for at, title in zip_longest(starts, titles):
        if at is None:
            raise Place(file=file, line=rows[-1][0]).wrong(
                f"the file ends before its section {title}", "fetch it again"
            )
        line, row = rows[at]
        if row != [title]:
            do = f"the section that comes here is {title}" if title else f"the sections are {', '.join(titles)}"
            raise Place(file=file, line=line).wrong(
                "the line is no row of the table and no section", do, got="".join(row)
            )
    return tuple(_section(file, rows[a:b]) for a, b in pairwise((*starts, len(rows))))


def text_of_sections(sections: Mapping[str, Iterable[Iterable[str]]]) -> str:
    """Return the text that :func:`sections_of` cuts into these rows, as far as they can be carried."""
    rows = (";".join(map(_quoted, row)) for title, table in sections.items() for row in ((title,), *table))
    return "\n".join((*rows, ""))


def _quoted(value: str) -> str:
    # Not csv.writer: before Python 3.13 it leaves a lone carriage return bare, and its own reader ends the row there.
    return '"' + value.replace('"', '""') + '"' if any(mark in value for mark in ';"\r\n') else value


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text.rstrip("\r\n"), newline="")
    reader = csv.reader(lines, delimiter=";", skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [value.strip() for value in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Place(file=file, line=line).wrong(
            f"the line is no row of a table ({error})", "check its quotes"
        ) from error


def _section(file: str, rows: tuple[tuple[int, list[str]], ...]) -> Section:
    (line, title), *body = rows
    if not body:
        raise Place(file=file, line=line).wrong("the section has no line of columns", "fetch it again", got=title[0])
    (line, columns), *content = body
    if len(set(columns)) < len(columns):
        raise Place(file=file, line=line).wrong("a column is named once", "rename the second", got=";".join(columns))
    for at, row in content:
        if len(row) != len(columns):
            what = f"the line has {len(row)} columns where the section has {len(columns)}"
            raise Place(file=file, line=at).wrong(what, "quote a value that holds a semicolon", got=";".join(row))
    return Section(file=file, line=line, columns=tuple(columns), rows=tuple(content))
