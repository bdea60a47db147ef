"""
The promises of a store, each a small named check, for whoever writes one.

.. code-block:: python

    @pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
    def test_my_store_keeps_its_promises(check):
        check(make_an_empty_store)
"""

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any, Final, TypeVar

from attrs import evolve

from afwegen.errors import AfwegenError, CodecError, ConflictError, RuleViolation, StoreError, UnknownSession
from afwegen.log.frontier import EMPTY
from afwegen.log.merkle import EMPTY_ROOT, leaf_hash, root
from afwegen.stores.contract import (
    LARGEST_ENTRY,
    Appended,
    Batch,
    Call,
    Forgetting,
    Leaf,
    PersonRow,
    Store,
    Stored,
    VaultRow,
)
from afwegen.stores.feeding import FeedItem
from afwegen.testing.promises import expect, hold_to

__all__ = ["STORE_CHECKS", "Check", "Factory", "check_store"]

Factory = Callable[[], Store]
"""Makes an empty store, open, one after another."""

Check = Callable[[Factory], None]

Raised = TypeVar("Raised", bound=AfwegenError)

_SECRET = bytes(range(32))
_LOGS: Final = ("wijk", "buurt", "")
_CALL = Call(key_mac=b"k" * 32, call_mac=b"c" * 32)
_ENTRIES = (b"{}", b"\x00\xff no text at all", b"")
_BOTH: Final = VaultRow(seq=1, part=1, subjects=("p_1", "p_2"), payload=b"both")
_WRITERS, _ACTS = 4, 12


def check_store(factory: Factory) -> None:
    """
    Check every promise of a store, on a fresh one each.

    >>> from afwegen.stores import open_store
    >>> check_store(lambda: open_store("memory:"))

    Args:
        factory: Makes an empty store.

    Raises:
        AssertionError: A promise is broken; it says which.
    """
    hold_to(STORE_CHECKS, factory)


def an_empty_store_has_no_sessions(factory: Factory) -> None:
    """The empty case: nothing is there, nothing is made up."""
    with factory() as store:
        expect(store.sessions() == (), "an empty store lists no session")


def entries_come_back_verbatim(factory: Factory) -> None:
    """What is read is what was appended, octet for octet, in order, with its sequence numbers."""
    with factory() as store:
        expect(store.append(_batch()) == Appended(first=0, count=3), "it says where the batch stands")
        expected = [Stored(seq=seq, entry=entry) for seq, entry in enumerate(_ENTRIES)]
        expect(list(store.read("wijk")) == expected, "octets come back as they went in")


def batches_follow_each_other(factory: Factory) -> None:
    """The next batch stands after the last, without a gap."""
    with factory() as store:
        store.append(_batch())
        expect(store.append(_next(3)) == Appended(first=3, count=3), "the second begins where the first ended")
        expect([stored.seq for stored in store.read("wijk")] == list(range(6)), "there is no gap")


def sessions_come_in_the_order_they_were_made(factory: Factory) -> None:
    """The order of creation, whatever their names, and each with its own secret."""
    with factory() as store:
        for number, session in enumerate(("zuid", "noord", "9-straatjes")):
            store.append(evolve(_batch(), session=session, secret=bytes([number]) * 32))
        store.append(evolve(_next(3), session="zuid"))
        heads = store.sessions()
        expect([head.id for head in heads] == ["zuid", "noord", "9-straatjes"], "the oldest comes first")
        expect([head.secret[0] for head in heads] == [0, 1, 2], "each has the secret it was made with")
        expect([head.length for head in heads] == [6, 3, 3], "each has its own length")
        expect(heads[1] == store.head("noord"), "the list shows what head shows")


