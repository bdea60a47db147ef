"""The order of the steps: one at a time, by an explicit act; back when it must; and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from afwegen import RuleViolation
from afwegen import events as e
from afwegen.events import EVENT_TYPES
from afwegen.method import METHOD_STEPS, Role, Step
from afwegen.steps.state import admit, apply
from afwegen.testing.sessions import act, expect, given, record
from afwegen.testing.tour import reached, tour

PROBLEM = e.ProblemReported(problem="noise", statement="Noise", why="no sleep", owner="residents")
OUTPUT = {
    "inventory": ("a problem with an owner", PROBLEM, "anna"),
    "baseline": ("an adopted baseline", e.BaselineAdopted(), "fay"),
    "solutions": ("a solution", e.NoSolutionFound(statement="none"), "fay"),
    "preselection": ("an adopted shortlist", e.ShortlistAdopted(solutions=("lamp",)), "fay"),
}


def test_steps_are_taken_one_at_a_time(started):
    """None is jumped over."""
    expect(RuleViolation, started, act("jochum", e.StepStarted(step="baseline")), saying="one at a time")


def test_preparation_owes_nothing_and_ends_with_step_1(started):
    """Only preparation is completed by the first ``StepStarted``."""
    expect(RuleViolation, started, act("jochum", e.StepCompleted(step="preparation")), saying="by starting step 1")
    record(started, act("jochum", e.StepStarted(step="inventory")))

    assert started.state.open_steps == (Step.INVENTORY,)
    assert started.state.progress.of(Step.PREPARATION).completed == 1


@pytest.mark.parametrize("step", sorted(METHOD_STEPS, key=lambda step: step.position))
def test_the_next_step_waits_for_this_one(step, at):
    """It is completed or overridden first."""
    expect(RuleViolation, at(step), act("fay", e.StepStarted(step=step.following)), saying="is not completed")


@pytest.mark.parametrize("step", sorted(METHOD_STEPS, key=lambda step: step.position))
def test_a_step_without_its_output_is_not_completed(step, at):
    """The refusal names what is missing."""
    session = at(step)
    refusal = expect(RuleViolation, session, act("fay", e.StepCompleted(step=step)), saying="lacks its output")

    assert refusal.got == session.state.lacking()
    assert all(owed in str(refusal) for owed in session.state.lacking())


@pytest.mark.parametrize("step", OUTPUT)
def test_a_step_with_its_output_is_completed(step, at):
    """What was missing is there, and the group goes on."""
    owed, event, who = OUTPUT[step]
    session = at(step)
    assert any(owed in missing for missing in session.state.lacking())
    if step == "baseline":
        record(session, act("cor", e.BaselineDrafted(description="as it is")))
    record(session, act(who, event), act("fay", e.StepCompleted(step=step)))

    assert session.state.open_steps == ()


@pytest.mark.parametrize("step", sorted(METHOD_STEPS, key=lambda step: step.position))
def test_a_step_may_be_overridden_with_the_reason(step, at):
    """The group goes on all the same, and what was missing stays on record."""
    session = at(step)
    owed = session.state.lacking()
    record(session, act("fay", e.StepOverridden(step=step, missing=owed, reason="no time")))

    assert session.state.progress.of(step).missing == owed
    record(session, act("fay", e.StepStarted(step=step.following)))


def test_a_step_that_lacks_nothing_is_not_overridden(at):
    """Then it is completed."""
    session = at("inventory")
    record(session, act("anna", PROBLEM))

    expect(RuleViolation, session, act("fay", e.StepOverridden(step="inventory", reason="x")), saying="lacks nothing")


def test_a_step_is_not_completed_under_an_open_round(at):
    """First the round is closed."""
    session = at("inventory")
    record(session, act("fay", e.RoundOpened(round="r", asks="problems")), act("anna", PROBLEM))

    expect(RuleViolation, session, act("fay", e.StepCompleted(step="inventory")), saying="a round is open")


# -- the wrong step ---------------------------------------------------------------------------------------------------


def test_no_solutions_before_step_4(at):
    """A solution that is mentioned too early is parked, not lost."""
    solution = e.SolutionProposed(solution="fence", title="A fence")
    for step in ("inventory", "sharpening", "baseline"):
        session = at(step)
        expect(RuleViolation, session, act("anna", solution), saying="park it with SolutionParked")
        record(session, act("anna", e.SolutionParked(parked="shed", title="A shed")))


@pytest.fixture(scope="module")
def toured():
    """A session that has seen everything, with the state before each record."""
    session = tour()
    return tuple((session.at(record.seq), record) for record in session.records())


def first(toured, name):
    """The state before the first record of a type, and that record."""
    return next((state, record) for state, record in toured if record.type == name)


STEPPED = [name for name, declared in EVENT_TYPES.items() if len(declared.steps) < len(Step)]


@pytest.mark.parametrize("name", STEPPED)
def test_an_act_in_the_wrong_step_is_refused(name, toured):
    """For every event that has steps of its own: not in a state in which none of them is open."""
    _, record = first(toured, name)
    wrong = [
        state
        for state, _ in toured
        if state.length and state.meeting.ended is None and state.progress.open.isdisjoint(EVENT_TYPES[name].steps)
    ]

    assert wrong
    for state in wrong[:: max(1, len(wrong) // 5)]:
        live = {"seq": state.length, "happened_at": record.recorded_at}
        with pytest.raises(RuleViolation):
            admit(state, evolve(record, **live))


PROPOSED = [name for name in EVENT_TYPES if name not in {"session-started/1", "subject-erased/1", "text-redacted/1"}]


@pytest.mark.parametrize("name", PROPOSED)
def test_an_act_in_the_wrong_role_is_refused(name, toured):
    """For every event: in each role that it does not name."""
    state, record = first(toured, name)
    admit(state, record)
    for role in set(Role) - set(EVENT_TYPES[name].by):
        with pytest.raises(RuleViolation) as refused:
            admit(state, evolve(record, role=role))
        assert refused.value.do


@pytest.mark.parametrize("name", PROPOSED)
def test_an_act_by_a_stranger_is_refused(name, toured):
    """For every event that people propose: who has no part in the session has no role in it."""
    state, record = first(toured, name)
    if record.role == "system":
        return

    with pytest.raises(RuleViolation):
        admit(state, evolve(record, by="stranger", on_behalf_of=None, subgroup=None))


@pytest.mark.parametrize("name", PROPOSED)
def test_nothing_is_recorded_before_it_happens(name, toured):
    """For every event: not tomorrow's."""
    state, record = first(toured, name)

    with pytest.raises(RuleViolation, match="before it happens"):
        admit(state, evolve(record, happened_at=record.recorded_at + timedelta(days=1)))


