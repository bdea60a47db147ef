"""Everything that was recorded is told: every record by a statement, every type of event by a line."""

from afwegen.events import EVENT_TYPES
from afwegen.report import language
from afwegen.report.parts.acts import acts

ONLY_AFTER_AN_ERASURE = {"subject-erased/1", "text-redacted/1"}


def test_every_type_of_event_has_a_name_in_the_logbook():
    """All of them, and no other."""
    for code in ("nl", "en"):
        called = acts(language(code))
        assert set(called) == set(EVENT_TYPES)
        assert len(set(called.values())) == len(called)


def test_the_tour_passes_every_type(toured):
    """What is shown of it is shown of everything; what an erasure leaves is told by a test of its own."""
    assert {record.type for record in toured.records()} | ONLY_AFTER_AN_ERASURE == set(EVENT_TYPES)


def test_every_record_is_rested_on_by_a_statement(toured, demo, told, sentences):
    """Outside the logbook itself: nothing that happened is only there for who reads everything."""
    for session in (toured, demo):
        rested = {seq for sentence in sentences(told(session).sections) for seq in sentence.records}
        forgotten = {record.type for record in session.records() if record.seq not in rested}
        assert forgotten == set()


def test_every_record_has_a_line(toured, demo, told):
    """In order, without gaps."""
    for session in (toured, demo):
        lines = told(session).logbook.lines
        assert [seq for line in lines for seq in range(line.first, line.last + 1)] == list(range(session.state.length))


def test_every_statement_of_what_happened_says_where_it_is_recorded(demo, told, sentences):
    """Other people's words never stand anywhere without the line they come from, or a heading that has it."""
    account = told(demo)
    loose = [
        sentence.plain for answer in account.opening.answers for sentence in answer.sentences if not sentence.records
    ]

    assert loose == []


def test_many_alike_are_one_line(demo, told):
    """Twelve sheets in a row of which nothing is shown are told as one; links to each lead to it."""
    logbook = told(demo).logbook
    together = [line for line in logbook.lines if line.last > line.first]

    assert together
    assert all(logbook.anchors[seq] == line.first for line in together for seq in range(line.first, line.last + 1))
