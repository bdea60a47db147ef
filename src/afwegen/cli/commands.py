"""The commands themselves: each takes its input, asks the library, and shows the answer."""

from __future__ import annotations

import sys
import tempfile
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from afwegen import audit, weighing
from afwegen.cli import personal, proving, reporting, telling, watching
from afwegen.cli.ending import as_json, plainly, which
from afwegen.cli.showing import facts, heading, line, progress, show_json, table, title
from afwegen.cli.sources import (
    ballots,
    existing_store,
    is_ballot_file,
    one_session,
    profile_of,
    titles_of,
    vault_given,
)
from afwegen.errors import AfwegenError
from afwegen.method import Step
from afwegen.session import Session
from afwegen.steps.state import SessionState, replay
from afwegen.stores import migrate as migrate_store
from afwegen.stores import open_store

if TYPE_CHECKING:
    from afwegen.models import Comparison, Model
    from afwegen.steps.advice import Advice

__all__ = ["afwegen"]

LINES: Final = 12
"""How much of one thing is told before the rest is only counted."""
ALIKE: Final = 3
"""How many pieces of advice by one rule are told before the rest are only counted."""
TOP: Final = 15
ALL: Final = 1_000_000
MORE: Final = {"nl": "en nog {count} van dit soort", "en": "and {count} more of this kind"}
CHOSEN: Final = frozenset({"chosen", "because", "departs from", "dissent", "not yet"})


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(package_name="afwegen")
@click.option(
    "--vault",
    metavar="URL",
    envvar="AFWEGEN_VAULT",
    show_envvar=True,
    help="Where values and people are kept, if not in STORE itself: sqlite:///kluis.db.",
)
def afwegen(vault: str | None) -> None:
    """
    Afwegen in de Wijk: record how a neighbourhood chooses, and show it for good.

    STORE is a URL (sqlite:///wijk.db) or the path of a file that is there.

    Exit codes: 0 fine, 1 a verification failed, 2 the input is not usable.
    """


# -- demo -------------------------------------------------------------------------------------------------------------


@afwegen.command()
@click.option("--store", "url", metavar="URL", help="Keep the session here, instead of in a temporary folder.")
@as_json
@plainly
def demo(url: str | None, *, as_json: bool) -> None:
    """Play a whole session, replay it, weigh it, and verify it."""
    from afwegen.demo import complex_a

    with tempfile.TemporaryDirectory() as folder:
        place = url or f"sqlite:///{Path(folder) / 'complex-a.db'}"
        with open_store(place, vault=vault_given()) as store:
            session = complex_a(store)
            again = Session.load(store, session.id)
            same = again.state == session.state
            comparison = session.compare(_models())
            advised = session.advice_for(None)
            report = audit.verify_session(store, session.id)
            seen = session.seen_by(None)
    if as_json:
        show_json(
            {
                "state": telling.summary(seen),
                "replayed_the_same": same,
                "advice": _advised(advised, "en"),
                "comparison": telling.compared(comparison),
                "verification": telling.verified(report),
            }
        )
    else:
        title(f"{session.state.preparation.title}: {session.state.length} records played")
        line(f"Replayed from the log: {'the same state' if same else 'ANOTHER STATE'}.")
        _show_state(seen)
        _show_advice(advised, session.state.preparation.language)
        _show_comparison(comparison, telling.titles(session.state))
        _show_choice(seen)
        proving.show_report(report)
        if url:
            heading(f"Kept in {url}, as session {session.id}")
    sys.exit(0 if same and report.passed else 1)


def _show_choice(state: SessionState) -> None:
    found = [(label, lines) for label, lines in telling.facts(state, Step.CHOICE) if label in CHOSEN]
    facts(found, ALL, about="What people chose")


# -- looking ----------------------------------------------------------------------------------------------------------


@afwegen.command("replay")
@click.argument("source")
@click.option("--at", "at", type=click.IntRange(0), metavar="N", help="As it was after N records.")
@which
@as_json
@plainly
def replay_(source: str, at: int | None, session: str | None, *, as_json: bool) -> None:
    """
    Show the state that the records of SOURCE amount to, as the public may see it.

    SOURCE is a store, or a file that `afwegen export` wrote.
    """
    state = _replayed(source, at, session)
    if as_json:
        show_json(telling.summary(state))
        return
    title(f"{telling.shown(state.preparation.title)}: after {state.length:,} records")
    _show_state(state)


def _replayed(source: str, at: int | None, session: str | None) -> SessionState:
    from afwegen.interop import jsonlines

    if Path(source).is_file() and jsonlines.is_export(source):
        return replay(jsonlines.read(source).records(at))
    with existing_store(source) as store:
        return replay(islice(one_session(store, session).records_seen_by(None), at))


