"""A session that stopped anywhere: a plain sentence, never a hole that looks as if nothing happened."""

from datetime import date

import pytest

from afwegen import RuleViolation
from afwegen import events as e
from afwegen.method import Step
from afwegen.report import account
from afwegen.testing.sessions import act, given, record
from afwegen.testing.tour import reached

OUTCOMES = ("not yet", "solves itself", "no support", "stopped")


def first(page, reader):
    """The words of the opening screen."""
    return reader(page.partition("</header>")[0] + "</header></body></html>").words


@pytest.mark.parametrize("step", list(Step))
def test_a_session_interrupted_at_any_step_says_where_it_is(step, told):
    """Every question has an answer, every step says whether it was reached."""
    opened = told(reached(step))
    steps = next(section for section in opened.sections if section.name == "steps").sections

    assert all(answer.sentences and all(s.plain.strip() for s in answer.sentences) for answer in opened.opening.answers)
    assert [section.state.plain for section in steps[step.position + 1 :]] == ["not begun"] * (9 - step.position)
    assert steps[step.position].state.plain == "open"
    assert all(section.blocks for section in steps)


def test_every_part_of_an_account_says_something(told):
    """Also of a session in which nothing happened yet."""

    def silent(section):
        if not section.blocks and not section.sections:
            yield section.title.plain
        for block in section.blocks:
            yield from (name.plain for name, said in getattr(block, "pairs", ()) if not said)
        for inner in section.sections:
            yield from silent(inner)

    assert [title for section in told(given()).sections for title in silent(section)] == []


@pytest.mark.slow
@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_account_can_be_written_after_every_record(code, toured, reader):
    """Whole and well-formed, wherever it stops."""
    for n in range(0, toured.state.length + 1, 6):
        assert reader(account(toured, at=n, language=code)).open == []


def test_before_the_first_record_there_is_an_account_too(toured, reader):
    """It says that nothing was recorded."""
    assert "Er is nog niets vastgelegd." in reader(account(toured, at=0)).words


def test_more_records_than_there_are_is_refused(toured):
    """With how many there are."""
    with pytest.raises(RuleViolation, match="175 records"):
        account(toured, at=176)


def test_a_stranger_is_refused(toured):
    """Nobody reads as somebody who is not known."""
    with pytest.raises(RuleViolation, match="not known here"):
        account(toured, viewer="mallory")


def test_nothing_chosen_yet_says_at_which_step(reader):
    """Rather than leaving the place of the choice empty."""
    assert "the group is at step 3 of 8" in first(account(reached("baseline"), language="en"), reader)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_honest_end_without_a_choice_is_told(outcome, reader):
    """That it solves itself is a result too."""
    session = reached("baseline")
    record(session, act("fay", e.SessionEnded(outcome=outcome, reason="het is wat het is")))
    said = first(account(session, language="en"), reader)

    assert "Nothing was chosen." in said
    assert "het is wat het is" in said


def test_a_choice_put_off_says_why_and_until_when(reader):
    """And what is to be looked into first."""
    session = reached("choice")
    record(
        session,
        act("fay", e.ProcedureStated(procedure="the board", deciders=("dirk",))),
        act("fay", e.BaselineConsidered(finding="worse"), role="facilitator"),
        act("dirk", e.ChoiceDeferred(reason="the money is not there", until=date(2026, 6, 1))),
    )
    said = first(account(session, language="en"), reader)

    assert "Not chosen yet (deferred), because the money is not there" in said
    assert "1 June 2026" in said


def test_the_group_that_decides_itself_is_said_to(reader):
    """By whom it was chosen is told with what was chosen."""
    session = reached("choice")
    record(
        session,
        act("fay", e.ProcedureStated(procedure="we do", group="decides")),
        act("fay", e.BaselineConsidered(finding="worse"), role="plenary"),
        act("fay", e.ChoiceMade(chosen=("caretaker",), motivation="a face"), role="plenary"),
    )

    assert "The group itself decided." in first(account(session, language="en"), reader)


def test_what_is_stale_is_said_on_the_first_screen(reader):
    """With a link to what must be looked at again."""
    session = reached("choice")
    record(
        session,
        act("fay", e.StepReopened(step="baseline", reason="news")),
        act("cor", e.BaselineDrafted(description="Otherwise", horizon_years=5)),
    )
    page = account(session, language="en")

    assert 'href="#stale"' in page.partition("</header>")[0]
    assert "must be looked at again" in first(page, reader)


def test_an_earlier_moment_says_that_it_is_one(demo, reader):
    """And does not know what came later."""
    said = reader(account(demo, at=300, language="en")).words

    assert "This is an earlier moment" in said
    assert "open pleintje" not in said
