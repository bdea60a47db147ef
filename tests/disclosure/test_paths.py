"""
Every path on which somebody is shown something of a session, and what is tried on each to get round the disclosure.

The table of ``docs/explanation/disclosure.md`` is this list. Two worlds differ only in who said what: on every path
somebody who is not to know sees the same in both, to the letter.
"""

import asyncio
import contextlib
import json
import random
import re
import tempfile
import zipfile
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from attrs import frozen
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from afwegen import AfwegenError, AsyncSession, Session, audit, feeds, open_async_store, open_store
from afwegen import events as e
from afwegen.cli.commands import afwegen
from afwegen.interop import jsonlines
from afwegen.interop.cloudevents import cloud_events
from afwegen.models import AHP, ConsensusGraph, WeightedSum
from afwegen.steps.state import replay
from afwegen.testing.sessions import Ticking, act, record
from afwegen.testing.sessions import given as begun

# -- a world ----------------------------------------------------------------------------------------------------------

JUDGES = ("q-anna", "q-bert", "q-cor", "q-dina", "q-eva", "q-finn")
ONLOOKER = "q-zoe"
"""A participant who judges nothing."""
LEAST = 5
ALTERNATIVES = ("lamp", "caretaker", "bench")
CRITERIA = ("safe", "cheap")
EARLIER = ("inventory", "sharpening", "baseline", "solutions", "effects")


@frozen
class Sheet:
    """All that one person judges: nobody else may find out that it was this person."""

    order: tuple[tuple[str, ...], ...]
    scores: tuple[tuple[int, int], ...]
    weights: tuple[int, int]
    nominated: str
    agrees: bool
    heard: str
    words: str


def sheets(seed):
    """Any judgements of all judges; the words of each are their own."""
    drawn = random.Random(seed)
    return tuple(_sheet(drawn, f"needle-{number}") for number in range(len(JUDGES)))


def _sheet(drawn, words):
    names = drawn.sample(ALTERNATIVES, 3)
    one, two, three = ((name,) for name in names)
    return Sheet(
        order=drawn.choice([(one, two, three), ((*one, *two), three), (one, (*two, *three)), (one, two)]),
        scores=tuple((drawn.randint(0, 10), drawn.randint(0, 10)) for _ in names),
        weights=(drawn.randint(1, 9), drawn.randint(1, 9)),
        nominated=names[0],
        agrees=drawn.random() < 1 / 2,
        heard=drawn.choice(("yes", "partly", "no")),
        words=words,
    )


class Drawn:
    """Stands in for the operating system's randomness: two worlds draw the same pseudonyms."""

    def __init__(self):
        self.random = random.Random(20)

    def token_bytes(self, size):
        return self.random.randbytes(size)

    def token_hex(self, size):
        return self.token_bytes(size).hex()


def before(disclosure, judges=JUDGES):
    """A session in step 6 in which nobody judged yet."""
    lead = {"role": "plenary"}
    people = [e.ParticipantInvited(participant=key, name=f"N {key}", perspective="resident") for key in judges]
    yield act("q-fay", *people, e.ParticipantInvited(participant=ONLOOKER, name="Zoe", perspective="care"))
    yield act("q-fay", *(e.OptionDeclared(option=name) for name in ("scores", "criteria weights", "comparisons")))
    yield act("q-fay", e.DisclosureDeclared(disclosure=disclosure, minimum_judges=LEAST))
    for step in EARLIER:
        yield act("q-fay", e.StepStarted(step=step))
        if step == "solutions":
            proposed = (e.SolutionProposed(solution=key, title=key.title()) for key in ALTERNATIVES)
            yield act("q-fay", *proposed, **lead)
        if step == "effects":
            yield act("q-fay", e.ReconfirmationAsked(reconfirmation="again"))
            yield act(
                "q-fay", *(e.CriterionSet(criterion=key, title=key, worst=0, best=10) for key in CRITERIA), **lead
            )
        ends = e.StepCompleted(step=step) if step == "solutions" else e.StepOverridden(step=step, reason="a test")
        if step != "effects":
            yield act("q-fay", ends)


def judging(found, judges=JUDGES, *, aloud=True):
    """Everybody judges everything, in the same order, each for themselves."""
    for judge, sheet in zip(judges, found, strict=True):
        answer = e.ReconfirmationAnswered(
            reconfirmation="again", agrees=sheet.agrees, objection=None if sheet.agrees else sheet.words
        )
        if aloud:
            yield act(judge, answer)
    yield act("q-fay", e.StepOverridden(step="effects", reason="a test"), e.StepStarted(step="preselection"))
    rounds = {"n": "nominations", "r": "ranking", "s": "scores", "w": "criteria weights", "c": "closing words"}
    for key, asks in rounds.items():
        yield act("q-fay", e.RoundOpened(round=key, asks=asks, alternatives=ALTERNATIVES if key in "rs" else ()))
        for judge, sheet in zip(judges, found, strict=True):
            yield act(judge, answered(key, sheet))
        yield act("q-fay", e.RoundClosed(round=key))


