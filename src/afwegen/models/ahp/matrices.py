"""Pairwise comparison matrices as logarithms, checked once: positive, reciprocal, and compared throughout."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from afwegen.errors import ProfileError

__all__ = [
    "BLOCK",
    "LARGEST",
    "RECIPROCAL",
    "Floats",
    "components",
    "logarithms",
    "place_of",
    "refuse_disconnected",
    "row_sums",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

RECIPROCAL: Final = 1e-9
"""How far the product of a judgement and its reciprocal may be from 1."""

LARGEST: Final = 1e50
"""No judgement is larger, nor smaller than its reciprocal: inside it nothing over- or underflows."""

BLOCK: Final = 1024
"""Matrices worked on together: what is made of them on the way stays in the cache."""

_LONGEST: Final = float(np.log(LARGEST))


def logarithms(matrices: npt.ArrayLike, *, check: bool = True) -> Floats:
    """
    Return the natural logarithms of comparison matrices, NaN where a pair was not compared.

    Args:
        matrices: Shape ``(..., k, k)``, positive, reciprocal to 1e-9; NaN for a pair not compared. A pair given in one
            direction is read in both.
        check: False skips all but the shape, for matrices known to be right, with NaN in both places.

    Returns:
        Shape ``(..., k, k)``, fresh.

    Raises:
        ProfileError: Not square, or an entry that is not positive, contradicts its reciprocal, or is beyond 1e50; the
            first such entry is named.
    """
    values = _as_square(matrices)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs: Floats = np.log(values)
        if check and not _is_sound(logs):
            _complain(values)
            logs = _both_ways(logs)
    return logs


def _both_ways(logs: Floats) -> Floats:
    """Return *logs* with the reciprocal where only one direction was given, and 0 on the diagonal."""
    filled = np.where(np.isnan(logs), -np.swapaxes(logs, -1, -2), logs)
    diagonal = np.arange(logs.shape[-1])
    filled[..., diagonal, diagonal] = 0.0
    return filled


def _as_square(matrices: npt.ArrayLike) -> Floats:
    try:
        values = np.asarray(matrices, dtype=np.float64)
    except (TypeError, ValueError) as reason:
        raise ProfileError(
            "a comparison matrix holds numbers", do="give rows of equal length", got=matrices
        ) from reason
    if values.ndim < 2 or values.shape[-1] != values.shape[-2]:
        raise ProfileError("a comparison matrix is square", do="give shape (..., k, k)", got=values.shape)
    return values


def _is_sound(logs: Floats) -> bool:
    """Whether no entry needs a closer look; one that is missing does."""
    if not logs.size:
        return True
    size = logs.shape[-1]
    flat = logs.reshape(-1, size, size)
    for start in range(0, len(flat), BLOCK):
        block = flat[start : start + BLOCK]
        products = block + np.swapaxes(block, -1, -2)
        # Comparisons with NaN are false: what is missing, zero or negative fails here.
        if not (np.einsum("ijk,ijk->", products, products) <= RECIPROCAL**2 and block.max(initial=0.0) <= _LONGEST):
            return False
    return True


def _complain(values: Floats) -> None:
    """Raise for the first unsound entry; return when pairs are merely missing."""
    missing = np.isnan(values)
    other = np.swapaxes(values, -1, -2)
    _first(~missing & ~(values > 0), values, "a comparison is a positive number", "say how many times, 1/3 for a third")
    _first(
        ~missing & ((values > LARGEST) | (values < 1 / LARGEST)),
        values,
        "a comparison is at most 1e50 and at least 1e-50",
        "Saaty's scale ends at 9",
    )
    diagonal = np.eye(values.shape[-1], dtype=bool)
    _first(
        diagonal & (np.abs(values * other - 1) > RECIPROCAL),
        values,
        "a thing compared with itself is 1",
        "put 1 on the diagonal",
    )
    _first(
        np.abs(values * other - 1) > RECIPROCAL,
        values,
        "two judgements of one pair contradict each other",
        "a[j, i] is 1 / a[i, j]",
    )


def _first(wrong: Bools, values: Floats, what: str, do: str) -> None:
    if wrong.any():
        place = tuple(int(axis) for axis in np.argwhere(wrong)[0])
        mirrored = (*place[:-2], place[-1], place[-2])
        raise ProfileError(f"{what}, at {place_of(place)}", do=do, got=(float(values[place]), float(values[mirrored])))


def place_of(place: Sequence[int]) -> str:
    """
    Return where an entry stands, in words.

    >>> place_of((4, 0, 2)), place_of((0, 2))
    ('row 0, column 2 of matrix 4', 'row 0, column 2')
    """
    *batch, row, column = place
    of = f" of matrix {', '.join(map(str, batch))}" if batch else ""
    return f"row {row}, column {column}{of}"


def row_sums(arrays: Floats) -> Floats:
    """
    Return the sums over the last axis; faster than a reduction where that axis is short.

    A product with ones would be faster still on an idle machine, but wakes the threads of BLAS, and waits for them.

    >>> row_sums(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [3.0, 7.0]
    """
    return np.asarray(np.einsum("...i->...", arrays))


def refuse_disconnected(
    given: Bools, *, names: Sequence[str] | None = None, whose: Sequence[str] | None = None
) -> None:
    """
    Refuse comparisons that fall apart: nothing says how one part weighs against another.

    Args:
        given: Shape ``(..., k, k)``, whether a pair was compared; the diagonal is not looked at.
        names: The k things compared; their places where they have no names.
        whose: What each matrix of the flattened batch is, to follow "the comparisons".

    Raises:
        ProfileError: Naming the parts of the first matrix that falls apart.
    """
    apart = ~connected(given).reshape(-1)
    if not apart.any():
        return
    size = given.shape[-1]
    first = int(np.argmax(apart))
    parts = components(given.reshape(-1, size, size)[first], names or [str(place) for place in range(size)])
    of = f" {whose[first]}" if whose is not None else f" of matrix {first}" if len(apart) > 1 else ""
    raise ProfileError(
        f"the comparisons{of} fall apart into {len(parts)} parts that were never compared",
        do="compare at least one pair across them",
        got=parts,
    )


def connected(given: Bools) -> Bools:
    """
    Return whether each comparison graph hangs together.

    Args:
        given: Shape ``(..., k, k)``, symmetric, whether a pair was compared; the diagonal is not looked at.

    Returns:
        Shape ``(...)``.
    """
    size = given.shape[-1]
    reach = given | np.eye(size, dtype=bool)
    for _ in range(max(size - 1, 1).bit_length()):
        reach = reach @ reach
    return np.asarray(reach.all(axis=(-1, -2)))


def components(given: Bools, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """
    Return the parts of one comparison graph, in the order of the names.

    >>> components(np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=bool), "abc")
    (('a', 'c'), ('b',))
    """
    left, parts = list(range(len(names))), []
    while left:
        part = {left[0]}
        while found := {j for i in part for j in left if given[i, j]} - part:
            part |= found
        parts.append(tuple(names[place] for place in left if place in part))
        left = [place for place in left if place not in part]
    return tuple(parts)
