"""
The promises of a store that outlives its process: reopened, opened twice, and from another process.

.. code-block:: python

    @pytest.mark.parametrize("check", LASTING_CHECKS, ids=lambda check: check.__name__)
    def test_my_store_lasts(check, tmp_path):
        numbers = count()
        check(lambda: partial(MyStore, tmp_path / str(next(numbers))))
"""

import multiprocessing
from collections.abc import Callable
from threading import Thread
from typing import Any, Final

from attrs import evolve

from afwegen.errors import ConflictError
from afwegen.log.merkle import leaf_hash, root
from afwegen.stores.contract import Batch, Call, PersonRow, Store, VaultRow
from afwegen.stores.feeding import FeedItem
from afwegen.testing.promises import expect, hold_to

__all__ = ["LASTING_CHECKS", "Opener", "Place", "check_lasting"]

Opener = Callable[[], Store]
"""Opens the store at one place, as often as it is called; must bear to be pickled."""

Place = Callable[[], Opener]
"""Returns an opener for a place where nothing is yet, one after another."""

Check = Callable[[Place], None]

_WRITERS, _ACTS = 4, 12
_FIRST: Final = Batch(
    session="wijk",
    expected=0,
    entries=(b'{"n":0}', b"\x00\xff", b""),
    vault=(VaultRow(seq=2, part=0, subjects=("p_1",), payload=b"judgement"),),
    people=(PersonRow(seq=0, pseudonym="p_1", payload=b"anna"),),
    call=Call(key_mac=b"k" * 32, call_mac=b"c" * 32),
    secret=bytes(range(32)),
)


def check_lasting(place: Place) -> None:
    """
    Check what is promised of a store that outlives its process.

    Args:
        place: Returns an opener for a new, empty place.

    Raises:
        AssertionError: A promise is broken; it says which.
    """
    hold_to(LASTING_CHECKS, place)


def what_was_appended_is_there_after_reopening(place: Place) -> None:
    """All of it: entries, vault, people, keys, frontier, secret, and every cursor of the feed."""
    opened = place()
    with opened() as store:
        store.append(_FIRST)
        before, feed = _everything(store), store.feed()
    for _ in range(2):
        with opened() as store:
            expect(_everything(store) == before, "nothing is other than it was")
            expect(store.feed(feed[0].cursor) == feed[1:], "a cursor that was kept is good")
            expect(store.append(_FIRST).repeated, "an idempotency key is remembered")
    with opened() as store:
        store.append(_next(3))
        expect([stored.seq for stored in store.read("wijk")] == [0, 1, 2, 3], "the log goes on where it was")


def two_that_are_open_see_each_other(place: Place) -> None:
    """What one has appended the other reads at once, and what it expected no longer fits."""
    opened = place()
    with opened() as ours, opened() as theirs:
        ours.append(_FIRST)
        theirs.append(_next(3))
        expect(ours.head("wijk") == theirs.head("wijk"), "both see the same")
        expect(_everything(ours) == _everything(theirs), "all of it")
        try:
            ours.append(_next(3))
        except ConflictError as refused:
            expect((refused.expected, refused.found) == (3, 4), "a refusal tells both lengths")
        else:
            raise AssertionError("what the other appended was overwritten")


def another_process_loses_and_doubles_nothing(place: Place) -> None:
    """Three processes on one session, each retrying after a conflict: every act stands there once, in its order."""
    opened = place()
    names = (b"anna", b"ben", b"cor")
    with opened() as store:
        store.append(_FIRST)
        apart = multiprocessing.get_context("spawn")
        others = [apart.Process(target=_write_elsewhere, args=(opened, name)) for name in names]
        for process in others:
            process.start()
        for process in others:
            process.join()
        expect([process.exitcode for process in others] == [0, 0, 0], "every process finishes")
        entries = [stored.entry for stored in store.read("wijk", 3)]
        for name in names:
            mine = [entry for entry in entries if entry.startswith(name)]
            expect(mine == [b"%s %d" % (name, act) for act in range(_ACTS)], f"{name!r} finds all its acts")
        expect(len(entries) == len(names) * _ACTS, "nothing stands there besides")
        leaves = [leaf_hash(stored.entry) for stored in store.read("wijk")]
        expect(store.head("wijk").frontier.root == root(leaves), "the root is that of the entries")


def _write_elsewhere(opened: Opener, name: bytes) -> None:
    with opened() as store:
        for act in range(_ACTS):
            expected = store.head("wijk").length
            while True:
                try:
                    store.append(_next(expected, b"%s %d" % (name, act)))
                except ConflictError as refused:
                    expect(refused.expected == expected != refused.found, "a refusal says what is there")
                    expected = refused.found
                else:
                    break


def a_follower_elsewhere_misses_nothing(place: Place) -> None:
    """Writers with a store each, on sessions of their own, while another reads: every act comes once, in order."""
    opened = place()
    names = [f"wijk-{writer}" for writer in range(_WRITERS)]
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            with opened() as store:
                for act in range(_ACTS):
                    store.append(evolve(_next(act), session=name, secret=None if act else bytes(32)))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            failures.append(error)

    with opened() as reader:
        threads = [Thread(target=write, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        told: list[FeedItem] = []
        idle = False
        while not idle:
            idle = not any(thread.is_alive() for thread in threads)
            while page := reader.feed(told[-1].cursor if told else None, 3):
                told += page
        expect(not failures, f"writers meet no failure, not {failures}")
        for name in names:
            seqs = [item.seq for item in told if item.session == name]
            expect(seqs == list(range(_ACTS)), f"all of {name}, once, in order, not {seqs}")


LASTING_CHECKS: Final[tuple[Check, ...]] = (
    what_was_appended_is_there_after_reopening,
    two_that_are_open_see_each_other,
    another_process_loses_and_doubles_nothing,
    a_follower_elsewhere_misses_nothing,
)
"""Every promise, in the order in which to read them."""


def _next(expected: int, entry: bytes = b"{}") -> Batch:
    return Batch(session="wijk", expected=expected, entries=(entry,))


def _everything(store: Store) -> tuple[Any, ...]:
    return (
        store.sessions(),
        list(store.read("wijk")),
        list(store.leaves("wijk")),
        store.people("wijk"),
        store.call("wijk", b"k" * 32),
        store.feed(),
    )
