"""All sessions as one stream, as somebody may see them; followed live."""

import asyncio
from contextlib import aclosing
from itertools import islice
from threading import Thread

import pytest

from afwegen import ERASED, HIDDEN, AsyncSession, Session, feed, feeds, follow, open_async_store, open_store
from afwegen.errors import StoreError
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from afwegen.feeds import afeed, afollow
from afwegen.stores.hearing import Ear

KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    """The URL of an empty store."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/wijk.db"


@pytest.fixture
def store(url):
    """An empty store."""
    with open_store(url) as opened:
        yield opened


def begun(store, number=0):
    session = Session.start(store, title=f"Complex {number}", area="Buurt", by="jochum")
    session.record(
        ParticipantInvited(participant="anna", name="Anna", perspective="resident"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    return session


def problem(name):
    return ProblemReported(problem=name, statement=f"Het probleem {name}", why="hinder", owner="residents")


def test_the_feed_is_the_records_of_all_sessions(store):
    """Those of a session are its own records, as the same person sees them there."""
    ours, theirs = begun(store, 1), begun(store, 2)
    ours.record(problem("lawaai"), by="anna")

    told = list(feed(store, viewer="anna"))

    assert len(told) == 7
    assert [item.record for item in told if item.session == ours.id] == list(ours.records_seen_by("anna"))
    assert [item.record for item in told if item.session == theirs.id] == list(theirs.records_seen_by("anna"))


def test_the_public_sees_pseudonyms(store):
    """And so does somebody whom a session does not know."""
    session = begun(store)

    for viewer in (None, "somebody"):
        told = [item.record for item in feed(store, viewer=viewer)]
        assert told == list(session.records_seen_by(None))
        assert all(record.by.startswith("~p_") for record in told)
        assert told[1].event.name is HIDDEN
        assert told[1].event.name is not ERASED


def test_it_goes_on_after_a_cursor(store):
    """Wherever it was left."""
    session = begun(store)
    whole = list(feed(store))
    session.record(problem("lawaai"), by="anna")

    for cut in range(len(whole)):
        assert list(feed(store, after=whole[cut].cursor))[:-1] == whole[cut + 1 :]
    with pytest.raises(StoreError, match="no cursor"):
        next(feed(store, after="yesterday"))


def test_more_sessions_than_are_kept(store, monkeypatch):
    """Memory does not grow with their number, and nothing is lost by it."""
    monkeypatch.setattr(feeds, "MOST_SESSIONS", 2)
    sessions = [begun(store, number) for number in range(5)]
    for session in sessions:
        session.record(problem("lawaai"), by="anna")

    told = list(feed(store, viewer="jochum"))

    assert len(told) == 20
    for session in sessions:
        seen = [item.record for item in told if item.session == session.id]
        assert seen == list(session.records_seen_by("jochum"))


def test_following_goes_on_with_what_comes(store):
    """What was there, then what another thread records while it waits; closing it lets go."""
    session = begun(store)
    stream = follow(store, viewer="jochum")
    assert len(list(islice(stream, 3))) == 3

    writer = Thread(target=lambda: [session.record(problem(f"p{n}"), by="anna") for n in range(5)])
    writer.start()
    told = [item.record.event.problem for item in islice(stream, 5)]
    writer.join()
    stream.close()

    assert told == [f"p{n}" for n in range(5)]


def test_following_without_waiting(url):
    """A task records while another follows."""

    async def play():
        async with await open_async_store(url) as store:
            session = await AsyncSession.start(store, title="Complex A", area="Buurt", by="jochum")
            told = []

            async def reader():
                stream = afollow(store, viewer="jochum")
                async for item in stream:
                    told.append(item)
                    if item.seq == 4:
                        break
                await stream.aclose()

            task = asyncio.create_task(reader())
            for n in range(4):
                await session.record(
                    ParticipantInvited(participant=f"p{n}", name=f"P{n}", perspective="resident"), by="jochum"
                )
            await asyncio.wait_for(task, 20)
            assert [item.seq for item in told] == [0, 1, 2, 3, 4]
            assert [item async for item in afeed(store, viewer="jochum")] == told
            assert [item.record for item in told] == list(await session.history())

    asyncio.run(play())


@pytest.mark.postgres
def test_postgresql_tells_a_follower(postgres):
    """Another process's append ends the wait, long before the follower would look by itself."""
    with open_store(postgres) as store:
        session = begun(store)
        waiter = store.waiter()
        waiter.wait(60)  # opens its ear
        session.record(problem("lawaai"), by="anna")
        waiter.wait(60)
        waiter.close()


@pytest.mark.postgres
def test_those_who_follow_in_an_event_loop_share_one_connection(postgres, cluster):
    """However many pages are open; each is told everything, and the last one closes it."""
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = 'test'"

    async def reader(store, count, told):
        async with aclosing(afollow(store, viewer="jochum")) as stream:
            async for item in stream:
                told.append(item.seq)
                if len(told) == count:
                    break

    async def heard():
        while not (count := (await asyncio.to_thread(cluster.execute, listening))[0][0]):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        return count

    async def play():
        async with await open_async_store(postgres) as store:
            session = await AsyncSession.start(store, title="Complex A", area="Buurt", by="jochum")
            told = [[] for _ in range(20)]
            tasks = [asyncio.create_task(reader(store, 5, each)) for each in told]
            for n in range(4):
                await session.record(
                    ParticipantInvited(participant=f"p{n}", name=f"P{n}", perspective="resident"), by="jochum"
                )
                while min(map(len, told)) < n + 2:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
                if n == 2:
                    assert await heard() == 1
            await asyncio.gather(*tasks)
            assert told == [[0, 1, 2, 3, 4]] * 20

    asyncio.run(asyncio.wait_for(play(), 60))


def test_who_follows_is_told_when_the_ear_fails():
    """Everybody who waits, once; and the next who waits tries anew."""

    class Broken:
        """Fails the first time."""

        tries = closed = 0

        async def awaited(self, _):
            self.tries += 1
            await asyncio.sleep(0.01)
            if self.tries == 1:
                raise StoreError("the server is gone", "start it")

        async def aclose(self):
            self.closed += 1

    async def play():
        waiter = Broken()
        ear = Ear(waiter)
        followers = [ear.follower() for _ in range(3)]
        failed = await asyncio.gather(*(each.awaited(5) for each in followers), return_exceptions=True)
        assert [type(each) for each in failed] == [StoreError] * 3
        await asyncio.gather(*(each.awaited(5) for each in followers))
        assert waiter.tries > 1
        for each in followers:
            assert waiter.closed == 0
            await each.aclose()
            await each.aclose()
        assert waiter.closed == 1

    asyncio.run(play())
