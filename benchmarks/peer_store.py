"""
A peer at work, in its own environment: told a task on a line of input, it does it and says how many seconds it took.

``python peer_store.py eventsourcing|eventsource sqlite:PATH|postgresql://...``; tasks: ``one N`` (N events, one a
transaction), ``many N`` (N events in one transaction), ``writers W N`` (W threads or tasks, N events each).
"""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

TEXT = "Hinder in de buurt, omdat bewoners klagen over wat er 's avonds bij de entree gebeurt."


class Eventsourcing:
    """eventsourcing 9.5: an aggregate of two fields; on PostgreSQL its own safe mode, which locks the table."""

    def __init__(self, url):
        from eventsourcing.application import Application
        from eventsourcing.domain import Aggregate, event

        class Neighbourhood(Aggregate):
            @event("Started")
            def __init__(self, title):
                self.title, self.last = title, None

            @event("Reported")
            def report(self, statement, why, owner):
                self.last = (statement, why, owner)

        self.made = Neighbourhood
        if url.startswith("sqlite:"):
            env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:")}
        else:
            parts = urlsplit(url)
            env = {
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": parts.path[1:],
                "POSTGRES_HOST": parts.hostname,
                "POSTGRES_PORT": str(parts.port),
                "POSTGRES_USER": parts.username,
                "POSTGRES_PASSWORD": parts.password or "",
                "POSTGRES_POOL_SIZE": "10",
            }
        self.app = Application(env=env)

    def one(self, number):
        aggregate = self.made(title="Complex A")
        self.app.save(aggregate)
        for _ in range(number):
            aggregate.report(TEXT, "hinder", "residents")
            self.app.save(aggregate)

    def many(self, number):
        aggregate = self.made(title="Complex A")
        for _ in range(number):
            aggregate.report(TEXT, "hinder", "residents")
        self.app.save(aggregate)

    def writers(self, writers, number):
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(lambda _: self.one(number), range(writers)))


class Eventsource:
    """eventsource-py 0.8: its store as it ships; nothing in it keeps a reader from missing what commits late."""

    def __init__(self, url):
        import eventsource
        from eventsource.domain.event_registry import EventRegistry
        from eventsource.domain.stream_id import StreamId
        from eventsource.ports.positions import ExpectedVersion

        self.loop = asyncio.new_event_loop()
        self.stream, self.exact = StreamId, ExpectedVersion.exact

        class Reported(eventsource.DomainEvent):
            aggregate_type: str = "Neighbourhood"
            statement: str
            why: str
            owner: str

        self.event = Reported
        registry = EventRegistry()
        registry.register(Reported)
        if url.startswith("sqlite:"):
            from eventsource.adapters.sqlite.store import SQLiteEventStore

            self.store = SQLiteEventStore(url.removeprefix("sqlite:"), registry)
        else:
            from eventsource.adapters.postgresql.store import PostgreSQLEventStore

            engine = eventsource.create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=10)
            self.store = PostgreSQLEventStore(engine, registry, create_schema=True)

    async def _append(self, number, at_once):
        key = uuid4()
        for first in range(0, number, at_once):
            events = [
                self.event(aggregate_id=key, aggregate_version=seq + 1, statement=TEXT, why="hinder", owner="residents")
                for seq in range(first, first + at_once)
            ]
            await self.store.append(self.stream(key, "Neighbourhood"), events, self.exact(first))

    def one(self, number):
        self.loop.run_until_complete(self._append(number, 1))

    def many(self, number):
        self.loop.run_until_complete(self._append(number, number))

    def writers(self, writers, number):
        async def all_of_them():
            await asyncio.gather(*(self._append(number, 1) for _ in range(writers)))

        self.loop.run_until_complete(all_of_them())


def main():
    """Do what is asked until nothing more is."""
    # Keep its own chatter off the line that is read.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = {"eventsourcing": Eventsourcing, "eventsource": Eventsource}[sys.argv[1]](sys.argv[2])
    for line in sys.stdin:
        task, *numbers = line.split()
        began = time.perf_counter()
        getattr(peer, task)(*map(int, numbers))
        print(time.perf_counter() - began, file=answers, flush=True)
    # aiosqlite's thread would keep the process for ever.
    os._exit(0)


if __name__ == "__main__":
    main()
