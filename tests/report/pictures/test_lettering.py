"""What is written in a picture fits, and does no harm."""

from hypothesis import given
from hypothesis import strategies as st

from afwegen.report.pictures.lettering import clean, key_letter, width, wrapped

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        ["x" * 5000, "<script>alert(1)</script>", "\u202eabc\u202c", "👩‍👩‍👧‍👦" * 50, "é" * 99, "\x00\ud7ff", ""]
    ),
)


@given(HOSTILE, st.floats(30, 400), st.integers(1, 3))
def test_every_line_fits(text, room, lines):
    """No line is wider than its room, and there are no more lines than asked for."""
    rows = wrapped(text, room, 13, lines=lines)

    assert len(rows) <= lines
    assert all(width(row, 13) <= room or len(row) <= 8 for row in rows)


@given(HOSTILE)
def test_what_is_cut_is_seen_to_be_cut(text):
    """Either all words are there, or the last line ends in an ellipsis."""
    rows = wrapped(text, 200, 13, lines=2)

    whole = "".join(rows).replace(" ", "") == clean(text).replace(" ", "")
    assert whole or rows[-1].endswith("…")


@given(st.text())
def test_nothing_turns_the_writing_round(text):
    """No control character and no mark of direction is left, and cleaning twice is cleaning once."""
    once = clean(text)

    assert not any(char in once for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\n\t")
    assert clean(once) == once


@given(st.integers(0, 5000))
def test_letters_are_unique(place):
    """No two alternatives go by one letter."""
    assert key_letter(place) != key_letter(place + 1)
    assert (len(key_letter(place)), key_letter(place)) < (len(key_letter(place + 1)), key_letter(place + 1))
