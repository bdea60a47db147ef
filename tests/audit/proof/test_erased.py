"""What was proven before an erasure is proven after it."""

from afwegen import Session
from afwegen.audit import Checkpoint, Receipt, Verdict, receipt, verify_bundle, verify_session, write_bundle
from afwegen.events import NoteTaken, StepCompleted


def test_checkpoints_and_receipts_stay_valid(notary, session, keys, tmp_path):
    """Those held, and those of before that a participant shows; new ones are made, and open only what is there."""
    store = session.store
    before = receipt(store, session.id, 5, openings=True)
    held = tuple(Checkpoint.read(leaf.note) for _, leaf in store.entered_of(session.id))
    root = store.head(session.id).frontier.root

    Session.load(store, session.id, clock=session.core.clock, on_commit=notary).erase("anna", by="jochum")
    newest = notary.sign(session.id)

    report = verify_session(store, session.id, keys=keys, since=held)
    assert report.passed
    assert [report[level].verdict for level in (1, 2, 3, 7)] == [Verdict.PASS] * 4
    assert newest.size == held[-1].size + 1
    assert root == held[-1].root
    for level in (*Receipt.read(before.to_bytes()).verify(keys), *receipt(store, session.id, 5).verify(keys)):
        assert level.verdict is not Verdict.FAIL
    assert "statement" in {opened.path for opened in before.openings}
    assert receipt(store, session.id, 5).openings == ()
    write_bundle(store, tmp_path / "erased.zip", openings=True)
    bundled = verify_bundle(tmp_path / "erased.zip", keys=keys, since=held)
    assert bundled.passed
    assert "everything, in 2 records" in bundled[7].notes[0]


def test_the_notary_goes_on(notary, session):
    """What comes after is signed for as before."""
    loaded = Session.load(session.store, session.id, clock=session.core.clock, on_commit=notary)
    loaded.erase("anna", by="anna")

    loaded.record(NoteTaken(text="on"), StepCompleted(step="inventory"), by="jochum")

    assert Checkpoint.read(session.store.entered_of(session.id)[-1][1].note).size == loaded.state.length
