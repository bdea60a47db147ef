"""
What adds up behind a weighted sum: values, weights and judges, in floats and, where it must be exact, in integers.

Scores are calculated in floats. Only where two come so near that rounding might decide between them are they calculated
again in integers; so ties are exact, whatever the order of judges, criteria and alternatives, and cost little.
"""

from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, get_args

import numpy as np
from attrs import frozen

from afwegen.errors import ModelError, ProfileError
from afwegen.models.exact_values import Ratios, exact_values, summed
from afwegen.models.normalisation import Anchors, Mask, Normalisation, anchors_of, laid_out, values
from afwegen.models.profile import Profile
from afwegen.models.rationals import Floats, Integers, decimals, dense_ranks, multiple, over_one, product, total
from afwegen.models.tallies import in_units

__all__ = ["MISSING", "Additive", "Missing", "Sums"]

Missing = Literal["refuse", "renormalise", "bounds"]
MISSING: Final[tuple[Missing, ...]] = get_args(Missing)

_NEAR: Final = 1e-9
_ROUNDING: Final = 64 * float(np.finfo(np.float64).eps)


@frozen(kw_only=True, eq=False)
class Sums:
    """Exact scores of single judges: numerators ``(m, n)`` over one positive denominator a judge, ``(m,)``."""

    over: Integers
    under: tuple[int, ...]


