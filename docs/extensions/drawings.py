"""A picture of the demonstration session, drawn by the build: the directive ``{drawing} name-of-the-picture``."""

from functools import cache
from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

from afwegen.demo import complex_a
from afwegen.report.pictures import Picture, pictures


@cache
def drawn() -> dict[str, Picture]:
    """Return the pictures of the demonstration session by name."""
    return {picture.name: picture for picture in pictures(complex_a(), language="en")}


def figure(picture: Picture) -> str:
    """Return a picture with its words, and its table behind a summary."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in picture.header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in picture.rows)
    return (
        f'<figure style="max-width:32rem;margin:1.5rem 0">{picture.svg}'
        f"<figcaption>{escape(picture.description)}</figcaption></figure>"
        f"<details><summary>The numbers in this picture</summary><table><caption>{escape(picture.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details>"
    )


class Drawing(Directive):
    """Show one picture of the demonstration session."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the picture as HTML; other formats are given its words."""
        picture = drawn().get(self.arguments[0])
        if picture is None:
            raise self.error(f"there is no such picture; choose from {', '.join(drawn())}")
        return [nodes.raw("", figure(picture), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
