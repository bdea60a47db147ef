"""Not one octet of what was erased is left in any file of the store: also where the power fails between the stages."""

import os
import random
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from afwegen import Session, open_store
from afwegen.audit import Verdict, verify_session
from afwegen.stores.contract import Batch, Forgetting, VaultRow
from afwegen.stores.sqlite import SQLiteStore

KEY = "zebedeus-key"
STAGES = {
    # Before the store forgets, before it is scrubbed, and when the file was written anew and its journal was not cut.
    "said": "SQLiteStore.forget = lambda *_: die()",
    "forgotten": "SQLiteStore.scrub = lambda *_: die()",
    "half scrubbed": "SQLiteStore.scrub = lambda self: (self._db.execute('VACUUM'), die())",
}
KILLED = """
import os, signal, sys
from afwegen import Session, open_store
from afwegen.stores.sqlite import SQLiteStore
def die():
    os.kill(os.getpid(), signal.SIGKILL)
{dies}
session = Session.load(open_store(sys.argv[1]), sys.argv[2])
session.erase(sys.argv[3], by="jochum")
"""


def killed(url, session, dies):
    """Erase in a process of its own, and be killed there."""
    ran = subprocess.run(
        (sys.executable, "-c", KILLED.format(dies=dies), url, session, KEY), check=False, capture_output=True
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr


@pytest.fixture
def folder(file):
    return Path(file.removeprefix("sqlite:///")).parent


def test_nothing_is_left_in_the_files(file, folder, told, secrets_of, found_in):
    """Looked for while the store is open, and when it is closed."""
    with open_store(file) as store:
        session = told(store)
        secrets = secrets_of(session)
        assert found_in(folder, secrets) == secrets

        session.erase(KEY, by="jochum")

        assert found_in(folder, secrets) == []
    assert found_in(folder, secrets) == []


@pytest.mark.slow
def test_deleting_alone_leaves_octets_behind(tmp_path):
    """Where pages were split, in gaps that no delete reaches: what scrubbing is for."""
    rng, lengths, rows = random.Random(1), {}, []
    with SQLiteStore(tmp_path / "wijk.db") as store:
        store._db.execute("PRAGMA synchronous = OFF")
        for number in range(1_500):
            session = f"s{rng.randrange(6)}"
            seq = lengths.get(session, 0)
            mark = sha256(b"%d" % number).hexdigest().encode()
            row = VaultRow(seq=seq, part=0, subjects=("p_1",), payload=mark + b"x" * rng.randrange(20, 900))
            secret = None if seq else bytes(32)
            store.append(Batch(session=session, expected=seq, entries=(b"{}",), vault=(row,), secret=secret))
            rows.append((session, seq, mark))
            lengths[session] = seq + 1
        gone = [row for row in rows if rng.random() < 0.3]
        for session in lengths:
            forgotten = tuple((seq, 0) for name, seq, _ in gone if name == session)
            store.forget(Forgetting(session=session, rows=forgotten))
        store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        left = (tmp_path / "wijk.db").read_bytes()
        store.scrub()
        scrubbed = (tmp_path / "wijk.db").read_bytes()

    assert [mark for *_, mark in gone if mark in left]
    assert not [mark for *_, mark in gone if mark in scrubbed]
    assert len([mark for *_, mark in rows if mark in scrubbed]) == len(rows) - len(gone)


@pytest.mark.parametrize("resumed_by", ["erase", "erase_again"])
@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_left_after_a_kill(file, folder, told, secrets_of, found_in, stage, resumed_by):
    """Level 7 says that it is unfinished until the same call, or ``erase_again``, has finished it."""
    with open_store(file) as store:
        session = told(store)
        secrets = secrets_of(session)
    killed(file, session.id, STAGES[stage])
    with open_store(file) as store:
        report = verify_session(store, session.id)
        assert report[7].verdict is Verdict.FAIL
        assert {level.number for level in report.levels if level.verdict is Verdict.FAIL} == {7}
        loaded = Session.load(store, session.id)
        assert KEY not in loaded.core.people.pseudonyms
        assert "pimpernel" not in str(loaded.history())

        done = loaded.erase(KEY, by="jochum") if resumed_by == "erase" else loaded.erase_again()

        assert done.entries == (1, 5, 7, 8, 9)
        assert len(loaded.state.meeting.erasures) == 1
        assert verify_session(store, session.id)[7].verdict is Verdict.PASS
        assert found_in(folder, secrets) == []
    assert found_in(folder, secrets) == []


def test_a_restored_backup_is_erased_again(file, folder, tmp_path, told, secrets_of, found_in):
    """What the vault of an old copy brings back is found by level 7, and goes again."""
    import sqlite3

    with open_store(file) as store:
        session = told(store)
        secrets = secrets_of(session)
    path = folder / "wijk.db"
    shutil.copy(path, tmp_path / "backup.db")
    with open_store(file) as store:
        Session.load(store, session.id).erase(KEY, by="jochum")
    db = sqlite3.connect(path)
    db.execute("ATTACH ? AS old", (os.fspath(tmp_path / "backup.db"),))
    for table in ("vault", "people", "subjects"):
        db.execute(f"INSERT OR IGNORE INTO afwegen_{table} SELECT * FROM old.afwegen_{table}")
    db.commit()
    db.close()
    assert found_in(folder, secrets)
    with open_store(file) as store:
        assert verify_session(store, session.id)[7].verdict is Verdict.FAIL

        Session.load(store, session.id).erase_again()

        assert verify_session(store, session.id)[7].verdict is Verdict.PASS
        assert found_in(folder, secrets) == []


def test_nothing_is_left_in_the_tables_of_postgresql(cluster, postgres, told, secrets_of):
    """In the files of its tables, after a checkpoint of the server; its write-ahead log is out of reach."""
    with open_store(postgres) as store:
        session = told(store)
        secrets = secrets_of(session)
        cluster.execute("CHECKPOINT")
        octets = files_of(cluster)
        assert [secret for secret in secrets if secret not in octets] == []

        session.erase(KEY, by="jochum")
        cluster.execute("CHECKPOINT")

        octets = files_of(cluster)
        assert [secret for secret in secrets if secret in octets] == []


def files_of(cluster):
    return b"".join(path.read_bytes() for path in (cluster.folder / "data" / "base").rglob("*") if path.is_file())
