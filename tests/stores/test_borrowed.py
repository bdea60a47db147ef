"""A store on a connection of the host: in its transaction, and never the one to end it."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from attrs import evolve
from psycopg.rows import dict_row

from afwegen import Session, open_store
from afwegen.errors import RuleViolation, StoreError, UnknownSession
from afwegen.events import OccasionStated, ParticipantInvited, StepStarted
from afwegen.stores.contract import Batch, PersonRow
from afwegen.testing.stores import STORE_CHECKS

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
# Several threads, or a second session begun while the first waits, need connections of their own; and nothing is
# scrubbed inside a transaction.
ELSEWHERE = ("writers", "misses", "scrubbing")
OF_ONE_CONNECTION = [check for check in STORE_CHECKS if not any(word in check.__name__ for word in ELSEWHERE)]


@pytest.fixture(params=KINDS)
def connect(request, tmp_path):
    """Open connections to one database with a table of the host, as a host would."""
    if request.param == "sqlite":
        opened = lambda: closing(sqlite3.connect(tmp_path / "host.db", timeout=0.1))  # noqa: E731
    else:
        url = request.getfixturevalue("postgres")
        opened = lambda: psycopg.connect(url)  # noqa: E731
    with opened() as host:
        host.execute("CREATE TABLE notes (text TEXT)")
        host.commit()
        host.execute("INSERT INTO notes VALUES ('tables of ours beside it')")
        open_store(host)
        host.commit()
    return opened


@pytest.fixture
def host(connect):
    """One connection of the host."""
    with connect() as connection:
        yield connection


def following(expected, entry=b"{}", session="wijk"):
    secret = None if expected else bytes(32)
    return Batch(session=session, expected=expected, entries=(entry,), secret=secret)


def notes(host):
    return [text for (text,) in host.execute("SELECT text FROM notes").fetchall()][1:]


def test_both_are_committed(connect):
    """The row of the host and the act, when the host commits."""
    with connect() as host:
        host.execute("INSERT INTO notes VALUES ('ours')")
        open_store(host).append(following(0))
        host.commit()
    with connect() as later:
        assert notes(later) == ["ours"]
        assert open_store(later).head("wijk").length == 1


def test_neither_is_kept(connect):
    """When the host rolls back; and nothing is seen by others before it commits."""
    with connect() as host, connect() as other:
        host.execute("INSERT INTO notes VALUES ('ours')")
        open_store(host).append(following(0))
        assert open_store(other).sessions() == ()
        other.rollback()
        host.rollback()
        assert notes(host) == []
        assert open_store(host).sessions() == ()


def test_a_savepoint_takes_what_came_after_it(host):
    """What stood before it stays, the transaction goes on."""
    store = open_store(host)
    store.append(following(0))
    host.execute("SAVEPOINT here")
    store.append(following(1))
    host.execute("ROLLBACK TO SAVEPOINT here")
    store.append(following(1, b"again"))
    host.commit()

    assert [stored.entry for stored in store.read("wijk")] == [b"{}", b"again"]


def test_a_refusal_leaves_the_transaction_of_the_host_alone(host):
    """Conflict, unknown session, pseudonym shown before: what the host did before is still there to commit."""
    store = open_store(host)
    anna = PersonRow(seq=0, pseudonym="p_1", payload=b"anna")
    store.append(evolve(following(0), people=(anna,)))
    host.execute("INSERT INTO notes VALUES ('ours')")
    for wrong in (following(7), following(3, session="nergens"), evolve(following(1), people=(evolve(anna, seq=1),))):
        with pytest.raises((StoreError, RuntimeError)):
            store.append(wrong)
    host.commit()

    assert notes(host) == ["ours"]
    assert store.head("wijk").length == 1


def test_closing_the_store_leaves_the_connection_open(host):
    """It is the host's."""
    open_store(host).close()

    assert notes(host) == []


@pytest.mark.parametrize("check", OF_ONE_CONNECTION, ids=lambda check: check.__name__)
def test_a_store_on_a_connection_keeps_its_promises(check, connect, request):
    """All that can be asked of one connection; each store in a transaction of its own, which is rolled back."""
    if "feed" in check.__name__ and "postgres" in request.node.callspec.id:
        return  # there a feed tells what is committed, and here nothing is
    hosts = []

    def factory():
        hosts.append(connect())
        host = hosts[-1].__enter__()
        host.execute("INSERT INTO notes VALUES ('begun')")
        return open_store(host)

    check(factory)
    for host in hosts:
        host.__exit__(None, None, None)


