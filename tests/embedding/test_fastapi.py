"""In an application with FastAPI: events are what a request brings, and OpenAPI says what they are made of."""

import json
import subprocess
import sys
from typing import Annotated

import pytest

fastapi = pytest.importorskip("fastapi", reason="needs FastAPI (extra dev)")
testclient = pytest.importorskip("fastapi.testclient", reason="needs a client for tests (extra dev)")

from fastapi import Body, FastAPI  # noqa: E402
from pydantic import BaseModel, TypeAdapter, ValidationError  # noqa: E402

from afwegen.events import EVENT_TYPES, AnyEvent, ProblemReported, RankingSubmitted  # noqa: E402
from afwegen.events.schema import event_schema  # noqa: E402

pytestmark = pytest.mark.hosts

PROBLEM = {"problem": "loitering", "statement": "Youths hang about", "why": "neighbours feel {unsafe}", "owner": "all"}
STARTED = {"type": "step-started/1", "fields": {"step": "inventory"}}


@pytest.fixture(scope="module")
def client():
    """An application that tells what it was sent."""
    app = FastAPI()

    @app.post("/problems")
    def report(event: Annotated[ProblemReported, Body()]) -> list[str]:
        return [repr(event)]

    @app.post("/rankings")
    def rank(event: Annotated[RankingSubmitted, Body()]) -> list[str]:
        return [repr(event)]

    @app.post("/events")
    def record(events: Annotated[list[AnyEvent], Body()]) -> list[str]:
        return [type(event).__name__ for event in events]

    @app.get("/first")
    def first() -> ProblemReported:
        return ProblemReported(**PROBLEM)

    return testclient.TestClient(app)


def test_an_event_comes_in_as_its_fields(client):
    """A handler is given the event."""
    assert client.post("/problems", json=PROBLEM).json() == [repr(ProblemReported(**PROBLEM))]


def test_any_event_comes_in_with_its_type(client):
    """One, or a list of them."""
    reported = {"type": "problem-reported/1", "fields": PROBLEM}

    assert client.post("/events", json=[STARTED, reported]).json() == ["StepStarted", "ProblemReported"]


def test_an_event_goes_out_as_its_fields(client):
    """What a handler returns."""
    assert client.get("/first").json() == {**PROBLEM, "keywords": []}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/problems", {**PROBLEM, "problem": "Anna's"}, "never a person's name"),
        ("/problems", {**PROBLEM, "why": " "}, "is blank"),
        ("/problems", {**PROBLEM, "colour": "{red}"}, "colour"),
        ("/problems", [], "fields of an event are an object"),
        ("/events", [{"type": "step-started/9", "fields": {}}], "version 9"),
        ("/events", [{"step": "inventory"}], "give an object with fields, type"),
        ("/events", [STARTED, {"type": "step-started/1", "fields": {"step": "{}"}}], "choose from preparation"),
    ],
)
def test_what_is_no_event_is_refused_in_our_words(client, path, body, says):
    """With 422, as FastAPI refuses, and the place."""
    answer = client.post(path, json=body)
    [error] = answer.json()["detail"]

    assert answer.status_code == 422
    assert says in error["msg"]
    assert error["loc"] == (["body"] if path == "/problems" else ["body", len(body) - 1])


def test_openapi_says_what_an_event_is_made_of(client):
    """The schema of ours, under the name of the class; that of any event refers to each."""
    parts = client.get("/openapi.json").json()["components"]["schemas"]
    said = parts["RankingSubmitted"]["properties"]
    wanted = event_schema("ranking-submitted/1")["properties"]

    # FastAPI leaves out a default of null.
    assert said == {name: {k: v for k, v in each.items() if v is not None} for name, each in wanted.items()}
    assert {one["properties"]["type"]["const"] for one in parts["AnyEvent"]["anyOf"]} == {*EVENT_TYPES}
    assert {one["properties"]["fields"]["$ref"].rpartition("/")[2] for one in parts["AnyEvent"]["anyOf"]} <= {*parts}
    assert "absent" not in str(parts["ProblemReported-Input"])
    assert "absent" in str(parts["ProblemReported-Output"])


def test_pydantic_passes_an_event_that_is_one_already():
    """And no other."""
    event, problems = ProblemReported(**PROBLEM), TypeAdapter(ProblemReported)

    assert problems.validate_python(event) is event
    assert TypeAdapter(AnyEvent).validate_python(event) is event
    with pytest.raises(ValidationError):
        problems.validate_python(RankingSubmitted(tiers=(("a",), ("b",))))


def test_pydantic_writes_what_it_reads():
    """In a model of the host, with the type where any event may stand."""
    event = ProblemReported(**PROBLEM)

    class Mail(BaseModel):
        about: ProblemReported
        then: list[AnyEvent]

    mail = Mail(about=event, then=[event])
    written = json.loads(mail.model_dump_json())

    assert written["then"] == [{"type": "problem-reported/1", "fields": written["about"]}]
    assert Mail.model_validate(written) == mail


def test_an_event_needs_no_pydantic():
    """It is imported when it asks, and not before."""
    code = "import sys; from afwegen.events import NoteTaken; NoteTaken(text='x'); print('pydantic' in sys.modules)"
    done = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "False"
