"""What the command line prints: JSON for programs, tables for people, plain text when it is piped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap
from typing import Any

import click

__all__ = ["heading", "line", "people_look", "progress", "show_json", "table"]

WIDTH = 80


def people_look() -> bool:
    """Say whether somebody looks at the output, rather than a program."""
    return sys.stdout.isatty()


def show_json(data: Any) -> None:
    """Print data as JSON: the same data always gives the same text."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))


def heading(text: str) -> None:
    """Print a heading with a blank line before it."""
    click.echo()
    click.secho(text, bold=True)


def line(text: str, indent: int = 0) -> None:
    """Print a paragraph, folded at the width of a small terminal."""
    first = " " * indent
    for folded in wrap(text, WIDTH, initial_indent=first, subsequent_indent=f"{first}  ") or [""]:
        click.echo(folded)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table that stays readable at 80 columns: the last column takes what is left, and is folded."""
    cells = [[str(cell) for cell in row] for row in rows]
    if people_look():
        _rich_table(headers, cells)
        return
    widths = [max(len(row[column]) for row in [list(headers), *cells]) for column in range(len(headers) - 1)]
    left = max(WIDTH - sum(widths) - 2 * len(widths), 24)
    for row in [list(headers), *cells]:
        for number, part in enumerate(wrap(row[-1], left) or [""]):
            start = [
                cell.ljust(width) if number == 0 else " " * width for cell, width in zip(row, widths, strict=False)
            ]
            click.echo("  ".join([*start, part]).rstrip())


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, header in enumerate(headers):
        made.add_column(header, overflow="fold", no_wrap=number == 0 and len(headers) > 2)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    Console().print(made)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work is, on standard error; nothing where nobody looks there."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
