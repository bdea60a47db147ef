"""Signed notes, checkpoints, keys: the vectors of others, and what is refused."""

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from afwegen.audit import Checkpoint, Key, KeyList, Note, Verifier, make_key, read_key, read_keys
from afwegen.audit import notes as notes_module
from afwegen.audit.keys import rotation, verify_rotation
from afwegen.audit.notes import cosign, sign
from afwegen.errors import AfwegenError, IntegrityError, MissingExtra
from afwegen.log.merkle import EMPTY_ROOT

TEXT = "wijk.example/afwegen\n3\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n"


@pytest.fixture
def vectors(shared):
    return json.loads((shared / "vectors" / "signed_note.json").read_text())


@pytest.fixture
def example(shared):
    return json.loads((shared / "vectors" / "worked_example.json").read_text())


# Vectors


def test_notes_of_others_verify_and_come_back_octet_for_octet(vectors):
    """C2SP's example and those of Go; made again where the private key is given."""
    for vector in vectors["positive"]:
        keys = [Verifier.read(text) for text in vector.get("vkeys", [vector.get("vkey")])]
        note = Note.read(vector["note"].encode())
        assert set(note.verified(keys)) == set(keys)
        assert note.to_bytes() == vector["note"].encode()
        assert [str(key) for key in keys] == vector.get("vkeys", [vector.get("vkey")])
        if "skey" in vector:
            key = Key.from_text(vector["skey"])
            assert str(sign(Note(text=vector["text"]), key)) == vector["note"]
            assert key.to_text() == vector["skey"] + "\n"


def test_malformed_notes_of_others_are_refused(vectors):
    """All eight."""
    octets = [text.encode() for text in vectors["malformed_notes"]]
    octets += [bytes.fromhex(text) for text in vectors["malformed_notes_bytes_hex"]]
    for data in octets:
        with pytest.raises(IntegrityError):
            Note.read(data)
    assert len(octets) == 8


def test_a_signature_that_does_not_verify_spoils_the_note(vectors):
    """Although the text is readable."""
    key = Verifier.read(vectors["positive"][1]["vkey"])
    with pytest.raises(IntegrityError):
        Note.read(vectors["invalid_signature_note"].encode()).verified((key,))


def test_bad_keys_of_others_are_refused(vectors):
    """A key too long, and one of an unknown type."""
    for text in vectors["bad_vkeys"]:
        with pytest.raises(IntegrityError, match="no Ed25519 key"):
            Verifier.read(text)


def test_checkpoints_of_others_are_read(vectors):
    """Also Go's, of which only the text is known here."""
    for text in (*vectors["checkpoint_examples_unverifiable_keys"], vectors["sumdb_tree_note"]["text"]):
        assert Checkpoint.of(Note(text=text)).text == text


def test_what_a_witness_signs_is_the_text_of_the_specification(vectors):
    """Two lines before the checkpoint."""
    text = vectors["checkpoint_examples_unverifiable_keys"][0]
    assert notes_module._cosigned(text, 1679315147).decode() == vectors["cosignature_v1_message_example"]


def test_the_worked_example_is_signed_anew(example):
    """Log and witness sign what is there, octet for octet, from their seeds."""
    log = Key(name=example["origin"], seed=bytes.fromhex(example["log_seed_hex"]))
    witness = Key(name="witness.bibliotheek.example", seed=bytes.fromhex(example["witness_seed_hex"]))
    keys = KeyList(keys=(Verifier.read(example["log_vkey"]), Verifier.read(example["witness_vkey"])))
    assert (log.verifier, witness.witness) == keys.keys
    for size in (4, 7):
        data = example[f"checkpoint_{size}"].encode()
        found = Checkpoint.read(data)
        assert found.root.hex() == example["roots_hex"][size]
        assert found.verify(keys) == (witness.witness,)
        bare = evolve(found, signatures=())
        moment = int.from_bytes(found.signatures[1].value[:8], "big")
        assert bare.signed(log).with_signature(cosign(bare.note, witness, moment)).to_bytes() == data


def test_ed25519_vectors(shared, tool):
    """RFC 8032 and Wycheproof's 151, by the package and by the verifier that stands alone: the same answers."""
    vectors = json.loads((shared / "vectors" / "ed25519.json").read_text())
    for vector in vectors["rfc8032"]:
        key = Key(name="x", seed=bytes.fromhex(vector["secret_seed_hex"]))
        message, signature = bytes.fromhex(vector["msg_hex"]), bytes.fromhex(vector["sig_hex"])
        assert key.public.hex() == vector["public_key_hex"]
        assert key.sign(message) == signature
        assert tool.signed(key.public, message, signature)
    for vector in vectors["wycheproof"]:
        parts = [bytes.fromhex(vector[name]) for name in ("pk", "msg", "sig")]
        valid = vector["result"] == "valid"
        assert tool.signed(*parts) == valid
        assert notes_module._verifies(parts[0], parts[2], parts[1]) == valid


