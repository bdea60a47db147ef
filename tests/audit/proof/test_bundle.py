"""Bundles: one spelling, everything an auditor needs, and a message of its own for everything that is wrong."""

import json
import tracemalloc
import zipfile

import pytest

from afwegen import Session
from afwegen.audit import Checkpoint, Key, KeyList, Notary, Verdict, verify_bundle, write_bundle
from afwegen.audit.archive import Archive, pack
from afwegen.audit.bundle import MEMBERS
from afwegen.errors import AfwegenError, FormatError, StoreError, UnknownSession
from afwegen.stores.contract import Batch
from afwegen.stores.memory import MemoryStore


@pytest.fixture
def bundle(store, tmp_path):
    """A bundle of everything, with values."""
    path = tmp_path / "wijk.zip"
    write_bundle(store, path, openings=True)
    return path


def unpacked(path):
    archive = Archive(path, MEMBERS)
    return {name: list(archive.lines(name, 2**30)) for name in MEMBERS}


def with_lines(path, **changes):
    """Pack the bundle anew, with some members changed."""
    members = unpacked(path)
    for name, change in changes.items():
        member = next(each for each in MEMBERS if each.partition(".")[0].replace("/", "_") == name)
        members[member] = change(members[member])
    pack(path, [(name, members[name]) for name in MEMBERS])
    return path


def test_everything_passes(bundle, keys, store):
    """All that can be checked, over every record, with the keys and a checkpoint from before."""
    held = Checkpoint.read(store.kept()[0][1])
    report = verify_bundle(bundle, keys=keys, since=[held], require=(1, 2, 3, 4, 5))
    assert report.passed
    assert (report.sessions, report.records, report.leaves, report.withheld) == (2, 14, 4, 0)
    assert [report[number].checked for number in (1, 2, 4, 5)] == [14] * 4
    assert report[3].checked == 1


def test_any_tool_opens_it(bundle, store, session):
    """It is a plain ZIP file, and an entry in it is the octets that were hashed."""
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert tuple(archive.namelist()) == MEMBERS
        entries = archive.read("entries.jsonl").split(b"\n")
    assert {stored.entry for stored in store.read(session.id)} <= set(entries)


def test_the_same_log_gives_the_same_octets(bundle, store, tmp_path):
    """Made twice, or of a copy of the log: byte for byte."""
    write_bundle(store, tmp_path / "again.zip", openings=True)
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_without_openings_nobody_is_in_it(store, session, tmp_path):
    """Not a name, not a key, not a word that anybody said."""
    path = tmp_path / "closed.zip"
    write_bundle(store, path)
    data = path.read_bytes()
    for said in (b"Anna", b"anna", b"jochum", b"Hek te laag"):
        assert said not in data
    report = verify_bundle(path)
    assert report.passed
    assert (report[4].verdict, report[5].verdict) == (Verdict.NOT_CHECKED, Verdict.NOT_CHECKED)
    assert not verify_bundle(path, require=(5,)).passed
    assert session.id.encode() in data


def test_of_one_session_the_others_are_hashes(store, session, tmp_path, keys):
    """Their checkpoints are withheld, their leaves are there, and the root of the installation is proved."""
    path = tmp_path / "one.zip"
    write_bundle(store, path, session=session.id)
    other = next(head.id for head in store.sessions() if head.id != session.id)
    assert other.encode() not in path.read_bytes()
    report = verify_bundle(path, keys=keys)
    assert report.passed
    assert (report.sessions, report.leaves, report.withheld) == (1, 4, 2)


def test_a_store_without_a_notary_has_a_bundle_too(tmp_path):
    """Unsigned, which is said."""
    store = MemoryStore()
    write_bundle(store, tmp_path / "empty.zip")
    report = verify_bundle(tmp_path / "empty.zip")
    assert [level.verdict for level in report.levels[:5]] == [Verdict.NOT_CHECKED] * 5
    with pytest.raises(UnknownSession):
        write_bundle(store, tmp_path / "none.zip", session="nergens")
    assert not (tmp_path / "none.zip").exists()
    with pytest.raises(StoreError, match="cannot be written"):
        write_bundle(store, tmp_path / "none" / "x.zip")


