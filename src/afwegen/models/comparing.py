"""Several models on one profile, side by side: who wins under which, how far they agree, what each assumed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import sqrt

from attrs import field, frozen

from afwegen.errors import ModelError, ProfileError
from afwegen.models.contract import Model
from afwegen.models.frames import Backend, native
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Outcome, Relation
from afwegen.models.profile import Derivation, Profile

__all__ = ["Agreement", "Comparison", "Row", "compare", "tau_b", "top_three"]


@frozen(kw_only=True)
class Row:
    """
    What one model makes of the profile.

    Attributes:
        label: The model's name, with the parameters that tell it from another of that name.
        model: The model.
        outcome: None where the model cannot be applied.
        reason: Why it cannot; empty where it can.
    """

    label: str
    model: Model
    outcome: Outcome | None = None
    reason: str = ""

    @property
    def verdict(self) -> str:
        """The ranking in one line, or why there is none."""
        if self.outcome is None:
            return f"not applicable, because {self.reason}"
        return " > ".join(" = ".join(tier) for tier in self.outcome.ranking) or "nothing to rank"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The parameters, then what the outcome notes."""
        given = tuple(f"{name} = {value}" for name, value in self.model.parameters.items())
        return given if self.outcome is None else (*given, *self.outcome.notes)


@frozen(kw_only=True)
class Agreement:
    """
    How far two models agree.

    Attributes:
        left: The label of one.
        right: The label of the other.
        tau_b: Kendall's tau-b between their relations, a pair that is not in the relation counting as tied; in
            [-1, 1], None where one of them puts nothing above anything.
        same_top: Whether the same alternatives are undefeated.
        top_three: The share, of all alternatives among the first three of either, that are so in both; in [0, 1].
    """

    left: str
    right: str
    tau_b: float | None
    same_top: bool
    top_three: float


