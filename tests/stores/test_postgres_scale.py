"""PostgreSQL for real: a full disk, another cluster, a replica, partitions."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager
from itertools import count, islice
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import psycopg
import pytest

from afwegen import Session, audit, follow, open_store
from afwegen.errors import IntegrityError, StoreError
from afwegen.events import OccasionStated
from afwegen.projections import SESSIONS, advance, overview, rebuild, rows
from afwegen.stores import migrate
from afwegen.stores.contract import Batch
from afwegen.testing.stores import STORE_CHECKS
from afwegen.testing.tour import reached

# Seconds each, and another server for most.
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def following(expected, entry=b"{}", session="wijk"):
    return Batch(session=session, expected=expected, entries=(entry,), secret=None if expected else bytes(32))


@contextmanager
def folder_for_a_server():
    """A folder that the server may enter; pytest's own are closed to other users."""
    with tempfile.TemporaryDirectory(prefix="afwegen-") as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "cluster"
        place.mkdir()
        yield place


@contextmanager
def another(cluster):
    """Another server of the same kind."""
    with folder_for_a_server() as place:
        made = type(cluster)(cluster.binaries, place)
        try:
            yield made
        finally:
            made.stop()


def act(session, number=0):
    session.record(OccasionStated(occasion=f"Leegstand {number}", kind="problem"), by="jochum")


# A full disk


@contextmanager
def small_disk():
    """A disk of 48 megabytes, in memory, that belongs to the server; making one takes root."""
    with folder_for_a_server() as place:
        mounted = (
            subprocess.run(("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", place), check=False).returncode == 0
        )
        if not mounted:
            reason = "no small disk can be made: only root may mount one"
            if os.environ.get("CI"):
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)
        try:
            shutil.chown(place, "postgres", "postgres")
            yield place
        finally:
            subprocess.run(("umount", "-l", place), check=True)


def test_a_full_disk_appends_nothing(cluster):
    """What was appended stays; the error says what to do; when there is room the same store goes on."""
    with small_disk() as disk:
        cluster.execute(f"CREATE TABLESPACE small LOCATION '{disk}'", "CREATE DATABASE small TABLESPACE small")
        try:
            with open_store(cluster.url("small")) as store:
                store.append(following(0))
                ballast = disk / "ballast"
                ballast.write_bytes(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - 2**20))
                length = 1
                large = os.urandom(30_000)
                with pytest.raises(StoreError, match="disk of the server is full; nothing was appended") as refused:
                    while length < 200:
                        store.append(following(length, large))
                        length += 1
                assert "make room" in refused.value.do
                assert store.head("wijk").length == length
                assert sum(1 for _ in store.read("wijk")) == length
                ballast.unlink()
                assert store.append(following(length, large)).first == length
        finally:
            cluster.execute("DROP DATABASE small", "DROP TABLESPACE small")


