"""What the command line prints: JSON for programs, tables for people, plain text when it is piped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from textwrap import wrap
from typing import Any, Final

import click

__all__ = ["facts", "heading", "line", "people_look", "printable", "progress", "show_json", "table", "title"]

WIDTH: Final = 80
NARROWEST: Final = 24
WIDEST: Final = 100
"""A line longer than this tires the eye, however wide the terminal (Tinker, 1963)."""
STYLES: Final = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "NOT CHECKED": "yellow",
    "completed": "green",
    "open": "bold cyan",
    "reopened": "bold cyan",
    "overridden": "yellow",
}
"""How a cell that holds just this is coloured."""


def people_look() -> bool:
    """Say whether somebody looks at the output, rather than a program; without rich nobody is told apart."""
    return sys.stdout.isatty() and find_spec("rich") is not None


def printable(text: object) -> str:
    r"""
    Return text that cannot move the cursor or change the terminal: control characters become blanks.

    >>> printable("a hedge\x1b[2J, too low")
    'a hedge [2J, too low'
    """
    said = str(text)
    return said if said.isprintable() else "".join(letter if letter.isprintable() else " " for letter in said)


def show_json(data: Any) -> None:
    """Print data as JSON: the same data always gives the same text."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))


def title(text: str) -> None:
    """Print what the whole is about."""
    click.secho(printable(text), bold=True)


def heading(text: str) -> None:
    """Print a heading with a blank line before it."""
    click.echo()
    title(text)


def line(text: str, indent: int = 0) -> None:
    """Print a paragraph, folded at the width of a small terminal."""
    for folded in _folded(text, WIDTH, indent):
        click.echo(folded)


def _folded(text: str, width: int, indent: int = 0) -> list[str]:
    first = " " * indent
    said = printable(text)
    return wrap(said, width, initial_indent=first, subsequent_indent=f"{first}  ", break_on_hyphens=False) or [""]


def facts(told: Iterable[tuple[str, Sequence[str]]], most: int, *, about: str, status: str = "") -> None:
    """
    Print names with what is to know under each: a table for who looks, plain text for who does not.

    Args:
        told: Names, each with its lines; a name without lines is left out.
        most: How many lines of one name are shown; the others are counted.
        about: What they are the facts of.
        status: Where it stands, in a word.
    """
    shown = [
        (label, [*lines[:most], *([f"and {len(lines) - most:,} more"] if len(lines) > most else [])])
        for label, lines in told
        if lines
    ]
    if people_look():
        _rich_facts(shown, about, status)
        return
    heading(f"{about} ({status})" if status else about)
    width = max((len(label) for label, _ in shown), default=0)
    for label, lines in shown:
        folded = [part for said in lines for part in _folded(said, WIDTH - width - 4)]
        for number, part in enumerate(folded):
            click.echo(f"  {label if number == 0 else '':<{width}}  {part}".rstrip())


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Iterable[int] = (),
    cut: int | None = None,
) -> None:
    """
    Print a table that stays readable at 80 columns: one column takes what the others leave.

    Args:
        headers: The names of the columns.
        rows: As many cells each.
        right: The columns that stand to the right, as numbers do.
        cut: The column that is cut where it does not fit; None where the last one is folded instead.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    if people_look():
        _rich_table(headers, cells, frozenset(right), cut)
        return
    giving = len(headers) - 1 if cut is None else cut
    widths = [max(len(row[column]) for row in (list(headers), *cells)) for column in range(len(headers))]
    others = sum(widths) - widths[giving] + 2 * (len(widths) - 1)
    widths[giving] = min(widths[giving], max(WIDTH - others, NARROWEST))
    for row in (list(headers), *cells):
        for part in _parts(row, giving, widths[giving], folding=cut is None):
            aligned = [
                cell.rjust(width) if number in frozenset(right) else cell.ljust(width)
                for number, (cell, width) in enumerate(zip(part, widths, strict=True))
            ]
            click.echo("  ".join(aligned).rstrip())


def _parts(row: Sequence[str], giving: int, width: int, *, folding: bool) -> Iterator[list[str]]:
    """Yield the lines of a row of which one cell is folded, or cut."""
    whole = row[giving]
    parts = wrap(whole, width) or [""] if folding else [_cut(whole, width)]
    for number, part in enumerate(parts):
        yield [part if column == giving else cell if number == 0 else "" for column, cell in enumerate(row)]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _rich_facts(shown: Sequence[tuple[str, Sequence[str]]], about: str, status: str) -> None:
    """Draw one table: the names stand left, each line of a name begins with a mark of its own."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), width=min(console.width, WIDEST))
    made.add_column(Text(printable(about)), style="cyan", ratio=1)
    made.add_column(Text(status, style=STYLES.get(status, "")), ratio=3)
    for label, lines in shown:
        cell = Table.grid(padding=(0, 1, 0, 0))
        for said in lines:
            cell.add_row(*(("-",) if len(lines) > 1 else ()), Text(printable(said), overflow="fold"))
        made.add_row(Text(printable(label), overflow="fold"), cell)
    console.print()
    console.print(made)


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int], cut: int | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    folding = len(headers) - 1 if cut is None else cut
    for number, header in enumerate(headers):
        # Rich would squeeze all columns alike; one gives way by folding, and the numbers of the others stay whole.
        made.add_column(
            header,
            justify="right" if number in right else "left",
            overflow="fold",
            no_wrap=number != folding,
        )
    for row in rows:
        made.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    Console().print(made)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work is, on standard error; nothing where nobody looks there."""
    if not sys.stderr.isatty() or find_spec("rich") is None:
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
