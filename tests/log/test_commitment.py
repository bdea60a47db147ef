"""Commitments bind a value to its place, and hide it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import CodecError
from afwegen.log.commitment import commit, opens

SALT = bytes(range(32))
PLACE = (SALT, "wijk", 4, "score", 7)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 10))
def test_a_commitment_opens_with_its_salt_and_value(salt, score):
    """And has no padding: 43 characters of base64url."""
    commitment = commit(salt, "wijk", 4, "score", score)

    assert opens(commitment, salt, "wijk", 4, "score", score)
    assert len(commitment) == 43
    assert not set(commitment) & set("+/=")


@pytest.mark.parametrize(
    "other",
    [
        (bytes(32), "wijk", 4, "score", 7),
        (SALT, "buurt", 4, "score", 7),
        (SALT, "wijk", 5, "score", 7),
        (SALT, "wijk", 4, "scores", 7),
        (SALT, "wijk", 4, "score", 8),
        (SALT, "wijk", 4, "score", "7"),
        (SALT, "wijk", 4, "score", None),
        (SALT, "wijk", 4, "score", [7]),
    ],
)
def test_it_opens_nowhere_else_and_to_nothing_else(other):
    """Another salt, session, place, field or value does not open it."""
    assert not opens(commit(*PLACE), *other)


def test_true_is_not_one():
    """Python holds True equal to 1; a commitment does not."""
    assert not opens(commit(SALT, "wijk", 4, "score", 1), SALT, "wijk", 4, "score", True)


@pytest.mark.parametrize("text", ["", "é" * 43, "\ud800", "A" * 43, commit(*PLACE) + "="])
def test_what_is_no_commitment_does_not_open(text):
    """Whatever stands in the entry in its place."""
    assert not opens(text, *PLACE)


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33), "0" * 32])
def test_a_salt_is_32_octets(salt):
    """A short salt could be guessed; the error does not show it."""
    with pytest.raises(CodecError, match="32 octets") as refused:
        commit(salt, "wijk", 4, "score", 7)

    assert "got" not in str(refused.value)


def test_a_value_outside_the_profile_cannot_be_committed_to():
    """It would have no one spelling."""
    with pytest.raises(CodecError, match="a float"):
        commit(SALT, "wijk", 4, "score", 0.5)
