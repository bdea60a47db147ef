"""
What a session shows of its judgements: one by one, together, or not at all (*openbaarheid*).

The one place that decides. ``open``: everybody sees who judged what. ``group``: a subgroup's judgement is seen, a
single participant's only by themselves. ``secret``: nobody sees a single judgement; what is shown is of enough judges
together, once for each closed round, and two of those never differ by a few judges.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import EntryObjected, EntryWithdrawn, ModelEvaluated, RankingPresented, Reaffirmed, Record
from afwegen.events.declaration import EVENT_TYPES, Erased, event_type
from afwegen.steps.rounds import Round, round_of
from afwegen.steps.staleness import sheet_is_stale
from afwegen.steps.things import refuse

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["admit_released", "admit_result", "is_about_judgement", "is_secret", "least_judges", "voice"]

ALONE: Final = "alone"
PAIR: Final = 2
"""The total over one judge is that judge's judgement."""


def is_secret(state: SessionState) -> bool:
    """Say whether nobody sees a single judgement."""
    return state.preparation.disclosed == "secret"


def least_judges(state: SessionState, judges: str = "participants") -> int:
    """
    Return of how many judges a result is that may be shown.

    In a secret session as many as were declared, and never one; where judgements of participants are theirs alone, two.
    """
    frame = state.preparation
    if frame.disclosed == "secret" and frame.disclosure is not None:
        return max(PAIR, frame.disclosure.event.minimum_judges)
    theirs_alone = frame.disclosed == "group" and judges == "participants" and frame.form != ALONE
    return PAIR if theirs_alone else 1


# -- who speaks -------------------------------------------------------------------------------------------------------


def is_about_judgement(record: Record[Any], state: SessionState) -> bool:
    """Say whether a record is a judgement, or a word about one: taken back, objected to, reaffirmed."""
    return event_type(record.event).judgement or _judged(record.event, state) is not None


def _judged(event: Any, state: SessionState) -> str | None:
    """Return the round of the judgement that an event is about, if it is about one."""
    match event:
        case EntryWithdrawn(entry=seq) | EntryObjected(entry=seq) | RankingPresented(ranking=seq):
            pass
        case Reaffirmed(thing=thing) if thing.rpartition("/")[2].isdecimal():
            seq = int(thing.rpartition("/")[2])
        case _:
            return None
    said = state.entries.get(seq)
    return str(said.key) if said is not None and EVENT_TYPES[said.type].judgement else None


def voice(record: Record[Any], state: SessionState) -> str | None:
    """
    Return what somebody has a pseudonym of their own for; None where they go by their usual one.

    In a secret session that is the round, so that the sheets of one judge in two rounds are not known to be one's.
    """
    if not is_secret(state) or not is_about_judgement(record, state):
        return None
    about = _judged(record.event, state)
    if about is not None:
        return about
    return _round_of(record, state) or _outside(record)


def _round_of(record: Record[Any], state: SessionState) -> str | None:
    if record.seq >= state.length:
        return round_of(state.meeting.rounds, state.meeting.open_rounds, record)
    said = state.entries.get(record.seq)
    return None if said is None else str(said.key)


def _outside(record: Record[Any]) -> str:
    """Return what stands for a round where there is none; no round can have such an id."""
    return f"{event_type(record.event).name}/{getattr(record.event, 'reconfirmation', '')}"


# -- what is shown together -------------------------------------------------------------------------------------------


def admit_released(state: SessionState, keys: Iterable[str]) -> None:
    """
    Refuse a result that would show too much: of too few judges, or of nearly the same ones as another.

    In a secret session a round has one result: that of all who judged in it when it closed. Among the rounds with the
    same question, judges who are in some results and not in others are as many as the least of a result: whatever is
    added and subtracted, no smaller number is ever left.

    Raises:
        RuleViolation: With what may be done instead.

    References:
        Hundepool et al. (2012), Statistical Disclosure Control, chapter 5: thresholds, dominance, differencing.
    """
    if not is_secret(state):
        return
    for key in keys:
        this = state.meeting.rounds.get(key)
        if this is None or this.closed is None:
            refuse("in a secret session a result is of a closed round", "close it with RoundClosed", key)
        if gone := sum(_is_gone(state, this, judge) for judge in _judges(this)):
            what = f"{gone} of the judgements in round {key!r} no longer count: without them the result would show them"
            refuse(what, "let everybody judge anew, in a new round", gone)
        if said := _refusal(state, key, this, this.closed):
            refuse(*said)


