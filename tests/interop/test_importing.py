"""A ballot file becomes a session by the same rules as what people enter, and comes out the same."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afwegen import Session, Step, open_store, replay
from afwegen.audit import verify_session
from afwegen.errors import AfwegenError, CodecError, ProfileError
from afwegen.events import (
    AssumptionAdded,
    CostEstimated,
    NoteTaken,
    OptionDeclared,
    ParticipantInvited,
    RankingSubmitted,
    SolutionProposed,
    SolutionsCombined,
    StepOverridden,
)
from afwegen.interop import jsonlines, pabulib, preflib
from afwegen.interop.importing import NOT_IN_THE_SOURCE, import_election, solution_ids
from afwegen.interop.pabulib import Ballot, Election, Project, VoteType
from afwegen.models import AHP, ConsensusGraph, Profile, WeightedSum, compare

NAMES = ("title", "area", "by", "source")
VOTES = (607, 491, 387, 219, 207, 191, 76)
"""The column ``votes`` of the Zuidas, whose projects stand in that order."""


def imported(election, store=None, **given):
    named = {"title": "Benches", "area": "X", "by": "host", "source": "benches.pb", **given}
    return import_election(open_store("memory:") if store is None else store, election, **named)


def election(ballots=(("a", ("1",)), ("b", ("1", "2")), ("c", ("2",))), names=("Bench", "Tree"), **given):
    return Election(
        vote_type=given.pop("vote_type", VoteType.APPROVAL),
        budget=Decimal(5000),
        projects=tuple(
            Project(project_id=str(number), cost=Decimal(900), name=name, **given)
            for number, name in enumerate(names, 1)
        ),
        ballots=tuple(Ballot(voter_id=voter, projects=projects) for voter, projects in ballots),
    )


def events(session, kind):
    return [record.event for record in session.history() if isinstance(record.event, kind)]


# A real neighbourhood


@pytest.fixture(scope="module")
def zuidas(shared, tmp_path_factory):
    """The Zuidas in Amsterdam: 938 residents and 7 projects, in a file."""
    read = pabulib.read(shared / "data" / "pabulib" / "netherlands_amsterdam_523.pb")
    with open_store(f"sqlite:///{tmp_path_factory.mktemp('zuidas') / 'zuidas.db'}") as store:
        yield imported(read, store, title="Zuidas", area="Zuid", source="netherlands_amsterdam_523.pb"), read


def test_everybody_and_everything_goes_in(zuidas):
    """Every resident a judge under a pseudonym, every project a solution with its cost, in one closed round."""
    session, read = zuidas
    state, profile = session.state, session.profile()

    assert len(profile.judges) == len(set(profile.judges)) == len(state.preparation.active) == 938
    assert profile.judges[0] == f"voter-{read.ballots[0].voter_id}"
    assert profile.alternatives == ("41597", "41600", "41599", "41602", "41598", "41601", "41603")
    assert [cost.amount for cost in events(session, CostEstimated)] == [p.cost for p in read.projects]
    assert [solution.title for solution in events(session, SolutionProposed)] == [p.name for p in read.projects]
    assert state.step is Step.PRESELECTION
    assert not state.meeting.open_rounds


def test_the_budget_and_the_assumption_are_recorded(zuidas):
    """What there is to spend is a declared option; costs rest on spending nothing without the project."""
    session, _ = zuidas
    (budget,), (assumption,), (note,) = (events(session, kind) for kind in (OptionDeclared, AssumptionAdded, NoteTaken))

    assert (budget.option, budget.amount) == ("budget", 155_000)
    assert assumption.text == "without the project nothing is spent"
    assert note.text == "Imported from netherlands_amsterdam_523.pb"


def test_steps_the_file_knows_nothing_of_are_passed_with_that_reason(zuidas):
    """Overridden, each with what is lacking; never completed as if people had done it."""
    session, _ = zuidas
    overridden = events(session, StepOverridden)

    assert [event.step for event in overridden] == [Step.INVENTORY, Step.SHARPENING, Step.BASELINE, Step.EFFECTS]
    assert {event.reason for event in overridden} == {NOT_IN_THE_SOURCE} == {"not in the source"}
    assert all(session.state.progress.of(event.step).missing for event in overridden)


def test_every_ballot_is_there_as_it_was(zuidas):
    """The orders counted from the session are those counted from the file."""
    session, read = zuidas
    sheets = Counter(sheet.tiers for sheet in events(session, RankingSubmitted))

    assert sheets == Counter(read.orders())
    assert {record.channel for record in session.history() if isinstance(record.event, RankingSubmitted)} == {"async"}


def test_models_agree_with_the_counts_the_file_states(zuidas):
    """Scores by approval share order the projects as the column ``votes`` does; AHP says why it cannot answer."""
    session, _ = zuidas
    profile = session.profile()

    rows = compare(profile, (WeightedSum(), AHP(), ConsensusGraph()), "approval-share").rows

    assert rows[0].outcome.ranking == tuple((name,) for name in profile.alternatives)
    shares = [rows[0].outcome.scores[name] for name in profile.alternatives]
    assert [float(share) / float(shares[0]) for share in shares] == pytest.approx([v / VOTES[0] for v in VOTES])
    assert "comparisons" in rows[1].reason
    assert rows[2].outcome.ranking[0] == ("41597",)


def test_the_session_and_the_file_give_the_same_outcome(zuidas):
    """Judges one by one or identical ballots counted together: the models see no difference."""
    session, read = zuidas
    orders, counts = read.counted()
    counted = Profile.from_rankings(orders, counts, alternatives=read.alternatives)

    one, other = (ConsensusGraph().evaluate(profile) for profile in (session.profile(), counted))

    assert (one.ranking, one.relation) == (other.ranking, other.relation)
    assert one.consensus.degree == pytest.approx(other.consensus.degree)


def test_it_comes_out_the_same_by_replay(zuidas):
    """Loaded from the file, the state is the live one."""
    session, _ = zuidas

    assert Session.load(session.store, session.id).state == session.state == replay(session.history())


def test_it_verifies(zuidas):
    """Every level that can be judged without keys passes."""
    session, _ = zuidas

    assert verify_session(session.store, session.id, require=(1, 2, 4, 5, 6)).passed


def test_what_is_exported_replays_to_what_the_public_sees(zuidas, tmp_path):
    """And no resident's number stands in the file."""
    session, read = zuidas
    file = tmp_path / "zuidas.jsonl"
    file.write_text("".join(jsonlines.lines(session)), encoding="utf-8")

    assert replay(jsonlines.read(file).records()) == session.seen_by(None)
    assert not any(f"voter-{ballot.voter_id}" in file.read_text(encoding="utf-8") for ballot in read.ballots[:50])