def _labels(items: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenMap(items)


@frozen(kw_only=True)
class Comparison:
    """
    Models side by side; the people choose.

    Attributes:
        rows: One a model, in the order given.
        agreement: One a pair of models that could be applied.
        winners: For each alternative that wins somewhere, in the order of the profile, the labels under which it does.
        assumptions: For each label its parameters and notes.
    """

    rows: tuple[Row, ...]
    agreement: tuple[Agreement, ...]
    winners: Mapping[str, tuple[str, ...]] = field(converter=_labels)
    assumptions: Mapping[str, tuple[str, ...]] = field(converter=_labels)

    def __str__(self) -> str:
        width = max((len(row.label) for row in self.rows), default=0)
        return "\n".join(f"{row.label:<{width}}  {row.verdict}" for row in self.rows)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: orders side by side."""
        from afwegen.models.notebook import comparison_card

        return comparison_card(self)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def frame(self, backend: Backend = "pandas") -> object:
        """
        Return a long table: one row a model and alternative, with its tier (from 1) and its score where there is one.

        A model that could not be applied has one row without an alternative, and the reason.

        Raises:
            MissingExtra: narwhals or the backend is not installed.
        """
        return native(tuple(line for row in self.rows for line in _lines(row)), backend, columns=_COLUMNS)


_COLUMNS = ("model", "alternative", "tier", "score", "low", "high", "reason")


def _lines(row: Row) -> Iterator[tuple[object, ...]]:
    if row.outcome is None:
        yield (row.label, None, None, None, None, None, row.reason)
        return
    scores, bounds = row.outcome.scores or {}, row.outcome.bounds or {}
    for tier, names in enumerate(row.outcome.ranking, start=1):
        for name in names:
            yield (row.label, name, tier, scores.get(name), *bounds.get(name, (None, None)), None)


def compare(profile: Profile, models: Iterable[Model | str], derive: Derivation | None = None) -> Comparison:
    """
    Evaluate every model on the same profile and say where they agree.

    A model that lacks a kind of judgement does not stop the others: its row says why it cannot be applied.

    Args:
        profile: What the judges said.
        models: Models, or names of models with their default parameters.
        derive: The rule by which a model that lacks scores may have them made of rankings; by default none.

    Returns:
        Rows in the order of *models*; the same for the same arguments, always.

    Raises:
        ModelError: A name or the rule is unknown, or the same model is given twice.
    """
    from afwegen.models import registry

    if derive not in (None, "borda", "approval-share"):
        raise ModelError("an unknown rule of derivation", do='choose "borda" or "approval-share"', got=derive)
    values = [registry.make(model) if isinstance(model, str) else model for model in models]
    rows = tuple(_row(label, model, profile, derive) for label, model in zip(_told_apart(values), values, strict=True))
    applied = [row for row in rows if row.outcome is not None]
    return Comparison(
        rows=rows,
        agreement=tuple(_agreement(left, right) for left, right in combinations(applied, 2)),
        winners=_winners(profile.alternatives, applied),
        assumptions={row.label: row.assumptions for row in rows},
    )


def _row(label: str, model: Model, profile: Profile, derive: Derivation | None) -> Row:
    try:
        return Row(label=label, model=model, outcome=_outcome(model, profile, derive))
    except (ProfileError, ModelError) as error:
        return Row(label=label, model=model, reason=str(error))


def _outcome(model: Model, profile: Profile, derive: Derivation | None) -> Outcome:
    try:
        return model.evaluate(profile)
    except ProfileError:
        # Only a model that asked for scores in vain is helped, and only by the rule the caller named.
        if derive is None or profile.scores is not None:
            raise
    return model.evaluate(profile.derived(derive))


def _told_apart(models: Sequence[Model]) -> tuple[str, ...]:
    labels = []
    times = Counter(model.name for model in models)
    for model in models:
        namesakes = [other.parameters for other in models if other.name == model.name]
        telling = [
            f"{name}={value}"
            for name, value in model.parameters.items()
            if any(other.get(name) != value for other in namesakes)
        ]
        labels.append(model.name if times[model.name] == 1 else f"{model.name} ({', '.join(telling)})")
    if doubled := tuple(label for label, number in Counter(labels).items() if number > 1):
        raise ModelError("the same model twice", do="give each once", got=doubled)
    return tuple(labels)


def _winners(alternatives: Sequence[str], rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    winners = {
        name: tuple(row.label for row in rows if row.outcome and name in row.outcome.winners) for name in alternatives
    }
    return {name: labels for name, labels in winners.items() if labels}


def _agreement(left: Row, right: Row) -> Agreement:
    one, other = _applied(left), _applied(right)
    names = one.profile.alternatives
    firsts, seconds = top_three(names, one.relation), top_three(names, other.relation)
    return Agreement(
        left=left.label,
        right=right.label,
        tau_b=tau_b(one.relation, other.relation),
        same_top=set(one.winners) == set(other.winners),
        top_three=len(firsts & seconds) / len(firsts | seconds) if names else 1.0,
    )


def _applied(row: Row) -> Outcome:
    if row.outcome is None:
        raise ModelError("a row without an outcome agrees with nothing", do="leave it out", got=row.label)
    return row.outcome


def tau_b(left: Relation, right: Relation) -> float | None:
    r"""
    Kendall's tau-b between two relations; a pair in neither direction counts as tied.

    :math:`\tau_b = (C - D) / \sqrt{P_1 P_2}` with C and D the pairs on which they agree and contradict each other, and
    P the pairs each of them decides.

    >>> tau_b(frozenset({("a", "b")}), frozenset({("b", "a")}))
    -1.0

    Returns:
        In [-1, 1]; None where one of them decides nothing.

    References:
        Kendall (1945), Biometrika 33(3), "The treatment of ties in ranking problems".
    """
    if not left or not right:
        return None
    agreed = len(left & right)
    contradicted = len({(below, above) for above, below in left} & right)
    return (agreed - contradicted) / sqrt(len(left) * len(right))


def top_three(alternatives: Sequence[str], relation: Relation) -> frozenset[str]:
    """
    Return the alternatives with fewer than three above them: at least three, more when tied.

    >>> sorted(top_three("abcd", frozenset({("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d")})))
    ['a', 'b', 'c']
    """
    above = Counter(below for _, below in relation)
    return frozenset(name for name in alternatives if above[name] < 3)
