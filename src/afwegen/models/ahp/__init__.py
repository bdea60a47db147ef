"""
Pairwise AHP: priorities from comparing two things at a time, in a hierarchy of any depth, for a group.

`priorities` and `aggregate` are the kernels, on arrays of any number of matrices; `contradictions` says where a matrix
contradicts itself most; `AHP` is the model.
"""

from afwegen.models.ahp.consistency import Contradictions, contradictions
from afwegen.models.ahp.deriving import Priorities, aggregate, priorities
from afwegen.models.ahp.indices import RANDOM_INDICES, gci_threshold
from afwegen.models.ahp.model import AHP, Hierarchical

__all__ = [
    "AHP",
    "RANDOM_INDICES",
    "Contradictions",
    "Hierarchical",
    "Priorities",
    "aggregate",
    "contradictions",
    "gci_threshold",
    "priorities",
]
