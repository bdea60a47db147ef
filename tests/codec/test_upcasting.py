"""Entries of an older version are read as the version that is written now, by everything that reads."""

from contextlib import contextmanager

import pytest
from attrs import evolve

from afwegen import Session, audit, codec, feed, open_store
from afwegen.codec.reading import how_to_read
from afwegen.codec.writing import how_to_write
from afwegen.errors import CodecError, IntegrityError
from afwegen.events import EVENT_TYPES, MISSING, NoteTaken, ParticipantInvited, declaration, upcasting
from afwegen.events.declaration import event
from afwegen.events.words import Id, Person, Personal, Public, Text
from afwegen.interop import jsonlines
from afwegen.log import canonical
from afwegen.method import RULES_VERSION, Role
from afwegen.projections import Projection, advance
from afwegen.steps import state
from afwegen.stores.contract import Batch, PersonRow, VaultRow
from afwegen.testing.sessions import Ticking, act, given


@contextmanager
def world(*declare):
    """A vocabulary with invented events in it, as if the library had been released so."""
    types, classes, upcasters = {**declaration._types}, {**declaration._by_class}, {**upcasting._upcasters}
    effects = {**state._EFFECTS}
    try:
        for each in declare:
            each()
        new = {declared.cls: state._effect(declared) for name, declared in EVENT_TYPES.items() if name not in types}
        state._EFFECTS.update(new)
        yield
    finally:
        for register, before in (
            (declaration._types, types),
            (declaration._by_class, classes),
            (upcasting._upcasters, upcasters),
            (state._EFFECTS, effects),
        ):
            register.clear()
            register.update(before)
        how_to_read.cache_clear()
        how_to_write.cache_clear()


def invented(name):
    """Declare an event of a meeting."""

    def declare(cls):
        cls.__module__ = "afwegen.events.meeting"
        return event(name, by=(Role.ORGANISER, Role.FACILITATOR))(cls)

    return declare


class First:
    """What somebody saw, as it was said at first."""

    thing: Public[Id]
    place: Public[Text]
    seen: Personal[Text]
    who: Person


class Second:
    """In the second version there are several places, the words have another name, and so has the person."""

    thing: Public[Id]
    places: Public[tuple[Text, ...]]
    words: Personal[Text]
    witness: Person


class Third:
    """In the third it also says how sure they were, which nobody had been asked before."""

    thing: Public[Id]
    places: Public[tuple[Text, ...]]
    words: Personal[Text]
    witness: Person
    sure: Public[Text | None] = None


def of_first(fields):
    return {"thing": fields["thing"], "places": [fields["place"]], "words": fields["seen"], "witness": fields["who"]}


def of_second(fields):
    return {**fields, "sure": None}


def lifted_from_first():
    upcasting.upcaster("thing-seen/1", public=("thing", "place"), personal=("seen",), people=("who",))(of_first)


def lifted_from_second():
    upcasting.upcaster("thing-seen/2", public=("thing", "places"), personal=("words",), people=("witness",))(of_second)


@pytest.fixture
def store():
    """A store with a session in which the first version was recorded, for Anna."""
    opened, made = open_store("memory:"), []
    with world(lambda: made.append(invented("thing-seen/1")(First))):
        session = given(
            act("jochum", ParticipantInvited(participant="anna", name="Anna", perspective="resident")),
            act("jochum", made[0](thing="lamp", place="the stairs", seen="it was dark", who="anna")),
            act("jochum", NoteTaken(text="afterwards")),
            store=opened,
        )
        assert audit.verify_session(opened, session.id).passed
    return opened


def now(*versions):
    """Declare the newest version, and how the older ones are read."""
    made = []

    def declare():
        made.append(invented(f"thing-seen/{2 if versions == (lifted_from_first,) else 3}")(versions_of[versions]))
        for version in versions:
            version()

    return declare, made


versions_of = {(lifted_from_first,): Second, (lifted_from_first, lifted_from_second): Third}


@pytest.mark.parametrize("versions", versions_of, ids=("one version on", "two versions on"))
def test_everything_that_reads_shares_the_upcaster(store, versions, tmp_path):
    """Replay, feed, projection, export, verification: each shows the newest version; the bytes stay what they were."""
    (head,) = store.sessions()
    before = [stored.entry for stored in store.read(head.id)]
    declare, made = now(*versions)
    with world(declare):
        session = Session.load(store, head.id, clock=Ticking())
        expected = made[0](thing="lamp", places=("the stairs",), words="it was dark", witness="anna")

        assert session.history()[2].event == expected
        assert [item.record.event for item in feed(store, viewer="jochum") if item.seq == 2] == [expected]
        told = []
        advance(store, Projection(name="told", version=1, apply=lambda _, item: told.append(item.record.event)))
        assert told[2] == expected
        report = audit.verify_session(store, head.id)
        assert report.passed
        assert [level.verdict for level in report.levels if level.number in {1, 2, 4, 5}] == [audit.Verdict.PASS] * 4

        session.record(made[0](thing="door", places=("a", "b"), words="open", witness="anna"), by="jochum")
        assert Session.load(store, head.id).state == session.state
        (tmp_path / "new.jsonl").write_text(
            "".join(jsonlines.lines(session, viewer="jochum")), encoding="utf-8", newline=""
        )
        exported = list(jsonlines.read(tmp_path / "new.jsonl").records())
        assert exported[2].event == expected
    assert [stored.entry for stored in store.read(head.id)][: len(before)] == before


