"""The frontier: a tree that grows without its leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import IntegrityError
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import EMPTY_ROOT, leaf_hash, root

leaves = st.lists(st.binary(max_size=4).map(leaf_hash), max_size=70)


@given(leaves, st.integers(0, 70))
def test_however_it_grows_the_root_is_that_of_the_leaves(all_leaves, cut):
    """In one step or two, the frontier knows the root of the whole."""
    frontier = EMPTY.extend(all_leaves[:cut]).extend(iter(all_leaves[cut:]))

    assert frontier.root == root(all_leaves)
    assert frontier == EMPTY.extend(all_leaves)
    assert frontier.size == len(all_leaves)
    assert len(frontier.peaks) == frontier.size.bit_count()


@given(leaves)
def test_it_is_read_back_as_it_was_written(all_leaves):
    """Octets and frontier are one to one."""
    frontier = EMPTY.extend(all_leaves)

    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


def test_the_empty_frontier_has_the_root_of_nothing():
    """RFC 6962: the hash of no octets."""
    assert EMPTY.root == EMPTY_ROOT
    assert EMPTY.extend([]) == EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8, "big"),
        (1).to_bytes(8, "big") + bytes(31),
        (1).to_bytes(8, "big") + bytes(64),
        (3).to_bytes(8, "big") + bytes(32),
    ],
)
def test_octets_of_another_length_are_no_frontier(data):
    """As many peaks as the size has bits set, or it is refused."""
    with pytest.raises(IntegrityError, match="no frontier"):
        Frontier.from_bytes(data)


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33), "0" * 32])
def test_a_leaf_is_32_octets(leaf):
    """An entry handed over in place of its hash is refused."""
    with pytest.raises(IntegrityError, match="32 octets"):
        EMPTY.extend([leaf])
