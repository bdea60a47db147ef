"""
The tables in PostgreSQL, their versions, and who may do what with them.

Everything lies in one schema, whose name the host chooses. An append is one call of a function: it locks the row of
the session, looks at key and length, hashes, writes and wakes who follows, in one round trip. The function runs with
the rights of the schema's owner, so a role that only writes needs no right to any table but to read it.

References:
    PostgreSQL documentation: Explicit Locking; System Information Functions (``pg_current_snapshot``).
"""

from collections.abc import Generator
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TypeVar

from attrs import frozen

from afwegen.errors import IntegrityError, StoreError

__all__ = ["MIGRATIONS", "VERSION", "Ask", "Work", "inspected", "migrated", "plan"]

T = TypeVar("T")


@frozen
class Ask:
    """
    One statement and its values; ``{s}`` in it stands for the schema.

    Attributes:
        text: The statement.
        bounds: Its values.
        then: What is sent along, and carried out when the statement has been committed.
    """

    text: str
    bounds: tuple[Any, ...] | dict[str, Any] = ()
    then: str = ""


Work = Generator[Ask, list[tuple[Any, ...]], T]
"""What is to be done: statements are yielded, rows are sent back. Nothing of it knows how they travel."""

_GUARDED: Final = {
    "entries": "BEFORE UPDATE OR DELETE OR TRUNCATE",
    "sessions": "BEFORE DELETE OR TRUNCATE",
    "appends": "BEFORE DELETE OR TRUNCATE",
    "vault": "BEFORE UPDATE",
    "people": "BEFORE UPDATE",
}

_GUARDED_OF_2: Final = {
    "installation": "BEFORE UPDATE OR DELETE OR TRUNCATE",
    "edge": "BEFORE DELETE OR TRUNCATE",
    "checkpoints": "BEFORE DELETE OR TRUNCATE",
}

