"""Who sees what: blind rounds, disclosure, closing words; on every path that takes a viewer."""

import pytest

from afwegen import RuleViolation
from afwegen import events as e
from afwegen.models.consensus_graph import ConsensusGraph
from afwegen.testing.sessions import act, expect, record
from afwegen.testing.tour import tour

PROBLEM = e.ProblemReported(problem="boris", statement="Boris shouts", why="we wake up", owner="family-boris")
VIEWERS = ("bert", "cor", None)


def text(session, viewer):
    """Everything a viewer is shown: the state and all records, as text."""
    return repr(session.seen_by(viewer)) + repr(list(session.records_seen_by(viewer)))


@pytest.fixture
def blind(at):
    """A session in step 1 in which Anna wrote in a blind round that is open, and corrected herself in it."""
    session = at("inventory")
    record(session, act("fay", e.RoundOpened(round="r", asks="problems", blind=True)), act("anna", PROBLEM))
    entry = session.state.inventory.problems["boris"].seq
    record(
        session,
        act("anna", e.EntryReworded(entry=entry, field="why", text="Boris wakes us", meaning_changed=False)),
        act("anna", e.ProblemOwnerAdded(problem="boris", owner="boris-mother", why="Boris is hers")),
        act("anna", e.EntryObjected(entry=entry, objection="Boris again")),
    )
    return session


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_is_written_blind_is_seen_by_nobody_else(viewer, blind):
    """Not its words, not its id, not for whom, not what was said about it: until the round closes."""
    assert "oris" not in text(blind, viewer)


def test_what_is_written_blind_is_seen_by_who_wrote_it_and_who_entered_it(blind):
    """Their own words are theirs."""
    record(
        blind, act("rik", e.ProblemReported(problem="cats", statement="Cats", why="fur", owner="x"), on_behalf_of="cor")
    )

    assert "Boris shouts" in text(blind, "anna")
    assert "Cats" in text(blind, "rik")
    assert "Cats" in text(blind, "cor")
    assert "Cats" not in text(blind, "anna")


def test_who_wrote_blind_is_seen(blind):
    """That somebody entered something, and when, is visible; and of whom nothing came yet."""
    assert blind.awaited() == {"r": ("bert", "cor", "eva")}
    assert [entry.by for entry in blind.records_seen_by("bert") if isinstance(entry.event, e.ProblemReported)] == [
        "anna"
    ]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_when_the_round_closes_it_is_seen(viewer, blind):
    """By everybody, for it is no judgement."""
    record(blind, act("fay", e.RoundClosed(round="r")))

    assert "Boris shouts" in text(blind, viewer)


def test_outside_a_blind_round_it_is_seen_at_once(at):
    """Writing in the open is open."""
    session = at("inventory")
    record(session, act("anna", PROBLEM))

    assert "Boris shouts" in text(session, None)


ORDER = e.RankingSubmitted(round="r", tiers=(("lamp",), ("caretaker",), ("both",)))


def judging(at, disclosure, *, of="participants", blind=False):
    session = at("preselection")
    if disclosure == "secret":
        record(session, act("fay", e.DisclosureDeclared(disclosure="secret", minimum_judges=2)))
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking", of=of, blind=blind)))
    return session


def tiers(session, viewer, judge="anna"):
    sheet = session.seen_by(viewer).meeting.rounds["r"].sheets.get(judge)
    return None if sheet is None else sheet.event.tiers


@pytest.mark.parametrize("close", [False, True])
def test_by_default_a_participant_s_judgement_is_their_own(close, at):
    """Disclosure is per subgroup."""
    session = judging(at, "group")
    record(session, act("anna", ORDER))
    if close:
        record(session, act("fay", e.RoundClosed(round="r")))

    assert tiers(session, "bert") is e.HIDDEN
    assert tiers(session, "anna") == ORDER.tiers


def test_by_default_a_subgroup_s_judgement_is_everybody_s_once_the_round_is_closed(at):
    """Orders are presented and laid side by side."""
    session = judging(at, "group", of="subgroups", blind=True)
    record(session, act("anna", ORDER, on_behalf_of="g1"))
    assert tiers(session, "cor", "g1") is e.HIDDEN
    assert tiers(session, "bert", "g1") == ORDER.tiers

    record(session, act("fay", e.RoundClosed(round="r")))
    assert tiers(session, "cor", "g1") == ORDER.tiers


def test_in_a_secret_session_no_judgement_is_seen(at):
    """Of a subgroup neither; one's own is."""
    session = judging(at, "secret", of="subgroups")
    record(session, act("anna", ORDER, on_behalf_of="g1"), act("fay", e.RoundClosed(round="r")))

    assert [tiers(session, who, "g1") for who in ("bert", "cor")] == [ORDER.tiers, e.HIDDEN]


def test_closing_words_are_seen_by_nobody_else():
    """They are shown in totals only."""
    session = tour()

    assert "at last" not in text(session, "bert")
    assert "at last" in text(session, "anna")


def test_the_public_sees_no_key_and_no_name():
    """People go by pseudonyms, also inside a model's result, an adoption and an appointment."""
    session = tour()
    shown = text(session, None)

    for key, guest in session.state.preparation.participants.items():
        assert f"'{key}'" not in shown
        assert f'"{key}"' not in shown
        assert str(guest.name) not in shown


def test_nobody_unknown_looks(at):
    """A viewer is somebody with a part in the session, or the public."""
    session = at("inventory")
    for look in (session.seen_by, lambda viewer: list(session.records_seen_by(viewer))):
        with pytest.raises(RuleViolation, match="not known"):
            look("stranger")


def test_hiding_changes_nothing_for_the_operator(blind):
    """``session.state`` is the operator's view."""
    assert blind.state.inventory.problems["boris"].statement == "Boris shouts"


def test_no_model_sees_an_open_round(at):
    """It waits for everybody."""
    from afwegen import ProfileError

    session = judging(at, "group")
    record(session, act("anna", ORDER))
    with pytest.raises(ProfileError, match="close"):
        session.profile(round="r")
    with pytest.raises(ProfileError):
        session.evaluate(ConsensusGraph(), by="fay", round="r")


def test_in_a_secret_session_a_result_needs_judges_enough(at):
    """None below the minimum: neither recorded, nor as a what-if."""
    session = judging(at, "secret")
    record(session, act("anna", ORDER), act("fay", e.RoundClosed(round="r")))
    root = session.store.head(session.id).frontier.root
    for ask in (
        lambda: session.evaluate(ConsensusGraph(), by="fay"),
        lambda: session.what_if(model=ConsensusGraph(), without="lamp"),
        lambda: session.what_if(model=ConsensusGraph(), without="anna"),
    ):
        with pytest.raises(RuleViolation, match="secret"):
            ask()
    assert session.store.head(session.id).frontier.root == root


def test_in_a_secret_session_judges_are_not_left_out_one_by_one(at):
    """The difference would be the judgement."""
    session = judging(at, "secret")
    record(session, act("anna", ORDER), act("bert", ORDER), act("cor", ORDER), act("fay", e.RoundClosed(round="r")))

    session.evaluate(ConsensusGraph(), by="fay")
    with pytest.raises(RuleViolation, match="secret"):
        session.what_if(model=ConsensusGraph(), without="anna")


def test_disclosure_is_for_who_leads_to_declare(at):
    """Not for a participant."""
    expect(RuleViolation, at("preselection"), act("anna", e.DisclosureDeclared(disclosure="secret")))
