"""
A grand tour: a whole session in which every event that people may propose is recorded at least once.

It is no example of a good session (the demonstration is), only the shortest way past everything there is. Whoever
writes a projection, a report or a feed can check with it that nothing is forgotten.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from afwegen import events as e
from afwegen.method import Step, StepName
from afwegen.session import Session
from afwegen.stores.contract import Store
from afwegen.testing.sessions import Act, act, given, record

__all__ = ["reached", "tour"]

PREPARATION: Final = (
    act("jochum", e.OccasionStated(occasion="Vacancy has grown", kind="problem", evidence="letting figures")),
    act("jochum", e.PurposeStated(purpose="decisions that touch residents", motivation="they live there")),
    act(
        "jochum",
        *(
            e.ParticipantInvited(participant=key, name=f"{key.title()} Jansen", perspective=angle, organisation=party)
            for key, angle, party in (
                ("anna", "resident", None),
                ("bert", "letting", "housing"),
                ("cor", "policy", "municipality"),
                ("eva", "care", "welfare"),
                ("finn", "care", "welfare"),
                ("hans", "resident", None),
            )
        ),
    ),
    act("jochum", e.FacilitatorAppointed(facilitator="fay", name="Fay", neutral=True)),
    act("fay", e.FacilitatorAppointed(facilitator="gus"), e.FacilitatorReleased(facilitator="gus", reason="ill")),
    act("fay", e.RecorderAppointed(recorder="rik", name="Rik")),
    act("fay", e.ParticipantReplaced(participant="finn", replacement="eva", reason="another job")),
    act("hans", e.ParticipantWithdrew(participant="hans", reason="no time")),
    act(
        "fay",
        e.MeetingPlanned(meeting="one", place="the old school", agenda=(e.AgendaItem(step="inventory", minutes=45),)),
    ),
    act("fay", *(e.OptionDeclared(option=name) for name in ("scores", "criteria weights", "comparisons"))),
    act("fay", e.SettingChanged(setting="minimum_people", number=4, reason="a small complex")),
    act("fay", e.DisclosureDeclared(disclosure="group", explanation="so that everybody dares")),
    act(
        "fay",
        e.MeetingOpened(meeting="one"),
        e.AttendanceRecorded(meeting="one", present=("anna", "bert", "cor", "eva")),
    ),
    act("anna", e.SiteVisited(observations="the entrance is dark"), e.PhotosShown(observations="the back is worse")),
)
INVENTORY: Final = (
    act("fay", e.StepStarted(step="inventory")),
    act("jochum", e.OpeningPitched(pitch="why we are here", minutes=5)),
    act("fay", e.RoundOpened(round="writing", asks="problems", blind=True)),
    act("anna", e.ProblemReported(problem="loitering", statement="Youths hang about", why="unsafe", owner="residents")),
    act("bert", e.ProblemReported(problem="vacancy", statement="Flats stand empty", why="no rent", owner="housing")),
    act("fay", e.RoundClosed(round="writing")),
    act("cor", e.ProblemOwnerAdded(problem="loitering", owner="municipality", why="complaints")),
    act("fay", e.PartyNamed(party="residents", name="The residents of Complex A", represented_by=("anna",))),
    act("anna", e.ProblemPitched(problem="loitering", pitch="it keeps us awake", minutes=2)),
    act("eva", e.QuestionAsked(question="At what hour?", problem="loitering", answer="After ten")),
    act("bert", e.SolutionParked(parked="fence", title="A fence"), e.SolutionParked(parked="lamp", title="A lamp")),
    act("anna", e.ProblemPrioritised(problem="loitering")),
    act("fay", e.StepCompleted(step="inventory")),
)
SHARPENING: Final = (
    act("fay", e.StepStarted(step="sharpening")),
    act(
        "fay",
        e.SubgroupFormed(subgroup="g1", members=("anna", "bert")),
        e.SubgroupFormed(subgroup="g2", members=("cor",)),
    ),
    act("fay", e.SubgroupChanged(subgroup="g2", members=("cor", "eva"), reason="two make a group")),
    act("fay", e.ProblemsAssigned(subgroup="g1", problems=("loitering",))),
    act("anna", e.DeeperProblemExamined(problem="loitering", finding="nowhere to go", behind=()), on_behalf_of="g1"),
    act("eva", e.SelfResolutionExamined(problem="loitering", finding="not soon", may_solve_itself=False)),
    act("eva", e.ProblemSized(problem="loitering", owner="residents", nature="noise", affected=40)),
    act(
        "cor",
        e.ProblemReported(problem="noise", statement="Noise", why="no sleep", owner="residents"),
        e.ProblemReported(problem="litter", statement="Litter", why="costs", owner="municipality"),
        e.ProblemSplit(problem="vacancy", into=("noise", "litter"), reason="two things"),
        e.ProblemSetAside(problem="litter", reason="small"),
    ),
    act("anna", e.CoreProblemFormulated(core="nowhere", statement="The young have no place", owners=("residents",))),
    act("anna", e.CoreProblemPresented(core="nowhere")),
    act("fay", e.CoreProblemAdopted(core="nowhere", objections=(e.Objection(person="cor", words="too broad"),))),
    act("fay", e.OwnerSetAside(owner="municipality", reason="shares it")),
    act("fay", e.JointProblemAdopted(statement="The entrance belongs to nobody")),
    act("fay", e.StepCompleted(step="sharpening")),
)
BASELINE: Final = (
    act("fay", e.StepStarted(step="baseline")),
    act("cor", e.BaselineDrafted(description="Policy goes on", horizon_years=5)),
    act("cor", e.AssumptionAdded(assumption="rent", text="Rents stay", about="policy", source="memo")),
    act("cor", e.BaselineChecked(check="sober", satisfied=True, remark="it is")),
    act("fay", e.BaselineAdopted()),
    act("fay", e.StepCompleted(step="baseline")),
)
SOLUTIONS: Final = (
    act("fay", e.StepStarted(step="solutions")),
    act("fay", e.NoSolutionFound(statement="not yet")),
    act("anna", e.SolutionProposed(solution="caretaker", title="A caretaker", targets=("nowhere",))),
    act("anna", e.CardCompleted(solution="caretaker", what="somebody who is there")),
    act("bert", e.ParkedSolutionTakenUp(parked="lamp", solution="lamp", title="A lamp")),
    act("bert", e.VariantAdded(solution="lamp-led", of="lamp", title="A frugal lamp")),
    act("bert", e.SolutionsCombined(solution="both", parts=("caretaker", "lamp"), title="Lamp and caretaker")),
    act("bert", e.SolutionSetAside(solution="lamp-led", reason="the same")),
    act("fay", e.MeetingClosed(meeting="one")),
    act("fay", e.StepCompleted(step="solutions")),
)
EFFECTS: Final = (
    act("fay", e.StepStarted(step="effects")),
    act("fay", e.ReconfirmationAsked(reconfirmation="again", asked=("anna", "cor"))),
    act("anna", e.ReconfirmationAnswered(reconfirmation="again", agrees=True), role="participant"),
    act("cor", e.ReconfirmationAnswered(reconfirmation="again", agrees=False, objection="the baseline is dear")),
    act("fay", e.ReconfirmationSettled(reconfirmation="again", answer="reopened", reason="true")),
    act(
        "anna",
        *(
            e.EffectRecorded(
                effect=f"{key}-safer",
                solution=key,
                statement="safer after dark",
                direction="positive",
                recipient="residents",
                angle="resident",
            )
            for key in ("caretaker", "lamp", "both")
        ),
    ),
    act("fay", e.StepReopened(step="baseline", reason="an objection")),
    act("cor", e.BaselineDrafted(description="Policy goes on, cheaper", horizon_years=5)),
    act("fay", e.BaselineAdopted(), e.StepCompleted(step="baseline")),
    act("anna", e.Reaffirmed(thing="effect/lamp-safer", reason="a lamp is a lamp")),
    act("anna", e.ReachRecorded(effect="lamp-safer", reach="complex", whom="all")),
    act("bert", e.CostEstimated(cost="wages", solution="caretaker", amount=Decimal("40000.50"), period="per year")),
    act("bert", e.IncomeEstimated(income="rent", solution="caretaker", amount=9000, source="guess")),
    act("eva", e.UncertaintyNoted(text="will they stay?", about="solution/caretaker")),
    act("eva", e.ResearchTaskNoted(task="ask", question="what do the young want?", owners=("eva",))),
    act("eva", e.ResearchTaskAnswered(task="ask", answer="a roof", source="twelve talks")),
    act(
        "fay", e.CoreEffectChosen(core_effect="home", statement="feels like home", mirrors=("nowhere",)), role="plenary"
    ),
    act("fay", e.StepCompleted(step="effects")),
)
JUDGES: Final = ("anna", "bert", "cor")
PRESELECTION: Final = (
    act("fay", e.StepStarted(step="preselection")),
    act(
        "fay",
        *(e.CriterionSet(criterion=key, title=key, worst=0, best=10) for key in ("safety", "cost")),
        role="facilitator",
    ),
    act("anna", e.SolvingPowerEstimated(solution="caretaker", owner="residents", percent=60, source="a guess")),
    act("anna", e.SolutionNominated(solution="caretaker")),
    act("fay", e.RoundOpened(round="order", asks="ranking", of="subgroups", blind=True)),
    act("anna", e.RankingSubmitted(round="order", tiers=(("caretaker",), ("lamp", "both"))), on_behalf_of="g1"),
    act("cor", e.RankingSubmitted(round="order", tiers=(("lamp",), ("caretaker",))), on_behalf_of="g2"),
    act("fay", e.RoundClosed(round="order")),
    act(
        "fay",
        *(
            e.RoundOpened(round=asks.replace(" ", "-"), asks=asks)
            for asks in ("scores", "criteria weights", "comparisons")
        ),
    ),
    *(
        act(
            who,
            e.SolutionScored(round="scores", scores={"caretaker": {"safety": 8, "cost": 2}, "lamp": {"safety": 5}}),
            e.CriteriaWeighed(round="criteria-weights", weights={"safety": 3, "cost": Decimal("1.5")}),
            e.PairCompared(
                round="comparisons",
                comparisons=(e.Comparison(node="goal", first="safety", second="cost", ratio=e.Ratio(3, 2)),),
            ),
        )
        for who in JUDGES
    ),
    act("fay", *(e.RoundClosed(round=key) for key in ("scores", "criteria-weights", "comparisons"))),
    act("bert", e.OutlierDiscussed(solution="lamp", finding="g2 thinks of the dark")),
    act("bert", e.DropoutDiscussed(solution="both", finding="dear", drops_out=False)),
    act("fay", e.ShortlistAdopted(solutions=("caretaker", "lamp"), motivation="both work")),
    act("fay", e.StepCompleted(step="preselection")),
)
ANALYSIS: Final = (
    act("fay", e.StepStarted(step="analysis")),
    act("fay", e.ShortlistAmended(solutions=("caretaker",), reason="the lamp comes anyway")),
    act("fay", e.SolutionAssigned(solution="caretaker", subgroup="g1")),
    act("anna", e.EffectCardOpened(solution="caretaker")),
    act("anna", e.MainEffectStated(solution="caretaker", owner="residents", statement="somebody is there")),
    act("anna", e.EffectSizeEstimated(solution="caretaker", owner="residents", size="large", estimated_by=("anna",))),
    act("anna", e.PathwayStated(solution="caretaker", pathway="known faces, fewer fights")),
    act("bert", e.IndicatorSet(indicator="calls", solution="caretaker", title="calls to the police")),
    act(
        "bert",
        e.ArenaLinkDrawn(
            solution="caretaker", investor="housing", activity="walks", effect="calm", collector="municipality"
        ),
    ),
    act("fay", e.EffectCardAdopted(solution="caretaker")),
    act("fay", e.StepCompleted(step="analysis")),
)
CHOICE: Final = (
    act("fay", e.StepStarted(step="choice")),
    act("fay", e.ProcedureStated(procedure="the board decides", deciders=("dirk",))),
    act("cor", e.DepartmentAdvised(department="municipality", advice="do it"), role="participant"),
    act("cor", e.SupportSounded(among="residents", finding="most want it", asked=40, in_favour=31)),
    act("cor", e.OtherAspectWeighed(aspect="law", finding="allowed")),
    act("fay", e.BaselineConsidered(finding="it would get worse"), role="facilitator"),
    act("dirk", e.ChoiceDeferred(reason="the budget is not known")),
    act("dirk", e.ChoiceMade(chosen=("caretaker",), motivation="a face in the street")),
    act("bert", e.DissentVoiced(words="too dear")),
    act("dirk", e.DepartureExplained(departs_from="a model", reason="it cannot weigh trust")),
    act("fay", e.ChoiceReportedBack(to="residents", how="a letter")),
    act("fay", e.StepCompleted(step="choice")),
)
FOLLOW_UP: Final = (
    act("fay", e.StepStarted(step="follow_up")),
    act("fay", e.ActionAgreed(action="hire", what="hire a caretaker", who=("bert",))),
    act("fay", e.EvaluationPlanned(plan="count the calls")),
    act("fay", e.SituationMeasured(indicator="calls", finding="thirty a month", number=30)),
    act("fay", e.ImplementationStarted(solution="caretaker", remark="since May")),
    act("fay", e.CostRealised(solution="caretaker", amount=41000, remark="one lamp more")),
    act("fay", e.ResultRecorded(solution="caretaker", finding="eighty walks")),
    act("fay", e.EffectMeasured(owner="residents", finding="calmer", moment="final", indicator="calls", number=12)),
    act("fay", e.AttributionJudged(finding="the summer was wet", due_to_it="partly")),
    act("fay", e.RealityCheckDone(involved="residents", finding="we see him often")),
    act("fay", e.GroupNotReached(group="the-young", finding="they moved on")),
    act("fay", e.LessonDrawn(lesson="begin with a face")),
)
_AFTERWARDS: Final = (
    act("anna", e.NoteTaken(text="tea was had")),
    act("fay", e.AdviceAnswered(rule="too-few", answer="it is a small complex")),
    act("anna", e.InsightNoted(insight="they are our own", about="ourselves", acknowledged_by=("bert",))),
    act("anna", e.MeetingReviewed(felt_heard="yes", words="at last")),
    act("anna", e.AppointmentMade(appointment="coffee", people=("anna", "bert"), topic="the hall")),
)
_ENDING: Final = (
    act("fay", e.SessionEnded(outcome="chosen", reason="the board chose")),
    act("fay", e.SessionArchived(reason="all said")),
)


Move = Callable[[Session], None]


def _seq(session: Session, event: type[Any]) -> int:
    return next(entry.seq for entry in session.records() if isinstance(entry.event, event))


def _settle(session: Session) -> None:
    """Put steps aside, correct and withdraw: acts that point at earlier records."""
    pitch, note, question = (_seq(session, event) for event in (e.ProblemPitched, e.NoteTaken, e.QuestionAsked))
    seen = _seq(session, e.SiteVisited)
    record(
        session,
        act("anna", e.EntryReworded(entry=pitch, field="pitch", text="it wakes us", meaning_changed=False)),
        act("eva", e.EntryWithdrawn(entry=question, reason="it was answered")),
        act("fay", e.EntriesMerged(entries=(_seq(session, e.PhotosShown),), into=seen, reason="one walk")),
        act("anna", e.EntryObjected(entry=seen, objection="two walks")),
        act("fay", e.EntryHidden(entry=note, reason="not for the account")),
    )


def _present(session: Session) -> None:
    record(session, act("anna", e.RankingPresented(ranking=_seq(session, e.RankingSubmitted), remark="see the lamp")))


def _override(session: Session) -> None:
    record(
        session,
        act("fay", e.StepReopened(step="preselection", reason="one more look")),
        act("fay", e.EntryWithdrawn(entry=_seq(session, e.ShortlistAmended), reason="not yet")),
        act("fay", e.StepOverridden(step="preselection", reason="no time")),
    )


def _evaluate(session: Session) -> None:
    from afwegen.models.consensus_graph import ConsensusGraph

    session.evaluate(ConsensusGraph(missing="last"), by="fay", round="order")


def _export(session: Session) -> None:
    session.export(format="json-lines", by="fay")


MOVES: Final[tuple[Act | Move, ...]] = (
    *PREPARATION,
    *INVENTORY,
    *SHARPENING,
    *BASELINE,
    *SOLUTIONS,
    *EFFECTS,
    *PRESELECTION[:-1],
    _present,
    PRESELECTION[-1],
    *ANALYSIS,
    *CHOICE,
    *FOLLOW_UP,
    *_AFTERWARDS,
    _settle,
    _override,
    _evaluate,
    _ENDING[0],
    _export,
    _ENDING[1],
)


STEPS: Final = (
    PREPARATION,
    INVENTORY,
    SHARPENING,
    BASELINE,
    SOLUTIONS,
    EFFECTS,
    PRESELECTION,
    ANALYSIS,
    CHOICE,
    FOLLOW_UP,
)


def reached(step: StepName, store: Store | None = None) -> Session:
    """
    Return a session on the tour that has just begun a step; everything before is complete.

    >>> reached("baseline").state.lacking()
    ('an adopted baseline',)
    """
    before = STEPS[: Step(step).position]
    start = () if step == Step.PREPARATION else STEPS[Step(step).position][:1]
    return given(*(move for moves in before for move in moves), *start, store=store)


def tour(store: Store | None = None) -> Session:
    """
    Return a session, in memory unless told otherwise, that has seen everything but an erasure.

    >>> tour().state.meeting.archived
    True
    """
    session = given(store=store)
    for move in MOVES:
        if isinstance(move, Act):
            record(session, move)
        elif callable(move):
            move(session)
    return session
