"""
The application: one page a step, and a stream that says what came.

Everything is shown as the public may see it: a blind round is blind here too, and people go without their names. The
stream carries the number of records seen, so that a browser that was away goes on where it was (``Last-Event-ID``).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from afwegen.errors import AfwegenError, MissingExtra
from afwegen.live.screen import Screen
from afwegen.method import Step

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from afwegen.stores import Store

__all__ = ["app"]

HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
"""By what names this machine may be asked: a page elsewhere that points its own name here is refused."""
PAUSE: Final = 0.5
"""Seconds after which a stream looks by itself, and sees whether it is to end."""
QUIET: Final = 30
"""After so many looks without news a word is sent all the same, so that a connection that is gone is noticed."""


def app(store: Store, session: str, *, language: str | None = None) -> Starlette:
    """
    Return an ASGI application that shows a running session: for the projector, or to mount in an application of yours.

    It answers to whoever asks by the name of this machine; mounted elsewhere, it is up to the host who may look.

    Args:
        store: Where the session is kept; any thread may ask it.
        session: The session's id.
        language: ``nl`` or ``en``; by default the session's own.

    Raises:
        UnknownSession: The store does not hold the session.
        AfwegenError: The language is not spoken here.
        MissingExtra: Starlette is not installed.

    >>> from afwegen.demo import complex_a
    >>> session = complex_a()
    >>> [route.path for route in app(session.store, session.id).routes]
    ['/', '/step/{step}', '/account', '/events']
    """
    try:
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.middleware.trustedhost import TrustedHostMiddleware
        from starlette.routing import Route
    except ImportError as error:
        raise MissingExtra("starlette", "live") from error
    made = Starlette(
        routes=[
            Route("/", _step),
            Route("/step/{step}", _step),
            Route("/account", _account),
            Route("/events", _events),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
        exception_handlers={AfwegenError: _told_plainly},
    )
    made.state.screen = Screen(store, session, language)
    made.state.ending = lambda: False
    return made


async def _step(request: Request) -> Response:
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.responses import HTMLResponse

    named = request.path_params.get("step")
    if named is not None and named not in set(Step):
        raise HTTPException(404)
    style, script = _resource("page.css"), _resource("page.js")
    page = await run_in_threadpool(
        request.app.state.screen.page, None if named is None else Step(named), style=style, script=script
    )
    return HTMLResponse(page, headers=_headers(script))


async def _account(request: Request) -> Response:
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import HTMLResponse

    return HTMLResponse(await run_in_threadpool(request.app.state.screen.account), headers=_headers())


async def _events(request: Request) -> Response:
    from starlette.exceptions import HTTPException
    from starlette.responses import StreamingResponse

    given = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        raise HTTPException(400, "after is a number of records")
    return StreamingResponse(
        _news(request.app, int(given)), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _news(made: Any, seen: int) -> AsyncIterator[str]:
    """Yield what was recorded since so many records, and go on with what comes, until the server ends."""
    from starlette.concurrency import run_in_threadpool

    screen, looked = made.state.screen, 0
    waiter = screen.store.waiter()
    yield "retry: 1000\n\n"
    try:
        while not made.state.ending():
            length = await run_in_threadpool(screen.look)
            if length < seen:
                # The host has rolled back, or put another store in its place.
                yield f"event: anew\nid: {length}\ndata:\n\n"
            elif length > seen:
                told = json.dumps(await run_in_threadpool(screen.told, seen, length), ensure_ascii=False)
                yield f"event: records\nid: {length}\ndata: {told}\n\n"
            elif (looked := looked + 1) % QUIET == 0:
                yield ": still here\n\n"
            seen = length
            await waiter.awaited(PAUSE)
    finally:
        await waiter.aclose()


async def _told_plainly(_: Request, error: Exception) -> Response:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(f"afwegen: {error}", status_code=500)


def _headers(script: str = "") -> dict[str, str]:
    """Return what a browser is told of a page: it loads nothing, and runs nothing but the one script."""
    allowed = f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'; " if script else ""
    policy = f"default-src 'none'; {allowed}style-src 'unsafe-inline'; img-src data:; connect-src 'self'"
    return {
        "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


@cache
def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
