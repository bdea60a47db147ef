"""Receipts: an entry, its proof, and what opens it; and everything a false one is refused for."""

import json
from base64 import b64decode, b64encode

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from afwegen.audit import Key, KeyList, Proof, Receipt, Verdict, receipt, root
from afwegen.errors import AfwegenError, IntegrityError, UnknownSession
from afwegen.log.canonical import encode
from afwegen.log.merkle import leaf_hash


@pytest.fixture
def made(session):
    """The receipt of what Anna entered."""
    return receipt(session.store, session.id, 5)


def failing(levels):
    return [(level.number, finding) for level in levels for finding in level.findings]


def test_a_receipt_proves_what_was_entered(made, session, keys):
    """Entry, place, signatures of both logs, and the value; in a file and back."""
    read = Receipt.read(made.to_bytes())
    levels = read.verify(keys)

    assert read == made
    assert [level.verdict for level in levels] == [Verdict.PASS] * 3
    assert not any(level.left_open for level in levels)
    opened = {each.path: each.value for each in read.openings}
    assert opened["statement"] == "Hek te laag"
    assert set(opened) == {"keywords", "statement", "why"}
    assert read.proof.checkpoint.size == session.state.length
    assert read.installation.checkpoint.origin == "wijk.example/afwegen"


@pytest.mark.parametrize("seq", range(7))
def test_every_entry_has_one(session, keys, seq):
    """The first, which also opens the key of who began, and the last as well."""
    made = receipt(session.store, session.id, seq)
    assert not failing(made.verify(keys))
    assert ("jochum" in [each.value for each in made.openings]) == (seq == 0)


def test_without_keys_signatures_are_not_checked(made):
    """And that is said; a receipt that is whole but unsigned proves nothing to a stranger."""
    levels = made.verify()
    assert levels[1].left_open == ("signatures: no key list was given",)
    assert not failing(levels)


def test_it_is_a_proof_that_others_can_read(shared, made):
    """C2SP's format: that of the worked example, and ours once the line extra is left out."""
    example = json.loads((shared / "vectors" / "worked_example.json").read_text())
    data = example["tlog_proof_event_4"].encode()
    proof = Proof.read(data)
    assert proof.to_bytes() == data
    assert [each.hex() for each in proof.hashes] == example["inclusion_4_in_7_hex"]
    proof.verify(example["events"][4]["canonical"].encode())
    assert root(leaf_hash(event["canonical"].encode()) for event in example["events"]).hex() == example["roots_hex"][7]
    assert made.proof.to_bytes().startswith(b"c2sp.org/tlog-proof@v1\nindex 5\n")


def test_in_a_secret_session_it_need_not_open_anything(session, keys):
    """The entry is proven all the same."""
    levels = receipt(session.store, session.id, 5, openings=False).verify(keys)
    assert [level.verdict for level in levels] == [Verdict.PASS, Verdict.PASS, Verdict.NOT_CHECKED]


def test_there_is_none_of_what_is_not_there(session, notary):
    """No such record, no such session, or nothing that was signed since."""
    with pytest.raises(AfwegenError, match="has no record 70"):
        receipt(session.store, session.id, 70)
    with pytest.raises(UnknownSession):
        receipt(session.store, "nergens", 0)
    session.export(format="json-lines", by="jochum")
    with pytest.raises(AfwegenError, match="no checkpoint says yet"):
        receipt(session.store, session.id, 7)
    notary.sign(session.id)
    assert receipt(session.store, session.id, 7).proof.index == 7


def test_a_changed_value_is_found(made, keys):
    """A judgement that was changed before it was hashed: the author sees it, for it does not open."""
    changed = tuple(evolve(each, value="Hek te hoog") if each.path == "statement" else each for each in made.openings)
    assert [number for number, _ in failing(evolve(made, openings=changed).verify(keys))] == [5]
    other = evolve(made.openings[0], path="none")
    assert "committed to no none" in failing(evolve(made, openings=(other,)).verify(keys))[0][1]


def test_a_receipt_of_another_log_is_found(made, session, store, keys):
    """Entry and proof of different sessions, or of different places."""
    other = next(head.id for head in store.sessions() if head.id != session.id)
    mixed = evolve(made, entry=next(iter(store.read(other, 5))).entry)
    assert any("another log" in finding for _, finding in failing(mixed.verify(keys)))
    moved = evolve(made, entry=next(iter(store.read(session.id, 4))).entry)
    assert any("the proof is of record 5" in finding for _, finding in failing(moved.verify(keys)))
    elsewhere = KeyList(keys=(Key(name="elders.example", seed=bytes(32)).verifier,))
    assert any("no key for this log" in finding for _, finding in failing(made.verify(elsewhere)))


def test_an_installation_of_another_name_is_found(made, keys):
    """The two proofs belong together."""
    other = evolve(made.installation.checkpoint, origin="elders.example")
    false = evolve(made, installation=evolve(made.installation, checkpoint=other))
    assert any("the installation log is elders.example" in finding for _, finding in failing(false.verify(keys)))


@given(st.data())
def test_one_octet_changed_is_never_a_valid_receipt_of_something_else(data):
    """Refused or failing, unless what changed is not signed over: an id of a key that nobody looks at."""
    kept = GIVEN["made"]
    at = data.draw(st.integers(0, len(kept) - 1))
    octet = data.draw(st.integers(0, 255).filter(lambda value: value != kept[at]))
    try:
        read = Receipt.read(kept[:at] + bytes([octet]) + kept[at + 1 :])
    except IntegrityError:
        return
    assert failing(read.verify(GIVEN["keys"]))


GIVEN = {}


@pytest.fixture(autouse=True)
def _given(request):
    """Hypothesis makes one receipt do for all examples."""
    if request.node.name.startswith("test_one_octet"):
        GIVEN["made"] = request.getfixturevalue("made").to_bytes()
        GIVEN["keys"] = request.getfixturevalue("keys")


def spoiled(made, **changes):
    """A receipt whose extra line says something else."""
    first, extra, rest = made.to_bytes().split(b"\n", 2)
    document = {**json.loads(b64decode(extra[6:])), **changes}
    return b"\n".join((first, b"extra " + b64encode(encode(document)), rest))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _made: b"", "begins with"),
        (lambda _made: b"x" * 1000, "begins with"),
        (lambda made: made.to_bytes()[:-1], "each line ended"),
        (lambda made: made.to_bytes().replace(b"index 5", b"index 05"), "no index"),
        (lambda made: made.to_bytes().replace(b"index 5", b"index \xd9\xa5"), "no index"),
        (lambda made: made.proof.to_bytes(), "carries no entry"),
        (lambda made: made.to_bytes().replace(b"extra ", b"extra  ", 1), "carries no entry|not spelled"),
        (lambda made: spoiled(made, more=1), "something else"),
        (lambda made: spoiled(made, openings=[["a", 1]]), "a path, a value and a salt"),
        (lambda made: spoiled(made, openings=[["a", 1, "00"]]), "a path, a value and a salt"),
        (lambda made: spoiled(made, installation="AAAA"), "begins with"),
        (lambda made: spoiled(made, installation=3), "something else"),
    ],
)
def test_what_is_no_receipt_is_refused(made, damage, says):
    """Each with its own message."""
    with pytest.raises(IntegrityError, match=says):
        Receipt.read(damage(made))


def test_an_entry_that_is_none_fails(made, keys):
    """Also where it is no JSON at all."""
    for entry in (b"", b"{}", b"\xff"):
        assert [number for number, _ in failing(evolve(made, entry=entry, openings=()).verify(keys))][:2] == [1, 2]
