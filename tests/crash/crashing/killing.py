"""Writers that are killed while they act, and what is left of what they were told."""

import json
import os
import random
import subprocess
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep

from attrs import frozen

from afwegen import open_store
from crashing.acts import Ack, begin, plan
from crashing.promises import Found, look

LIVES = 10
"""Crashes one store lives through before another is begun."""


@frozen
class Zygote:
    """A process that lets writers go."""

    process: subprocess.Popen

    @classmethod
    def start(cls):
        """Start it; it is ready when everything is loaded."""
        # One thread, so that a fork is a whole process.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
        return cls(
            subprocess.Popen(
                (sys.executable, "-m", "crashing.zygote"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
        )

    def tell(self, line):
        """Tell it something."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def heard(self, writers):
        """Yield what is said, word by word, until so many writers are dead."""
        died = 0
        while died < writers:
            word, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
            died += word == "died"
            yield word, rest

    def stop(self):
        """End it, and with it whoever is left."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=10)


def kills(zygote, fresh, seed, count, *, kind="plain", writers=1, strike=None):
    """
    Kill writers at a number of moments, and return what was found.

    Args:
        zygote: Lets them go.
        fresh: Gives the URL of an empty store.
        seed: Of what they do, and of when they are killed.
        count: How often.
        kind: Of store.
        writers: How many act beside each other on one session; all are killed.
        strike: What is done before: they go on, or are refused, and are killed when it is done.
    """
    found = Found()
    for life in range(count):
        if life % LIVES == 0:
            url, acks = fresh(), []
            with open_store(url) as store:
                session = begin(store).id
        luck = random.Random(f"kill {seed} {life}")
        job = {"url": url, "kind": kind, "session": session, "seed": seed, "first": 1000 * life}
        zygote.tell(json.dumps([{**job, "writer": f"w{each}"} for each in range(writers)]))
        begun, refused = killed(zygote, writers, luck, acks, strike)
        if strike is None:
            found += Found(corrupt=tuple(refused))
        found += look(url, acks, tried_again(seed, 1000 * life, begun))
    return found


def killed(zygote, writers, luck, acks, strike):
    """
    Listen to writers, note what they were told, and at some moment strike and have them killed.

    Returns:
        The names of the acts they began, and what they were refused.
    """
    # There is nothing to strike at before somebody wrote.
    begun, refused, struck, before, moment = [], [], False, perf_counter(), 0
    patience = luck.randint(0 if strike is None else writers, 6 * writers)
    for word, rest in zygote.heard(writers):
        match word:
            case "begun":
                begun.append(rest)
            case "refused":
                refused.append(rest)
            case "acknowledged":
                told = json.loads(rest)
                acks.append(Ack(told["session"], told["first"], tuple(map(bytes.fromhex, told["leaves"]))))
                patience -= 1
                # As long as an act takes here: the next one is struck anywhere.
                before, moment = perf_counter(), perf_counter() - before
            case "died" if rest == "4":
                raise AssertionError("a writer fell over something that is no error of the library: see above")
        if not struck and (patience <= 0 or len(refused) == writers):
            struck = True
            sleep(luck.uniform(0, 1.5 * moment))
            if strike is not None:
                strike()
            zygote.tell("kill")
    return begun, refused


def tried_again(seed, first, begun):
    """Return the last acts of every writer that may be tried again."""
    found = []
    for writer in sorted({name.partition("-")[0] for name in begun}):
        names = [name for name in begun if name.startswith(f"{writer}-")]
        acts = [act for act in islice(plan(seed, writer, first), len(names)) if act.keyed and act.kind != "model"]
        found += acts[-2:]
    return tuple(found)


def files(folder):
    """Give the URLs of stores in files of a folder, one after another."""
    folder = Path(folder)

    def fresh():
        return f"sqlite:///{folder / f'{len(list(folder.iterdir()))}.db'}"

    return fresh
