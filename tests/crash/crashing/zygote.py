"""
A process that has loaded everything, and is told on its input to let writers go: each a fork of it, of one job.

A line of jobs lets them go; the next line, whatever it says, kills them. What it and they say goes line by line to its
output: ``born``, ``begun NAME``, ``acknowledged JSON``, ``refused WHY``, ``died STATUS``. A line is written at once, so
it is there or it is not, also when its writer is killed. It kills them itself, for only it knows that a number is
still theirs.
"""

import json
import os
import signal
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
        writers = [born(job) for job in json.loads(line)]
        say("born")
        sys.stdin.readline()
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
        for writer in writers:
            _, status = os.waitpid(writer, 0)
            say("died", str(os.waitstatus_to_exitcode(status)))


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
        except AfwegenError as error:
            # A server that is gone, or a store that is broken: what was under way was not acknowledged.
            say("refused", " ".join(f"{type(error).__name__}: {error}".split()))
            os._exit(3)
        except BaseException:  # noqa: BLE001 - a fork must not go on as if it were its parent
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