def _refusal(state: SessionState, key: str, this: Round, closed: int) -> tuple[str, str, object] | None:
    least = least_judges(state)
    judges = _judges(this)
    if len(judges) < least:
        return f"in a secret session a result is of {least} judges or more", "go without a result", len(judges)
    if _weighed_since(state, closed):
        what = "judge weights were declared after the round closed: the result would differ from one without them"
        return what, "let everybody judge anew, in a new round", key
    if _dominated(state, judges, least):
        what = f"one judge weighs more than one in {least}, and the result would show that judgement"
        return what, "declare judge weights that are closer together", key
    few = _fewest([_people(state, this), *_shown(state, this, closed)])
    if few < least:
        what = f"another result is of nearly the same judges: the difference would be of {few}"
        return what, f"let everybody judge who judged before, or let {least} or more not", few
    return None


def _judges(this: Round) -> tuple[str, ...]:
    """Return who judged: everybody with a sheet that does not abstain."""
    return tuple(judge for judge, sheet in this.sheets.items() if sheet.event.abstains is not True)


def _is_gone(state: SessionState, this: Round, judge: str) -> bool:
    sheet = this.sheets[judge]
    values = (getattr(sheet.event, field.name) for field in event_type(sheet.event).personal)
    return any(isinstance(value, Erased) for value in values) or sheet_is_stale(state, this, sheet)


def _weighed_since(state: SessionState, closed: int) -> bool:
    declared = state.preparation.options.get("judge weights")
    return declared is not None and (declared.seq > closed or isinstance(declared.event.weights, Erased))


def _dominated(state: SessionState, judges: tuple[str, ...], least: int) -> bool:
    """Say whether one judge outweighs so many others that the whole is nearly that judge's."""
    declared = state.preparation.options.get("judge weights")
    listed = () if declared is None or isinstance(declared.event.weights, Erased) else declared.event.weights
    given = {each.judge: each.weight for each in listed}
    weights = [given.get(judge, 1) for judge in judges]
    return sum(weights) < least * max(weights)


def _shown(state: SessionState, this: Round, before: int) -> tuple[frozenset[str], ...]:
    """
    Return who judged in each round with the same question that closed before, and has a result.

    Which have one follows from the order in which they closed alone: whether anybody asked for it does not matter.
    """
    same = [
        (other.closed, other)
        for other in state.meeting.rounds.values()
        if other.closed is not None and (other.asks, other.criterion) == (this.asks, this.criterion)
    ]
    least, found = least_judges(state), list[frozenset[str]]()
    for closed, other in sorted(same, key=lambda item: item[0]):
        people = _people(state, other)
        if closed < before and len(_judges(other)) >= least and _fewest([people, *found]) >= least:
            found.append(people)
    return tuple(found)


def _people(state: SessionState, this: Round) -> frozenset[str]:
    """Return whose judgements a round holds; a subgroup's is of each of its members."""
    groups = state.meeting.subgroups
    return frozenset(
        person for judge in _judges(this) for person in (groups[judge].members if judge in groups else (judge,))
    )


def _fewest(found: Iterable[frozenset[str]]) -> int:
    """Return the least number of people whom these sets tell apart from all others; 0 where there are none."""
    sets = tuple(found)
    cells: dict[tuple[bool, ...], int] = {}
    for person in frozenset().union(*sets):
        cell = tuple(person in each for each in sets)
        cells[cell] = cells.get(cell, 0) + 1
    return min(cells.values(), default=0)


def admit_result(state: SessionState, event: ModelEvaluated) -> None:
    """Refuse to record a result that may not be shown: its order stands in the entry, for everybody to read."""
    for key in event.rounds if is_secret(state) else ():
        this = state.meeting.rounds.get(key)
        # What no longer counts was looked at when the model was asked; for who verifies later it may be gone by then.
        if this is not None and this.closed is not None and (said := _refusal(state, key, this, this.closed)):
            refuse(*said)
    least = least_judges(state, event.judge_kind)
    if event.judge_count < least:
        secret = is_secret(state)
        what = f"in a secret session a result is of {least} judges or more" if secret else ALONE_SHOWN
        refuse(what, "wait for more judges, or go without a result", event.judge_count)


ALONE_SHOWN: Final = "a result of one participant is that participant's judgement, which is theirs alone"
