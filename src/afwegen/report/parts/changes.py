"""What changed between two moments, in words: what is new, what is said otherwise, what no longer stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from afwegen.events.declaration import Erased
from afwegen.method import Step
from afwegen.report.blocks import Section
from afwegen.report.parts.contributions import thing
from afwegen.report.parts.frame import capped, para, step_title, where_it_stands
from afwegen.report.words import Sentence
from afwegen.steps.things import KINDS, Said

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["changed_since", "changes"]

WORDS: Final = (
    "statement",
    "title",
    "description",
    "occasion",
    "text",
    "finding",
    "what",
    "words",
    "question",
    "answer",
    "lesson",
    "insight",
    "motivation",
    "reason",
    "pathway",
    "plan",
    "topic",
)
"""The fields in which a thing says what it is; the first it has counts."""


def changed_since(before: Source, after: Source) -> Section:
    """Return what changed between two moments as a section of the account."""
    tell = after.tell
    found = tuple(changes(before, after))
    n, m = before.state.length, after.state.length
    return Section(
        name="changed",
        title=tell("What changed after the first {n} lines", n=n),
        term="verschil",
        blocks=(
            para(tell.count("{n} line came in.", "{n} lines came in.", m - n), kind="note"),
            *(capped(after, found) or (para(tell("Nothing changed in what stands here.")),)),
        ),
    )


def changes(before: Source, after: Source) -> Iterator[Sentence]:
    """Yield what changed from the state of one source to that of the other."""
    yield from _moved(before, after)
    yield from _chosen(before, after)
    for kind, called in _kinds(after).items():
        yield from _things(before, after, kind, called)
    yield from _unsettled(before, after)


def _moved(before: Source, after: Source) -> Iterator[Sentence]:
    tell = after.tell
    for step in Step:
        was, now = before.state.progress.of(step), after.state.progress.of(step)
        if was != now:
            yield tell(
                "{step}: was {before}, is {after}",
                step=step_title(after, step),
                before=where_it_stands(before, was),
                after=where_it_stands(after, now),
            )


def _chosen(before: Source, after: Source) -> Iterator[Sentence]:
    tell, was, now = after.tell, before.state.choice.chosen, after.state.choice.chosen
    if was == now:
        return
    named = [tell.joined([source.title(key) for key in keys]) for source, keys in ((before, was), (after, now))]
    seq = getattr(after.state.choice.choice, "seq", None)
    rests = () if seq is None else (seq,)
    if not was:
        yield tell("Chosen: {chosen}.", *rests, chosen=named[1])
    elif not now:
        yield tell("No longer chosen: {chosen}.", *rests, chosen=named[0])
    else:
        yield tell("Chosen first: {before}; chosen now: {after}.", *rests, before=named[0], after=named[1])


def _kinds(source: Source) -> dict[str, str]:
    """Return the kinds of things that are compared, and what one is called."""
    say = source.text
    return {
        "occasion": say("the occasion"),
        "problem": say("problem"),
        "core-problem": say("core problem"),
        "joint-problem": say("the real problem, as the group put it"),
        "baseline": say("doing nothing extra"),
        "assumption": say("something taken for granted"),
        "parked-solution": say("parked solution"),
        "solution": say("solution"),
        "effect": say("effect"),
        "core-effect": say("core effect"),
        "uncertainty": say("something nobody knows for sure"),
        "research-task": say("something to look into"),
        "answer": say("what was looked into"),
        "criterion": say("criterion"),
        "main-effect": say("main effect"),
        "department-advice": say("advice that was given"),
        "support": say("support"),
        "dissent": say("who did not agree"),
        "action": say("action"),
        "measurement": say("measurement"),
        "lesson": say("lesson"),
        "insight": say("insight"),
        "note": say("note"),
    }


def _things(before: Source, after: Source, kind: str, called: str) -> Iterator[Sentence]:
    tell = after.tell
    was, now = _kept(before, kind), _kept(after, kind)
    for key in sorted(now, key=lambda key: now[key].seq):
        item, earlier = now[key], was.get(key)
        words = tell.told(_words(item), quoted=True)
        if earlier is None:
            yield tell("New, {kind}: {words}", item.seq, kind=called, words=words)
        elif item.status != earlier.status:
            yield tell("No longer stands, {kind}: {words}", item.seq, kind=called, words=words)
        elif _words(earlier) != _words(item):
            first = tell.told(_words(earlier), quoted=True)
            yield tell("{kind}: first {before}, now {after}", item.seq, kind=called, before=first, after=words)


def _kept(source: Source, kind: str) -> dict[Any, Any]:
    place = KINDS[kind]
    kept = getattr(getattr(source.state, place.room), place.attribute)
    if place.single:
        return {} if kept is None else {kind: kept}
    return dict(kept.items())


def _words(item: Any) -> Any:
    """Return in which words a thing says what it is."""
    said = item.event if isinstance(item, Said) else item
    for name in WORDS:
        value = getattr(said, name, None)
        if isinstance(value, str | Erased):
            return value
    return None


def _unsettled(before: Source, after: Source) -> Iterator[Sentence]:
    tell = after.tell
    was, now = ({each.what for each in source.state.stale} for source in (before, after))
    told: tuple[tuple[set[str], Callable[[Sentence], Sentence]], ...] = (
        (now - was, lambda what: tell("Must be looked at again: {what}", what=what)),
        (was - now, lambda what: tell("Looked at again, and settled: {what}", what=what)),
    )
    for found, say in told:
        for what in sorted(found):
            yield say(thing(after, what))
