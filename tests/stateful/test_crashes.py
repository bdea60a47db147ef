"""One machine that does to a store whatever can befall one, beside a plain list of what was said."""

import os
import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from afwegen import IntegrityError, Session, open_store
from afwegen.audit import Checkpoint, Key, KeyList, Notary, Verdict, verify_bundle, verify_session, write_bundle
from afwegen.events import NoteTaken, ParticipantInvited
from crashing.disk import WAYS, Disk
from crashing.driver import on

KEY = Key(name="wijk.example", seed=bytes(32))
TRUSTED = KeyList(keys=(KEY.verifier,))
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


class Crashes(RuleBasedStateMachine):
    """
    A store on a disk that can lose its power, a notary who keeps the newest checkpoint elsewhere, and a list.

    Attributes:
        said: What every record says, in order; None where it is no note.
    """

    @initialize()
    def begin(self):
        """A session that Jo began, in a new file."""
        self.folders = []
        self.elsewhere = self.folder()
        self.held = self.elsewhere / "held"
        self.said, self.calls, self.outside, self.backup = [], [], [], None
        self.open_on(self.folder())
        self.session = Session.start(self.notary.store, title="A", area="X", by="jo", on_commit=self.notary)
        self.done((None,))
        self.keep_a_backup()

    def teardown(self):
        """Let go of everything."""
        if hasattr(self, "store"):
            self.store.close()
        for folder in getattr(self, "folders", ()):
            shutil.rmtree(folder)

    # -- what it is done with -----------------------------------------------------------------------------------------

    def folder(self):
        self.folders.append(Path(tempfile.mkdtemp()))
        return self.folders[-1]

    def open_on(self, folder):
        """Open what lies in a folder, on a disk of its own, and let the notary look at it."""
        self.disk = Disk(folder)
        self.open()

    def open(self):
        with on(self.disk):
            self.store = open_store(f"sqlite:///{self.disk.folder}/wijk.db")
        self.notary = Notary(self.store, KEY, held=self.held)

    def load(self):
        self.session = Session.load(self.notary.store, self.session.id, on_commit=self.notary)

    def begun(self):
        """From here on the power may go: note where this is, what stands, and what is held elsewhere."""
        self.since = len(self.disk.trace)
        self.before = self.now

    @property
    def now(self):
        """What stands, what is held elsewhere, and what was called."""
        return tuple(self.said), self.held.read_bytes(), tuple(self.calls)

    def done(self, said):
        """What was recorded stands, and so does what is held elsewhere."""
        self.said += said
        self.disk.note("done", None)

    def texts(self):
        """What the log says, read again from the beginning."""
        return [getattr(record.event, "text", None) for record in Session.load(self.store, self.session.id).records()]

    # -- rules --------------------------------------------------------------------------------------------------------

    @rule(text=st.sampled_from("abc"), keyed=st.booleans())
    def append(self, text, keyed):
        """A note, and its key once more: it stands once."""
        self.begun()
        key = f"key {len(self.said)}" if keyed else None
        self.session.record(NoteTaken(text=text), by="jo", key=key)
        if keyed:
            self.calls.append((key, text, len(self.said)))
        self.done((text,))

    @rule(count=st.integers(2, 5))
    def batch(self, count):
        """Several at once."""
        self.begun()
        notes = tuple(f"{number} of {count}" for number in range(count))
        self.session.record(*(NoteTaken(text=note) for note in notes), by="jo")
        self.done(notes)

    @rule()
    def somebody(self):
        """Somebody new, who gets a pseudonym, and a note of theirs."""
        self.begun()
        who = f"p{len(self.said)}"
        invited = ParticipantInvited(participant=who, name="Anna", perspective="resident")
        self.session.record(invited, by="jo")
        self.done((None,))

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def again(self, data):
        """A call that was made before, with its key: answered with what stands there."""
        self.begun()
        key, text, seq = data.draw(st.sampled_from(self.calls))
        assert [record.seq for record in self.session.record(NoteTaken(text=text), by="jo", key=key)] == [seq]
        self.done(())

    @rule()
    def checkpoint(self):
        """The notary signs how far the session is; somebody else holds on to it."""
        self.begun()
        signed = self.notary.sign(self.session.id)
        assert signed.size == len(self.said)
        self.done(())

    @rule()
    def reopen(self):
        """The store is closed and opened again."""
        self.begun()
        with on(self.disk):
            self.store.close()
        self.open()
        self.load()
        self.done(())

    @rule(way=st.sampled_from(WAYS), share=st.floats(0, 1), seed=st.integers(0, 2**16))
    def crash(self, way, share, seed):
        """The power goes, somewhere in what was done last, or just after it."""
        moment = self.since + round(share * (len(self.disk.trace) - self.since))
        left = self.disk.after_power_loss(moment, way, random.Random(seed))
        before, after = self.before, self.now
        finished = "done" in {asked.what for asked in self.disk.trace[self.since : moment]}
        self.put_back(left, (after if finished else before)[1])
        found = tuple(self.texts())
        assert found == after[0] or (found == before[0] and not finished)
        self.said, _, self.calls = map(list, (after if found == after[0] else before))
        self.load()

    def put_back(self, files, held):
        """Let the files be those that a folder holds, and the notary what it had written down."""
        self.store.close()
        folder = self.folder()
        for name, octets in files.items():
            (folder / name).write_bytes(octets)
        self.held.write_bytes(held)
        self.open_on(folder)
        self.begun()

    @rule()
    def keep_a_backup(self):
        """A copy of the file, made while nobody writes."""
        self.reopen()
        self.store.close()
        self.backup = (self.files(), tuple(self.said), tuple(self.calls))
        self.open()
        self.load()

    def files(self):
        return {path.name: path.read_bytes() for path in self.disk.folder.iterdir()}

    @precondition(lambda self: self.backup)
    @rule()
    def restore_the_backup(self):
        """An old copy is put back: where more was signed for, nothing is appended until the newer one is back."""
        self.store.close()
        newest, held = self.files(), self.held.read_bytes()
        signed = Checkpoint.read(held)
        files, said, calls = self.backup
        self.put_back(files, held)
        behind = self.store.installation().size < signed.size
        assert (self.notary.alarm is not None) is behind
        if not behind:
            # Nobody holds anything that tells of what came after: this is what is not promised.
            self.said, self.calls = list(said), list(calls)
            self.load()
            return
        self.load()
        try:
            self.session.record(NoteTaken(text="too late"), by="jo")
        except IntegrityError as refusal:
            assert "behind" in str(refusal)
            assert "newer copy" in refusal.do
        else:
            raise AssertionError("a store that is behind was appended to")
        assert tuple(self.texts()) == said
        self.put_back(newest, held)
        self.load()

    @rule(openings=st.booleans())
    def export(self, openings):
        """A bundle is written, and verified by somebody who has nothing else."""
        path = self.elsewhere / "bundle.zip"
        write_bundle(self.store, path, openings=openings)
        report = verify_bundle(path, keys=TRUSTED, since=(Checkpoint.read(self.held.read_bytes()),))
        assert report.passed, report

    @rule()
    def verify(self):
        """All there is passes, and is what was said."""
        report = verify_session(self.store, self.session.id, keys=TRUSTED)
        assert report.passed, report
        assert [report[number].verdict for number in (1, 2, 4, 5)] == [Verdict.PASS] * 4
        assert self.texts() == self.said

    @invariant()
    def as_long_as_was_said(self):
        """After whatever: no alarm, and as many records as were said."""
        if hasattr(self, "session"):
            assert self.notary.alarm is None
            assert self.store.head(self.session.id).length == len(self.said) == self.session.state.length


TestCrashes = Crashes.TestCase
TestCrashes.settings = settings(max_examples=1_000 if SOAKING else 30, stateful_step_count=20)