_FIRST: Final = (
    "CREATE TABLE {s}.about (version integer NOT NULL, written_by text NOT NULL, epoch integer NOT NULL)",
    # Only what is not indexed changes in this row: with room on the page an append touches no index of it.
    """CREATE TABLE {s}.sessions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        session text COLLATE "C" NOT NULL UNIQUE,
        secret bytea NOT NULL,
        length bigint NOT NULL,
        frontier bytea NOT NULL,
        epoch integer NOT NULL,
        latest xid8 NOT NULL
    ) WITH (fillfactor = 50)""",
    """CREATE TABLE {s}.entries (
        session bigint NOT NULL,
        seq bigint NOT NULL,
        entry bytea NOT NULL,
        leaf bytea NOT NULL,
        PRIMARY KEY (session, seq)
    )""",
    # One row for each append: the order of the feed, and the idempotency keys.
    """CREATE TABLE {s}.appends (
        id bigint GENERATED ALWAYS AS IDENTITY,
        epoch integer NOT NULL,
        latest xid8 NOT NULL,
        session bigint NOT NULL,
        first bigint NOT NULL,
        count bigint NOT NULL,
        key_mac bytea,
        call_mac bytea,
        PRIMARY KEY (epoch, latest, id)
    )""",
    "CREATE UNIQUE INDEX appends_key ON {s}.appends (session, key_mac) WHERE key_mac IS NOT NULL",
    """CREATE TABLE {s}.vault (
        session bigint NOT NULL,
        seq bigint NOT NULL,
        part integer NOT NULL,
        subjects text[] NOT NULL,
        payload bytea NOT NULL,
        PRIMARY KEY (session, seq, part)
    )""",
    """CREATE TABLE {s}.people (
        session bigint NOT NULL,
        seq bigint NOT NULL,
        pseudonym text COLLATE "C" NOT NULL,
        payload bytea NOT NULL,
        PRIMARY KEY (session, seq, pseudonym),
        UNIQUE (session, pseudonym)
    )""",
    """CREATE FUNCTION {s}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the log is append only' USING ERRCODE = 'restrict_violation'; END $$""",
    *(
        f"CREATE TRIGGER append_only {moment} ON {{s}}.{table} EXECUTE FUNCTION {{s}}.refuse()"
        for table, moment in _GUARDED.items()
    ),
    """CREATE TRIGGER only_longer BEFORE UPDATE ON {s}.sessions FOR EACH ROW
        WHEN (NEW.id <> OLD.id OR NEW.session <> OLD.session OR NEW.secret <> OLD.secret
            OR NEW.length < OLD.length OR (NEW.length = OLD.length AND NEW.frontier <> OLD.frontier))
        EXECUTE FUNCTION {s}.refuse()""",
    # An erasure forgets what was called, not that the key was used.
    """CREATE TRIGGER only_forget BEFORE UPDATE ON {s}.appends FOR EACH ROW
        WHEN (NEW.call_mac IS NOT NULL OR (NEW.id, NEW.epoch, NEW.latest, NEW.session, NEW.first, NEW.count)
            <> (OLD.id, OLD.epoch, OLD.latest, OLD.session, OLD.first, OLD.count)
            OR NEW.key_mac IS DISTINCT FROM OLD.key_mac)
        EXECUTE FUNCTION {s}.refuse()""",
    # The frontier of RFC 6962, as in afwegen.log.frontier: a peak for every bit set in the size, the largest first.
    """CREATE FUNCTION {s}.extended(frontier bytea, leaves bytea[]) RETURNS bytea
        LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
        DECLARE
            size bigint := ('x' || encode(substr(frontier, 1, 8), 'hex'))::bit(64)::bigint;
            peaks bytea := substr(frontier, 9);
            peak bytea;
            bits bigint;
        BEGIN
            FOREACH peak IN ARRAY leaves LOOP
                bits := size;
                WHILE bits & 1 = 1 LOOP
                    peak := sha256('\\x01'::bytea || substr(peaks, length(peaks) - 31) || peak);
                    peaks := substr(peaks, 1, length(peaks) - 32);
                    bits := bits >> 1;
                END LOOP;
                peaks := peaks || peak;
                size := size + 1;
            END LOOP;
            RETURN int8send(size) || peaks;
        END $$""",
    # Locks, looks, writes. A refusal is a row, not an error: an error would end the transaction of a host.
    """CREATE FUNCTION {s}.append(
            name text, expected bigint, secret_ bytea, entries_ bytea[],
            vault_seq bigint[], vault_part integer[], vault_subjects text[], vault_payload bytea[],
            people_seq bigint[], people_name text[], people_payload bytea[], key_ bytea, call_ bytea, tell boolean,
            OUT outcome text, OUT at bigint, OUT number bigint, OUT shown text
        ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = {s}, pg_catalog, pg_temp AS $$
        DECLARE
            log sessions;
            known appends;
            leaves bytea[];
            size CONSTANT bigint := cardinality(entries_);
            now_ CONSTANT integer := (SELECT about.epoch FROM about);
        BEGIN
            SELECT * INTO log FROM sessions WHERE session = name FOR UPDATE;
            IF NOT FOUND THEN
                IF secret_ IS NULL THEN outcome := 'unknown'; RETURN; END IF;
                INSERT INTO sessions (session, secret, length, frontier, epoch, latest)
                    VALUES (name, secret_, 0, '\\x0000000000000000', now_, '0') ON CONFLICT (session) DO NOTHING;
                SELECT * INTO log FROM sessions WHERE session = name FOR UPDATE;
            END IF;
            IF key_ IS NOT NULL THEN
                SELECT * INTO known FROM appends WHERE session = log.id AND key_mac = key_;
                IF FOUND THEN
                    outcome := CASE WHEN known.call_mac <> call_ THEN 'other' ELSE 'repeated' END;
                    at := known.first; number := known.count; RETURN;
                END IF;
            END IF;
            IF log.length <> expected THEN outcome := 'conflict'; at := log.length; RETURN; END IF;
            SELECT pseudonym INTO shown FROM people
                WHERE cardinality(people_name) > 0 AND session = log.id AND pseudonym = ANY (people_name) LIMIT 1;
            IF FOUND THEN outcome := 'shown'; RETURN; END IF;
            SELECT array_agg(sha256('\\x00'::bytea || e) ORDER BY o) INTO leaves
                FROM unnest(entries_) WITH ORDINALITY AS u(e, o);
            INSERT INTO entries SELECT log.id, expected + o - 1, e, l
                FROM unnest(entries_, leaves) WITH ORDINALITY AS u(e, l, o);
            IF cardinality(vault_seq) > 0 THEN
                INSERT INTO vault SELECT log.id, q, p, s::text[], v
                    FROM unnest(vault_seq, vault_part, vault_subjects, vault_payload) AS u(q, p, s, v);
            END IF;
            IF cardinality(people_seq) > 0 THEN
                INSERT INTO people SELECT log.id, q, n, v
                    FROM unnest(people_seq, people_name, people_payload) AS u(q, n, v);
            END IF;
            -- Never less than that of the append before it, or a long transaction would overtake its own session.
            log.latest := CASE WHEN log.epoch = now_
                THEN greatest(log.latest, pg_current_xact_id()) ELSE pg_current_xact_id() END;
            INSERT INTO appends (epoch, latest, session, first, count, key_mac, call_mac)
                VALUES (now_, log.latest, log.id, expected, size, key_, call_);
            UPDATE sessions SET length = expected + size, frontier = extended(log.frontier, leaves),
                epoch = now_, latest = log.latest WHERE id = log.id AND length = expected;
            -- In a transaction of a host nobody else could tell when it commits. It keeps other commits waiting.
            IF tell THEN PERFORM pg_notify('{s}', ''); END IF;
            outcome := 'appended'; at := expected; number := size;
        END $$""",
    # What a role may do is granted, never assumed.
    "REVOKE ALL ON FUNCTION {s}.append FROM PUBLIC",
    "INSERT INTO {s}.about VALUES (0, '', 1)",
)