def _show_state(state: SessionState) -> None:
    for step in Step:
        where = telling.status(state, step)
        if where == "not begun":
            continue
        facts(telling.facts(state, step), LINES, about=telling.headed(step), status=where)
        passed = state.progress.of(step)
        if where == "overridden":
            without = telling.listed(passed.missing, ALIKE)
            line(f"went on without {without}, because: {telling.shown(passed.reason)}", indent=2)
        if passed.is_open and state.lacking(step):
            line(f"still lacks: {telling.listed(state.lacking(step), ALIKE)}", indent=2)
    if state.stale:
        heading("To be looked at again")
    for stale in state.stale[:LINES]:
        line(f"{stale.what}, for {stale.because} changed in record {stale.since}", indent=2)
    if len(state.stale) > LINES:
        line(f"and {len(state.stale) - LINES:,} more", indent=2)


@afwegen.command()
@click.argument("store")
@click.option("--long", "at_length", is_flag=True, help="Also area, people, last act, and what comes next.")
@as_json
@plainly
def sessions(store: str, *, at_length: bool, as_json: bool) -> None:
    """List the sessions of STORE, as whoever keeps it sees them."""
    from afwegen.projections import overview

    with existing_store(store) as opened:
        found = overview(opened)
    if as_json:
        show_json([telling.glance(each) for each in found])
    elif at_length:
        for each in found:
            told = [(label, (said,)) for label, said in telling.at_length(each)]
            facts(told, LINES, about=telling.gone_or(each.title))
    else:
        rows = [(each.session, each.records, each.step, telling.gone_or(each.title)) for each in found]
        table(("session", "records", "step", "title"), rows)


@afwegen.command()
@click.argument("store")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the advice; by default the session's own.")
@which
@as_json
@plainly
def advice(store: str, session: str | None, language: str | None, *, as_json: bool) -> None:
    """Say what the method advises now, and why, as the public may be told."""
    with existing_store(store) as opened:
        found = one_session(opened, session)
        advised = found.advice_for(None)
    spoken = language or found.state.preparation.language
    if as_json:
        show_json(_advised(advised, spoken))
        return
    _show_advice(advised, spoken)


def _advised(advised: tuple[Advice, ...], language: str) -> list[dict[str, Any]]:
    return [
        {
            "rule": piece.rule,
            "says": piece.sentence(language),
            "seen": dict(piece.seen),
            "setting": None if piece.setting is None else dict([piece.setting]),
            "answered": None if piece.answered is None else telling.shown(piece.answered),
        }
        for piece in advised
    ]


def _show_advice(advised: tuple[Advice, ...], language: str) -> None:
    heading("Advice")
    pieces = _advised(advised, language)
    for _, alike in groupby(pieces, key=lambda piece: piece["rule"]):
        found = list(alike)
        for piece in found[:ALIKE]:
            line(f"- {piece['says']}", indent=2)
            if piece["answered"]:
                line(f"answered: {piece['answered']}", indent=4)
        if len(found) > ALIKE:
            line(f"- {MORE[language].format(count=len(found) - ALIKE)}", indent=2)
    if not pieces:
        line("none now", indent=2)


# -- weighing ---------------------------------------------------------------------------------------------------------


@afwegen.command()
@click.argument("source")
@click.option(
    "--derive",
    type=click.Choice(["borda", "approval-share"]),
    help="Let a model that lacks scores have them made of the orders, by this rule.",
)
@click.option("--top", type=click.IntRange(0), default=TOP, show_default=True, help="How many alternatives; 0 for all.")
@which
@as_json
@plainly
def compare(source: str, derive: Any, top: int, session: str | None, *, as_json: bool) -> None:
    """
    Show the models side by side on what the judges of SOURCE said, as the public may see it.

    SOURCE is a store, or a ballot file: .pb, .soc, .soi, .toc, .toi or .cat.
    """
    from afwegen.models import compare as side_by_side

    titles: dict[str, str] = {}
    if is_ballot_file(source):
        election = ballots(source)
        profile, titles = profile_of(election), titles_of(election)
        comparison, judges = side_by_side(profile, _models(), derive), int(profile.counts.sum())
    else:
        with existing_store(source) as store:
            found = one_session(store, session)
            comparison = found.compare(_models(), derive=derive)
            judges = len(weighing.weighable(found.state, weighing.select(found.state)).judges)
            titles = telling.titles(found.seen_by(None))
    if as_json:
        show_json(telling.compared(comparison))
        return
    line(f"{judges:,} judges, {len(telling.places(comparison)):,} alternatives")
    _show_comparison(comparison, titles, top or ALL)
    if derive is None and any(row.outcome is None and row.model.name == "weighted-sum" for row in comparison.rows):
        line("With --derive borda, or approval-share, scores are made of the orders.")


def _models() -> tuple[Model, ...]:
    from afwegen.models import AHP, ConsensusGraph, WeightedSum

    return WeightedSum(), AHP(), ConsensusGraph()


