"""What changed between two moments, in words."""

import pytest

from afwegen import AfwegenError, RuleViolation
from afwegen.report import account, difference


def test_nothing_changed_between_a_moment_and_itself(demo):
    """Silence, in either language."""
    assert difference(demo, 300, 300) == ()


def test_what_is_new_is_told_and_where_the_steps_are(demo):
    """From the choice put off to the choice made."""
    told = difference(demo, 448, 471, language="en")

    assert "Step 8. The choice: was open, is completed" in told
    assert "Chosen: Een huismeester, en een open pleintje in plaats van de doorgang." in told
    assert any(each.startswith("New, action:") for each in told)


def test_what_was_worded_otherwise_is_told_in_both_wordings(demo):
    """The baseline, drafted anew after the council decided about the lights."""
    told = difference(demo, 190, 208, language="en")

    assert any(each.startswith("Doing nothing extra: first “Het gewone onderhoud gaat door. De jong") for each in told)
    assert any(each.startswith("Must be looked at again:") for each in told)


def test_what_no_longer_stands_is_told(demo):
    """A solution that the fire brigade does not allow."""
    assert any("No longer stands, solution: “Een hek" in each for each in difference(demo, 143, 145, language="en"))


def test_from_nothing_to_everything_has_no_key_of_a_person(toured):
    """It is shown through the same eye as the account."""
    told = " ".join(difference(toured, 0, language="en"))

    assert "Jansen" not in told
    assert "~p_" not in told


def test_the_account_can_begin_with_it(demo, reader):
    """A section of its own, before everything else."""
    said = reader(account(demo, since=456, language="en")).words

    assert "What changed after the first 456 lines" in said
    assert said.index("What changed after") < said.index("How it was told at first")


def test_moments_stand_in_order_and_are_there(demo):
    """Refused with the reason."""
    with pytest.raises(AfwegenError, match="the first moment comes before the second"):
        difference(demo, 20, 10)
    with pytest.raises(RuleViolation, match="490 records"):
        difference(demo, 0, 491)
    with pytest.raises(RuleViolation, match="comes later"):
        account(demo, at=10, since=20)
