"""What a writer does until it is brought down: acts that can be told apart, and found again."""

import random
from collections import Counter

from attrs import field, frozen

from afwegen import ConflictError
from afwegen.events import NoteTaken, ParticipantInvited
from afwegen.interop import pabulib
from afwegen.interop.importing import import_election
from afwegen.log.merkle import leaf_hash
from afwegen.models import ConsensusGraph

BY = "import"
BALLOTS = """\
META
key;value
description;Benches
num_projects;2
num_votes;2
budget;5000
vote_type;approval
PROJECTS
project_id;cost;name;votes
bench;2000;Bench;2
tree;900;Tree;1
VOTES
voter_id;vote
a;bench
b;bench,tree
"""


@frozen
class Act:
    """
    One call of a writer.

    Attributes:
        name: Told apart from every other act, of every writer, by this.
        kind: Notes (several are a batch), somebody new, or a model that answers.
        size: How many records a batch has.
        keyed: Whether it has an idempotency key, and so may be tried again.
    """

    name: str
    kind: str
    size: int = 1
    keyed: bool = False

    def events(self):
        """What is proposed; each says which of how many it is."""
        if self.kind == "somebody":
            return (ParticipantInvited(participant=self.name, name=f"{self.name} 1/1", perspective="resident"),)
        return tuple(NoteTaken(text=f"{self.name} {number}/{self.size}") for number in range(1, self.size + 1))


@frozen
class Ack:
    """
    What a writer was told: this batch stands, from here on.

    Attributes:
        session: Its id.
        first: Where it stands.
        leaves: The hashes of its entries.
    """

    session: str
    first: int
    leaves: tuple[bytes, ...]


@frozen
class Told:
    """A store that tells of every batch it has acknowledged; everything else is the store's own."""

    store: object
    tell: object = field(repr=False)

    def append(self, batch):
        done = self.store.append(batch)
        if not done.repeated:
            self.tell(Ack(batch.session, done.first, tuple(map(leaf_hash, batch.entries))))
        return done

    def __getattr__(self, name):
        return getattr(self.store, name)


def plan(seed, writer, first=0):
    """Yield acts without end, the same ones for the same seed."""
    luck = random.Random(f"{seed} {writer} {first}")
    number = first
    while True:
        kind = luck.choices(("notes", "batch", "somebody", "model"), (5, 3, 1, 1))[0]
        size = luck.randint(2, 5) if kind == "batch" else 1
        yield Act(f"{writer}-{number}", "notes" if kind == "batch" else kind, size, luck.random() < 0.5)
        number += 1


def begin(store):
    """Begin a session in which something was judged, so that a model has something to answer about."""
    return import_election(store, pabulib.parse(BALLOTS), title="Benches", area="X", by=BY, source="benches.pb")


def perform(session, act):
    """Do it, and return the records; a model that was overtaken answers nothing."""
    if act.kind == "model":
        try:
            session.evaluate(ConsensusGraph(), by=BY)
        except ConflictError:
            session.refresh()
        return ()
    return session.record(*act.events(), by=BY, key=f"key of {act.name}" if act.keyed else None)


def said(records):
    """Count how often each part of each act stands in a log: by name, then by part."""
    found = {}
    for record in records:
        text = getattr(record.event, "text", None) or getattr(record.event, "name", None)
        name, _, part = text.rpartition(" ") if isinstance(text, str) else ("", "", "")
        if "/" in part:
            found.setdefault(name, Counter())[part] += 1
    return found
