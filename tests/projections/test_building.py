"""Projections: each record has its effect once, whoever else is at work, and whatever goes wrong."""

import math
import sqlite3
from contextlib import closing
from threading import Barrier, Thread

import psycopg
import pytest

from afwegen import Session, open_store
from afwegen.errors import IntegrityError, ProjectionError, StoreError
from afwegen.events import OccasionStated
from afwegen.projections import Projection, advance, building, forget, overview, rebuild, rows, run, serving
from afwegen.stores import migrate

LASTING = pytest.mark.parametrize(
    "url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def begun(store, number=0):
    return Session.start(store, title=f"Complex {number}", area="Buurt", by="jochum")


def act(session, number=0):
    session.record(OccasionStated(occasion=f"Leegstand {number}", kind="problem"), by="jochum")


def told_by(store):
    """Return what stands in the table of the build that is read, in the order in which it was told."""
    with store.transaction(writing=False) as on:
        ((build,),) = on.execute("SELECT id FROM {t}builds WHERE name = 'effects' AND ready = 1")
        return on.execute(f"SELECT session, seq FROM effects_{build}")


def fed(store):
    return [(item.session, item.seq) for item in store.feed(None, 10_000)]


def counted(shelf, told):
    shelf.put(told.session, (shelf.get(told.session) or 0) + 1)


COUNTS = Projection(name="counts", version=1, apply=counted)


@pytest.mark.parametrize("page", [1, 2, 5, 500])
def test_each_record_is_told_once_with_the_state_it_led_to(store, monkeypatch, page):
    """However the feed is cut into pages; what came later is not in the state."""
    monkeypatch.setattr(building, "PAGE", page)
    sessions = [begun(store, number) for number in range(2)]
    for number in range(3):
        act(sessions[number % 2], number)
    told = []
    keep = Projection(name="keep", version=1, apply=lambda _, item: told.append(item))

    assert advance(store, keep) == 5
    act(sessions[0], 9)
    assert advance(store, keep) == 1
    assert advance(store, keep) == 0

    assert [(item.session, item.seq) for item in told] == fed(store)
    by_id = {session.id: session for session in sessions}
    for item in told:
        session = by_id[item.session]
        session.refresh()
        assert item.record == session.history()[item.seq]
        assert item.state == session.at(item.seq + 1)


def test_an_empty_store_is_built_too(store):
    """The empty case: nothing to tell, and yet there is something to read."""
    with pytest.raises(ProjectionError, match="has not been built"):
        rows(store, COUNTS)

    assert advance(store, COUNTS) == 0
    assert rows(store, COUNTS) == {}


def test_it_goes_on_where_it_was(store, effects):
    """Whatever is recorded between two advances is told in the second, and nothing else is."""
    session = begun(store)
    advance(store, effects())
    act(session)
    assert advance(store, effects()) == 1

    assert told_by(store) == fed(store)
    assert rows(store, effects()) == {"effects": 2}


@LASTING
def test_it_goes_on_after_a_restart(url, effects):
    """The checkpoint lies with the log."""
    with open_store(url) as store:
        session = begun(store)
        advance(store, effects())
    with open_store(url) as store:
        act(Session.load(store, session.id))
        assert advance(store, effects()) == 1
        assert told_by(store) == fed(store)


def test_an_apply_that_fails_leaves_nothing_half(store, effects):
    """It says at which record; the page is as it was; when it is mended the same feed goes on."""
    session = begun(store)
    for number in range(3):
        act(session, number)

    def fail(told):
        if told.seq == 2:
            raise KeyError("title")

    with pytest.raises(ProjectionError, match=f"effects/1 failed at record 2 of '{session.id}': KeyError"):
        advance(store, effects(fail))
    with pytest.raises(ProjectionError, match="has not been built"):
        rows(store, effects())

    assert advance(store, effects()) == 4
    assert told_by(store) == fed(store)


@pytest.mark.parametrize("value", [math.nan, {1, 2}, lambda: 1 / 0])
def test_what_is_no_json_is_refused(store, value):
    """Also where it turns out when the page has been told; nothing of the page is kept."""
    begun(store)

    with pytest.raises(ProjectionError, match="what it put on its shelf"):
        advance(store, Projection(name="odd", version=1, apply=lambda shelf, _: shelf.put("x", value)))


def test_any_text_comes_back(store):
    """Whatever JSON can say, every store keeps."""
    begun(store)
    value = {"text": "é \x00 \ud800 '%s' ? {t}", "number": 2**70, "deep": [None, True, 1.5]}
    odd = Projection(name="odd", version=1, apply=lambda shelf, _: shelf.put("a'%s?", value))
    advance(store, odd)

    assert rows(store, odd) == {"a'%s?": value}


def test_a_row_can_be_taken_away(store):
    """None is no row."""
    session = begun(store)
    last = Projection(
        name="last", version=1, apply=lambda shelf, told: shelf.put("n", None if told.seq % 2 else told.seq)
    )
    advance(store, last)
    assert rows(store, last) == {"n": 0}
    act(session)
    advance(store, last)

    assert rows(store, last) == {}


# Rebuilding


def test_the_old_is_read_until_the_new_has_caught_up(store, monkeypatch):
    """In the middle of a rebuild, and after one that failed, readers find what was there."""
    monkeypatch.setattr(building, "PAGE", 2)
    session = begun(store)
    for number in range(4):
        act(session, number)
    advance(store, COUNTS)
    seen = []

    def other(shelf, told):
        seen.append(rows(store, COUNTS))
        if told.seq == 3 and fails:
            raise RuntimeError
        shelf.put("other", told.seq)

    again = Projection(name="counts", version=1, apply=other)
    fails = True
    with pytest.raises(ProjectionError):
        rebuild(store, again)
    fails = False
    assert rows(store, COUNTS) == {session.id: 5}
    assert rebuild(store, again) == 5

    assert seen == [{session.id: 5}] * len(seen)
    assert rows(store, COUNTS) == {"other": 4}
    with store.transaction(writing=False) as on:
        assert on.execute("SELECT count(*) FROM {t}builds") == [(1,)]
        assert on.execute("SELECT count(*) FROM {t}projected") == [(1,)]


def test_the_last_who_rebuilds_finishes(store, monkeypatch, effects):
    """The other finds its build gone, and leaves; nothing of it stays."""
    monkeypatch.setattr(building, "PAGE", 2)
    session = begun(store)
    for number in range(4):
        act(session, number)
    feed, asked = store.feed, []

    def overtaken(after, limit):
        asked.append(after)
        if len(asked) == 2:
            assert rebuild(store, effects()) == 5
        return feed(after, limit)

    monkeypatch.setattr(store, "feed", overtaken)
    assert rebuild(store, effects()) == 2

    assert told_by(store) == fed(store)
    with store.transaction(writing=False) as on:
        assert on.execute("SELECT count(*) FROM {t}builds") == [(1,)]


def test_a_new_version_is_built_beside_the_old(store, effects):
    """Readers that know both take the new one when it is there; the old one goes on until it is forgotten."""
    session = begun(store)
    old, new = effects(version=1), effects(version=2)
    with pytest.raises(ProjectionError, match="none of these"):
        serving(store, new, old)
    advance(store, old)
    assert serving(store, new, old) is old
    advance(store, new)
    assert serving(store, new, old) is new
    act(session)
    assert (advance(store, old), advance(store, new)) == (1, 1)

    forget(store, old)
    with pytest.raises(ProjectionError, match="has not been built"):
        rows(store, old)
    assert rows(store, new) == {"effects": 2}
    assert told_by(store) == fed(store)


# Several at work


@LASTING
def test_several_workers_tell_each_record_once(url, effects, monkeypatch):
    """Three workers with a store each, while two sessions are written."""
    monkeypatch.setattr(building, "PAGE", 3)
    failures, acts, barrier = [], 12, Barrier(5)

    def at_work(job):
        try:
            with open_store(url) as store:
                barrier.wait()
                job(store)
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    def write(store):
        session = begun(store)
        for number in range(acts):
            act(session, number)

    def work(store):
        while sum(rows(store, effects()).values() if advance(store, effects()) >= 0 else ()) < 2 * (acts + 1):
            pass

    threads = [Thread(target=at_work, args=(job,)) for job in (write, write, work, work, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with open_store(url) as store:
        assert told_by(store) == fed(store)


def test_running_tells_what_comes(store):
    """A page at a time, until it is closed."""
    session = begun(store)
    running = run(store, COUNTS)
    assert next(running) == 1
    act(session)
    assert next(running) == 1
    running.close()

    assert rows(store, COUNTS) == {session.id: 2}


# On a connection of the host


@LASTING
def test_it_goes_with_the_transaction_of_the_host(url, effects):
    """Rolled back, it is told again; committed, it is not; the transaction of the host is left open."""
    with open_store(url) as own:
        session = begun(own)
        advance(own, effects())
        act(session)
        with connected(url) as host:
            guest = open_store(host)
            assert advance(guest, effects()) == 1
            host.rollback()
            assert told_by(own) == fed(own)[:1]
            assert advance(guest, effects()) == 1
            assert rows(guest, effects()) == {"effects": 2}
            host.commit()
        assert told_by(own) == fed(own)


@LASTING
def test_an_apply_that_fails_leaves_the_host_its_transaction(url, effects):
    """What the host wrote before is still there to be committed."""
    with open_store(url) as own:
        begun(own)

        def fail(_):
            raise RuntimeError

        with connected(url) as host:
            host.execute("CREATE TABLE notes (text TEXT)")
            with pytest.raises(ProjectionError):
                advance(open_store(host), effects(fail))
            host.commit()
            assert host.execute("SELECT count(*) FROM notes").fetchone() == (0,)
            host.rollback()
        assert advance(own, effects()) == 1


def connected(url):
    """Return a connection of a host."""
    if url.startswith("sqlite"):
        return closing(sqlite3.connect(url.removeprefix("sqlite:///")))
    return psycopg.connect(url)


# What is refused


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [("Wijk", 1, "plain name"), ("", 1, "plain name"), ("a b", 1, "plain name"), ("a", 0, "from 1"), ("a", True, "1")],
)
def test_a_projection_has_a_plain_name_and_a_version(name, version, said):
    """With what was given."""
    with pytest.raises(ProjectionError, match=said) as refused:
        Projection(name=name, version=version, apply=counted)

    assert refused.value.got == (name if "name" in said else version)


def test_a_store_that_keeps_none_says_so():
    """A store of somebody else need not."""
    with pytest.raises(StoreError, match="keeps no projections"):
        advance(object(), COUNTS)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_apply_that_would_wait_for_itself_is_refused(store, effects):
    """In SQLite there is one writer at a time: a record made from within would wait for its own transaction."""
    session = begun(store)

    with pytest.raises(ProjectionError, match="in a transaction of this store"):
        advance(store, effects(lambda _: act(session)))
    assert advance(store, effects()) == 1


def test_a_restored_store_goes_on(cluster, database, effects):
    """In another cluster the checkpoint, which lay with the log, stays good; before it is rebased nothing opens."""
    url = cluster.url(database)
    with open_store(url) as store:
        session = begun(store)
        advance(store, effects())
    cluster.execute(
        "ALTER TABLE afwegen.appends DISABLE TRIGGER ALL",
        "UPDATE afwegen.appends SET latest = '900000000000'",
        "ALTER TABLE afwegen.appends ENABLE TRIGGER ALL",
        "UPDATE afwegen.sessions SET latest = '900000000000'",
        "UPDATE afwegen.builds SET place = regexp_replace(place, '^1[.][0-9]+', '1.900000000000')",
        database=database,
    )
    with pytest.raises(IntegrityError, match="restored into another cluster"):
        open_store(url)

    migrate(url, restored=True)
    with open_store(url) as store:
        assert advance(store, effects()) == 0
        act(Session.load(store, session.id))
        assert advance(store, effects()) == 1
        assert told_by(store) == fed(store)


def test_a_role_that_projects_needs_what_is_documented(cluster, database):
    """Without it the role is told so; with it, it advances; the list of sessions is right either way."""
    url = cluster.url(database, user="projector")
    cluster.execute("DROP ROLE IF EXISTS projector", "CREATE ROLE projector LOGIN PASSWORD 'geheim'")
    with open_store(cluster.url(database)) as store:
        begun(store)
        expected = overview(store)
        advance(store, COUNTS)
    cluster.execute(
        "GRANT USAGE ON SCHEMA afwegen TO projector",
        "GRANT SELECT ON ALL TABLES IN SCHEMA afwegen TO projector",
        database=database,
    )
    with open_store(url) as store:
        with pytest.raises(StoreError, match="this role may not do that"):
            rebuild(store, COUNTS)
        assert overview(store) == expected
        cluster.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON afwegen.builds, afwegen.projected TO projector", database=database
        )
        assert rebuild(store, COUNTS) == 1
    cluster.execute("DROP OWNED BY projector", "DROP ROLE projector", database=database)
