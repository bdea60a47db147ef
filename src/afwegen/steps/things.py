"""What a session's state is made of: things that were said, where each kind is kept, and how they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Generic, Literal, NamedTuple, NoReturn, TypeVar, dataclass_transform

import attrs
from attrs import frozen
from rpds import HashTrieMap

from afwegen.errors import NOTHING, RuleViolation
from afwegen.events.record import Record

__all__ = [
    "EMPTY",
    "KINDS",
    "Entry",
    "Map",
    "Place",
    "Said",
    "Status",
    "changed",
    "evolve",
    "kept",
    "refuse",
    "room",
    "with_last_word",
]

T = TypeVar("T")
E_co = TypeVar("E_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V")

Map = HashTrieMap
"""An immutable mapping that shares what did not change with its predecessors."""
EMPTY: Final[HashTrieMap[Any, Any]] = HashTrieMap()

Status = Literal["standing", "withdrawn", "hidden", "merged", "set aside", "split"]


def refuse(what: str, do: str, got: object = NOTHING) -> NoReturn:
    """Refuse an act: say what is wrong, what to do, and show the value."""
    raise RuleViolation(what, do, got)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def room(cls: type[T]) -> type[T]:
    """Declare a part of the state: frozen, and cheap to evolve because its values lie in one dictionary."""
    return attrs.define(cls, frozen=True, kw_only=True, slots=False)


def evolve(part: T, **changes: Any) -> T:
    """Return *part* with some values changed; for classes declared with ``room`` only."""
    new = object.__new__(type(part))
    values = new.__dict__
    values.update(part.__dict__)
    values.update(changes)
    return new


def changed(items: HashTrieMap[K, V], key: K, change: Callable[[V], V]) -> HashTrieMap[K, V]:
    """Return the map with one item changed; the map itself where the item is not there: history is never refused."""
    item = items.get(key)
    return items if item is None else items.insert(key, change(item))


@room
class Said(Generic[E_co]):
    """
    Something that was said and is kept as it was said.

    Attributes:
        event: The event, in its present wording.
        seq: The record that brought it in, or said it anew.
        changed: The record that last changed its meaning.
        author: Whose words they are.
        happened_at: When it was said.
        status: Whether it stands.
        own: Whether the author entered it; what others enter for them never replaces it.
    """

    event: E_co
    seq: int
    changed: int
    author: str
    happened_at: datetime
    status: Status = "standing"
    own: bool = True


def kept(record: Record[T]) -> Said[T]:
    """Return what a record said, to be kept."""
    return Said(
        event=record.event,
        seq=record.seq,
        changed=record.seq,
        author=record.author,
        happened_at=record.happened_at,
        own=record.on_behalf_of is None,
    )


def with_last_word(items: HashTrieMap[str, Said[T]], record: Record[T]) -> HashTrieMap[str, Said[T]]:
    """Return the map with what an author said last: one's own before another's, then the latest to happen."""
    said, before = kept(record), items.get(record.author)
    if before is not None and (before.own, before.happened_at) > (said.own, said.happened_at):
        return items
    return items.insert(record.author, said)


class Entry(NamedTuple):
    """What a record left behind, so that it can be corrected: the kind and key of the thing, and whose it is."""

    kind: str
    key: str | int
    type: str
    author: str
    by: str


@frozen
class Place:
    """Where things of a kind are kept: a map in a room, or one thing only; and whether simply as they were said."""

    room: str
    attribute: str
    single: bool = False
    rich: bool = False


KINDS: Final[dict[str, Place]] = {
    "participant": Place("preparation", "participants", rich=True),
    "occasion": Place("preparation", "occasion", single=True),
    "meeting": Place("meeting", "meetings", rich=True),
    "subgroup": Place("meeting", "subgroups", rich=True),
    "round": Place("meeting", "rounds", rich=True),
    "observation": Place("meeting", "observations"),
    "note": Place("meeting", "notes"),
    "insight": Place("meeting", "insights"),
    "appointment": Place("meeting", "appointments"),
    "result": Place("meeting", "results"),
    "problem": Place("inventory", "problems", rich=True),
    "pitch": Place("inventory", "pitches"),
    "question": Place("inventory", "questions"),
    "parked-solution": Place("inventory", "parked"),
    "party": Place("inventory", "parties"),
    "core-problem": Place("sharpening", "cores", rich=True),
    "examination": Place("sharpening", "examinations"),
    "sizing": Place("sharpening", "sizings"),
    "joint-problem": Place("sharpening", "joint_problem", single=True),
    "baseline": Place("baseline", "draft", single=True),
    "assumption": Place("baseline", "assumptions"),
    "check": Place("baseline", "checks"),
    "solution": Place("solutions", "solutions", rich=True),
    "card": Place("solutions", "cards"),
    "statement": Place("solutions", "none_found"),
    "reconfirmation": Place("effects", "reconfirmations", rich=True),
    "effect": Place("effects", "effects"),
    "cost": Place("effects", "costs"),
    "income": Place("effects", "incomes"),
    "uncertainty": Place("effects", "uncertainties"),
    "research-task": Place("effects", "research"),
    "answer": Place("effects", "answers"),
    "core-effect": Place("effects", "core_effects"),
    "criterion": Place("preselection", "criteria"),
    "solving-power": Place("preselection", "solving_power"),
    "discussion": Place("preselection", "discussions"),
    "shortlist": Place("preselection", "shortlist", single=True),
    "effect-card": Place("analysis", "cards", rich=True),
    "main-effect": Place("analysis", "main_effects"),
    "size": Place("analysis", "sizes"),
    "pathway": Place("analysis", "pathways"),
    "indicator": Place("analysis", "indicators"),
    "arena-link": Place("analysis", "arena"),
    "department-advice": Place("choice", "advice"),
    "support": Place("choice", "support"),
    "aspect": Place("choice", "aspects"),
    "consideration": Place("choice", "considerations"),
    "choice": Place("choice", "choice", single=True),
    "dissent": Place("choice", "dissent"),
    "departure": Place("choice", "departures"),
    "report-back": Place("choice", "reported_back"),
    "action": Place("follow_up", "actions"),
    "evaluation": Place("follow_up", "evaluations"),
    "measurement": Place("follow_up", "measurements"),
    "implementation": Place("follow_up", "implementations"),
    "realised-cost": Place("follow_up", "costs"),
    "follow-up-result": Place("follow_up", "results"),
    "attribution": Place("follow_up", "attributions"),
    "reality-check": Place("follow_up", "reality_checks"),
    "gap": Place("follow_up", "gaps"),
    "lesson": Place("follow_up", "lessons"),
}
"""Where each kind of thing is kept: the one table that references, corrections and staleness read."""
