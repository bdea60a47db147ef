"""In an application with Litestar: it takes any event by one decoder."""

import pytest

litestar = pytest.importorskip("litestar", reason="needs Litestar (extra dev)")

from litestar import Litestar, post  # noqa: E402
from litestar.params import JSONBody  # noqa: E402
from litestar.testing import TestClient  # noqa: E402

from afwegen.events import AnyEvent  # noqa: E402
from afwegen.interop.plain import read_event  # noqa: E402

pytestmark = pytest.mark.hosts


@post("/events")
async def record(data: JSONBody[AnyEvent]) -> list[str]:
    """Tell what was sent."""
    return [repr(data)]


@pytest.fixture(scope="module")
def client():
    """An application with the decoder."""
    app = Litestar([record], type_decoders=[(lambda kind: kind is AnyEvent, lambda _, plain: read_event(plain))])
    with TestClient(app) as client:
        yield client


def test_any_event_comes_in_with_its_type(client):
    """A handler is given the event."""
    answer = client.post("/events", json={"type": "step-started/1", "fields": {"step": "inventory"}})

    assert answer.json() == ["StepStarted(step=<Step.INVENTORY: 'inventory'>)"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"type": "step-started/1", "fields": {"step": "lunch"}}, "choose from preparation"),
        ({"type": "step-started/9", "fields": {}}, "version 9"),
        ({"step": "inventory"}, "give an object with fields, type"),
    ],
)
def test_what_is_no_event_is_refused_in_our_words(client, body, says):
    """With 400, as Litestar refuses."""
    answer = client.post("/events", json=body)

    assert answer.status_code == 400
    assert says in answer.json()["extra"][0]["message"]
