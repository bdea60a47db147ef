"""One tree of errors: whoever catches AfwegenError has caught all of ours."""

import ast
import builtins
import pickle

import pytest

from afwegen import errors
from afwegen.errors import AfwegenError

EXEMPT = {
    ("afwegen.log.canonical", "ValueError"): "json's parse_constant speaks by raising; the caller turns it into ours",
}


def classes(modules):
    """Yield every exception class defined in the package."""
    for module in modules:
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, BaseException) and thing.__module__.startswith("afwegen"):
                yield thing


def test_every_error_of_ours_has_one_root(modules):
    """No exception class stands beside the tree, and each is public in ``afwegen.errors``."""
    found = set(classes(modules))

    assert [error for error in found if not issubclass(error, AfwegenError)] == []
    assert {error.__name__ for error in found} == set(errors.__all__)


def test_every_error_is_also_one_a_caller_expects():
    """Who catches ValueError, LookupError and the like need not know us."""
    for name in errors.__all__:
        bases = set(getattr(errors, name).__mro__) - {AfwegenError, Exception, BaseException, object}
        assert name == "AfwegenError" or any(base.__module__ == "builtins" for base in bases), name


def test_the_tree_is_drawn_as_it_is():
    """The picture in the docstring shows every class."""
    drawn = [word for word in errors.__doc__.replace("\n", " ").split() if word in errors.__all__]

    assert sorted(set(drawn)) == sorted(errors.__all__)


def test_nothing_is_asserted_or_raised_bare(sources):
    """
    ``raise ValueError`` and ``assert`` say neither the value nor what to do.

    A check in ``testing`` may assert, and ``assert x is not None`` tells a type checker what is known.
    """
    bare = {name for name in dir(builtins) if name.endswith("Error")}
    bare -= {"NotImplementedError", "AttributeError", "StopIteration"}  # Python's own protocols ask for these
    found = []
    for source in (source for source in sources if source.room != "testing"):
        for node in ast.walk(source.tree):
            raised = node.exc if isinstance(node, ast.Raise) else None
            name = getattr(raised.func if isinstance(raised, ast.Call) else raised, "id", None)
            if isinstance(node, ast.Assert) and not ast.unparse(node.test).endswith(" is not None"):
                name = "assert"
            if (name == "assert" or name in bare) and (source.name, name) not in EXEMPT:
                found.append((source.at(node.lineno), name))

    assert found == []


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_that_is_copied_or_sent_says_the_same(name):
    """Pools of processes send errors by pickle."""
    error = errors.MissingExtra("rich", "cli") if name == "MissingExtra" else getattr(errors, name)("a", "b", None)
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
