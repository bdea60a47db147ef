"""What must hold of a store that was brought down, whatever it was doing."""

import sqlite3
import warnings
from contextlib import closing

from attrs import field, frozen, mutable

from afwegen import AfwegenError, Session, open_store
from afwegen.audit import Verdict, verify_session
from afwegen.log.frontier import EMPTY
from afwegen.log.merkle import leaf_hash
from crashing.acts import Act, Told, begin, perform, said


@frozen
class Found:
    """
    What became of what was acknowledged, over one crash or many.

    Attributes:
        crashes: How often the store was brought down.
        acts: How many batches had been acknowledged.
        kept: How many were there though nobody had been told: allowed, for a writer that asks again is answered.
        lost: What was acknowledged and is not there.
        doubled: What stands there twice.
        corrupt: What cannot be read, verified, or appended to.
    """

    crashes: int = 0
    acts: int = 0
    kept: int = 0
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    corrupt: tuple[str, ...] = ()

    def __add__(self, other):
        return Found(*(mine + theirs for mine, theirs in zip(self.each, other.each, strict=True)))

    @property
    def each(self):
        """All of it, in order."""
        return self.crashes, self.acts, self.kept, self.lost, self.doubled, self.corrupt

    @property
    def harm(self):
        """Everything that must not happen."""
        return (*self.lost, *self.doubled, *self.corrupt)

    def __str__(self):
        return (
            f"{self.crashes} crashes, {self.acts} acts acknowledged: {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {len(self.corrupt)} corrupt ({self.kept} kept of which nobody had been told)"
        )


def look(url, acks, retried=()):
    """
    Open a store that was brought down, and hold it to what it promised; then go on with it.

    Args:
        url: Of the store.
        acks: What its writers were told before; what is told now is added.
        retried: Acts that may have been under way, with a key: tried again, none may stand there twice.
    """
    looking = _Looking(acks, retried)
    acts = len(acks)
    try:
        with warnings.catch_warnings():
            # A value that is gone is told by a warning.
            warnings.simplefilter("error")
            with open_store(url) as store:
                looking.run(Told(store, acks.append))
    except (AfwegenError, UserWarning, sqlite3.Error) as error:
        looking.corrupt.append(f"{type(error).__name__}: {error}")
    return Found(1, acts, looking.kept, *map(tuple, (looking.lost, looking.doubled, looking.corrupt)))


@mutable
class _Looking:
    """What is found on one look."""

    acks: list
    retried: tuple
    kept: int = 0
    lost: list = field(factory=list)
    doubled: list = field(factory=list)
    corrupt: list = field(factory=list)

    def run(self, store):
        """Look at every session there is, and was; where there is none yet, begin one."""
        there = {head.id for head in store.sessions()}
        self.lost += [f"the whole session {name}" for name in {ack.session for ack in self.acks} - there]
        for session in sorted(there):
            self.count(store, session)
            self.read(store, session)
            self.go_on(store, session)
            self.read(store, session)
        if not there:
            begin(store)
        self.corrupt += [*told_in_full(store), *rows_that_do_not_fit(store)]

    def count(self, store, session):
        """What was acknowledged stands where it was said to stand, octet for octet."""
        leaves = tuple(leaf_hash(stored.entry) for stored in store.read(session))
        told = [ack for ack in self.acks if ack.session == session]
        for ack in told:
            end = ack.first + len(ack.leaves)
            if leaves[ack.first : end] != ack.leaves:
                self.lost.append(f"{ack.first} to {end - 1}")
        self.kept += len(leaves) > max((ack.first + len(ack.leaves) for ack in told), default=0)

    def read(self, store, session):
        """Every entry gives its leaf and the root, every vault row opens, every batch is whole and there once."""
        self.corrupt += not_verified(store, session)
        for name, parts in said(Session.load(store, session).records()).items():
            whole = int(next(iter(parts)).partition("/")[2])
            if max(parts.values()) > 1:
                self.doubled.append(f"{name} stands there {max(parts.values())} times")
            if set(parts) != {f"{number}/{whole}" for number in range(1, whole + 1)}:
                self.corrupt.append(f"only {sorted(parts)} of {name} are there")

    def go_on(self, store, session):
        """What was under way is tried again with its key and answered with what stands there; then somebody goes on."""
        holder = Session.load(store, session)
        for act in self.retried:
            before = places(holder, act.name)
            now = tuple(record.seq for record in perform(holder, act))
            if before not in {(), now}:
                self.doubled.append(f"{act.name} stood at {before}, and on trying again at {now}")
        perform(holder, Act(f"after-{holder.state.length}", "notes", 2))


def not_verified(store, session):
    """Yield what does not fit the root, and the findings of a verification."""
    leaves = [leaf_hash(stored.entry) for stored in store.read(session)]
    if list(store.leaves(session)) != leaves or EMPTY.extend(leaves) != store.head(session).frontier:
        yield "the entries do not give the stored leaves and frontier"
    for level in verify_session(store, session).levels:
        if level.verdict is Verdict.FAIL:
            yield f"level {level.number}: {'; '.join(level.findings)}"


def places(holder, name):
    """Return where an act stands in a session."""
    return tuple(record.seq for record in holder.records() if name in said([record]))


def told_in_full(store):
    """The feed tells every entry once: so the rows of appends cover the logs, without gap and without overlap."""
    told, cursor = [], None
    while items := store.feed(cursor):
        told += [(item.session, item.seq) for item in items]
        cursor = items[-1].cursor
    there = [(head.id, seq) for head in store.sessions() for seq in range(head.length)]
    if sorted(told) != sorted(there):
        yield f"the feed tells {len(told)} entries, the logs hold {len(there)}"


LINKS = """
    SELECT 'a vault row without the people it is about' FROM afwegen_vault v WHERE NOT EXISTS (
        SELECT 1 FROM afwegen_subjects s WHERE (s.session, s.seq, s.part) = (v.session, v.seq, v.part))
    UNION ALL
    SELECT 'people of a vault row that is not there' FROM afwegen_subjects s WHERE NOT EXISTS (
        SELECT 1 FROM afwegen_vault v WHERE (s.session, s.seq, s.part) = (v.session, v.seq, v.part))
    UNION ALL
    SELECT 'an entry beyond the end of its log' FROM afwegen_entries e JOIN afwegen_sessions s ON s.id = e.session
        WHERE e.seq >= s.length
    UNION ALL
    SELECT 'an append beyond the end of its log' FROM afwegen_appends a JOIN afwegen_sessions s ON s.id = a.session
        WHERE a.first + a.count > s.length"""


def rows_that_do_not_fit(store):
    """Yield what no verb of a store shows: rows that belong together, and the file itself."""
    path = getattr(store, "_path", None)
    if path is None:
        return
    with closing(sqlite3.connect(path)) as db:
        yield from (what for (what,) in db.execute(LINKS).fetchall())
        ((whole,),) = db.execute("PRAGMA integrity_check(1)").fetchall()
        if whole != "ok":
            yield f"SQLite finds: {whole}"