def test_an_export_of_an_older_version_is_read(store, tmp_path):
    """It holds the old fields, and is as good as the log it came from."""
    (head,) = store.sessions()
    made = []
    with world(lambda: made.append(invented("thing-seen/1")(First))):
        session = Session.load(store, head.id)
        (tmp_path / "old.jsonl").write_text(
            "".join(jsonlines.lines(session, viewer="jochum")), encoding="utf-8", newline=""
        )
    declare, made = now(lifted_from_first)
    with world(declare):
        records = list(jsonlines.read(tmp_path / "old.jsonl").records())
        assert records[2].event == made[0](thing="lamp", places=("the stairs",), words="it was dark", witness="anna")


def test_what_is_gone_stays_gone(store):
    """An upcaster is given the mark of absence, and moves it along; the opening is of the old path."""
    (head,) = store.sessions()
    stored = list(store.read(head.id))[2]
    declare, _ = now(lifted_from_first)
    with world(declare):
        assert codec.decode(stored.entry, [], codec.NOBODY).event.words is MISSING
        persons = {row.pseudonym: row.payload for row in store.people(head.id)}
        payloads = [payload for _, payload in stored.vault]
        assert codec.open_entry(stored.entry, payloads, persons).closed == ()
        changed = [payload.replace(b"dark", b"late") for payload in payloads]
        with pytest.raises(IntegrityError, match="the seen of record 2"):
            codec.open_entry(stored.entry, changed, persons)


def test_an_older_entry_with_other_fields_is_refused(store):
    """An old version has its own fields, no more and no fewer; and what comes of it has those of the new one."""
    (head,) = store.sessions()
    stored = list(store.read(head.id))[2]
    payloads = [payload for _, payload in stored.vault]
    document = canonical.decode(stored.entry)
    del document["fields"]["place"]
    declare, _ = now(lifted_from_first)
    with world(declare), pytest.raises(CodecError, match="thing-seen/1 has other fields") as refused:
        codec.decode(canonical.encode(document), payloads, codec.NOBODY)
    assert refused.value.got == ["place"]

    def halfway():
        invented("thing-seen/2")(Second)
        upcasting.upcaster("thing-seen/1", public=("thing", "place"), personal=("seen",), people=("who",))(dict)

    with world(halfway), pytest.raises(CodecError, match="thing-seen/2 has other fields"):
        codec.decode(stored.entry, payloads, codec.NOBODY)


def test_an_upcaster_is_for_a_version_that_is_no_longer_written():
    """And there is one for each."""
    with world(lifted_from_first):
        for name in ("note-taken/1", "thing-seen/1", "thing-seen"):
            with pytest.raises(CodecError, match="no longer written") as refused:
                upcasting.upcaster(name)
            assert refused.value.got == name


# A log of a newer library


def test_a_newer_version_of_an_event_is_refused(store):
    """With the version, and what to do; by the feed and by verification too."""
    (head,) = store.sessions()
    with world(lambda: invented("thing-seen/2")(Second)), pytest.raises(CodecError) as refused:
        upcasting.lifts("thing-seen/3")
    assert "version 3, and 2 is the newest known here" in str(refused.value)

    for read in (lambda: Session.load(store, head.id), lambda: list(feed(store))):
        with pytest.raises(CodecError, match="this type of event is not known") as refused:
            read()
        assert "install a newer afwegen" in refused.value.do
        assert refused.value.got == "thing-seen/1"


@pytest.fixture
def rewritten():
    """Make a store whose only session says in its first entry something else."""

    def make(session, **fields):
        (first, *rest) = session.store.read(session.id)
        document = canonical.decode(first.entry)
        document["fields"].update(fields)
        entries = (canonical.encode(document), *(stored.entry for stored in rest))
        vault = tuple(
            VaultRow(seq=stored.seq, part=part, subjects=(), payload=payload)
            for stored in (first, *rest)
            for part, payload in stored.vault
        )
        people = tuple(
            PersonRow(seq=row.seq, pseudonym=row.pseudonym, payload=row.payload)
            for row in session.store.people(session.id)
        )
        store = open_store("memory:")
        store.append(
            Batch(session=session.id, expected=0, entries=entries, vault=vault, people=people, secret=bytes(32))
        )
        return store

    return make


def test_the_version_to_install_is_said(store, rewritten):
    """Where a newer library began the session, its version; an older one cannot be the reason."""
    (head,) = store.sessions()
    with world(lambda: invented("thing-seen/1")(First)):
        session = Session.load(store, head.id)
    for library, do in (("7.2.0", "install afwegen 7.2.0 or later"), ("0.0.9", "install a newer afwegen")):
        newer = rewritten(session, library=library)
        with pytest.raises(CodecError, match="not known") as refused:
            Session.load(newer, session.id)
        assert do in refused.value.do


def test_newer_rules_are_refused(rewritten):
    """What a session means under rules that are not known here cannot be told; verification says NOT CHECKED."""
    session = given(act("jochum", NoteTaken(text="afterwards")))
    newer = rewritten(session, rules=RULES_VERSION + 1, library="7.2.0")

    with pytest.raises(CodecError, match=f"rules of version {RULES_VERSION + 1}") as refused:
        Session.load(newer, session.id)
    assert refused.value.do == "install afwegen 7.2.0 or later"
    report = audit.verify_session(newer, session.id)
    assert report.levels[3].verdict is audit.Verdict.NOT_CHECKED


def test_no_upcaster_is_needed_yet():
    """Of every event the first version is still the one that is written."""
    assert upcasting.UPCASTERS == {}
    assert {name.partition("/")[2] for name in EVENT_TYPES} == {"1"}
    assert evolve(upcasting.shape_of("note-taken/1")).names == {"text"}
