"""Recording: all or nothing, once, and beside others."""

import pytest

from afwegen import ConflictError, RuleViolation, Session
from afwegen import events as e
from afwegen.errors import CodecError, UnknownSession
from afwegen.testing.sessions import Ticking, act, expect, given, record

NOTE = e.NoteTaken(text="tea")
BEGIN = e.StepStarted(step="inventory")
PROBLEM = e.ProblemReported(problem="noise", statement="Noise", why="no sleep", owner="residents")


def beside(session):
    """The same session, as somebody else holds it."""
    return Session.load(session.store, session.id, clock=Ticking(session.core.clock.now))


@pytest.fixture
def session(store):
    """A session in step 1, in which Anna and Bert take part."""
    invited = (
        e.ParticipantInvited(participant=key, name=key.title(), perspective="resident") for key in ("anna", "bert")
    )
    return given(act("jochum", *invited, BEGIN), store=store)


# -- all or nothing ---------------------------------------------------------------------------------------------------


def test_several_acts_are_recorded_together(session):
    """Each is admitted on the state the one before left."""
    records = session.record(PROBLEM, e.ProblemPrioritised(problem="noise"), by="anna")

    assert [entry.seq for entry in records] == [4, 5]
    assert session.history()[4:] == records


def test_one_refused_act_refuses_all(session):
    """Of a batch nothing is recorded when something is refused: whichever it is."""
    for batch in ((PROBLEM, PROBLEM), (e.ProblemPrioritised(problem="noise"), PROBLEM), (NOTE, e.BaselineAdopted())):
        expect(RuleViolation, session, act("anna", *batch))


@pytest.mark.parametrize("size", [32 * 1024 + 1, 40_000, 100_000])
def test_a_personal_value_above_32_kib_is_refused_with_its_size(size, session):
    """Also behind one that is not too large; the log is untouched."""
    refusal = expect(CodecError, session, act("anna", NOTE, e.NoteTaken(text="x" * size)), saying="say it shorter")

    assert refusal.got == size + 2


def test_a_personal_value_of_32_kib_is_recorded(session):
    """To the octet, quotation marks included."""
    record(session, act("anna", e.NoteTaken(text="x" * (32 * 1024 - 2))))

    assert len(session.history()[-1].event.text) == 32 * 1024 - 2


def test_an_entry_above_32_kib_is_refused(session):
    """An entry of public values or of people; the log is untouched."""
    problems = tuple(
        e.ProblemReported(problem=f"{number:063}a", statement="x", why="x", owner="x") for number in range(600)
    )
    record(session, act("anna", *problems))
    parts = tuple(problem.problem for problem in problems)

    record(
        session,
        act("anna", PROBLEM),
        act("jochum", e.StepCompleted(step="inventory"), e.StepStarted(step="sharpening")),
    )
    event = e.ProblemSplit(problem="noise", into=parts, reason="x")
    expect(CodecError, session, act("anna", event), saying="32")


# -- once -------------------------------------------------------------------------------------------------------------


def test_the_same_call_under_the_same_key_is_recorded_once(session):
    """It returns the first records, here and where somebody else holds the session."""
    first = session.record(PROBLEM, NOTE, by="anna", key="k")
    assert session.record(PROBLEM, NOTE, by="anna", key="k") == first
    assert beside(session).record(PROBLEM, NOTE, by="anna", key="k") == first
    assert session.state.length == 6


def test_after_others_wrote_a_key_still_returns_the_first_records(session):
    """However much came between."""
    first = session.record(PROBLEM, by="anna", key="k")
    record(beside(session), act("bert", NOTE), act("jochum", e.StepCompleted(step="inventory")))

    assert session.record(PROBLEM, by="anna", key="k") == first


@pytest.mark.parametrize(
    "other",
    [
        act("anna", NOTE, PROBLEM, key="k"),
        act("anna", PROBLEM, NOTE, key="k"),
        act("bert", NOTE, key="k"),
        act("anna", e.NoteTaken(text="coffee"), key="k"),
        act("anna", NOTE, channel="async", key="k"),
    ],
)
def test_a_key_belongs_to_one_call(other, session):
    """Other acts, another order, another person, other words, another channel: each refused."""
    record(session, act("anna", NOTE, key="k"))

    expect(RuleViolation, session, other)


