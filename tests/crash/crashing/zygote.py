"""
A process that has loaded everything, and is told on its input to let writers go: each a fork of it, of one job.

What it and they say goes line by line to its output: ``born PID``, ``acknowledged JSON``, ``died PID STATUS``. A line
is written at once, so it is there or it is not, also when its writer is killed.
"""

import json
import os
import sys
import traceback
from itertools import islice

from afwegen import AfwegenError, Session, open_store
from crashing.acts import Told, begin, perform, plan
from crashing.driver import PAGES
from crashing.mutants import STORES

_AT_ONCE = 7
"""Acts before a writer opens its store again: opening and closing are moments like others."""


def main():
    """Carry out jobs until there are no more."""
    warm()
    for line in sys.stdin:
        jobs = json.loads(line)
        writers = [born(job) for job in jobs]
        for writer in writers:
            say("born", str(writer))
        for writer in writers:
            _, status = os.waitpid(writer, 0)
            say("died", str(writer), str(os.waitstatus_to_exitcode(status)))


def warm():
    """Load what a writer needs, so that it has it when it is born."""
    with open_store("memory:") as store:
        session = begin(store)
        for act in islice(plan("warm", "x"), 40):
            perform(session, act)


def born(job):
    """Fork a writer, and return its number."""
    writer = os.fork()
    if writer == 0:
        try:
            write(**job)
        except AfwegenError:
            # A server that is gone: what was under way was not acknowledged.
            os._exit(3)
        except BaseException:
            traceback.print_exc()
            os._exit(4)
        os._exit(0)
    return writer


def write(*, url, kind, session, seed, writer, first):
    """Act without end, and say what was acknowledged."""
    acts = plan(seed, writer, first)
    while True:
        with opened(url, kind) as store:
            holder = Session.load(Told(store, acknowledged), session)
            for act in islice(acts, _AT_ONCE):
                say("begun", act.name)
                perform(holder, act)


def opened(url, kind):
    """Open a store, of which pages are carried over to the file all the time."""
    if not url.startswith("sqlite:///"):
        return open_store(url)
    store = STORES[kind](url.removeprefix("sqlite:///"))
    store._db.execute(f"PRAGMA wal_autocheckpoint = {PAGES}")
    return store


def acknowledged(ack):
    """Say that a batch stands."""
    said = {"session": ack.session, "first": ack.first, "leaves": [leaf.hex() for leaf in ack.leaves]}
    say("acknowledged", json.dumps(said))


def say(*words):
    """Write a line at once, past every buffer."""
    os.write(1, (" ".join(words) + "\n").encode())


if __name__ == "__main__":
    main()
