"""What a secret session lets in, and which results it has: declared, judged, corrected, weighed."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afwegen import ConflictError, RuleViolation, Session, audit, open_store
from afwegen import events as e
from afwegen.audit import verify_session
from afwegen.models import ConsensusGraph, WeightedSum
from afwegen.testing.sessions import act, expect, record
from afwegen.testing.tour import reached

ONE, OTHER = (("lamp",), ("caretaker",), ("both",)), (("both",), ("caretaker",), ("lamp",))
MORE = ("dirk", "gerda", "henk", "ilse", "joke")
ALL = ("anna", "bert", "cor", "eva", *MORE)
LEAST = 3
GRAPH = ConsensusGraph(missing="last")


def secret(*, store=None, least=LEAST):
    """A session in step 6 with nine participants, secret from before anybody judged an order."""
    session = reached("preselection", store)
    invited = (e.ParticipantInvited(participant=key, name=key.title(), perspective="resident") for key in MORE)
    record(session, act("fay", *invited), act("fay", e.DisclosureDeclared(disclosure="secret", minimum_judges=least)))
    return session


def judged(session, key, judges, tiers=ONE, **more):
    """A round that is closed, in which these judged."""
    record(session, act("fay", e.RoundOpened(round=key, **{"asks": "ranking", **more})))
    for judge in judges:
        record(session, act(judge, e.RankingSubmitted(round=key, tiers=tiers)))
    record(session, act("fay", e.RoundClosed(round=key)))


def entries(session, name="ranking-submitted/1"):
    """The entries of a type, as they were hashed."""
    found = [json.loads(stored.entry) for stored in session.store.read(session.id)]
    return [entry for entry in found if entry["type"] == name]


# -- who speaks -------------------------------------------------------------------------------------------------------


def test_a_judge_has_a_pseudonym_of_their_own_in_every_round():
    """Nobody can tell from the entries that two sheets are one judge's, nor whose they are."""
    session = secret()
    for key in ("r1", "r2"):
        judged(session, key, ALL)
    found = [entry["by"] for entry in entries(session)]
    others = {entry["by"] for entry in (json.loads(one.entry) for one in session.store.read(session.id))} - set(found)

    assert len(set(found)) == len(found) == 2 * len(ALL)
    assert all(name.startswith("j_") for name in found)
    assert others.isdisjoint(found)


def test_in_one_round_a_judge_stays_who_they_are():
    """A revision is by the same pseudonym, also after the session is loaded again: the last word counts."""
    session = secret()
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    record(session, act("anna", e.RankingSubmitted(round="r", tiers=ONE)))
    again = Session.load(session.store, session.id)
    again.record(e.RankingSubmitted(round="r", tiers=OTHER), by="anna")

    assert len({entry["by"] for entry in entries(session)}) == 1
    assert again.state.meeting.rounds["r"].sheets["anna"].event.tiers == OTHER
    assert "anna" not in again.awaited()["r"]
    assert len(again.seen_by(None).meeting.rounds["r"].sheets) == 1


def test_words_about_a_judgement_are_by_its_pseudonym():
    """Taking it back, or entering it for somebody, does not tell whose it is."""
    session = secret()
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    record(session, act("anna", e.RankingSubmitted(round="r", tiers=ONE)))
    record(session, act("rik", e.RankingSubmitted(round="r", tiers=ONE), on_behalf_of="bert"))
    seq = session.state.meeting.rounds["r"].sheets["anna"].seq
    record(session, act("anna", e.EntryWithdrawn(entry=seq, reason="I slipped"), role="participant"))
    sheet, paper = entries(session)
    taken_back = entries(session, "entry-withdrawn/1")[-1]

    assert taken_back["by"] == sheet["by"]
    assert {name[:2] for name in (paper["by"], paper["on_behalf_of"])} == {"j_"}
    assert "slipped" not in repr(list(session.records_seen_by("bert")))
    assert session.state.meeting.rounds["r"].sheets.keys() == {"bert"}


def test_the_vault_opens_every_pseudonym_and_an_erasure_finds_them():
    """An auditor with the vault sees who it was; the rows of what was said are the judge's, under their usual name."""
    session = secret()
    judged(session, "r", ALL)
    people = Session.load(session.store, session.id).core.people
    usual = people.pseudonym("anna")

    assert verify_session(session.store, session.id, require=(1, 2, 4, 5)).passed
    assert people.pseudonyms_of("anna") == tuple(sorted((people.pseudonym("anna", "r"), usual)))
    assert people.key(people.pseudonym("anna", "r")) == "anna"


