"""
Helpers for tests of rules: a session that got so far, an act, and what must be refused.

Also Hypothesis strategies for events and records, made from the declarations: a new event needs no new strategy.

>>> from afwegen import RuleViolation
>>> from afwegen.events import OccasionStated, SolutionProposed
>>> session = given(act("jochum", OccasionStated(occasion="Vacancy has grown", kind="problem")))
>>> refusal = expect(RuleViolation, session, act("jochum", SolutionProposed(solution="fence", title="A fence")))
>>> refusal.do
'park it with SolutionParked'
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin
from unicodedata import normalize

import attrs
from attrs import field, frozen, mutable
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from afwegen.errors import AfwegenError
from afwegen.events import ERASED, EVENT_TYPES, HIDDEN, MISSING, Ratio, Record
from afwegen.events.declaration import Erased, EventType, Known, New
from afwegen.method import Role
from afwegen.session import Session
from afwegen.stores import open_store
from afwegen.stores.contract import Store

__all__ = ["Act", "Ticking", "act", "events", "expect", "given", "histories", "record", "records"]

E = TypeVar("E", bound=AfwegenError)


@mutable
class Ticking:
    """A clock that moves on a minute each time somebody looks at it."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the next minute."""
        self.now += timedelta(minutes=1)
        return self.now


@frozen
class Act:
    """What somebody records in one call: all of it, or nothing."""

    by: str
    events: tuple[Any, ...]
    how: Mapping[str, Any] = field(factory=dict)


def act(by: str, *events: Any, **how: Any) -> Act:
    """Return an act; ``how`` is what else ``Session.record`` takes."""
    return Act(by, events, how)


def given(*acts: Act, store: Store | None = None, by: str = "jochum", **how: Any) -> Session:
    """
    Return a session in which these acts were recorded, in a store in memory unless told otherwise.

    Args:
        *acts: In order.
        store: Where it is kept.
        by: Who starts it.
        **how: What else ``Session.start`` takes.
    """
    how = {"title": "Complex A", "area": "Municipality X", "clock": Ticking(), **how}
    session = Session.start(open_store("memory:") if store is None else store, by=by, **how)
    record(session, *acts)
    return session


def record(session: Session, *acts: Act) -> tuple[Record[Any], ...]:
    """Record acts one after another, and return all their records."""
    return tuple(entry for one in acts for entry in session.record(*one.events, by=one.by, **one.how))


def expect(error: type[E], session: Session, refused: Act, *, saying: str = "") -> E:
    """
    Check that an act is refused and leaves nothing behind, and return the refusal.

    The root of the log, the state and what the store holds are compared before and after.

    Args:
        error: The kind of refusal.
        session: Where it is proposed.
        refused: The act.
        saying: Words that must stand in the refusal.

    Raises:
        AssertionError: It was recorded, or left something behind, or the refusal does not say so.
    """
    root, state = session.store.head(session.id).frontier.root, session.state
    try:
        record(session, refused)
    except error as refusal:
        if saying not in str(refusal):
            raise AssertionError(f"the refusal does not say {saying!r}: {refusal}") from refusal
        if not refusal.do:
            raise AssertionError(f"the refusal does not say what to do: {refusal}") from refusal
        if session.store.head(session.id).frontier.root != root or session.state != state:
            raise AssertionError("something was refused, and yet left something behind") from refusal
        return refusal
    raise AssertionError(f"this was recorded: {refused}")


# -- strategies -------------------------------------------------------------------------------------------------------

NAMES: Final = ("a", "b", "c", "baseline")
PEOPLE: Final = ("jochum", "anna", "bert", "cor")
KINDS_OF_NAME: Final = ("problem/a", "effect/b", "solution/a", "baseline", "ranking/7", "core-problem/a")
FIELDS: Final = tuple(sorted({each.name for declared in EVENT_TYPES.values() for each in declared.fields}))
MOMENTS: Final = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the time zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
WORDS: Final = (
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map(partial(normalize, "NFC")).filter(str.strip)
)
PLAIN: Final[dict[Any, SearchStrategy[Any]]] = {
    bool: st.booleans(),
    str: WORDS,
    int: st.integers(-1000, 1000),
    date: st.dates(),
    datetime: MOMENTS,
    Decimal: st.decimals(-1000, 1000, places=3),
    Ratio: st.builds(Ratio, st.integers(1, 99), st.integers(1, 99)),
}


def events(
    *names: str,
    gone: bool = False,
    ids: tuple[str, ...] = NAMES,
    people: tuple[str, ...] = PEOPLE,
) -> SearchStrategy[Any]:
    """
    Draw well-formed events, whether or not any state admits them.

    Args:
        *names: Type names to choose from; none for all.
        gone: Whether personal values may be erased, hidden or missing.
        ids: The ids that things go by; few, so that events meet each other.
        people: The keys of the people.
    """
    return st.sampled_from(names or tuple(EVENT_TYPES)).flatmap(lambda name: _event(name, gone, ids, people))


@cache
def _event(name: str, gone: bool, ids: tuple[str, ...], people: tuple[str, ...]) -> SearchStrategy[Any]:
    return _Drawing(gone=gone, ids=ids, people=people).event(EVENT_TYPES[name])


