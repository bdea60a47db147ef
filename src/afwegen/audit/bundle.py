"""
A bundle: what an auditor needs, in one file.

.. code-block:: text

    bundle.json                     format, origin, whether values are disclosed, how many sessions and leaves
    installation/leaves.jsonl       every leaf of the installation log: its hash, and its note unless it is of another
                                    session
    installation/checkpoints.jsonl  checkpoints of the installation log, by size
    sessions.jsonl                  session, length and root, by session
    entries.jsonl                   the entries, verbatim, in order, session after session
    checkpoints.jsonl               checkpoints of the sessions: index and proof in the installation log, and the note
    people.jsonl                    who is behind the pseudonyms, where disclosed
    vault.jsonl                     values and salts, where disclosed

Each line is in the canonical form of the log, and the file is packed as ``archive`` packs: the same log gives the same
octets. Everything can be read from front to back in the memory that one session takes.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, repeat
from typing import Any, Final

from attrs import frozen

from afwegen.audit.archive import Archive, pack
from afwegen.audit.checkpoints import Checkpoint
from afwegen.audit.secrecy import is_secret
from afwegen.errors import AfwegenError, CodecError, IntegrityError, RuleViolation
from afwegen.log import canonical
from afwegen.log.merkle import leaf_hash
from afwegen.log.tree import Tree
from afwegen.stores.contract import Head, Leaf, PersonRow, Store, Stored

__all__ = ["FORMAT", "MEMBERS", "Bundle", "BundledSession", "Line", "write_bundle"]

FORMAT: Final = "afwegen-bundle/1"
MEMBERS: Final = (
    "bundle.json",
    "installation/leaves.jsonl",
    "installation/checkpoints.jsonl",
    "sessions.jsonl",
    "entries.jsonl",
    "checkpoints.jsonl",
    "people.jsonl",
    "vault.jsonl",
)
_LONGEST: Final = {"entries.jsonl": 32 * 1024, "vault.jsonl": 64 * 1024 * 1024}
_LONG: Final = 256 * 1024


def write_bundle(
    store: Store, path: str | os.PathLike[str], *, session: str | None = None, openings: bool = False
) -> None:
    """
    Write a bundle of a store, or of one session.

    Args:
        store: Where they are kept.
        path: The file.
        session: One of them; None for all.
        openings: Whether values and people go with it: whoever has the file then knows who said what.

    Raises:
        RuleViolation: They would tell who said what in a secret session; nothing was written.
        UnknownSession: The store does not hold it.
        StoreError: The file cannot be written, or would pass 4 GiB.
        IntegrityError: The store is damaged.
    """
    # The installation log first: sessions that grow meanwhile are then longer than what it says, never shorter.
    leaves = tuple(store.entered())
    heads = sorted(store.sessions() if session is None else (store.head(session),), key=lambda head: head.id)
    shown = {head.id for head in heads}
    if openings and (secret := next((head.id for head in heads if is_secret(store, head.id)), None)):
        do = "leave them out; an auditor whom the group trusts verifies the store itself"
        raise RuleViolation("the openings of a secret session would tell who judged what", do, secret)
    tree = Tree(leaf_hash(leaf.note) for leaf in leaves)
    manifest = {
        "format": FORMAT,
        "installation": len(leaves),
        "openings": openings,
        "sessions": len(heads),
    }
    pack(
        path,
        zip(
            MEMBERS,
            (
                [canonical.encode(manifest)],
                (_leaf_line(leaf, shown) for leaf in leaves),
                (canonical.encode({"note": note.decode()}) for size, note in store.kept() if size <= len(leaves)),
                (_session_line(head) for head in heads),
                (stored.entry for head in heads for stored in store.read(head.id, 0, head.length)),
                (line for head in heads for line in _checkpoint_lines(store, head, tree)),
                (line for head in heads if openings for line in _people_lines(store, head)),
                (line for head in heads if openings for line in _vault_lines(store, head)),
            ),
            strict=True,
        ),
    )


def _leaf_line(leaf: Leaf, shown: set[str]) -> bytes:
    note = leaf.note.decode() if leaf.session in {*shown, ""} else None
    return canonical.encode({"leaf": leaf_hash(leaf.note).hex(), "note": note})


def _session_line(head: Head) -> bytes:
    return canonical.encode({"length": head.length, "root": head.frontier.root.hex(), "session": head.id})


def _checkpoint_lines(store: Store, head: Head, tree: Tree) -> Iterator[bytes]:
    for index, leaf in store.entered_of(head.id):
        if index < len(tree):
            proof = [each.hex() for each in tree.inclusion(index, len(tree))]
            document = {"index": index, "note": leaf.note.decode(), "proof": proof, "session": head.id}
            yield canonical.encode(document)


def _people_lines(store: Store, head: Head) -> Iterator[bytes]:
    for row in store.people(head.id):
        if row.seq < head.length:
            document = {"pseudonym": row.pseudonym, "row": canonical.decode(row.payload), "seq": row.seq}
            yield canonical.encode({**document, "session": head.id})


def _vault_lines(store: Store, head: Head) -> Iterator[bytes]:
    for stored in store.read(head.id, 0, head.length):
        for part, payload in stored.vault:
            document = {"part": part, "row": canonical.decode(payload), "seq": stored.seq, "session": head.id}
            yield canonical.encode(document)


@frozen(kw_only=True)
class Line:
    """
    A checkpoint of a session, as a bundle holds it.

    Attributes:
        index: Its place in the installation log.
        proof: That it stands there.
        note: The octets.
    """

    index: int
    proof: tuple[bytes, ...]
    note: bytes


@frozen(kw_only=True)
class BundledSession:
    """
    One session out of a bundle, to be verified as a stored one is.

    Attributes:
        id: Which.
        stored: Its entries with what the vault disclosed.
        rows: Who is behind the pseudonyms, where disclosed.
        lines: Its checkpoints.
        root: The root the bundle says it has.
    """

    id: str
    stored: tuple[Stored, ...]
    rows: tuple[PersonRow, ...]
    lines: tuple[Line, ...]
    root: bytes

    def read(self, _: str, start: int = 0, stop: int | None = None) -> Iterator[Stored]:
        """Read the entries."""
        return islice(iter(self.stored), start, stop)

    def leaves(self, _: str, start: int = 0, stop: int | None = None) -> Iterator[None]:
        """Return that no hashes are kept beside the entries."""
        return repeat(None, len(self.stored[start:stop]))

    def people(self, _: str, start: int = 0) -> tuple[PersonRow, ...]:
        """Return who is behind the pseudonyms."""
        return tuple(row for row in self.rows if row.seq >= start)

    def subjects(self, _: str, start: int = 0, stop: int | None = None) -> None:  # noqa: ARG002 - of a store
        """Return nothing: a bundle is not erased from, so it does not say whom its rows are about."""
        return

    def entered_of(self, session: str) -> tuple[tuple[int, Leaf], ...]:
        """Return the checkpoints with their places in the installation log."""
        return tuple((line.index, Leaf(session=session, size=_size(line.note), note=line.note)) for line in self.lines)


def _size(note: bytes) -> int:
    """Return of how many entries a checkpoint is, 0 where it is none."""
    try:
        return Checkpoint.read(note).size
    except IntegrityError:
        return 0


class _Reader:
    """One member, line by line, with one line of foresight."""

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive = archive
        self.name = name
        self.number = 0
        self._lines = archive.lines(name, _LONGEST.get(name, _LONG))
        self._next = next(self._lines, None)

    def take(self) -> bytes:
        """Return the next line, which must be there."""
        if self._next is None:
            raise self.wrong("there are fewer lines than the bundle says")
        line, self._next = self._next, next(self._lines, None)
        self.number += 1
        return line

    def many(self, count: int) -> tuple[bytes, ...]:
        """Return the next lines, which must all be there."""
        ahead = () if self._next is None else (self._next,)
        lines = tuple(islice(chain(ahead, self._lines), count))
        self.number += len(lines)
        if len(lines) < count:
            raise self.wrong("there are fewer lines than the bundle says")
        if count:
            self._next = next(self._lines, None)
        return lines

    def document(self, *keys: str) -> dict[str, Any]:
        """Return the next line as an object with these keys."""
        return self._parsed(self.take(), keys)

    def of(self, session: str, *keys: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a session, as long as they come."""
        mark = f',"session":"{session}"}}'.encode()
        while self._next is not None and self._next.endswith(mark):
            yield self.document(*keys, "session")

    def end(self) -> None:
        """Refuse lines that belong to nothing."""
        if self._next is not None:
            self.number += 1
            raise self.wrong("this line belongs to nothing the bundle tells of, or stands in the wrong place")

    def rest(self) -> bool:
        """Say whether there is another line."""
        return self._next is not None

    def _parsed(self, line: bytes, keys: tuple[str, ...]) -> dict[str, Any]:
        try:
            document = canonical.decode(line)
        except CodecError as error:
            raise self.wrong(f"{error.what}") from error
        if not isinstance(document, dict) or document.keys() != set(keys):
            raise self.wrong(f"this line has not the parts {', '.join(sorted(keys))}")
        return document

    def wrong(self, what: str) -> AfwegenError:
        return self._archive.wrong(self.name, self.number, what)


