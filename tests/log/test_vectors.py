"""What others published about the same bytes: RFC 6962, RFC 8785, and the worked example of the design."""

import json
import struct
from base64 import b64decode
from hashlib import sha256

import pytest

from afwegen.errors import CodecError, IntegrityError
from afwegen.log.canonical import LARGEST_INTEGER, decode, encode
from afwegen.log.commitment import opens
from afwegen.log.frontier import EMPTY
from afwegen.log.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from afwegen.log.spelling import spell_float

REFUSED_BY_DESIGN = "testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
"""Its roots are the 12 octets "don't care 2": the source compares them unseen, we insist on 32."""

NOT_IN_NFC = "\ufb33"
"""Dalet with dagesh: Unicode excludes it from composition."""


@pytest.fixture
def vectors(shared):
    return lambda name: json.loads((shared / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def octets(text):
    return b64decode(text) if text else b""


def holds(verify, *arguments):
    try:
        verify(*arguments)
    except IntegrityError:
        return False
    return True


def test_the_reference_tree(vectors):
    """Leaves, nodes, roots, paths and proofs of the eight-leaf tree of Certificate Transparency."""
    tree = vectors("rfc6962_reference_tree")
    entries = [bytes.fromhex(entry) for entry in tree["leaf_inputs_hex"]]
    leaves = [leaf_hash(entry) for entry in entries]

    assert tree["empty_root_hex"] == EMPTY_ROOT.hex() == EMPTY.root.hex()
    for size, expected in enumerate(tree["roots_hex_by_size_1_to_8"], 1):
        assert root(leaves[:size]).hex() == EMPTY.extend(leaves[:size]).root.hex() == expected
    level = leaves
    for expected in tree["node_hashes_hex_by_level"]:
        assert [node.hex() for node in level] == expected
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    for case in tree["inclusion_paths"][2:]:
        path = [node.hex() for node in inclusion_proof(leaves, case["leaf_index"], case["tree_size"])]
        assert path == case["path"]
    for case in tree["consistency_proofs"]:
        proof = [node.hex() for node in consistency_proof(leaves, case["size1"], case["size2"])]
        assert proof == case["proof"]


def test_an_entry_of_a_real_log(vectors):
    """Leaf 848,049 of 3,630,887 in a log of January 2013."""
    case = vectors("rfc6962_reference_tree")["real_log_inclusion"]
    leaf, path = bytes.fromhex(case["leaf_hash"]), [bytes.fromhex(node) for node in case["path"]]

    assert leaf_hash(bytes.fromhex(case["raw_leaf_hex"])) == leaf
    verify_inclusion(case["leaf_index"], case["tree_size"], leaf, path, bytes.fromhex(case["root"]))


def test_inclusion_probes(vectors):
    """98 probes of transparency-dev/merkle, 92 of them no proof."""
    probes = vectors("rfc6962_inclusion_probes")["probes"]
    for probe in probes:
        proof = [octets(node) for node in probe["proof"] or ()]
        place = probe["leafIdx"], probe["treeSize"], octets(probe["leafHash"])
        assert holds(verify_inclusion, *place, proof, octets(probe["root"])) is not probe["wantErr"], probe["desc"]

    assert (len(probes), sum(probe["wantErr"] for probe in probes)) == (98, 92)


def test_consistency_probes(vectors):
    """98 probes, 92 of them no proof, and one that the source accepts and we refuse by design."""
    probes = vectors("rfc6962_consistency_probes")["probes"]
    refused = []
    for probe in probes:
        proof = [octets(node) for node in probe["proof"] or ()]
        roots = octets(probe["root1"]), octets(probe["root2"])
        held = holds(verify_consistency, probe["size1"], probe["size2"], *roots, proof)
        assert not (held and probe["wantErr"]), probe["desc"]
        if not held and not probe["wantErr"]:
            refused.append(probe["path_in_repo"])

    assert (len(probes), sum(probe["wantErr"] for probe in probes)) == (98, 92)
    assert refused == [REFUSED_BY_DESIGN]


def test_every_subtree_up_to_130_leaves(vectors):
    """One digest over the roots of all aligned subtrees (draft-ietf-plants-merkle-tree-certs)."""
    accumulators = vectors("merkle_subtree_accumulators")
    leaves = [leaf_hash(bytes([number])) for number in range(130)]
    seen = sha256()
    for end in range(131):
        for start in range(end + 1):
            if start in {0, end} or start % (1 << (end - start - 1).bit_length()) == 0:
                seen.update(f"[{start}, {end}) {root(leaves[start:end]).hex()}\n".encode())

    assert seen.hexdigest() == accumulators["subtree_hash"]


def test_documents_of_rfc_8785(vectors):
    """Those inside the profile are written the same; of the others the reason is named."""
    outside = {}
    for document in vectors("rfc8785_jcs")["documents"]:
        expected = bytes.fromhex(document["output_hex"])
        try:
            assert encode(json.loads(document["input_utf8"])) == expected
            assert encode(decode(expected)) == expected
        except CodecError as error:
            outside[document["name"]] = error.what

    assert outside == {
        "french": "a key is of a-z, 0-9 and _, at $",
        "structures": "a key is of a-z, 0-9 and _, at $.1.f",
        "unicode": "a key is of a-z, 0-9 and _, at $",
        "values": "a float cannot stand in the log, at $.numbers[0]",
        "weird": "a key is of a-z, 0-9 and _, at $",
    }


def test_strings_of_rfc_8785(vectors):
    """The keys and strings of the weirdest document, written as values, have the octets of the RFC."""
    (weird,) = (document for document in vectors("rfc8785_jcs")["documents"] if document["name"] == "weird")
    texts = {text for pair in json.loads(weird["input_utf8"]).items() for text in pair}
    written = {text: encode(text) for text in texts - {NOT_IN_NFC}}

    assert all(octets in bytes.fromhex(weird["output_hex"]) for octets in written.values())
    with pytest.raises(CodecError, match="NFC"):
        encode(NOT_IN_NFC)


def test_numbers_of_rfc_8785(vectors):
    """Appendix B of the RFC, as bit patterns."""
    for number in vectors("rfc8785_jcs")["numbers"]:
        (value,) = struct.unpack(">d", bytes.fromhex(number["ieee754_be_hex"]))
        if number["expected"] is None:
            with pytest.raises(CodecError):
                spell_float(value)
        else:
            assert spell_float(value) == number["expected"]


def test_ten_thousand_numbers_of_ecmascript(vectors):
    """The digest of the first 10,000 lines of the RFC's own list of numbers, made anew."""
    published = vectors("rfc8785_jcs")
    seen = sha256()
    for count, bits in enumerate(es6_numbers(published["es6_static_u64_hex"]), 1):
        (value,) = struct.unpack(">d", bits.to_bytes(8, "big"))
        seen.update(f"{bits:x},{spell_float(value)}\n".encode())
        if count == 10_000:
            break

    assert seen.hexdigest() == published["es6_testfile_sha256_by_lines"]["10000"][0]


def es6_numbers(static):
    """The sequence of cyberphone/json-canonicalization: hard cases, then neighbours, then a chain of digests."""
    yield from (int(bits, 16) for bits in static)
    yield from range(0x0010000000000000, 0x0010000000000000 + 2000)
    block = bytes(32)
    while True:
        block = sha256(block).digest()
        yield from (bits for bits in struct.unpack("<4Q", block) if bits >> 52 & 0x7FF != 0x7FF)


def test_integers_of_rfc_8785(vectors):
    """The domain of the RFC is ours."""
    domain = vectors("rfc8785_jcs")["integer_domain"]

    assert (domain["max"], domain["min"]) == (LARGEST_INTEGER, -LARGEST_INTEGER)
    for number in domain["reject"]:
        with pytest.raises(CodecError):
            encode(number)


def test_the_worked_example(vectors):
    """Seven records: octets, leaves, roots, proofs and every opening of the design's own example."""
    example = vectors("worked_example")
    entries = [event["canonical"].encode() for event in example["events"]]
    leaves = [leaf_hash(entry) for entry in entries]

    assert [encode(decode(entry)) for entry in entries] == entries
    assert [leaf.hex() for leaf in leaves] == [event["leaf_hash_hex"] for event in example["events"]]
    assert [root(leaves[:size]).hex() for size in range(8)] == example["roots_hex"]
    assert [node.hex() for node in inclusion_proof(leaves, 4, 7)] == example["inclusion_4_in_7_hex"]
    assert [node.hex() for node in consistency_proof(leaves, 4, 7)] == example["consistency_4_7_hex"]
    for place, opening in example["vault_before_erasure"].items():
        seq, path = place.split("/")
        commitment = decode(entries[int(seq)])["c"][path]
        salt = bytes.fromhex(opening["salt_hex"])
        assert opens(commitment, salt, example["sid"], int(seq), path, opening["value"])
        assert not opens(commitment, salt, example["sid"], int(seq), path, [opening["value"]])


def test_the_worked_example_after_its_erasure(vectors):
    """What was erased is gone from the openings, and nothing else; the entries are the same."""
    example = vectors("worked_example")
    before, after = example["vault_before_erasure"], example["vault_after_erasing_p_00f1"]

    assert set(before) - set(after) == {"3/email", "3/name", "4/comment", "4/scores"}
    assert all(before[place] == opening for place, opening in after.items())
