"""What may happen in any step: meetings, rounds, steps, corrections, notes, results, and the end."""

from datetime import date
from typing import Annotated, Literal

from afwegen.events.words import (
    ANYONE,
    AUTHORS,
    JUDGES,
    LEAD,
    AnAlternative,
    ARound,
    ASubgroup,
    Count,
    Id,
    New,
    Pairs,
    Person,
    Personal,
    Persons,
    Positive,
    Public,
    Ref,
    Seq,
    Text,
    event,
    value,
)
from afwegen.method import Role, StepName

__all__ = [
    "AdviceAnswered",
    "AppointmentMade",
    "AttendanceRecorded",
    "EntriesMerged",
    "EntryHidden",
    "EntryObjected",
    "EntryReworded",
    "EntryWithdrawn",
    "InsightNoted",
    "Judge",
    "MeetingClosed",
    "MeetingOpened",
    "MeetingReviewed",
    "ModelEvaluated",
    "NoteTaken",
    "PhotosShown",
    "Reaffirmed",
    "ReportExported",
    "RoundClosed",
    "RoundOpened",
    "SessionArchived",
    "SessionEnded",
    "SiteVisited",
    "StepCompleted",
    "StepOverridden",
    "StepReopened",
    "StepStarted",
    "SubgroupChanged",
    "SubgroupFormed",
    "SubjectErased",
    "TextRedacted",
]

Asks = Literal[
    "problems",
    "priorities",
    "nominations",
    "ranking",
    "criteria weights",
    "scores",
    "comparisons",
    "closing words",
]
"""What a round asks everyone for."""
Scope = Literal["everything", "identity"]
"""What of a person is erased: everything that is about them, or only who they are."""
Ground = Literal["request", "consent withdrawn", "retention ended", "law"]
"""Why a person is erased."""
RedactionGround = Literal["names a third person", "unlawful", "by mistake"]
"""Why a text is erased."""
Answer = Literal["yes", "partly", "no"]
"""What a participant says in the closing round."""


@event("meeting-opened/1", by=LEAD)
class MeetingOpened:
    """A meeting begins (*werksessie geopend*); planned or not."""

    meeting: Public[Annotated[str, New("meeting", again=True)]]
    form: Public[Literal["half day", "whole day", "short", "online"]] = "half day"


@event("meeting-closed/1", by=LEAD)
class MeetingClosed:
    """A meeting ends (*werksessie gesloten*); entries may still come in between two meetings."""

    meeting: Public[Annotated[str, New("meeting", again=True)]]


@event("attendance-recorded/1", by=(*LEAD, Role.RECORDER))
class AttendanceRecorded:
    """Who was there (*aanwezig*), who was not; recorded again, it adds to what stood."""

    meeting: Public[Annotated[str, New("meeting", again=True)]]
    present: Persons
    absent: Persons = ()


@event("site-visited/1", by=(*LEAD, *AUTHORS, Role.RECORDER), thing="observation")
class SiteVisited:
    """The group looked on site (*wijkbezoek*), and this is what it saw."""

    observations: Personal[Text]


@event("photos-shown/1", by=(*LEAD, *AUTHORS, Role.RECORDER), thing="observation")
class PhotosShown:
    """Photos of the place were shown instead of a visit (*foto's in plaats van wijkbezoek*)."""

    observations: Personal[Text]


@event("subgroup-formed/1", by=LEAD)
class SubgroupFormed:
    """Participants work together for a while (*groepje*), and speak as one; it may differ per step."""

    subgroup: Public[Annotated[str, New("subgroup")]]
    members: Persons
    task: Personal[Text | None] = None


@event("subgroup-changed/1", by=LEAD)
class SubgroupChanged:
    """A subgroup got other members (*groepje gewijzigd*); what it said stays its own."""

    subgroup: Public[ASubgroup]
    members: Persons
    reason: Personal[Text | None] = None


@event("round-opened/1", by=LEAD)
class RoundOpened:
    """
    Everyone is asked the same thing (*ronde*); blind until it closes, if it is opened blind.

    ``alternatives`` are what a ranking, scoring or comparing round is about; none named means all that stand.
    Solutions are frozen while such a round is open. A judge may revise until it closes; all words stay on record.
    """

    round: Public[Annotated[str, New("round")]]
    asks: Public[Asks]
    of: Public[Literal["participants", "subgroups"]] = "participants"
    blind: Public[bool] = False
    criterion: Public[Id] = "overall"
    alternatives: Public[tuple[AnAlternative, ...]] = ()


@event("round-closed/1", by=LEAD, decides=True)
class RoundClosed:
    """A round ends (*ronde gesloten*); what was entered blind is now seen as the disclosure allows."""

    round: Public[ARound]


@event("step-started/1", by=LEAD, decides=True)
class StepStarted:
    """The group goes on to a step (*stap begonnen*); the one before it is completed or overridden."""

    step: Public[StepName]


@event("step-completed/1", by=LEAD, decides=True)
class StepCompleted:
    """A step has its output (*stap afgerond*); refused while something is missing, which the refusal names."""

    step: Public[StepName]


@event("step-overridden/1", by=LEAD, decides=True)
class StepOverridden:
    """The group goes on although something is missing (*toch doorgegaan*), and says what, and why."""

    step: Public[StepName]
    missing: Personal[tuple[Text, ...]] = ()
    reason: Personal[Text]


@event("step-reopened/1", by=LEAD, decides=True)
class StepReopened:
    """A step is open again beside the current one (*heropend*); the steps between are not walked again."""

    step: Public[StepName]
    reason: Personal[Text]


