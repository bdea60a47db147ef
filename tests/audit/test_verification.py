"""Verification: what was changed is found, by the level that is about it; what was not looked at is not called good."""

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from afwegen import Session, open_store
from afwegen.audit import Verdict, leaf_hash, root, verify_session
from afwegen.demo import complex_a
from afwegen.errors import AfwegenError, UnknownSession
from afwegen.events import (
    ModelEvaluated,
    ProblemReported,
    SolutionProposed,
    StepCompleted,
    StepStarted,
    SubjectErased,
    TextRedacted,
)
from afwegen.log import canonical
from afwegen.log.frontier import EMPTY
from afwegen.method import Role
from afwegen.models import ConsensusGraph, WeightedSum
from afwegen.stores.contract import Batch, VaultRow

PASS, FAIL, NOT_CHECKED = Verdict


def verdicts(report):
    return {level.number: level.verdict for level in report.levels}


def report_of(session, **how):
    return verify_session(session.store, session.id, **how)


# What is whole


def test_the_demonstration_passes_what_can_be_judged_without_keys():
    """Levels 1, 2, 4, 5 and 6 pass, over every record; 3 and 7 say why they were not checked."""
    session = complex_a()

    report = report_of(session)

    assert verdicts(report) == {1: PASS, 2: PASS, 3: NOT_CHECKED, 4: PASS, 5: PASS, 6: PASS, 7: NOT_CHECKED}
    assert all(report[number].checked == report[number].of == session.state.length for number in (1, 2, 4, 5))
    assert report[6].checked == report[6].of == len(session.state.meeting.results) > 0
    assert (report.length, report.root) == (session.state.length, session.store.head(session.id).frontier.root.hex())
    assert report[3].said == "no older checkpoint was supplied"


def test_a_session_of_one_record_passes():
    """The shortest there is: nothing was weighed, and that is said."""
    session = Session.start(open_store("memory:"), title="Wijk", area="X", by="jochum")

    report = report_of(session)

    assert report.passed
    assert report.exit_code == 0
    assert report[6].said == "no result was recorded"


def test_signatures_are_said_not_to_be_checked(election):
    """A root that passes is not yet a signed one."""
    assert "signatures are NOT CHECKED" in report_of(election)[2].said


def test_what_is_required_must_pass(election):
    """NOT CHECKED leaves the exit code to the rest, until the level is required."""
    assert report_of(election, require=(1, 2, 4, 5, 6)).exit_code == 0
    assert not report_of(election, require=(3,)).passed
    assert report_of(election, require=(1, 7)).exit_code == 1


@pytest.mark.parametrize("level", [0, 8, -1, True, "1"])
def test_a_level_that_does_not_exist_is_refused(election, level):
    """Nothing passes for having been misspelled."""
    with pytest.raises(AfwegenError, match="choose from 1 to 7"):
        report_of(election, require=(level,))


def test_an_unknown_session_is_refused():
    """No report on nothing."""
    with pytest.raises(UnknownSession):
        verify_session(open_store("memory:"), "s_unknown")


def test_progress_is_told():
    """Every so many entries, with how many there are."""
    session, seen = complex_a(), []

    report_of(session, on_progress=lambda done, of: seen.append((done, of)))

    assert seen == [(done, session.state.length) for done in range(256, session.state.length + 1, 256)]


# One flipped bit


BLOBS = {
    "an entry": ("entries", "entry", "place", {2}),
    "a leaf": ("entries", "leaf", "place", {2}),
    "the frontier": ("sessions", "frontier", "id", {2}),
    "the vault": ("vault", "payload", "seq", {5}),
    "a person's key": ("people", "payload", "pseudonym", {5}),
}


