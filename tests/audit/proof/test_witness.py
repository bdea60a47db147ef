"""Witnesses over HTTP on this machine: what they sign, what they refuse, and what a refusal means for the store."""

import http.client
from base64 import b64encode
from datetime import UTC, datetime
from threading import Thread

import pytest

from afwegen import Session
from afwegen.audit import (
    Checkpoint,
    Key,
    KeyList,
    Notary,
    Verdict,
    Witness,
    WitnessClient,
    WitnessServer,
    receipt,
    verify_store,
)
from afwegen.audit.notes import Note
from afwegen.errors import AfwegenError, IntegrityError
from afwegen.log.merkle import leaf_hash
from afwegen.log.tree import Tree
from afwegen.stores.memory import MemoryStore

LEAVES = [leaf_hash(b"%d" % number) for number in range(9)]


@pytest.fixture
def library():
    """The key of a library that witnesses."""
    return Key(name="bibliotheek.example", seed=bytes(31) + b"2")


@pytest.fixture
def witness(library, keys, tmp_path):
    """A witness that watches our installation."""
    folder = tmp_path / "witness"
    folder.mkdir()
    return Witness(library, keys, folder, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))


@pytest.fixture
def client(witness):
    """The witness as others reach it."""
    with WitnessServer(witness) as server:
        yield WitnessClient(url=server.url, verifier=witness.verifier)


def log(key, leaves, size=None):
    """A tree and its signed checkpoint."""
    tree = Tree(leaves)
    size = len(tree) if size is None else size
    return tree, Checkpoint(origin=key.name, size=size, root=tree.root(size)).signed(key)


def request(old, proof, checkpoint):
    lines = (f"old {old}", *(b64encode(each).decode() for each in proof), "", "")
    return "\n".join(lines).encode() + checkpoint.to_bytes()


def test_it_signs_what_follows_from_what_it_saw(client, key, library):
    """First of all, then with a proof, then the same again."""
    for size in (1, 4, 4, 9):
        tree, checkpoint = log(key, LEAVES, size)
        signed = client.cosign(checkpoint, tree)
        assert signed.verify(KeyList(keys=(key.verifier, library.witness))) == (library.witness,)
        assert int.from_bytes(signed.signatures[1].value[:8], "big") == 1795478400
        assert client.size(checkpoint) == size


def test_a_fork_is_an_alarm(client, key):
    """Another log of the same size, one that does not begin the same, and one that is behind."""
    tree, checkpoint = log(key, LEAVES[:5])
    client.cosign(checkpoint, tree)
    other = [leaf_hash(b"other"), *LEAVES[1:]]
    for leaves, says in ((other[:5], "it forked"), (other, "does not begin as it did"), (LEAVES[:3], "behind")):
        tree, checkpoint = log(key, leaves)
        with pytest.raises(IntegrityError, match=says):
            client.cosign(checkpoint, tree)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda _body, _key: b"", 400),
        (lambda body, _key: body.replace(b"old 0", b"old 00"), 400),
        (lambda body, _key: body.replace(b"old 0\n", b"old 0\nAAAA\n"), 400),
        (lambda body, _key: body.replace(b"old 0\n", b"old 0\n" + b64encode(bytes(32)) + b"\n"), 422),
        (lambda body, _key: body.replace(b"old 0", b"old 10"), 400),
        (lambda body, _key: body.replace(b"old 0", b"old 2"), 409),
        (lambda body, _key: body.replace(b"\n5\n", b"\n6\n"), 403),
        (lambda _body, _key: request(0, (), log(Key(name="elders.example", seed=bytes(32)), LEAVES)[1]), 404),
        (lambda _body, key: request(0, (), log(Key(name=key.name, seed=bytes(31) + b"7"), LEAVES)[1]), 403),
        (lambda body, _key: body + b"\xff", 400),
        (lambda body, _key: body, 200),
    ],
)
def test_statuses_are_those_of_the_protocol(witness, key, change, status):
    """What is malformed, unknown, unsigned, in conflict or unproven: each its own."""
    body = request(0, (), log(key, LEAVES[:5])[1])
    answer = witness.add_checkpoint(change(body, key))
    assert answer.status == status
    assert (answer.kind == "text/x.tlog.size") == (status == 409)


def test_a_conflict_says_how_far_it_saw(witness, key):
    """In decimal, with a newline, in a type of its own; and remembers nothing of what it refused."""
    witness.add_checkpoint(request(0, (), log(key, LEAVES[:5])[1]))
    answer = witness.add_checkpoint(request(0, (), log(key, LEAVES)[1]))
    assert (answer.status, answer.kind, answer.body) == (409, "text/x.tlog.size", b"5\n")
    tree, checkpoint = log(key, LEAVES)
    assert witness.add_checkpoint(request(5, tree.consistency(4, 9), checkpoint)).status == 422
    assert witness.add_checkpoint(request(5, tree.consistency(5, 9), checkpoint)).status == 200


def test_it_remembers_after_a_restart(witness, library, key, keys, tmp_path):
    """Another process on the same folder."""
    witness.add_checkpoint(request(0, (), log(key, LEAVES[:5])[1]))
    again = Witness(library, keys, tmp_path / "witness")
    assert again.add_checkpoint(request(0, (), log(key, LEAVES[:5])[1])).status == 409


