"""The PostgreSQL store: parallel, guarded, and the same again after the server was gone."""

from contextlib import contextmanager, suppress
from itertools import count
from threading import Barrier, Event, Thread

import psycopg
import pytest
from attrs import evolve

from afwegen.errors import ConflictError, IntegrityError, StoreError, UnknownSession
from afwegen.log.merkle import leaf_hash, root
from afwegen.stores import migrate, open_store
from afwegen.stores.contract import Batch, Call, Leaf, PersonRow, VaultRow
from afwegen.stores.postgres import PostgresStore
from afwegen.stores.postgres_schema import VERSION
from afwegen.stores.postgres_work import append

FIRST = Batch(
    session="wijk",
    expected=0,
    entries=tuple(b'{"seq":%d}' % seq for seq in range(5)),
    vault=(VaultRow(seq=2, part=0, subjects=("p_1",), payload=b"judgement"),),
    people=(PersonRow(seq=0, pseudonym="p_1", payload=b"anna"),),
    call=Call(key_mac=b"k" * 32, call_mac=b"c" * 32),
    secret=bytes(range(32)),
)


def following(expected, entry=b"{}", session="wijk"):
    """Return a batch of one entry at a length."""
    secret = None if expected else bytes(32)
    return Batch(session=session, expected=expected, entries=(entry,), secret=secret)


def everything(store):
    return store.sessions(), list(store.read("wijk")), store.people("wijk"), store.call("wijk", b"k" * 32)


@pytest.fixture
def store(postgres):
    """A store with one session of five entries."""
    with PostgresStore(postgres, patience=5) as opened:
        opened.append(FIRST)
        yield opened


@pytest.fixture
def sql(cluster, database):
    """Run SQL past the library."""

    def run(*statements, **as_whom):
        return cluster.execute(*statements, database=database, **as_whom)

    return run


def test_what_was_appended_is_there_after_reopening(store, postgres):
    """All of it: entries, vault, people, keys, frontier and secret."""
    with open_store(postgres) as again:
        assert everything(again) == everything(store)
        assert again.head("wijk").frontier.root == root([leaf_hash(entry) for entry in FIRST.entries])


def test_an_append_is_one_statement():
    """So it is one round trip: without a transaction opened, and without a look before it."""
    work = append(FIRST, joined=False)
    next(work)

    with pytest.raises(StopIteration):
        work.send([("appended", 0, 5, None)])


def test_two_stores_see_each_other(store, postgres):
    """What one has appended the other reads, and what it expected no longer fits."""
    with open_store(postgres) as theirs:
        theirs.append(following(5))
        with pytest.raises(ConflictError) as refused:
            store.append(following(5))
        assert (refused.value.expected, refused.value.found) == (5, 6)


def test_many_may_start_at_once(postgres):
    """Whoever comes first makes the tables; nobody is turned away, and nothing is made twice."""
    failures, barrier = [], Barrier(6)

    def start():
        try:
            barrier.wait()
            with PostgresStore(postgres, connections=1) as opened:
                opened.sessions()
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_two_may_make_the_same_session_at_once(store, postgres, sql):
    """The second waits for the first, and then meets a conflict; where the first rolls back it is made after all."""
    with psycopg.connect(postgres) as host:
        PostgresStore(host).append(following(0, b"theirs", "buurt"))
        outcome = []
        thread = Thread(target=lambda: outcome.append(store.append(following(0, b"ours", "buurt"))))
        thread.start()
        wait_for_lock(sql)
        host.rollback()
        thread.join()

    assert [appended.first for appended in outcome] == [0]
    assert [stored.entry for stored in store.read("buurt")] == [b"ours"]


def wait_for_lock(sql):
    """Wait until somebody waits."""
    while not sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
        pass


# Schemas


def test_schemas_do_not_meet(cluster, database):
    """Two stores in one database, each in a schema of its own."""
    with PostgresStore(cluster.url(database)) as one, PostgresStore(cluster.url(database, schema="buurt")) as other:
        one.append(FIRST)

        assert other.sessions() == ()
        assert other.feed() == ()


@pytest.mark.parametrize("schema", ["Wijk", "pg_wijk", "wijk-2", "a.b", "", "1e", "x" * 64, "wijk;"])
def test_a_schema_has_a_plain_name(schema):
    """Nothing that would need quotes."""
    with pytest.raises(StoreError, match="plain") as refused:
        open_store(f"postgresql://nowhere.invalid/db?schema={schema}")

    assert refused.value.got == schema


