"""
Models by name: ours, and those that other distributions publish under the entry point ``afwegen.models``.

No registry is needed to use a model; this one serves whoever has only its name: a command line, a stored result.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import metadata
from typing import Final

from attrs import frozen

from afwegen.errors import ModelError
from afwegen.models.contract import Model

__all__ = ["GROUP", "Origin", "Registered", "find", "known", "make", "origin_of"]

GROUP: Final = "afwegen.models"
"""The entry-point group under which a distribution publishes its models."""

_OURS: Final = ("weighted-sum", "ahp", "consensus-graph")


@frozen(kw_only=True)
class Origin:
    """Where a model comes from, for a recorded result: its name, and the distribution with its version."""

    name: str
    distribution: str
    version: str


@frozen(kw_only=True)
class Registered:
    """A model that can be made by name."""

    origin: Origin
    make: Callable[..., object]


def find(name: str) -> Registered:
    """
    Return the model registered as *name*; other distributions are looked at on the first name that is not ours.

    Raises:
        ModelError: Nobody publishes it, two distributions do, or it cannot be loaded.
    """
    if name in _OURS:
        return _ours(name)
    if (entries := _published().get(name)) is None:
        raise ModelError("an unknown model", do=f"choose one of {(*_OURS, *_published())}", got=name)
    return _loaded(name, entries)


def known() -> tuple[Registered, ...]:
    """
    Return every model that is installed, ours first, the others by name.

    Raises:
        ModelError: One cannot be loaded, or a name is published twice.
    """
    return tuple(find(name) for name in (*_OURS, *_published()))


def make(name: str, **parameters: object) -> Model:
    """
    Make the model registered as *name*.

    Raises:
        ModelError: There is no such model, it does not take these parameters, or what comes out is no model.
    """
    registered = find(name)
    try:
        model = registered.make(**parameters)
    except TypeError as error:
        raise ModelError(f"{name!r} does not take these parameters", do=str(error), got=parameters) from error
    if not isinstance(model, Model) or model.name != name:
        raise ModelError(
            f"what {registered.origin.distribution} publishes as {name!r} is no model of that name",
            do="see afwegen.models.contract.Model",
            got=model,
        )
    return model


def origin_of(model: Model) -> Origin:
    """
    Return where *model* comes from.

    A model that nobody publishes has no distribution, and its own version.
    """
    try:
        registered = find(model.name)
    except ModelError:
        return Origin(name=model.name, distribution="", version=model.version)
    if registered.make is type(model):
        return registered.origin
    return Origin(name=model.name, distribution="", version=model.version)


@cache
def _ours(name: str) -> Registered:
    import afwegen.models as rooms

    classes = {"weighted-sum": "WeightedSum", "ahp": "AHP", "consensus-graph": "ConsensusGraph"}
    try:
        version = metadata.version("afwegen")
    except metadata.PackageNotFoundError:
        version = "unknown"
    origin = Origin(name=name, distribution="afwegen", version=version)
    return Registered(origin=origin, make=getattr(rooms, classes[name]))


@cache
def _published() -> Mapping[str, tuple[metadata.EntryPoint, ...]]:
    """Look once through everything that is installed; it takes tens of milliseconds."""
    found: dict[str, tuple[metadata.EntryPoint, ...]] = {}
    for entry in metadata.entry_points(group=GROUP):
        if _distribution(entry) != "afwegen":
            found[entry.name] = (*found.get(entry.name, ()), entry)
    for name in _OURS:
        if name in found:
            raise _doubled(name, ("afwegen", *map(_distribution, found[name])))
    return {name: found[name] for name in sorted(found)}


@cache
def _loaded(name: str, entries: tuple[metadata.EntryPoint, ...]) -> Registered:
    if len(entries) > 1:
        raise _doubled(name, tuple(map(_distribution, entries)))
    distribution = _distribution(entries[0])
    try:
        maker = entries[0].load()
    except Exception as error:  # a plug-in may fail in any way it likes: it gets its name on it
        raise ModelError(f"the model {name!r} of {distribution} cannot be loaded", do=repr(error), got=name) from error
    if not callable(maker):
        raise ModelError(f"the model {name!r} of {distribution} cannot be called", do="publish its class", got=maker)
    version = entries[0].dist.version if entries[0].dist else "unknown"
    return Registered(origin=Origin(name=name, distribution=distribution, version=version), make=maker)


def _doubled(name: str, distributions: tuple[str, ...]) -> ModelError:
    return ModelError(f"the model {name!r} is published twice", do="uninstall one of them", got=distributions)


def _distribution(entry: metadata.EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unnamed distribution"
