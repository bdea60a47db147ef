"""One ear for all who follow a store in an event loop: a server has not a connection for each page that is open."""

import asyncio
from contextlib import suppress
from typing import Final

from afwegen.stores.waiting import Polling, Waiter

__all__ = ["Ear", "Follower"]

PAUSE: Final = 0.5
"""Seconds after which everybody looks anyway: an append may wait behind a transaction that is none of ours."""


class Ear:
    """Waits for news on behalf of any number of followers; opened with the first of them, closed with the last."""

    def __init__(self, waiter: Waiter) -> None:
        self._waiter = waiter
        self._heard = 0
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._followers = 0

    def follower(self) -> "Follower":
        """Return the waiter of one more follower."""
        return Follower(self)

    def join(self) -> int:
        """Count one more follower, and return how much was heard so far."""
        self._followers += 1
        return self._heard

    async def leave(self) -> None:
        """Count one fewer; with the last one the ear is closed."""
        self._followers -= 1
        if not self._followers:
            await self.aclose()

    async def aclose(self) -> None:
        """Stop listening, and let go of the connection."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
            await self._waiter.aclose()

    async def after(self, heard: int, seconds: float) -> int:
        """Wait until more was heard, at most so long, and return how much."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        task, news = self._task, self._news
        if heard == self._heard:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), seconds)
            if task.done() and not task.cancelled():
                # It listens for ever, unless something went wrong: whoever waited is told.
                task.result()
        return self._heard

    async def _listen(self) -> None:
        try:
            while True:
                await self._waiter.awaited(PAUSE)
                self._wake()
        finally:
            self._wake()

    def _wake(self) -> None:
        self._heard += 1
        self._news.set()
        self._news = asyncio.Event()


class Follower:
    """The part of one follower in an ear; see ``Waiter``."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        # From now on: what comes between a look and the first wait is not to be waited for.
        self._heard = ear.join()
        self._joined = True

    def wait(self, seconds: float) -> None:
        """Wait a moment: outside the event loop there is no ear."""
        Polling().wait(seconds)

    async def awaited(self, seconds: float) -> None:
        """Wait for the next news, at most so long; at once where there was some since the last time."""
        self._heard = await self._ear.after(self._heard, seconds)

    def close(self) -> None:
        """Do nothing: an ear is closed in its event loop."""

    async def aclose(self) -> None:
        """Need the ear no longer."""
        if self._joined:
            self._joined = False
            await self._ear.leave()
