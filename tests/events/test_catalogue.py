"""The page of the events is what the declarations say."""

import re

import pytest

from afwegen.events import EVENT_TYPES
from afwegen.events.catalogue import catalogue

METHOD = {
    "preparation": """SessionStarted OccasionStated PurposeStated ParticipantInvited ParticipantReplaced
        ParticipantWithdrew FacilitatorAppointed FacilitatorReleased RecorderAppointed MeetingPlanned OptionDeclared
        SettingChanged DisclosureDeclared""",
    "meeting": """MeetingOpened MeetingClosed AttendanceRecorded SiteVisited PhotosShown SubgroupFormed SubgroupChanged
        RoundOpened RoundClosed StepStarted StepCompleted StepOverridden StepReopened Reaffirmed EntryReworded
        EntryWithdrawn EntryHidden EntriesMerged EntryObjected NoteTaken AdviceAnswered InsightNoted MeetingReviewed
        AppointmentMade ModelEvaluated ReportExported SubjectErased TextRedacted SessionEnded SessionArchived""",
    "inventory": """OpeningPitched ProblemReported ProblemOwnerAdded PartyNamed ProblemPrioritised ProblemPitched
        QuestionAsked SolutionParked""",
    "sharpening": """ProblemsAssigned DeeperProblemExamined SelfResolutionExamined ProblemSized ProblemSplit
        ProblemSetAside OwnerSetAside CoreProblemFormulated CoreProblemPresented CoreProblemAdopted
        JointProblemAdopted""",
    "baseline": "BaselineDrafted AssumptionAdded BaselineChecked BaselineAdopted",
    "solutions": """SolutionProposed CardCompleted ParkedSolutionTakenUp VariantAdded SolutionsCombined
        SolutionSetAside NoSolutionFound""",
    "effects": """ReconfirmationAsked ReconfirmationAnswered ReconfirmationSettled EffectRecorded ReachRecorded
        CostEstimated IncomeEstimated UncertaintyNoted ResearchTaskNoted ResearchTaskAnswered CoreEffectChosen""",
    "preselection": """CriterionSet SolvingPowerEstimated SolutionNominated RankingSubmitted RankingPresented
        CriteriaWeighed SolutionScored PairCompared OutlierDiscussed DropoutDiscussed ShortlistAdopted
        ShortlistAmended""",
    "analysis": """SolutionAssigned EffectCardOpened MainEffectStated EffectSizeEstimated PathwayStated IndicatorSet
        ArenaLinkDrawn EffectCardAdopted""",
    "choice": """ProcedureStated DepartmentAdvised SupportSounded OtherAspectWeighed BaselineConsidered ChoiceMade
        ChoiceDeferred DissentVoiced DepartureExplained ChoiceReportedBack""",
    "follow_up": """ActionAgreed EvaluationPlanned SituationMeasured ImplementationStarted CostRealised ResultRecorded
        EffectMeasured AttributionJudged RealityCheckDone GroupNotReached LessonDrawn""",
}
"""What the method records, by the room it belongs to."""


@pytest.mark.house
def test_the_page_is_up_to_date(root):
    """Written anew from the declarations, the page is the same: ``python -m afwegen.events.catalogue`` makes it."""
    assert (root / "docs" / "reference" / "events.md").read_text(encoding="utf-8") == catalogue()


@pytest.mark.parametrize("room", METHOD)
def test_every_word_of_the_method_has_an_event(room):
    """Nothing that the method records lacks an event, and each lies in the room of its step."""
    declared = {one.cls.__name__ for one in EVENT_TYPES.values() if one.room == room}

    assert declared == set(METHOD[room].split())


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_catalogue_tells_everything_of_an_event(name):
    """Its class, its type, every field, and what its docstring says first."""
    declared, page = EVENT_TYPES[name], catalogue()
    part = page[page.index(f"### {declared.cls.__name__}\n") :].split("\n### ")[0]

    assert f"`{name}`" in part
    assert all(f"| `{field.name}` |" in part for field in declared.fields)
    assert all(role in part for role in declared.by) or "by anyone" in part
    assert (declared.cls.__doc__ or "").strip().splitlines()[0] in part


def test_every_event_gives_the_dutch_term():
    """The pages of the method are Dutch; whoever reads them finds the event by its word."""
    term = re.compile(r"(?<!\*)\*[^*]+\*(?!\*)").search

    assert [one.name for one in EVENT_TYPES.values() if not term(one.cls.__doc__)] == []
