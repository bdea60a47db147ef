"""Rounds: everyone is asked the same thing, may revise until it closes, and has the last word about their own."""

from datetime import timedelta

import pytest

from afwegen import RuleViolation
from afwegen import events as e
from afwegen.testing.sessions import act, expect, given, record

ONE, OTHER = (("lamp",), ("caretaker",)), (("caretaker",), ("lamp",))


def ranking(tiers=ONE, key="r", **more):
    return e.RankingSubmitted(round=key, tiers=tiers, **more)


@pytest.fixture
def open_round(at):
    """A session in step 6 with a ranking round open to participants."""
    session = at("preselection")
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking", blind=True)))
    return session


@pytest.fixture
def of_subgroups(at):
    """A session in step 6 with a ranking round open to subgroups: g1 is Anna and Bert, g2 Cor and Eva."""
    session = at("preselection")
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking", of="subgroups")))
    return session


def said(session, judge="anna", key="r"):
    return session.state.meeting.rounds[key].sheets[judge].event.tiers


# -- opening ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asks", ["ranking", "nominations"])
def test_a_round_asks_what_its_step_can_hear(asks, at):
    """Not for an order of solutions while problems are told."""
    expect(RuleViolation, at("inventory"), act("fay", e.RoundOpened(round="r", asks=asks)), saying="in step 1")


@pytest.mark.parametrize("asks", ["scores", "criteria weights", "comparisons"])
def test_what_is_not_the_method_s_is_declared_first(asks):
    """Off until declared; the account says so."""
    session = given(
        act("jochum", e.StepStarted(step="inventory")),
        *(
            act("jochum", e.StepOverridden(step=step, reason="x"), e.StepStarted(step=after))
            for step, after in zip(
                ("inventory", "sharpening", "baseline", "solutions", "effects"),
                ("sharpening", "baseline", "solutions", "effects", "preselection"),
                strict=True,
            )
        ),
    )
    record(session, act("jochum", e.CriterionSet(criterion="c", title="C", worst=0, best=1), role="organiser"))

    expect(RuleViolation, session, act("jochum", e.RoundOpened(round="r", asks=asks)), saying="OptionDeclared")


def test_two_rounds_do_not_ask_the_same_thing_at_once(at):
    """Else it would not be known in which a problem was written."""
    session = at("inventory")
    record(session, act("fay", e.RoundOpened(round="r", asks="problems", blind=True)))

    expect(RuleViolation, session, act("fay", e.RoundOpened(round="s", asks="problems")), saying="RoundClosed")


@pytest.mark.parametrize(
    "event",
    [
        e.RoundOpened(round="r", asks="ranking", criterion="beauty"),
        e.RoundOpened(round="r", asks="ranking", alternatives=("lamp", "lamp")),
        e.RoundOpened(round="r", asks="ranking", alternatives=("fence",)),
        e.RoundOpened(round="writing", asks="ranking"),
    ],
)
def test_a_round_is_about_what_is_there(event, at):
    """A known criterion, standing alternatives, each once, and an id of its own."""
    expect(RuleViolation, at("preselection"), act("fay", event))


# -- judging ----------------------------------------------------------------------------------------------------------


def test_a_judgement_names_its_round(open_round):
    """And is refused without one."""
    record(open_round, act("fay", e.RoundClosed(round="r")))

    expect(RuleViolation, open_round, act("anna", e.RankingSubmitted(tiers=ONE)), saying="a judgement names its round")


def test_a_round_hears_its_own_judges_only(open_round, of_subgroups):
    """Participants or subgroups, never both."""
    expect(RuleViolation, open_round, act("anna", ranking(), on_behalf_of="g1"), saying="for participants")
    expect(RuleViolation, of_subgroups, act("anna", ranking()), saying="for subgroups")


