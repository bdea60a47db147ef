"""The kernels: priorities of comparison matrices, and a group's matrices made into one."""

from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from attrs import cmp_using, field, frozen

from afwegen.errors import ModelError, ProfileError
from afwegen.models.ahp import completing, indices
from afwegen.models.ahp.matrices import Bools, Floats, logarithms, refuse_disconnected, row_sums
from afwegen.models.ahp.perron import Principal, principal

__all__ = [
    "COMPLETIONS",
    "METHODS",
    "Priorities",
    "aggregate",
    "chosen",
    "derive",
    "normalised",
    "pooled",
    "priorities",
]

Method = Literal["geometric-mean", "eigenvector"]
Completion = Literal["log-least-squares", "harker", "least-lambda"]

METHODS: Final[tuple[Method, ...]] = ("geometric-mean", "eigenvector")
COMPLETIONS: Final[tuple[Completion, ...]] = ("log-least-squares", "harker", "least-lambda")


_SAME = cmp_using(eq=np.array_equal, class_name="Array")


@frozen(kw_only=True)
class Priorities:
    """
    Priorities and how consistent the judgements behind them are, for a batch of matrices.

    The consistency measures are computed when first asked for.

    Attributes:
        weights: Shape ``(..., k)``, positive, sum 1.
        random_index: The name of the table behind `cr`.
        potentials: Shape ``(..., k)``, logarithms of the least-squares priorities, up to a constant.
        logs: Shape ``(..., k, k)``, logarithms of the completed judgements.
        shares: Shape ``(..., k, k)``, how much each judgement weighs, 0 for a pair not compared; None where all weigh
            the same.
        found: The principal eigenpair, where it was needed for the weights.
    """

    weights: Floats = field(eq=_SAME, hash=False)
    random_index: str
    potentials: Floats = field(repr=False, eq=_SAME, hash=False)
    logs: Floats = field(repr=False, eq=_SAME, hash=False)
    shares: Floats | None = field(default=None, repr=False, eq=False)
    found: Principal | None = field(default=None, repr=False, eq=False)

    @cached_property
    def _principal(self) -> Principal:
        return principal(self.logs, self.potentials) if self.found is None else self.found

    @cached_property
    def errors(self) -> Floats:
        """Shape ``(..., k, k)``: logarithms of the judgements minus those of the least-squares ratios."""
        return completing.errors_of(self.logs, self.potentials)

    @property
    def size(self) -> int:
        """How many things are compared, k."""
        return int(self.weights.shape[-1])

    @cached_property
    def completed(self) -> Floats:
        """Shape ``(..., k, k)``: the judgements, and in the place of each missing one what the estimator says."""
        return np.exp(self.logs)

    @cached_property
    def lambda_max(self) -> Floats:
        """Shape ``(...)``: principal eigenvalue of the completed matrix, at least k whatever the method."""
        return np.maximum(self._principal.values, float(self.size))

    @cached_property
    def ci(self) -> Floats:
        """Shape ``(...)``: consistency index (lambda_max - k) / (k - 1); 0 up to k = 2."""
        return (self.lambda_max - self.size) / max(self.size - 1, 1)

    @cached_property
    def cr(self) -> Floats | None:
        """Shape ``(...)``: `ci` over the random index; 0 up to k = 2; None above 15, where no table reaches."""
        return indices.ratio(self.ci, self.random_index, self.size)

    @cached_property
    def gci(self) -> Floats:
        r"""
        Shape ``(...)``: geometric consistency index, the residual variance of the logarithms; 0 up to k = 2.

        :math:`\sum_{i<j} \ln^2(a_{ij} w_j / w_i)` over the pairs given, with the row geometric mean (least squares)
        whatever the method, divided by the number of pairs that more than hold the priorities together:
        (k - 1)(k - 2)/2 for a complete matrix; 0 where there is none.

        References:
            Crawford, Williams (1985), Journal of Mathematical Psychology 29; Aguaron, Moreno-Jimenez (2003).
        """
        pairs = self.size * (self.size - 1) // 2
        errors = self.errors if self.shares is None else np.where(self.shares > 0, self.errors, 0.0)
        absent = 0 if self.shares is None else np.sum(self.shares == 0, axis=(-1, -2)) // 2
        spare = pairs - absent - self.size + 1
        return np.where(spare > 0, np.sum(errors**2, axis=(-1, -2)) / 2 / np.maximum(spare, 1), 0.0)

    def at(self, place: int) -> "Priorities":
        """Return the part at *place* of the first axis of the batch; what was computed is not computed again."""
        pair = self._principal
        return Priorities(
            weights=self.weights[place],
            random_index=self.random_index,
            potentials=self.potentials[place],
            logs=self.logs[place],
            shares=None if self.shares is None else self.shares[place],
            found=Principal(values=pair.values[place], vectors=pair.vectors[place], settled=pair.settled[place]),
        )

    @property
    def incomplete(self) -> bool:
        """Whether a matrix of the batch lacks a comparison."""
        return self.shares is not None and not bool(self.shares.all())

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know before quoting the consistency: the end of the tables, missing judgements, LAPACK."""
        if indices.random_index_of(self.random_index, self.size) is None:
            return ("no consistency ratio: the random indices end at 15 things compared", *self.doubts)
        return self.doubts

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """The notes that do not hang on the size."""
        doubts = []
        if self.incomplete:
            doubts.append(
                "the consistency ratio of incomplete matrices uses the index of complete ones: it is too kind"
            )
        if not self._principal.settled.all():
            doubts.append("power iteration did not settle everywhere: LAPACK computed those eigenvalues")
        return tuple(doubts)


def priorities(
    matrices: npt.ArrayLike,
    method: Method = "geometric-mean",
    completion: Completion = "log-least-squares",
    random_index: str = "computed",
    *,
    check: bool = True,
) -> Priorities:
    r"""
    Derive priorities from pairwise comparison matrices.

    A complete matrix goes by *method*: the row geometric mean :math:`w_i \propto (\prod_j a_{ij})^{1/k}`, or the
    principal eigenvector :math:`A w = \lambda_{max} w`. An incomplete one goes by *completion*, which is an estimator
    of its own: least squares of the logarithms, Harker's eigenvector, or the eigenvector of the completion with the
    least :math:`\lambda_{max}`. Neither method preserves the order of preferences in every judgement, nor that of
    their intensity; the eigenvector may rank differently when all judgements are reversed.

    Args:
        matrices: Shape ``(..., k, k)``, positive, reciprocal to 1e-9; NaN for a pair not compared.
        method: ``"geometric-mean"`` or ``"eigenvector"``.
        completion: ``"log-least-squares"``, ``"harker"`` or ``"least-lambda"``.
        random_index: ``"computed"``, ``"saaty-1980"``, ``"saaty-2005"``, ``"alonso-lamata-2006"`` or
            ``"donegan-dodd-1991"``.
        check: False skips the checks of the entries, for matrices known to be right.

    Returns:
        Fresh arrays: ``.weights`` ``(..., k)``; ``.lambda_max``, ``.ci``, ``.cr``, ``.gci`` ``(...)``.

    Raises:
        ProfileError: An entry is unsound, or a comparison graph falls apart; the parts are named.
        ModelError: A parameter has no such value.

    >>> found = priorities([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    >>> [round(float(weight), 4) for weight in found.weights], float(found.cr)
    ([0.5714, 0.2857, 0.1429], 0.0)

    References:
        Crawford, Williams (1985), Journal of Mathematical Psychology 29, 387-405: the geometric mean. Saaty (1980), The
        Analytic Hierarchy Process: the eigenvector, the consistency ratio. Harker (1987), Mathematical Modelling 9,
        353-360. Bozoki, Fulop, Ronyai (2010), Mathematical and Computer Modelling 52, 318-333.
    """
    chosen("method", method, METHODS)
    chosen("completion", completion, COMPLETIONS)
    chosen("random_index", random_index, tuple(indices.RANDOM_INDICES))
    return derive(logarithms(matrices, check=check), method=method, completion=completion, random_index=random_index)


def chosen(parameter: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse a value that is not one of those *allowed*."""
    if value not in allowed:
        raise ModelError(f"{parameter} has no such value", do=f"choose one of {', '.join(allowed)}", got=value)


def derive(
    logs: Floats,
    *,
    method: Method = "geometric-mean",
    completion: Completion = "log-least-squares",
    random_index: str = "computed",
    shares: Floats | None = None,
) -> Priorities:
    """
    Derive priorities from sound logarithms.

    Args:
        logs: Shape ``(..., k, k)``, antisymmetric; NaN where nothing was judged.
        method: For complete matrices.
        completion: For incomplete ones.
        random_index: The table for the consistency ratio.
        shares: Shape ``(..., k, k)``, how much each judgement weighs (a pooled matrix); None for all the same.

    Raises:
        ProfileError: A comparison graph falls apart.
    """
    size = logs.shape[-1]
    potentials = row_sums(logs) / max(size, 1)
    missing = np.isnan(logs) if np.isnan(potentials).any() else None
    if missing is not None:
        refuse_disconnected(~missing)
        shares = (~missing).astype(np.float64) if shares is None else shares
    if shares is not None:
        potentials = completing.least_squares(logs, shares)
    weights, found = normalised(np.exp(potentials)), None
    completed = logs if missing is None else np.where(missing, -completing.errors_of(0.0, potentials), logs)
    if method == "eigenvector" and logs.size:
        found = principal(completed, potentials)
        weights = found.vectors if missing is None else _where_complete(missing, found.vectors, weights)
    if missing is not None and completion != "log-least-squares":
        completed, weights = _estimated(completion, logs, missing, potentials, weights)
        found = None
    return Priorities(
        weights=weights, random_index=random_index, potentials=potentials, logs=completed, shares=shares, found=found
    )


def _where_complete(missing: Bools, complete: Floats, incomplete: Floats) -> Floats:
    lacking: Bools = np.asarray(missing.any(axis=(-1, -2)))
    return np.where(lacking[..., None], incomplete, complete)


def _estimated(
    completion: Completion, logs: Floats, missing: Bools, potentials: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Return logarithms and weights with the incomplete matrices completed and weighed by their estimator."""
    estimator = completing.harker if completion == "harker" else completing.least_lambda
    lacking = missing.any(axis=(-1, -2))
    completed, weighed = np.array(logs), np.array(weights)
    completed[lacking], found = estimator(logs[lacking], missing[lacking], potentials[lacking])
    weighed[lacking] = found.vectors
    return completed, weighed


def normalised(weights: Floats) -> Floats:
    """Return positive numbers over their sum along the last axis."""
    shares: Floats = weights / row_sums(weights)[..., None]
    return shares


def aggregate(matrices: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    r"""
    Make the matrices of several judges into one, judgement by judgement (AIJ).

    The weighted geometric mean is the only mean that keeps reciprocity and equal say:
    :math:`\prod_g a_{ij,g}^{w_g / W}`. Where a judge did not compare a pair, the others decide it.

    Args:
        matrices: Shape ``(..., m, k, k)``, positive, reciprocal to 1e-9; NaN for a pair not compared.
        weights: Shape ``(m,)`` or ``(..., m)``, not negative, not all 0; None for equal say.

    Returns:
        Shape ``(..., k, k)``, fresh; NaN for a pair no judge compared.

    Raises:
        ProfileError: No judges, an unsound entry, or weights that are not weights.

    >>> aggregate([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]]).round(12).tolist()
    [[1.0, 4.0], [0.25, 1.0]]

    References:
        Aczel, Saaty (1983), Journal of Mathematical Psychology 27, 93-102. Forman, Peniwati (1998), European Journal
        of Operational Research 108, 165-169.
    """
    logs = logarithms(matrices)
    if logs.ndim < 3 or not logs.shape[-3]:
        raise ProfileError("judgements are aggregated over judges", do="give shape (..., m, k, k)", got=logs.shape)
    return np.exp(pooled(logs, _as_weights(weights, logs.shape[:-2]))[0])


def _as_weights(weights: npt.ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    if weights is None:
        return np.ones(shape[-1])
    try:
        given = np.asarray(weights, dtype=np.float64)
        np.broadcast_to(given, shape)
    except (TypeError, ValueError) as reason:
        raise ProfileError("a judge has one weight", do=f"give shape {shape[-1:]} or {shape}", got=weights) from reason
    if not (np.isfinite(given) & (given >= 0)).all() or not given.any(axis=-1).all():
        raise ProfileError("weights are not negative and not all 0", do="leave the judge out instead", got=weights)
    return given


def pooled(logs: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """
    Return the weighted mean of logarithms over axis -3, NaN where nobody judged, and how much weight judged each pair.

    Args:
        logs: Shape ``(..., m, k, k)``; NaN where nothing was judged.
        weights: Shape ``(m,)`` or ``(..., m)``.
    """
    given = ~np.isnan(logs)
    shares = weights[..., :, None, None] * given
    total = shares.sum(axis=-3)
    with np.errstate(invalid="ignore"):
        return np.sum(shares * np.where(given, logs, 0.0), axis=-3) / np.where(total > 0, total, np.nan), total