def test_a_refused_call_leaves_its_key_free(session):
    """Only what was recorded uses up a key."""
    expect(RuleViolation, session, act("anna", e.BaselineAdopted(), key="k"))

    record(session, act("anna", NOTE, key="k"))


# -- beside others ----------------------------------------------------------------------------------------------------


def test_an_act_that_settles_nothing_is_admitted_again_on_the_news(session):
    """Two people write at once, and both are recorded."""
    other = beside(session)
    record(session, act("anna", NOTE))
    [second] = record(other, act("bert", e.NoteTaken(text="coffee")))

    assert second.seq == 5
    assert session.refresh() == other.state


def test_an_act_that_the_news_made_impossible_is_refused_with_the_reason(session):
    """On the fresh state, by the rule it breaks there."""
    other = beside(session)
    record(session, act("anna", PROBLEM))

    with pytest.raises(RuleViolation, match="already"):
        record(other, act("bert", PROBLEM))
    assert other.state == session.state


@pytest.mark.parametrize("event", [e.StepCompleted(step="inventory"), e.SessionEnded(outcome="stopped", reason="x")])
def test_an_act_that_settles_something_is_not_repeated_by_itself(event, session):
    """Somebody decides on the news, which the refusal shows; then they may decide again."""
    record(session, act("anna", PROBLEM))
    other = beside(session)
    news = record(session, act("bert", e.ProblemPitched(problem="noise")))
    root = session.store.head(session.id).frontier.root
    with pytest.raises(ConflictError) as conflict:
        record(other, act("jochum", event))

    assert (conflict.value.expected, conflict.value.found, conflict.value.news) == (5, 6, news)
    assert session.store.head(session.id).frontier.root == root
    assert other.state == session.state
    record(other, act("jochum", event))


def test_many_hands_at_once_lose_nothing_and_double_nothing(store):
    """Eight holders of one session, who all write without looking."""
    session = given(store=store)
    holders = [beside(session) for _ in range(8)]
    for number, holder in enumerate(holders * 3):
        record(holder, act("jochum", e.NoteTaken(text=str(number))))

    told = [entry.event.text for entry in Session.load(store, session.id).history()[1:]]
    assert told == [str(number) for number in range(24)]


# -- reading back -----------------------------------------------------------------------------------------------------


def test_the_log_is_all_there_is(session):
    """Loaded from its store, a session is what it was."""
    record(session, act("anna", PROBLEM, e.ProblemPrioritised(problem="noise")))
    loaded = Session.load(session.store, session.id)

    assert loaded.state == session.state
    assert loaded.history() == session.history()


def test_at_every_length_the_state_is_what_it_was(session):
    """``at(n)`` is the state after the first n records."""
    states = [session.at(number) for number in range(session.state.length + 1)]

    assert [state.length for state in states] == list(range(5))
    assert states[-1] == session.state
    for wrong in (-1, 6):
        with pytest.raises(RuleViolation, match="records"):
            session.at(wrong)


def test_a_session_that_is_not_there_is_not_there(store):
    """Said by its own error, which is a LookupError."""
    with pytest.raises(UnknownSession):
        Session.load(store, "s_nowhere")


def test_a_value_that_is_gone_without_an_erasure_is_warned_of():
    """Loading goes on, and says what to run."""
    session = given(act("jochum", NOTE, e.NoteTaken(text="coffee")))
    del session.store._logs[session.id].vault[1]

    with pytest.warns(
        UserWarning, match=r"personal values of 1 records are gone, first of record 1: run afwegen verify"
    ):
        loaded = Session.load(session.store, session.id)
    assert [said.event.text for _, said in sorted(loaded.state.meeting.notes.items())] == [e.MISSING, "coffee"]


def test_who_is_gone_from_the_vault_shows_as_a_pseudonym():
    """Never as erased: maps keep their keys apart."""
    session = given(act("jochum", NOTE))
    session.store._logs[session.id].people.clear()
    loaded = Session.load(session.store, session.id)

    assert loaded.history()[1].by.startswith("~p_")
    assert loaded.state.preparation.organiser == loaded.history()[1].by
