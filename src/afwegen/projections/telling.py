"""What a projection is told: each record, and the state it led to."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from attrs import frozen

from afwegen import codec
from afwegen.events import Record, SubjectErased, TextRedacted
from afwegen.steps.state import SessionState, replay
from afwegen.stores.contract import Store, Stored
from afwegen.stores.feeding import FeedItem

__all__ = ["MOST_SESSIONS", "Sessions", "Told"]

MOST_SESSIONS: Final = 64
"""Sessions whose state is kept while reading."""


@frozen(kw_only=True)
class Told:
    """
    A record in the feed, and what its session came to with it.

    Attributes:
        session: The session's id.
        seq: Its place in the log of that session.
        cursor: Where the feed stands after it.
        record: The record, whole: the operator's view.
        state: The state of the session after this record; what came later is not in it.
    """

    session: str
    seq: int
    cursor: str
    record: Record[Any]
    state: SessionState


class Sessions:
    """The sessions told of last, each as far as it was told: memory does not grow with how many there are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[codec.People, SessionState]] = OrderedDict()

    def told(self, items: tuple[FeedItem, ...]) -> tuple[Told, ...]:
        """Read a page: outside of any transaction, for it may take a while."""
        first = {item.session: item.seq for item in reversed(items)}
        for session, seq in first.items():
            self._meet(session, seq)
        return tuple(map(self._told, items))

    def latest(self, session: str, length: int) -> Told:
        """Read the last record of a session."""
        self._meet(session, length - 1)
        (last,) = self._store.read(session, length - 1, length)
        return self._told(FeedItem(session=session, seq=last.seq, entry=last.entry, vault=last.vault, cursor=""))

    def _told(self, item: FeedItem) -> Told:
        people, state = self._known.get(item.session) or self._meet(item.session, item.seq)
        stored = Stored(seq=item.seq, entry=item.entry, vault=item.vault)
        record = _decoded(stored, people)
        state = replay((record,), since=state)
        self._keep(item.session, people, state)
        if isinstance(record.event, SubjectErased | TextRedacted):
            # What was read before may have held what is gone now.
            del self._known[item.session]
            people, state = self._meet(item.session, item.seq + 1)
        return Told(session=item.session, seq=item.seq, cursor=item.cursor, record=record, state=state)

    def _meet(self, session: str, seq: int) -> tuple[codec.People, SessionState]:
        """Learn who is new in a session, and read it up to a record where it was not followed so far."""
        people, state = self._known.get(session, (codec.NOBODY, SessionState()))
        for row in self._store.people(session, min(state.length, seq)):
            people = people.with_person(row.pseudonym, codec.person_row(row.payload)[0])
        if state.length != seq:
            read = self._store.read(session, 0, seq)
            state = replay(_decoded(stored, people) for stored in read)
        return self._keep(session, people, state)

    def _keep(self, session: str, people: codec.People, state: SessionState) -> tuple[codec.People, SessionState]:
        self._known[session] = people, state
        self._known.move_to_end(session)
        if len(self._known) > MOST_SESSIONS:
            self._known.popitem(last=False)
        return people, state


def _decoded(stored: Stored, people: codec.People) -> Record[Any]:
    return codec.decode(stored.entry, [payload for _, payload in stored.vault], people)