# The installation log, and checkpoints of it.
_SECOND: Final = (
    """CREATE TABLE {s}.installation (
        seq bigint PRIMARY KEY,
        session text COLLATE "C" NOT NULL,
        size bigint NOT NULL,
        note bytea NOT NULL
    )""",
    "CREATE INDEX installation_session ON {s}.installation (session, seq)",
    "CREATE TABLE {s}.edge (id integer PRIMARY KEY CHECK (id = 1), frontier bytea NOT NULL)",
    "INSERT INTO {s}.edge VALUES (1, '\\x0000000000000000')",
    "CREATE TABLE {s}.checkpoints (size bigint PRIMARY KEY, note bytea NOT NULL)",
    *(
        f"CREATE TRIGGER append_only {moment} ON {{s}}.{table} EXECUTE FUNCTION {{s}}.refuse()"
        for table, moment in _GUARDED_OF_2.items()
    ),
    """CREATE TRIGGER only_longer BEFORE UPDATE ON {s}.edge FOR EACH ROW
        WHEN (NEW.id <> OLD.id OR substr(NEW.frontier, 1, 8) <= substr(OLD.frontier, 1, 8))
        EXECUTE FUNCTION {s}.refuse()""",
    # A checkpoint is kept as it is; signatures of witnesses may come under it.
    """CREATE TRIGGER only_signed BEFORE UPDATE ON {s}.checkpoints FOR EACH ROW
        WHEN (NEW.size <> OLD.size OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note)
        EXECUTE FUNCTION {s}.refuse()""",
    """CREATE FUNCTION {s}.enter(
            expected bigint, sessions_ text[], sizes_ bigint[], notes_ bytea[], OUT outcome text, OUT at bigint
        ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = {s}, pg_catalog, pg_temp AS $$
        DECLARE
            before bytea;
            leaves bytea[];
        BEGIN
            SELECT frontier INTO before FROM edge FOR UPDATE;
            IF NOT FOUND THEN outcome := 'gone'; RETURN; END IF;
            at := ('x' || encode(substr(before, 1, 8), 'hex'))::bit(64)::bigint;
            IF at <> expected THEN outcome := 'conflict'; RETURN; END IF;
            SELECT array_agg(sha256('\\x00'::bytea || n) ORDER BY o) INTO leaves
                FROM unnest(notes_) WITH ORDINALITY AS u(n, o);
            INSERT INTO installation SELECT expected + o - 1, s, z, n
                FROM unnest(sessions_, sizes_, notes_) WITH ORDINALITY AS u(s, z, n, o);
            UPDATE edge SET frontier = extended(before, leaves);
            outcome := 'entered';
        END $$""",
    """CREATE FUNCTION {s}.keep(size_ bigint, note_ bytea, OUT outcome text)
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = {s}, pg_catalog, pg_temp AS $$
        DECLARE
            held bytea;
        BEGIN
            -- Two that keep the same size wait for each other. The log is long enough: it only grows.
            PERFORM 1 FROM edge FOR UPDATE;
            SELECT note INTO held FROM checkpoints WHERE size = size_;
            IF NOT FOUND THEN
                INSERT INTO checkpoints VALUES (size_, note_);
            ELSIF substr(note_, 1, length(held)) <> held THEN
                outcome := 'another'; RETURN;
            ELSIF note_ <> held THEN
                UPDATE checkpoints SET note = note_ WHERE size = size_;
            END IF;
            outcome := 'kept';
        END $$""",
    "REVOKE ALL ON FUNCTION {s}.enter, {s}.keep FROM PUBLIC",
)

# Erasure: rows of the vault and of people go, and codes of calls; a mark stands until they are scrubbed.
_THIRD: Final = (
    "CREATE TABLE {s}.unscrubbed (id integer PRIMARY KEY CHECK (id = 1))",
    """CREATE FUNCTION {s}.forget(
            name text, seqs bigint[], parts integer[], people_ text[], calls bigint[],
            left_seq bigint[], left_part integer[], left_payload bytea[], OUT outcome text
        ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = {s}, pg_catalog, pg_temp AS $$
        DECLARE
            key bigint;
        BEGIN
            SELECT id INTO key FROM sessions WHERE session = name FOR UPDATE;
            IF NOT FOUND THEN outcome := 'unknown'; RETURN; END IF;
            DELETE FROM vault v USING unnest(seqs, parts) AS u(q, p)
                WHERE v.session = key AND v.seq = q AND v.part = p;
            WITH gone AS (
                DELETE FROM vault v USING unnest(left_seq, left_part, left_payload) AS u(q, p, b)
                WHERE v.session = key AND v.seq = q AND v.part = p RETURNING v.seq, v.part, v.subjects, u.b
            ) INSERT INTO vault SELECT key, seq, part, subjects, b FROM gone;
            DELETE FROM people WHERE session = key AND pseudonym = ANY (people_);
            UPDATE appends SET call_mac = NULL WHERE session = key AND call_mac IS NOT NULL
                AND EXISTS (SELECT FROM unnest(calls) AS u(c) WHERE c >= first AND c < first + count);
            INSERT INTO unscrubbed VALUES (1) ON CONFLICT DO NOTHING;
            outcome := 'forgotten';
        END $$""",
    "REVOKE ALL ON FUNCTION {s}.forget FROM PUBLIC",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_FIRST, _SECOND, _THIRD)
