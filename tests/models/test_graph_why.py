"""Why one stands above another: widest paths, weakest links, whose they are, and who could undo it."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ModelError
from afwegen.models import ConsensusGraph, Profile, graph_why
from afwegen.models.consensus_graph import RULES, schulze

SCHULZE = Profile.from_rankings(
    [tuple(word) for word in ("ACBED", "ADECB", "BEDAC", "CABED", "CAEBD", "CBADE", "DCEBA", "EBADC")],
    (5, 5, 8, 3, 7, 2, 7, 8),
)
"""The example of Schulze (2011)."""


def why(profile, a, b=None, **given):
    return ConsensusGraph(**given).evaluate(profile).why(a, b)


def test_schulzes_example():
    """E stands above A: the path A > C > E back is as strong as its weakest link, 24 against 21."""
    found = why(SCHULZE, "E", "A")
    assert (found.verdict, found.path.strength, found.rival.strength) == ("above", 5, 3)
    steps = [(link.above, link.below, link.margin) for link in found.path.links]
    assert steps == [("E", "B", 9), ("B", "A", 5)]
    (weakest,) = found.rival.weakest
    assert (weakest.above, weakest.below, weakest.weight, weakest.against) == ("C", "E", 24, 21)
    assert weakest.supporters == ("judge-1", "judge-4", "judge-5", "judge-6", "judge-7")


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
def test_paths_are_widest_paths(rule, data):
    """Every link is an edge of the graph, links join up, and the weakest is as strong as the kernel says."""
    rankings = data.draw(st.lists(st.permutations("abcde"), min_size=1, max_size=7))
    outcome = ConsensusGraph(rule=rule).evaluate(Profile.from_rankings(rankings))
    strengths = schulze(outcome.diagnostics.margins)
    graph = ConsensusGraph().graph(outcome.profile)
    a, b = data.draw(st.permutations("abcde"))[:2]
    found = outcome.why(a, b)
    for path, start, end in ((found.path, a, b), (found.rival, b, a)):
        assert path.strength == strengths["abcde".index(start), "abcde".index(end)]
        names = [start, *(link.below for link in path.links)]
        assert [link.above for link in path.links] == names[:-1]
        assert not path.links or names[-1] == end
        for link in path.links:
            edge = graph.edges[link.above, link.below]
            assert (link.margin, link.weight, link.supporters) == (edge["margin"], edge["above"], edge["supporters"])
    assert found.verdict == {(True, False): "above", (False, True): "below"}.get(
        ((a, b) in outcome.relation, (b, a) in outcome.relation), "neither"
    )
    for language in ("en", "nl"):
        assert all(found.sentences(language))


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
def test_who_could_undo_it(rule, data):
    """Without each judge in turn, evaluated anew."""
    rankings = data.draw(st.lists(st.permutations("abcd"), min_size=2, max_size=6))
    model = ConsensusGraph(rule=rule)
    profile = Profile.from_rankings(rankings)
    found = model.evaluate(profile).why("a", "b")
    other = [j for j in profile.judges if model.evaluate(profile.without(j)).why("a", "b").verdict != found.verdict]
    assert found.undone_by == tuple(other)


def test_undoing_is_not_tried_for_very_many(monkeypatch):
    """It says None where trying would take too long, and the sentences leave it out."""
    profile = Profile.from_rankings([("a", "b")] * 3)
    found = why(profile, "a", "b")
    assert "without any one" in found.sentences()[-1]
    monkeypatch.setattr(graph_why, "_LARGEST_WHAT_IF", 3 * 2**3 - 1)
    found = why(profile, "a", "b")
    assert found.undone_by is None
    assert len(found.sentences()) == 3


@pytest.mark.parametrize(
    ("rule", "en", "nl"),
    [
        ("schulze", "widest path from a to b is 2 strong, the way back 0", "breedste pad van a naar b is 2 sterk"),
        ("kemeny", "in every order that is nearest to the judges (1 in all)", "elke volgorde die het dichtst"),
        ("ranked-pairs", "ranked pairs keeps lead from a to b", "'ranked pairs' behoudt, leiden van a naar b"),
        ("copeland", "1 points against -1 (Copeland)", "1 punten tegen -1 (Copeland)"),
        ("borda", "2 points against 0 (Borda)", "2 punten tegen 0 (Borda)"),
    ],
)
def test_each_rule_says_what_decided(rule, en, nl):
    """Above and, asked the other way, the same sentence."""
    profile = Profile.from_rankings([("a", "b")] * 2)
    assert en in why(profile, "a", "b", rule=rule).sentences("en")[0]
    assert nl in why(profile, "a", "b", rule=rule).sentences("nl")[0]
    assert why(profile, "b", "a", rule=rule).sentences()[0] == why(profile, "a", "b", rule=rule).sentences()[0]


@pytest.mark.parametrize(
    ("rule", "en", "nl"),
    [
        (
            "schulze",
            "Neither a nor b stands above the other: the widest paths both ways are 0 strong",
            "geen van beide",
        ),
        ("kemeny", "The 2 orders nearest to the judges do not agree on a and b", "niet eens over a en b"),
        ("ranked-pairs", "lead neither from a to b nor back", "leiden niet van a naar b"),
        ("copeland", "a and b both have 0 points (Copeland)", "allebei 0 punten"),
        ("borda", "a and b both have 1 points (Borda)", "allebei 1 punten"),
    ],
)
def test_each_rule_says_when_nothing_decided(rule, en, nl):
    """One for, one against."""
    profile = Profile.from_rankings([("a", "b"), ("b", "a")])
    assert en in why(profile, "a", "b", rule=rule).sentences("en")[0]
    assert nl in why(profile, "a", "b", rule=rule).sentences("nl")[0]


def test_numbers_in_the_sentences_are_the_numbers_computed():
    """Fractions are shown as decimals, with a comma in Dutch; the data keeps them exact."""
    profile = Profile.from_rankings([("a", "b"), ("b", "a")], weights=(2, Fraction(1, 2)), judges=("anna", "bert"))
    found = why(profile, "a", "b")
    (link,) = found.path.links
    assert (link.margin, link.weight, link.against) == (Fraction(3, 2), 2, Fraction(1, 2))
    assert found.sentences("en")[1] == (
        "From a to b: a > b (1.5). The weakest link is a > b, margin 1.5: 2 for (weight of the judges), 0.5 against; "
        "for it: anna."
    )
    assert "marge 1,5: 2 voor (gewicht van de beoordelaars), 0,5 tegen" in found.sentences("nl")[1]
    assert found.sentences()[2] == "No path of positive margins leads from b to a."
    assert found.sentences()[3] == "Without any one of these judges it would be otherwise: anna."


def test_many_supporters_are_not_all_read_aloud():
    """Ten names and how many more; the data holds them all."""
    found = why(Profile.from_rankings([("a", "b")] * 25), "a", "b")
    assert len(found.path.links[0].supporters) == 25
    assert re.search(r"judge-10 and 15 others", found.sentences("en")[1])
    assert re.search(r"judge-10 en 15 anderen", found.sentences("nl")[1])


@pytest.mark.parametrize("rule", RULES)
def test_why_it_stands_where_it_stands(rule):
    """Undefeated: against the one that comes closest. Defeated: against the strongest of those above."""
    profile = Profile.from_rankings([("a", "b", "c", "d"), ("a", "c", "b", "d"), ("b", "a", "c", "d")])
    first, last = why(profile, "a", rule=rule), why(profile, "d", rule=rule)
    assert (first.above, first.below, first.nearest.below) == (("b", "c", "d"), (), "b")
    assert last.below == ("a", "b", "c")
    assert last.nearest.verdict == "below"
    assert "Nothing stands above a." in first.sentences()
    assert "Niets staat boven a." in first.sentences("nl")
    assert last.sentences()[0] == "d stands below a, b and c."


def test_beside():
    """What the rule does not tell apart is said."""
    found = why(Profile.from_rankings([("a", "b"), ("b", "a")]), "a")
    assert found.beside == ("b",)
    assert found.sentences()[0] == "Between a and b the rule does not tell."


def test_alone():
    """One alternative has no rival."""
    found = why(Profile.from_rankings([("a",)]), "a")
    assert found.nearest is None
    assert found.sentences() == ("Nothing stands above a.",)


@pytest.mark.parametrize(("a", "b"), [("a", "a"), ("a", "x"), ("x", None)])
def test_who_is_asked_about(a, b):
    """Unknown names, and an alternative against itself, are refused."""
    with pytest.raises(ModelError):
        why(Profile.from_rankings([("a", "b")]), a, b)


def test_the_language():
    """English and Dutch."""
    with pytest.raises(ModelError, match="language"):
        why(Profile.from_rankings([("a", "b")]), "a", "b").sentences("fr")


def test_paths_do_not_hang_on_the_order_of_the_alternatives():
    """Among equally wide and short paths the first by name, wherever it stands in the list."""
    rankings = [("a", "b", "c", "d"), ("b", "d", "a", "c"), ("c", "d", "a", "b")]
    one = why(Profile.from_rankings(rankings, alternatives=tuple("abcd")), "a", "d")
    other = why(Profile.from_rankings(rankings, alternatives=tuple("dcba")), "a", "d")
    assert one == other
