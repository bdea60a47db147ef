"""Between Django and afwegen: one connection, one transaction."""

from django.db import connection, transaction

from afwegen import Session, open_store
from afwegen.stores import Store


def store() -> Store:
    """Return the store on Django's own connection: it writes in the transaction that Django has begun."""
    connection.ensure_connection()
    return open_store(connection.connection)


def start(*, title: str, area: str, by: str) -> Session:
    """Begin a session in the transaction of the caller."""
    session = Session.start(store(), title=title, area=area, by=by)
    transaction.on_commit(session.committed)
    return session


def load(key: str) -> Session:
    """Return a session as it now stands."""
    return Session.load(store(), key)


def viewer(session: Session, user: object) -> str | None:
    """Return the key of a user whom the session knows; None for everybody else, who sees what the public sees."""
    name = user.get_username() if user.is_authenticated else None
    return name if name is not None and session.state.knows(name) else None