def _show_comparison(comparison: Comparison, titles: dict[str, str], top: int = TOP) -> None:
    heading("Models, side by side: they weigh, people choose")
    rows = []
    for row in comparison.rows:
        agreed = telling.agreed(row)
        rows.append((row.label, "-" if agreed is None else f"{agreed.degree:.2f}", telling.verdict(row)))
    table(("model", "consensus", "best first"), rows)
    for pair in comparison.agreement:
        tau = "-" if pair.tau_b is None else f"{pair.tau_b:.2f}"
        same = "the same" if pair.same_top else "another"
        line(f"{pair.left} and {pair.right}: {same} first place, tau-b {tau}", indent=2)
    _show_places(comparison, titles, top)
    notes = [f"{row.label}: {note}" for row in comparison.rows if row.outcome for note in row.outcome.notes]
    if notes:
        heading("What is to be said of them")
    for note in notes:
        line(note, indent=2)


def _show_places(comparison: Comparison, titles: dict[str, str], top: int) -> None:
    """Show where each alternative stands under each model, and how far the judges agree on it."""
    places = telling.places(comparison)
    if not places:
        return
    labels = [row.label for row in comparison.rows if row.outcome is not None]
    heading("Places, with scores where a model gives them")
    rows = [
        (telling.called(name, titles), *cells, "-" if agreed is None else f"{agreed:.2f}")
        for name, cells, agreed in places[:top]
    ]
    table(("alternative", *labels, "consensus"), rows, right=range(1, len(labels) + 2), cut=0)
    if len(places) > top:
        line(f"and {len(places) - top:,} more: --top 0 shows all", indent=2)


# -- in and out -------------------------------------------------------------------------------------------------------


@afwegen.command("import")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--store", "url", required=True, metavar="URL", help="Where the session is kept.")
@click.option("--title", help="Of the session; by default what the file calls itself.")
@click.option("--area", help="The neighbourhood; by default what the file says.")
@as_json
@plainly
def import_(file: str, url: str, title: str | None, area: str | None, *, as_json: bool) -> None:
    """Make a session of a ballot FILE, every ballot by the rules that people enter theirs by."""
    from afwegen.interop.importing import import_election

    election = ballots(file)
    meta = dict(election.meta)
    named = title or meta.get("description") or getattr(election, "title", "") or Path(file).stem
    where = area or meta.get("district") or meta.get("unit") or "not in the source"
    with open_store(url, vault=vault_given()) as store, progress("importing") as on_progress:
        made = import_election(
            store,
            election,
            title=named,
            area=where,
            by="import",
            source=Path(file).name,
            on_progress=on_progress,
        )
        state = made.state
    if as_json:
        show_json(telling.summary(state))
        return
    line(f"{named}: {state.length:,} records, {len(state.preparation.active):,} judges")
    line(f"kept in {url}, as session {made.id}")


@afwegen.command()
@click.argument("store")
@click.option("--output", type=click.Path(dir_okay=False, writable=True), help="Write records as JSON lines here.")
@click.option("--bundle", type=click.Path(dir_okay=False, writable=True), help="Write a bundle for auditors here.")
@click.option("--openings", is_flag=True, help="With --bundle: also who said what. Whoever has the file knows.")
@which
@as_json
@plainly
def export(
    store: str, output: str | None, bundle: str | None, session: str | None, *, openings: bool, as_json: bool
) -> None:
    """Write the records of a session as the public may see them, or a bundle of what an auditor needs."""
    if (output is None) == (bundle is None):
        raise AfwegenError("one file is written", "give --output FILE or --bundle FILE")
    if bundle is not None:
        proving.write_bundle(store, bundle, session, openings=openings, as_json=as_json)
    elif output is not None:
        _write_lines(store, output, session, as_json=as_json)


def _write_lines(store: str, output: str, session: str | None, *, as_json: bool) -> None:
    from afwegen.interop import jsonlines

    with existing_store(store) as opened:
        found = one_session(opened, session)
        target = Path(output)
        unfinished = target.with_name(f"{target.name}.part")
        length = found.state.length
        try:
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                file.writelines(jsonlines.lines(found))
            # Recorded before it can be used: no file leaves that the log does not know of.
            found.export(format="json-lines", by=found.state.preparation.organiser or "export")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    if as_json:
        show_json({"session": found.id, "records": length, "output": output})
        return
    line(f"{length:,} records written to {output}")


# -- proving ----------------------------------------------------------------------------------------------------------

for command in (*proving.COMMANDS, *personal.COMMANDS):
    afwegen.add_command(command)


# -- telling ----------------------------------------------------------------------------------------------------------

afwegen.add_command(reporting.report)
afwegen.add_command(watching.watch)


# -- keeping ----------------------------------------------------------------------------------------------------------


@afwegen.command()
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--restored", is_flag=True, help="It was restored into another cluster.")
@as_json
@plainly
def migrate(url: str, *, dry_run: bool, restored: bool, as_json: bool) -> None:
    """Bring the schema of a PostgreSQL store at URL up to date."""
    statements = migrate_store(url, dry_run=dry_run, restored=restored)
    if as_json:
        show_json({"statements": list(statements), "dry_run": dry_run, "restored": restored})
        return
    for statement in statements:
        click.echo(statement)
    did = "would take" if dry_run else "took"
    line(f"{did} {len(statements):,} statements" if statements else "the schema is up to date")
