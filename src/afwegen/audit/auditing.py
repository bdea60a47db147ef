"""Verification of everything at once: a bundle, or a whole store, in the memory that one session takes."""

import os
from collections.abc import Callable, Iterable
from typing import Final

from attrs import frozen

from afwegen.audit.bundle import Bundle, BundledSession
from afwegen.audit.checkpoints import Checkpoint, session_of
from afwegen.audit.installation import InstallationCheck, leaves_of
from afwegen.audit.keys import KeyList
from afwegen.audit.report import NAMES, Level, Tally, all_passed, required_levels
from afwegen.audit.verification import ALL_LEVELS, UNSIGNED, Readable, SessionCheck, levels_of
from afwegen.errors import IntegrityError
from afwegen.log.frontier import Frontier
from afwegen.stores.contract import Store

__all__ = ["BundleReport", "verify_bundle", "verify_installation", "verify_store"]

Progress = Callable[[int, int], None]

_NOBODY_SIGNED: Final = "signatures: keys were given, and there is no checkpoint that they could have signed"


@frozen(kw_only=True)
class BundleReport:
    """
    What a verification of many sessions found.

    Attributes:
        sessions: How many were looked at.
        records: How many records they have.
        leaves: How many leaves the installation log has.
        withheld: How many of these are of sessions that are not here.
        levels: The seven, over all sessions and the installation log.
        required: The levels that must have passed, not merely not have failed.
    """

    sessions: int
    records: int
    leaves: int
    withheld: int
    levels: tuple[Level, ...]
    required: tuple[int, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether nothing failed, and everything required passed."""
        return all_passed(self.levels, self.required)

    @property
    def exit_code(self) -> int:
        """Return 0 where it passed, else 1."""
        return 0 if self.passed else 1

    def __getitem__(self, number: int) -> Level:
        """Return a level by its number."""
        return self.levels[number - 1]


def verify_bundle(
    path: str | os.PathLike[str],
    *,
    keys: KeyList | None = None,
    since: Iterable[Checkpoint] = (),
    require: Iterable[int] = (),
    levels: Iterable[int] = ALL_LEVELS,
    on_progress: Progress | None = None,
) -> BundleReport:
    """
    Verify a bundle, level by level, without its store and without a network.

    Args:
        path: The file.
        keys: Whom to trust, from elsewhere; without them signatures are NOT CHECKED.
        since: Checkpoints that somebody held from before.
        require: Levels that must pass: NOT CHECKED is then not enough.
        levels: Those to go through.
        on_progress: Called after each session, with how many were looked at and how many there are.

    Raises:
        FormatError: The file is no bundle: cut off, packed otherwise, or with lines that say nothing.
        AfwegenError: A required level does not exist.
        MissingExtra: Keys were given, and the package cryptography is not installed.
    """
    required = required_levels(require)
    bundle = Bundle(path)
    audit = _Audit(keys, tuple(since), frozenset(required_levels(levels)), disclosed=bundle.openings)
    audit.installation.run(bundle.leaves(), bundle.kept())
    places = 0
    for session in bundle.each():
        places += audit.look_at_places(session)
        audit.look(session, session.id, len(session.stored), session.root)
        if on_progress is not None:
            on_progress(audit.sessions, bundle.sessions)
    return audit.report(places, required)


def verify_store(
    store: Store,
    *,
    keys: KeyList | None = None,
    since: Iterable[Checkpoint] = (),
    require: Iterable[int] = (),
    on_progress: Progress | None = None,
) -> BundleReport:
    """
    Verify a whole store: every session, and the installation log over them.

    Args:
        store: The store.
        keys: Whom to trust, from elsewhere; without them signatures are NOT CHECKED.
        since: Checkpoints that somebody held from before.
        require: Levels that must pass: NOT CHECKED is then not enough.
        on_progress: Called after each session, with how many were looked at and how many there are.

    Raises:
        StoreError: The store cannot be read.
        AfwegenError: A required level does not exist.
        MissingExtra: Keys were given, and the package cryptography is not installed.
    """
    required = required_levels(require)
    audit = _Audit(keys, tuple(since), ALL_LEVELS, disclosed=True)
    audit.look_at_installation(store)
    heads = store.sessions()
    places = 0
    for head in heads:
        places += len(store.entered_of(head.id))
        audit.look(store, head.id, head.length, head.frontier.root, holding=store, frontier=head.frontier)
        if on_progress is not None:
            on_progress(audit.sessions, len(heads))
    return audit.report(places, required)


def verify_installation(
    store: Store,
    *,
    keys: KeyList | None = None,
    since: Iterable[Checkpoint] = (),
    require: Iterable[int] = (),
) -> BundleReport:
    """
    Verify the installation log of a store, and that no session it tells of is missing; not the sessions themselves.

    Args:
        store: The store.
        keys: Whom to trust, from elsewhere.
        since: Checkpoints that somebody held from before; of those of sessions, only whether the session is there.
        require: Of levels 2 and 3, those that must pass.

    Raises:
        StoreError: The store cannot be read.
        AfwegenError: A required level does not exist.
        MissingExtra: Keys were given, and the package cryptography is not installed.
    """
    required = tuple(number for number in required_levels(require) if number in {2, 3})
    audit = _Audit(keys, tuple(since), frozenset({2, 3}), disclosed=True)
    audit.look_at_installation(store)
    places = 0
    for head in store.sessions():
        audit.held.pop(head.id, None)
        places += len(store.entered_of(head.id))
    audit.counts[2] = audit.tallies[2].judged = audit.installation.frontier.size
    return audit.report(places, required)


class _Audit:
    """Everything being verified: what was found of each session comes together here."""

    def __init__(
        self, keys: KeyList | None, since: tuple[Checkpoint, ...], levels: frozenset[int], *, disclosed: bool
    ) -> None:
        self.levels = levels
        self.disclosed = disclosed
        self.tallies = {number: Tally(number) for number in NAMES}
        self.counts = dict.fromkeys(NAMES, 0)
        self.sessions = 0
        self.records = 0
        self.signed = 0
        self.tail = 0
        self.held: dict[str, list[Checkpoint]] = {}
        for checkpoint in since:
            self.held.setdefault(session_of(checkpoint.origin), []).append(checkpoint)
        of_installation = self.held.pop("", [])
        self.installation = InstallationCheck(keys, of_installation, UNSIGNED)
        self.counts[3] = len(of_installation)
        self.tallies[3].judged = len(of_installation)

    def look_at_installation(self, store: Store) -> None:
        """Verify the installation log of a store."""
        try:
            kept = store.kept()
            self.installation.run(leaves_of(store), (note for _, note in kept))
            if any(f"\n{size}\n".encode() not in note for size, note in kept):
                self.tallies[2].fail("a checkpoint of the installation log stands under another size")
            if self.installation.frontier != store.installation():
                self.tallies[2].fail("the stored edge of the installation log is not that of its leaves")
        except IntegrityError as error:
            self.tallies[2].fail(error)

    def look_at_places(self, session: BundledSession) -> int:
        """Verify that the checkpoints of a session stand in the installation log, each at a place of its own."""
        last = -1
        for line in session.lines:
            if line.index <= last:
                self.tallies[2].fail(f"{session.id}: checkpoints come in the order of the installation log, each once")
            last = line.index
            try:
                self.installation.place(line.index, line.proof, line.note)
            except IntegrityError as error:
                self.tallies[2].fail(f"{session.id}: {error}")
        return len(session.lines)

    def look(
        self,
        source: Readable,
        session: str,
        length: int,
        root: bytes,
        *,
        holding: Store | None = None,
        frontier: Frontier | None = None,
    ) -> None:
        """Verify one session."""
        self.sessions += 1
        check = SessionCheck(
            source,
            session,
            length,
            keys=self.installation.keys,
            since=tuple(self.held.pop(session, ())),
            levels=self.levels,
            disclosed=self.disclosed,
            holding=holding,
        )
        check.run()
        check.compare_with(root, frontier)
        self.records += check.seen
        self.signed += check.signed
        self.tail += check.tail
        check.tallies[2].left_open.clear()
        for number, count in check.counts().items():
            self.counts[number] += count
            self.tallies[number].absorb(check.tallies[number], session)

    def _say_what_nobody_signed(self, roots: Tally) -> None:
        check = self.installation
        leaves = max(check.frontier.size - check.newest, 0)
        if check.keys is None:
            if self.signed or check.origin:
                roots.leave_open(UNSIGNED)
        elif not (self.signed or check.origin):
            roots.leave_open(_NOBODY_SIGNED)
        elif self.tail or leaves:
            newer = f"{self.tail:,} records and {leaves:,} leaves are newer than the newest checkpoint"
            roots.leave_open(f"signatures: {newer}")

    def report(self, places: int, required: tuple[int, ...]) -> BundleReport:
        """Bring everything together."""
        roots, earlier, check = self.tallies[2], self.tallies[3], self.installation
        roots.absorb(check.roots, "installation")
        earlier.absorb(check.earlier, "installation")
        if places != check.told:
            roots.fail(
                f"the installation log tells of {check.told} checkpoints of sessions, and {places} are here:"
                " a session is missing, or more is here than was signed for"
            )
        self._say_what_nobody_signed(roots)
        for session, held in self.held.items():
            self.counts[3] += len(held)
            earlier.judged += len(held)
            earlier.fail(f"a checkpoint is held of {held[0].origin}, and session {session} is not here")
        return BundleReport(
            sessions=self.sessions,
            records=self.records,
            leaves=check.frontier.size,
            withheld=check.withheld,
            levels=levels_of(self.tallies, self.counts, self.levels, signed=bool(self.signed or check.origin)),
            required=required,
        )
