"""Every command: what it prints for people and for programs, and how it ends."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import termios

import pytest

from afwegen import Session, StoreError, open_store
from afwegen.cli import showing, telling

STEPS = 10


def looks(complex_a, ballots):
    """The commands that only look, on the demonstration and on a ballot file."""
    return {
        "replay": ("replay", complex_a),
        "replay at": ("replay", complex_a, "--at", "100"),
        "sessions": ("sessions", complex_a),
        "advice": ("advice", complex_a),
        "advice in English": ("advice", complex_a, "--language", "en"),
        "compare": ("compare", complex_a),
        "compare derived": ("compare", complex_a, "--derive", "borda"),
        "compare a file": ("compare", ballots),
        "compare a file derived": ("compare", ballots, "--derive", "approval-share"),
        "verify": ("verify", complex_a),
        "verify required": ("verify", complex_a, "--require", "1,2,4,5,6"),
    }


LOOKS = tuple(looks("", ""))


@pytest.mark.parametrize("look", LOOKS)
def test_json_is_for_programs_and_the_same_every_time(run, complex_a, ballots, look):
    """One JSON document on standard output, nothing on standard error, the same octets when asked again."""
    words = (*looks(complex_a, ballots)[look], "--json")

    first, second = run(*words), run(*words)

    assert (first.code, first.err) == (0, "")
    assert first.out == second.out
    assert first.out == json.dumps(first.data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("seen_by_people", [False, True])
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wider_than_80_columns(run, complex_a, ballots, monkeypatch, look, seen_by_people):
    """Piped or on a small terminal, every line can be read."""
    monkeypatch.setattr(showing, "people_look", lambda: seen_by_people)
    monkeypatch.setenv("COLUMNS", "80")

    ran = run(*looks(complex_a, ballots)[look])

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []


@pytest.mark.slow
def test_the_output_does_not_hang_on_the_order_of_hashes(complex_a):
    """Another process, with other hashes, prints the same."""
    for words in (("replay", complex_a), ("compare", complex_a), ("compare", complex_a, "--json")):
        printed = {
            subprocess.run(
                [sys.executable, "-c", "from afwegen.cli import main; main()", *words],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(printed) == 1


# demo


def test_demo_shows_the_whole_way(played):
    """Each step, the advice, the models, the choice, and the verification; nothing wider than a small terminal."""
    ran, file = played

    assert (ran.code, ran.err) == (0, "")
    for said in (
        "the same state",
        "Step 1: inventory (completed)",
        "Step 8: choice (completed)",
        "Advice",
        "consensus-graph",
        "What people chose",
        "departs from  a model: ",
        "nothing failed",
    ):
        assert said in ran.out
    assert f"Kept in sqlite:///{file}" in " ".join(ran.out.split())
    # The last line holds the URL, and a path may be as long as it likes.
    assert [line for line in ran.out.splitlines()[:-1] if len(line) > 80 and str(file) not in line] == []


def test_demo_for_programs(run):
    """Without --store it leaves nothing behind, and as JSON it holds everything."""
    data = run("demo", "--json").data

    assert sorted(data) == ["advice", "comparison", "replayed_the_same", "state", "verification"]
    assert data["replayed_the_same"] is True
    assert data["verification"]["passed"] is True
    assert len(data["state"]["steps"]) == STEPS
    assert {step["status"] for step in data["state"]["steps"]} == {"completed"}


# replay


def test_replay_at_a_moment(run, complex_a):
    """The state after so many records, and no more."""
    assert run("replay", complex_a, "--at", "1", "--json").data["records"] == 1
    assert run("replay", complex_a, "--at", "0", "--json").data["records"] == 0
    assert run("replay", complex_a, "--at", "-1").code == 2


def test_replay_shows_what_the_public_may_see(run, complex_a):
    """People go by pseudonyms, as in ``seen_by(None)``."""
    with open_store(f"sqlite:///{complex_a}") as store:
        session = Session.load(store, store.sessions()[0].id)
        seen = telling.summary(session.seen_by(None))

    assert run("replay", complex_a, "--json").data == seen


def test_replay_of_an_export_is_the_replay_of_its_store(run, benches, tmp_path):
    """A file that was exported replays to the state the store had."""
    before = run("replay", benches, "--json")
    file = tmp_path / "benches.jsonl"

    assert run("export", benches, "--output", file).code == 0

    assert run("replay", file, "--json").out == before.out
    assert run("replay", file, "--at", "5", "--json").out == run("replay", benches, "--at", "5", "--json").out


# sessions, advice


def test_sessions_lists_each(run, complex_a):
    """Its id, its length, the step, the title; and what else there is at a glance."""
    (row,) = run("sessions", complex_a, "--json").data

    assert sorted(row) == ["advice", "area", "last", "last_at", "people", "records", "session", "step", "title"]
    assert row["title"] == "Complex A"
    told = run("sessions", complex_a, "--long").out
    assert all(said in told for said in (row["session"], row["area"], row["last"], row["advice"][:30]))


def test_an_empty_store_has_no_sessions(run, empty):
    """Which is no error, until one is asked for."""
    assert run("sessions", empty, "--json").data == []
    assert run("advice", empty).code == 2


@pytest.fixture
def empty(tmp_path):
    """A store in which nothing was recorded."""
    file = tmp_path / "empty.db"
    open_store(f"sqlite:///{file}").close()
    return file


def test_advice_speaks_the_language_asked_for(run, complex_a):
    """The session's own unless told otherwise; the rules are the same."""
    dutch, english = (run("advice", complex_a, "--json", *words).data for words in ((), ("--language", "en")))

    assert [piece["rule"] for piece in dutch] == [piece["rule"] for piece in english]
    assert [piece["says"] for piece in dutch] != [piece["says"] for piece in english]
    assert run("advice", complex_a, "--language", "fy").code == 2


