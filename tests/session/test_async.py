"""A session for an event loop: the same verbs, the same answers; cancelled, whole or not at all; no thread left."""

import asyncio
import subprocess
import sys
from threading import enumerate as threads

import psycopg
import pytest

from afwegen import AsyncSession, Session, open_async_store, open_store, verbs
from afwegen.audit import Key, Notary, newest_checkpoint
from afwegen.errors import ConflictError, RuleViolation, StoreError, UnknownSession
from afwegen.events import (
    MeetingClosed,
    MeetingOpened,
    OccasionStated,
    ParticipantInvited,
    ProblemReported,
    StepStarted,
)

KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request, tmp_path):
    """The URL of an empty store."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/wijk.db"


class Plain:
    """``Session`` with the face of ``AsyncSession``, so that one test drives both."""

    def __init__(self, session):
        self.inner = session

    @classmethod
    async def start(cls, store, **given):
        return cls(Session.start(store, **given))

    @classmethod
    async def load(cls, store, key):
        return cls(Session.load(store, key))

    def __getattr__(self, name):
        thing = getattr(self.inner, name)
        if name not in {"record", "at", "seen_by", "history", "refresh", "export", "evaluate", "rolled_back"}:
            return thing

        async def call(*arguments, **named):
            return thing(*arguments, **named)

        return call


@pytest.fixture(params=["waits", "does not wait"])
def kind(request):
    """Either kind of session, and how a store for it is opened."""
    if request.param == "does not wait":
        return AsyncSession, open_async_store

    async def opened(url):
        return open_store(url)

    return Plain, opened


def played(kind, url, scenario):
    """Play a scenario on a new store of the kind."""

    async def play():
        sessions, opened = kind
        store = await opened(url)
        try:
            return await scenario(sessions, store)
        finally:
            closed = store.close()
            if closed is not None:
                await closed

    return asyncio.run(play())


def problem(name):
    return ProblemReported(problem=name, statement=f"Het probleem {name}", why="hinder", owner="residents")


def invite(name):
    return ParticipantInvited(participant=name, name=name.title(), perspective="resident")


async def begun(sessions, store):
    """A session in step 1, with two people."""
    started = await sessions.start(store, title="Complex A", area="Buurt", by="jochum")
    await started.record(
        OccasionStated(occasion="Leegstand", kind="problem"),
        invite("anna"),
        invite("ben"),
        StepStarted(step="inventory"),
        by="jochum",
    )
    return started


def test_every_verb_answers_alike(kind, url):
    """Recording, refusing, reading back, looking back, looking with somebody's eyes."""

    async def scenario(sessions, store):
        ours = await begun(sessions, store)
        await ours.record(problem("lawaai"), by="anna")
        with pytest.raises(RuleViolation):
            await ours.record(StepStarted(step="choice"), by="anna")
        with pytest.raises(RuleViolation, match="has 6 records"):
            await ours.at(7)
        with pytest.raises(RuleViolation, match="not known here"):
            await ours.seen_by("nobody")
        again = await sessions.load(store, ours.id)
        assert again.state == ours.state
        assert (await ours.at(3)).length == 3
        assert len(await ours.history()) == 6
        assert (await ours.seen_by(None)).length == 6
        assert "anna" in (await ours.seen_by("anna")).preparation.participants
        assert [type(record.event).__name__ for record in await ours.export(format="html", by="jochum")] == [
            "ReportExported"
        ]
        with pytest.raises(UnknownSession):
            await sessions.load(store, "nergens")
        return [advice.what if hasattr(advice, "what") else str(advice) for advice in ours.advice()]

    assert played(kind, url, scenario)


def test_news_is_read_and_the_act_recorded_after_it(kind, url):
    """Two sessions on one log, each unaware of the other."""

    async def scenario(sessions, store):
        ours = await begun(sessions, store)
        theirs = await sessions.load(store, ours.id)
        await theirs.record(problem("lawaai"), by="ben")
        await ours.record(problem("vuil"), by="anna")
        assert {*ours.state.inventory.problems} == {"lawaai", "vuil"}
        await theirs.refresh()
        assert theirs.state == ours.state

    played(kind, url, scenario)


def test_a_key_is_recorded_once(kind, url):
    """Also from another session object, which knows nothing of the first call."""

    async def scenario(sessions, store):
        ours = await begun(sessions, store)
        first = await ours.record(problem("lawaai"), by="anna", key="k1")
        other = await sessions.load(store, ours.id)
        assert await other.record(problem("lawaai"), by="anna", key="k1") == first
        with pytest.raises(RuleViolation, match="belongs to another call"):
            await other.record(problem("vuil"), by="anna", key="k1")
        assert other.state.length == 6

    played(kind, url, scenario)


def test_what_settles_something_is_not_repeated_by_itself(kind, url):
    """Where somebody recorded something in its step first, the news is shown."""

    async def scenario(sessions, store):
        from afwegen.events import StepCompleted

        ours = await begun(sessions, store)
        await ours.record(problem("lawaai"), by="anna")
        theirs = await sessions.load(store, ours.id)
        await theirs.record(problem("vuil"), by="ben")
        with pytest.raises(ConflictError) as refused:
            await ours.record(StepCompleted(step="inventory"), by="jochum")
        assert [record.event.problem for record in refused.value.news] == ["vuil"]

    played(kind, url, scenario)


def test_reading_goes_by_pages(kind, url, monkeypatch):
    """However few records are asked for at once, the state is the same."""

    async def scenario(sessions, store):
        ours = await begun(sessions, store)
        monkeypatch.setattr(verbs, "PAGE", 2)
        assert (await sessions.load(store, ours.id)).state == ours.state

    played(kind, url, scenario)


