"""
Who may use what of others' packages, and who may look at the clock.

import-linter holds the order of our own rooms; this refuses any use it does not know, so that a new room needs leave.
"""

import ast

ALLOWED = {
    "cattrs": {"codec"},
    "click": {"cli"},
    "cryptography": {"audit"},
    "networkx": {"models", "weighing", "research", "report", "testing"},
    "numpy": {"models", "weighing", "research", "report", "testing"},
    "prov": {"interop"},
    "psycopg": {"stores"},
    "rich": {"cli"},
    "scipy": {"models", "weighing", "research", "report", "testing"},
    "sqlite3": {"stores"},
    "starlette": {"live"},
    "uvicorn": {"live"},
    "weasyprint": {"report"},
    # The clock, ids and the operating system's randomness are handed down by the session.
    "random": {"session"},
    "secrets": {"session"},
    "time": {"session"},
    "uuid": {"session"},
}
# To wait for a lock is not to ask what time it is: neither value ends up in anything that is kept.
WAITING = {("stores", "time.monotonic"), ("stores", "time.sleep")}
CLOCK = {"now", "utcnow", "today", "urandom", "getrandom"}


def test_others_packages_are_used_where_they_belong(sources):
    """Each package of others has its rooms; the rest of the house does not know it."""
    strays = [
        (source.at(line), name)
        for source in sources
        for line, name in source.imports()
        if source.room not in ALLOWED.get(name.split(".")[0], {source.room}) and (source.room, name) not in WAITING
    ]

    assert strays == []


def test_only_the_session_looks_at_the_clock(sources):
    """``datetime.now``, ``date.today`` and ``os.urandom`` make a pure function impure wherever they stand."""
    strays = [
        (source.at(node.lineno), ast.unparse(node))
        for source in sources
        for node in ast.walk(source.tree)
        if source.room != "session"
        and isinstance(node, ast.Attribute)
        and node.attr in CLOCK
        and ast.unparse(node.value).split(".")[-1] in {"datetime", "date", "os"}
    ]

    assert strays == []


def test_random_numbers_have_a_seed(sources):
    """A generator without a seed gives a result nobody can recompute."""
    strays = [
        (source.at(node.lineno), ast.unparse(node))
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"default_rng", "PCG64", "Philox", "SeedSequence", "RandomState"}
        and not (node.args or node.keywords)
    ]

    assert strays == []
