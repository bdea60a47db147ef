"""Step 2, sharpening: the core problem of each problem owner (*aanscherpen*)."""

from typing import Annotated

from afwegen.events.words import (
    AUTHORS,
    LEAD,
    ACore,
    Adoption,
    AProblem,
    ASubgroup,
    Count,
    New,
    Objection,
    Party,
    Personal,
    Public,
    Text,
    event,
)
from afwegen.method import Step

__all__ = [
    "CoreProblemAdopted",
    "CoreProblemFormulated",
    "CoreProblemPresented",
    "DeeperProblemExamined",
    "JointProblemAdopted",
    "OwnerSetAside",
    "ProblemSetAside",
    "ProblemSized",
    "ProblemSplit",
    "ProblemsAssigned",
    "SelfResolutionExamined",
]


@event("problems-assigned/1", step=Step.SHARPENING, by=LEAD)
class ProblemsAssigned:
    """A subgroup takes some of the problems (*verdeling*)."""

    subgroup: Public[ASubgroup]
    problems: Public[tuple[AProblem, ...]]


@event("deeper-problem-examined/1", step=Step.SHARPENING, by=AUTHORS, thing="examination")
class DeeperProblemExamined:
    """Asked of a problem: is another one behind it (*zit er een ander probleem achter*)?"""

    problem: Public[AProblem]
    finding: Personal[Text]
    behind: Public[tuple[AProblem, ...]] = ()


@event("self-resolution-examined/1", step=Step.SHARPENING, by=AUTHORS, thing="examination")
class SelfResolutionExamined:
    """Asked of a problem: may it solve itself (*lost het zichzelf op*)?"""

    problem: Public[AProblem]
    finding: Personal[Text]
    may_solve_itself: Personal[bool | None] = None


@event("problem-sized/1", step=Step.SHARPENING, by=AUTHORS, thing="sizing")
class ProblemSized:
    """A problem from its owner's view: nature, size, how many it touches, what goes wrong if it stays (*omvang*)."""

    problem: Public[AProblem]
    owner: Public[Party]
    nature: Personal[Text]
    size: Personal[Text | None] = None
    affected: Public[Count | None] = None
    if_it_stays: Personal[Text | None] = None


@event("problem-split/1", step=Step.SHARPENING, by=(*AUTHORS, *LEAD))
class ProblemSplit:
    """A tangled problem turned out to be several, which have been reported by themselves (*gesplitst*)."""

    problem: Public[AProblem]
    into: Public[tuple[AProblem, ...]]
    reason: Personal[Text]


@event("problem-set-aside/1", step=Step.SHARPENING, also=(Step.INVENTORY,), by=(*LEAD, *AUTHORS))
class ProblemSetAside:
    """A problem is not taken further, with the reason (*terzijde gelegd*)."""

    problem: Public[AProblem]
    reason: Personal[Text]


@event("owner-set-aside/1", step=Step.SHARPENING, by=(*LEAD, *AUTHORS))
class OwnerSetAside:
    """A problem owner gets no core problem, with the reason (*eigenaar terzijde*)."""

    owner: Public[Party]
    reason: Personal[Text]


@event("core-problem-formulated/1", step=Step.SHARPENING, by=AUTHORS)
class CoreProblemFormulated:
    """
    The one problem to solve for an owner (*kernprobleem*), and the problems it gathers; owners may share one.

    Formulated again under the same id, it replaces what stood and must be adopted anew.
    """

    core: Public[Annotated[str, New("core-problem", again=True)]]
    statement: Personal[Text]
    owners: Public[tuple[Party, ...]]
    problems: Public[tuple[AProblem, ...]] = ()


@event("core-problem-presented/1", step=Step.SHARPENING, by=(*AUTHORS, *LEAD))
class CoreProblemPresented:
    """A core problem was presented to the whole group (*gepresenteerd*)."""

    core: Public[ACore]


@event("core-problem-adopted/1", step=Step.SHARPENING, by=LEAD, decides=True)
class CoreProblemAdopted:
    """The group takes a core problem as its own (*kernprobleem vastgesteld*)."""

    core: Public[ACore]
    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()


@event("joint-problem-adopted/1", step=Step.SHARPENING, by=LEAD, decides=True, thing="joint-problem")
class JointProblemAdopted:
    """The group agrees on one statement of the real problem, before any solution (*gezamenlijke visie*)."""

    statement: Personal[Text]
    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()
