"""From judgements to a profile: which of them count, and what is said of those that do not."""

from datetime import timedelta

import pytest

from afwegen import ProfileError, RuleViolation
from afwegen import events as e
from afwegen.models import ConsensusGraph, WeightedSum
from afwegen.testing.sessions import act, record
from afwegen.testing.tour import reached

ONE, OTHER = (("lamp",), ("caretaker",), ("both",)), (("both",), ("caretaker",), ("lamp",))
GRAPH = ConsensusGraph(missing="last")


def opened(session, key, **more):
    record(session, act("fay", e.RoundOpened(round=key, **{"asks": "ranking", **more})))


def closed(session, key):
    record(session, act("fay", e.RoundClosed(round=key)))


def ranks(session, key, judge, tiers, **how):
    record(session, act(judge, e.RankingSubmitted(round=key, tiers=tiers), **how))


def first_places(profile):
    """By judge, what stands on top."""
    ranking = profile.rankings["overall"]
    return {judge: profile.alternatives[ranking[row].argmin()] for row, judge in enumerate(profile.judges)}


@pytest.fixture
def session():
    """A session that has just begun step 6."""
    return reached("preselection")


def test_a_session_without_judgements_has_no_profile(session):
    """The refusal says what to do."""
    with pytest.raises(ProfileError, match="open a round"):
        session.profile()


def test_the_last_closed_round_counts(session):
    """Not an earlier one, and never an open one."""
    for key, tiers in (("r1", ONE), ("r2", OTHER)):
        opened(session, key)
        ranks(session, key, "anna", tiers)
        closed(session, key)
    assert first_places(session.profile()) == {"anna": "both"}

    opened(session, "r3")
    ranks(session, "r3", "anna", ONE)
    assert first_places(session.profile()) == {"anna": "both"}
    assert first_places(session.profile(round="r1")) == {"anna": "lamp"}


def test_an_open_round_alone_is_no_profile(session):
    """It says which to close."""
    opened(session, "r")
    ranks(session, "r", "anna", ONE)

    with pytest.raises(ProfileError, match="close the open round first"):
        session.profile()


def test_participants_and_subgroups_are_never_together(session):
    """Or a person counts twice: participants where they judged, else subgroups."""
    opened(session, "g", of="subgroups")
    ranks(session, "g", "anna", ONE, on_behalf_of="g1")
    closed(session, "g")
    assert session.profile().judges == ("g1",)

    opened(session, "p")
    ranks(session, "p", "cor", OTHER)
    closed(session, "p")
    assert session.profile().judges == ("cor",)
    assert session.profile(judges="subgroups").judges == ("g1",)
    with pytest.raises(ProfileError, match="for participants"):
        session.profile(round="p", judges="subgroups")


@pytest.mark.parametrize("key", ["nowhere", "writing"])
def test_a_round_that_no_model_weighs_is_no_profile(key, session):
    """Unknown, or about something else."""
    with pytest.raises(ProfileError):
        session.profile(round=key)


def test_stale_sheets_are_left_out_with_a_note(session):
    """What a judge judged has changed since."""
    opened(session, "r", alternatives=("lamp", "caretaker", "both"))
    ranks(session, "r", "anna", ONE)
    ranks(session, "r", "bert", (("caretaker",), ("both",)))
    closed(session, "r")
    lamp = session.state.solutions.solutions["lamp"].seq
    record(session, act("bert", e.EntryReworded(entry=lamp, field="title", text="Ten", meaning_changed=True)))
    profile = session.profile()

    assert profile.judges == ("bert",)
    assert any("stale" in note for note in profile.notes)


def test_who_abstains_is_left_out_with_a_note(session):
    """An abstention is no order."""
    opened(session, "r")
    ranks(session, "r", "anna", ONE)
    record(session, act("bert", e.RankingSubmitted(round="r", abstains=True)))
    closed(session, "r")

    assert session.profile().judges == ("anna",)
    assert any("abstained" in note for note in session.profile().notes)


def test_subgroups_of_unequal_size_are_noted(session):
    """They count the same unless weights were declared."""
    record(session, act("fay", e.SubgroupChanged(subgroup="g1", members=("anna",))))
    opened(session, "g", of="subgroups")
    ranks(session, "g", "anna", ONE, on_behalf_of="g1")
    ranks(session, "g", "cor", OTHER, on_behalf_of="g2")
    closed(session, "g")
    assert any("unequal size" in note for note in session.profile().notes)

    weights = tuple(e.JudgeWeight(judge=key, weight=weight) for key, weight in (("g1", 1), ("g2", 2)))
    record(session, act("fay", e.OptionDeclared(option="judge weights", weights=weights)))
    assert not any("unequal size" in note for note in session.profile().notes)
    assert tuple(session.profile().weights) == (1, 2)


