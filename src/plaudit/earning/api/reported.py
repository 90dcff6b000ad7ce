"""What comes in at POST /events and what goes out for a batch, as the reference describes it."""

from __future__ import annotations

from typing import Any, Literal

from plaudit.activity.events import BATCH, ID_CHARACTERS_MAX, LINES, SINGLE
from plaudit.earning.api.shapes import ShownExplanation, ShownGrant
from plaudit.foundation.api.shapes import Answer


class Fault(Answer):
    """One thing wrong, with the JSON pointer of its place in the request."""

    pointer: str
    code: str
    detail: str


class EventProblemDocument(Answer):
    """Why an event was not taken (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] | None = None
    way_forward: str | None = None
    facts: dict[str, Any] | None = None
    request_id: str | None = None


class BatchCounts(Answer):
    """How many events there are of each status."""

    recorded: int
    repeated: int
    conflict: int
    refused: int
    failed: int


class BatchResult(Answer):
    """What became of one event of a batch; `problem` says why where it was not taken."""

    index: int
    status: Literal["recorded", "repeated", "conflict", "refused", "failed"]
    id: str | None
    source: str | None
    key: str | None
    member: str | None
    grants: list[ShownGrant]
    explanation: ShownExplanation | None
    problem: EventProblemDocument | None


class TakenBatch(Answer):
    """What became of every event of a batch, in the order in which they were sent."""

    dry_run: bool
    counts: BatchCounts
    results: list[BatchResult]


_NAME = {"type": "string", "minLength": 1, "maxLength": ID_CHARACTERS_MAX}
_NAME_OR_NOT = {**_NAME, "type": ["string", "null"]}

CLOUD_EVENT: dict[str, Any] = {
    "title": "CloudEvent",
    "type": "object",
    "description": "A CloudEvent 1.0. Further extension attributes are let pass and not kept.",
    "required": ["specversion", "id", "source", "type", "time"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            **_NAME,
            "description": "What the source calls this event; unique for ever within the source.",
        },
        "source": {**_NAME, "description": "The system that reports."},
        "type": {**_NAME, "description": "A declared activity type."},
        "subject": {
            **_NAME_OR_NOT,
            "description": "The member, by the id that `subjectsource`, or else `source`, has for them.",
        },
        "subjectsource": _NAME_OR_NOT,
        "time": {"type": "string", "format": "date-time", "description": "When it happened, with offset."},
        "corrects": {
            **_NAME_OR_NOT,
            "description": "The id, in the same source, of the event that this one corrects.",
        },
        "dataschema": _NAME_OR_NOT,
        "datacontenttype": {"enum": ["application/json", None]},
        "data": {"type": ["object", "null"], "description": "The fields that the activity type declares."},
    },
}

_ONE = {"schema": CLOUD_EVENT}
_MANY = {"schema": {"type": "array", "items": CLOUD_EVENT, "maxItems": 20_000}}

REPORT: dict[str, Any] = {
    "required": True,
    "content": {
        SINGLE: _ONE,
        BATCH: _MANY,
        LINES[0]: {"schema": {"type": "string", "description": "One CloudEvent a line."}},
        "application/json": {"schema": {"anyOf": [CLOUD_EVENT, _MANY["schema"]]}},
    },
}
