"""Step 4, solutions: a broad inventory, now with enthusiasm (*oplossingen inventariseren*)."""

from typing import Annotated, Final

from afwegen.events.words import (
    AUTHORS,
    LEAD,
    ACore,
    AnAlternative,
    AParkedSolution,
    ASolution,
    New,
    Personal,
    Public,
    Text,
    event,
)
from afwegen.method import Step

__all__ = [
    "CardCompleted",
    "NoSolutionFound",
    "ParkedSolutionTakenUp",
    "SolutionProposed",
    "SolutionSetAside",
    "SolutionsCombined",
    "VariantAdded",
]

FROM_SOLUTIONS_ON: Final = (Step.EFFECTS, Step.PRESELECTION, Step.ANALYSIS, Step.CHOICE)
NewSolution = Annotated[str, New("solution")]


@event("solution-proposed/1", step=Step.SOLUTIONS, by=AUTHORS)
class SolutionProposed:
    """A solution (*oplossing*), and the core problems it targets."""

    solution: Public[NewSolution]
    title: Personal[Text]
    description: Personal[Text | None] = None
    targets: Public[tuple[ACore, ...]] = ()


@event("card-completed/1", step=Step.SOLUTIONS, also=(Step.EFFECTS,), by=AUTHORS, thing="card")
class CardCompleted:
    """A solution card (*oplossingskaart*): what it is, its effects and additional costs, where it worked."""

    solution: Public[ASolution]
    what: Personal[Text]
    effects: Personal[Text | None] = None
    additional_costs: Personal[Text | None] = None
    worked_where: Personal[Text | None] = None
    different_here: Personal[Text | None] = None


@event("parked-solution-taken-up/1", step=Step.SOLUTIONS, by=(*AUTHORS, *LEAD))
class ParkedSolutionTakenUp:
    """A solution that was parked earlier returns, on equal terms (*uit de parkeerstand*)."""

    parked: Public[AParkedSolution]
    solution: Public[NewSolution]
    title: Personal[Text]
    description: Personal[Text | None] = None
    targets: Public[tuple[ACore, ...]] = ()


@event("variant-added/1", step=Step.SOLUTIONS, also=FROM_SOLUTIONS_ON, by=(*AUTHORS, *LEAD))
class VariantAdded:
    """The same solution done otherwise, smaller or cheaper (*variant*)."""

    solution: Public[NewSolution]
    of: Public[ASolution]
    title: Personal[Text]
    description: Personal[Text | None] = None
    targets: Public[tuple[ACore, ...]] = ()


@event("solutions-combined/1", step=Step.SOLUTIONS, also=FROM_SOLUTIONS_ON, by=(*AUTHORS, *LEAD))
class SolutionsCombined:
    """Several solutions together are one more (*combinatie*): small-scale demolition plus a caretaker."""

    solution: Public[NewSolution]
    parts: Public[tuple[AnAlternative, ...]]
    title: Personal[Text]
    description: Personal[Text | None] = None
    targets: Public[tuple[ACore, ...]] = ()


@event("solution-set-aside/1", step=Step.SOLUTIONS, also=FROM_SOLUTIONS_ON, by=(*LEAD, *AUTHORS))
class SolutionSetAside:
    """A solution is not worked out further, with the reason (*terzijde gelegd*)."""

    solution: Public[ASolution]
    reason: Personal[Text]


@event("no-solution-found/1", step=Step.SOLUTIONS, by=LEAD, thing="statement")
class NoSolutionFound:
    """The group looked and found none (*geen oplossing gevonden*); an honest output of the step."""

    statement: Personal[Text]
