"""While scores are missing, what is said is what is certain."""

from afwegen.models import Profile, Scale, WeightedSum


def outcome():
    profile = Profile.from_scores(
        [[[9, 8], [5, None], [1, 2]]],
        judges=["anna"],
        alternatives=["a", "b", "c"],
        criteria=["quiet", "green"],
        criterion_weights=[1, 1],
        scales={"quiet": Scale(0, 10), "green": Scale(0, 10)},
    )
    return WeightedSum(missing="bounds").evaluate(profile)


def test_certain_places_are_told_from_open_ones():
    """B lies between 0.25 and 0.75: below a, above c, whatever the missing score; with itself 0.5 wide."""
    why = outcome().why("b")
    assert (why.low, why.high) == (0.25, 0.75)
    assert (why.above, why.below, why.open) == (("c",), ("a",), ())
    assert why.sentences() == (
        "b scores between 0.25 and 0.75, whatever the missing scores are.",
        "It is certainly above c.",
        "It is certainly below a.",
    )


def test_a_pair_is_told_in_dutch():
    """Only the rival asked about."""
    assert outcome().why("a", "c").sentences("nl") == (
        "a scoort tussen 0,85 en 0,85, wat de ontbrekende scores ook zijn.",
        "Het staat zeker boven c.",
    )