def flips(held, table, column, key, where="1"):
    """Yield every way to flip one bit of a column, as a statement."""
    for name, octets in held.rows(f"SELECT {key}, {column} FROM afwegen_{table} WHERE {where}"):
        for bit in range(8 * len(octets)):
            flipped = bytearray(octets)
            flipped[bit // 8] ^= 1 << bit % 8
            yield f"UPDATE afwegen_{table} SET {column} = ? WHERE {key} = ?", (bytes(flipped), name)


@pytest.mark.slow
@pytest.mark.parametrize("what", BLOBS)
def test_one_flipped_bit_anywhere_is_found(beginning, what):
    """Every single bit of every row: entries, leaves and frontier by level 2; vault and people by level 5."""
    *where, levels = BLOBS[what]
    assert beginning.failed() == set()

    unseen = []
    for flip in flips(beginning, *where):
        with beginning.after(flip):
            if not levels <= beginning.failed():
                unseen.append(flip)

    assert unseen == []


def sheets(held):
    """What the judges said, as the vault keeps it: number and payload."""
    return held.rows(
        "SELECT seq, payload FROM afwegen_vault WHERE instr(payload, CAST('\"tiers\":[[' AS BLOB)) ORDER BY seq"
    )


@pytest.mark.slow
def test_a_flipped_judgement_is_found_as_surely_as_a_flipped_entry(judged):
    """Every single bit of what a judge said, in the vault: the openings do not fit, and nothing else is blamed."""
    ((seq, _), *_) = sheets(judged)
    assert judged.failed() == set()

    for flip in flips(judged, "vault", "payload", "seq", f"seq = {seq}"):
        with judged.after(flip):
            assert 5 in judged.failed(), flip


def test_another_judgement_that_reads_well_is_found(judged):
    """Not one bit but a whole other order, rightly spelled: a commitment opens to one value only."""
    ((seq, payload), *_) = sheets(judged)
    other = payload.replace(b'[["bench"],["tree"]]', b'[["tree"],["bench"]]')
    assert other != payload

    with judged.after(("UPDATE afwegen_vault SET payload = ? WHERE seq = ?", (other, seq))):
        report = verify_session(judged.store, judged.session)

    assert report[5].verdict is FAIL
    assert f"the tiers of record {seq} is not what was entered" in report[5].findings[0]


@pytest.mark.parametrize("query", ["seq = 2", "seq = 1", "1"])
def test_a_missing_vault_row_fails_openings(beginning, query):
    """What is gone without an erasure is missing, and missing is no pass."""
    with beginning.after((f"DELETE FROM afwegen_vault WHERE {query}",)):
        assert beginning.failed() == {5}


def test_a_missing_person_fails_openings(beginning):
    """So is somebody's key."""
    with beginning.after(("DELETE FROM afwegen_people WHERE seq = 2",)):
        report = verify_session(beginning.store, beginning.session)

    assert {number for number, verdict in verdicts(report).items() if verdict is FAIL} == {5}
    assert "no erasure says why" in report[5].findings[0]


@pytest.mark.parametrize(
    "change",
    [
        "people SET seq = 1 WHERE seq = 0",
        "people SET seq = 9 WHERE seq = 0",
        "people SET pseudonym = 'p_00' WHERE seq = 0",
        "vault SET seq = 7 WHERE seq = 1",
        "vault SET part = 7 WHERE seq = 1",
    ],
)
def test_a_row_that_was_moved_is_found(beginning, change):
    """It says to which record it belongs, and is held to it."""
    with beginning.after((f"UPDATE afwegen_{change}",)):
        assert 5 in beginning.failed()


def test_two_people_swapped_in_the_vault_are_found(beginning):
    """Each key is committed to by the entry that first showed the pseudonym."""
    (one, first), (other, second) = beginning.rows("SELECT pseudonym, payload FROM afwegen_people")
    swap = "UPDATE afwegen_people SET payload = ? WHERE pseudonym = ?"

    with beginning.after((swap, (second, one)), (swap, (first, other))):
        assert 5 in beginning.failed()


def test_two_judgements_swapped_in_the_vault_are_found(judged):
    """A commitment is bound to its record: one judge's row does not open another's."""
    (one, first), (other, second) = sheets(judged)
    swap = "UPDATE afwegen_vault SET payload = ? WHERE seq = ?"

    with judged.after((swap, (second, one)), (swap, (first, other))):
        assert judged.failed() >= {5}


def test_a_missing_entry_is_found(beginning):
    """The reader misses it; what comes after is not judged, and so not passed."""
    with beginning.after(("DELETE FROM afwegen_entries WHERE seq = 1",)):
        report = verify_session(beginning.store, beginning.session)

    assert report[2].verdict is FAIL
    assert report[4].verdict is not PASS


def test_a_log_cut_short_is_found(beginning):
    """A length that does not fit the frontier leaves nothing to believe."""
    with beginning.after(("UPDATE afwegen_sessions SET length = 2",)):
        report = verify_session(beginning.store, beginning.session)

    assert verdicts(report) == {2: FAIL} | dict.fromkeys((1, 3, 4, 5, 6, 7), NOT_CHECKED)
    assert report.exit_code == 1


def test_an_entry_rewritten_with_leaf_and_frontier_does_not_open(beginning):
    """Whoever also mends leaf, root and frontier has still not the salts: the commitments refuse."""
    rows = beginning.rows("SELECT place, entry FROM afwegen_entries ORDER BY seq")
    place, entry = rows[-1]
    document = json.loads(entry)
    document["commitments"]["name"] = document["commitments"]["perspective"]
    rewritten = canonical.encode(document)
    frontier = EMPTY.extend([*(leaf_hash(octets) for _, octets in rows[:-1]), leaf_hash(rewritten)])

    with beginning.after(
        ("UPDATE afwegen_entries SET entry = ?, leaf = ? WHERE place = ?", (rewritten, leaf_hash(rewritten), place)),
        ("UPDATE afwegen_sessions SET frontier = ?", (frontier.to_bytes(),)),
    ):
        assert beginning.failed() == {5}


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "anna", "session-started/1", "live"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["tiers", "a"]), inner, max_size=2),
    max_leaves=4,
)


