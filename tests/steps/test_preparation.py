"""Preparation: who takes part, who leads, and what is agreed beforehand."""

import pytest

from afwegen import RuleViolation
from afwegen.events import (
    DisclosureDeclared,
    FacilitatorAppointed,
    FacilitatorReleased,
    MeetingOpened,
    MeetingPlanned,
    NoteTaken,
    OccasionStated,
    OpeningPitched,
    OptionDeclared,
    ParticipantInvited,
    ParticipantReplaced,
    ParticipantWithdrew,
    ProblemPrioritised,
    ProblemReported,
    ReconfirmationAnswered,
    ReconfirmationAsked,
    RecorderAppointed,
    SessionStarted,
    SettingChanged,
    StepStarted,
)
from afwegen.testing.sessions import act, expect, given, record

ANNA = ParticipantInvited(participant="anna", name="Anna", perspective="resident")
BERT = ParticipantInvited(participant="bert", name="Bert", perspective="letting", organisation="housing")


def test_who_starts_a_session_leads_it(started):
    """Until a facilitator is appointed the organiser leads."""
    record(started, act("jochum", StepStarted(step="inventory")))

    assert started.state.step == "inventory"


def test_once_a_facilitator_is_appointed_the_organiser_no_longer_leads(started):
    """Two captains on one ship."""
    record(started, act("jochum", FacilitatorAppointed(facilitator="fay")))

    expect(RuleViolation, started, act("jochum", StepStarted(step="inventory")), saying="'jochum' holds organiser")
    record(started, act("fay", StepStarted(step="inventory")))


def test_when_the_facilitator_is_released_the_organiser_leads_again(started):
    """There is always somebody who leads."""
    record(
        started,
        act("jochum", FacilitatorAppointed(facilitator="fay")),
        act("fay", FacilitatorReleased(facilitator="fay")),
    )

    record(started, act("jochum", StepStarted(step="inventory")))


def test_the_organiser_pitches_first_also_when_somebody_else_leads(started):
    """The occasion is theirs to state and to pitch."""
    record(started, act("jochum", FacilitatorAppointed(facilitator="fay")), act("fay", StepStarted(step="inventory")))

    record(
        started,
        act("jochum", OccasionStated(occasion="Vacancy", kind="problem"), OpeningPitched(pitch="why we are here")),
    )


def test_anybody_takes_a_note_also_an_organiser_who_does_not_lead(started):
    """What is open to all is open to who started it."""
    record(started, act("jochum", FacilitatorAppointed(facilitator="fay")), act("jochum", NoteTaken(text="tea")))


def test_a_session_is_started_once(started):
    """Only ``Session.start`` starts one."""
    event = SessionStarted(title="B", area="X", rules=1, library="0", settings={})

    expect(RuleViolation, started, act("jochum", event), saying="the session itself proposes this event")


def test_nobody_is_invited_twice(started):
    """A name is corrected, not invited anew."""
    record(started, act("jochum", ANNA))

    expect(RuleViolation, started, act("jochum", ANNA), saying="EntryReworded")


def test_who_left_may_be_invited_again(started):
    """They take part again, and what they said before stays theirs."""
    record(started, act("jochum", ANNA), act("anna", ParticipantWithdrew(participant="anna")), act("jochum", ANNA))

    assert started.state.preparation.active == ("anna",)


def test_a_participant_withdraws_nobody_but_themselves(started):
    """Leading may record that somebody left; the others may not."""
    record(started, act("jochum", ANNA, BERT))

    expect(RuleViolation, started, act("anna", ParticipantWithdrew(participant="bert")), saying="only themselves")
    record(started, act("jochum", ParticipantWithdrew(participant="bert")))
    assert started.state.preparation.active == ("anna",)


def test_who_left_does_not_leave_again(started):
    """Nor does somebody who never took part."""
    record(started, act("jochum", ANNA, ParticipantWithdrew(participant="anna")))

    expect(RuleViolation, started, act("jochum", ParticipantWithdrew(participant="anna")), saying="does not take part")
    expect(RuleViolation, started, act("jochum", ParticipantWithdrew(participant="jochum")), saying="not take part")


def test_who_left_no_longer_acts(started):
    """What they said stays; they say no more."""
    record(
        started,
        act("jochum", ANNA, StepStarted(step="inventory")),
        act("anna", ParticipantWithdrew(participant="anna")),
    )
    event = ProblemReported(problem="loitering", statement="Youths", why="unsafe", owner="residents")

    expect(RuleViolation, started, act("anna", event), saying="holds no role here")


def test_a_replacement_is_recorded_as_such(started):
    """Both have been invited; the first no longer takes part."""
    record(started, act("jochum", ANNA, BERT, ParticipantReplaced(participant="anna", replacement="bert")))

    assert started.state.preparation.participants["anna"].replaced_by == "bert"
    assert started.state.preparation.active == ("bert",)


