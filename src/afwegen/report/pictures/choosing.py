"""Which pictures there are of a session, and what each is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, frozen

from afwegen import weighing
from afwegen.errors import ModelError, ProfileError, RuleViolation
from afwegen.events.declaration import pairs
from afwegen.report.language import Language
from afwegen.report.language import language as spoken
from afwegen.report.pictures.agreement import MOST_JUDGES, agreement, alike
from afwegen.report.pictures.bump import MOST_COLUMNS, Orders, bump
from afwegen.report.pictures.contributions import MOST_CRITERIA, Contributions, contributions
from afwegen.report.pictures.costs import costs
from afwegen.report.pictures.counts import Counted, counts
from afwegen.report.pictures.estimating import estimates
from afwegen.report.pictures.graph import Graph, fits, graph, pairs_of
from afwegen.report.pictures.keys import Keys, keys
from afwegen.report.pictures.picture import Picture
from afwegen.report.pictures.timeline import timeline
from afwegen.report.pictures.timing import moves, times
from afwegen.report.pictures.weights import Sensitivity, leaders, weights
from afwegen.report.pictures.words import model_name, plain

if TYPE_CHECKING:
    from afwegen.events import ModelEvaluated
    from afwegen.models import Outcome, Profile
    from afwegen.session import Session
    from afwegen.steps.state import SessionState
    from afwegen.steps.things import Said

__all__ = ["drawn", "pictures"]

Kind = Literal["subgroups", "participants"]
Places = tuple[tuple[str, tuple[int | None, ...]], ...]
MOST_ALTERNATIVES = 12
"""Beyond this many alternatives, lines and arcs are no help to anybody; counts are."""


def pictures(session: Session, *, viewer: str | None = None, language: str = "nl") -> tuple[Picture, ...]:
    """
    Return the pictures of a session that somebody may see: none of what was not done, or is not theirs to see.

    Args:
        session: The session, as of its last read.
        viewer: A person's key; None for the public.
        language: ``nl`` or ``en``.

    Raises:
        RuleViolation: The session does not know this person.
        AfwegenError: The language is not spoken here.
        MissingExtra: Babel is not installed.

    >>> from afwegen.demo import complex_a
    >>> [picture.name for picture in pictures(complex_a(), language="en")][:2]
    ['picture-time', 'picture-costs']
    """
    return drawn(session.state, session.seen_by(viewer), spoken(language))


def drawn(state: SessionState, seen: SessionState, say: Language) -> tuple[Picture, ...]:
    """
    Return the pictures of a state.

    Who judged what is drawn only where every judgement of its kind is open to the viewer; totals are drawn of as many
    judges as the session promised to show together, or more.

    Args:
        state: The operator's view: what totals are made of.
        seen: The same state as the viewer sees it: what titles, names and single judgements are taken from.
        say: The language.
    """
    if not seen.length:
        return ()
    view = _View(state, seen, say, _keys(seen, say))
    return (*_of_the_group(view), *_of_models(view))


@frozen
class _View:
    """What pictures are drawn from."""

    state: SessionState
    seen: SessionState
    say: Language
    keys: Keys


def _keys(seen: SessionState, say: Language) -> Keys:
    solutions = sorted(seen.solutions.solutions.items(), key=lambda item: item[1].seq)
    titles = [(key, plain(solution.title, say)) for key, solution in solutions]
    return keys([*titles, ("baseline", say.text("if we do nothing extra"))])


def _of_the_group(view: _View) -> Iterator[Picture]:
    """Draw what the group itself did and said."""
    say = view.say
    if (spent := times(view.seen, say)) is not None:
        yield evolve(timeline("picture-time", say.text("The steps in time"), spent, say), records=moves(view.seen))
    found, owners, records = estimates(view.seen, say)
    if sum(each.cost is not None and bool(each.powers) for each in found) > 1:
        title = say.text("What it takes away, and what it costs more")
        yield evolve(costs("picture-costs", title, found, view.keys, owners, say), records=records)
    yield from _orders(view, "subgroups", say.text("How the subgroups laid the cards"))
    yield from _orders(view, "participants", say.text("In which order the participants put them"))


# -- orders -----------------------------------------------------------------------------------------------------------


def _orders(view: _View, kind: Kind, title: str) -> Iterator[Picture]:
    """Draw each order where that may be seen and is few; else how often each place was given; and the agreement."""
    whole = _ranked(view.state, kind)
    if whole is None:
        return
    records = _rounds(view.state, kind)
    say, single = view.say, _ranked(view.seen, kind)
    open_to_viewer = single is not None and len(single.judges) == len(whole.judges)
    if single is not None and open_to_viewer and len(single.judges) <= MOST_COLUMNS:
        orders = Orders(who=kind, columns=_called(view, single.judges), places=_places(single))
        if len(single.alternatives) <= MOST_ALTERNATIVES:
            yield evolve(bump(f"picture-orders-{kind}", title, orders, view.keys, say), records=records)
    elif open_to_viewer or _enough(view.state, whole):
        many = say.text("How often each place was given")
        yield evolve(counts(f"picture-places-{kind}", many, _counted(whole, kind), view.keys, say), records=records)
    if single is not None and open_to_viewer and 2 < len(single.judges) <= MOST_JUDGES and len(single.alternatives) > 1:
        rows = [[row[place] for _, row in _places(single)] for place in range(len(single.judges))]
        found = alike(kind, _called(view, single.judges), rows)
        said = say.text("How far every two agree")
        yield evolve(agreement(f"picture-agreement-{kind}", said, found, say), records=records)


def _ranked(state: SessionState, kind: Kind) -> Profile | None:
    """Return the orders of the last closed round, of those judges who gave one."""
    try:
        found = weighing.profile(state, judges=kind)
    except (ProfileError, RuleViolation):
        return None
    if "overall" not in found.rankings:
        return None
    ranks = found.rankings["overall"]
    said = [judge for judge, row in zip(found.judges, ranks.tolist(), strict=True) if not all(map(isnan, row))]
    return found.only(judges=said) if said else None


def _rounds(state: SessionState, kind: Kind) -> tuple[int, ...]:
    chosen = weighing.select(state, judges=kind)
    found = (state.meeting.rounds[key] for key in chosen.rounds)
    return tuple(sorted(seq for this in found if this.asks == "ranking" for seq in (this.seq, this.closed) if seq))


def _enough(state: SessionState, found: Profile) -> bool:
    """Say whether so many judged that a total tells of nobody."""
    said = state.preparation.disclosure
    least = state.preparation.settings.minimum_judges if said is None else said.event.minimum_judges
    return int(found.counts.sum()) >= least


def _places(found: Profile) -> Places:
    columns = found.rankings["overall"].T.tolist()
    return tuple(
        (name, tuple(None if isnan(rank) else int(rank) for rank in column))
        for name, column in zip(found.alternatives, columns, strict=True)
    )


def _called(view: _View, judges: Sequence[str]) -> tuple[str, ...]:
    """Return what judges are called: a subgroup by its id, a person by name where that may be seen."""
    say, people = view.say, view.seen.preparation.participants
    called = []
    for place, judge in enumerate(judges, start=1):
        guest = people.get(judge)
        known = judge if guest is None else guest.name
        called.append(known if isinstance(known, str) else say.text("participant {n}", n=place))
    return tuple(called)


def _counted(found: Profile, kind: Kind) -> Counted:
    places = _places(found)
    counts_of = found.counts.tolist()
    depth = max((place for _, row in places for place in row if place is not None), default=0)
    times = []
    for name, row in places:
        often = [0] * depth
        for place, many in zip(row, counts_of, strict=True):
            if place is not None:
                often[place - 1] += many
        times.append((name, tuple(often)))
    return Counted(who=kind, many=sum(counts_of), times=tuple(times))


# -- models -----------------------------------------------------------------------------------------------------------


def _of_models(view: _View) -> Iterator[Picture]:
    """Draw what the models that were asked made of it: the last result of each."""
    results = sorted((said for said in view.state.meeting.results.values() if said.status == "standing"), key=_seq)
    last = {said.event.model: said for said in results}
    yield from _side_by_side(view, [*last.values()])
    for model, draw in (("weighted-sum", _of_sum), ("consensus-graph", _of_graph)):
        said = last.get(model)
        outcome = None if said is None else _again(view.state, said.event)
        if said is not None and outcome is not None:
            yield from (evolve(picture, records=(said.seq,)) for picture in draw(view, outcome))


def _seq(said: Said[ModelEvaluated]) -> int:
    return said.seq


def _side_by_side(view: _View, results: Sequence[Said[ModelEvaluated]]) -> Iterator[Picture]:
    """Draw the orders of several models that weighed the same."""
    say = view.say
    if not results:
        return
    basis = (results[-1].event.rounds, results[-1].event.criterion, results[-1].event.judge_kind)
    same = [said for said in results if (said.event.rounds, said.event.criterion, said.event.judge_kind) == basis]
    names = [name for tier in same[-1].event.tiers for name in tier]
    alike_in_names = all({name for tier in said.event.tiers for name in tier} == set(names) for said in same)
    known = alike_in_names and all(name in view.keys for name in names)
    if not known or not 1 < len(same) <= MOST_COLUMNS or not 1 < len(names) <= MOST_ALTERNATIVES:
        return
    tables = [{name: place for place, tier in enumerate(said.event.tiers, start=1) for name in tier} for said in same]
    orders = Orders(
        who="models",
        columns=tuple(model_name(said.event.model, say) for said in same),
        places=tuple((name, tuple(table[name] for table in tables)) for name in sorted(names, key=_place(view.keys))),
    )
    title = say.text("The order according to each aid")
    picture = bump("picture-orders-models", title, orders, view.keys, say, aid=True)
    yield evolve(picture, records=tuple(said.seq for said in same))


def _place(known: Keys) -> Any:
    order = {name: place for place, name in enumerate(known)}
    return order.__getitem__


def _again(state: SessionState, event: ModelEvaluated) -> Outcome | None:
    """Return the outcome of a recorded result once more; None where it cannot be had, or is another by now."""
    chosen = weighing.Selection(rounds=event.rounds, criterion=event.criterion, judges=event.judge_kind)
    try:
        model = _model(event)
        found = weighing.weighable(state, chosen)
        if state.preparation.disclosed != "open" and event.judge_kind == "participants" and not _enough(state, found):
            return None
        outcome: Outcome = model.evaluate(found)
    except (ProfileError, ModelError, RuleViolation):
        return None
    return outcome if outcome.ranking == event.tiers and len(found.judges) == event.judge_count else None


def _model(event: ModelEvaluated) -> Any:
    from afwegen.models import registry

    recorded = dict(pairs(event.parameters))
    try:
        return registry.make(event.model, **recorded)
    except ModelError:
        # A parameter that is None is recorded as the word.
        return registry.make(event.model, **{key: None if said == "none" else said for key, said in recorded.items()})


def _of_sum(view: _View, outcome: Outcome) -> Iterator[Picture]:
    say = view.say
    titles = _criteria(view, outcome.profile.criteria)
    few = len(outcome.profile.alternatives) <= MOST_ALTERNATIVES
    if outcome.scores is None or not titles or len(titles) > MOST_CRITERIA or not few:
        return
    parts = tuple(
        (name, tuple(_explained(outcome, name)[key] for key in titles)) for tier in outcome.ranking for name in tier
    )
    whole = None if outcome.provenance.parameters.get("normalisation") == "vector" else 1.0
    given = Contributions(criteria=tuple(titles.values()), parts=parts, whole=whole)
    title = say.text("What each criterion adds")
    yield contributions("picture-contributions", title, given, view.keys, say)
    if len(titles) > 1 and (found := _sensitivity(outcome, titles)):
        yield weights("picture-weights", say.text("If a criterion weighed more or less"), found, view.keys, say)


def _explained(outcome: Outcome, name: str) -> Mapping[str, float]:
    parts: Mapping[str, float] = outcome.why(name).by_criterion  # type: ignore[attr-defined]  # of a weighted sum
    return parts


def _criteria(view: _View, criteria: Sequence[str]) -> dict[str, str]:
    said = view.seen.preselection.criteria
    return {key: plain(said[key].event.title, view.say) if key in said else key for key in criteria}


def _sensitivity(outcome: Outcome, titles: Mapping[str, str]) -> tuple[Sensitivity, ...]:
    """Return who is first along the way of every weight, exactly; nothing where scores are missing."""
    import numpy as np

    from afwegen.models import robustness, weight_changes

    try:
        table = robustness.linear(outcome)
    except ModelError:
        return ()
    now, found = weight_changes.mean_weights(table), []
    for place, title in enumerate(titles.values()):
        only = weight_changes.all_on(table, place)
        rest = np.where(only == 1, 0, table.units)
        # Who gives this criterion everything has nothing to keep in proportion: the others are then taken as equal.
        none = np.where((rest == 0).all(axis=1, keepdims=True), 1 - only, rest)
        ends = (table.group(none), table.group(), table.group(only))
        stretches = leaders(outcome.profile.alternatives, ends, Fraction(now[place]))
        found.append(Sensitivity(criterion=title, weight=Fraction(now[place]), stretches=stretches))
    return tuple(found)


def _of_graph(view: _View, outcome: Outcome) -> Iterator[Picture]:
    say = view.say
    said: Any = outcome.diagnostics
    names = tuple(name for tier in outcome.ranking for name in tier)
    if not 1 < len(names) <= MOST_ALTERNATIVES:
        return
    places = [said.alternatives.index(name) for name in names]
    above = said.above.tolist()
    given = Graph(
        many=int(outcome.profile.counts.sum()),
        tiers=outcome.ranking,
        above=tuple(tuple(above[a][b] for b in places) for a in places),
    )
    draw = graph if fits(given, say) else pairs_of
    yield draw("picture-graph", say.text("What is put above what"), given, view.keys, say)
