"""
The demonstration session: *Complex A*, from occasion to choice and what came of it, as data.

The people, their words and their numbers are made up; the story follows the method's own example. Fourteen people
of five organisations, four of them residents, meet on two half days in 2016, and a board decides. Read the modules in
order, as chapters; each function in them is an act.
"""

from afwegen.demo import analysis, between, choice, first_meeting, follow_up, preparation, second_meeting
from afwegen.demo.clock import Clock
from afwegen.session import Session
from afwegen.stores import open_store
from afwegen.stores.contract import Store

__all__ = ["complex_a", "play"]

CHAPTERS = (preparation, first_meeting, between, second_meeting, analysis, choice, follow_up)


def complex_a(store: Store | None = None) -> Session:
    """
    Play the whole session and return it.

    The same acts at the same moments every time; only the ids and salts that a session draws differ. What you record
    in it afterwards gets the present moment.

    Args:
        store: Where to keep it; in memory if not given.

    >>> session = complex_a()
    >>> session.state.preparation.title
    'Complex A'
    """
    told = play(open_store("memory:") if store is None else store)
    return Session.load(told.store, told.id)


def play(store: Store) -> Session:
    """Play the session into a store, and return it as it is while the clock of the story still runs."""
    clock = Clock("2016-06-20T14:00+02:00")
    session = Session.start(store, title="Complex A", area="Gemeente X", by="jochum", clock=clock)
    for chapter in CHAPTERS:
        chapter.play(session, clock)
    return session
