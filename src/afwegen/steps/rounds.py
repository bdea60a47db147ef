"""Rounds: what was asked of whom, the sheets that came in, and the last word of each judge (*ronde*)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve as attrs_evolve
from attrs import frozen

from afwegen.events import (
    Comparison,
    CriteriaWeighed,
    CriterionSet,
    MeetingReviewed,
    PairCompared,
    ProblemPrioritised,
    ProblemReported,
    RankingSubmitted,
    Record,
    RoundOpened,
    SolutionNominated,
    SolutionScored,
)
from afwegen.events.declaration import ANY_STEP, Erased, Number, event_type, pairs
from afwegen.events.record import not_before
from afwegen.method import Role, Step
from afwegen.steps.things import EMPTY, Map, Status, evolve, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["ASKED", "FREEZING", "JUDGING", "Round", "Sheet", "admit_opening", "admit_sheet", "round_of", "with_sheet"]

ASKED: Final[dict[str, type[Any]]] = {
    "problems": ProblemReported,
    "priorities": ProblemPrioritised,
    "nominations": SolutionNominated,
    "ranking": RankingSubmitted,
    "criteria weights": CriteriaWeighed,
    "scores": SolutionScored,
    "comparisons": PairCompared,
    "closing words": MeetingReviewed,
}
"""What a round asks for, and the event that answers it."""
ASKED_BY: Final = {answer: asks for asks, answer in ASKED.items()}
JUDGING: Final = frozenset({RankingSubmitted, CriteriaWeighed, SolutionScored, PairCompared})
"""The judgements models may weigh: refused without a round."""
FREEZING: Final = frozenset({"nominations", "ranking", "scores", "comparisons"})
"""The rounds during which solutions and criteria are frozen."""
OPTIONAL: Final = {"criteria weights", "scores", "comparisons"}


@frozen(kw_only=True)
class Sheet:
    """
    What one judge entered in a round.

    Attributes:
        event: The judgement itself.
        seq: Its record.
        happened_at: When it was given.
        own: Whether the judge entered it; what others entered for them never replaces it.
        earlier: The words it took the place of, the latest first.
    """

    event: Any
    seq: int
    happened_at: datetime
    own: bool
    earlier: tuple[Sheet, ...] = ()

    @property
    def weight_of_word(self) -> tuple[bool, datetime, int]:
        """Return what decides which word is the last: one's own, then the latest to happen, then the latest entered."""
        return self.own, self.happened_at, self.seq


def _last_word(sheet: Sheet | None, new: Sheet) -> Sheet:
    """Return the last word, the others behind it, with *new* in its place among them."""
    return new if sheet is None else _ordered([new, *_words(sheet)])


def without_word(sheet: Sheet | None, seq: int) -> Sheet | None:
    """Return the last word without the one that was taken back; None where nothing is left."""
    left = [] if sheet is None else [each for each in _words(sheet) if each.seq != seq]
    return _ordered(left) if left else None


def word(sheet: Sheet | None, seq: int) -> Sheet | None:
    """Return the word that a record entered, if it is among these."""
    return None if sheet is None else next((each for each in _words(sheet) if each.seq == seq), None)


def _words(sheet: Sheet) -> tuple[Sheet, ...]:
    return (attrs_evolve(sheet, earlier=()) if sheet.earlier else sheet, *sheet.earlier)


def _ordered(words: Iterable[Sheet]) -> Sheet:
    last, *earlier = sorted(words, key=lambda each: each.weight_of_word, reverse=True)
    return attrs_evolve(last, earlier=tuple(earlier)) if earlier else last


@room
class Round:
    """
    One question to everybody, and what came in.

    Attributes:
        sheets: By judge, the last word; earlier words hang behind it.
        opened_at: When it was opened; ``closed_at`` is None while it is open.
        closed: The record that closed it.
    """

    asks: str
    of: str
    blind: bool
    criterion: str
    alternatives: tuple[str, ...]
    seq: int
    changed: int
    author: str
    opened_at: datetime
    closed_at: datetime | None = None
    closed: int | None = None
    status: Status = "standing"
    sheets: Map[str, Sheet] = EMPTY

    @property
    def is_open(self) -> bool:
        """Say whether sheets may still come in."""
        return self.closed_at is None

    def took_place_at(self, moment: datetime) -> bool:
        """Say whether the round was open at this moment."""
        return not_before(moment, self.opened_at) and (self.closed_at is None or moment <= self.closed_at)


def opened(record: Record[RoundOpened]) -> Round:
    """Return the round that a record opened."""
    event = record.event
    return Round(
        asks=event.asks,
        of=event.of,
        blind=event.blind,
        criterion=event.criterion,
        alternatives=event.alternatives,
        seq=record.seq,
        changed=record.seq,
        author=record.author,
        opened_at=record.happened_at,
    )


