"""A small stored session with all there can be of it, and what becomes of a store in which one bit is another."""

import sqlite3
import struct
from collections import Counter
from contextlib import closing

import apsw
from attrs import field, frozen

from afwegen import AfwegenError, Session
from afwegen.audit import Key, KeyList, Notary, verify_installation, verify_session
from afwegen.events import NoteTaken
from afwegen.stores import sqlite_file
from afwegen.stores.sqlite import SQLiteStore

KEY = Key(name="wijk.example", seed=bytes(32))
TRUSTED = KeyList(keys=(KEY.verifier,))
TABLES = (*sqlite_file._TABLES, *sqlite_file._TABLES_OF_2, *sqlite_file._TABLES_OF_3)
PAGE = 512
"""Octets of a page of a small file: the smallest that SQLite takes."""


def begin_small(store):
    """Begin two records, the start and a note by the one person there is, with a key, and a checkpoint of both."""
    session = Session.start(store, title="A", area="X", by="jo")
    session.record(NoteTaken(text="ok"), by="jo", role="organiser", key="once")
    Notary(store, KEY).sign(session.id)
    return session


def small_file(path):
    """Make a small file of it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA page_size = {PAGE}")
        db.execute("VACUUM")
    with SQLiteStore(path) as store:
        begin_small(store)


def is_found(store, length):
    """
    Whether verification of all there is fails, or cannot even begin, or says that what was signed no longer is; or the
    feed does not tell it all.
    """
    try:
        reports = [verify_session(store, head.id, keys=TRUSTED) for head in store.sessions()]
        above = verify_installation(store, keys=TRUSTED)
        told = [(item.session, item.seq) for item in store.feed()]
    except AfwegenError:
        return True
    whole = [(report.session, seq) for report in reports for seq in range(report.length)]
    return (
        not above.passed
        or any(level.left_open for report in (above, *reports) for level in report.levels)
        or not reports
        or told != whole
        or any(not report.passed or report.length != length for report in reports)
    )


@frozen
class File:
    """
    A small file, and where in it lies what.

    Attributes:
        octets: What it holds.
        places: For each octet, what it belongs to.
        rows: What SQL reads from it, by table.
    """

    octets: bytes
    places: tuple[str, ...] = field(repr=False)
    rows: dict = field(repr=False)

    @classmethod
    def read(cls, path):
        """Read one; it is closed, so it is all there is."""
        octets = path.read_bytes()
        return cls(octets, tuple(_places(path, octets)), rows_of(path, TABLES))

    def flipped(self, bit):
        """Return the octets with one bit changed."""
        changed = bytearray(self.octets)
        changed[bit // 8] ^= 1 << bit % 8
        return bytes(changed)

    def outcome(self, path, bit):
        """Change one bit, and say what becomes of it: found, or else what it touches."""
        for beside in (f"{path}-wal", f"{path}-shm"):
            path.with_name(beside.rpartition("/")[2]).unlink(missing_ok=True)
        path.write_bytes(self.flipped(bit))
        try:
            with SQLiteStore(path, patience=0) as store:
                if is_found(store, 2):
                    return "found"
        except AfwegenError:
            return "found"
        touched = ", ".join(sorted(self._touched(rows_of(path, self.rows)))) or "nothing"
        return touched if is_sound(path) else f"{touched} (seen by PRAGMA integrity_check)"

    def _touched(self, rows):
        """Yield the columns that read otherwise."""
        for table, (names, before) in self.rows.items():
            after = rows[table][1]
            if len(before) != len(after):
                yield table
            for old, new in zip(before, after, strict=False):
                yield from (f"{table}.{name}" for name, one, two in zip(names, old, new, strict=True) if one != two)


def rows_of(path, tables):
    """Return names and rows of tables, as plain SQL reads them; none of a table that it cannot read."""
    found = {}
    with closing(sqlite3.connect(path)) as db:
        db.text_factory = bytes
        for table in tables:
            try:
                # Without an index: what stands in the table itself.
                cursor = db.execute(f"SELECT * FROM {table} NOT INDEXED")
                found[table] = ([name for name, *_ in cursor.description], cursor.fetchall())
            except sqlite3.Error:
                found[table] = ([], [])
    return found


def is_sound(path):
    """Whether SQLite itself finds nothing wrong."""
    with closing(sqlite3.connect(path)) as db:
        try:
            return db.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        except sqlite3.Error:
            return False


def _places(path, octets):
    """Yield for each octet what it belongs to, by SQLite's description of its file format."""
    owners = dict(apsw.Connection(str(path)).execute("SELECT pageno, name FROM dbstat"))
    for number in range(1, len(octets) // PAGE + 1):
        page = octets[(number - 1) * PAGE : number * PAGE]
        yield from _places_of_page(owners.get(number, "a free page"), page, 100 if number == 1 else 0)


def _places_of_page(owner, page, start):
    yield from ["the header of the file"] * start
    if owner == "a free page" or page[start] not in {2, 5, 10, 13}:
        yield from [f"{owner}, overflow" if owner != "a free page" else owner] * (PAGE - start)
        return
    size = 12 if page[start] in {2, 5} else 8
    cells, content = struct.unpack(">HH", page[start + 3 : start + 7])
    pointers = start + size + 2 * cells
    yield from [f"{owner}, head of page"] * (pointers - start)
    yield from [f"{owner}, unused"] * (content - pointers)
    yield from [owner] * (PAGE - content)


def table_of(outcomes):
    """Write down by place what became of the bits in it."""
    lines = []
    for place in sorted({place for place, _ in outcomes}):
        counted = Counter({what: count for (where, what), count in outcomes.items() if where == place})
        said = ", ".join(f"{count} {what}" for what, count in counted.most_common())
        lines.append(f"  {place}: {said}")
    return "\n".join(lines)
