"""Erasure: what goes, what stays, and how everything copes with what is gone."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afwegen import AsyncSession, Session, open_async_store, open_store
from afwegen import events as e
from afwegen.audit import Verdict, verify_session, verify_store
from afwegen.cli import telling
from afwegen.demo import complex_a
from afwegen.errors import CodecError, ProfileError, RuleViolation, StoreError
from afwegen.events import ERASED
from afwegen.feeds import feed
from afwegen.interop import jsonlines
from afwegen.log.frontier import EMPTY
from afwegen.method import Step
from afwegen.models import AHP, ConsensusGraph, WeightedSum, compare

KEY = "zebedeus-key"
WORDS = ("pimpernel", "marjolein", "dragonwort")
ABOUT = (1, 5, 7, 8, 9)
"""The records with something about who is erased: the invitation, a note, a problem, an appointment, an export."""


def verdict(session, level):
    return verify_session(session.store, session.id)[level].verdict


def test_a_person_is_erased(session):
    """The log says so, under the pseudonym; what is about them is ERASED, and what is others' stays."""
    pseudonym, before = session.core.people.pseudonyms[KEY], session.store.head(session.id)

    done = session.erase(KEY, by="jochum", ground="consent withdrawn")

    assert (done.subjects, done.entries, done.scrubbed) == ((pseudonym,), ABOUT, True)
    assert [said.event.format for said in done.exports] == ["summary"]
    history = session.history()
    assert history[-1].event == e.SubjectErased(subject=pseudonym, ground="consent withdrawn", entries=ABOUT)
    assert {seq for seq in range(10) if ERASED in vars_of(history[seq].event)} == {*ABOUT}
    assert history[5].by == f"~{pseudonym}" in session.state.preparation.participants
    assert history[6].event.text == "tea"
    assert history[8].event.people == ("ben", f"~{pseudonym}")
    assert [stored.entry for stored in session.store.read(session.id)][: before.length]
    assert Session.load(session.store, session.id).state == session.state


def vars_of(event):
    return list(vars(event).values()) if hasattr(event, "__dict__") else [getattr(event, n) for n in event.__slots__]


def test_proofs_stay_valid(session):
    """No level fails: the entries are those that were, and what is gone is covered."""
    before = session.store.head(session.id).frontier

    session.erase(KEY, by=KEY)

    assert EMPTY.extend(session.store.leaves(session.id, 0, before.size)) == before
    report = verify_session(session.store, session.id)
    assert report.passed
    assert [report[level].verdict for level in (1, 2, 7)] == [Verdict.PASS] * 3
    assert report[5].verdict is Verdict.NOT_CHECKED
    assert "erased" in report[5].said
    assert "everything, in 5 records, request" in report[7].notes[0]
    assert verify_store(session.store)[7].notes == report[7].notes


def test_what_is_gone_without_an_erasure_still_fails(session):
    """Beside an erasure, a value that somebody took away is missing, not erased."""
    session.erase(KEY, by="jochum")
    from afwegen.stores.contract import Forgetting

    session.store.forget(Forgetting(session=session.id, rows=((6, 0),)))
    session.store.scrub()

    assert verdict(session, 5) is Verdict.FAIL
    assert verdict(session, 7) is Verdict.PASS
    with pytest.warns(UserWarning, match="first of record 6"):
        loaded = Session.load(session.store, session.id)
    assert loaded.history()[6].event.text is e.MISSING


def test_only_who_they_are_may_be_erased(session):
    """The key and what was said of them when they came in; what they said stays, under the pseudonym."""
    done = session.erase(KEY, by="jochum", scope="identity")

    assert done.entries == (1, 9)
    assert session.history()[9].event.viewer is ERASED
    assert session.history()[1].event.name is ERASED
    assert session.history()[5].by.startswith("~p_")
    assert WORDS[0] in session.history()[5].event.text
    assert verify_session(session.store, session.id).passed
    rest = session.erase(done.subjects[0], by="jochum")
    assert rest.entries == ABOUT
    assert session.history()[-1].event.entries == tuple(seq for seq in ABOUT if seq not in done.entries)


def test_it_may_be_repeated(session):
    """By pseudonym, and all at once: nothing is appended, and nothing changes."""
    pseudonym = session.erase(KEY, by="jochum").subjects[0]
    length, state = session.state.length, session.state

    for done in (
        session.erase(pseudonym, by="anna"),
        session.erase(f"~{pseudonym}", by="anna"),
        session.erase_again(),
    ):
        assert (done.subjects, done.entries) == ((pseudonym,), ABOUT)
    assert (session.state.length, session.state) == (length, state)
    with pytest.raises(RuleViolation, match="not known here"):
        session.erase(KEY, by="anna")
    with pytest.raises(RuleViolation, match="not known here"):
        session.erase("nobody", by="anna")


