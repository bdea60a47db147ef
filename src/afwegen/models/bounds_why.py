"""Why an alternative with missing scores stands where it stands: how low and how high it can come out."""

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen

from afwegen.models.explanation import Language, language_of, listed, phrase
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Outcome

__all__ = ["BoundsWhy", "why_bounds"]


def _bounds(items: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
    return FrozenMap(items)


@frozen(kw_only=True)
class BoundsWhy:
    """
    What can be said of an alternative while scores are missing.

    Attributes:
        alternative: Who is explained.
        rival: With whom it is compared; None: with everybody.
        low: The lowest it can score.
        high: The highest.
        above: Whom it is above for certain, whatever the missing scores: their highest is below its lowest.
        below: Whom it is below for certain.
        open: Of whom that cannot be said.
        rivals: The bounds of all those.
    """

    alternative: str
    rival: str | None
    low: float
    high: float
    above: tuple[str, ...]
    below: tuple[str, ...]
    open: tuple[str, ...]
    rivals: Mapping[str, tuple[float, float]] = field(converter=_bounds)

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """
        Say it in plain sentences; numbers are rounded for display only.

        Args:
            language: ``"en"`` or ``"nl"``.
        """
        return tuple(_said(self, language_of(language)))


def why_bounds(outcome: Outcome, alternative: str, rival: str | None = None) -> BoundsWhy:
    """Explain an outcome that has bounds in place of scores."""
    bounds = outcome.bounds or {}
    others = [name for name in bounds if name != alternative and rival in (None, name)]
    low, high = bounds[alternative]
    above = tuple(name for name in others if (alternative, name) in outcome.relation)
    below = tuple(name for name in others if (name, alternative) in outcome.relation)
    return BoundsWhy(
        alternative=alternative,
        rival=rival,
        low=low,
        high=high,
        above=above,
        below=below,
        open=tuple(name for name in others if name not in {*above, *below}),
        rivals={name: bounds[name] for name in others},
    )


_SENTENCES: Final[Mapping[str, Mapping[Language, str]]] = {
    "bounds": {
        "en": "{a} scores between {low} and {high}, whatever the missing scores are.",
        "nl": "{a} scoort tussen {low} en {high}, wat de ontbrekende scores ook zijn.",
    },
    "above": {"en": "It is certainly above {who}.", "nl": "Het staat zeker boven {who}."},
    "below": {"en": "It is certainly below {who}.", "nl": "Het staat zeker onder {who}."},
    "open": {
        "en": "Whether it is above or below {who} depends on the missing scores.",
        "nl": "Of het boven of onder {who} staat, hangt af van de ontbrekende scores.",
    },
}


def _said(why: BoundsWhy, language: Language) -> Iterator[str]:
    yield phrase(_SENTENCES["bounds"], language, a=why.alternative, low=why.low, high=why.high)
    for key, names in (("above", why.above), ("below", why.below), ("open", why.open)):
        if names:
            yield phrase(_SENTENCES[key], language, who=listed(names, language))
