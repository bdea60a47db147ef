"""
A tree that is kept whole, for who makes many proofs of one log.

``merkle.inclusion_proof`` hashes every leaf for each proof; this keeps the roots of all complete subtrees, 64 octets a
leaf, and makes a proof of a log of a million in microseconds.
"""

from collections.abc import Iterable

from afwegen.errors import IntegrityError
from afwegen.log.merkle import EMPTY_ROOT, HASH_SIZE, node_hash

__all__ = ["Tree"]


class Tree:
    """
    A Merkle tree with every complete subtree at hand.

    >>> from afwegen.log.merkle import inclusion_proof, leaf_hash, root
    >>> leaves = [leaf_hash(bytes([i])) for i in range(7)]
    >>> tree = Tree(leaves)
    >>> tree.root(5) == root(leaves[:5]), tree.inclusion(2, 7) == inclusion_proof(leaves, 2, 7)
    (True, True)

    Args:
        leaf_hashes: 32 octets each, in the order of the log.

    Raises:
        IntegrityError: A leaf is not 32 octets.
    """

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaf_hashes)

    def __len__(self) -> int:
        return len(self._levels[0])

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """
        Let the tree grow.

        Raises:
            IntegrityError: A leaf is not 32 octets.
        """
        added = list(leaf_hashes)
        for leaf in added:
            if type(leaf) is not bytes or len(leaf) != HASH_SIZE:
                raise IntegrityError("a leaf hash is 32 octets", "hash the entry with leaf_hash", leaf)
        level = self._levels[0]
        level += added
        for height in range(1, len(level).bit_length()):
            if height == len(self._levels):
                self._levels.append([])
            above = self._levels[height]
            pairs = range(2 * len(above), len(level) - 1, 2)
            above += [node_hash(level[at], level[at + 1]) for at in pairs]
            level = above

    def root(self, size: int | None = None) -> bytes:
        """
        Return the root over the first *size* leaves, or all.

        Raises:
            IntegrityError: There are not so many.
        """
        found = len(self) if size is None else size
        self._insist_on(found)
        return self._span(0, found) if found else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """
        Prove that a leaf stands at *index* in the tree of the first *size*; see ``merkle.inclusion_proof``.

        Raises:
            IntegrityError: The index is not in the tree, or the log is shorter than *size*.
        """
        self._insist_on(size)
        if not 0 <= index < size:
            raise IntegrityError("the index is not in the tree", f"give an index from 0 to {size - 1}", index)
        first, last = 0, size
        path: list[bytes] = []
        while last - first > 1:
            middle = first + _split(last - first)
            if index < middle:
                path.append(self._span(middle, last))
                last = middle
            else:
                path.append(self._span(first, middle))
                first = middle
        return tuple(reversed(path))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """
        Prove that the tree of *old* leaves is the beginning of that of *new*; see ``merkle.consistency_proof``.

        Raises:
            IntegrityError: The sizes are out of order, or the log is shorter than *new*.
        """
        self._insist_on(new)
        if not 1 <= old <= new:
            raise IntegrityError("the old tree has from 1 leaf to as many as the new one", f"of {new}", old)
        first, last, whole = 0, new, True
        path: list[bytes] = []
        while old < last:
            middle = first + _split(last - first)
            if old <= middle:
                path.append(self._span(middle, last))
                last = middle
            else:
                path.append(self._span(first, middle))
                first, whole = middle, False
        if not whole:
            path.append(self._span(first, last))
        return tuple(reversed(path))

    def _span(self, first: int, last: int) -> bytes:
        """Return the root of the leaves from *first* to *last*, where *first* begins a subtree of that width."""
        width = last - first
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self._levels[height][first >> height]
        middle = first + _split(width)
        return node_hash(self._span(first, middle), self._span(middle, last))

    def _insist_on(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise IntegrityError("the tree is larger than the log", f"the log has {len(self)} leaves", size)


def _split(size: int) -> int:
    """Return the largest power of two below *size*, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
