"""The package as these tests see it: every module, imported and as a syntax tree."""

import ast
import importlib
import pkgutil
import subprocess
from pathlib import Path

import pytest
from attrs import frozen

import afwegen

PACKAGE = Path(afwegen.__file__).parent


@frozen(kw_only=True)
class Source:
    """One module of the package, unread by Python."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self):
        """The part of the package it stands in: ``models`` for ``afwegen.models.ahp``; empty for the package itself."""
        return [*self.name.split("."), ""][1]

    def imports(self):
        """Yield what is imported, however late, as (line, dotted name)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def at(self, line):
        """Where to look."""
        return f"{self.path.relative_to(PACKAGE.parent)}:{line}"


@pytest.fixture(scope="session")
def sources():
    """Every module of the package as a syntax tree."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Source(name=name, path=path, tree=ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


@pytest.fixture(scope="session")
def modules():
    """Every module of the package, imported."""
    names = (module.name for module in pkgutil.walk_packages(afwegen.__path__, "afwegen."))
    return (afwegen, *(importlib.import_module(name) for name in names))


@pytest.fixture(scope="session")
def tracked(root):
    """Every text file that git keeps, with its text."""
    # Also what is new and not ignored: a mistake is found before it is committed.
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    paths = [root / name for name in listed.split("\0") if name]
    assert paths
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}


def pytest_collection_modifyitems(items):
    """Mark what is about the repository, unless it says of itself that it holds on every Python."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("everywhere"):
            item.add_marker(pytest.mark.house)
