"""The words of the pictures: every message in both languages, with the same places for values, and no other."""

import ast
import re
from string import Formatter

import pytest

from afwegen.events import ERASED, HIDDEN, MISSING
from afwegen.method import Step
from afwegen.report import language
from afwegen.report.pictures.keys import keys
from afwegen.report.pictures.words import model_name, named, plain, share, step_name, tallied

KEYS = keys((str(place), f"Solution {place}") for place in range(9))


@pytest.fixture(scope="module")
def messages(root):
    """Every message in the source of the pictures, with its plural where it has one."""
    found = set()
    for path in sorted((root / "src" / "afwegen" / "report" / "pictures").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"say.text", "say.plural"}:
                many = 2 if node.func.attr == "plural" else 1
                found.add(tuple(argument.value for argument in node.args[:many]))
    return found


@pytest.fixture(scope="module", params=["nl", "en"])
def catalogue(request, root):
    """The catalogue of the pictures in a language, as written."""
    from babel.messages.pofile import read_po

    path = root / "src" / "afwegen" / "report" / "catalogues" / f"pictures.{request.param}.po"
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def several(thing):
    return (thing,) if isinstance(thing, str) else tuple(thing)


def test_the_catalogue_has_every_message_and_no_other(messages, catalogue):
    """A sentence that is not translated, or no longer said, is found."""
    assert {several(message.id) for message in catalogue} == messages


def test_a_translation_keeps_its_places(catalogue):
    """Each translation is there, and takes the values its message takes; a singular may leave out its one."""
    for message in catalogue:
        wanted = {name for said in several(message.id) for _, name, _, _ in Formatter().parse(said) if name}
        for said in several(message.string):
            places = {name for _, name, _, _ in Formatter().parse(said) if name}
            assert said
            assert wanted - places <= ({"n"} if len(several(message.string)) > 1 else set()), message.id
            assert places <= wanted, message.id


def test_dutch_is_not_english(messages):
    """What people read is Dutch: only what both languages share stays as it is."""
    dutch = language("nl")

    same = {message[0] for message in messages if dutch.translated(message[0]) == message[0]}
    assert same <= {"letter", "consensus"}


@pytest.mark.parametrize("code", ["nl", "en"])
def test_words_of_the_method(code):
    """Every step and every model of ours has a name; a model of others keeps its own; what is gone is told apart."""
    say = language(code)

    assert len({step_name(step, say) for step in Step}) == len(Step)
    assert all(re.match(r"\d\. ", step_name(step, say)) for step in list(Step)[1:-1])
    assert model_name("weighted-sum", say) != "weighted-sum"
    assert model_name("their-own", say) == "their-own"
    assert len({plain(mark, say) for mark in (ERASED, HIDDEN, MISSING, "said")}) == 4


def test_shares_are_said_as_people_say_them():
    """Eight of the ten, and never a percentage; of many names only the first, and how many more."""
    say, dutch = language("en"), language("nl")

    assert share(say, "participants", 8, 10) == "8 of the 10 participants"
    assert share(dutch, "participants", 8, 10) == "8 van de 10 deelnemers"
    assert share(dutch, "models", 1, 3) == "1 van de 3 rekenhulpen"
    assert named(say, KEYS.values()).endswith("Solution 3 (D) and 5 more")
    assert tallied(dutch, "subgroups", [(KEYS["0"], 1), (KEYS["1"], 2)], 4) == (
        "Solution 1 (B) bij 2 van de 4 groepjes en Solution 0 (A) bij 1 van de 4 groepjes"
    )


@pytest.mark.parametrize("code", ["nl", "en"])
def test_no_two_catalogues_contradict_each_other(root, code):
    """A message that two parts of the account share is said in one way, whichever catalogue is read last."""
    from babel.messages.pofile import read_po

    said = {}
    for path in sorted((root / "src" / "afwegen" / "report" / "catalogues").glob(f"*.{code}.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    said.setdefault(several(message.id)[0], set()).add(several(message.string))

    assert {message: ways for message, ways in said.items() if len(ways) > 1} == {}
