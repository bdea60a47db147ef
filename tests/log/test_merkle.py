"""The Merkle tree of RFC 6962: roots, proofs, and everything that is no proof."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import IntegrityError
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

LEAVES = tuple(leaf_hash(bytes([number])) for number in range(70))


def recursive_root(leaves):
    """The definition of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_root_is_that_of_the_definition(size):
    """Pairing level by level comes to the same as splitting at the largest power of two."""
    assert root(LEAVES[:size]) == recursive_root(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_proven_at_its_index_only(size):
    """Each proof verifies at its own index, and for no other index, leaf, size or root."""
    whole = root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(LEAVES, index, size)
        verify_inclusion(index, size, LEAVES[index], proof, whole)
        for other in set(range(size)) - {index}:
            with pytest.raises(IntegrityError):
                verify_inclusion(other, size, LEAVES[index], proof, whole)
        for wrong in (
            (index, size, LEAVES[-1], proof, whole),
            (index, size, LEAVES[index], proof, EMPTY_ROOT),
            (index, size, LEAVES[index], (*proof, EMPTY_ROOT), whole),
            (index, size, LEAVES[index], proof[:-1] if proof else (EMPTY_ROOT,), whole),
        ):
            with pytest.raises(IntegrityError):
                verify_inclusion(*wrong)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_older_tree_is_proven_to_be_the_beginning(new):
    """Each pair of sizes verifies with its own proof, and with no other root and no more or fewer hashes."""
    for old in range(1, new + 1):
        before, after = root(LEAVES[:old]), root(LEAVES[:new])
        proof = consistency_proof(LEAVES, old, new)
        verify_consistency(old, new, before, after, proof)
        for wrong in (
            (old, new, EMPTY_ROOT, after, proof),
            (old, new, before, EMPTY_ROOT, proof),
            (old, new, before, after, (*proof, EMPTY_ROOT)),
            (old, new, before, after, proof[:-1] if proof else (after,)),
            (old, new + 1, before, after, (EMPTY_ROOT,) if old == new else proof[1:]),
        ):
            with pytest.raises(IntegrityError):
                verify_consistency(*wrong)


@given(st.data())
def test_no_flipped_bit_in_a_proof_verifies(data):
    """Any one bit of a proof, anywhere, makes it no proof."""
    new = data.draw(st.integers(3, 70))
    old = data.draw(st.integers(2, new - 1))
    before, after = root(LEAVES[:old]), root(LEAVES[:new])
    consistency, inclusion = consistency_proof(LEAVES, old, new), inclusion_proof(LEAVES, old, new)

    with pytest.raises(IntegrityError):
        verify_consistency(old, new, before, after, flip(data, consistency))
    with pytest.raises(IntegrityError):
        verify_inclusion(old, new, LEAVES[old], flip(data, inclusion), after)


def flip(data, proof):
    at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = int.from_bytes(proof[at], "big") ^ (1 << bit)
    return (*proof[:at], flipped.to_bytes(32, "big"), *proof[at + 1 :])


def test_a_proof_from_the_empty_tree_is_refused():
    """From size 0 anything at all would follow, so it is said to prove nothing."""
    with pytest.raises(IntegrityError, match="nothing to prove"):
        verify_consistency(0, 3, EMPTY_ROOT, root(LEAVES[:3]), ())
    with pytest.raises(IntegrityError, match="nothing to prove"):
        consistency_proof(LEAVES, 0, 3)


@pytest.mark.parametrize("hash_", [b"", b"\0" * 31, b"\0" * 33, "0" * 32, bytearray(32)])
def test_a_hash_is_32_octets(hash_):
    """Nothing shorter, longer or of another type passes for a hash."""
    good = LEAVES[0]
    for check in (
        lambda: root([hash_]),
        lambda: verify_inclusion(0, 1, hash_, (), good),
        lambda: verify_inclusion(0, 1, good, (), hash_),
        lambda: verify_inclusion(0, 2, good, (hash_,), good),
        lambda: verify_consistency(1, 1, hash_, hash_, ()),
        lambda: verify_consistency(1, 2, good, good, (hash_,)),
    ):
        with pytest.raises(IntegrityError, match="32 octets"):
            check()


@pytest.mark.parametrize(
    ("proof", "sizes"),
    [
        (inclusion_proof, (3, 3)),
        (inclusion_proof, (-1, 3)),
        (inclusion_proof, (0, 71)),
        (inclusion_proof, (0, 0)),
        (consistency_proof, (3, 71)),
        (consistency_proof, (4, 3)),
    ],
)
def test_a_proof_beyond_the_log_is_refused(proof, sizes):
    """What is not in the log has no proof, and the error names the number."""
    with pytest.raises(IntegrityError):
        proof(LEAVES, *sizes)


def test_an_index_outside_the_tree_is_refused():
    """Also by the verifier, whatever the hashes."""
    for index, size in ((1, 1), (-1, 1), (0, 0)):
        with pytest.raises(IntegrityError, match="not in the tree"):
            verify_inclusion(index, size, LEAVES[0], (), LEAVES[0])


def test_the_longest_proof_of_a_thousand_is_320_octets():
    """The figure by which a tree was chosen over a chain (log.md)."""
    leaves = [leaf_hash(b"%d" % number) for number in range(1000)]
    longest = max(len(b"".join(inclusion_proof(leaves, index, 1000))) for index in (0, 511, 512, 999))

    assert longest == 320


def test_a_node_does_not_pass_for_an_entry():
    """The prefixes keep leaves and nodes apart: the entry left || right has another hash than their node."""
    for left, right in pairwise(LEAVES[:3]):
        assert leaf_hash(left + right) != node_hash(left, right)