@pytest.mark.parametrize(
    "event",
    [
        ranking(tiers=(("lamp",), ("lamp",))),
        ranking(tiers=((), ("lamp",))),
        ranking(tiers=(("fence",),)),
        ranking(tiers=(("lamp-led",),)),
        ranking(tiers=()),
        ranking(abstains=True),
        ranking(criterion="safety"),
        ranking(key="nowhere"),
        ranking(key="writing"),
        e.SolutionScored(round="r", scores={"lamp": {}}),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(event, open_round):
    """Twice on the sheet, an empty tier, unknown or set aside, neither judging nor abstaining, another question."""
    expect(RuleViolation, open_round, act("anna", event))


def test_a_sheet_may_abstain_and_an_order_be_unfinished(open_round):
    """Ties and unfinished orders are allowed."""
    record(open_round, act("anna", e.RankingSubmitted(round="r", abstains=True)), act("bert", ranking((("lamp",),))))


@pytest.mark.parametrize(
    "event",
    [
        e.SolutionScored(round="s", scores={"lamp": {"safety": 11}}),
        e.SolutionScored(round="s", scores={"lamp": {"beauty": 1}}),
        e.SolutionScored(round="s", scores={"fence": {"safety": 1}}),
        e.SolutionScored(round="s", scores={"lamp": {"cost": 1}}),
        e.CriteriaWeighed(round="w", weights={"safety": 0}),
        e.CriteriaWeighed(round="w", weights={"beauty": 1}),
        e.PairCompared(
            round="p", comparisons=(e.Comparison(node="goal", first="safety", second="safety", ratio=e.Ratio(1)),)
        ),
        e.PairCompared(
            round="p", comparisons=(e.Comparison(node="luck", first="lamp", second="both", ratio=e.Ratio(1)),)
        ),
        e.PairCompared(
            round="p", comparisons=(e.Comparison(node="goal", first="lamp", second="cost", ratio=e.Ratio(1)),)
        ),
        e.PairCompared(
            round="p",
            comparisons=tuple(
                e.Comparison(node="goal", first=a, second=b, ratio=e.Ratio(2))
                for a, b in (("safety", "cost"), ("cost", "safety"))
            ),
        ),
    ],
)
def test_a_score_weight_or_comparison_outside_its_bounds_is_refused(event, at):
    """Outside the anchors, without anchors, about nothing known, of a thing with itself, or twice."""
    session = at("preselection")
    lead = {"role": "facilitator"}
    record(
        session,
        act("fay", e.CriterionSet(criterion="safety", title="S", worst=0, best=10), **lead),
        act("fay", e.CriterionSet(criterion="cost", title="C"), **lead),
        act("fay", e.RoundOpened(round="s", asks="scores"), e.RoundOpened(round="w", asks="criteria weights")),
        act("fay", e.RoundOpened(round="p", asks="comparisons")),
    )

    expect(RuleViolation, session, act("anna", event))


# -- the last word ----------------------------------------------------------------------------------------------------


def test_a_judge_revises_until_the_round_closes(open_round):
    """The last word counts; all words stay on record."""
    record(open_round, act("anna", ranking(ONE)), act("anna", ranking(OTHER)))
    assert said(open_round) == OTHER
    assert [sheet.event.tiers for sheet in open_round.state.meeting.rounds["r"].sheets["anna"].earlier] == [ONE]

    record(open_round, act("fay", e.RoundClosed(round="r")))
    expect(RuleViolation, open_round, act("anna", ranking(ONE)), saying="is closed")


def test_what_is_entered_for_a_judge_never_replaces_what_they_entered(open_round):
    """Whichever came last."""
    record(open_round, act("anna", ranking(ONE)), act("rik", ranking(OTHER), on_behalf_of="anna"))

    assert said(open_round) == ONE


def test_one_s_own_word_replaces_what_was_entered_for_one(open_round):
    """Also when it was given earlier."""
    earlier = open_round.state.meeting.rounds["r"].opened_at
    record(open_round, act("rik", ranking(OTHER), on_behalf_of="anna"))
    record(open_round, act("anna", ranking(ONE), happened_at=earlier, channel="paper"))

    assert said(open_round) == ONE


def test_the_last_word_is_the_latest_to_happen_not_to_be_entered(open_round):
    """Two notes on paper, entered in the wrong order."""
    opened = open_round.state.meeting.rounds["r"].opened_at
    open_round.core.clock.now += timedelta(hours=1)
    for minute, tiers in ((9, OTHER), (5, ONE)):
        paper = {"channel": "paper", "happened_at": opened + timedelta(minutes=minute)}
        record(open_round, act("rik", ranking(tiers), on_behalf_of="anna", **paper))

    assert said(open_round) == OTHER


def test_what_is_entered_for_a_subgroup_never_replaces_what_its_members_entered(of_subgroups):
    """A recorder is no member."""
    record(of_subgroups, act("anna", ranking(ONE), on_behalf_of="g1"), act("rik", ranking(OTHER), on_behalf_of="g1"))
    assert said(of_subgroups, "g1") == ONE

    record(of_subgroups, act("bert", ranking(OTHER), on_behalf_of="g1"))
    assert said(of_subgroups, "g1") == OTHER


def test_the_last_word_holds_outside_rounds_too(at):
    """The most important problem, and the answer to a reconfirmation."""
    session = at("inventory")
    problems = (
        e.ProblemReported(problem=key, statement=key, why="w", owner="residents") for key in ("noise", "litter")
    )
    record(session, act("anna", *problems), act("anna", e.ProblemPrioritised(problem="noise")))
    record(session, act("rik", e.ProblemPrioritised(problem="litter"), on_behalf_of="anna"))

    assert session.state.inventory.priorities["anna"].event.problem == "noise"


def test_a_late_sheet_needs_a_moment_in_its_round(open_round):
    """Entered late it says when it was written, and that was while the round was open."""
    opened = open_round.state.meeting.rounds["r"].opened_at
    record(open_round, act("fay", e.RoundClosed(round="r")))
    late = {"on_behalf_of": "anna", "channel": "paper"}
    expect(RuleViolation, open_round, act("rik", ranking(), **late), saying="was not open then")
    before = opened - timedelta(minutes=1)
    expect(RuleViolation, open_round, act("rik", ranking(), happened_at=before, **late), saying="was not open then")

    record(open_round, act("rik", ranking(), happened_at=opened, **late))
    assert said(open_round) == ONE


def test_between_clocks_that_differ_now_is_in_an_open_round(open_round):
    """The clock of who opened it may run ahead of the clock of who judges."""
    open_round.core.clock.now -= timedelta(minutes=30)
    record(open_round, act("anna", ranking()))

    assert said(open_round) == ONE


def test_nobody_judges_twice_through_two_subgroups(of_subgroups):
    """A member of two counts once."""
    record(of_subgroups, act("fay", e.SubgroupFormed(subgroup="g3", members=("anna", "eva"))))
    record(of_subgroups, act("anna", ranking(), on_behalf_of="g1"))

    expect(RuleViolation, of_subgroups, act("eva", ranking(), on_behalf_of="g3"), saying="judged with the same member")


def test_who_changes_their_mind_a_thousand_times_is_heard(open_round):
    """Words lie beside each other, not inside each other: no depth is reached, and states can be compared."""
    pile = tuple(ranking(ONE if number % 2 else OTHER) for number in range(1_500))
    record(open_round, act("anna", *pile))

    assert said(open_round) == ONE
    assert len(open_round.state.meeting.rounds["r"].sheets["anna"].earlier) == 1_499
    assert open_round.at(open_round.state.length) == open_round.state


# -- frozen -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asks", ["ranking", "nominations"])
def test_solutions_are_frozen_while_they_are_judged(asks, at):
    """Nothing is added, combined, set aside, reworded in meaning, withdrawn, hidden or merged; spelling may."""
    session = at("preselection")
    record(session, act("fay", e.RoundOpened(round="r", asks=asks)))
    lamp, caretaker = (session.state.solutions.solutions[key].seq for key in ("lamp", "caretaker"))
    reworded = {"entry": lamp, "field": "title", "text": "A light"}
    for who, event in (
        ("bert", e.VariantAdded(solution="v", of="lamp", title="V")),
        ("bert", e.SolutionsCombined(solution="v", parts=("lamp", "baseline"), title="V")),
        ("bert", e.SolutionSetAside(solution="lamp", reason="x")),
        ("bert", e.EntryReworded(**reworded, meaning_changed=True)),
        ("bert", e.EntryWithdrawn(entry=lamp, reason="x")),
        ("fay", e.EntryHidden(entry=lamp, reason="x")),
        ("fay", e.EntriesMerged(entries=(lamp,), into=caretaker, reason="x")),
        ("fay", e.CriterionSet(criterion="c", title="C")),
    ):
        expect(
            RuleViolation,
            session,
            act(who, event, role="facilitator" if who == "fay" else "participant"),
            saying="frozen",
        )

    record(session, act("bert", e.EntryReworded(**reworded, meaning_changed=False)))


# -- awaited ----------------------------------------------------------------------------------------------------------


def test_awaited_says_of_whom_there_is_nothing_yet(open_round, of_subgroups):
    """Who has entered is visible, in order of invitation; what, is not."""
    record(open_round, act("bert", ranking()))
    assert open_round.awaited() == {"r": ("anna", "cor", "eva")}

    record(of_subgroups, act("fay", e.EntryWithdrawn(entry=of_subgroups.state.meeting.subgroups["g2"].seq, reason="x")))
    assert of_subgroups.awaited() == {"r": ("g1",)}
