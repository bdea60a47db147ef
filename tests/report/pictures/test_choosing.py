"""Which pictures there are: of what was done, of what may be seen, the same bytes every time."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from afwegen import Session, open_store, replay
from afwegen.events import (
    DisclosureDeclared,
    ParticipantInvited,
    RankingSubmitted,
    RoundClosed,
    RoundOpened,
    SolutionProposed,
    StepCompleted,
    StepOverridden,
    StepStarted,
)
from afwegen.method import Step
from afwegen.report import language
from afwegen.report.pictures import drawn, pictures
from afwegen.steps.things import changed, evolve

ALL = (
    "picture-time",
    "picture-costs",
    "picture-orders-subgroups",
    "picture-agreement-subgroups",
    "picture-places-participants",
    "picture-orders-models",
    "picture-contributions",
    "picture-weights",
    "picture-graph",
)
NAMES = ("Aaltje", "Bouwe", "Cunera", "Douwe", "Eelkje", "Fedde")


def judging(disclosure, judges, *, close=True, blind=False):
    """Return a session in which so many participants ordered two solutions, each a name nobody else has."""
    moments = (datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(minutes=minute) for minute in count())
    session = Session.start(open_store("memory:"), title="Complex A", area="X", by="els", clock=lambda: next(moments))
    session.record(
        DisclosureDeclared(disclosure=disclosure, minimum_judges=5),
        *(ParticipantInvited(participant=f"key-{n}", name=NAMES[n], perspective="resident") for n in range(judges)),
        by="els",
    )
    for step in (step for step in Step if step.position <= Step.PRESELECTION.position and step is not Step.PREPARATION):
        if step.position > Step.INVENTORY.position:
            before = list(Step)[step.position - 1]
            owed = session.state.lacking(before)
            session.record(
                StepOverridden(step=before, reason="short") if owed else StepCompleted(step=before), by="els"
            )
        session.record(StepStarted(step=step), by="els")
        if step is Step.SOLUTIONS:
            session.record(
                SolutionProposed(solution="one", title="The one"),
                SolutionProposed(solution="other", title="The other"),
                by="els",
                role="plenary",
            )
    session.record(RoundOpened(round="orders", asks="ranking", of="participants", blind=blind), by="els")
    for n in range(judges):
        session.record(RankingSubmitted(tiers=(("one",), ("other",))), by=f"key-{n}", role="participant")
    if close:
        session.record(RoundClosed(round="orders"), by="els")
    return session


def named(found):
    return tuple(picture.name for picture in found)


def said(found):
    return "\n".join((p.svg + p.title + p.description + repr(p.header) + repr(p.rows)) for p in found)


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_demonstration_has_every_kind_of_picture(demo, read, numbers_drawn, numbers_told, code):
    """All of them can be drawn, in both languages; its numbers stand in its table, every id once in the page."""
    found = pictures(demo, language=code)

    assert named(found) == ALL
    for picture in found:
        read(picture)
        assert numbers_drawn(picture) <= numbers_told(picture), picture.name
    ids = [node.get("id") for picture in found for node in read(picture).iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert sum(len(picture.svg) for picture in found) < 80_000


def test_aids_are_marked_as_aids(demo):
    """What a model made of it is told from what the group said itself."""
    assert named(picture for picture in pictures(demo) if picture.aid) == ALL[5:]


def test_pictures_rest_on_records(demo):
    """Every picture names records that there are."""
    found = pictures(demo)

    assert all(picture.records for picture in found)
    assert all(0 < seq < demo.state.length for picture in found for seq in picture.records)


def test_no_participant_is_named_to_the_public(demo):
    """Under disclosure by subgroup, no name and no key of a person is in any picture."""
    shown = said(pictures(demo))
    people = demo.state.preparation.participants

    assert not [key for key, guest in people.items() if f">{key}<" in shown or guest.name in shown]


def test_the_same_bytes_in_another_process(demo):
    """A picture depends on the session alone: not on the order of sets, nor on the time."""
    code = (
        "import hashlib; from afwegen.demo import complex_a; from afwegen.report.pictures import pictures;"
        "print(hashlib.sha256(repr([(p, p.svg) for p in pictures(complex_a())]).encode()).hexdigest())"
    )
    here = hashlib.sha256(repr([(p, p.svg) for p in pictures(demo)]).encode()).hexdigest()
    done = subprocess.run(
        (sys.executable, "-c", code),
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )

    assert done.stdout.strip() == here


def test_an_empty_session_has_no_pictures():
    """Where there is nothing to say there is no picture."""
    session = Session.start(open_store("memory:"), title="Complex A", area="X", by="els")

    assert pictures(session) == ()
    assert drawn(replay(()), replay(()), language("en")) == ()


def test_a_session_broken_off_anywhere_is_drawn(demo, read):
    """At the end of each step, and somewhere within each, what there is can be drawn."""
    history = [*demo.records()]
    stops = sorted({record.seq for record in history if record.type.startswith("step-")} | set(range(0, 490, 60)))

    for stop in stops:
        state = replay(history[:stop])
        for picture in drawn(state, state, language("en")):
            read(picture)


def test_in_an_open_session_everybody_is_named():
    """Few participants who agreed to be seen are drawn each by name."""
    found = pictures(judging("open", 5))

    assert named(found) == ("picture-orders-participants", "picture-agreement-participants")
    assert found[0].header[2:] == NAMES[:5]


@pytest.mark.parametrize("disclosure", ["group", "secret"])
def test_elsewhere_only_totals_are_drawn(disclosure):
    """As many as were promised to be shown together are counted; nobody is named, not even to themselves."""
    session = judging(disclosure, 5)

    for viewer in (None, "key-0"):
        found = pictures(session, viewer=viewer)
        assert named(found) == ("picture-places-participants",)
        assert not any(name in said(found) for name in (*NAMES, "key-"))


@pytest.mark.parametrize("disclosure", ["group", "secret"])
def test_of_too_few_nothing_is_drawn(disclosure):
    """A total of four would tell too much about each of the four."""
    assert pictures(judging(disclosure, 4)) == ()


@pytest.mark.parametrize("blind", [True, False])
def test_an_open_round_is_not_drawn(blind):
    """What is still being judged is shown to nobody."""
    assert pictures(judging("open", 5, close=False, blind=blind)) == ()


def test_hostile_titles_stay_text(read):
    """Markup is escaped, marks that turn the text round are left out, five thousand letters are cut in the picture."""
    session = judging("open", 5)
    hostile = "<script>alert('x')</script>\u202e" + "x" * 4000
    state = session.state
    solutions = changed(state.solutions.solutions, "one", lambda one: evolve(one, title=hostile))
    state = evolve(state, solutions=evolve(state.solutions, solutions=solutions))

    for picture in drawn(state, state, language("nl")):
        read(picture)
        assert "<script" not in picture.svg
        assert "\u202e" not in picture.svg
        assert len(picture.svg) < 10_000