def test_the_same_key_is_somebody_new(session):
    """With a pseudonym of its own; erasing it again leaves the first erasure as it was."""
    first = session.erase(KEY, by="jochum").subjects[0]
    with pytest.raises(RuleViolation):
        session.record(e.NoteTaken(text="back"), by=KEY)
    session.record(e.ParticipantInvited(participant=KEY, name="Z.", perspective="resident"), by="jochum")
    session.record(e.NoteTaken(text="back"), by=KEY)

    assert session.core.people.pseudonyms[KEY] != first
    assert session.subject(KEY).pseudonym == session.core.people.pseudonyms[KEY]
    assert len(session.subject(KEY).made) == 1
    second = session.erase(KEY, by="jochum").subjects[0]
    assert {f"~{first}", f"~{second}"} < set(session.state.preparation.participants)
    assert verify_session(session.store, session.id).passed


def test_of_who_is_erased_nothing_more_is_recorded(session):
    """Not by them, not for them, and not with them in it: the pseudonym is no key."""
    gone = f"~{session.erase(KEY, by='jochum').subjects[0]}"
    length = session.state.length

    for attempt in (
        lambda: session.record(e.NoteTaken(text="still here"), by=gone),
        lambda: session.record(e.NoteTaken(text="for them"), by="jochum", on_behalf_of=gone),
        lambda: session.record(e.SubgroupFormed(subgroup="group", members=("anna", gone)), by="jochum"),
        lambda: session.record(e.ParticipantInvited(participant="~x", name="X", perspective="x"), by="jochum"),
    ):
        with pytest.raises(CodecError, match="was erased"):
            attempt()
    assert session.state.length == length


def test_the_key_of_a_call_answers_whatever_is_called(session):
    """What was called is forgotten: the key returns the first records, and appends nothing."""
    with pytest.raises(RuleViolation, match="another call"):
        session.record(e.NoteTaken(text="something else"), by=KEY, key="from-the-form")
    session.erase(KEY, by="jochum")

    (again,) = session.record(e.NoteTaken(text="something else"), by="anna", key="from-the-form")

    assert (again.seq, again.event.text) == (5, ERASED)


def test_somebody_who_holds_the_session_forgets_too(session):
    """Another holder, at the next look: nothing of what was erased is left in what they hold."""
    other = Session.load(session.store, session.id)
    session.erase(KEY, by="jochum")

    other.record(e.NoteTaken(text="more tea"), by="anna")

    assert KEY not in other.core.people.pseudonyms
    assert other.history()[1].event.name is ERASED
    assert other.state == session.refresh()


def test_what_is_recorded_meanwhile_is_erased_too(told, monkeypatch):
    """Somebody enters something of theirs after the store was asked what there is: the log then says that as well."""
    store = open_store("memory:")
    session = told(store)
    other = Session.load(store, session.id, clock=session.core.clock)
    about, asked = store.about, []

    def slow(key, pseudonym):
        found = about(key, pseudonym)
        if not asked:
            asked.append(other.record(e.NoteTaken(text="meanwhile"), by=KEY))
        return found

    monkeypatch.setattr(store, "about", slow)
    done = session.erase(KEY, by="jochum")

    assert done.entries == (*ABOUT, 10)
    assert [said.event.entries for said in session.state.meeting.erasures] == [ABOUT, (10,)]
    assert session.history()[10].event.text is ERASED
    assert verify_session(store, session.id).passed


def test_a_text_is_redacted(session):
    """One field of one record, or all; whoever else is in it stays."""
    done = session.redact(7, "why", by="jochum", ground="names a third person")

    assert (done.subjects, done.entries) == ((), (7,))
    event = session.history()[7].event
    assert (event.why, event.statement) == (ERASED, f"about {WORDS[1]}")
    report = verify_session(session.store, session.id)
    assert report.passed
    assert report[7].notes == (f"{session.id}, record 10: why in record 7, names a third person",)
    session.redact(7, by="jochum", ground="unlawful")
    assert session.history()[7].event.statement is ERASED
    assert session.redact(7, by="jochum", ground="unlawful").entries == (7,)
    assert session.state.length == 12
    assert verify_session(session.store, session.id).passed