@pytest.mark.usefixtures("store")
def test_a_newer_schema_is_refused(postgres, sql):
    """With the version to install."""
    sql(f"UPDATE afwegen.about SET version = {VERSION + 1}, written_by = 'afwegen 9.9.0'")

    with pytest.raises(StoreError, match=f"its schema is {VERSION + 1}, ours is {VERSION}") as refused:
        open_store(postgres)
    assert "install afwegen 9.9.0 or later" in refused.value.do


def test_a_schema_of_somebody_else_is_refused(cluster, database, sql):
    """And left as it was."""
    sql("CREATE SCHEMA theirs", "CREATE TABLE theirs.notes (id int)")

    with pytest.raises(StoreError, match="holds something else"):
        open_store(cluster.url(database, schema="theirs"))


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE afwegen.vault",
        "DROP TRIGGER only_longer ON afwegen.sessions",
        "DELETE FROM afwegen.about",
    ],
)
def test_a_schema_that_is_not_whole_is_refused(postgres, sql, statement):
    """A store without a table or a guard is not opened as if nothing had happened."""
    sql(statement)

    with pytest.raises(IntegrityError, match="not whole"):
        open_store(postgres)


def test_migrating_shows_first_and_does_once(postgres, sql):
    """A dry run changes nothing; the second time there is nothing to do."""
    planned = migrate(postgres, dry_run=True)
    assert any(statement.startswith("CREATE TABLE afwegen.entries") for statement in planned)
    assert sql("SELECT to_regnamespace('afwegen')::text") == [(None,)]

    assert migrate(postgres) == planned
    assert migrate(postgres) == ()


def test_only_postgresql_is_migrated(tmp_path):
    """The error says so."""
    with pytest.raises(StoreError, match="only a store in PostgreSQL"):
        migrate(f"sqlite:///{tmp_path}/wijk.db")


# What can go wrong


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "fout"}, "refuses this password"),
        ({"password": ""}, "wants a password"),
        ({"database": "nergens"}, "no such database or role"),
    ],
)
def test_what_the_server_refuses_is_said(cluster, change, said):
    """Without the password."""
    with pytest.raises(StoreError, match=said) as refused:
        open_store(cluster.url(**change))

    assert "geheim" not in str(refused.value)
    assert "fout" not in refused.value.got
    assert refused.value.do


def test_no_server_is_said():
    """At once, with the address."""
    with pytest.raises(StoreError, match="the server cannot be reached") as refused:
        open_store("postgresql://anna:geheim@127.0.0.1:1/wijk")

    assert refused.value.got == "postgresql://anna@127.0.0.1:1/wijk (schema afwegen)"


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_a_server_that_is_gone_and_comes_back(cluster, postgres, mode):
    """Every call says so while it is gone; nothing is half there; the same store goes on when it is back."""
    with PostgresStore(postgres, patience=1) as store:
        store.append(FIRST)
        before = everything(store)
        cluster.stop(mode)
        try:
            with pytest.raises(StoreError, match="whether it was kept is not known"):
                store.append(following(5))
            for ask in (store.sessions, lambda: store.append(following(5))):
                with pytest.raises(StoreError, match="cannot be reached"):
                    ask()
        finally:
            cluster.start()

        eventually(lambda: everything(store) == before)
        assert store.append(following(5)).first == 5


def eventually(ask):
    """Ask until the pool has found the server again."""
    for _ in range(30):
        with suppress(StoreError):
            assert ask()
            return
    raise AssertionError("it never came back")


@contextmanager
def held(postgres):
    """A host holds the row of the session in a transaction of its own."""
    with psycopg.connect(postgres) as host:
        host.execute("SELECT 1 FROM afwegen.sessions WHERE session = 'wijk' FOR UPDATE")
        yield
        host.rollback()


def test_a_backend_that_is_killed_leaves_nothing(store, postgres, sql):
    """In the middle of an append: nothing was appended, and the same store appends again."""
    failures = []

    def try_it():
        try:
            store.append(following(5))
        except StoreError as error:
            failures.append(error)

    with held(postgres):
        thread = Thread(target=try_it)
        thread.start()
        wait_for_lock(sql)
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        thread.join()

    assert "whether it was kept is not known" in str(failures[0])
    assert store.head("wijk").length == 5
    assert store.append(following(5)).first == 5


