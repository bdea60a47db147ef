"""Axioms about rankings of judges, in the words of social choice theory."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from afwegen.models import Model, Profile
from afwegen.models.profile import OVERALL
from afwegen.testing import strategies
from afwegen.testing.axioms.case import Case, axiom, margin, pairs, prefers, relation, without
from afwegen.testing.axioms.shared import about_an_alternative, plain, rankings

__all__ = ["reversed_rankings", "times"]

COMPLETE = "complete rankings"
INCOMPLETE = "incomplete rankings"


@st.composite
def _about_a_judge(draw: st.DrawFn, profiles: SearchStrategy[Profile]) -> Case:
    profile = draw(profiles)
    return Case(profile=profile, about=(draw(st.sampled_from(profile.judges)),))


@st.composite
def _raised(draw: st.DrawFn) -> Case:
    profile = draw(rankings())
    judge, name = draw(st.sampled_from(profile.judges)), draw(st.sampled_from(profile.alternatives))
    return Case(profile=profile, about=(judge, name, str(draw(st.integers(1, 6)))))


@st.composite
def _cloned(draw: st.DrawFn) -> Case:
    profile, clones = draw(strategies.cloned_profiles())
    return Case(profile=profile, about=clones)


@st.composite
def _split(draw: st.DrawFn) -> Case:
    profile = draw(strategies.ranking_profiles(judges=(2, 8)))
    return Case(profile=profile, about=(str(draw(st.integers(1, len(profile.judges) - 1))),))


def times(profile: Profile, number: int) -> Profile:
    """Return the profile with every judge *number* times over."""
    return evolve(profile, counts=profile.counts * number)


def reversed_rankings(profile: Profile) -> Profile:
    """Return the profile with every ranking upside down."""
    return evolve(profile, rankings={OVERALL: -profile.rankings[OVERALL]})


@axiom(
    "homogeneity",
    "Every judge twice, or three times, makes the same order.",
    reference="Fishburn (1977)",
    scopes={COMPLETE: lambda: plain(rankings()), INCOMPLETE: lambda: plain(strategies.incomplete_profiles())},
)
def homogeneity(model: Model, case: Case) -> str:
    """Compare with all counts doubled and tripled."""
    before = relation(model, case.profile)
    changed = [number for number in (2, 3) if relation(model, times(case.profile, number)) != before]
    return f"every judge {changed[0]} times changes the order" if changed else ""


@axiom(
    "homogeneity-of-consensus",
    "Every judge twice makes the same degree of consensus.",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def homogeneity_of_consensus(model: Model, case: Case) -> str:
    """Compare the degree with all counts doubled; identical judges are at distance 0."""
    before, after = model.evaluate(case.profile).consensus, model.evaluate(times(case.profile, 2)).consensus
    if before is None or after is None or abs(before.degree - after.degree) <= 1e-12:
        return ""
    return f"the degree of consensus goes from {before.degree} to {after.degree}"


@axiom(
    "reversal-symmetry",
    "All rankings upside down, the order upside down.",
    reference="Saari (1994)",
    scopes={COMPLETE: lambda: plain(rankings()), INCOMPLETE: lambda: plain(strategies.incomplete_profiles())},
)
def reversal_symmetry(model: Model, case: Case) -> str:
    """Compare with the reversed relation of the reversed profile."""
    upside_down = relation(model, reversed_rankings(case.profile))
    odd = relation(model, case.profile) ^ {(below, above) for above, below in upside_down}
    return f"{sorted(odd)} is not reversed" if odd else ""


@axiom(
    "pareto",
    "Where nobody prefers b to a, b does not stand above a.",
    reference="Schulze (2011), section 4.3",
    scopes={COMPLETE: lambda: plain(rankings()), INCOMPLETE: lambda: plain(strategies.incomplete_profiles())},
)
def pareto(model: Model, case: Case) -> str:
    """Look for a pair against which nobody stands."""
    found = relation(model, case.profile)
    for above, below in pairs(case.profile):
        if (below, above) in found and not any(prefers(case.profile, below, above)):
            return f"nobody prefers {below} to {above}, yet it stands above"
    return ""


@axiom(
    "strong-pareto",
    "Where nobody prefers b to a and somebody prefers a, a stands above b.",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def strong_pareto(model: Model, case: Case) -> str:
    """Look for a pair that somebody is for and nobody against."""
    found = relation(model, case.profile)
    for above, below in pairs(case.profile):
        for_it, against = prefers(case.profile, above, below), prefers(case.profile, below, above)
        if any(for_it) and not any(against) and (above, below) not in found:
            return f"somebody prefers {above} to {below} and nobody the reverse, yet it does not stand above"
    return ""


@axiom(
    "condorcet-winner",
    "Who beats every other alternative stands above all of them.",
    reference="Condorcet (1785)",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def condorcet_winner(model: Model, case: Case) -> str:
    """Look for one that beats all."""
    return _at_the_end(model, case, margin, "beats")


@axiom(
    "condorcet-loser",
    "Who is beaten by every other alternative stands below all of them.",
    reference="Condorcet (1785)",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def condorcet_loser(model: Model, case: Case) -> str:
    """Look for one that is beaten by all."""
    return _at_the_end(model, case, lambda profile, one, other: margin(profile, other, one), "loses to")


def _at_the_end(model: Model, case: Case, lead: Callable[[Profile, str, str], Fraction], verb: str) -> str:
    found = relation(model, case.profile)
    for one in case.profile.alternatives:
        others = [name for name in case.profile.alternatives if name != one]
        if all(lead(case.profile, one, other) > 0 for other in others):
            missed = [other for other in others if ((one, other) if verb == "beats" else (other, one)) not in found]
            return f"{one} {verb} {missed[0]} and every other, yet the order does not say so" if missed else ""
    return ""


@axiom(
    "smith",
    "The smallest set whose members beat all others stands above all others.",
    reference="Smith (1973)",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def smith(model: Model, case: Case) -> str:
    """Find the smallest dominating set by letting it grow from the one with most wins."""
    names = case.profile.alternatives
    inside = _smith_set(case.profile)
    found = relation(model, case.profile)
    for above in inside:
        for below in (name for name in names if name not in inside):
            if (above, below) not in found:
                return f"{above} is in the Smith set, {below} is not, yet it does not stand above"
    return ""


def _smith_set(profile: Profile) -> frozenset[str]:
    names = profile.alternatives
    unbeaten = {one: {other for other in names if other != one and margin(profile, one, other) <= 0} for one in names}
    reached = {one: _closure(one, unbeaten) for one in names}
    return min(reached.values(), key=len, default=frozenset())


def _closure(start: str, steps: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = steps[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


@axiom(
    "monotonicity",
    "Who rises in a judge's ranking keeps whatever stood below it, and what did not stand above it does not.",
    reference="Schulze (2011), section 4.5",
    scopes={COMPLETE: _raised},
)
def monotonicity(model: Model, case: Case) -> str:
    """Let the judge of *about* raise its alternative by so many half tiers, the others as they were."""
    judge, name, steps = case.about
    ranks = np.array(case.profile.rankings[OVERALL])
    ranks[case.profile.judges.index(judge), case.profile.alternatives.index(name)] -= int(steps) / 2
    after = relation(model, evolve(case.profile, rankings={OVERALL: ranks}))
    before = relation(model, case.profile)
    lost = {(a, b) for a, b in before - after if a == name} | {(a, b) for a, b in after - before if b == name}
    return f"{name} rises and loses {sorted(lost)}" if lost else ""


@axiom(
    "clone-independence",
    "Alternatives that all judges place side by side count as one, for the others and for how each stands to others.",
    reference="Tideman (1987)",
    scopes={COMPLETE: _cloned},
)
def clone_independence(model: Model, case: Case) -> str:
    """Compare with the profile without the clones, the first name of *about* being the original."""
    original, *clones = case.about
    rest = case.profile.only(alternatives=[name for name in case.profile.alternatives if name not in clones])
    before, after = relation(model, rest), relation(model, case.profile)
    for above, below in pairs(rest):
        for a in (above, *clones) if above == original else (above,):
            for b in (below, *clones) if below == original else (below,):
                if ((above, below) in before) != ((a, b) in after):
                    return f"{above} over {below} without clones, {a} over {b} with them, differ"
    return ""


@axiom(
    "local-independence",
    "Without the one at the very top or bottom of the order, the rest stand as they did.",
    reference="Young (1988)",
    scopes={COMPLETE: lambda: about_an_alternative(rankings())},
)
def local_independence(model: Model, case: Case) -> str:
    """Leave out the alternative of *about* when it stands alone in the first or the last tier."""
    (removed,) = case.about
    outcome = model.evaluate(case.profile)
    if (removed,) not in (outcome.ranking[0], outcome.ranking[-1]):
        return ""
    after = relation(model, without(case.profile, removed))
    changed = after ^ {pair for pair in outcome.relation if removed not in pair}
    return f"without {removed}, at the end of the order, {sorted(changed)} changes" if changed else ""


@axiom(
    "reinforcement",
    "Where two groups of judges have winners in common, those win in both together.",
    reference="Young (1974)",
    scopes={COMPLETE: _split},
)
def reinforcement(model: Model, case: Case) -> str:
    """Take apart the first so many judges of *about* and the others."""
    (size,) = case.about
    judges = case.profile.judges
    parts = [case.profile.only(judges=part) for part in (judges[: int(size)], judges[int(size) :])]
    common = frozenset.intersection(*(frozenset(model.evaluate(part).winners) for part in parts))
    together = frozenset(model.evaluate(case.profile).winners)
    return f"{sorted(common)} win in both parts, {sorted(together)} together" if common and common != together else ""


@axiom(
    "participation",
    "Who takes part does not thereby get winners he likes less: none better, one worse.",
    reference="Moulin (1988), with sets compared as in Kelly (1977)",
    scopes={COMPLETE: lambda: _about_a_judge(strategies.ranking_profiles(judges=(2, 8)))},
)
def participation(model: Model, case: Case) -> str:
    """Leave out the judge of *about*."""
    (judge,) = case.about
    own = case.profile.only(judges=[judge])
    ranks = dict(zip(own.alternatives, own.rankings[OVERALL][0].tolist(), strict=True))
    before = [ranks[name] for name in model.evaluate(case.profile.without(judge)).winners]
    after = [ranks[name] for name in model.evaluate(case.profile).winners]
    worse = max(before) <= min(after) and min(before) < max(after)
    return f"{judge} puts the winners at {sorted(before)} without him, at {sorted(after)} with him" if worse else ""


@axiom(
    "positive-involvement",
    "Who takes part and puts a winner first does not thereby make it lose.",
    reference="Saari (1995)",
    scopes={COMPLETE: lambda: _about_a_judge(strategies.ranking_profiles(judges=(2, 8)))},
)
def positive_involvement(model: Model, case: Case) -> str:
    """Leave out the judge of *about*, who puts one alternative alone at the top."""
    (judge,) = case.about
    ranks = case.profile.only(judges=[judge]).rankings[OVERALL][0]
    first = [name for name, rank in zip(case.profile.alternatives, ranks.tolist(), strict=True) if rank == 1]
    if len(first) != 1 or first[0] not in model.evaluate(case.profile.without(judge)).winners:
        return ""
    won = first[0] in model.evaluate(case.profile).winners
    return "" if won else f"{judge} puts {first[0]} first, and thereby it no longer wins"


@axiom(
    "resoluteness",
    "One alternative wins.",
    scopes={COMPLETE: lambda: plain(rankings())},
)
def resoluteness(model: Model, case: Case) -> str:
    """Count the winners."""
    winners = model.evaluate(case.profile).winners
    return f"{winners} win together" if len(winners) > 1 else ""
