"""A picture: an SVG, what it shows in words, and a table of everything that can be read off it."""

from attrs import field, frozen

__all__ = ["Picture"]


@frozen(kw_only=True)
class Picture:
    """
    A picture of something in a session, for a page to show.

    Whoever cannot see it reads the description or the table; nothing can be read off the picture that they do not hold.

    Attributes:
        name: Unique among the pictures of a session; ids inside the SVG begin with it.
        title: What it is a picture of.
        description: What it shows, in plain sentences made of the numbers.
        header: Of the table, a heading a column.
        rows: Of the table, as many cells a row.
        svg: To stand in a page as it is: well-formed, everything in it escaped, colours that turn with the page.
        aid: Whether it shows what a decision model made of what was judged.
        records: The records it rests on, in order.
    """

    name: str
    title: str
    description: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str = field(repr=False)
    aid: bool = False
    records: tuple[int, ...] = ()
