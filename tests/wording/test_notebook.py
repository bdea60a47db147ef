"""What a notebook shows of sessions, states, profiles, outcomes and comparisons: legible, escaped, of nobody alone."""

import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen import Session, open_store
from afwegen.demo import complex_a
from afwegen.models import AHP, ConsensusGraph, Profile, Scale, WeightedSum, compare
from afwegen.steps.state import SessionState
from afwegen.steps.things import evolve
from afwegen.wording.cards import card, paragraph, table

VOID = {"br", "hr"}
HOSTILE = st.one_of(
    st.text(max_size=60), st.sampled_from(["<script>alert(1)</script>", "</table>", '" onclick="x', "x" * 5000])
)


class Reader(HTMLParser):
    """A reader that knows which elements are open, and what was said in which."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.said = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "scope", "lang"}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert reader.tags <= {"div", "p", "bdi", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    return " ".join(reader.said)


@pytest.fixture(scope="module")
def demo():
    """The demonstration session; read only."""
    return complex_a()


@given(HOSTILE, st.lists(HOSTILE, min_size=2, max_size=4))
def test_everything_is_escaped(title, cells):
    """Whatever is said, the tags are ours, they nest, and no cell is endless."""
    html = card(title, table(title, cells, [cells]), paragraph(title))

    read(html)
    assert len(html) < 10_000


def test_many_rows_are_cut_and_said_to_be(demo):
    """A table of thousands shows thirty, and says how many more there are."""
    html = table("Many", ("n", "square"), ((n, n * n) for n in range(1_000)))

    assert html.count("<tr>") == 31
    assert "970 more rows" in read(html)


def test_a_session_shows_what_the_public_sees(demo):
    """Titles and numbers, and no person: neither by name nor by key nor by pseudonym."""
    said = read(demo._repr_html_())

    assert "Complex A" in said
    assert "490" in said
    assert not [
        key for key, guest in demo.state.preparation.participants.items() if key in said.split() or guest.name in said
    ]
    assert "p_" not in said
    assert demo._repr_html_() == demo.seen_by(None)._repr_html_()


def test_a_state_tells_what_was_chosen(demo):
    """What stands, what was shortlisted and what was chosen, by their titles."""
    said = read(demo.state._repr_html_())

    assert "Een huismeester, en een open pleintje" in said
    assert "follow-up" in said


def test_an_empty_state_says_so():
    """Nothing yet is said in words, not by an empty box."""
    assert "Nothing was recorded yet" in read(SessionState()._repr_html_())
    session = Session.start(open_store("memory:"), title="<b>A</b>", area="X", by="els")
    assert "<b>A</b>" in read(session._repr_html_())


def test_erased_and_hidden_titles_are_told_apart(demo):
    """A title that is gone leaves a word, not a hole."""
    from afwegen.events import ERASED, HIDDEN, MISSING

    for mark, word in ((ERASED, "removed on request"), (HIDDEN, "not shown"), (MISSING, "lost")):
        state = evolve(demo.state, preparation=evolve(demo.state.preparation, title=mark))
        assert word in read(state._repr_html_())


def test_a_profile_shows_totals_only(demo):
    """How often each was put first and mean scores, of five judges or more; nobody is named."""
    profile = demo.profile()

    said = read(profile._repr_html_())

    assert "13 judges" in said
    assert not [judge for judge in profile.judges if judge in said]
    few = read(profile.only(judges=profile.judges[:4])._repr_html_())
    assert "5 judges or more" in few
    assert "Mean scores" not in few


def test_means_of_few_are_not_shown():
    """Where four of six judges scored something, their mean stays out of sight."""
    scores = [[[3], [5]]] * 4 + [[[float("nan")], [5]]] * 2
    profile = Profile.from_scores(
        scores,
        judges=[f"judge-{n}" for n in range(6)],
        alternatives=["a", "b"],
        criteria=["quiet"],
        criterion_weights=[1],
        scales={"quiet": Scale(1, 5)},
    )

    said = read(profile._repr_html_())
    assert "–" in said
    assert " 3 " not in said


@pytest.mark.parametrize("model", [WeightedSum(), AHP(), ConsensusGraph()])
def test_an_outcome_shows_its_order(demo, model):
    """Every alternative with its place, ties with the same one; no judge."""
    profile = demo.profile()
    outcome = model.evaluate(profile)

    said = read(outcome._repr_html_())

    assert all(name in said for name in profile.alternatives)
    assert not [judge for judge in profile.judges if judge in said]
    assert model.name in said


def test_an_outcome_with_bounds_shows_both():
    """Bounds are shown as what they are."""
    profile = Profile.from_scores(
        [[[float("nan")], [3]]],
        judges=["anna"],
        alternatives=["a", "b"],
        criteria=["quiet"],
        criterion_weights=[1],
        scales={"quiet": Scale(1, 5)},
    )

    assert "0 to 1" in read(WeightedSum(missing="bounds").evaluate(profile)._repr_html_())


def test_a_comparison_shows_every_model(demo):
    """Also one that could not be applied, but not who left out what; and that people choose."""
    profile = demo.profile(judges="subgroups")
    found = compare(profile, [WeightedSum(), ConsensusGraph(missing="last")])

    said = read(found._repr_html_())

    assert "not applicable" in said
    assert "people choose" in said
    assert "tau-b" in read(compare(demo.profile(), [WeightedSum(), ConsensusGraph()])._repr_html_())


def test_a_notebook_needs_no_extra():
    """Cards are made by the core alone: no template engine, no plotting, no tables of others."""
    code = (
        "import sys; from afwegen.demo import complex_a; s = complex_a(); s._repr_html_(); s.profile()._repr_html_();"
        "print(sorted({'jinja2', 'matplotlib', 'babel', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
