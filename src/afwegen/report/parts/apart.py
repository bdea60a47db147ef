"""Own agreements, advice that was not followed, what was reopened, what must be looked at again, exports, erasures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afwegen.events import (
    AdviceAnswered,
    OptionDeclared,
    ReportExported,
    SessionStarted,
    SettingChanged,
    StepReopened,
    SubjectErased,
    TextRedacted,
)
from afwegen.method import Step
from afwegen.report.blocks import Block, Section
from afwegen.report.parts.contributions import thing
from afwegen.report.parts.frame import capped, para, step_title
from afwegen.report.words import Sentence
from afwegen.steps.advice import advice

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["apart"]


def apart(source: Source) -> Section:
    """Return what does not belong to the method, and what an outsider would ask about."""
    tell = source.tell
    parts = (
        ("", tell("Not part of the method, but agreed here"), "eigen afspraken", _options(source)),
        ("", tell("Numbers of the method that were set differently"), "instellingen", _settings(source)),
        ("", tell("Advice, and why it was not followed"), "advies", _advice(source)),
        ("", tell("Taken up again"), "heropend", _reopened(source)),
        ("stale", tell("Must be looked at again"), "verouderd", _stale(source)),
        ("", tell("Files that were made of this session"), "export", _exports(source)),
        ("", tell("Erased on request"), "verwijderd", _erased(source)),
    )
    return Section(
        name="apart",
        title=tell("What else one should know"),
        term="verantwoording",
        sections=tuple(
            Section(name=name, title=title, term=term, blocks=tuple(blocks)) for name, title, term, blocks in parts
        ),
    )


def _options(source: Source) -> Iterator[Block]:
    tell, say = source.tell, source.text
    names = {
        "scores": say("giving scores"),
        "criteria weights": say("saying how much each criterion matters"),
        "comparisons": say("comparing two by two"),
        "judge weights": say("letting some count more than others"),
        "budget": say("a budget"),
        "quorum": say("a quorum"),
        "votes": say("votes"),
    }
    told = []
    for record in source.of(OptionDeclared):
        event = record.event
        said = tell("{what}: not part of the method", record.seq, what=names[event.option])
        if event.amount is not None:
            said = tell("{said}; {amount}", said=said, amount=source.language.money(event.amount))
        if event.explanation is not None:
            said = tell("{said}. Why: {words}", said=said, words=tell.told(event.explanation, quoted=True))
        told.append(said)
    yield from capped(source, told)
    if not told:
        yield para(tell("Nothing: the group kept to the method."))


def _settings(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = [
        tell(
            "{setting}: {n}, because {reason}",
            record.seq,
            setting=setting(source, record.event.setting),
            n=record.event.number,
            reason=tell.told(record.event.reason, quoted=True),
        )
        for record in source.of(SettingChanged)
    ]
    yield from capped(source, told)
    if not told:
        yield para(tell("None: the numbers are those of the method.", *source.seqs(SessionStarted)))


def setting(source: Source, name: str) -> str:
    """Return what a number of the method is called."""
    say = source.text
    names = {
        "minimum_people": say("people, at least"),
        "maximum_people": say("people, at most"),
        "minimum_parties": say("parties at the table, at least"),
        "minimum_residents": say("residents, at least"),
        "largest_share_percent": say("largest share of one organisation, out of 100"),
        "minimum_effects": say("effects of a solution, at least"),
        "maximum_effects": say("effects of a solution, at most"),
        "negative_share_percent": say("negative effects, out of 100"),
        "maximum_core_effects": say("core effects, at most"),
        "shortlist_low": say("solutions on the shortlist, at least"),
        "shortlist_high": say("solutions on the shortlist, at most"),
        "minimum_solutions": say("solutions, at least"),
        "pairs_above": say("in pairs, above so many people"),
        "threes_from": say("in threes, from so many people"),
        "minimum_judges": say("people added up together, at least"),
    }
    return names.get(name, name.replace("_", " "))


def _advice(source: Source) -> Iterator[Block]:
    """Yield what the method advises, and what the group answered; advice never blocked anything."""
    tell = source.tell
    pieces = advice(source.state)
    told = []
    answered = set()
    for piece in pieces:
        said = Sentence((piece.sentence(source.language.code),))
        if piece.answered is None:
            told.append(said)
            continue
        answered.add(piece.rule)
        rests = source.where(AdviceAnswered, rule=piece.rule)
        told.append(tell("{said} The group: {words}", *rests, said=said, words=tell.told(piece.answered, quoted=True)))
    for record in source.of(AdviceAnswered):
        if record.event.rule not in answered:
            words = tell.told(record.event.answer, quoted=True)
            rule = tell.told(record.event.rule.replace("-", " "))
            told.append(tell("On advice about {rule}, followed since: {words}", record.seq, rule=rule, words=words))
    yield from capped(source, told)
    if not told:
        yield para(tell("The method has no advice left for this session."))


def _reopened(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = [
        tell(
            "{step}, because {reason}",
            record.seq,
            step=step_title(source, Step(record.event.step)),
            reason=tell.told(record.event.reason, quoted=True),
        )
        for record in source.of(StepReopened)
    ]
    yield from capped(source, told)
    if not told:
        yield para(tell("No step was taken up again."))


def _stale(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = [
        tell(
            "{what}, for {because} changed later",
            each.since,
            what=thing(source, each.what),
            because=thing(source, each.because),
        )
        for each in source.state.stale
    ]
    yield from capped(source, told)
    if not told:
        yield para(tell("Nothing: everything still rests on what stands now."))


def _exports(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = [
        tell(
            "{moment}: a file ({format}) of the first {n} lines",
            record.seq,
            moment=record.happened_at,
            format=tell.told(record.event.format),
            n=record.event.upto,
        )
        for record in source.of(ReportExported)
    ]
    yield from capped(source, told)
    if not told:
        yield para(tell("Before this account no file was made."))


def _erased(source: Source) -> Iterator[Block]:
    tell, say = source.tell, source.text
    grounds = {
        "request": say("they asked for it"),
        "consent withdrawn": say("they took back their consent"),
        "retention ended": say("the time to keep it was over"),
        "law": say("the law asks it"),
        "names a third person": say("it named somebody else"),
        "unlawful": say("it should not have been kept"),
        "by mistake": say("it was written by mistake"),
    }
    told = []
    for record in source.of(SubjectErased, TextRedacted):
        event = record.event
        ground = grounds[event.ground]
        if isinstance(event, TextRedacted):
            told.append(
                tell("The text of line {n} was erased: {ground}", record.seq, event.entry, n=event.entry, ground=ground)
            )
        else:
            told.append(
                tell.count(
                    "What one person wrote was erased, in {n} line: {ground}",
                    "What one person wrote was erased, in {n} lines: {ground}",
                    len(event.entries),
                    record.seq,
                    *event.entries,
                    ground=ground,
                ),
            )
    yield from capped(source, told)
    if not told:
        yield para(tell("Nothing was erased."))
