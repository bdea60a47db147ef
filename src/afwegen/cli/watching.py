"""The command that shows a running session on the projector."""

from __future__ import annotations

import click

from afwegen.cli.ending import plainly, which
from afwegen.cli.showing import line
from afwegen.cli.sources import existing_store, one_session

__all__ = ["watch"]

PORT = 8765


@click.command()
@click.argument("store")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 for any that is free.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the page; by default the session's own.")
@which
@plainly
def watch(store: str, session: str | None, port: int, language: str | None) -> None:
    """
    Show a running session on the projector: step by step, as it grows.

    Only this machine can open the page, and it shows what the public may see: while a round is blind it is blind here
    too. Ctrl+C ends it.
    """
    from afwegen.live import serve

    with existing_store(store) as opened:
        shown = one_session(opened, session)
        serve(opened, shown.id, port=port, language=language, on_ready=_say)
    line("Ended.")


def _say(address: str) -> None:
    line(f"Watch at {address} - the arrow keys go from step to step, Ctrl+C here ends.")
