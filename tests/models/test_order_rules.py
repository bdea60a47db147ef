"""Rules that order by margins, against their definitions."""

from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import ModelError
from afwegen.models.kemeny import LARGEST, kemeny
from afwegen.models.order_rules import copeland, ranked_pairs, schulze


@st.composite
def margins(draw, sizes=(0, 5), largest=3):
    """An antisymmetric matrix of small whole numbers, so that equal margins, zeros and cycles abound."""
    n = draw(st.integers(*sizes))
    values = iter(draw(st.lists(st.integers(-largest, largest), min_size=n * n, max_size=n * n)))
    upper = np.triu(np.array([[next(values) for _ in range(n)] for _ in range(n)], dtype=int).reshape(n, n), 1)
    return upper - upper.T


def paths_by_hand(table, a, b):
    """Strengths of all simple paths from a to b along positive margins."""
    others = [place for place in range(len(table)) if place not in (a, b)]
    for length in range(len(others) + 1):
        for between in permutations(others, length):
            way = (a, *between, b)
            yield max(min(table[x, y] for x, y in pairwise(way)), 0)


@given(table=margins())
def test_schulze_is_the_widest_path(table):
    """Over every path, the largest smallest margin; the input is left alone."""
    before = table.copy()
    found = schulze(table)
    np.testing.assert_array_equal(table, before)
    for a in range(len(table)):
        assert found[a, a] == 0
        for b in set(range(len(table))) - {a}:
            assert found[a, b] == max(paths_by_hand(table, a, b))


def test_schulze_takes_batches_and_any_number():
    """A batch is many single ones; fractions come out as fractions, floats as floats."""
    table = np.array([[0, 3, -1], [-3, 0, 5], [1, -5, 0]])
    batch = schulze(np.stack([table, -table])[None])
    np.testing.assert_array_equal(batch[0, 0], schulze(table))
    np.testing.assert_array_equal(batch[0, 1], schulze(-table))
    halves = schulze(np.array(table.tolist(), dtype=object) * Fraction(1, 2))
    assert halves.tolist() == (schulze(table) * Fraction(1, 2)).tolist()
    assert schulze(table / 2).tolist() == (schulze(table) / 2).tolist()


@given(table=margins())
def test_copeland_counts_wins_minus_losses(table):
    """One point won for each alternative beaten, one lost for each lost to."""
    assert copeland(table).tolist() == np.sign(table).sum(axis=1).tolist()


def locked(table, pairs):
    """Ranked pairs as textbooks have it, in one order among equals."""
    kept = np.zeros(table.shape, dtype=bool)
    for a, b in sorted(pairs, key=lambda pair: -table[pair]):
        if not kept[b, a]:
            start, to = kept[:, a].copy(), kept[b].copy()
            start[a] = to[b] = True
            kept |= start[:, None] & to
    return kept


@given(table=margins(), chance=st.randoms())
def test_ranked_pairs_without_a_warning_hangs_on_no_order_among_equals(table, chance):
    """Whatever order equal margins are taken in: where we do not warn it is our relation, else it holds ours."""
    found = ranked_pairs(table)
    pairs = [(a, b) for a, b in np.argwhere(table > 0).tolist()]
    chance.shuffle(pairs)
    if not found.hangs_on_ties:
        np.testing.assert_array_equal(found.above, locked(table, pairs))
    sizes = [table[pair] for pair in pairs]
    assert found.equal_margins == (len(set(sizes)) < len(sizes))


def test_ranked_pairs_drops_all_of_an_equal_cycle():
    """Three equal margins in a circle: none is kept, where an index would have kept two."""
    found = ranked_pairs([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    assert not found.above.any()
    assert found.hangs_on_ties


def test_ranked_pairs_lets_what_is_refuted_refute_nothing():
    """What refutes comes first: b beats a by a stronger path, so a > b is out, and takes no equal margin with it."""
    table = np.zeros((4, 4), dtype=int)
    for a, b, size in ((1, 2, 5), (2, 0, 5), (0, 1, 1), (1, 3, 1), (3, 0, 3)):
        table[a, b], table[b, a] = size, -size
    found = ranked_pairs(table)
    assert found.above[1, 3]
    assert not found.hangs_on_ties


@given(table=margins())
def test_kemeny_against_every_order(table):
    """Least loss, the number of optima, the optima, and what all of them say: by trying every order."""
    n = len(table)
    losses = {
        order: sum(max(table[y, x], 0) for i, x in enumerate(order) for y in order[i + 1 :])
        for order in permutations(range(n))
    }
    optima = [order for order, loss in losses.items() if loss == min(losses.values())]
    found = kemeny(table)
    assert found.distance == min(losses.values())
    assert found.count == len(optima)
    assert list(found.orders) == sorted(found.orders, key=list(found.orders).index)
    assert sorted(found.orders) == sorted(optima)
    for a in range(n):
        for b in range(n):
            assert found.relation[a, b] == (a != b and all(order.index(a) < order.index(b) for order in optima))


def test_kemeny_splits_where_margins_are_not_negative():
    """Components of positive margins would lose the optima that a margin of 0 allows."""
    table = np.array([[0, 0, 1], [0, 0, 0], [-1, 0, 0]])
    assert sorted(kemeny(table).orders) == [(0, 1, 2), (0, 2, 1), (1, 0, 2)]


def test_kemeny_lists_optima_only_when_asked():
    """Sixteen alternatives all tied have 16! optimal orders; the first costs nothing to have."""
    found = kemeny(np.zeros((16, 16), dtype=int))
    assert found.count == 20_922_789_888_000
    assert next(found.orders) == tuple(range(16))
    assert not found.relation.any()


def test_kemeny_of_many_alternatives_that_do_not_hang_together():
    """A hundred in one line, two of them tied: no search is needed."""
    ranks = np.arange(100)
    ranks[51] = 50
    table = np.sign(ranks[None, :] - ranks[:, None])
    found = kemeny(table)
    assert (found.distance, found.count) == (0, 2)
    assert len(list(found.orders)) == 2


def test_kemeny_refuses_what_would_take_gigabytes():
    """Seventeen in one circle; the refusal says how many, and what to do."""
    table = np.zeros((17, 17), dtype=int)
    with pytest.raises(ModelError, match=r"up to 16 .* \(got 17\).*schulze"):
        kemeny(table)
    assert LARGEST == 16


@pytest.mark.parametrize("unit", [Fraction(1, 3), 2**40, 2**61])
def test_kemeny_is_exact_in_any_unit(unit):
    """Fractions and numbers beyond int64 give the same orders, and the distance in their unit."""
    table = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]], dtype=object) * unit
    found = kemeny(table)
    assert (found.distance, found.count) == (unit, 3)
    assert len(list(found.orders)) == 3


@pytest.mark.parametrize("rule", [schulze, kemeny, ranked_pairs, copeland])
@pytest.mark.parametrize(
    ("table", "what"),
    [
        ([[0, 1]], "square"),
        ([0, 1], "square"),
        ([[0, 1], [1, 0]], "antisymmetric"),
        ([[1, 0], [0, 0]], "antisymmetric"),
        ([[0, np.nan], [np.nan, 0]], "finite"),
        ([[0, np.inf], [-np.inf, 0]], "finite"),
    ],
)
def test_margins_are_checked(rule, table, what):
    """What is no matrix of margins is refused by every rule."""
    with pytest.raises(ModelError, match=what):
        rule(table)


def test_kemeny_takes_one_profile():
    """A batch is refused, not guessed at."""
    with pytest.raises(ModelError, match="one profile at a time"):
        kemeny(np.zeros((2, 3, 3)))
