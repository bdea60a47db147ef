"""What became of every contribution: taken up, put together, set aside, parked, taken back, or hidden and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import (
    EntriesMerged,
    EntryHidden,
    EntryObjected,
    EntryReworded,
    EntryWithdrawn,
    NoteTaken,
    OwnerSetAside,
    ParkedSolutionTakenUp,
    ProblemReported,
    ProblemSetAside,
    ProblemSplit,
    QuestionAsked,
    Reaffirmed,
    SolutionParked,
    SolutionProposed,
    SolutionsCombined,
    SolutionSetAside,
    VariantAdded,
)
from afwegen.report.blocks import Block, More, Section
from afwegen.report.parts.frame import capped, para
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["contributions"]

BROUGHT: Final = (SolutionProposed, ParkedSolutionTakenUp, VariantAdded, SolutionsCombined)


def contributions(source: Source) -> Section:
    """Return what became of everything people brought in."""
    tell = source.tell
    parts = (
        (tell("Problems that were told"), _problems(source)),
        (tell("Solutions that came up too early, and were parked"), _parked(source)),
        (tell("Solutions"), _solutions(source)),
        (tell("Notes and questions"), _notes(source)),
        (tell("Worded differently"), _reworded(source)),
        (tell("Put together, taken back or hidden, and why"), _corrected(source)),
        (tell("Looked at again after something changed"), _reaffirmed(source)),
    )
    blocks: list[Block] = []
    for summary, sentences in parts:
        found = tuple(sentences)
        if found:
            named = tell("{what} ({n})", what=summary, n=len(found))
            blocks.append(More(named, capped(source, found)))
    if not blocks:
        blocks.append(para(tell("Nothing has been brought in yet.")))
    return Section(
        name="contributions",
        title=tell("What became of every contribution"),
        term="inbreng",
        blocks=(
            para(tell("Nothing that was said is thrown away; this is where everything went."), kind="note"),
            *blocks,
        ),
    )


def _problems(source: Source) -> Iterator[Sentence]:
    tell, state = source.tell, source.state
    for record in source.of(ProblemReported):
        problem = state.inventory.problems.get(record.event.problem)
        words = tell.told(record.event.statement)
        if problem is None:
            continue
        yield tell("{words}: {fate}", record.seq, words=words, fate=_fate(source, record.event.problem, problem))


def _fate(source: Source, key: str, problem: Any) -> Sentence:
    tell, say = source.tell, source.text
    cores = [
        core for core in source.state.sharpening.cores.values() if key in core.problems and core.status == "standing"
    ]
    match problem.status:
        case "split":
            into = tell.joined([source.problem(one) for one in problem.split_into])
            return tell("split into {into}", *source.where(ProblemSplit, problem=key), into=into)
        case "set aside":
            rests = source.where(ProblemSetAside, problem=key)
            reasons = [record.event.reason for record in source.of(ProblemSetAside) if record.event.problem == key]
            return tell(
                "set aside, because {reason}", *rests, reason=tell.told(reasons[-1] if reasons else None, quoted=True)
            )
        case "standing" if cores:
            taken = tell.joined([tell.told(core.statement, quoted=True) for core in cores])
            return tell("taken up in {cores}", *(core.seq for core in cores), cores=taken)
        case "standing":
            return tell("stands by itself")
        case status:
            return _status(source, status, problem.seq) or Sentence((say("stands by itself"),))


def _status(source: Source, status: str, seq: int) -> Sentence | None:
    """Return what a correction made of a record; None where it stands."""
    tell = source.tell
    for record in source.of(EntriesMerged, EntryHidden, EntryWithdrawn):
        event = record.event
        reason = tell.told(event.reason, quoted=True)
        if isinstance(event, EntriesMerged) and seq in event.entries and status == "merged":
            return tell(
                "put together with line {n}, because {reason}", record.seq, event.into, n=event.into, reason=reason
            )
        if isinstance(event, EntryHidden) and event.entry == seq and status == "hidden":
            return tell("hidden, because {reason}", record.seq, reason=reason)
        if isinstance(event, EntryWithdrawn) and event.entry == seq and status == "withdrawn":
            return tell("taken back, because {reason}", record.seq, reason=reason)
    return None


def _parked(source: Source) -> Iterator[Sentence]:
    tell, say, taken = source.tell, source.text, source.state.solutions.taken_up
    origin = {"mentioned": say("it slipped out"), "proposed beforehand": say("it had been proposed beforehand")}
    for record in source.of(SolutionParked):
        event = record.event
        words, how = tell.told(event.title), origin[event.origin]
        said = source.state.inventory.parked[event.parked]
        fate = _status(source, said.status, record.seq)
        if event.parked in taken:
            rests = source.where(ParkedSolutionTakenUp, parked=event.parked)
            fate = tell("taken up as {solution}", *rests, solution=source.title(taken[event.parked]))
        yield tell("{words} ({how}): {fate}", record.seq, words=words, how=how, fate=fate or tell("stayed parked"))


def _solutions(source: Source) -> Iterator[Sentence]:
    tell, state = source.tell, source.state
    for record in source.of(*BROUGHT):
        key = record.event.solution
        solution = state.solutions.solutions[key]
        yield tell(
            "{words}: {fate}", record.seq, words=tell.told(record.event.title), fate=_solution(source, key, solution)
        )


def _solution(source: Source, key: str, solution: Any) -> Sentence:
    tell, state = source.tell, source.state
    if solution.status == "set aside":
        rests = source.where(SolutionSetAside, solution=key)
        reason = tell.told(state.solutions.set_aside.get(key), quoted=True)
        return tell("set aside, because {reason}", *rests, reason=reason)
    if solution.status != "standing":
        return _status(source, solution.status, solution.seq) or tell("no longer stands")
    choice, shortlist = state.choice.choice, state.preselection.shortlist
    if key in state.choice.chosen and choice is not None:
        return tell("chosen", choice.seq)
    inside = [name for name in state.choice.chosen if key in getattr(state.solutions.solutions.get(name), "parts", ())]
    if inside and choice is not None:
        return tell("part of what was chosen", choice.seq)
    if key in state.preselection.shortlisted and shortlist is not None:
        return tell("on the shortlist, not chosen", shortlist.seq)
    dropped = [said for said in standing(state.preselection.discussions) if said.event.solution == key]
    if dropped:
        finding = tell.told(dropped[-1].event.finding, quoted=True)
        return tell("not worked out further: {finding}", dropped[-1].seq, finding=finding)
    return tell("not on the shortlist") if shortlist is not None else tell("stands")


def _notes(source: Source) -> Iterator[Sentence]:
    tell, room = source.tell, source.state.meeting
    for record in source.of(NoteTaken):
        said = room.notes[record.seq]
        fate = _status(source, said.status, record.seq)
        words = tell.told(said.event.text)
        if fate is None:
            yield tell("Note: {words}", record.seq, words=words)
        else:
            yield tell("Note: {words} ({fate})", record.seq, words=words, fate=fate)
    for record in source.of(QuestionAsked):
        question = source.state.inventory.questions[record.seq]
        fate = _status(source, question.status, record.seq)
        words = tell.told(question.event.question)
        if fate is not None:
            yield tell("Question: {words} ({fate})", record.seq, words=words, fate=fate)


def _reworded(source: Source) -> Iterator[Sentence]:
    """Yield both wordings of what was worded differently, and whether it changed in meaning."""
    tell = source.tell
    for record in source.of(EntryReworded):
        event = record.event
        said = source.records[event.entry].event if event.entry < len(source.records) else None
        before = getattr(said, event.field, None)
        meaning = tell("the meaning changed") if event.meaning_changed else tell("the meaning stayed the same")
        yield tell(
            "First: {before} Now: {after} ({meaning})",
            record.seq,
            event.entry,
            before=tell.told(before, quoted=True),
            after=tell.told(event.text, quoted=True),
            meaning=meaning,
        )


def _corrected(source: Source) -> Iterator[Sentence]:
    tell = source.tell
    for record in source.of(EntriesMerged, EntryHidden, EntryWithdrawn, EntryObjected, OwnerSetAside):
        event = record.event
        match event:
            case EntriesMerged():
                merged = tell.joined([tell("line {n}", n=seq) for seq in event.entries])
                yield tell(
                    "{merged} put together with line {n}, because {reason}",
                    record.seq,
                    *event.entries,
                    event.into,
                    merged=merged,
                    n=event.into,
                    reason=tell.told(event.reason, quoted=True),
                )
            case EntryHidden():
                reason = tell.told(event.reason, quoted=True)
                yield tell(
                    "Line {n} is hidden, because {reason}", record.seq, event.entry, n=event.entry, reason=reason
                )
            case EntryWithdrawn():
                reason = tell.told(event.reason, quoted=True)
                yield tell(
                    "Line {n} was taken back, because {reason}", record.seq, event.entry, n=event.entry, reason=reason
                )
            case EntryObjected():
                words = tell.told(event.objection, quoted=True)
                yield tell("Objection to line {n}: {words}", record.seq, event.entry, n=event.entry, words=words)
            case _:
                owner, reason = source.party(event.owner), tell.told(event.reason, quoted=True)
                yield tell("No core problem for {owner}, because {reason}", record.seq, owner=owner, reason=reason)


def _reaffirmed(source: Source) -> Iterator[Sentence]:
    tell = source.tell
    for record in source.of(Reaffirmed):
        what, reason = thing(source, record.event.thing), tell.told(record.event.reason, quoted=True)
        yield tell("{what} still holds, because {reason}", record.seq, what=what, reason=reason)


def thing(source: Source, ref: str) -> Sentence:
    """Return what a reference points at, in words: ``effect/less-noise``."""
    tell, state = source.tell, source.state
    kind, _, key = ref.partition("/")
    match kind:
        case "baseline":
            return tell("the picture of doing nothing extra")
        case "shortlist":
            return tell("the shortlist")
        case "choice":
            return tell("the choice")
        case "consideration":
            return tell("the weighing of doing nothing extra")
        case "effect":
            return tell("the effect {name}", name=source.effect(key))
        case "cost" | "income":
            room = state.effects.costs if kind == "cost" else state.effects.incomes
            found: Any = room.get(key)
            name = source.title(found.event.solution) if found is not None else tell.told(key)
            return (
                tell("the estimated cost of {name}", name=name)
                if kind == "cost"
                else tell("the estimated income of {name}", name=name)
            )
        case "core-problem":
            return tell("the core problem {name}", name=source.core(key))
        case "problem":
            return tell("the problem {name}", name=source.problem(key))
        case "solution" | "effect-card":
            return tell("what was said of {name}", name=source.title(key))
        case "criterion":
            return tell("the criterion {name}", name=source.criterion(key))
        case "result":
            said = state.meeting.results.get(key)
            return tell(
                "the answer of calculation aid {name}", name=tell.told(key if said is None else said.event.model)
            )
        case _:
            return _other(source, kind, key)


def _other(source: Source, kind: str, key: str) -> Sentence:
    say = source.text
    names = {
        "reconfirmation": say("the question whether everything still holds"),
        "solving-power": say("an estimate of how much a solution takes away"),
        "main-effect": say("a main effect"),
        "size": say("the size of an effect"),
        "pathway": say("how a solution works"),
        "indicator": say("by what it is measured"),
        "core-effect": say("the core effect"),
        "round": say("what a round came to"),
        "priorities": say("somebody's most important problem"),
        "nominations": say("the solution somebody most wanted"),
        "ranking": say("an order that was handed in"),
        "criteria-weights": say("how much the criteria matter to somebody"),
        "scores": say("scores that were handed in"),
        "comparisons": say("comparisons that were handed in"),
    }
    rests = (int(key),) if key.isdigit() else ()
    return Sentence((names.get(kind, ref_in_words(kind, key)),), rests)


def ref_in_words(kind: str, key: str) -> str:
    """Return a reference as words, where nothing better is known."""
    return f"{kind} {key}".replace("-", " ").strip()
