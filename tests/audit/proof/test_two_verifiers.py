"""Two verifiers, written apart, judge the same bundles: whole ones, and ones that somebody changed in 2,000 ways."""

import json
import random
import subprocess
import sys
from collections import Counter
from time import monotonic

import pytest

from afwegen import Session, open_store
from afwegen.audit import Checkpoint, Key, Notary, verify_bundle, write_bundle
from afwegen.audit.archive import Archive, pack
from afwegen.audit.bundle import MEMBERS
from afwegen.audit.encoding import UNSPOKEN
from afwegen.errors import AfwegenError, FormatError
from afwegen.log.merkle import leaf_hash, root

LEVELS = (1, 2, 3, 5)
MUTANTS = 2_000
SECONDS = 240


def ours(path, keys, since):
    """The verdicts of the library: None where the file is not usable."""
    try:
        report = verify_bundle(path, keys=keys, since=since)
    except FormatError:
        return None, ()
    verdicts = {number: report[number].verdict.value for number in LEVELS}
    return verdicts, tuple(finding for number in LEVELS for finding in report[number].findings)


def theirs(tool, path, keys, since):
    """The verdicts of the other one."""
    text = None if keys is None else "\n".join(map(str, keys.keys))
    try:
        found = tool.verify(path, text, [each.to_bytes() for each in since])
    except tool.Unusable:
        return None, ()
    return found.verdicts(), tuple(finding for each in found.findings.values() for finding in each)


def agree(one, other):
    """Whether two outcomes are the same: level by level, but for what only a reader of the vocabulary sees."""
    (mine, findings), (another, _) = one, other
    if mine is None or another is None or mine == another:
        return mine == another
    # What only a reader of the vocabulary sees changes the root as well, which both see.
    excused = {**mine, 1: another[1]} == another and any(UNSPOKEN in finding for finding in findings)
    return excused and "FAIL" in another.values()


# -- changing a bundle ------------------------------------------------------------------------------------------------


def unpacked(path):
    """The lines of every member."""
    archive = Archive(path, MEMBERS)
    return {name: list(archive.lines(name, 2**30)) for name in MEMBERS}


def packed(path, members):
    """The bundle of these lines."""
    pack(path, [(name, members[name]) for name in MEMBERS])


def some_line(rng, members):
    name = rng.choice([name for name in MEMBERS if members[name]])
    return name, rng.randrange(len(members[name]))


def flip_a_bit(rng, path, _members):
    """One bit of the file."""
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def cut_off(rng, path, _members):
    """The file ends early, or goes on."""
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))] if rng.random() < 0.7 else data + b"\0" * rng.randrange(1, 9))


def change_an_octet(rng, _path, members):
    """One octet of one line, and the checksum made anew."""
    name, at = some_line(rng, members)
    line = bytearray(members[name][at])
    if line:
        line[rng.randrange(len(line))] = rng.choice(b' "0123abcf{}[],:\\\xc3\n')
    members[name][at] = bytes(line)


def drop_a_line(rng, _path, members):
    """One line is gone."""
    name, at = some_line(rng, members)
    del members[name][at]


def double_a_line(rng, _path, members):
    """One line stands there twice."""
    name, at = some_line(rng, members)
    members[name].insert(rng.randrange(len(members[name])), members[name][at])


def swap_two_lines(rng, _path, members):
    """Two lines changed places."""
    name, at = some_line(rng, members)
    other = rng.randrange(len(members[name]))
    lines = members[name]
    lines[at], lines[other] = lines[other], lines[at]


def changed(rng, value):
    """A value that is nearly the same."""
    match value:
        case bool():
            return not value
        case int():
            return rng.choice([value + 1, value - 1, -value, 2**53, str(value), None])
        case str() if value:
            at = rng.randrange(len(value))
            return rng.choice([value[:at] + rng.choice("0aZ\n é") + value[at + 1 :], value[:at], "", None, 7])
        case list() if value:
            return rng.choice([value[:-1], value[::-1], [*value, value[0]]])
        case dict() if value:
            name = rng.choice(sorted(value))
            inner = dict(value)
            inner[name] = changed(rng, value[name])
            if rng.random() < 0.15:
                del inner[name]
            return inner
        case _:
            return rng.choice([None, 0, "", [], {}, "x"])


