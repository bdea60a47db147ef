"""How commands end, and the flags they share."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec

import click

from afwegen.errors import AfwegenError

__all__ = ["FAILED", "NOT_USABLE", "as_json", "plainly", "which"]

P = ParamSpec("P")
FAILED: Final = 1
NOT_USABLE: Final = 2

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
which = click.option("--session", metavar="ID", help="The session; may be left out where there is one.")


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command end with a plain message on standard error, never with a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", UserWarning)
                warnings.showwarning = _warn
                command(*args, **kwargs)
        except BrokenPipeError:
            # Whoever read the output has seen enough; what is still buffered goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (AfwegenError, OSError) as error:
            click.echo(f"afwegen: {error}", err=True)
            sys.exit(NOT_USABLE)

    return run


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"afwegen: {message}", err=True)
