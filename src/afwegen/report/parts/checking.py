"""How to check the account: its root, what to do with it, and what it does not promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afwegen.report.blocks import Facts, Items, Section
from afwegen.report.parts.frame import para
from afwegen.report.words import Sentence, Told

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["checking"]


def checking(source: Source) -> Section:
    """Return how anybody can check that this account tells what was recorded."""
    tell, state = source.tell, source.state
    last = (state.length - 1,) if state.length else ()
    facts = (
        (tell("Session"), (Sentence((Told(state.session or source.text("nothing recorded yet")),)),)),
        (tell("Lines in the logbook"), (tell("{n}", *last, n=state.length),)),
        (tell("Fingerprint of all these lines (root)"), (Sentence((Told(source.root),)),)),
        (tell("Newest signed fingerprint (checkpoint)"), (_checkpoint(source),)),
    )
    ways = (
        tell("Did you take part? Ask for a receipt: it proves that your own line stands here, unchanged."),
        tell("Who keeps the logbook makes it with {command}.", command=Told("afwegen receipt")),
        tell("Do you hold an older fingerprint (checkpoint)? Who keeps the logbook can show that it was not changed."),
        tell(
            "Have the logbook itself? The command {command} goes through it, line by line.",
            command=Told("afwegen verify"),
        ),
        tell("Who may not see something sees here that it is there, and not what it says."),
    )
    return Section(
        name="checking",
        title=tell("How to check this"),
        term="controleren",
        blocks=(
            para(tell("Every sentence rests on lines in the logbook, and no line can be changed unseen.")),
            Facts(facts),
            Items(ways),
            para(
                tell(
                    "The fingerprint changes as soon as one letter in the logbook changes. "
                    "It cannot tell whether what people said is true."
                ),
                kind="note",
            ),
        ),
    )


def _checkpoint(source: Source) -> Sentence:
    """Return who signed how far the logbook is, and its fingerprint then."""
    tell, found = source.tell, source.checkpoint
    if found is None:
        return tell("none yet: ask who keeps the logbook to sign one")
    return tell.count(
        "of the first {n} line, by {origin}: {root}",
        "of the first {n} lines, by {origin}: {root}",
        found.size,
        origin=Told(found.origin),
        root=Told(found.root.hex()),
    )