# compare


def test_compare_says_why_a_model_cannot_be_applied(run, imported):
    """Orders are no scores and no comparisons; that is said, and the consensus graph answers."""
    weighted, ahp, graph = run("compare", imported, "--json").data["models"]

    assert "scores are needed" in weighted["not_applicable"]
    assert "comparisons" in ahp["not_applicable"]
    assert graph["not_applicable"] is None
    assert graph["ranking"] == [["bench", "tree"]]


def test_compare_derives_scores_when_asked(run, imported, ballots):
    """Then the weighted sum answers too, and says what its scores are; a file and its session give the same."""
    from_store, from_file = (
        run("compare", source, "--derive", "approval-share", "--json").data for source in (imported, ballots)
    )

    assert from_store["models"][0]["not_applicable"] is None
    assert from_store["models"][0]["ranking"] == from_file["models"][0]["ranking"] == [["bench", "tree"]]
    assert "derived from the rankings by approval-share" in run("compare", imported, "--derive", "approval-share").out


def test_compare_names_what_comes_first_by_its_title(run, imported):
    """Ids are for programs."""
    assert "bench: A bench by the door" in run("compare", imported).out


def test_compare_shows_every_place_with_its_score_and_consensus(run, complex_a):
    """By title, tied places marked; with ``--top`` as many as asked for, and how many are left."""
    ran = run("compare", complex_a, "--top", "1")
    (shown,) = [line for line in ran.out.splitlines() if line.startswith("caretaker: ")]
    graph = run("compare", complex_a, "--json").data["models"][2]

    assert shown.split()[-6:] == [
        "0.695",
        "1",
        "0.426",
        "1",
        "2",
        f"{graph['consensus_by_alternative']['caretaker']:.2f}",
    ]
    assert "and 2 more: --top 0 shows all" in ran.out
    assert " 0.523   2= " in run("compare", complex_a, "--top", "0").out