@pytest.mark.parametrize(("entry", "fields"), [(99, ()), (-1, ()), (7, ("problem",)), (7, ("nothing",)), (4, ())])
def test_what_cannot_be_redacted_is_refused(session, entry, fields):
    """No such record, no such field, or nothing personal in it; nothing is appended."""
    with pytest.raises(RuleViolation):
        session.redact(entry, *fields, by="jochum", ground="by mistake")
    assert session.state.length == 10


def test_an_archived_session_can_be_erased_from(session):
    """It bears nothing else any more."""
    session.record(
        e.SessionEnded(outcome="stopped", reason="no money"), e.SessionArchived(), by="jochum", role="organiser"
    )

    assert session.erase(KEY, by="jochum").entries == ABOUT
    assert session.redact(6, by="jochum", ground="by mistake").entries == (6,)


def test_more_records_than_an_event_holds_are_several_events(monkeypatch, told):
    """An entry has 32 KiB: the rest goes into the next one, together."""
    monkeypatch.setattr("afwegen.personal.AT_ONCE", 2)
    session = told(open_store("memory:"))

    assert session.erase(KEY, by="jochum").entries == ABOUT
    assert [said.event.entries for said in session.state.meeting.erasures] == [(1, 5), (7, 8), (9,)]
    assert verify_session(session.store, session.id).passed


def test_the_feed_tells_nothing_of_it(session):
    """What was told before is not told again; what comes is ERASED."""
    session.erase(KEY, by="jochum")

    told_again = [item.record for item in feed(session.store, viewer="anna")]

    assert told_again[5].event.text is ERASED
    assert told_again[1].event.participant.startswith("~p_")


