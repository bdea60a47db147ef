"""The commands about one person: what there is about them, and erasing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, get_args

import click
from attrs import evolve

from afwegen import codec
from afwegen.cli import telling
from afwegen.cli.ending import as_json, plainly, which
from afwegen.cli.showing import heading, line, show_json, title
from afwegen.cli.sources import existing_store, one_session
from afwegen.errors import AfwegenError
from afwegen.events.declaration import Erased
from afwegen.events.meeting import Ground, RedactionGround, Scope
from afwegen.interop.plain import write_record
from afwegen.log import canonical
from afwegen.log.spelling import spell_time
from afwegen.session import Session

if TYPE_CHECKING:
    from afwegen.events import Record, ReportExported
    from afwegen.personal import Erasure, Subject
    from afwegen.steps.things import Said

__all__ = ["COMMANDS"]

_LISTS: Final = {
    "made": "What they entered, or was entered for them",
    "about": "What is about them besides",
    "named": "What names them besides",
    "exports": "Files that were made since they came in",
}


# -- right of access --------------------------------------------------------------------------------------------------


@click.command()
@click.argument("store")
@click.argument("person")
@which
@as_json
@plainly
def subject(store: str, person: str, session: str | None, *, as_json: bool) -> None:
    """
    Show everything that STORE holds about one PERSON: a key, or a pseudonym.

    Look at it before you hand it over: a record about several people tells of the others too.
    """
    with existing_store(store) as opened:
        found = one_session(opened, session)
        told = found.subject(person)
    if as_json:
        show_json({"session": found.id, **_as_data(told)})
        return
    title(f"{told.key or 'erased'} ({told.pseudonym}) in session {found.id}")
    for kind, about in _LISTS.items():
        records = [record for record in getattr(told, kind) if kind != "about" or record not in told.made]
        if records:
            heading(f"{about}: {len(records):,}")
        for record in records:
            _show(record)


def _show(record: Record[Any]) -> None:
    behalf = "" if record.author == record.by else f" for {record.author}"
    what = f"{record.type.partition('/')[0]}, by {record.by}{behalf}"
    line(f"{record.seq}  {record.happened_at:%Y-%m-%d %H:%M}  {what}", indent=2)
    for name, value in codec.fields_of(record.event).items():
        if value is not None and value != []:
            said = telling.shown(value) if isinstance(value, str | Erased) else canonical.encode(value).decode()
            line(f"{name}: {said}", indent=6)


def _as_data(told: Subject) -> dict[str, Any]:
    lists = {kind: [write_record(record) for record in getattr(told, kind)] for kind in _LISTS}
    return {"pseudonym": told.pseudonym, "key": told.key, **lists}


# -- erasing ----------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("store")
@click.argument("person", required=False)
@click.option("--by", metavar="WHO", help="The key of who does it.")
@click.option("--ground", type=click.Choice([*get_args(Ground), *get_args(RedactionGround)]), help="Why.")
@click.option("--scope", type=click.Choice(get_args(Scope)), default="everything", show_default=True, help="How much.")
@click.option("--redact", type=click.IntRange(0), metavar="N", help="Erase what record N says, instead of a person.")
@click.option("--field", "fields", multiple=True, metavar="NAME", help="With --redact: only this; may be repeated.")
@click.option("--again", is_flag=True, help="Erase again what was erased before: after a restored backup, or a crash.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@which
@as_json
@plainly
def erase(
    store: str,
    person: str | None,
    by: str | None,
    ground: str | None,
    scope: Scope,
    redact: int | None,
    fields: tuple[str, ...],
    session: str | None,
    *,
    again: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """
    Erase a PERSON (a key, or a pseudonym), or what one record says, for good.

    What is about them can no longer be opened by anybody. Entries, proofs and the order of results stay.
    """
    if (person is not None) + (redact is not None) + again != 1:
        raise AfwegenError("one thing is erased at a time", "give PERSON, or --redact N, or --again")
    with existing_store(store) as opened:
        if again:
            names = [session] if session is not None else [head.id for head in opened.sessions()]
            done = [_again(Session.load(opened, name)) for name in names]
        else:
            found = one_session(opened, session)
            if by is None or ground is None:
                raise AfwegenError("an erasure says who does it, and why", "give --by WHO and --ground WHY")
            _ask(found, person, redact, yes=yes)
            done = [_erased(found, person, redact, fields, by, ground, scope)]
    if as_json:
        show_json([_told(each) for each in done])
        return
    for each in done:
        _show_erasure(each)


def _ask(found: Session, person: str | None, redact: int | None, *, yes: bool) -> None:
    """Make sure, unless that was said already."""
    if yes:
        return
    records = len(found.subject(person).about) if person is not None else 1
    what = person if person is not None else f"what record {redact} says"
    question = f"Erase {what}, so that nobody can open {records:,} records of {found.id} ever again?"
    try:
        sure = click.confirm(question, err=True)
    except click.Abort:
        sure = False
    if not sure:
        raise AfwegenError("nothing was erased", "say yes, or give --yes")


def _erased(
    found: Session, person: str | None, redact: int | None, fields: tuple[str, ...], by: str, ground: Any, scope: Scope
) -> Erasure:
    grounds = get_args(Ground) if redact is None else get_args(RedactionGround)
    if ground not in grounds:
        raise AfwegenError("this is no ground for that", f"choose from {', '.join(grounds)}", ground)
    if redact is not None:
        return found.redact(redact, *fields, by=by, ground=ground)
    return found.erase(str(person), by=by, ground=ground, scope=scope)


def _again(found: Session) -> Erasure:
    done = found.erase_again()
    return evolve(done, exports=done.exports if done.entries else ())


def _told(done: Erasure) -> dict[str, Any]:
    return {
        "subjects": list(done.subjects),
        "entries": list(done.entries),
        "exports": [_export(said) for said in done.exports],
        "scrubbed": done.scrubbed,
    }


def _export(said: Said[ReportExported]) -> dict[str, Any]:
    event = said.event
    return {
        "seq": said.seq,
        "format": event.format,
        "records": event.upto,
        "viewer": telling.shown(event.viewer) or None,
        "happened_at": spell_time(said.happened_at),
    }


def _show_erasure(done: Erasure) -> None:
    who = f"{', '.join(done.subjects)}: " if done.subjects else ""
    line(f"{who}{len(done.entries):,} records can no longer be opened; every proof stays valid")
    if done.exports:
        heading("Made before, and out of reach: tell who holds them")
    for each in map(_export, done.exports):
        line(f"{each['happened_at']}  {each['format']}, {each['records']:,} records (record {each['seq']})", indent=2)
    _warn_of_backups(done.entries)


def _warn_of_backups(entries: Iterable[int]) -> None:
    if entries:
        line("A backup holds it until it expires; after a restore: afwegen erase STORE --again")


COMMANDS: Final = (subject, erase)
"""What the command line takes over from here."""
