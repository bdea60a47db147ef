"""
A notary: signs how far the logs are, at the moments that matter, and stops a store that is not what was signed.

A session's checkpoint is signed after the commit, when it is consistent with the last one; it is then a leaf of the
installation log, whose own checkpoint is signed next. The newest of those is kept outside the database as well, in
the file *held*: at the next start a store that is behind it, or differs from it, is no longer appended to.
"""

import os
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, cast

from afwegen.audit.checkpoints import Checkpoint, origin_of
from afwegen.audit.keys import rotation
from afwegen.audit.notes import Note, Signer, Verifier
from afwegen.errors import AfwegenError, ConflictError, IntegrityError
from afwegen.events import Record
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash
from afwegen.log.tree import Tree
from afwegen.stores.contract import Appended, Batch, Leaf, Store

__all__ = ["MOMENTS", "Guarded", "Notary", "WitnessLike", "newest_checkpoint"]

MOMENTS: Final = frozenset({"session-started/1", "step-completed/1", "step-overridden/1", "choice-made/1"})
"""What is signed for as soon as it is committed; what a model rests on is signed before it answers."""

_TRIES: Final = 20
_WAY_OUT: Final = (
    "nothing is appended until a newer copy of the store is back; where there is none, tell who holds checkpoints what"
    " was lost, and begin a new installation under another name"
)


class WitnessLike(Protocol):
    """Whoever vouches for an installation log: see ``witness.WitnessClient``."""

    @property
    def verifier(self) -> Verifier:
        """Return the key of the witness."""
        ...

    def size(self, checkpoint: Checkpoint) -> int:
        """Return how far the witness saw the log of this checkpoint, 0 where it never did."""
        ...

    def cosign(self, checkpoint: Checkpoint, tree: Tree) -> Checkpoint:
        """Return the checkpoint with the signature of the witness."""
        ...


