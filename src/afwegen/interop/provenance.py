"""
A session as W3C provenance: who did what, on whose behalf, and what a result was made of.

Each record is an activity that ended when it was entered, and the entity it left behind; people and subgroups are
agents. What a model answered was derived from the sheets of its rounds, and an export from the records up to it. A
view: what somebody may see, and no proof of it. Needs the package *prov*.

References:
    Moreau, Missier (2013), PROV-DM: The PROV Data Model, W3C Recommendation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from afwegen.errors import MissingExtra
from afwegen.events import ModelEvaluated, Record
from afwegen.session import Session

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["provenance"]

_NAMESPACE: Final = "urn:afwegen:"


def provenance(session: Session, *, viewer: str | None = None) -> Any:
    """
    Return the provenance of a session, as somebody may see it.

    Args:
        session: What to show, as far as it was read.
        viewer: Whose view; None for the public, for whom people go by pseudonyms.

    Returns:
        A ``prov.model.ProvDocument``: ``serialize(format="json")`` writes it, also as XML, RDF or PROV-N.

    Raises:
        MissingExtra: The package *prov* is not installed.
        RuleViolation: The session does not know this person.

    >>> from afwegen import Session, open_store
    >>> session = Session.start(open_store("memory:"), title="Complex A", area="X", by="jochum")
    >>> document = provenance(session)
    >>> len(document.get_records()) > 3
    True
    """
    try:
        from prov.model import ProvDocument
    except ImportError as error:
        raise MissingExtra("prov", "prov") from error
    document: Any = ProvDocument()
    document.add_namespace("afwegen", _NAMESPACE)
    document.set_default_namespace(f"{_NAMESPACE}{session.id}:")
    agents: set[str] = set()
    for record in session.records_seen_by(viewer):
        _add(document, record, agents)
        if isinstance(record.event, ModelEvaluated):
            _derive(document, record, session.state)
    return document


def _add(document: Any, record: Record[Any], agents: set[str]) -> None:
    """Add one record: what was done, what it left, who did it, and for whom."""
    about = {"afwegen:type": record.type, "afwegen:channel": record.channel}
    if record.meeting is not None:
        about["afwegen:meeting"] = record.meeting
    activity = document.activity(_act(record.seq), record.happened_at, record.recorded_at, about)
    entity = document.entity(_entry(record.seq), {"afwegen:seq": record.seq, "prov:type": record.type})
    document.wasGeneratedBy(entity, activity, record.recorded_at)
    by = _agent(document, record.by, agents, "prov:Person")
    document.wasAssociatedWith(activity, by, None, None, {"prov:role": record.role.value})
    if (other := record.subgroup or record.on_behalf_of) is not None:
        kind = "prov:Organization" if record.subgroup else "prov:Person"
        behalf = _agent(document, other, agents, kind)
        document.actedOnBehalfOf(by, behalf, activity)
        document.wasAttributedTo(entity, behalf)
    else:
        document.wasAttributedTo(entity, by)


def _derive(document: Any, record: Record[ModelEvaluated], state: SessionState) -> None:
    """Say which sheets a result was made of, and by which program."""
    event = record.event
    program = f"afwegen:model-{event.model}-{event.version}"
    document.agent(program, {"prov:type": "prov:SoftwareAgent", "prov:label": f"{event.model} {event.version}"})
    document.wasAssociatedWith(_act(record.seq), program)
    for key in event.rounds:
        if key not in state.meeting.rounds:
            continue
        for sheet in state.meeting.rounds[key].sheets.values():
            document.used(_act(record.seq), _entry(sheet.seq))
            document.wasDerivedFrom(_entry(record.seq), _entry(sheet.seq), _act(record.seq))


def _agent(document: Any, key: str, agents: set[str], kind: str) -> str:
    name = f"agent-{key}"
    if key not in agents:
        agents.add(key)
        document.agent(name, {"prov:type": kind})
    return name


def _act(seq: int) -> str:
    return f"act-{seq}"


def _entry(seq: int) -> str:
    return f"record-{seq}"