@frozen
class _Drawing:
    """How the values of events are drawn."""

    gone: bool
    ids: tuple[str, ...]
    people: tuple[str, ...]

    def event(self, declared: EventType) -> SearchStrategy[Any]:
        fields = {each.name: self.values(each.annotation) for each in declared.fields}
        persons = {each.name for each in declared.people}
        fields |= {name: self._persons(declared, name) for name in persons}
        if "field" in fields:
            fields["field"] = st.sampled_from(FIELDS)
        return st.builds(declared.cls, **fields)

    def _persons(self, declared: EventType, name: str) -> SearchStrategy[Any]:
        person = st.sampled_from(self.people)
        annotation = next(each.annotation for each in declared.people if each.name == name)
        several = get_origin(get_args(annotation)[0]) is tuple
        return st.lists(person, max_size=3, unique=True).map(tuple) if several else person

    def values(self, annotation: Any, markers: tuple[Any, ...] = ()) -> SearchStrategy[Any]:
        """Return the strategy for one annotation."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self.values(arguments[0], (*annotation.__metadata__, *markers))
        if (pair := _pair(arguments)) is not None:
            return st.dictionaries(self.values(pair[0]), self.values(pair[1]), max_size=3)
        if origin in {Union, UnionType}:
            return st.one_of(*(self._option(option, markers) for option in self._possible(arguments)))
        if origin is Literal:
            return st.sampled_from(arguments)
        if origin is tuple:
            return st.lists(self.values(arguments[0], markers), max_size=3).map(tuple)
        if annotation is str:
            return self._words(markers)
        return self._one(annotation, markers)

    def _possible(self, options: tuple[Any, ...]) -> tuple[Any, ...]:
        return options if self.gone else tuple(option for option in options if option is not Erased)

    def _option(self, option: Any, markers: tuple[Any, ...]) -> SearchStrategy[Any]:
        if option is NoneType:
            return st.none()
        return st.sampled_from((ERASED, HIDDEN, MISSING)) if option is Erased else self.values(option, markers)

    def _words(self, markers: tuple[Any, ...]) -> SearchStrategy[str]:
        shape = next((marker.value for marker in markers if getattr(marker, "value", None) in {"id", "ref"}), None)
        if shape == "id" or any(isinstance(marker, New | Known) for marker in markers):
            return st.sampled_from(self.ids)
        if shape == "ref":
            return st.sampled_from(KINDS_OF_NAME)
        return st.sampled_from(self.people) if _is_person(markers) else WORDS

    def _one(self, annotation: Any, markers: tuple[Any, ...]) -> SearchStrategy[Any]:
        low = next((marker.low for marker in markers if hasattr(marker, "low")), None)
        high = next((marker.high for marker in markers if hasattr(marker, "high")), None)
        if annotation is int:
            least, most = -1000 if low is None else low, 1000 if high is None else high
            # Often a small one: it may be the number of a record that is there.
            return st.integers(max(least, 0), min(most, 20)) | st.integers(least, most)
        if annotation is Decimal and low is not None:
            return st.decimals(low, 1000, places=3)
        if annotation in PLAIN:
            return PLAIN[annotation]
        if isinstance(annotation, type) and issubclass(annotation, StrEnum):
            return st.sampled_from(tuple(annotation))
        inner = {each.name: self.values(each.type) for each in attrs.fields(annotation)}
        return st.builds(annotation, **inner)


def _is_person(markers: tuple[Any, ...]) -> bool:
    return any(getattr(marker, "value", None) == "person" for marker in markers)


def _pair(options: tuple[Any, ...]) -> tuple[Any, Any] | None:
    for option in options:
        if get_origin(option) is get_origin(Mapping[str, str]):
            key, item = get_args(option)
            return key, item
    return None


def records(
    event: SearchStrategy[Any] | None = None,
    *,
    seq: int = 0,
    session: str = "s_drawn",
) -> SearchStrategy[Record[Any]]:
    """Draw one well-formed record, whether or not any state admits it."""
    person = st.sampled_from(PEOPLE)
    return st.builds(
        Record,
        session=st.just(session),
        seq=st.just(seq),
        event=events() if event is None else event,
        happened_at=MOMENTS,
        recorded_at=MOMENTS,
        by=person,
        role=st.sampled_from(Role),
        on_behalf_of=st.none() | person,
        subgroup=st.none() | st.sampled_from(NAMES),
        channel=st.sampled_from(("live", "paper", "oral", "async")),
        meeting=st.none() | st.sampled_from(NAMES),
    )


@st.composite
def histories(draw: Callable[..., Any], *, most: int = 30, gone: bool = True) -> tuple[Record[Any], ...]:
    """Draw records that follow each other and were never admitted by anybody: history as it must not be, but may."""
    event = events(gone=gone)
    return tuple(_drawn(draw, event, draw(st.integers(0, most))))


def _drawn(draw: Callable[..., Any], event: SearchStrategy[Any], count: int) -> Iterator[Record[Any]]:
    for seq in range(count):
        yield draw(records(event, seq=seq))
