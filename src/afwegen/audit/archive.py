"""
The one way a bundle is packed: a ZIP file whose every octet follows from what is in it.

Members stand in a fixed order, uncompressed, without times, attributes, comments or gaps, so that the same content
gives the same file everywhere, and a flipped bit in any header is seen. Any tool that opens ZIP files opens it.

References:
    PKWARE, APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final
from zlib import crc32

from attrs import frozen

from afwegen.errors import FormatError, StoreError

__all__ = ["Archive", "pack"]

_LARGEST: Final = 2**32 - 2
_NEW_YEAR_1980: Final = 0x21
_VERSION: Final = 10
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_SIZES: Final = struct.Struct("<LLL")
_SIZES_AT: Final = 16
_CHUNK: Final = 8 * 1024


@frozen
class _Member:
    name: bytes
    crc: int
    size: int
    offset: int

    def local(self) -> bytes:
        fields = (b"PK\3\4", _VERSION, 0, 0, 0, _NEW_YEAR_1980, self.crc, self.size, self.size, len(self.name), 0)
        return _LOCAL.pack(*fields) + self.name

    def central(self) -> bytes:
        sizes = (self.crc, self.size, self.size, len(self.name))
        fields = (b"PK\1\2", _VERSION, _VERSION, 0, 0, 0, _NEW_YEAR_1980, *sizes, 0, 0, 0, 0, 0, self.offset)
        return _CENTRAL.pack(*fields) + self.name

    @property
    def begin(self) -> int:
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        return self.begin + self.size


def pack(path: str | os.PathLike[str], members: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """
    Write an archive, whole or not at all.

    Args:
        path: The file.
        members: Name and lines of each, in order; the lines are given without their newline.

    Raises:
        StoreError: The file cannot be written, or would pass 4 GiB.
    """
    target = Path(path)
    beside = target.with_name(f"{target.name}.new")
    try:
        with beside.open("wb") as file:
            _pack(file, members)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreError(f"the bundle cannot be written ({error.strerror})", "name another file", str(path)) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _pack(file: BinaryIO, members: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    written: list[_Member] = []
    offset = 0
    for name, lines in members:
        file.write(_Member(name.encode(), 0, 0, offset).local())
        crc = size = 0
        for line in lines:
            whole = line + b"\n"
            crc, size = crc32(whole, crc), size + len(whole)
            file.write(whole)
        member = _Member(name.encode(), crc, size, offset)
        if member.end > _LARGEST:
            raise StoreError("a bundle stays below 4 GiB", "make one of each session", member.end)
        file.seek(offset)
        file.write(member.local())
        offset = file.seek(member.end)
        written.append(member)
    file.write(_directory(written, offset))


def _directory(members: list[_Member], offset: int) -> bytes:
    central = b"".join(member.central() for member in members)
    return central + _END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(central), offset, 0)


class Archive:
    """
    An archive that is read line by line, in flat memory.

    Args:
        path: The file.
        names: Its members, in order; no more and no fewer.

    Raises:
        FormatError: It is no such archive, to the octet.
    """

    def __init__(self, path: str | os.PathLike[str], names: Iterable[str]) -> None:
        self.path = Path(path)
        try:
            with self.path.open("rb") as file:
                self._members = {member.name.decode(): member for member in _inspected(file, str(path), tuple(names))}
        except OSError as error:
            raise FormatError(
                f"the bundle cannot be read ({error.strerror})", "see to the file", file=str(path)
            ) from error

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """
        Yield the lines of a member, without their newlines.

        Args:
            name: The member.
            longest: Octets of a line, at most.

        Raises:
            FormatError: A line is too long or not ended, or the member is not what its checksum was made of.
        """
        number, begun = 0, b""
        for chunk in self._chunks(name):
            *lines, begun = (begun + chunk).split(b"\n")
            for line in lines:
                number += 1
                if len(line) > longest:
                    raise self.wrong(name, number, "this line is longer than it may be")
                yield line
            if len(begun) > longest:
                raise self.wrong(name, number + 1, "this line is longer than it may be")
        if begun:
            raise self.wrong(name, number + 1, "this line does not end")

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Yield the octets of a member, each time twice as many where no line ended: a long line is joined cheaply."""
        member = self._members[name]
        crc, left, most = 0, member.size, _CHUNK
        with self.path.open("rb") as file:
            file.seek(member.begin)
            while left:
                chunk = file.read(min(left, most))
                if not chunk:
                    raise self.wrong(name, 0, "the bundle was cut off while it was read")
                crc, left = crc32(chunk, crc), left - len(chunk)
                most = _CHUNK if b"\n" in chunk else most * 2
                yield chunk
        if crc != member.crc:
            raise self.wrong(name, 0, "what is in the bundle is not what its checksum was made of")

    def wrong(self, name: str, line: int, what: str) -> FormatError:
        """Make the error for a line of a member."""
        return FormatError(what, "ask for the bundle once more", file=f"{self.path.name}/{name}", line=line)


def _inspected(file: BinaryIO, path: str, names: tuple[str, ...]) -> list[_Member]:
    """Read the directory, and insist that nothing else is in the file than what follows from it."""
    length = file.seek(0, os.SEEK_END)
    central = sum(_CENTRAL.size + len(name) for name in names)
    start = length - _END.size - central
    if start < 0:
        raise _no_bundle(path, "it is too short")
    file.seek(start)
    found = file.read()
    members, at, offset = [], 0, 0
    for name in names:
        crc, size, _ = _SIZES.unpack_from(found, at + _SIZES_AT)
        member = _Member(name.encode(), crc, size, offset)
        if member.end > start:
            raise _no_bundle(path, "its directory does not fit")
        file.seek(offset)
        if file.read(_LOCAL.size + len(name)) != member.local():
            raise _no_bundle(path, f"{name} is not where it belongs")
        at, offset = at + _CENTRAL.size + len(name), member.end
        members.append(member)
    if offset != start or found != _directory(members, offset):
        raise _no_bundle(path, "its directory is not that of its members")
    return members


def _no_bundle(path: str, why: str) -> FormatError:
    return FormatError(f"this file is no bundle: {why}", "ask for it once more: it may have been cut off", file=path)
