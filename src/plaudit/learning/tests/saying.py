"""Statements of the Experience API for tests, and what is changed about them."""

from __future__ import annotations

from copy import deepcopy
from hashlib import sha256
from typing import Any

from plaudit.learning.rules.multipart import File

ADL = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://learn.example/courses/listening"
REGISTRATION = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
NOTHING = object()

Json = dict[str, Any]

FILE = File(sha256(b"page 3\r\n--no end\x00").hexdigest(), "text/plain", b"page 3\r\n--no end\x00")
MAILBOX = {"mbox": "mailto:ada@people.example"}
WHOLE: Json = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": {"objectType": "Agent", "name": "Ada", **MAILBOX},
    "verb": {"id": f"{ADL}completed", "display": {"en": "completed", "de": "schloss ab"}},
    "object": {
        "objectType": "Activity",
        "id": COURSE,
        "definition": {
            "name": {"en-GB": "Listening"},
            "description": {"en": "A day on listening"},
            "type": "http://adlnet.gov/expapi/activities/course",
            "moreInfo": "https://learn.example/about",
            "interactionType": "choice",
            "correctResponsesPattern": ["ears"],
            "choices": [{"id": "ears", "description": {"en": "Ears"}}, {"id": "eyes"}],
            "extensions": {"https://learn.example/level": 2},
        },
    },
    "result": {
        "score": {"scaled": 0.95, "raw": 19, "min": 0, "max": 20},
        "success": True,
        "completion": True,
        "response": "ears",
        "duration": "PT1H30M",
        "extensions": {"https://learn.example/mood": None},
    },
    "context": {
        "registration": REGISTRATION,
        "instructor": {"account": {"homePage": "https://learn.example", "name": "17"}},
        "team": {"objectType": "Group", "member": [{"openid": "https://id.example/bo"}]},
        "contextActivities": {
            "parent": {"id": "https://learn.example/courses"},
            "category": [{"id": "https://x.example/y"}],
        },
        "revision": "2",
        "platform": "A classroom",
        "language": "en-GB",
        "statement": {"objectType": "StatementRef", "id": "8f87ccde-bb56-4c2e-ab83-44982ef22df0"},
        "extensions": {"https://learn.example/room": {"floor": 3, "seats": []}},
    },
    "timestamp": "2026-03-02T09:30:00.123+01:00",
    "version": "1.0.3",
    "attachments": [
        {
            "usageType": "https://learn.example/proof",
            "display": {"en": "Proof"},
            "contentType": "application/pdf",
            "length": 1200,
            "sha2": "672fa5fa658017f1b72d65036f13379c6ab05d4ab3b6664908d8acf0b6a0c634",
            "fileUrl": "https://learn.example/proof.pdf",
        }
    ],
}


def said(verb: str = "completed", *, who: Json | None = None, what: str = COURSE, **more: Any) -> Json:
    """A short statement: somebody did that to a course."""
    return {"actor": who or MAILBOX, "verb": {"id": f"{ADL}{verb}"}, "object": {"id": what}, **more}


def but(place: str, value: object = NOTHING) -> Json:
    """The whole statement with another value at a place, or without it."""
    changed: Any = deepcopy(WHOLE)
    at = changed
    *way, last = place.split("/")
    for name in way:
        at = at[int(name)] if isinstance(at, list) else at[name]
    key: Any = int(last) if isinstance(at, list) else last
    if value is NOTHING:
        del at[key]
    else:
        at[key] = value
    found: Json = changed
    return found


def attached(one: File = FILE, **more: object) -> Json:
    """An attachment that names this file, which is sent along."""
    return {
        "usageType": "https://learn.example/proof",
        "display": {"en": "Proof"},
        "contentType": one.media,
        "length": len(one.content),
        "sha2": one.sha2,
        **more,
    }
