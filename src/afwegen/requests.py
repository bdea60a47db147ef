"""
What the verbs of a session ask of a store, and the two drivers that let it answer.

A verb is a generator: it yields a request, and is sent the answer. ``drive`` waits for a store, ``adrive`` keeps an
event loop going meanwhile; no verb knows which of the two runs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable
from typing import Any, TypeVar

from attrs import frozen

from afwegen.errors import AfwegenError
from afwegen.events.record import Record
from afwegen.stores.contract import Appended, Batch, Forgetting, Head, PersonRow, Store, Stored
from afwegen.stores.threaded import AsyncStore

__all__ = [
    "OnCommit",
    "Request",
    "Verb",
    "about",
    "adrive",
    "append",
    "call",
    "drive",
    "entries",
    "forget",
    "head",
    "people",
    "scrub",
    "tell",
    "unscrubbed",
]

T = TypeVar("T")
OnCommit = Callable[[str, tuple[Record[Any], ...]], None]
"""Told which session committed which records, after it did; none before a model answers: sign what it rests on."""


@frozen
class Request:
    """One thing asked: how a store answers it, and how one that is awaited does."""

    of: Callable[[Store], Any]
    awaited: Callable[[AsyncStore], Awaitable[Any]]


Verb = Generator[Request, Any, T]
"""A verb asks the store by yielding a request, and is sent the answer."""


# -- answering --------------------------------------------------------------------------------------------------------


def drive(verb: Verb[T], store: Store) -> T:
    """Run a verb against a store: answer what it asks, hand it what goes wrong."""
    try:
        request = next(verb)
        while True:
            try:
                answer = request.of(store)
            except AfwegenError as error:
                request = verb.throw(error)
            else:
                request = verb.send(answer)
    except StopIteration as done:
        value: T = done.value
        return value


async def adrive(verb: Verb[T], store: AsyncStore) -> T:
    """Run a verb as ``drive`` does, without keeping an event loop waiting."""
    try:
        request = next(verb)
        while True:
            try:
                answer = await request.awaited(store)
            except AfwegenError as error:
                request = verb.throw(error)
            else:
                request = verb.send(answer)
    except StopIteration as done:
        value: T = done.value
        return value


# -- asking -----------------------------------------------------------------------------------------------------------


def _ask(of: Callable[[Store], T], awaited: Callable[[AsyncStore], Awaitable[T]]) -> Verb[T]:
    answer: T = yield Request(of, awaited)
    return answer


def head(session: str) -> Verb[Head]:
    """Ask how long a log is, and what it comes to."""
    return _ask(lambda store: store.head(session), lambda store: store.head(session))


def people(session: str, start: int) -> Verb[tuple[PersonRow, ...]]:
    """Ask for the people whom records show first, from one record on."""
    return _ask(lambda store: store.people(session, start), lambda store: store.people(session, start))


def entries(session: str, start: int, stop: int) -> Verb[Iterable[Stored]]:
    """Ask for entries, to be gone through once."""
    return _ask(
        lambda store: store.read(session, start, stop), lambda store: _collected(store.read(session, start, stop))
    )


async def _collected(entries: AsyncIterator[Stored]) -> Iterable[Stored]:
    return [stored async for stored in entries]


def call(session: str, key_mac: bytes) -> Verb[tuple[int, int] | None]:
    """Ask for which records an idempotency key stands: the first, and how many."""
    return _ask(lambda store: store.call(session, key_mac), lambda store: store.call(session, key_mac))


def append(batch: Batch) -> Verb[Appended]:
    """Ask to append a batch, all of it or nothing."""
    return _ask(lambda store: store.append(batch), lambda store: store.append(batch))


def about(session: str, pseudonym: str) -> Verb[tuple[tuple[int, int], ...]]:
    """Ask which vault rows are about a person: by record and part."""
    return _ask(lambda store: store.about(session, pseudonym), lambda store: store.about(session, pseudonym))


def forget(forgetting: Forgetting) -> Verb[None]:
    """Ask to forget what an erasure covers."""
    return _ask(lambda store: store.forget(forgetting), lambda store: store.forget(forgetting))


def unscrubbed() -> Verb[bool]:
    """Ask whether something was forgotten since the last scrubbing."""
    return _ask(lambda store: store.unscrubbed(), lambda store: store.unscrubbed())


def scrub() -> Verb[None]:
    """Ask to leave nothing of what was forgotten in free pages and journals."""
    return _ask(lambda store: store.scrub(), lambda store: store.scrub())


def tell(on_commit: OnCommit, session: str, records: tuple[Record[Any], ...]) -> Verb[None]:
    """Ask no store, but tell what was committed: on a thread of its own where an event loop would have to wait."""
    return _ask(lambda _: on_commit(session, records), lambda _: asyncio.to_thread(on_commit, session, records))