"""For each version of the schema, the statements that lead to it from the one before."""

VERSION: Final = len(MIGRATIONS)
"""The version of these tables."""

_WHOLE: Final = (
    {"about", "sessions", "entries", "appends", "vault", "people", "sessions.only_longer", "appends.only_forget"}
    | {f"{table}.append_only" for table in _GUARDED},
    {"installation", "edge", "checkpoints", "edge.only_longer", "checkpoints.only_signed"}
    | {f"{table}.append_only" for table in _GUARDED_OF_2},
    {"unscrubbed"},
)
"""What each version of the schema brought, and must not miss: tables, and triggers by table."""

_FOUND: Final = """
    SELECT relname::text FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('{s}') AND relkind IN ('r', 'p')
    UNION ALL
    SELECT relname || '.' || tgname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON t.tgrelid = c.oid
    WHERE c.relnamespace = to_regnamespace('{s}') AND NOT t.tgisinternal AND t.tgenabled <> 'D'"""


def inspected(*, restored: bool = False) -> Work[int]:
    """
    Return the version of the schema, 0 where there is none.

    Args:
        restored: Whether it is known to be restored, and about to be rebased.

    Raises:
        StoreError: It was made by a newer version, or holds something else.
        IntegrityError: Tables or triggers are missing, or the database was restored into another cluster.
    """
    names = {name for (name,) in (yield Ask(_FOUND))}
    if not names:
        return 0
    if "about" not in names:
        raise StoreError("this schema holds something else", "give a schema of its own: ?schema=NAME", sorted(names))
    rows = yield Ask("SELECT version, written_by, epoch FROM {s}.about")
    expected = set[str]().union(*_WHOLE[: rows[0][0] if rows else 1])
    if len(rows) != 1 or not names >= expected:
        missing = sorted(expected - names)
        raise IntegrityError("the schema of this store is not whole", "somebody changed it: restore a backup", missing)
    ((found, written_by, epoch),) = rows
    if found > VERSION:
        raise StoreError(
            f"this store was made by a newer version: its schema is {found}, ours is {VERSION}",
            f"install {written_by} or later",
        )
    if found == VERSION and not restored:
        yield from _refuse_restored(epoch)
    return int(found)


def _refuse_restored(epoch: int) -> Work[None]:
    ahead = yield Ask(
        "SELECT 1 FROM {s}.appends WHERE epoch = %s AND latest >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1",
        (epoch,),
    )
    # Our own open transaction stands at xmax or beyond; no other can be seen that does.
    ours = yield Ask("SELECT pg_current_xact_id_if_assigned()::text")
    if ahead and not ours[0][0]:
        raise IntegrityError(
            "this store was restored into another cluster, where the order of its feed means nothing",
            "run: afwegen migrate URL --restored",
        )


def migrated(*, restored: bool = False) -> Work[int]:
    """
    Bring the schema up to date, inside a transaction, and return the version it had.

    Safe where several processes start at once: the first does it, the others wait and find it done.
    """
    yield Ask("SELECT pg_advisory_xact_lock(hashtextextended('afwegen {s}', 0))")
    before = yield from inspected(restored=restored)
    if before < VERSION:
        yield Ask("CREATE SCHEMA IF NOT EXISTS {s}")
        for statement in plan(before):
            yield Ask(statement)
        yield Ask("UPDATE {s}.about SET version = %s, written_by = %s", (VERSION, _this_version()))
    if restored:
        # What the new cluster writes comes after all that was restored, whatever its numbers.
        yield Ask("UPDATE {s}.about SET epoch = epoch + 1")
    return before


def plan(found: int) -> tuple[str, ...]:
    """Return the statements that lead from one version of the schema to this one."""
    return tuple(statement for step in MIGRATIONS[found:] for statement in step)


def _this_version() -> str:
    try:
        return f"afwegen {version('afwegen')}"
    except PackageNotFoundError:
        return "afwegen"
