"""In an application with SQLAlchemy: an act and a row of a model, both or neither."""

import pytest

sqlalchemy = pytest.importorskip("sqlalchemy", reason="needs SQLAlchemy (extra dev)")

from sqlalchemy import create_engine, func, select  # noqa: E402
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column  # noqa: E402
from sqlalchemy.orm import Session as Work  # noqa: E402

from afwegen import Session, open_store  # noqa: E402
from afwegen.events import ParticipantInvited  # noqa: E402

pytestmark = pytest.mark.hosts


class Base(DeclarativeBase):
    """The host's models."""


class Meeting(Base):
    """A model of the host: where the group meets."""

    __tablename__ = "meetings"
    session: Mapped[str] = mapped_column(primary_key=True)
    room: Mapped[str]


def invite(name):
    return ParticipantInvited(participant=name, name=name.title(), perspective="resident")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, tmp_path):
    """An engine of the host, with its table and ours."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/host.db"
    else:
        url = request.getfixturevalue("postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Work(engine) as work:
        work.add(Meeting(session="none", room="nowhere"))
        work.flush()
        store_of(work)
        work.commit()
    yield engine
    engine.dispose()


def store_of(work):
    """The store on the connection of a session of SQLAlchemy."""
    return open_store(work.connection().connection.driver_connection)


def test_both_are_committed(engine):
    """When the host commits."""
    with Work(engine) as work:
        session = Session.start(store_of(work), title="Complex A", area="Buurt", by="jochum")
        work.add(Meeting(session=session.id, room="buurthuis"))
        work.commit()
        session.committed()
    with Work(engine) as work:
        assert work.get(Meeting, session.id).room == "buurthuis"
        assert Session.load(store_of(work), session.id).state == session.state


def test_neither_is_kept(engine):
    """When the host rolls back."""
    with Work(engine) as work:
        session = Session.start(store_of(work), title="Complex A", area="Buurt", by="jochum")
        work.add(Meeting(session=session.id, room="buurthuis"))
        work.flush()
        work.rollback()
    with Work(engine) as work:
        assert work.scalar(select(func.count()).select_from(Meeting)) == 1
        assert store_of(work).sessions() == ()


def test_a_nested_block_takes_its_own_part_along(engine):
    """``begin_nested`` is a savepoint."""
    with Work(engine) as work:
        work.add(Meeting(session="begun", room="kerk"))
        work.flush()
        session = Session.start(store_of(work), title="Complex A", area="Buurt", by="jochum")
        session.record(invite("anna"), by="jochum")
        nested = work.begin_nested()
        work.connection()  # SQLAlchemy makes the savepoint when its connection is next asked for
        session.record(invite("ben"), by="jochum")
        nested.rollback()
        session.rolled_back()
        session.record(invite("cor"), by="jochum")
        work.commit()
        session.committed()

        assert {*session.state.preparation.participants} == {"anna", "cor"}
        assert Session.load(store_of(work), session.id).state == session.state
