"""Random indices and thresholds, each with its source: a consistency ratio must name the table it was read from."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["CR_THRESHOLD", "RANDOM_INDICES", "gci_threshold", "random_index_of"]

CR_THRESHOLD: Final = 0.1
"""Saaty's rule of thumb: above it the judgements deserve a second look."""


def _from_three(*values: float) -> Mapping[int, float]:
    return dict(enumerate(values, start=3))


RANDOM_INDICES: Final[Mapping[str, Mapping[int, float]]] = {
    # Exact for 3 and 4 (all 17**3 and 17**6 matrices on Saaty's scale); 5 to 15 by Monte Carlo, standard error < 0.002.
    "computed": _from_three(
        0.5244574542912286,
        0.8841580006969414,
        1.1098294806181632,
        1.2513484186439614,
        1.340464175409032,
        1.404070152905148,
        1.4487574901526554,
        1.4849484370134876,
        1.5133129971431165,
        1.5352521465259426,
        1.5549501125410066,
        1.5700459017850754,
        1.5839855295569083,
    ),
    # Saaty 1980, The Analytic Hierarchy Process. The dip at 12 is in print.
    "saaty-1980": _from_three(0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    # Saaty 2005, Theory and Applications of the Analytic Network Process, p. 31.
    "saaty-2005": _from_three(0.52, 0.89, 1.11, 1.25, 1.35, 1.4, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    # Alonso, Lamata 2006, IJUFKS 14(4), 445-459.
    "alonso-lamata-2006": _from_three(
        0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838
    ),
    # Donegan, Dodd 1991, Mathematical and Computer Modelling 15(10), 135-137.
    "donegan-dodd-1991": _from_three(
        0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969
    ),
}
"""Mean consistency index of random matrices on Saaty's scale, by name and size; they differ by up to 18 %."""


def random_index_of(name: str, size: int) -> float | None:
    """
    Return the random index of matrices of *size*; None where the table has none.

    Up to two things compared nothing can contradict: the index is 0, and the ratio is decided to be 0 too.

    >>> random_index_of("saaty-1980", 7)
    1.32
    >>> random_index_of("computed", 16) is None
    True
    """
    return 0.0 if size <= 2 else RANDOM_INDICES[name].get(size)


def gci_threshold(size: int) -> float:
    """
    Return the geometric consistency index that answers to a consistency ratio of 0.1.

    >>> gci_threshold(3), gci_threshold(4), gci_threshold(9)
    (0.3147, 0.3526, 0.37)

    References:
        Aguaron, Moreno-Jimenez (2003), European Journal of Operational Research 147, 137-145, table 3.
    """
    return {3: 0.3147, 4: 0.3526}.get(size, 0.37)


def ratio(ci: npt.NDArray[np.float64], name: str, size: int) -> npt.NDArray[np.float64] | None:
    """Return the consistency ratio of *ci* for matrices of *size*; None where the named table ends below it."""
    index = random_index_of(name, size)
    if index is None:
        return None
    return np.zeros_like(ci) if index == 0 else ci / index
