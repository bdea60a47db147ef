"""Whom the vault says its values are about is held against whom the records are about: an erasure goes by it."""

import pytest

from afwegen import Session, open_store
from afwegen.audit import Verdict, verify_session
from afwegen.events import CoreProblemFormulated, SubgroupChanged, SubgroupFormed
from afwegen.testing.tour import reached, tour


@pytest.fixture
def toured(tmp_path):
    """A whole session, in a file."""
    with open_store(f"sqlite:///{tmp_path}/tour.db") as store:
        yield store, tour(store)


def level_5(store, session):
    return verify_session(store, session.id)[5]


def test_everything_there_can_be_is_about_whom_it_says(toured):
    """Of every event that people may propose."""
    store, session = toured

    assert level_5(store, session).verdict is Verdict.PASS
    assert {subject for _, _, subject in store.subjects(session.id)} <= set(session.core.people.keys)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM afwegen_subjects WHERE (seq, part, subject) = (:seq, :part, :subject)",
        "INSERT INTO afwegen_subjects SELECT session, :seq, :part, 'p_of_nobody' FROM afwegen_subjects LIMIT 1",
        "INSERT INTO afwegen_subjects SELECT session, :seq, 99, :subject FROM afwegen_subjects LIMIT 1",
    ],
)
def test_a_link_that_is_gone_added_or_of_no_row_is_found(toured, change):
    """Also where the value itself is as it was entered."""
    store, session = toured
    seq, part, subject = list(store.subjects(session.id))[20]
    store._db.execute(change, {"seq": seq, "part": part, "subject": subject})

    assert level_5(store, session).verdict is Verdict.FAIL
    assert f"the values of record {seq} are about others" in level_5(store, session).findings[0]


def test_the_words_of_a_subgroup_are_about_who_was_in_it_then():
    """A batch that says something for a subgroup and then changes it: who came later said nothing."""
    store = open_store("memory:")
    session = reached("sharpening", store)
    session.record(SubgroupFormed(subgroup="g1", members=("anna", "bert")), by="fay")
    said, _ = session.record(
        CoreProblemFormulated(core="nowhere", statement="The young have no place", owners=("residents",)),
        SubgroupChanged(subgroup="g1", members=("cor", "eva"), reason="others"),
        by="fay",
        on_behalf_of=("g1", None),
    )

    about = {subject for seq, _, subject in store.subjects(session.id) if seq == said.seq}
    assert about == {session.core.people.pseudonyms[key] for key in ("anna", "bert")}
    assert level_5(store, Session.load(store, session.id)).verdict is Verdict.PASS
