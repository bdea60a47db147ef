"""
Records as JSON lines: what a viewer may see of a session, in a file that anybody can read, and read back here.

The first line says what the file is; each line after it is one record, in canonical form, so that the same session
exported twice gives the same octets. A value that is not there says why: ``{"absent":"hidden"}``, ``"erased"`` or
``"missing"``. An export is a view: it holds what was seen, and no commitments or salts with which to prove it.
"""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from afwegen.errors import AfwegenError, CodecError, FormatError
from afwegen.events import Record
from afwegen.interop import plain
from afwegen.log import canonical
from afwegen.session import Session

__all__ = ["FORMAT", "Export", "is_export", "lines", "read"]

FORMAT: Final = "afwegen-export/1"
_HEADER: Final = frozenset({"format", "records", "root", "session", "viewer"})
_FETCH: Final = "export the session again"


@frozen(kw_only=True)
class Export:
    """
    An export on disk: what its first line says, and its records when they are asked for.

    Attributes:
        path: The file.
        session: The id of the session.
        length: How many records it holds.
        root: The root of the session when it was exported, in hexadecimal.
        viewer: Whose view it is; None for the public.
    """

    path: Path
    session: str
    length: int
    root: str
    viewer: str | None

    def records(self, stop: int | None = None) -> Iterator[Record[Any]]:
        """
        Yield the records, in flat memory; the first *stop* of them where that is given.

        Raises:
            FormatError: A line is no record, or lines are missing or too many; the line is named.
        """
        name, wanted = self.path.name, self.length if stop is None else min(stop, self.length)
        found = 0
        with self.path.open("rb") as file:
            next(file, None)
            for seq, line in zip(range(wanted), file, strict=False):
                yield _record(line, seq, self.session, name, seq + 2)
                found = seq + 1
            more = stop is None and next(file, None)
        if found < wanted or more:
            what = f"the file does not hold {self.length} records, as its first line says"
            raise FormatError(what, _FETCH, file=name, line=found + 2)


def lines(session: Session, *, viewer: str | None = None) -> Iterator[str]:
    """
    Yield the lines of an export, each with its newline.

    Args:
        session: What to export, as far as it was read.
        viewer: Whose view; None for the public, for whom people go by pseudonyms.

    Raises:
        RuleViolation: The session does not know this person.
    """
    length = session.state.length
    head = {
        "format": FORMAT,
        "records": length,
        "root": session.store.head(session.id).frontier.root.hex(),
        "session": session.id,
        "viewer": viewer,
    }
    yield _line(head)
    for record in session.records_seen_by(viewer):
        yield _line(plain.write_record(record))


def _line(value: Any) -> str:
    return f"{canonical.encode(value).decode()}\n"


def is_export(path: str | PathLike[str]) -> bool:
    """
    Say whether a file begins like an export.

    Raises:
        OSError: It cannot be read.
    """
    with Path(path).open("rb") as file:
        return file.read(len(FORMAT) + 11).startswith(f'{{"format":"{FORMAT}'.encode())


def read(path: str | PathLike[str]) -> Export:
    """
    Open an export: its first line is read at once, the records when they are asked for.

    Raises:
        FormatError: The first line is not that of an export.
        OSError: There is no such file, or it cannot be read.
    """
    file = Path(path)
    with file.open("rb") as opened:
        head = _parsed(opened.readline(), file.name, 1)
    if not isinstance(head, dict) or head.keys() != _HEADER or head["format"] != FORMAT:
        raise FormatError("this is no export of a session", "make one with afwegen export", head, file.name, 1)
    viewer = head["viewer"]
    texts = isinstance(viewer, str | None) and isinstance(head["session"], str) and isinstance(head["root"], str)
    if type(head["records"]) is not int or head["records"] < 0 or not texts:
        raise FormatError("the first line does not say what the file holds", _FETCH, head, file.name, 1)
    return Export(path=file, session=head["session"], length=head["records"], root=head["root"], viewer=viewer)


def _parsed(line: bytes, file: str, number: int) -> Any:
    try:
        return canonical.decode(line.removesuffix(b"\n"))
    except AfwegenError as error:
        raise FormatError(f"the line is not as it was written: {error.what}", _FETCH, line[:80], file, number) from None


def _record(line: bytes, seq: int, session: str, file: str, number: int) -> Record[Any]:
    try:
        record = plain.read_record(_parsed(line, file, number))
    except CodecError as error:
        raise FormatError(f"the line is no record: {error.what}", error.do, error.got, file, number) from None
    if (record.session, record.seq) != (session, seq):
        what = f"record {seq} of {session} comes next"
        raise FormatError(what, _FETCH, (record.session, record.seq), file, number)
    return record
