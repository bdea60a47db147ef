"""Record any act and look at the records, with Litestar: run it with ``litestar run``."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath, JSONBody

from afwegen import AfwegenError, AsyncSession, UnknownSession, open_async_store
from afwegen.events import AnyEvent
from afwegen.interop.plain import read_event, write_record


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """Open the store when the worker starts, and close it when it stops."""
    async with await open_async_store(os.environ.get("STORE", "sqlite:///neighbourhood.db")) as store:
        app.state.store = store
        yield


def refused(_: Request[Any, Any, Any], error: AfwegenError) -> Response[dict[str, str]]:
    """Say what is wrong and what to do about it."""
    status = 404 if isinstance(error, UnknownSession) else 409
    problem = {"title": error.what, "detail": str(error), "do": error.do}
    return Response(problem, status_code=status, media_type="application/problem+json")


@post("/sessions/{key:str}/events")
async def record(key: FromPath[str], data: JSONBody[AnyEvent], request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Record an act. A cookie stands in for your login, which says who is acting."""
    session = await AsyncSession.load(request.app.state.store, key)
    [recorded] = await session.record(data, by=request.cookies.get("person", "nobody"))
    return write_record(recorded)


@get("/sessions/{key:str}/records")
async def records(key: FromPath[str], request: Request[Any, Any, Any]) -> list[dict[str, Any]]:
    """Tell what was recorded, as everybody may see it."""
    session = await AsyncSession.load(request.app.state.store, key)
    return [write_record(record) async for record in session.records_seen_by(None)]


app = Litestar(
    [record, records],
    lifespan=[lifespan],
    type_decoders=[(lambda kind: kind is AnyEvent, lambda _, plain: read_event(plain))],
    exception_handlers={AfwegenError: refused},
)
