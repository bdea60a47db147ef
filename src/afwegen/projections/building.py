"""A projection, and how it is built: page by page, the checkpoint in the transaction of the effect."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import attrs
from attrs import frozen

from afwegen.errors import ProjectionError, StoreError
from afwegen.projections.telling import Sessions, Told
from afwegen.stores import projecting
from afwegen.stores.contract import Store
from afwegen.stores.projecting import Build
from afwegen.stores.transaction import Transaction, Transactional

__all__ = ["Projection", "Shelf", "advance", "forget", "rebuild", "rows", "run", "serving"]

PAGE: Final = 500
PAUSE: Final = 0.5
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}").fullmatch


class Shelf:
    """
    What one build of a projection keeps: rows by name, each any JSON; written when the page has been told.

    Attributes:
        build: The number of the build: a table of your own bears it in its name, so that two builds do not meet.
        connection: Of ``sqlite3`` or ``psycopg``, in the transaction of the checkpoint: for tables of your own. Never
            commit it, roll it back or change its settings.
    """

    def __init__(self, on: Transaction, build: int) -> None:
        self.build = build
        self.connection = on.connection
        self._on = on
        self._news: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Return what is kept under a name, None where nothing is."""
        if name in self._news:
            given = self._news[name]
            return given() if callable(given) else given
        text = projecting.kept(self._on, self.build, name)
        return None if text is None else json.loads(text)

    def put(self, name: str, value: Any) -> None:
        """
        Keep JSON under a name; None takes it away.

        A function is called for its value when the page has been told: where a row is put often, it is worked out once.
        """
        self._news[name] = value

    def news(self) -> Iterator[tuple[str, str | None]]:
        """Yield what was put, as text, in the order of the names; None where a row is taken away."""
        for name in sorted(self._news):
            value = self.get(name)
            yield name, None if value is None else json.dumps(value, sort_keys=True, allow_nan=False)


def _named(_: Any, __: Any, name: str) -> None:
    if not _NAME(name):
        what = "a projection has a plain name: a-z, 0-9, '_' and '-', a letter first"
        raise ProjectionError(what, "choose one", name)


def _counted(_: Any, __: Any, version: int) -> None:
    if type(version) is not int or not 1 <= version < 2**31:
        do = "give the next one when apply means something else"
        raise ProjectionError("versions are counted from 1", do, version)


@frozen(kw_only=True)
class Projection:
    """
    What is to be made of the feed.

    >>> from afwegen import Session, open_store
    >>> def count(shelf, told):
    ...     shelf.put(told.record.type, (shelf.get(told.record.type) or 0) + 1)
    >>> COUNTS = Projection(name="counts", version=1, apply=count)
    >>> store = open_store("memory:")
    >>> _ = Session.start(store, title="Complex A", area="Municipality X", by="jochum")
    >>> advance(store, COUNTS)
    1
    >>> rows(store, COUNTS)
    {'session-started/1': 1}

    Attributes:
        name: Plain, and the same for all versions.
        version: The next one whenever ``apply`` means something else: it is then built anew, beside the one before.
        apply: Given a shelf and a record. It may write on the shelf, and on its connection; it must not end the
            transaction, nor record anything.
        begin: Called once for a build, before its first record: makes tables of your own.
        end: Called when a build is dropped: takes them away.
    """

    name: str = attrs.field(validator=_named)
    version: int = attrs.field(validator=_counted)
    apply: Callable[[Shelf, Told], None]
    begin: Callable[[Shelf], None] | None = None
    end: Callable[[Shelf], None] | None = None

    @property
    def called(self) -> str:
        """Name and version."""
        return f"{self.name}/{self.version}"


# -- building ---------------------------------------------------------------------------------------------------------


def advance(store: Store, projection: Projection) -> int:
    """
    Give a projection what the feed has since it was last given something, and return how many records that was.

    On a store with a connection of the host everything happens in the host's transaction: rolled back with it, and told
    again later. In PostgreSQL the feed does not show that transaction its own records; they come after the commit.

    Raises:
        ProjectionError: Its code failed; it says at which record, and nothing of that page was kept.
        StoreError: The store cannot be written.
    """
    return _built(store, projection, None)


def rebuild(store: Store, projection: Projection) -> int:
    """
    Build a projection anew, while the one that is there is still read; it takes its place when it has caught up.

    Where another does the same at the same time, who began last finishes; the other leaves.

    Raises:
        ProjectionError: Its code failed; what is there stays.
        StoreError: The store cannot be written.
    """
    with _transaction(store) as on:
        on.alone(projection.called)
        for build in projecting.found(on, projection.name, projection.version):
            if not build.ready:
                _dropped(on, projection, build)
        fresh = _begun(on, projection)
    return _built(store, projection, fresh.id)