class Bundle:
    """
    A bundle being read, from front to back.

    Attributes:
        sessions: How many it says it holds.
        installation: How many leaves it says the installation log has.
        openings: Whether it says it discloses values.

    Raises:
        FormatError: The file is no bundle, or one of a newer format.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._archive = Archive(path, MEMBERS)
        manifest = self.member("bundle.json")
        document = manifest.document("format", "installation", "openings", "sessions")
        if document["format"] != FORMAT:
            raise manifest.wrong(f"this bundle is of the format {document['format']!r}, not {FORMAT}")
        manifest.end()
        self.sessions = _count(manifest, document["sessions"])
        self.installation = _count(manifest, document["installation"])
        self.openings = _typed(manifest, document["openings"], bool)
        if not self.openings:
            self._insist_on_closed()

    def member(self, name: str) -> _Reader:
        """Return the lines of a member."""
        return _Reader(self._archive, name)

    def leaves(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the leaves of the installation log: the hash, and the note unless it is of another session."""
        reader = self.member("installation/leaves.jsonl")
        for _ in range(self.installation):
            document = reader.document("leaf", "note")
            note = document["note"]
            yield _hash(reader, document["leaf"]), None if note is None else _typed(reader, note, str).encode()
        reader.end()

    def kept(self) -> Iterator[bytes]:
        """Yield the checkpoints of the installation log."""
        reader = self.member("installation/checkpoints.jsonl")
        while reader.rest():
            yield _typed(reader, reader.document("note")["note"], str).encode()

    def each(self) -> Iterator[BundledSession]:
        """Yield the sessions, one after another."""
        names = ("sessions.jsonl", "entries.jsonl", "checkpoints.jsonl", "people.jsonl", "vault.jsonl")
        readers = tuple(map(self.member, names))
        last = ""
        for _ in range(self.sessions):
            document = readers[0].document("length", "root", "session")
            session = _typed(readers[0], document["session"], str)
            if session <= last:
                raise readers[0].wrong("sessions come in the order of their ids, each once")
            last = session
            yield _session(session, _count(readers[0], document["length"]), document["root"], *readers)
        for reader in readers:
            reader.end()

    def _insist_on_closed(self) -> None:
        """Refuse values in a bundle that says it discloses none."""
        for name in ("people.jsonl", "vault.jsonl"):
            self.member(name).end()


