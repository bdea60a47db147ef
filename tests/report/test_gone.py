"""What is no longer there: erased people, erased sheets, a result whose model is not installed."""

import attrs
import pytest

from afwegen import events as e
from afwegen.events import ERASED, MISSING, Record, event_type
from afwegen.method import Role
from afwegen.report import language
from afwegen.report.account import gathered
from afwegen.report.page import rendered
from afwegen.report.source import source_of
from afwegen.steps.state import replay

ENGLISH = language("en")


def page_of(records, viewer=None):
    """Return the account of records as they are, in English."""
    state = replay(records)
    return rendered(gathered(source_of(records, state, now=state, viewer=viewer, root="", language=ENGLISH)))


def without(record, gone=ERASED):
    """Return a record of which every personal value is gone."""
    fields = {field.name: gone for field in event_type(record.event).personal}
    return attrs.evolve(record, event=attrs.evolve(record.event, **fields))


def with_one_more(records, event, by="fay"):
    """Return the records and one after them, by the system."""
    last = records[-1]
    more = Record(
        session=last.session, seq=last.seq + 1, event=event, happened_at=last.happened_at,
        recorded_at=last.recorded_at, by=by, role=Role.SYSTEM,
    )  # fmt: skip
    return (*records, more)


@pytest.fixture
def records(toured):
    """The records of the tour, for the operator."""
    return toured.history()


@pytest.fixture
def erased(records):
    """The records after everything that Anna wrote, or that is about her, was erased."""
    hers = tuple(
        record.seq
        for record in records
        if "anna" in {record.by, record.on_behalf_of} or getattr(record.event, "participant", None) == "anna"
    )
    left = tuple(without(record) if record.seq in hers else record for record in records)
    return with_one_more(left, e.SubjectErased(subject="p_a", ground="request", entries=hers)), hers


def test_what_was_erased_is_a_gap_that_says_so(erased, reader):
    """Never an empty place, and never what it was."""
    records, hers = erased
    said = reader(page_of(records)).words

    assert "erased on request" in said
    assert "The young have no place" not in said
    assert f"What one person wrote was erased, in {len(hers)} lines: they asked for it" in said


def test_who_was_erased_keeps_a_place_and_no_name(erased, reader):
    """They are counted; what others said stays."""
    said = reader(page_of(erased[0])).words

    assert "Anna" not in said.replace("Anna Jansen", "Anna")
    assert "6 people were invited to take part" in said
    assert "it cannot be computed again" in said


def test_a_text_that_was_erased_is_told_with_its_ground(records, reader):
    """Of one line."""
    left = tuple(without(record) if isinstance(record.event, e.SiteVisited) else record for record in records)
    said = reader(page_of(with_one_more(left, e.TextRedacted(entry=20, ground="names a third person")))).words

    assert "The text of line 20 was erased: it named somebody else" in said


def test_what_is_missing_without_a_reason_is_said_to_be_lost(records, reader):
    """That is a finding of verification; the account does not hide it."""
    left = tuple(
        without(record, MISSING) if isinstance(record.event, e.BaselineDrafted) else record for record in records
    )

    assert "lost, and the log does not say why" in reader(page_of(left)).words


def test_everything_erased_can_still_be_told(records, reader):
    """Every personal value of every record, and of all outcomes."""
    left = tuple(without(record) for record in records)

    assert reader(page_of(left)).open == []


def test_a_model_that_is_not_installed_is_told_by_name(records, reader):
    """What it answered stands; that it cannot be computed again is said."""
    left = tuple(
        attrs.evolve(record, event=attrs.evolve(record.event, model="median-rank"))
        if isinstance(record.event, e.ModelEvaluated)
        else record
        for record in records
    )
    said = reader(page_of(left)).words

    assert "median-rank" in said
    assert "This calculation aid is not installed here" in said


@pytest.mark.parametrize("outcome", ["", "no json", "[]", '{"scores": 3}', '{"scores": [["a", "zz"]], "consensus": 1}'])
def test_an_outcome_that_cannot_be_read_leaves_the_order(outcome, records, reader):
    """A log of another version, or a damaged one: what can be told is told."""
    left = tuple(
        attrs.evolve(record, event=attrs.evolve(record.event, outcome=outcome or ERASED))
        if isinstance(record.event, e.ModelEvaluated)
        else record
        for record in records
    )

    assert "Its order, best first" in reader(page_of(left)).words
