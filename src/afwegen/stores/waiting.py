"""How a follower waits for news: told by PostgreSQL, or by looking again after a moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from afwegen.stores.postgres_link import Address

__all__ = ["Listening", "Polling", "Waiter"]

_MOMENT: Final = 0.02
"""Seconds between two looks at a file: far below what a reader notices, and a look costs microseconds."""


class Waiter(Protocol):
    """Waits until there may be something new; it may be wrong, never for longer than asked."""

    def wait(self, seconds: float) -> None:
        """Wait, at most so long."""
        ...

    async def awaited(self, seconds: float) -> None:
        """Wait without keeping an event loop, at most so long."""
        ...

    def close(self) -> None:
        """Let go of any connection."""
        ...

    async def aclose(self) -> None:
        """Let go of any connection, without keeping an event loop."""
        ...


class Polling:
    """Looks again after a moment."""

    def wait(self, seconds: float) -> None:
        """Wait a moment."""
        sleep(min(seconds, _MOMENT))

    async def awaited(self, seconds: float) -> None:
        """Wait a moment."""
        await asyncio.sleep(min(seconds, _MOMENT))

    def close(self) -> None:
        """Do nothing: nothing is held."""

    async def aclose(self) -> None:
        """Do nothing: nothing is held."""


class Listening:
    """
    Is told by PostgreSQL, on a connection of its own, made when first waited on.

    On a connection of the host, and on a replica, nothing can be listened to: then it looks again after a moment.
    """

    def __init__(self, address: "Address") -> None:
        self._address = address
        self._connection: Any = None
        self._deaf = not address.conninfo

    def wait(self, seconds: float) -> None:
        """Wait for the next commit of an append."""
        from afwegen.stores.postgres_link import translated

        if self._deaf:
            return Polling().wait(seconds)
        import psycopg

        with translated(self._address.shown):
            if self._connection is None:
                self._connection = psycopg.connect(self._address.conninfo, autocommit=True, connect_timeout=10)
                with self._perhaps_deaf():
                    self._connection.execute(f"LISTEN {self._address.schema}")
                # What was committed before the ear was open is looked for at once.
                return None
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            return None

    async def awaited(self, seconds: float) -> None:
        """Wait for the next commit of an append."""
        from afwegen.stores.postgres_link import translated

        if self._deaf:
            return await Polling().awaited(seconds)
        import psycopg

        with translated(self._address.shown):
            if self._connection is None:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._address.conninfo, autocommit=True, connect_timeout=10
                )
                with self._perhaps_deaf():
                    await self._connection.execute(f"LISTEN {self._address.schema}")
                return None
            async for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            return None

    @contextmanager
    def _perhaps_deaf(self) -> Iterator[None]:
        """Find out whether this server lets itself be listened to: a replica does not."""
        from psycopg.errors import ReadOnlySqlTransaction

        try:
            yield
        except ReadOnlySqlTransaction:
            self._deaf = True

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def aclose(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
