"""Who may do what: roles, subgroups, on behalf of others, and who is known."""

import pytest

from afwegen import CodecError, RuleViolation
from afwegen import events as e
from afwegen.testing.sessions import act, expect, given, record

PROBLEM = e.ProblemReported(problem="noise", statement="Noise", why="no sleep", owner="residents")


def test_several_roles_are_an_error_that_lists_them(at):
    """The library does not guess in which role somebody acts."""
    session = at("inventory")
    record(session, act("fay", e.ParticipantInvited(participant="fay", name="Fay", perspective="police")))

    refusal = expect(RuleViolation, session, act("fay", e.PartyNamed(party="housing", name="H")))
    assert "facilitator, participant" in str(refusal)
    record(session, act("fay", e.PartyNamed(party="housing", name="H"), role="participant"))


def test_a_role_is_held_or_refused(at):
    """Saying so does not make it so; and a word that is no role is none."""
    session = at("inventory")

    expect(RuleViolation, session, act("anna", e.StepCompleted(step="inventory"), role="facilitator"))
    expect(RuleViolation, session, act("anna", PROBLEM, role="queen"), saying="this is no role")
    expect(RuleViolation, session, act("anna", e.NoteTaken(text="x"), role="system"))


def test_a_recorder_and_who_leads_enter_what_others_said(at):
    """The words are theirs; who typed them is on record."""
    session = at("inventory")
    [entered] = record(session, act("rik", PROBLEM, on_behalf_of="anna", channel="oral"))

    assert (entered.author, entered.by, entered.role) == ("anna", "rik", "participant")


def test_a_participant_enters_nothing_for_another(at):
    """They enter it themselves."""
    expect(RuleViolation, at("inventory"), act("anna", PROBLEM, on_behalf_of="bert"), saying="for another")


def test_what_is_entered_for_a_stranger_is_refused(at):
    """Nobody knows whose words they would be."""
    expect(RuleViolation, at("inventory"), act("rik", PROBLEM, on_behalf_of="stranger"), saying="no role here")


def test_a_subgroup_speaks_through_its_members(at):
    """Or through who leads or records; not through somebody else."""
    session = at("baseline")
    event = e.BaselineDrafted(description="as it is")
    expect(RuleViolation, session, act("cor", event, on_behalf_of="g1"), saying="one of its members")

    [entered] = record(session, act("anna", event, on_behalf_of="g1"))
    assert (entered.author, entered.role) == ("g1", "subgroup")
    record(session, act("rik", event, on_behalf_of="g1"))


def test_what_subgroups_do_not_do_they_do_not_do(at):
    """They do not lead."""
    expect(
        RuleViolation, at("baseline"), act("fay", e.BaselineAdopted(), on_behalf_of="g1"), saying="not for subgroups"
    )


def test_a_subgroup_that_was_taken_back_speaks_no_more(at):
    """Its earlier words stay."""
    session = at("baseline")
    record(session, act("fay", e.EntryWithdrawn(entry=session.state.meeting.subgroups["g1"].seq, reason="x")))
    event = e.BaselineDrafted(description="as it is")

    expect(RuleViolation, session, act("anna", event, on_behalf_of="g1"), saying="not known")


@pytest.mark.parametrize("members", [(), ("anna", "anna"), ("anna", "fay"), ("anna", "stranger")])
def test_a_subgroup_is_made_of_participants(members, at):
    """At least one, each once, all invited."""
    expect(RuleViolation, at("sharpening"), act("fay", e.SubgroupFormed(subgroup="g9", members=members)))


def test_a_subgroup_does_not_take_the_key_of_a_person(at):
    """Else it would not be known for whom somebody speaks."""
    event = e.SubgroupFormed(subgroup="anna", members=("bert",))

    expect(RuleViolation, at("sharpening"), act("fay", event), saying="a person has this key")


