"""The command that writes the account of a session, and records that a file left the building."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from afwegen.cli.ending import as_json, plainly, which
from afwegen.cli.showing import line, show_json
from afwegen.cli.sources import existing_store, one_session
from afwegen.errors import AfwegenError, ConflictError, StoreError

if TYPE_CHECKING:
    from afwegen.session import Session

__all__ = ["handed_over", "report"]

FORMAT: Final = "account-html"
PDF: Final = "account-pdf"
UNRECORDED: Final = "the store cannot be written: its log does not say that this file was made"


@click.command()
@click.argument("store")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The page to write.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the account; by default the session's own.")
@click.option("--at", "at", type=click.IntRange(0), metavar="N", help="As it was after N records.")
@click.option("--pdf", "as_pdf", is_flag=True, help="As PDF, for paper and for screen readers (PDF/UA).")
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --pdf: a bundle to put into the file, which is PDF/A-3 then.",
)
@click.option("--since", type=click.IntRange(0), metavar="N", help="Tell what changed after N records.")
@which
@as_json
@plainly
def report(
    store: str,
    output: Path | None,
    session: str | None,
    language: str | None,
    at: int | None,
    since: int | None,
    bundle: Path | None,
    *,
    as_pdf: bool,
    as_json: bool,
) -> None:
    """
    Write the account of a session, as the public may see it, as one HTML page or as PDF.

    With --since and without --output it only says what changed.
    """
    from afwegen.report import account, difference

    if output is None and since is None:
        raise AfwegenError("there is no place to write the account", "give --output account.html")
    if bundle is not None and not as_pdf:
        raise AfwegenError(
            "a page has no attachments", "give --pdf, or hand out the bundle beside the page", str(bundle)
        )
    with existing_store(store) as opened:
        found = one_session(opened, session)
        spoken = language or found.state.preparation.language
        length = found.state.length if at is None else at
        told = () if since is None else difference(found, since, at, language=spoken)
        if output is not None:
            page = account(found, language=spoken, at=at, since=since)
            content = _printed(page, bundle) if as_pdf else page.encode()
            handed_over(found, output, content, PDF if as_pdf else FORMAT)
    if as_json:
        written = None if output is None else str(output)
        show_json({"session": found.id, "records": length, "output": written, "changed": list(told)})
        return
    for sentence in told if output is None else ():
        line(f"- {sentence}")
    if output is not None:
        line(f"{length:,} records told in {output}")


def _printed(page: str, bundle: Path | None) -> bytes:
    from afwegen.report.pdf import pdf

    return pdf(page, bundle=None if bundle is None else bundle.read_bytes())


def handed_over(session: Session, target: Path, content: bytes, kind: str) -> None:
    """
    Write a file and record that it was made: first whole, then recorded, then in its place.

    Where the log cannot be written, as in a copy that may only be read, the file is made all the same and a warning
    says that the log does not know of it.

    Raises:
        AfwegenError: The file cannot be written; nothing is recorded, and nothing half written is left.
        ConflictError: Others kept writing first; no file is left.
    """
    unfinished = target.with_name(f"{target.name}.part")
    try:
        unfinished.write_bytes(content)
        try:
            session.export(format=kind, by=session.state.preparation.organiser or "export")
        except ConflictError:
            raise
        except StoreError:
            click.echo(f"afwegen: {UNRECORDED}", err=True)
        unfinished.replace(target)
    except OSError as error:
        do = "choose a folder that is there, and a file that may be written"
        raise AfwegenError(f"the account cannot be written: {error.strerror}", do, str(target)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
