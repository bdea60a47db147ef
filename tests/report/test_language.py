"""Dutch and English: nothing missing, nothing left over, every placeholder in its place; numbers by locale."""

import ast
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import afwegen.report
from afwegen import AfwegenError, MissingExtra
from afwegen.report import language
from afwegen.report.language import language as uncached

CALLS = {"tell": 1, "say": 1, "text": 1, "translated": 1, "count": 2, "plural": 2}
"""What takes a message, and how many forms of it."""
ELSEWHERE = ("pictures", "pdf.py")
"""What has catalogues of its own, or says nothing."""


def messages():
    """Yield every message in the source of the account, as the catalogue names it."""
    root = Path(afwegen.report.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if not set(ELSEWHERE) & set(path.relative_to(root).parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from _message(node)


def _message(node):
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    forms = node.args[: CALLS.get(name, 0)]
    if forms and all(isinstance(form, ast.Constant) and isinstance(form.value, str) for form in forms):
        yield forms[0].value if len(forms) == 1 else tuple(form.value for form in forms)


def catalogue(code):
    """Return the account's own catalogue in a language, by message."""
    with (files("afwegen.report") / "catalogues" / f"account.{code}.po").open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def placeholders(text):
    """Return the names of the values in a message."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _forms(text):
    return text if isinstance(text, tuple) else (text,)


def _is_whole(known, message):
    """Say whether every form is there and takes the values of the message; a number may be said in words."""
    wanted = {name for form in _forms(known) for name in placeholders(form)}
    found = [(form.strip(), set(placeholders(form))) for form in _forms(message.string)]
    return not message.fuzzy and all(words and names <= wanted <= names | {"n"} for words, names in found)


@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_message_is_there_and_none_is_left_over(code):
    """The catalogue of a language holds what the account says, and nothing else."""
    said, held = set(messages()), set(catalogue(code))

    assert said - held == set()
    assert held - said == set()


@pytest.mark.parametrize("code", ["nl", "en"])
def test_every_message_has_its_words_and_its_values(code):
    """Nothing is untranslated, fuzzy, or lacks a value that the message takes."""
    wrong = [known for known, message in catalogue(code).items() if not _is_whole(known, message)]

    assert wrong == []


def test_no_message_says_judge_jury_or_voter():
    """A judge is a participant or a subgroup; nobody is called pivotal; shares are counted, not percented."""
    said = " ".join(word for message in catalogue("nl").values() for word in _forms(message.string)).lower()

    for word in ("rechter", "jury", "kiezer", "kandidaat", "doorslaggevend", " %", "verouderd"):
        assert word not in said


def test_numbers_money_days_and_lists_are_written_as_the_language_does():
    """By CLDR; a moment by the clock of the neighbourhood."""
    moment = datetime(2016, 12, 31, 23, 30, tzinfo=UTC)
    dutch, english = language("nl"), language("en")

    assert (dutch.number(1234.5), english.number(1234.5)) == ("1.234,5", "1,234.5")
    assert (dutch.money(12500), english.money(Decimal("12500.5"))) == ("€\xa012.500", "€12,500.50")
    assert (dutch.money(-3), english.money(-3)) == ("€\xa0-3", "-€3")
    assert (dutch.date(date(2016, 6, 20)), english.date(date(2016, 6, 20))) == ("20 juni 2016", "20 June 2016")
    assert dutch.moment(moment) == "1 januari 2017, 00:30"
    assert (dutch.joined(["a", "b", "c"]), english.joined(["a", "b"]), dutch.joined([])) == ("a, b en c", "a and b", "")
    assert (dutch.of(8, 10), english.of(8, 10)) == ("8 van de 10", "8 of the 10")
    assert (english.number(7), english.number(1234), english.number(0.5, 2)) == ("7", "1,234", "0.50")


def test_values_are_text_and_never_a_message():
    """A brace in what somebody wrote is a brace; a message cannot reach into a value."""
    assert (
        language("en").text("{problem}: {words}", problem="{words}", words="{0.__class__}") == "{words}: {0.__class__}"
    )


def test_another_language_is_refused():
    """With the ones that are spoken."""
    with pytest.raises(AfwegenError, match="choose from nl, en"):
        language("fr")


@pytest.mark.parametrize("gone", ["babel.messages.catalog", "jinja2"])
def test_what_is_not_installed_is_named(gone, monkeypatch, demo):
    """Without an extra the account says what to install."""
    from afwegen.report.page import environment

    uncached.cache_clear()
    environment.cache_clear()
    monkeypatch.setitem(sys.modules, gone, None)
    try:
        with pytest.raises(MissingExtra, match=r"pip install 'afwegen\[report\]'"):
            afwegen.report.account(demo)
    finally:
        monkeypatch.undo()
        uncached.cache_clear()
        environment.cache_clear()