def _session(
    session: str,
    length: int,
    root: Any,
    heads: _Reader,
    entries: _Reader,
    lines: _Reader,
    rows: _Reader,
    vault: _Reader,
) -> BundledSession:
    found = entries.many(length)
    parts = _rows(vault, vault.of(session, "part", "row", "seq"), length, "part")
    kept: dict[int, list[tuple[int, bytes]]] = {}
    for document in parts:
        kept.setdefault(document["seq"], []).append((_count(vault, document["part"]), _row(document)))
    people = _rows(rows, rows.of(session, "pseudonym", "row", "seq"), length, "pseudonym")
    return BundledSession(
        id=session,
        stored=tuple(Stored(seq=seq, entry=entry, vault=tuple(kept.get(seq, ()))) for seq, entry in enumerate(found)),
        rows=tuple(
            PersonRow(seq=each["seq"], pseudonym=_typed(rows, each["pseudonym"], str), payload=_row(each))
            for each in people
        ),
        lines=tuple(_line(lines, document) for document in lines.of(session, "index", "note", "proof")),
        root=_hash(heads, root),
    )


def _rows(reader: _Reader, documents: Iterable[dict[str, Any]], length: int, name: str) -> Iterator[dict[str, Any]]:
    """Yield rows that stand in order, each once, and belong to an entry."""
    last: tuple[int, Any] | None = None
    for document in documents:
        place = _count(reader, document["seq"]), _typed(reader, document[name], int if name == "part" else str)
        if place[0] >= length or (last is not None and place <= last):
            raise reader.wrong("this row belongs to no entry, or stands in the wrong place")
        last = place
        yield document


def _row(document: dict[str, Any]) -> bytes:
    return canonical.encode(document["row"])


def _line(reader: _Reader, document: dict[str, Any]) -> Line:
    return Line(
        index=_count(reader, document["index"]),
        proof=tuple(_hash(reader, each) for each in _typed(reader, document["proof"], list)),
        note=_typed(reader, document["note"], str).encode(),
    )


def _typed(reader: _Reader, value: Any, kind: Callable[..., Any]) -> Any:
    if type(value) is not kind:
        raise reader.wrong(f"{value!r:.80} is not what belongs here")
    return value


def _count(reader: _Reader, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise reader.wrong(f"{value!r:.80} is no number of things")
    return value


def _hash(reader: _Reader, text: Any) -> bytes:
    if type(text) is not str or len(text) != 64 or text.strip("0123456789abcdef"):
        raise reader.wrong(f"{text!r:.80} is no hash")
    return bytes.fromhex(text)
