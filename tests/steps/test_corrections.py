"""Corrections that never erase: rewording, withdrawing, hiding, merging, objecting; and what they make stale."""

import pytest

from afwegen import RuleViolation
from afwegen import events as e
from afwegen.testing.sessions import act, expect, given, record
from afwegen.testing.tour import tour

NOISE, LITTER = (
    e.ProblemReported(problem=key, statement=key, why=f"why {key}", owner=owner)
    for key, owner in (("noise", "residents"), ("litter", "municipality"))
)


def seq_of(session, kind):
    """The number of the last record of a kind."""
    return max(entry.seq for entry in session.records() if isinstance(entry.event, kind))


def stale(session):
    return {each.what for each in session.state.stale}


@pytest.fixture
def told(at):
    """A session in step 1 in which Anna reported noise and Bert litter."""
    session = at("inventory")
    record(session, act("anna", NOISE), act("bert", LITTER))
    return session


def number(session, problem):
    return session.state.inventory.problems[problem].seq


# -- rewording --------------------------------------------------------------------------------------------------------


def test_both_wordings_stay_on_record(told):
    """The state shows the new one, the log both."""
    record(
        told,
        act("anna", e.EntryReworded(entry=number(told, "noise"), field="statement", text="Din", meaning_changed=False)),
    )
    words = [getattr(entry.event, "statement", getattr(entry.event, "text", None)) for entry in told.records()]

    assert told.state.inventory.problems["noise"].statement == "Din"
    assert {"noise", "Din"} <= set(words)


def test_a_why_is_reworded_for_whom_it_was_said(told):
    """An owner's why is the same in both places."""
    record(
        told,
        act("anna", e.EntryReworded(entry=number(told, "noise"), field="why", text="awake", meaning_changed=False)),
    )

    assert dict(told.state.inventory.problems["noise"].owners) == {"residents": "awake"}


def test_a_name_is_corrected(started):
    """A typing error in an invitation is no reason to invite anew."""
    [invited] = record(started, act("jochum", e.ParticipantInvited(participant="anna", name="Ana", perspective="x")))
    record(started, act("jochum", e.EntryReworded(entry=invited.seq, field="name", text="Anna", meaning_changed=False)))

    assert started.state.preparation.participants["anna"].name == "Anna"


def test_the_place_of_a_planned_meeting_is_corrected(started):
    """Also what a room keeps in its own way is worded otherwise."""
    [planned] = record(started, act("jochum", e.MeetingPlanned(meeting="one", place="shool")))
    record(
        started, act("jochum", e.EntryReworded(entry=planned.seq, field="place", text="school", meaning_changed=False))
    )

    assert started.state.meeting.meetings["one"].plan.place == "school"


@pytest.mark.parametrize("field", ["owner", "problem", "keywords", "beauty"])
def test_only_a_text_is_worded_otherwise(field, told):
    """Not an id, not a list, not what is not there; the refusal names the texts."""
    event = e.EntryReworded(entry=number(told, "noise"), field=field, text="x", meaning_changed=False)

    expect(RuleViolation, told, act("anna", event), saying="choose from statement, why")


def test_only_who_said_it_or_who_leads_words_it_otherwise(told):
    """The others object."""
    event = e.EntryReworded(entry=number(told, "noise"), field="why", text="x", meaning_changed=False)

    expect(RuleViolation, told, act("bert", event), saying="EntryObjected")
    record(told, act("fay", event))


# -- withdrawing, hiding, merging -------------------------------------------------------------------------------------


def test_who_said_it_takes_it_back(told):
    """It stays on record; nothing may name it from then on."""
    record(told, act("anna", e.EntryWithdrawn(entry=number(told, "noise"), reason="mistaken")))

    assert told.state.inventory.standing == ("litter",)
    pitched = act("anna", e.ProblemPitched(problem="noise"))
    expect(RuleViolation, told, pitched, saying="no standing problem")
    expect(RuleViolation, told, act("anna", NOISE), saying="already")


@pytest.mark.parametrize("who", ["bert", "fay"])
def test_nobody_takes_back_another_s_words(who, told):
    """Not even who leads: they may hide it for a cause."""
    event = e.EntryWithdrawn(entry=number(told, "noise"), reason="x")

    expect(RuleViolation, told, act(who, event), saying="only who said it")


def test_nothing_is_taken_back_twice(told):
    """What no longer stands is not corrected."""
    event = e.EntryWithdrawn(entry=number(told, "noise"), reason="x")
    record(told, act("anna", event))

    expect(RuleViolation, told, act("anna", event), saying="is withdrawn")


@pytest.mark.parametrize("entry", [0, 9_999])
def test_a_correction_names_a_record_that_said_something(entry, told):
    """The start of the session did not; nor does what is not there."""
    expect(RuleViolation, told, act("anna", e.EntryWithdrawn(entry=entry, reason="x")), saying="nothing to correct")


def test_an_objection_names_a_record_that_is_there(told):
    """To whatever was done."""
    expect(RuleViolation, told, act("anna", e.EntryObjected(entry=9_999, objection="x")), saying="no such record")