# What does not suit


def test_a_connection_that_commits_by_itself_may_only_read(connect):
    """There is no transaction to join: said when something is to be written, not later."""
    with connect() as host:
        if isinstance(host, sqlite3.Connection):
            host.isolation_level = None
        else:
            host.autocommit = True
        store = open_store(host)
        assert store.sessions() == ()
        with pytest.raises(StoreError, match="no transaction to join"):
            store.append(following(0))
        host.execute("BEGIN")
        assert store.append(following(0)).first == 0
        host.execute("ROLLBACK")
        assert store.sessions() == ()


def test_a_closed_connection_is_said(connect):
    """When the store is opened, and when it is used."""
    with connect() as host:
        store = open_store(host)
    for ask in (lambda: open_store(host), store.sessions, lambda: store.append(following(0))):
        with pytest.raises(StoreError, match="closed"):
            ask()


def test_something_else_is_no_connection():
    """The kinds that are taken are named."""
    with pytest.raises(StoreError, match="a connection of sqlite3 or psycopg"):
        open_store(object())


def test_settings_of_the_host_stay_and_do_not_disturb(host):
    """Rows as dictionaries, for instance."""
    host.row_factory = dict_row if isinstance(host, psycopg.Connection) else lambda _, row: {"row": row}
    factory = host.row_factory
    store = open_store(host)
    store.append(following(0))

    assert store.head("wijk").length == 1
    assert [item.entry for item in store.feed()] in ([b"{}"], [])
    assert host.row_factory is factory


def test_text_as_octets_is_refused(tmp_path):
    """A setting that would change what is read."""
    with closing(sqlite3.connect(tmp_path / "host.db")) as host:
        host.text_factory = bytes
        with pytest.raises(StoreError, match="text_factory"):
            open_store(host)


def test_a_transaction_that_began_by_reading_is_told_how_to_begin(tmp_path):
    """SQLite refuses to let it write over what it has not seen; waiting cannot help."""
    path = tmp_path / "host.db"
    open_store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as host, closing(open_store(f"sqlite:///{path}")) as own:
        host.execute("BEGIN")
        store = open_store(host)
        assert store.sessions() == ()
        own.append(following(0, session="buurt"))
        with pytest.raises(StoreError, match="began by reading") as refused:
            store.append(following(0))
        assert "BEGIN IMMEDIATE" in refused.value.do


def test_a_connection_that_does_not_wait_for_the_disk_is_warned_about(tmp_path):
    """It works, and may lose what was committed."""
    with closing(sqlite3.connect(tmp_path / "host.db", isolation_level=None)) as host:
        host.execute("PRAGMA synchronous = NORMAL")
        host.execute("BEGIN IMMEDIATE")
        with pytest.warns(UserWarning, match="synchronous is below FULL"):
            open_store(host)


@pytest.mark.postgres
def test_a_server_that_does_not_wait_for_the_disk_is_warned_about(postgres):
    """As with SQLite; and a connection that failed says to roll back."""
    with psycopg.connect(postgres) as host:
        host.execute("SET synchronous_commit = off")
        with pytest.warns(UserWarning, match="synchronous_commit is off"):
            open_store(host)
        host.commit()
        host.execute("SET synchronous_commit = on")
        store = open_store(host)
        with pytest.raises(psycopg.Error):
            host.execute("SELECT 1 / 0")
        with pytest.raises(StoreError, match="has failed already"):
            store.append(following(0))
        host.rollback()
        assert store.append(following(0)).first == 0
        host.rollback()


@pytest.mark.postgres
def test_tables_are_not_made_outside_a_transaction(postgres, tmp_path):
    """A host that commits by itself would be left with half of them."""
    with psycopg.connect(postgres, autocommit=True) as host, pytest.raises(StoreError, match="no transaction to join"):
        open_store(host)
    with closing(sqlite3.connect(tmp_path / "new.db")) as host, pytest.raises(StoreError, match="no transaction"):
        open_store(host)


# Sessions


