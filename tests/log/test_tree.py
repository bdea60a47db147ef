"""A tree that is kept whole gives the proofs of the specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import IntegrityError
from afwegen.log.merkle import EMPTY_ROOT, consistency_proof, inclusion_proof, leaf_hash, root
from afwegen.log.tree import Tree

LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]


@given(st.integers(1, 70), st.data())
def test_proofs_are_those_of_the_specification(size, data):
    """Root, inclusion and consistency, at every size, however the tree grew."""
    cut = data.draw(st.integers(0, 70))
    tree = Tree(LEAVES[:cut])
    tree.extend(LEAVES[cut:])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    assert tree.root(size) == root(LEAVES[:size])
    assert tree.inclusion(index, size) == inclusion_proof(LEAVES, index, size)
    assert tree.consistency(old, size) == consistency_proof(LEAVES, old, size)


def test_the_empty_tree_has_a_root():
    """That of nothing, and no leaf to prove."""
    assert Tree().root() == EMPTY_ROOT
    assert len(Tree()) == 0
    with pytest.raises(IntegrityError, match="not in the tree"):
        Tree().inclusion(0, 0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.root(4),
        lambda tree: tree.root(-1),
        lambda tree: tree.inclusion(3, 3),
        lambda tree: tree.inclusion(-1, 3),
        lambda tree: tree.inclusion(0, 4),
        lambda tree: tree.consistency(0, 3),
        lambda tree: tree.consistency(3, 2),
        lambda tree: tree.consistency(1, 4),
        lambda tree: tree.extend([b"short"]),
    ],
)
def test_what_is_not_in_the_tree_is_refused(ask):
    """And the tree stays as it was."""
    tree = Tree(LEAVES[:3])
    with pytest.raises(IntegrityError):
        ask(tree)
    assert tree.root() == root(LEAVES[:3])