@given(data=st.data())
def test_an_entry_of_any_shape_gives_a_report(judged, data):
    """Whatever stands in place of a part of an entry: it is reported, never raised."""
    place, entry = data.draw(st.sampled_from(judged.rows("SELECT place, entry FROM afwegen_entries")))
    document = json.loads(entry)
    part = data.draw(st.sampled_from(sorted(document)))
    inner = document[part]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(PARTS)
    else:
        document[part] = data.draw(PARTS)
    changed = canonical.encode(document)

    with judged.after(("UPDATE afwegen_entries SET entry = ? WHERE place = ?", (changed, place))):
        assert (2 in judged.failed()) == (changed != entry)


@given(data=st.data())
def test_a_vault_row_of_any_shape_gives_a_report(beginning, data):
    """So for the vault and the people: level 5 says what is wrong."""
    table, key = data.draw(st.sampled_from([("vault", "seq"), ("people", "pseudonym")]))
    name, payload = data.draw(st.sampled_from(beginning.rows(f"SELECT {key}, payload FROM afwegen_{table}")))
    document = json.loads(payload)
    part = data.draw(st.sampled_from(sorted(document)))
    document[part] = data.draw(PARTS)
    changed = data.draw(st.just(canonical.encode(document)) | st.just(canonical.encode(data.draw(PARTS))))

    with beginning.after((f"UPDATE afwegen_{table} SET payload = ? WHERE {key} = ?", (changed, name))):
        assert (5 in beginning.failed()) == (changed != payload)


# Rules that were broken


@pytest.mark.parametrize(
    ("event", "role", "said"),
    [
        (SolutionProposed(solution="fence", title="A fence"), Role.PARTICIPANT, "solution-proposed/1"),
        (StepCompleted(step="choice"), Role.FACILITATOR, "step-completed/1"),
        (StepStarted(step="choice"), Role.PARTICIPANT, "step-started/1"),
    ],
)
def test_what_the_rules_do_not_allow_is_found(smuggle, event, role, said):
    """Appended past the rules, well encoded and with the right root: level 4 names the record, nothing else fails."""
    session = Session.start(open_store("memory:"), title="Wijk", area="X", by="jochum")

    report = smuggle(session, event, by="jochum", role=role)

    assert {number for number, verdict in verdicts(report).items() if verdict is FAIL} == {4}
    assert f"record 1, {said}" in report[4].findings[0]


def test_an_act_in_a_meeting_that_was_not_open_is_found(smuggle):
    """The envelope is held against the state as well."""
    session = Session.start(open_store("memory:"), title="Wijk", area="X", by="jochum")
    session.record(StepStarted(step="inventory"), by="jochum")
    problem = ProblemReported(problem="dark", statement="It is dark", why="unsafe", owner="residents")

    report = smuggle(session, problem, by="jochum", role=Role.ORGANISER, meeting="two")

    assert report[4].verdict is FAIL


def test_only_the_first_findings_are_kept_in_words(smuggle):
    """Five, and how many more."""
    session = Session.start(open_store("memory:"), title="Wijk", area="X", by="jochum")
    for number in range(8):
        report = smuggle(
            session, SolutionProposed(solution=f"s{number}", title="S"), by="jochum", role=Role.PARTICIPANT
        )

    assert len(report[4].findings) == 6
    assert report[4].findings[-1] == "and 3 more"
    assert report[4].said == "found wrong: 8"


# Results that were tampered with


@pytest.fixture
def evaluated(election):
    """A recorded result, and its event."""
    election.evaluate(ConsensusGraph(), by="import")
    (said,) = election.state.meeting.results.values()
    return election, said.event


def consensus(event, degree):
    outcome = canonical.decode(event.outcome.encode())
    outcome["consensus"]["degree"] = degree
    return canonical.encode(outcome).decode()


