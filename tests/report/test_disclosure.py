"""What the account shows of whom: through one eye, with totals that tell of nobody."""

import attrs
import pytest

from afwegen import events as e
from afwegen.report import account
from afwegen.report.totals import Totals
from afwegen.steps.things import evolve
from afwegen.testing.sessions import act, given, record
from afwegen.testing.tour import reached

PEOPLE = tuple(f"p{number}" for number in range(1, 8))


def judged(disclosure, people, minimum=5):
    """Return a session in which people gave an order: nearly all the same, one the other way round."""
    session = reached("preselection")
    record(
        session,
        act(
            "fay",
            *(e.ParticipantInvited(participant=key, name=f"Naam-{key}", perspective="resident") for key in people),
            e.DisclosureDeclared(disclosure=disclosure, minimum_judges=minimum),
            e.RoundOpened(round="all", asks="ranking", blind=True, alternatives=("caretaker", "lamp")),
        ),
        *(act(key, e.RankingSubmitted(round="all", tiers=(("caretaker",), ("lamp",)))) for key in people[1:]),
        act(people[0], e.RankingSubmitted(round="all", tiers=(("lamp",), ("caretaker",)))),
    )
    return session


def closed(session):
    """Return it with the round closed."""
    record(session, act("fay", e.RoundClosed(round="all")))
    return session


def test_names_are_shown_as_the_disclosure_allows(toured, reader):
    """Not to the public where it is per group; to who takes part they are."""
    assert "Anna Jansen" not in account(toured)
    assert "Anna Jansen" in reader(account(toured, viewer="bert")).words


def test_no_key_of_a_person_stands_in_a_public_page(reader):
    """Not even inside what a line is about, or who asked for a file."""
    session = closed(judged("group", PEOPLE))
    session.export(format="summary", by="fay", viewer="p3")
    page = account(session)

    for key in (*PEOPLE, "jochum"):
        assert f">{key}<" not in page
    assert "~p_" not in page


@pytest.mark.parametrize("disclosure", ["group", "secret"])
def test_an_open_blind_round_shows_how_many_and_not_what(disclosure, reader):
    """Also not in totals."""
    page = account(judged(disclosure, PEOPLE), language="en")
    said = reader(page).words

    assert "7 people answered; the round is still open" in said
    assert "6 of the 7" not in said


@pytest.mark.parametrize("disclosure", ["group", "secret"])
def test_a_closed_round_is_told_in_totals(disclosure, reader):
    """When enough people judged."""
    said = reader(account(closed(judged(disclosure, PEOPLE)), language="en")).words

    assert "6 of the 7" in said


@pytest.mark.parametrize(("disclosure", "minimum"), [("group", 5), ("secret", 6)])
def test_too_few_to_add_up_are_not_added_up(disclosure, minimum, reader):
    """A total over few tells what one of them said; the page says why there is none."""
    people = PEOPLE[: minimum - 1]
    said = reader(account(closed(judged(disclosure, people, minimum)), language="en")).words

    assert "Too few people gave an order" in said
    assert f"of the {len(people)} " not in said.partition("Logbook")[0].replace("out of", "")


def test_two_rounds_that_differ_by_one_judge_are_not_both_told(reader):
    """In secret the difference would be that judge's order; of the same judges, or of quite others, both are told."""
    session = closed(judged("secret", PEOPLE))
    record(
        session,
        act("fay", e.RoundOpened(round="again", asks="ranking", blind=True, alternatives=("caretaker", "lamp"))),
        *(act(key, e.RankingSubmitted(round="again", tiers=(("lamp",), ("caretaker",)))) for key in PEOPLE[:6]),
        act("fay", e.RoundClosed(round="again")),
    )
    said = reader(account(session, language="en")).words

    assert said.count("Placed first by") == 1


def test_what_comes_in_late_changes_no_total_in_secret():
    """Two accounts, before and after, would else show the sheet that came in between: also in a log that has one."""
    session = closed(judged("secret", PEOPLE[:6]))
    sheets = session.state.meeting.rounds["all"].sheets
    late = attrs.evolve(next(iter(sheets.values())), seq=session.state.length)
    this = evolve(session.state.meeting.rounds["all"], sheets=sheets.insert("late", late))
    meeting = evolve(session.state.meeting, rounds=session.state.meeting.rounds.insert("all", this))
    after = evolve(session.state, meeting=meeting)

    told = [Totals(state, frozenset({"all"}), state.preparation).orders("all") for state in (session.state, after)]

    assert told[0] == told[1] is not None


def test_closing_words_are_shown_in_totals_only(demo, reader):
    """Whatever the disclosure, and with nobody's words."""
    words = [r.event.words for r in demo.records() if isinstance(r.event, e.MeetingReviewed) and r.event.words]
    said = reader(account(demo, language="en")).words

    assert words
    assert not [word for word in words if word in said]
    assert "Answers of 11 people" in said


def test_what_was_hidden_for_a_cause_is_a_gap_with_its_reason(demo, reader):
    """The words are nowhere; the reason stands in their place."""
    hidden = next(r for r in demo.records() if isinstance(r.event, e.EntryHidden))
    words = next(r.event.text for r in demo.records() if r.seq == hidden.event.entry)
    said = reader(account(demo)).words

    assert words not in said
    assert hidden.event.reason in said


def test_nobody_is_named_as_who_tips_the_scale(demo, reader):
    """What a model says of single people stays out of the account, in every language."""
    for code in ("nl", "en"):
        said = reader(account(demo, viewer="anna", language=code)).words.lower()
        for word in ("pivotal", "doorslaggevend", "beoordelaar", "distant", "without any one of"):
            assert word not in said


def test_an_open_session_names_its_people(reader):
    """To everybody, for that is what it promised."""
    session = given(
        act(
            "jochum",
            e.DisclosureDeclared(disclosure="open"),
            e.ParticipantInvited(participant="anna", name="Anna de Boer", perspective="resident"),
        )
    )

    assert "Anna de Boer" in reader(account(session)).words