def an_unknown_session_is_refused(factory: Factory) -> None:
    """Every question about a session that is not there says so at once, and makes none."""
    with factory() as store:
        asked: tuple[Callable[[], object], ...] = (
            lambda: store.head("nergens"),
            lambda: store.read("nergens"),
            lambda: store.leaves("nergens"),
            lambda: store.subjects("nergens"),
            lambda: store.people("nergens"),
            lambda: store.call("nergens", b"k" * 32),
            lambda: store.append(evolve(_next(3), session="nergens")),
        )
        for ask in asked:
            _refusal(UnknownSession, ask)
        expect(store.sessions() == (), "asking makes no session")


def a_conflict_appends_nothing(factory: Factory) -> None:
    """Another length than expected is refused with both lengths, and nothing of the batch is kept."""
    with factory() as store:
        store.append(_batch())
        before = store.head("wijk")
        for stale in (_batch(), _next(2), _next(4)):
            error = _refusal(ConflictError, partial(store.append, stale))
            expect((error.expected, error.found) == (stale.expected, 3), "both lengths are told")
        expect(store.head("wijk") == before, "a refused batch leaves no trace")


def a_batch_is_all_or_nothing(factory: Factory) -> None:
    """A batch that fails on its last row leaves none of its entries, rows or keys, and the store works on."""
    with factory() as store:
        anna = PersonRow(seq=0, pseudonym="p_1", payload=b"anna")
        store.append(evolve(_batch(), people=(anna,)))
        before = store.head("wijk")
        again = evolve(
            _next(3),
            vault=(VaultRow(seq=3, part=0, subjects=("p_1",), payload=b"7"),),
            people=(PersonRow(seq=3, pseudonym="p_2", payload=b"ben"), evolve(anna, seq=4)),
            call=_CALL,
        )
        _refusal(StoreError, lambda: store.append(again))
        expect(store.head("wijk") == before, "no entry is kept")
        expect(store.people("wijk") == (anna,), "no person is kept")
        expect(store.call("wijk", _CALL.key_mac) is None, "no key is kept")
        store.append(_next(3))
        expect(all(not stored.vault for stored in store.read("wijk")), "no vault row is kept")


def a_session_that_fails_to_start_is_not_there(factory: Factory) -> None:
    """A first batch that is refused makes no session."""
    with factory() as store:
        twice = (PersonRow(seq=0, pseudonym="p_1", payload=b""), PersonRow(seq=1, pseudonym="p_1", payload=b""))
        _refusal(StoreError, lambda: store.append(evolve(_batch(), people=twice)))
        expect(store.sessions() == (), "no session is half made")


def the_root_is_that_of_the_entries(factory: Factory) -> None:
    """Frontier and leaves are those of the entries, after every batch, of whatever size."""
    with factory() as store:
        entries: list[bytes] = []
        for size in (1, 2, 1, 3, 8, 1):
            batch = tuple(b"%d" % (len(entries) + each) for each in range(size))
            store.append(evolve(_next(len(entries)), entries=batch))
            entries += batch
            leaves = [leaf_hash(entry) for entry in entries]
            head = store.head("wijk")
            expect(head.frontier == EMPTY.extend(leaves), "the frontier is that of the entries")
            expect(head.frontier.root == root(leaves) != EMPTY_ROOT, "so is the root")
            expect(list(store.leaves("wijk")) == leaves, "so are the leaves")


def a_key_is_appended_once(factory: Factory) -> None:
    """The same key and call return the first records, although the expected length no longer fits."""
    with factory() as store:
        store.append(_batch())
        keyed = evolve(_next(3), call=_CALL)
        store.append(keyed)
        store.append(_next(6))
        for repeat in (keyed, evolve(keyed, expected=9), evolve(_batch(), call=_CALL)):
            expect(store.append(repeat) == Appended(first=3, count=3, repeated=True), "the first records answer")
        expect(store.head("wijk").length == 9, "a repeat appends nothing")
        expect(store.call("wijk", _CALL.key_mac) == (3, 3), "the key can be asked for")


