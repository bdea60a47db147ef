"""Writers that are killed while they act, and what is left of what they were told."""

import json
import os
import random
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path
from time import sleep

from attrs import frozen

from afwegen import open_store
from crashing.acts import Ack, begin, plan
from crashing.promises import Found, look

LIVES = 10
"""Crashes one store lives through before another is begun."""

_MOMENT = 0.002
"""Seconds: about what an act takes."""


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

    def let_go(self, jobs):
        """Begin jobs, and yield what is said until all their writers are dead."""
        self.process.stdin.write(json.dumps(jobs) + "\n")
        self.process.stdin.flush()
        died = 0
        while died < len(jobs):
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
        strike: What is done to them, given their numbers, instead of killing.
    """
    found = Found()
    for life in range(count):
        if life % LIVES == 0:
            url, acks = fresh(), []
            with open_store(url) as store:
                session = begin(store).id
        luck = random.Random(f"kill {seed} {life}")
        jobs = [
            {"url": url, "kind": kind, "session": session, "seed": seed, "writer": f"w{each}", "first": 1000 * life}
            for each in range(writers)
        ]
        begun, deaths = killed(zygote.let_go(jobs), writers, luck, acks, strike or kill)
        if strike is None and set(deaths) != {-signal.SIGKILL}:
            found += Found(corrupt=(f"writers died of something else: {deaths}",))
        found += look(url, acks, tried_again(seed, 1000 * life, begun))
    return found


def killed(said, writers, luck, acks, strike):
    """
    Listen to writers until they are dead, note what they were told, and strike at some moment.

    Returns:
        The names of the acts they began, and the statuses they died with.
    """
    born, begun, deaths, patience = [], [], [], luck.randint(0, 6 * writers)
    for word, rest in said:
        match word:
            case "born":
                born.append(int(rest))
            case "begun":
                begun.append(rest)
            case "acknowledged":
                told = json.loads(rest)
                acks.append(Ack(told["session"], told["first"], tuple(map(bytes.fromhex, told["leaves"]))))
                patience -= 1
            case "died":
                deaths.append(int(rest.split()[1]))
        if patience <= 0 and len(born) == writers:
            patience = float("inf")
            sleep(luck.uniform(0, _MOMENT))
            strike(born)
    return begun, deaths


def kill(writers):
    """Kill processes, as nothing can be killed more."""
    for writer in writers:
        os.kill(writer, signal.SIGKILL)


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
