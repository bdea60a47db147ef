"""What several parts of the account say in the same way: steps, agreements, lists, gaps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from afwegen.events import StepCompleted, StepOverridden, StepReopened, StepStarted
from afwegen.events.declaration import Erased
from afwegen.method import METHOD_STEPS, Step
from afwegen.report.blocks import Block, Figure, Items, Paragraph, Quote, Section
from afwegen.report.words import Sentence

if TYPE_CHECKING:
    from afwegen.events import Adoption
    from afwegen.report.source import Source
    from afwegen.steps.progress import StepProgress

__all__ = [
    "MANY",
    "TERMS",
    "adopted",
    "capital",
    "capped",
    "figures",
    "items",
    "name_of",
    "para",
    "quoted",
    "step_section",
    "step_title",
    "where_it_stands",
]

MANY: Final = 60
"""From so many rows on a list is counted rather than read."""

TERMS: Final = {
    Step.PREPARATION: "voorbereiding",
    Step.INVENTORY: "inventariseren",
    Step.SHARPENING: "aanscherpen",
    Step.BASELINE: "basisalternatief",
    Step.SOLUTIONS: "oplossingen inventariseren",
    Step.EFFECTS: "effecten en meerkosten",
    Step.PRESELECTION: "voorselectie",
    Step.ANALYSIS: "effecten analyseren",
    Step.CHOICE: "kiezen",
    Step.FOLLOW_UP: "Wat Werkt in de Wijk",
}
"""The method's own words for its steps, in its own language."""


def para(*sentences: Sentence | None, kind: Any = "") -> Paragraph:
    """Return sentences as a paragraph, without those that are not there."""
    return Paragraph(tuple(capital(sentence) for sentence in sentences if sentence is not None), kind)


def capital(sentence: Sentence) -> Sentence:
    """Return a sentence that begins with a capital; where it begins with somebody else's words it stays as it is."""
    first = sentence.parts[0] if sentence.parts else None
    if not isinstance(first, str) or not first:
        return sentence
    return evolve(sentence, parts=(first[0].upper() + first[1:], *sentence.parts[1:]))


def items(sentences: Iterable[Sentence], *, ordered: bool = False) -> tuple[Block, ...]:
    """Return sentences as a list; no block where there are none."""
    found = tuple(capital(sentence) for sentence in sentences)
    return (Items(found, ordered),) if found else ()


def quoted(sentence: Sentence, by: Sentence | None = None) -> Quote:
    """Return what somebody said."""
    return Quote(sentence, by)


def capped(source: Source, sentences: Iterable[Sentence], most: int = MANY) -> tuple[Block, ...]:
    """Return the first sentences as a list, and how many there are beyond them."""
    found = tuple(sentences)
    if len(found) <= most:
        return items(found)
    rest = len(found) - most
    beyond = source.tell.count("and {n} more: see the logbook", "and {n} more: see the logbook", rest)
    return (*items(found[:most]), Paragraph((beyond,), "note"))


def figures(source: Source, *names: str) -> tuple[Block, ...]:
    """Return the pictures whose names begin so."""
    return tuple(Figure(picture) for picture in source.pictures if picture.name.startswith(names))


def name_of(step: Step) -> str:
    """Return how links name a step's section."""
    return f"step-{step.value.replace('_', '-')}"


def step_title(source: Source, step: Step) -> Sentence:
    """Return what a step is called in plain words."""
    say = source.text
    titles = {
        Step.PREPARATION: say("Beforehand: why we began, and with whom"),
        Step.INVENTORY: say("What is going on?"),
        Step.SHARPENING: say("What is the real problem, and for whom?"),
        Step.BASELINE: say("What if we do nothing extra?"),
        Step.SOLUTIONS: say("What could be done?"),
        Step.EFFECTS: say("What would each solution change, and cost?"),
        Step.PRESELECTION: say("Which few deserve a closer look?"),
        Step.ANALYSIS: say("A closer look at those few"),
        Step.CHOICE: say("The choice"),
        Step.FOLLOW_UP: say("What came of it?"),
    }
    if step in METHOD_STEPS:
        return source.tell("Step {n}. {title}", n=step.position, title=titles[step])
    return Sentence((titles[step],))


def step_section(source: Source, step: Step, blocks: Iterable[Block], sections: Iterable[Section] = ()) -> Section:
    """Return the section of a step: where it stands, how it went, and what came of it."""
    progress = source.state.progress.of(step)
    found = tuple(blocks)
    return Section(
        name=name_of(step),
        title=step_title(source, step),
        term=TERMS[step],
        state=where_it_stands(source, progress),
        blocks=(*_course(source, step, progress), *(found or _nothing(source, progress))),
        sections=tuple(sections),
    )


def where_it_stands(source: Source, progress: StepProgress) -> Sentence:
    """Return where a step stands, in a word or two."""
    tell = source.tell
    if progress.is_open:
        return tell("open again") if progress.reopened is not None else tell("open")
    if progress.overridden is not None:
        return tell("went on all the same")
    return tell("completed") if progress.completed is not None else tell("not begun")


