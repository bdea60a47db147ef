"""The principal eigenvalue and eigenvector of many small non-negative matrices at once."""

from typing import Final

import numpy as np
from attrs import frozen

from afwegen.models.ahp.matrices import BLOCK, Bools, Floats, row_sums

__all__ = ["Principal", "principal"]

SETTLED: Final = 1e-12
"""The bracket around the eigenvalue is this narrow, relative to it."""

SQUARINGS: Final = 16
"""Powers go up to 2**16: a second eigenvalue nearer than one part in 2,000 to the first is left to LAPACK."""

UNSEEN: Final = 4
"""Squarings before the first look: nearly always needed, and looking costs as much as squaring."""


@frozen(kw_only=True, eq=False)
class Principal:
    """
    Eigenvalues with their right eigenvectors.

    Attributes:
        values: Shape ``(...)``.
        vectors: Shape ``(..., k)``, positive, sum 1.
        settled: Shape ``(...)``; False where power iteration did not settle and LAPACK answered.
    """

    values: Floats
    vectors: Floats
    settled: Bools


def principal(logs: Floats, potentials: Floats | None = None) -> Principal:
    r"""
    Return the principal eigenpair of primitive non-negative matrices, by power iteration from first guesses.

    The powers are reached by squaring, so that a slow matrix costs a few products more and not thousands; iteration
    ends when :math:`\min_i (Av)_i / v_i` and :math:`\max_i (Av)_i / v_i`, which enclose the eigenvalue, agree to 1e-12.

    Args:
        logs: Shape ``(..., k, k)``, logarithms of the entries; minus infinity for 0.
        potentials: Shape ``(..., k)``, logarithms of the first guesses, best the row geometric means; None for equal.

    Returns:
        Fresh arrays of shapes ``(...)`` and ``(..., k)``.

    References:
        Collatz (1942), Mathematische Zeitschrift 48: the enclosure. Saaty (1980): the eigenvector of judgements.
    """
    *batch, size, _ = logs.shape
    if not size:
        return Principal(values=np.zeros(batch), vectors=np.zeros((*batch, 0)), settled=np.ones(batch, dtype=bool))
    flat = logs.reshape(-1, size, size)
    guesses = np.zeros((len(flat), size)) if potentials is None else potentials.reshape(-1, size)
    values, vectors = np.empty(len(flat)), np.empty((len(flat), size))
    settled = np.empty(len(flat), dtype=bool)
    for start in range(0, len(flat), BLOCK):
        block = slice(start, start + BLOCK)
        matrices = _balanced(flat[block], guesses[block])
        values[block], vectors[block], settled[block] = _by_powers(matrices)
    if not settled.all():
        values[~settled], vectors[~settled] = _by_lapack(_balanced(flat[~settled], guesses[~settled]))
    vectors *= np.exp(guesses)
    vectors /= row_sums(vectors)[:, None]
    return Principal(
        values=values.reshape(batch), vectors=vectors.reshape(*batch, size), settled=settled.reshape(batch)
    )


def _balanced(logs: Floats, guesses: Floats) -> Floats:
    """Return the matrices whose eigenvectors are those wanted over the guesses: near 1, safe from overflow."""
    matrices: Floats = np.exp(logs + (guesses[:, None, :] - guesses[:, :, None]))
    return matrices


def _by_powers(matrices: Floats) -> tuple[Floats, Floats, Bools]:
    powers = matrices
    for _ in range(UNSEEN):
        powers = _squared(powers)
    return _refined(matrices, powers, SQUARINGS - UNSEEN)


def _refined(matrices: Floats, powers: Floats, squarings: int) -> tuple[Floats, Floats, Bools]:
    """Look at what *powers* say, and go on with those that have not settled."""
    values, vectors, settled = _enclosed(matrices, row_sums(powers))
    if squarings and not settled.all():
        left = ~settled
        refined = _refined(matrices[left], _squared(powers[left]), squarings - 1)
        values[left], vectors[left], settled[left] = refined
    return values, vectors, settled


def _squared(powers: Floats) -> Floats:
    """Return the squares of *powers* scaled to sum 1: neither they nor their squares overflow."""
    size = powers.shape[-1]
    total = powers.reshape(-1, size * size) @ np.ones(size * size)
    scaled = powers / total[:, None, None]
    squares: Floats = scaled @ scaled
    return squares


def _enclosed(matrices: Floats, vectors: Floats) -> tuple[Floats, Floats, Bools]:
    """Return eigenvalues and, one step on, eigenvectors; settled where the enclosure is narrow enough."""
    images = np.einsum("...ij,...j->...i", matrices, vectors)
    # Reductions over a long last axis are ten times faster than over a short one.
    ratios = np.ascontiguousarray((images / vectors).T)
    low, high = ratios.min(axis=0), ratios.max(axis=0)
    return ratios.mean(axis=0), images, high - low <= SETTLED * high


def _by_lapack(matrices: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eig(matrices)
    first = np.argmax(values.real, axis=-1)
    chosen = np.take_along_axis(vectors, first[:, None, None], axis=-1)[..., 0]
    return np.take_along_axis(values.real, first[:, None], axis=-1)[:, 0], np.abs(chosen.real)
