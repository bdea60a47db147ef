"""Step 1, the inventory: find out what is really going on (*inventariseren*)."""

from typing import Annotated, Literal

from afwegen.events.words import (
    ANYONE,
    AUTHORS,
    JUDGES,
    LEAD,
    AProblem,
    ARound,
    New,
    Party,
    Personal,
    Persons,
    Positive,
    Public,
    Text,
    event,
)
from afwegen.method import Role, Step

__all__ = [
    "OpeningPitched",
    "PartyNamed",
    "ProblemOwnerAdded",
    "ProblemPitched",
    "ProblemPrioritised",
    "ProblemReported",
    "QuestionAsked",
    "SolutionParked",
]


@event("opening-pitched/1", step=Step.INVENTORY, by=(Role.ORGANISER,), thing="pitch")
class OpeningPitched:
    """The organiser tells the occasion first, in at most five minutes (*openingspitch*)."""

    pitch: Personal[Text]
    minutes: Public[Positive | None] = None


@event("problem-reported/1", step=Step.INVENTORY, also=(Step.SHARPENING,), by=AUTHORS)
class ProblemReported:
    """
    A problem as somebody sees it: what, **why** it is one, and **for whom** (*probleem*).

    The owner is the party for whom it is a problem, not who must solve it (*probleemeigenaar*). For an opportunity:
    a problem that arises when it is missed.
    """

    problem: Public[Annotated[str, New("problem")]]
    statement: Personal[Text]
    why: Personal[Text]
    owner: Public[Party]
    keywords: Personal[tuple[Text, ...]] = ()


@event("problem-owner-added/1", step=Step.INVENTORY, also=(Step.SHARPENING,), by=(*AUTHORS, *LEAD))
class ProblemOwnerAdded:
    """A problem is one for somebody else too, who has a why of their own (*probleemeigenaar erbij*)."""

    problem: Public[AProblem]
    owner: Public[Party]
    why: Personal[Text]


@event("party-named/1", by=(*LEAD, *AUTHORS, Role.RECORDER), thing="party", about=("represented_by",))
class PartyNamed:
    """
    A problem owner or an organisation gets its name; its id may have been in use before (*partij*).

    A party that is not in the room may be represented by participants who speak for it.
    """

    party: Public[Annotated[str, New("party", again=True)]]
    name: Personal[Text]
    represented_by: Persons = ()


@event("problem-prioritised/1", step=Step.INVENTORY, also=(Step.SHARPENING,), by=JUDGES, judgement=True)
class ProblemPrioritised:
    """One participant's most important problem (*belangrijkste probleem*); the last word counts."""

    problem: Personal[AProblem]
    round: Public[ARound | None] = None


@event("problem-pitched/1", step=Step.INVENTORY, by=(*AUTHORS, *LEAD), thing="pitch")
class ProblemPitched:
    """A problem is told to the others in two minutes (*pitch*)."""

    problem: Public[AProblem]
    pitch: Personal[Text | None] = None
    minutes: Public[Positive | None] = None


@event("question-asked/1", by=ANYONE, thing="question")
class QuestionAsked:
    """A clarifying question, one or two after each pitch (*verhelderende vraag*), with its answer if there was one."""

    question: Personal[Text]
    problem: Public[AProblem | None] = None
    answer: Personal[Text | None] = None


@event("solution-parked/1", by=ANYONE)
class SolutionParked:
    """
    A solution that came up too early is kept for step 4 (*geparkeerd*), where it competes on equal terms.

    ``origin`` tells an intervention that was already proposed from an idea that slipped out.
    """

    parked: Public[Annotated[str, New("parked-solution")]]
    title: Personal[Text]
    origin: Public[Literal["mentioned", "proposed beforehand"]] = "mentioned"