AFTER_ARCHIVING = {"report-exported/1", "subject-erased/1", "text-redacted/1"}


@pytest.mark.parametrize("name", [name for name in EVENT_TYPES if name not in AFTER_ARCHIVING])
def test_after_the_archive_is_closed_every_act_is_refused(name, toured):
    """For every event but an erasure and an export."""
    last, closing = toured[-1]
    archived = apply(last, closing)
    _, record = first(toured, name)

    with pytest.raises(RuleViolation, match="archived"):
        admit(archived, evolve(record, seq=archived.length))


def test_after_the_archive_is_closed_an_export_is_still_recorded():
    """What leaves the building is always on record."""
    session = tour()
    [exported] = session.export(format="json-lines", by="fay")

    assert exported.type == "report-exported/1"


# -- back -------------------------------------------------------------------------------------------------------------


def test_a_reopened_step_is_open_beside_the_current_one(at):
    """Steps between are not walked again, and when it is completed the group is where it was."""
    session = at("effects")
    record(session, act("fay", e.StepReopened(step="baseline", reason="new policy")))
    assert session.state.open_steps == (Step.BASELINE, Step.EFFECTS)
    assert session.state.step is Step.EFFECTS

    record(session, act("fay", e.StepCompleted(step="baseline")))
    assert session.state.open_steps == (Step.EFFECTS,)


