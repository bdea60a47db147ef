"""Who took part and how: by organisation and angle, who was missing, what came in late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from afwegen.events import (
    AttendanceRecorded,
    DisclosureDeclared,
    FacilitatorAppointed,
    FacilitatorReleased,
    ParticipantInvited,
    ParticipantReplaced,
    ParticipantWithdrew,
    PartyNamed,
    RecorderAppointed,
    SubgroupChanged,
    SubgroupFormed,
)
from afwegen.report.blocks import Block, More, Section, Table
from afwegen.report.parts.frame import MANY, capped, items, para
from afwegen.report.parts.meetings import meetings
from afwegen.report.words import Sentence
from afwegen.steps.advice import advice

if TYPE_CHECKING:
    from afwegen.report.source import Source
    from afwegen.report.totals import Attending

__all__ = ["people"]


def people(source: Source) -> Section:
    """Return who took part, and how the group worked."""
    tell = source.tell
    return Section(
        name="people",
        title=tell("Who took part, and how"),
        term="deelnemers en werksessies",
        sections=(
            Section(title=tell("At the table"), blocks=tuple(_at_the_table(source))),
            Section(title=tell("Who and what was missing"), name="missing", blocks=tuple(_missing(source))),
            Section(title=tell("Meetings and time"), term="werksessies", blocks=tuple(meetings(source))),
            Section(title=tell("Entered for others, on paper or later"), blocks=tuple(_entered(source))),
        ),
    )


def _at_the_table(source: Source) -> Iterator[Block]:
    tell, frame = source.tell, source.state.preparation
    invited = source.seqs(ParticipantInvited)
    active = len(frame.active)
    if not invited:
        yield para(tell("Nobody has been invited yet."))
    else:
        ever = len(frame.participants)
        told = [
            tell.count("{n} person was invited to take part.", "{n} people were invited to take part.", ever, *invited)
        ]
        if active != ever:
            told.append(tell.count("{n} still takes part.", "{n} still take part.", active))
        yield para(*told)
        yield from _by_angle(source)
    yield from items(_changes(source))
    yield from items(_leading(source))
    yield para(_disclosure(source), kind="note")
    yield from _subgroups(source)


def _by_angle(source: Source) -> Iterator[Block]:
    """Yield who takes part, by organisation, with the angles they look from; very many only as a number of angles."""
    tell = source.tell
    by_organisation: dict[Any, list[Attending]] = {}
    for who in source.totals.people():
        by_organisation.setdefault(who.organisation, []).append(who)
    angles = {str(who.perspective) for found in by_organisation.values() for who in found}
    if len(by_organisation) + len(angles) > MANY:
        yield para(tell.count("They look from {n} angle.", "They look from {n} different angles.", len(angles)))
    elif by_organisation:
        rows = tuple(_organisation(source, key, by_organisation[key]) for key in sorted(by_organisation, key=str))
        header = (tell("Comes from"), tell("Looks as"), tell("People"))
        yield Table(tell("Who takes part now, by organisation and angle"), header, rows, frozenset({2}))
    if by_organisation and source.is_named(source.state.preparation.active):
        names = [source.person(key) for key in source.state.preparation.active]
        yield para(tell("By name: {names}.", names=tell.joined(names)))


def _organisation(source: Source, key: Any, found: list[Attending]) -> tuple[Sentence, ...]:
    tell = source.tell
    if key is None:
        organisation = tell("No organisation: residents and others")
    elif isinstance(key, str):
        organisation = Sentence((source.party(key),))
    else:
        organisation = tell.own(key)
    angles = tell.joined([tell.told(angle) for angle in dict.fromkeys(who.perspective for who in found)])
    return organisation, angles, tell("{n}", n=sum(who.count for who in found))


def _changes(source: Source) -> Iterator[Sentence]:
    tell = source.tell
    for record in source.of(ParticipantReplaced, ParticipantWithdrew):
        event = record.event
        if isinstance(event, ParticipantReplaced):
            who, other = source.person(event.participant), source.person(event.replacement)
            told = tell("{other} came in the place of {who}", record.seq, who=who, other=other)
        else:
            told = tell("{who} stopped taking part", record.seq, who=source.person(event.participant))
        if event.reason is None:
            yield told
        else:
            yield tell("{told}, because {reason}", record.seq, told=told, reason=tell.told(event.reason, quoted=True))


def _leading(source: Source) -> Iterator[Sentence]:
    tell = source.tell
    for record in source.of(FacilitatorAppointed):
        event = record.event
        who = source.person(event.facilitator)
        neutral = tell("neutral") if event.neutral is True else tell("not neutral") if event.neutral is False else None
        if neutral is None:
            yield tell("The group was led by {who}.", record.seq, who=who)
        else:
            yield tell("The group was led by {who} ({neutral}).", record.seq, who=who, neutral=neutral)
    for record in source.of(FacilitatorReleased):
        who = source.person(record.event.facilitator)
        reason = record.event.reason
        if reason is None:
            yield tell("{who} stopped leading.", record.seq, who=who)
        else:
            yield tell(
                "{who} stopped leading, because {reason}",
                record.seq,
                who=who,
                reason=tell.told(reason, quoted=True),
            )
    for record in source.of(RecorderAppointed):
        yield tell("Notes were taken by {who}.", record.seq, who=source.person(record.event.recorder))
    speaking = [(key, said) for key, said in source.state.inventory.parties.items() if said.event.represented_by]
    speaking.sort(key=lambda item: item[1].seq)
    if speaking:
        parties = tell.joined(
            [
                tell("{party} ({n})", party=source.party(key), n=len(said.event.represented_by))
                for key, said in speaking
            ],
        )
        yield tell("People spoke for: {parties}.", *source.seqs(PartyNamed), parties=parties)


def _disclosure(source: Source) -> Sentence:
    tell, frame = source.tell, source.state.preparation
    say = source.text
    promised = {
        "open": say("Everybody may see who judged what."),
        "group": say("Everybody may see what a subgroup judged; what one person judged only that person sees."),
        "secret": say("Nobody sees who judged what: only totals are shown."),
    }[frame.disclosed]
    if frame.disclosure is None:
        return tell("{promised} Nothing else was agreed about this.", promised=promised)
    seqs = source.seqs(DisclosureDeclared)
    if frame.disclosure.event.explanation is None:
        return Sentence((promised,), seqs)
    why = tell.told(frame.disclosure.event.explanation, quoted=True)
    return tell("{promised} The group said of this: {why}", *seqs, promised=promised, why=why)


def _subgroups(source: Source) -> Iterator[Block]:
    tell = source.tell
    told = []
    for record in source.of(SubgroupFormed, SubgroupChanged):
        event, group = record.event, source.group(record.event.subgroup)
        many = source.people(event.members)
        if isinstance(event, SubgroupChanged):
            said = tell("{group} changed: {people}", record.seq, group=group, people=many)
            reason = event.reason
        else:
            said = tell("{group}: {people}", record.seq, group=group, people=many)
            reason = event.task
        told.append(said if reason is None else tell("{said}. {why}", said=said, why=tell.told(reason, quoted=True)))
    if told:
        yield More(tell.count("{n} line about subgroups", "{n} lines about subgroups", len(told)), capped(source, told))


def _missing(source: Source) -> Iterator[Block]:
    tell = source.tell
    found = advice(source.totals.state)
    voiceless = [dict(piece.seen)["owner"] for piece in found if piece.rule == "owner-without-voice"]
    angles = [dict(piece.seen)["angle"] for piece in found if piece.rule == "missing-angle"]
    told = [
        tell("Nobody at the table spoke for {owner}, for whom this is a problem.", owner=source.party(owner))
        for owner in voiceless
    ]
    if angles:
        seen = tell.joined([tell.told(angle) for angle in angles])
        told.append(tell("No effect was written down as seen by: {angles}.", angles=seen))
    told += list(_once(source))
    yield from items(told)
    if not told:
        yield para(tell("As far as the logbook shows nobody was missing: every owner had a voice."))


def _once(source: Source) -> Iterator[Sentence]:
    held = [meeting.present for meeting in source.state.meeting.meetings.values() if meeting.present]
    if len(held) < 2:
        return
    taking_part = set(source.state.preparation.participants)
    everybody = frozenset.union(*held) & taking_part
    once = len(everybody - frozenset.intersection(*held))
    if not once:
        yield source.tell("Everybody was at every meeting.", *source.seqs(AttendanceRecorded))
        return
    share = source.language.of(once, len(everybody))
    yield source.tell.count(
        "{share} people was not at every meeting.",
        "{share} people were not at every meeting.",
        once,
        *source.seqs(AttendanceRecorded),
        share=share,
    )


def _entered(source: Source) -> Iterator[Block]:
    tell = source.tell
    mine = [
        record
        for record in source.records
        if record.on_behalf_of is not None or record.channel in {"paper", "oral"} or record.entered_later
    ]
    if not mine:
        yield para(tell("Nothing: everybody entered their own words, at the moment itself."))
        return
    others = tuple(record.seq for record in mine if record.on_behalf_of is not None)
    paper = tuple(record.seq for record in mine if record.channel == "paper")
    aloud = tuple(record.seq for record in mine if record.channel == "oral")
    late = tuple(record.seq for record in mine if record.entered_later)
    told = (
        tell.count(
            "{n} line was entered by somebody else, on behalf of who said it.",
            "{n} lines were entered by somebody else, on behalf of who said them.",
            len(others),
            *others,
        ),
        tell.count("{n} line came in on paper.", "{n} lines came in on paper.", len(paper), *paper),
        tell.count(
            "{n} line was said aloud and written down by the note-taker.",
            "{n} lines were said aloud and written down by the note-taker.",
            len(aloud),
            *aloud,
        ),
        tell.count(
            "{n} line was entered later than it happened.",
            "{n} lines were entered later than they happened.",
            len(late),
            *late,
        ),
    )
    yield from items(sentence for sentence in told if sentence.records)
