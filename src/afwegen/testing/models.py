"""Checks that any decision model has to pass: one small named check a promise, for ours and for yours."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Final

from attrs import evolve, fields, frozen, has
from hypothesis import HealthCheck, given, settings

from afwegen.errors import AfwegenError, ModelError, ProfileError
from afwegen.models import Model, Outcome, Profile, Scale
from afwegen.models.contract import Explains
from afwegen.testing.axioms import AXIOMS, Case

__all__ = ["CHECKS", "Report", "check_model", "samples_for", "search"]

Check = Callable[[Model, Sequence[Profile]], None]

CHECKS: Final[dict[str, Check]] = {}
"""Every check by name; each takes a model and profiles that it can be applied to."""


@frozen(kw_only=True)
class Report:
    """
    What was checked.

    Attributes:
        checks: The names of the checks passed.
        claims: The axioms searched for violations, as (axiom, scope).
    """

    checks: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]


def check_model(model: Model, *, claims: Iterable[tuple[str, str]] | None = None, examples: int = 50) -> Report:
    """
    Check that *model* is a value, answers with sound outcomes, and keeps what it claims.

    Args:
        model: The model, with the parameters it is to be checked with.
        claims: Pairs (axiom, scope) that are to hold, from `afwegen.testing.axioms`; by default the model's attribute
            ``claims``, and without one none.
        examples: How many cases are tried for each claim.

    Returns:
        What was checked.

    Raises:
        AssertionError: A check failed; the message begins with its name.
        ModelError: A claim names an axiom or a scope that does not exist.
    """
    profiles = samples_for(model)
    for name, check in CHECKS.items():
        _run(name, check, model, profiles)
    claimed = tuple(getattr(model, "claims", ()) if claims is None else claims)
    for axiom, scope in claimed:
        search(model, axiom, scope, examples=examples)
    return Report(checks=tuple(CHECKS), claims=claimed)


def search(model: Model, axiom: str, scope: str, *, examples: int = 50) -> None:
    """
    Search for a case in which *model* breaks *axiom*.

    Raises:
        AssertionError: There is one; Hypothesis shows the smallest it found.
        ModelError: There is no such axiom or scope.
    """
    if axiom not in AXIOMS or scope not in AXIOMS[axiom].scopes:
        known = {name: tuple(found.scopes) for name, found in AXIOMS.items()}
        raise ModelError("an unknown claim", do=f"choose an axiom and a scope of {known}", got=(axiom, scope))
    found = AXIOMS[axiom]

    def property_holds(case: Case) -> None:
        if broken := found.check(model, case):
            raise AssertionError(f"{axiom}: {broken}")

    quiet = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
    chosen = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=quiet)
    chosen(given(found.scopes[scope]())(property_holds))()


def _run(name: str, check: Check, model: Model, profiles: Sequence[Profile]) -> None:
    try:
        check(model, profiles)
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from error
    except AfwegenError as error:
        raise AssertionError(f"{name}: the model refused: {error}") from error


def _check(check: Check) -> Check:
    CHECKS[check.__name__.removeprefix("check_").replace("_", "-")] = check
    return check


def _expect(truth: object, otherwise: str) -> None:
    if not truth:
        raise AssertionError(otherwise)


def _samples() -> tuple[Profile, ...]:
    """Three judges on four alternatives, in every kind of judgement; with ties, a cycle, weights and counts."""
    names, judges = ("a", "b", "c", "d"), ("anna", "bert", "carla")
    ranked = Profile.from_rankings(
        [[["a"], ["b", "c"], ["d"]], ["b", "c", "a", "d"], ["c", "a", "b", "d"]],
        alternatives=names,
        judges=judges,
    )
    heavy = evolve(ranked, weights=(1, 2, 1), counts=(1, 2, 1))
    scored = Profile.from_scores(
        [[[5, 4], [3, 8], [8, 2], [1, 9]], [[2, 6], [7, 5], [7, 5], [3, 3]], [[9, 1], [4, 4], [6, 2], [0, 10]]],
        judges=judges,
        alternatives=names,
        criteria=("quiet", "cost"),
        criterion_weights=(2, 1),
        scales={"quiet": Scale(0, 10), "cost": Scale(10, 0)},
    )
    approved = Profile.from_rankings(
        [[["a", "b"], ["c", "d"]], [["b"], ["a", "c", "d"]], [["c", "b"], ["a", "d"]]],
        alternatives=names,
        judges=judges,
    )
    matrix = [[1, 2, 4, 8], [1 / 2, 1, 2, 4], [1 / 4, 1 / 2, 1, 2], [1 / 8, 1 / 4, 1 / 2, 1]]
    other = [[1, 3, 1 / 5, 2], [1 / 3, 1, 1, 4], [5, 1, 1, 2], [1 / 2, 1 / 4, 1 / 2, 1]]
    compared = Profile.from_comparisons(
        alternatives=names,
        hierarchy={"goal": ("quiet", "cost")},
        comparisons={
            "goal": [[[1, 3], [1 / 3, 1]], [[1, 1], [1, 1]], [[1, 1 / 2], [2, 1]]],
            "quiet": [matrix, other, other],
            "cost": [other, matrix, other],
        },
        judges=judges,
    )
    return (ranked, heavy, approved, scored, compared)


def samples_for(model: Model) -> tuple[Profile, ...]:
    """Return small profiles in every kind of judgement that *model* takes."""
    found = []
    for profile in _samples():
        try:
            model.evaluate(profile)
        except ProfileError:
            continue
        found.append(profile)
    _expect(found, "applicable: the model takes none of rankings, scores and comparisons")
    return tuple(found)


@_check
def check_model_has_the_shape(model: Model, profiles: Sequence[Profile]) -> None:
    """A name, a version, parameters in words and sorted."""
    del profiles
    _expect(isinstance(model, Model), f"{model!r} lacks a part of afwegen.models.contract.Model")
    _expect(model.name and model.version, "name and version are not empty")
    parameters = model.parameters
    _expect(isinstance(parameters, Mapping), f"parameters are a mapping, not {type(parameters).__name__}")
    _expect(list(parameters) == sorted(parameters), f"parameters are sorted by name, not {list(parameters)}")
    words = all(isinstance(word, str) for pair in parameters.items() for word in pair)
    _expect(words, f"parameters are text, not {dict(parameters)}")


@_check
def check_model_is_a_value(model: Model, profiles: Sequence[Profile]) -> None:
    """Frozen, hashable, equal to its copy."""
    del profiles
    copy: object = deepcopy(model)
    _expect(copy == model and hash(copy) == hash(model), "a copy of the model is equal to it and hashes alike")
    try:
        model.name = "another"  # type: ignore[misc]  # the point is that it must not work
    except (AttributeError, TypeError):
        return
    raise AssertionError("the model can be changed; make it frozen")


@_check
def check_bad_parameters_are_refused(model: Model, profiles: Sequence[Profile]) -> None:
    """A parameter that makes no sense is a ModelError when the model is made."""
    del profiles
    kind: type[object] = type(model)
    for parameter in fields(kind) if has(kind) else ():
        if not parameter.init:
            continue
        try:
            kind(**{parameter.alias: "no-such-value"})
        except ModelError:
            continue
        raise AssertionError(f"{parameter.name}='no-such-value' is accepted")


@_check
def check_same_profile_same_outcome(model: Model, profiles: Sequence[Profile]) -> None:
    """Evaluating twice, with another profile in between, gives equal outcomes, and leaves the profile as it was."""
    for profile in profiles:
        before = profile.digest
        first = model.evaluate(profile)
        for other in profiles:
            model.evaluate(other)
        _expect(model.evaluate(profile) == first, f"two outcomes of {profile} differ")
        _expect(evolve(profile).digest == before, f"{profile} was changed")


@_check
def check_outcome_is_sound(model: Model, profiles: Sequence[Profile]) -> None:
    """Every alternative once, an order that is one, scores and bounds that agree with it, no NaN anywhere."""
    for profile in profiles:
        outcome = model.evaluate(profile)
        listed = [name for tier in outcome.ranking for name in tier]
        _expect(sorted(listed) == sorted(profile.alternatives), f"the ranking {outcome.ranking} holds each name once")
        _expect(all(outcome.ranking), "no tier is empty")
        _sound_relation(outcome)
        _sound_numbers(outcome)


def _sound_relation(outcome: Outcome) -> None:
    tier = {name: place for place, names in enumerate(outcome.ranking) for name in names}
    for above, below in outcome.relation:
        _expect((below, above) not in outcome.relation, f"{above} and {below} stand above each other")
        _expect(tier[above] < tier[below], f"{above} stands above {below} and not in an earlier tier")
        missing = [rest for start, rest in outcome.relation if start == below and (above, rest) not in outcome.relation]
        _expect(not missing, f"{above} above {below} above {missing}, and not above")


def _sound_numbers(outcome: Outcome) -> None:
    names = set(outcome.profile.alternatives)
    _expect(outcome.scores is None or outcome.bounds is None, "where bounds are given, scores are None")
    if outcome.scores is not None:
        _expect(set(outcome.scores) == names, f"scores of every alternative, not {set(outcome.scores)}")
        for above, below in outcome.relation:
            _expect(outcome.scores[above] > outcome.scores[below], f"{above} stands above {below} with no higher score")
    for low, high in (outcome.bounds or {}).values():
        _expect(low <= high, f"a lower bound {low} is not above the upper bound {high}")
    if outcome.consensus is not None:
        degrees = (outcome.consensus.degree, *outcome.consensus.by_alternative.values())
        _expect(all(degree is None or 0 <= degree <= 1 for degree in degrees), f"degrees lie in [0, 1], not {degrees}")


@_check
def check_provenance(model: Model, profiles: Sequence[Profile]) -> None:
    """The outcome says which model, version, parameters and profile it comes from, and keeps both."""
    for profile in profiles:
        outcome = model.evaluate(profile)
        said = outcome.provenance
        _expect(said.model == model.name and said.version == model.version, f"{said} is of another model")
        _expect(said.parameters == model.parameters, f"{said.parameters} are other parameters")
        _expect(said.digest == profile.digest, "the digest is the profile's")
        _expect(outcome.model == model and outcome.profile == profile, "the outcome keeps model and profile")


@_check
def check_order_of_judges_does_not_matter(model: Model, profiles: Sequence[Profile]) -> None:
    """The relation is that of the judges in any order."""
    for profile in profiles:
        turned = profile.only(judges=profile.judges[::-1])
        _expect(model.evaluate(turned).relation == model.evaluate(profile).relation, f"another order for {profile}")


@_check
def check_order_of_alternatives_does_not_matter(model: Model, profiles: Sequence[Profile]) -> None:
    """The relation is that of the alternatives in any order, and ties are not broken by it."""
    for profile in profiles:
        before = model.evaluate(profile).relation
        turned = profile.only(alternatives=profile.alternatives[::-1])
        _expect(model.evaluate(turned).relation == before, f"the order of alternatives decides for {profile}")
        names = dict(zip(profile.alternatives, profile.alternatives[::-1], strict=True))
        other = evolve(profile, alternatives=tuple(names.values()))
        expected = {(names[above], names[below]) for above, below in before}
        _expect(model.evaluate(other).relation == expected, f"the names of alternatives decide for {profile}")


@_check
def check_small_profiles_are_decided(model: Model, profiles: Sequence[Profile]) -> None:
    """No judges, one judge, no alternatives, one alternative: an outcome or an error of this library."""
    for profile in profiles:
        small = (
            profile.only(judges=()),
            profile.only(judges=profile.judges[:1]),
            profile.only(alternatives=()),
            profile.only(alternatives=profile.alternatives[:1]),
        )
        for part in small:
            _decided(model, part)
        alone = model.evaluate(small[-1])
        _expect(alone.ranking == (profile.alternatives[:1],), f"one alternative stands alone, not {alone.ranking}")


def _decided(model: Model, profile: Profile) -> None:
    try:
        outcome = model.evaluate(profile)
    except (ProfileError, ModelError):
        return
    except Exception as error:
        raise AssertionError(f"{profile} ends in {error!r}") from error
    listed = [name for tier in outcome.ranking for name in tier]
    _expect(sorted(listed) == sorted(profile.alternatives), f"{profile} is ranked {outcome.ranking}")
    _sound_numbers(outcome)


@_check
def check_missing_judgements_are_named(model: Model, profiles: Sequence[Profile]) -> None:
    """A profile in which nobody said anything is a ProfileError."""
    silent = Profile(judges=profiles[0].judges, alternatives=profiles[0].alternatives)
    try:
        model.evaluate(silent)
    except ProfileError:
        return
    raise AssertionError("alternatives are ranked although no judge said anything")


@_check
def check_explanations_can_be_read(model: Model, profiles: Sequence[Profile]) -> None:
    """Where the model explains, it does so in English and in Dutch, and in no language it does not speak."""
    if not isinstance(model, Explains):
        return
    for profile in profiles:
        outcome, (above, below, *_) = model.evaluate(profile), profile.alternatives
        for explanation in (outcome.why(above), outcome.why(above, below), outcome.why(below, above)):
            for language in ("en", "nl"):
                said = explanation.sentences(language)
                _expect(said and all(said), f"{said} can be read aloud")
            _refuses_klingon(explanation.sentences)


def _refuses_klingon(sentences: Callable[[str], tuple[str, ...]]) -> None:
    try:
        sentences("tlh")
    except ModelError:
        return
    raise AssertionError("an unknown language is a ModelError")
