"""
How an event is declared: its type name, its step, who may propose it, and what of it is personal.

The declaration is the only place where these facts stand. Admission, the codec, visibility and the generated
catalogue all read them from here.
"""

import itertools
import re
import unicodedata
from abc import ABC
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, dataclass_transform, get_args, get_origin

import attrs
from attrs import frozen

from afwegen.errors import CodecError
from afwegen.method import Role, Step

__all__ = [
    "ANY_STEP",
    "ERASED",
    "EVENT_TYPES",
    "HIDDEN",
    "MISSING",
    "Amount",
    "AnyEvent",
    "Count",
    "Disclosure",
    "Erased",
    "EventType",
    "FieldType",
    "Id",
    "Known",
    "New",
    "Number",
    "Pairs",
    "Percent",
    "Person",
    "Personal",
    "Persons",
    "Positive",
    "Public",
    "Ratio",
    "Ref",
    "Seq",
    "Text",
    "clean_text",
    "event",
    "event_type",
    "pairs",
    "value",
]

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

LARGEST_INT: Final = 2**53 - 1
ANY_STEP: Final = frozenset(Step)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}").fullmatch
_REF: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?:/[a-z0-9][a-z0-9._-]{0,63})?").fullmatch
_TYPE: Final = re.compile(r"[a-z]+(?:-[a-z]+)*/[1-9][0-9]*").fullmatch


class Disclosure(StrEnum):
    """Who may find a field in the entry itself."""

    PUBLIC = "public"
    """Everybody: it stands in the entry as it is."""
    PERSONAL = "personal"
    """Nobody: the entry holds a commitment, the vault the value."""
    PERSON = "person"
    """Nobody by name: the entry holds a pseudonym, the vault the key by which the host knows the person."""


class Erased(Enum):
    """What a personal value shows when it is not there."""

    ERASED = "erased"
    """It was erased, and the log says so."""
    HIDDEN = "hidden"
    """It is there, but not for this viewer, or not yet."""
    MISSING = "missing"
    """It is gone, and nothing in the log says why: verification fails."""

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        return False


ERASED: Final = Erased.ERASED
HIDDEN: Final = Erased.HIDDEN
MISSING: Final = Erased.MISSING


@frozen
class New:
    """
    Marks the field with which an event brings a thing of this kind into the session.

    Attributes:
        kind: The kind of thing.
        again: Whether the same id may be given anew, to say it differently.
    """

    kind: str
    again: bool = False


@frozen
class Known:
    """Marks a field that names a thing of one of these kinds that the session must already have."""

    kinds: tuple[str, ...]


class Shape(Enum):
    ID = "id"
    REF = "ref"
    TEXT = "text"
    PAIRS = "pairs"


@frozen
class Range:
    low: int | None = None
    high: int | None = None


Public = Annotated[T, Disclosure.PUBLIC]
Personal = Annotated[T | Erased, Disclosure.PERSONAL]
Person = Annotated[str, Disclosure.PERSON]
Persons = Annotated[tuple[str, ...], Disclosure.PERSON]
Pairs = Annotated[Mapping[K, V] | tuple[tuple[K, V], ...], Shape.PAIRS]
"""A mapping, kept as pairs sorted by key."""


def pairs(given: Mapping[K, V] | tuple[tuple[K, V], ...]) -> tuple[tuple[K, V], ...]:
    """Return a mapping field as the pairs it is kept as."""
    return tuple(given.items()) if isinstance(given, Mapping) else given


Id = Annotated[str, Shape.ID]
"""The id of a thing: public, never a person's name."""
Ref = Annotated[str, Shape.REF]
"""What a record brought in, as ``"problem/loitering"``, ``"effect/less-noise"``, ``"ranking/41"``, ``"baseline"``."""
Text = Annotated[str, Shape.TEXT]
"""Words somebody said or wrote: not blank, in NFC."""
Count = Annotated[int, Range(0)]
Positive = Annotated[int, Range(1)]
Percent = Annotated[int, Range(0, 100)]
Amount = Annotated[int | Decimal, Range(0)]
"""Euros, or another unit that is counted from zero."""
Number = int | Decimal
Seq = Annotated[int, Range(0)]
"""The sequence number of a record of this session."""


