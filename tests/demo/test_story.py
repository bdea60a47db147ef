"""What happens on the way through the demonstration session: live, act by act, and not only in the end."""

import itertools
from datetime import timedelta

import pytest

from afwegen import HIDDEN, Role, Session, Step, open_store, replay
from afwegen.demo import complex_a, play
from afwegen.demo.judgements import COMPARISONS, ON_PAPER, RANKINGS, SCORES, WEIGHTS
from afwegen.events import (
    ChoiceDeferred,
    ChoiceMade,
    DissentVoiced,
    EntriesMerged,
    EntryHidden,
    EntryObjected,
    EntryReworded,
    EntryWithdrawn,
    NoteTaken,
    ParkedSolutionTakenUp,
    ParticipantReplaced,
    ProblemReported,
    QuestionAsked,
    Reaffirmed,
    ReconfirmationAnswered,
    ReconfirmationSettled,
    ShortlistAdopted,
    SolutionNominated,
    SolutionsCombined,
    StepReopened,
    StepStarted,
)
from afwegen.models import AHP, WeightedSum
from afwegen.steps.advice import advice
from afwegen.steps.visibility import visible


@pytest.fixture(scope="module")
def lived():
    """The session as it was played, and its state after every call, by length."""
    states = {}
    record = Session.record

    def remembered(session, *events, **how):
        records = record(session, *events, **how)
        states[session.state.length] = session.state
        return records

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "record", remembered)
        session = play(open_store("memory:"))
    return session, states


@pytest.fixture(scope="module")
def session(lived):
    return lived[0]


@pytest.fixture(scope="module")
def records(session):
    return session.history()


def of(records, kind, **fields):
    """Return the records of a kind of event that has these values."""
    return [
        record
        for record in records
        if isinstance(record.event, kind)
        and all(getattr(record.event, name) == value for name, value in fields.items())
    ]


def only(records, kind, **fields):
    (record,) = of(records, kind, **fields)
    return record


# -- the log is all there is ------------------------------------------------------------------------------------------


def test_replay_gives_the_state_that_was_live_after_every_act(lived, records):
    """Continuing a replay act by act passes through every state the session was in while it was played."""
    _, states = lived
    state, past = replay(()), 0
    for length, live in sorted(states.items()):
        state, past = replay(records[past:length], since=state), length

        assert state == live


def test_at_gives_the_state_that_was_live(lived):
    """``at(n)`` from the store is the state there was, here for one act in twenty."""
    session, states = lived

    for length in sorted(states)[::20]:
        assert session.at(length) == states[length]


def test_loading_gives_the_state_it_was_left_in(session):
    """A session that is loaded from the store equals the one that wrote it."""
    assert Session.load(session.store, session.id).state == session.state


def test_the_story_is_the_same_in_a_file(session, tmp_path):
    """The same acts at the same moments, wherever they are kept; only the session's id is drawn anew."""
    with open_store(f"sqlite:///{tmp_path / 'wijk.db'}") as store:
        told = complex_a(store)

        def acts(one):
            return [
                (record.seq, record.happened_at, record.recorded_at, record.by, record.role, record.author, record.type)
                for record in one.records()
            ]

        assert acts(told) == acts(session)


def test_the_clock_of_the_story_never_goes_back(records):
    """What is recorded later was recorded later."""
    assert all(one.recorded_at <= other.recorded_at for one, other in itertools.pairwise(records))


def test_after_the_story_time_is_real(records):
    """What is recorded in the returned session afterwards is not dated in 2018."""
    session = complex_a()
    (later,) = session.record(NoteTaken(text="Een vraag van iemand die meekijkt"), by="anna")

    assert later.recorded_at > records[-1].recorded_at + timedelta(days=365)


# -- corrections, paper, and words of others ---------------------------------------------------------------------------


def test_cards_on_paper_are_entered_later(records):
    """One problem, four judgements and one dissent came in from paper, dated when they were written."""
    paper = [record for record in records if record.channel == "paper"]

    assert [record.by for record in paper] == ["daan"] * 6
    assert all(record.entered_later and record.on_behalf_of for record in paper)
    assert len(of(paper, ProblemReported)) == len(of(paper, DissentVoiced)) == 1


def test_what_was_judged_on_paper_counts(session):
    """Who filled in paper while the rounds were open is a judge like the others."""
    rounds = session.state.meeting.rounds
    for key in ("orders", "weights", "scores", "comparisons"):
        sheet = rounds[key].sheets[ON_PAPER]

        assert not sheet.own
        assert rounds[key].took_place_at(sheet.happened_at)
    assert ON_PAPER in session.profile().judges


def test_the_recorder_enters_what_was_said_aloud(records):
    """A question asked by a participant and typed in by the recorder is the participant's."""
    asked = next(record for record in of(records, QuestionAsked) if record.channel == "oral")

    assert (asked.by, asked.author, asked.role) == ("daan", "willem", Role.PARTICIPANT)