def test_many_writers_lose_and_double_nothing(url):
    """Eight tasks on one session, each with an object of its own: every act stands there once."""

    async def write(store, key, writer):
        ours = await AsyncSession.load(store, key)
        for act in range(5):
            await ours.record(problem(f"p{writer}-{act}"), by="anna")

    async def play():
        async with await open_async_store(url) as store:
            ours = await begun(AsyncSession, store)
            await asyncio.gather(*(write(store, ours.id, writer) for writer in range(8)))
            await ours.refresh()
            assert {*ours.state.inventory.problems} == {f"p{writer}-{act}" for writer in range(8) for act in range(5)}
            assert ours.state.length == 45

    asyncio.run(play())


def test_a_cancelled_act_stands_whole_or_not_at_all(url):
    """Cancelled after ever more turns of the loop; what stands in the log is both acts or neither."""

    async def play():
        kept = set()
        async with await open_async_store(url) as store:
            ours = await begun(AsyncSession, store)
            for turns in range(40):
                before = ours.state.length
                pair = (problem(f"a{turns}"), problem(f"b{turns}"))
                act = asyncio.create_task(ours.record(*pair, by="anna"))
                for _ in range(turns):
                    await asyncio.sleep(0.0002 if turns % 2 else 0)
                act.cancel()
                await asyncio.wait([act])
                other = await AsyncSession.load(store, ours.id)
                assert other.state.length - before in {0, 2}
                kept.add(other.state.length - before)
                await ours.refresh()
                assert ours.state == other.state
        return kept

    assert asyncio.run(play()) == {0, 2}


def test_no_thread_outlives_the_store(url):
    """Nor does a call after the end find one."""

    async def play():
        before = {*threads()}
        store = await open_async_store(url)
        await begun(AsyncSession, store)
        await store.close()
        await store.close()
        assert {thread for thread in threads() if "afwegen" in thread.name} == set()
        with pytest.raises(StoreError, match="closed"):
            await store.sessions()
        return {*threads()} - before

    assert [thread.name for thread in asyncio.run(play()) if "asyncio" not in thread.name] == []


def test_a_process_that_forgets_to_close_ends(tmp_path):
    """A thread that is not a daemon would keep it for ever."""
    code = f"""
import asyncio
from afwegen import AsyncSession, open_async_store
async def play():
    store = await open_async_store("sqlite:///{tmp_path}/wijk.db")
    await AsyncSession.start(store, title="Complex A", area="Buurt", by="jochum")
asyncio.run(play())
print("ended")
"""
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "ended\n"


def test_a_store_that_cannot_be_opened_leaves_no_thread(tmp_path):
    """The error is that of the store."""
    with pytest.raises(StoreError, match="cannot be opened"):
        asyncio.run(open_async_store(f"sqlite:///{tmp_path}/nowhere/wijk.db"))


@pytest.mark.postgres
def test_a_connection_of_the_host_is_joined(postgres):
    """Committed and rolled back with the host, also where nobody waits."""

    async def play():
        async with await psycopg.AsyncConnection.connect(postgres) as host:
            await host.execute("SELECT 1")
            store = await open_async_store(host)
            ours = await begun(AsyncSession, store)
            assert ours.unsettled == 5
            await host.commit()
            await ours.committed()
            await ours.record(problem("lawaai"), by="anna")
            await host.rollback()
            await ours.rolled_back()
            assert ours.unsettled == 0
            assert not ours.state.inventory.problems
            await store.close()
            await host.execute("SELECT 1")

    asyncio.run(play())


@pytest.mark.postgres
def test_a_server_that_is_gone_and_comes_back(cluster, postgres):
    """As where one waits: said while it is gone, and the same store goes on."""

    async def play():
        from afwegen.stores.postgres_async import AsyncPostgresStore

        async with await AsyncPostgresStore.open(postgres, patience=1) as store:
            ours = await begun(AsyncSession, store)
            cluster.stop()
            try:
                with pytest.raises(StoreError, match="whether it was kept is not known"):
                    await ours.record(problem("lawaai"), by="anna")
                with pytest.raises(StoreError, match="cannot be reached"):
                    await ours.refresh()
            finally:
                cluster.start()
            for _ in range(30):
                try:
                    await ours.record(problem("vuil"), by="anna")
                    break
                except StoreError:
                    continue
            assert {*ours.state.inventory.problems} == {"vuil"}

    asyncio.run(play())


def test_meetings_work_as_well(kind, url):
    """A verb that leans on the state between two acts."""

    async def scenario(sessions, store):
        ours = await begun(sessions, store)
        await ours.record(MeetingOpened(meeting="een"), by="jochum")
        (record,) = await ours.record(problem("lawaai"), by="anna")
        assert record.meeting == "een"
        await ours.record(MeetingClosed(meeting="een"), by="jochum")

    played(kind, url, scenario)


def test_who_signs_is_waited_for(tmp_path):
    """A notary has a store of its own, and what it signs stands when the act returns."""

    async def play():
        with open_store(f"sqlite:///{tmp_path}/wijk.db") as store:
            notary = Notary(store, Key(name="wijk.example/afwegen", seed=bytes(32)))
            async with await open_async_store(f"sqlite:///{tmp_path}/wijk.db") as ours:
                session = await AsyncSession.start(ours, title="A", area="B", by="jochum", on_commit=notary)
                assert newest_checkpoint(store, session.id).size == 1

    asyncio.run(play())
