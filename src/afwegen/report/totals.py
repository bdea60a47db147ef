"""
Numbers over everybody: the one place of the account that reads more than its reader may see.

Only counts and means come out, never a sheet; of a round only when it is closed; and none over fewer judges than the
session promised to show together. What single people entered reaches the account through ``seen_by`` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from afwegen.events.declaration import Erased, event_type, pairs

if TYPE_CHECKING:
    from afwegen.steps.preparation import Preparation
    from afwegen.steps.rounds import Round, Sheet
    from afwegen.steps.state import SessionState

__all__ = ["Attending", "Closing", "Orders", "Totals"]

QUESTIONS: Final = ("felt_heard", "heard_something_new", "trusts_what_follows")
ANSWERS: Final = ("yes", "partly", "no")


@frozen
class Attending:
    """How many people of an organisation look from one angle; None where somebody has, or shows, none."""

    organisation: str | Erased | None
    perspective: str | Erased
    count: int


@frozen
class Orders:
    """
    What the orders of a round come to.

    Attributes:
        judges: Of how many judges.
        first: By alternative, how many placed it first, alone or with others.
        above: By pair, how many placed the one above the other.
    """

    judges: int
    first: Counter[str]
    above: Counter[tuple[str, str]]


@frozen
class Closing:
    """The closing round: of how many people, and by question how many answered yes, partly and no."""

    people: int
    answers: tuple[tuple[str, tuple[int, int, int]], ...]


@frozen
class Totals:
    """
    What may be counted in a session.

    Attributes:
        state: The operator's view.
        closed: The rounds that may be counted.
        promised: The frame of the session as it is now: what was promised later holds for what was entered earlier.
    """

    state: SessionState
    closed: frozenset[str]
    promised: Preparation

    @property
    def least(self) -> int:
        """Return of how many judges a total is at least."""
        frame = self.promised
        if frame.disclosed == "open":
            return 1
        if frame.disclosed == "secret" and frame.disclosure is not None:
            return frame.disclosure.event.minimum_judges
        return frame.settings.minimum_judges

    def people(self) -> tuple[Attending, ...]:
        """Return who takes part, by organisation and angle; nobody's name, and nobody's key."""
        frame = self.state.preparation
        guests = [frame.participants[key] for key in frame.active]
        found = Counter((guest.organisation, guest.perspective) for guest in guests)
        return tuple(Attending(*who, count) for who, count in found.items())

    def counted(self, key: str, field: str) -> Counter[str] | None:
        """Return how often each answer was given in a closed round; None where that may not be told."""
        answers = [getattr(sheet.event, field) for sheet in self._sheets(key)]
        given = [answer for answer in answers if isinstance(answer, str)]
        return Counter(given) if len(given) >= self.least else None

    def orders(self, key: str) -> Orders | None:
        """Return what the orders of a closed round come to; None where that may not be told."""
        found = [event.tiers for event in self._judged(key) if isinstance(event.tiers, tuple) and event.tiers]
        if len(found) < self.least or not found:
            return None
        first = Counter(name for tiers in found for name in tiers[0])
        above = Counter(pair for tiers in found for pair in _above(tiers))
        return Orders(len(found), first, above)

    def weights(self, key: str) -> dict[str, float] | None:
        """Return the mean importance of each criterion, out of 100 points; None where that may not be told."""
        found = [dict(pairs(event.weights)) for event in self._judged(key) if isinstance(event.weights, tuple)]
        shares = [_shares(given) for given in found if any(given.values())]
        if len(shares) < self.least or not shares:
            return None
        return _means(shares, len(shares))

    def scores(self, key: str) -> dict[tuple[str, str], float] | None:
        """Return the mean score of each alternative on each criterion; None where that may not be told."""
        found = [event for event in self._judged(key) if isinstance(event.scores, tuple) and event.scores]
        if len(found) < self.least or not found:
            return None
        given: dict[tuple[str, str], list[float]] = {}
        for event in found:
            for alternative, row in pairs(event.scores):
                for criterion, score in pairs(row):
                    given.setdefault((alternative, criterion), []).append(float(score))
        return {cell: sum(numbers) / len(numbers) for cell, numbers in given.items() if len(numbers) >= self.least}

    def reconfirmed(self, key: str) -> tuple[int, int] | None:
        """Return how many said that it still holds, and how many that it does not; None where that may not be told."""
        asked = self.state.effects.reconfirmations.get(key)
        answers = [] if asked is None else [said.event.agrees for said in asked.answers.values()]
        given = [answer for answer in answers if isinstance(answer, bool)]
        return (sum(given), len(given) - sum(given)) if len(given) >= self.least else None

    def closing(self, key: str | None) -> Closing | None:
        """Return the closing words in totals; they are shown in no other way, whatever the disclosure."""
        if key is not None:
            events = [sheet.event for sheet in self._sheets(key)]
        else:
            # Given outside any round.
            events = [said.event for said in self.state.meeting.reviews.values() if said.event.round is None]
        events = [event for event in events if not isinstance(event.felt_heard, Erased)]
        if len(events) < max(self.least, self.promised.settings.minimum_judges):
            return None
        counts = [(name, Counter(getattr(event, name) for event in events)) for name in QUESTIONS]
        answers = tuple((name, (found["yes"], found["partly"], found["no"])) for name, found in counts)
        return Closing(len(events), answers)

    def outcome(self, key: str) -> Any:
        """Return the recorded outcome of a result as text; what it says of single judges stays with who reads it."""
        said = self.state.meeting.results.get(key)
        if said is None or self.promised.disclosed == "secret" or said.event.judge_count < self.least:
            return None
        return said.event.outcome

    # -- sheets -------------------------------------------------------------------------------------------------------

    def _sheets(self, key: str) -> tuple[Sheet, ...]:
        """Return the sheets of a round that may be counted; none where the count would tell of single ones."""
        this: Round | None = self.state.meeting.rounds.get(key)
        if this is None or key not in self.closed:
            return ()
        if self.promised.disclosed != "secret":
            return tuple(this.sheets.values())
        return tuple(self._when_it_closed(this).values()) if self._may_be_told(key) else ()

    def _when_it_closed(self, this: Round) -> dict[str, Sheet]:
        """Return by judge the last word when the round closed: what came in late would show as the difference."""
        words = {judge: (sheet, *sheet.earlier) for judge, sheet in this.sheets.items()}
        closed = -1 if this.closed is None else this.closed
        then = {judge: [word for word in said if word.seq < closed] for judge, said in words.items()}
        return {judge: said[0] for judge, said in then.items() if said}

    def _may_be_told(self, key: str) -> bool:
        """
        Say whether no two rounds that are told differ by a few judges, and nothing in this one is gone since.

        Rounds with the same question are told in order of opening; one that differs from those before it by fewer
        judges than the session promised to show together is not told: the difference would be their judgement.
        """
        rounds = self.state.meeting.rounds
        asked = (rounds[key].asks, rounds[key].criterion)
        told: list[frozenset[str]] = []
        for name in sorted((name for name in self.closed if name in rounds), key=lambda name: rounds[name].seq):
            if (rounds[name].asks, rounds[name].criterion) != asked:
                continue
            sheets = self._when_it_closed(rounds[name])
            judges = frozenset(sheets)
            gone = any(_is_gone(sheet.event) for sheet in sheets.values())
            may = not gone and all(self._far_apart(judges, other) for other in told)
            if name == key:
                return may
            if may:
                told.append(judges)
        return False

    def _far_apart(self, judges: frozenset[str], others: frozenset[str]) -> bool:
        return all(not few or len(few) >= self.least for few in (judges - others, others - judges))

    def _judged(self, key: str) -> Iterator[Any]:
        """Yield the sheets on which something was judged: neither erased nor abstaining."""
        for sheet in self._sheets(key):
            if sheet.event.abstains is False:
                yield sheet.event


def _is_gone(event: Any) -> bool:
    return any(isinstance(getattr(event, field.name), Erased) for field in event_type(event).personal)


def _above(tiers: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, str]]:
    for place, tier in enumerate(tiers):
        for lower in tiers[place + 1 :]:
            for above in tier:
                for below in lower:
                    yield above, below


def _shares(given: dict[str, int | Decimal]) -> dict[str, float]:
    whole = float(sum(given.values()))
    return {name: 100 * float(weight) / whole for name, weight in given.items()}


def _means(found: Iterable[dict[str, float]], count: int) -> dict[str, float]:
    sums: dict[str, float] = {}
    for given in found:
        for name, number in given.items():
            sums[name] = sums.get(name, 0.0) + number
    return {name: total / count for name, total in sums.items()}
