"""Values that cannot stand in the log are refused when the event is made, with the value and what to do."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from afwegen import AfwegenError, CodecError
from afwegen import events as e
from afwegen.codec import make_event
from afwegen.events.declaration import LARGEST_INT, event, event_type
from afwegen.method import Role

EFFECT = {"effect": "a", "solution": "b", "statement": "c", "direction": "positive", "recipient": "d"}
COST = {"cost": "a", "solution": "b"}


def refused(make, got=None):
    with pytest.raises(CodecError) as caught:
        make()
    assert caught.value.do
    if got is not None:
        assert caught.value.got is got or caught.value.got == got
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "value", [True, "3", 3.0, Decimal(3), float("nan"), float("inf"), None, b"3", [3], -1, 0, 2**53]
)
def test_a_number_is_a_number(value):
    """``True`` is not 1, ``"3"`` is not 3, a float is none at all; nor is it below one, or too large to be exact."""
    refused(
        lambda: (
            e.OpeningPitched(pitch="x", minutes=value)
            if value is not None
            else e.AgendaItem(step="choice", minutes=None)
        )
    )


@pytest.mark.parametrize(
    "value", [True, "3", 3.0, float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity"), -1, Decimal("-0.01")]
)
def test_an_amount_is_a_finite_number_from_zero(value):
    """Money is an int or a Decimal."""
    refused(lambda: e.CostEstimated(**COST, amount=value))


@pytest.mark.parametrize(
    ("given", "kept"),
    [(Decimal("1E+2"), 100), (Decimal("7.50"), Decimal("7.5")), (Decimal("-0"), 0), (LARGEST_INT, LARGEST_INT)],
)
def test_a_number_has_one_spelling(given, kept):
    """What is equal is the same in the log."""
    assert e.CostEstimated(**COST, amount=given).amount == kept
    assert str(e.CostEstimated(**COST, amount=given).amount) == str(kept)


@pytest.mark.parametrize("text", ["123456789012345678901234567891", "0.98765432109876543210987654321", "0E+999999999"])
def test_no_digit_is_lost(text):
    """Python's decimals round to 28 digits by themselves; ours keep the 30 they may have."""
    assert e.CostEstimated(**COST, amount=Decimal(text)).amount == Decimal(text)


@pytest.mark.parametrize("text", ["9" * 31, "1E+31", "1E-31", "1E+999999999", "0." + "1" * 31])
def test_a_number_that_is_too_long_is_refused(text):
    """Also one that Python could not even normalise."""
    refused(lambda: e.CostEstimated(**COST, amount=Decimal(text)))


@pytest.mark.parametrize("value", [5, b"x", ["x"], "", "  ", "half \ud83d", None])
def test_a_text_is_text(value):
    """Not blank, and no half characters."""
    refused(lambda: e.NoteTaken(text=value))


def test_a_text_has_one_spelling():
    """Composed: the same words are the same octets."""
    assert e.NoteTaken(text="cafe\u0301").text == "caf\u00e9"


@pytest.mark.parametrize("value", ["Anna", "", "a" * 65, "-a", "a b", "a/b", 5, None, "\u00e9"])
def test_an_id_is_an_id(value):
    """1 to 64 of a few characters; it is public, and no name."""
    refused(lambda: e.EffectRecorded(**{**EFFECT, "effect": value}), value)


@pytest.mark.parametrize("value", ["neutral", "", None, 1, True, e.ERASED])
def test_a_word_is_one_of_a_few(value):
    """The refusal lists them."""
    with pytest.raises(CodecError, match="positive, negative"):
        e.EffectRecorded(**{**EFFECT, "direction": value})


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_yes_or_no_is_yes_or_no(value):
    """1 is not ``True``."""
    refused(lambda: e.BaselineChecked(check="sober", satisfied=value))


@pytest.mark.parametrize("value", [datetime(2026, 3, 2), "2026-03-02", 5])  # noqa: DTZ001
def test_a_moment_has_its_time_zone(value):
    """Else nobody knows when it was."""
    refused(lambda: e.MeetingPlanned(meeting="one", begins_at=value))


