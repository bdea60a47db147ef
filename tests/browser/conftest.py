"""
A real browser, the W3C's validator, and axe-core, for pages of ours.

A pytest call of its own (``make browser``): Playwright's event loop would stand in the way of other tests.
"""

import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest
from attrs import Factory, define

from afwegen import Session, open_store
from afwegen.demo import complex_a
from afwegen.events import Ratio, StepStarted
from afwegen.events.declaration import event_type
from afwegen.report import account
from afwegen.stores.contract import Batch, VaultRow

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("AFWEGEN_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def pytest_collection_modifyitems(items):
    """Mark what needs a browser or a Java machine, so that either can be left out."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "chromium" in names:
            item.add_marker(pytest.mark.chromium)
        if "vnu" in names:
            item.add_marker(pytest.mark.java)


def insist(found, reason):
    """Skip where a part is missing on a user's machine; in CI that fails."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def node_module(path):
    """Return a file of an npm package."""
    file = HERE / "node_modules" / path
    insist(file.is_file(), f"no {path} in tests/browser/node_modules: run make browser where npm is")
    return file


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    insist(Path(CHROMIUM).is_file(), f"no browser at {CHROMIUM}: apt-get install chromium, or set AFWEGEN_CHROMIUM")
    insist(sync_playwright, "no Playwright: pip install 'afwegen[dev]'")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@define(kw_only=True)
class Seen:
    """A page in the browser, with all that it did of itself."""

    page: object
    asked: list = Factory(list)
    said: list = Factory(list)

    @property
    def overflow(self):
        """By how many pixels the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    @property
    def too_wide(self):
        """What stands out at the right of the window, when somebody asks why."""
        return self.page.evaluate(
            """[...document.querySelectorAll('body *')]
                 .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                 .filter(it => !it.closest('.scroll'))
                 .slice(-5).map(it => it.outerHTML.slice(0, 160))"""
        )

    def shot(self, name):
        """Keep a picture in ``$AFWEGEN_SHOTS``, for whoever wants to look."""
        if folder := os.environ.get("AFWEGEN_SHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def visit(chromium):
    """Open a page, by its URL or its file, and watch what it does: what it asks for, and what it says or complains."""
    contexts = []

    def visiting(where, *, width=1280, height=900, scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        seen = Seen(page=page)
        page.on("request", lambda request: seen.asked.append(request.url))
        page.on("console", lambda message: seen.said.append(message.text))
        page.on("pageerror", lambda error: seen.said.append(str(error)))
        page.on("dialog", lambda dialog: (seen.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(where if isinstance(where, str) else where.resolve().as_uri())
        return seen

    yield visiting
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe():
    """Look for barriers: the violations of WCAG 2.2 A and AA, and of best practice, each with its first place."""
    source = node_module("axe-core/axe.min.js").read_text(encoding="utf-8")

    def looking(seen, *rules):
        seen.page.evaluate(source)
        found = seen.page.evaluate(
            "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", list(rules or RULES)
        )
        return [
            (rule["id"], len(rule["nodes"]), node["html"][:200], node["failureSummary"])
            for rule in found["violations"]
            for node in rule["nodes"][:2]
        ]

    return looking


@pytest.fixture(scope="session")
def vnu():
    """Hand files to the validator of the W3C, all in one go: what it has to say, each with its file and line."""
    insist(shutil.which("java"), "no java: apt-get install default-jre-headless")
    jar = node_module("vnu-jar/build/dist/vnu.jar")

    def validating(*files):
        command = ("java", "-Xss8m", "-jar", jar, "--format", "json", "--exit-zero-always", *files)
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return [
            f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']} {said.get('extract', '').strip()}"
            for said in json.loads(done.stderr)["messages"]
            if said["type"] != "info" or said.get("subType") == "warning"
        ]

    return validating


# -- sessions to tell of ----------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>window.hacked = 1; alert('hacked')</script> En toen zei iemand: {{ 7 * 7 }} {% raw %}",
    "\"'><img src=http://127.0.0.1:9/x.png onerror=hacked=1> </title></style></svg> <!-- ]]> &lt;b&gt; &#x202e;",
    "\u202eomgekeerd \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u202dheen en \u2067weer",
    "w" * 5000 + " en dan nog een woord",
    "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301\u0302\u0303 z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ 🇳🇱 \x1b[2J \x00 \x07 \ufdd0 \uffff",
    "https://kwaad.example/klik javascript:alert(1) data:text/html,<script>hacked=1</script>",
)


class Misquoted(Session):
    """A session in which every text is another: what somebody with bad intentions could have written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = self.core._watched
        self.core._watched = lambda stored, missing: self._twisted(told(stored, missing))

    def _twisted(self, record):
        texts = {
            field.name: twisted(getattr(record.event, field.name), record.seq)
            for field in event_type(record.event).personal
        }
        return attrs.evolve(record, event=attrs.evolve(record.event, **texts))


def twisted(value, seq):
    """Return a value with what is said in it replaced; names of one word are left, and what only looks like text."""
    if isinstance(value, str) and " " in value:
        return f"{HOSTILE[seq % len(HOSTILE)]} {seq}"
    if isinstance(value, tuple):
        return tuple(twisted(each, seq) for each in value)
    if attrs.has(type(value)) and not isinstance(value, Ratio):
        return attrs.evolve(value, **{
            field.name: twisted(getattr(value, field.name), seq) for field in attrs.fields(type(value)) if field.init
        })  # fmt: skip
    return value


def cut(session, length):
    """Return a session of which the log ends after so many records."""
    ours, head = session.store, session.store.head(session.id)
    stored = list(ours.read(session.id, 0, length))
    vault = [
        VaultRow(seq=each.seq, part=part, subjects=(), payload=payload)
        for each in stored
        for part, payload in each.vault
    ]
    people = [row for row in ours.people(session.id) if row.seq < length]
    store = open_store("memory:")
    store.append(
        Batch(
            session=session.id,
            expected=0,
            entries=tuple(each.entry for each in stored),
            vault=tuple(vault),
            people=tuple(people),
            secret=head.secret,
        )
    )
    return Session.load(store, session.id)


@pytest.fixture(scope="session")
def sessions():
    """The sessions whose account is looked at, by name: the demonstration, an empty one, and one cut in every step."""
    played = complex_a()
    begun = [record.seq for record in played.history() if type(record.event) is StepStarted]
    stops = [*itertools.pairwise((0, *begun, played.state.length))]
    return {
        "demonstration": played,
        "empty": Session.start(open_store("memory:"), title="Een plein", area="Buurt", by="jochum"),
        "hostile": Misquoted.load(played.store, played.id),
        **{f"cut-{number}": cut(played, (start + end) // 2 + 1) for number, (start, end) in enumerate(stops)},
    }


@pytest.fixture(scope="session")
def page(sessions, tmp_path_factory):
    """Write the account of a session in a language to a file, once."""
    folder, made = tmp_path_factory.mktemp("accounts"), {}

    def writing(name, language):
        file = folder / f"{name}.{language}.html"
        if file not in made:
            made[file] = account(sessions[name], language=language)
            file.write_text(made[file], encoding="utf-8")
        return file

    return writing
