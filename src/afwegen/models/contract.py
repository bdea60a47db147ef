"""What a decision model is: a small frozen value with one pure method."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from afwegen.models.outcome import Outcome
from afwegen.models.profile import Profile

__all__ = ["Explains", "Model"]


@runtime_checkable
class Model(Protocol):
    """
    Anything with a name, a version, parameters and one pure method.

    No base class and no registry is needed to use one: ``compare(profile, [mine])`` takes any object of this shape.
    `afwegen.testing.check_model` checks what the types cannot say: the same profile gives the same outcome, whatever
    the order of judges and alternatives, and a profile without the judgements needed is a `ProfileError`.
    """

    @property
    def name(self) -> str:
        """The name under which it is found, for example ``"weighted-sum"``."""

    @property
    def version(self) -> str:
        """The version of its arithmetic; a change that can change an outcome changes it."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """Every parameter in its canonical spelling, sorted by name."""

    def evaluate(self, profile: Profile) -> Outcome:
        """Return what the model makes of *profile*; raise `ProfileError` when it lacks what the model needs."""


@runtime_checkable
class Explains(Protocol):
    """A model that can say why; `Outcome.why` asks it when it is asked."""

    def explain(self, outcome: Outcome, above: str, below: str | None) -> object:
        """Return frozen data with ``sentences(language="en" | "nl") -> tuple[str, ...]``."""
