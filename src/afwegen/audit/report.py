"""What a verification found, level by level."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from attrs import frozen

from afwegen.errors import AfwegenError, CodecError, IntegrityError

__all__ = ["NAMES", "Level", "Report", "Tally", "Verdict", "all_passed", "required_levels"]

NAMES: Final = {
    1: "encoding",
    2: "roots",
    3: "consistency",
    4: "rules",
    5: "openings",
    6: "results",
    7: "erasure",
}
"""The levels, and what each is about."""

_SHOWN: Final = 5


class Verdict(StrEnum):
    """What a level came to; never PASS because something was not there."""

    PASS = "PASS"  # noqa: S105 - the word of a report, not a password
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"


@frozen(kw_only=True)
class Level:
    """
    One level of a verification.

    Attributes:
        number: 1 to 7.
        verdict: Whether it passed, failed, or could not be judged.
        said: What was looked at, or why it was not, in one sentence.
        checked: How many of the things it is about were judged.
        of: How many there are.
        findings: What is wrong, the first few; empty unless it failed.
        left_open: What of it could not be looked at for want of something that was not given.
        notes: What there is to know besides: what was erased, and why.
    """

    number: int
    verdict: Verdict
    said: str
    checked: int = 0
    of: int = 0
    findings: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the level is about, in one word."""
        return NAMES[self.number]


@frozen(kw_only=True)
class Report:
    """
    What a verification found.

    Attributes:
        session: The id asked for.
        length: How many entries were read.
        root: The root recomputed from them, in hexadecimal.
        levels: The seven, in order.
        required: The levels that must have passed, not merely not have failed.
    """

    session: str
    length: int
    root: str
    levels: tuple[Level, ...]
    required: tuple[int, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether nothing failed, and everything required passed."""
        return all_passed(self.levels, self.required)

    @property
    def exit_code(self) -> int:
        """Return 0 where it passed, else 1."""
        return 0 if self.passed else 1

    def __getitem__(self, number: int) -> Level:
        """Return a level by its number."""
        return self.levels[number - 1]


def all_passed(levels: Iterable[Level], required: Iterable[int]) -> bool:
    """Say whether nothing failed, and everything required passed with nothing of it left open."""
    demanded = frozenset(required)
    return not any(
        level.verdict is Verdict.FAIL
        or (level.number in demanded and (level.verdict is not Verdict.PASS or level.left_open))
        for level in levels
    )


def required_levels(levels: Iterable[int]) -> tuple[int, ...]:
    """
    Return which levels were required, each once, in order.

    Raises:
        AfwegenError: One of them is no level.
    """
    given = tuple(levels)
    for number in given:
        if type(number) is not int or number not in NAMES:
            raise AfwegenError("there is no such level", "choose from 1 to 7", number)
    return tuple(sorted(set(given)))


class Tally:
    """A level that is being judged: how much was, what was wrong, why something could not be."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.judged = 0
        self.wrong = 0
        self.findings: list[str] = []
        self.why: list[str] = []
        self.left_open: list[str] = []
        self.notes: list[str] = []

    def fail(self, finding: object) -> None:
        """Note that something is wrong; only the first few are kept in words."""
        self.wrong += 1
        if len(self.findings) < _SHOWN:
            self.findings.append(str(finding))

    def skip(self, why: object) -> None:
        """Note why something could not be judged; only the first few are kept in words."""
        if len(self.why) < _SHOWN and str(why) not in self.why:
            self.why.append(str(why))

    def leave_open(self, what: str) -> None:
        """Note what could not be looked at for want of something that was not given."""
        if what not in self.left_open:
            self.left_open.append(what)

    def note(self, what: str) -> None:
        """Note what there is to know besides."""
        self.notes.append(what)

    def absorb(self, other: "Tally", where: str) -> None:
        """Take over what was found of one of several."""
        self.judged += other.judged
        self.wrong += other.wrong
        self.findings += [f"{where}: {finding}" for finding in other.findings][: _SHOWN - len(self.findings)]
        self.notes += other.notes
        for why in other.why:
            self.skip(why)
        for what in other.left_open:
            self.leave_open(what)

    def attempt(self, check: Callable[[], object]) -> None:
        """Run a check, and note what it finds wrong."""
        try:
            check()
        except (IntegrityError, CodecError) as error:
            self.fail(error)

    def level(self, said: str, of: int) -> Level:
        """Return the level as judged: failed if anything is wrong, passed only if all *of* it was judged."""
        if self.wrong:
            more = (f"and {self.wrong - len(self.findings):,} more",) if self.wrong > len(self.findings) else ()
            return self._level(Verdict.FAIL, f"found wrong: {self.wrong:,}", of, (*self.findings, *more))
        if self.judged < of:
            reasons = "; ".join(self.why)
            return self._level(Verdict.NOT_CHECKED, f"{of - self.judged:,} of {of:,}: {reasons}", of)
        return self._level(Verdict.PASS, said, of)

    def _level(self, verdict: Verdict, said: str, of: int, findings: tuple[str, ...] = ()) -> Level:
        checked = min(self.judged, of)
        return Level(
            number=self.number,
            verdict=verdict,
            said=said,
            checked=checked,
            of=of,
            findings=findings,
            left_open=tuple(self.left_open),
            notes=tuple(self.notes),
        )
