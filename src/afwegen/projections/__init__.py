"""
What is made of the feed and kept: each record has its effect exactly once, whatever crashes.

A projection is a value with a function that is given records, one after another, in the order of the feed. What it
keeps and how far it is are written in one transaction: a worker that is killed in between leaves neither. Two workers
on the same projection do no harm: one goes first, the other waits and finds it done.

What a projection keeps is the operator's: it is given every record as it is, also of a blind round and of a secret
session. Whoever shows it to others shows what they may see; for that there is ``feed(store, viewer=...)``. And it is a
copy: after an erasure it is rebuilt, or the person stays in it.

There is no async form, for ``apply`` writes on a connection that waits: in an event loop run it in a thread or, better,
in a worker of its own.
"""

from afwegen.projections.building import Projection, Shelf, advance, forget, rebuild, rows, run, serving
from afwegen.projections.listing import SESSIONS, Overview, overview
from afwegen.projections.telling import Told

__all__ = [
    "SESSIONS",
    "Overview",
    "Projection",
    "Shelf",
    "Told",
    "advance",
    "forget",
    "overview",
    "rebuild",
    "rows",
    "run",
    "serving",
]
