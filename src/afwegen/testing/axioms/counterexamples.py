"""Counterexamples"""

COUNTEREXAMPLES = {}


class Counterexample:
    pass
