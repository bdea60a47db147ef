"""Stores that keep projections, and one that tells how often each record had its effect."""

import pytest

from afwegen import open_store
from afwegen.projections import Projection

KINDS = ("memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    """Where a store may be made."""
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        return cluster.url(request.getfixturevalue("database"))
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/wijk.db"


@pytest.fixture
def store(url):
    """A store, empty."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def effects():
    """
    Make a projection with a table of its own that has no key: a record told twice stands there twice.

    ``effects(hook)`` calls the hook after each effect.
    """

    def make(hook=lambda _told: None, version=1):
        def apply(shelf, told):
            shelf.connection.execute(f"INSERT INTO effects_{shelf.build} VALUES ('{told.session}', {told.seq})")
            shelf.put("effects", (shelf.get("effects") or 0) + 1)
            hook(told)

        def begin(shelf):
            shelf.connection.execute(f"CREATE TABLE effects_{shelf.build} (session TEXT, seq INTEGER)")

        def end(shelf):
            shelf.connection.execute(f"DROP TABLE effects_{shelf.build}")

        return Projection(name="effects", version=version, apply=apply, begin=begin, end=end)

    return make