# Another format


def test_the_mariner_orders_go_in(shared):
    """PrefLib's NASA example: ten groups, 32 trajectories, ties and all; judged as the file is."""
    read = preflib.read(shared / "data" / "preflib" / "00003-00000001.toc")
    session = imported(read, source="00003-00000001.toc")

    assert len(session.profile().judges) == 10
    assert len(session.profile().alternatives) == 32
    counted = Profile.from_rankings(read.orders, read.counts, alternatives=read.alternatives)
    ids = dict(zip(read.alternatives, solution_ids(read.alternatives), strict=True))
    expected = tuple(tuple(sorted(ids[name] for name in tier)) for tier in ConsensusGraph().evaluate(counted).ranking)
    found = ConsensusGraph().evaluate(session.profile()).ranking
    assert tuple(tuple(sorted(tier)) for tier in found) == expected
    assert not events(session, CostEstimated)
    assert verify_session(session.store, session.id, require=(1, 2, 4, 5, 6)).passed


SOI = """\
# TITLE: Lunch
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 4
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Soup
# ALTERNATIVE NAME 2: soup
# ALTERNATIVE NAME 3: Baseline
3: 2,3
1: 1
"""


def test_an_order_counted_several_times_is_several_judges():
    """Each with a number of their own, in the order of the file."""
    session = imported(preflib.parse(SOI))

    assert session.profile().judges == ("voter-1", "voter-2", "voter-3", "voter-4")


def test_an_incomplete_order_ranks_what_it_names():
    """What is not named has no place; nothing is made up."""
    sheets = events(imported(preflib.parse(SOI)), RankingSubmitted)

    assert [sheet.tiers for sheet in sheets] == [(("soup-2",), ("baseline-2",))] * 3 + [(("soup",),)]


def test_names_that_come_to_the_same_id_are_kept_apart():
    """Titles stay as they were; ``baseline`` is the name of doing nothing extra."""
    proposed = events(imported(preflib.parse(SOI)), SolutionProposed)

    assert [(one.solution, one.title) for one in proposed] == [
        ("soup", "Soup"),
        ("soup-2", "soup"),
        ("baseline-2", "Baseline"),
    ]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=80), max_size=8, unique=True))