def spelled(value):
    """JSON in the one form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def change_a_value(rng, _path, members):
    """One value of one line, spelled as it should be."""
    name, at = some_line(rng, members)
    members[name][at] = spelled(changed(rng, json.loads(members[name][at])))


def respell(rng, _path, members):
    """The same JSON in other octets, or with a key twice."""
    name, at = some_line(rng, members)
    line = members[name][at]
    value = json.loads(line)
    members[name][at] = rng.choice(
        [
            json.dumps(value).encode(),
            json.dumps(value, sort_keys=False, indent=None).encode(),
            line[:-1] + b',"seq":0}',
            line.replace(b'"', b'"\\u0041', 1),
            line + b" ",
            line.replace(b"1", b"1.0", 1),
        ]
    )


def change_an_entry_and_its_root(rng, _path, members):
    """What somebody with the database, and without the key, can do: rewrite an entry and every hash over it."""
    at = rng.randrange(len(members["entries.jsonl"]))
    value = json.loads(members["entries.jsonl"][at])
    name = rng.choice(["seq", "session", "by", "channel", "meeting", "happened_at", "commitments"])
    value[name] = changed(rng, value[name])
    members["entries.jsonl"][at] = spelled(value)
    reroot(members)
    if rng.random() < 0.5:
        unsign(members)


def reroot(members):
    """Make every session's root that of its entries."""
    first, lines = 0, []
    for line in members["sessions.jsonl"]:
        document = json.loads(line)
        entries = members["entries.jsonl"][first : first + document["length"]]
        first += document["length"]
        document["root"] = root(map(leaf_hash, entries)).hex()
        lines.append(spelled(document))
    members["sessions.jsonl"] = lines


def unsign(members):
    """Take away everything that was ever signed."""
    for name in ("installation/leaves.jsonl", "installation/checkpoints.jsonl", "checkpoints.jsonl"):
        members[name] = []
    manifest = json.loads(members["bundle.json"][0])
    members["bundle.json"] = [spelled({**manifest, "installation": 0})]


def drop_a_session(rng, _path, members):
    """A whole session vanishes, with all that belongs to it."""
    at = rng.randrange(len(members["sessions.jsonl"]))
    first = sum(json.loads(line)["length"] for line in members["sessions.jsonl"][:at])
    gone = json.loads(members["sessions.jsonl"].pop(at))
    del members["entries.jsonl"][first : first + gone["length"]]
    for name in ("checkpoints.jsonl", "people.jsonl", "vault.jsonl"):
        members[name] = [line for line in members[name] if json.loads(line)["session"] != gone["session"]]
    manifest = json.loads(members["bundle.json"][0])
    members["bundle.json"] = [spelled({**manifest, "sessions": manifest["sessions"] - 1})]
    if rng.random() < 0.5:
        note = f"/s/{gone['session']}\n"
        hidden = [json.loads(line) for line in members["installation/leaves.jsonl"]]
        members["installation/leaves.jsonl"] = [
            spelled({**leaf, "note": None} if note in (leaf["note"] or "") else leaf) for leaf in hidden
        ]


def shorten_a_session(rng, _path, members):
    """The end of the last session is gone, and its root fits."""
    document = json.loads(members["sessions.jsonl"][-1])
    less = rng.randrange(1, document["length"])
    members["sessions.jsonl"][-1] = spelled({**document, "length": document["length"] - less})
    del members["entries.jsonl"][-less:]
    kept = {"people.jsonl", "vault.jsonl"}
    for name in kept:
        members[name] = [
            line
            for line in members[name]
            if json.loads(line)["session"] != document["session"] or json.loads(line)["seq"] < document["length"] - less
        ]
    reroot(members)


def open_or_close(rng, _path, members):
    """Values are said to be there that are not, or the reverse; rows go."""
    manifest = json.loads(members["bundle.json"][0])
    members["bundle.json"] = [spelled({**manifest, "openings": not manifest["openings"]})]
    if rng.random() < 0.5:
        members[rng.choice(["vault.jsonl", "people.jsonl"])] = []


MUTATIONS = (
    flip_a_bit,
    cut_off,
    change_an_octet,
    drop_a_line,
    double_a_line,
    swap_two_lines,
    change_a_value,
    change_a_value,
    respell,
    change_an_entry_and_its_root,
    drop_a_session,
    shorten_a_session,
    open_or_close,
)


def mutant(rng, original, path):
    """Write a bundle that somebody changed; say how."""
    mutation = rng.choice(MUTATIONS)
    path.write_bytes(original)
    members = unpacked(path)
    before = path.read_bytes()
    mutation(rng, path, members)
    if path.read_bytes() == before:
        packed(path, members)
    return mutation.__name__


@pytest.fixture
def bundles(store, session, notary, tmp_path):
    """Bundles of all kinds: of everything, of one session, with and without values, and with somebody erased."""
    found = []
    for number, (only, openings) in enumerate([(None, True), (session.id, True), (None, False), (session.id, False)]):
        path = tmp_path / f"{number}.zip"
        write_bundle(store, path, session=only, openings=openings)
        found.append(path)
    erased = Session.load(store, session.id)
    erased.erase("anna", by="jochum")
    erased.redact(6, "why", by="jochum", ground="by mistake")
    # What is newer than the newest checkpoint may be rewritten by whoever has the database.
    notary.sign(session.id)
    write_bundle(store, tmp_path / "erased.zip", openings=True)
    return [*found, tmp_path / "erased.zip"]


@pytest.fixture
def since(store, session):
    """What an auditor held from before: a checkpoint of a session, and one of the installation."""
    early = Checkpoint.read(store.entered_of(session.id)[0][1].note)
    return (early, Checkpoint.read(store.kept()[0][1]))


