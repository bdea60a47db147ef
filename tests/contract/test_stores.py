"""Every store that is shipped keeps every promise of the contract."""

from itertools import count

import pytest

from afwegen.stores import open_store
from afwegen.testing.stores import STORE_CHECKS, check_store


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def factory(request, tmp_path):
    if request.param == "memory":
        return lambda: open_store("memory:")
    numbers = count()
    if request.param == "postgres":
        cluster = request.getfixturevalue("cluster")
        database = cluster.database()
        return lambda: open_store(cluster.url(database, schema=f"s{next(numbers)}"))
    return lambda: open_store(f"sqlite:///{tmp_path}/{next(numbers)}.db")


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_a_store_keeps_its_promise(check, factory):
    check(factory)


def test_the_kit_says_which_promise_is_broken():
    """A store that is not empty at first breaks the first promise, and the error names it."""

    def used():
        store = open_store("memory:")
        list(map(store.append, [_first_batch()]))
        return store

    with pytest.raises(AssertionError) as broken:
        check_store(used)

    assert "an_empty_store_has_no_sessions" in "".join(broken.value.__notes__)


def _first_batch():
    from afwegen.stores.contract import Batch

    return Batch(session="wijk", expected=0, entries=(b"{}",), secret=bytes(32))
