"""
The edge of a growing tree: all a log needs to keep in order to append and to know its root.

The peaks are the roots of the complete subtrees that the leaves fall apart into, one for every bit set in the size,
the largest first: 20 hashes at most for a log of a million.
"""

from collections.abc import Iterable
from functools import reduce
from hashlib import sha256
from typing import Final, Self

from attrs import frozen

from afwegen.errors import IntegrityError
from afwegen.log.merkle import EMPTY_ROOT, HASH_SIZE, node_hash

__all__ = ["EMPTY", "Frontier"]

_SIZE_OCTETS = 8


@frozen
class Frontier:
    """
    A Merkle tree without its leaves: it grows, and knows its root.

    Attributes:
        size: The number of leaves.
        peaks: The roots of the complete subtrees, the largest first.

    >>> from afwegen.log.merkle import leaf_hash, root
    >>> leaves = [leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")]
    >>> frontier = EMPTY.extend(leaves[:2]).extend(leaves[2:])
    >>> frontier.size, len(frontier.peaks), frontier.root == root(leaves)
    (3, 2, True)
    """

    size: int
    peaks: tuple[bytes, ...]

    def extend(self, leaf_hashes: Iterable[bytes]) -> Self:
        """
        Return the frontier after these leaves.

        Raises:
            IntegrityError: A leaf is not 32 octets.
        """
        size, peaks = self.size, list(self.peaks)
        for leaf in leaf_hashes:
            if type(leaf) is not bytes or len(leaf) != HASH_SIZE:
                raise IntegrityError("a leaf hash is 32 octets", "hash the entry with leaf_hash", leaf)
            peak, bits = leaf, size
            while bits & 1:
                peak = sha256(b"\x01" + peaks.pop() + peak).digest()  # node_hash, without the call
                bits >>= 1
            peaks.append(peak)
            size += 1
        return type(self)(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root of the tree, 32 octets; that of the empty tree is the hash of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.peaks))

    def to_bytes(self) -> bytes:
        """Write the frontier: the size in eight octets, big end first, then the peaks."""
        return self.size.to_bytes(_SIZE_OCTETS, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """
        Read a frontier back.

        >>> Frontier.from_bytes(EMPTY.to_bytes()) == EMPTY
        True

        Raises:
            IntegrityError: The octets are not those of a frontier.
        """
        size = int.from_bytes(data[:_SIZE_OCTETS], "big")
        if len(data) != _SIZE_OCTETS + HASH_SIZE * size.bit_count():
            raise IntegrityError(
                "these octets are no frontier", "recompute it from the entries, or restore a backup", data
            )
        peaks = range(_SIZE_OCTETS, len(data), HASH_SIZE)
        return cls(size, tuple(data[at : at + HASH_SIZE] for at in peaks))


EMPTY: Final = Frontier(0, ())
"""The frontier of a log without entries."""
