"""The page of the documentation that says which axioms hold, made of the verdicts and nothing else."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from afwegen.models import Model, Profile
from afwegen.models.profile import OVERALL
from afwegen.testing.axioms.case import AXIOMS, Case
from afwegen.testing.axioms.counterexamples import COUNTEREXAMPLES
from afwegen.testing.axioms.verdicts import Verdict, verdicts

__all__ = ["page"]

_OPENING = """\
# What each model promises, and what it cannot

This page is made by `python -m afwegen.testing.axioms`; a test compares it with the verdicts.

**holds** means that the tests search for a violation, with four alternatives or more, on the relation and not on the
tiers. **fails** means that a violation is known: it is kept as data, replayed by a test, and shown
[below](#counterexamples). What is not listed for a model is not claimed, either way.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join((_OPENING, *_statements(), *_tables(), *_cases())) + "\n"


def _statements() -> Iterator[str]:
    yield "## The axioms\n"
    for axiom in AXIOMS.values():
        source = f" ({axiom.reference})" if axiom.reference else ""
        yield f"- **{axiom.name}**: {axiom.statement}{source}"
    yield ""


def label(model: Model) -> str:
    """Return a model's name with every parameter that is not its default."""
    plain = type(model)().parameters
    changed = [f"{name}={value}" for name, value in model.parameters.items() if plain[name] != value]
    return f"{model.name}, {', '.join(changed)}" if changed else model.name


def _tables() -> Iterator[str]:
    for model, known in groupby(verdicts(), lambda verdict: verdict.model):
        yield f"## {label(model)}\n"
        yield "| axiom | situation | verdict |\n|---|---|---|"
        yield from map(_row, known)
        yield ""


def _row(verdict: Verdict) -> str:
    said = "holds" if verdict.holds else f"fails: {verdict.counterexample}"
    return f"| {verdict.axiom} | {verdict.scope} | {said} |"


def _cases() -> Iterator[str]:
    yield "## Counterexamples\n"
    for name, counterexample in COUNTEREXAMPLES.items():
        about = f", about {', '.join(counterexample.case.about)}" if counterexample.case.about else ""
        yield f"### {name}\n\n{_sentence(counterexample.source)}{about}.\n\n```text"
        yield from _said(counterexample.case)
        yield "```\n"


def _sentence(source: str) -> str:
    return source[0].upper() + source[1:]


def _said(case: Case) -> Iterator[str]:
    profile = case.profile
    if OVERALL in profile.rankings:
        yield from _orders(profile)
    yield from _scores(profile)
    for node, matrices in profile.comparisons.items():
        for judge, matrix in zip(profile.judges, matrices.tolist(), strict=True):
            rows = "; ".join(" ".join(f"{value:.4g}" for value in row) for row in matrix)
            yield f"{judge}, {node}: {rows}"


def _orders(profile: Profile) -> Iterator[str]:
    for judge, row in zip(profile.judges, profile.rankings[OVERALL].tolist(), strict=True):
        placed = sorted((rank, name) for rank, name in zip(row, profile.alternatives, strict=True) if rank >= 1)
        tiers = (_names(tier) for _, tier in groupby(placed, lambda pair: pair[0]))
        yield f"{judge}: {' > '.join(tiers)}"


def _names(tier: Iterable[tuple[float, str]]) -> str:
    return " = ".join(name for _, name in tier)


def _scores(profile: Profile) -> Iterator[str]:
    if profile.scores is None or profile.criterion_weights is None:
        return
    for name, weight in zip(profile.criteria, profile.criterion_weights.tolist(), strict=True):
        scale = profile.scales[name]
        yield f"{name}: weight {weight:g}, worst {scale.worst:g}, best {scale.best:g}"
    for judge, table in zip(profile.judges, profile.scores.tolist(), strict=True):
        for name, row in zip(profile.alternatives, table, strict=True):
            yield f"{judge}, {name}: {' '.join(f'{score:g}' for score in row)}"