@pytest.mark.parametrize(
    ("gone", "comes"), [("anna", "anna"), ("anna", "jochum"), ("anna", "nobody"), ("jochum", "anna")]
)
def test_a_replacement_is_among_participants(started, gone, comes):
    """Nobody replaces themselves, and who comes has been invited."""
    record(started, act("jochum", ANNA))

    expect(RuleViolation, started, act("jochum", ParticipantReplaced(participant=gone, replacement=comes)))


def test_a_facilitator_or_recorder_is_appointed_once(started):
    """And released only where appointed."""
    record(started, act("jochum", RecorderAppointed(recorder="rik")))

    expect(RuleViolation, started, act("jochum", RecorderAppointed(recorder="rik")), saying="already")
    expect(RuleViolation, started, act("jochum", FacilitatorReleased(facilitator="rik")), saying="does not facilitate")


def test_a_planned_meeting_is_kept_and_then_opened(started):
    """The account lays planned beside real: what was planned in preparation is there when it opens."""
    record(started, act("jochum", MeetingPlanned(meeting="one", place="school"), MeetingOpened(meeting="one")))

    meeting = started.state.meeting.meetings["one"]
    assert (meeting.plan.place, meeting.opened_at is not None) == ("school", True)


def test_an_unknown_setting_is_refused(started):
    """Settings are the method's numbers, by their names."""
    expect(
        RuleViolation, started, act("jochum", SettingChanged(setting="luck", number=7, reason="why not")), saying="luck"
    )


def test_a_setting_moves_the_advice_and_stands_in_the_log(started):
    """The numbers are settings because the pages disagree."""
    record(started, act("jochum", ANNA, SettingChanged(setting="minimum_people", number=1, reason="small")))

    assert "too-few" not in {piece.rule for piece in started.advice()}
    assert "minimum_people" in {
        record.event.setting for record in started.records() if hasattr(record.event, "setting")
    }


@pytest.mark.parametrize(
    "option",
    [
        OptionDeclared(option="budget"),
        OptionDeclared(option="budget", amount=-1),
        OptionDeclared(option="judge weights"),
    ],
)
def test_an_option_says_what_it_means(started, option):
    """A budget has an amount, weights name judges."""
    expect(RuleViolation, started, act("jochum", option))


# -- disclosure -------------------------------------------------------------------------------------------------------


def judged():
    """A session in which one judgement was given."""
    problem = ProblemReported(problem="loitering", statement="Youths", why="unsafe", owner="residents")
    return given(
        act("jochum", ANNA, StepStarted(step="inventory")),
        act("anna", problem, ProblemPrioritised(problem="loitering")),
    )


def test_before_the_first_judgement_disclosure_may_be_chosen_freely(started):
    """Nobody has trusted it yet."""
    for disclosure in ("secret", "open", "group"):
        record(started, act("jochum", DisclosureDeclared(disclosure=disclosure)))

    assert started.state.preparation.disclosed == "group"


def test_disclosure_never_becomes_looser_for_what_was_entered():
    """Also where nothing was declared: then it was by subgroup. A judgement outside a round counts as well."""
    expect(RuleViolation, judged(), act("jochum", DisclosureDeclared(disclosure="open")), saying="looser")


def test_disclosure_may_become_stricter():
    """From group to secret, if there are judges enough; and then the number of them does not sink."""
    session = judged()
    record(session, act("jochum", DisclosureDeclared(disclosure="secret", minimum_judges=1)))

    expect(RuleViolation, session, act("jochum", DisclosureDeclared(disclosure="group")), saying="looser")


def test_too_few_judges_for_secrecy_is_said_when_it_is_declared():
    """With one participant there is nobody to hide among."""
    expect(RuleViolation, judged(), act("jochum", DisclosureDeclared(disclosure="secret")), saying="at least 5 judges")


def test_secrecy_does_not_sink_to_fewer_judges(at):
    """The minimum is part of what was promised."""
    session = at("effects")
    record(
        session,
        act("fay", DisclosureDeclared(disclosure="secret", minimum_judges=3)),
        act("fay", ReconfirmationAsked(reconfirmation="again")),
        act("anna", ReconfirmationAnswered(reconfirmation="again", agrees=True)),
    )

    expect(
        RuleViolation, session, act("fay", DisclosureDeclared(disclosure="secret", minimum_judges=2)), saying="looser"
    )


# -- alone ------------------------------------------------------------------------------------------------------------


def test_who_walks_alone_holds_all_roles():
    """One person reports, judges and leads; advice on size, parties and subgroups is silent."""
    session = given(form="alone")
    record(
        session,
        act("jochum", StepStarted(step="inventory")),
        act("jochum", ProblemReported(problem="a", statement="A", why="b", owner="residents")),
        act("jochum", ProblemPrioritised(problem="a")),
    )

    assert {"too-few", "few-parties", "facilitator", "no-residents"}.isdisjoint(
        piece.rule for piece in session.advice()
    )
