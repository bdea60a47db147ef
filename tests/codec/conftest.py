"""One record on its way to bytes and back, without a store."""

from datetime import UTC, datetime

import pytest
from attrs import frozen

from afwegen import codec
from afwegen.events import Record
from afwegen.log import canonical
from afwegen.method import Role

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@frozen
class Written:
    """A record and what became of it."""

    record: Record
    encoded: codec.Encoded

    @property
    def entry(self):
        """The entry as JSON."""
        return canonical.decode(self.encoded.entry)

    @property
    def payloads(self):
        """What the vault keeps of it."""
        return [payload for _, payload in self.encoded.vault]

    def read(self):
        """The record as it is read back."""
        return codec.decode(self.encoded.entry, self.payloads, self.encoded.people)


@pytest.fixture
def write():
    """Write an event as a record, with salts that differ: nothing is random."""

    def writing(event, people=codec.NOBODY, members=None, **envelope):
        count = iter(range(1, 1_000_000))
        envelope = {"by": "anna", "role": Role.PARTICIPANT, "seq": 3, "happened_at": NOW, "recorded_at": NOW} | envelope
        record = Record(session="s_1", event=event, **envelope)
        random = lambda size: b"".join(next(count).to_bytes(8, "big") for _ in range(size // 8))  # noqa: E731
        return Written(record, codec.encode(record, people, members or {}, random))

    return writing
