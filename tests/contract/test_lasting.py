"""Every store that outlives its process keeps what is promised of one; and the kit finds those that do not."""

from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from time import sleep

import psycopg
import pytest

from afwegen.errors import UnknownSession
from afwegen.stores import open_store
from afwegen.stores.contract import Appended, Batch
from afwegen.stores.feeding import FeedItem
from afwegen.stores.memory import MemoryStore
from afwegen.testing.lasting import LASTING_CHECKS, check_lasting
from afwegen.testing.stores import a_feed_misses_nothing_and_repeats_nothing, check_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request, tmp_path):
    """Openers of stores of a kind, each in a place of its own."""
    numbers = count()
    if request.param == "sqlite":
        return lambda: partial(open_store, f"sqlite:///{tmp_path}/{next(numbers)}.db")
    cluster, database = request.getfixturevalue("cluster"), request.getfixturevalue("database")
    return lambda: partial(open_store, cluster.url(database, schema=f"s{next(numbers)}"))


@pytest.mark.parametrize("check", LASTING_CHECKS, ids=lambda check: check.__name__)
def test_a_store_that_lasts_keeps_its_promise(check, place):
    check(place)


# What the kit must find: a check that passes whatever is given says nothing


class PlainPosition(MemoryStore):
    """Numbers are given out when a batch begins, and a reader goes by the highest seen: who commits late is missed."""

    def __init__(self):
        super().__init__()
        self.numbers, self.told = count(1), []

    def append(self, batch):
        number = next(self.numbers)
        if not number % 3:
            sleep(0.005)
        appended = super().append(batch)
        self.told.append((number, batch, appended))
        return appended

    def feed(self, after=None, limit=500):
        last = int(after or 0)
        return tuple(
            FeedItem(session=batch.session, seq=appended.first, entry=batch.entries[0], cursor=str(number))
            for number, batch, appended in sorted(self.told, key=lambda each: each[0])
            if number > last
        )[:limit]


def test_the_kit_finds_a_feed_that_misses():
    """The unsafe control: the probe shows misses where there are some."""
    with pytest.raises(AssertionError, match="once, in order"):
        a_feed_misses_nothing_and_repeats_nothing(PlainPosition)


class Doubling(MemoryStore):
    """Forgets that a key was used."""

    def call(self, *_):
        return None


class Half(MemoryStore):
    """Keeps the first entry of a batch that fails."""

    def append(self, batch):
        try:
            return super().append(batch)
        except Exception:
            log = self._logs.get(batch.session)
            if log is not None and batch.people:
                log.entries.append(b"")
            raise


class Lossy(MemoryStore):
    """Takes the length for granted: the last writer wins."""

    def append(self, batch):
        log = (self._logs or {}).get(batch.session)
        if log is not None and 0 < batch.expected < len(log.entries) and batch.call is None:
            return Appended(first=batch.expected, count=len(batch.entries))
        return super().append(batch)


@pytest.mark.parametrize("broken", [Doubling, Half, Lossy])
def test_the_kit_finds_a_store_that_is_wrong(broken):
    """Each breaks one promise, and is found."""
    with pytest.raises(AssertionError):
        check_store(broken)


def test_the_kit_finds_a_store_that_forgets():
    """What is in memory is not there after reopening."""
    with pytest.raises(UnknownSession):
        check_lasting(lambda: MemoryStore)


# The probe of a follower, and an unsafe control that it must find


@contextmanager
def by_plain_position(url):
    """The feed of a reader that keeps the highest number it saw, and asks for what is beyond it."""
    with open_store(url), psycopg.connect(url, autocommit=True) as reader:
        seen = [0]

        def read():
            found = reader.execute(
                "SELECT id, session, first FROM afwegen.appends WHERE id > %s ORDER BY id", (seen[-1],)
            ).fetchall()
            seen.extend(key for key, *_ in found)
            return [(session, seq) for _, session, seq in found]

        yield read


def test_the_deterministic_interleaving_is_missed_by_the_unsafe_reader(postgres):
    """A inserts 1, B inserts 2, A inserts 3 and commits, a reader passes, B commits: 2 comes, or is missed for ever."""

    def one(session, expected):
        return Batch(session=session, expected=expected, entries=(b"{}",), secret=None if expected else bytes(32))

    with by_plain_position(postgres) as unsafe, open_store(postgres) as store:
        with closing(psycopg.connect(postgres)) as a, closing(psycopg.connect(postgres)) as b:
            ours, theirs = open_store(a), open_store(b)
            ours.append(one("a", 0))
            theirs.append(one("b", 0))
            ours.append(one("a", 1))
            a.commit()
            passed, safe = unsafe(), list(store.feed())
            b.commit()
        missed = 3 - len(passed + unsafe())
        safe += store.feed(safe[-1].cursor if safe else None)

    assert missed == 1
    assert sorted((item.session, item.seq) for item in safe) == [("a", 0), ("a", 1), ("b", 0)]