class Guarded:
    """A store that takes nothing more once its notary is alarmed; everything else is the store's own."""

    def __init__(self, store: Store, notary: "Notary") -> None:
        self._store = store
        self._notary = notary

    def append(self, batch: Batch) -> Appended:
        """Append a batch, unless there is an alarm."""
        self._notary.insist()
        return self._store.append(batch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def __enter__(self) -> Store:
        return cast("Store", self)

    def __exit__(self, *_: object) -> None:
        self._store.close()


class Notary:
    """
    Signs the sessions of one store; hand it to them as ``on_commit``.

    >>> from afwegen import Session, open_store
    >>> from afwegen.audit import Key
    >>> notary = Notary(open_store("memory:"), Key(name="wijk.example/afwegen", seed=bytes(32)))
    >>> session = Session.start(
    ...     notary.store, title="Complex A", area="Municipality X", by="jochum", on_commit=notary
    ... )
    >>> newest_checkpoint(notary.store, session.id).size
    1

    Args:
        store: What it signs for.
        signer: A key, or whatever signs with one.
        held: A file outside the database for the newest checkpoint.
        witnesses: Who vouch for the installation log; asked by ``cosign``, and at the start how far they saw it.
        known: Checkpoints of the installation that somebody else holds.

    Raises:
        AfwegenError: The file cannot be read.
    """

    def __init__(
        self,
        store: Store,
        signer: Signer,
        *,
        held: str | os.PathLike[str] | None = None,
        witnesses: Iterable[WitnessLike] = (),
        known: Iterable[Checkpoint] = (),
    ) -> None:
        self._inner = store
        self._signer = signer
        self._held = None if held is None else Path(held)
        self._witnesses = tuple(witnesses)
        self._signed: dict[str, Frontier] = {}
        self._edge = EMPTY
        self.alarm: IntegrityError | None = None
        self.store = cast("Store", Guarded(store, self))
        try:
            self._check_against((*self._read_held(), *known))
        except IntegrityError as error:
            self.alarm = error

    @property
    def origin(self) -> str:
        """Return under which name the installation log goes."""
        return self._signer.name

    def insist(self) -> None:
        """
        Refuse to go on after an alarm.

        Raises:
            IntegrityError: What is stored is not what was signed; with the way out.
        """
        if self.alarm is not None:
            raise self.alarm

    def __call__(self, session: str, records: tuple[Record[Any], ...]) -> None:
        """Sign for a session where its moment has come: what was committed stands, whatever becomes of the signing."""
        if records and MOMENTS.isdisjoint(record.type for record in records):
            return
        try:
            self.sign(session)
        except AfwegenError as error:
            warnings.warn(f"the records stand, but nothing was signed: {error}", stacklevel=4)

    # -- sessions -----------------------------------------------------------------------------------------------------

    def sign(self, session: str) -> Checkpoint:
        """
        Sign how far a session is, and the installation with it.

        Returns:
            Its newest checkpoint: the last one where nothing was added since.

        Raises:
            IntegrityError: What is stored is not what was signed before; from now on nothing is appended.
            UnknownSession: The store does not hold it.
        """
        self.insist()
        for _ in range(_TRIES):
            length = self._inner.installation().size
            checkpoint = self._checkpoint(session)
            if checkpoint is None:
                break
            leaf = Leaf(session=session, size=checkpoint.size, note=checkpoint.to_bytes())
            with suppress(ConflictError):
                self._inner.enter(length, (leaf,))
                break
        else:
            raise ConflictError("others kept signing first", "try again", session)
        self.sign_installation()
        found = newest_checkpoint(self._inner, session)
        assert found is not None  # noqa: S101 - one was just entered, or stood there
        return found

    def _checkpoint(self, session: str) -> Checkpoint | None:
        """Return a new checkpoint of a session, None where the last one still says it all."""
        head = self._inner.head(session)
        last = newest_checkpoint(self._inner, session)
        before = self._before(session, last) if last else EMPTY
        if last and head.length < last.size:
            self._stop(f"session {session} has {head.length} entries, and {last.size} were signed for")
        added = (leaf_hash(stored.entry) for stored in self._inner.read(session, before.size, head.length))
        frontier = before.extend(added)
        if frontier != head.frontier:
            self._stop(f"the entries of session {session} do not follow from what was signed last")
        if last and head.length == last.size:
            return None
        self._signed[session] = frontier
        origin = origin_of(self._signer.name, session)
        return Checkpoint(origin=origin, size=frontier.size, root=frontier.root).signed(self._signer)

    def _before(self, session: str, last: Checkpoint) -> Frontier:
        """Return the edge of the tree that was signed last, which must be its root."""
        known = self._signed.get(session, EMPTY)
        if known.size > last.size:
            known = EMPTY
        entries = self._inner.read(session, known.size, last.size)
        frontier = known.extend(leaf_hash(stored.entry) for stored in entries)
        if frontier.size < last.size:
            self._stop(f"session {session} has {frontier.size} entries, and {last.size} were signed for")
        if frontier.root != last.root:
            self._stop(f"the entries of session {session} are not those that were signed for")
        return frontier

    # -- the installation ---------------------------------------------------------------------------------------------

    def sign_installation(self) -> Checkpoint | None:
        """
        Sign how far the installation log is, if it is consistent with what was signed last; None while it is empty.

        Raises:
            IntegrityError: It is not; from now on nothing is appended.
        """
        self.insist()
        edge = self._inner.installation()
        if not edge.size:
            return None
        kept = self._inner.kept()
        if kept and kept[-1][0] > edge.size:
            self._stop(f"the installation log has {edge.size} leaves, and {kept[-1][0]} were signed for")
        last = Checkpoint.read(kept[-1][1]) if kept else None
        self._advance(last, edge)
        if last and last.size == edge.size:
            return last
        checkpoint = Checkpoint(origin=self.origin, size=edge.size, root=edge.root).signed(self._signer)
        self._keep(checkpoint)
        return checkpoint

    def _advance(self, last: Checkpoint | None, edge: Frontier) -> None:
        """Grow the edge known to the one stored, by way of the one signed last."""
        if self._edge.size > (last.size if last else 0):
            self._edge = EMPTY
        if last:
            self._edge = self._grown(self._edge, last.size)
            if self._edge.root != last.root:
                self._stop("the leaves of the installation log are not those that were signed for")
        grown = self._grown(self._edge, edge.size)
        if grown != edge:
            self._stop("the leaves of the installation log do not follow from what was signed last")
        self._edge = grown

    def _grown(self, edge: Frontier, size: int) -> Frontier:
        return edge.extend(leaf_hash(leaf.note) for leaf in self._inner.entered(edge.size, size))

    def _keep(self, checkpoint: Checkpoint) -> None:
        note = checkpoint.to_bytes()
        self._inner.keep(checkpoint.size, note)
        if self._held is not None:
            _replace(self._held, note)

    def rotate(self, new: Signer) -> None:
        """
        Hand over to another key: a leaf signed by both, after which the new one signs.

        Raises:
            IntegrityError: The new key has another name, or is the same.
        """
        self.insist()
        note = rotation(self._signer, new)
        self._inner.enter(self._inner.installation().size, (Leaf(session="", size=0, note=note.to_bytes()),))
        self._signer = new
        self.sign_installation()

    # -- others -------------------------------------------------------------------------------------------------------

    def cosign(self) -> Checkpoint | None:
        """
        Let every witness vouch for the installation log as it is now; None while it is empty.

        A witness that cannot be reached is warned about, and the others are asked. Call it on a rhythm of its own:
        nobody who records an act should wait for a witness.

        Raises:
            IntegrityError: A witness saw another log than this; from now on nothing is appended.
        """
        checkpoint = self.sign_installation()
        if checkpoint is None:
            return None
        tree = Tree(leaf_hash(leaf.note) for leaf in self._inner.entered(0, checkpoint.size))
        for witness in self._witnesses:
            if any(witness.verifier.made(signature) for signature in checkpoint.signatures):
                continue
            try:
                checkpoint = witness.cosign(checkpoint, tree)
            except IntegrityError as error:
                self._stop(str(error))
            except AfwegenError as error:
                warnings.warn(str(error), stacklevel=2)
            else:
                self._keep(checkpoint)
        return checkpoint

    def _check_against(self, known: tuple[Checkpoint, ...]) -> None:
        """Hold the store against what is known outside it, and against itself."""
        for checkpoint in known:
            if checkpoint.origin != self.origin:
                raise IntegrityError(f"a checkpoint of another log is held for {self.origin}", got=checkpoint.origin)
            self._insist_on(checkpoint)
        kept = self._inner.kept()
        for witness in self._witnesses if kept else ():
            try:
                seen = witness.size(Checkpoint.read(kept[-1][1]))
            except AfwegenError as error:
                warnings.warn(str(error), stacklevel=3)
                continue
            if seen > self._inner.installation().size:
                self._stop(f"{witness.verifier.name} saw {seen} leaves of the installation log: this store is behind")

    def _insist_on(self, checkpoint: Checkpoint) -> None:
        size = self._inner.installation().size
        if size < checkpoint.size:
            held = f"{checkpoint.size} are in a checkpoint held outside it"
            self._stop(f"this store is behind: its installation log has {size} leaves, {held}")
        if self._grown(EMPTY, checkpoint.size).root != checkpoint.root:
            self._stop(f"the first {checkpoint.size} leaves of the installation log are not those of a checkpoint held")
        self._insist_on_sessions()

    def _insist_on_sessions(self) -> None:
        """Refuse a store that lost entries, or a whole session, that the installation log tells of."""
        signed = {leaf.session: leaf.size for leaf in self._inner.entered() if leaf.session}
        lengths = {head.id: head.length for head in self._inner.sessions()}
        for session, size in signed.items():
            if lengths.get(session, 0) < size:
                self._stop(f"session {session} has {lengths.get(session, 0)} entries, and {size} were signed for")

    def _read_held(self) -> tuple[Checkpoint, ...]:
        if self._held is None or not self._held.exists():
            return ()
        try:
            note = Note.read(self._held.read_bytes())
        except OSError as error:
            what = f"the checkpoint held cannot be read ({error.strerror})"
            raise AfwegenError(what, "see to the file", str(self._held)) from error
        return (Checkpoint.of(note),)

    def _stop(self, what: str) -> None:
        self.alarm = IntegrityError(what, _WAY_OUT)
        raise self.alarm


def newest_checkpoint(store: Store, session: str) -> Checkpoint | None:
    """Return the newest checkpoint of a session that the installation log holds, if any."""
    entered = store.entered_of(session)
    return Checkpoint.read(entered[-1][1].note) if entered else None


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
