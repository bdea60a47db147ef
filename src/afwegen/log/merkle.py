"""
The hash log: one RFC 6962 Merkle tree over the entries of a session.

A leaf is SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right), split at the largest power of two below the
size. Everything here is a pure function on bytes; the verifiers return nothing and raise ``IntegrityError``.

References:
    Laurie, Langley, Kasper (2013), RFC 6962, section 2.1.
    Laurie, Messeri, Stradling (2021), RFC 9162, sections 2.1.3 and 2.1.4: what a verifier does.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from hashlib import sha256

from afwegen.errors import IntegrityError

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "root",
    "verify_consistency",
    "verify_inclusion",
]

HASH_SIZE = 32
"""Octets of every leaf, node and root."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """
    Hash one entry as a leaf.

    >>> leaf_hash(b"").hex()
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """
    Hash two neighbouring subtrees into the node above them.

    The prefix differs from that of a leaf, so that no node passes for an entry.
    """
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """
    Compute the root of the tree over these leaves.

    Keeps them all in memory; ``Frontier.extend`` finds the same root of a stream.

    >>> root([]) == EMPTY_ROOT
    True
    >>> root([leaf_hash(b"a"), leaf_hash(b"b")]) == node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
    True

    Args:
        leaf_hashes: 32 octets each, in the order of the log.

    Raises:
        IntegrityError: A leaf is not 32 octets.
    """
    level = list(leaf_hashes)
    _insist_on_hashes(level)
    while len(level) > 1:
        above = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        # Splitting at the largest power of two comes to the same as carrying the odd one up.
        level = [*above, level[-1]] if len(level) & 1 else above
    return level[0] if level else EMPTY_ROOT


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> tuple[bytes, ...]:
    """
    Prove that a leaf stands at *index* in the tree of the first *size* leaves.

    >>> leaves = [leaf_hash(bytes([i])) for i in range(5)]
    >>> proof = inclusion_proof(leaves, 2, 5)
    >>> verify_inclusion(2, 5, leaves[2], proof, root(leaves))

    Args:
        leaf_hashes: At least *size* leaves of the log, in order.
        index: 0-based, below *size*.
        size: The size of the tree the proof is against.

    Returns:
        The neighbours on the way from leaf to root, the lowest first.

    Raises:
        IntegrityError: The index is not in the tree, or there are fewer leaves than *size*.
    """
    _insist_on_leaves(leaf_hashes, size)
    if not 0 <= index < size:
        raise IntegrityError("the index is not in the tree", f"give an index from 0 to {size - 1}", index)
    first, last = 0, size
    path: list[bytes] = []
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(root(leaf_hashes[middle:last]))
            last = middle
        else:
            path.append(root(leaf_hashes[first:middle]))
            first = middle
    return tuple(reversed(path))


