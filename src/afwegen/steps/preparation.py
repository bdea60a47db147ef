"""Preparation: who takes part, who leads, how the group wants to work (*voorbereiding*)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import attrs

from afwegen.events import (
    DisclosureDeclared,
    FacilitatorAppointed,
    FacilitatorReleased,
    OccasionStated,
    OptionDeclared,
    ParticipantInvited,
    ParticipantReplaced,
    ParticipantWithdrew,
    PurposeStated,
    Record,
    RecorderAppointed,
    SessionStarted,
    SettingChanged,
)
from afwegen.events.declaration import Erased
from afwegen.method import MethodSettings, Role
from afwegen.steps.things import EMPTY, Map, Said, Status, changed, evolve, kept, refuse, room

if TYPE_CHECKING:
    from afwegen.steps.state import SessionState

__all__ = ["Participant", "Preparation", "admit", "apply", "lacking"]

STRICTNESS = ("open", "group", "secret")
SETTINGS = frozenset(field.name for field in attrs.fields(MethodSettings))


@room
class Participant:
    """
    Somebody who was invited, as the group knows them now.

    Attributes:
        invited_at: The record of the (last) invitation.
        active: Whether they still take part.
        replaced_by: Who came in their place.
    """

    name: str | Erased
    perspective: str | Erased
    organisation: str | Erased | None
    function: str | Erased | None
    ties: tuple[str, ...] | Erased
    can_act: bool | Erased | None
    invited_at: int
    changed: int
    author: str
    active: bool = True
    replaced_by: str | None = None
    status: Status = "standing"


@room
class Preparation:
    """The session's frame: its occasion, people, roles, options and settings."""

    title: str | Erased = ""
    area: str | Erased = ""
    form: Literal["together", "alone", "imported"] = "together"
    language: Literal["nl", "en"] = "nl"
    rules: int = 0
    library: str = ""
    started_at: datetime | None = None
    organiser: str | None = None
    occasion: Said[OccasionStated] | None = None
    purpose: Said[PurposeStated] | None = None
    participants: Map[str, Participant] = EMPTY
    facilitators: Map[str, Said[FacilitatorAppointed]] = EMPTY
    recorders: Map[str, Said[RecorderAppointed]] = EMPTY
    options: Map[str, Said[OptionDeclared]] = EMPTY
    disclosure: Said[DisclosureDeclared] | None = None
    settings: MethodSettings = MethodSettings()

    @property
    def disclosed(self) -> Literal["open", "group", "secret"]:
        """Return who may see who judged what; per subgroup where nothing was declared."""
        return "group" if self.disclosure is None else self.disclosure.event.disclosure

    @property
    def active(self) -> tuple[str, ...]:
        """Return the keys of those who take part now, in order of invitation."""
        taking_part = [(person.invited_at, key) for key, person in self.participants.items() if person.active]
        return tuple(key for _, key in sorted(taking_part))


def admit(state: SessionState, record: Record[Any]) -> None:
    """Refuse what the frame of the session cannot bear."""
    preparation = state.preparation
    match record.event:
        case SessionStarted():
            if state.length:
                refuse("a session is started once", "start another with Session.start")
        case ParticipantInvited(participant=key):
            known = preparation.participants.get(key)
            if known is not None and known.active:
                refuse("this participant has been invited already", "correct it with EntryReworded", key)
            if key in state.meeting.subgroups:
                refuse("a subgroup has this id", "give the person another key", key)
        case ParticipantReplaced(participant=key, replacement=other):
            if key == other:
                refuse("nobody replaces themselves", "name who came instead", key)
            _admit_taking_part(preparation, key)
            _admit_taking_part(preparation, other)
        case ParticipantWithdrew(participant=key) if record.role is Role.PARTICIPANT and key != record.author:
            refuse("a participant withdraws only themselves", "let who leads record it", key)
        case ParticipantWithdrew(participant=key):
            _admit_taking_part(preparation, key)
        case FacilitatorReleased(facilitator=key) if key not in preparation.facilitators:
            refuse("this person does not facilitate", "name one of the facilitators", key)
        case FacilitatorAppointed(facilitator=key) if key in preparation.facilitators:
            refuse("this person facilitates already", "leave it out", key)
        case RecorderAppointed(recorder=key) if key in preparation.recorders:
            refuse("this person is a recorder already", "leave it out", key)
        case SettingChanged(setting=setting) if setting not in SETTINGS:
            refuse("there is no such setting", f"choose from {', '.join(sorted(SETTINGS))}", setting)
        case OptionDeclared():
            _admit_option(state, record.event)
        case DisclosureDeclared():
            _admit_disclosure(state, record.event)
        case _:
            return


