"""Serving a page on this machine, to this machine: for the projector, and for nobody else on the network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from afwegen.errors import AfwegenError, MissingExtra
from afwegen.live.app import app

if TYPE_CHECKING:
    from afwegen.stores import Store

__all__ = ["HOST", "PORT", "serve"]

HOST: Final = "127.0.0.1"
PORT: Final = 8765
SECONDS: Final = 2
"""How long somebody who still reads may take, when the server is told to end."""


def serve(
    store: Store,
    session: str,
    *,
    port: int = PORT,
    language: str | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Serve the account of a running session on loopback, until it is interrupted.

    Args:
        store: Where the session is kept.
        session: The session's id.
        port: Of 127.0.0.1; 0 for any that is free.
        language: ``nl`` or ``en``; by default the session's own.
        on_ready: Is told the address, before the first request is answered.

    Raises:
        UnknownSession: The store does not hold the session.
        AfwegenError: The port is taken, or may not be used.
        MissingExtra: Starlette or uvicorn is not installed.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtra("uvicorn", "live") from error
    made = app(store, session, language=language)
    config = uvicorn.Config(made, log_level="warning", access_log=False, lifespan="off", ws="none",
                            timeout_graceful_shutdown=SECONDS)  # fmt: skip
    server = uvicorn.Server(config)
    # Whoever follows is let go as soon as the server is told to end: a stream has no end of its own.
    made.state.ending = lambda: server.should_exit
    with closing(_listening(port)) as listening:
        on_ready(f"http://{HOST}:{listening.getsockname()[1]}/")
        # When it has ended in good order it raises the signal once more, for whoever called it.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        what = f"port {port} of {HOST} cannot be used"
        raise AfwegenError(what, "name another with --port; 0 takes any that is free", str(error)) from error
    return listening
