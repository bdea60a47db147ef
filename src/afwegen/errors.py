"""
Everything afwegen raises, in one tree.

.. code-block:: text

    AfwegenError
    ├── RuleViolation       ValueError    the method does not allow this act in this state
    ├── ConflictError       RuntimeError  somebody else wrote first, and the act settles something
    ├── CodecError          ValueError    a value that cannot stand in the log, or bytes that are no entry
    ├── StoreError          RuntimeError  a store that cannot be opened, read or written
    │   └── UnknownSession  LookupError   a store that does not hold the session asked for
    ├── ProjectionError     RuntimeError  what is derived from the feed is not built, or its code failed
    ├── IntegrityError      ValueError    what is stored is not what was written
    ├── ProfileError        ValueError    preferences that are missing or contradict themselves
    ├── ModelError          ValueError    a model, or a parameter of one, that does not exist or cannot be applied
    ├── FormatError         ValueError    a file that is not what its format says, with the line
    └── MissingExtra        ImportError   an optional dependency that is not installed

Each says what is wrong, shows the value, and says what to do. An error never leaves half a change behind.
"""

from typing import Final

__all__ = [
    "AfwegenError",
    "CodecError",
    "ConflictError",
    "FormatError",
    "IntegrityError",
    "MissingExtra",
    "ModelError",
    "ProfileError",
    "ProjectionError",
    "RuleViolation",
    "StoreError",
    "UnknownSession",
]


class _Nothing:
    def __repr__(self) -> str:
        return "nothing to show"

    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()
"""Stands for "no value to show": ``None`` may be the value that is wrong."""

_LONGEST_SHOWN = 200


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


class AfwegenError(Exception):
    """
    The root of the tree: catch this to catch all of ours.

    Attributes:
        what: What is wrong, in one phrase.
        do: What to do about it; empty when nothing can be done.
        got: The offending value, or ``NOTHING``.
    """

    def __init__(self, what: str, do: str = "", got: object = NOTHING) -> None:
        super().__init__(what, do, got)
        self.what = what
        self.do = do
        self.got = got

    def __str__(self) -> str:
        got = "" if self.got is NOTHING else f" (got {_shown(self.got)})"
        do = f": {self.do}" if self.do else ""
        return f"{self.what}{got}{do}"


class RuleViolation(AfwegenError, ValueError):
    """The method does not allow this act in this state; nothing was recorded."""


class ConflictError(AfwegenError, RuntimeError):
    """
    Somebody else wrote first, and the act could not be admitted again by itself.

    Attributes:
        expected: The length of the log the act was meant for.
        found: The length it has.
        news: The records in between, as far as they are known.
    """

    def __init__(
        self,
        what: str,
        do: str = "",
        got: object = NOTHING,
        expected: int = 0,
        found: int = 0,
        news: tuple[object, ...] = (),
    ) -> None:
        super().__init__(what, do, got)
        self.args = (what, do, got, expected, found, news)
        self.expected = expected
        self.found = found
        self.news = news


class CodecError(AfwegenError, ValueError):
    """A value that cannot stand in the log, or bytes that are no entry of it."""


class StoreError(AfwegenError, RuntimeError):
    """A store that cannot be opened, read or written."""


class UnknownSession(StoreError, LookupError):
    """The store does not hold the session asked for."""


class IntegrityError(AfwegenError, ValueError):
    """What is stored is not what was written, or a proof does not prove."""


class ProjectionError(AfwegenError, RuntimeError):
    """A projection that is not built yet, or whose own code failed; nothing of what it was given is half applied."""


class ProfileError(AfwegenError, ValueError):
    """Preferences that are missing, out of range, or contradict themselves."""


class ModelError(AfwegenError, ValueError):
    """A model, or a parameter of one, that does not exist or cannot be applied."""


class FormatError(AfwegenError, ValueError):
    """
    A file that is not what its format says.

    Attributes:
        file: The name of the file.
        line: The line, counted from 1.
    """

    def __init__(self, what: str, do: str = "", got: object = NOTHING, file: str = "", line: int = 0) -> None:
        super().__init__(what, do, got)
        self.args = (what, do, got, file, line)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {super().__str__()}"


class MissingExtra(AfwegenError, ImportError):
    """An optional dependency that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed", f"pip install 'afwegen[{extra}]'")
        self.args = (package, extra)
