"""From local priorities to overall ones: down the hierarchy, over its leaves, over the judges."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import numpy as np
from attrs import frozen

from afwegen.models.ahp.deriving import normalised
from afwegen.models.ahp.matrices import Floats

__all__ = ["AGGREGATIONS", "SYNTHESES", "Leaves", "grouped", "leaves_of", "synthesised"]

Synthesis = Literal["distributive", "ideal", "multiplicative"]
Aggregation = Literal["aip-geometric", "aip-arithmetic", "aij"]

SYNTHESES: Final[tuple[Synthesis, ...]] = ("distributive", "ideal", "multiplicative")
AGGREGATIONS: Final[tuple[Aggregation, ...]] = ("aip-geometric", "aip-arithmetic", "aij")


@frozen(kw_only=True, eq=False)
class Leaves:
    """
    The bottom of a hierarchy as each judge sees it.

    Attributes:
        nodes: The l nodes judged on the alternatives.
        importance: Shape ``(m, l)``, of each leaf for the goal; sums to 1.
        local: Shape ``(m, l, n)``, priorities of the alternatives under each leaf; sum to 1.
    """

    nodes: tuple[str, ...]
    importance: Floats
    local: Floats


def leaves_of(hierarchy: Mapping[str, Sequence[str]], weights: Mapping[str, Floats]) -> Leaves:
    """
    Multiply local priorities down the hierarchy.

    Args:
        hierarchy: From a node to its children, ``"goal"`` at the top.
        weights: By node ``(m, k)``: of its children, or of the alternatives where it has none.
    """
    everything = np.ones(len(weights["goal"]))
    bottom = tuple(_below(hierarchy, weights, "goal", everything))
    return Leaves(
        nodes=tuple(node for node, _ in bottom),
        importance=np.stack([importance for _, importance in bottom], axis=-1),
        local=np.stack([weights[node] for node, _ in bottom], axis=-2),
    )


def _below(
    hierarchy: Mapping[str, Sequence[str]], weights: Mapping[str, Floats], node: str, importance: Floats
) -> Iterator[tuple[str, Floats]]:
    children = hierarchy.get(node, ())
    if not children:
        yield node, importance
    for place, child in enumerate(children):
        yield from _below(hierarchy, weights, child, importance * weights[node][:, place])


def synthesised(importance: Floats, local: Floats, synthesis: Synthesis) -> Floats:
    r"""
    Make local priorities into overall ones.

    Distributive: :math:`\sum_l g_l p_{la}`. Ideal: the same with :math:`p_{la} / \max_b p_{lb}`, so that an
    alternative that is best nowhere, added to consistent judgements, changes no order. Multiplicative:
    :math:`\prod_l p_{la}^{g_l}`, which no alternative added to consistent judgements can upset.

    Args:
        importance: Shape ``(..., l)``, sums to 1.
        local: Shape ``(..., l, n)``, positive.
        synthesis: ``"distributive"``, ``"ideal"`` or ``"multiplicative"``.

    Returns:
        Shape ``(..., n)``, sum 1.

    References:
        Belton, Gear (1983), Omega 11, 228-230: reversal, and the ideal mode. Barzilai, Golany (1994), INFOR 32, 57-64:
        the multiplicative one.
    """
    if synthesis == "multiplicative":
        return normalised(np.exp(np.einsum("...l,...ln->...n", importance, np.log(local))))
    if synthesis == "ideal":
        local = local / local.max(axis=-1, keepdims=True, initial=0.0)
    return normalised(np.einsum("...l,...ln->...n", importance, local))


def grouped(overall: Floats, weights: Floats, aggregation: Aggregation) -> Floats:
    """
    Make judges' overall priorities into the group's (AIP).

    Args:
        overall: Shape ``(m, n)``, positive, each judge's sum to 1; one row under ``"aij"``.
        weights: Shape ``(m,)``, above 0.
        aggregation: ``"aip-arithmetic"`` for the weighted mean, else the weighted geometric mean.

    Returns:
        Shape ``(n,)``, sum 1.
    """
    shares = weights / weights.sum()
    if aggregation == "aip-arithmetic":
        return normalised(shares @ overall)
    return normalised(np.exp(shares @ np.log(overall)))
