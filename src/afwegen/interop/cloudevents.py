"""
Records as CloudEvents: a dict each, for buses and functions that speak that envelope.

A view: what somebody may see, and no proof of it. The names of the types are those of the log, so a consumer that
knows ``problem-reported/1`` knows it here.

References:
    CNCF, CloudEvents 1.0.2, with the JSON format.
"""

from collections.abc import Iterator
from typing import Any, Final

from afwegen import codec
from afwegen.events import Record
from afwegen.events.declaration import Erased
from afwegen.log import canonical
from afwegen.log.spelling import spell_time
from afwegen.session import Session

__all__ = ["PREFIX", "cloud_event", "cloud_events"]

PREFIX: Final = "afwegen."
"""Before the name of a type: names of types are to be told apart from those of others."""


def cloud_events(session: Session, *, source: str, viewer: str | None = None) -> Iterator[dict[str, Any]]:
    """
    Yield the records of a session as CloudEvents, as somebody may see them.

    Args:
        session: What to show, as far as it was read.
        source: Where it comes from, a URI: ``https://wijk.example/afwegen``.
        viewer: Whose view; None for the public, for whom people go by pseudonyms.

    Raises:
        RuleViolation: The session does not know this person.

    >>> from afwegen import Session, open_store
    >>> session = Session.start(open_store("memory:"), title="Complex A", area="X", by="jochum")
    >>> event = next(cloud_events(session, source="https://wijk.example/afwegen"))
    >>> event["type"], event["id"] == f"{session.id}/0", event["data"]["title"]
    ('afwegen.session-started/1', True, 'Complex A')
    """
    for record in session.records_seen_by(viewer):
        yield cloud_event(record, source=source)


def cloud_event(record: Record[Any], *, source: str) -> dict[str, Any]:
    """
    Return one record as a CloudEvent; a value that is not there is null, and named in ``absent``.

    Args:
        record: As somebody may see it.
        source: Where it comes from, a URI.
    """
    fields = codec.fields_of(record.event)
    absent = sorted(name for name, value in fields.items() if isinstance(value, Erased))
    data = {name: None if name in absent else value for name, value in fields.items()}
    event = {
        "specversion": "1.0",
        "id": f"{record.session}/{record.seq}",
        "source": source,
        "type": f"{PREFIX}{record.type}",
        "subject": record.session,
        "time": spell_time(record.recorded_at),
        "datacontenttype": "application/json",
        "data": canonical.parse(canonical.encode(data)),
        # Extensions: lower-case letters and digits, as the specification asks.
        "seq": record.seq,
        "happenedat": spell_time(record.happened_at),
        "by": record.by,
        "role": record.role.value,
        "channel": record.channel,
        "onbehalfof": record.subgroup or record.on_behalf_of,
        "meeting": record.meeting,
        "absent": " ".join(absent) or None,
    }
    return {name: value for name, value in event.items() if value is not None}