def test_a_spelling_correction_unsettles_nothing(session, records):
    """Both wordings stay on record, and nothing becomes stale."""
    mended = only(records, EntryReworded, meaning_changed=False)
    problem = session.state.inventory.problems["hall-noise"]

    assert "trappenhius" in records[mended.event.entry].event.statement
    assert "trappenhuis" in problem.statement
    assert problem.changed == problem.seq


def test_a_merged_entry_stays_readable_and_its_author_objects(session, records):
    """Tineke's words lie under Anna's, and her objection stands beside them."""
    merging = only(records, EntriesMerged)
    objection = only(records, EntryObjected)

    assert session.state.inventory.problems["afraid"].status == "merged"
    assert records[merging.event.entries[0]].author == objection.author == "tineke"
    assert objection.event.entry == merging.seq


def test_an_entry_is_withdrawn_and_another_hidden(session, records):
    """What was withdrawn is marked; what was hidden for a cause is not seen by others."""
    withdrawn, hidden = of(records, EntryWithdrawn), only(records, EntryHidden)
    notes = session.state.meeting.notes
    seen = session.seen_by("anna").meeting.notes[hidden.event.entry]

    assert notes[withdrawn[0].event.entry].status == "withdrawn"
    assert notes[hidden.event.entry].status == "hidden"
    assert seen.event.text is HIDDEN


# -- the way through the steps -----------------------------------------------------------------------------------------


def test_no_solution_in_step_1(session, records):
    """What slipped out early was parked, and is taken up later under the same rules as the others."""
    parked = {record.event.parked for record in of(records, ParkedSolutionTakenUp)}

    assert parked == set(session.state.inventory.parked)
    assert session.state.solutions.taken_up["somebody-at-the-door"] == "caretaker"


def test_the_problem_became_sharper_and_broader(session):
    """Behind outdated flats lie the evenings at the entrance; and shops and youths are owners too."""
    state = session.state
    behind = {one for said in state.sharpening.examinations.values() for one in getattr(said.event, "behind", ())}
    owners = {owner for key in state.sharpening.adopted for owner in state.sharpening.cores[key].owners}

    assert {"loitering", "nowhere-to-go"} <= behind
    assert owners == {"housing", "municipality", "residents", "shops", "youth"}
    assert state.sharpening.joint_problem is not None


def test_the_group_went_on_without_an_output_and_made_it_good(session, records):
    """Step 2 was overridden for want of a core problem of the shops, and completed when it was reopened."""
    progress = session.at(only(records, StepStarted, step=Step.BASELINE).seq).progress.of(Step.SHARPENING)

    assert progress.missing == ("an adopted core problem of 'shops'",)
    assert session.state.progress.of(Step.SHARPENING).overridden is None


def test_a_refusal_is_answered_by_reopening(session, records):
    """Two refuse, two steps are reopened beside the current one; all agree when they are asked again."""
    refused = {record.author for record in of(records, ReconfirmationAnswered, agrees=False)}
    settled = only(records, ReconfirmationSettled, answer="reopened")
    reopened = of(records, StepReopened)

    assert refused == {"erik", "mirjam"}
    assert [record.event.step for record in reopened] == [Step.SHARPENING, Step.BASELINE]
    assert settled.seq < reopened[0].seq
    assert session.at(reopened[0].seq + 1).open_steps == (Step.SHARPENING, Step.EFFECTS)
    assert session.state.effects.reconfirmations["everyone-again"].refused_by == ()


def test_what_rested_on_the_old_baseline_was_stale_until_it_was_looked_at(session, records):
    """Costs and effects recorded before the redraft become stale, and are reaffirmed or done anew."""
    reaffirmed = of(records, Reaffirmed)
    before = {stale.what for stale in session.at(reaffirmed[0].seq).stale}

    assert {record.event.thing for record in reaffirmed} | {"cost/renovation-works"} <= before


def test_who_came_to_the_second_meeting_only(session, records):
    """One person replaced another, and was asked separately whether it still holds."""
    replaced = only(records, ParticipantReplaced).event
    meetings = session.state.meeting.meetings

    assert meetings["second"].present - meetings["first"].present == {replaced.replacement}
    assert meetings["first"].present - meetings["second"].present == {replaced.participant}
    assert session.state.effects.reconfirmations["newcomer"].asked == (replaced.replacement,)


def test_planned_times_stand_beside_real_ones(session):
    """Both meetings were planned, and took place on their day for about as long."""
    for meeting in session.state.meeting.meetings.values():
        late = meeting.opened_at - meeting.plan.begins_at
        longer = meeting.closed_at - meeting.opened_at - timedelta(minutes=sum(i.minutes for i in meeting.plan.agenda))

        assert timedelta(0) <= late < timedelta(minutes=10)
        assert abs(longer) < timedelta(minutes=75)


