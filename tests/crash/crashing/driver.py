"""The store of the library on a disk that can lose its power: ``apsw`` dressed as ``sqlite3``."""

import sqlite3
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

import apsw
from attrs import field, frozen

from afwegen.stores import sqlite

PAGES = 6
"""Pages in the write-ahead log before SQLite carries them over to the file: few, so that it happens all the time."""


@frozen
class _Rows:
    """What a statement gave, as a cursor of ``sqlite3`` hands it out."""

    rows: list
    left: object = field(init=False)

    @left.default
    def _first(self):
        return iter(self.rows)

    def __iter__(self):
        return self.left

    def fetchone(self):
        return next(self.left, None)

    def fetchall(self):
        return list(self.left)


class Connection(sqlite3.Connection):
    """A connection through ``apsw``; of ``sqlite3`` in name only, for the store asks what it holds."""

    def __init__(self, path, vfs):
        super().__init__(":memory:")
        self._real = apsw.Connection(path, vfs=vfs)
        self._real.wal_autocheckpoint(PAGES)

    def execute(self, statement, bounds=()):
        with _translated():
            return _Rows(list(self._real.execute(statement, bounds)))

    def executemany(self, statement, bounds):
        with _translated():
            return _Rows(list(self._real.executemany(statement, bounds)))

    @property
    def in_transaction(self):
        return self._real.in_transaction

    def close(self):
        self._real.close()
        super().close()


@contextmanager
def on(disk):
    """Let every store of SQLite that is opened meanwhile write on this disk."""

    def connect(path, **_):
        return Connection(path, disk.vfs)

    with mock.patch.object(sqlite, "sqlite3", SimpleNamespace(**{**vars(sqlite3), "connect": connect})):
        yield


@contextmanager
def _translated():
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except apsw.Error as error:
        raised = sqlite3.OperationalError(str(error))
        raised.sqlite_errorcode = getattr(error, "extendedresult", 1)
        raise raised from error
