"""
Priorities from incomplete matrices: three estimators, which differ and are therefore named.

All take and give logarithms; errors are judgements minus what the priorities say of them.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from afwegen.errors import ModelError
from afwegen.models.ahp.matrices import Bools, Floats
from afwegen.models.ahp.perron import Principal, principal

__all__ = ["errors_of", "harker", "least_lambda", "least_squares"]

Places = npt.NDArray[np.intp]

STEPS: Final = 60
CLOSE: Final = 1e-9
"""Newton's steps shrink quadratically: after one this small the next would be lost in rounding."""


def least_squares(logs: Floats, shares: Floats) -> Floats:
    r"""
    Return the logarithms of the priorities that fit the given judgements best, with sum 0.

    The minimum of :math:`\sum s_{ij} (\ln a_{ij} - y_i + y_j)^2` over the pairs given solves the Laplacian of the
    comparison graph: :math:`L y = b` with :math:`b_i = \sum_j s_{ij} \ln a_{ij}`. It is unique because the graph is
    connected, which the caller has seen to. On a complete matrix it is the row geometric mean.

    Args:
        logs: Shape ``(..., k, k)``; anything where the share is 0.
        shares: Shape ``(..., k, k)``, symmetric, the weight of each judgement; 0 where a pair was not compared.

    Returns:
        Shape ``(..., k)``.

    References:
        Bozoki, Fulop, Ronyai (2010), Mathematical and Computer Modelling 52, 318-333, section 4.
    """
    size = logs.shape[-1]
    shares = np.where(np.eye(size, dtype=bool), 0.0, shares)
    known = np.sum(shares * np.where(shares > 0, logs, 0.0), axis=-1)
    # Adding 1 everywhere fixes the constant (the sum is 0) and makes the Laplacian invertible.
    laplacian = np.eye(size) * shares.sum(axis=-1)[..., None] - shares + 1.0
    potentials: Floats = np.linalg.solve(laplacian, known[..., None])[..., 0]
    return potentials


def errors_of(logs: Floats | float, potentials: Floats) -> Floats:
    """Return judgements minus what *potentials* say of them; NaN stays where nothing was judged."""
    errors: Floats = logs + (potentials[..., None, :] - potentials[..., :, None])
    return errors


def harker(logs: Floats, missing: Bools, potentials: Floats) -> tuple[Floats, Principal]:
    """
    Complete by the eigenvector of the matrix with 0 where nothing was judged, and 1 + their number on the diagonal.

    Filled with what the eigenvector itself says, the matrix has the same eigenvector and eigenvalue.

    Args:
        logs: Shape ``(..., k, k)``; anything where missing.
        missing: Shape ``(..., k, k)``, symmetric.
        potentials: Shape ``(..., k)``, the least-squares priorities to start from.

    Returns:
        The completed logarithms, fresh, and the eigenpair.

    References:
        Harker (1987), Mathematical Modelling 9, 353-360.
    """
    punctured = np.where(missing, -np.inf, logs)
    diagonal = np.arange(logs.shape[-1])
    punctured[..., diagonal, diagonal] = np.log1p(missing.sum(axis=-1))
    found = principal(punctured, potentials)
    return np.where(missing, -errors_of(0.0, np.log(found.vectors)), logs), found


def least_lambda(logs: Floats, missing: Bools, potentials: Floats) -> tuple[Floats, Principal]:
    r"""
    Complete with the least principal eigenvalue.

    The eigenvalue is convex in the logarithms of the missing entries and has one minimum on a connected graph; it is
    found by damped Newton steps on all matrices at once, from the least-squares completion.

    Args:
        logs: Shape ``(..., k, k)``; anything where missing.
        missing: Shape ``(..., k, k)``, symmetric.
        potentials: Shape ``(..., k)``, the least-squares priorities to start from.

    Returns:
        The completed logarithms, fresh, and the eigenpair.

    Raises:
        ModelError: No minimum within 60 steps; never seen on a connected graph.

    References:
        Bozoki, Fulop, Ronyai (2010), Mathematical and Computer Modelling 52, 318-333, section 3.
    """
    rows, columns = np.triu_indices(logs.shape[-1], 1)
    free = missing[..., rows, columns]
    errors = np.where(missing, 0.0, errors_of(logs, potentials))
    for _ in range(STEPS):
        step = _newton_step(errors, rows, columns, free)
        longest = np.abs(step).max(axis=-1, initial=0.0, keepdims=True)
        # Exponentials change by their own size within a step of 1: longer ones are held back, short ones left alone.
        step *= np.log1p(2 * longest) / np.maximum(2 * longest, np.finfo(np.float64).tiny)
        errors[..., rows, columns] += step
        errors[..., columns, rows] -= step
        if longest.max(initial=0.0) <= CLOSE:
            completed = errors_of(errors, -potentials)
            return completed, principal(completed, potentials)
    raise ModelError(
        f"the least eigenvalue was not found in {STEPS} steps",
        do='complete by "log-least-squares" or "harker"',
        got=float(longest.max()),
    )


def _newton_step(errors: Floats, rows: Places, columns: Places, free: Bools) -> Floats:
    """Return the Newton step for the eigenvalue as a function of the logarithms of the *free* upper entries."""
    matrices = np.exp(errors)
    right, left, resolvent = _eigenstructure(errors, matrices)
    upper, lower = matrices[..., rows, columns], matrices[..., columns, rows]
    size, pairs = matrices.shape[-1], np.arange(len(rows))
    # How the image of the eigenvectors moves with each entry: two places each.
    images = np.zeros((*matrices.shape[:-2], size, len(rows)))
    images[..., rows, pairs] = upper * right[..., columns]
    images[..., columns, pairs] = -lower * right[..., rows]
    preimages = np.zeros_like(images)
    preimages[..., columns, pairs] = left[..., rows] * upper
    preimages[..., rows, pairs] = -left[..., columns] * lower
    gains, losses = left[..., rows] * upper * right[..., columns], left[..., columns] * lower * right[..., rows]
    half = np.swapaxes(preimages, -1, -2) @ resolvent @ images
    hessian = half + np.swapaxes(half, -1, -2) + np.eye(len(rows)) * (gains + losses)[..., None]
    both = free[..., :, None] & free[..., None, :]
    hessian = np.where(both, hessian, np.eye(len(rows)))
    gradient = np.where(free, gains - losses, 0.0)
    step: Floats = np.linalg.solve(hessian, -gradient[..., None])[..., 0].astype(np.float64, copy=False)
    return step


def _eigenstructure(errors: Floats, matrices: Floats) -> tuple[Floats, Floats, Floats]:
    """Return right and left eigenvectors with product 1, and the group inverse of lambda I - A."""
    found = principal(errors)
    right, left = found.vectors, principal(np.swapaxes(errors, -1, -2)).vectors
    left /= np.sum(left * right, axis=-1)[..., None]
    projector = right[..., :, None] * left[..., None, :]
    shifted = np.eye(matrices.shape[-1]) * found.values[..., None, None] - matrices
    return right, left, np.linalg.inv(shifted + projector) - projector