@pytest.mark.parametrize("url", ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_same_for_an_event_loop(request, url, file):
    """Every verb, on every store that does not keep a loop waiting."""
    where = {"memory": "memory:", "sqlite": file}.get(url) or request.getfixturevalue("postgres")

    async def erase():
        async with await open_async_store(where) as store:
            session = await AsyncSession.start(store, title="Complex A", area="Municipality X", by="jochum")
            await session.record(
                e.ParticipantInvited(participant=KEY, name="Z", perspective="resident"),
                e.NoteTaken(text="tea"),
                by="jochum",
            )
            assert len((await session.subject(KEY)).about) == 1
            done = await session.erase(KEY, by="jochum")
            await session.redact(2, by="jochum", ground="by mistake")
            again = await session.erase_again()
            history = await session.history()
            assert (history[1].event.name, history[2].event.text) == (ERASED, ERASED)
            assert again.subjects == done.subjects
            assert again.entries == (1, 2)

    asyncio.run(erase())


def test_whose_view_a_file_was_is_about_that_person(session):
    """The viewer of an export is nobody's business: the public sees a pseudonym, and it goes with the person."""
    pseudonym = session.core.people.pseudonyms[KEY]

    assert session.history()[9].event.viewer == KEY
    assert next(iter(session.seen_by(None).meeting.exports)).event.viewer == f"~{pseudonym}"
    session.erase(KEY, by="jochum")
    assert session.history()[9].event.viewer is ERASED
    assert next(iter(session.seen_by(None).meeting.exports)).event.viewer is ERASED


# -- the right of access ----------------------------------------------------------------------------------------------


def test_a_person_is_told_everything(session):
    """What they made, what is about them, what names them, and which files were made since they came in."""
    session.record(e.MeetingOpened(meeting="first"), by="jochum")
    session.record(e.AttendanceRecorded(meeting="first", present=(KEY,)), by="jochum")

    told_them = session.subject(KEY)

    assert (told_them.key, told_them.pseudonym) == (KEY, session.core.people.pseudonyms[KEY])
    assert [record.seq for record in told_them.made] == [5, 7]
    assert [record.seq for record in told_them.about] == [*ABOUT]
    assert [record.seq for record in told_them.named] == [11]
    assert [record.seq for record in told_them.exports] == [9]
    assert told_them == session.subject(told_them.pseudonym)
    session.erase(KEY, by="jochum")
    left = session.subject(told_them.pseudonym)
    assert (left.key, left.about) == (None, ())
    assert [record.seq for record in left.named] == [1, 8, 11, 12]
    with pytest.raises(RuleViolation, match="not known here"):
        session.subject("nobody")


# -- everybody copes --------------------------------------------------------------------------------------------------


def cope(session):
    """Go every way on which somebody might stumble over what is gone."""
    state = session.state
    for n in (0, state.length // 3, state.length):
        session.at(n)
    session.advice(), session.awaited(), state.stale
    for step in Step:
        telling.facts(state, step)
    telling.summary(state)
    known = [key for key in state.preparation.participants if not key.startswith("~")]
    for viewer in (None, *known[:1]):
        seen = session.seen_by(viewer)
        assert seen.length == state.length
    assert Session.load(session.store, session.id).state == state
    report = verify_session(session.store, session.id)
    assert report.passed, report
    return report


@pytest.fixture(scope="module")
def people():
    """The keys of everybody in the demonstration."""
    return sorted(complex_a().core.people.pseudonyms)


@pytest.mark.slow
def test_each_in_the_demonstration_can_be_erased(people):
    """In turn, each from a session of its own would be dear: one after another, until nobody is left."""
    session = complex_a()
    frozen = [said.event.tiers for _, said in sorted(session.state.meeting.results.items())]
    random.Random(1).shuffle(people)
    for number, key in enumerate(people):
        done = session.erase(key, by=people[0] if number == 0 else session.state.preparation.organiser.strip("~"))
        assert done.entries
        assert [said.event.tiers for _, said in sorted(session.state.meeting.results.items())] == frozen
        if number % 4:
            continue
        report = cope(session)
        assert report[7].verdict is Verdict.PASS
    assert not set(people) & set(session.core.people.pseudonyms)
    with pytest.raises(ProfileError, match="no judgement is left"):
        session.profile()


def test_results_that_rest_on_what_is_gone(tmp_path):
    """They stand, frozen and marked; what is weighed anew leaves the erased judgements out, and says so."""
    session = complex_a()
    judges = session.profile().judges
    frozen = [said.event.tiers for _, said in sorted(session.state.meeting.results.items())]

    session.erase("fatima", by="jochum")

    said = [each.event for _, each in sorted(session.state.meeting.results.items())]
    assert [event.tiers for event in said] == frozen
    assert {event.outcome for event in said} == {ERASED}
    profile = session.profile()
    assert len(profile.judges) == len(judges) - 1
    assert any("erased" in note for note in ConsensusGraph().evaluate(profile).notes)
    assert compare(profile, (WeightedSum(), AHP(), ConsensusGraph())).rows
    assert "sheets" in cope(session)[6].said
    session.evaluate(ConsensusGraph(), by="jochum")
    assert "3 of 4" in verify_session(session.store, session.id)[6].said
    file = tmp_path / "export.jsonl"
    file.write_text("".join(jsonlines.lines(session)), encoding="utf-8")
    assert len(list(jsonlines.read(file).records())) == session.state.length


@settings(max_examples=15)
@given(order=st.permutations([KEY, "anna", "ben", "jochum"]), redacted=st.sets(st.sampled_from([5, 6, 7, 8])))
def test_in_whatever_order(told, order, redacted):
    """People and texts, all of them: the entries never change, nothing fails, and loading gives what is held."""
    session = told(open_store("memory:"))
    before = [stored.entry for stored in session.store.read(session.id)]
    for seq in sorted(redacted):
        session.redact(seq, by="jochum", ground="by mistake")
    for key in order:
        session.erase(key, by=key)
        cope(session)

    assert [stored.entry for stored in session.store.read(session.id)][:10] == before
    assert not [stored for stored in session.store.read(session.id) if stored.vault]
    assert session.store.people(session.id) == ()


# -- on a connection of the host --------------------------------------------------------------------------------------


def test_on_a_connection_of_the_host(file, told):
    """It joins the transaction, rolled back or committed; the scrubbing comes after it, and says so."""
    import sqlite3

    path = file.removeprefix("sqlite:///")
    with open_store(file) as store:
        session_id = told(store).id
    host = sqlite3.connect(path, isolation_level=None)
    session = Session.load(open_store(host), session_id)
    host.execute("BEGIN IMMEDIATE")
    session.erase(KEY, by="jochum")
    host.execute("ROLLBACK")
    session.rolled_back()
    assert session.history()[5].by == KEY

    host.execute("BEGIN IMMEDIATE")
    done = session.erase(KEY, by="jochum")
    host.execute("COMMIT")
    session.committed()

    assert not done.scrubbed
    with pytest.raises(StoreError, match="after the commit"):
        session.store.scrub()
    host.close()
    with open_store(file) as store:
        assert verify_session(store, session_id)[7].verdict is Verdict.FAIL
        store.scrub()
        assert verify_session(store, session_id)[7].verdict is Verdict.PASS
