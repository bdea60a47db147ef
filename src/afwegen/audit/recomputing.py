"""Level 6: a recorded result is recomputed from what it rested on, and compared: names exactly, floats closely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isclose
from typing import TYPE_CHECKING, Any, Final, NoReturn

from afwegen import weighing
from afwegen.errors import NOTHING, CodecError, IntegrityError, ModelError, ProfileError
from afwegen.events import ModelEvaluated, SubjectErased, TextRedacted
from afwegen.events.declaration import Erased, event_type, pairs
from afwegen.log import canonical
from afwegen.log.spelling import read_float

if TYPE_CHECKING:
    from afwegen.models import Model
    from afwegen.steps.state import SessionState

__all__ = ["recompute"]

RELATIVE: Final = 1e-9
ABSOLUTE: Final = 1e-12
"""Around zero a relative difference means nothing: there, floats may differ by this much."""
NUMBERS: Final = frozenset({"bounds", "consensus", "scores"})
"""The parts of an outcome that hold floats."""


def recompute(event: ModelEvaluated, state: SessionState, root: bytes) -> str:
    """
    Recompute a result and compare it with what was recorded.

    Args:
        event: The recorded result.
        state: The state after the first ``event.upto`` records.
        root: The root over them.

    Returns:
        Why it could not be judged; empty where it could, and is the same.

    Raises:
        IntegrityError: It could be judged, and is another.
    """
    if root.hex() != event.root:
        _differ(event, "the root it rests on", event.root)
    if closed := _closed(state, event):
        return closed
    model = _model(event)
    if isinstance(model, str):
        return model
    _compare(event, state, model)
    return ""


def _compare(event: ModelEvaluated, state: SessionState, model: Model) -> None:
    selection = weighing.Selection(rounds=event.rounds, criterion=event.criterion, judges=event.judge_kind)
    try:
        outcome = model.evaluate(weighing.selected_profile(state, selection))
    except (ProfileError, ModelError):
        # Why not may name a judge, and a finding is read by whoever verifies.
        _differ(event, "the model cannot be applied to what it names: its result", event.result)
    again = weighing.result(state, model, outcome, bytes.fromhex(event.root), selection)
    for name in ("tiers", "judge_count", "judges"):
        if getattr(again, name) != getattr(event, name):
            _differ(event, f"its {name}", NOTHING if name == "judges" else getattr(event, name))
    recorded, recomputed = _parts(event.outcome), _parts(again.outcome)
    if recorded.keys() != recomputed.keys():
        _differ(event, "the parts of its outcome", sorted(recorded))
    for name in sorted(recorded):
        if not _same(recorded[name], recomputed[name], loosely=name in NUMBERS):
            _differ(event, f"its {name}", NOTHING)


def _parts(outcome: object) -> dict[str, Any]:
    try:
        parts = canonical.decode(str(outcome).encode())
    except CodecError:
        parts = None
    return parts if isinstance(parts, dict) else {}


def _differ(event: ModelEvaluated, what: str, got: object) -> NoReturn:
    raise IntegrityError(f"{event.result} of {event.model}: {what} is not what comes out now", got=got)


def _closed(state: SessionState, event: ModelEvaluated) -> str:
    """Say what of the input, or of the recorded outcome, is gone."""
    weights = state.preparation.options.get("judge weights")
    rounds = [state.meeting.rounds[key] for key in event.rounds if key in state.meeting.rounds]
    # What was erased before it was weighed had no part in it, and has none now.
    before = _erased_before(state)
    sheets = [sheet for this in rounds for sheet in this.sheets.values() if sheet.seq not in before]
    gone = sum(_is_closed(sheet.event) for sheet in sheets)
    weighted = weights is not None and weights.seq not in before and _is_closed(weights.event)
    closed = [
        *(["the recorded outcome"] if isinstance(event.outcome, Erased) else []),
        *(["the judges' weights"] if weighted else []),
        *([f"{gone} of the sheets"] if gone else []),
    ]
    return f"of {event.result} {' and '.join(closed)} are closed" if closed else ""


def _erased_before(state: SessionState) -> frozenset[int]:
    events = [said.event for said in state.meeting.erasures]
    people = {seq for event in events if isinstance(event, SubjectErased) for seq in event.entries}
    return frozenset(people | {event.entry for event in events if isinstance(event, TextRedacted)})


def _is_closed(event: Any) -> bool:
    return any(isinstance(getattr(event, field.name), Erased) for field in event_type(event).personal)


def _model(event: ModelEvaluated) -> Model | str:
    """Make the model again from what was recorded; say why where that cannot be done."""
    from afwegen.models import registry

    recorded = dict(pairs(event.parameters))
    try:
        model = _made(registry.make, event.model, recorded)
    except ModelError as error:
        return f"the model of {event.result} cannot be made here: {error}"
    if model.version != event.version:
        return f"{event.result} is by version {event.version} of {event.model}; here is version {model.version}"
    if dict(model.parameters) != recorded:
        return f"{event.model} cannot be made again from the parameters of {event.result}"
    return model


def _made(make: Callable[..., Model], name: str, parameters: Mapping[str, str]) -> Model:
    try:
        return make(name, **parameters)
    except ModelError:
        # A parameter that is None is recorded as the word.
        return make(name, **{key: None if value == "none" else value for key, value in parameters.items()})


def _same(recorded: Any, recomputed: Any, *, loosely: bool) -> bool:
    """Say whether two parts of outcomes are the same; floats, which are spelled as strings, within the tolerance."""
    if recorded == recomputed:
        return True
    match recorded, recomputed:
        case dict(), dict():
            return recorded.keys() == recomputed.keys() and all(
                _same(recorded[key], recomputed[key], loosely=loosely) for key in recorded
            )
        case list(), list():
            return len(recorded) == len(recomputed) and all(
                _same(one, other, loosely=loosely) for one, other in zip(recorded, recomputed, strict=True)
            )
        case str(), str() if loosely:
            return _close(recorded, recomputed)
    return False


def _close(recorded: str, recomputed: str) -> bool:
    try:
        one, other = read_float(recorded), read_float(recomputed)
    except CodecError:
        return False
    return isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
