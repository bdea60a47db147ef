"""The commands of proof: keys, checkpoints, receipts, bundles, verification."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from afwegen import audit
from afwegen.cli import telling
from afwegen.cli.ending import FAILED, as_json, plainly, which
from afwegen.cli.showing import heading, line, progress, show_json, table
from afwegen.cli.sources import existing_store, one_session
from afwegen.errors import AfwegenError, IntegrityError

if TYPE_CHECKING:
    from afwegen.audit import BundleReport, Checkpoint, KeyList, Level, Report
    from afwegen.stores import Store

__all__ = ["COMMANDS", "show_report", "write_bundle"]

_LARGEST_FILE: Final = 100_000_000


# -- keys and checkpoints ---------------------------------------------------------------------------------------------


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--name", required=True, help="Of who signs with it, like wijk.example/afwegen.")
@as_json
@plainly
def key(file: str, name: str, *, as_json: bool) -> None:
    """
    Make a key in FILE, which only its owner may read, and print its public half.

    Keep FILE away from the store, and publish the public half where your readers trust it.
    """
    public = str(audit.make_key(file, name).verifier)
    if as_json:
        show_json({"name": name, "public": public})
    else:
        click.echo(public)


@click.command()
@click.argument("store")
@click.option("--key", "key_file", required=True, metavar="FILE", help="The key to sign with.")
@click.option("--held", metavar="FILE", help="Where the newest checkpoint is kept, outside the store.")
@click.option("--witness", "witnesses", nargs=2, multiple=True, metavar="URL KEY", help="Ask a witness, by its key.")
@which
@as_json
@plainly
def checkpoint(
    store: str,
    key_file: str,
    held: str | None,
    session: str | None,
    witnesses: tuple[tuple[str, str], ...],
    *,
    as_json: bool,
) -> None:
    """Sign how far the sessions of STORE are, and print the checkpoint of the installation: hand it to others."""
    asked = [audit.WitnessClient(url=url, verifier=audit.Verifier.read(public)) for url, public in witnesses]
    with existing_store(store) as opened:
        notary = audit.Notary(opened, audit.read_key(key_file), held=held, witnesses=asked)
        signed = _named(opened, session)
        for name in signed:
            notary.sign(name)
        found = notary.cosign()
    if found is None:
        raise AfwegenError("there is nothing to sign yet", "record something first", store)
    if as_json:
        show_json({"checkpoint": found.to_bytes().decode(), "sessions": sorted(signed)})
    else:
        click.echo(found.to_bytes().decode(), nl=False)


# -- receipts and bundles ---------------------------------------------------------------------------------------------


@click.command()
@click.argument("store")
@click.option("--seq", type=click.IntRange(0), required=True, metavar="N", help="The record, counted from 0.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, writable=True), help="The file to write.")
@click.option("--openings/--no-openings", default=None, help="Whether it says what was entered.")
@which
@as_json
@plainly
def receipt(store: str, seq: int, output: str, session: str | None, *, openings: bool | None, as_json: bool) -> None:
    """
    Write the receipt of a record: with it, who entered the record can check alone that it is still there.

    It says what was entered, unless the session is secret: then only with --openings.
    """
    with existing_store(store) as opened:
        found = one_session(opened, session)
        secret = found.state.preparation.disclosed == "secret"
        wanted = not secret if openings is None else openings
        made = audit.receipt(opened, found.id, seq, openings=wanted)
    Path(output).write_bytes(made.to_bytes())
    if secret and wanted:
        click.echo("afwegen: this session is secret, and the receipt proves to anybody what was said", err=True)
    if as_json:
        show_json({"session": found.id, "seq": seq, "openings": [each.path for each in made.openings]})
        return
    said = ", ".join(each.path for each in made.openings) or "nothing"
    line(f"receipt of record {seq} written to {output}; it opens {said}")


def write_bundle(store: str, bundle: str, session: str | None, *, openings: bool, as_json: bool) -> None:
    """Write a bundle, and record in every session of it that it was made."""
    with existing_store(store) as opened:
        found = [one_session(opened, name) for name in _named(opened, session)]
        lengths = {each.id: each.state.length for each in found}
        telling_all = openings and any(each.state.preparation.disclosed != "open" for each in found)
        audit.write_bundle(opened, bundle, session=session, openings=openings)
        for each in found:
            each.export(format="bundle", by=each.state.preparation.organiser or "export")
    if as_json:
        show_json({"bundle": bundle, "openings": openings, "records": lengths})
        return
    line(f"{sum(lengths.values()):,} records of {len(lengths):,} sessions written to {bundle}")
    if telling_all:
        line("it says what single participants judged, which is theirs alone: for an auditor, and nobody else")


# -- verifying --------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("source", required=False)
@click.option("--receipt", "receipt_file", metavar="FILE", help="Verify a receipt instead.")
@click.option("--keys", "keys_file", metavar="FILE", help="The keys you trust, which did not come with SOURCE.")
@click.option("--since", multiple=True, metavar="FILE", help="A checkpoint you hold; may be repeated.")
@click.option("--require", metavar="LEVELS", help="Levels that must pass, as 1,2,4: NOT CHECKED is then a failure.")
@which
@as_json
@plainly
def verify(
    source: str | None,
    receipt_file: str | None,
    keys_file: str | None,
    since: tuple[str, ...],
    require: str | None,
    session: str | None,
    *,
    as_json: bool,
) -> None:
    """Verify SOURCE, a store or a bundle, level by level; exit with 1 when something failed."""
    if (source is None) == (receipt_file is None):
        raise AfwegenError("one thing is verified", "give a store, a bundle, or --receipt FILE")
    keys = None if keys_file is None else audit.read_keys(keys_file)
    held = tuple(audit.Checkpoint.read(_read(file)) for file in since)
    required = _levels(require)
    if receipt_file is not None:
        code = _verify_receipt(receipt_file, keys, required, as_json=as_json)
    elif source is not None and _is_bundle(source):
        with progress("verifying") as on_progress:
            report = audit.verify_bundle(source, keys=keys, since=held, require=required, on_progress=on_progress)
        _show_whole(report, as_json=as_json)
        code = report.exit_code
    else:
        code = _verify_store(str(source), session, keys, held, required, as_json=as_json)
    sys.exit(code)


def _verify_store(
    source: str,
    session: str | None,
    keys: KeyList | None,
    held: tuple[Checkpoint, ...],
    required: tuple[int, ...],
    *,
    as_json: bool,
) -> int:
    with existing_store(source) as store, progress("verifying") as on_progress:
        try:
            names = _named(store, session)
        except IntegrityError as damage:
            # That not even the list of sessions can be trusted is a finding, not a slip of who asks.
            click.echo(f"afwegen: {damage}", err=True)
            return FAILED
        reports = [
            audit.verify_session(
                store,
                name,
                require=required,
                keys=keys,
                since=[each for each in held if each.origin.endswith(f"/s/{name}")],
                on_progress=on_progress,
            )
            for name in names
        ]
        above = None
        if store.installation().size or held or keys:
            above = audit.verify_installation(store, keys=keys, since=held)
    if as_json:
        told = [telling.verified(report) for report in reports]
        show_json(told if above is None else [*told, _whole(above, "installation")])
    else:
        for report in reports:
            show_report(report)
        if above is not None:
            heading(f"The installation log: {'nothing failed' if above.passed else 'FAILED'}")
            line(f"{above.leaves:,} leaves")
            _show_levels(level for level in above.levels if level.number in {2, 3})
    return max([report.exit_code for report in reports] + ([above.exit_code] if above else []), default=0)


def _verify_receipt(file: str, keys: KeyList | None, required: tuple[int, ...], *, as_json: bool) -> int:
    found = audit.Receipt.read(_read(file))
    levels = found.verify(keys)
    passed = audit.all_passed(levels, required) and set(required) <= {level.number for level in levels}
    origin, size = found.proof.checkpoint.origin, found.proof.checkpoint.size
    if as_json:
        openings = {each.path: each.value for each in found.openings}
        place = {"origin": origin, "seq": found.proof.index, "size": size, "openings": openings}
        show_json({**place, "passed": passed, "levels": _told(levels)})
    else:
        heading(f"Receipt of record {found.proof.index}: {'nothing failed' if passed else 'FAILED'}")
        line(f"it stands in {origin}, of {size:,} records then")
        for each in found.openings:
            line(f"{each.path}: {each.value}", indent=2)
        _show_levels(levels)
    return 0 if passed else 1


def _is_bundle(source: str) -> bool:
    path = Path(source)
    if not path.is_file():
        return path.suffix == ".zip"
    with path.open("rb") as file:
        return file.read(2) == b"PK" or path.suffix == ".zip"


def _read(file: str) -> bytes:
    with Path(file).open("rb") as opened:
        data = opened.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise AfwegenError("this file is far too large for what it should be", "give another", file)
    return data


def _named(store: Store, session: str | None) -> tuple[str, ...]:
    names = (session,) if session is not None else tuple(head.id for head in store.sessions())
    if not names:
        # Nothing that was looked at is nothing that passed.
        raise AfwegenError("this store holds no session", "name a store that does")
    return names


def _levels(given: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(level) for level in (given or "").split(",") if level)
    except ValueError:
        raise AfwegenError("levels are numbers", "write them as --require 1,2,4", given) from None


# -- showing ----------------------------------------------------------------------------------------------------------


def show_report(report: Report) -> None:
    """Print what was found of one session."""
    heading(f"Verification of {report.session}: {'nothing failed' if report.passed else 'FAILED'}")
    line(f"{report.length:,} records, root {report.root}")
    _show_levels(report.levels)


def _show_whole(report: BundleReport, *, as_json: bool) -> None:
    if as_json:
        show_json(_whole(report, "bundle"))
        return
    heading(f"Verification of the bundle: {'nothing failed' if report.passed else 'FAILED'}")
    line(
        f"{report.records:,} records of {report.sessions:,} sessions, {report.leaves:,} leaves of the installation log"
    )
    _show_levels(report.levels)
    if report.withheld:
        line(f"NOT CHECKED: {report.withheld:,} leaves are of sessions that are not in this bundle")


def _whole(report: BundleReport, what: str) -> dict[str, Any]:
    return {
        "what": what,
        "sessions": report.sessions,
        "records": report.records,
        "leaves": report.leaves,
        "withheld": report.withheld,
        "passed": report.passed,
        "levels": _told(level for level in report.levels if what == "bundle" or level.number in {2, 3}),
    }


def _told(levels: Iterable[Level]) -> list[dict[str, Any]]:
    return [telling.level(each) for each in levels]


def _show_levels(levels: Iterable[Level]) -> None:
    shown = tuple(levels)
    order = sorted(shown, key=lambda level: (level.verdict.value == "NOT CHECKED", level.number))
    table(
        ("level", "verdict", "what was looked at"),
        [(f"{level.number} {level.name}", level.verdict.value, telling.looked_at(level)) for level in order],
    )
    for level in shown:
        for finding in level.findings:
            line(f"level {level.number}: {finding}", indent=2)
    for level in shown:
        for note in level.notes:
            line(f"level {level.number}: {note}", indent=2)
    for level in shown:
        for what in level.left_open:
            line(f"NOT CHECKED: {what}")


COMMANDS: Final = (key, checkpoint, receipt, verify)
"""What the command line takes over from here."""
