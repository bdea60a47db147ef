"""The commands of proof, as an operator, a participant and an auditor run them."""

import shutil

import pytest

NAME = "wijk.example/afwegen"


@pytest.fixture
def desk(tmp_path, complex_a, run):
    """A folder with the demonstration, a key, the list of it, and a first checkpoint."""
    shutil.copy(complex_a, tmp_path / "wijk.db")
    (tmp_path / "keys").write_text(run("key", tmp_path / "key", "--name", NAME).out)
    run("checkpoint", tmp_path / "wijk.db", "--key", tmp_path / "key", "--held", tmp_path / "held")
    return tmp_path


def test_a_key_is_made_and_its_public_half_printed(run, tmp_path):
    """For the list that auditors keep; the file is its owner's alone, and never written over."""
    made = run("key", tmp_path / "key", "--name", NAME)
    assert made.out.startswith(f"{NAME}+")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    again = run("key", tmp_path / "key", "--name", NAME)
    assert (again.code, again.out) == (2, "")
    assert "never written over" in again.err
    assert run("key", tmp_path / "other", "--name", NAME, "--json").data["name"] == NAME


def test_a_checkpoint_is_printed_and_held(run, desk):
    """The same one, until something is recorded."""
    again = run("checkpoint", desk / "wijk.db", "--key", desk / "key", "--held", desk / "held")
    assert (again.code, again.out) == (0, (desk / "held").read_text())
    assert again.out.startswith(f"{NAME}\n1\n")


def test_a_store_is_verified_with_keys_and_what_is_held(run, desk):
    """Levels 1 to 6, and the installation log; nothing of the signatures is left open."""
    done = run("verify", desk / "wijk.db", "--keys", desk / "keys", "--since", desk / "held", "--require", "1,2,4,5,6")
    assert done.code == 0
    assert "The installation log: nothing failed" in done.out
    assert "NOT CHECKED: signatures" not in done.out
    without = run("verify", desk / "wijk.db")
    assert without.code == 0
    assert without.out.rstrip().endswith("NOT CHECKED: signatures: no key list was given")
    assert run("verify", desk / "wijk.db", "--require", "2").code == 1


def test_a_receipt_is_given_and_verified(run, desk):
    """What was entered is in it, and it proves it to whoever has the key list."""
    made = run("receipt", desk / "wijk.db", "--seq", "30", "--output", desk / "receipt")
    assert made.code == 0
    done = run("verify", "--receipt", desk / "receipt", "--keys", desk / "keys", "--json")
    assert done.code == 0
    assert done.data["passed"]
    assert done.data["seq"] == 30
    assert done.data["openings"]
    bare = run("receipt", desk / "wijk.db", "--seq", "30", "--output", desk / "bare", "--no-openings", "--json")
    assert bare.data["openings"] == []
    shown = run("verify", "--receipt", desk / "bare")
    assert (shown.code, "NOT CHECKED: signatures" in shown.out) == (0, True)
    assert run("verify", "--receipt", desk / "bare", "--require", "5").code == 1


def test_a_changed_receipt_fails(run, desk):
    """With 1 where it says something false, with 2 where it is no receipt."""
    run("receipt", desk / "wijk.db", "--seq", "30", "--output", desk / "receipt")
    text = (desk / "receipt").read_text()
    (desk / "receipt").write_text(text.replace("index 30", "index 31"))
    assert run("verify", "--receipt", desk / "receipt").code == 1
    (desk / "receipt").write_text(text[:-1])
    assert run("verify", "--receipt", desk / "receipt").code == 2


def test_a_bundle_is_written_recorded_and_verified(run, desk):
    """With values or without; that it was made is the next record."""
    made = run("export", desk / "wijk.db", "--bundle", desk / "wijk.zip", "--openings")
    assert made.code == 0
    done = run("verify", desk / "wijk.zip", "--keys", desk / "keys", "--since", desk / "held", "--json")
    assert done.code == 0
    assert [level["verdict"] for level in done.data["levels"]] == ["PASS"] * 6 + ["NOT CHECKED"]
    text = run("verify", desk / "wijk.zip").out
    assert "NOT CHECKED: signatures: no key list was given" in text
    records = run("sessions", desk / "wijk.db", "--json").data[0]["records"]
    assert records == done.data["records"] + 1


def test_a_changed_bundle_fails(run, desk):
    """With 1 where something is false, with 2 where it is no bundle."""
    run("export", desk / "wijk.db", "--bundle", desk / "wijk.zip")
    data = (desk / "wijk.zip").read_bytes()
    (desk / "wijk.zip").write_bytes(data[:-1])
    refused = run("verify", desk / "wijk.zip")
    assert (refused.code, refused.out) == (2, "")
    assert "no bundle" in refused.err
    assert run("verify", desk / "nowhere.zip").code == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify",), "one thing is verified"),
        (("verify", "STORE", "--receipt", "x"), "one thing is verified"),
        (("verify", "STORE", "--keys", "nowhere"), "key list cannot be read"),
        (("verify", "STORE", "--keys", "STORE"), "UTF-8|million|key"),
        (("verify", "STORE", "--since", "STORE"), "note"),
        (("verify", "STORE", "--since", "nowhere"), "No such file"),
        (("checkpoint", "STORE", "--key", "nowhere"), "no such key"),
        (("receipt", "STORE", "--seq", "9999", "--output", "x"), "has no record 9999"),
        (("export", "STORE"), "one file is written"),
        (("export", "STORE", "--bundle", "x", "--output", "y"), "one file is written"),
    ],
)
def test_what_is_not_usable_is_said(run, complex_a, monkeypatch, tmp_path, words, says):
    """On standard error, with 2, and never as passed."""
    monkeypatch.chdir(tmp_path)
    done = run(*(complex_a if word == "STORE" else word for word in words))
    assert (done.code, done.out) == (2, "")
    assert any(each in done.err for each in says.split("|"))


def test_a_restored_backup_is_not_signed_for(run, desk):
    """The file held beside the key knows better."""
    shutil.copy(desk / "wijk.db", desk / "backup.db")
    run("export", desk / "wijk.db", "--output", desk / "lines")
    run("checkpoint", desk / "wijk.db", "--key", desk / "key", "--held", desk / "held")
    refused = run("checkpoint", desk / "backup.db", "--key", desk / "key", "--held", desk / "held")
    assert refused.code == 2
    assert "this store is behind" in refused.err
