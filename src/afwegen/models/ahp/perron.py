"""The principal eigenvalue and eigenvector of many small non-negative matrices at once."""

from math import ceil, log, log2
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
    # Memory that is asked for once; asking for every product costs more than the products.
    room = np.empty((3, min(len(flat), BLOCK), size, size))
    for start in range(0, len(flat), BLOCK):
        block = slice(start, start + BLOCK)
        matrices, powers, spare = room[:, : len(flat[block])]
        _balanced(flat[block], guesses[block], matrices)
        np.copyto(powers, matrices)
        powers = _raised(powers, spare, UNSEEN)
        values[block], vectors[block], settled[block] = _by_powers(matrices, powers, SQUARINGS - UNSEEN)
    if not settled.all():
        unsettled = np.empty((int(np.sum(~settled)), size, size))
        _balanced(flat[~settled], guesses[~settled], unsettled)
        values[~settled], vectors[~settled] = _by_lapack(unsettled)
    vectors *= np.exp(guesses)
    vectors /= row_sums(vectors)[:, None]
    return Principal(
        values=values.reshape(batch), vectors=vectors.reshape(*batch, size), settled=settled.reshape(batch)
    )


def _balanced(logs: Floats, guesses: Floats, matrices: Floats) -> None:
    """Fill in *matrices* whose eigenvectors are those wanted over the guesses: near 1, safe from overflow."""
    np.subtract(guesses[:, None, :], guesses[:, :, None], out=matrices)
    matrices += logs
    np.exp(matrices, out=matrices)


def _by_powers(matrices: Floats, powers: Floats, squarings: int) -> tuple[Floats, Floats, Bools]:
    """Look at what *powers* say, and go on with those that have not settled."""
    values, vectors, spread = _enclosed(matrices, row_sums(powers))
    settled = spread <= SETTLED
    if squarings and not settled.all():
        left = ~settled
        more = min(squarings, _needed(spread[left]))
        rest = powers[left]
        refined = _by_powers(matrices[left], _raised(rest, np.empty_like(rest), more), squarings - more)
        values[left], vectors[left], settled[left] = refined
    return values, vectors, settled


def _raised(powers: Floats, spare: Floats, squarings: int) -> Floats:
    """
    Return *powers* squared so often, in one of the two arrays, both overwritten.

    They are scaled to sum 1 before each time: neither they nor their squares overflow.
    """
    for _ in range(squarings):
        powers *= (1 / np.sum(powers.reshape(len(powers), -1), axis=-1))[:, None, None]
        np.matmul(powers, powers, out=spare)
        powers, spare = spare, powers
    return powers


def _enclosed(matrices: Floats, vectors: Floats) -> tuple[Floats, Floats, Floats]:
    """Return eigenvalues, eigenvectors one step on, and how wide the enclosure is, relative to the eigenvalue."""
    images = np.einsum("...ij,...j->...i", matrices, vectors)
    # Reductions over a long last axis are ten times faster than over a short one.
    ratios = np.ascontiguousarray((images / vectors).T)
    values = ratios.mean(axis=0)
    return values, images, (ratios.max(axis=0) - ratios.min(axis=0)) / values


def _needed(spread: Floats) -> int:
    """Return after how many squarings to look again: each squares what the second eigenvalue still contributes."""
    typical = min(float(np.log(spread).mean()), -0.5)
    return min(ceil(log2(log(SETTLED) / typical)), 4)


def _by_lapack(matrices: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eig(matrices)
    first = np.argmax(values.real, axis=-1)
    chosen = np.take_along_axis(vectors, first[:, None, None], axis=-1)[..., 0]
    return np.take_along_axis(values.real, first[:, None], axis=-1)[:, 0], np.abs(chosen.real)