def round_of(rounds: Map[str, Round], open_rounds: Iterable[str], record: Record[Any]) -> str | None:
    """Return the round a record belongs to: the one it names, else the one that asks for it and was open then."""
    event = record.event
    asks = ASKED_BY.get(type(event))
    if asks is None:
        return None
    named: str | None = getattr(event, "round", None)
    if named is not None:
        return named
    for key in open_rounds:
        this = rounds[key]
        if this.asks == asks and (
            record.happened_at == record.recorded_at or not_before(record.happened_at, this.opened_at)
        ):
            return key
    return None


def with_sheet(this: Round, record: Record[Any], *, own: bool) -> Round:
    """Return the round with one more sheet in it, entered by the judge or for the judge."""
    sheet = Sheet(
        event=record.event,
        seq=record.seq,
        happened_at=record.happened_at,
        own=own,
    )
    sheets = this.sheets.insert(record.author, _last_word(this.sheets.get(record.author), sheet))
    # Whatever was computed from the round before rests on other sheets.
    return evolve(this, sheets=sheets, changed=record.seq)


# -- admission --------------------------------------------------------------------------------------------------------


def admit_opening(state: SessionState, event: RoundOpened) -> None:
    """Refuse a round that asks for what the group did not declare, or that cannot be answered."""
    answer = ASKED[event.asks]
    steps = event_type(answer).steps
    if steps != ANY_STEP and steps.isdisjoint(state.progress.open):
        where = ", ".join(step.called for step in Step if step in steps)
        refuse(f"{event.asks} cannot be asked for in {state.step.called}", f"open the round in {where}", event.asks)
    rounds = [state.meeting.rounds[key] for key in state.meeting.open_rounds]
    if answer not in JUDGING and any(this.asks == event.asks for this in rounds):
        refuse(f"a round that asks for {event.asks} is open", "close it with RoundClosed first", event.round)
    if event.asks in OPTIONAL and event.asks not in state.preparation.options:
        do = f"declare it first, for it is not part of the method: OptionDeclared(option={event.asks!r})"
        refuse("a round asks only for what was declared", do, event.asks)
    if event.criterion != "overall" and event.criterion not in state.preselection.criteria:
        refuse("this criterion is not known", "set it with CriterionSet first", event.criterion)
    if event.asks in {"criteria weights", "scores"} and not state.preselection.criteria:
        refuse("there are no criteria to judge by", "set them with CriterionSet first")
    if event.of == "subgroups" and not len(state.meeting.subgroups):
        refuse("there are no subgroups", "form them with SubgroupFormed first, or ask participants")
    if len(set(event.alternatives)) < len(event.alternatives):
        refuse("a round names each alternative once", "leave out the double one", event.alternatives)


def admit_sheet(state: SessionState, record: Record[Any]) -> None:
    """Refuse a judgement outside its round, by the wrong kind of judge, or about what was not asked."""
    key = round_of(state.meeting.rounds, state.meeting.open_rounds, record)
    if key is None:
        if type(record.event) in JUDGING:
            refuse("a judgement names its round", "open one with RoundOpened, and give round=")
        return
    this = state.meeting.rounds[key]
    asks = ASKED_BY[type(record.event)]
    if this.asks != asks:
        refuse(f"round {key!r} asks for {this.asks}", "name a round that asks for this", asks)
    if not this.is_open and record.channel not in {"paper", "oral"}:
        refuse(f"round {key!r} is closed", "enter it with channel='paper' or 'oral' and happened_at while it was open")
    if not this.is_open and state.preparation.disclosed == "secret" and event_type(record.event).judgement:
        # A result with it would differ from one without it by this judgement alone.
        refuse(f"round {key!r} is closed, and the session secret", "enter what was written before closing it", key)
    if not this.is_open or record.happened_at != record.recorded_at:
        _admit_moment(this, key, record)
    if record.subgroup is not None:
        _admit_once(state, this, record.subgroup)
    wanted = {"participants": Role.PARTICIPANT, "subgroups": Role.SUBGROUP}[this.of]
    if record.role is not wanted:
        refuse(f"round {key!r} is for {this.of}", f"act as {wanted.value}", record.role.value)
    check = _CHECKS.get(type(record.event))
    if check is not None:
        check(state, this, record.event)


def _admit_moment(this: Round, key: str, record: Record[Any]) -> None:
    """Refuse a moment at which the round was not open; between clocks that differ, now is always in an open round."""
    if not this.took_place_at(record.happened_at):
        refuse(f"round {key!r} was not open then", "give the moment it was really written", record.happened_at)


