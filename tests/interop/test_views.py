"""Views of a session for others: CloudEvents, and W3C provenance."""

import json
import sys

import pytest

from afwegen.demo import complex_a
from afwegen.errors import MissingExtra, RuleViolation
from afwegen.events import ModelEvaluated
from afwegen.interop.cloudevents import cloud_event, cloud_events
from afwegen.interop.provenance import provenance

SOURCE = "https://wijk.example/afwegen"


@pytest.fixture(scope="module")
def session():
    """The demonstration; nothing is recorded in it here."""
    return complex_a()


def test_every_record_is_a_cloud_event(session):
    """Required attributes, ids that are unique per source, extensions spelled as asked, JSON throughout."""
    events = list(cloud_events(session, source=SOURCE))
    assert len(events) == session.state.length
    assert len({event["id"] for event in events}) == len(events)
    for event in events:
        assert {"specversion", "id", "source", "type"} <= event.keys()
        assert event["specversion"] == "1.0"
        assert all(name.isalnum() and name == name.lower() for name in event)
        assert all(value is not None for value in event.values())
    assert json.loads(json.dumps(events)) == events


def test_a_view_shows_what_its_viewer_may_see(session):
    """The public sees pseudonyms, in both views; a stranger sees nothing."""
    public = json.dumps(list(cloud_events(session, source=SOURCE)))
    document = provenance(session).serialize(format="json")
    for person in session.state.preparation.participants:
        assert f'"by": "{person}"' not in public
        assert f'agent-{person}"' not in document
    assert '"by": "anna"' in json.dumps(list(cloud_events(session, source=SOURCE, viewer="anna")))
    for view in (
        lambda: list(cloud_events(session, source=SOURCE, viewer="nobody")),
        lambda: provenance(session, viewer="nobody"),
    ):
        with pytest.raises(RuleViolation):
            view()


def test_what_is_not_there_is_named(session):
    """A hidden value is not passed off as null."""
    hidden = [event for event in cloud_events(session, source=SOURCE) if "absent" in event]
    for event in hidden:
        assert all(event["data"][name] is None for name in event["absent"].split())
    whole = next(record for record in session.records() if record.type == "occasion-stated/1")
    assert "absent" not in cloud_event(whole, source=SOURCE)


def test_provenance_says_what_a_result_was_made_of(session):
    """Every sheet of its rounds, the model as a program, and who asked for it."""
    document = json.loads(provenance(session).serialize(format="json"))
    results = [record for record in session.records() if isinstance(record.event, ModelEvaluated)]
    for record in results:
        sheets = {
            f"record-{sheet.seq}"
            for key in record.event.rounds
            for sheet in session.state.meeting.rounds[key].sheets.values()
        }
        derived = {
            each["prov:usedEntity"]
            for each in document["wasDerivedFrom"].values()
            if each["prov:generatedEntity"] == f"record-{record.seq}"
        }
        assert derived == sheets
    assert len(document["activity"]) == len(document["entity"]) == session.state.length
    assert len(results) > 0


def test_provenance_reads_back(session):
    """The package reads what it wrote: the same document."""
    from prov.model import ProvDocument

    document = provenance(session)
    assert ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document


def test_without_the_package_it_says_what_to_install(session, monkeypatch):
    """Only this view needs it."""
    monkeypatch.setitem(sys.modules, "prov.model", None)
    with pytest.raises(MissingExtra, match=r"afwegen\[prov\]"):
        provenance(session)
