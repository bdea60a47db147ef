"""
Small pieces of HTML for notebooks: no style sheet, no script, everything escaped.

Colours are those of the page around, so that a card is legible in the light and in the dark; a table has a caption and
says which cells are headings.
"""

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["card", "paragraph", "table"]

LONGEST = 200
"""A cell shows no more letters than this: a notebook is for looking, the value itself has the rest."""
MOST_ROWS = 30
LINE = "border:1px solid rgba(128,128,128,.5)"


def said(text: object) -> str:
    """
    Return a text as it may stand in a page: escaped, cut where it is long, without marks that turn the text around it.

    >>> said("<b>"), len(said("x" * 5000))
    ('<bdi>&lt;b&gt;</bdi>', 211)
    """
    whole = str(text)
    return f"<bdi>{escape(whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + '…')}</bdi>"


def paragraph(text: object) -> str:
    """
    Return a paragraph.

    >>> paragraph("13 judges")
    '<p style="margin:.3em 0"><bdi>13 judges</bdi></p>'
    """
    return f'<p style="margin:.3em 0">{said(text)}</p>'


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """
    Return a table; the first cell of each row is its heading. Of many rows the first, and how many more there are.

    >>> print(table("Weights", ("criterion", "weight"), [("quiet", 2)]).count("<th "))
    3
    """
    listed = [*rows]
    head = "".join(
        f'<th scope="col" style="{LINE};padding:.2em .6em;text-align:left">{said(name)}</th>' for name in header
    )
    body = "".join(_row(row) for row in listed[:MOST_ROWS])
    more = f"{len(listed) - MOST_ROWS:,} more rows are not shown" if len(listed) > MOST_ROWS else ""
    return (
        '<table style="border-collapse:collapse;margin:.4em 0;color:inherit;background:none">'
        f'<caption style="text-align:left;font-weight:bold;color:inherit">{said(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{paragraph(more) if more else ''}"
    )


def _row(row: Sequence[object]) -> str:
    style = f"{LINE};padding:.2em .6em;text-align:left"
    first = f'<th scope="row" style="{style};font-weight:normal">{said(row[0])}</th>'
    rest = "".join(f'<td style="{style}">{said(cell)}</td>' for cell in row[1:])
    return f"<tr>{first}{rest}</tr>"


def card(title: str, *parts: str) -> str:
    """
    Return parts under a title.

    >>> card("Profile").startswith('<div lang="en"')
    True
    """
    head = f'<p style="margin:.2em 0;font-weight:bold;font-size:1.1em">{said(title)}</p>'
    return f'<div lang="en" style="color:inherit;background:none;max-width:60em">{head}{"".join(parts)}</div>'
