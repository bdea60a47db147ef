"""Preparation: the occasion, the people, the meetings, and how the group wants to work (*voorbereiding*)."""

from datetime import datetime
from typing import Annotated, Literal

from afwegen.events.words import (
    LEAD,
    Amount,
    Count,
    Id,
    New,
    Number,
    Pairs,
    Party,
    Person,
    Personal,
    Positive,
    Public,
    Text,
    event,
    value,
)
from afwegen.method import Role, Step, StepName

__all__ = [
    "AgendaItem",
    "DisclosureDeclared",
    "FacilitatorAppointed",
    "FacilitatorReleased",
    "JudgeWeight",
    "MeetingPlanned",
    "OccasionStated",
    "OptionDeclared",
    "ParticipantInvited",
    "ParticipantReplaced",
    "ParticipantWithdrew",
    "PurposeStated",
    "RecorderAppointed",
    "SessionStarted",
    "SettingChanged",
]


@event("session-started/1", by=(Role.SYSTEM,))
class SessionStarted:
    """
    Somebody began a trajectory (*traject gestart*); the first record of every log.

    Who starts a session is its organiser, and leads until a facilitator is appointed.
    """

    title: Personal[Text]
    area: Personal[Text]
    form: Public[Literal["together", "alone", "imported"]] = "together"
    language: Public[Literal["nl", "en"]] = "nl"
    rules: Public[Positive]
    library: Public[Text]
    settings: Public[Pairs[Id, Count]]


@event("occasion-stated/1", step=Step.PREPARATION, also=(Step.INVENTORY,), by=LEAD, thing="occasion")
class OccasionStated:
    """
    What set this in motion (*aanleiding*): a problem or an opportunity (*kans*), with its evidence.

    A vague occasion is allowed; making it sharper is then what the group gains. Stated again, it replaces what stood.
    """

    occasion: Personal[Text]
    kind: Public[Literal["problem", "opportunity"]]
    evidence: Personal[Text | None] = None
    concrete: Public[bool | None] = None
    entry: Public[Literal["wish to act", "intervention proposed"]] = "wish to act"


@event("purpose-stated/1", step=Step.PREPARATION, also=(Step.INVENTORY,), by=LEAD)
class PurposeStated:
    """What the session is for: internal priorities, or decisions that touch residents (*doel*)."""

    purpose: Public[Literal["internal priorities", "decisions that touch residents"]]
    decisions_in_session: Public[bool] = False
    motivation: Personal[Text | None] = None


@event("participant-invited/1", by=LEAD, about=("participant",))
class ParticipantInvited:
    """
    Somebody is asked to take part (*deelnemer uitgenodigd*), with the angle from which they look (*bril*).

    Residents need no organisation. ``can_act`` says whether they may decide for whom they come from.
    """

    participant: Annotated[Person, New("participant", again=True)]
    name: Personal[Text]
    perspective: Personal[Text]
    organisation: Personal[Party | None] = None
    function: Personal[Text | None] = None
    ties: Personal[tuple[Literal["lives", "works", "responsible", "none"], ...]] = ()
    can_act: Personal[bool | None] = None


@event("participant-replaced/1", by=LEAD, about=("participant", "replacement"))
class ParticipantReplaced:
    """One participant came in the place of another (*vervanger*); both have been invited."""

    participant: Person
    replacement: Person
    reason: Personal[Text | None] = None


@event("participant-withdrew/1", by=(*LEAD, Role.PARTICIPANT), about=("participant",))
class ParticipantWithdrew:
    """A participant left the session for good (*afgehaakt*); what they said stays."""

    participant: Person
    reason: Personal[Text | None] = None


@event("facilitator-appointed/1", by=LEAD, about=("facilitator",))
class FacilitatorAppointed:
    """
    Somebody leads from now on (*begeleider*); a neutral one sharpens more easily.

    A participant may also chair; then they hold both roles.
    """

    facilitator: Person
    name: Personal[Text | None] = None
    neutral: Personal[bool | None] = None


@event("facilitator-released/1", by=LEAD, about=("facilitator",))
class FacilitatorReleased:
    """A facilitator stops (*begeleider ontslagen van de taak*); when none is left the organiser leads again."""

    facilitator: Person
    reason: Personal[Text | None] = None


@event("recorder-appointed/1", by=LEAD, about=("recorder",))
class RecorderAppointed:
    """Somebody enters what others say aloud or write on paper (*notulist*)."""

    recorder: Person
    name: Personal[Text | None] = None


@value
class AgendaItem:
    """One part of a planned meeting, in minutes."""

    step: StepName
    minutes: Positive


@event("meeting-planned/1", by=LEAD)
class MeetingPlanned:
    """A meeting (*werksessie*) with its planned times; planned again, it replaces what stood."""

    meeting: Public[Annotated[str, New("meeting", again=True)]]
    begins_at: Public[datetime | None] = None
    place: Personal[Text | None] = None
    agenda: Public[tuple[AgendaItem, ...]] = ()


@value
class JudgeWeight:
    """How much one judge weighs, relative to the others."""

    judge: Person
    weight: Amount


@event("option-declared/1", by=LEAD)
class OptionDeclared:
    """
    The group uses something that is **not part of the method** (*eigen afspraak*); the account will say so.

    ``scores``, ``criteria weights`` and ``comparisons`` serve the decision models; ``budget`` carries an ``amount``,
    ``judge weights`` the ``weights``. Nothing of the kind may be recorded before it is declared.
    """

    option: Public[Literal["scores", "criteria weights", "comparisons", "judge weights", "budget", "quorum", "votes"]]
    amount: Public[Number | None] = None
    weights: Personal[tuple[JudgeWeight, ...]] = ()
    explanation: Personal[Text | None] = None


@event("setting-changed/1", by=LEAD)
class SettingChanged:
    """A number that advice goes by is set differently for this session, with the reason (*instelling gewijzigd*)."""

    setting: Public[Id]
    number: Public[Count]
    reason: Personal[Text]


@event("disclosure-declared/1", by=LEAD)
class DisclosureDeclared:
    """
    Who may see who judged what: everybody, per subgroup, or totals only (*openbaarheid*).

    Declared before the first judgement; may become stricter, never looser, for what was entered. ``secret`` shows only
    what ``minimum_judges`` or more come to together. It cannot hide that all said the same, nor whose a sheet is that
    only one of them could have written: four solutions scored on three criteria give everybody a sheet of their own.
    """

    disclosure: Public[Literal["open", "group", "secret"]]
    minimum_judges: Public[Positive] = 5
    explanation: Personal[Text | None] = None
