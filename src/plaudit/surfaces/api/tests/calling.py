"""Programs that call the API, for tests: a key, an address, and an Idempotency-Key where one is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from django.test import Client

from plaudit.foundation.exact import decode, encode
from plaudit.people.actions.keys import create_key
from plaudit.people.tests.factories import ACTOR

AT = "/api/v1"
JSON = "application/json"
EVENT = "application/cloudevents+json"
EVENTS = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"

Response = Any  # the test client adds to its answers what no type of Django's says

_numbers = count(1)


class Program:
    """A program with a key."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False, headers=headers)

    def get(self, path: str, **query: str | int) -> Response:
        return self.client.get(f"{AT}{path}", query_params=query)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = "",
        media: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One call; with a new Idempotency-Key unless one, or none at all (None), is asked for."""
        sent = dict(headers or {})
        if key is not None:
            sent["Idempotency-Key"] = key or f"key-{next(_numbers)}"
        data = body if isinstance(body, bytes | str) else b"" if body is None else encode(body)
        return self.client.generic(method, f"{AT}{path}", data, content_type=media, headers=sent)

    def post(self, path: str, body: object = None, **options: Any) -> Response:
        return self.send("POST", path, {} if body is None else body, **options)

    def report(self, event: object, **query: str) -> Response:
        """Report one event."""
        at = f"{AT}/events?" + "&".join(f"{name}={value}" for name, value in query.items())
        return self.client.generic("POST", at, encode(event), content_type=EVENT)

    def report_all(self, events: Iterable[object], **query: str) -> Response:
        """Report many events as a JSON array."""
        at = f"{AT}/events?" + "&".join(f"{name}={value}" for name, value in query.items())
        return self.client.generic("POST", at, encode(list(events)), content_type=EVENTS)


def program(organisation_id: int, *scopes: str, made_by: str = ACTOR) -> Program:
    """A program with a key of these scopes, or of them all."""
    made = create_key(organisation_id, name="Tests", scopes=scopes or ["admin"], actor=made_by)
    return Program(made.secret)


def stranger() -> Program:
    """A program without a key."""
    return Program("")


def body_of(response: Response) -> Any:
    """What was answered, its numbers exact."""
    return decode(response.content)


def purchase(member: str | None, amount: Any, *, id: str = "", **more: Any) -> dict[str, Any]:
    """A purchase at the till, as a CloudEvent."""
    event = {
        "specversion": "1.0",
        "id": id or f"sale-{next(_numbers)}",
        "source": "till",
        "type": "purchase",
        "time": "2026-03-02T12:00:00Z",
        "data": {"amount": amount},
        **more,
    }
    return event if member is None else {**event, "subject": member}
