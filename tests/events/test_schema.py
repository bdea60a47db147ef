"""The JSON Schema of the vocabulary accepts what the codec reads, and refuses what it refuses, but for what it says."""

import json
import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from afwegen import codec
from afwegen.errors import CodecError
from afwegen.events import ERASED, EVENT_TYPES, event_type
from afwegen.events.schema import event_schema, json_schema
from afwegen.interop import plain
from afwegen.log import canonical
from afwegen.testing.sessions import events, records

jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema (extra dev)")

pytestmark = pytest.mark.hosts

NOT_SAID = "half a character|a ratio is spelled|two positive whole|this is no day|this is no moment|a moment is spelled"
NOT_SAID = re.compile(f"{NOT_SAID}|names something twice")
"""What JSON Schema has no words for: the docstring of ``afwegen.events.schema`` lists it."""


def ecma(_, wanted, value, __):
    """Search as ECMA-262 says, for which ``$`` is the very end; for Python a newline may follow."""
    if isinstance(value, str) and not re.search(wanted.replace("$", r"\Z"), value):
        yield jsonschema.ValidationError(f"{value!r} is not {wanted}")


def whole(_, value):
    """As JSON is read in Python: 1.0 is a float, and True is no number."""
    return type(value) is int


Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": ecma},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", whole),
)
FORMATS = jsonschema.FormatChecker(["date"])
PROPOSED = {name: Validator(event_schema(name), format_checker=FORMATS) for name in EVENT_TYPES}
DOCUMENT = json_schema()
SHOWN = Validator(DOCUMENT, format_checker=FORMATS)
RECORD = SHOWN.evolve(schema={**DOCUMENT, "$ref": "#/$defs/Record"})
JUNK = st.sampled_from(
    (
        *(
            None,
            True,
            0,
            -1,
            1,
            101,
            2**53,
            1.5,
            2.0,
            [],
            {},
            [["a", 1]],
            [["a", 1, 2]],
            ["ab"],
            {"a": 1},
            {"a1": "1.5"},
        ),
        *("", " ", "\u200b", "\u0085", "\ud83d", "a", "A", "a/b", "a\n", "x" * 65, "baseline", "inventory"),
        *(
            "1/3",
            "2/4",
            "3/1",
            "-0",
            "0.50",
            "1e3",
            "100",
            "9" * 31,
            "9" * 30 + "0",
            "0." + "0" * 30 + "1",
            "-1.5",
            "NaN",
        ),
        *("2026-02-30", "2026-1-1", "2026-11-24", "2026-11-24T10:00:00.000Z", "2026-11-24T24:00:00.000Z"),
        {"absent": "erased"},
    )
)
few = settings(max_examples=5)
quick = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def as_json(event):
    return json.loads(canonical.encode(codec.fields_of(event)))


def places(value, path=()):
    """Yield the path of everything inside a value, and of itself."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def changed(value, path, new):
    """Return a value with something else at a path; None for the path itself takes it out."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, key: changed(value[key], rest, new)}
    return [changed(each, rest, new) if at == key else each for at, each in enumerate(value)]


@st.composite
def almost_right(draw, name):
    """The fields of an event as JSON, with one thing put otherwise, left out or added."""
    fields = as_json(draw(events(name)))
    inside = [path for path in places(fields) if path]
    how = draw(st.sampled_from(("other", "other", "other", "out", "in")))
    if how == "in" or not inside:
        return {**fields, draw(st.sampled_from(("colour", "type", "absent"))): draw(JUNK)}
    path = draw(st.sampled_from(inside))
    if how == "out" and isinstance(path[-1], str) and len(path) == 1:
        return {key: value for key, value in fields.items() if key != path[0]}
    return changed(fields, path, draw(JUNK))


def refusal(name, fields):
    """Return why the codec refuses, or None."""
    try:
        codec.make_event(name, fields)
    except CodecError as error:
        return str(error)
    return None