def test_no_column_is_lost_where_somebody_looks(run, complex_a, monkeypatch):
    """On a small terminal too the titles give way, and never the numbers."""
    monkeypatch.setattr(showing, "people_look", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")

    out = run("compare", complex_a).out

    assert "consensus" in next(line for line in out.splitlines() if "alternative " in line)
    assert next(line for line in out.splitlines() if "caretaker: " in line).split()[-3:] == ["1", "2", "0.73"]


@pytest.mark.parametrize("command", ["replay", "compare"])
def test_on_a_terminal_there_are_tables_and_in_a_pipe_there_are_none(complex_a, command):
    """A real terminal of 80 columns: what the pipe says is there too, word for word, and a step shows how it stands."""
    program = [sys.executable, "-c", "from afwegen.cli import main; main()", command, str(complex_a)]
    piped = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    looked = on_terminal(program, columns=80)

    plain = re.sub("\x1b\\[[0-9;]*m", "", looked)
    assert "\x1b" not in piped
    assert "─" not in piped
    assert "\x1b[" in looked
    assert "─" * 60 in plain
    assert [line for line in plain.splitlines() if len(line.rstrip()) > 80] == []
    for said in ("Jongeren hebben geen plek", "caretaker") if command == "replay" else ("weighted-sum", "0.695"):
        assert said in " ".join(piped.split())
        assert said in " ".join(plain.split())


def on_terminal(program, *, columns):
    """Run a program as somebody at a terminal would, and return all that it wrote there."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "NO_COLOR", "CI"}}
    with subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, env=env | {"TERM": "xterm"}) as running:
        os.close(theirs)
        read = []
        # When the last program that holds it has ended, a terminal says so by an error.
        with contextlib.suppress(OSError):
            while found := os.read(ours, 65536):
                read.append(found)
        os.close(ours)
    assert running.returncode == 0
    return b"".join(read).decode().replace("\r\n", "\n")


def test_a_long_order_is_cut_where_it_cannot_be_taken_in(run, many):
    """Of forty alternatives seven stand in a row; the table shows fifteen, the JSON all."""
    ran = run("compare", many)

    assert "p1 > p2 > p3 > p4 > p5 > p6 > p7 > 33 more" in " ".join(ran.out.split())
    assert "and 25 more: --top 0 shows all" in ran.out
    assert len(run("compare", many, "--json").data["models"][2]["ranking"]) == 40


@pytest.fixture(scope="session")
def many(tmp_path_factory):
    """A PrefLib file of forty alternatives in one order."""
    names = [f"# ALTERNATIVE NAME {number}: p{number}" for number in range(1, 41)]
    head = ["# TITLE: Many", "# NUMBER ALTERNATIVES: 40", "# NUMBER VOTERS: 2", "# NUMBER UNIQUE ORDERS: 1"]
    order = f"2: {','.join(map(str, range(1, 41)))}"
    file = tmp_path_factory.mktemp("many") / "many.soc"
    file.write_text("\n".join([*head, "# DATA TYPE: soc", *names, order, ""]), encoding="utf-8")
    return file


def test_what_is_said_forty_times_is_said_three_times_and_counted(run, many, tmp_path):
    """Advice of one rule, and what an overridden step went on without."""
    url = f"sqlite:///{tmp_path / 'many.db'}"
    run("import", many, "--store", url)

    told = run("advice", url, "--language", "en").out
    replayed = " ".join(run("replay", url).out.split())

    assert told.count("Effects of p") == 3
    assert "and 37 more of this kind" in told
    assert "an effect of 'p1', an effect of 'p2' and 38 more, because: not in the source" in replayed
    assert "p12 and 28 more" in replayed


# import, export


def test_import_says_what_it_made(run, ballots, tmp_path):
    """How many records and judges, and where they are."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    ran = run("import", ballots, "--store", url, "--title", "Banken", "--area", "Zuid", "--json")

    assert (ran.code, ran.data["title"], ran.data["area"], ran.data["people"]) == (0, "Banken", "Zuid", 3)
    assert "3 judges" in run("import", ballots, "--store", url).out
    assert len(run("sessions", tmp_path / "new.db", "--json").data) == 2


def test_export_is_itself_recorded(run, benches, tmp_path):
    """Every file that leaves is an event; the file holds what was there before."""
    ran = run("export", benches, "--output", tmp_path / "out.jsonl", "--json")

    assert ran.data["output"] == str(tmp_path / "out.jsonl")
    assert run("sessions", benches, "--json").data[0]["records"] == ran.data["records"] + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["benches.db", "out.jsonl"]
    assert "records written to" in run("export", benches, "--output", tmp_path / "again.jsonl").out


# verify


def test_verify_prints_what_was_not_checked_last(run, complex_a):
    """Plainly, after what passed; the exit code is left to the rest."""
    ran = run("verify", complex_a)
    rows = [line for line in ran.out.splitlines() if " PASS " in line or " NOT CHECKED " in line]

    assert ran.code == 0
    assert [row[0] for row in rows] == ["1", "2", "4", "5", "6", "3", "7"]
    assert all("NOT CHECKED" in row for row in rows[-2:])


@pytest.mark.parametrize(("required", "code"), [("1,2,4,5,6", 0), ("3", 1), ("1,7", 1), ("1,x", 2), ("8", 2)])
def test_what_is_required_and_not_checked_fails(run, complex_a, required, code):
    """1 where a level that exists did not pass, 2 where there is no such level."""
    assert run("verify", complex_a, "--require", required).code == code


def test_verify_exits_with_1_when_something_was_changed(run, benches, tamper):
    """And says which level found what."""
    tamper(benches, "UPDATE afwegen_entries SET leaf = zeroblob(32) WHERE seq = 3")

    ran = run("verify", benches)
    (report,) = run("verify", benches, "--json").data

    assert ran.code == 1
    assert "FAILED" in ran.out
    assert "level 2: entry 3 is not what the leaf beside it was made of" in ran.out
    assert report["passed"] is False
    assert [level["level"] for level in report["levels"] if level["verdict"] == "FAIL"] == [2]


@pytest.fixture
def tamper():
    """Change a store past the library and its triggers."""

    def tampering(file, statement):
        with open_store(f"sqlite:///{file}") as store:
            triggers = store._db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                store._db.execute(f"DROP TRIGGER {name}")
            store._db.execute(statement)
            for _, sql in triggers:
                store._db.execute(sql)

    return tampering


def test_verify_of_nothing_is_no_pass(run, empty):
    """A store without sessions: never fine because something was absent."""
    ran = run("verify", empty)

    assert (ran.code, ran.out) == (2, "")
    assert "holds no session" in ran.err


def test_verify_goes_through_all_sessions(run, benches, ballots):
    """One report a session."""
    run("import", ballots, "--store", f"sqlite:///{benches}")

    assert [report["passed"] for report in run("verify", benches, "--json").data] == [True, True]


# What is not usable


def test_no_text_moves_the_cursor(run, tmp_path, ballots):
    """Control characters in what people wrote are shown as blanks, wherever they stand."""
    evil = tmp_path / "evil.pb"
    evil.write_text(ballots.read_text().replace("A bench by", "A \x1b[2Jbench\x07 by"), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'evil.db'}"

    for words in (
        ("import", evil, "--store", url, "--title", "Quiet \x1b]0;title\x07"),
        ("replay", url),
        ("compare", url),
        ("sessions", url),
    ):
        ran = run(*words)
        assert ran.code == 0
        assert all(line.isprintable() for line in ran.out.splitlines()), words


def test_verify_exits_with_1_when_not_even_the_sessions_can_be_listed(run, benches, tamper):
    """A frontier that is none is found, not called a slip of who asks."""
    tamper(benches, "UPDATE afwegen_sessions SET frontier = x'00'")

    ran = run("verify", benches)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("afwegen: these octets are no frontier")


def test_a_value_that_is_gone_is_said_in_one_line(run, benches, tamper):
    """The warning of the library reaches whoever looks, without a line of source."""
    tamper(benches, "DELETE FROM afwegen_vault WHERE seq = 5")

    ran = run("replay", benches)

    assert ran.code == 0
    assert ran.err == "afwegen: personal values of 1 records are gone, first of record 5: run afwegen verify\n"


def test_an_empty_file_is_not_made_a_store(run, tmp_path):
    """To look is not to make."""
    file = tmp_path / "empty.db"
    file.touch()

    assert run("sessions", file).code == 2
    assert file.stat().st_size == 0


def test_an_export_that_cannot_be_recorded_leaves_no_file(run, benches, tmp_path, monkeypatch):
    """No file leaves that the log does not know of."""

    def refuse(*_, **__):
        raise StoreError("the disk is full")

    monkeypatch.setattr(Session, "export", refuse)

    assert run("export", benches, "--output", tmp_path / "out.jsonl").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["benches.db"]


@pytest.fixture
def bad(tmp_path, run, complex_a, ballots, benches):
    """Commands that cannot be carried out, with what must be said."""
    two = shutil.copy(benches, tmp_path / "two.db")
    run("import", ballots, "--store", f"sqlite:///{two}")
    notes = tmp_path / "notes.db"
    notes.write_text("a list of flats\n" * 100)
    broken = tmp_path / "broken.pb"
    broken.write_text(ballots.read_text().replace("tree;900", "tree;much"))
    cut = tmp_path / "cut.jsonl"
    run("export", benches, "--output", cut)
    cut.write_text("".join(cut.read_text().splitlines(keepends=True)[:4]))
    nowhere = tmp_path / "nowhere"
    new = f"sqlite:///{tmp_path / 'new.db'}"
    return {
        "no store": (("verify", nowhere), "there is no store here"),
        "no store behind a URL": (("sessions", f"sqlite:///{nowhere}"), "there is no store here"),
        "no such kind of store": (("sessions", "oracle://x"), "names no store"),
        "not a store": (("sessions", notes), "no SQLite database"),
        "two sessions": (("advice", two), "name one with --session: s_"),
        "two sessions to replay": (("replay", two), "holds 2 sessions"),
        "two sessions to compare": (("compare", two), "holds 2 sessions"),
        "two sessions to export": (("export", two, "--output", tmp_path / "x"), "holds 2 sessions"),
        "an unknown session": (("replay", complex_a, "--session", "s_x"), "does not hold this session"),
        "an unknown session to verify": (("verify", complex_a, "--session", "s_x"), "does not hold this session"),
        "a malformed ballot file": (("compare", broken), "broken.pb:11: "),
        "a malformed ballot file to import": (("import", broken, "--store", new), "broken.pb:11: "),
        "no ballot file": (("compare", tmp_path / "none.pb"), "none.pb"),
        "no ballot file to import": (("import", tmp_path / "none.toc", "--store", new), "none.toc"),
        "another kind of file": (("import", notes, "--store", new), "give one of .pb"),
        "a store that cannot be": (("import", ballots, "--store", "wijk.db"), "names no store"),
        "an export cut short": (("replay", cut), "cut.jsonl:5: "),
        "an output that cannot be": (("export", benches, "--output", nowhere / "x"), "nowhere"),
        "levels": (("verify", complex_a, "--require", "all"), "write them as --require 1,2,4"),
    }


BAD = (
    "no store",
    "no store behind a URL",
    "no such kind of store",
    "not a store",
    "two sessions",
    "two sessions to replay",
    "two sessions to compare",
    "two sessions to export",
    "an unknown session",
    "an unknown session to verify",
    "a malformed ballot file",
    "a malformed ballot file to import",
    "no ballot file",
    "no ballot file to import",
    "another kind of file",
    "a store that cannot be",
    "an export cut short",
    "an output that cannot be",
    "levels",
)


def test_everything_that_is_not_usable_is_tried(bad):
    """The list of names is the list of cases."""
    assert tuple(bad) == BAD


@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("case", BAD)
def test_what_is_not_usable_is_said_on_standard_error(run, bad, tmp_path, case, as_json):
    """Exit code 2, one plain message, nothing on standard output, no store made."""
    words, said = bad[case]

    ran = run(*words, *as_json)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("afwegen: ")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "nowhere").exists()


def test_a_command_that_does_not_exist_is_refused(run):
    """By click, with the same exit code."""
    assert run("vote").code == 2
    assert run("compare").code == 2
    assert run("import", "x.pb").code == 2