@pytest.mark.usefixtures("store")
def test_a_writer_that_never_ends_is_not_waited_for_for_ever(postgres):
    """The patience ends with an error; when the other is done, the same store goes on; others are not kept at all."""
    with PostgresStore(postgres, patience=0.2) as hasty:
        with held(postgres):
            with pytest.raises(StoreError, match="held the session for too long; nothing was appended"):
                hasty.append(following(5))
            assert hasty.append(following(0, session="buurt")).first == 0
            assert hasty.head("wijk").length == 5
        assert hasty.append(following(5)).first == 5


def test_a_pool_that_is_used_up_says_so(postgres):
    """With the number of connections; and when one comes back the same store goes on."""
    with PostgresStore(postgres, patience=0.2, connections=1) as store:
        taken = store._pool.getconn()
        with pytest.raises(StoreError, match="all connections of this store are in use") as refused:
            store.sessions()
        assert refused.value.got == 1
        store._pool.putconn(taken)
        assert store.sessions() == ()


def test_no_thread_outlives_the_store(postgres):
    """The pool has some; they end with it."""
    from threading import enumerate as threads

    before = {*threads()}
    with PostgresStore(postgres) as store:
        store.append(FIRST)
        assert {*threads()} > before

    assert {*threads()} == before


def test_a_store_is_not_carried_over_a_fork(store, monkeypatch):
    """Two processes on one connection would read each other's answers."""
    from afwegen.stores import postgres as module

    monkeypatch.setattr(module.os, "getpid", lambda: -1)
    with pytest.raises(StoreError, match="another process"):
        store.sessions()
    monkeypatch.undo()
    assert store.sessions()


# Who may do what


numbers = count()


def role(kind):
    """Return the name of a new role: they belong to the cluster, and outlive a test."""
    return f"{kind}_{next(numbers)}"


ROLES = (
    "CREATE ROLE {0} LOGIN PASSWORD 'geheim'",
    "GRANT USAGE ON SCHEMA afwegen TO {0}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA afwegen TO {0}",
)
TAMPER = (
    "UPDATE afwegen.entries SET entry = '' WHERE seq = 1",
    "UPDATE afwegen.entries SET leaf = ''",
    "DELETE FROM afwegen.entries WHERE seq = 4",
    "TRUNCATE afwegen.entries",
    "DELETE FROM afwegen.sessions",
    "UPDATE afwegen.sessions SET session = 'buurt'",
    "UPDATE afwegen.sessions SET secret = ''",
    "UPDATE afwegen.sessions SET length = 4",
    "UPDATE afwegen.sessions SET frontier = ''",
    "DELETE FROM afwegen.appends",
    "UPDATE afwegen.appends SET key_mac = NULL",
    "UPDATE afwegen.appends SET first = 1",
    "UPDATE afwegen.appends SET latest = '1'",
    "UPDATE afwegen.appends SET call_mac = ''",
    "UPDATE afwegen.vault SET payload = ''",
    "UPDATE afwegen.people SET payload = ''",
)
TAMPER_OF_THE_INSTALLATION = (
    "UPDATE afwegen.installation SET note = ''",
    "DELETE FROM afwegen.installation",
    "TRUNCATE afwegen.installation",
    "UPDATE afwegen.edge SET frontier = ''",
    "DELETE FROM afwegen.edge",
    "UPDATE afwegen.checkpoints SET note = 'another'",
    "UPDATE afwegen.checkpoints SET size = 2",
    "DELETE FROM afwegen.checkpoints",
)


@pytest.mark.parametrize("statement", TAMPER)
def test_the_log_is_append_only(store, sql, statement):
    """Nothing of it is changed or deleted, by whatever tool and whoever owns it, without taking the guards away."""
    before = everything(store)
    with pytest.raises(psycopg.errors.RestrictViolation, match="append only"):
        sql(statement)
    assert everything(store) == before


@pytest.mark.parametrize("statement", TAMPER_OF_THE_INSTALLATION)
def test_the_installation_log_is_append_only(store, sql, statement):
    """What was signed for stays as well."""
    store.enter(0, (Leaf(session="wijk", size=1, note=b"note"), Leaf(session="wijk", size=2, note=b"note")))
    store.keep(1, b"checkpoint")
    with pytest.raises(psycopg.errors.RestrictViolation, match="append only"):
        sql(statement)
    assert (store.installation().size, store.kept()) == (2, ((1, b"checkpoint"),))


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM afwegen.vault", "DELETE FROM afwegen.people", "UPDATE afwegen.appends SET call_mac = NULL"],
)
def test_what_an_erasure_takes_can_be_deleted(store, sql, statement):
    """Personal values are not part of the log: entries and root stay as they are."""
    before = store.head("wijk")
    sql(statement)
    assert store.head("wijk") == before
    assert [stored.entry for stored in store.read("wijk")] == [*FIRST.entries]


