"""Tidy long tables for pandas, polars and pyarrow, through narwhals (the extra ``frames``)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from afwegen.errors import MissingExtra, ModelError

if TYPE_CHECKING:
    from afwegen.models.checks import FloatArray
    from afwegen.models.outcome import Outcome
    from afwegen.models.profile import Profile

__all__ = ["Backend", "native", "outcome_frame", "profile_frame"]

Backend = Literal["pandas", "polars", "pyarrow"]
"""The libraries a table can be made for."""

Line = tuple[object, ...]


def native(lines: Sequence[Line], backend: Backend, *, columns: Sequence[str]) -> object:
    """
    Return *lines* as a table of the backend.

    Args:
        lines: One tuple a row, as long as *columns*; None = nothing there.
        backend: ``"pandas"``, ``"polars"`` or ``"pyarrow"``.
        columns: Their names.

    Raises:
        MissingExtra: narwhals or the backend is not installed.
        ModelError: The backend is none of the three.
    """
    if backend not in get_args(Backend):
        raise ModelError("an unknown kind of table", do='choose "pandas", "polars" or "pyarrow"', got=backend)
    try:
        import narwhals.stable.v2 as nw
    except ImportError as error:
        raise MissingExtra("narwhals", "frames") from error
    data = {name: [line[place] for line in lines] for place, name in enumerate(columns)}
    try:
        table: object = nw.from_dict(data, backend=backend).to_native()
    except ModuleNotFoundError as error:
        raise MissingExtra(backend, "frames") from error
    return table


def outcome_frame(outcome: "Outcome", backend: Backend = "pandas") -> object:
    """Return one row an alternative: tier from 1, score, bounds, consensus."""
    scores, bounds = outcome.scores or {}, outcome.bounds or {}
    agreed = outcome.consensus.by_alternative if outcome.consensus else {}
    lines = tuple(
        (name, tier, scores.get(name), *bounds.get(name, (None, None)), agreed.get(name))
        for tier, names in enumerate(outcome.ranking, start=1)
        for name in names
    )
    return native(lines, backend, columns=("alternative", "tier", "score", "low", "high", "consensus"))


def profile_frame(profile: "Profile", backend: Backend = "pandas") -> object:
    """
    Return one row a judgement that was given.

    Columns: ``kind`` (score, criterion weight, rank, comparison, priority), ``judge``, ``under`` (the criterion or the
    node), ``item`` (an alternative, a criterion or a node), ``over`` (the other item of a comparison) and ``value``.
    """
    columns = ("kind", "judge", "under", "item", "over", "value")
    return native(tuple(_judgements(profile)), backend, columns=columns)


def _judgements(profile: "Profile") -> Iterator[Line]:
    if profile.scores is not None:
        for place, criterion in enumerate(profile.criteria):
            yield from _cells("score", profile, criterion, profile.alternatives, profile.scores[..., place])
    if profile.criterion_weights is not None:
        rows = np.broadcast_to(profile.criterion_weights, (len(profile.judges), len(profile.criteria)))
        yield from _cells("criterion weight", profile, None, profile.criteria, rows)
    for name, ranks in profile.rankings.items():
        yield from _cells("rank", profile, name, profile.alternatives, ranks)
    for node, matrices in profile.comparisons.items():
        yield from _pairs(profile, node, matrices)
    for node, shares in profile.priorities.items():
        yield from _cells("priority", profile, node, profile.items(node), shares)


def _cells(
    kind: str, profile: "Profile", under: str | None, items: Sequence[str], values: "FloatArray"
) -> Iterator[Line]:
    for judge, row in zip(profile.judges, values.tolist(), strict=True):
        for item, value in zip(items, row, strict=True):
            if value == value:  # noqa: PLR0124  # NaN was not given, and is the only value unequal to itself
                yield (kind, judge, under, item, None, value)


def _pairs(profile: "Profile", node: str, matrices: "FloatArray") -> Iterator[Line]:
    items = profile.items(node)
    for judge, row, column in np.argwhere(~np.isnan(matrices)).tolist():
        if row != column:
            value = float(matrices[judge, row, column])
            yield ("comparison", profile.judges[judge], node, items[row], items[column], value)
