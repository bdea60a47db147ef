"""The AsyncAPI document says what the feed sends, and every reference in it leads somewhere."""

import json

import pytest

from afwegen.events.asyncapi import asyncapi
from afwegen.events.schema import json_schema


def references(value):
    """Yield every reference inside a document."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def found(document, pointer):
    for part in pointer.lstrip("#/").split("/"):
        document = document[part]
    return document


def test_every_reference_leads_somewhere():
    """In the document itself, or in the schema beside it."""
    documents = {"": asyncapi(), "./events.schema.json": json_schema()}

    for reference in references(asyncapi()):
        file, _, pointer = reference.partition("#")
        assert found(documents[file], pointer)


def test_it_is_an_asyncapi_document():
    """What version 3 of AsyncAPI asks of one: its own version, a title, and of an operation action and channel."""
    document = asyncapi(address="/api/feed")
    [operation] = document["operations"].values()
    [message] = document["components"]["messages"].values()

    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    assert operation["action"] in {"send", "receive"}
    assert found(document, operation["channel"]["$ref"])["address"] == "/api/feed"
    assert all(each["$ref"].startswith(operation["channel"]["$ref"]) for each in operation["messages"])
    assert message["payload"].keys() == {"schemaFormat", "schema"}


@pytest.mark.house
def test_the_file_is_up_to_date(root):
    """Written anew: ``python -m afwegen.events.asyncapi`` makes it."""
    assert json.loads((root / "docs" / "reference" / "asyncapi.json").read_text(encoding="utf-8")) == asyncapi()