@frozen(kw_only=True, eq=False, slots=False)
class Additive:
    """
    A profile with scores, ready to be added up.

    Attributes:
        profile: With scores, and weights of criteria from every judge.
        normalisation: How scores become values.
        missing: What to do about scores that were not given.
    """

    profile: Profile
    normalisation: Normalisation
    missing: Missing

    def __attrs_post_init__(self) -> None:
        profile = self.profile
        profile.require("scores")
        profile.require("criterion weights")
        if profile.alternatives and not profile.judges:
            raise ProfileError("nobody judged", do="give at least one judge")
        if self.given is not None:
            self._settle_missing(self.given)

    def _settle_missing(self, given: Mask) -> None:
        if self.missing == "bounds" and self.normalisation != "anchors":
            raise ModelError(
                "bounds need fixed anchors, which say how bad and how good a missing score can be",
                do='choose normalisation="anchors" or missing="renormalise"',
                got=self.normalisation,
            )
        if self.missing == "refuse":
            judge, alternative, criterion = self._named(np.argwhere(~given)[0].tolist())
            raise ProfileError(
                f"{judge!r} did not score {alternative!r} on {criterion!r}; {int((~given).sum())} are missing in all",
                do='ask for them, or choose missing="renormalise" or missing="bounds"',
            )
        weightless = ~(given & (self.weights > 0)[:, None, :]).any(axis=-1)
        if self.missing == "renormalise" and weightless.any():
            judge, alternative, _ = self._named([*np.argwhere(weightless)[0].tolist(), 0])
            raise ProfileError(
                f"{judge!r} gave {alternative!r} no score on any criterion that counts",
                do='ask for one, leave this judge out, or choose missing="bounds"',
            )

    def _named(self, cell: list[int]) -> tuple[str, str, str]:
        judge, alternative, criterion = cell
        profile = self.profile
        return profile.judges[judge], profile.alternatives[alternative], profile.criteria[criterion]

    @cached_property
    def scores(self) -> Floats:
        """Scores as given, ``(m, n, c)``."""
        return np.asarray(self.profile.scores, dtype=np.float64)

    @cached_property
    def given(self) -> Mask | None:
        """Which scores were given, ``(m, n, c)``; None when all were."""
        given = ~np.isnan(self.scores)
        return None if given.all() else given

    @cached_property
    def anchors(self) -> Anchors | None:
        """The fixed ends, unless another normalisation was chosen."""
        scales = [self.profile.scales[name] for name in self.profile.criteria]
        return anchors_of(scales, len(scales)) if self.normalisation == "anchors" and scales else None

    @cached_property
    def costs(self) -> Mask:
        """Where lower is better, ``(c,)``."""
        return np.array([not self.profile.scales[name].rising for name in self.profile.criteria], dtype=bool)

    @cached_property
    def weights(self) -> Floats:
        """Weights of criteria as given, ``(1, c)`` when common to all judges, else ``(m, c)``."""
        return np.atleast_2d(np.asarray(self.profile.criterion_weights, dtype=np.float64))

    @cached_property
    def shares(self) -> Floats:
        """Weights of criteria that add up to 1 for each judge, shaped like `weights`."""
        even = self.weights / self.weights.max(axis=-1, keepdims=True, initial=0.0)
        return np.asarray(even / even.sum(axis=-1, keepdims=True))

    @cached_property
    def voices(self) -> Floats:
        """The share of each row of judges in the group, ``(m,)``: weight times count."""
        heard = np.fromiter(map(float, self.profile.weights), dtype=np.float64) * self.profile.counts
        return np.asarray(heard / heard.sum())

    @cached_property
    def values(self) -> Floats:
        """Values, ``(n, c, m)``, 0 where missing; read-only."""
        given = None if self.given is None else laid_out(self.given)
        found = values(
            laid_out(self.scores),
            self.normalisation,
            self.anchors,
            self.costs,
            given=given,
            names=self.profile.criteria,
        )
        found.flags.writeable = False
        return found

    @cached_property
    def own(self) -> Floats:
        """The score each judge by himself gives, ``(m, n)``; under ``bounds`` the lowest it can be."""
        sums: Floats = (self.values * self.shares.T).sum(axis=1).T
        return sums if self.given is None or self.missing == "bounds" else sums / self._weight_given

    @cached_property
    def own_high(self) -> Floats:
        """The highest each judge's score can be, ``(m, n)``; `own` unless under ``bounds``."""
        missing = 0.0 if self.given is None or self.missing != "bounds" else 1.0 - self._weight_given
        return self.own + missing

    @cached_property
    def _weight_given(self) -> Floats:
        present = np.ones(self.scores.shape, dtype=bool) if self.given is None else self.given
        return np.asarray((present * self.shares[:, None, :]).sum(axis=-1))

    @cached_property
    def slack(self) -> float:
        """How near two floats may come before rounding might decide between them."""
        if self.normalisation == "none":
            return _NEAR * float(np.abs(self.values).max(initial=0.0))
        return max(_NEAR, _ROUNDING * self._stretch())

    def _stretch(self) -> float:
        """Return by how much the rounding of a score can grow on its way to a value of at most 1."""
        if self.anchors:
            worst, best, bends = self.anchors
            steepest = np.abs(1.0 / (best - worst))
            for k, points in bends.items():
                curve = np.array([(worst[k], 0.0), *points, (best[k], 1.0)])
                rise = np.diff(curve, axis=0)
                steepest[k] = np.abs(rise[:, 1] / rise[:, 0]).max()
            return float((np.maximum(np.abs(worst), np.abs(best)) * steepest).max())
        if self.normalisation != "min-max":
            return 1.0
        widths = np.fmax.reduce(self.scores, axis=1) - np.fmin.reduce(self.scores, axis=1)
        narrowest = np.min(widths, where=widths > 0, initial=np.inf)
        return float(np.fmax.reduce(np.abs(self.scores), axis=None) / narrowest)

    # From here on: integers.

    def exact(self, rows: Mask | None = None) -> Ratios:
        """Return the values of some judges exactly, shape ``(rows, n, c)``; ``vector`` is taken at its floats' word."""
        if self.normalisation == "vector":
            integers, power = decimals(np.moveaxis(self.values, -1, 0))
            found = Ratios(integers, np.full((1, 1, 1), power, dtype=object))
            return found if rows is None else Ratios(found.over[rows], found.under)
        some = slice(None) if rows is None else rows
        given = None if self.given is None else self.given[some]
        return exact_values(self.scores[some], self.normalisation, self.anchors, self.costs, given)

    @cached_property
    def ratios(self) -> Ratios:
        """The values of all judges exactly."""
        return self.exact()

    @cached_property
    def units(self) -> Integers:
        """Weights of criteria as integers, shaped like `weights`; only their proportions within a row count."""
        return decimals(self.weights)[0]

    @cached_property
    def heard(self) -> Integers:
        """Weight of one judge of each row, in common units, ``(m,)``."""
        return in_units(self.profile.weights)[0]

    def sums(self, ratios: Ratios, units: Integers, given: Mask | None) -> Sums:
        """
        Return exact scores of judges under weights of criteria.

        Args:
            ratios: Values, ``(m, n, c)``.
            units: Weights, ``(1 | m, c)``, not all 0 in a row.
            given: Mask of *ratios*, or None.

        Returns:
            Under ``bounds`` ``(m, 2 n)``: the lowest, then the highest.
        """
        over, common = summed(ratios, units)
        weight = total(units, axis=-1)[:, None]
        if given is not None and self.missing == "bounds":
            lacking = total(np.where(given, 0, units[:, None, :]), axis=-1)
            over = np.concatenate([over, _sum(over, product(common, lacking))], axis=1)
        elif given is not None:
            each = total(np.where(given, units[:, None, :], 0), axis=-1)
            weight = multiple(each, (-1,))
            over = product(over, weight // each)
        under = np.broadcast_to(product(common, weight), (len(over), 1))
        return Sums(over=over, under=tuple(under[:, 0].tolist()))

    def group(self, units: Integers | None = None) -> tuple[Fraction, ...]:
        """
        Return the exact scores of the group.

        Args:
            units: Weights of criteria in place of those given, ``(1 | m, c)``.

        Returns:
            One an alternative; under ``bounds`` with something missing, the lowest of each, then the highest.
        """
        found = self.sums(self.ratios, self.units if units is None else units, self.given)
        voices = product(self.heard, self.profile.counts)
        over, under = over_one(product(found.over, voices[:, None]), found.under)
        whole = under * int(total(voices, axis=0))
        return tuple(Fraction(number, whole) for number in over)

    def own_ranks(self) -> Floats:
        """
        Rank the alternatives for each judge by himself, ``(m, n)``, 1 is best.

        Under ``bounds`` an alternative whose score is not certain is not ranked: NaN.
        """
        if self.normalisation == "vector":
            return dense_ranks(self.own, relative=_NEAR).astype(np.float64)
        ranks = dense_ranks(self.own)
        if ranks.shape[1] < 2:
            return ranks.astype(np.float64)
        rising = np.sort(self.own, axis=-1)
        unsure: Mask = np.asarray((rising[:, 1:] - rising[:, :-1] <= self.slack).any(axis=-1))
        if unsure.any():
            units = self.units if len(self.units) == 1 else self.units[unsure]
            given = None if self.given is None else self.given[unsure]
            exact = self.sums(self.exact(unsure), units, given).over
            ranks[unsure] = dense_ranks(exact[:, : ranks.shape[1]])
        found = ranks.astype(np.float64)
        if self.given is not None and self.missing == "bounds":
            found[(~self.given & (self.weights > 0)[:, None, :]).any(axis=-1)] = np.nan
        return found


def _sum(left: Integers, right: Integers) -> Integers:
    return total(np.stack(np.broadcast_arrays(left, right)), axis=0)
