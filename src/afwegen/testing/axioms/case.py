"""An axiom as a named check, and the situation in which it is put to the test."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import Final, NamedTuple

from attrs import evolve, field, frozen
from hypothesis.strategies import SearchStrategy

from afwegen.models import Model, Profile
from afwegen.models.frozen import FrozenMap
from afwegen.models.outcome import Relation
from afwegen.models.profile import OVERALL

__all__ = ["AXIOMS", "Axiom", "Case", "Pair", "axiom", "margin", "pairs", "prefers", "relation", "renamed", "without"]


@frozen(kw_only=True)
class Case:
    """
    One situation, as data.

    Attributes:
        profile: What the judges said.
        about: What the axiom asks about, in the words of its check: an alternative, a judge, a number.
    """

    profile: Profile
    about: tuple[str, ...] = ()


Check = Callable[[Model, Case], str]
Cases = Callable[[], SearchStrategy[Case]]


def _scopes(scopes: Mapping[str, Cases]) -> Mapping[str, Cases]:
    return FrozenMap(scopes)


@frozen(kw_only=True)
class Axiom:
    """
    A property a model may have.

    Attributes:
        name: Words with hyphens.
        statement: What is promised where it holds, in one sentence.
        check: From a model and a case to what went wrong; empty when nothing did, or the case says nothing about it.
        scopes: For each kind of situation, in words, a function that makes a strategy for cases.
        reference: Author, year.
    """

    name: str
    statement: str
    check: Check
    scopes: Mapping[str, Cases] = field(converter=_scopes)
    reference: str = ""


AXIOMS: Final[dict[str, Axiom]] = {}
"""All axioms by name, in the order of the tables."""


def axiom(name: str, statement: str, *, reference: str = "", scopes: Mapping[str, Cases]) -> Callable[[Check], Check]:
    """Enter a check among the axioms under its name."""

    def enter(check: Check) -> Check:
        AXIOMS[name] = Axiom(name=name, statement=statement, check=check, scopes=scopes, reference=reference)
        return check

    return enter


class Pair(NamedTuple):
    """Two different alternatives."""

    above: str
    below: str


def pairs(profile: Profile) -> Iterator[Pair]:
    """Every ordered pair of alternatives."""
    for above, below in permutations(profile.alternatives, 2):
        yield Pair(above, below)


def relation(model: Model, profile: Profile) -> Relation:
    """Return what the model claims about the profile."""
    return model.evaluate(profile).relation


def prefers(profile: Profile, above: str, below: str) -> tuple[bool, ...]:
    """Return for every judge whether he ranks *above* strictly above *below*; not ranked is no preference."""
    ranks = profile.rankings[OVERALL]
    places = profile.alternatives.index(above), profile.alternatives.index(below)
    return tuple((ranks[:, places[0]] < ranks[:, places[1]]).tolist())


def margin(profile: Profile, above: str, below: str) -> Fraction:
    """Return the weight of those who rank *above* over *below*, minus that of those who do the reverse; exact."""
    signs = zip(prefers(profile, above, below), prefers(profile, below, above), strict=True)
    weights = zip(profile.weights, profile.counts.tolist(), strict=True)
    return sum(
        ((yes - no) * weight * count for (yes, no), (weight, count) in zip(signs, weights, strict=True)), Fraction(0)
    )


def renamed(profile: Profile, names: Mapping[str, str]) -> Profile:
    """Return the profile with other names for its alternatives."""
    return evolve(profile, alternatives=[names[name] for name in profile.alternatives])


def without(profile: Profile, alternative: str) -> Profile:
    """Return the profile as if *alternative* had not been there."""
    return profile.only(alternatives=[name for name in profile.alternatives if name != alternative])
