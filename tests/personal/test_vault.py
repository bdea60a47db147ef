"""A vault in a database of its own: durable before the entry, read only with it, and swept where nothing came of it."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Thread

import pytest
from attrs import evolve

from afwegen import AsyncSession, Session, open_async_store, open_store
from afwegen import events as e
from afwegen.audit import Verdict, verify_session
from afwegen.errors import ConflictError, IntegrityError, StoreError
from afwegen.stores.contract import Batch, VaultRow
from afwegen.stores.vault import SQLiteVault

KEY = "zebedeus-key"


@pytest.fixture
def split(file, tmp_path):
    """Open the store, its vault in another folder."""
    (tmp_path / "vault").mkdir()
    return lambda: open_store(file, vault=f"sqlite:///{tmp_path}/vault/kluis.db")


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "store", tmp_path / "vault"


def test_the_log_holds_nothing_personal(split, folders, told, secrets_of, found_in):
    """All of it is in the vault; without it the session can be read, and says what is missing."""
    log, vault = folders
    with split() as store:
        session = told(store)
        secrets = secrets_of(session)
        assert found_in(log, secrets) == []
        assert found_in(vault, secrets) == secrets
        assert Session.load(store, session.id).state == session.state
        assert verify_session(store, session.id).passed
    with open_store(f"sqlite:///{log}/wijk.db") as store, pytest.warns(UserWarning, match="are gone"):
        assert Session.load(store, session.id).history()[1].event.name is e.MISSING


def test_an_erasure_reaches_the_vault(split, folders, told, secrets_of, found_in, tmp_path):
    """Not an octet is left in either, and all levels cope."""
    with split() as store:
        session = told(store)
        secrets = secrets_of(session)
        session.redact(6, by="jochum", ground="by mistake")
        assert session.erase(KEY, by="jochum").entries == (1, 5, 7, 8, 9)
        report = verify_session(store, session.id)
        assert report.passed
        assert report[7].verdict is Verdict.PASS
        assert found_in(tmp_path, secrets) == []
    assert found_in(tmp_path, secrets) == []


KILLED = """
import os, signal, sys
from afwegen import Session, open_store
from afwegen import events as e
from afwegen.stores.sqlite import SQLiteStore
session = Session.load(open_store(sys.argv[1], vault=sys.argv[2]), sys.argv[3])
SQLiteStore.append = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
session.record(
    e.ParticipantInvited(participant="cor", name="Cornelia", perspective="resident"), by="jochum"
)
"""


def test_a_crash_between_the_two_leaves_orphans_that_nobody_sees(split, folders, told, tmp_path):
    """Rows of an entry that was never made: not read, not in the way, and swept once the log has gone on."""
    with split() as store:
        session = told(store)
    url, vault = f"sqlite:///{folders[0]}/wijk.db", f"sqlite:///{folders[1]}/kluis.db"
    ran = subprocess.run((sys.executable, "-c", KILLED, url, vault, session.id), check=False, capture_output=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr

    with split() as store:
        assert b"Cornelia" in b"".join(path.read_bytes() for path in folders[1].iterdir())
        loaded = Session.load(store, session.id)
        assert loaded.state == session.state
        assert "cor" not in loaded.core.people.pseudonyms
        assert store.sweep(session.id) == 0
        loaded.record(e.ParticipantInvited(participant="cor", name="Cor", perspective="resident"), by="jochum")
        assert store.sweep(session.id) == 1
        store.scrub()
        assert verify_session(store, session.id).passed
        assert Session.load(store, session.id).history()[10].event.name == "Cor"
        assert b"Cornelia" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))


def test_two_writers_at_one_place_keep_their_own(split, told):
    """The rows of the one who lost are taken back; those of the one who won are theirs."""
    with split() as store:
        session = told(store)
        others = [Session.load(store, session.id, clock=session.core.clock) for _ in range(4)]

        def write(number, holder):
            for act in range(8):
                holder.record(e.NoteTaken(text=f"{number} {act}"), by="anna")

        threads = [Thread(target=write, args=each) for each in enumerate(others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        texts = [record.event.text for record in Session.load(store, session.id).history()[10:]]
        assert sorted(texts) == [f"{number} {act}" for number in range(4) for act in range(8)]
        assert verify_session(store, session.id)[5].verdict is Verdict.PASS
        assert store.sweep(session.id) == 0


def test_the_same_batch_again_takes_nothing_away(split):
    """Who repeats what was appended is refused, and its rows stay."""
    row = VaultRow(seq=0, part=0, subjects=("p_1",), payload=b"one")
    batch = Batch(session="wijk", expected=0, entries=(b"{}",), secret=bytes(32), vault=(row,))
    with split() as store:
        store.append(batch)
        for again in (batch, evolve(batch, entries=(b"[]",))):
            with pytest.raises(ConflictError):
                store.append(again)
        assert next(store.read("wijk")).vault == ((0, b"one"),)
        assert store.sweep("wijk") == 0


def test_what_lay_in_the_store_before_is_read_too(file, split, told):
    """A vault may be given to a store that has one of its own already."""
    with open_store(file) as store:
        session = told(store)
    with split() as store:
        loaded = Session.load(store, session.id, clock=session.core.clock)
        loaded.record(e.NoteTaken(text="later"), by="anna")
        assert verify_session(store, session.id).passed
        assert loaded.erase(KEY, by="jochum").entries == (1, 5, 7, 8, 9)
        assert verify_session(store, session.id).passed


def test_in_a_transaction_of_the_host_nothing_is_erased(file, split, told, tmp_path):
    """The vault cannot be rolled back with it; recording is fine, for orphans are harmless."""
    with split() as store:
        session = told(store)
    with closing(sqlite3.connect(file.removeprefix("sqlite:///"), isolation_level=None)) as host:
        joined = Session.load(open_store(host, vault=f"sqlite:///{tmp_path}/vault/kluis.db"), session.id)
        host.execute("BEGIN IMMEDIATE")
        joined.record(e.NoteTaken(text="rolled back"), by="anna")
        with pytest.raises(StoreError, match="may roll back"):
            joined.erase(KEY, by="jochum")
        host.execute("ROLLBACK")
        joined.rolled_back()
        assert joined.state.length == 10
        joined.store._vault.close()


def test_for_an_event_loop(file, tmp_path):
    """Through one thread."""
    import asyncio

    async def tell():
        async with await open_async_store(file, vault=f"sqlite:///{tmp_path}/kluis.db") as store:
            session = await AsyncSession.start(store, title="A", area="X", by="jochum")
            await session.record(e.NoteTaken(text="tea"), by="jochum")
            return (await session.history())[1].event.text

    assert asyncio.run(tell()) == "tea"


@pytest.mark.postgres
def test_beside_a_log_in_postgresql(postgres, tmp_path, told):
    """The log may be any store."""
    with open_store(postgres, vault=f"sqlite:///{tmp_path}/kluis.db") as store:
        session = told(store)
        assert session.erase(KEY, by="jochum").scrubbed
        assert verify_session(store, session.id).passed


@pytest.mark.parametrize(("vault", "said"), [("memory:", "file of SQLite"), ("sqlite:x", "has no path")])
def test_what_is_no_vault_is_refused(file, vault, said):
    with pytest.raises(StoreError, match=said):
        open_store(file, vault=vault)


def test_a_file_that_is_something_else_is_refused(file, tmp_path):
    """A store is no vault, a vault no store; one that is damaged says so."""
    path = tmp_path / "kluis.db"
    SQLiteVault(path).close()
    with pytest.raises(StoreError, match="no store of ours"):
        open_store(f"sqlite:///{path}")
    open_store(file).close()
    with pytest.raises(StoreError, match="no vault of ours"):
        open_store("memory:", vault=file)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE afwegen_vault_schema SET version = 9")
        db.commit()
    with pytest.raises(StoreError, match="version 9"):
        SQLiteVault(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE afwegen_kept")
        db.commit()
    with pytest.raises(IntegrityError, match="not whole"):
        SQLiteVault(os.fspath(path))
