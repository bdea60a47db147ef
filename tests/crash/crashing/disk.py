"""
A disk that can lose its power.

SQLite writes through it to real files, and it keeps a trace of all it was asked. From any point of that trace it tells
what could be found after a power loss there: what was synced is there; of what was not, anything may be there or not,
in any combination, sector by sector. So one run of a writer can be brought down in a thousand ways.

What is assumed of the disk, as SQLite assumes it: a sync is one; a write touches no octet beside those it writes
(powersafe overwrite); of what lies in one sector of a write all is there, or nothing.

References:
    SQLite documentation: Atomic Commit In SQLite, sections 2 and 9; Powersafe Overwrite; The SQLite OS Interface.
"""

from itertools import count, pairwise
from pathlib import Path

import apsw
from attrs import field, frozen, mutable

SECTOR = 512
WAYS = ("dropped", "ordered", "reordered", "torn")
"""What becomes of what was not synced: nothing of it, a beginning of it, some writes, some sectors."""

_NUMBERS = count()
_SYNCED_WITH_FOLDER = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL


@frozen
class Asked:
    """
    One thing the disk was asked; or what somebody noted beside it.

    Attributes:
        what: create, delete, write, truncate, sync, folder (a sync of the folder), or the kind of a note.
        file: Which file; a name that is made again is another file.
        at: The offset of a write, the size to truncate to.
        data: What is written, the name that is created or deleted, or the note.
    """

    what: str
    file: int = -1
    at: int = 0
    data: object = b""


class Disk(apsw.VFS):
    """
    A VFS of SQLite over the files of one folder.

    Attributes:
        folder: Where the files really lie, as they would be without a power loss.
        trace: All that was asked, in order.
    """

    def __init__(self, folder):
        self.folder, self.trace = Path(folder), []
        self.vfs = f"losing power {next(_NUMBERS)}"
        self._files, self._fresh = {}, count()
        for path in sorted(self.folder.iterdir()):
            self._add(str(path))
            number = self._files[str(path)]
            self.trace += [Asked("write", number, 0, path.read_bytes()), Asked("sync", number)]
        self.trace.append(Asked("folder"))
        super().__init__(self.vfs, "")

    def note(self, what, said):
        """Put into the trace what a writer does, or was told."""
        self.trace.append(Asked(what, data=said))

    def noted(self, what, moment):
        """Return what was noted before a moment of the trace."""
        return [asked.data for asked in self.trace[:moment] if asked.what == what]

    def after_power_loss(self, moment, way, luck):
        """
        Return what may be found on the disk after a power loss: names and octets.

        Args:
            moment: How much of the trace had happened.
            way: One of WAYS.
            luck: A seeded ``random.Random``.
        """
        found = _Platter()
        for asked in self.trace[:moment]:
            found.do(asked)
        return found.after(way, luck)

    def xOpen(self, name, flags):  # noqa: N802 - the names are SQLite's
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        file = _File(self, name, flags)
        if path is not None:
            if path not in self._files:
                self._add(path)
            file.number, file.with_folder = self._files[path], bool(flags[0] & _SYNCED_WITH_FOLDER)
        return file

    def xDelete(self, name, sync):  # noqa: N802
        super().xDelete(name, sync)
        self.trace.append(Asked("delete", self._files.pop(name), data=Path(name).name))
        if sync:
            self.trace.append(Asked("folder"))

    def _add(self, path):
        self._files[path] = next(self._fresh)
        self.trace.append(Asked("create", self._files[path], data=Path(path).name))


class _File(apsw.VFSFile):
    """An open file; a temporary one, without a number, is not watched."""

    def __init__(self, disk, name, flags):
        self.disk, self.number, self.with_folder = disk, None, False
        super().__init__("", name, flags)

    def xWrite(self, data, offset):  # noqa: N802
        super().xWrite(data, offset)
        self._asked("write", offset, bytes(data))

    def xTruncate(self, size):  # noqa: N802
        super().xTruncate(size)
        self._asked("truncate", size)

    def xSync(self, _):  # noqa: N802 - and never carried out: the real file need not survive anything
        self._asked("sync")
        if self.with_folder:
            # As SQLite does by itself, on Unix, when it first syncs a journal it has made.
            self.disk.trace.append(Asked("folder"))
            self.with_folder = False

    def _asked(self, what, at=0, data=b""):
        if self.number is not None:
            self.disk.trace.append(Asked(what, self.number, at, data))


@mutable
class _Inode:
    """One file: what is safe, and what is under way."""

    safe: bytearray = field(factory=bytearray)
    pending: list = field(factory=list)

    def sync(self):
        for asked in self.pending:
            _apply(self.safe, asked)
        self.pending.clear()

    def after(self, way, luck):
        """Return what may be left of it."""
        left = bytearray(self.safe)
        for asked in _survivors(self.pending, way, luck):
            _apply(left, asked)
        return bytes(left)


@mutable
class _Platter:
    """What is on the disk: files by number, their names as they are safe, and the changes of names under way."""

    files: dict = field(factory=dict)
    names: dict = field(factory=dict)
    changes: list = field(factory=list)

    def do(self, asked):
        """Carry out what was asked."""
        match asked.what:
            case "create":
                self.files[asked.file] = _Inode()
                self.changes.append((asked.data, asked.file))
            case "delete":
                self.changes.append((asked.data, None))
            case "write" | "truncate":
                self.files[asked.file].pending.append(asked)
            case "sync":
                self.files[asked.file].sync()
            case "folder":
                self.names.update(self.changes)
                self.changes.clear()

    def after(self, way, luck):
        """Return names and octets; a folder keeps its order: the changes that survive are its first ones."""
        survive = 0 if way == "dropped" else luck.randint(0, len(self.changes))
        names = self.names | dict(self.changes[:survive])
        return {name: self.files[number].after(way, luck) for name, number in names.items() if number is not None}


def _apply(octets, asked):
    end = asked.at + len(asked.data)
    if asked.what == "truncate":
        del octets[asked.at :]
    # Where a file is made longer than it is, zeros are found in between.
    octets.extend(bytes(max(0, end - len(octets))))
    octets[asked.at : end] = asked.data


def _survivors(pending, way, luck):
    """Return what reached the disk of what was not synced."""
    if way == "dropped":
        return []
    if way == "ordered":
        keep = luck.randint(0, len(pending))
        return [*pending[:keep], *(_some(_sectors(pending[keep]), luck) if keep < len(pending) else ())]
    if way == "reordered":
        return _some(pending, luck)
    return _some([sector for asked in pending for sector in _sectors(asked)], luck)


def _some(things, luck):
    """Return some, in their order; how many there are is drawn as well, so that few and nearly all are seen."""
    share = luck.choice((0.1, 0.5, 0.9))
    return [each for each in things if luck.random() < share]


def _sectors(asked):
    """Return the parts of a write, each within one sector; anything else is one part."""
    if asked.what != "write":
        return [asked]
    end = asked.at + len(asked.data)
    bounds = [asked.at, *range(asked.at - asked.at % SECTOR + SECTOR, end, SECTOR), end]
    return [
        Asked("write", asked.file, start, asked.data[start - asked.at : stop - asked.at])
        for start, stop in pairwise(bounds)
    ]
