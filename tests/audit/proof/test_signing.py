"""A notary: when it signs, what it refuses to sign, and what it stops."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from afwegen import Session, open_store
from afwegen.audit import Checkpoint, Key, KeyList, Notary, newest_checkpoint, verify_installation, verify_store
from afwegen.demo import complex_a
from afwegen.errors import AfwegenError, IntegrityError
from afwegen.events import ParticipantInvited, SolutionProposed, StepOverridden, StepStarted
from afwegen.models import WeightedSum
from afwegen.stores.contract import Batch, Leaf
from afwegen.stores.memory import MemoryStore


def invite(session, name):
    session.record(ParticipantInvited(participant=name, name=name, perspective="resident"), by="jochum")


def sizes(store, session):
    return [leaf.size for _, leaf in store.entered_of(session.id)]


@pytest.fixture
def file(tmp_path, key):
    """A store in a file, its notary's held checkpoint beside it, one session of three records."""
    with open_store(f"sqlite:///{tmp_path / 'wijk.db'}") as store:
        notary = Notary(store, key, held=tmp_path / "held")
        session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
        invite(session, "anna")
        invite(session, "ben")
        notary.sign(session.id)
    return tmp_path / "wijk.db"


def reopened(file, key, **how):
    store = open_store(f"sqlite:///{file}")
    notary = Notary(store, key, held=file.parent / "held", **how)
    return store, notary


def test_it_signs_when_the_moment_has_come(notary):
    """At the start, when a step is left, and before a model answers; not in between."""
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    assert sizes(session.store, session) == [1]
    session.record(StepStarted(step="inventory"), by="jochum")
    assert sizes(session.store, session) == [1]
    session.record(StepOverridden(step="inventory", reason="overgeslagen"), by="jochum")
    assert sizes(session.store, session) == [1, 3]
    with pytest.raises(AfwegenError):
        session.evaluate(WeightedSum(), by="jochum")
    assert sizes(session.store, session) == [1, 3]
    invite(session, "anna")
    with pytest.raises(AfwegenError):
        session.evaluate(WeightedSum(), by="jochum")
    assert sizes(session.store, session) == [1, 3, 4]


def test_what_a_result_rests_on_was_signed_before(key):
    """The root in a recorded result is that of a checkpoint."""
    session = complex_a()
    notary = Notary(session.store, key)
    again = Session.load(notary.store, session.id, on_commit=notary)
    again.evaluate(WeightedSum(), by=session.state.preparation.organiser)
    result = again.history()[-1].event
    assert newest_checkpoint(notary.store, session.id).root.hex() == result.root
    assert newest_checkpoint(notary.store, session.id).size == result.upto


def test_each_checkpoint_is_a_leaf_and_the_installation_is_signed(store, keys):
    """Every leaf is under a checkpoint of the installation log."""
    report = verify_store(store, keys=keys)
    assert report.passed
    assert report.leaves == 4
    assert [size for size, _ in store.kept()] == [1, 2, 3, 4]
    assert not report[2].left_open
    assert Checkpoint.read(store.kept()[-1][1]).root == store.installation().root


def test_signing_twice_changes_nothing(session, notary, store):
    """The last checkpoint still says it all."""
    before = store.installation()
    assert notary.sign(session.id) == newest_checkpoint(store, session.id)
    assert store.installation() == before


def test_nothing_is_signed_for_what_was_not_committed(notary):
    """A refused act leaves no checkpoint."""
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    with pytest.raises(AfwegenError):
        session.record(SolutionProposed(solution="hek", title="Hek"), by="jochum")
    assert sizes(session.store, session) == [1]


class Broken:
    """A signer that cannot sign."""

    name = "wijk.example/afwegen"
    public = Key(name="x", seed=bytes(32)).public

    def sign(self, _):
        raise AfwegenError("the card is out of the reader", "put it back")


def test_what_was_recorded_stands_when_signing_fails():
    """A warning says that nothing was signed; the record is there, and the next one comes in."""
    notary = Notary(MemoryStore(), Broken())
    with pytest.warns(UserWarning, match=r"nothing was signed.*out of the reader"):
        session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    invite(session, "anna")
    assert session.state.length == 2
    assert notary.alarm is None


def test_any_object_that_signs_will_do(key):
    """A card, a service: what is needed is a name, a public key and sign."""

    class Card:
        name, public = key.name, key.public

        def sign(self, message):
            return key.sign(message)

    notary = Notary(MemoryStore(), Card())
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    assert verify_store(session.store, keys=KeyList(keys=(key.verifier,))).passed


# Backups and tampering


