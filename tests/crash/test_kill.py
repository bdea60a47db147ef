"""What a writer was told stands, whenever it is killed: nothing is lost, nothing doubled, nothing corrupt."""

import os
import signal
from functools import partial
from time import sleep

import psycopg
import pytest

from crashing.killing import files, kills

pytestmark = pytest.mark.slow


def test_kill_a_writer(zygote, tmp_path, often, told):
    """Kill -9 at any moment of a single act, a batch, a keyed call, a model's answer, of opening and of closing."""
    found = told(kills(zygote, files(tmp_path), "one", often(30, 400)))

    assert found.harm == ()
    assert found.crashes >= 30
    assert found.acts > found.crashes


def test_kill_many_writers(zygote, tmp_path, often, told):
    """Of several on one session, all at once; the acts of each are there, in between each other."""
    found = told(kills(zygote, files(tmp_path), "many", often(6, 100), writers=often(3, 6)))

    assert found.harm == ()
    assert found.acts > found.crashes


@pytest.fixture(scope="module")
def server(cluster):
    """The server, waiting for the disk as it does in earnest."""
    cluster.stop()
    cluster.start(fsync="on")
    yield cluster
    cluster.stop()
    cluster.start()


@pytest.fixture
def databases(server):
    """Gives the URL of an empty database, again and again."""
    return lambda: server.url(server.database("crashes"))


def test_kill_a_writer_to_postgresql(zygote, databases, often, told):
    """The client is gone in the middle of a call: the server keeps all of it, or nothing."""
    found = told(kills(zygote, databases, "client", often(6, 60), writers=2))

    assert found.harm == ()
    assert found.acts > found.crashes


def test_kill_the_process_that_serves_a_writer(zygote, server, databases, often, told):
    """Kill -9 of the server's own processes: all others of them fall with it, and it recovers from its log."""
    found = told(kills(zygote, databases, "backend", often(2, 20), writers=2, strike=partial(kill_backend, server)))

    assert found.harm == ()
    assert found.acts > 0


def test_stop_the_server_as_a_crash_does(zygote, server, databases, often, told):
    """An immediate stop in the middle of calls, and the recovery at the next start."""
    found = told(kills(zygote, databases, "server", often(2, 20), writers=2, strike=partial(crash, server)))

    assert found.harm == ()
    assert found.acts > 0


def kill_backend(server):
    """Kill what serves a writer, and wait until the server is back."""
    found = []
    while not found:
        found = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'crashes'")
    os.kill(found[0][0], signal.SIGKILL)
    for _ in range(200):
        try:
            server.execute("SELECT 1", database="crashes")
        except psycopg.OperationalError:
            sleep(0.05)
        else:
            return
    raise AssertionError("the server did not come back")


def crash(server):
    """Stop the server at once, and start it again."""
    server.stop("immediate")
    server.start(fsync="on")
