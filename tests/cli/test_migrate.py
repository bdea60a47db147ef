"""The tables of a store in PostgreSQL are made, looked at first, and found up to date."""


def test_a_store_is_migrated_once(run, postgres):
    """A dry run changes nothing, the first run makes the tables, the second finds nothing to do."""
    planned = run("migrate", postgres, "--dry-run")
    done = run("migrate", postgres)
    again = run("migrate", postgres)

    assert (planned.code, done.code, again.code) == (0, 0, 0)
    assert "would take" in planned.out
    assert "CREATE TABLE" in done.out
    assert again.out == "the schema is up to date\n"


def test_what_was_restored_begins_a_new_epoch(run, postgres):
    """After a restore the feed goes on behind what is there, and the command says it did nothing else."""
    run("migrate", postgres)

    assert run("migrate", postgres, "--restored", "--json").data == {
        "dry_run": False,
        "restored": True,
        "statements": [],
    }


def test_a_file_has_nothing_to_migrate(run):
    """Only PostgreSQL has tables of more than one version; another URL is refused with what to do."""
    refused = run("migrate", "sqlite:///wijk.db")

    assert refused.code == 2
    assert "open it: that is all" in refused.err
