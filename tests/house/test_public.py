"""What is public is documented."""

import ast
import inspect
import re

# Rooms a user imports from; each has a page of the reference.
PUBLIC = (
    "afwegen",
    "afwegen.audit",
    "afwegen.errors",
    "afwegen.events",
    "afwegen.live",
    "afwegen.models",
    "afwegen.report",
    "afwegen.stores",
    "afwegen.testing",
)


def test_every_module_says_what_it_is(modules):
    """Nobody need guess what a file is for."""
    assert [module.__name__ for module in modules if not (module.__doc__ or "").strip()] == []


def test_every_public_name_is_there_and_says_what_it_is(modules):
    """``__all__`` names what exists, and every class and function in it has a docstring of its own."""
    silent = []
    for module in modules:
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            ours = getattr(thing, "__module__", "").startswith("afwegen")
            if ours and (inspect.isclass(thing) or inspect.isroutine(thing)) and not (thing.__doc__ or "").strip():
                silent.append(f"{module.__name__}.{name}")

    assert silent == []


def test_every_public_method_says_what_it_is(sources):
    """A public function or method of a public class has a docstring, unless it keeps Python's own promise."""
    silent = []
    for source in sources:
        public = {
            node.name for node in source.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        }
        for cls in (node for node in source.tree.body if isinstance(node, ast.ClassDef) and node.name in public):
            for method in cls.body:
                plain = isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith("_")
                if plain and not ast.get_docstring(method):
                    silent.append(f"{source.at(method.lineno)} {cls.name}.{method.name}")

    assert silent == []


def test_every_public_room_has_a_page(root):
    """The reference is written from the docstrings of these rooms."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (root / "docs" / "reference").rglob("*.md"))
    shown = set(re.findall(r"automodule:: ([\w.]+)", pages))

    assert set(PUBLIC) - shown == set()
