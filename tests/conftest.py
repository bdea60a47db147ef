"""What every test may lean on: how Hypothesis searches, and where the published examples lie."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
IN_CI = bool(os.environ.get("CI"))

# A search that takes long on a busy machine is no fault of the code: no deadline anywhere.
settings.register_profile("default", deadline=None, max_examples=100, print_blob=True)
settings.register_profile("dev", settings.get_profile("default"), max_examples=25)
settings.register_profile("soak", settings.get_profile("default"), max_examples=2_000)
# In CI a failure must come back when the same commit is run again, hence derandomised and without a database.
settings.register_profile(
    "ci",
    settings.get_profile("default"),
    derandomize=True,
    database=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
# On the other Pythons the same searches are only tried.
settings.register_profile("brief", settings.get_profile("ci"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published examples: ``$AFWEGEN_SHARED``, else ``../shared`` beside the repository."""
    folder = Path(os.environ.get("AFWEGEN_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        reason = f"no published examples at {folder}: set AFWEGEN_SHARED to the folder that holds oracles/ and data/"
        if IN_CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the published examples or for a server, so that ``-m "not shared"`` can be trusted."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "shared" in names:
            item.add_marker(pytest.mark.shared)
        if "cluster" in names:
            item.add_marker(pytest.mark.postgres)


def pytest_terminal_summary(terminalreporter):
    """Print what tests ask to be read by everybody: what was lost, doubled, corrupt; what no verification sees."""
    passed = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    told = [(report.nodeid, said) for report in passed for name, said in report.user_properties if name == "told"]
    if told:
        terminalreporter.section("crashes and flipped bits")
    for nodeid, said in told:
        terminalreporter.line(f"{nodeid.rpartition('::')[2]}: {said}")


@pytest.fixture(scope="session")
def often():
    """How often something is done: a few times, and many times in a soak."""
    soaking = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    return lambda few, many: many if soaking else few


@pytest.fixture
def told(record_property):
    """Have what was found stand in the summary, and return it."""

    def telling(found):
        record_property("told", str(found))
        return found

    return telling


BINARIES = "/usr/lib/postgresql/*/bin"
UNPRIVILEGED = "postgres"


class Cluster:
    """
    A PostgreSQL server of its own, on a free port, gone with the tests.

    ``initdb`` refuses to run as root, so then everything is done as the user that Debian makes for it.
    """

    def __init__(self, binaries: Path, folder: Path):
        self.binaries, self.folder = binaries, folder
        self.made = set()
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "password").write_text("geheim")
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
            shutil.chown(folder / "password", UNPRIVILEGED)
        # Whoever comes over the network gives a password: so a wrong one can be tried.
        self.run("initdb", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", "data", "-U",
                 "owner", "--pwfile=password")  # fmt: skip
        self.start()

    def run(self, program, *arguments):
        """Run one of the server's programs in the folder, never as root."""
        user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": ()} if os.geteuid() == 0 else {}
        with (self.folder.parent / "run.log").open("ab") as log:
            done = subprocess.run(
                (self.binaries / program, *arguments), cwd=self.folder, stdout=log, stderr=log, check=False, **user
            )
        assert done.returncode == 0, (self.folder.parent / "run.log").read_text()

    def start(self, fsync="off"):
        """Start the server, and wait until it answers."""
        options = f"-k {self.folder} -h 127.0.0.1 -p {self.port} -c fsync={fsync} -c max_connections=60"
        self.run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)

    def stop(self, mode="immediate"):
        """Stop the server: at once, as a crash does, unless told otherwise."""
        self.run("pg_ctl", "stop", "-w", "-D", "data", "-m", mode)

    def url(self, database="postgres", *, user="owner", password="geheim", **parameters):
        """Return the URL of a database."""
        query = "?" + "&".join(f"{name}={value}" for name, value in parameters.items()) if parameters else ""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}{query}"

    def execute(self, *statements, database="postgres", **as_whom):
        """Run SQL past the library, and return the rows of the last statement."""
        import psycopg

        with psycopg.connect(self.url(database, **as_whom), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, name="test"):
        """Empty a database, or make it, and return its name: a new one for each test would be a thousand files each."""
        if name not in self.made:
            self.made.add(name)
            self.execute(f"CREATE DATABASE {name}")
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'")
        theirs = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        for (schema,) in self.execute(theirs, database=name):
            self.execute(f"DROP SCHEMA {schema} CASCADE", database=name)
        self.execute("CREATE SCHEMA public", database=name)
        return name


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server for these tests; without its binaries they are skipped, in CI they fail."""
    found = sorted(Path("/").glob(BINARIES.removeprefix("/")), key=lambda path: int(path.parent.name))
    if not found:
        reason = f"no PostgreSQL server at {BINARIES}: apt-get install postgresql"
        if IN_CI:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    # pytest's own folders are closed to other users.
    with tempfile.TemporaryDirectory(prefix="afwegen-") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "cluster").mkdir()
        server = Cluster(found[-1], Path(folder) / "cluster")
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def database(cluster):
    """The name of an empty database."""
    return cluster.database()


@pytest.fixture
def postgres(cluster, database):
    """The URL of an empty database."""
    return cluster.url(database)
