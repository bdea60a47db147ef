"""From what a session's judges said to what models weigh, and back: profiles, recorded results, what-ifs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs
from attrs import frozen

from afwegen.codec import is_erased
from afwegen.errors import ProfileError, RuleViolation
from afwegen.events import (
    CriteriaWeighed,
    CriterionSet,
    Judge,
    ModelEvaluated,
    PairCompared,
    RankingSubmitted,
    SolutionScored,
)
from afwegen.events.declaration import Erased, pairs
from afwegen.log import canonical
from afwegen.log.spelling import spell_float
from afwegen.releasing import is_shown_whole, refuse_few, released, released_comparison
from afwegen.steps.disclosure import admit_released, is_secret, least_judges
from afwegen.steps.rounds import Round, Sheet
from afwegen.steps.staleness import sheet_is_stale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from afwegen.models import Comparison, Model, Outcome, Profile, Scale
    from afwegen.models.profile import Derivation
    from afwegen.steps.state import SessionState

    Floats = NDArray[np.float64]

__all__ = [
    "Selection",
    "WhatIf",
    "compare",
    "disclosable",
    "outcome_text",
    "profile",
    "released",
    "released_comparison",
    "result",
    "select",
    "selected_profile",
    "weighable",
    "what_if",
]

Kind = Literal["participants", "subgroups"]
OVERALL: Final = "overall"
WEIGHED: Final = ("ranking", "criteria weights", "scores", "comparisons")
"""What models weigh; each from the last round of its kind that is closed."""


@frozen(kw_only=True)
class Selection:
    """
    Which judgements a profile is made of: enough to make it again.

    Attributes:
        rounds: The rounds, in order of opening.
        criterion: By which the rankings order.
        judges: Participants or subgroups, never together.
    """

    rounds: tuple[str, ...]
    criterion: str
    judges: Kind


@frozen(kw_only=True)
class WhatIf:
    """
    What a model answers with and without something.

    Attributes:
        before: The outcome with everything.
        after: The outcome without it.
        changed: Whether the order differs, on what both rank.
        without: What was left out.
    """

    before: Outcome
    after: Outcome
    changed: bool
    without: tuple[str, ...]


# -- selecting --------------------------------------------------------------------------------------------------------


def select(
    state: SessionState,
    *,
    round: str | None = None,  # noqa: A002 - the method's own word
    criterion: str = OVERALL,
    judges: Kind | None = None,
) -> Selection:
    """
    Return which judgements a profile would be made of.

    Raises:
        ProfileError: Nobody judged yet, or the round is unknown, open, or asks for something else.
    """
    if round is not None:
        return _one_round(state, round, judges)
    closed = _closed(state)
    kind = judges if judges is not None else _kind(closed)
    chosen: dict[str, str] = {}
    for key, this in closed:
        if this.of == kind and (this.asks != "ranking" or this.criterion == criterion):
            chosen[this.asks] = key
    if not chosen:
        open_now = [key for key in state.meeting.open_rounds if state.meeting.rounds[key].asks in WEIGHED]
        do = "close the open round first" if open_now else "open a round with RoundOpened, let them judge, and close it"
        raise ProfileError(f"no {kind} have judged in a closed round", do, tuple(open_now) or criterion)
    rounds = state.meeting.rounds
    return Selection(
        rounds=tuple(sorted(chosen.values(), key=lambda key: rounds[key].seq)),
        criterion=criterion,
        judges=kind,
    )


def _closed(state: SessionState) -> list[tuple[str, Round]]:
    found = [
        (key, this)
        for key, this in state.meeting.rounds.items()
        if this.asks in WEIGHED and not this.is_open and len(this.sheets)
    ]
    return sorted(found, key=lambda item: item[1].closed or 0)


def _kind(closed: Sequence[tuple[str, Round]]) -> Kind:
    return "subgroups" if closed and all(this.of == "subgroups" for _, this in closed) else "participants"


def _one_round(state: SessionState, key: str, judges: Kind | None) -> Selection:
    this = state.meeting.rounds.get(key)
    if this is None:
        raise ProfileError("there is no such round", f"choose from {', '.join(sorted(state.meeting.rounds))}", key)
    if this.is_open:
        raise ProfileError(f"round {key!r} is open", "close it with RoundClosed: models wait for everybody", key)
    if this.asks not in WEIGHED:
        raise ProfileError(f"round {key!r} asks for {this.asks}, which no model weighs", "choose another", key)
    kind: Kind = "subgroups" if this.of == "subgroups" else "participants"
    if judges is not None and judges != kind:
        raise ProfileError(f"round {key!r} is for {kind}", "leave judges= out", judges)
    return Selection(rounds=(key,), criterion=this.criterion, judges=kind)


# -- profiles ---------------------------------------------------------------------------------------------------------


def profile(
    state: SessionState,
    *,
    round: str | None = None,  # noqa: A002 - the method's own word
    criterion: str = OVERALL,
    judges: Kind | None = None,
) -> Profile:
    """Return what the judges said, as arrays with names; see ``Session.profile``."""
    if is_secret(state):
        what = "in a secret session nobody is given what single judges said"
        raise RuleViolation(what, "call compare, evaluate or what_if: they show what judges come to together")
    return selected_profile(state, select(state, round=round, criterion=criterion, judges=judges))


def selected_profile(state: SessionState, selection: Selection) -> Profile:
    """
    Return the profile of a selection: erased and stale judgements and abstentions are left out, with a note.

    Raises:
        ProfileError: Nothing is left.
    """
    from afwegen.models import OVERALL as MODELS_OVERALL
    from afwegen.models import Profile

    rounds = [state.meeting.rounds[key] for key in selection.rounds if key in state.meeting.rounds]
    gathered = _Gathering(state, rounds)
    if not gathered.judges:
        raise ProfileError("no judgement is left to weigh", "let the judges judge anew", selection.rounds)
    parts: dict[str, Any] = {}
    for this in rounds:
        parts |= _PARTS[this.asks](gathered, this, MODELS_OVERALL)
    found = Profile(
        judges=gathered.judges,
        alternatives=gathered.alternatives,
        weights=gathered.weights,
        notes=gathered.notes(selection),
        **parts,
    )
    return _enough(state, found) if is_secret(state) else found


def disclosable(state: SessionState, found: Profile) -> Profile:
    """
    Return a profile of which a model's answer may be shown as it is, to who leads or on a page that adds it up.

    Raises:
        RuleViolation: The session is secret: an answer is shown only as ``released`` gives it.
    """
    if is_secret(state):
        what = "in a secret session a model's answer is not shown as it is"
        raise RuleViolation(what, "show what Session.compare gives", found.alternatives)
    return found


def weighable(state: SessionState, selection: Selection) -> Profile:
    """
    Return the profile of a selection of which a model may be asked, so that ``released`` may show its answer.

    Raises:
        ProfileError: Nothing is left.
        RuleViolation: The session is secret, and the result would show what single judges said.
    """
    admit_released(state, selection.rounds)
    found = selected_profile(state, selection)
    if is_secret(state):
        refuse_few(state, found.judges)
    return found


def _enough(state: SessionState, found: Profile) -> Profile:
    """Return the profile of a secret session without what so few judged that a score would be a judgement."""
    import numpy as np

    least = least_judges(state)
    few = np.zeros(len(found.alternatives), dtype=bool)
    for array in (*found.rankings.values(), *(() if found.scores is None else (found.scores,))):
        counts = np.sum(~np.isnan(array), axis=0).reshape(len(found.alternatives), -1)
        few |= ((counts > 0) & (counts < least)).any(axis=1)
    for node, matrices in found.comparisons.items():
        counts = np.sum(~np.isnan(matrices), axis=0)
        if ((counts > 0) & (counts < least)).any():
            raise ProfileError(f"a pair under {node!r} was compared by fewer than {least}", "ask more of them", node)
    if not few.any():
        return found
    left = tuple(name for name, lacks in zip(found.alternatives, few, strict=True) if not lacks)
    if not left:
        raise ProfileError(f"no alternative was judged by {least} judges or more", "go without a result", left)
    said = ", ".join(name for name in found.alternatives if name not in left)
    kept = found.only(alternatives=left)
    return attrs.evolve(kept, notes=(*kept.notes, f"left out, for too few judged it: {said}"))


def compare(
    state: SessionState,
    models: Iterable[Model | str],
    *,
    derive: Derivation | None = None,
    viewer: str | None = None,
    **selection: Any,
) -> Comparison:
    """Return models side by side, as somebody may see them; see ``Session.compare``."""
    from afwegen.models import compare as side_by_side

    found = weighable(state, select(state, **selection))
    if not is_shown_whole(state, found.judges, viewer):
        refuse_few(state, found.judges)
    return released_comparison(side_by_side(found, models, derive), state, viewer)


class _Gathering:
    """The sheets that count, and who and what they are about."""

    def __init__(self, state: SessionState, rounds: Sequence[Round]) -> None:
        self.state = state
        self.left_out: dict[str, int] = {}
        self.sheets = {this.seq: dict(self._counting(this)) for this in rounds}
        found = {judge for sheets in self.sheets.values() for judge in sheets}
        self.judges = tuple(sorted(found, key=self._place))
        self.alternatives = self._alternatives(rounds)
        self.weights = self._weights()

    def _counting(self, this: Round) -> Iterator[tuple[str, Any]]:
        for judge, sheet in this.sheets.items():
            reason = _reason_to_leave_out(self.state, this, sheet)
            if reason is None:
                yield judge, sheet.event
            else:
                self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def _place(self, judge: str) -> tuple[int, str]:
        guest = self.state.preparation.participants.get(judge)
        group = self.state.meeting.subgroups.get(judge)
        return (guest.invited_at if guest else group.seq if group else -1), judge

    def _alternatives(self, rounds: Sequence[Round]) -> tuple[str, ...]:
        """Return what was judged and stands: what a round named, else every solution there was when it closed."""
        named = {name for this in rounds for name in this.alternatives}
        judged = {name for sheets in self.sheets.values() for event in sheets.values() for name in _judged(event)}
        # Who weighs criteria says nothing of alternatives: such a round names none, and asks of none.
        open_to_all = not all(this.alternatives for this in rounds if this.asks != "criteria weights")
        solutions = self.state.solutions.solutions
        last = max((this.closed or 0 for this in rounds), default=0)
        found = [
            name
            for name in self.state.solutions.standing
            if name in named or name in judged or (open_to_all and solutions[name].seq < last)
        ]
        return (*found, "baseline") if "baseline" in named | judged else tuple(found)

    def _weights(self) -> tuple[int | Decimal, ...]:
        declared = self.state.preparation.options.get("judge weights")
        given: dict[str, int | Decimal] = {}
        if declared is not None and not isinstance(declared.event.weights, Erased):
            given = {weight.judge: weight.weight for weight in declared.event.weights}
        return tuple(given.get(judge, 1) for judge in self.judges)

    def notes(self, selection: Selection) -> tuple[str, ...]:
        said = [f"{count} sheets left out: {reason}" for reason, count in sorted(self.left_out.items())]
        sizes = {len(self.state.meeting.subgroups[judge].members) for judge in self.judges if _is_group(self, judge)}
        if len(sizes) > 1 and "judge weights" not in self.state.preparation.options:
            said.append("subgroups of unequal size count the same: no weights were declared")
        if selection.criterion != OVERALL:
            said.append(f"the order is by {selection.criterion} only")
        return tuple(said)


def _is_group(gathered: _Gathering, judge: str) -> bool:
    return judge in gathered.state.meeting.subgroups


def _reason_to_leave_out(state: SessionState, this: Round, sheet: Sheet) -> str | None:
    content = _content(sheet.event)
    if isinstance(content, Erased) or isinstance(sheet.event.abstains, Erased):
        return "erased"
    if sheet.event.abstains:
        return "abstained"
    if sheet_is_stale(state, this, sheet):
        return "stale, for what they judged has changed since"
    return None


def _content(event: Any) -> Any:
    match event:
        case RankingSubmitted(tiers=tiers):
            return tiers
        case CriteriaWeighed(weights=weights):
            return weights
        case SolutionScored(scores=scores):
            return scores
        case PairCompared(comparisons=comparisons):
            return comparisons
    return None


def _judged(event: Any) -> Iterator[str]:
    match event:
        case RankingSubmitted(tiers=tuple() as tiers):
            yield from (name for tier in tiers for name in tier)
        case SolutionScored(scores=tuple() as scores):
            yield from (name for name, _ in scores)
        case PairCompared(comparisons=tuple() as comparisons):
            for given in comparisons:
                if given.node != "goal":
                    yield from (given.first, given.second)


def _empty(*shape: int) -> Floats:
    import numpy as np

    return np.full(shape, np.nan)


def _rankings(gathered: _Gathering, this: Round, overall: str) -> dict[str, Any]:
    columns = {name: column for column, name in enumerate(gathered.alternatives)}
    ranks = _empty(len(gathered.judges), len(columns))
    sheets = gathered.sheets[this.seq]
    for row, judge in enumerate(gathered.judges):
        rank = 0
        for tier in sheets[judge].tiers if judge in sheets else ():
            standing = [columns[name] for name in tier if name in columns]
            rank += bool(standing)
            for column in standing:
                ranks[row, column] = rank
    return {"rankings": {overall: ranks}}


def _criteria(gathered: _Gathering, named: Iterable[str]) -> tuple[str, ...]:
    criteria = gathered.state.preselection.criteria
    wanted = set(named)
    return tuple(sorted((key for key in criteria if key in wanted), key=lambda key: criteria[key].seq))


def _scored_criteria(gathered: _Gathering) -> tuple[str, ...]:
    events = [event for sheets in gathered.sheets.values() for event in sheets.values()]
    named = {criterion for event in events for criterion in _criteria_in(event)}
    return _criteria(gathered, named)


def _criteria_in(event: Any) -> Iterator[str]:
    if isinstance(event, SolutionScored) and not isinstance(event.scores, Erased):
        yield from (criterion for _, row in pairs(event.scores) for criterion, _ in pairs(row))
    if isinstance(event, CriteriaWeighed) and not isinstance(event.weights, Erased):
        yield from (criterion for criterion, _ in pairs(event.weights))


def _weights(gathered: _Gathering, this: Round, _: str) -> dict[str, Any]:
    criteria = _scored_criteria(gathered)
    weights = _empty(len(gathered.judges), len(criteria))
    sheets = gathered.sheets[this.seq]
    for row, judge in enumerate(gathered.judges):
        if judge in sheets:
            given = dict(pairs(sheets[judge].weights))
            # Who weighed some criteria said of the others that they do not count.
            weights[row] = [float(given.get(criterion, 0)) for criterion in criteria]
    return {"criteria": criteria, "criterion_weights": weights}


def _scores(gathered: _Gathering, this: Round, _: str) -> dict[str, Any]:
    criteria = _scored_criteria(gathered)
    scores = _empty(len(gathered.judges), len(gathered.alternatives), len(criteria))
    sheets = gathered.sheets[this.seq]
    places = {name: place for place, name in enumerate(gathered.alternatives)}
    columns = {name: column for column, name in enumerate(criteria)}
    for row, judge in enumerate(gathered.judges):
        for alternative, given in pairs(sheets[judge].scores) if judge in sheets else ():
            if alternative in places:
                for criterion, score in pairs(given):
                    scores[row, places[alternative], columns[criterion]] = float(score)
    said = gathered.state.preselection.criteria
    return {
        "criteria": criteria,
        "scores": scores,
        "scales": {criterion: _scale(said[criterion].event) for criterion in criteria},
    }


def _scale(said: CriterionSet) -> Scale:
    from afwegen.models import Scale

    worst, best = (0, 1) if said.worst is None or said.best is None else (said.worst, said.best)
    points = tuple((float(point.score), point.percent / 100) for point in said.points)
    return Scale(float(worst), float(best), points)


def _comparisons(gathered: _Gathering, this: Round, _: str) -> dict[str, Any]:
    sheets = gathered.sheets[this.seq]
    given = [one for event in sheets.values() for one in event.comparisons]
    nodes = {one.node for one in given} - {"goal"}
    compared = {name for one in given if one.node == "goal" for name in (one.first, one.second)}
    criteria = _criteria(gathered, nodes | compared)
    matrices: dict[str, Any] = {}
    for node, items in (("goal", criteria), *((criterion, gathered.alternatives) for criterion in criteria)):
        places = {name: place for place, name in enumerate(items)}
        matrix = _empty(len(gathered.judges), len(items), len(items))
        matrix[:, range(len(items)), range(len(items))] = 1
        for row, judge in enumerate(gathered.judges):
            _fill(matrix[row], sheets[judge].comparisons if judge in sheets else (), node, places)
        matrices[node] = matrix
    return {"hierarchy": {"goal": criteria}, "comparisons": matrices}


def _fill(matrix: Floats, comparisons: Iterable[Any], node: str, places: Mapping[str, int]) -> None:
    for given in comparisons:
        if given.node == node and given.first in places and given.second in places:
            row, column = places[given.first], places[given.second]
            matrix[row, column] = given.ratio.numerator / given.ratio.denominator
            matrix[column, row] = given.ratio.denominator / given.ratio.numerator


_PARTS: Final[dict[str, Callable[[_Gathering, Round, str], dict[str, Any]]]] = {
    "ranking": _rankings,
    "criteria weights": _weights,
    "scores": _scores,
    "comparisons": _comparisons,
}


# -- results ----------------------------------------------------------------------------------------------------------


def result(state: SessionState, model: Model, outcome: Outcome, root: bytes, selection: Selection) -> ModelEvaluated:
    """Return the event that records what a model answered, on the first ``state.length`` records."""
    from afwegen.models.registry import origin_of

    groups = state.meeting.subgroups
    judges = outcome.profile.judges
    people = tuple(dict.fromkeys(person for judge in judges for person in _members(groups, judge)))
    origin = origin_of(model)
    return ModelEvaluated(
        result=f"result-{len(state.meeting.results) + 1}",
        model=model.name,
        version=model.version,
        distribution=f"{origin.distribution} {origin.version}" if origin.distribution else "none",
        parameters=dict(model.parameters),
        rounds=selection.rounds,
        criterion=selection.criterion,
        judge_kind=selection.judges,
        upto=state.length,
        root=root.hex(),
        tiers=outcome.ranking,
        judge_count=len(judges),
        judges=tuple(Judge(person=person) for person in people),
        outcome=outcome_text(outcome),
    )


def _members(groups: Any, judge: str) -> tuple[str, ...]:
    group = groups.get(judge)
    # Who was erased before has no part in what a subgroup says now.
    return (judge,) if group is None else tuple(key for key in group.members if not is_erased(key))


def outcome_text(outcome: Outcome) -> str:
    """Return the whole outcome as canonical text: floats spelled out, relation and notes sorted."""
    consensus = outcome.consensus
    whole = {
        "bounds": _spelled_bounds(outcome.bounds),
        "consensus": None
        if consensus is None
        else {
            "by_alternative": _spelled(consensus.by_alternative),
            "by_judge": _spelled(consensus.by_judge),
            "degree": spell_float(consensus.degree),
        },
        "notes": list(outcome.notes),
        "ranking": [list(tier) for tier in outcome.ranking],
        "relation": sorted([above, below] for above, below in outcome.relation),
        "scores": _spelled(outcome.scores),
    }
    return canonical.encode(whole).decode()


def _spelled(numbers: Mapping[str, float | None] | None) -> Any:
    if numbers is None:
        return None
    return sorted([name, None if number is None else spell_float(number)] for name, number in numbers.items())


def _spelled_bounds(bounds: Mapping[str, tuple[float, float]] | None) -> Any:
    if bounds is None:
        return None
    return sorted([name, spell_float(low), spell_float(high)] for name, (low, high) in bounds.items())


# -- counterfactuals --------------------------------------------------------------------------------------------------


def what_if(
    state: SessionState,
    *,
    model: Model,
    without: str | Sequence[str] = (),
    scores: Mapping[tuple[str, str, str], float | Decimal] | None = None,
    instead: Model | None = None,
    **selection: Any,
) -> WhatIf:
    """Return what would be answered if something were otherwise; see ``Session.what_if``."""
    names = (without,) if isinstance(without, str) else tuple(without)
    whole = weighable(state, select(state, **selection))
    left = whole if scores is None else _rescored(state, whole, scores)
    for name in names:
        left = _left_out(state, left, name)
    before, after = model.evaluate(whole), (instead or model).evaluate(left)
    both = set(left.alternatives)
    kept = {(above, below) for above, below in before.relation if above in both and below in both}
    changed = kept != after.relation
    if is_secret(state):
        before, after = released(before, state), released(after, state)
    return WhatIf(before=before, after=after, changed=changed, without=names)


def _rescored(state: SessionState, whole: Profile, scores: Mapping[tuple[str, str, str], float | Decimal]) -> Profile:
    if is_secret(state):
        do = "ask without criteria or alternatives, or with another model"
        raise RuleViolation("in a secret session no what-if changes what one judge said", do, tuple(scores))
    import numpy as np

    whole.require("scores")
    axes = (whole.judges, whole.alternatives, whole.criteria)
    changed = np.array(whole.scores)
    for place, score in scores.items():
        for name, names in zip(place, axes, strict=True):
            if name not in names:
                raise ProfileError("no score has this name", f"choose from {', '.join(names)}", name)
        changed[tuple(names.index(name) for name, names in zip(place, axes, strict=True))] = float(score)
    return attrs.evolve(whole, scores=changed)


def _left_out(state: SessionState, whole: Profile, name: str) -> Profile:
    if is_secret(state):
        # The same answer whoever is named: that somebody judged, or in which subgroup, is not to be found out so.
        return _without_thing(whole, name, refusing="in a secret session a what-if leaves out only these")
    if name in whole.judges:
        return whole.without(name)
    for judge in whole.judges:
        group = state.meeting.subgroups.get(judge)
        if group is not None and name in group.members:
            do = f"leave out the subgroup as a whole: without={judge!r}"
            raise ProfileError(f"{name!r} judged as a member of subgroup {judge!r}", do, name)
    return _without_thing(whole, name)


def _without_thing(whole: Profile, name: str, *, refusing: str = "") -> Profile:
    """Return the profile without a criterion or an alternative."""
    kept = {
        "criteria": whole.criteria or whole.hierarchy.get("goal", ()),
        "alternatives": whole.alternatives,
    }
    for axis, names in kept.items():
        if name in names:
            return whole.only(**{axis: tuple(other for other in names if other != name)})
    if refusing:
        raise RuleViolation(refusing, f"choose from {', '.join((*kept['criteria'], *kept['alternatives']))}", name)
    known = (*whole.judges, *kept["criteria"], *kept["alternatives"])
    raise ProfileError("this is no judge, criterion or alternative", f"choose from {', '.join(known)}", name)
