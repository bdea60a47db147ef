"""One machine that drives a session in memory and one in SQLite at once, with whatever comes to mind."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from afwegen import AfwegenError, ConflictError, RuleViolation, Session, open_store
from afwegen import events as e
from afwegen.events import EVENT_TYPES
from afwegen.method import Role, Step
from afwegen.steps.advice import advice
from afwegen.steps.state import START, replay
from afwegen.testing.sessions import Ticking, events
from afwegen.testing.tour import reached, tour

PEOPLE = ("anna", "bert", "cor", "eva")
EVERYBODY = (*PEOPLE, "fay", "rik", "jochum", "hans")
IDS = (
    "loitering",
    "noise",
    "nowhere",
    "caretaker",
    "lamp",
    "both",
    "baseline",
    "safety",
    "overall",
    "g1",
    "a",
    "b",
    "c",
)
ROLES = st.sampled_from([role for role in Role if role is not Role.SYSTEM])
PROPOSED = {name: declared for name, declared in EVENT_TYPES.items() if Role.SYSTEM not in declared.by}


TOURED = tuple(entry for entry in tour().records() if entry.type in PROPOSED and entry.type != "session-archived/1")


class Sessions(RuleBasedStateMachine):
    """
    Two sessions in the same state, in two stores, and the records that were admitted.

    After every act both are the same, both are what a replay of their records is, and a refusal left nothing.
    """

    @initialize(step=st.sampled_from(tuple(Step)[1:]))
    def begin(self, step):
        """A group that has come to some step: Fay leads, Rik records, Anna, Bert, Cor and Eva take part."""
        self.folder = Path(tempfile.mkdtemp())
        self.stores = (open_store("memory:"), open_store(f"sqlite:///{self.folder}/wijk.db"))
        self.sessions = tuple(reached(step, store) for store in self.stores)
        self.replayed = [START, START]
        self.admitted = Counter()

    def teardown(self):
        """Replay all there is once more, and close what was opened."""
        for session in getattr(self, "sessions", ()):
            assert replay(session.records()) == session.state
        for store in getattr(self, "stores", ()):
            store.close()
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    def propose(self, *proposed, **how):
        """Record the same in both, and compare what becomes of it."""
        before = [session.store.head(session.id).frontier.root for session in self.sessions]
        answers = [self.answer(session, proposed, how) for session in self.sessions]
        assert answers[0] == answers[1]
        if isinstance(answers[0], str):
            assert [session.store.head(session.id).frontier.root for session in self.sessions] == before
        else:
            self.admitted.update(answers[0])

    def answer(self, session, proposed, how):
        """What a session says: the types it recorded, or why not."""
        try:
            return tuple(entry.type for entry in session.record(*proposed, **how))
        except RuleViolation as refusal:
            return str(refusal).replace(session.id, "this session")
        except AfwegenError as refusal:
            return f"{type(refusal).__name__}: {refusal}".replace(session.id, "this session")

    @property
    def state(self):
        """The state both are in."""
        return self.sessions[0].state

    def fitting(self, *roles):
        """The types of event that an open step may hear from one of these roles."""
        return [
            name
            for name, declared in PROPOSED.items()
            if (len(declared.steps) == len(Step) or not declared.steps.isdisjoint(self.state.progress.open))
            and not set(roles).isdisjoint(declared.by)
            and name not in {"session-archived/1", "session-ended/1"}
        ]

    @rule(data=st.data(), known=st.sampled_from((True, True, True, False)))
    def as_on_the_tour(self, data, known):
        """What somebody said on the tour, there or elsewhere: about things that are there, or ought to be."""
        names = set(self.fitting(*Role))
        fitting = [entry for entry in TOURED if (entry.type in names) is known]
        said = data.draw(st.lists(st.sampled_from(fitting), min_size=10, max_size=20))
        for entry in said:
            self.propose(entry.event, by=entry.by, role=entry.role, on_behalf_of=entry.subgroup or entry.on_behalf_of)

    def talk(self, data, roles, **how):
        """Several events of different types, one after another, about things that may be there."""
        names = data.draw(st.lists(st.sampled_from(self.fitting(*roles)), min_size=2, max_size=4, unique=True))
        for name in names:
            self.propose(data.draw(events(name, plain=True, ids=IDS, people=PEOPLE)), **how)

    @rule(data=st.data(), by=st.sampled_from(EVERYBODY), role=st.none() | ROLES)
    def anything(self, data, by, role):
        """Whatever an open step may hear, said by anybody in any role, for anybody."""
        behalf = data.draw(st.none() | st.sampled_from((*EVERYBODY, "g1", "g2")))
        self.talk(data, Role, by=by, role=role, on_behalf_of=behalf)

    @rule(data=st.data())
    def by_who_leads(self, data):
        """What who leads may say: much of it is admitted."""
        self.talk(data, [Role.FACILITATOR], by="fay", role="facilitator")

    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def by_a_participant(self, data, who):
        """What a participant may say: much of it is admitted."""
        self.talk(data, [Role.PARTICIPANT], by=who, role="participant")

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), group=st.sampled_from(("g1", "g2")))
    def by_a_subgroup(self, data, who, group):
        """What participants say together."""
        self.talk(data, [Role.SUBGROUP], by=who, on_behalf_of=group)

    @rule(outcome=st.sampled_from(("chosen", "stopped")), luck=st.integers(0, 9))
    def end(self, outcome, luck):
        """Once in a while the weighing ends, and once in a longer while the archive is closed."""
        if luck >= 8:
            self.propose(e.SessionEnded(outcome=outcome, reason="enough"), by="fay")
        if luck == 9:
            self.propose(e.SessionArchived(), by="fay")

    @rule(data=st.data(), count=st.integers(2, 4))
    def several(self, data, count):
        """Several at once: all or none."""
        self.propose(
            *(data.draw(events(*PROPOSED, plain=True, ids=IDS, people=PEOPLE)) for _ in range(count)), by="fay"
        )

    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def correct(self, data, who):
        """An earlier record is reworded, withdrawn, hidden, or objected to."""
        names = ("entry-reworded/1", "entry-withdrawn/1", "entry-hidden/1", "entry-objected/1", "entries-merged/1")
        self.propose(
            data.draw(events(*names, plain=True, ids=IDS, people=PEOPLE)), by=data.draw(st.sampled_from((who, "fay")))
        )

    @rule()
    def advance(self):
        """The group goes on: it closes its rounds, completes or overrides, and begins the next step."""
        for key in self.state.meeting.open_rounds:
            self.propose(e.RoundClosed(round=key), by="fay")
        step = self.state.step
        if step is not Step.PREPARATION:
            self.propose(e.StepCompleted(step=step), by="fay")
            self.propose(e.StepOverridden(step=step, reason="go on"), by="fay")
        if step.following is not None:
            self.propose(e.StepStarted(step=step.following), by="fay")

    @precondition(lambda self: self.state.solutions.standing)
    @rule(
        data=st.data(), blind=st.booleans(), kind=st.sampled_from(("ranking", "nominations", "priorities", "problems"))
    )
    def ask(self, data, blind, kind):
        """A round is opened, and answered by some."""
        key = data.draw(st.sampled_from(("a", "b")))
        self.propose(e.RoundOpened(round=key, asks=kind, blind=blind), by="fay")
        for who in PEOPLE:
            tiers = tuple((name,) for name in self.state.solutions.standing)
            self.propose(e.RankingSubmitted(round=key, tiers=tiers), by=who)

    @rule(by=st.sampled_from(PEOPLE), number=st.integers(0, 3))
    def once(self, by, number):
        """The same key comes again, with the same call or another."""
        self.propose(e.NoteTaken(text=f"note of {by}"), by=by, key=f"key {number}")

    @rule()
    def another_holder(self):
        """Somebody else holds the session from here on, loaded from the store."""
        self.sessions = tuple(
            Session.load(session.store, session.id, clock=Ticking(session.core.clock.now)) for session in self.sessions
        )

    @rule(data=st.data())
    def behind(self, data):
        """Somebody writes first: what settles nothing is admitted again, what does is refused with the news."""
        event = data.draw(events(*PROPOSED, plain=True, ids=IDS, people=PEOPLE))
        answers = []
        for session in self.sessions:
            other = Session.load(session.store, session.id, clock=Ticking(session.core.clock.now))
            done = self.answer(other, (e.NoteTaken(text="first"),), {"by": "jochum"})
            try:
                answers.append((done, tuple(entry.type for entry in session.record(event, by="fay"))))
            except ConflictError as conflict:
                answers.append((done, [entry.type for entry in conflict.news]))
            except AfwegenError as refusal:
                answers.append((done, str(refusal).replace(session.id, "this session")))
            session.refresh()
        assert answers[0] == answers[1]

    @invariant()
    def both_are_the_same(self):
        """But for their ids and pseudonyms: the same records, the same state."""
        if not hasattr(self, "sessions"):
            return
        one, other = self.sessions
        since = self.replayed[0].length
        assert [plain(entry) for entry in one.records(since)] == [plain(entry) for entry in other.records(since)]
        assert one.state.stale == other.state.stale

    @invariant()
    def replaying_gives_the_live_state(self):
        """After every single act; and nothing that may be asked of it fails."""
        if not hasattr(self, "sessions"):
            return
        for number, session in enumerate(self.sessions):
            since = self.replayed[number]
            self.replayed[number] = replay(session.records(since.length), since=since)
            assert self.replayed[number] == session.state
            assert session.store.head(session.id).length == session.state.length
        advice(self.state)
        self.state.lacking()
        for viewer in (None, "anna"):
            assert advice(self.sessions[0].seen_by(viewer)) is not None


def plain(entry):
    """A record without the id of its session."""
    return entry.seq, entry.event, entry.by, entry.role, entry.on_behalf_of, entry.subgroup, entry.happened_at


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=15, stateful_step_count=20)