def test_a_server_that_stops_in_the_middle_of_an_append_keeps_all_or_nothing(cluster, postgres):
    """While several append and the server falls: what was acknowledged is there, and nothing is there in part."""
    acknowledged, failures = {}, []

    def write(number):
        session, kept = f"wijk-{number}", 0
        try:
            with open_store(postgres) as store:
                while True:
                    store.append(Batch(session=session, expected=kept, entries=(b"a", b"b", b"c"),
                                       secret=None if kept else bytes(32)))  # fmt: skip
                    kept += 3
                    acknowledged[session] = kept
        except StoreError as error:
            failures.append(str(error))

    with open_store(postgres) as store:
        threads = [Thread(target=write, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 3 or min(acknowledged.values()) < 30:
            sleep(0.01)
        # As a crash does; with fsync off what was written is still the operating system's to keep.
        cluster.stop("immediate")
        for thread in threads:
            thread.join()
        cluster.start()

        heads = again(store.sessions)
        assert len(failures) == 3
        assert {head.session: head.length // 3 * 3 for head in heads} == {head.session: head.length for head in heads}
        assert all(head.length in {acknowledged[head.session], acknowledged[head.session] + 3} for head in heads)
        assert len(store.feed(None, 10_000)) == sum(head.length for head in heads)


def again(ask):
    """Ask until the server is back."""
    until = monotonic() + 20
    while True:
        try:
            return ask()
        except StoreError:
            if monotonic() > until:
                raise


# Another cluster


def test_a_dump_restored_into_another_cluster(cluster, database):
    """Really dumped and restored: refused until it is rebased, then every cursor and every projection stays good."""
    with open_store(cluster.url(database)) as store:
        session = reached("inventory", store)
        advance(store, SESSIONS)
        # Where more has happened than in a new cluster, numbers of transactions are higher.
        cluster.execute(
            "DO $$ BEGIN FOR i IN 1 .. 3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
            database=database,
        )
        act(session)
        cursor = store.feed(None, 10_000)[-3].cursor
        expected = overview(store)
        root = store.head(session.id).frontier.root
    env = {**os.environ, "PGPASSWORD": "geheim"}
    with another(cluster) as other, tempfile.TemporaryDirectory() as place:
        other.execute("CREATE DATABASE restored")
        at = ("-h", "127.0.0.1", "-U", "owner")
        dump, dumped = (cluster.binaries / "pg_dump", *at, "-p", str(cluster.port)), f"{place}/dump"
        subprocess.run((*dump, "--schema=afwegen", "-Fc", "-f", dumped, database), check=True, env=env)
        restore = (cluster.binaries / "pg_restore", *at, "-p", str(other.port), "-d", "restored", dumped)
        subprocess.run(restore, check=True, env=env)

        url = other.url("restored")
        with pytest.raises(IntegrityError, match="restored into another cluster") as refused:
            open_store(url)
        assert "migrate URL --restored" in refused.value.do
        migrate(url, restored=True)

        with open_store(url) as store:
            assert store.head(session.id).frontier.root == root
            assert audit.verify_session(store, session.id).passed
            assert overview(store) == expected
            assert advance(store, SESSIONS) == 0
            copy = Session.load(store, session.id)
            act(copy, 1)
            told = store.feed(cursor)
            assert [item.seq for item in told] == list(range(copy.state.length - 3, copy.state.length))
            assert advance(store, SESSIONS) == 1
            assert overview(store)[0].records == copy.state.length


# A replica


@contextmanager
def replica_of(cluster):
    """A streaming replica, as its documentation makes one."""
    with folder_for_a_server() as place:
        made = object.__new__(type(cluster))
        made.binaries, made.folder, made.made = cluster.binaries, place, set()
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            made.port = free.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        source = f"postgresql://owner:geheim@127.0.0.1:{cluster.port}/postgres"
        made.run("pg_basebackup", "-D", "data", "-R", "-X", "stream", "-c", "fast", "-d", source)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def test_a_replica_is_read_verified_and_followed(cluster, database):
    """Everything that reads works on it; a record is refused, with where to go."""
    with open_store(cluster.url(database)) as primary:
        session = reached("inventory", primary)
        advance(primary, SESSIONS)
        with replica_of(cluster) as other, open_store(other.url(database)) as replica:
            again(lambda: caught_up(replica, session))
            copy = Session.load(replica, session.id)
            assert copy.state == session.state
            assert audit.verify_session(replica, session.id).passed
            assert rows(replica, SESSIONS) == rows(primary, SESSIONS)
            assert overview(replica) == overview(primary)
            with pytest.raises(StoreError, match="only reads") as refused:
                act(copy)
            assert "append on the primary" in refused.value.do
            with pytest.raises(StoreError, match="only reads"):
                rebuild(replica, SESSIONS)

            last = replica.feed(None, 10_000)[-1].cursor
            stream = follow(replica, after=last)
            act(session)
            assert [item.seq for item in islice(stream, 1)] == [session.state.length - 1]
            stream.close()
            # What the projection does not hold on the primary yet is worked out here.
            assert overview(replica)[0].records == session.state.length


def caught_up(replica, session):
    if replica.head(session.id).length != session.state.length:
        raise StoreError("not yet")


# Partitions


@pytest.fixture
def partitioned(cluster, database, root):
    """Make stores in schemas whose tables are partitioned as the documentation says."""
    page = (root / "docs" / "how-to" / "grow-on-postgresql.md").read_text(encoding="utf-8")
    (script,) = [
        block for block in re.findall(r"```postgres\n(.*?)```", page, re.DOTALL) if "PARTITION BY HASH" in block
    ]
    numbers = count()

    def make():
        schema = f"p{next(numbers)}"
        url = cluster.url(database, schema=schema)
        migrate(url)
        # Fewer parts than are recommended: each is a table to make.
        fewer = script.replace("afwegen.", f"{schema}.").replace("integer := 8", "integer := 3")
        cluster.execute(fewer, database=database)
        return open_store(url)

    return make


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_a_partitioned_store_keeps_its_promises(check, partitioned):
    """The library does not notice."""
    check(partitioned)


def test_partitions_are_filled_and_guarded(partitioned, cluster, database):
    """Sessions lie in different parts; no part can be changed, whichever way it is reached."""
    with partitioned() as store:
        for number in range(40):
            store.append(following(0, session=f"s{number}"))
        assert len(store.feed(None, 1000)) == 40
        filled = cluster.execute("SELECT DISTINCT tableoid::regclass::text FROM p0.entries", database=database)
        assert len(filled) == 3
        for (part,) in filled[:2]:
            for statement in (f"UPDATE {part} SET leaf = ''", f"DELETE FROM {part}", f"TRUNCATE {part}"):
                with pytest.raises(psycopg.errors.RestrictViolation, match="append only"):
                    cluster.execute(statement, database=database)
        plan = cluster.execute("EXPLAIN SELECT entry FROM p0.entries WHERE session = 3 AND seq = 0", database=database)
        assert len({name for (line,) in plan for name in re.findall(r"entries_\d", line)}) == 1


def test_what_is_there_is_carried_into_the_partitions(cluster, database, partitioned):
    """A store that has been used is the same afterwards: root, state, feed."""
    url = cluster.url(database, schema="p0")
    with open_store(url) as store:
        session = reached("inventory", store)
        before = store.feed(None, 10_000)
    with partitioned() as store:
        assert store.feed(None, 10_000) == before
        assert audit.verify_session(store, session.id).passed
        assert Session.load(store, session.id).state == session.state