@frozen
class Ratio:
    """
    A pairwise comparison: how many times the first matters as much as the second, in lowest terms.

    >>> Ratio(6, 4)
    Ratio(numerator=3, denominator=2)
    """

    numerator: int
    denominator: int = 1

    def __attrs_post_init__(self) -> None:
        for part in (self.numerator, self.denominator):
            if type(part) is not int or not 1 <= part <= LARGEST_INT:
                raise CodecError("a ratio is made of two positive whole numbers", "write Ratio(3, 2)", part)
        lowest = Fraction(self.numerator, self.denominator)
        object.__setattr__(self, "numerator", lowest.numerator)
        object.__setattr__(self, "denominator", lowest.denominator)


@frozen(kw_only=True)
class FieldType:
    """
    One declared field of an event.

    Attributes:
        name: As in Python and in the log.
        disclosure: Public, personal or person; None only where nothing was declared, which a test refuses.
        annotation: The type, for the codec and the catalogue.
        required: Whether the event cannot be made without it.
        subjects: The person fields whose people this personal value is about; empty: on whose behalf, else who acted.
        new: What this field brings in, if anything.
        known: The kinds of thing this field may name, if it names any.
    """

    name: str
    disclosure: Disclosure | None
    annotation: Any
    required: bool
    subjects: tuple[str, ...] = ()
    new: New | None = None
    known: tuple[str, ...] = ()


