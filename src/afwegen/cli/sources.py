"""What a command is given: a store by its URL or its file, an export, a ballot file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from afwegen.errors import AfwegenError, StoreError
from afwegen.session import Session
from afwegen.stores import open_store

if TYPE_CHECKING:
    from afwegen.interop.pabulib import Election
    from afwegen.interop.preflib import Categories, Rankings
    from afwegen.models import Profile
    from afwegen.stores import Store

__all__ = [
    "BALLOTS",
    "ballots",
    "existing_store",
    "is_ballot_file",
    "one_session",
    "profile_of",
    "titles_of",
    "vault_given",
]

BALLOTS = (".pb", ".soc", ".soi", ".toc", ".toi", ".cat")
"""The endings of ballot files: Pabulib's one and PrefLib's five."""


@contextmanager
def existing_store(named: str) -> Iterator[Store]:
    """
    Open a store that is there: by its URL, or by the path of its file.

    Raises:
        StoreError: There is none; it is not made.
    """
    url = named if ":" in named.split("/", maxsplit=1)[0] else f"sqlite:///{named}"
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        # An empty file would become a store by being opened.
        if not file.is_file() or not file.stat().st_size:
            raise StoreError("there is no store here", "name a file, or a URL like sqlite:///wijk.db", named)
    with open_store(url, vault=vault_given()) as store:
        yield store


def vault_given() -> str | None:
    """Return where values and people are kept, if not in the store itself: as ``afwegen --vault`` says."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.find_root().params.get("vault")


def one_session(store: Store, session: str | None) -> Session:
    """
    Return the session that is meant: the one named, or the only one.

    Raises:
        AfwegenError: The store holds several, or none, and none was named.
    """
    if session is None:
        heads = store.sessions()
        if len(heads) != 1:
            found = ", ".join(head.id for head in heads[:5]) or "none"
            raise AfwegenError(f"this store holds {len(heads)} sessions", f"name one with --session: {found}")
        session = heads[0].id
    return Session.load(store, session)


def is_ballot_file(named: str) -> bool:
    """Say whether a name is that of a ballot file, by its ending."""
    return Path(named).suffix in BALLOTS


def ballots(named: str) -> Election | Rankings | Categories:
    """
    Read a ballot file.

    Raises:
        FormatError: It is not what its format says.
        AfwegenError: No format has this ending.
    """
    from afwegen.interop import pabulib, preflib

    if not is_ballot_file(named):
        raise AfwegenError("no format has this ending", f"give one of {', '.join(BALLOTS)}", named)
    return pabulib.read(named) if Path(named).suffix == ".pb" else preflib.read(named)


def profile_of(election: Election | Rankings | Categories) -> Profile:
    """Return what a ballot file says as a profile, identical ballots counted together."""
    from afwegen.interop.pabulib import Election
    from afwegen.models import Profile

    if isinstance(election, Election):
        orders, counts = election.counted()
    else:
        orders, counts = election.orders, election.counts
    return Profile.from_rankings(orders, counts, alternatives=election.alternatives)


def titles_of(election: Election | Rankings | Categories) -> dict[str, str]:
    """Return what a ballot file calls each alternative, where that is not its id."""
    from afwegen.interop.pabulib import Election

    return {one.project_id: one.name for one in election.projects} if isinstance(election, Election) else {}