@event("reaffirmed/1", by=(*LEAD, *AUTHORS))
class Reaffirmed:
    """What had become stale still holds (*opnieuw bekeken, blijft staan*)."""

    thing: Public[Ref]
    reason: Personal[Text]


@event("entry-reworded/1", by=ANYONE)
class EntryReworded:
    """
    An earlier entry is said better (*anders verwoord*); both wordings stay.

    A spelling correction unsettles nothing. A change of meaning makes stale what rested on it.
    """

    entry: Public[Seq]
    field: Public[Id]
    text: Personal[Text]
    meaning_changed: Public[bool]
    reason: Personal[Text | None] = None


@event("entry-withdrawn/1", by=ANYONE)
class EntryWithdrawn:
    """Who said it takes it back (*ingetrokken*), with a reason; it stays on record."""

    entry: Public[Seq]
    reason: Personal[Text]


@event("entry-hidden/1", by=LEAD)
class EntryHidden:
    """An entry is kept out of the account for a cause (*verborgen*); the reason stands in its place."""

    entry: Public[Seq]
    reason: Personal[Text]


@event("entries-merged/1", by=LEAD)
class EntriesMerged:
    """Entries that say the same become one (*samengevoegd*); their words stay readable under it."""

    entries: Public[tuple[Seq, ...]]
    into: Public[Seq]
    reason: Personal[Text]


@event("entry-objected/1", by=ANYONE)
class EntryObjected:
    """Somebody objects to how an entry was merged, hidden or reworded (*bezwaar*)."""

    entry: Public[Seq]
    objection: Personal[Text]


@event("note-taken/1", by=ANYONE, thing="note")
class NoteTaken:
    """Something worth keeping that is no other event (*aantekening*)."""

    text: Personal[Text]


@event("advice-answered/1", by=LEAD)
class AdviceAnswered:
    """Why the group departs from a piece of advice (*advies niet gevolgd, omdat*)."""

    rule: Public[Id]
    answer: Personal[Text]


@event("insight-noted/1", by=ANYONE, thing="insight")
class InsightNoted:
    """What is now seen differently: the problem, the neighbourhood, or ourselves and each other (*inzicht*)."""

    insight: Personal[Text]
    about: Public[Literal["the problem", "the neighbourhood", "ourselves"]]
    acknowledged_by: Persons = ()


@event("meeting-reviewed/1", by=JUDGES, judgement=True)
class MeetingReviewed:
    """One participant's closing words (*sluitronde*), shown in totals only."""

    round: Public[ARound | None] = None
    felt_heard: Personal[Answer | None] = None
    heard_something_new: Personal[Answer | None] = None
    trusts_what_follows: Personal[Answer | None] = None
    words: Personal[Text | None] = None


@event("appointment-made/1", by=ANYONE, about=("people",))
class AppointmentMade:
    """Who goes on talking with whom, about what, and when (*afspraak*)."""

    appointment: Public[Annotated[str, New("appointment")]]
    people: Persons
    topic: Personal[Text]
    day: Public[date | None] = None


@value
class Judge:
    """Somebody whose judgement is in a result; a judging subgroup is each of its members."""

    person: Person


@event("model-evaluated/1", by=(Role.SYSTEM,), about=("judges",))
class ModelEvaluated:
    """
    What a decision model answered (*rekenhulp*): evidence, not truth, and never the choice.

    The input is identified by the selection and by the tree's root over the first ``upto`` records. ``outcome`` is
    the canonical text of the whole outcome; every judge in it is a subject of it. Who they are lies in the vault, for
    an entry has not room for a whole neighbourhood.
    """

    result: Public[Annotated[str, New("result")]]
    model: Public[Id]
    version: Public[Text]
    distribution: Public[Text]
    parameters: Public[Pairs[Text, Text]]
    rounds: Public[tuple[Id, ...]]
    criterion: Public[Id]
    judge_kind: Public[Literal["participants", "subgroups"]]
    upto: Public[Positive]
    root: Public[Text]
    tiers: Public[tuple[tuple[Id, ...], ...]]
    judge_count: Public[Count]
    judges: Personal[tuple[Judge, ...]]
    outcome: Personal[Text]


@event("report-exported/1", by=(Role.SYSTEM,), about=("viewer",))
class ReportExported:
    """A file was made of the session and left the building (*export*); whose view it is, is about that person."""

    format: Public[Id]
    upto: Public[Positive]
    viewer: Personal[Text | None] = None


@event("subject-erased/1", by=(Role.SYSTEM,))
class SubjectErased:
    """
    A person's data were erased at their request or by law (*op verzoek verwijderd*); every proof stays valid.

    ``subject`` is the pseudonym, ``entries`` the records of which something can no longer be opened. The identity
    alone is who they are: the key, the name, and what else was said of them when they came in or left.
    """

    subject: Public[Text]
    scope: Public[Scope] = "everything"
    ground: Public[Ground]
    entries: Public[tuple[Seq, ...]]


@event("text-redacted/1", by=(Role.SYSTEM,))
class TextRedacted:
    """
    What should not have been written was erased from a record (*tekst verwijderd*), with the ground.

    ``fields`` are those of the record; none named means all that is personal in it.
    """

    entry: Public[Seq]
    fields: Public[tuple[Id, ...]] = ()
    ground: Public[RedactionGround]


@event("session-ended/1", by=LEAD, decides=True)
class SessionEnded:
    """The weighing ends, in whichever step (*afgesloten*); that it solves itself is an honest result."""

    outcome: Public[Literal["chosen", "not yet", "solves itself", "no support", "stopped"]]
    reason: Personal[Text]


@event("session-archived/1", by=LEAD, decides=True)
class SessionArchived:
    """Nothing more is recorded, but an erasure or an export (*gearchiveerd*)."""

    reason: Personal[Text | None] = None
