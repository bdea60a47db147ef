"""
The state of a session: a pure function of its records.

``admit`` says whether an act may enter the log; ``apply`` says what the log then means, and never refuses history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Final

from attrs import frozen

from afwegen.errors import IntegrityError
from afwegen.events import Record, RoundOpened, SessionEnded, SessionStarted, StepStarted
from afwegen.events.declaration import EVENT_TYPES, Erased, EventType, event_type
from afwegen.events.record import to_the_minute
from afwegen.method import Step
from afwegen.steps import (
    acting,
    analysis,
    baseline,
    choice,
    corrections,
    disclosure,
    effects,
    follow_up,
    inventory,
    meeting,
    notebook,
    preparation,
    preselection,
    progress,
    rounds,
    sharpening,
    solutions,
)
from afwegen.steps.analysis import Analysis
from afwegen.steps.baseline import Baseline
from afwegen.steps.choice import Choice
from afwegen.steps.effects import Effects
from afwegen.steps.follow_up import FollowUp
from afwegen.steps.inventory import Inventory
from afwegen.steps.meeting import MeetingRoom
from afwegen.steps.preparation import Preparation
from afwegen.steps.preselection import Preselection
from afwegen.steps.progress import Progress
from afwegen.steps.sharpening import Sharpening
from afwegen.steps.solutions import Solutions
from afwegen.steps.staleness import Stale, stale_things
from afwegen.steps.things import EMPTY, KINDS, Entry, Map, Place, evolve, kept, refuse, room

__all__ = ["SessionState", "admit", "apply", "replay"]

ROOMS: Final[dict[str, ModuleType]] = {
    "preparation": preparation,
    "meeting": meeting,
    "inventory": inventory,
    "sharpening": sharpening,
    "baseline": baseline,
    "solutions": solutions,
    "effects": effects,
    "preselection": preselection,
    "analysis": analysis,
    "choice": choice,
    "follow_up": follow_up,
}
ELSEWHERE: Final = {
    "problem-split/1": "inventory",
    "problem-set-aside/1": "inventory",
    "meeting-planned/1": "meeting",
}
"""Events of one step that change what lies in the room of another."""
STEP_MOVES: Final = frozenset({"step-started/1", "step-completed/1", "step-overridden/1", "step-reopened/1"})
AFTER_ARCHIVING: Final = frozenset({"subject-erased/1", "text-redacted/1", "report-exported/1"})


@room
class SessionState:
    """
    What a session's log means after its last record.

    Attributes:
        session: The id of the session; empty before the first record.
        length: How many records were applied.
        progress: Where each step stands.
        entries: By record, what it left behind that can be corrected.
    """

    session: str = ""
    length: int = 0
    progress: Progress = Progress()
    preparation: Preparation = Preparation()
    meeting: MeetingRoom = MeetingRoom()
    inventory: Inventory = Inventory()
    sharpening: Sharpening = Sharpening()
    baseline: Baseline = Baseline()
    solutions: Solutions = Solutions()
    effects: Effects = Effects()
    preselection: Preselection = Preselection()
    analysis: Analysis = Analysis()
    choice: Choice = Choice()
    follow_up: FollowUp = FollowUp()
    entries: Map[int, Entry] = EMPTY
    judged: bool = False

    def _repr_html_(self) -> str:
        """Return what a notebook shows: where the session stands, nobody's name and no judgement."""
        return notebook.state_card(self)

    @property
    def step(self) -> Step:
        """Return the step the group has come to; a reopened one is open beside it."""
        return self.progress.now

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """Return the steps that are open, in order."""
        return tuple(step for step in Step if step in self.progress.open)

    @property
    def stale(self) -> tuple[Stale, ...]:
        """Return what must be looked at again, because what it rests on has changed since."""
        return stale_things(self)

    @property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Return who is in each subgroup."""
        return {key: group.members for key, group in self.meeting.subgroups.items()}

    def lacking(self, step: Step | str | None = None) -> tuple[str, ...]:
        """Name what a step, by default the present one, still owes before it is complete."""
        return progress.lacking(self, self.step if step is None else Step(step))

    def knows(self, person: str) -> bool:
        """Say whether somebody has a part in this session."""
        frame = self.preparation
        return (
            person in frame.participants
            or person in frame.facilitators
            or person in frame.recorders
            or person == frame.organiser
            or person in self.choice.deciders
        )

    def stands(self, kinds: tuple[str, ...], key: str) -> bool:
        """Say whether the session has a thing of one of these kinds under this id, and it stands."""
        for kind in kinds:
            place = KINDS[kind]
            items = getattr(getattr(self, place.room), place.attribute)
            item = (items if key == kind else None) if place.single else items.get(key)
            if item is not None and item.status == "standing":
                return True
        return False

    def status_of(self, entry: Entry) -> str:
        """Return whether what a record left behind stands."""
        place = KINDS[entry.kind]
        items = getattr(getattr(self, place.room), place.attribute)
        item = items if place.single else items.get(entry.key)
        status: str = "standing" if item is None else item.status
        return status


START: Final = SessionState()


# -- admission --------------------------------------------------------------------------------------------------------


def admit(state: SessionState, record: Record[Any]) -> None:
    """
    Refuse an act that the method does not allow in this state; say nothing when it may be recorded.

    Raises:
        RuleViolation: With the reason, the value, and what to do.
    """
    declared = event_type(record.event)
    _admit_life(state, record, declared)
    _admit_times(state, record)
    if record.happened_at > record.recorded_at:
        refuse("nothing is recorded before it happens", "give a happened_at in the past", record.happened_at)
    progress.admit_step(state, record, declared)
    acting.admit_acting(state, record, declared)
    _admit_names(state, record, declared)
    if declared.name in STEP_MOVES:
        progress.admit(state, record)
        return
    ROOMS[declared.room].admit(state, record)
    if declared.room == "meeting":
        corrections.admit(state, record)
    if type(record.event) in rounds.ASKED_BY:
        rounds.admit_sheet(state, record)


def _admit_times(state: SessionState, record: Record[Any]) -> None:
    """Refuse to tell to the second when somebody judged in secret: it would tell who."""
    if disclosure.voice(record, state) is None:
        return
    for moment in (record.happened_at, record.recorded_at):
        if moment != to_the_minute(moment):
            refuse("in a secret session a judgement is timed to the minute", "leave out the seconds", moment)


def _admit_life(state: SessionState, record: Record[Any], declared: EventType) -> None:
    """Refuse what comes before the start, after the end, or after the archive was closed."""
    if not state.length and declared.cls is not SessionStarted:
        refuse("a session begins with SessionStarted", "start it with Session.start", record.type)
    if state.meeting.archived and declared.name not in AFTER_ARCHIVING:
        refuse("the session is archived", "nothing more is recorded, but an erasure or an export", record.type)
    ended = state.meeting.ended
    if ended is None or not _weighs(record.event, declared):
        return
    if not state.progress.reopened_since(ended.seq, declared.steps):
        refuse("the weighing has ended", "reopen a step with StepReopened to go on", record.type)


def _weighs(event: Any, declared: EventType) -> bool:
    """Say whether an act belongs to the weighing, and not to what stays open when that has ended."""
    match event:
        case RoundOpened(asks=asks):
            return asks != "closing words"
        case StepStarted(step=step):
            return step is not Step.FOLLOW_UP
        case SessionEnded():
            return True
        case _:
            return Step.FOLLOW_UP not in declared.steps


def _admit_names(state: SessionState, record: Record[Any], declared: EventType) -> None:
    """Refuse an id that is taken, and a name of something that is not there or no longer stands."""
    new = declared.new
    if new is not None and new.new is not None and not new.new.again:
        key = getattr(record.event, new.name)
        place = KINDS[new.new.kind]
        if key in getattr(getattr(state, place.room), place.attribute):
            refuse(f"there is a {new.new.kind} with this id already", "choose another id", key)
    for field in declared.references:
        for key in _names(getattr(record.event, field.name), field.known):
            if not state.stands(field.known, key):
                kind = field.known[0]
                refuse(f"there is no standing {kind} with this id", f"{field.name} names one that was recorded", key)


def _names(value: Any, kinds: tuple[str, ...]) -> Iterable[str]:
    """Yield every id that a field names, however deep it lies; nothing where the value is gone."""
    if value is None or isinstance(value, Erased):
        return
    if isinstance(value, str):
        yield value
        return
    for part in value:
        # Pairs hold their ids as keys; only scores hold two kinds, and name criteria as keys of the inner pairs.
        yield from _names(part[0] if _is_pair(part) else part, kinds)


def _is_pair(part: Any) -> bool:
    return isinstance(part, tuple) and len(part) == 2 and not isinstance(part[1], str)


# -- application ------------------------------------------------------------------------------------------------------


@frozen
class _Effect:
    """What one type of event does to the state: worked out once."""

    declared: EventType
    room: str
    apply: Callable[[Any, Record[Any]], Any]
    place: Place | None
    key: str | None
    moves: bool
    corrects: bool
    asked: bool


def _effect(declared: EventType) -> _Effect:
    name = ELSEWHERE.get(declared.name, declared.room)
    return _Effect(
        declared=declared,
        room=name,
        apply=ROOMS[name].apply,
        place=None if declared.thing is None else KINDS[declared.thing],
        key=None if declared.new is None else declared.new.name,
        moves=declared.name in STEP_MOVES,
        corrects=declared.cls in corrections.CORRECTIONS,
        asked=declared.cls in rounds.ASKED_BY,
    )


_EFFECTS: Final = {declared.cls: _effect(declared) for declared in EVENT_TYPES.values()}


def apply(state: SessionState, record: Record[Any]) -> SessionState:
    """Return the state after *record*. Total: history is never refused."""
    effect = _EFFECTS[type(record.event)]
    changes: dict[str, Any] = {"length": record.seq + 1, "session": record.session}
    part = getattr(state, effect.room)
    new = effect.apply(part, record)
    if effect.place is not None:
        key = record.seq if effect.key is None else getattr(record.event, effect.key)
        if not effect.place.rich:
            new = _with_thing(new, effect.place, key, record)
        entry = Entry(effect.declared.thing or "", key, effect.declared.name, record.author, record.by)
        changes["entries"] = state.entries.insert(record.seq, entry)
    if new is not part:
        changes[effect.room] = new
    if effect.declared.judgement and not state.judged:
        changes["judged"] = True
    if effect.moves:
        changes["progress"] = progress.advance(state, record)
    elif effect.declared.cls is SessionStarted:
        changes["progress"] = progress.begun(record)
    state = evolve(state, **changes)
    if effect.corrects:
        return corrections.apply(state, record)
    return _with_sheet(state, record, effect.declared) if effect.asked else state


def _with_thing(part: Any, place: Place, key: str | int, record: Record[Any]) -> Any:
    """Keep a thing as it was said, where its room keeps it so."""
    if place.single:
        return evolve(part, **{place.attribute: kept(record)})
    return evolve(part, **{place.attribute: getattr(part, place.attribute).insert(key, kept(record))})


def _with_sheet(state: SessionState, record: Record[Any], declared: EventType) -> SessionState:
    frame = state.meeting
    key = rounds.round_of(frame.rounds, frame.open_rounds, record)
    this = None if key is None else frame.rounds.get(key)
    if key is None or this is None:
        return state
    group = None if record.subgroup is None else frame.subgroups.get(record.subgroup)
    own = record.on_behalf_of is None and (group is None or record.by in group.members)
    changes: dict[str, Any] = {
        "meeting": evolve(frame, rounds=frame.rounds.insert(key, rounds.with_sheet(this, record, own=own))),
    }
    if declared.judgement:
        kind = rounds.ASKED_BY[declared.cls]
        entry = Entry(kind, key, declared.name, record.author, record.by)
        changes["entries"] = state.entries.insert(record.seq, entry)
    return evolve(state, **changes)


def replay(records: Iterable[Record[Any]], *, since: SessionState = START) -> SessionState:
    """
    Return the state that a session's records amount to.

    Pure, total and linear: neither rules nor clock nor store take part. ``since`` continues from an earlier state.

    Raises:
        IntegrityError: The records are not the next ones of one session, in order and without gaps.
    """
    state = since
    for record in records:
        if record.seq != state.length or (state.length and record.session != state.session):
            what = f"record {state.length} of session {state.session or record.session!r} comes next"
            raise IntegrityError(what, "give all records, in order", (record.session, record.seq))
        state = apply(state, record)
    return state
