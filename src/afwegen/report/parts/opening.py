"""The one screen with which the account opens: six questions of a resident, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from afwegen.events import ChoiceDeferred, ChoiceMade, Record
from afwegen.method import METHOD_STEPS, Role, Step
from afwegen.report.blocks import Answer, Opening
from afwegen.report.parts.frame import name_of
from afwegen.report.source import standing
from afwegen.report.words import Sentence, shortened

if TYPE_CHECKING:
    from afwegen.report.source import Source

__all__ = ["by_whom", "chosen_in_a_row", "not_yet", "opening"]

SHORT: Final = 260
"""As many characters of somebody's words as fit on one screen with the other answers."""
SHOWN: Final = 3


def opening(source: Source) -> Opening:
    """Return the opening screen."""
    frame, tell = source.state.preparation, source.tell
    last = source.records[-1] if source.records else None
    return Opening(
        kicker=tell("Account: how a group weighed, and what was chosen"),
        title=tell.own(frame.title or None),
        area=tell.own(frame.area or None),
        answers=(
            Answer(tell("What was going on?"), _going_on(source), to="thread"),
            Answer(tell("What was chosen, and by whom?"), _chosen(source), to=name_of(Step.CHOICE), loud=True),
            Answer(tell("Why?"), _why(source), to=name_of(Step.CHOICE)),
            Answer(tell("What if we do nothing extra?"), _nothing_extra(source), to=name_of(Step.BASELINE)),
            Answer(tell("Who does what now?"), _who_does_what(source), to=name_of(Step.FOLLOW_UP)),
            Answer(tell("When do people hear of it?"), _when_heard(source), to=name_of(Step.CHOICE)),
        ),
        notices=tuple(_notices(source, last)),
    )


def _short(sentence: Sentence) -> Sentence:
    return shortened(sentence, SHORT)


def _going_on(source: Source) -> tuple[Sentence, ...]:
    tell, state = source.tell, source.state
    occasion = state.preparation.occasion
    if occasion is None or occasion.status != "standing":
        told = [tell("What set this in motion was not recorded.")]
    else:
        told = [_short(tell.own(occasion.event.occasion, occasion.seq))]
    joint = state.sharpening.joint_problem
    if joint is not None and joint.status == "standing":
        words = tell.told(joint.event.statement)
        told.append(_short(tell("The real problem, as the group came to see it: {words}", joint.seq, words=words)))
    elif state.sharpening.adopted:
        cores = [source.core(key) for key in state.sharpening.adopted]
        seqs = [state.sharpening.cores[key].adopted_at or 0 for key in state.sharpening.adopted]
        told.append(_short(tell("The real problem: {cores}", *seqs, cores=tell.joined(cores))))
    return tuple(told)


def chosen_in_a_row(source: Source) -> Sentence:
    """Return what was chosen, in a row."""
    return source.tell.joined([source.title(key) for key in source.state.choice.chosen])


def _chosen(source: Source) -> tuple[Sentence, ...]:
    choice = source.state.choice.choice
    if source.state.choice.chosen and choice is not None:
        return (chosen_in_a_row(source).resting_on(choice.seq), by_whom(source))
    return not_yet(source)


def by_whom(source: Source) -> Sentence:
    """Return who chose: the group itself, or somebody else after its advice."""
    tell, choice, procedure = source.tell, source.state.choice.choice, source.state.choice.procedure
    record = next((one for one in source.of(ChoiceMade) if choice is not None and one.seq == choice.seq), None)
    if record is None:
        return tell("It is not known who chose.")
    rests = (record.seq,) if procedure is None else (record.seq, procedure.seq)
    if procedure is not None and procedure.event.group == "decides":
        return tell("The group itself decided.", *rests)
    if record.role in {Role.DECIDER, Role.PLENARY} and procedure is not None:
        return _advised(source, record, *rests)
    return tell("The group advised; the decision was entered by who leads.", *rests)


def _advised(source: Source, record: Record[Any], *rests: int) -> Sentence:
    if record.role is Role.PLENARY:
        return source.tell("The group made this choice as its advice.", *rests)
    return source.tell("The group advised; {who} decided.", *rests, who=source.author(record))


def not_yet(source: Source) -> tuple[Sentence, ...]:
    """Return that nothing was chosen, why, and until when."""
    tell, state = source.tell, source.state
    choice, ended = state.choice.choice, state.meeting.ended
    if choice is not None and choice.status != "standing":
        return (tell("A choice was made and later taken back; nothing stands now.", choice.seq),)
    if choice is not None and isinstance(choice.event, ChoiceDeferred):
        reason = _short(tell.own(choice.event.reason))
        said = [tell("Not chosen yet (deferred), because {reason}", choice.seq, reason=reason)]
        if choice.event.until is not None:
            said.append(tell("Before {day} it is looked at again.", choice.seq, day=choice.event.until))
        return tuple(said)
    if ended is not None:
        return (tell("Nothing was chosen."), *_ending(source))
    if not state.length:
        return (tell("Nothing has been recorded yet."),)
    if state.step in METHOD_STEPS:
        return (tell("Nothing has been chosen yet: the group is at step {n} of 8.", n=state.step.position),)
    if state.step is Step.PREPARATION:
        return (tell("Nothing has been chosen yet: the group is preparing."),)
    return (tell("Nothing was chosen; the group went on to see what came of it."),)


