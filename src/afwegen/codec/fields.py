"""Between the value of a field and its JSON, by its annotation: the writers and, with cattrs, the readers."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, override

from afwegen.errors import CodecError
from afwegen.events.declaration import Erased, Ratio
from afwegen.log.spelling import read_decimal, read_ratio, read_time, spell_decimal, spell_ratio, spell_time

__all__ = ["Convert", "array", "complaint", "plain_parts", "readers", "string", "structure", "writer"]

Convert: TypeAlias = Callable[[Any], Any]


def plain_parts(annotation: Any) -> tuple[Any, ...]:
    """Return what an annotation may be, without the marks of absence."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(
            part
            for option in get_args(annotation)
            if option not in {type(None), Erased}
            for part in plain_parts(option)
        )
    return (annotation,)


def _item_of(parts: tuple[Any, ...]) -> Any:
    """Return the annotation of what a mapping holds; None where this is no mapping."""
    for part in parts:
        if get_origin(part) is get_origin(Mapping[str, str]):
            return get_args(part)[1]
    return None


def _same(value: Any) -> Any:
    return value


def _present(convert: Convert) -> Convert:
    """Let None and the marks of absence pass."""
    return lambda value: value if value is None or type(value) is Erased else convert(value)


# -- from values to JSON ----------------------------------------------------------------------------------------------


@cache
def writer(annotation: Any) -> Convert:
    """Return the function that turns a value of this annotation into JSON of the canonical profile."""
    parts = plain_parts(annotation)
    if (held := _item_of(parts)) is not None:
        item = writer(held)
        return _present(lambda value: [[key, item(each)] for key, each in value])
    kind = parts[0]
    if get_origin(kind) is tuple:
        inner = writer(get_args(kind)[0])
        return _present(lambda value: [inner(each) for each in value]) if inner is not _same else _same
    if Decimal in parts:
        return lambda value: spell_decimal(value) if type(value) is Decimal else value
    if kind is Ratio:
        return _present(lambda value: spell_ratio(Fraction(value.numerator, value.denominator)))
    if kind is datetime:
        return _present(spell_time)
    if kind is date:
        return _present(lambda value: value.isoformat())
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _present(lambda value: value.value)
    if attrs.has(kind):
        fields = tuple((field.name, writer(field.type)) for field in attrs.fields(kind))
        return _present(lambda value: {name: write(getattr(value, name)) for name, write in fields})
    return _same


# -- from JSON to values ----------------------------------------------------------------------------------------------


@cache
def _reader(annotation: Any) -> Convert:
    """Return the function that turns JSON into what the constructor of an event takes for this annotation."""
    parts = plain_parts(annotation)
    if (held := _item_of(parts)) is not None:
        item = _reader(held)
        return _present(lambda value: [(key, item(each)) for key, each in _pairs(value)])
    kind = parts[0]
    if get_origin(kind) is tuple:
        inner = _reader(get_args(kind)[0])
        return _same if inner is _same else _present(lambda value: [inner(each) for each in array(value)])
    if Decimal in parts:
        return lambda value: read_decimal(value) if type(value) is str else value
    if kind is Ratio:
        return _present(_ratio)
    if kind is datetime:
        return _present(lambda value: read_time(string(value)))
    if kind is date:
        return _present(_date)
    if attrs.has(kind):
        return _present(structure(kind))
    return _same


def readers(annotations: Iterable[tuple[str, Any]]) -> dict[str, Convert]:
    """Return by name the readers of fields; a field whose constructor takes the JSON as it is has none."""
    found = ((name, _reader(annotation)) for name, annotation in annotations)
    return {name: read for name, read in found if read is not _same}


def string(value: Any) -> str:
    """Return what is a string, as it is."""
    if type(value) is not str:
        raise CodecError("this is written as a string", "spell it as the log does", value)
    return value


def array(value: Any) -> list[Any]:
    """Return what is an array, as it is."""
    if type(value) is not list:
        raise CodecError("several are written as an array", "give a list", value)
    return value


def _pairs(value: Any) -> Iterable[Any]:
    """Return the pairs of a mapping: the log writes an array of them, and people an object."""
    if type(value) is dict:
        return value.items()
    for pair in array(value):
        if type(pair) is not list or len(pair) != 2:
            raise CodecError("a mapping is written as an object, or as pairs", "give arrays of two", pair)
    return value  # type: ignore[no-any-return]


def _ratio(value: Any) -> Ratio:
    ratio = read_ratio(string(value))
    return Ratio(ratio.numerator, ratio.denominator)


def _date(value: Any) -> date:
    text = string(value)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CodecError("this is no day", "write it like 2026-11-24", text) from None
    if day.isoformat() != text:
        raise CodecError("a day has one spelling", "write it like 2026-11-24", text)
    return day


# -- from a JSON object to an instance --------------------------------------------------------------------------------


@cache
def structure(cls: Hashable, *, explaining: bool = False) -> Convert:
    """Return cattrs' function from a JSON object to an instance: strict about keys, quick unless asked to explain."""
    kind: Any = cls
    # The fields' own converters check what comes in; hooks are for what JSON has no type for.
    converter = Converter(forbid_extra_keys=True, detailed_validation=explaining, prefer_attrib_converters=True)
    special = readers((field.name, field.type) for field in attrs.fields(kind))
    hooks: Any = {name: override(struct_hook=_hook(read)) for name, read in special.items()}
    make: Any = make_dict_structure_fn(
        kind,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=explaining,
        _cattrs_prefer_attrib_converters=True,
        **hooks,
    )
    return lambda value: make(value, kind)


def _hook(read: Convert) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def complaint(cls: Hashable, fields: Mapping[str, Any], path: str) -> str | None:
    """Return what cattrs has against these fields of a class, and where; None if it has nothing against them."""
    try:
        structure(cls, explaining=True)(fields)
    except Exception as error:  # noqa: BLE001 - whatever it raises is what it says
        return "; ".join(transform_error(error, path=path)) if isinstance(error, ExceptionGroup) else str(error)
    return None
