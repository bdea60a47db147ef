"""Step 6, preselection: which few deserve a closer look (*voorselectie*); and the judgements models may weigh."""

from typing import Annotated, Final, Literal

from afwegen.events.words import (
    AUTHORS,
    JUDGES,
    LEAD,
    ACriterion,
    Adoption,
    Amount,
    AnAlternative,
    ARound,
    ASolution,
    Id,
    New,
    Number,
    Objection,
    Pairs,
    Party,
    Percent,
    Personal,
    Public,
    Ratio,
    Seq,
    Text,
    event,
    value,
)
from afwegen.method import Role, Step

__all__ = [
    "Comparison",
    "CriteriaWeighed",
    "CriterionSet",
    "DropoutDiscussed",
    "OutlierDiscussed",
    "PairCompared",
    "RankingPresented",
    "RankingSubmitted",
    "ShortlistAdopted",
    "ShortlistAmended",
    "SolutionNominated",
    "SolutionScored",
    "SolvingPowerEstimated",
    "ValuePoint",
]

JUDGED_LATER: Final = (Step.ANALYSIS, Step.CHOICE)


@value
class ValuePoint:
    """A point of a piecewise linear value function: this raw score is worth that share, 0 to 100."""

    score: Number
    percent: Percent


@event("criterion-set/1", step=Step.PRESELECTION, also=(Step.EFFECTS, *JUDGED_LATER), by=(*LEAD, Role.PLENARY))
class CriterionSet:
    """
    What solutions are judged by (*criterium*), with the worst and best score anybody may give.

    Set again under the same id, it replaces what stood; moving an anchor makes the scores given on it stale.
    """

    criterion: Public[Annotated[str, New("criterion", again=True)]]
    title: Personal[Text]
    kind: Public[Literal["solving power", "additional costs", "other effects", "own"]] = "own"
    worst: Public[Number | None] = None
    best: Public[Number | None] = None
    points: Public[tuple[ValuePoint, ...]] = ()


@event(
    "solving-power-estimated/1",
    step=Step.PRESELECTION,
    also=(Step.EFFECTS, *JUDGED_LATER),
    by=AUTHORS,
    thing="solving-power",
)
class SolvingPowerEstimated:
    """How much of an owner's core problem a solution takes away, in percent (*oplossend vermogen*)."""

    solution: Public[ASolution]
    owner: Public[Party]
    percent: Public[Percent]
    source: Personal[Text | None] = None


@event("solution-nominated/1", step=Step.PRESELECTION, by=JUDGES, judgement=True)
class SolutionNominated:
    """The **one** solution whose effects a participant most wants (*favoriet*); written blind, before any order."""

    solution: Personal[AnAlternative]
    round: Public[ARound | None] = None


@event("ranking-submitted/1", step=Step.PRESELECTION, also=JUDGED_LATER, by=JUDGES, judgement=True)
class RankingSubmitted:
    """
    One judge's order of the cards, best on top (*volgorde*); ties share a tier, an unfinished order names fewer.

    ``criterion`` is ``"overall"`` for the order with everything in mind. A sheet may abstain.
    """

    round: Public[ARound | None] = None
    tiers: Personal[tuple[tuple[AnAlternative, ...], ...]] = ()
    criterion: Public[Id] = "overall"
    abstains: Personal[bool] = False


@event("ranking-presented/1", step=Step.PRESELECTION, by=(*AUTHORS, *LEAD))
class RankingPresented:
    """An order was shown to the others and laid beside theirs (*gepresenteerd*)."""

    ranking: Public[Seq]
    remark: Personal[Text | None] = None


@event("criteria-weighed/1", step=Step.PRESELECTION, also=JUDGED_LATER, by=JUDGES, judgement=True)
class CriteriaWeighed:
    """One judge's importance of the criteria, in numbers that matter only relative to each other (*gewichten*)."""

    round: Public[ARound | None] = None
    weights: Personal[Pairs[ACriterion, Amount]] = ()
    method: Public[Literal["direct", "points", "swing"]] = "direct"
    abstains: Personal[bool] = False


@event("solution-scored/1", step=Step.PRESELECTION, also=JUDGED_LATER, by=JUDGES, judgement=True)
class SolutionScored:
    """One judge's scores: for each alternative, a score on each criterion, inside its anchors (*scores*)."""

    round: Public[ARound | None] = None
    scores: Personal[Pairs[AnAlternative, Pairs[ACriterion, Number]]] = ()
    abstains: Personal[bool] = False


@value
class Comparison:
    """``first`` matters ``ratio`` times as much as ``second``, under ``node``: ``"goal"`` or a criterion."""

    node: Id
    first: Id
    second: Id
    ratio: Ratio


@event("pair-compared/1", step=Step.PRESELECTION, also=JUDGED_LATER, by=JUDGES, judgement=True)
class PairCompared:
    """One judge's pairwise comparisons (*paarsgewijs*): criteria under ``"goal"``, alternatives under a criterion."""

    round: Public[ARound | None] = None
    comparisons: Personal[tuple[Comparison, ...]] = ()
    abstains: Personal[bool] = False


@event("outlier-discussed/1", step=Step.PRESELECTION, by=(*AUTHORS, *LEAD), thing="discussion")
class OutlierDiscussed:
    """A solution that subgroups placed far apart was talked about (*uitschieter*)."""

    solution: Public[ASolution]
    finding: Personal[Text]


@event("dropout-discussed/1", step=Step.PRESELECTION, by=(*AUTHORS, *LEAD), thing="discussion")
class DropoutDiscussed:
    """A solution that nobody placed high was talked about before it drops out (*afvaller*)."""

    solution: Public[ASolution]
    finding: Personal[Text]
    drops_out: Public[bool]


@event("shortlist-adopted/1", step=Step.PRESELECTION, by=LEAD, decides=True, thing="shortlist")
class ShortlistAdopted:
    """**Together** the group picks what it looks at more closely (*shortlist vastgesteld*); no model does."""

    solutions: Public[tuple[AnAlternative, ...]]
    motivation: Personal[Text | None] = None
    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()


@event(
    "shortlist-amended/1",
    step=Step.ANALYSIS,
    also=(Step.PRESELECTION, Step.CHOICE),
    by=LEAD,
    decides=True,
    thing="shortlist",
)
class ShortlistAmended:
    """The shortlist is changed on second thoughts (*shortlist aangepast*), with the reason."""

    solutions: Public[tuple[AnAlternative, ...]]
    reason: Personal[Text]
    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()