def _admit_once(state: SessionState, this: Round, subgroup: str) -> None:
    """Refuse a subgroup of which a member has judged already with another: nobody counts twice."""
    groups = state.meeting.subgroups
    members = set(groups[subgroup].members)
    for other in this.sheets:
        both = members.intersection(groups[other].members) if other != subgroup and other in groups else ()
        if both:
            refuse(f"subgroup {other!r} has judged with the same member", "let everybody judge once", sorted(both))


def _no_doubles(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            refuse(f"{what} stands on the sheet twice", "give it one place", name)
        seen.add(name)


def _asked(this: Round, names: Iterable[str]) -> None:
    for name in names:
        if this.alternatives and name not in this.alternatives:
            refuse("this round is not about that alternative", f"choose from {', '.join(this.alternatives)}", name)


def _judges(event: Any, content: object, what: str) -> bool:
    """Say whether a sheet judges; refuse one that both abstains and judges, or does neither."""
    if isinstance(event.abstains, Erased):
        return bool(content)
    if event.abstains and content:
        refuse(f"a sheet that abstains has no {what}", "leave one of the two out")
    if not event.abstains and not content:
        refuse(f"this sheet has no {what}", "fill it in, or say abstains=True")
    return bool(content)


def _check_ranking(_: SessionState, this: Round, event: RankingSubmitted) -> None:
    if event.criterion != this.criterion:
        refuse(f"this round orders by {this.criterion!r}", "open another round for another criterion", event.criterion)
    tiers = event.tiers
    if isinstance(tiers, Erased) or not _judges(event, tiers, "order"):
        return
    names = [name for tier in tiers for name in tier]
    _no_doubles(names, "an alternative")
    _asked(this, names)
    if not all(tiers):
        refuse("a tier is empty", "leave it out", tiers)


def _check_weights(_: SessionState, __: Round, event: CriteriaWeighed) -> None:
    weights = event.weights
    if isinstance(weights, Erased) or not _judges(event, weights, "weights"):
        return
    if not any(weight for _, weight in pairs(weights)):
        refuse("at least one criterion has a weight above zero", "weigh them relative to each other", weights)


def _check_scores(state: SessionState, this: Round, event: SolutionScored) -> None:
    scores = event.scores
    if isinstance(scores, Erased) or not _judges(event, scores, "scores"):
        return
    _asked(this, (name for name, _ in pairs(scores)))
    for alternative, row in pairs(scores):
        if not row:
            refuse("this alternative has no score", "score it, or leave it out", alternative)
        for criterion, score in pairs(row):
            if not state.stands(("criterion",), criterion):
                refuse("there is no standing criterion with this id", "name one that was set", criterion)
            _check_anchors(state.preselection.criteria[criterion].event, alternative, score)


def _check_anchors(said: CriterionSet, alternative: str, score: Number) -> None:
    if said.worst is None or said.best is None:
        what = f"criterion {said.criterion!r} has no anchors"
        refuse(what, "give worst= and best= with CriterionSet first", alternative)
    low, high = sorted((said.worst, said.best))
    if not low <= score <= high:
        where = f"the score of {alternative!r} on {said.criterion!r} lies outside {said.worst} to {said.best}"
        refuse(where, "give one inside, or move the anchor with CriterionSet", score)


def _check_pairs(state: SessionState, this: Round, event: PairCompared) -> None:
    comparisons = event.comparisons
    if isinstance(comparisons, Erased) or not _judges(event, comparisons, "comparisons"):
        return
    seen: set[tuple[str, frozenset[str]]] = set()
    for given in comparisons:
        if given.first == given.second:
            refuse("nothing is compared with itself", "compare two", given.first)
        pair = given.node, frozenset({given.first, given.second})
        if pair in seen:
            refuse("this pair is compared twice under the same node", "give one ratio", (given.node, *sorted(pair[1])))
        seen.add(pair)
        _known_in_node(state, this, given)


def _known_in_node(state: SessionState, this: Round, given: Comparison) -> None:
    criteria, names = state.preselection.criteria, (given.first, given.second)
    if given.node == "goal":
        for name in names:
            if name not in criteria:
                refuse("under 'goal' criteria are compared", "name criteria that were set", name)
        return
    if given.node not in criteria:
        refuse("this node is not known", "compare under 'goal' or under a criterion", given.node)
    for name in names:
        if not state.stands(("solution", "baseline"), name):
            refuse("under a criterion alternatives are compared", "name solutions that stand, or 'baseline'", name)
    _asked(this, names)


_CHECKS: Final[dict[type[Any], Callable[[SessionState, Round, Any], None]]] = {
    RankingSubmitted: _check_ranking,
    CriteriaWeighed: _check_weights,
    SolutionScored: _check_scores,
    PairCompared: _check_pairs,
}
