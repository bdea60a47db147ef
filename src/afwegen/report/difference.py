"""The difference between two moments of a session, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afwegen.errors import AfwegenError
from afwegen.report.language import language as spoken
from afwegen.report.parts.changes import changes
from afwegen.report.parts.frame import capital
from afwegen.report.source import read

if TYPE_CHECKING:
    from afwegen.session import Session

__all__ = ["difference"]


def difference(
    session: Session,
    n: int,
    m: int | None = None,
    *,
    viewer: str | None = None,
    language: str = "nl",
) -> tuple[str, ...]:
    """
    Return what changed in a session between two moments, in plain sentences.

    What is new, what is said otherwise, what no longer stands, where the steps are, and what must be looked at again;
    as somebody may see it now.

    Args:
        session: The session.
        n: After how many records the one moment is.
        m: After how many records the other, later moment is; None for the present one.
        viewer: A participant's key; None for the public.
        language: ``nl`` or ``en``.

    Raises:
        RuleViolation: There are not so many records, or the session does not know the viewer.
        AfwegenError: The moments are the wrong way round, or the language is not spoken here.

    >>> from afwegen.demo import complex_a
    >>> difference(complex_a(), 456, 459, language="en")[0]
    'Chosen: Een huismeester, en een open pleintje in plaats van de doorgang.'
    """
    if m is not None and n > m:
        raise AfwegenError("the first moment comes before the second", f"give {m} and {n}", (n, m))
    before, after = (read(session, viewer, at, spoken(language)) for at in (n, m))
    return tuple(capital(sentence).plain for sentence in changes(before, after))