def a_key_belongs_to_one_call(factory: Factory) -> None:
    """The same key for another call is refused as a breach of the rules, not as a conflict, and appends nothing."""
    with factory() as store:
        store.append(evolve(_batch(), call=_CALL))
        other = evolve(_next(3), call=evolve(_CALL, call_mac=b"x" * 32))
        _refusal(RuleViolation, lambda: store.append(other))
        expect(store.head("wijk").length == 3, "nothing was appended")
        expect(store.call("wijk", b"n" * 32) is None, "a new key is new")


def a_key_belongs_to_one_session(factory: Factory) -> None:
    """Another session may use the same key."""
    with factory() as store:
        store.append(evolve(_batch(), call=_CALL))
        appended = store.append(evolve(_batch(), session="noord", call=_CALL))
        expect(appended == Appended(first=0, count=3), "keys of two sessions do not meet")


def vault_rows_come_with_their_entry(factory: Factory) -> None:
    """Each entry brings its vault rows, in the order of the parts, whatever order they were given in."""
    with factory() as store:
        rows = (
            VaultRow(seq=1, part=1, subjects=("p_1", "p_2"), payload=b"both"),
            VaultRow(seq=1, part=0, subjects=("p_1",), payload=b"\x00one"),
            VaultRow(seq=2, part=0, subjects=(), payload=b""),
        )
        store.append(evolve(_batch(), vault=rows))
        read = [stored.vault for stored in store.read("wijk")]
        expect(read == [(), ((0, b"\x00one"), (1, b"both")), ((0, b""),)], "rows stand with their entry")


def subjects_come_by_record(factory: Factory) -> None:
    """Whom each vault row is about, by record, by part, by pseudonym: that of which nobody is the subject has none."""
    with factory() as store:
        rows = (
            VaultRow(seq=1, part=1, subjects=("p_2", "p_1"), payload=b"both"),
            VaultRow(seq=1, part=0, subjects=("p_1",), payload=b"one"),
            VaultRow(seq=2, part=0, subjects=(), payload=b"of nobody"),
        )
        store.append(evolve(_batch(), vault=rows))
        store.append(evolve(_next(3), vault=(VaultRow(seq=4, part=0, subjects=("p_1",), payload=b"later"),)))
        said = [(1, 0, "p_1"), (1, 1, "p_1"), (1, 1, "p_2"), (4, 0, "p_1")]
        expect(list(store.subjects("wijk")) == said, "all of them come")
        expect(list(store.subjects("wijk", 2)) == said[3:], "the earlier ones can be left out")
        expect(list(store.subjects("wijk", 0, 4)) == said[:3], "so can the later ones")


def people_come_by_record(factory: Factory) -> None:
    """Who is behind the pseudonyms, by the record that first shows each, then by pseudonym."""
    with factory() as store:
        ben, anna = (PersonRow(seq=1, pseudonym=name, payload=b"key") for name in ("p_2", "p_1"))
        cor, again = (PersonRow(seq=seq, pseudonym="p_0", payload=b"key") for seq in (3, 4))
        store.append(evolve(_batch(), people=(ben, anna)))
        store.append(evolve(_next(3), people=(cor,)))
        expect(store.people("wijk") == (anna, ben, cor), "they come by record")
        expect(store.people("wijk", 2) == (cor,), "the earlier ones can be left out")
        expect(store.people("wijk", 2**70) == (), "beyond the end is nobody")
        _refusal(StoreError, lambda: store.append(evolve(_next(6), people=(evolve(again, seq=6),))))


