"""Who may do what: the roles somebody holds, who leads, and who may enter something for somebody else (*rol*)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from afwegen.events import Record
from afwegen.events.declaration import EVENT_TYPES, EventType, event_type
from afwegen.method import LEADING, Role
from afwegen.steps.things import refuse

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["admit_acting", "held_roles", "leads", "resolve_role"]

EVERYBODY: Final = set(Role) - {Role.SYSTEM}
OUTSIDE: Final = frozenset({"participant-invited/1", "facilitator-appointed/1", "recorder-appointed/1"})
"""The events that bring a person in, and so may name one the session does not know yet."""
OF_THE_ORGANISER: Final = frozenset({"occasion-stated/1", "purpose-stated/1", "opening-pitched/1"})
"""What the organiser does also when somebody else leads: says what it is about, and pitches first."""
BY_LEADING: Final = frozenset(
    declared.name
    for declared in EVENT_TYPES.values()
    if LEADING <= set(declared.by) != EVERYBODY and declared.name not in OF_THE_ORGANISER
)
"""What the organiser may propose only while they lead."""
STRANGERS_TOO: Final = OUTSIDE | {"procedure-stated/1", "party-named/1", "action-agreed/1", "research-task-noted/1"}


def leads(state: SessionState, person: str) -> bool:
    """Say whether somebody leads: a facilitator, or the organiser while there is none."""
    preparation = state.preparation
    return person in preparation.facilitators or (not preparation.facilitators and person == preparation.organiser)


def held_roles(state: SessionState, person: str) -> frozenset[Role]:
    """Return the roles somebody may act in now; who walks the session alone holds all."""
    return frozenset(role for role in Role if _holds(state, person, role))


def _holds(state: SessionState, person: str, role: Role) -> bool:
    preparation = state.preparation
    if preparation.form == "alone" and person == preparation.organiser:
        return role not in {Role.SYSTEM, Role.SUBGROUP}
    match role:
        case Role.PARTICIPANT:
            guest = preparation.participants.get(person)
            return guest is not None and guest.active
        case Role.ORGANISER:
            return person == preparation.organiser
        case Role.FACILITATOR:
            return person in preparation.facilitators
        case Role.RECORDER:
            return person in preparation.recorders
        case Role.DECIDER:
            return person in state.choice.deciders
        case Role.PLENARY:
            return leads(state, person)
        case _:
            return False


def _allowed(state: SessionState, person: str, declared: EventType) -> tuple[Role, ...]:
    """Return the roles in which somebody may propose an event; the organiser leads only while nobody else does."""
    allowed = tuple(role for role in declared.by if _holds(state, person, role))
    if Role.ORGANISER in allowed and declared.name in BY_LEADING and not leads_as_organiser(state, person):
        allowed = tuple(role for role in allowed if role is not Role.ORGANISER)
    return allowed


def leads_as_organiser(state: SessionState, person: str) -> bool:
    """Say whether the organiser leads for want of a facilitator."""
    return person == state.preparation.organiser and not state.preparation.facilitators


def resolve_role(state: SessionState, event: Any, by: str, on_behalf_of: str | None, subgroup: str | None) -> Role:
    """
    Return the role somebody acts in when they do not say: the only one they hold that the event allows.

    ``PLENARY``, and ``ORGANISER`` where somebody else leads, are taken only where no other fits; who walks the session
    alone acts in the first role the event names. What was entered for a subgroup is the subgroup's.
    """
    declared = event_type(event)
    if subgroup is not None:
        return Role.SUBGROUP
    author = by if on_behalf_of is None else on_behalf_of
    allowed = _allowed(state, author, declared)
    if len(allowed) > 1:
        last = {Role.PLENARY} if leads_as_organiser(state, author) else {Role.PLENARY, Role.ORGANISER}
        allowed = tuple(role for role in allowed if role not in last) or allowed[:1]
    if not allowed:
        _refuse_roles(state, declared, author)
    if len(allowed) > 1 and state.preparation.form != "alone":
        roles = ", ".join(sorted(allowed))
        refuse(f"{author!r} could act as one of {roles}", "say which with role=", author)
    return allowed[0]


def _refuse_roles(state: SessionState, declared: EventType, author: str) -> None:
    held = ", ".join(sorted(held_roles(state, author) - {Role.PLENARY})) or "no role here"
    name = declared.name.partition("/")[0]
    refuse(f"{name} is for {', '.join(declared.by)}; {author!r} holds {held}", "let one of those propose it", author)


def admit_acting(state: SessionState, record: Record[Any], declared: EventType) -> None:
    """Refuse who may not act so, may not speak for another, or names a person the session does not know."""
    if record.role is Role.SYSTEM or Role.SYSTEM in declared.by:
        if record.role is not Role.SYSTEM or Role.SYSTEM not in declared.by:
            refuse(
                f"{record.type} is proposed by the session itself", "call the method of Session that does", record.role
            )
        _admit_people(state, record, declared)
        return
    if record.subgroup is not None:
        _admit_subgroup(state, record, declared)
    else:
        if record.role not in _allowed(state, record.author, declared):
            _refuse_roles(state, declared, record.author)
        if record.on_behalf_of not in {None, record.by} and not may_enter_for_others(state, record.by):
            refuse("only who leads or records enters something for another", "let them enter it themselves", record.by)
    _admit_people(state, record, declared)


def may_enter_for_others(state: SessionState, person: str) -> bool:
    """Say whether somebody may enter what others said: who leads, and the recorder."""
    return leads(state, person) or Role.RECORDER in held_roles(state, person)


def _admit_subgroup(state: SessionState, record: Record[Any], declared: EventType) -> None:
    group = state.meeting.subgroups.get(record.subgroup or "")
    if group is None or group.status != "standing":
        refuse("this subgroup is not known", "form it with SubgroupFormed first", record.subgroup)
    if Role.SUBGROUP not in declared.by or record.role is not Role.SUBGROUP:
        refuse(f"{record.type.partition('/')[0]} is not for subgroups", "leave on_behalf_of= out", record.subgroup)
    if record.by not in group.members and not may_enter_for_others(state, record.by):
        refuse(
            "a subgroup speaks through one of its members", f"let one of {', '.join(group.members)} do it", record.by
        )


def _admit_people(state: SessionState, record: Record[Any], declared: EventType) -> None:
    if declared.name in STRANGERS_TOO:
        return
    for field in declared.people:
        named = getattr(record.event, field.name)
        _known(state, (named,) if isinstance(named, str) else named)
    objections = getattr(record.event, "objections", ())
    if isinstance(objections, tuple):
        _known(state, (objection.person for objection in objections))


def _known(state: SessionState, people: Iterable[str]) -> None:
    for person in people:
        if not state.knows(person):
            refuse("this person is not known here", "invite them with ParticipantInvited first", person)
