"""What a reader of bare entries cannot find: values, keys, and whether an optional field was filled in."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afwegen import codec
from afwegen.events import (
    EVENT_TYPES,
    AppointmentMade,
    CoreProblemAdopted,
    JudgeWeight,
    NoteTaken,
    Objection,
    OptionDeclared,
    ParticipantInvited,
    RankingSubmitted,
    event_type,
)
from afwegen.log import canonical
from afwegen.method import Role
from afwegen.testing.sessions import events

PEOPLE = ("q-anna-q", "q-bert-q", "q-cor-q")
same_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(event=events(people=PEOPLE), data=st.data())
@settings(same_fixture, max_examples=200)
def test_no_key_of_a_person_stands_in_an_entry(event, data, write):
    """Whoever is named, acts, or is acted for goes by a pseudonym: in every type of event."""
    behalf = data.draw(st.none() | st.sampled_from(PEOPLE))
    written = write(event, by="q-fay-q", on_behalf_of=behalf)

    for key in (*PEOPLE, "q-fay-q"):
        assert key.encode() not in written.encoded.entry


@given(event=events())
@settings(same_fixture, max_examples=200)
def test_an_entry_is_the_same_whatever_the_personal_values_are(event, write):
    """Take the commitments away, and nothing in an entry depends on a personal value: in every type of event."""
    declared = event_type(event)
    entry = write(event).entry
    public = {field.name for field in (*declared.public, *declared.people)}

    assert set(entry["fields"]) == public
    assert set(entry["commitments"]) == {field.name for field in declared.personal}
    assert all(len(urlsafe_b64decode(f"{code}=")) == 32 for code in entry["commitments"].values())


def test_words_that_were_said_are_not_in_the_octets(write):
    """Searched for as they were written."""
    entry = write(NoteTaken(text="mevrouw De Vries van nummer 12")).encoded.entry

    assert b"Vries" not in entry
    assert b"nummer" not in entry


def test_every_declared_field_is_committed_also_an_empty_one(write):
    """Presence leaks nothing: a ranking that abstains looks like one that does not."""
    abstaining = write(RankingSubmitted(round="order", abstains=True)).entry
    ranking = write(RankingSubmitted(round="order", tiers=(("a",), ("b",)))).entry

    del abstaining["commitments"], ranking["commitments"]
    assert abstaining["fields"] == ranking["fields"]
    assert set(write(RankingSubmitted(round="order")).entry["commitments"]) == {"tiers", "abstains"}


def test_a_commitment_is_what_the_design_says_it_is(write):
    """HMAC-SHA-256 under the salt, over the purpose, a zero octet and the canonical place and value: by hand."""
    written = write(NoteTaken(text="caf\u00e9"))
    row = canonical.decode(written.payloads[0])
    salt = urlsafe_b64decode(f"{row['salts']['text']}=")
    message = b"afwegen/commit/v1\x00" + '["s_1",3,"text","caf\u00e9"]'.encode()

    by_hand = urlsafe_b64encode(hmac.new(salt, message, hashlib.sha256).digest()).rstrip(b"=").decode()
    assert written.entry["commitments"]["text"] == by_hand


def test_the_key_of_a_person_is_committed_where_they_are_first_shown(write):
    """So nobody can swap two people in the vault unseen; by hand."""
    written = write(NoteTaken(text="hello"))
    [(pseudonym, payload)] = written.encoded.shown
    row = canonical.decode(payload)
    message = b"afwegen/commit/v1\x00" + f'["s_1",3,"person/{pseudonym}","anna"]'.encode()
    salt = urlsafe_b64decode(f"{row['salt']}=")

    by_hand = urlsafe_b64encode(hmac.new(salt, message, hashlib.sha256).digest()).rstrip(b"=").decode()
    assert written.entry["people"] == {pseudonym: by_hand}
    assert row["key"] == "anna"


def test_a_person_is_shown_once(write):
    """The second entry of somebody carries their pseudonym, and no commitment of their key."""
    first = write(NoteTaken(text="hello"))
    second = write(NoteTaken(text="again"), first.encoded.people)

    assert second.entry["by"] == first.entry["by"]
    assert second.entry["people"] == {}
    assert second.encoded.shown == ()


@given(event=events())
@settings(same_fixture, max_examples=200)
def test_no_two_values_share_a_salt(event, write):
    """With a salt of its own each, the opening of one value opens no other."""
    written = write(event)
    salts = [salt for payload in written.payloads for salt in canonical.decode(payload)["salts"].values()]
    salts += [canonical.decode(payload)["salt"] for _, payload in written.encoded.shown]

    assert len(set(salts)) == len(salts)
    assert all(len(urlsafe_b64decode(f"{salt}=")) == 32 for salt in salts)


def subjects(written):
    """Whose data each vault row is, by key."""
    keys = written.encoded.people.keys
    return [tuple(keys[pseudonym] for pseudonym in of) for of, _ in written.encoded.vault]


def test_a_value_is_the_data_of_who_said_it(write):
    """Unless the event says otherwise: of who acted."""
    assert subjects(write(NoteTaken(text="hello"))) == [("anna",)]


def test_a_value_entered_for_somebody_is_their_data(write):
    """Not of who typed it."""
    assert subjects(write(NoteTaken(text="hello"), by="rik", on_behalf_of="anna")) == [("anna",)]


def test_what_a_subgroup_said_is_the_data_of_its_members(write):
    """Whoever of them is erased takes it along."""
    written = write(
        RankingSubmitted(round="order", tiers=(("a",),)),
        members={"g1": ("anna", "bert")},
        subgroup="g1",
        role=Role.SUBGROUP,
    )

    assert subjects(written) == [("anna", "bert")]


def test_a_name_is_the_data_of_who_bears_it(write):
    """Not of who invited them."""
    invited = ParticipantInvited(participant="anna", name="Anna", perspective="resident")

    assert subjects(write(invited, by="jochum")) == [("anna",)]


def test_people_written_about_are_subjects(write):
    """An appointment is about those who made it; an objection inside an adoption about who objected."""
    made = AppointmentMade(appointment="coffee", people=("bert", "cor"), topic="the hall")
    adopted = CoreProblemAdopted(core="a", objections=[Objection(person="cor", words="no")])
    weighed = OptionDeclared(option="judge weights", weights=[JudgeWeight(judge="bert", weight=2)])

    assert subjects(write(made)) == [("bert", "cor")]
    assert ("cor",) in subjects(write(adopted))
    assert ("bert",) in subjects(write(weighed))


def test_every_field_says_whether_it_is_public():
    """An undeclared field would be nobody's decision."""
    undeclared = [
        (declared.name, field.name)
        for declared in EVENT_TYPES.values()
        for field in declared.fields
        if field.disclosure is None
    ]

    assert undeclared == []


def test_no_public_field_of_a_judgement_says_what_was_judged():
    """A round, a criterion, the way of weighing: what was asked is public, the answer never."""
    shown = {field.name for declared in EVENT_TYPES.values() if declared.judgement for field in declared.public}

    assert shown == {"round", "criterion", "method", "reconfirmation"}


def test_no_type_name_tells_an_answer():
    """A type that told yes from no would tell everybody who reads the entries."""
    telling = ("refused", "given", "agreed-with", "rejected", "approved", "accepted", "abstained", "preferred")

    assert [name for name in EVENT_TYPES if any(word in name for word in telling)] == []


def test_opening_finds_what_was_changed(write):
    """The same check as ``afwegen verify``: whole, then with one value changed."""
    written = write(NoteTaken(text="hello"))
    rows = dict(written.encoded.shown)

    assert codec.open_entry(written.encoded.entry, written.payloads, rows).closed == ()