def a_part_of_the_log_can_be_read(factory: Factory) -> None:
    """Start and stop cut the log; beyond its end is nothing; negative numbers are refused."""
    with factory() as store:
        store.append(evolve(_batch(), entries=tuple(b"%d" % each for each in range(600))))
        spans: tuple[tuple[int, int | None], ...] = (
            (0, None),
            (250, 520),
            (599, 700),
            (600, None),
            (2**70, None),
            (5, 5),
            (7, 2),
        )
        for start, stop in spans:
            seqs = list(range(600))[start:stop]
            expect([stored.seq for stored in store.read("wijk", start, stop)] == seqs, f"from {start} to {stop}")
            leaves = [leaf_hash(b"%d" % seq) for seq in seqs]
            expect(list(store.leaves("wijk", start, stop)) == leaves, f"leaves from {start} to {stop}")
        _refusal(StoreError, lambda: store.read("wijk", -1))
        _refusal(StoreError, lambda: store.leaves("wijk", 0, -1))


def a_reader_sees_the_log_as_it_was(factory: Factory) -> None:
    """What is appended after a reader asked is not for that reader; the next one sees it."""
    with factory() as store:
        store.append(_batch())
        reader = store.read("wijk")
        first = next(reader)
        store.append(_next(3))
        expect([stored.seq for stored in (first, *reader)] == [0, 1, 2], "a prefix, as long as it was")
        expect(len(list(store.read("wijk"))) == 6, "the next reader sees the news")


def large_entries_are_refused(factory: Factory) -> None:
    """An entry of 32768 octets is kept, a larger one refused with its size."""
    with factory() as store:
        error = _refusal(CodecError, lambda: store.append(evolve(_batch(), entries=(b"x" * (LARGEST_ENTRY + 1),))))
        expect(error.got == LARGEST_ENTRY + 1, "the size is told")
        expect(store.sessions() == (), "nothing was appended")
        store.append(evolve(_batch(), entries=(b"x" * LARGEST_ENTRY,)))
        expect([len(stored.entry) for stored in store.read("wijk")] == [LARGEST_ENTRY], "the largest fits")


def contradictions_are_refused(factory: Factory) -> None:
    """A batch that cannot be right is refused before it touches the store."""
    change: Callable[..., Any] = evolve  # wrong types are the point
    row = VaultRow(seq=0, part=0, subjects=(), payload=b"")
    person = PersonRow(seq=0, pseudonym="p_1", payload=b"")
    wrong: tuple[Batch, ...] = (
        change(_batch(), entries=()),
        change(_batch(), entries=("text",)),
        change(_batch(), entries=(bytearray(b"{}"),)),
        change(_batch(), expected=-1),
        change(_batch(), secret=None),
        change(_batch(), secret=b"short"),
        change(_next(3), secret=_SECRET),
        *(change(_batch(), session=name) for name in ("", "Wijk", "-wijk", "a b", "w\n", "é", "\ud800", "x" * 65)),
        change(_batch(), vault=(change(row, seq=3),)),
        change(_batch(), vault=(change(row, seq=-1),)),
        change(_batch(), vault=(change(row, payload="text"),)),
        change(_batch(), vault=(change(row, part=-1),)),
        change(_batch(), vault=(change(row, part=2**63),)),
        change(_batch(), vault=(row, row)),
        change(_batch(), vault=(change(row, subjects=("p_1", "p_1")),)),
        change(_batch(), vault=(change(row, subjects=("\ud800",)),)),
        change(_batch(), people=(change(person, seq=3),)),
        change(_batch(), people=(change(person, pseudonym=1),)),
        change(_batch(), people=(person, change(person, seq=1))),
        change(_batch(), call=change(_CALL, key_mac=b"short")),
        change(_batch(), call=change(_CALL, call_mac="x" * 32)),
    )
    with factory() as store:
        for batch in wrong:
            _refusal(AfwegenError, partial(store.append, batch))
        expect(store.sessions() == (), "nothing was appended")