def _nothing(source: Source, progress: StepProgress) -> tuple[Block, ...]:
    if not progress.spans:
        return (para(source.tell("The group has not come to this step.")),)
    return (para(source.tell("Nothing was recorded in this step.")),)


def _course(source: Source, step: Step, progress: StepProgress) -> tuple[Block, ...]:
    """Return how a step went: when it was open, what was passed over and why, what was taken up again."""
    tell = source.tell
    if not progress.spans:
        return ()
    begun, ended = (source.where(kind, step=step) for kind in (StepStarted, StepCompleted))
    first, last = progress.spans[0][0], progress.spans[-1][1]
    if last is None:
        when = tell("Begun {begin}.", *begun, begin=first)
    elif source.language.day(first) == source.language.day(last):
        when = tell("{begin} to {end}.", *begun, *ended, begin=first, end=source.language.time(last))
    else:
        when = tell("{begin} to {end}.", *begun, *ended, begin=first, end=last)
    blocks: list[Block] = [Paragraph((when,), "label")]
    blocks += [_reopened(source, record) for record in source.of(StepReopened) if record.event.step == step]
    blocks += [_overridden(source, record) for record in source.of(StepOverridden) if record.event.step == step]
    lacking = source.state.lacking(step) if progress.is_open else ()
    if lacking:
        blocks.append(para(tell("Still lacking: {what}.", what=tell.joined(lacks(source, lacking))), kind="warning"))
    return tuple(blocks)


def _reopened(source: Source, record: Any) -> Paragraph:
    reason = source.tell.told(record.event.reason, quoted=True)
    return para(source.tell("Taken up again, because {reason}", record.seq, reason=reason), kind="note")


def _overridden(source: Source, record: Any) -> Paragraph:
    """Return that the group went on although something was missing: what, and why."""
    tell, event = source.tell, record.event
    reason = tell.told(event.reason, quoted=True)
    missing = event.missing
    if isinstance(missing, Erased) or not missing:
        progress = source.state.progress.of(Step(event.step))
        known = lacks(source, progress.missing) if progress.overridden == record.seq else []
    else:
        known = [tell.told(each) for each in missing]
    if not known:
        return para(tell("Went on all the same, because {reason}", record.seq, reason=reason), kind="warning")
    said = tell(
        "Went on all the same, without {missing}, because {reason}",
        record.seq,
        missing=tell.joined(known),
        reason=reason,
    )
    return para(said, kind="warning")


def lacks(source: Source, owed: Iterable[str]) -> list[Any]:
    """Return what a step still owes in the language of the account, names in place of ids."""
    return [_owed(source, each) for each in owed]


def _owed(source: Source, owed: str) -> Any:
    say = source.text
    plain = {
        "a problem with an owner": say("a problem, and for whom it is one"),
        "an adopted core problem": say("an agreed core problem"),
        "an adopted baseline": say("an agreed picture of doing nothing extra"),
        "a solution, or NoSolutionFound": say("a solution, or that none was found"),
        "the reconfirmation of core problems and baseline": say(
            "the question whether core problems and baseline still hold"
        ),
        "an answer to who refused the reconfirmation": say("an answer to who did not agree any more"),
        "the answers to the reconfirmation": say("the answers whether everything still holds"),
        "the reopening that was promised to who refused": say("the second look that was promised"),
        "an adopted shortlist": say("an agreed shortlist"),
        "the baseline considered as a possible best": say("weighing whether doing nothing extra is best"),
        "a choice, or its deferral": say("a choice, or that it is put off"),
    }
    if owed in plain:
        return plain[owed]
    before, _, rest = owed.partition("'")
    key, _, after = rest.rpartition("'")
    match before.strip(), after.strip():
        case "an adopted core problem of", "":
            return source.tell("an agreed core problem for {owner}", owner=source.party(key))
        case "an effect of", "":
            return source.tell("an effect of {solution}", solution=source.title(key))
        case "an effect card of", "with a main effect":
            return source.tell("an effect card of {solution}", solution=source.title(key))
    return owed


def adopted(
    source: Source,
    adoption: Adoption | None,
    objections: Any,
    *records: int,
) -> tuple[Block, ...]:
    """Return how the group agreed on something, and who objected in which words."""
    tell = source.tell
    if adoption is None:
        return ()
    match adoption.how:
        case "no objection":
            how = tell("Agreed: nobody objected.", *records)
        case "by who leads":
            how = tell("Settled by who leads the group.", *records)
        case _:
            how = _hands(source, adoption, records)
    if isinstance(objections, Erased):
        said = tell("Who objected, and why: {gap}.", *records, gap=objections)
        return (para(how, said, kind="note"),)
    words = [
        tell(
            "{who} objected: {words}",
            *records,
            who=source.person(each.person),
            words=tell.told(each.words, quoted=True),
        )
        for each in objections
    ]
    return (para(how, kind="note"), *items(words))


def _hands(source: Source, adoption: Adoption, records: tuple[int, ...]) -> Sentence:
    if adoption.in_favour is None or adoption.against is None:
        return source.tell("Agreed by a show of hands; the numbers were not noted.", *records)
    return source.tell(
        "Agreed by a show of hands: {favour} for, {against} against.",
        *records,
        favour=adoption.in_favour,
        against=adoption.against,
    )
