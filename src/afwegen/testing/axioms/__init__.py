"""
What each model promises, and what nobody may promise: axioms as named checks, with a verdict for each model.

A verdict is either *holds*, and then the tests search for a violation in the scope named, or *fails*, and then the
smallest counterexample known is kept as data and replayed. ``python -m afwegen.testing.axioms`` prints the table.
"""

from afwegen.testing.axioms import comparisons, rankings, scores, shared
from afwegen.testing.axioms.case import AXIOMS, Axiom, Case
from afwegen.testing.axioms.counterexamples import COUNTEREXAMPLES, Counterexample
from afwegen.testing.axioms.verdicts import Verdict, claims_of, verdicts

__all__ = [
    "AXIOMS",
    "COUNTEREXAMPLES",
    "Axiom",
    "Case",
    "Counterexample",
    "Verdict",
    "claims_of",
    "comparisons",
    "rankings",
    "scores",
    "shared",
    "verdicts",
]