def consistency_proof(leaf_hashes: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """
    Prove that the tree of *old* leaves is the beginning of the tree of *new* leaves.

    >>> leaves = [leaf_hash(bytes([i])) for i in range(7)]
    >>> proof = consistency_proof(leaves, 3, 7)
    >>> verify_consistency(3, 7, root(leaves[:3]), root(leaves), proof)

    Args:
        leaf_hashes: At least *new* leaves of the log, in order.
        old: From 1: everything begins with the empty tree, so there is nothing to prove.
        new: At least *old*.

    Returns:
        The hashes of RFC 6962, section 2.1.2, empty where both sizes are equal.

    Raises:
        IntegrityError: The sizes are out of order, or there are fewer leaves than *new*.
    """
    _insist_on_leaves(leaf_hashes, new)
    _insist_on_sizes(old, new)
    first, last = 0, new
    whole = True
    path: list[bytes] = []
    while old < last:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(root(leaf_hashes[middle:last]))
            last = middle
        else:
            path.append(root(leaf_hashes[first:middle]))
            first = middle
            whole = False
    if not whole:
        path.append(root(leaf_hashes[first:last]))
    return tuple(reversed(path))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """
    Check that *leaf* stands at *index* in the tree of *size* leaves with this root.

    Args:
        index: 0-based, below *size*.
        size: The size of the tree, from wherever *root* comes.
        leaf: The hash of the entry, 32 octets: see ``leaf_hash``.
        proof: As ``inclusion_proof`` gives it.
        root: The root of that tree.

    Raises:
        IntegrityError: It does not, or a hash is not 32 octets, or the proof is too short or too long.

    References:
        RFC 9162, section 2.1.3.2.
    """
    _insist_on_hashes((leaf, root, *proof))
    if not 0 <= index < size:
        raise IntegrityError("the index is not in the tree", f"a tree of {size} has no such leaf", index)
    inner, outer = _path_lengths(index, size)
    _insist_on_length(proof, inner + outer)
    found = _climb(_climb_inside(leaf, proof[:inner], index), proof[inner:])
    if found != root:
        raise IntegrityError("the proof does not lead from this leaf to this root", got=found.hex())


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """
    Check that the tree of *old* leaves is the beginning of the tree of *new* leaves.

    Args:
        old: From 1; a proof from the empty tree proves nothing and is refused.
        new: At least *old*.
        old_root: The root at *old*.
        new_root: The root at *new*.
        proof: As ``consistency_proof`` gives it; empty where the sizes are equal.

    Raises:
        IntegrityError: It is not, or a hash is not 32 octets, or the proof is too short or too long.

    References:
        RFC 9162, section 2.1.4.2.
    """
    _insist_on_hashes((old_root, new_root, *proof))
    _insist_on_sizes(old, new)
    if old == new:
        _insist_on_length(proof, 0)
        if old_root != new_root:
            raise IntegrityError("two trees of the same size have different roots", got=new_root.hex())
        return
    shift = (old & -old).bit_length() - 1
    inner, outer = _path_lengths(old - 1, new)
    inner -= shift
    # An old tree that is one complete subtree is itself where the climb begins: the proof leaves it out.
    hashes = (old_root, *proof) if old == 1 << shift else tuple(proof)
    _insist_on_length(proof, inner + outer + 1 - (len(hashes) - len(proof)))
    start, path = hashes[0], hashes[1:]
    index = (old - 1) >> shift
    left = [neighbour for level, neighbour in enumerate(path[:inner]) if index >> level & 1]
    before = _climb(_climb(start, left), path[inner:])
    after = _climb(_climb_inside(start, path[:inner], index), path[inner:])
    if before != old_root:
        raise IntegrityError("the proof does not lead to the old root", got=before.hex())
    if after != new_root:
        raise IntegrityError("the proof does not lead to the new root", got=after.hex())


def _path_lengths(index: int, size: int) -> tuple[int, int]:
    """Count the levels where the way up still lies inside the tree, and those along its right edge."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _climb_inside(start: bytes, path: Sequence[bytes], index: int) -> bytes:
    found = start
    for level, neighbour in enumerate(path):
        found = node_hash(neighbour, found) if index >> level & 1 else node_hash(found, neighbour)
    return found


def _climb(start: bytes, path: Iterable[bytes]) -> bytes:
    return reduce(lambda found, neighbour: node_hash(neighbour, found), path, start)


def _split(size: int) -> int:
    """Return the largest power of two below *size*, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


def _insist_on_hashes(hashes: Iterable[bytes]) -> None:
    for each in hashes:
        if type(each) is not bytes or len(each) != HASH_SIZE:
            raise IntegrityError("a hash is 32 octets", "give the SHA-256 digest itself, not its text", each)


def _insist_on_length(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length:
        raise IntegrityError(f"between these sizes a proof has {length} hashes, no fewer and no more", got=len(proof))


def _insist_on_leaves(leaf_hashes: Sequence[bytes], size: int) -> None:
    if not 0 <= size <= len(leaf_hashes):
        raise IntegrityError("the tree is larger than the log", f"the log has {len(leaf_hashes)} leaves", size)


def _insist_on_sizes(old: int, new: int) -> None:
    if old < 1:
        raise IntegrityError("every tree begins with the empty one: there is nothing to prove", "compare from 1", old)
    if old > new:
        raise IntegrityError("the old tree is larger than the new one", f"the new one has {new} leaves", old)