@pytest.mark.usefixtures("store")
def test_a_writer_can_append_and_nothing_else(cluster, database, sql):
    """With the rights that the documentation grants: not one of the ways to change a log is open to it."""
    name = role("writer")
    sql(*(line.format(name) for line in ROLES), f"GRANT EXECUTE ON FUNCTION afwegen.append TO {name}")

    with PostgresStore(cluster.url(database, user=name)) as writer:
        writer.append(following(5))
        assert len(writer.feed()) == 6
    for statement in (*TAMPER, "INSERT INTO afwegen.entries VALUES (1, 6, '', '')", "DELETE FROM afwegen.vault"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=name)


@pytest.mark.usefixtures("store")
def test_a_notary_can_sign_and_nothing_else(cluster, database, sql):
    """It enters leaves and keeps checkpoints; the logs of the sessions are not its own to write."""
    name = role("notary")
    sql(*(line.format(name) for line in ROLES), f"GRANT EXECUTE ON FUNCTION afwegen.enter, afwegen.keep TO {name}")

    with PostgresStore(cluster.url(database, user=name)) as notary:
        notary.enter(0, (Leaf(session="wijk", size=5, note=b"note"),))
        notary.keep(1, b"checkpoint")
        with pytest.raises(StoreError, match="this role may not do that"):
            notary.append(following(5))
    for statement in (*TAMPER, *TAMPER_OF_THE_INSTALLATION):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=name)


def test_a_reader_cannot_append(store, cluster, database, sql):
    """It is told what to ask for."""
    name = role("reader")
    sql(*(line.format(name) for line in ROLES))

    with PostgresStore(cluster.url(database, user=name)) as reader:
        assert everything(reader) == everything(store)
        with pytest.raises(StoreError, match="this role may not do that"):
            reader.append(following(5))


@pytest.mark.usefixtures("store")
def test_a_stranger_is_told_so(cluster, database, sql):
    """A role without any right cannot even look."""
    name = role("stranger")
    sql(ROLES[0].format(name))

    with pytest.raises(StoreError, match="this role may not do that"):
        open_store(cluster.url(database, user=name))


def test_a_server_that_only_reads_is_said(store, cluster, database, sql):
    """A replica, or a role that was set to it."""
    name = role("replica")
    sql(*(line.format(name) for line in ROLES), f"ALTER ROLE {name} SET default_transaction_read_only = on")
    sql(f"GRANT EXECUTE ON FUNCTION afwegen.append TO {name}")

    with PostgresStore(cluster.url(database, user=name)) as reader:
        assert everything(reader) == everything(store)
        with pytest.raises(StoreError, match="only reads"):
            reader.append(following(5))


# Tampering that goes round the guards


def test_a_deleted_entry_is_missed(store, sql):
    """By every reader; the feed too."""
    sql("ALTER TABLE afwegen.entries DISABLE TRIGGER ALL", "DELETE FROM afwegen.entries WHERE seq = 2")

    for read in (store.read, store.leaves):
        with pytest.raises(IntegrityError, match="an entry of 'wijk' is missing") as missed:
            list(read("wijk"))
        assert missed.value.got == 2
    with pytest.raises(IntegrityError, match="missing") as missed:
        store.feed()
    assert missed.value.got == 2


def test_an_entry_beyond_the_end_is_found_before_it_is_built_upon(store, sql):
    """It is not read, for the log ends before it; and nothing is appended in its place."""
    sql("INSERT INTO afwegen.entries SELECT id, 5, '', '' FROM afwegen.sessions")

    assert len(list(store.read("wijk"))) == 5
    with pytest.raises(IntegrityError, match="beyond the end of the log"):
        store.append(following(5))
    assert store.head("wijk").length == 5


def test_a_length_that_does_not_fit_the_frontier_is_refused(store, sql):
    """Neither is believed."""
    sql("ALTER TABLE afwegen.sessions DISABLE TRIGGER ALL", "UPDATE afwegen.sessions SET length = 4")

    for ask in (store.sessions, lambda: store.head("wijk"), lambda: store.read("wijk")):
        with pytest.raises(IntegrityError, match="another length"):
            ask()


def test_a_session_with_a_zero_octet_is_unknown(store):
    """PostgreSQL's text has none, so no session has one."""
    with pytest.raises(UnknownSession):
        store.head("wijk\0")


# The feed