# Notes


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"x" * 10_000_000, "at most 1,000,000 octets"),
        (b"", "a note is text"),
        (b"text\n", "a note is text"),
        ("text\n\n\u2014 a AAAAAAAA".encode(), "each line ended"),
        (b"text\n\nnone\n", "no signature of a note"),
        ("text\n\n\u2014 a AAAAAAAA\r\n".encode(), "control characters"),
        ("text\n\n\u2014 a AAAAAAA=\n".encode() * 1, None),
        ("text\n\n\u2014 a+b AAAAAAAA\n".encode(), "no signature of a note"),
        ("text\n\n\u2014 a AAAA\n".encode(), "no signature of a note"),
        ("text\n\n\u2014 a AAAAAAB=\n".encode(), "no signature of a note"),
        (b"\xff\n\n", "UTF-8"),
    ],
)
def test_what_is_no_note_is_refused(data, says):
    """Each with a message of its own; one that is a note is read."""
    if says is None:
        assert Note.read(data).to_bytes() == data
        return
    with pytest.raises(IntegrityError, match=says):
        Note.read(data)


@given(st.binary(max_size=200))
def test_octets_are_a_note_or_refused(data):
    """Never anything else; and what is read is written the same."""
    try:
        note = Note.read(data)
    except IntegrityError:
        return
    assert note.to_bytes() == data


def test_signatures_of_strangers_are_nobodys(key):
    """Also where they share a name with somebody known, or an id."""
    stranger = Key(name=key.name, seed=bytes(31) + b"1")
    note = sign(sign(Note(text="text\n"), stranger), key)
    assert note.verified((key.verifier,)) == (key.verifier,)
    assert sign(Note(text="text\n"), stranger).verified((key.verifier,)) == ()


def test_a_key_with_another_text_is_refused(key):
    """A signature of another text, under a known name."""
    note = sign(Note(text="text\n"), key)
    with pytest.raises(IntegrityError, match="not of this text"):
        evolve(note, text="tekst\n").verified((key.verifier,))


def test_without_the_package_it_says_what_to_install(key, monkeypatch):
    """Nothing is called verified because nothing could verify it."""
    note = sign(Note(text="text\n"), key)
    monkeypatch.setitem(__import__("sys").modules, "cryptography.exceptions", None)
    with pytest.raises(MissingExtra, match=r"afwegen\[audit\]"):
        note.verified((key.verifier,))


@pytest.mark.parametrize("height", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**256 - 1])
def test_keys_that_verify_anything_are_refused(height):
    """Points of small order, and those spelled in two ways."""
    with pytest.raises(IntegrityError, match="verifies anything"):
        Verifier(name="x", public=height.to_bytes(32, "little"))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "e\u0301"])
def test_names_that_are_none_are_refused(name):
    """No spaces, no plus, one spelling."""
    with pytest.raises(IntegrityError, match="no spaces"):
        Verifier(name=name, public=Key(name="x", seed=bytes(32)).public)


# Checkpoints


