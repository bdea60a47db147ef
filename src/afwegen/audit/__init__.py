"""
What an auditor asks of a session: that nothing was changed, that the rules were kept, that results can be recomputed.

The proof functions are those of the log, on bytes; ``verify_session`` goes through a stored session level by level.
"""

from afwegen.audit.report import Level, Report, Verdict
from afwegen.audit.verification import verify_session
from afwegen.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "Level",
    "Report",
    "Verdict",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "root",
    "verify_consistency",
    "verify_inclusion",
    "verify_session",
]