def test_a_subgroup_formed_in_the_same_call_speaks_in_it(at):
    """A batch is admitted on the growing state, and what the group says is the data of its members."""
    session = at("baseline")
    formed = e.SubgroupFormed(subgroup="g9", members=("anna", "cor"))
    records = session.record(
        formed,
        e.BaselineDrafted(description="as it is"),
        by="fay",
        on_behalf_of=(None, "g9"),
    )
    stored = list(session.store._logs[session.id].vault[records[1].seq])

    assert records[1].author == "g9"
    assert stored


def test_the_whole_group_speaks_through_who_leads(at):
    """Plenary is an author; a participant does not speak for all."""
    session = at("effects")
    event = e.CoreEffectChosen(core_effect="x", statement="home")
    expect(RuleViolation, session, act("anna", event, role="plenary"))

    record(session, act("fay", event, role="plenary"))


@pytest.mark.parametrize(
    "event",
    [
        e.AttendanceRecorded(meeting="one", present=("stranger",)),
        e.InsightNoted(insight="x", about="ourselves", acknowledged_by=("stranger",)),
        e.AppointmentMade(appointment="a", people=("stranger",), topic="x"),
        e.CoreProblemAdopted(core="nowhere", objections=(e.Objection(person="stranger", words="no"),)),
    ],
)
def test_people_who_are_named_are_known(event, at):
    """A key that nobody invited is a mistake."""
    session = at("sharpening")
    record(session, act("anna", e.CoreProblemFormulated(core="nowhere", statement="x", owners=("residents",))))

    expect(RuleViolation, session, act("fay", event), saying="not known")


def test_a_party_that_is_not_there_may_be_represented_by_one_who_is(at):
    """The owner is for whom it is a problem; not necessarily in the room."""
    record(at("inventory"), act("fay", e.PartyNamed(party="the-young", name="The young", represented_by=("eva",))))


# -- what cannot stand in the log -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        {"by": 5},
        {"by": ""},
        {"by": "\ud800"},
        {"by": None},
        {"by": "jochum", "on_behalf_of": 5},
        {"by": "jochum", "on_behalf_of": {"anna": 1}},
        {"by": "jochum", "on_behalf_of": "\ud800"},
        {"by": "jochum", "channel": "telepathy"},
        {"by": "jochum", "channel": None},
        {"by": "jochum", "key": 7},
        {"by": "jochum", "key": "\ud800"},
        {"by": "jochum", "happened_at": "yesterday"},
    ],
)
def test_an_envelope_that_cannot_stand_in_the_log_is_refused(how, started):
    """Before anything is written: a key that is no text, a channel that is none, a moment without a zone."""
    expect(CodecError, started, act(how.pop("by"), e.NoteTaken(text="x"), **how))


@pytest.mark.parametrize("by", [5, "", None, "\ud800"])
def test_a_session_is_started_by_somebody(by):
    """Else the log could not be read back."""
    with pytest.raises(CodecError):
        given(by=by)


def test_a_key_is_the_same_in_every_spelling(started):
    """Composed or decomposed: people type their name as their machine does."""
    invited = e.ParticipantInvited(participant="ren\u00e9", name="Ren\u00e9", perspective="resident")
    record(started, act("jochum", invited), act("rene\u0301", e.NoteTaken(text="here")))


@pytest.mark.parametrize("proposal", [e.NoteTaken, "note", None, {"text": "x"}])
def test_what_is_no_event_is_refused(proposal, started):
    """A class, a word, nothing: none of them is an act."""
    expect(CodecError, started, act("jochum", proposal))


def test_nothing_is_no_act(started):
    """A call without events is a mistake."""
    expect(RuleViolation, started, act("jochum"), saying="nothing was proposed")


@pytest.mark.parametrize("gone", [e.ERASED, e.HIDDEN, e.MISSING])
def test_a_value_that_is_gone_is_not_proposed(gone, started):
    """Only what was recorded can be erased or hidden."""
    expect(CodecError, started, act("jochum", e.NoteTaken(text=gone)))