def answered(key, sheet):
    """What somebody enters in a round."""
    match key:
        case "n":
            return e.SolutionNominated(solution=sheet.nominated)
        case "r":
            return e.RankingSubmitted(round="r", tiers=sheet.order)
        case "s":
            scores = dict(
                zip(ALTERNATIVES, (dict(zip(CRITERIA, row, strict=True)) for row in sheet.scores), strict=True)
            )
            return e.SolutionScored(round="s", scores=scores)
        case "w":
            return e.CriteriaWeighed(round="w", weights=dict(zip(CRITERIA, sheet.weights, strict=True)))
        case _:
            return e.MeetingReviewed(felt_heard=sheet.heard, words=sheet.words)


def world(found, disclosure="secret", store=None):
    """A session in which these people judged, each world drawing the same random octets."""
    drawn = Drawn()
    with patch("afwegen.session.secrets", SimpleNamespace(token_bytes=drawn.token_bytes, token_hex=drawn.token_hex)):
        session = begun(*before(disclosure), store=store or open_store("memory:"), by="q-fay")
        # Aloud in the room is not in secret: there the others have heard it.
        record(session, *judging(found, aloud=disclosure == "secret"))
    return session


def masked(text):
    """What was shown, without roots and commitments, which tell nothing, and without the last digits of sums."""
    text = re.sub(r"[0-9a-f]{64}|[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", "#", text)
    return re.sub(r"\d\.\d{7,}(e-\d+)?", lambda number: f"{float(number[0]):.6f}", text)


# -- looking ----------------------------------------------------------------------------------------------------------

VIEWERS = (None, ONLOOKER, "q-fay")
"""The public, a participant who did not judge, and who leads."""
MODELS = (WeightedSum(), AHP(), ConsensusGraph(missing="last"))
GRAPH = ConsensusGraph(missing="last")


def shown(thing):
    """A value in every form in which it shows itself."""
    pages = [getattr(thing, name)() for name in dir(thing) if name.startswith("_repr_") and name.endswith("_")]
    return "\n".join(map(str, dict.fromkeys((repr(thing), str(thing), *pages))))


def refused(call):
    """What an error shows."""
    with pytest.raises(AfwegenError) as caught:
        call()
    return f"{caught.value!r} {caught.value} {caught.value.args}"


