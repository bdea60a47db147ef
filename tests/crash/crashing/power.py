"""Writers on a disk that can lose its power, and what is left of what they were told."""

import random
import shutil
from functools import partial
from itertools import islice
from pathlib import Path

from afwegen import Session
from crashing.acts import Told, begin, perform, plan
from crashing.disk import WAYS, Disk
from crashing.driver import on
from crashing.mutants import STORES
from crashing.promises import Found, look

ACTS = 30
FILE = "wijk.db"


def power_losses(folder, seed, count, kind="plain"):
    """Let a writer act, bring it down at a number of moments, and return what was found."""
    luck = random.Random(f"power {seed}")
    found = Found()
    disk = written(new(folder, "real"), seed, kind)
    for number, moment in enumerate(moments(disk, count, luck)):
        left = new(folder, f"left-{number}")
        for name, octets in disk.after_power_loss(moment, WAYS[number % len(WAYS)], luck).items():
            (left / name).write_bytes(octets)
        acks = disk.noted("acknowledged", moment)
        found += look(f"sqlite:///{left / FILE}", acks, keyed(disk.noted("begun", moment)))
        shutil.rmtree(left)
    shutil.rmtree(disk.folder)
    return found


def written(folder, seed, kind):
    """Begin a session on a new disk, act, open the store again now and then; and return the disk."""
    disk, session = Disk(folder), None
    acts = plan(seed, "w")
    with on(disk):
        for _ in range(3):
            with STORES[kind](str(folder / FILE)) as store:
                told = Told(store, partial(disk.note, "acknowledged"))
                session = Session.load(told, session.id) if session else begin(told)
                for act in islice(acts, ACTS // 3):
                    disk.note("begun", act)
                    perform(session, act)
    return disk


def moments(disk, count, luck):
    """Draw moments at which the power goes: half of them anywhere, half just after somebody was told."""
    told = [number + 1 for number, asked in enumerate(disk.trace) if asked.what == "acknowledged"]
    return [luck.choice(told) if each % 2 else luck.randint(1, len(disk.trace)) for each in range(count)]


def keyed(begun):
    """Return the last few acts that may be tried again: done, or under way."""
    return tuple(act for act in begun if act.keyed and act.kind != "model")[-3:]


def new(folder, name):
    """Make a folder in a folder."""
    made = Path(folder) / name
    made.mkdir()
    return made