def test_it_is_told_to_the_minute_when_somebody_judged():
    """Both times; what else happens keeps its seconds. What was written in the minute the round began is in time."""
    session = secret()
    session.core.clock.now += timedelta(seconds=17, milliseconds=250)
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    opened = session.state.meeting.rounds["r"].opened_at
    session.record(e.RankingSubmitted(round="r", tiers=ONE), by="anna")
    paper = {"channel": "paper", "happened_at": opened + timedelta(seconds=1)}
    session.record(e.RankingSubmitted(round="r", tiers=ONE), by="rik", on_behalf_of="bert", **paper)

    assert opened.second
    for entry in entries(session):
        assert {entry[name][-7:] for name in ("happened_at", "recorded_at")} == {":00.000Z"[-7:]}
    assert verify_session(session.store, session.id, require=(1, 2, 4, 5)).passed


def test_nobody_s_order_is_presented():
    """It would be seen, and whose it is."""
    session = secret()
    judged(session, "r", ALL)
    seq = session.state.meeting.rounds["r"].sheets["anna"].seq

    expect(RuleViolation, session, act("anna", e.RankingPresented(ranking=seq)), saying="secret")


# -- which results there are ------------------------------------------------------------------------------------------


def test_what_is_entered_after_closing_would_be_found_by_subtracting():
    """So it is refused: a round has one result."""
    session = secret()
    judged(session, "r", ALL[:-1])
    then = session.state.meeting.rounds["r"].opened_at + timedelta(seconds=1)
    late = act(
        "rik", e.RankingSubmitted(round="r", tiers=OTHER), on_behalf_of="joke", channel="paper", happened_at=then
    )

    expect(RuleViolation, session, late, saying="secret")


def results(session, keys):
    """The rounds of which a result may be shown."""
    found = []
    for key in keys:
        try:
            session.compare([GRAPH], round=key)
        except RuleViolation:
            continue
        found.append(key)
    return found