def _ending(source: Source) -> tuple[Sentence, ...]:
    ended = source.state.meeting.ended
    if ended is None:
        return ()
    tell, say = source.tell, source.text
    outcomes = {
        "chosen": say("The weighing ended with a choice."),
        "not yet": say("The weighing ended; it is not settled yet."),
        "solves itself": say("The weighing ended: the problem solves itself."),
        "no support": say("The weighing ended: there was no support."),
        "stopped": say("The weighing was stopped."),
    }
    return (Sentence((outcomes[ended.event.outcome],), (ended.seq,)), _short(tell.own(ended.event.reason, ended.seq)))


def _why(source: Source) -> tuple[Sentence, ...]:
    tell, choice = source.tell, source.state.choice
    if not choice.chosen or choice.choice is None or not isinstance(choice.choice.event, ChoiceMade):
        return (tell("As long as nothing has been chosen, there is no reason to tell."),)
    told = [_short(tell.own(choice.choice.event.motivation, choice.choice.seq))]
    dissent = standing(choice.dissent)
    if dissent:
        seqs = [said.seq for said in dissent]
        told.append(tell.count("{n} person did not agree.", "{n} people did not agree.", len(dissent), *seqs))
    return tuple(told)


def _nothing_extra(source: Source) -> tuple[Sentence, ...]:
    tell, baseline = source.tell, source.state.baseline
    if baseline.draft is None or baseline.draft.status != "standing":
        return (tell("The group has not described that."),)
    rests = [baseline.draft.seq, *([baseline.adopted_at] if baseline.adopted_at is not None else [])]
    told = [_short(tell.own(baseline.description, *rests))]
    if baseline.adopted_at is None:
        told.append(tell("The group has not agreed on this yet.", baseline.draft.seq))
    return tuple(told)


def _who_does_what(source: Source) -> tuple[Sentence, ...]:
    tell = source.tell
    found = standing(source.state.follow_up.actions)
    if not found:
        if source.state.choice.chosen:
            return (tell("No action was recorded yet."),)
        return _tasks(source) or (tell("Nothing was agreed yet about what happens next."),)
    told = [_short(action(source, said)) for said in found[:SHOWN]]
    if len(found) > SHOWN:
        rest = len(found) - SHOWN
        told.append(tell.count("and {n} more action", "and {n} more actions", rest))
    return tuple(told)


def action(source: Source, said: Any) -> Sentence:
    """Return an action: what, who, and before when."""
    tell, event = source.tell, said.event
    what = tell.told(event.what)
    who = source.party(event.party) if event.party else source.people(event.who) if event.who else None
    if who is not None and event.due is not None:
        return tell("{what}: {who}, before {day}", said.seq, what=what, who=who, day=event.due)
    if who is not None:
        return tell("{what}: {who}", said.seq, what=what, who=who)
    if event.due is not None:
        return tell("{what}: before {day}", said.seq, what=what, day=event.due)
    return tell("{what}: by whom was not said", said.seq, what=what)


def _tasks(source: Source) -> tuple[Sentence, ...]:
    tell, effects = source.tell, source.state.effects
    answered = {said.event.task for said in standing(effects.answers)}
    open_tasks = [said for key, said in effects.research.items() if key not in answered and said.status == "standing"]
    open_tasks.sort(key=lambda said: said.seq)
    return tuple(
        _short(tell("To be looked into: {question}", said.seq, question=tell.told(said.event.question)))
        for said in open_tasks[:SHOWN]
    )


def _when_heard(source: Source) -> tuple[Sentence, ...]:
    tell, state = source.tell, source.state
    told = [
        tell("{to} heard it on {day}.", said.seq, to=source.party(said.event.to), day=said.event.day)
        if said.event.day
        else tell("{to} heard it.", said.seq, to=source.party(said.event.to))
        for said in standing(state.choice.reported_back)[:SHOWN]
    ]
    told += [
        tell("Whether it works is told after {day}.", said.seq, day=said.event.day)
        for said in standing(state.follow_up.evaluations)[:1]
        if said.event.day is not None
    ]
    if told:
        return tuple(told)
    choice = state.choice.choice
    until = choice.event.until if choice is not None and isinstance(choice.event, ChoiceDeferred) else None
    if choice is not None and until is not None:
        return (tell("A choice is expected before {day}.", choice.seq, day=until),)
    return (tell("It was not recorded yet when the people it touches hear of it."),)


def _notices(source: Source, last: Record[Any] | None) -> Any:
    tell, state = source.tell, source.state
    if last is not None:
        count = tell.count("after {n} line in the logbook", "after {n} lines in the logbook", state.length)
        yield tell("As it stood on {moment}, {lines}.", moment=last.recorded_at, lines=count)
    if not source.whole:
        yield tell("This is an earlier moment: the logbook has gone on since.")
    if state.meeting.ended is None and state.length:
        yield tell("The session has not ended: what stands here may still change.")
    for key in state.meeting.open_rounds:
        if state.meeting.rounds[key].blind:
            seq = state.meeting.rounds[key].seq
            yield tell("A round is open in which nobody sees yet what others write.", seq)
    if state.stale:
        named = len({each.what for each in state.stale})
        link = tell.count("{n} thing must be looked at again.", "{n} things must be looked at again.", named)
        yield Sentence(link.parts, link.records, to="stale")
