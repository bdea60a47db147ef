"""Which weights favour whom: the share of all weights under which an alternative takes each place (SMAA)."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, get_args

import numpy as np
from attrs import field, frozen

from afwegen.errors import ModelError
from afwegen.models.frozen import FrozenMap
from afwegen.models.rationals import Floats

__all__ = ["BitGenerator", "Smaa", "acceptability", "drawn_weights"]

BitGenerator = Literal["PCG64", "Philox", "SFC64"]
"""Sources of 64 raw bits at a time, whose streams numpy keeps from version to version."""

_BLOCK: Final = 2**15
_UNIT: Final = 2**53
_TIE: Final = 1e-9


def _places_by_name(items: Mapping[str, tuple[float, ...]]) -> Mapping[str, tuple[float, ...]]:
    return FrozenMap(items)


def _weights_by_name(items: Mapping[str, Mapping[str, float] | None]) -> Mapping[str, Mapping[str, float] | None]:
    return FrozenMap({name: weights and FrozenMap(weights) for name, weights in items.items()})


@frozen(kw_only=True)
class Smaa:
    """
    Shares of all weights, estimated by drawing.

    Attributes:
        acceptability: By alternative, the share of weights under which it takes each place, first place first. Those
            who tie share the places they take, so that rows and columns add up to 1.
        central_weights: By alternative, the mean of the weights under which it is first, by criterion; None where it
            never is.
        samples: How many weights were drawn.
        seed: What the drawing started from.
        generator: The bit generator drawn from.
        error: The largest standard error an acceptability can have with so many samples.
    """

    acceptability: Mapping[str, tuple[float, ...]] = field(converter=_places_by_name)
    central_weights: Mapping[str, Mapping[str, float] | None] = field(converter=_weights_by_name)
    samples: int
    seed: int
    generator: BitGenerator
    error: float


def drawn_weights(samples: int, criteria: int, *, seed: int, generator: BitGenerator = "PCG64") -> Iterator[Floats]:
    """
    Draw weights evenly from all that are 0 or more and add up to 1.

    They are the gaps between sorted whole numbers of 53 raw bits: no function is called on the way whose last bit may
    differ from machine to machine, and each row adds up to exactly 1.

    Args:
        samples: How many.
        criteria: c.
        seed: From 0.
        generator: A `BitGenerator`.

    Yields:
        Blocks of rows, ``(samples in the block, c)``.

    References:
        Rubin (1981), The Bayesian bootstrap, section 2: uniform spacings.
    """
    if generator not in get_args(BitGenerator):
        raise ModelError("an unknown bit generator", f"choose one of {get_args(BitGenerator)}", generator)
    _refuse_unless_whole(seed, 0, "a seed is a whole number from 0", "give one, and keep it with the result")
    _refuse_unless_whole(samples, 1, "samples are counted from 1", "10,000 give errors of half a percent at most")
    source = getattr(np.random, generator)(seed)
    for done in range(0, samples, _BLOCK):
        rows = min(_BLOCK, samples - done)
        cuts = (source.random_raw(rows * (criteria - 1)) >> np.uint64(11)).astype(np.int64).reshape(rows, criteria - 1)
        cuts.sort(axis=1)
        yield np.diff(cuts, axis=1, prepend=0, append=_UNIT) / _UNIT


def _refuse_unless_whole(value: object, least: int, what: str, do: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ModelError(what, do, value)


def acceptability(
    values: Floats,
    *,
    alternatives: tuple[str, ...],
    criteria: tuple[str, ...],
    samples: int,
    seed: int,
    generator: BitGenerator = "PCG64",
) -> Smaa:
    """
    Estimate rank acceptability and central weights.

    Args:
        values: Shape ``(n, c)``, higher is better.
        alternatives: n names.
        criteria: c names.
        samples: How many weights to draw.
        seed: From 0; the same seed gives the same draws everywhere.
        generator: A `BitGenerator`.

    Raises:
        ModelError: Samples, seed or generator are not what they should be.

    References:
        Lahdelma, Hokkanen, Salminen (1998), EJOR 106(1); Lahdelma, Salminen (2001), Operations Research 49(3).
    """
    n, c = values.shape
    places, centres = np.zeros((n, n)), np.zeros((n, c))
    for weights in drawn_weights(samples, c, seed=seed, generator=generator):
        first, sharing = _places(weights @ values.T)
        for place in range(n):
            places[:, place] += np.where((first <= place) & (place < first + sharing), 1 / sharing, 0.0).sum(axis=0)
        centres += np.where(first == 0, 1 / sharing, 0.0).T @ weights
    firsts = places[:, 0]
    return Smaa(
        acceptability={name: tuple((row / samples).tolist()) for name, row in zip(alternatives, places, strict=True)},
        central_weights={
            name: dict(zip(criteria, (centre / share).tolist(), strict=True)) if share else None
            for name, centre, share in zip(alternatives, centres, firsts.tolist(), strict=True)
        },
        samples=samples,
        seed=seed,
        generator=generator,
        error=0.5 / samples**0.5,
    )


def _places(scores: Floats) -> tuple[Floats, Floats]:
    """Return the first of the places an alternative takes, from 0, and how many share them, each ``(samples, n)``."""
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    apart = falling[:, :-1] - falling[:, 1:] > _TIE * np.maximum(np.abs(falling[:, :-1]), np.abs(falling[:, 1:]))
    edge = np.ones((len(scores), 1), dtype=bool)
    n = scores.shape[1]
    spots = np.arange(n)
    starts = np.maximum.accumulate(np.where(np.hstack([edge, apart]), spots, 0), axis=1)
    ends = np.minimum.accumulate(np.where(np.hstack([apart, edge]), spots, n)[:, ::-1], axis=1)[:, ::-1]
    first, sharing = np.empty(scores.shape), np.empty(scores.shape)
    np.put_along_axis(first, order, starts.astype(np.float64), axis=1)
    np.put_along_axis(sharing, order, (ends - starts + 1).astype(np.float64), axis=1)
    return first, sharing
