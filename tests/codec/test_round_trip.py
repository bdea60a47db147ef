"""What goes into the log comes out of it: for every type of event, whatever stands in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afwegen import codec
from afwegen.events import EVENT_TYPES, MISSING, event_type
from afwegen.log import canonical
from afwegen.testing.sessions import events

same_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", EVENT_TYPES)
@given(data=st.data())
@settings(same_fixture, max_examples=15)
def test_an_event_comes_back_as_it_went_in(name, data, write):
    """Encoding and decoding are each other's inverse, value by value."""
    written = write(data.draw(events(name)))

    assert written.read() == written.record


@given(event=events())
@same_fixture
def test_an_event_comes_back_from_its_fields(event):
    """What ``fields_of`` writes for the web, ``make_event`` reads."""
    assert codec.make_event(event_type(event).name, canonical.decode(canonical.encode(codec.fields_of(event)))) == event


@given(event=events())
@same_fixture
def test_writing_what_was_read_gives_the_same_octets(event, write):
    """An entry has one spelling: nothing is lost or made prettier on the way."""
    written = write(event)
    people = written.encoded.people
    first, again = write(event, people), write(written.read().event, people)

    assert first.encoded == again.encoded


@given(event=events())
@same_fixture
def test_without_its_vault_a_personal_value_is_missing_and_the_rest_is_there(event, write):
    """Public fields and people stay readable; what was personal says that it is gone."""
    written = write(event)
    left = codec.decode(written.encoded.entry, [], written.encoded.people).event

    for field in event_type(event).fields:
        value = getattr(left, field.name)
        assert value is MISSING if field in event_type(event).personal else value == getattr(event, field.name)
