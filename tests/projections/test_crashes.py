"""A worker that is killed between the effect and the checkpoint leaves neither."""

import os
import signal
import subprocess
import sys

import pytest

from afwegen import Session, open_store
from afwegen.events import OccasionStated
from afwegen.projections import advance, rows

# Killed after so many effects, or after the checkpoint was written and before the commit.
WORKER = """
import os, signal, sys
from afwegen import open_store
from afwegen.projections import Projection, advance, building
from afwegen.stores import projecting

url, moment = sys.argv[1:]
building.PAGE = 4
told, moved = [], projecting.moved


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def apply(shelf, item):
    shelf.connection.execute(f"INSERT INTO effects_{shelf.build} VALUES ('{item.session}', {item.seq})")
    told.append(item)
    if len(told) == 6 and moment == "effect":
        kill()


def begin(shelf):
    shelf.connection.execute(f"CREATE TABLE effects_{shelf.build} (session TEXT, seq INTEGER)")


def then_die(*given):
    moved(*given)
    if len(told) > 4 and moment == "checkpoint":
        kill()


projecting.moved = then_die
with open_store(url) as store:
    advance(store, Projection(name="effects", version=1, apply=apply, begin=begin))
"""


@pytest.mark.parametrize("moment", ["effect", "checkpoint"])
@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_killed_worker_leaves_whole_pages(url, effects, moment):
    """The page before stands, the page under way does not; the next worker tells every record once."""
    with open_store(url) as store:
        session = Session.start(store, title="Complex A", area="Buurt", by="jochum")
        for number in range(9):
            session.record(OccasionStated(occasion=f"Leegstand {number}", kind="problem"), by="jochum")
    killed = subprocess.run((sys.executable, "-c", WORKER, url, moment), check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL

    with open_store(url) as store:
        with store.transaction(writing=False) as on:
            ((build, items),) = on.execute("SELECT id, items FROM {t}builds")
            assert items == 4
            assert on.execute(f"SELECT seq FROM effects_{build}") == [(seq,) for seq in range(4)]
        assert advance(store, effects()) == 6
        with store.transaction(writing=False) as on:
            assert on.execute(f"SELECT seq FROM effects_{build}") == [(seq,) for seq in range(10)]
        assert rows(store, effects()) == {"effects": 6}
