"""Every event there is, on every store: what is live is what a replay of the records gives, after every single act."""

import tracemalloc

from afwegen import Session
from afwegen import events as e
from afwegen.steps.state import START, replay
from afwegen.testing.sessions import Act, act, given, record
from afwegen.testing.tour import MOVES, tour


def plain(entry):
    """A record without the id of its session and without what the library drew."""
    result = isinstance(entry.event, e.ModelEvaluated)
    return entry.seq, entry.type if result else entry.event, entry.by, entry.role, entry.happened_at, entry.subgroup


def test_after_every_act_the_live_state_is_a_replay_of_the_records(store):
    """Also of the part that is new, from the state before."""
    session, replayed = given(store=store), START
    for move in MOVES:
        if isinstance(move, Act):
            record(session, move)
        else:
            move(session)
        replayed = replay(session.records(replayed.length), since=replayed)
        assert replayed == session.state

    assert Session.load(store, session.id).state == session.state


def test_every_store_keeps_the_same(store):
    """But for ids, pseudonyms and salts, which are random."""
    assert [plain(entry) for entry in tour(store).records()] == [plain(entry) for entry in tour().records()]


def test_memory_grows_with_the_log_and_not_faster():
    """A state shares with the one before what did not change: four times the records, four times the memory."""

    def weight(count):
        session = given()
        notes = tuple(e.NoteTaken(text=f"note {number}") for number in range(count))
        record(session, act("jochum", *notes))
        tracemalloc.start()
        state = replay(session.records())
        size, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert state.length == count + 1
        return size, peak

    weight(100)
    (small, _), (large, peak) = weight(500), weight(2_000)

    assert large < 5 * small
    assert peak < 1.5 * large
