"""Orders and categories: what is read is what the file says, and a malformed line is refused by its number."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen.errors import FormatError
from afwegen.interop import preflib
from afwegen.interop.preflib import Categories, DataType, Rankings

TOC = """\
# FILE NAME: benches.toc
# TITLE: Two benches: and a tree
# DATA TYPE: toc
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 5
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Bench
# ALTERNATIVE NAME 2: Another bench
# ALTERNATIVE NAME 3: Tree
4: 3, {1, 2}
1: 2,1,3
"""
CAT = """\
# TITLE: Yes or no
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 7
# NUMBER UNIQUE PREFERENCES: 3
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
# ALTERNATIVE NAME 1: Bench
# ALTERNATIVE NAME 2: Another bench
# ALTERNATIVE NAME 3: Tree
4: 3,{1,2}
2: {},{1,2,3}
1: {2},{}
"""

texts = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=12).map(str.strip)
names = st.lists(texts.filter(bool), unique=True, min_size=1, max_size=6).map(tuple)
pairs = st.lists(
    st.tuples(st.sampled_from(["DESCRIPTION", "RELATES TO", "MODIFICATION TYPE", "X"]), texts),
    unique_by=lambda pair: pair[0],
    max_size=3,
).map(tuple)


@st.composite
def tiers(draw, alternatives, data_type):
    """One order that the data type allows."""
    order = draw(st.permutations(alternatives))
    if not data_type.complete:
        order = order[: draw(st.integers(1, len(order)))]
    marks = st.just(True) if data_type.strict else st.booleans()
    cut = [0, *(at for at in range(1, len(order)) if draw(marks)), len(order)]
    return tuple(tuple(order[a:b]) for a, b in pairwise(cut))


def as_sets(sheet):
    return tuple(map(frozenset, sheet))


@st.composite
def rankings(draw):
    """Every value the four formats of orders can carry."""
    alternatives = draw(names)
    data_type = draw(st.sampled_from([t for t in DataType if t is not DataType.CAT]))
    orders = draw(st.lists(tiers(alternatives, data_type), unique_by=as_sets, max_size=5).map(tuple))
    counts = tuple(draw(st.integers(1, 10**6)) for _ in orders)
    return Rankings(
        title=draw(texts),
        data_type=data_type,
        alternatives=alternatives,
        orders=orders,
        counts=counts,
        meta=draw(pairs),
    )


@st.composite
def categories(draw):
    """Every value the format of categories can carry."""
    alternatives, kinds = draw(names), draw(names)

    def sheet(places):
        of = dict(zip(alternatives, places, strict=True))
        return tuple(tuple(name for name in alternatives if of[name] == at) for at in range(len(kinds)))

    places = st.lists(st.integers(-1, len(kinds) - 1), min_size=len(alternatives), max_size=len(alternatives))
    sheets = draw(st.lists(places.map(sheet), unique_by=as_sets, max_size=5).map(tuple))
    counts = tuple(draw(st.integers(1, 10**6)) for _ in sheets)
    return Categories(
        title=draw(texts), alternatives=alternatives, categories=kinds, sheets=sheets, counts=counts, meta=draw(pairs)
    )


@given(rankings() | categories())
def test_what_is_written_reads_back_the_same(found):
    """Reading a rendered value returns it, whatever names it holds."""
    assert preflib.parse(preflib.render(found)) == found


def test_orders_are_read_as_they_stand():
    """Numbers become names; a name may hold a colon; blanks mean nothing."""
    found = preflib.parse(TOC)

    assert found == Rankings(
        title="Two benches: and a tree",
        data_type=DataType.TOC,
        alternatives=("Bench", "Another bench", "Tree"),
        orders=((("Tree",), ("Bench", "Another bench")), (("Another bench",), ("Bench",), ("Tree",))),
        counts=(4, 1),
        meta=(("FILE NAME", "benches.toc"),),
    )


def test_categories_are_read_as_they_stand():
    """An empty category stays empty on the sheet and is no tier of the order."""
    found = preflib.parse(CAT)

    assert found.categories == ("Yes", "No")
    assert found.sheets[1:] == (((), ("Bench", "Another bench", "Tree")), (("Another bench",), ()))
    assert found.orders[0] == (("Tree",), ("Bench", "Another bench"))
    assert found.orders[1:] == ((("Bench", "Another bench", "Tree"),), (("Another bench",),))
    assert found.counts == (4, 2, 1)


def replaced(text, line, by):
    lines = text.splitlines()
    return "\n".join([*lines[: line - 1], *by, *lines[line:], ""])


@pytest.mark.parametrize(
    ("line", "by", "where", "what"),
    [
        (1, ["# FILE NAME"], 1, "'# KEY: value'"),
        (1, ["# TITLE: again"], 2, "stands once (got 'TITLE')"),
        (1, [""], 1, "the line is empty"),
        (2, [], 8, "does not say TITLE"),
        (3, ["# DATA TYPE: wmd"], 3, "data type is unknown (got 'wmd')"),
        (3, ["# DATA TYPE: soc"], 10, "a tie does not go in a soc file"),
        (4, ["# NUMBER ALTERNATIVES: 4"], 4, "is not what the header names, 3"),
        (4, ["# NUMBER ALTERNATIVES: -3"], 4, "whole number"),
        (5, ["# NUMBER VOTERS: 6"], 5, "NUMBER VOTERS is not what the file holds, 5"),
        (6, ["# NUMBER UNIQUE ORDERS: 3"], 6, "NUMBER UNIQUE ORDERS is not what the file holds, 2"),
        (6, ["# NUMBER UNIQUE PREFERENCES: 2"], 9, "does not say NUMBER UNIQUE ORDERS"),
        (7, ["# ALTERNATIVE NAME 4: Bench"], 9, "does not say ALTERNATIVE NAME 1"),
        (7, ["# ALTERNATIVE NAME 1: Tree"], 9, "a name stands once and is not empty (got 'Tree')"),
        (7, ["# ALTERNATIVE NAME 1:"], 7, "a name stands once and is not empty (got '')"),
        (9, ["1: 1", "# ALTERNATIVE NAME 3: Tree"], 9, "above the end of the header"),
        (10, ["3, {1, 2}"], 10, "whole number"),
        (10, ["4.0: 3, {1, 2}"], 10, "whole number"),
        (10, ["0: 3, {1, 2}"], 10, "was handed in"),
        (10, ["4: 3, {1, 2"], 10, "check commas and braces"),
        (10, ["4: 3, {1, 2},"], 10, "check commas and braces"),
        (10, ["4: 3 {1, 2}"], 10, "check commas and braces"),
        (10, ["4: "], 10, "check commas and braces"),
        (10, ["4: x, {1, 2}"], 10, "check commas and braces"),
        (10, ["4: 3, {1, x}"], 10, "an alternative the header does not (got 'x')"),
        (10, ["4: 3, {1,, 2}"], 10, "an alternative the header does not (got '')"),
        (10, ["4: 4, {1, 2}"], 10, "an alternative the header does not (got '4')"),
        (10, ["4: 0, {1, 2}"], 10, "an alternative the header does not (got '0')"),
        (10, ["4: 1, {1, 2}"], 10, "names an alternative once"),
        (10, ["4: 3, {}, {1, 2}"], 10, "a tie of nothing"),
        (10, ["4: 3, 1"], 10, "2 of 3 alternatives are ranked"),
        (11, ["1: 3, {2, 1}"], 11, "each sheet stands once"),
        (11, [], 5, "NUMBER VOTERS is not what the file holds, 4"),
        (11, ["", "1: 2,1,3"], 11, "the line is empty"),
    ],
)
def test_a_malformed_line_is_refused_by_its_number(line, by, where, what):
    """The error names the file, the line that is wrong, and what is wrong with it."""
    with pytest.raises(FormatError) as caught:
        preflib.parse(replaced(TOC, line, by), file="benches.toc")

    assert what in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("benches.toc", where)


@pytest.mark.parametrize(
    ("line", "by", "where", "what"),
    [
        (5, ["# NUMBER UNIQUE PREFERENCES: 2"], 5, "is not what the file holds, 3"),
        (6, ["# NUMBER CATEGORIES: 3"], 6, "is not what the header names, 2"),
        (8, ["# CATEGORY NAME 2: Yes"], 8, "a name stands once"),
        (12, ["4: {1,2,3}"], 12, "the sheet has 1 categories, not 2"),
        (12, ["4: 1,2,3"], 12, "the sheet has 3 categories, not 2"),
    ],
)
def test_a_malformed_line_of_categories_is_refused_by_its_number(line, by, where, what):
    """Every sheet has as many categories as the header names."""
    with pytest.raises(FormatError) as caught:
        preflib.parse(replaced(CAT, line, by))

    assert what in str(caught.value)
    assert caught.value.line == where


@pytest.mark.parametrize("text", [TOC, CAT])
def test_a_file_cut_between_lines_is_refused(text):
    """No prefix of a file passes for the file."""
    lines = text.splitlines()
    for kept in range(len(lines)):
        with pytest.raises(FormatError):
            preflib.parse("\n".join(lines[:kept]))


@pytest.mark.parametrize(("data_type", "strict", "complete"), [("soi", True, False), ("toi", False, False)])
def test_incomplete_orders_leave_out_what_is_not_ranked(data_type, strict, complete):
    """What an order does not name is not ranked, rather than last."""
    found = preflib.parse(TOC.replace("toc", data_type).replace("3, {1, 2}", "3").replace("2,1,3", "2,1"))

    assert found.orders == ((("Tree",),), (("Another bench",), ("Bench",)))
    assert (found.data_type.strict, found.data_type.complete) == (strict, complete)


def test_the_name_of_the_file_says_its_type(tmp_path):
    """A file that is not what it is called is refused, and so is one of another kind."""
    (tmp_path / "benches.toc").write_text(TOC, encoding="utf-8")
    (tmp_path / "benches.soc").write_text(TOC, encoding="utf-8")
    (tmp_path / "benches.wmd").write_text(TOC, encoding="utf-8")

    assert preflib.read(tmp_path / "benches.toc") == preflib.parse(TOC)
    with pytest.raises(FormatError, match=r"benches\.soc:1: DATA TYPE"):
        preflib.read(tmp_path / "benches.soc")
    with pytest.raises(FormatError, match=r"benches\.wmd:1: .*\.soc, \.soi, \.toc, \.toi, \.cat"):
        preflib.read(tmp_path / "benches.wmd")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "over\ntwo lines"},
        {"alternatives": ("Bench", "Another bench", " Tree")},
        {"orders": ((("Fountain",),),), "counts": (1,)},
        {"data_type": DataType.SOC},
        {"counts": (5,)},
    ],
)
def test_what_would_not_read_back_is_not_written(change):
    """Rendering reads its own text back before it returns it."""
    found = preflib.parse(TOC)
    parts = {name: getattr(found, name) for name in ("title", "data_type", "alternatives", "orders", "counts", "meta")}

    with pytest.raises(FormatError):
        preflib.render(Rankings(**parts | change))


def test_the_mariner_teams_are_read_whole(shared):
    """
    Ten science teams ranked 32 trajectories, with ties.

    Dyer, Miles (1976), An actual application of collective choice theory to the selection of trajectories for the
    Mariner Jupiter/Saturn 1977 project, Operations Research 24(2).
    """
    found = preflib.read(shared / "data" / "preflib" / "00003-00000001.toc")

    assert (found.title, len(found.alternatives)) == ("NASA Mariner Path Selection", 32)
    assert found.counts == (1,) * 10
    assert found.orders[0][0] == ("Trajectory 23",)
    assert found.orders[9][1] == ("Trajectory 20", "Trajectory 12", "Trajectory 9")
    assert preflib.parse(preflib.render(found)) == found
