"""Drawing all pictures of a session, against what any page about it must do first, and against a plotting library."""

import io

import pytest

from afwegen import open_store
from afwegen.demo import complex_a
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.models import ConsensusGraph
from afwegen.report import language
from afwegen.report.pictures import drawn


def test_the_demonstration(versus):
    """Nine pictures of 490 records, against replaying the session as the public sees it."""
    session = complex_a()
    state, seen, say = session.state, session.seen_by(None), language("nl")

    versus(lambda: drawn(state, seen, say), lambda: session.seen_by(None))


def test_nine_plots_of_a_library(versus):
    """The same nine pictures, against nine plain line charts by matplotlib."""
    figures = pytest.importorskip("matplotlib.figure")
    session = complex_a()
    state, seen, say = session.state, session.seen_by(None), language("nl")

    def floor():
        for _ in range(9):
            figure = figures.Figure()
            figure.subplots().plot([1, 3, 2, 4], label="a")
            figure.savefig(io.StringIO(), format="svg")

    versus(lambda: drawn(state, seen, say), floor, rounds=5)


def test_a_neighbourhood_of_938(versus, shared):
    """Counts and the consensus graph of 938 judges, against replaying 1,908 records as the public sees them."""
    election = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_523.pb")
    session = import_election(
        open_store("memory:"), election, title="Zuid", area="Amsterdam", by="els", source="Pabulib"
    )
    session.evaluate(ConsensusGraph(missing="last"), by="els")
    state, seen, say = session.state, session.seen_by(None), language("nl")

    versus(lambda: drawn(state, seen, say), lambda: session.seen_by(None), rounds=5)
