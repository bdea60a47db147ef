"""The checks of a profile: each refuses one kind of bad judgement, names it, and says what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from afwegen.errors import ProfileError

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "as_counts",
    "as_floats",
    "as_names",
    "as_weights",
    "check_comparisons",
    "check_criterion_weights",
    "check_hierarchy",
    "check_priorities",
    "check_shape",
    "dense",
    "exact",
    "first",
    "frozen_array",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Named = TypeVar("Named", bound=np.generic)

_RECIPROCAL = 1e-9


def frozen_array(array: npt.NDArray[Named]) -> npt.NDArray[Named]:
    """Return *array* itself, from now on read-only."""
    array.flags.writeable = False
    return array


def as_floats(values: object, what: str) -> FloatArray:
    """
    Return numbers as a fresh read-only array; None and NaN mean *not given*.

    Raises:
        ProfileError: Something in *values* is text, a truth value, complex, infinite, or the rows are ragged.
    """
    try:
        found = np.asarray(values)
        if found.dtype.kind not in "iufO":
            raise ProfileError(f"{what} are numbers", do="give int, float, Decimal or Fraction", got=found.dtype.name)
        if found.dtype.kind == "O":
            _refuse_other_than_numbers(found, what)
        array = np.array(found, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ProfileError):
            raise
        raise ProfileError(f"{what} are no array of numbers", do="make all rows of one length", got=values) from error
    if np.isinf(array).any():
        raise ProfileError(
            f"{what} are finite", do="leave out what was not given", got=float(array[np.isinf(array)][0])
        )
    return frozen_array(array)


def _refuse_other_than_numbers(found: npt.NDArray[np.object_], what: str) -> None:
    for value in found.flat:
        if not _is_number_or_none(value):
            raise ProfileError(f"{what} are numbers", do="give int, float, Decimal or Fraction", got=value)


def _is_number_or_none(value: object) -> bool:
    return isinstance(value, int | float | Decimal | Rational | None) and not isinstance(value, bool)


def exact(value: object, what: str) -> Fraction:
    """
    Return a number as the fraction its spelling says.

    >>> exact(0.1, "a weight")
    Fraction(1, 10)

    Raises:
        ProfileError: It is no finite number.
    """
    try:
        match value:
            case bool():
                pass
            case int() | Fraction() | Decimal():
                return Fraction(value)
            case np.integer():
                return Fraction(int(value))
            case float() | np.floating():
                return Fraction(repr(float(value)))
    except (TypeError, ValueError, OverflowError) as error:
        raise ProfileError(f"{what} is a finite number", do="give int, Fraction or Decimal", got=value) from error
    raise ProfileError(f"{what} is a number", do="give int, Fraction or Decimal", got=value)


def as_names(names: Iterable[object], what: str) -> tuple[str, ...]:
    """Return *names* as a tuple; refuse what is no text, empty, or there twice."""
    if isinstance(names, str):
        raise ProfileError(f"{what} are several names, this is one text", do="give a tuple of names", got=names)
    listed: list[str] = []
    for name in names:
        if not isinstance(name, str) or not name:
            raise ProfileError(f"{what} are named by text", do="give each a name", got=name)
        listed.append(name)
    if len(set(listed)) != len(listed):
        doubled = tuple(name for name, times in Counter(listed).items() if times > 1)
        raise ProfileError(f"{what} named twice", do="give each one name of its own", got=doubled)
    return tuple(listed)


def as_weights(weights: Iterable[object]) -> tuple[Fraction, ...]:
    """Return the weights of judges as fractions; refuse what is not above zero."""
    seen: dict[object, Fraction] = {}
    listed = weights.tolist() if isinstance(weights, np.ndarray) else list(weights)
    for weight in listed:
        # True == 1 and Decimal("NaN") cannot be hashed: both are asked before the dictionary is.
        if isinstance(weight, bool) or (isinstance(weight, Decimal) and not weight.is_finite()) or weight not in seen:
            seen[weight] = _weight(weight)
    return tuple(seen[weight] for weight in listed)


def _weight(weight: object) -> Fraction:
    fraction = exact(weight, "the weight of a judge")
    if fraction <= 0:
        raise ProfileError("the weight of a judge is above zero", do="leave out who does not count", got=weight)
    return fraction


def as_counts(counts: object) -> IntArray:
    """Return how many identical judges each row stands for, whole numbers from 1."""
    array = np.asarray(counts)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise ProfileError("counts are whole numbers", do="give one int a judge; use weights for the rest", got=counts)
    if (array < 1).any():
        raise ProfileError("a count is at least 1", do="leave out who is not there", got=int(array.min()))
    return frozen_array(np.array(array, dtype=np.int64))


def check_shape(array: npt.NDArray[np.generic], shape: tuple[int, ...], what: str, axes: str) -> None:
    """Refuse an array that does not have the axes announced."""
    if array.shape != shape:
        raise ProfileError(f"{what} have the axes {axes}, here {shape}", do="bring them in that shape", got=array.shape)


def first(wrong: BoolArray, *axes: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the first wrong cell."""
    return tuple(names[int(place)] for names, place in zip(axes, np.argwhere(wrong)[0], strict=True))


