"""
Make the golden logs of a version: ``PYTHONPATH=src python tests/golden/make.py``, once, when it is released.

Ids, salts and clock are fixed, so the same library makes the same bytes. What is there is never made again: a log
that was written once must be read for ever.
"""

import hashlib
import json
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from plain import plain  # noqa: E402 - it lies beside this file

from afwegen import Session, audit, open_store, session  # noqa: E402
from afwegen.demo import play  # noqa: E402
from afwegen.testing.tour import tour  # noqa: E402


class Drawn:
    """Octets that look random and are the same every time."""

    def __init__(self, name):
        self.name, self.count = name, 0

    def token_bytes(self, size):
        self.count += 1
        return hashlib.shake_256(f"{self.name} {self.count}".encode()).digest(size)

    def token_hex(self, size):
        return self.token_bytes(size).hex()


def with_erasures(store):
    """Every event there is: the tour, then a person and a text are erased."""
    toured = tour(store)
    entries = toured.erase("eva", by="fay", ground="request").entries
    note = next(
        record.seq for record in toured.records() if record.type == "note-taken/1" and record.seq not in entries
    )
    toured.redact(note, by="fay", ground="names a third person")
    return toured


def lines(store, made):
    """Yield a header and one line for each entry: the octets as text, for they are JSON in UTF-8."""
    head = store.head(made.id)
    report = audit.verify_session(store, made.id)
    yield {
        "format": "afwegen-golden/1",
        "levels": {str(level.number): level.verdict.value for level in report.levels},
        "library": version("afwegen"),
        "records": head.length,
        "root": head.frontier.root.hex(),
        "secret": head.secret.hex(),
        "session": made.id,
    }
    people, about = {}, {}
    for seq, part, subject in store.subjects(made.id):
        about.setdefault((seq, part), []).append(subject)
    for row in store.people(made.id):
        people.setdefault(row.seq, []).append([row.pseudonym, row.payload.decode()])
    for stored in store.read(made.id):
        yield {
            "entry": stored.entry.decode(),
            "people": people.get(stored.seq, []),
            "vault": [[part, about[stored.seq, part], payload.decode()] for part, payload in stored.vault],
        }


LOGS = {"complex-a": play, "every-event": with_erasures}


def make(folder, names):
    """Write each golden log of this version and the state it comes to; refuse where one is there."""
    folder.mkdir(exist_ok=True)
    for name in names:
        log, state = folder / f"{name}.jsonl", folder / f"{name}.state.json"
        if log.exists() or state.exists():
            sys.exit(f"{log} is there already: a golden log is never written again")
        session.secrets = Drawn(name)
        with tempfile.TemporaryDirectory() as place, open_store(f"sqlite:///{place}/golden.db") as store:
            made = LOGS[name](store)
            text = "".join(f"{json.dumps(line, sort_keys=True, ensure_ascii=False)}\n" for line in lines(store, made))
            log.write_text(text, encoding="utf-8")
            came_to = plain(Session.load(store, made.id).state)
            state.write_text(f"{json.dumps(came_to, ensure_ascii=False)}\n", encoding="utf-8")


if __name__ == "__main__":
    warnings.simplefilter("error")
    given = sys.argv[1:]
    make(Path(given[0]) if given else HERE / ".".join(version("afwegen").split(".")[:2]), given[1:] or LOGS)