def test_it_is_a_schema_of_its_draft():
    """The document, and each that stands alone."""
    for schema in (DOCUMENT, *(validator.schema for validator in PROPOSED.values())):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_whoever_is_given_a_schema_may_change_it():
    """It is theirs."""
    changed = json_schema()
    changed["$defs"]["Id"].clear()
    event_schema("note-taken/1")["properties"].clear()

    assert json_schema() == DOCUMENT
    assert event_schema("note-taken/1") == PROPOSED["note-taken/1"].schema


@given(event=events())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_can_be_made_is_accepted(event):
    """As somebody proposes it, and as it is shown."""
    name, fields = event_type(event).name, as_json(event)

    PROPOSED[name].validate(fields)
    SHOWN.validate({"type": name, "fields": fields})


@pytest.mark.parametrize("name", EVENT_TYPES)
@given(data=st.data())
@few
def test_codec_and_schema_agree_on_what_is_almost_right(name, data):
    """The schema never refuses what the codec reads, and accepts no more than it says."""
    fields = data.draw(almost_right(name))
    refused, valid = refusal(name, fields), PROPOSED[name].is_valid(fields)

    assert valid or refused is not None
    assert not valid or refused is None or NOT_SAID.search(refused)


@given(record=records(events(gone=True)))
@quick
def test_a_record_as_it_is_shown_is_accepted(record):
    """With its envelope, and with values that are not there."""
    RECORD.validate(json.loads(canonical.encode(plain.write_record(record))))


@given(record=records(), data=st.data())
@quick
def test_a_record_that_is_almost_right_is_refused(record, data):
    """An envelope with something missing or too much; a type without its fields."""
    shown = json.loads(canonical.encode(plain.write_record(record)))
    taken = data.draw(st.sampled_from(sorted(shown)))

    assert not RECORD.is_valid({key: value for key, value in shown.items() if key != taken})
    assert not RECORD.is_valid({**shown, "colour": "red"})
    assert not RECORD.is_valid({**shown, "type": "problem-reported/9"})


@given(event=events(gone=True))
@quick
def test_what_is_not_there_may_be_shown_and_not_proposed(event):
    """Nobody proposes that a value was erased."""
    declared = event_type(event)
    gone = [field.name for field in declared.personal if not isinstance(getattr(event, field.name), type(ERASED))]
    assume(len(gone) < len(declared.personal))
    written = json.loads(canonical.encode(plain.write_event(event)))

    assert SHOWN.is_valid(written)
    assert not PROPOSED[declared.name].is_valid(written["fields"])
    assert refusal(declared.name, written["fields"])


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_fact_of_the_declaration_stands_in_it(name):
    """Who may see it, in which steps, by whom, and what it brings in or names."""
    declared, written = EVENT_TYPES[name], DOCUMENT["$defs"][EVENT_TYPES[name].cls.__name__]

    assert written["x-type"] == name
    assert set(written["x-steps"]) == {*declared.steps}
    assert written["x-by"] == [*declared.by]
    assert (written.get("x-settles", False), written.get("x-judgement", False)) == (
        declared.decides,
        declared.judgement,
    )
    assert {*written["properties"]} == {field.name for field in declared.fields}
    for field in declared.fields:
        said = written["properties"][field.name]
        assert said["x-disclosure"] == field.disclosure
        assert (said.get("x-new"), tuple(said.get("x-known", ()))) == (field.new and field.new.kind, field.known)
        assert tuple(said.get("x-about", ())) == field.subjects


def test_a_schema_stands_alone():
    """Of one event, for whoever wants no more; by class, by name or by an event of it."""
    alone = event_schema("problem-reported/1")

    assert "$ref" not in json.dumps(alone)
    assert alone == event_schema(EVENT_TYPES["problem-reported/1"].cls)
    with pytest.raises(CodecError, match="not known"):
        event_schema("problem-reported/9")


@pytest.mark.house
def test_the_file_is_up_to_date(root):
    """Written anew from the declarations: ``python -m afwegen.events.schema`` makes it."""
    kept = (root / "docs" / "reference" / "events.schema.json").read_text(encoding="utf-8")

    assert json.loads(kept) == json_schema()