@frozen(kw_only=True)
class EventType:
    """
    What is declared of one type of event.

    Attributes:
        name: The type name on disk, version inside: ``"problem-reported/1"``. Never renamed, never reused.
        cls: The class.
        room: The module that holds its rules, named after its step (``"meeting"`` for what belongs to none).
        steps: The steps in which it may be recorded.
        by: The roles that may propose it, the likeliest first; ``SYSTEM`` where a method of the session does.
        decides: Whether it settles something, and so is never retried after a conflict.
        judgement: Whether it is one judge's sheet.
        thing: The kind of thing it brings in or is itself; None where it leaves nothing to point at.
        fields: In order of declaration.
    """

    name: str
    cls: type[Any]
    room: str
    steps: frozenset[Step]
    by: tuple[Role, ...]
    decides: bool
    judgement: bool
    thing: str | None
    fields: tuple[FieldType, ...]
    public: tuple[FieldType, ...] = attrs.field(init=False)
    personal: tuple[FieldType, ...] = attrs.field(init=False)
    people: tuple[FieldType, ...] = attrs.field(init=False)
    new: FieldType | None = attrs.field(init=False)
    references: tuple[FieldType, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        def having(disclosure: Disclosure) -> tuple[FieldType, ...]:
            return tuple(field for field in self.fields if field.disclosure is disclosure)

        object.__setattr__(self, "public", having(Disclosure.PUBLIC))
        object.__setattr__(self, "personal", having(Disclosure.PERSONAL))
        object.__setattr__(self, "people", having(Disclosure.PERSON))
        object.__setattr__(self, "new", next((field for field in self.fields if field.new), None))
        object.__setattr__(self, "references", tuple(field for field in self.fields if field.known))


_types: dict[str, EventType] = {}
_by_class: dict[type[Any], EventType] = {}
EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType(_types)
"""Every declared event by its type name, in order of declaration."""


class AnyEvent(ABC):  # noqa: B024 - nothing derives from it
    """
    Any event of the vocabulary: what a handler of a web framework may ask for.

    Every event is an instance of it. Its plain form is ``{"type": "problem-reported/1", "fields": {...}}``.

    >>> from afwegen.events import StepStarted
    >>> isinstance(StepStarted(step="inventory"), AnyEvent)
    True
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        from afwegen.events import hooks

        return hooks.core_schema(cls, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> Any:
        from afwegen.events import hooks

        return hooks.json_schema(cls, core_schema, handler)


def event_type(of: object) -> EventType:
    """
    Return what is declared of an event, or of its class.

    Raises:
        CodecError: *of* is no event.
    """
    declared = _by_class.get(of if isinstance(of, type) else type(of))
    if declared is None:
        raise CodecError("this is no event", "propose one of the classes of afwegen.events", of)
    return declared


# -- values that cannot stand in the log are refused when the event is made ------------------------------------------

Parser = Callable[[Any], Any]


def clean_text(where: str, passing: frozenset[type] = frozenset()) -> Parser:
    """Return the parser of a text: not blank, in NFC, without lone surrogates."""

    def parse(value: Any) -> Any:
        if type(value) is not str:
            if type(value) in passing:
                return value
            raise CodecError(f"{where} is text", "give a string", value)
        if not value.isascii():
            value = _composed(where, value)
        if not value or value.isspace():
            raise CodecError(f"{where} is blank", "write something, or leave it out where it may be left out", value)
        return value

    return parse


def _composed(where: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CodecError(f"{where} holds half a character (a lone surrogate)", "decode it well", value) from None
    return unicodedata.normalize("NFC", value)


def _id(where: str) -> Parser:
    def parse(value: Any) -> str:
        if type(value) is str and _ID(value):
            return value
        do = "use 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit; never a person's name"
        raise CodecError(f"{where} is an id", do, value)

    return parse


def _ref(where: str) -> Parser:
    def parse(value: Any) -> str:
        if type(value) is str and _REF(value):
            return value
        raise CodecError(f"{where} points at a thing", "write it like 'problem/loitering' or 'ranking/41'", value)

    return parse


def _number(where: str, *, decimals: bool, limits: Range) -> Parser:
    kind, do = ("a number", "give an int or a Decimal") if decimals else ("a whole number", "give an int")

    def parse(value: Any) -> Any:
        if type(value) is int:
            if abs(value) > LARGEST_INT:
                raise CodecError(f"{where} is below 2**53 in size", "use a smaller number", value)
        elif decimals and type(value) is Decimal:
            if not value.is_finite():
                raise CodecError(f"{where} is a finite number", do, value)
            value = _shortest(value)
            if len(value.as_tuple().digits) > 30 or abs(value.adjusted()) > 30:
                raise CodecError(f"{where} has at most 30 digits", "round it", value)
            value = int(value) if value == value.to_integral_value() and abs(value) <= LARGEST_INT else value
        else:
            raise CodecError(f"{where} is {kind}", do, value)
        if (limits.low is not None and value < limits.low) or (limits.high is not None and value > limits.high):
            bounds = f"at least {limits.low}" if limits.high is None else f"from {limits.low} to {limits.high}"
            raise CodecError(f"{where} is {bounds}", "correct it", value)
        return value

    return parse


def _shortest(value: Decimal) -> Decimal:
    """Return a number without needless zeros, all its digits kept: left to itself Python rounds to 28."""
    exact = Context(prec=len(value.as_tuple().digits), Emax=MAX_EMAX, Emin=MIN_EMIN)
    return value.normalize(exact) if value else Decimal(0)


def _moment(where: str) -> Parser:
    def parse(value: Any) -> datetime:
        if type(value) is not datetime or value.tzinfo is None:
            raise CodecError(f"{where} is a moment with its time zone", "give an aware datetime", value)
        moment: datetime = value.astimezone(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    return parse


def _instance(kind: type[Any], where: str) -> Parser:
    def parse(value: Any) -> Any:
        if type(value) is not kind:
            raise CodecError(f"{where} is a {kind.__name__}", f"give a {kind.__name__}", value)
        return value

    return parse


def _one_of(allowed: tuple[Any, ...], where: str) -> Parser:
    words = {str(word): word for word in allowed}

    def parse(value: Any) -> Any:
        found = words.get(value) if isinstance(value, str) else None
        if found is None:
            raise CodecError(f"{where} is one of a few words", f"choose from {', '.join(words)}", value)
        return found

    return parse


def _several(item: Parser, where: str) -> Parser:
    def parse(value: Any) -> tuple[Any, ...]:
        if type(value) not in {list, tuple}:
            raise CodecError(f"{where} is a tuple", "give a tuple, also for one", value)
        return tuple([item(each) for each in value])

    return parse


def _fixed(items: tuple[Parser, ...], where: str) -> Parser:
    def parse(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) != len(items):
            raise CodecError(f"{where} is a tuple of {len(items)}", f"give exactly {len(items)}", value)
        return tuple([item(each) for item, each in zip(items, value, strict=True)])

    return parse


def _pairs(key: Parser, item: Parser, where: str) -> Parser:
    def parse(value: Any) -> tuple[tuple[Any, Any], ...]:
        try:
            given = tuple(value.items()) if isinstance(value, Mapping) else tuple((k, v) for k, v in value)
        except (TypeError, ValueError):
            raise CodecError(f"{where} is a mapping", "give a mapping or pairs", value) from None
        pairs = sorted([(key(k), item(v)) for k, v in given], key=lambda pair: pair[0])
        for one, other in itertools.pairwise(pairs):
            if one[0] == other[0]:
                raise CodecError(f"{where} names something twice", "give each key once", one[0])
        return tuple(pairs)

    return parse


def _choice(options: tuple[Any, ...], markers: tuple[Any, ...], where: str) -> Parser:
    passing = frozenset(option for option in options if option in {NoneType, Erased})
    meant = [option for option in options if option not in passing]
    if not passing:
        return _meant(meant, markers, where)
    if len(meant) == 1 and Shape.TEXT in (*_metadata(meant[0]), *markers):
        return clean_text(where, passing)
    inner = _meant(meant, markers, where)

    def parse(value: Any) -> Any:
        return value if type(value) in passing else inner(value)

    return parse


def _meant(options: list[Any], markers: tuple[Any, ...], where: str) -> Parser:
    """Return the parser of a union's one meaning: a number, a word of an enumeration, or what stands alone."""
    if set(options) == {int, Decimal}:
        return _number(where, decimals=True, limits=_limits(markers))
    word = next((option for option in options if isinstance(option, type) and issubclass(option, StrEnum)), None)
    one = word or options[0]
    return _parser(Annotated[one, *markers] if markers else one, where)


def _limits(markers: tuple[Any, ...]) -> Range:
    return next((marker for marker in markers if isinstance(marker, Range)), Range())


_PLAIN: Final[dict[Any, Callable[[str, tuple[Any, ...]], Parser]]] = {
    int: lambda where, markers: _number(where, decimals=False, limits=_limits(markers)),
    bool: lambda where, _: _instance(bool, where),
    date: lambda where, _: _instance(date, where),
    datetime: lambda where, _: _moment(where),
}


def _parser(annotation: Any, where: str, markers: tuple[Any, ...] = ()) -> Parser:
    """Return the function that turns what a caller gives for this annotation into what the event keeps."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _parser(arguments[0], where, (*annotation.__metadata__, *markers))
    if Shape.PAIRS in markers:
        mapping = next(option for option in arguments if get_origin(option) is get_origin(Mapping[str, str]))
        key, item = get_args(mapping)
        return _pairs(_parser(key, where), _parser(item, where), where)
    if origin in {Union, UnionType}:
        return _choice(arguments, markers, where)
    if origin is Literal:
        return _one_of(arguments, where)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return _several(_parser(arguments[0], where, _inherited(markers)), where)
        return _fixed(tuple(_parser(argument, where) for argument in arguments), where)
    if annotation is str:
        named = Shape.ID in markers or any(isinstance(marker, New | Known) for marker in markers)
        named = named and Disclosure.PERSON not in markers
        return _id(where) if named else _ref(where) if Shape.REF in markers else clean_text(where)
    if annotation in _PLAIN:
        return _PLAIN[annotation](where, markers)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _one_of(tuple(annotation), where)
    return _instance(annotation, where)


def _inherited(markers: tuple[Any, ...]) -> tuple[Any, ...]:
    """Keep what is said of a tuple's items; a tuple of known ids is marked as a whole."""
    return tuple(marker for marker in markers if isinstance(marker, New | Known | Disclosure))


def _metadata(annotation: Any) -> tuple[Any, ...]:
    return tuple(annotation.__metadata__) if get_origin(annotation) is Annotated else ()


def _with_parsers(cls: type[Any], fields: list[attrs.Attribute]) -> list[attrs.Attribute]:  # type: ignore[type-arg]
    return [field.evolve(converter=_parser(field.type, f"{cls.__name__}.{field.name}")) for field in fields]


def _attrs(cls: type[T]) -> type[T]:
    made = attrs.define(cls, frozen=True, kw_only=True, slots=True, field_transformer=_with_parsers)
    for field in attrs.fields(made):  # type: ignore[arg-type]
        if field.default is not attrs.NOTHING and field.converter is not None and field.default is not None:
            field.converter(field.default)
    return made


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Declare a small value that stands inside an event; its ``Person`` fields are subjects of what holds it."""
    return _attrs(cls)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(
    name: str,
    *,
    by: Iterable[Role],
    step: Step | None = None,
    also: Iterable[Step] = (),
    decides: bool = False,
    judgement: bool = False,
    thing: str | None = None,
    about: tuple[str, ...] = (),
) -> Callable[[type[T]], type[T]]:
    """
    Declare an event.

    Args:
        name: The type name on disk, as ``"problem-reported/1"``.
        by: The roles that may propose it.
        step: The step whose room it belongs to; None for what may happen in any step.
        also: Further steps in which it may be recorded.
        decides: It settles something, and is never retried after a conflict.
        judgement: It is one judge's sheet.
        thing: The kind of thing the record itself is, where no field brings one in.
        about: Person fields whose people are the subjects of the personal values.
    """
    if not _TYPE(name) or name in _types:
        raise CodecError("a type name is new and versioned", "write it like 'problem-reported/1'", name)

    def declare(cls: type[T]) -> type[T]:
        made = _attrs(cls)
        fields = tuple(_declared(field, about) for field in attrs.fields(made))  # type: ignore[arg-type]
        brings = next((field.new.kind for field in fields if field.new), None)
        declared = EventType(
            name=name,
            cls=made,
            room=cls.__module__.rpartition(".")[2],
            steps=frozenset({step, *also}) if step else ANY_STEP,
            by=tuple(by),
            decides=decides,
            judgement=judgement,
            thing=brings or thing,
            fields=fields,
        )
        _types[name] = _by_class[made] = declared
        AnyEvent.register(made)
        for hook in ("__get_pydantic_core_schema__", "__get_pydantic_json_schema__"):
            setattr(made, hook, vars(AnyEvent)[hook])
        return made

    return declare


def _declared(field: attrs.Attribute, about: tuple[str, ...]) -> FieldType:  # type: ignore[type-arg]
    markers = _metadata(field.type)
    disclosure = next((marker for marker in markers if isinstance(marker, Disclosure)), None)
    named = _named(field.type)
    return FieldType(
        name=field.name,
        disclosure=disclosure,
        annotation=field.type,
        required=field.default is attrs.NOTHING,
        subjects=about if disclosure is Disclosure.PERSONAL else (),
        new=next((marker for marker in named if isinstance(marker, New)), None),
        known=next((marker.kinds for marker in named if isinstance(marker, Known)), ()),
    )


def _named(annotation: Any) -> tuple[Any, ...]:
    """Return the markers of an annotation and of its parts, wherever New or Known may stand."""
    return (*_metadata(annotation), *(marker for part in get_args(annotation) for marker in _named(part)))