def ran(*words):
    """What a command prints, and what stands in the files it writes."""
    result = CliRunner().invoke(afwegen, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return f"{result.exit_code}\n{result.stdout}\n{result.stderr}"


# -- the paths --------------------------------------------------------------------------------------------------------
# Each takes a session in a file, and returns all that somebody is shown.


def seen_by(session, _):
    """The state and the records, as each viewer sees them; and after any number of records."""
    for viewer in VIEWERS:
        records = list(session.records_seen_by(viewer))
        yield shown(session.seen_by(viewer))
        yield from map(shown, records)
        yield from (shown(replay(records[:n])) for n in (30, 55))


def in_a_feed(session, _):
    """All sessions as one stream, followed or not."""
    for viewer in VIEWERS:
        yield from (shown(item.record) for item in feeds.feed(session.store, viewer=viewer))
        with contextlib.closing(feeds.follow(session.store, viewer=viewer)) as following:
            yield from (shown(next(following).record) for _ in range(session.state.length))


def compared(session, _):
    """Models side by side, with everything that hangs on an outcome."""
    for viewer in VIEWERS:
        comparison = session.compare(MODELS, viewer=viewer)
        yield shown(comparison)
        for outcome in (row.outcome for row in comparison if row.outcome is not None):
            yield from (shown(outcome), shown(outcome.profile), shown(outcome.model))
            yield refused(lambda outcome=outcome: outcome.why("lamp"))
            yield refused(lambda outcome=outcome: outcome.why("lamp", "bench"))
            yield refused(outcome.judges)
            yield refused(lambda outcome=outcome: outcome.model.evaluate(outcome.profile))


def advised(session, _):
    """What the method advises, and of whom a round still has nothing."""
    yield from (shown(session.advice_for(viewer)) for viewer in VIEWERS)
    yield shown(session.awaited())
    yield shown(session)


def exported(session, folder):
    """Files: JSON lines, read back too; CloudEvents."""
    for viewer in VIEWERS:
        file = Path(folder) / "wijk.jsonl"
        file.write_text("".join(jsonlines.lines(session, viewer=viewer)), encoding="utf-8")
        yield file.read_text(encoding="utf-8")
        yield shown(replay(jsonlines.read(file).records()))
        yield json.dumps(list(cloud_events(session, source="https://wijk.example", viewer=viewer)))


def proven(session, folder):
    """Provenance, and the bare entries in a bundle."""
    from afwegen.interop.provenance import provenance

    yield from (provenance(session, viewer=viewer).get_provn() for viewer in VIEWERS)
    audit.write_bundle(session.store, Path(folder) / "wijk.zip")
    with zipfile.ZipFile(Path(folder) / "wijk.zip") as archive:
        yield from (archive.read(name).decode() for name in archive.namelist())


def verified(session, _):
    """What an auditor is told of a session in which what was said was changed."""
    yield shown(audit.verify_session(session.store, session.id))


def without_waiting(session, folder):
    """The twins for an event loop."""

    async def look():
        async with await open_async_store(f"sqlite:///{Path(folder) / 'wijk.db'}") as store:
            twin = await AsyncSession.load(store, session.id)
            for viewer in VIEWERS:
                found.append(shown(await twin.seen_by(viewer)))
                found.extend([shown(each) async for each in twin.records_seen_by(viewer)])
                found.append(shown(twin.compare(MODELS, viewer=viewer)))
                found.append(shown(await twin.advice_for(viewer)))
                found.extend([shown(item.record) async for item in feeds.afeed(store, viewer=viewer)])

    found = []
    asyncio.run(look())
    return found


def written(session, _):
    """The account as a page with its pictures, at several moments, and after results were recorded."""
    from afwegen.report import account, difference

    for model in (GRAPH, WeightedSum()):
        session.evaluate(model, by="q-fay")
    for viewer in VIEWERS:
        yield account(session, viewer=viewer, language="en")
        yield account(session, viewer=viewer, language="nl", at=60)
        yield shown(difference(session, 40, viewer=viewer, language="en"))


def printed(session, folder):
    """The command line: everything it shows, and the files it writes."""
    store = Path(folder) / "wijk.db"
    for words in (
        *[("replay", store, "--at", n) for n in (30, 45, 60)],
        ("replay", store),
        ("compare", store),
        ("compare", store, "--json"),
        ("compare", store, "--derive", "borda"),
        ("advice", store, "--json"),
        ("sessions", store),
        ("verify", store),
        ("export", store, "--output", Path(folder) / "out.jsonl"),
        ("replay", Path(folder) / "out.jsonl", "--json"),
    ):
        yield ran(*words)
    yield (Path(folder) / "out.jsonl").read_text(encoding="utf-8")


PATHS = (seen_by, in_a_feed, compared, advised, exported, proven, verified, without_waiting, written, printed)


def asked_in_secret(session, _):
    """In a secret session also what the verbs without a viewer answer: they show no more than the others."""
    outcome = session.evaluate(GRAPH, by="q-fay")
    yield from (shown(outcome), shown(outcome.profile), refused(lambda: outcome.why("lamp")), refused(outcome.judges))
    what_if = session.what_if(model=GRAPH, without="safe")
    yield from (shown(what_if), shown(what_if.before.profile), refused(lambda: what_if.after.why("lamp")))
    yield from (shown(each) for viewer in VIEWERS for each in session.records_seen_by(viewer))
    yield refused(session.profile)
    yield refused(lambda: session.what_if(model=GRAPH, without=JUDGES[0]))
    yield refused(lambda: session.what_if(model=WeightedSum(), scores={(JUDGES[0], "lamp", "safe"): 3}))
    yield refused(lambda: audit.write_bundle(session.store, "never.zip", openings=True))


# -- two worlds -------------------------------------------------------------------------------------------------------


@cache
def kept(found, disclosure):
    """The octets of a world in a file: made once for all paths."""
    with tempfile.TemporaryDirectory() as folder:
        with open_store(f"sqlite:///{folder}/wijk.db") as store:
            world(found, disclosure, store)
        return (Path(folder) / "wijk.db").read_bytes()


def told(path, found, disclosure, folder):
    """What a path shows in the world in which these people said this."""
    folder.mkdir()
    (folder / "wijk.db").write_bytes(kept(found, disclosure))
    with open_store(f"sqlite:///{folder / 'wijk.db'}") as store:
        lines = list(path(Session.load(store, store.sessions()[0].id, clock=Ticking()), folder))
    return masked("\n".join(lines)).replace(str(folder), "")


seeds = st.integers(0, 2**32)
sometimes = settings(
    # Each example is two whole sessions on a path: one suffices for a path, many for a night.
    max_examples=max(1, settings.default.max_examples // 100),
    phases=(Phase.generate,),
)


@pytest.mark.parametrize(
    ("disclosure", "path"),
    [*product(("group", "secret"), PATHS), ("secret", asked_in_secret)],
    ids=lambda each: getattr(each, "__name__", each),
)
@given(seed=seeds)
@sometimes
def test_nobody_finds_out_who_said_what(disclosure, path, seed, tmp_path_factory):
    """The same sheets, given by other people: not a letter differs, on any path."""
    found = sheets(seed)
    other = (*found[1:], found[0])
    folder = tmp_path_factory.mktemp("world")

    one = told(path, found, disclosure, folder / "one")

    assert one == told(path, other, disclosure, folder / "other")
    assert "needle" not in one


@pytest.mark.parametrize("path", [seen_by, in_a_feed, exported], ids=lambda path: path.__name__)
def test_who_looks_so_does_find_out_where_all_is_open(path, tmp_path):
    """The control: the same look at the same two worlds, in an open session, tells them apart."""
    found = sheets(1)

    assert told(path, found, "open", tmp_path / "one") != told(path, (*found[1:], found[0]), "open", tmp_path / "other")
