"""In an application with Django: an act and a row of a model, both or neither."""

import pytest

django = pytest.importorskip("django", reason="needs Django (extra dev)")

from django.conf import settings  # noqa: E402
from django.db import IntegrityError, connections, models, transaction  # noqa: E402

from afwegen import Session, open_store  # noqa: E402
from afwegen.errors import StoreError  # noqa: E402
from afwegen.events import ParticipantInvited  # noqa: E402

pytestmark = pytest.mark.hosts


def invite(name):
    return ParticipantInvited(participant=name, name=name.title(), perspective="resident")


@pytest.fixture(scope="module")
def databases(cluster, tmp_path_factory):
    """Django on SQLite and on PostgreSQL, with a table of its own in both."""
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path_factory.mktemp("django") / "host.db"},
            "postgres": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": cluster.database("django"),
                "USER": "owner",
                "PASSWORD": "geheim",
                "HOST": "127.0.0.1",
                "PORT": cluster.port,
            },
        },
        INSTALLED_APPS=[],
        USE_TZ=True,
    )
    django.setup()

    class Meeting(models.Model):
        """A model of the host: where the group meets."""

        session = models.CharField(max_length=64, unique=True)
        room = models.CharField(max_length=100)

        class Meta:
            app_label = "host"

        def __str__(self):
            return self.room

    for alias in ("default", "postgres"):
        with connections[alias].schema_editor() as editor:
            editor.create_model(Meeting)
    yield Meeting
    connections.close_all()


@pytest.fixture(params=["default", "postgres"])
def alias(request, databases):
    """The name of a database, with nothing in the host's table."""
    databases.objects.using(request.param).all().delete()
    return request.param


@pytest.fixture
def meetings(databases, alias):
    """The model of the host."""
    return databases.objects.using(alias)


def store_of(alias):
    """The store on Django's own connection."""
    connections[alias].ensure_connection()
    return open_store(connections[alias].connection)


def test_both_are_committed(alias, meetings):
    """And the session is told by ``on_commit``."""
    with transaction.atomic(using=alias):
        session = Session.start(store_of(alias), title="Complex A", area="Buurt", by="jochum")
        meetings.create(session=session.id, room="buurthuis")
        transaction.on_commit(session.committed, using=alias)
        assert session.unsettled == 1

    assert session.unsettled == 0
    assert meetings.get(session=session.id).room == "buurthuis"
    assert Session.load(store_of(alias), session.id).state == session.state


def test_neither_is_kept_when_the_host_fails(alias, meetings):
    """The host's own mistake takes the act along."""
    with transaction.atomic(using=alias):
        session = Session.start(store_of(alias), title="Complex A", area="Buurt", by="jochum")
        session.committed()

    def twice():
        with transaction.atomic(using=alias):
            session.record(invite("anna"), by="jochum")
            meetings.create(session=session.id, room="buurthuis")
            meetings.create(session=session.id, room="kerk")

    with pytest.raises(IntegrityError):
        twice()
    session.rolled_back()

    assert meetings.count() == 0
    assert session.state.length == 1
    assert Session.load(store_of(alias), session.id).state == session.state


def test_an_inner_block_takes_its_own_part_along(alias, meetings):
    """Django's inner ``atomic`` is a savepoint."""
    with transaction.atomic(using=alias):
        session = Session.start(store_of(alias), title="Complex A", area="Buurt", by="jochum")
        session.record(invite("anna"), by="jochum")
        with transaction.atomic(using=alias):
            session.record(invite("ben"), by="jochum")
            transaction.set_rollback(True, using=alias)
        session.rolled_back()
        session.record(invite("cor"), by="jochum")
        meetings.create(session=session.id, room="buurthuis")
        transaction.on_commit(session.committed, using=alias)

    assert {*session.state.preparation.participants} == {"anna", "cor"}
    assert Session.load(store_of(alias), session.id).state == session.state


def test_outside_a_transaction_nothing_is_recorded(alias):
    """Django commits by itself there, so the promise could not be kept."""
    with transaction.atomic(using=alias):
        store = store_of(alias)

    with pytest.raises(StoreError, match=r"transaction\.atomic"):
        Session.start(store, title="Complex A", area="Buurt", by="jochum")