@given(rounds=st.lists(st.sets(st.sampled_from(ALL)), min_size=2, max_size=4))
@settings(max_examples=max(6, settings.default.max_examples // 12))
def test_results_never_differ_by_fewer_than_the_least_number_of_judges(rounds):
    """However results are added and subtracted, nobody is left with fewer judges than were promised."""
    session = secret()
    keys = [f"r{number}" for number in range(len(rounds))]
    for key, judges in zip(keys, rounds, strict=True):
        judged(session, key, sorted(judges))
    released = [rounds[keys.index(key)] for key in results(session, keys)]

    assert released or not any(len(judges) >= LEAST for judges in rounds)
    for signs in product((-1, 0, 1, 2), repeat=len(released)):
        left = [sum(sign * (judge in judges) for sign, judges in zip(signs, released, strict=True)) for judge in ALL]
        assert sum(map(bool, left)) not in range(1, LEAST)


def test_a_total_minus_a_subgroup_is_not_to_be_had():
    """Participants and subgroups are the same people: their results may not differ by a few."""
    session = secret()
    for number, pair in enumerate(combinations(MORE[:4], 2)):
        if number in {0, 5}:
            record(session, act("fay", e.SubgroupFormed(subgroup=f"h{number}", members=pair)))
    record(session, act("fay", e.RoundOpened(round="g", asks="ranking", of="subgroups")))
    for group, speaker in (("g1", "anna"), ("g2", "cor"), ("h0", "dirk"), ("h5", "henk")):
        record(session, act(speaker, e.RankingSubmitted(round="g", tiers=ONE), on_behalf_of=group))
    record(session, act("fay", e.RoundClosed(round="g")))
    judged(session, "p", ALL)

    assert results(session, ("g", "p")) == ["g"]
    with pytest.raises(RuleViolation, match="the difference would be of 1"):
        session.evaluate(GRAPH, by="fay", round="p")


def test_what_no_longer_counts_leaves_no_result_without_it():
    """Before and after would differ by it."""
    session = secret()
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    for judge in ALL[:-1]:
        record(session, act(judge, e.RankingSubmitted(round="r", tiers=ONE)))
    record(session, act("joke", e.RankingSubmitted(round="r", tiers=(("caretaker",), ("both",)))))
    record(session, act("fay", e.RoundClosed(round="r")))
    assert results(session, ["r"]) == ["r"]

    lamp = session.state.solutions.solutions["lamp"].seq
    record(session, act("bert", e.EntryReworded(entry=lamp, field="title", text="Ten", meaning_changed=True)))
    assert results(session, ["r"]) == []


def test_one_judge_never_outweighs_the_others():
    """A result in which one weighs more than one in so many is that judge's; nor are weights declared afterwards."""
    session = secret()
    weights = (e.JudgeWeight(judge="anna", weight=100),)
    record(session, act("fay", e.OptionDeclared(option="judge weights", weights=weights)))
    judged(session, "r1", ALL)
    with pytest.raises(RuleViolation, match="weighs more than one in 3"):
        session.compare([GRAPH])

    record(
        session, act("fay", e.OptionDeclared(option="judge weights", weights=(e.JudgeWeight(judge="anna", weight=2),)))
    )
    with pytest.raises(RuleViolation, match="after the round closed"):
        session.compare([GRAPH])
    judged(session, "r2", ALL)
    assert results(session, ["r2"]) == ["r2"]


def test_what_too_few_judged_is_left_out():
    """The place of an alternative that one judge ranked is that judge's."""
    session = secret()
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    for judge in ALL:
        tiers = OTHER if judge in ALL[:2] else (("lamp",), ("caretaker",))
        record(session, act(judge, e.RankingSubmitted(round="r", tiers=tiers)))
    record(session, act("fay", e.RoundClosed(round="r")))
    outcome = session.evaluate(GRAPH, by="fay")

    assert outcome.ranking == (("lamp",), ("caretaker",))
    assert any("too few judged it: both" in note for note in outcome.notes)
    assert verify_session(session.store, session.id, require=(4, 5, 6)).passed


def test_a_result_nobody_may_see_is_not_recorded():
    """Its order would stand in the entry: also not of one participant where their judgement is theirs alone."""
    session = reached("preselection")
    judged(session, "r", ["anna"])
    with pytest.raises(RuleViolation, match="theirs alone"):
        session.evaluate(GRAPH, by="fay")
    with pytest.raises(RuleViolation, match="2 participants or more"):
        session.compare([GRAPH])


# -- what is said of it -----------------------------------------------------------------------------------------------


def test_secrecy_says_what_it_needs_and_what_it_cannot_give():
    """When it is declared: how many are too few, and that an order or unanimity can still tell."""
    session = reached("inventory")
    rules = {piece.rule for piece in session.advice()}
    record(session, act("fay", e.DisclosureDeclared(disclosure="secret")))
    found = {piece.rule: piece for piece in session.advice()}

    assert not any(rule.startswith("secrecy") for rule in rules)
    assert "4 people" in found["secrecy-needs-judges"].sentence("en")
    assert "5" in found["secrecy-needs-judges"].sentence("nl")
    assert {piece.rule for piece in session.advice_for(None)} >= {"secrecy-needs-judges", "secrecy-has-limits"}


def test_unanimity_is_said_to_tell_what_each_said():
    """It cannot be hidden in a result, so it is said; what is nearly unanimous is not rounded to it."""
    session = secret()
    judged(session, "r", ALL)
    outcome = session.evaluate(GRAPH, by="fay")

    assert outcome.consensus.degree == 1
    assert any("all judges agree on caretaker and lamp" in note for note in outcome.notes)


def test_numbers_are_in_two_digits():
    """Two significant digits, everywhere in an outcome; the whole one stays in the vault, and is recomputed."""
    session = secret()
    lead = {"role": "facilitator"}
    record(session, act("fay", e.CriterionSet(criterion="safe", title="safe", worst=0, best=10), **lead))
    for key, asks in (("s", "scores"), ("w", "criteria weights")):
        record(session, act("fay", e.RoundOpened(round=key, asks=asks)))
        for number, judge in enumerate(ALL):
            scores = {"lamp": {"safe": number}, "caretaker": {"safe": 10 - number // 3}, "both": {"safe": 5}}
            sheet = {
                "s": e.SolutionScored(round="s", scores=scores),
                "w": e.CriteriaWeighed(round="w", weights={"safe": 1}),
            }
            record(session, act(judge, sheet[key]))
        record(session, act("fay", e.RoundClosed(round=key)))
    outcome = session.evaluate(WeightedSum(), by="fay")
    whole = json.loads(session.state.meeting.results["result-1"].event.outcome)

    assert outcome.scores == {"lamp": 0.4, "caretaker": 0.9, "both": 0.5}
    assert all(float(f"{number:.2g}") == number for number in outcome.consensus.by_pair.values())
    assert len(dict(map(tuple, whole["consensus"]["by_judge"]))) == len(ALL)
    assert verify_session(session.store, session.id, require=(4, 5, 6)).passed


def test_in_a_group_one_sees_of_single_judges_oneself():
    """How far one is from the others; everything where subgroups judged, or all is open."""
    session = reached("preselection")
    judged(session, "r", ("anna", "bert", "cor"))
    row = next(iter(session.compare([GRAPH], viewer="anna")))

    assert row.outcome.consensus.by_judge.keys() == {"anna"}
    assert next(iter(session.compare([GRAPH]))).outcome.consensus.by_judge == {}
    with pytest.raises(RuleViolation, match="not known"):
        session.compare([GRAPH], viewer="stranger")


# -- files and findings -----------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path):
    """A secret session with a signed checkpoint, and the number of Anna's sheet."""
    with open_store(f"sqlite:///{tmp_path}/wijk.db") as store:
        session = secret(store=store)
        judged(session, "r", ALL)
        key = audit.make_key(tmp_path / "wijk.key", "wijk.example/afwegen")
        audit.Notary(store, key).sign(session.id)
        yield session, session.state.meeting.rounds["r"].sheets["anna"].seq


def test_a_receipt_opens_what_was_said_only_when_asked(kept):
    """It proves to anybody what its holder said."""
    session, seq = kept

    assert audit.receipt(session.store, session.id, seq).openings == ()
    asked = audit.receipt(session.store, session.id, seq, openings=True)
    assert {each.path for each in asked.openings} > {"tiers"}


def test_a_bundle_of_a_secret_session_has_no_openings(kept, tmp_path):
    """Nor has one of several sessions of which one is secret; nothing is written."""
    session, _ = kept
    for only in (session.id, None):
        with pytest.raises(RuleViolation, match="secret"):
            audit.write_bundle(session.store, tmp_path / "wijk.zip", session=only, openings=True)
    audit.write_bundle(session.store, tmp_path / "wijk.zip")

    assert audit.verify_bundle(tmp_path / "wijk.zip").passed


def test_a_finding_shows_nothing_of_what_was_said(kept, tmp_path):
    """Who verifies reads what is wrong with which record, and no value of it: neither the old nor the new."""
    session, seq = kept
    session.evaluate(GRAPH, by="fay")
    with closing(sqlite3.connect(tmp_path / "wijk.db", isolation_level=None)) as file:
        file.execute("DROP TRIGGER afwegen_vault_update")
        for place in (seq, session.state.length - 1):
            change = "UPDATE afwegen_vault SET payload = CAST(replace(payload, 'lamp', 'xlamp') AS BLOB) WHERE seq = ?"
            file.execute(change, (place,))
    findings = repr(verify_session(session.store, session.id))

    assert f"the tiers of record {seq} is not what was entered" in findings
    assert not any(word in findings for word in ("lamp", "caretaker", "anna", "xlamp"))


def test_the_news_in_a_conflict_is_what_who_proposes_may_see():
    """An error may end on their page."""
    session = secret()
    record(session, act("fay", e.RoundOpened(round="r", asks="ranking")))
    late = Session.load(session.store, session.id)
    record(session, act("anna", e.RankingSubmitted(round="r", tiers=ONE)))
    with pytest.raises(ConflictError) as caught:
        late.record(e.ShortlistAdopted(solutions=("lamp",)), by="fay")
    [news] = caught.value.news

    assert news.event.tiers is e.HIDDEN
    assert news.by.startswith("~j_")


@pytest.mark.parametrize("known_by", ["key", "pseudonym of a round"])
def test_an_erasure_reaches_every_pseudonym(kept, known_by):
    """Of each round; proofs stay valid, and the round has no new result, which would differ by who was erased."""
    session, seq = kept
    judged(session, "r2", ALL)
    session.evaluate(GRAPH, by="fay", round="r2")
    people = session.core.people
    erasure = session.erase("anna" if known_by == "key" else people.pseudonym("anna", "r2"), by="fay")
    left = {row.pseudonym for row in session.store.people(session.id)}

    assert set(erasure.subjects) == set(people.pseudonyms_of("anna"))
    assert left.isdisjoint(erasure.subjects)
    assert seq in erasure.entries
    assert verify_session(session.store, session.id).passed
    with pytest.raises(RuleViolation, match="no longer count"):
        session.evaluate(GRAPH, by="fay", round="r2")


def test_who_asks_is_told_of_their_sheets_in_all_rounds(kept):
    """The right of access: under whatever pseudonym."""
    session, seq = kept
    told = session.subject("anna")

    assert told.pseudonym == session.core.people.pseudonym("anna")
    assert seq in {record.seq for record in told.made}