def test_a_restored_backup_takes_nothing_more(file, key, tmp_path):
    """Behind the checkpoint held outside: the refusal says so, with the way out; reading goes on."""
    shutil.copy(file, tmp_path / "backup.db")
    store, notary = reopened(file, key)
    with store:
        session = Session.load(notary.store, store.sessions()[0].id, on_commit=notary)
        invite(session, "cor")
        notary.sign(session.id)
    (tmp_path / "backup.db").replace(file)

    store, notary = reopened(file, key)

    with store:
        session = Session.load(notary.store, session.id, on_commit=notary)
        assert session.state.length == 3
        with pytest.raises(IntegrityError, match=r"behind.*newer copy of the store"):
            invite(session, "dirk")
        with pytest.raises(IntegrityError, match="behind"):
            notary.sign(session.id)
        assert store.head(session.id).length == 3


def test_a_store_that_goes_on_is_taken(file, key):
    """The same file, opened again: nothing is wrong, and signing goes on from where it was."""
    store, notary = reopened(file, key)
    with store:
        session = Session.load(notary.store, store.sessions()[0].id, on_commit=notary)
        invite(session, "cor")
        notary.sign(session.id)
        assert sizes(store, session) == [1, 3, 4]
        assert verify_store(store, keys=KeyList(keys=(key.verifier,))).passed


def test_another_history_is_not_signed_for(file, key):
    """An entry rewritten past the library, with its leaf: the notary sees another root, and stops."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("DROP TRIGGER afwegen_entries_update")
        db.execute("UPDATE afwegen_entries SET entry = CAST(replace(entry, 'resident', 'residing') AS BLOB)")
        db.commit()
    with closing(sqlite3.connect(file)) as db:
        db.execute(
            "CREATE TRIGGER afwegen_entries_update BEFORE UPDATE ON afwegen_entries"
            " BEGIN SELECT RAISE(ABORT, 'the log is append only'); END"
        )
        db.commit()
    store, notary = reopened(file, key)
    with store:
        with pytest.raises(IntegrityError, match="not those that were signed for"):
            notary.sign(store.sessions()[0].id)
        with pytest.raises(IntegrityError, match="not those that were signed for"):
            notary.store.append(Batch(session="new", expected=0, entries=(b"{}",), secret=bytes(32)))


def test_a_lost_session_is_missed(key):
    """The installation log tells of it, also when the store holds nothing of it."""
    notary = Notary(MemoryStore(), key)
    Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    held = notary.cosign()
    other = MemoryStore()
    other.enter(0, tuple(notary.store.entered()))

    again = Notary(other, key, known=(held,))

    with pytest.raises(IntegrityError, match="has 0 entries, and 1 were signed for"):
        again.insist()
    assert verify_installation(other)[2].verdict.value == "FAIL"


def test_a_fork_of_the_installation_is_refused(key):
    """Another first leaf than the one in the checkpoint held."""
    notary = Notary(MemoryStore(), key)
    Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    held = notary.cosign()
    other = MemoryStore()
    other.enter(0, (Leaf(session="", size=0, note=b"another"),))

    with pytest.raises(IntegrityError, match="not those of a checkpoint held"):
        Notary(other, key, known=(held,)).insist()


def test_a_checkpoint_of_another_installation_is_refused(key):
    """A file held for somebody else."""
    other = Notary(MemoryStore(), Key(name="elders.example", seed=bytes(32)))
    Session.start(other.store, title="Wijk", area="X", by="jochum", on_commit=other)
    with pytest.raises(IntegrityError, match="another log"):
        Notary(MemoryStore(), key, known=(other.cosign(),)).insist()


def test_what_is_held_must_be_a_checkpoint(key, tmp_path):
    """A file that is something else raises the alarm; a folder is an error at once."""
    (tmp_path / "held").write_text("nothing")
    with pytest.raises(IntegrityError, match="a note is text"):
        Notary(MemoryStore(), key, held=tmp_path / "held").insist()
    with pytest.raises(AfwegenError, match="cannot be read"):
        Notary(MemoryStore(), key, held=tmp_path)


# Rotation


def test_keys_hand_over(session, notary, store, key, keys):
    """After the rotation the new key signs; who trusts the old one follows."""
    new = Key(name=key.name, seed=bytes(31) + b"1")
    notary.rotate(new)
    session.export(format="json-lines", by="jochum")
    notary.sign(session.id)

    assert verify_store(store, keys=keys).passed
    assert verify_store(store, keys=KeyList(keys=(key.verifier, new.verifier))).passed
    assert not verify_store(store, keys=KeyList(keys=(new.verifier,))).passed


def test_a_leaked_key_hands_over_nothing(store, notary, key):
    """Who has the key could write a rotation to one of their own."""
    new = Key(name=key.name, seed=bytes(31) + b"1")
    notary.rotate(new)
    listed = KeyList(keys=(key.verifier,), leaked=frozenset((key.verifier,)))
    assert not verify_store(store, keys=listed).passed


def test_what_is_newer_than_the_newest_checkpoint_is_said(session, store, keys):
    """It could still be rewritten by who owns database and key."""
    session.export(format="json-lines", by="jochum")
    report = verify_store(store, keys=keys)
    assert report.passed
    assert "1 records and 0 leaves are newer" in report[2].left_open[0]
    assert not verify_store(store, keys=keys, require=(2,)).passed