def test_a_reopened_step_is_completed_with_its_output_checked_again(at):
    """A redrafted baseline is not adopted until the group says so again."""
    session = at("effects")
    record(session, act("fay", e.StepReopened(step="baseline", reason="new policy")))
    record(session, act("cor", e.BaselineDrafted(description="Policy stops in 2027")))

    expect(RuleViolation, session, act("fay", e.StepCompleted(step="baseline")), saying="an adopted baseline")
    assert "baseline" in {stale.what for stale in session.state.stale}


@pytest.mark.parametrize("step", ["effects", "choice"])
def test_only_a_step_that_was_left_is_reopened(step, at):
    """Neither the one that is open, nor one that was not begun."""
    expect(RuleViolation, at("effects"), act("fay", e.StepReopened(step=step, reason="x")))


def test_a_round_that_judges_is_closed_before_its_ground_is_reopened(at):
    """A round on something reopened is closed first."""
    session = at("preselection")
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))

    expect(RuleViolation, session, act("fay", e.StepReopened(step="solutions", reason="x")), saying="RoundClosed")


# -- afterwards -------------------------------------------------------------------------------------------------------


def at_ten(minute=0):
    return datetime(2026, 3, 1, 10, minute, tzinfo=UTC)


def test_what_came_on_paper_is_entered_later(at):
    """What happened while a step was open may be entered without reopening it, and is marked."""
    session = at("sharpening")
    then = next(record.happened_at for record in session.records() if record.type == "problem-reported/1")
    event = e.OpeningPitched(pitch="as it was said")
    expect(RuleViolation, session, act("jochum", event), saying="channel='paper'")
    expect(RuleViolation, session, act("jochum", event, channel="paper"), saying="give happened_at")

    [entered] = record(session, act("jochum", event, channel="paper", happened_at=then))
    assert entered.entered_later


def test_live_is_not_late(at):
    """A live act in a closed step is refused, whatever moment it gives."""
    session = at("sharpening")
    then = next(record.happened_at for record in session.records() if record.type == "problem-reported/1")

    expect(RuleViolation, session, act("jochum", e.OpeningPitched(pitch="x"), happened_at=then))


def test_a_whole_paper_session_may_be_entered_afterwards():
    """``happened_at`` need not ascend, ``seq`` does; each act lies in the step that was open then."""
    paper = {"channel": "paper"}
    session = given(happened_at=at_ten())
    record(
        session,
        act(
            "jochum",
            e.ParticipantInvited(participant="anna", name="A", perspective="x"),
            happened_at=at_ten(1),
            **paper,
        ),
        act("jochum", e.StepStarted(step="inventory"), happened_at=at_ten(5), **paper),
        act("jochum", PROBLEM, on_behalf_of="anna", happened_at=at_ten(9), **paper),
        act("jochum", e.StepCompleted(step="inventory"), happened_at=at_ten(30), **paper),
        act("jochum", e.StepStarted(step="sharpening"), happened_at=at_ten(31), **paper),
        act("jochum", e.OpeningPitched(pitch="forgotten"), happened_at=at_ten(6), **paper),
    )

    assert session.state.step is Step.SHARPENING
    assert [entry.seq for entry in session.records()] == list(range(7))


# -- the end ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(at):
    """A session that ended in step 2: it solves itself."""
    session = at("sharpening")
    record(session, act("fay", e.SessionEnded(outcome="solves itself", reason="they moved on")))
    return session


def test_a_session_ends_in_any_step(ended):
    """That it solves itself is an honest result."""
    assert ended.state.meeting.ended.event.outcome == "solves itself"


