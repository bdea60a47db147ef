"""Axioms that make sense for any model: who is who does not matter, and whom all prefer is preferred."""

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from afwegen.models import Model, Profile
from afwegen.testing import strategies
from afwegen.testing.axioms.case import Case, axiom, pairs, relation, renamed, without

__all__ = [
    "about_an_alternative",
    "hierarchies",
    "matrices",
    "plain",
    "rankings",
    "scores",
]

Profiles = SearchStrategy[Profile]


def rankings() -> Profiles:
    """Complete rankings: few judges, cycles, weights."""
    return (
        strategies.ranking_profiles()
        | strategies.ranking_profiles(strict=True)
        | strategies.cyclic_profiles()
        | strategies.ranking_profiles(weighted=True)
    )


def scores() -> Profiles:
    """Complete scores on fixed anchors."""
    return strategies.score_profiles() | strategies.near_ties()


def matrices() -> Profiles:
    """One matrix a judge, at all consistency."""
    return strategies.comparison_profiles(judges=(1, 3))


def hierarchies() -> Profiles:
    """A goal with two or three criteria."""
    return strategies.comparison_profiles(criteria=(2, 3))


@st.composite
def _reordered(draw: st.DrawFn, profiles: Profiles, axis: str) -> Case:
    profile = draw(profiles)
    names = {"judges": profile.judges, "alternatives": profile.alternatives, "criteria": criteria_of(profile)}[axis]
    return Case(profile=profile, about=tuple(draw(st.permutations(names))))


@st.composite
def about_an_alternative(draw: st.DrawFn, profiles: Profiles) -> Case:
    """Pick one alternative."""
    profile = draw(profiles)
    return Case(profile=profile, about=(draw(st.sampled_from(profile.alternatives)),))


def plain(profiles: Profiles) -> SearchStrategy[Case]:
    """Take the profile as it is."""
    return profiles.map(lambda profile: Case(profile=profile))


def criteria_of(profile: Profile) -> tuple[str, ...]:
    """Return the criteria, of scores or under the goal."""
    return profile.criteria or profile.hierarchy.get("goal", ())


def positive_scores() -> Profiles:
    """Scores and weights above 0, where every normalisation is defined."""
    return strategies.score_profiles(positive=True)


@axiom(
    "anonymity",
    "The order of judges, and who said what, does not matter.",
    scopes={
        "complete rankings": lambda: _reordered(rankings(), "judges"),
        "incomplete rankings": lambda: _reordered(strategies.incomplete_profiles(), "judges"),
        "scores": lambda: _reordered(scores(), "judges"),
        "positive scores": lambda: _reordered(positive_scores(), "judges"),
        "matrices": lambda: _reordered(matrices(), "judges"),
        "hierarchies": lambda: _reordered(hierarchies(), "judges"),
    },
)
def anonymity(model: Model, case: Case) -> str:
    """Compare with the judges in the order of *about*, under each other's names."""
    other = evolve(case.profile.only(judges=case.about), judges=case.profile.judges)
    return _differs(relation(model, case.profile), relation(model, other))


@axiom(
    "neutrality",
    "The order and the names of alternatives do not matter.",
    scopes={
        "complete rankings": lambda: _reordered(rankings(), "alternatives"),
        "incomplete rankings": lambda: _reordered(strategies.incomplete_profiles(), "alternatives"),
        "scores": lambda: _reordered(scores(), "alternatives"),
        "positive scores": lambda: _reordered(positive_scores(), "alternatives"),
        "matrices": lambda: _reordered(matrices(), "alternatives"),
        "hierarchies": lambda: _reordered(hierarchies(), "alternatives"),
    },
)
def neutrality(model: Model, case: Case) -> str:
    """Compare with the alternatives in the order of *about*, and then under those names."""
    before = relation(model, case.profile)
    if wrong := _differs(before, relation(model, case.profile.only(alternatives=case.about))):
        return wrong
    names = dict(zip(case.profile.alternatives, case.about, strict=True))
    expected = frozenset((names[above], names[below]) for above, below in before)
    return _differs(expected, relation(model, renamed(case.profile, names)))