def test_hiding_takes_a_text_out_of_the_account_and_leaves_the_reason(told):
    """For everybody but the author; the author may object."""
    entry = number(told, "noise")
    record(told, act("anna", e.EntryReworded(entry=entry, field="why", text="names him", meaning_changed=False)))
    record(told, act("fay", e.EntryHidden(entry=entry, reason="names a neighbour")))
    seen = {viewer: list(told.records_seen_by(viewer)) for viewer in ("anna", "bert", None)}

    assert [seen[who][entry].event.statement for who in seen] == ["noise", e.HIDDEN, e.HIDDEN]
    assert seen[None][seq_of(told, e.EntryReworded)].event.text is e.HIDDEN
    assert seen[None][seq_of(told, e.EntryHidden)].event.reason == "names a neighbour"
    record(told, act("anna", e.EntryObjected(entry=entry, objection="it is true")))


def test_merged_words_stay_readable_and_no_owner_is_lost(told):
    """For whom either was a problem, the one is."""
    event = e.EntriesMerged(entries=(number(told, "litter"),), into=number(told, "noise"), reason="the same")
    record(told, act("fay", event))
    merged = told.state.inventory.problems["litter"]

    assert (merged.status, merged.statement) == ("merged", "litter")
    assert told.state.inventory.owners == ("municipality", "residents")
    assert dict(told.state.inventory.problems["noise"].owners)["municipality"] == "why litter"


def test_only_things_of_one_kind_are_merged(told):
    """Each once, into another."""
    record(told, act("anna", e.NoteTaken(text="x")))
    noise, litter, note = number(told, "noise"), number(told, "litter"), seq_of(told, e.NoteTaken)
    for entries in ((), (noise,), (litter, litter), (note,)):
        expect(RuleViolation, told, act("fay", e.EntriesMerged(entries=entries, into=noise, reason="x")))


def test_a_correction_by_a_stranger_to_leading_is_refused(told):
    """Hiding and merging is for who leads."""
    expect(RuleViolation, told, act("anna", e.EntryHidden(entry=number(told, "litter"), reason="x")))


# -- judgements -------------------------------------------------------------------------------------------------------


@pytest.fixture
def ranked(at):
    """A session in step 6 in which Anna ranked in an open round, and Rik entered Bert's order for him."""
    session = at("preselection")
    order = e.RankingSubmitted(round="r", tiers=(("lamp",), ("caretaker",)))
    record(
        session,
        act("fay", e.RoundOpened(round="r", asks="ranking")),
        act("anna", order),
        act("rik", order, on_behalf_of="bert"),
    )
    return session


def test_a_judgement_is_revised_not_reworded_hidden_or_merged(ranked):
    """Whoever leads has no hand in what a judge said."""
    sheet, other = (ranked.state.meeting.rounds["r"].sheets[judge].seq for judge in ("anna", "bert"))
    for event in (
        e.EntryReworded(entry=sheet, field="tiers", text="x", meaning_changed=False),
        e.EntryHidden(entry=sheet, reason="x"),
        e.EntriesMerged(entries=(other,), into=sheet, reason="x"),
    ):
        expect(RuleViolation, ranked, act("fay", event))


def test_a_judge_takes_back_a_judgement_while_the_round_is_open(ranked):
    """When it is closed it has been said."""
    sheet, other = (ranked.state.meeting.rounds["r"].sheets[judge].seq for judge in ("anna", "bert"))
    record(ranked, act("anna", e.EntryWithdrawn(entry=sheet, reason="rethink")))
    assert "anna" not in ranked.state.meeting.rounds["r"].sheets

    record(ranked, act("fay", e.RoundClosed(round="r")))
    expect(RuleViolation, ranked, act("bert", e.EntryWithdrawn(entry=other, reason="x")), saying="is closed")


def test_nobody_takes_back_a_judgement_for_its_judge(ranked):
    """Not through the door of entering for others either; only what was entered so."""
    sheet, other = (ranked.state.meeting.rounds["r"].sheets[judge].seq for judge in ("anna", "bert"))
    gone = e.EntryWithdrawn(entry=sheet, reason="x")
    expect(RuleViolation, ranked, act("rik", gone, on_behalf_of="anna"), saying="only they take back")

    record(ranked, act("rik", e.EntryWithdrawn(entry=other, reason="misread"), on_behalf_of="bert"))


def test_taking_back_the_last_word_leaves_the_one_before(ranked):
    """All words stay on record, and the earlier ones count again."""
    again = e.RankingSubmitted(round="r", tiers=(("both",),))
    [entered] = record(ranked, act("anna", again))
    record(ranked, act("anna", e.EntryWithdrawn(entry=entered.seq, reason="no")))

    assert ranked.state.meeting.rounds["r"].sheets["anna"].event.tiers == (("lamp",), ("caretaker",))


# -- staleness --------------------------------------------------------------------------------------------------------