def dense(ranks: FloatArray) -> FloatArray:
    """
    Return ranks with the same order and ties and without gaps, 1 the best; NaN stays NaN.

    >>> dense(np.array([[1.0, 4.0, 1.0, np.nan]]))
    array([[ 1.,  2.,  1., nan]])
    """
    if ranks.size == 0:
        return ranks
    order = np.argsort(ranks, axis=-1, kind="stable")
    ordered = np.take_along_axis(ranks, order, axis=-1)
    steps = np.ones(ordered.shape)
    steps[..., 1:] = np.diff(ordered, axis=-1) > 0
    result = np.empty_like(ordered)
    np.put_along_axis(result, order, np.cumsum(steps, axis=-1), axis=-1)
    result[np.isnan(ranks)] = np.nan
    return result


def check_criterion_weights(weights: FloatArray, judges: Sequence[str], criteria: Sequence[str]) -> None:
    """Refuse weights of criteria that are missing, negative or all zero; a judge may give none at all."""
    if weights.ndim == 1:
        check_shape(weights, (len(criteria),), "weights of criteria", "(criteria)")
        rows, given = weights[None, :], np.array([True])
    else:
        check_shape(weights, (len(judges), len(criteria)), "weights of criteria", "(judges, criteria)")
        rows, given = weights, np.asarray(~np.isnan(weights).all(axis=1))

    def where(wrong: BoolArray) -> tuple[str, ...]:
        return first(wrong[0], criteria) if weights.ndim == 1 else first(wrong, judges, criteria)

    if (missing := np.isnan(rows) & given[:, None]).any():
        raise ProfileError("the weight of a criterion is missing", do="give all of them or none", got=where(missing))
    if (negative := rows < 0).any():
        raise ProfileError("the weight of a criterion is negative", do="give 0 or more", got=where(negative))
    if criteria and (zero := given & ~(np.nan_to_num(rows) > 0).any(axis=1)).any():
        who = "everybody" if weights.ndim == 1 else first(zero, judges)[0]
        raise ProfileError("all weights of criteria are zero", do="let one criterion count", got=who)


def check_hierarchy(hierarchy: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a hierarchy that is no tree with ``"goal"`` at the top."""
    if not hierarchy:
        return
    if "goal" not in hierarchy:
        raise ProfileError('a hierarchy has "goal" at the top', do="map it to its criteria", got=tuple(hierarchy))
    children = as_names((child for node in hierarchy.values() for child in node), "nodes of the hierarchy")
    if "goal" in children:
        raise ProfileError('"goal" is nobody\'s child', do="give that node another name", got=children)
    if unreached := tuple(node for node in hierarchy if node not in ("goal", *_below(hierarchy, "goal"))):
        raise ProfileError("nodes that hang under no other", do="name them among the children of one", got=unreached)


def _below(hierarchy: Mapping[str, tuple[str, ...]], node: str) -> Iterator[str]:
    for child in hierarchy.get(node, ()):
        yield child
        yield from _below(hierarchy, child)


def check_comparisons(matrices: FloatArray, node: str, judges: Sequence[str], items: Sequence[str]) -> FloatArray:
    """
    Return matrices of comparisons with the diagonal and the other half of a pair filled in.

    Args:
        matrices: Shape ``(m, k, k)``, row over column; NaN = not compared.
        node: The node below which *items* were compared.
        judges: m names.
        items: k names.

    Raises:
        ProfileError: A comparison is not above zero, or its two halves contradict each other by more than 1e-9.
    """
    size = len(items)
    check_shape(matrices, (len(judges), size, size), f"comparisons under {node!r}", "(judges, items, items)")

    def where(wrong: BoolArray) -> tuple[object, ...]:
        place = tuple(np.argwhere(wrong)[0])
        return (node, *first(wrong, judges, items, items), float(matrices[place]))

    if (wrong := matrices <= 0).any():
        raise ProfileError(
            "a comparison is above zero", do="1/9 to 9 is usual; leave out what is unknown", got=where(wrong)
        )
    turned = np.swapaxes(matrices, -1, -2)
    filled = np.where(np.isnan(matrices), 1 / turned, matrices)
    diagonal = np.arange(size)
    filled[:, diagonal, diagonal] = np.where(
        np.isnan(matrices[:, diagonal, diagonal]), 1, matrices[:, diagonal, diagonal]
    )
    with np.errstate(over="ignore"):
        wrong = np.abs(filled * np.swapaxes(filled, -1, -2) - 1) > _RECIPROCAL
    if wrong.any():
        raise ProfileError(
            "the two halves of a comparison contradict each other",
            do="let a over b be 1 / (b over a)",
            got=where(wrong),
        )
    return frozen_array(filled)


def check_priorities(priorities: FloatArray, node: str, judges: Sequence[str], items: Sequence[str]) -> None:
    """Refuse priorities that are not above zero, or given for some items only."""
    check_shape(priorities, (len(judges), len(items)), f"priorities under {node!r}", "(judges, items)")
    if (wrong := priorities <= 0).any():
        raise ProfileError(
            "a priority is above zero", do="give every item its share", got=(node, *first(wrong, judges, items))
        )
    missing = np.isnan(priorities)
    if (partly := missing & ~missing.all(axis=1, keepdims=True)).any():
        raise ProfileError(
            "a priority is missing", do="give all of them or none", got=(node, *first(partly, judges, items))
        )