def test_when_the_weighing_has_ended_nothing_is_weighed(ended):
    """No new step, no round, no contribution to the step that was open, no second end."""
    for event in (
        e.StepStarted(step="baseline"),
        e.RoundOpened(round="r", asks="problems"),
        e.OwnerSetAside(owner="residents", reason="x"),
        e.SessionEnded(outcome="stopped", reason="again"),
    ):
        expect(RuleViolation, ended, act("fay", event), saying="the weighing has ended")


def test_when_the_weighing_has_ended_follow_up_stays_open(ended):
    """People are found, things looked into, results told: also where step 8 was never reached."""
    record(
        ended,
        act("fay", e.FacilitatorAppointed(facilitator="gus")),
        act("gus", e.LessonDrawn(lesson="wait"), e.ResearchTaskNoted(task="t", question="why?")),
        act("gus", e.ChoiceReportedBack(to="residents", how="a letter")),
    )


def test_reopening_a_step_opens_the_weighing_again(ended):
    """For that step; and then it may end anew."""
    record(ended, act("fay", e.StepReopened(step="inventory", reason="it came back")), act("anna", PROBLEM))
    record(ended, act("fay", e.SessionEnded(outcome="stopped", reason="enough")))

    assert ended.state.meeting.ended.event.outcome == "stopped"


def test_a_session_ends_before_it_is_archived(at):
    """And with no round open."""
    session = at("inventory")
    record(session, act("fay", e.RoundOpened(round="r", asks="problems")))

    expect(RuleViolation, session, act("fay", e.SessionArchived()), saying="ends before")
    expect(RuleViolation, session, act("fay", e.SessionEnded(outcome="stopped", reason="x")), saying="a round is open")


# -- what the steps owe -----------------------------------------------------------------------------------------------


def test_every_owner_has_a_core_problem_or_is_set_aside(at):
    """Own or shared; the refusal names the owners who have none."""
    session = at("sharpening")
    core = e.CoreProblemFormulated(core="c", statement="one for two", owners=("residents", "housing"))
    record(session, act("anna", core), act("fay", e.CoreProblemAdopted(core="c")))
    assert session.state.lacking() == ("an adopted core problem of 'municipality'",)

    record(session, act("fay", e.OwnerSetAside(owner="municipality", reason="shares it")))
    assert session.state.lacking() == ()


def test_a_refused_reconfirmation_is_answered(at):
    """Step 5 opens by asking; who refuses says why, and is told why not."""
    session = at("effects")
    record(session, act("fay", e.ReconfirmationAsked(reconfirmation="q")))
    expect(RuleViolation, session, act("cor", e.ReconfirmationAnswered(reconfirmation="q", agrees=False)))
    record(session, act("cor", e.ReconfirmationAnswered(reconfirmation="q", agrees=False, objection="dear")))
    assert "an answer to who refused the reconfirmation" in session.state.lacking()

    settle = e.ReconfirmationSettled(reconfirmation="q", answer="nobody refused")
    expect(RuleViolation, session, act("fay", settle), saying="somebody refused")
    unsaid = e.ReconfirmationSettled(reconfirmation="q", answer="not reopened")
    expect(RuleViolation, session, act("fay", unsaid), saying="give the reason")


def test_asking_a_latecomer_does_not_forget_who_refused(at):
    """Each question keeps its own refusals; a second one does not cover the first."""
    session = at("effects")
    record(
        session,
        act("fay", e.ReconfirmationAsked(reconfirmation="q")),
        act("cor", e.ReconfirmationAnswered(reconfirmation="q", agrees=False, objection="dear")),
        act("fay", e.ReconfirmationAsked(reconfirmation="late", asked=("eva",))),
        act("eva", e.ReconfirmationAnswered(reconfirmation="late", agrees=True)),
    )

    assert "an answer to who refused the reconfirmation" in session.state.lacking()


def test_a_promised_reopening_is_owed(at):
    """Who says 'reopened' reopens."""
    session = at("effects")
    record(
        session,
        act("fay", e.ReconfirmationAsked(reconfirmation="q")),
        act("cor", e.ReconfirmationAnswered(reconfirmation="q", agrees=False, objection="dear")),
        act("fay", e.ReconfirmationSettled(reconfirmation="q", answer="reopened")),
    )
    owed = "the reopening that was promised to who refused"
    assert owed in session.state.lacking()

    record(session, act("fay", e.StepReopened(step="baseline", reason="dear")))
    assert owed not in session.state.lacking()