def test_a_spelling_correction_unsettles_nothing(at):
    """Only a change of meaning does."""
    session = at("preselection")
    before = stale(session)
    lamp = session.state.solutions.solutions["lamp"].seq
    words = {"entry": lamp, "field": "title", "text": "A street lamp"}
    record(session, act("bert", e.EntryReworded(**words, meaning_changed=False)))
    assert stale(session) == before

    record(session, act("bert", e.EntryReworded(**words, meaning_changed=True)))
    assert "effect/lamp-safer" in stale(session)


def test_a_new_baseline_unsettles_what_is_measured_against_it(at):
    """Effects and costs are differences from it; what was reaffirmed on the new one still holds."""
    session = at("preselection")

    assert "effect/caretaker-safer" in stale(session)
    assert "effect/lamp-safer" not in stale(session)


def test_what_still_holds_is_said_of_what_is_stale_only(at):
    """Else it would settle nothing."""
    session = at("preselection")
    for thing in ("effect/lamp-safer", "effect/nothing", "solution/lamp"):
        expect(RuleViolation, session, act("anna", e.Reaffirmed(thing=thing, reason="x")), saying="nothing stale")


def test_a_judgement_on_what_changed_is_stale_until_its_judge_says_it_holds(ranked):
    """Nobody else may say so; then it counts again."""
    record(ranked, act("fay", e.RoundClosed(round="r")))
    lamp = ranked.state.solutions.solutions["lamp"].seq
    record(ranked, act("bert", e.EntryReworded(entry=lamp, field="title", text="Ten lamps", meaning_changed=True)))
    thing = f"ranking/{ranked.state.meeting.rounds['r'].sheets['anna'].seq}"
    assert thing in stale(ranked)
    holds = e.Reaffirmed(thing=thing, reason="ten is better")
    expect(RuleViolation, ranked, act("bert", holds), saying="reaffirmed by the judge")

    record(ranked, act("anna", holds))
    assert thing not in stale(ranked)


def test_moving_an_anchor_makes_the_scores_on_it_stale(at):
    """A seven between 0 and 10 is no seven between 0 and 100."""
    session = at("preselection")
    anchors = {"criterion": "safety", "title": "S", "worst": 0}
    lead = {"role": "facilitator"}
    record(
        session,
        act("fay", e.CriterionSet(**anchors, best=10), **lead),
        act("fay", e.RoundOpened(round="s", asks="scores")),
        act("anna", e.SolutionScored(round="s", scores={"lamp": {"safety": 7}})),
        act("fay", e.RoundClosed(round="s")),
        act("fay", e.CriterionSet(**anchors, best=100), **lead),
    )

    assert any(what.startswith("scores/") for what in stale(session))


def test_a_result_is_stale_when_a_late_sheet_came_in(ranked):
    """A result rests on the sheets it was computed from."""
    from afwegen.models.consensus_graph import ConsensusGraph

    opened = ranked.state.meeting.rounds["r"].opened_at
    record(ranked, act("fay", e.RoundClosed(round="r")))
    ranked.evaluate(ConsensusGraph(missing="last"), by="fay")
    assert "result/result-1" not in stale(ranked)

    order = e.RankingSubmitted(round="r", tiers=(("both",),))
    record(ranked, act("rik", order, on_behalf_of="cor", channel="paper", happened_at=opened))
    assert "result/result-1" in stale(ranked)


@pytest.mark.parametrize(
    ("kind", "field", "what"),
    [
        (e.CoreProblemFormulated, "statement", "core-problem/nowhere"),
        (e.CoreProblemFormulated, "statement", "core-effect/home"),
        (e.CoreProblemFormulated, "statement", "reconfirmation/again"),
        (e.BaselineDrafted, "description", "baseline"),
    ],
)
def test_an_agreement_on_other_words_is_stale(kind, field, what, at):
    """What was adopted, and what mirrors it, is looked at again when its meaning changed."""
    session = at("preselection")
    event = e.EntryReworded(entry=seq_of(session, kind), field=field, text="other", meaning_changed=True)
    record(session, act("fay", event))

    assert what in stale(session)


def test_a_nomination_and_a_priority_rest_on_what_they_name(at):
    """Each judgement keeps what it rests on."""
    session = at("preselection")
    record(
        session,
        act("fay", e.RoundOpened(round="n", asks="nominations")),
        act("anna", e.SolutionNominated(solution="lamp")),
    )
    record(session, act("fay", e.RoundClosed(round="n")))
    lamp = session.state.solutions.solutions["lamp"].seq
    record(session, act("bert", e.EntryReworded(entry=lamp, field="title", text="x", meaning_changed=True)))

    assert any(what.startswith("nominations/") for what in stale(session))


def test_at_the_end_of_the_tour_nothing_was_lost():
    """Every record is still there, whole, whatever was withdrawn, hidden, merged or reworded."""
    session = tour()
    records = session.history()

    assert len(records) == session.state.length
    assert not [
        entry for entry in records for value in vars_of(entry.event) if value in (e.ERASED, e.HIDDEN, e.MISSING)
    ]


def vars_of(event):
    return [getattr(event, field.name) for field in e.event_type(event).fields]


def test_given_is_a_session_of_its_own():
    """Two of them share nothing."""
    assert given().id != given().id