def the_installation_log_grows(factory: Factory) -> None:
    """Notes come back verbatim and in order, by session too, and the edge is that of their hashes."""
    with factory() as store:
        expect(store.installation() == EMPTY and list(store.entered()) == [], "it begins empty")
        leaves = tuple(
            Leaf(session=name, size=at + 1 if name else 0, note=b"\x00%d" % at) for at, name in enumerate(_LOGS * 200)
        )
        for at in range(0, len(leaves), 7):
            store.enter(at, leaves[at : at + 7])
        expect(tuple(store.entered()) == leaves, "they come back in order")
        expect(tuple(store.entered(3, 400)) == leaves[3:400], "a part of them can be read")
        expect(store.installation() == EMPTY.extend(leaf_hash(leaf.note) for leaf in leaves), "the edge is theirs")
        mine = tuple((at, leaf) for at, leaf in enumerate(leaves) if leaf.session == "wijk")
        expect(store.entered_of("wijk") == mine and len(mine) == 200, "a session finds its own")
        expect(store.entered_of("nergens") == (), "of an unknown session there is nothing")


def the_installation_log_refuses(factory: Factory) -> None:
    """Another length is a conflict; a leaf that contradicts itself is refused; nothing of either is kept."""
    change: Callable[..., Any] = evolve
    leaf = Leaf(session="wijk", size=1, note=b"note")
    with factory() as store:
        store.enter(0, (leaf,))
        for stale in (0, 2):
            error = _refusal(ConflictError, partial(store.enter, stale, (leaf,)))
            expect((error.expected, error.found) == (stale, 1), "both lengths are told")
        wrong = ({"note": "text"}, {"note": b""}, {"note": b"x" * (LARGEST_ENTRY + 1)}, {"session": "W"}, {"size": 0})
        for fields in (*wrong, {"session": "", "size": 1}, {"size": -1}):
            _refusal(AfwegenError, partial(store.enter, 1, (leaf, change(leaf, **fields))))
        _refusal(StoreError, lambda: store.enter(1, ()))
        _refusal(StoreError, lambda: store.entered(-1))
        expect(store.installation().size == 1 and len(list(store.entered())) == 1, "nothing was entered")


def checkpoints_are_kept(factory: Factory) -> None:
    """A checkpoint stays as it is; signatures come under it, and no other text in its place."""
    with factory() as store:
        store.enter(0, tuple(Leaf(session="", size=0, note=b"%d" % at) for at in range(5)))
        store.keep(3, b"three")
        store.keep(2, b"two")
        store.keep(3, b"three and a signature")
        store.keep(3, b"three and a signature")
        for other in (b"three", b"another", b""):
            _refusal(AfwegenError, partial(store.keep, 3, other))
        for size in (0, 6, -1):
            _refusal(StoreError, partial(store.keep, size, b"none"))
        expect(store.kept() == ((2, b"two"), (3, b"three and a signature")), "they come by size")
        expect(store.kept(3) == ((3, b"three and a signature"),), "the smaller ones can be left out")


def people_find_what_is_about_them(factory: Factory) -> None:
    """Every vault row that somebody is a subject of can be found, by record and part, and no other."""
    with factory() as store:
        store.append(_with_people())
        store.append(evolve(_batch(), session="noord", vault=(_BOTH,)))
        expect(store.about("wijk", "p_1") == ((0, 0), (1, 1)), "in order, of this session only")
        expect(store.about("wijk", "p_2") == ((1, 0), (1, 1)), "each subject of a row finds it")
        expect(store.about("wijk", "p_3") == (), "of nobody there is nothing")
        _refusal(UnknownSession, lambda: store.about("nergens", "p_1"))