def test_a_blind_round_hides_what_was_entered_until_it_closes(session, records):
    """In an open blind round one sees that others entered something; after it, what the disclosure allows."""
    third = of(records, SolutionNominated)[2]
    state = session.at(third.seq + 1)

    assert visible(third, third.by, state).event.solution == third.event.solution
    assert visible(third, "els", state).event.solution is HIDDEN
    assert third.author in state.meeting.rounds["the-one"].sheets


# -- advice ------------------------------------------------------------------------------------------------------------


def advised(session, n):
    return {piece.rule: piece for piece in advice(session.at(n))}


def test_advice_on_the_way(session, records):
    """Too few people and no facilitator at first; a baseline that lacked a decision; in the end two things are left."""
    answered = next(record.seq for record in records if record.type == "advice-answered/1")
    started = only(records, StepStarted, step=Step.INVENTORY).seq
    drafted = only(records, StepStarted, step=Step.SOLUTIONS).seq

    assert {"too-few", "facilitator", "no-evidence"} <= set(advised(session, answered))
    assert advised(session, answered + 1)["too-few"].answered
    assert not {"too-few", "facilitator", "no-evidence"} & set(advised(session, started))
    assert "baseline-check-failed" in advised(session, drafted)
    assert {piece.rule for piece in session.advice()} == {"owner-without-voice", "at-one-meeting-only"}


def test_a_setting_was_changed_with_the_reason(session):
    """The shortlist may hold four at most, for there is time for four cards."""
    assert session.state.preparation.settings.shortlist_high == 4


# -- judging and choosing ----------------------------------------------------------------------------------------------


def test_every_judge_judged_everything():
    """Each of the thirteen gave an order, weights of a hundred points, scores and all comparisons."""
    assert set(RANKINGS) == set(WEIGHTS) == set(SCORES) == set(COMPARISONS)
    assert {sum(points) for points in WEIGHTS.values()} == {100}


def test_one_judge_compares_in_a_circle():
    """Consistency ratios are below a tenth, but for one judge's criteria."""
    profile = complex_a().profile()
    nodes = AHP().evaluate(profile).diagnostics.nodes
    high = {
        (node, judge)
        for node, found in nodes.items()
        for judge, ratio in zip(profile.judges, found.cr, strict=True)
        if ratio > 0.1
    }

    assert high == {("goal", "karim")}


def test_all_three_models_are_on_record_before_the_shortlist(session, records):
    """Their results are evidence; the shortlist is the group's."""
    results = session.state.meeting.results
    first = {said.event.model: said.event.tiers[0] for said in results.values()}

    assert first == {"weighted-sum": ("caretaker",), "ahp": ("caretaker",), "consensus-graph": ("renovation",)}
    assert max(said.seq for said in results.values()) < only(records, ShortlistAdopted).seq


def test_a_recorded_result_is_what_the_profile_gives(session):
    """What was recorded then follows from the log now."""
    recorded = {said.event.model: said.event.tiers for said in session.state.meeting.results.values()}

    assert WeightedSum().evaluate(session.profile()).ranking == recorded["weighted-sum"]


def test_the_choice_holds_what_two_models_put_first(session, records):
    """The combination has the caretaker in it: before anything is explained, it departs from one model only."""
    explained = next(record.seq for record in records if record.type == "departure-explained/1")
    departures = [piece for piece in advice(session.at(explained)) if piece.rule == "departs-from-a-model"]

    assert [dict(piece.seen)["result"] for piece in departures] == ["result-3"]
    assert session.state.meeting.results["result-3"].event.model == "consensus-graph"


def test_a_combination_made_on_the_spot_is_chosen_by_who_was_not_there(session, records):
    """The decider never was at a meeting; first came a deferral, then a choice of what nobody had on a card."""
    deferred, combined, chosen = (only(records, kind) for kind in (ChoiceDeferred, SolutionsCombined, ChoiceMade))

    assert deferred.seq < combined.seq < chosen.seq
    assert chosen.role is Role.DECIDER
    assert chosen.by not in session.state.meeting.present
    assert session.state.solutions.solutions[chosen.event.chosen[0]].parts == ("caretaker", "small-demolition")


def test_dissent_stands_beside_the_choice(records):
    """Two who do not agree say so, Anna among them."""
    assert {record.author for record in of(records, DissentVoiced)} == {"anna", "willem"}


def test_expected_lies_beside_measured(session):
    """Each indicator that was measured has a target set before, a beginning, and an end."""
    follow_up = session.state.follow_up
    measured = {said.event.indicator for said in follow_up.measurements.values()}

    assert measured <= set(session.state.analysis.indicators)
    assert session.state.meeting.ended is not None
    assert not session.state.meeting.archived