def begun(host):
    """A session with three records, committed."""
    session = Session.start(open_store(host), title="Complex A", area="Buurt", by="jochum")
    session.record(OccasionStated(occasion="Leegstand", kind="problem"), StepStarted(step="inventory"), by="jochum")
    assert session.unsettled == 3
    host.commit()
    session.committed()
    assert session.unsettled == 0
    return session


def invite(name):
    return ParticipantInvited(participant=name, name=name.title(), perspective="resident")


def test_a_session_is_read_again_after_a_rollback(host):
    """No ghost of what was rolled back: not in the state, not among the people, and it can be recorded again."""
    session = begun(host)
    before = session.state
    session.record(invite("anna"), by="jochum")
    assert session.unsettled == 1

    host.rollback()
    session.rolled_back()

    assert session.state == before
    assert session.unsettled == 0
    session.record(invite("anna"), by="jochum")
    host.commit()
    session.committed()
    assert Session.load(session.store, session.id).state == session.state


def test_a_session_is_read_again_after_a_savepoint(host):
    """What stood before the savepoint stays."""
    session = begun(host)
    session.record(invite("anna"), by="jochum")
    host.execute("SAVEPOINT here")
    session.record(invite("ben"), by="jochum")
    host.execute("ROLLBACK TO SAVEPOINT here")
    session.rolled_back()
    session.record(invite("cor"), by="jochum")
    host.commit()
    session.committed()

    assert {*session.state.preparation.participants} == {"anna", "cor"}
    assert Session.load(session.store, session.id).state == session.state


def test_a_rollback_that_nobody_mentioned_leaves_no_ghost_either(host):
    """The log is shorter than the session thought: it reads again before it records."""
    session = begun(host)
    session.record(invite("anna"), by="jochum")
    host.rollback()

    session.record(invite("ben"), by="jochum")
    host.commit()

    assert {*session.state.preparation.participants} == {"ben"}


def test_a_session_whose_beginning_was_rolled_back_is_nothing(host):
    """Its state is empty, and nothing can be recorded in it."""
    session = Session.start(open_store(host), title="Complex A", area="Buurt", by="jochum")
    host.rollback()
    session.rolled_back()

    assert session.state.length == 0
    with pytest.raises(UnknownSession):
        session.record(invite("anna"), by="jochum")


def test_a_rule_that_refuses_leaves_the_transaction_alone(host):
    """The host decides whether to go on."""
    session = begun(host)
    host.execute("INSERT INTO notes VALUES ('ours')")
    with pytest.raises(RuleViolation):
        session.record(StepStarted(step="choice"), by="nobody")
    host.commit()

    assert notes(host) == ["ours"]


def test_two_hosts_wait_for_each_other(connect, request):
    """The second to record waits for the first to end, and then records after it."""
    if "sqlite" in request.node.callspec.id:
        with connect() as one, connect() as two:
            session = begun(one)
            session.record(invite("anna"), by="jochum")
            with pytest.raises(StoreError, match="another writer held the store"):
                Session.load(open_store(two), session.id).record(invite("ben"), by="jochum")
        return
    with connect() as one, connect() as two:
        session = begun(one)
        two.execute("SET lock_timeout = '100ms'")
        theirs = Session.load(open_store(two), session.id)
        session.record(invite("anna"), by="jochum")
        with pytest.raises(StoreError, match="held the session for too long"):
            theirs.record(invite("ben"), by="jochum")
        two.rollback()
        one.commit()
        theirs.record(invite("ben"), by="jochum")
        two.commit()
        assert {*theirs.state.preparation.participants} == {"anna", "ben"}


def test_who_signs_hears_of_it_when_the_host_has_committed(host):
    """Not before, and not of what was rolled back; what stood before a savepoint is told all the same."""
    told = []
    session = Session.start(
        open_store(host),
        title="Complex A",
        area="Buurt",
        by="jochum",
        on_commit=lambda _, records: told.append([record.seq for record in records]),
    )
    session.record(invite("anna"), by="jochum")
    host.execute("SAVEPOINT here")
    session.record(invite("ben"), by="jochum")
    host.execute("ROLLBACK TO SAVEPOINT here")
    session.rolled_back()
    assert told == []

    host.commit()
    session.committed()
    assert told == [[0, 1]]

    session.record(invite("cor"), by="jochum")
    host.rollback()
    session.rolled_back()
    session.committed()
    assert told == [[0, 1]]