def test_of_two_at_once_one_is_signed(witness, library, keys, key, tmp_path):
    """Check and persist are one: many ask from the same size, in threads and over two objects on one folder."""
    witness.add_checkpoint(request(0, (), log(key, LEAVES[:1])[1]))
    others = (witness, Witness(library, keys, tmp_path / "witness"))
    answers = []

    def ask(number):
        leaves = [LEAVES[0], leaf_hash(b"fork %d" % number)]
        tree, checkpoint = log(key, leaves)
        answers.append(others[number % 2].add_checkpoint(request(1, tree.consistency(1, 2), checkpoint)).status)

    threads = [Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, *[409] * 11]


def test_a_session_is_not_witnessed(witness, key):
    """Only installation logs are: which sessions there are is nobody's business."""
    checkpoint = Checkpoint(origin=f"{key.name}/s/s_1", size=1, root=LEAVES[0]).signed(key)
    assert witness.add_checkpoint(request(0, (), checkpoint)).status == 404


def test_the_server_answers_nothing_else(client):
    """Other paths, other methods, and what is far too large."""
    host = client.url.removeprefix("http://")
    for method, path, length, status in (
        ("POST", "/", "0", 404),
        ("POST", "/add-checkpoint", "10000000", 413),
        ("POST", "/add-checkpoint", "many", 413),
        ("GET", "/add-checkpoint", "0", 501),
    ):
        connection = http.client.HTTPConnection(host, timeout=5)
        connection.putrequest(method, path)
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()


def test_a_witness_that_is_not_there_is_said_to_be(key, library):
    """Not an alarm: the log goes on, and it is asked again later."""
    client = WitnessClient(url="http://127.0.0.1:9", verifier=library.witness, patience=0.5)
    tree, checkpoint = log(key, LEAVES)
    with pytest.raises(AfwegenError, match="cannot be reached") as refused:
        client.cosign(checkpoint, tree)
    assert not isinstance(refused.value, IntegrityError)
    with pytest.raises(AfwegenError, match="over HTTP"):
        WitnessClient(url="file:///etc/passwd", verifier=library.witness)


def test_a_witness_with_another_key_is_no_witness(witness, key):
    """Its signature is verified before it is kept."""
    stranger = Key(name="bibliotheek.example", seed=bytes(32))
    tree, checkpoint = log(key, LEAVES)
    with WitnessServer(witness) as server, pytest.raises(AfwegenError, match="another key"):
        WitnessClient(url=server.url, verifier=stranger.witness).cosign(checkpoint, tree)


def test_a_witness_that_does_not_watch_us_says_so(witness):
    """With the status and its words."""
    tree, checkpoint = log(Key(name="elders.example", seed=bytes(32)), LEAVES)
    with WitnessServer(witness) as server, pytest.raises(AfwegenError, match=r"refused \(404\).*does not watch"):
        WitnessClient(url=server.url, verifier=witness.verifier).cosign(checkpoint, tree)


def test_a_witness_needs_a_folder(library, keys, tmp_path):
    """It remembers, or it is none."""
    with pytest.raises(AfwegenError, match="remembers in a folder"):
        Witness(library, keys, tmp_path / "none")


# With a notary


def test_a_receipt_of_a_witnessed_installation(client, key, library):
    """Two proofs, and the signature of somebody else under the second."""
    notary = Notary(MemoryStore(), key, witnesses=[client])
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    notary.cosign()
    assert notary.cosign() == notary.cosign()
    trusted = KeyList(keys=(key.verifier, library.witness), leaked=frozenset((key.verifier,)))

    made = receipt(session.store, session.id, 0)

    assert made.installation.checkpoint.verify(trusted) == (library.witness,)
    assert made.verify(KeyList(keys=(key.verifier, library.witness)))[1].verdict is Verdict.PASS
    assert verify_store(session.store, keys=KeyList(keys=(key.verifier, library.witness))).passed


def test_a_store_behind_its_witness_takes_nothing(client, key):
    """An old backup, and nothing held beside it: the witness remembers."""
    notary = Notary(MemoryStore(), key, witnesses=[client])
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    backup = MemoryStore()
    for stored in session.store.read(session.id):
        from afwegen.stores.contract import Batch

        backup.append(Batch(session=session.id, expected=stored.seq, entries=(stored.entry,), secret=bytes(32)))
    backup.enter(0, tuple(session.store.entered()))
    backup.keep(1, session.store.kept()[0][1])
    session.export(format="json-lines", by="jochum")
    notary.sign(session.id)
    notary.cosign()

    with pytest.raises(IntegrityError, match="saw 2 leaves of the installation log: this store is behind"):
        Notary(backup, key, witnesses=[client]).insist()


def test_a_conflict_at_our_own_size_stops_the_store(client, key):
    """Somebody showed the witness another log under our name: a fork, and appending stops."""
    tree, checkpoint = log(key, LEAVES[:1])
    client.cosign(checkpoint, tree)
    notary = Notary(MemoryStore(), key, witnesses=[client])
    session = Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)

    with pytest.raises(IntegrityError, match="it forked"):
        notary.cosign()

    with pytest.raises(IntegrityError, match="it forked"):
        session.export(format="json-lines", by="jochum")
    assert session.state.length == 1


def test_an_unreachable_witness_is_a_warning(key, library):
    """The checkpoint is signed all the same."""
    client = WitnessClient(url="http://127.0.0.1:9", verifier=library.witness, patience=0.5)
    notary = Notary(MemoryStore(), key, witnesses=[client])
    Session.start(notary.store, title="Wijk", area="X", by="jochum", on_commit=notary)
    with pytest.warns(UserWarning, match="cannot be reached"):
        found = notary.cosign()
    assert found.size == 1
    assert isinstance(Note.read(found.to_bytes()), Note)