def what_is_forgotten_is_gone(factory: Factory) -> None:
    """Rows and people go, entries, roots and all that is others' stay; forgetting again changes nothing."""
    with factory() as store:
        store.append(_with_people())
        store.append(evolve(_batch(), session="noord", vault=(_BOTH,)))
        before = store.head("wijk"), [stored.entry for stored in store.read("wijk")]
        forgetting = Forgetting(
            session="wijk",
            rows=((0, 0), (1, 1), (2, 7)),
            people=("p_1", "p_9"),
            instead=((1, 0, b"less"), (2, 7, b"no")),
        )
        _refusal(StoreError, lambda: store.forget(forgetting))
        for _ in range(2):
            store.forget(evolve(forgetting, instead=((1, 0, b"less"), (2, 8, b"none"))))
            expect([stored.vault for stored in store.read("wijk")] == [(), ((0, b"less"),), ()], "the rows are gone")
            expect([row.pseudonym for row in store.people("wijk")] == ["p_2"], "so is the person")
            expect(store.about("wijk", "p_1") == (), "nothing is about them any more")
            expect(store.about("wijk", "p_2") == ((1, 0),), "what is left of a row is about whom it was about")
        expect((store.head("wijk"), [stored.entry for stored in store.read("wijk")]) == before, "the log stands")
        expect(next(store.read("noord", 1)).vault == ((1, b"both"),), "another session is another's")
        _refusal(UnknownSession, lambda: store.forget(Forgetting(session="nergens", people=("p_1",))))


def the_feed_forgets_too(factory: Factory) -> None:
    """Who reads the feed from the beginning finds every entry, and of what was forgotten nothing."""
    with factory() as store:
        store.append(_with_people())
        before = store.feed()
        store.forget(Forgetting(session="wijk", rows=((0, 0), (1, 1))))
        after = store.feed()
        expect([item.vault for item in after] == [(), ((0, b"two"),), ()], "of what was forgotten it tells nothing")
        expect([evolve(item, vault=()) for item in before] == [evolve(item, vault=()) for item in after], "all is told")


def a_forgotten_call_still_has_its_key(factory: Factory) -> None:
    """What was called is forgotten, and not that the key was used: it answers with the first records, for any call."""
    with factory() as store:
        store.append(_batch())
        store.append(evolve(_next(3), call=_CALL))
        other = evolve(_next(6), call=evolve(_CALL, call_mac=b"x" * 32))
        store.forget(Forgetting(session="wijk", calls=(0, 2)))
        _refusal(RuleViolation, lambda: store.append(other))
        store.forget(Forgetting(session="wijk", calls=(4,)))
        for batch in (other, evolve(other, call=_CALL)):
            expect(store.append(batch) == Appended(first=3, count=3, repeated=True), "the first records answer")
        expect(store.head("wijk").length == 6, "nothing is appended a second time")


def scrubbing_may_be_repeated(factory: Factory) -> None:
    """The store says that it is to be scrubbed until it has been, and holds afterwards what it held."""
    with factory() as store:
        store.append(_with_people())
        expect(not store.unscrubbed(), "nothing was forgotten yet")
        store.forget(Forgetting(session="wijk", rows=((0, 0),)))
        expect(store.unscrubbed(), "it says so until it is done")
        before = store.head("wijk"), list(store.read("wijk")), store.people("wijk"), store.feed()
        for _ in range(2):
            store.scrub()
            expect(not store.unscrubbed(), "then it is done")
        after = store.head("wijk"), list(store.read("wijk")), store.people("wijk"), store.feed()
        expect(after == before, "nothing else is changed")
        store.append(_next(3))


def _with_people() -> Batch:
    """Return a batch whose vault rows are about two people, in three sets."""
    rows = (
        VaultRow(seq=0, part=0, subjects=("p_1",), payload=b"one"),
        VaultRow(seq=1, part=0, subjects=("p_2",), payload=b"two"),
        _BOTH,
    )
    people = tuple(PersonRow(seq=0, pseudonym=name, payload=b"key") for name in ("p_1", "p_2"))
    return evolve(_batch(), vault=rows, people=people)


