"""
Decision sessions over HTTP: record an act, look at the state, follow what happens.

Run it with ``uvicorn app:app``; the README beside this file walks through it.
"""

import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Annotated, Any

from fastapi import Body, Cookie, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from afwegen import (
    AfwegenError,
    AsyncSession,
    ConflictError,
    RuleViolation,
    SessionState,
    StoreError,
    UnknownSession,
    open_async_store,
)
from afwegen.events import AnyEvent, ProblemReported
from afwegen.feeds import afollow
from afwegen.interop.plain import write_event, write_record

STORE = os.environ.get("STORE", "sqlite:///neighbourhood.db")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the store when the worker starts, and close it when it stops."""
    async with await open_async_store(STORE) as store:
        app.state.store = store
        yield


app = FastAPI(title="Neighbourhood", lifespan=lifespan)


# -- who is asking ----------------------------------------------------------------------------------------------------


def viewer(person: Annotated[str | None, Cookie()] = None) -> str | None:
    """Return who is asking, None for the public. A cookie stands in for your login: put yours in this place."""
    return person


def author(person: Annotated[str | None, Depends(viewer)]) -> str:
    """Return who is acting."""
    if person is None:
        raise HTTPException(401, "say who you are")
    return person


Viewer = Annotated[str | None, Depends(viewer)]
Author = Annotated[str, Depends(author)]


async def loaded(request: Request, session: str) -> AsyncSession:
    """Return the session that the path names, as it now stands."""
    return await AsyncSession.load(request.app.state.store, session)


Loaded = Annotated[AsyncSession, Depends(loaded)]


def known(session: AsyncSession, person: str | None) -> str | None:
    """Return the person where this session knows them; else it shows what the public sees."""
    return person if person is not None and session.state.knows(person) else None


# -- what goes wrong --------------------------------------------------------------------------------------------------

STATUS = ((UnknownSession, 404), (RuleViolation, 409), (ConflictError, 409), (StoreError, 503), (AfwegenError, 422))


@app.exception_handler(AfwegenError)
async def refused(_: Request, error: AfwegenError) -> JSONResponse:
    """Say what is wrong and what to do about it, as RFC 9457 has it."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    problem = {"title": error.what, "status": status, "detail": str(error), "do": error.do}
    return JSONResponse(problem, status, media_type="application/problem+json")


# -- record -----------------------------------------------------------------------------------------------------------

Key = Annotated[str | None, Header(alias="Idempotency-Key")]


@app.post("/sessions", status_code=201)
async def start(
    request: Request, by: Author, title: Annotated[str, Body()], area: Annotated[str, Body()]
) -> dict[str, str]:
    """Begin a session; who begins it leads it."""
    session = await AsyncSession.start(request.app.state.store, title=title, area=area, by=by)
    return {"session": session.id}


@app.post("/sessions/{session}/events", status_code=201)
async def record(
    session: Loaded, by: Author, events: Annotated[list[AnyEvent], Body()], key: Key = None
) -> list[dict[str, Any]]:
    """Record any acts, all of them or none; a key makes it safe to send them again."""
    return [write_record(record) for record in await session.record(*events, by=by, key=key)]


@app.post("/sessions/{session}/problems", status_code=201)
async def report(
    session: Loaded, by: Author, problem: Annotated[ProblemReported, Body()], key: Key = None
) -> dict[str, Any]:
    """Record one kind of act, in a place of its own."""
    [record] = await session.record(problem, by=by, key=key)
    return write_record(record)


# -- look -------------------------------------------------------------------------------------------------------------


@app.get("/sessions/{session}")
async def state(session: Loaded, person: Viewer) -> dict[str, Any]:
    """Tell how a session stands, as its viewer may see it."""
    return shown(await session.seen_by(known(session, person)))


@app.get("/sessions/{session}/records")
async def records(session: Loaded, person: Viewer) -> list[dict[str, Any]]:
    """Tell everything that was recorded, as its viewer may see it."""
    return [write_record(record) async for record in session.records_seen_by(known(session, person))]


def shown(state: SessionState) -> dict[str, Any]:
    """Return what the page shows of a state. A value that is not to be seen, or was erased, is false: here null."""
    problems, solutions, rounds = state.inventory.problems, state.solutions.solutions, state.meeting.rounds
    return {
        "title": state.preparation.title,
        "area": state.preparation.area,
        "step": state.step.value,
        "length": state.length,
        "participants": {key: each.name or None for key, each in state.preparation.participants.items()},
        "problems": {key: problems[key].statement or None for key in problems},
        "solutions": {key: solutions[key].title or None for key in solutions},
        "open_rounds": state.meeting.open_rounds,
        "sheets": {
            key: {judge: write_event(sheet.event) for judge, sheet in rounds[key].sheets.items()} for key in rounds
        },
        "shortlist": state.preselection.shortlisted,
    }


# -- follow -----------------------------------------------------------------------------------------------------------


async def cursor(request: Request, last: Annotated[str | None, Header(alias="Last-Event-ID")] = None) -> str | None:
    """Return where a reader of the feed was left; what is no cursor is refused before anything is sent."""
    try:
        await request.app.state.store.feed(last, 1)
    except StoreError as error:
        raise HTTPException(400, str(error)) from None
    return last


@app.get("/feed", response_class=EventSourceResponse)
async def feed(
    request: Request, person: Viewer, after: Annotated[str | None, Depends(cursor)], session: str | None = None
) -> AsyncIterator[ServerSentEvent]:
    """Send the records of all sessions, or of one, as they are committed, each with the place from where to go on."""
    async with aclosing(afollow(request.app.state.store, viewer=person, after=after)) as stream:
        async for item in stream:
            if session in {None, item.session}:
                yield ServerSentEvent(data=write_record(item.record), id=item.cursor)