@pytest.mark.parametrize("value", [datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02"])
def test_a_day_is_a_day(value):
    """Not a moment, not its spelling."""
    refused(lambda: e.EvaluationPlanned(plan="x", day=value))


@pytest.mark.parametrize("value", ["anna", b"anna", 5, {"anna": 1}, ("anna", 5)])
def test_several_are_a_tuple(value):
    """Also one of them: a string is not its letters."""
    refused(lambda: e.AttendanceRecorded(meeting="one", present=value))


@pytest.mark.parametrize("value", [(("a", 1), ("a", 2)), 5, "ab", (("a",),), {"a": "1"}, {"A": 1}])
def test_a_mapping_names_each_key_once(value):
    """In any order; it is kept sorted."""
    refused(lambda: e.CriteriaWeighed(weights=value))
    assert e.CriteriaWeighed(weights={"b": 1, "a": 2}).weights == (("a", 2), ("b", 1))


@pytest.mark.parametrize("parts", [(True, 1), (1.5, 1), (0, 1), (1, 0), (-1, 2), ("1", 2), (2**53, 1)])
def test_a_ratio_is_made_of_two_positive_whole_numbers(parts):
    """In lowest terms."""
    refused(lambda: e.Ratio(*parts))
    assert e.Ratio(6, 4) == e.Ratio(3, 2)


def test_an_event_does_not_change():
    """What happened has happened."""
    with pytest.raises(AttributeError):
        e.NoteTaken(text="x").text = "y"


# -- from JSON --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields", "says"),
    [
        ("note-made/1", {"text": "x"}, "not known"),
        ("note-taken/2", {"text": "x"}, "version 2"),
        ("note-taken/1", {}, "text"),
        ("note-taken/1", {"text": "x", "colour": "red"}, "colour"),
        ("note-taken/1", {"text": 5}, "is text"),
        ("note-taken/1", [], "fields"),
        ("note-taken/1", None, "fields"),
        ("cost-estimated/1", {**COST, "amount": True}, "is a number"),
        ("cost-estimated/1", {**COST, "amount": 1.5}, "is a number"),
        ("cost-estimated/1", {**COST, "amount": "1e3"}, "decimal"),
        ("cost-estimated/1", {**COST, "amount": "NaN"}, "decimal"),
        ("attendance-recorded/1", {"meeting": "one", "present": "anna"}, "is a tuple"),
        ("criteria-weighed/1", {"weights": ["a1"]}, "as pairs"),
        ("criteria-weighed/1", {"weights": "a1"}, "array"),
        ("criteria-weighed/1", {"weights": [["a", 1, 2]]}, "arrays of two"),
        ("evaluation-planned/1", {"plan": "x", "day": "2026-3-2"}, "day"),
        ("evaluation-planned/1", {"plan": "x", "day": "20260302"}, "one spelling"),
        ("pair-compared/1", {"comparisons": [{"node": "goal", "first": "a", "second": "b", "ratio": "2/4"}]}, "ratio"),
        ("pair-compared/1", {"comparisons": [{"node": "goal", "first": "a", "second": "b"}]}, "missing"),
        ("pair-compared/1", {"comparisons": [{"node": "goal", "first": "a", "second": "b", "ratio": 2}]}, "string"),
    ],
)
def test_what_comes_in_over_the_web_is_read_strictly(name, fields, says):
    """An unknown type, a field too many or missing, a value that is almost right: each refused, with the path."""
    with pytest.raises(CodecError, match=says) as caught:
        make_event(name, fields)
    assert caught.value.do


def test_a_mapping_comes_in_as_an_object_too():
    """As people write it; the log has pairs. A key is never taken for a pair of letters."""
    as_object = make_event("criteria-weighed/1", {"weights": {"b1": "1.5", "a1": 5}})

    assert as_object.weights == (("a1", 5), ("b1", Decimal("1.5")))
    assert as_object == make_event("criteria-weighed/1", {"weights": [["a1", 5], ["b1", "1.5"]]})


# -- declaring --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["note-taken/1", "note-taken", "Note/1", "note/0", "note/01"])
def test_a_type_name_is_new_and_versioned(name):
    """Never used again, never renamed."""
    with pytest.raises(CodecError, match="new and versioned"):
        event(name, by=(Role.PARTICIPANT,))


@pytest.mark.parametrize("thing", ["note", 5, None, object, RuntimeError()])
def test_only_an_event_has_a_type(thing):
    """And nothing of ours leaks as a bare KeyError."""
    with pytest.raises(AfwegenError):
        event_type(thing)
