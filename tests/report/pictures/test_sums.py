"""What is added up before it is drawn: additional costs over their years, and minutes of meetings."""

from decimal import Decimal

from afwegen.report import language
from afwegen.report.pictures.estimating import estimates
from afwegen.report.pictures.timing import times

SAY = language("en")


def test_costs_are_added_up_over_their_years(demo):
    """Once, and by the year for as many years as were said; what was withdrawn does not count."""
    found, owners, records = estimates(demo.state, SAY)

    cost = {each.solution: each.cost for each in found}
    assert cost["caretaker"] == Decimal(60_000) * 5
    assert cost["caretaker-and-open-square"] == Decimal(60_000) * 5 + 260_000
    assert cost["renovation"] == Decimal(1_200_000)
    assert owners["residents"] == "De bewoners"
    assert list(records) == sorted(records)


def test_the_last_estimate_counts(demo):
    """Each solution has at most one solving power an owner, as estimated last."""
    found, owners, _ = estimates(demo.state, SAY)

    for each in found:
        named = [owner for owner, _ in each.powers]
        assert len(named) == len(set(named))
        assert set(named) <= set(owners)
    assert dict(next(each for each in found if each.solution == "caretaker").powers) == {"residents": 60, "housing": 40}


def test_meetings_are_measured_within_their_hours(demo):
    """No step takes longer in a meeting than the meeting did, and what was planned is what the agenda said."""
    found = times(demo.state, SAY)

    first, second = found.meetings
    assert [each.planned for each in first.spent if each.planned] == [45, 45, 40, 40]
    assert {each.step for each in second.spent if each.planned} == {
        "5. Effects and costs",
        "6. Preselection",
        "7. A closer look",
    }
    for meeting in found.meetings:
        minutes = (meeting.closed_at - meeting.opened_at).total_seconds() / 60
        assert all(0 <= each.real <= minutes + 1 for each in meeting.spent)
    assert found.begun < first.opened_at < second.opened_at < found.until


def test_steps_that_were_opened_again_have_two_spans(demo):
    """A step that was reopened is drawn twice, and said to be."""
    found = times(demo.state, SAY)

    again = [stage.title for stage in found.stages if len(stage.spans) > 1]
    assert again == ["2. What is really the problem", "3. If we do nothing extra"]
