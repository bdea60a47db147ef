"""Verdicts"""


class Verdict:
    pass


def claims_of():
    pass


def verdicts():
    pass