def a_closed_store_refuses(factory: Factory) -> None:
    """Closing twice is nothing; every question after it is refused, also by a reader under way."""
    store = factory()
    store.append(evolve(_batch(), entries=(b"{}",) * 600))
    reader = store.read("wijk")
    next(reader)
    store.close()
    store.close()
    asked: tuple[Callable[[], object], ...] = (
        store.sessions,
        lambda: store.head("wijk"),
        lambda: store.append(_next(600)),
        lambda: store.call("wijk", b"k" * 32),
        lambda: store.read("wijk"),
        lambda: store.people("wijk"),
        lambda: list(reader),
        store.installation,
        lambda: store.enter(0, (Leaf(session="", size=0, note=b"x"),)),
        lambda: store.entered_of("wijk"),
        store.kept,
        lambda: store.about("wijk", "p_1"),
        lambda: store.forget(Forgetting(session="wijk")),
        store.unscrubbed,
        store.scrub,
    )
    for ask in asked:
        _refusal(StoreError, ask)


def writers_lose_and_double_nothing(factory: Factory) -> None:
    """Several threads on one session, each retrying after a conflict: every act stands there once, in its order."""
    with factory() as store:
        store.append(_batch())
        failures: list[BaseException] = []
        threads = [Thread(target=_write, args=(store, writer, failures)) for writer in range(_WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect(not failures, f"writers meet conflicts only, not {failures}")
        entries = [stored.entry for stored in store.read("wijk", 3)]
        for writer in range(_WRITERS):
            mine = [entry for entry in entries if entry.startswith(b"%d " % writer)]
            expect(mine == [b"%d %d" % (writer, act) for act in range(_ACTS)], f"writer {writer} finds all its acts")
        expect(len(entries) == _WRITERS * _ACTS, "nothing stands there besides")
        leaves = [leaf_hash(stored.entry) for stored in store.read("wijk")]
        expect(store.head("wijk").frontier.root == root(leaves), "the root is that of the entries")


def _write(store: Store, writer: int, failures: list[BaseException]) -> None:
    try:
        for act in range(_ACTS):
            _insist(store, b"%d %d" % (writer, act))
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        failures.append(error)


def _insist(store: Store, entry: bytes) -> None:
    expected = store.head("wijk").length
    while True:
        try:
            store.append(evolve(_next(expected), entries=(entry,)))
        except ConflictError as refused:
            expect(refused.expected == expected != refused.found, "every refusal says what was expected and found")
            expected = refused.found
        else:
            return


def the_feed_goes_over_all_sessions(factory: Factory) -> None:
    """In the order of the appends, whatever session they are of; every entry once, with its vault rows."""
    with factory() as store:
        expect(store.feed() == (), "an empty store has nothing to tell")
        row = VaultRow(seq=4, part=1, subjects=("p_1",), payload=b"7")
        store.append(_batch())
        store.append(evolve(_batch(), session="noord"))
        store.append(evolve(_next(3), vault=(row, evolve(row, part=0, payload=b""))))
        told = store.feed()
        order = [("wijk", 0), ("wijk", 1), ("wijk", 2), ("noord", 0), ("noord", 1), ("noord", 2)]
        order += [("wijk", 3), ("wijk", 4), ("wijk", 5)]
        expect([(item.session, item.seq) for item in told] == order, "in the order of the appends")
        expect([item.entry for item in told] == [*_ENTRIES] * 3, "octets come as they went in")
        expect([item.vault for item in told if item.vault] == [((0, b""), (1, b"7"))], "rows stand with their entry")
        expect(len({item.cursor for item in told}) == len(told), "every item has a cursor of its own")


def the_feed_goes_on_after_a_cursor(factory: Factory) -> None:
    """However it is cut into pages, and whatever comes meanwhile, it is the same feed."""
    with factory() as store:
        for session in ("wijk", "noord", "zuid"):
            store.append(evolve(_batch(), session=session))
        whole = store.feed()
        for limit in (1, 2, 4, 9, 500):
            pages: list[FeedItem] = []
            while page := store.feed(pages[-1].cursor if pages else None, limit):
                expect(len(page) <= limit, "no more than was asked for")
                pages += page
            expect(tuple(pages) == whole, f"the same by pages of {limit}")
        store.append(_next(3))
        news = store.feed(whole[-1].cursor)
        expect([(item.session, item.seq) for item in news] == [("wijk", 3), ("wijk", 4), ("wijk", 5)], "the news")
        expect(store.feed()[:9] == whole, "the order never changes")


def a_cursor_that_is_none_is_refused(factory: Factory) -> None:
    """A cursor of something else, and a limit that is none, are refused with what was given."""
    change: Callable[..., Any] = factory
    with change() as store:
        store.append(_batch())
        for cursor in ("", "7", "1.2.3", "1.2.3.-4", "1.2.3.x", "9" * 99 + ".1.1.1", "1.1.1.²", 7):
            error = _refusal(StoreError, partial(store.feed, cursor))
            expect(error.got == cursor, "what was given is shown")
        for limit in (0, -1, 10_001, True, 2.5):
            _refusal(StoreError, partial(store.feed, None, limit))


def a_feed_misses_nothing_and_repeats_nothing(factory: Factory) -> None:
    """Several writers on sessions of their own while a reader follows: every act comes once, each session in order."""
    with factory() as store:
        names = [f"wijk-{writer}" for writer in range(_WRITERS)]
        failures: list[BaseException] = []
        threads = [Thread(target=_tell, args=(store, name, failures)) for name in names]
        for thread in threads:
            thread.start()
        told: list[FeedItem] = []
        idle = False
        while not idle:
            idle = not any(thread.is_alive() for thread in threads)
            while page := store.feed(told[-1].cursor if told else None, 7):
                told += page
        for thread in threads:
            thread.join()
        expect(not failures, f"writers meet no failure, not {failures}")
        for name in names:
            seqs = [item.seq for item in told if item.session == name]
            expect(seqs == list(range(_ACTS)), f"all of {name}, once, in order, not {seqs}")


def _tell(store: Store, session: str, failures: list[BaseException]) -> None:
    try:
        for act in range(_ACTS):
            store.append(evolve(_next(act), session=session, entries=(b"%d" % act,)))
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        failures.append(error)


STORE_CHECKS: Final[tuple[Check, ...]] = (
    an_empty_store_has_no_sessions,
    entries_come_back_verbatim,
    batches_follow_each_other,
    sessions_come_in_the_order_they_were_made,
    an_unknown_session_is_refused,
    a_conflict_appends_nothing,
    a_batch_is_all_or_nothing,
    a_session_that_fails_to_start_is_not_there,
    the_root_is_that_of_the_entries,
    a_key_is_appended_once,
    a_key_belongs_to_one_call,
    a_key_belongs_to_one_session,
    vault_rows_come_with_their_entry,
    subjects_come_by_record,
    people_come_by_record,
    a_part_of_the_log_can_be_read,
    a_reader_sees_the_log_as_it_was,
    large_entries_are_refused,
    the_installation_log_grows,
    the_installation_log_refuses,
    checkpoints_are_kept,
    people_find_what_is_about_them,
    what_is_forgotten_is_gone,
    the_feed_forgets_too,
    a_forgotten_call_still_has_its_key,
    scrubbing_may_be_repeated,
    contradictions_are_refused,
    a_closed_store_refuses,
    writers_lose_and_double_nothing,
    the_feed_goes_over_all_sessions,
    the_feed_goes_on_after_a_cursor,
    a_cursor_that_is_none_is_refused,
    a_feed_misses_nothing_and_repeats_nothing,
)
"""Every promise, in the order in which to read them."""


def _batch() -> Batch:
    return Batch(session="wijk", expected=0, entries=_ENTRIES, secret=_SECRET)


def _next(expected: int) -> Batch:
    return Batch(session="wijk", expected=expected, entries=_ENTRIES, secret=None if expected else _SECRET)


def _refusal(kind: type[Raised], act: Callable[[], object]) -> Raised:
    try:
        answer = act()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was to be raised, not {answer!r} returned")
