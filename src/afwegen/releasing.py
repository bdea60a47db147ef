"""
What of a model's answer somebody may see: all of it, or only what its judges come to together.

An answer holds more than an order: how far each judge is from the others, who decides it, what it would be without
one of them. Where judgements are not seen one by one, neither are these: ``released`` takes them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs
from attrs import frozen

from afwegen.errors import RuleViolation
from afwegen.steps.disclosure import is_secret, least_judges

if TYPE_CHECKING:
    from afwegen.models import Comparison, Consensus, Model, Outcome
    from afwegen.steps.state import SessionState

__all__ = ["Withheld", "is_shown_whole", "refuse_few", "released", "released_comparison"]

DIGITS: Final = 2
ALMOST: Final = 0.99
"""What is shown of an agreement that is not whole, and would be rounded to it."""


@frozen(kw_only=True)
class Withheld:
    """
    A model in an answer of which single judges were taken out: it says which it was, and explains nothing.

    Attributes:
        name: As the model's.
        version: As the model's.
        parameters: As the model's.
    """

    name: str
    version: str
    parameters: Mapping[str, str]

    def evaluate(self, profile: object) -> Outcome:
        """Refuse: what the judges said is not here."""
        self._refuse(profile)

    def explain(self, outcome: object, above: str, below: str | None) -> object:  # noqa: ARG002 - as models take them
        """Refuse: an explanation says what each judge added."""
        self._refuse(above)

    def orders_of_judges(self, profile: object) -> Any:
        """Refuse: these are the judgements."""
        self._refuse(profile)

    def undefeated_without(self, profile: object) -> Any:
        """Refuse: the difference would be the judgement."""
        self._refuse(profile)

    def _refuse(self, got: object) -> NoReturn:
        what = "this would show what single judges said, which this session does not"
        raise RuleViolation(what, "show the order, the scores and the consensus", got)


def is_shown_whole(state: SessionState, judges: Iterable[str], viewer: str | None) -> bool:
    """Say whether somebody may see what single judges said: a subgroup's is seen, a participant's where all is open."""
    if is_secret(state):
        return False
    of_subgroups = all(judge in state.meeting.subgroups for judge in judges)
    return of_subgroups or (state.preparation.disclosed == "open" and viewer is not None)


def refuse_few(state: SessionState, judges: tuple[str, ...]) -> None:
    """
    Refuse to show what so few judges come to.

    Raises:
        RuleViolation: It would show what single ones said.
    """
    kind = "subgroups" if judges and all(judge in state.meeting.subgroups for judge in judges) else "participants"
    least = least_judges(state, kind)
    if len(judges) < least:
        what = f"a result of this session is of {least} {kind} or more"
        raise RuleViolation(what, "wait for more judges, or go without a result", len(judges))


def released(outcome: Outcome, state: SessionState, viewer: str | None = None) -> Outcome:
    """
    Return an answer as somebody may see it, for a page, a picture or a file.

    In an open session it is the answer itself, and so where subgroups judged, unless the session is secret. Otherwise
    nothing is left in it that single judges said: their agreement, the diagnostics, the profile with its digest, and
    notes that name them; it explains nothing. In a secret session numbers have two significant digits, and a note
    says where all judges agree, for whoever knows that knows what each of them said.

    Args:
        outcome: What a model answered on a profile of this session.
        state: The operator's view of the session.
        viewer: A person's key; None for the public.

    Raises:
        RuleViolation: So few judged that it would show what single ones said.
    """
    judges = outcome.profile.judges
    if isinstance(outcome.model, Withheld) or is_shown_whole(state, judges, viewer):
        return outcome
    refuse_few(state, judges)
    secret = is_secret(state)
    kept = [note for note in outcome.notes if _is_harmless(note, judges, secret=secret)]
    if secret:
        kept += _said(outcome, least_judges(state))
    return attrs.evolve(
        outcome,
        scores=None if outcome.scores is None else _each(outcome.scores, secret=secret),
        bounds=None if outcome.bounds is None else _pairs(outcome.bounds, secret=secret),
        consensus=None if outcome.consensus is None else _together(outcome.consensus, viewer, secret=secret),
        diagnostics=None,
        notes=tuple(kept),
        # Whoever has a digest of what all judges said can try what they might have said.
        provenance=attrs.evolve(outcome.provenance, digest=""),
        model=_withheld(outcome.model),
        profile=_without_judges(outcome),
    )


def released_comparison(comparison: Comparison, state: SessionState, viewer: str | None = None) -> Comparison:
    """
    Return a comparison of models as somebody may see it; see ``released``.

    Raises:
        RuleViolation: So few judged that it would show what single ones said.
    """
    rows = tuple(
        attrs.evolve(row, outcome=released(row.outcome, state, viewer)) if row.outcome is not None else row
        for row in comparison.rows
    )
    judges = (*state.preparation.participants, *state.meeting.subgroups)
    if not is_shown_whole(state, judges, viewer):
        secret = is_secret(state)
        harmless = [_is_harmless(row.reason, judges, secret=secret) for row in rows]
        told = zip(rows, harmless, strict=True)
        rows = tuple(row if may else attrs.evolve(row, reason=_NOT_SUITED) for row, may in told)
    return attrs.evolve(comparison, rows=rows, assumptions={row.label: row.assumptions for row in rows})


_NOT_SUITED: Final = "what the judges said is not what it weighs, or not enough of it"
"""In place of a reason that may name who lacks what."""


def _is_harmless(said: str, judges: Iterable[str], *, secret: bool) -> bool:
    """Say whether words name no judge, and in a secret session no number either: of how few something holds."""
    if secret and any(map(str.isdigit, said)) and not said.startswith("ties"):
        return False
    return not any(judge in said for judge in judges)


def _withheld(model: Model) -> Withheld:
    return Withheld(name=model.name, version=model.version, parameters=model.parameters)


def _without_judges(outcome: Outcome) -> Any:
    from afwegen.models import Profile

    return Profile(judges=(), alternatives=outcome.profile.alternatives, criteria=outcome.profile.criteria)


def _together(consensus: Consensus, viewer: str | None, *, secret: bool) -> Consensus:
    own = {} if secret else {name: found for name, found in consensus.by_judge.items() if name == viewer}
    return attrs.evolve(
        consensus,
        degree=_short(consensus.degree, secret=secret),
        by_pair={pair: _shorter(degree, secret=secret) for pair, degree in consensus.by_pair.items()},
        by_alternative={name: _shorter(degree, secret=secret) for name, degree in consensus.by_alternative.items()},
        by_judge=own,
        kendall_w=_shorter(consensus.kendall_w, secret=secret),
    )


def _short(number: float, *, secret: bool) -> float:
    """Return a number in two significant digits where the session is secret; what is not whole does not become so."""
    if not secret:
        return number
    rounded = float(f"{number:.{DIGITS}g}")
    return ALMOST if rounded == 1 > number else rounded


def _shorter(number: float | None, *, secret: bool) -> float | None:
    return None if number is None else _short(number, secret=secret)


def _each(numbers: Mapping[str, float], *, secret: bool) -> dict[str, float]:
    return {name: _short(number, secret=secret) for name, number in numbers.items()}


def _pairs(bounds: Mapping[str, tuple[float, float]], *, secret: bool) -> dict[str, tuple[float, float]]:
    return {name: (_short(low, secret=secret), _short(high, secret=secret)) for name, (low, high) in bounds.items()}


def _said(outcome: Outcome, least: int) -> Iterable[str]:
    """Say what was taken out, and what still tells what each judge said."""
    yield f"secret: of {least} judges or more together, in two digits, without single judges"
    degrees = {} if outcome.consensus is None else outcome.consensus.by_pair
    for above, below in (pair for pair, degree in degrees.items() if degree == 1):
        yield f"all judges agree on {above} and {below}: whoever reads this knows what each of them said of these"
