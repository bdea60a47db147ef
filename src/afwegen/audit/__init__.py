"""
What an auditor asks of a session: that nothing was changed, that the rules were kept, that results can be recomputed.

The proof functions are those of the log, on bytes. ``verify_session`` goes through a stored session level by level,
``verify_bundle`` through a file that left the building. A ``Notary`` signs how far the logs are, a ``Witness`` vouches
for what it saw, and a ``Receipt`` lets a participant check alone.
"""

from afwegen.audit.auditing import BundleReport, verify_bundle, verify_installation, verify_store
from afwegen.audit.bundle import write_bundle
from afwegen.audit.checkpoints import Checkpoint
from afwegen.audit.keys import Key, KeyList, make_key, read_key, read_keys
from afwegen.audit.notes import Note, Signer, Verifier
from afwegen.audit.receipts import Proof, Receipt, receipt
from afwegen.audit.report import Level, Report, Verdict, all_passed
from afwegen.audit.signing import Notary, newest_checkpoint
from afwegen.audit.verification import verify_session
from afwegen.audit.witness import Witness, WitnessClient, WitnessServer
from afwegen.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from afwegen.personal import Erasure, Subject

__all__ = [
    "BundleReport",
    "Checkpoint",
    "Erasure",
    "Key",
    "KeyList",
    "Level",
    "Notary",
    "Note",
    "Proof",
    "Receipt",
    "Report",
    "Signer",
    "Subject",
    "Verdict",
    "Verifier",
    "Witness",
    "WitnessClient",
    "WitnessServer",
    "all_passed",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "make_key",
    "newest_checkpoint",
    "read_key",
    "read_keys",
    "receipt",
    "root",
    "verify_bundle",
    "verify_consistency",
    "verify_inclusion",
    "verify_installation",
    "verify_session",
    "verify_store",
    "write_bundle",
]
