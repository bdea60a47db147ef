"""An export: what a viewer may see, the same octets every time, and refused when it is not whole."""

import json

import pytest
from hypothesis import given

from afwegen import replay
from afwegen.demo import complex_a
from afwegen.errors import FormatError, RuleViolation
from afwegen.events import HIDDEN
from afwegen.events.declaration import Erased
from afwegen.interop import jsonlines, plain
from afwegen.log import canonical
from afwegen.testing.sessions import histories

PEOPLE = (None, "anna", "jochum")


@pytest.fixture(scope="module")
def session():
    """The demonstration."""
    return complex_a()


@pytest.fixture(scope="module")
def written(session, tmp_path_factory):
    """What the public may see of it, in a file."""
    file = tmp_path_factory.mktemp("export") / "complex-a.jsonl"
    file.write_text("".join(jsonlines.lines(session)), encoding="utf-8")
    return file


@pytest.fixture
def changed(written, tmp_path):
    """The file after some of its lines were changed."""

    def changing(change):
        file = tmp_path / "changed.jsonl"
        lines = change(written.read_text(encoding="utf-8").splitlines(keepends=True))
        file.write_text("".join(lines), encoding="utf-8", errors="surrogatepass")
        return file

    return changing


@pytest.mark.parametrize("viewer", PEOPLE)
def test_what_was_written_is_read_back(session, tmp_path, viewer):
    """Record for record what the viewer sees, and so the state they see."""
    file = tmp_path / "seen.jsonl"
    file.write_text("".join(jsonlines.lines(session, viewer=viewer)), encoding="utf-8")

    export = jsonlines.read(file)

    assert tuple(export.records()) == tuple(session.records_seen_by(viewer))
    assert replay(export.records()) == session.seen_by(viewer)
    assert (export.session, export.length, export.viewer) == (session.id, session.state.length, viewer)
    assert export.root == session.store.head(session.id).frontier.root.hex()


def test_the_same_session_gives_the_same_octets(session):
    """Each line in canonical form: who compares two exports compares two sessions."""
    first, second = (tuple(jsonlines.lines(session)) for _ in range(2))

    assert first == second
    assert all(canonical.encode(json.loads(line)).decode() + "\n" == line for line in first)


def test_a_value_that_is_not_there_says_why(session):
    """Hidden is not the same as empty."""
    hidden = [
        name
        for seen in session.records_seen_by(None)
        for name in ("name", "organisation")
        if getattr(seen.event, name, None) is HIDDEN
    ]
    text = "".join(jsonlines.lines(session))

    assert bool(hidden) <= ('{"absent":"hidden"}' in text)
    assert {mark.value for mark in Erased} == {"erased", "hidden", "missing"}


def test_the_public_reads_no_key(session):
    """People go by pseudonyms everywhere in the file."""
    people = set(session.state.preparation.participants)
    shown = {
        value
        for line in [*jsonlines.lines(session)][1:]
        for value in (json.loads(line)["by"], json.loads(line)["on_behalf_of"])
    }

    assert people.isdisjoint(shown)
    assert all(value is None or value.startswith("~p_") for value in shown)


def test_a_stranger_has_no_view(session):
    """Who is not of the session sees what the public sees, or nothing."""
    with pytest.raises(RuleViolation, match="not known here"):
        list(jsonlines.lines(session, viewer="stranger"))


def test_a_beginning_can_be_read(session, written):
    """The first records only; more than there are is all of them."""
    export = jsonlines.read(written)

    assert len(tuple(export.records(5))) == 5
    assert tuple(export.records(0)) == ()
    assert len(tuple(export.records(10**6))) == session.state.length


def test_an_export_is_known_by_its_first_octets(written, tmp_path):
    """A store, a ballot file or an empty file is none."""
    other = tmp_path / "other"
    for octets in (b"", b"{}", b"SQLite format 3\x00", b'{"format":"other/1"}'):
        other.write_bytes(octets)
        assert not jsonlines.is_export(other)
    assert jsonlines.is_export(written)


@given(records=histories(most=8))
def test_any_record_comes_back(records):
    """Of every type, with every value and every mark of absence."""
    for seq, record in enumerate(records):
        line = jsonlines._line(plain.write_record(record)).encode()

        assert jsonlines._record(line, seq, record.session, "any.jsonl", seq + 2) == record


# What is refused