# What is wrong, and what it is called


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _data: b"", "too short"),
        (lambda data: data[:-1], "no bundle"),
        (lambda data: data + b"\0", "no bundle"),
        (lambda data: data[: len(data) // 2], "no bundle"),
        (lambda _data: b"x" * 1000, "no bundle"),
        (lambda data: data.replace(b"Hek te laag", b"Hek te hoog", 1), "checksum"),
        (lambda data: data.replace(b"entries.jsonl", b"entries.jsonx"), "not where it belongs"),
    ],
)
def test_what_is_no_bundle_is_refused(bundle, damage, says):
    """Cut off, grown, something else, damaged: with the file, and never as passed."""
    bundle.write_bytes(damage(bundle.read_bytes()))
    with pytest.raises(FormatError, match=says) as refused:
        verify_bundle(bundle)
    assert "wijk.zip" in refused.value.file


def test_a_bundle_packed_otherwise_is_refused(bundle, tmp_path):
    """The same members, compressed: the content may be the same, the file is another."""
    members = unpacked(bundle)
    with zipfile.ZipFile(tmp_path / "other.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in MEMBERS:
            archive.writestr(name, b"".join(line + b"\n" for line in members[name]))
    with pytest.raises(FormatError, match="no bundle"):
        verify_bundle(tmp_path / "other.zip")


@pytest.mark.parametrize(
    ("member", "change", "says"),
    [
        ("bundle", lambda lines: [lines[0].replace(b"bundle/1", b"bundle/2")], "of the format 'afwegen-bundle/2'"),
        ("bundle", lambda lines: [*lines, b"{}"], "belongs to nothing"),
        ("bundle", lambda _lines: [], "fewer lines"),
        ("sessions", lambda lines: lines[::-1], "in the order of their ids"),
        ("sessions", lambda lines: [lines[0].replace(b":", b": ")], "not in canonical form"),
        ("sessions", lambda lines: [lines[0][:-1] + b',"session":"x"}', lines[1]], "not in canonical form"),
        ("sessions", lambda lines: [b"\xff\xfe", lines[1]], "no JSON"),
        ("sessions", lambda lines: [b"[]", lines[1]], "has not the parts"),
        ("sessions", lambda lines: [lines[0].replace(b'"length":7', b'"length":-7'), lines[1]], "no number"),
        ("sessions", lambda lines: [lines[0].replace(b'"length":7', b'"length":700'), lines[1]], "fewer lines"),
        ("entries", lambda lines: lines[:-1], "fewer lines"),
        ("entries", lambda lines: [*lines, lines[0]], "belongs to nothing"),
        ("entries", lambda lines: [b"x" * 40_000, *lines[1:]], "longer than it may be"),
        ("vault", lambda lines: lines[::-1], "belongs to no|wrong place"),
        ("vault", lambda lines: [lines[0], *lines], "wrong place"),
        ("people", lambda lines: [lines[0].replace(b'"seq":0', b'"seq":99'), *lines[1:]], "belongs to no entry"),
        ("installation_leaves", lambda lines: lines[:-1], "fewer lines"),
        ("installation_leaves", lambda lines: [lines[0].replace(b'"leaf":"', b'"leaf":"Z')], "no hash"),
        ("checkpoints", lambda lines: [line.replace(b'"index":0', b'"index":"0"') for line in lines], "no number"),
    ],
)
def test_lines_that_say_nothing_are_refused(bundle, member, change, says):
    """Re-ordered, re-encoded, doubled keys, too long, not UTF-8, too many, too few: with the member and the line."""
    with pytest.raises(FormatError, match=says) as refused:
        verify_bundle(with_lines(bundle, **{member: change}))
    assert refused.value.file.startswith("wijk.zip/")


@pytest.mark.parametrize(
    ("member", "change", "level", "says"),
    [
        ("entries", lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]], 1, "not in canonical form"),
        ("entries", lambda lines: [lines[0][:-1] + b',"type":"x"}', *lines[1:]], 1, "not in canonical form"),
        ("entries", lambda lines: [lines[0].replace(b'"seq":0', b'"seq":1'), *lines[1:]], 1, "says it is record 1"),
        ("entries", lambda lines: [b"\xff", *lines[1:]], 1, "no JSON"),
        ("entries", lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 1, "says it is record 2"),
        ("entries", lambda lines: [lines[0].replace(b"live", b"oral"), *lines[1:]], 2, "its root is another"),
        ("checkpoints", lambda _lines: [], 2, "a session is missing"),
        ("checkpoints", lambda lines: [lines[0].replace(b'"index":', b'"index":9'), *lines[1:]], 2, "not in the tree"),
        ("checkpoints", lambda lines: [line.replace(b"example/a", b"example/b") for line in lines], 2, "no key"),
        ("installation_checkpoints", lambda lines: lines[::-1], 2, "follows one of"),
        ("vault", lambda lines: [line.replace(b"laag", b"hoog") for line in lines], 5, "is not what was entered"),
        ("vault", lambda lines: lines[1:], 5, "no erasure says why"),
        ("people", lambda lines: [line.replace(b"anna", b"ana") for line in lines], 5, "the key of"),
    ],
)
def test_what_was_changed_is_found_by_its_level(bundle, keys, member, change, level, says):
    """And the report fails, with what is wrong."""
    report = verify_bundle(with_lines(bundle, **{member: change}), keys=keys)
    assert report[level].verdict is Verdict.FAIL
    assert any(says in finding for finding in report[level].findings)
    assert report.exit_code == 1


