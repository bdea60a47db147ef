"""
What everyone judged in the second meeting: nominations, orders, weights, scores and pairwise comparisons.

Seven of the thirteen put the renovation just above the caretaker; six put the caretaker far above the renovation.
A majority of orders and a sum of scores then answer differently, which is what the group wants to see.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from afwegen.demo.clock import Clock
from afwegen.events import (
    Comparison,
    CriteriaWeighed,
    PairCompared,
    RankingSubmitted,
    Ratio,
    RoundClosed,
    RoundOpened,
    SolutionScored,
)
from afwegen.events.meeting import Asks
from afwegen.session import Session

__all__ = ["ALTERNATIVES", "COMPARISONS", "CRITERIA", "NOMINATIONS", "ORDERS", "RANKINGS", "SCORES", "WEIGHTS", "play"]

ALTERNATIVES: Final = ("renovation", "caretaker", "demolition")
CRITERIA: Final = ("safety", "letting", "burden", "costs")

NOMINATIONS: Final = {
    "anna": "caretaker",
    "erik": "caretaker",
    "fatima": "meeting-place",
    "jochum": "renovation",
    "joost": "caretaker",
    "karim": "caretaker",
    "mirjam": "demolition",
    "nadia": "cameras",
    "rob": "caretaker",
    "ruud": "renovation",
    "sandra": "renovation",
    "tineke": "caretaker",
    "willem": "renovation",
}
"""The one solution whose effects each most wants, written down before any order was seen."""

ORDERS: Final[dict[str, tuple[str, tuple[tuple[str, ...], ...]]]] = {
    "orange": ("anna", (("renovation",), ("caretaker",), ("demolition",), ("meeting-place",), ("cameras",))),
    "blue": ("nadia", (("cameras",), ("caretaker",), ("renovation", "demolition"), ("meeting-place",))),
    "green": ("ruud", (("caretaker",), ("meeting-place",), ("renovation",), ("demolition",), ("cameras",))),
    # They ran out of time: what they did not get to has no place in their order.
    "yellow": ("erik", (("caretaker",), ("renovation",), ("demolition",))),
}
"""By subgroup: who presented its order of the cards, and the order; cards in one tier share a place."""

RANKINGS: Final = {
    "anna": "renovation > caretaker > demolition",
    "erik": "caretaker > demolition > renovation",
    "fatima": "caretaker > demolition > renovation",
    "jochum": "renovation > caretaker > demolition",
    "joost": "caretaker > demolition = renovation",
    "karim": "renovation > caretaker > demolition",
    "mirjam": "renovation > caretaker > demolition",
    "nadia": "caretaker > demolition > renovation",
    "rob": "caretaker > demolition > renovation",
    "ruud": "renovation > caretaker > demolition",
    "sandra": "renovation > caretaker > demolition",
    "tineke": "caretaker > demolition > renovation",
    "willem": "renovation > caretaker > demolition",
}

WEIGHTS: Final = {
    #         safety letting burden costs, a hundred points each
    "anna": (30, 25, 35, 10),
    "erik": (45, 20, 15, 20),
    "fatima": (50, 10, 20, 20),
    "jochum": (20, 45, 15, 20),
    "joost": (45, 15, 20, 20),
    "karim": (30, 30, 30, 10),
    "mirjam": (25, 40, 15, 20),
    "nadia": (60, 10, 15, 15),
    "rob": (40, 20, 15, 25),
    "ruud": (20, 40, 25, 15),
    "sandra": (25, 45, 15, 15),
    "tineke": (60, 10, 10, 20),
    "willem": (20, 35, 35, 10),
}

SCORES: Final = {
    #         renovation  caretaker  demolition, each on safety, letting and burden, from 0 to 10
    "anna": ((6, 9, 8), (7, 5, 8), (6, 5, 1)),
    "erik": ((2, 5, 5), (8, 6, 8), (8, 6, 4)),
    "fatima": ((2, 5, 4), (8, 5, 8), (7, 5, 3)),
    "jochum": ((5, 8, 6), (6, 4, 8), (7, 8, 3)),
    "joost": ((2, 5, 4), (8, 5, 8), (7, 5, 3)),
    "karim": ((6, 9, 7), (7, 4, 8), (6, 6, 2)),
    "mirjam": ((5, 8, 6), (6, 4, 8), (7, 7, 3)),
    "nadia": ((2, 5, 5), (8, 5, 8), (8, 6, 3)),
    "rob": ((3, 6, 5), (8, 6, 8), (8, 7, 4)),
    "ruud": ((6, 8, 7), (6, 4, 8), (7, 8, 3)),
    "sandra": ((5, 9, 6), (6, 5, 8), (7, 8, 3)),
    "tineke": ((2, 5, 4), (9, 5, 8), (7, 5, 4)),
    "willem": ((6, 9, 9), (6, 3, 7), (5, 6, 2)),
}
COSTS: Final = {"renovation": 1200, "caretaker": 300, "demolition": 1600}
"""The estimates on the cards, in thousands of euros over five years; everyone took these over."""

COMPARISONS: Final = {
    # Of criteria: safety to letting, burden and costs, letting to burden and costs, burden to costs.
    # Then on each criterion: renovation to caretaker and demolition, caretaker to demolition.
    #         of criteria          safety         letting    burden     costs
    "anna": ("1 1 3 1 3 4", "1 1 1", "3 2 1", "1 5 5", "1/3 2 5"),
    "erik": ("2 3 2 1 1 1", "1/4 1/3 1", "1 1 1", "1/2 1 3", "1/4 2 6"),
    "fatima": ("5 3 3 1/2 1/2 1", "1/4 1/3 2", "1 1 1", "1/2 2 3", "1/4 1 5"),
    "jochum": ("1/2 1 1 3 2 1", "1 1 1", "3 1 1/2", "1 2 3", "1/3 2 5"),
    "joost": ("3 2 2 1 1 1", "1/4 1/3 1", "1 1 1", "1/2 1 3", "1/4 2 6"),
    # Karim finds letting above burden, burden above safety, and safety above letting: a circle.
    "karim": ("2 1/2 3 2 3 3", "1 1 1", "3 2 1/2", "1 3 4", "1/3 2 6"),
    "mirjam": ("1/2 2 1 3 2 1", "1 1 1", "2 1 1/2", "1 2 3", "1/4 2 6"),
    "nadia": ("6 4 4 1/2 1/2 1", "1/5 1/4 1", "1 1 1", "1/2 2 3", "1/4 2 5"),
    "rob": ("2 3 2 1 1 1/2", "1/3 1/3 1", "1 1 1", "1/2 1 2", "1/4 2 7"),
    "ruud": ("1/2 1 1 2 3 2", "1 1 1", "3 1 1/3", "1 2 3", "1/4 2 5"),
    "sandra": ("1/2 2 2 3 3 1", "1 1 1", "2 1 1/2", "1 2 3", "1/3 2 6"),
    "tineke": ("6 6 3 1 1/2 1/2", "1/5 1/4 1", "1 1 1", "1/2 1 2", "1/4 2 6"),
    "willem": ("1/2 1/2 2 1 4 4", "1 1 1", "4 2 1/2", "1 4 4", "1/3 2 5"),
}

ON_PAPER: Final = "tineke"
"""Who filled in sheets of paper, which the recorder typed in when the rounds were closed."""


def play(session: Session, clock: Clock) -> None:
    """Play the four rounds, blind, and what came in from paper."""
    rounds: tuple[tuple[str, Asks, Callable[[str, str], Any], str], ...] = (
        ("orders", "ranking", _ranking, "2016-09-29T15:06+02:00"),
        ("weights", "criteria weights", _weights, "2016-09-29T15:12+02:00"),
        ("scores", "scores", _scores, "2016-09-29T15:18+02:00"),
        ("comparisons", "comparisons", _comparisons, "2016-09-29T15:25+02:00"),
    )
    for key, asks, sheet, moment in rounds:
        clock.turn_to(moment)
        about = () if asks == "criteria weights" else ALTERNATIVES
        session.record(RoundOpened(round=key, asks=asks, blind=True, alternatives=about), by="els")
        for person in WEIGHTS:
            if person != ON_PAPER:
                session.record(sheet(key, person), by=person)
        session.record(RoundClosed(round=key), by="els")
    clock.turn_to("2016-09-29T15:36+02:00")
    for key, _, sheet, _ in rounds:
        opened = session.state.meeting.rounds[key].opened_at
        session.record(
            sheet(key, ON_PAPER),
            by="daan",
            on_behalf_of=ON_PAPER,
            channel="paper",
            happened_at=opened + timedelta(minutes=3),
        )


def _ranking(key: str, person: str) -> RankingSubmitted:
    tiers = tuple(tuple(tier.split(" = ")) for tier in RANKINGS[person].split(" > "))
    return RankingSubmitted(round=key, tiers=tiers)


def _weights(key: str, person: str) -> CriteriaWeighed:
    return CriteriaWeighed(round=key, weights=dict(zip(CRITERIA, WEIGHTS[person], strict=True)), method="points")


def _scores(key: str, person: str) -> SolutionScored:
    scores = {
        name: dict(zip(CRITERIA, (*row, COSTS[name]), strict=True))
        for name, row in zip(ALTERNATIVES, SCORES[person], strict=True)
    }
    return SolutionScored(round=key, scores=scores)


def _comparisons(key: str, person: str) -> PairCompared:
    of_criteria, *of_alternatives = COMPARISONS[person]
    sheet = _pairs("goal", CRITERIA, of_criteria)
    for criterion, ratios in zip(CRITERIA, of_alternatives, strict=True):
        sheet += _pairs(criterion, ALTERNATIVES, ratios)
    return PairCompared(round=key, comparisons=sheet)


def _pairs(node: str, names: tuple[str, ...], ratios: str) -> tuple[Comparison, ...]:
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    return tuple(
        Comparison(node=node, first=one, second=other, ratio=_ratio(ratio))
        for (one, other), ratio in zip(pairs, ratios.split(), strict=True)
    )


def _ratio(text: str) -> Ratio:
    above, _, below = text.partition("/")
    return Ratio(int(above), int(below or "1"))
