"""Stores that break a promise on purpose: a harness that does not find them is worth nothing."""

from contextlib import contextmanager

from attrs import frozen

from afwegen.stores.sqlite import SQLiteStore


class Early(SQLiteStore):
    """Acknowledges before it commits: several appends share a transaction, that waiting for the disk be cheaper."""

    TOGETHER = 4
    _open = 0

    @contextmanager
    def _writing(self):
        with self._reading() as db:
            if db.in_transaction and self._open >= self.TOGETHER:
                db.execute("COMMIT")
            if not db.in_transaction:
                db.execute("BEGIN IMMEDIATE")
                self._open = 0
            self._open += 1
            yield db

    def close(self):
        """What is left over is committed when nobody asks any more."""
        if self._db is not None and self._db.in_transaction:
            self._db.execute("COMMIT")
        super().close()


@frozen
class _Apart:
    """A connection that commits the entries before it writes how long the log is."""

    db: object

    def execute(self, statement, bounds=()):
        if statement.startswith("UPDATE afwegen_sessions"):
            self.db.execute("COMMIT")
            self.db.execute("BEGIN IMMEDIATE")
        return self.db.execute(statement, bounds)

    def __getattr__(self, name):
        return getattr(self.db, name)


class Apart(SQLiteStore):
    """Writes the entries in one transaction, and length and frontier in another."""

    @contextmanager
    def _writing(self):
        with super()._writing() as db:
            yield _Apart(db)


class Lax(SQLiteStore):
    """Waits for the disk when it carries pages over, and not at a commit."""

    def __init__(self, path):
        super().__init__(path)
        self._db.execute("PRAGMA synchronous = NORMAL")


STORES = {"plain": SQLiteStore, "early": Early, "apart": Apart, "lax": Lax}
