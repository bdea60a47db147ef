"""Every store that is shipped keeps every promise of the contract."""

import asyncio
from itertools import count
from threading import Thread

import pytest

from afwegen.stores import open_async_store, open_store
from afwegen.testing.stores import STORE_CHECKS, check_store

KINDS = ("memory", "sqlite", "postgres", "sqlite, vault", "memory, async", "sqlite, async", "postgres, async")


class Waited:
    """An async store as one that waits: its calls run on an event loop in a thread of their own."""

    def __init__(self, url):
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever)
        self.thread.start()
        self.store = self.run(open_async_store(url))

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def iterated(self, rows):
        """Ask for the first at once: a session that is not there is refused at the call."""
        first = self.run(anext(rows, None))

        def each():
            row = first
            while row is not None:
                yield row
                row = self.run(anext(rows, None))

        return each()

    def __getattr__(self, name):
        def call(*arguments):
            answer = getattr(self.store, name)(*arguments)
            return self.run(answer) if asyncio.iscoroutine(answer) else self.iterated(answer)

        return call

    def close(self):
        self.run(self.store.close())

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@pytest.fixture(params=[pytest.param(kind, marks=pytest.mark.postgres if "post" in kind else ()) for kind in KINDS])
def factory(request, tmp_path):
    """Makes empty stores of a kind, each a new one."""
    kind, _, driver = request.param.partition(", ")
    numbers, waited = count(), []
    if kind == "postgres":
        cluster = request.getfixturevalue("cluster")
        database = cluster.database()

    def url():
        if kind == "postgres":
            return cluster.url(database, schema=f"s{next(numbers)}")
        return "memory:" if kind == "memory" else f"sqlite:///{tmp_path}/{next(numbers)}.db"

    def make():
        if driver == "vault":
            return open_store(url(), vault=f"sqlite:///{tmp_path}/vault-{next(numbers)}.db")
        if not driver:
            return open_store(url())
        waited.append(Waited(url()))
        return waited[-1]

    yield make
    for store in waited:
        store.stop()


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
