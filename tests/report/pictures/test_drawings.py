"""Each drawing: whatever the numbers, it is well-formed, says nothing its table does not, and its words are true."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.models.agreement import distances
from afwegen.report import language
from afwegen.report.pictures.agreement import agreement, alike
from afwegen.report.pictures.bump import Orders, bump
from afwegen.report.pictures.contributions import Contributions, contributions
from afwegen.report.pictures.costs import Estimate, costs
from afwegen.report.pictures.counts import Counted, counts
from afwegen.report.pictures.graph import Graph, fits, graph, pairs_of
from afwegen.report.pictures.keys import keys
from afwegen.report.pictures.weights import Sensitivity, leaders, weights

SAY = language("en")
NAMES = ("caretaker", "renovation", "demolition", "cameras", "fence", "square")
TITLES = ("A caretaker", "Renovation", "<b>Demolition</b> & more", "\u202eCameras", "x" * 5000, "👩‍👩‍👧‍👦 square")
KEYS = keys(zip(NAMES, TITLES, strict=True))
GROUPS = ("orange", "blue", "green", "<yellow>")

places = st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=4, max_size=4).map(tuple)
orders = st.lists(places, min_size=1, max_size=6).map(
    lambda rows: Orders(who="subgroups", columns=GROUPS, places=tuple(zip(NAMES, rows, strict=False)))
)
shares = st.fractions(0, 1, max_denominator=20)


@pytest.fixture(scope="session")
def faithful(read, numbers_drawn, numbers_told):
    """Return a function that checks what every picture promises, and returns the picture."""

    def check(picture):
        root = read(picture)
        assert numbers_drawn(picture) <= numbers_told(picture)
        assert "<script" not in picture.svg
        assert float(root.get("viewBox").split()[3]) > 0
        return picture

    return check


@given(given_orders=orders)
def test_a_bump_chart_tells_its_orders(faithful, given_orders):
    """The table holds every place, and the words say how often something was on top."""
    picture = faithful(bump("p", "Orders", given_orders, KEYS, SAY))

    for (name, row), cells in zip(given_orders.places, picture.rows, strict=True):
        assert cells[0] == KEYS[name].letter
        assert cells[2:] == tuple("left out" if place is None else str(place) for place in row)
    on_top = sorted(((row.count(1), name) for name, row in given_orders.places if 1 in row), key=lambda top: -top[0])
    for times, name in on_top[:4]:
        assert f"({KEYS[name].letter}) for {times} of the 4 subgroups" in picture.description


@given(rows=st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6).map(tuple), min_size=1, max_size=6))
def test_counts_add_up(faithful, rows):
    """What was not placed is the rest, in every row; lower places are added up in a column of their own."""
    many = max(sum(row) for row in rows) or 1
    counted = Counted(who="participants", many=many, times=tuple(zip(NAMES, rows, strict=False)))

    picture = faithful(counts("p", "Counts", counted, KEYS, SAY))

    for cells in picture.rows:
        *each, lower, rest = map(int, cells[2:])
        assert sum(each) + rest == many
        assert lower == sum(each[3:])


@given(
    above=st.lists(st.lists(st.integers(0, 40), min_size=6, max_size=6), min_size=6, max_size=6),
    many=st.integers(2, 6),
)
def test_a_graph_tells_every_pair(faithful, above, many):
    """Every pair stands in the table with both its numbers, and the closest pair is named."""
    found = Graph(many=40, tiers=tuple((name,) for name in NAMES[:many]), above=tuple(map(tuple, above)))

    picture = faithful((graph if fits(found, SAY) else pairs_of)("p", "Graph", found, KEYS, SAY))

    pairs = [*combinations(range(many), 2)]
    assert [row[2:4] for row in picture.rows] == [(str(above[a][b]), str(above[b][a])) for a, b in pairs]
    least = min(abs(above[a][b] - above[b][a]) for a, b in pairs)
    told = [(above[a][b], above[b][a]) for a, b in pairs if abs(above[a][b] - above[b][a]) == least]
    assert any(
        f"{over} put the first above the second, {under} the second" in picture.description for over, under in told
    )


@given(st.lists(st.permutations([1, 2, 3, 4]), min_size=2, max_size=6))
def test_agreement_is_the_distance_turned_round(rows):
    """On complete orders the count is all pairs less the Kemeny-Snell distance."""
    found = alike("subgroups", [str(place) for place in range(len(rows))], rows)

    assert np.array_equal(np.array(found.same), 6 - distances(rows))


@given(st.lists(places, min_size=2, max_size=6))
def test_agreement_is_drawn_whole(faithful, rows):
    """Every two judges have a row in the table, and people are not named in the words."""
    names = [f"judge {'abcdef'[place]}" for place in range(len(rows))]

    picture = faithful(agreement("p", "Agreement", alike("participants", names, rows), SAY))

    assert [row[:2] for row in picture.rows] == [*combinations(names, 2)]
    assert not any(name in picture.description for name in names)


@given(
    st.lists(st.lists(st.floats(-0.2, 0.5), min_size=3, max_size=3).map(tuple), min_size=1, max_size=6),
)
def test_contributions_add_up(faithful, rows):
    """The last column is the sum of the others, up to rounding; negative ones are drawn on the other side."""
    given_parts = Contributions(
        criteria=("quiet", "<cost>", "x" * 500), parts=tuple(zip(NAMES, rows, strict=False)), whole=1.0
    )

    picture = faithful(contributions("p", "Contributions", given_parts, KEYS, SAY))

    for cells in picture.rows:
        *parts, whole = map(float, cells[2:])
        assert sum(parts) == pytest.approx(whole, abs=0.25)


scores = st.lists(shares, min_size=3, max_size=3)


@given(none=scores, now=scores, everything=scores, weight=shares, where=shares)
def test_who_would_be_first_is_who_scores_most(none, now, everything, weight, where):
    """The stretches fill the way from 0 to 1, and in each the first are those with the highest score."""
    ends = (none, now, everything)

    found = leaders(NAMES[:3], ends, weight)

    assert (found[0].low, found[-1].high) == (0, 1)
    assert all(one.high == other.low and one.first != other.first for one, other in pairwise(found))
    (stretch,) = [part for part in found if part.low < where < part.high] or [None]
    if stretch is not None and where != weight:
        low, high, left, right = (0, weight, none, now) if where < weight else (weight, 1, now, everything)
        share = (where - low) / (high - low)
        at = {name: one + (other - one) * share for name, one, other in zip(NAMES, left, right, strict=False)}
        assert set(stretch.first) <= {name for name, score in at.items() if score == max(at.values())}


@given(none=scores, now=scores, everything=scores, weight=shares)
def test_weights_are_drawn_whole(faithful, none, now, everything, weight):
    """Every weight at which the order changes stands in the table, and is named in the words."""
    each = Sensitivity(criterion="quiet", weight=weight, stretches=leaders(NAMES[:3], (none, now, everything), weight))

    picture = faithful(weights("p", "Weights", [each], KEYS, SAY))

    assert len(picture.rows) == len(each.stretches)
    assert picture.description.count("first place goes from") == len(each.stretches) - 1


estimates = st.lists(
    st.tuples(
        st.one_of(st.none(), st.decimals(0, 10**8, places=2)),
        st.dictionaries(st.sampled_from(["residents", "housing"]), st.integers(0, 100)),
    ),
    min_size=1,
    max_size=6,
)


@given(estimates)
def test_costs_stand_in_the_table(faithful, rows):
    """Every estimate stands in the table, also one that cannot be drawn for want of another."""
    found = [
        Estimate(solution=name, cost=cost, powers=tuple(powers.items()))
        for name, (cost, powers) in zip(NAMES, rows, strict=False)
    ]

    picture = faithful(costs("p", "Costs", found, KEYS, {"residents": "Residents", "housing": "<Housing>"}, SAY))

    assert len(picture.rows) == len(found)
    for each, cells in zip(found, picture.rows, strict=True):
        assert cells[2] == ("not estimated" if each.cost is None else SAY.money(each.cost))
        assert cells[3:] == tuple(
            f"{dict(each.powers)[owner]}%" if owner in dict(each.powers) else "not estimated"
            for owner in ("residents", "housing")
        )


def test_an_exact_tie_is_a_stretch_of_its_own():
    """Who are first together are named together."""
    half = Fraction(1, 2)

    found = leaders(("a", "b"), ([1, 1], [half, half], [0, 1]), half)

    assert [part.first for part in found] == [("a", "b"), ("b",)]


def test_free_solutions_are_drawn():
    """A group that spends nothing has an axis all the same."""
    found = [Estimate(solution=name, cost=Decimal(0), powers=(("residents", 10),)) for name in NAMES[:2]]

    assert costs("p", "Costs", found, KEYS, {"residents": "Residents"}, SAY).rows[0][2] == "€0"