CHANGES = {
    "the order": lambda event: {"tiers": tuple(reversed(event.tiers))},
    "who judged": lambda event: {"judges": event.judges[:-1]},
    "how many judged": lambda event: {"judge_count": event.judge_count + 1},
    "the root": lambda _: {"root": "00" * 32},
    "where it was": lambda event: {"upto": event.upto - 1},
    "the round": lambda _: {"rounds": ("another",)},
    "the model": lambda _: {"model": "weighted-sum", "parameters": dict(WeightedSum().parameters)},
    "a degree": lambda event: {"outcome": consensus(event, "0.25")},
    "a degree that is no number": lambda event: {"outcome": consensus(event, "much")},
    "the outcome": lambda _: {"outcome": "nothing"},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_result_that_was_tampered_with_is_found(smuggle, evaluated, what):
    """Recomputed from what it says it rests on, another answer comes out: level 6 names the result."""
    session, event = evaluated

    report = smuggle(session, evolve(event, result="result-2", **CHANGES[what](event)), by="import", role=Role.SYSTEM)

    assert report[6].verdict is FAIL
    assert "result-2" in report[6].findings[0]
    assert (report[6].checked, report[6].of) == (1, 2)
    assert {report[number].verdict for number in (1, 2, 5)} == {PASS}


def test_a_result_recorded_later_than_computed_passes(smuggle, evaluated):
    """A result rests on the records it names, not on those before it."""
    session, event = evaluated

    report = smuggle(session, evolve(event, result="result-2"), by="import", role=Role.SYSTEM)

    assert (report[6].verdict, report[6].checked) == (PASS, 2)


def test_a_difference_in_the_last_digit_passes(smuggle, evaluated):
    """Floats within one part in a billion: another machine may round otherwise."""
    session, event = evaluated
    degree = float(canonical.decode(event.outcome.encode())["consensus"]["degree"])
    near = consensus(event, repr(degree * (1 + 1e-12)))
    assert near != event.outcome

    assert (
        smuggle(session, evolve(event, result="result-2", outcome=near), by="import", role=Role.SYSTEM)[6].verdict
        is PASS
    )


@pytest.mark.parametrize("change", [{"version": "99"}, {"model": "oracle"}, {"parameters": {"rule": "dice"}}])
def test_a_model_that_is_not_here_is_not_checked(smuggle, evaluated, change):
    """It may have been right: it is not called wrong, and not called right."""
    session, event = evaluated

    report = smuggle(session, evolve(event, result="result-2", **change), by="import", role=Role.SYSTEM)

    assert report[6].verdict is NOT_CHECKED
    assert "result-2" in report[6].said
    assert not report_of(session, require=(6,)).passed


# What was erased


def without(session, *seqs, people=()):
    """A copy of a session without the vault rows of some records."""
    store, head = open_store("memory:"), session.store.head(session.id)
    stored, about = tuple(session.store.read(session.id)), {}
    for seq, part, subject in session.store.subjects(session.id):
        about.setdefault((seq, part), []).append(subject)
    store.append(
        Batch(
            session=session.id,
            expected=0,
            entries=tuple(each.entry for each in stored),
            vault=tuple(
                VaultRow(seq=each.seq, part=part, subjects=tuple(about[each.seq, part]), payload=payload)
                for each in stored
                if each.seq not in seqs
                for part, payload in each.vault
            ),
            people=tuple(row for row in session.store.people(session.id) if row.pseudonym not in people),
            secret=head.secret,
        )
    )
    return verify_session(store, session.id)


def test_what_an_erasure_covers_is_not_missing(smuggle, election):
    """Gone with a reason: level 5 is NOT CHECKED for those records, and level 7 passes."""
    last = election.state.length - 2
    smuggle(election, TextRedacted(entry=1, ground="by mistake"), by="import", role=Role.SYSTEM)

    report = without(election, 1)

    assert report[5].verdict is NOT_CHECKED
    assert "erased" in report[5].said
    assert report[5].checked == report[5].of - 1
    assert report[7].verdict is PASS
    assert report.passed
    assert without(election, 1, last)[5].verdict is FAIL


def test_an_unfinished_erasure_is_found(smuggle, election):
    """It was said to be erased, and is still there."""
    report = smuggle(election, TextRedacted(entry=1, ground="by mistake"), by="import", role=Role.SYSTEM)

    assert report[7].verdict is FAIL
    assert "unfinished" in report[7].findings[0]


def test_a_person_erased_leaves_results_unjudged(smuggle, evaluated):
    """A result that rests on an erased judgement cannot be recomputed: that is said, and nothing fails."""
    session, _ = evaluated
    person = session.core.people.pseudonyms["voter-a"]
    seqs = tuple(
        record.seq
        for record in session.history()
        if record.on_behalf_of == "voter-a"
        or getattr(record.event, "participant", None) == "voter-a"
        or isinstance(record.event, ModelEvaluated)
    )
    smuggle(session, SubjectErased(subject=person, ground="request", entries=seqs), by="import", role=Role.SYSTEM)

    report = without(session, *seqs, people=(person,))

    assert report.passed, report
    assert report[6].verdict is NOT_CHECKED
    assert report[7].verdict is PASS
    assert root([leaf_hash(stored.entry) for stored in session.store.read(session.id)]).hex() == report.root
