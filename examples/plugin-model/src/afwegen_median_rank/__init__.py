"""Order alternatives by the median of the places that judges give them."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Final

from attrs import frozen

from afwegen.errors import ProfileError
from afwegen.models import OVERALL, Outcome, Profile
from afwegen.models.explanation import language_of, number, phrase
from afwegen.models.outcome import provenance_of, ranking_by_scores

__all__ = ["MedianRank", "WhyMedian"]

Claims = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class MedianRank:
    """
    The median of places: half of the judges, by weight, place an alternative no lower, and half no higher.

    A place is counted from 1; alternatives that a judge ties share the mean of theirs. Where the weight splits exactly
    in two, the median lies midway. Places and weights are exact, and so are ties.

    >>> profile = Profile.from_rankings([["a", "b", "c"], ["a", "c", "b"], ["c", "b", "a"]])
    >>> outcome = MedianRank().evaluate(profile)
    >>> outcome.ranking
    (('a',), ('b', 'c'))
    >>> outcome.why("a").sentences()
    ('The median place of a is 1.',)
    """

    name: ClassVar[str] = "median-rank"
    version: ClassVar[str] = "1"
    # What `check_model` searches for violations; the kind of situation stands beside each axiom.
    claims: ClassVar[Claims] = tuple(
        (axiom, "complete rankings")
        for axiom in (
            "anonymity",
            "neutrality",
            "transitivity",
            "unanimity",
            "homogeneity",
            "reversal-symmetry",
            "pareto",
            "monotonicity",
        )
    )

    @property
    def parameters(self) -> Mapping[str, str]:
        """There are none."""
        return {}

    def evaluate(self, profile: Profile) -> Outcome:
        """
        Order the profile's alternatives.

        Raises:
            ProfileError: A judge did not rank them all.
        """
        profile.require("rankings")
        weights = [weight * count for weight, count in zip(profile.weights, profile.counts.tolist(), strict=True)]
        places = [_places(row) for row in profile.rankings[OVERALL].tolist()] if profile.alternatives else []
        medians = [_median(column, weights) for column in zip(*places, strict=True)]
        if len(medians) < len(profile.alternatives):
            raise ProfileError("a median of no places", do="let somebody rank the alternatives", got=profile.judges)
        lower_is_better = [-median for median in medians]
        scores = list(map(float, lower_is_better))
        ordered = ranking_by_scores(profile.alternatives, scores, exact=lower_is_better)
        return Outcome(
            ranking=ordered.tiers,
            scores=dict(zip(profile.alternatives, scores, strict=True)),
            relation=ordered.relation,
            notes=("scores are median places, with a minus: higher is better",),
            provenance=provenance_of(self, profile),
            model=self,
            profile=profile,
        )

    def explain(self, outcome: Outcome, above: str, below: str | None) -> "WhyMedian":
        """Return the median places."""
        places = {name: -score for name, score in (outcome.scores or {}).items()}
        return WhyMedian(places=tuple((name, places[name]) for name in (above, below) if name is not None))


_SENTENCE: Final = {
    "en": "The median place of {name} is {place}.",
    "nl": "De mediaan van de plaats van {name} is {place}.",
}


@frozen(kw_only=True)
class WhyMedian:
    """
    Why alternatives stand where they stand.

    Attributes:
        places: Pairs (alternative, median place).
    """

    places: tuple[tuple[str, float], ...]

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """Say it in ``"en"`` or ``"nl"``."""
        spoken = language_of(language)
        return tuple(phrase(_SENTENCE, spoken, name=name, place=number(place, spoken)) for name, place in self.places)


def _places(ranks: Sequence[float]) -> tuple[Fraction, ...]:
    """Return one judge's places, those tied sharing the mean of theirs."""
    if any(rank != rank for rank in ranks):  # noqa: PLR0124 - NaN, not ranked, is the only value unequal to itself
        raise ProfileError("an alternative that a judge did not rank", do="rank all of them", got=tuple(ranks))
    return tuple(Fraction(2 * sum(o < r for o in ranks) + sum(o == r for o in ranks) + 1, 2) for r in ranks)


def _median(places: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Return the point with half of the weight on either side."""
    pairs = sorted(zip(places, weights, strict=True))
    return (next(_past_half(pairs)) + next(_past_half(pairs[::-1]))) / 2


def _past_half(pairs: Sequence[tuple[Fraction, Fraction]]) -> Iterator[Fraction]:
    half, passed = sum(weight for _, weight in pairs) / 2, Fraction(0)
    for place, weight in pairs:
        passed += weight
        if passed >= half:
            yield place
