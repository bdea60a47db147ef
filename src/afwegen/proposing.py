"""
What becomes of acts that are proposed: checked, admitted as records, and written as a batch for the store.

Nothing here looks at the clock or draws octets: the moment and the randomness are handed down.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args

import attrs
from attrs import frozen

from afwegen import codec
from afwegen.errors import CodecError, RuleViolation
from afwegen.events import Record, SessionStarted
from afwegen.events.declaration import clean_text, event_type
from afwegen.events.record import Channel, milliseconds, to_the_minute
from afwegen.log import canonical
from afwegen.method import RULES_VERSION, MethodSettings, Role, RoleName
from afwegen.steps import acting, disclosure
from afwegen.steps.state import SessionState, admit, apply
from afwegen.stores.contract import Batch, Call, PersonRow, VaultRow

__all__ = ["Admitted", "Around", "Draw", "Proposal", "admitted", "batch", "beginning", "call", "permitted", "proposal"]

Draw = Callable[[int], bytes]
"""Gives so many random octets."""


@frozen(kw_only=True)
class Proposal:
    """Acts that somebody wants recorded, all of them or none; ``authors`` says of each on whose behalf it is."""

    events: tuple[Any, ...]
    by: str
    role: Role | None
    authors: tuple[str | None, ...]
    happened_at: datetime | None
    channel: Channel


@frozen
class Around:
    """What a record is encoded with: who is in which subgroup, and what its judge has a pseudonym of their own for."""

    members: Mapping[str, tuple[str, ...]]
    voice: str | None


@frozen
class Admitted:
    """Acts that may enter the log: as records, what each is encoded with, and the state after them."""

    records: tuple[Record[Any], ...]
    around: tuple[Around, ...]
    state: SessionState


# -- proposing --------------------------------------------------------------------------------------------------------


def beginning(
    *,
    title: str,
    area: str,
    form: Literal["together", "alone", "imported"],
    language: Literal["nl", "en"],
    settings: MethodSettings | None,
) -> SessionStarted:
    """Return the first event of a session: with the version of the rules and of the library."""
    from importlib.metadata import version

    return SessionStarted(
        title=title,
        area=area,
        form=form,
        language=language,
        rules=RULES_VERSION,
        library=version("afwegen"),
        settings=attrs.asdict(settings or MethodSettings()),
    )


def permitted(events: tuple[Any, ...], role: RoleName | None) -> Role | None:
    """Return the role asked for, where there are events and they are such as people may propose."""
    for event in events:
        if isinstance(event, type):
            raise CodecError("this is a kind of event", "make one: give its fields", event)
        if Role.SYSTEM in event_type(event).by:
            do = "call Session.start, evaluate or export"
            raise RuleViolation("the session itself proposes this event", do, event_type(event).name)
    chosen = None if role is None else _role(role)
    if not events:
        raise RuleViolation("nothing was proposed", "give an event")
    return chosen


def _role(role: RoleName) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise RuleViolation("this is no role", f"choose from {', '.join(Role)}", role) from None


def proposal(
    events: tuple[Any, ...],
    by: str,
    role: Role | None,
    on_behalf_of: str | Sequence[str] | None,
    happened_at: datetime | None,
    channel: Channel,
) -> Proposal:
    """Return what is proposed, with clean names and a moment in milliseconds."""
    moment = None if happened_at is None else milliseconds(happened_at)
    if channel not in get_args(Channel):
        raise CodecError("this is no channel", f"choose from {', '.join(get_args(Channel))}", channel)
    by = _key_of_person(by)
    authors = _authors(events, on_behalf_of)
    return Proposal(events=events, by=by, role=role, authors=authors, happened_at=moment, channel=channel)


def _authors(events: tuple[Any, ...], on_behalf_of: str | Sequence[str] | None) -> tuple[str | None, ...]:
    """Return for each act on whose behalf it is."""
    if on_behalf_of is None:
        return (None,) * len(events)
    if isinstance(on_behalf_of, str):
        return (_key_of_person(on_behalf_of),) * len(events)
    if not isinstance(on_behalf_of, list | tuple):
        raise CodecError("on_behalf_of is somebody, or one for each act", "give a key, or a tuple", on_behalf_of)
    if len(on_behalf_of) != len(events):
        what = f"{len(events)} acts are on behalf of {len(events)}, or all of the same one"
        raise RuleViolation(what, "give one name for each, or one name", len(on_behalf_of))
    return tuple(None if each is None else _key_of_person(each) for each in on_behalf_of)


_key_of_person: Final = clean_text("the key of a person")


# -- admitting --------------------------------------------------------------------------------------------------------


def admitted(proposal: Proposal, state: SessionState, session: str, now: datetime) -> Admitted:
    """Return the acts as records; each is admitted on the state the one before left."""
    records, around = [], []
    for event, author in zip(proposal.events, proposal.authors, strict=True):
        record = _record(proposal, event, author, state, session, now)
        if (voice := disclosure.voice(record, state)) is not None:
            record = _told_to_the_minute(record)
        admit(state, record)
        state = apply(state, record)
        records.append(record)
        around.append(Around(state.members, voice))
    return Admitted(tuple(records), tuple(around), state)


def _record(
    proposal: Proposal, event: Any, on_behalf_of: str | None, state: SessionState, session: str, now: datetime
) -> Record[Any]:
    subgroup = on_behalf_of if on_behalf_of in state.meeting.subgroups else None
    person = None if subgroup is not None or on_behalf_of == proposal.by else on_behalf_of
    return Record(
        session=session,
        seq=state.length,
        event=event,
        happened_at=proposal.happened_at or now,
        recorded_at=now,
        by=proposal.by,
        role=proposal.role or acting.resolve_role(state, event, proposal.by, person, subgroup),
        on_behalf_of=person,
        subgroup=subgroup,
        channel=proposal.channel,
        meeting=state.meeting.now,
    )


def _told_to_the_minute(record: Record[Any]) -> Record[Any]:
    happened, recorded = to_the_minute(record.happened_at), to_the_minute(record.recorded_at)
    return attrs.evolve(record, happened_at=happened, recorded_at=recorded)


# -- writing ----------------------------------------------------------------------------------------------------------


def call(key: str | None, proposal: Proposal, secret: bytes) -> Call | None:
    """Return the codes of an idempotency key and of what is called under it."""
    if key is None:
        return None
    key = clean_text("an idempotency key")(key)
    acts = [[event_type(event).name, codec.fields_of(event)] for event in proposal.events]
    role = None if proposal.role is None else proposal.role.value
    moment = None if proposal.happened_at is None else proposal.happened_at.isoformat()
    called = canonical.encode([acts, proposal.by, role, list(proposal.authors), moment, proposal.channel])
    return Call(
        key_mac=hmac.digest(secret, b"key\x00" + key.encode(), "sha256"),
        call_mac=hmac.digest(secret, b"call\x00" + called, "sha256"),
    )


def batch(
    acts: Admitted, people: codec.People, secret: bytes, called: Call | None, draw: Draw
) -> tuple[Batch, codec.People]:
    """Return what is to be appended, and the people with whom it shows first."""
    entries, vault, shown = [], [], []
    for record, beside in zip(acts.records, acts.around, strict=True):
        encoded = codec.encode(record, people, beside.members, draw, beside.voice)
        people = encoded.people
        entries.append(encoded.entry)
        vault += [
            VaultRow(seq=record.seq, part=part, subjects=subjects, payload=payload)
            for part, (subjects, payload) in enumerate(encoded.vault)
        ]
        shown += [PersonRow(seq=record.seq, pseudonym=name, payload=payload) for name, payload in encoded.shown]
    first = acts.records[0]
    written = Batch(
        session=first.session,
        expected=first.seq,
        entries=tuple(entries),
        vault=tuple(vault),
        people=tuple(shown),
        call=called,
        secret=secret if first.seq == 0 else None,
    )
    return written, people