def _admit_taking_part(preparation: Preparation, key: str) -> None:
    guest = preparation.participants.get(key)
    if guest is None or not guest.active:
        refuse("this person does not take part", "name somebody who was invited and is still there", key)


def _admit_option(state: SessionState, event: OptionDeclared) -> None:
    if event.option == "budget" and event.amount is None:
        refuse("a budget has an amount", "give amount=")
    if event.amount is not None and event.amount < 0:
        refuse("an amount is counted from zero", "give what there is to spend", event.amount)
    if event.option == "judge weights":
        if not event.weights:
            refuse("judge weights name the judges", "give weights=(JudgeWeight(judge=..., weight=...), ...)")
        if not isinstance(event.weights, Erased):
            for given in event.weights:
                if given.judge not in state.preparation.participants and given.judge not in state.meeting.subgroups:
                    refuse("this judge is not known", "invite the participant or form the subgroup first", given.judge)
                if given.weight == 0:
                    refuse("a judge who counts has a weight above zero", "leave the judge out", given.judge)


def _admit_disclosure(state: SessionState, event: DisclosureDeclared) -> None:
    now = state.preparation.disclosed
    looser = STRICTNESS.index(event.disclosure) < STRICTNESS.index(now)
    if looser and state.judged:
        refuse(
            "disclosure never becomes looser for what was entered", f"keep {now!r} or a stricter one", event.disclosure
        )
    said = state.preparation.disclosure
    if said is not None and now == "secret" and state.judged and event.minimum_judges < said.event.minimum_judges:
        do = f"keep at least {said.event.minimum_judges} judges together"
        refuse("secrecy never becomes looser for what was entered", do, event.minimum_judges)
    here = len(state.preparation.active)
    if event.disclosure == "secret" and state.judged and here < event.minimum_judges:
        refuse(f"secrecy needs at least {event.minimum_judges} judges", "choose 'group', or a lower minimum", here)


def apply(preparation: Preparation, record: Record[Any]) -> Preparation:
    """Return the frame after *record*."""
    match record.event:
        case SessionStarted() as event:
            return evolve(
                preparation,
                title=event.title,
                area=event.area,
                form=event.form,
                language=event.language,
                rules=event.rules,
                library=event.library,
                started_at=record.happened_at,
                organiser=record.by,
                settings=_settings(preparation.settings, dict(event.settings)),
            )
        case PurposeStated():
            return evolve(preparation, purpose=kept(record))
        case ParticipantInvited() as event:
            return evolve(preparation, participants=preparation.participants.insert(event.participant, _guest(record)))
        case ParticipantReplaced(participant=key, replacement=other):
            gone = changed(preparation.participants, key, lambda guest: evolve(guest, active=False, replaced_by=other))
            return evolve(preparation, participants=gone)
        case ParticipantWithdrew(participant=key):
            gone = changed(preparation.participants, key, lambda guest: evolve(guest, active=False))
            return evolve(preparation, participants=gone)
        case FacilitatorAppointed(facilitator=key):
            return evolve(preparation, facilitators=preparation.facilitators.insert(key, kept(record)))
        case FacilitatorReleased(facilitator=key):
            return evolve(preparation, facilitators=preparation.facilitators.discard(key))
        case RecorderAppointed(recorder=key):
            return evolve(preparation, recorders=preparation.recorders.insert(key, kept(record)))
        case OptionDeclared(option=option):
            return evolve(preparation, options=preparation.options.insert(option, kept(record)))
        case SettingChanged(setting=setting, number=number):
            return evolve(preparation, settings=_settings(preparation.settings, {setting: number}))
        case DisclosureDeclared():
            return evolve(preparation, disclosure=kept(record))
        case _:
            return preparation


def _guest(record: Record[ParticipantInvited]) -> Participant:
    event = record.event
    return Participant(
        name=event.name,
        perspective=event.perspective,
        organisation=event.organisation,
        function=event.function,
        ties=event.ties,
        can_act=event.can_act,
        invited_at=record.seq,
        changed=record.seq,
        author=record.author,
    )


def _settings(settings: MethodSettings, numbers: dict[str, int]) -> MethodSettings:
    return attrs.evolve(settings, **{name: number for name, number in numbers.items() if name in SETTINGS})


def lacking(state: SessionState) -> tuple[str, ...]:  # noqa: ARG001 - every room answers the same question
    """Name what preparation still owes: nothing, for it has no required output."""
    return ()
