"""The installation log, verified: the leaves, the checkpoints of it, and the keys that handed over to others."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from afwegen.audit.checkpoints import Checkpoint, session_of
from afwegen.audit.keys import KeyList, verify_rotation
from afwegen.audit.notes import Note
from afwegen.audit.report import Tally
from afwegen.errors import IntegrityError
from afwegen.log.frontier import EMPTY, Frontier
from afwegen.log.merkle import leaf_hash, verify_inclusion
from afwegen.stores.contract import Store

__all__ = ["InstallationCheck", "leaves_of"]

_STRIDE = 256


def leaves_of(store: Store) -> Iterator[tuple[bytes, bytes | None]]:
    """
    Yield the leaves of a store's installation log, as those of a bundle.

    Raises:
        IntegrityError: One stands under another session than it is of; raised when it is come to.
    """
    for seq, leaf in enumerate(store.entered()):
        origin = leaf.note.partition(b"\n")[0].decode(errors="replace")
        if leaf.session and session_of(origin) != leaf.session:
            raise IntegrityError(f"leaf {seq} of the installation log stands under another session", got=leaf.session)
        yield leaf_hash(leaf.note), leaf.note


class InstallationCheck:
    """
    An installation log being verified, in flat memory.

    Args:
        keys: Whom to trust; a trusted key that hands over to another makes that one trusted too.
        since: Checkpoints of installation logs that came from elsewhere.
        unsigned: What to say where there are no keys.
    """

    def __init__(self, keys: KeyList | None, since: Iterable[Checkpoint], unsigned: str) -> None:
        self.keys = keys
        self.since = tuple(since)
        self.roots = Tally(2)
        self.earlier = Tally(3)
        self.unsigned = unsigned
        self.told = 0
        self.withheld = 0
        self.newest = 0
        self.origin = ""
        self.frontier: Frontier = EMPTY

    @property
    def root(self) -> bytes:
        """Return the root over the leaves."""
        return self.frontier.root

    def run(self, leaves: Iterable[tuple[bytes, bytes | None]], kept: Iterable[bytes]) -> None:
        """Look at every leaf and every checkpoint, once."""
        checkpoints = self._read(kept)
        waiting = next(checkpoints, None)
        held = sorted(self.since, key=lambda each: each.size)
        for hash_, note in leaves:
            self._look(hash_, note)
            self.frontier = self.frontier.extend((hash_,))
            while waiting is not None and waiting.size == self.frontier.size:
                self._compare(waiting, self.roots)
                waiting = next(checkpoints, None)
            while held and held[0].size == self.frontier.size:
                self._compare(held.pop(0), self.earlier)
        for checkpoint in filter(None, (waiting, *checkpoints)):
            self.roots.fail(
                f"a checkpoint of the installation log speaks of {checkpoint.size} leaves, and it has"
                f" {self.frontier.size}, or they do not come by size"
            )
        for checkpoint in held:
            self.earlier.fail(
                f"a checkpoint held of {checkpoint.origin} speaks of {checkpoint.size} leaves, and the installation"
                f" log has {self.frontier.size}: this is older than what is held, or of somebody else"
            )

    def _read(self, kept: Iterable[bytes]) -> Iterator[Checkpoint]:
        last = 0
        for note in kept:
            try:
                checkpoint = Checkpoint.read(note)
            except IntegrityError as error:
                self.roots.fail(error)
            else:
                if checkpoint.size <= last:
                    self.roots.fail(f"a checkpoint of {checkpoint.size} leaves follows one of {last}")
                last = checkpoint.size
                self.newest = max(self.newest, last)
                yield checkpoint

    def _look(self, hash_: bytes, note: bytes | None) -> None:
        if note is None:
            self.withheld += 1
            return
        if leaf_hash(note) != hash_:
            self.roots.fail(f"leaf {self.frontier.size} of the installation log is not what its hash was made of")
        try:
            read = Note.read(note)
        except IntegrityError as error:
            self.roots.fail(error)
            return
        if read.text.startswith("afwegen/rotation/"):
            self._rotate(read)
        else:
            self.told += 1

    def _rotate(self, note: Note) -> None:
        """Follow a key that hands over to the next; one that leaked hands over nothing."""
        if self.keys is None:
            self.roots.leave_open(self.unsigned)
            return
        try:
            old, new = verify_rotation(note)
        except IntegrityError as error:
            self.roots.fail(error)
            return
        if old not in self.keys.keys:
            self.roots.fail(f"a key hands over that is not in the list: {old}")
        elif not self.keys.has_leaked(old) and new not in self.keys.keys:
            self.keys = evolve(self.keys, keys=(*self.keys.keys, new))

    def _compare(self, checkpoint: Checkpoint, tally: Tally) -> None:
        held = tally is self.earlier
        if checkpoint.root != self.root:
            tally.fail(
                f"the first {checkpoint.size} leaves of the installation log are not those of a checkpoint of"
                f" {checkpoint.origin}: its root is another"
            )
        if self.origin and checkpoint.origin != self.origin:
            tally.fail(f"a checkpoint is of {checkpoint.origin}, others of {self.origin}")
        if not held:
            self.origin = self.origin or checkpoint.origin
        if self.keys is None:
            tally.leave_open(self.unsigned)
        else:
            keys = self.keys
            known = held or any(checkpoint.text == each.text for each in self.since)
            tally.attempt(lambda: checkpoint.verify(keys, held=known))

    def place(self, index: int, proof: tuple[bytes, ...], note: bytes) -> None:
        """
        Verify that a session's checkpoint stands in this log, by its proof.

        Raises:
            IntegrityError: It does not, or is of an installation of another name.
        """
        verify_inclusion(index, self.frontier.size, leaf_hash(note), proof, self.root)
        origin = Checkpoint.read(note).origin
        if self.origin and origin != f"{self.origin}/s/{session_of(origin)}":
            raise IntegrityError(f"a checkpoint of {origin} stands in the installation log {self.origin}")