def test_a_late_sheet_counts(session):
    """Entered from paper after the round closed, written while it was open."""
    opened(session, "r")
    then = session.state.meeting.rounds["r"].opened_at + timedelta(seconds=1)
    ranks(session, "r", "anna", ONE)
    closed(session, "r")
    ranks(session, "r", "rik", OTHER, on_behalf_of="bert", channel="paper", happened_at=then)

    assert session.profile().judges == ("anna", "bert")


def test_scores_weights_and_comparisons_come_together(session):
    """Each from the last closed round of its kind."""
    lead = {"role": "facilitator"}
    record(
        session,
        *(act("fay", e.CriterionSet(criterion=key, title=key, worst=0, best=10), **lead) for key in ("safe", "cost")),
    )
    opened(session, "s", asks="scores")
    opened(session, "w", asks="criteria weights")
    sheets = {key: {"safe": 8, "cost": 2} for key in ("lamp", "caretaker", "both")}
    record(
        session,
        act(
            "anna",
            e.SolutionScored(round="s", scores=sheets),
            e.CriteriaWeighed(round="w", weights={"safe": 3, "cost": 1}),
        ),
    )
    closed(session, "s")
    closed(session, "w")
    profile = session.profile()

    assert profile.criteria == ("safe", "cost")
    assert profile.scores.shape == (1, 3, 2)
    assert WeightedSum().evaluate(profile).ranking == (("caretaker", "lamp", "both"),)


# -- results and what-ifs ---------------------------------------------------------------------------------------------


@pytest.fixture
def ranked(session):
    """Anna, Bert and Cor ranked; the round is closed."""
    opened(session, "r")
    for judge, tiers in (("anna", OTHER), ("bert", ONE), ("cor", OTHER)):
        ranks(session, "r", judge, tiers)
    closed(session, "r")
    return session


def test_a_result_is_recorded_with_what_it_was_made_from(ranked):
    """The model and its parameters, the selection, the length and the root; nobody's name in the entry."""
    root = ranked.store.head(ranked.id).frontier.root
    outcome = ranked.evaluate(GRAPH, by="fay")
    event = ranked.history()[-1].event

    assert (event.upto, event.root, event.rounds) == (ranked.state.length - 1, root.hex(), ("r",))
    assert event.tiers == outcome.ranking
    assert event.judge_count == 3
    entry = list(ranked.store.read(ranked.id))[-1].entry
    assert not any(key in entry for key in (b"anna", b"bert", b'"cor"'))


def test_a_result_shortlists_nothing(ranked):
    """Models compute, show and compare; people choose."""
    ranked.evaluate(GRAPH, by="fay")

    assert ranked.state.preselection.shortlist is None


def test_what_if_somebody_had_been_absent(ranked):
    """Before, after, and whether the order differs."""
    without = ranked.what_if(without="bert", model=GRAPH)

    assert without.before.profile.judges == ("anna", "bert", "cor")
    assert without.after.profile.judges == ("anna", "cor")
    assert ranked.what_if(model=GRAPH).changed is False


def test_what_if_knows_whom_it_leaves_out(ranked):
    """A judge, a criterion, an alternative; nothing else."""
    with pytest.raises(ProfileError, match="choose from"):
        ranked.what_if(without="nobody", model=GRAPH)
    assert "lamp" not in ranked.what_if(without="lamp", model=GRAPH).after.profile.alternatives


def test_a_member_of_a_judging_subgroup_is_not_left_out_alone(session):
    """The refusal names the subgroup."""
    opened(session, "g", of="subgroups")
    ranks(session, "g", "anna", ONE, on_behalf_of="g1")
    ranks(session, "g", "cor", OTHER, on_behalf_of="g2")
    closed(session, "g")

    with pytest.raises(ProfileError, match="member of subgroup 'g1'"):
        session.what_if(without="anna", model=GRAPH)
    assert session.what_if(without="g1", model=GRAPH).after.profile.judges == ("g2",)


def test_the_session_itself_proposes_a_result(ranked):
    """Nobody records one by hand."""
    result = next(
        entry.event
        for entry in (ranked.evaluate(GRAPH, by="fay"), *ranked.history())[1:]
        if entry.type == "model-evaluated/1"
    )

    with pytest.raises(RuleViolation, match="the session itself"):
        ranked.record(result, by="fay")
