"""The commands about one person: what there is about them, and erasing it."""

import shutil

import pytest
from click.testing import CliRunner

from afwegen.cli.commands import afwegen


@pytest.fixture
def mine(complex_a, tmp_path):
    """A copy of the demonstration, to be changed."""
    return shutil.copy(complex_a, tmp_path / "complex-a.db")


def test_everything_about_a_person_is_shown(run, complex_a):
    """In words and as data; an unknown person is refused."""
    ran, data = run("subject", complex_a, "anna"), run("subject", complex_a, "anna", "--json").data

    assert ran.code == 0
    assert ran.out.startswith(f"anna ({data['pseudonym']}) in session s_")
    assert "What they entered, or was entered for them" in ran.out
    assert "Files that were made since they came in: 1" in ran.out
    assert {record["by"] for record in data["made"]} >= {"anna"}
    assert data["key"] == "anna"
    assert len(data["about"]) == 39
    assert [record["type"] for record in data["exports"]] == ["report-exported/1"]
    assert run("subject", complex_a, data["pseudonym"], "--json").data == data
    refused = run("subject", complex_a, "nobody")
    assert (refused.code, refused.out) == (2, "")
    assert "not known here" in refused.err


def test_a_person_is_erased(run, mine):
    """It says what that took, and what left before; every command copes with what is gone."""
    ran = run("erase", mine, "anna", "--by", "jochum", "--ground", "request", "--yes")

    assert ran.code == 0
    assert "39 records can no longer be opened" in ran.out
    assert "summary, 442 records (record 442)" in ran.out
    for command in ("replay", "advice", "compare", "sessions", "verify"):
        assert run(command, mine).code == 0
        assert run(command, mine, "--json").code == 0
    (report,) = run("verify", mine, "--json").data
    erasure = report["levels"][6]
    assert (erasure["verdict"], len(erasure["notes"])) == ("PASS", 1)
    assert "everything, in 39 records, request" in erasure["notes"][0]
    pseudonym = erasure["notes"][0].split(": ")[1].split(",")[0]
    assert run("subject", mine, pseudonym).out.startswith(f"erased ({pseudonym})")
    (again,) = run("erase", mine, "--again", "--json").data
    assert (again["subjects"], len(again["entries"]), again["scrubbed"]) == ([pseudonym], 39, True)
    assert run("erase", mine, "anna", "--by", "jochum", "--ground", "request", "--yes").code == 2


def test_what_a_record_says_is_erased(run, mine):
    """One field, or all of it."""
    (done,) = run(
        *("erase", mine, "--redact", 80, "--field", "why", "--by", "jochum", "--yes", "--json"),
        *("--ground", "names a third person"),
    ).data

    assert (done["subjects"], done["entries"]) == ([], [80])
    assert run("verify", mine).code == 0
    assert "why in record 80, names a third person" in run("verify", mine).out.replace("\n    ", " ")


def test_it_asks_first(mine):
    """No, and no answer at all, erase nothing; yes does."""
    words = ["erase", str(mine), "anna", "--by", "jochum", "--ground", "request"]
    for answer in ("n\n", ""):
        refused = CliRunner().invoke(afwegen, words, input=answer)
        assert refused.exit_code == 2
        assert "so that nobody can open 39 records" in refused.stderr
        assert "nothing was erased" in refused.stderr
    assert "39 records can no longer be opened" in CliRunner().invoke(afwegen, words, input="y\n").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "one thing is erased at a time"),
        (("anna", "--again"), "one thing is erased at a time"),
        (("anna", "--redact", 3), "one thing is erased at a time"),
        (("anna", "--by", "jochum"), "who does it, and why"),
        (("anna", "--ground", "request"), "who does it, and why"),
        (("anna", "--by", "jochum", "--ground", "by mistake", "--yes"), "no ground for that"),
        (("--redact", 3, "--by", "jochum", "--ground", "request", "--yes"), "no ground for that"),
        (("--redact", 99999, "--by", "jochum", "--ground", "by mistake", "--yes"), "name one of them"),
        (("nobody", "--by", "jochum", "--ground", "law"), "not known here"),
    ],
)
def test_what_cannot_be_erased_is_refused(run, complex_a, words, said):
    """With what to do; the session is as it was."""
    refused = run("erase", complex_a, *words)

    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err


def test_a_vault_of_its_own(run, ballots, tmp_path, monkeypatch):
    """Given before the command, or by the environment; without it, what is said is missing."""
    store, vault = f"sqlite:///{tmp_path}/wijk.db", f"sqlite:///{tmp_path}/kluis.db"
    assert run("--vault", vault, "import", ballots, "--store", store).code == 0
    assert run("--vault", vault, "verify", store).code == 0
    assert run("verify", store).code == 1
    monkeypatch.setenv("AFWEGEN_VAULT", vault)
    assert run("verify", store).code == 0
    assert run("subject", store, "voter-a").code == 0
