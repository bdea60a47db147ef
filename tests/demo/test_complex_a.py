"""The demonstration session keeps every promise that is made of it."""

import pytest

from afwegen import Step
from afwegen.audit import verify_session
from afwegen.demo import complex_a
from afwegen.demo.judgements import ALTERNATIVES
from afwegen.events import (
    EVENT_TYPES,
    ChoiceMade,
    DepartureExplained,
    OutlierDiscussed,
    ParticipantInvited,
    ReconfirmationAnswered,
    RoundClosed,
    RoundOpened,
    StepReopened,
)
from afwegen.models import AHP, ConsensusGraph, WeightedSum, compare

NOT_TOLD = {
    "no-solution-found/1": "solutions were found",
    "session-archived/1": "follow-up goes on",
    "subject-erased/1": "nobody asked for it",
    "text-redacted/1": "nothing had to be",
}
"""The events that do not occur in the story, and why."""


@pytest.fixture(scope="module")
def session():
    """The session, played once for all of this file."""
    return complex_a()


@pytest.fixture(scope="module")
def records(session):
    return session.history()


def events(records, kind):
    return [record.event for record in records if isinstance(record.event, kind)]


def test_about_fourteen_people_of_five_organisations(records):
    """The group has the size the method advises, and residents in it."""
    invited = events(records, ParticipantInvited)
    people = {event.participant for event in invited}
    organisations = {event.organisation for event in invited if event.organisation}

    assert 13 <= len(people) <= 16
    assert len(organisations) == 5
    assert "anna" in people


def test_every_step_was_completed(session):
    """From occasion to choice and follow-up, every step came to its output."""
    assert all(session.state.progress.of(step).completed is not None for step in Step)


def test_every_event_of_the_vocabulary_occurs_but_those_named(records):
    """The story uses the whole vocabulary; what it leaves out is named with the reason."""
    assert set(EVENT_TYPES) - {record.type for record in records} == set(NOT_TOLD)


def test_a_refused_reconfirmation_reopens_a_step(records):
    """Somebody refused to reconfirm, and a step was opened again because of it."""
    refused = [event for event in events(records, ReconfirmationAnswered) if event.agrees is False]

    assert refused
    assert all(event.objection for event in refused)
    assert events(records, StepReopened)


def test_an_outlier_is_discussed_after_subgroups_ranked(records):
    """Orders of subgroups were laid side by side before the group talked about where they differ."""
    closed = [
        record.seq
        for record in records
        if isinstance(record.event, RoundClosed)
        and any(
            opened.round == record.event.round and opened.of == "subgroups" and opened.asks == "ranking"
            for opened in events(records, RoundOpened)
        )
    ]
    discussed = [record.seq for record in records if isinstance(record.event, OutlierDiscussed)]

    assert closed
    assert max(closed) < min(discussed)


def test_the_weighted_sum_gives_what_the_first_page_shows(session):
    """The caretaker comes first; renovation and demolition tie exactly."""
    outcome = WeightedSum().evaluate(session.profile())

    assert outcome.ranking == (("caretaker",), ("renovation", "demolition"))
    assert outcome.scores["renovation"] == outcome.scores["demolition"]
    assert outcome.why("caretaker").sentences("nl")


def test_participants_judge_for_all_three_models(session):
    """Thirteen participants judged, Anna among them, and every model can be applied."""
    profile = session.profile()

    assert "anna" in profile.judges
    assert set(profile.alternatives) == set(ALTERNATIVES)
    assert all(row.outcome is not None for row in compare(profile, [WeightedSum(), AHP(), ConsensusGraph()]))


def test_without_anna_the_outcome_is_another(session):
    """One judge of thirteen can make a difference under the consensus graph, and the session says so."""
    assert session.what_if(without="anna", model=ConsensusGraph()).changed


def test_the_choice_departs_from_one_model_with_the_reason(session, records):
    """People chose otherwise than one model would, and said why; no advice on it is left open."""
    (chosen,) = events(records, ChoiceMade)
    departures = {event.departs_from for event in events(records, DepartureExplained)}

    assert chosen.chosen == session.state.choice.chosen
    assert "a model" in departures
    assert "departs-from-a-model" not in {piece.rule for piece in session.advice()}


def test_nothing_is_stale_in_the_end(session):
    """What had become stale was redone or reaffirmed."""
    assert session.state.stale == ()


def test_everybody_can_look(session):
    """Every participant, and the public, sees a state of the same length."""
    viewers = (None, *session.state.preparation.participants)

    assert {session.seen_by(viewer).length for viewer in viewers} == {session.state.length}


def test_the_log_verifies(session):
    """Nothing fails, and all that can be judged without keys passes."""
    report = verify_session(session.store, session.id, require=(1, 2, 4, 5, 6))

    assert report.passed, report
