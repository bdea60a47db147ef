"""
Pairwise AHP: priorities from comparing two things at a time, in a hierarchy of any depth, for a group.

`priorities` and `aggregate` are the kernels, on arrays of any number of matrices; `AHP` is the model.
"""

from afwegen.models.ahp.deriving import Priorities, aggregate, priorities

__all__ = ["Priorities", "aggregate", "priorities"]
