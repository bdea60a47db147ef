"""Decision models, after the group's own talk, as an aid: what each said, how sure that is, where people departed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from afwegen.errors import AfwegenError, ModelError
from afwegen.events import ModelEvaluated
from afwegen.events.declaration import pairs
from afwegen.report.blocks import Block, Facts, Figure, More, Section, Table
from afwegen.report.parts.asked import rounds_that_ask
from afwegen.report.parts.frame import MANY, items, para
from afwegen.report.source import standing
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["aids"]

ASKED: Final = ("criteria weights", "scores", "comparisons")
NEAR: Final = 0.05
"""Scores that differ by less than this share of their range are told to lie close together."""


def aids(source: Source) -> Section:
    """Return what decision models answered, if the group used any."""
    tell = source.tell
    found = standing(source.state.meeting.results)
    blocks: list[Block] = [
        para(
            tell("A calculation aid (model) adds up what people filled in. It does not choose: people do."),
            kind="note",
        ),
    ]
    if not found and not source.of(ModelEvaluated):
        blocks.append(para(tell("The group used no calculation aid.")))
    elif not found:
        blocks.append(para(tell("What calculation aids answered was taken back.", *source.seqs(ModelEvaluated))))
    blocks += _filled_in(source)
    return Section(
        name="aids",
        title=tell("Calculation aids"),
        term="rekenhulp",
        blocks=tuple(blocks),
        sections=(*(_result(source, said) for said in found), *_pictures(source)),
    )


def _pictures(source: Source) -> Iterator[Section]:
    drawings = tuple(Figure(picture) for picture in source.pictures if picture.aid)
    if drawings:
        yield Section(title=source.tell("The answers as pictures"), blocks=drawings)


def _filled_in(source: Source) -> Iterator[Block]:
    """Yield what people filled in for the models, in means where that may be told."""
    tell = source.tell
    rounds = sorted(source.state.meeting.rounds.items(), key=lambda item: item[1].seq)
    inner: list[Block] = [*rounds_that_ask(source, *ASKED)]
    for key, this in rounds:
        rests = tuple(sheet.seq for sheet in this.sheets.values())
        weights = source.totals.weights(key) if this.asks == "criteria weights" else None
        if weights:
            rows = tuple(
                (Sentence((source.criterion(name),)), tell("{n}", n=source.language.number(weight, 0)))
                for name, weight in sorted(weights.items(), key=lambda item: -item[1])
            )
            caption = tell("How much each criterion matters, out of 100 points, on average", *rests)
            inner.append(Table(caption, (tell("Criterion"), tell("Points")), rows, frozenset({1})))
        scores = source.totals.scores(key) if this.asks == "scores" else None
        if scores:
            inner.append(_scores(source, scores, rests))
    if inner:
        yield More(tell("What people filled in for it"), tuple(inner))


def _scores(source: Source, scores: dict[tuple[str, str], float], rests: tuple[int, ...]) -> Block:
    tell = source.tell
    names = list(dict.fromkeys(name for name, _ in scores))
    criteria = list(dict.fromkeys(criterion for _, criterion in scores))
    rows = tuple(
        (Sentence((source.title(name),)), *(_mean(source, scores.get((name, criterion))) for criterion in criteria))
        for name in names[:MANY]
    )
    header = (tell("Solution"), *(Sentence((source.criterion(criterion),)) for criterion in criteria))
    return Table(tell("Scores, on average", *rests), header, rows, frozenset(range(1, len(header))), wide=True)


def _mean(source: Source, mean: float | None) -> Sentence:
    return source.tell("not scored") if mean is None else source.tell("{n}", n=source.language.number(mean, 1))


def _result(source: Source, said: Any) -> Section:
    """Return one answer: the order, why, how sure it is, what it rests on, and whether it may still be relied on."""
    event = said.event
    blocks: list[Block] = [para(_order(source, said), kind="lead")]
    blocks += items(_how_sure(source, said))
    blocks += items(_apart(source, said))
    blocks += items(_warnings(source, said))
    return Section(
        title=_called(source, event.model),
        term=event.model if event.model in {"weighted-sum", "ahp", "consensus-graph"} else "",
        blocks=(*blocks, *_basis(source, said)),
    )


def _called(source: Source, model: str) -> Sentence:
    say = source.text
    names = {
        "weighted-sum": say("Adding up scores, each criterion by its weight"),
        "ahp": say("Comparing two by two"),
        "consensus-graph": say("Counting who is placed above whom"),
    }
    return Sentence((names[model],)) if model in names else source.tell.own(model)


def _order(source: Source, said: Any) -> Sentence:
    tell = source.tell
    tiers = said.event.tiers
    shown = [tell.joined([source.title(name) for name in tier]) for tier in tiers[:MANY]]
    if not shown:
        return tell("It gave no order.", said.seq)
    told = shown[0]
    for tier in shown[1:]:
        told = tell("{above}; then {below}", above=told, below=tier)
    return tell("Its order, best first: {order}.", said.seq, order=told)


def _how_sure(source: Source, said: Any) -> Iterator[Sentence]:
    tell, event = source.tell, said.event
    parts = _outcome(source, event.result)
    scores = _numbers(parts.get("scores"))
    if scores:
        shown = [
            tell("{name} {score}", name=source.title(name), score=source.language.number(score, 2))
            for name, score in sorted(scores.items(), key=lambda item: -item[1])[:MANY]
        ]
        yield tell("The scores, higher is better: {scores}.", said.seq, scores=tell.joined(shown))
        yield from _close(source, scores)
    ties = [tier for tier in event.tiers if len(tier) > 1]
    for tier in ties[:MANY]:
        names = tell.joined([source.title(name) for name in tier[:MANY]])
        yield tell("It cannot tell these apart: {names}.", said.seq, names=names)
    degree = (parts.get("consensus") or {}).get("degree")
    if degree is not None:
        points = source.language.number(100 * float(degree), 0)
        yield tell("How much people agreed (consensus): {points} out of 100 points.", said.seq, points=points)
    yield from _counted(source, said)


def _close(source: Source, scores: dict[str, float]) -> Iterator[Sentence]:
    """Yield what lies close together at the top: there, little would have to change."""
    order = sorted(scores.items(), key=lambda item: -item[1])
    whole = max(abs(score) for score in scores.values()) or 1
    if len(order) > 1 and 0 < order[0][1] - order[1][1] < NEAR * whole:
        names = source.tell.joined([source.title(order[0][0]), source.title(order[1][0])])
        yield source.tell("{names} lie very close together: a small change would turn it round.", names=names)


def _counted(source: Source, said: Any) -> Iterator[Sentence]:
    """Yield how many placed its first above its second, in the round it rests on."""
    tell, tiers = source.tell, said.event.tiers
    if said.event.model != "consensus-graph" or len(tiers) < 2:
        return
    for key in said.event.rounds:
        this = source.state.meeting.rounds.get(key)
        found = source.totals.orders(key) if this is not None and this.asks == "ranking" else None
        if found is not None:
            first, second = tiers[0][0], tiers[1][0]
            share = source.language.of(found.above[first, second], found.judges)
            yield tell(
                "{share} placed {first} above {second}.",
                said.seq,
                share=share,
                first=source.title(first),
                second=source.title(second),
            )


def _outcome(source: Source, key: str) -> dict[str, Any]:
    """Return the parts of a recorded outcome that tell of nobody in particular."""
    text = source.totals.outcome(key)
    if not isinstance(text, str):
        return {}
    try:
        parts = json.loads(text)
    except ValueError:
        return {}
    return parts if isinstance(parts, dict) else {}


def _numbers(found: Any) -> dict[str, float]:
    from afwegen.log.spelling import read_float

    if not isinstance(found, list):
        return {}
    try:
        return {name: read_float(number) for name, number in found if number is not None}
    except (AfwegenError, TypeError, ValueError):
        return {}


def _apart(source: Source, said: Any) -> Iterator[Sentence]:
    """Yield whether what was chosen stands first with it."""
    tell, state = source.tell, source.state
    chosen, choice = state.choice.chosen, state.choice.choice
    if not chosen or choice is None or not said.event.tiers:
        return
    from afwegen.report.parts.thread import within

    if set(within(source, chosen)).isdisjoint(said.event.tiers[0]):
        yield tell("People chose something else than what stands first here; step 8 says why.", said.seq, choice.seq)
    else:
        yield tell("What people chose, or a part of it, stands first here.", said.seq, choice.seq)


def _warnings(source: Source, said: Any) -> Iterator[Sentence]:
    tell, event = source.tell, said.event
    stale = [each for each in source.state.stale if each.what == f"result/{event.result}"]
    if stale:
        since = sorted({each.since for each in stale})
        yield tell("What it rests on has changed since: it must be looked at again (stale).", said.seq, *since)
    gone = [key for key in event.rounds if key not in source.state.meeting.rounds]
    if gone:
        yield tell("Some of what it rests on is gone.", said.seq)
    erased = len(_erased(source, said))
    if erased:
        yield tell.count(
            "{n} sheet it rests on was erased on request since: it cannot be computed again.",
            "{n} sheets it rests on were erased on request since: it cannot be computed again.",
            erased,
            said.seq,
        )
    missing = _not_here(event)
    if missing:
        yield tell(
            "This calculation aid is not installed here: what it answered stands, but cannot be computed again.",
            said.seq,
        )


def _erased(source: Source, said: Any) -> list[int]:
    """Return the sheets a result rests on that an erasure covers."""
    covered: set[int] = set()
    for erasure in source.state.meeting.erasures:
        covered |= set(getattr(erasure.event, "entries", ())) | {getattr(erasure.event, "entry", -1)}
    rounds = [source.state.meeting.rounds[key] for key in said.event.rounds if key in source.state.meeting.rounds]
    return [sheet.seq for this in rounds for sheet in this.sheets.values() if sheet.seq in covered]


def _not_here(event: Any) -> bool:
    from afwegen.models import registry

    try:
        registry.find(event.model)
    except ModelError:
        return True
    return False


def _basis(source: Source, said: Any) -> Iterator[Block]:
    """Yield what a result rests on, for who wants to compute it again."""
    tell, event = source.tell, said.event
    judges = (
        tell.count("{n} person", "{n} people", event.judge_count)
        if event.judge_kind == "participants"
        else tell.count("{n} subgroup", "{n} subgroups", event.judge_count)
    )
    settings = [tell.told(f"{name} = {value}") for name, value in pairs(event.parameters)]
    facts = (
        (tell("Whose sheets"), (judges,)),
        (tell("Rounds"), (tell.joined([tell.told(key.replace("-", " ")) for key in event.rounds]),)),
        (tell("Version and settings"), (tell.joined([tell.told(f"{event.model} {event.version}"), *settings]),)),
        (tell("Computed on"), (tell.count("the first {n} line", "the first {n} lines", event.upto, said.seq),)),
    )
    yield More(tell("What it was computed from"), (Facts(facts),))
