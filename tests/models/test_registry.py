"""Models are found by name; a plug-in that is broken or doubled is told by its name."""

from importlib import metadata

import pytest

from afwegen.errors import ModelError
from afwegen.models import registry


@pytest.fixture
def installed(monkeypatch):
    """Install entry points out of thin air, and forget them afterwards."""

    def install(*published):
        entries = [Entry(name, value, "afwegen.models", distribution) for name, value, distribution in published]
        monkeypatch.setattr(registry.metadata, "entry_points", lambda **_: entries)
        forget()

    def forget():
        registry._published.cache_clear()
        registry._loaded.cache_clear()

    yield install
    forget()


class Distribution:
    def __init__(self, name):
        self.name, self.version = name, "1.2"


class Entry(metadata.EntryPoint):
    def __init__(self, name, value, group, distribution):
        super().__init__(name, value, group)
        vars(self)["dist"] = Distribution(distribution)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("no_such_module:Model", "cannot be loaded"),
        ("math:nothing", "cannot be loaded"),
        ("math:pi", "cannot be called"),
    ],
)
def test_a_broken_plug_in_is_named(installed, value, what):
    """With the distribution it comes from."""
    installed(("lottery", value, "afwegen-lottery"))
    with pytest.raises(ModelError, match=f"'lottery' of afwegen-lottery {what}"):
        registry.find("lottery")


def test_what_is_no_model_is_refused(installed):
    """A callable that makes something else, or wants something else."""
    installed(("lottery", "builtins:dict", "afwegen-lottery"))
    with pytest.raises(ModelError, match="no model of that name"):
        registry.make("lottery")
    installed(("lottery", "math:sqrt", "afwegen-lottery"))
    with pytest.raises(ModelError, match="does not take these parameters"):
        registry.make("lottery", seed=1)


def test_a_doubled_plug_in_is_named(installed):
    """Two distributions with one name, or one with a name of ours."""
    installed(("lottery", "math:sqrt", "one"), ("lottery", "math:sqrt", "other"))
    with pytest.raises(ModelError, match=r"'lottery' is published twice.*'one', 'other'"):
        registry.find("lottery")
    installed(("ahp", "math:sqrt", "other"))
    with pytest.raises(ModelError, match=r"'ahp' is published twice.*'afwegen', 'other'"):
        registry.known()


def test_other_distributions_are_looked_at_once(installed, monkeypatch):
    """On the first name that is not ours, and not again."""
    installed(("lottery", "math:sqrt", "afwegen-lottery"))
    found = registry.find("lottery")
    monkeypatch.setattr(registry.metadata, "entry_points", None)
    assert registry.find("lottery") is found
    assert found.origin == registry.Origin(name="lottery", distribution="afwegen-lottery", version="1.2")


def test_an_unknown_model_is_told_what_there_is(installed):
    """All names that could have been meant."""
    installed(("lottery", "math:sqrt", "afwegen-lottery"))
    with pytest.raises(ModelError, match="'weighted-sum', 'ahp', 'consensus-graph', 'lottery'"):
        registry.find("lotery")
