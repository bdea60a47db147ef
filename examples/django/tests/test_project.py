"""The project's own tests, run as its README says, on SQLite and on PostgreSQL."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def environment(request, tmp_path):
    """What names the database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/neighbourhood.db"
    else:
        cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.database("django_example"))
    return os.environ | {"DATABASE_URL": url}


def manage(environment, *arguments):
    done = subprocess.run(
        (sys.executable, "-W", "error", "manage.py", *arguments),
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_tests_of_the_project_pass(environment):
    """All of them."""
    assert int(re.search(r"Ran (\d+) tests", manage(environment, "test", "--noinput"))[1]) == 9


def test_the_tables_are_made_by_migrating(environment):
    """In one go, those of afwegen among them."""
    assert "tables_of_afwegen... OK" in manage(environment, "migrate")
