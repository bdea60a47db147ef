"""
The feed as an AsyncAPI 3 document, beside the JSON Schema it refers to: ``python -m afwegen.events.asyncapi FILE``.

It describes server-sent events: each carries one record, and as its id the cursor after it, with which a reader that
was cut off goes on where it was.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

__all__ = ["asyncapi"]

FORMAT: Final = "application/schema+json;version=draft-2020-12"


def asyncapi(*, address: str = "/feed", schema: str = "./events.schema.json") -> dict[str, Any]:
    """
    Return the AsyncAPI document of a host that shows the feed.

    >>> asyncapi(address="/api/feed")["channels"]["feed"]["address"]
    '/api/feed'

    Args:
        address: Where the host shows it.
        schema: Where the JSON Schema of the vocabulary lies, seen from the document.
    """
    cursor = {"type": "string", "description": "Opaque. Sent back as Last-Event-ID it goes on from there."}
    record = {
        "name": "record",
        "title": "A record",
        "summary": "One act of one session, as its reader may see it when it is sent.",
        "contentType": "application/json",
        "headers": {"type": "object", "properties": {"id": cursor}, "required": ["id"]},
        "payload": {"schemaFormat": FORMAT, "schema": {"$ref": f"{schema}#/$defs/Record"}},
    }
    feed = {
        "address": address,
        "title": "All sessions",
        "description": "All records of all sessions, each session in its own order: none is missed, none comes twice.",
        "messages": {"record": {"$ref": "#/components/messages/record"}},
    }
    follow = {
        "action": "send",
        "channel": {"$ref": "#/channels/feed"},
        "summary": "Records as they are committed, for as long as somebody listens.",
        "messages": [{"$ref": "#/channels/feed/messages/record"}],
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "The feed of afwegen",
            "version": version("afwegen"),
            "description": "What happens in a group's decision sessions, as server-sent events.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {"feed": feed},
        "operations": {"follow": follow},
        "components": {"messages": {"record": record}},
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(f"{json.dumps(asyncapi(), indent=1, ensure_ascii=False)}\n", encoding="utf-8")
