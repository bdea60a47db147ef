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
from afwegen.steps.state import replay
from afwegen.testing.sessions import NAMES, PEOPLE, Ticking, act, events, given

EVERYBODY = (*PEOPLE, "fay")
ROLES = st.none() | st.sampled_from([role for role in Role if role is not Role.SYSTEM])
PROPOSED = {name: declared for name, declared in EVENT_TYPES.items() if Role.SYSTEM not in declared.by}


class Sessions(RuleBasedStateMachine):
    """
    Two sessions in the same state, in two stores, and the records that were admitted.

    After every act both are the same, both are what a replay of their records is, and a refusal left nothing.
    """

    @initialize()
    def begin(self):
        """A group that may do everything: four people, of whom Jochum leads, and every option declared."""
        self.folder = Path(tempfile.mkdtemp())
        options = ("scores", "criteria weights", "comparisons")
        acts = (
            act("jochum", *(e.ParticipantInvited(participant=key, name=key, perspective="x") for key in PEOPLE[1:])),
            act("jochum", *(e.OptionDeclared(option=option) for option in options)),
            act("jochum", e.SubgroupFormed(subgroup="a", members=("anna", "bert"))),
        )
        self.stores = (open_store("memory:"), open_store(f"sqlite:///{self.folder}/wijk.db"))
        self.sessions = tuple(given(*acts, store=store) for store in self.stores)
        self.admitted = Counter()

    def teardown(self):
        """Close what was opened."""
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
            assert refusal.do
            return str(refusal).replace(session.id, "this session")
        except AfwegenError as refusal:
            return f"{type(refusal).__name__}: {refusal}".replace(session.id, "this session")

    @property
    def state(self):
        """The state both are in."""
        return self.sessions[0].state

    @rule(data=st.data(), by=st.sampled_from(EVERYBODY), role=ROLES)
    def anything(self, data, by, role):
        """Whatever an open step may hear, said by anybody in any role."""
        fitting = [
            name for name, declared in PROPOSED.items() if not declared.steps.isdisjoint(self.state.progress.open)
        ]
        event = data.draw(events(*fitting, people=PEOPLE))
        self.propose(event, by=by, role=role, on_behalf_of=data.draw(st.none() | st.sampled_from((*PEOPLE, "a"))))

    @rule(data=st.data())
    def by_who_leads(self, data):
        """Whatever an open step may hear, said by who leads: much of it is admitted."""
        fitting = [
            name
            for name, declared in PROPOSED.items()
            if not declared.steps.isdisjoint(self.state.progress.open)
            and name not in {"session-archived/1", "session-ended/1"}
        ]
        self.propose(data.draw(events(*fitting, people=PEOPLE)), by="jochum")

    @rule(data=st.data(), who=st.sampled_from(PEOPLE[1:]))
    def by_a_participant(self, data, who):
        """What the present step is about, said by a participant."""
        fitting = [
            name
            for name, declared in PROPOSED.items()
            if self.state.step in declared.steps and len(declared.steps) < len(Step) and Role.PARTICIPANT in declared.by
        ]
        if fitting:
            self.propose(data.draw(events(*fitting, people=PEOPLE)), by=who, role="participant")

    @rule(data=st.data(), count=st.integers(2, 4))
    def several(self, data, count):
        """Several at once: all or none."""
        self.propose(*(data.draw(events(*PROPOSED, people=PEOPLE)) for _ in range(count)), by="jochum")

    @rule(data=st.data(), who=st.sampled_from(PEOPLE[1:]))
    def correct(self, data, who):
        """An earlier record is reworded, withdrawn, hidden, or objected to."""
        names = ("entry-reworded/1", "entry-withdrawn/1", "entry-hidden/1", "entry-objected/1", "entries-merged/1")
        self.propose(data.draw(events(*names)), by=data.draw(st.sampled_from((who, "jochum"))))

    @rule()
    def advance(self):
        """The group goes on: it closes its rounds, completes or overrides, and begins the next step."""
        for key in self.state.meeting.open_rounds:
            self.propose(e.RoundClosed(round=key), by="jochum")
        step = self.state.step
        if step is not Step.PREPARATION:
            self.propose(e.StepCompleted(step=step), by="jochum")
            self.propose(e.StepOverridden(step=step, reason="go on"), by="jochum")
        if step.following is not None:
            self.propose(e.StepStarted(step=step.following), by="jochum")

    @precondition(lambda self: self.state.solutions.standing)
    @rule(
        data=st.data(), blind=st.booleans(), kind=st.sampled_from(("ranking", "nominations", "priorities", "problems"))
    )
    def ask(self, data, blind, kind):
        """A round is opened, and answered by some."""
        key = data.draw(st.sampled_from(NAMES))
        self.propose(e.RoundOpened(round=key, asks=kind, blind=blind), by="jochum")
        for who in PEOPLE[1:]:
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
            Session.load(session.store, session.id, clock=Ticking(session._clock.now)) for session in self.sessions
        )

    @rule(data=st.data())
    def behind(self, data):
        """Somebody writes first: what settles nothing is admitted again, what does is refused with the news."""
        event = data.draw(events(*PROPOSED, people=PEOPLE))
        answers = []
        for session in self.sessions:
            other = Session.load(session.store, session.id, clock=Ticking(session._clock.now))
            done = self.answer(other, (e.NoteTaken(text="first"),), {"by": "jochum"})
            try:
                answers.append((done, tuple(entry.type for entry in session.record(event, by="jochum"))))
            except ConflictError as conflict:
                assert [entry.type for entry in conflict.news] == ["note-taken/1"]
                answers.append((done, "conflict"))
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
        assert [plain(entry) for entry in one.records()] == [plain(entry) for entry in other.records()]
        assert one.state.stale == other.state.stale

    @invariant()
    def replaying_gives_the_live_state(self):
        """After every single act; and nothing that may be asked of it fails."""
        if not hasattr(self, "sessions"):
            return
        for session in self.sessions:
            assert replay(session.records()) == session.state
            assert session.store.head(session.id).length == session.state.length
        advice(self.state)
        self.state.lacking()
        assert replay(self.sessions[0].records_seen_by(None)).length == self.state.length


def plain(entry):
    """A record without the id of its session."""
    return entry.seq, entry.event, entry.by, entry.role, entry.on_behalf_of, entry.subgroup, entry.happened_at


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=40, stateful_step_count=30)