def test_what_was_taken_back_is_owed_again(at):
    """A withdrawn baseline, or a withdrawn consideration of it, is none."""
    session = at("choice")
    record(
        session,
        act("fay", e.ProcedureStated(procedure="the board")),
        act("fay", e.BaselineConsidered(finding="worse"), role="facilitator"),
    )
    [(seq, _)] = session.state.choice.considerations.items()
    record(session, act("fay", e.EntryWithdrawn(entry=seq, reason="not really")))

    assert "the baseline considered as a possible best" in session.state.lacking()
    choice = e.ChoiceMade(chosen=("caretaker",), motivation="x")
    expect(RuleViolation, session, act("fay", choice, role="facilitator"), saying="always considered")


def test_a_solution_set_aside_needs_no_card(at):
    """A card for each solution still shortlisted."""
    session = at("analysis")
    assert len(session.state.lacking()) == 2
    record(session, act("fay", e.SolutionSetAside(solution="lamp", reason="it comes anyway")))

    assert session.state.lacking() == ("an effect card of 'caretaker' with a main effect",)


# -- the choice -------------------------------------------------------------------------------------------------------


@pytest.fixture
def choosing(at):
    """A session in step 8 in which the procedure is stated: Dirk decides."""
    session = at("choice")
    record(session, act("fay", e.ProcedureStated(procedure="the board", deciders=("dirk",))))
    return session


def test_the_baseline_is_always_considered(choosing):
    """Before anything is chosen, also before it is put off."""
    for event in (e.ChoiceMade(chosen=("caretaker",), motivation="x"), e.ChoiceDeferred(reason="x")):
        expect(RuleViolation, choosing, act("dirk", event), saying="BaselineConsidered")


def test_how_it_is_decided_is_recorded_first(at):
    """And by whom."""
    session = at("choice")
    record(session, act("fay", e.BaselineConsidered(finding="worse"), role="facilitator"))
    event = e.ChoiceDeferred(reason="x")

    expect(RuleViolation, session, act("fay", event, role="facilitator"), saying="ProcedureStated")


@pytest.mark.parametrize("chosen", [("caretaker",), ("caretaker", "lamp"), ("baseline",), ("both",)])
def test_people_choose_what_they_want(choosing, chosen):
    """One, several, the baseline, and also what is not on the shortlist: then advice asks why."""
    record(choosing, act("dirk", e.BaselineConsidered(finding="worse"), e.ChoiceMade(chosen=chosen, motivation="x")))
    departs = "departs-from-the-shortlist" in {piece.rule for piece in choosing.advice()}

    assert choosing.state.choice.chosen == chosen
    assert departs is (chosen not in {("caretaker",), ("baseline",)})


def test_a_choice_stands_until_it_is_taken_back(choosing):
    """Two choices contradict each other; after a deferral one is made."""
    first, second = (e.ChoiceMade(chosen=(key,), motivation="x") for key in ("caretaker", "baseline"))
    record(choosing, act("dirk", e.BaselineConsidered(finding="w"), e.ChoiceDeferred(reason="x"), first))

    expect(RuleViolation, choosing, act("dirk", second), saying="the choice has been made")


@pytest.mark.parametrize("chosen", [(), ("lamp", "lamp"), ("nothing",)])
def test_a_choice_names_what_is_there(choosing, chosen):
    """At least one thing, once, that stands."""
    record(choosing, act("dirk", e.BaselineConsidered(finding="worse")))

    expect(RuleViolation, choosing, act("dirk", e.ChoiceMade(chosen=chosen, motivation="x")))


def test_reached_is_where_it_says():
    """The helper these tests begin with."""
    assert all(reached(step).state.step is step for step in Step)
