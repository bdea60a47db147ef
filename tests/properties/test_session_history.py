"""History is never refused: whatever stands in a log, the state of it can be told."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from afwegen.events import EVENT_TYPES, event_type
from afwegen.method import Step
from afwegen.steps.advice import advice
from afwegen.steps.state import START, apply, replay
from afwegen.steps.things import KINDS
from afwegen.steps.visibility import visible
from afwegen.testing.sessions import PEOPLE, histories
from afwegen.testing.tour import tour


@pytest.fixture(scope="module")
def toured():
    """A session that has seen everything."""
    return tuple(tour().records())


def questions(state):
    """Everything a page may ask of a state."""
    return state.stale, state.open_steps, [state.lacking(step) for step in Step], advice(state)


@given(records=histories())
@settings(max_examples=100)
def test_any_well_formed_records_amount_to_a_state(records):
    """Records that no rule ever admitted, with values that are gone: applied, asked about, and never refused."""
    state = replay(records)

    assert state.length == len(records)
    questions(state)


@given(records=histories(most=15), viewer=st.none() | st.sampled_from(PEOPLE))
@settings(max_examples=100)
def test_any_well_formed_records_can_be_seen(records, viewer):
    """What a viewer may see of any history amounts to a state again."""
    state = replay(records)
    seen = replay(visible(record, viewer, state) for record in records)

    assert seen.length == state.length
    questions(seen)


@given(random=st.randoms(use_true_random=True))
@settings(max_examples=50)
def test_a_whole_session_survives_any_shuffle(random, toured):
    """The records of a real session in another order: history as no rule would have it, and still a state."""
    order = random.sample(toured, len(toured))
    state = replay(evolve(record, seq=seq) for seq, record in enumerate(order))

    questions(state)


def test_replaying_a_prefix_and_then_the_rest_is_replaying_all(toured):
    """A state may be kept and gone on from."""
    whole = replay(toured)

    assert all(replay(toured[cut:], since=replay(toured[:cut])) == whole for cut in range(0, len(toured), 7))


def test_applying_leaves_the_state_before_as_it_was(toured):
    """States share what did not change, and none is changed by the next: each is the same when asked again."""
    states = [START]
    for record in toured:
        states.append(apply(states[-1], record))

    again = START
    for record, kept in zip(toured, states, strict=False):
        assert kept == again
        again = apply(again, record)


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_every_event_leaves_a_mark(name, toured):
    """No event is only counted: the state after it differs in more than its length."""
    if name in {"subject-erased/1", "text-redacted/1"}:
        return
    seq = next(record.seq for record in toured if record.type == name)
    before = replay(toured[:seq])
    after = apply(before, toured[seq])

    assert evolve(after, length=before.length, entries=before.entries) != before


def test_every_kind_of_thing_has_a_place():
    """A thing that is brought in is kept where references, corrections and staleness look for it."""
    named = {kind for declared in EVENT_TYPES.values() for field in declared.fields for kind in field.known}
    brought = {declared.thing for declared in EVENT_TYPES.values() if declared.thing}

    assert brought | named <= set(KINDS)
    for kind, place in KINDS.items():
        assert hasattr(getattr(START, place.room), place.attribute), kind


def test_the_tour_has_seen_everything_but_an_erasure(toured):
    """Each event can be admitted in some state."""
    seen = {event_type(record.event).name for record in toured}

    assert set(EVENT_TYPES) - seen == {"subject-erased/1", "text-redacted/1"}