def renumbered(line, **parts):
    return canonical.encode({**json.loads(line), **parts}).decode() + "\n"


CHANGES = {
    "a line is missing": (lambda lines: [*lines[:9], *lines[10:]], 10, "record 8 of"),
    "the end is missing": (lambda lines: lines[:-1], None, "does not hold"),
    "only the first line": (lambda lines: lines[:1], 2, "does not hold"),
    "a line too many": (lambda lines: [*lines, lines[-1]], None, "does not hold"),
    "two lines swapped": (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], 4, "record 2 of"),
    "not canonical": (lambda lines: [*lines[:5], lines[5].replace(":", ": ", 1), *lines[6:]], 6, "not as it was"),
    "not JSON": (lambda lines: [*lines[:5], "a list of flats\n", *lines[6:]], 6, "not as it was written"),
    "no object": (lambda lines: [*lines[:5], "[]\n", *lines[6:]], 6, "no record"),
    "a part too many": (lambda lines: [lines[0], renumbered(lines[1], extra=1), *lines[2:]], 2, "no record"),
    "another session": (lambda lines: [lines[0], renumbered(lines[1], session="s_x"), *lines[2:]], 2, "comes next"),
    "an unknown type": (lambda lines: [lines[0], renumbered(lines[1], type="vote/1"), *lines[2:]], 2, "not known"),
    "a type that is no text": (lambda lines: [lines[0], renumbered(lines[1], type=[]), *lines[2:]], 2, ""),
    "an unknown role": (lambda lines: [lines[0], renumbered(lines[1], role="voter"), *lines[2:]], 2, ""),
    "a role that is no text": (lambda lines: [lines[0], renumbered(lines[1], role=[]), *lines[2:]], 2, ""),
    "no moment": (lambda lines: [lines[0], renumbered(lines[1], happened_at="noon"), *lines[2:]], 2, ""),
    "a moment that is no text": (lambda lines: [lines[0], renumbered(lines[1], recorded_at=5), *lines[2:]], 2, ""),
    "no fields": (lambda lines: [lines[0], renumbered(lines[1], fields=None), *lines[2:]], 2, "no record"),
    "other fields": (lambda lines: [lines[0], renumbered(lines[1], fields={}), *lines[2:]], 2, "session-started/1"),
    "an unknown channel": (lambda lines: [lines[0], renumbered(lines[1], channel="fax"), *lines[2:]], 2, ""),
    "nobody": (lambda lines: [lines[0], renumbered(lines[1], by=None), *lines[2:]], 2, ""),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_not_as_it_was_written_is_refused_with_the_line(changed, session, what):
    """The file and the line, what is wrong, and what to do."""
    change, line, said = CHANGES[what]
    export = jsonlines.read(changed(change))

    with pytest.raises(FormatError) as refused:
        list(export.records())

    assert refused.value.file == "changed.jsonl"
    assert refused.value.line == (line or session.state.length + (1 if "missing" in what else 2))
    assert said in str(refused.value)
    assert refused.value.do


@pytest.mark.parametrize(
    "first",
    [
        "",
        "{}\n",
        "[]\n",
        "a list of flats\n",
        '{"format":"afwegen-export/2","records":1,"root":"","session":"s","viewer":null}\n',
        '{"format":"afwegen-export/1","records":"1","root":"","session":"s","viewer":null}\n',
        '{"format":"afwegen-export/1","records":true,"root":"","session":"s","viewer":null}\n',
        '{"format":"afwegen-export/1","records":-1,"root":"","session":"s","viewer":null}\n',
        '{"format":"afwegen-export/1","records":1,"root":"","session":5,"viewer":null}\n',
        '{"format":"afwegen-export/1","records":1,"root":"","session":"s","viewer":5}\n',
        '{"format":"afwegen-export/1","records":1,"root":"","session":"s"}\n',
    ],
)
def test_a_first_line_that_is_none_is_refused(changed, first):
    """Before a record is read."""
    file = changed(lambda lines: [first, *lines[1:]])
    if not first:
        file.write_bytes(b"")

    with pytest.raises(FormatError) as refused:
        jsonlines.read(file)

    assert refused.value.line == 1
    assert refused.value.do


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    """As everywhere in Python."""
    with pytest.raises(FileNotFoundError):
        jsonlines.read(tmp_path / "none.jsonl")