def test_a_bundle_signed_with_another_key_fails(bundle, key):
    """The name is the same; the key is not the one that is trusted."""
    stranger = KeyList(keys=(Key(name=key.name, seed=bytes(31) + b"9").verifier,))
    assert "no key of the list that is this log's" in verify_bundle(bundle, keys=stranger)[2].findings[0]


def test_an_older_bundle_is_found(bundle, notary, session, store, keys):
    """Who holds a newer checkpoint sees that this one is older: of the session, and of the installation."""
    session.export(format="json-lines", by="jochum")
    newer = notary.sign(session.id)
    for held in (newer, Checkpoint.read(store.kept()[-1][1])):
        report = verify_bundle(bundle, keys=keys, since=[held])
        assert report[3].verdict is Verdict.FAIL
        assert "behind" in report[3].findings[0] or "older than what is held" in report[3].findings[0]


def test_a_bundle_of_somebody_else_is_found(bundle):
    """A checkpoint held of another log, of a session that is not here, or of another installation."""
    other = Notary(MemoryStore(), Key(name="elders.example", seed=bytes(32)))
    elsewhere = Session.start(other.store, title="B", area="C", by="x", on_commit=other)
    for held in (other.sign(elsewhere.id), other.cosign()):
        report = verify_bundle(bundle, since=[held])
        assert report[3].verdict is Verdict.FAIL
        assert "elders.example" in report[3].findings[0]


def test_a_required_level_must_exist(bundle):
    """One of seven."""
    with pytest.raises(AfwegenError, match="no such level"):
        verify_bundle(bundle, require=(8,))


def test_progress_is_told_by_session(bundle):
    """How many were looked at, of how many."""
    told = []
    verify_bundle(bundle, on_progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_sessions(tmp_path):
    """Ten times the sessions, the same peak; of 30 entries, for Python itself hoards tuples of up to 20."""
    peaks = []
    for count in (40, 400):
        store = MemoryStore()
        for number in range(count):
            entries = tuple(json.dumps({"n": number, "i": each}).encode() for each in range(30))
            store.append(Batch(session=f"s_{number:05}", expected=0, entries=entries, secret=bytes(32)))
        path = tmp_path / f"{count}.zip"
        write_bundle(store, path)
        tracemalloc.start()
        verify_bundle(path, levels=(1, 2))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2 + 50_000
