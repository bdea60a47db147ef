"""
What a store in PostgreSQL does, statement by statement, whoever carries them.

Each is a generator that yields statements and is sent rows: the store runs it on a connection that waits, the async
store on one that does not. Every statement stands by itself, so each is one round trip.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from afwegen.errors import IntegrityError, StoreError
from afwegen.log.frontier import Frontier
from afwegen.stores.contract import Appended, Batch, Forgetting, Head, Leaf, PersonRow, Stored
from afwegen.stores.feeding import FeedItem, Place, insist_whole, most, place_of, written
from afwegen.stores.postgres_schema import Ask, Work
from afwegen.stores.refusals import (
    another_checkpoint,
    check,
    check_checkpoint,
    check_forgetting,
    check_leaves,
    conflict,
    installation_conflict,
    other_call,
    shown_before,
    span,
    unknown_session,
)

__all__ = [
    "PAGE",
    "about",
    "append",
    "call",
    "enter",
    "entered",
    "entered_of",
    "feed",
    "forget",
    "head",
    "installation",
    "keep",
    "kept",
    "leaves",
    "page",
    "pages",
    "people",
    "scrub",
    "seqs",
    "sessions",
    "unscrubbed",
]

PAGE: Final = 256
"""Entries read at a time: enough to make the statements cheap, few enough to fit anywhere."""

_HEAD: Final = "SELECT session, length, frontier, secret, id FROM {s}.sessions"

_APPEND: Final = (
    "SELECT outcome, at, number, shown FROM {s}.append("
    "%s, %s, %b, %b, %b::bigint[], %b::integer[], %s::text[], %b::bytea[],"
    " %b::bigint[], %s::text[], %b::bytea[], %b, %b, %s)"
)

# Nobody need find this on a disk, so its commit does not wait for one.
_TELL: Final = "SELECT set_config('synchronous_commit', 'off', true), pg_notify('{s}', '')"

_PAGE: Final = """
    SELECT e.seq, e.entry, v.part, v.payload FROM {s}.entries e
    LEFT JOIN {s}.vault v ON v.session = e.session AND v.seq = e.seq
    WHERE e.session = %s AND e.seq >= %s AND e.seq < %s ORDER BY e.seq, v.part"""

# Only what no transaction still under way could precede; of an earlier epoch nothing is under way.
_FEED: Final = """
    SELECT f.epoch, f.latest::text, f.id, f.seq, f.first, f.count, f.name, f.entry, v.part, v.payload FROM (
        SELECT a.epoch, a.latest, a.id, a.session, a.first, a.count, s.session AS name, e.seq, e.entry
        FROM {s}.appends a
        JOIN {s}.sessions s ON s.id = a.session
        JOIN {s}.entries e ON e.session = a.session AND e.seq >= a.first AND e.seq < a.first + a.count
        WHERE (a.epoch, a.latest, a.id) >= (%(epoch)s, %(latest)s::xid8, %(id)s)
            AND (a.epoch < (SELECT epoch FROM {s}.about) OR a.latest < pg_snapshot_xmin(pg_current_snapshot()))
            AND NOT (a.id = %(id)s AND a.epoch = %(epoch)s AND e.seq <= %(seq)s)
        ORDER BY a.epoch, a.latest, a.id, e.seq LIMIT %(limit)s
    ) f LEFT JOIN {s}.vault v ON v.session = f.session AND v.seq = f.seq
    ORDER BY f.epoch, f.latest, f.id, f.seq, v.part"""


_FORGET: Final = (
    "SELECT outcome FROM {s}.forget("
    "%s, %b::bigint[], %b::integer[], %s::text[], %b::bigint[], %b::bigint[], %b::integer[], %b::bytea[])"
)

_SCRUBBED: Final = ("vault", "people", "appends")
"""The tables from which an erasure takes."""


def sessions() -> Work[tuple[Head, ...]]:
    """Return all sessions, in the order they were made."""
    rows = yield Ask(f"{_HEAD} ORDER BY id")
    return tuple(_head(*row)[1] for row in rows)


def head(session: str) -> Work[Head]:
    """Return where a session stands."""
    return (yield from _find(session))[1]


def append(batch: Batch, *, joined: bool) -> Work[Appended]:
    """
    Append a batch, whole or not at all, and wake who follows.

    NOTIFY within the transaction would keep every other commit waiting until this one is on disk (measured: a third of
    the throughput of eight writers). So it travels along, and is carried out after the commit; who misses it because
    the server fell in between looks by itself. Only in a transaction of a host (*joined*) must it be part of it.
    """
    check(batch)
    then = "" if joined else _TELL
    ((outcome, at, number, shown),) = yield Ask(_APPEND, (*_values(batch), joined), then)
    match outcome:
        case "appended" | "repeated":
            return Appended(first=at, count=number, repeated=outcome == "repeated")
        case "conflict":
            raise conflict(batch.session, batch.expected, at)
        case "other":
            raise other_call(batch.session, at)
        case "shown":
            raise shown_before(shown)
        case _:
            raise unknown_session(batch.session)


def call(session: str, key_mac: bytes) -> Work[tuple[int, int] | None]:
    """Return first sequence number and count of what was appended under a key."""
    key, _ = yield from _find(session)
    rows = yield Ask("SELECT first, count FROM {s}.appends WHERE session = %s AND key_mac = %b", (key, key_mac))
    return (rows[0][0], rows[0][1]) if rows else None


def subjects(key: int, asked: range) -> Work[tuple[tuple[int, int, str], ...]]:
    """Return whom the vault rows of one page of entries are about."""
    rows = yield Ask(
        'SELECT seq, part, unnest(subjects) COLLATE "C" AS subject FROM {s}.vault'
        " WHERE session = %s AND seq >= %s AND seq < %s ORDER BY seq, part, subject",
        (key, asked.start, asked.stop),
    )
    return tuple((seq, part, subject) for seq, part, subject in rows)


def people(session: str, start: int) -> Work[tuple[PersonRow, ...]]:
    """Return who is behind the pseudonyms first shown at *start* or later."""
    key, found = yield from _find(session)
    rows = yield Ask(
        "SELECT seq, pseudonym, payload FROM {s}.people WHERE session = %s AND seq >= %s ORDER BY seq, pseudonym",
        (key, span(start, None, found.length).start),
    )
    return tuple(PersonRow(seq=seq, pseudonym=name, payload=payload) for seq, name, payload in rows)


def seqs(session: str, start: int, stop: int | None) -> Work[tuple[int, range]]:
    """Return the key of a session, and the sequence numbers asked for that its log has now."""
    key, found = yield from _find(session)
    return key, span(start, stop, found.length)


def pages(asked: range) -> Iterator[range]:
    """Cut sequence numbers into what is read at a time."""
    return (asked[at : at + PAGE] for at in range(0, len(asked), PAGE))


def page(session: str, key: int, asked: range) -> Work[tuple[Stored, ...]]:
    """Return one page of entries with their vault rows, and insist that none is missing."""
    rows = yield Ask(_PAGE, (key, asked.start, asked.stop))
    found = tuple(
        Stored(seq=seq, entry=entry, vault=_parts(each))
        for (seq, entry), each in groupby(rows, key=lambda row: (row[0], row[1]))
    )
    _insist(session, asked, [stored.seq for stored in found])
    return found


def leaves(session: str, key: int, asked: range) -> Work[tuple[bytes, ...]]:
    """Return one page of leaf hashes, and insist that none is missing."""
    rows = yield Ask(
        "SELECT seq, leaf FROM {s}.entries WHERE session = %s AND seq >= %s AND seq < %s ORDER BY seq",
        (key, asked.start, asked.stop),
    )
    _insist(session, asked, [seq for seq, _ in rows])
    return tuple(leaf for _, leaf in rows)


def feed(after: str | None, limit: int) -> Work[tuple[FeedItem, ...]]:
    """Return what follows a cursor, over all sessions."""
    epoch, latest, key, seq = place_of(after)
    # As text: beyond 2**63 there is no integer type for a transaction's number.
    values = {"epoch": epoch, "latest": str(latest), "id": key, "seq": seq, "limit": most(limit)}
    rows = yield Ask(_FEED, values)
    found = [(key, list(each)) for key, each in groupby(rows, key=lambda row: row[:8])]
    insist_whole([((each[0], int(each[1]), each[2]), each[6], *each[3:6]) for each, _ in found])
    return tuple(_item(key, parts) for key, parts in found)


def installation() -> Work[Frontier]:
    """Return the edge of the installation log."""
    rows = yield Ask("SELECT frontier FROM {s}.edge")
    if not rows:
        raise _edge_gone()
    return Frontier.from_bytes(rows[0][0])


def enter(expected: int, given: tuple[Leaf, ...]) -> Work[None]:
    """Append to the installation log: all of these, or none."""
    check_leaves(given)
    names, sizes, notes = [leaf.session for leaf in given], [leaf.size for leaf in given], [leaf.note for leaf in given]
    ((outcome, at),) = yield Ask(
        "SELECT outcome, at FROM {s}.enter(%s, %s::text[], %b::bigint[], %b::bytea[])", (expected, names, sizes, notes)
    )
    if outcome == "gone":
        raise _edge_gone()
    if outcome == "conflict":
        raise installation_conflict(expected, at)


def entered(asked: range) -> Work[tuple[Leaf, ...]]:
    """Return one page of the installation log, and insist that no leaf is missing."""
    rows = yield Ask(
        "SELECT session, size, note, seq FROM {s}.installation WHERE seq >= %s AND seq < %s ORDER BY seq",
        (asked.start, asked.stop),
    )
    _insist("the installation", asked, [row[3] for row in rows])
    return tuple(Leaf(session=session, size=size, note=note) for session, size, note, _ in rows)


def entered_of(session: str) -> Work[tuple[tuple[int, Leaf], ...]]:
    """Return what the installation log holds of one session, each with its index."""
    rows = yield Ask("SELECT seq, size, note FROM {s}.installation WHERE session = %s ORDER BY seq", (session,))
    return tuple((seq, Leaf(session=session, size=size, note=note)) for seq, size, note in rows)


def keep(size: int, note: bytes) -> Work[None]:
    """Keep a checkpoint of the installation log."""
    edge = yield from installation()
    check_checkpoint(size, note, edge.size)
    ((outcome,),) = yield Ask("SELECT outcome FROM {s}.keep(%s, %b)", (size, note))
    if outcome == "another":
        raise another_checkpoint(size)


def kept(start: int) -> Work[tuple[tuple[int, bytes], ...]]:
    """Return the checkpoints of the installation log from a size on."""
    rows = yield Ask("SELECT size, note FROM {s}.checkpoints WHERE size >= %s ORDER BY size", (start,))
    return tuple((size, note) for size, note in rows)


def _edge_gone() -> IntegrityError:
    return IntegrityError("the edge of the installation log is gone", "restore a backup")


def about(session: str, pseudonym: str) -> Work[tuple[tuple[int, int], ...]]:
    """Return record and part of every vault row that somebody is a subject of, in order."""
    key, _ = yield from _find(session)
    rows = yield Ask(
        "SELECT seq, part FROM {s}.vault WHERE session = %s AND %s = ANY (subjects) ORDER BY seq, part",
        (key, pseudonym),
    )
    return tuple((seq, part) for seq, part in rows)


def forget(forgetting: Forgetting) -> Work[None]:
    """Delete rows of the vault and of people, and codes of calls: all of it, or nothing."""
    check_forgetting(forgetting)
    yield from _find(forgetting.session)
    bounds = (
        forgetting.session,
        [seq for seq, _ in forgetting.rows],
        [part for _, part in forgetting.rows],
        list(forgetting.people),
        list(forgetting.calls),
        [seq for seq, _, _ in forgetting.instead],
        [part for _, part, _ in forgetting.instead],
        [payload for _, _, payload in forgetting.instead],
    )
    yield Ask(_FORGET, bounds)


def unscrubbed() -> Work[bool]:
    """Say whether something was forgotten, and not yet scrubbed."""
    return bool((yield Ask("SELECT 1 FROM {s}.unscrubbed")))


def scrub() -> Work[None]:
    """
    Write anew the tables from which an erasure takes: a plain VACUUM leaves octets in the gaps of a page.

    The write-ahead log of the server, its replicas and its backups are out of reach.
    """
    owned = yield Ask(
        "SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_catalog.pg_class c"
        " WHERE c.relnamespace = to_regnamespace('{s}') AND c.relkind = 'r'"
    )
    if owned != [(True,)]:
        # VACUUM would only warn, and leave everything as it is.
        raise StoreError("this role may not write the tables anew", "scrub as their owner: afwegen erase URL --again")
    for table in _SCRUBBED:
        yield Ask(f"VACUUM (FULL, ANALYZE) {{s}}.{table}")
    yield Ask("DELETE FROM {s}.unscrubbed")


def _item(key: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> FeedItem:
    epoch, latest, append_id, seq, _, _, name, entry = key
    place: Place = (epoch, int(latest), append_id, seq)
    return FeedItem(session=name, seq=seq, entry=entry, vault=_parts(rows), cursor=written(place))


def _parts(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[int, bytes], ...]:
    """Return the parts in the last two columns; an entry without any comes with nothing in them."""
    return tuple((row[-2], row[-1]) for row in rows if row[-2] is not None)


def _find(session: str) -> Work[tuple[int, Head]]:
    rows = yield Ask(f"{_HEAD} WHERE session = %s", (session,)) if "\0" not in session else Ask("SELECT WHERE false")
    if not rows:
        raise unknown_session(session)
    return _head(*rows[0])


def _head(session: str, length: int, frontier: bytes, secret: bytes, key: int) -> tuple[int, Head]:
    edge = Frontier.from_bytes(frontier)
    if edge.size != length:
        raise IntegrityError(
            f"the frontier of {session!r} is of another length than its log, which has {length} entries",
            "verify the session, and restore a backup",
            edge.size,
        )
    return key, Head(session=session, length=length, frontier=edge, secret=secret)


def _values(batch: Batch) -> tuple[Any, ...]:
    vault, shown, called = batch.vault, batch.people, batch.call
    return (
        batch.session,
        batch.expected,
        batch.secret,
        list(batch.entries),
        [row.seq for row in vault],
        [row.part for row in vault],
        [_array(row.subjects) for row in vault],
        [row.payload for row in vault],
        [row.seq for row in shown],
        [row.pseudonym for row in shown],
        [row.payload for row in shown],
        called and called.key_mac,
        called and called.call_mac,
    )


def _array(names: tuple[str, ...]) -> str:
    """Write names as PostgreSQL writes an array: rows of different lengths fit in no array of arrays."""
    quoted = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "{" + ",".join(f'"{name}"' for name in quoted) + "}"


def _insist(session: str, asked: range, found: list[int]) -> None:
    if len(found) < len(asked):
        raise _missing(session, min({*asked} - {*found}))


def _missing(session: str, seq: int) -> IntegrityError:
    return IntegrityError(
        f"an entry of {session!r} is missing", "somebody wrote past the library: restore a backup", seq
    )