def test_both_pass_what_is_whole(bundles, keys, since, tool):
    """Every level that can be checked passes, and nothing passes that could not be."""
    for path in bundles:
        for given in (keys, None):
            mine, another = ours(path, given, since), theirs(tool, path, given, since)
            assert mine == another
            assert (mine[0][1], mine[0][2], mine[0][3]) == ("PASS", "PASS", "PASS")
    assert [ours(path, keys, since)[0][5] for path in bundles] == ["PASS", "PASS", *["NOT CHECKED"] * 3]


@pytest.mark.parametrize("lost", ["vault.jsonl", "people.jsonl"])
def test_both_tell_erased_from_missing(bundles, keys, since, tool, lost):
    """What an erasure covers is NOT CHECKED; one row more that is gone, or came back changed, is found by both."""
    members = unpacked(bundles[-1])
    assert ours(bundles[-1], keys, since)[0][5] == "NOT CHECKED"
    for at in range(len(members[lost])):
        packed(bundles[-1], {**members, lost: [line for place, line in enumerate(members[lost]) if place != at]})

        mine, another = ours(bundles[-1], keys, since), theirs(tool, bundles[-1], keys, since)

        assert mine[0] == another[0]
        assert (mine[0][1], mine[0][2]) == ("PASS", "PASS")
        assert mine[0][5] == "FAIL"


@pytest.mark.slow
def test_both_judge_mutants_alike(bundles, keys, since, tool, tmp_path):
    """Seeded, 2,000 or as many as fit in four minutes: the two agree on each, and no change passes unseen."""
    rng = random.Random(2016)
    originals = [path.read_bytes() for path in bundles]
    unseen, outcomes, began = [], Counter(), monotonic()
    path = tmp_path / "mutant.zip"
    for _ in range(MUTANTS):
        if monotonic() - began > SECONDS:
            break
        original = rng.choice(originals)
        how = mutant(rng, original, path)
        given = rng.choice([keys, keys, None])
        one, other = ours(path, given, since), theirs(tool, path, given, since)
        if not agree(one, other):
            path.rename(tmp_path / "disagreement.zip")
        assert agree(one, other), (how, one, other)
        outcomes["unusable" if one[0] is None else "wrong" if "FAIL" in one[0].values() else "passed"] += 1
        if one[0] and "FAIL" not in one[0].values() and path.read_bytes() != original:
            unseen.append((how, given is not None, one))
    assert outcomes["unusable"] > 100
    assert outcomes["wrong"] > 500
    # None of these changes what anybody signed: values withheld, a session of which only the hash is told, an older
    # checkpoint that a newer one covers; and a signature, which nobody looks at without keys.
    harmless = {"open_or_close", "drop_a_session", "drop_a_line"}
    assert {how for how, _, _ in unseen} <= harmless | {"change_an_octet", "change_a_value"}
    assert not [how for how, given, _ in unseen if given and how not in harmless]
    assert len(unseen) < MUTANTS / 10


def test_both_judge_as_commands(bundles, keys, since, tool, root, tmp_path):
    """Twenty as an auditor runs them: the exit codes are those of the verdicts."""
    rng = random.Random(8)
    listed = tmp_path / "keys"
    listed.write_text("\n".join(map(str, keys.keys)))
    held = tmp_path / "held"
    held.write_bytes(since[1].to_bytes())
    path = tmp_path / "mutant.zip"
    for number in range(20):
        mutant(rng, bundles[number % 5].read_bytes(), path)
        verdicts, _ = theirs(tool, path, keys, since[1:])
        command = [sys.executable, root / "tools" / "verify_bundle.py", path, "--keys", listed, "--since", held]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == (2 if verdicts is None else int("FAIL" in verdicts.values()))
        assert "Traceback" not in done.stderr


def test_the_other_one_imports_nothing_of_ours(root, bundles):
    """It runs where nothing is installed: isolated, without site packages."""
    command = [sys.executable, "-I", "-S", root / "tools" / "verify_bundle.py", bundles[0], "--json"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["levels"] == {"1": "PASS", "2": "PASS", "3": "NOT CHECKED", "5": "PASS"}
    assert "signatures: no key list was given" in json.loads(done.stdout)["not_checked"]


def test_a_bundle_of_somebody_else_is_said_to_be(since, tool, tmp_path, keys):
    """Keys of one installation say nothing about another; both say so."""
    other = Notary(open_store("memory:"), Key(name="elders.example", seed=bytes(31) + b"1"))
    Session.start(other.store, title="B", area="C", by="x", on_commit=other)
    path = tmp_path / "other.zip"
    write_bundle(other.store, path)

    verdicts, findings = ours(path, keys, since)

    assert verdicts == theirs(tool, path, keys, since)[0]
    assert verdicts[2] == verdicts[3] == "FAIL"
    assert any("no key for this log" in finding for finding in findings)


def test_a_damaged_bundle_is_an_error_of_ours(bundles):
    """Never a traceback of anything else."""
    bundles[0].write_bytes(bundles[0].read_bytes()[:-1])
    with pytest.raises(AfwegenError, match="no bundle"):
        verify_bundle(bundles[0])
    with pytest.raises(AfwegenError, match="cannot be read"):
        verify_bundle(bundles[0].parent / "none.zip")