@axiom(
    "criteria-equivariance",
    "The order of criteria does not matter.",
    scopes={
        "scores": lambda: _reordered(scores(), "criteria"),
        "positive scores": lambda: _reordered(positive_scores(), "criteria"),
        "hierarchies": lambda: _reordered(hierarchies(), "criteria"),
    },
)
def criteria_equivariance(model: Model, case: Case) -> str:
    """Compare with the criteria in the order of *about*."""
    return _differs(relation(model, case.profile), relation(model, criteria_reordered(case.profile, case.about)))


def criteria_reordered(profile: Profile, order: tuple[str, ...]) -> Profile:
    """Return the profile with its criteria in another order."""
    if profile.criteria:
        return profile.only(criteria=order)
    places = [profile.hierarchy["goal"].index(name) for name in order]
    goal = profile.comparisons["goal"][:, places][:, :, places]
    return evolve(
        profile,
        hierarchy={**profile.hierarchy, "goal": order},
        comparisons={**profile.comparisons, "goal": goal},
    )


@axiom(
    "transitivity",
    "What stands above is nowhere below: the relation is asymmetric and transitive.",
    scopes={
        "complete rankings": lambda: plain(rankings()),
        "incomplete rankings": lambda: plain(strategies.incomplete_profiles()),
        "scores": lambda: plain(scores()),
        "positive scores": lambda: plain(positive_scores()),
        "matrices": lambda: plain(matrices()),
        "hierarchies": lambda: plain(hierarchies()),
    },
)
def transitivity(model: Model, case: Case) -> str:
    """Follow the relation two steps."""
    found = relation(model, case.profile)
    for above, middle in found:
        if above == middle or (middle, above) in found:
            return f"{above} stands above and below {middle}"
        for start, below in found:
            if start == middle and (above, below) not in found:
                return f"{above} above {middle} above {below}, but {above} is not above {below}"
    return ""


@axiom(
    "unanimity",
    "Where every judge, taken alone, stands one alternative above another, so does the group.",
    reference="Arrow (1951)",
    scopes={
        "complete rankings": lambda: plain(strategies.ranking_profiles(judges=(1, 3)) | rankings()),
        "incomplete rankings": lambda: plain(strategies.incomplete_profiles()),
        "scores": lambda: plain(scores()),
        "positive scores": lambda: plain(positive_scores()),
        "matrices": lambda: plain(matrices()),
        "hierarchies": lambda: plain(hierarchies()),
    },
)
def unanimity(model: Model, case: Case) -> str:
    """Compare what each judge's own outcome has in common with the group's."""
    own = [relation(model, case.profile.only(judges=[judge])) for judge in case.profile.judges]
    lost = frozenset.intersection(*own) - relation(model, case.profile) if own else frozenset()
    return f"every judge alone: {sorted(lost)}, the group: not" if lost else ""


@axiom(
    "independence",
    "How two alternatives stand to each other does not depend on a third being there.",
    reference="Arrow (1951), independence of irrelevant alternatives",
    scopes={
        "complete rankings": lambda: about_an_alternative(rankings()),
        "scores": lambda: about_an_alternative(scores()),
        "matrices": lambda: about_an_alternative(matrices()),
        "consistent matrices": lambda: about_an_alternative(strategies.comparison_profiles(consistent=True)),
        "consistent hierarchies": lambda: about_an_alternative(
            strategies.comparison_profiles(criteria=(2, 3), consistent=True)
        ),
    },
)
def independence(model: Model, case: Case) -> str:
    """Compare the others with and without the alternative that *about* names."""
    (removed,) = case.about
    rest = without(case.profile, removed)
    before, after = relation(model, case.profile), relation(model, rest)
    changed = [pair for pair in pairs(rest) if (pair in before) != (pair in after)]
    return f"without {removed}: {changed[0].above} over {changed[0].below} changes" if changed else ""


def _differs(expected: frozenset[tuple[str, str]], found: frozenset[tuple[str, str]]) -> str:
    return f"{sorted(expected ^ found)} in one and not in the other" if expected != found else ""