@pytest.mark.parametrize(
    "text",
    [
        "wijk.example\n3\n",
        "wijk.example\n03\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n",
        "wijk.example\n-3\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n",
        "wijk.example\n\u0663\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n",
        "\n3\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n",
        "wijk.example\n3\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU\n",
        "wijk.example\n3\nAAAA\n",
        "wijk.example\n0\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n",
        "wijk.example\n3\n9rpbKL4V6GVLkv3m5eZc3j64NGQp/NDvWeEFZP370BU=\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    """One spelling of the size, a whole root, no empty lines."""
    with pytest.raises(IntegrityError):
        Checkpoint.of(Note(text=text))


def test_a_checkpoint_keeps_its_extensions():
    """Nobody here reads them, and they are signed with the rest."""
    found = Checkpoint.of(Note(text=f"{TEXT}more\n"))
    assert found.extensions == ("more",)
    assert found.text == f"{TEXT}more\n"


def test_who_may_sign_for_a_log(key, keys):
    """The installation for itself and for its sessions; nobody else, and not for another."""
    own, session, other = (
        Checkpoint(origin=origin, size=0, root=EMPTY_ROOT)
        for origin in (key.name, f"{key.name}/s/s_1", "elders.example/s/s_1")
    )
    assert own.signed(key).verify(keys) == session.signed(key).verify(keys) == ()
    with pytest.raises(IntegrityError, match="no key for this log"):
        other.signed(key).verify(keys)
    with pytest.raises(IntegrityError, match="no key of the list"):
        own.verify(keys)
    with pytest.raises(IntegrityError, match="no key of the list"):
        evolve(own, signatures=session.signed(key).signatures).verify(keys)


def test_a_leaked_key_counts_where_others_vouch(key):
    """A witness, or whoever held the checkpoint from before."""
    witness = Key(name="bibliotheek.example", seed=bytes(31) + b"2")
    keys = KeyList.from_text(f"{key.verifier} leaked\n{witness.witness}\n")
    signed = Checkpoint(origin=key.name, size=0, root=EMPTY_ROOT).signed(key)
    with pytest.raises(IntegrityError, match="leaked"):
        signed.verify(keys)
    assert signed.verify(keys, held=True) == ()
    assert signed.with_signature(cosign(signed.note, witness, 1)).verify(keys) == (witness.witness,)


# Keys in files


def test_a_key_is_made_once_and_read_by_its_owner(tmp_path):
    """It is never written over."""
    made = make_key(tmp_path / "key", "wijk.example/afwegen")
    assert read_key(tmp_path / "key") == made
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert made.seed.hex() not in repr(made)
    with pytest.raises(AfwegenError, match="never written over"):
        make_key(tmp_path / "key", "wijk.example/afwegen")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_may_use_is_refused(tmp_path, mode):
    """With its mode, and what to do."""
    make_key(tmp_path / "key", "wijk.example")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(AfwegenError, match=f"0{mode:o}.*chmod 600"):
        read_key(tmp_path / "key")


def test_a_key_that_is_not_there_is_said_to_be(tmp_path):
    """With how to make one; a folder is no key."""
    with pytest.raises(AfwegenError, match="no such key"):
        read_key(tmp_path / "key")
    with pytest.raises(AfwegenError, match="cannot be read"):
        read_key(tmp_path)
    with pytest.raises(AfwegenError, match="cannot be written"):
        make_key(tmp_path / "none" / "key", "x")


@pytest.mark.parametrize("damage", [lambda _text: "", lambda text: text[9:], lambda text: text.replace("+", "-")])
def test_a_damaged_key_is_refused_and_not_shown(tmp_path, damage):
    """What is nearly a key is not put into a message."""
    text = make_key(tmp_path / "key", "wijk.example").to_text()
    (tmp_path / "key").write_text(damage(text))
    with pytest.raises(IntegrityError, match="no private key") as refused:
        read_key(tmp_path / "key")
    assert text.split("+", 4)[4].strip() not in str(refused.value)


def test_a_key_of_another_name_is_refused():
    """The id holds name and key together."""
    text = Key(name="wijk.example", seed=bytes(32)).to_text()
    with pytest.raises(IntegrityError, match="do not belong together"):
        Key.from_text(text.replace("wijk", "dorp"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no key"),
        ("# nothing\n\n", "holds no key"),
        ("what\n", "name\\+id\\+key"),
        ("KEY stolen\n", "perhaps the word leaked"),
        ("KEY leaked twice\n", "perhaps the word leaked"),
    ],
)
def test_a_list_that_is_none_is_refused(key, text, says):
    """Each line is a key."""
    with pytest.raises(IntegrityError, match=says):
        KeyList.from_text(text.replace("KEY", str(key.verifier)))


def test_a_list_comes_from_a_file(key, tmp_path):
    """UTF-8, not too large, and there."""
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{key.verifier}\n")
    assert read_keys(file) == KeyList(keys=(key.verifier,))
    file.write_bytes(b"\xff")
    with pytest.raises(IntegrityError, match="UTF-8"):
        read_keys(file)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(AfwegenError, match="million"):
        read_keys(file)
    with pytest.raises(AfwegenError, match="cannot be read"):
        read_keys(tmp_path / "none")


def test_a_rotation_is_signed_by_both(key):
    """And verified so; one of them alone hands over nothing."""
    new = Key(name=key.name, seed=bytes(31) + b"1")
    note = rotation(key, new)
    assert verify_rotation(note) == (key.verifier, new.verifier)
    with pytest.raises(IntegrityError, match="by the old and by the new"):
        verify_rotation(evolve(note, signatures=note.signatures[:1]))
    with pytest.raises(IntegrityError, match="no rotation"):
        verify_rotation(Note(text="something\n"))
    for other in (key, Key(name="elders.example", seed=bytes(32))):
        with pytest.raises(IntegrityError, match="another of the same name"):
            rotation(key, other)