def test_ids_are_different_and_fit(names):
    """Whatever things are called: as many ids as names, none twice, each one that the log takes."""
    ids = solution_ids(names)

    assert len(set(ids)) == len(ids) == len(names)
    assert "baseline" not in ids
    for key in ids:
        assert SolutionProposed(solution=key, title="x").solution == key


def test_many_long_names_alike_fit():
    """The number that keeps them apart takes the place of letters."""
    ids = solution_ids(["x" * 100 + str(number) for number in range(12)])

    assert len(set(ids)) == 12
    assert max(map(len, ids)) == 64


# What a ballot becomes


def test_approval_is_two_tiers():
    """Approved above not approved; approving of all, or of nothing, ties them."""
    session = imported(election((("a", ("1",)), ("b", ("1", "2")), ("c", ()))))

    sheets = events(session, RankingSubmitted)

    assert [(sheet.tiers, sheet.abstains) for sheet in sheets] == [
        ((("1",), ("2",)), False),
        ((("1", "2"),), False),
        ((("1", "2"),), False),
    ]


def test_an_ordinal_ballot_ranks_what_it_names():
    """In its own order; one that names nothing abstains."""
    ordinal = election((("a", ("2", "1")), ("b", ("2",)), ("c", ())), vote_type=VoteType.ORDINAL)

    sheets = events(imported(ordinal), RankingSubmitted)

    assert [(sheet.tiers, sheet.abstains) for sheet in sheets] == [
        ((("2",), ("1",)), False),
        ((("2",),), False),
        ((), True),
    ]


def test_what_was_funded_is_a_combination():
    """Where the file marks it; one project alone is no combination, and an id that is taken is not taken again."""
    (funded,) = events(imported(election(fields=(("selected", "1"),))), SolutionsCombined)

    assert (funded.solution, funded.parts) == ("funded", ("1", "2"))
    assert not events(imported(election()), SolutionsCombined)
    assert not events(imported(election(names=("Bench",), ballots=(("a", ("1",)),))), SolutionsCombined)


def test_people_are_known_by_pseudonym_only():
    """The vault has what the file calls them; an entry has not."""
    session = imported(election((("ANNA-1", ("1",)),)))

    assert [event.participant for event in events(session, ParticipantInvited)] == ["voter-ANNA-1"]
    assert not any(b"ANNA" in stored.entry for stored in session.store.read(session.id))


def test_letters_in_two_parts_are_put_together():
    """Some systems write é as e and an accent; the log has one spelling of it."""
    session = imported(election((("Rene\u0301", ("1",)),), names=("Cafe\u0301", " ")))

    assert [solution.title for solution in events(session, SolutionProposed)] == ["Caf\u00e9", "2"]
    assert session.profile().judges == ("voter-Ren\u00e9",)


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8"), max_size=6), st.sets(st.sampled_from("123"))),
        min_size=1,
        max_size=5,
        unique_by=lambda ballot: ballot[0].casefold(),
    ),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=3, max_size=3),
)
def test_every_election_goes_in_and_verifies_or_leaves_nothing(ballots, names):
    """Whatever people and things are called."""
    store = open_store("memory:")
    given = election(tuple((voter, tuple(sorted(approved))) for voter, approved in ballots), names)
    try:
        session = imported(given, store)
    except AfwegenError:
        assert store.sessions() == ()
        return

    assert session.state == Session.load(store, session.id).state
    assert verify_session(store, session.id, require=(1, 2, 4, 5, 6)).passed


def test_progress_is_told():
    """After each batch, never more done than there is."""
    seen = []

    session = imported(election(), on_progress=lambda done, of: seen.append((done, of)))

    assert seen == sorted(seen)
    assert all(done <= of for done, of in seen)
    assert seen[-1][0] == session.state.length


# What is refused


@pytest.mark.parametrize(
    ("given", "how", "error"),
    [
        (election(()), {}, ProfileError),
        (election((("a", ()),), names=()), {}, ProfileError),
        (election((("a", ("1",)), ("a", ("2",)))), {}, ProfileError),
        (election((("e\u0301", ("1",)), ("\u00e9", ("2",)))), {}, ProfileError),
        (election(names=("x" * 40_000, "Tree")), {}, CodecError),
        (election(names=("half \ud800", "Tree")), {}, CodecError),
        *((election(), {name: " "}, CodecError) for name in NAMES),
    ],
)
def test_what_cannot_be_imported_leaves_the_store_untouched(given, how, error):
    """Refused before the first record: no half session."""
    store = open_store("memory:")

    with pytest.raises(error) as refused:
        imported(given, store, **how)

    assert refused.value.do
    assert store.sessions() == ()
