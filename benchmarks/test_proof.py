"""Proofs of one entry in a million, checkpoints, and a bundle, each against the hashing or reading it rests on."""

import hashlib
import json
import zipfile

import pytest

from afwegen import Session, audit, open_store
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from afwegen.log.merkle import leaf_hash
from afwegen.log.tree import Tree

MILLION = 1_000_000
LENGTH = 10_000


@pytest.fixture(scope="module")
def tree():
    """A log of a million leaves."""
    return Tree(leaf_hash(b"%d" % number) for number in range(MILLION))


def twenty_hashes():
    found = bytes(32)
    for _ in range(20):
        found = hashlib.sha256(b"\x01" + found + found).digest()


def test_proof_of_one_in_a_million(tree, versus):
    """Against the twenty hashes of its path; promised under 100 us."""
    versus(lambda: tree.inclusion(654_321, MILLION - 7), twenty_hashes, rounds=200)


def test_verification_of_one_in_a_million(tree, versus):
    """Against the same; promised under 100 us."""
    size = MILLION - 7
    leaf, proof, root = leaf_hash(b"654321"), tree.inclusion(654_321, size), tree.root(size)
    versus(lambda: audit.verify_inclusion(654_321, size, leaf, proof, root), twenty_hashes, rounds=200)


@pytest.fixture
def signed():
    """A session of ten thousand records with its notary."""
    notary = audit.Notary(open_store("memory:"), audit.Key(name="wijk.example", seed=bytes(32)))
    session = Session.start(notary.store, title="Complex A", area="Buurt B", by="jochum", on_commit=notary)
    session.record(
        ParticipantInvited(participant="anna", name="Anna", perspective="bewoner"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    for first in range(0, LENGTH, 1000):
        session.record(
            *(
                ProblemReported(problem=f"p{seq}", statement=f"Probleem {seq}", why="last", owner="residents")
                for seq in range(first, first + 1000)
            ),
            by="anna",
        )
    notary.sign(session.id)
    return notary, session


def test_checkpoint(signed, versus):
    """Two signatures and a leaf after one more record, against two bare signatures; promised under 1 ms."""
    notary, session = signed
    key = audit.Key(name="wijk.example", seed=bytes(32))

    def floor():
        session.export(format="json-lines", by="jochum")
        key.sign(b"one")
        key.sign(b"other")

    versus(lambda: notary.sign(session.id), floor, rounds=20)


def test_levels_1_and_2_of_a_bundle(signed, tmp_path, versus):
    """Encoding and roots of a whole bundle, against opening it and parsing every entry: promised 100,000 a second."""
    _, session = signed
    path = tmp_path / "wijk.zip"
    audit.write_bundle(session.store, path)

    def floor():
        with zipfile.ZipFile(path) as archive:
            for line in archive.read("entries.jsonl").split(b"\n")[:-1]:
                json.loads(line)

    versus(lambda: audit.verify_bundle(path, levels=(1, 2)), floor, rounds=7)