def run(store: Store, projection: Projection) -> Iterator[int]:
    """
    Advance a projection for ever, as the feed goes on; yields how many records it was given, each time it was.

    It ends when it is closed.
    """
    waiter = store.waiter()
    try:
        while True:
            if told := advance(store, projection):
                yield told
            waiter.wait(PAUSE)
    finally:
        waiter.close()


def forget(store: Store, projection: Projection) -> None:
    """
    Take a version of a projection away, with all it keeps.

    Raises:
        StoreError: The store cannot be written.
    """
    with _transaction(store) as on:
        on.alone(projection.called)
        for build in projecting.found(on, projection.name, projection.version):
            _dropped(on, projection, build)


def _built(store: Store, projection: Projection, wanted: int | None) -> int:
    given, sessions = 0, Sessions(store)
    while True:
        with _transaction(store, writing=False) as on:
            build = _chosen(on, projection, wanted)
        if build is None and wanted is not None:
            return given
        start = None if build is None else build.cursor
        items = store.feed(start, PAGE)
        if build is not None and build.ready and not items:
            return given
        told = sessions.told(items)
        with _transaction(store) as on:
            on.alone(projection.called)
            here = _chosen(on, projection, wanted)
            if here is None and wanted is None:
                here = _begun(on, projection)
            if here is None or here.cursor != start:
                # Another worker was here first: what was read is told already.
                continue
            _tell(on, projection, here, told)
        given += len(told)
        if len(items) < PAGE:
            return given


def _chosen(on: Transaction, projection: Projection, wanted: int | None) -> Build | None:
    builds = projecting.found(on, projection.name, projection.version)
    return next((build for build in builds if wanted in {None, build.id}), None)


def _begun(on: Transaction, projection: Projection) -> Build:
    build = projecting.begun(on, projection.name, projection.version)
    if projection.begin is not None:
        projection.begin(Shelf(on, build.id))
    return build


def _dropped(on: Transaction, projection: Projection, build: Build) -> None:
    if projection.end is not None:
        projection.end(Shelf(on, build.id))
    projecting.dropped(on, build)


def _tell(on: Transaction, projection: Projection, build: Build, told: tuple[Told, ...]) -> None:
    """Apply a page, and write down in the same transaction that it was."""
    shelf = Shelf(on, build.id)
    for item in told:
        with _blaming(projection, f"record {item.seq} of {item.session!r}", item.cursor):
            projection.apply(shelf, item)
    with _blaming(projection, "what it put on its shelf", build.cursor):
        news = tuple(shelf.news())
    for name, text in news:
        projecting.put(on, build.id, name, text)
    projecting.moved(on, build, told[-1].cursor if told else build.cursor, len(told))
    if not build.ready and len(told) < PAGE:
        for older in projecting.found(on, projection.name, projection.version):
            if older.id != build.id:
                _dropped(on, projection, older)
        projecting.ready(on, build)


@contextmanager
def _blaming(projection: Projection, where: str, cursor: str | None) -> Iterator[None]:
    """Say of an error of the projection's own code where it happened."""
    try:
        yield
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise ProjectionError(
            f"the projection {projection.called} failed at {where}: {said}",
            "nothing of this page was kept: mend its apply, and advance again",
            cursor,
        ) from error


@contextmanager
def _transaction(store: Store, *, writing: bool = True) -> Iterator[Transaction]:
    if not isinstance(store, Transactional):
        do = "use a store of afwegen.stores, or give yours a method 'transaction'"
        raise StoreError("this store keeps no projections", do, type(store).__name__)
    with store.transaction(writing=writing) as on:
        yield on


# -- reading ----------------------------------------------------------------------------------------------------------


def rows(store: Store, projection: Projection) -> dict[str, Any]:
    """
    Return what a projection keeps, by name.

    Raises:
        ProjectionError: This version of it has not been built.
    """
    with _transaction(store, writing=False) as on:
        build = _chosen(on, projection, None)
        if build is None or not build.ready:
            raise ProjectionError("this projection has not been built", "call advance", projection.called)
        return {name: json.loads(value) for name, value in projecting.built(on, build.id)}


def serving(store: Store, *versions: Projection) -> Projection:
    """
    Return the first of these that can be read: give the new version, then the old one, while the new one is built.

    Raises:
        ProjectionError: None of them has been built.
    """
    with _transaction(store, writing=False) as on:
        for projection in versions:
            build = _chosen(on, projection, None)
            if build is not None and build.ready:
                return projection
    raise ProjectionError("none of these has been built", "call advance", [each.called for each in versions])
