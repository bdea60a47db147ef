"""
The demonstration session on the site: its account in both languages, and pictures of it, made by the build.

Nothing is pasted in: what the site shows is what this version of the library makes. Without Chromium there are no
pictures, and the pages link to the account; in CI that fails.
"""

import os
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

from afwegen.demo import complex_a
from afwegen.report import account

LANGUAGES = ("nl", "en")
FOLDER = "demonstration"
"""Where the accounts and their pictures stand on the site."""
SHOTS = (
    ("nl", "opening", 1280, "light"),
    ("en", "opening", 1280, "light"),
    ("en", "dark", 1280, "dark"),
    ("nl", "phone", 390, "light"),
)
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the accounts before the pages are read: these show the pictures where there are any."""
    app.connect("builder-inited", make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def made_in(app: Sphinx) -> Path:
    """Return the folder of what is made, on the site."""
    return Path(app.outdir) / FOLDER


def make(app: Sphinx) -> None:
    """Write the account in each language, and take its pictures where there is a browser."""
    if app.builder.format != "html":
        return
    folder = made_in(app)
    folder.mkdir(parents=True, exist_ok=True)
    session = complex_a()
    for language in LANGUAGES:
        (folder / f"{language}.html").write_text(account(session, language=language), encoding="utf-8")
    if missing := photographed(folder):
        if os.environ.get("CI"):
            raise ExtensionError(f"no pictures of the account: {missing}")
        log.info("no pictures of the account: %s", missing)
    else:
        app.tags.add("pictures")


def photographed(folder: Path) -> str:
    """Take the pictures; return what is missing, if they cannot be taken."""
    chromium = os.environ.get("AFWEGEN_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        return "apt-get install chromium"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "pip install 'afwegen[dev]'"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for language, name, width, scheme in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.goto((folder / f"{language}.html").resolve().as_uri())
            page.screenshot(path=folder / f"{name}-{language}.png")
        browser.close()
    return ""
