"""
The command ``afwegen``: play, replay, weigh, import, export and verify sessions.

Exit codes: 0 fine; 1 a verification failed; 2 the input is not usable. Errors go to standard error.
"""

import sys

from afwegen.errors import MissingExtra

__all__ = ["main"]


def main() -> None:
    """Run the command line; without click, say what to install."""
    try:
        import click  # noqa: F401 - only to see whether it is there
    except ImportError:
        sys.stderr.write(f"afwegen: {MissingExtra('click', 'cli')}\n")
        sys.exit(2)
    from afwegen.cli.commands import afwegen

    afwegen(prog_name="afwegen")