def test_what_commits_late_is_still_told(store, postgres):
    """A inserts 1, B inserts 2, A inserts 3 and commits, a reader passes, B commits: 2 must still be delivered."""
    start = store.feed()[-1].cursor
    with psycopg.connect(postgres) as a, psycopg.connect(postgres) as b:
        ours, theirs = PostgresStore(a), PostgresStore(b)
        ours.append(following(0, b"1", "a"))
        theirs.append(following(0, b"2", "b"))
        ours.append(following(1, b"3", "a"))
        a.commit()
        passed = store.feed(start)
        b.commit()
    told = [*passed, *store.feed(passed[-1].cursor if passed else start)]

    assert sorted(item.entry for item in told) == [b"1", b"2", b"3"]
    assert [item.entry for item in told if item.session == "a"] == [b"1", b"3"]


def test_a_transaction_that_began_early_does_not_overtake_its_session(store, postgres):
    """A begins, B appends 5 to the session and commits, A appends 6: told in the order of the session."""
    start = store.feed()[-1].cursor
    with psycopg.connect(postgres) as a:
        ours = PostgresStore(a)
        ours.append(following(0, b"early", "other"))
        store.append(following(5, b"5"))
        ours.append(following(6, b"6"))
        assert store.feed(start) == ()
        a.commit()

    assert [item.seq for item in store.feed(start) if item.session == "wijk"] == [5, 6]


def probe(postgres, read):
    """Four hosts that commit late, a reader that follows: return how many acts it missed."""
    done, failures, writers, acts = Event(), [], 4, 25

    def write(writer):
        try:
            with psycopg.connect(postgres) as host:
                store = PostgresStore(host)
                for act in range(acts):
                    store.append(following(act, b"%d" % act, f"s{writer}"))
                    host.execute("SELECT pg_sleep(%s)", (0.001 * (1 + (writer * act) % 5),))
                    host.commit()
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    told = set()
    while not done.is_set():
        if not any(thread.is_alive() for thread in threads):
            done.set()
        told |= read()
    assert failures == []
    return writers * acts - len(told)


def test_the_feed_misses_nothing_where_a_plain_position_does(store, cluster, postgres):
    """The probe finds what it looks for: an unsafe reader, in the same run, misses some."""
    after = [store.feed()[-1].cursor]

    def safe():
        page = store.feed(after[-1])
        after.extend(item.cursor for item in page)
        return {(item.session, item.seq) for item in page}

    assert probe(postgres, safe) == 0

    other = cluster.url(cluster.database("another"))
    PostgresStore(other).close()
    with psycopg.connect(other, autocommit=True) as reader:
        position = [0]

        def unsafe():
            rows = reader.execute(
                "SELECT id, session, first FROM afwegen.appends WHERE id > %s ORDER BY id", (position[-1],)
            ).fetchall()
            position.extend(row[0] for row in rows)
            return {row[1:] for row in rows}

        assert probe(other, unsafe) > 0


@pytest.mark.usefixtures("store")
def test_a_restored_store_goes_on_in_a_new_epoch(postgres, sql):
    """In a cluster whose transactions have lower numbers: refused until rebased; then cursors from before are good."""
    sql(
        "ALTER TABLE afwegen.appends DISABLE TRIGGER ALL",
        "UPDATE afwegen.appends SET latest = '900000000000'",
        "ALTER TABLE afwegen.appends ENABLE TRIGGER ALL",
        "UPDATE afwegen.sessions SET latest = '900000000000'",
    )
    with pytest.raises(IntegrityError, match="restored into another cluster") as refused:
        open_store(postgres)
    assert "--restored" in refused.value.do

    migrate(postgres, restored=True)
    with open_store(postgres) as again:
        kept = again.feed()
        assert [item.seq for item in kept] == [0, 1, 2, 3, 4]
        again.append(following(5))
        again.append(following(0, session="buurt"))
        assert [(item.session, item.seq) for item in again.feed(kept[-1].cursor)] == [("wijk", 5), ("buurt", 0)]


def test_an_odd_pseudonym_comes_back(store):
    """Whatever ASCII it holds, also what PostgreSQL quotes."""
    row = VaultRow(seq=5, part=0, subjects=('a"b\\c', "{,}", "NULL", ""), payload=b"")
    store.append(evolve(following(5), vault=(row,)))

    with psycopg.connect(store._address.conninfo) as connection:
        (subjects,) = connection.execute("SELECT subjects FROM afwegen.vault WHERE seq = 5").fetchone()
    assert tuple(subjects) == row.subjects
