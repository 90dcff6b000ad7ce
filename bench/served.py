"""The product's own web application as it is served, with three more addresses to compare it with.

Under the same server, in the same process: `/empty` reads the request and answers; `/one` takes one event in
with the same rules in a transaction of its own; `/orm` does so row by row through the ORM. All three but the
first answer only after the commit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from plaudit.wsgi import application as product  # isort: skip  # sets Django up for all that follows

from django.conf import settings
from django.db import connection

from bench import orm
from plaudit.activity.events import SINGLE, EventError, IncomingEvent, decode_cloudevents
from plaudit.earning.actions.answering import take_in_and_tell
from plaudit.earning.api.shapes import taken_event
from plaudit.foundation.access.limits import BY_KEY, Limit
from plaudit.foundation.exact import encode

ORGANISATION = int(os.environ["BENCH_ORGANISATION"])

# One key asks as often as it can be answered; the limit is counted all the same.
settings.RATE_LIMITS = {BY_KEY.name: Limit(BY_KEY.name, quota=10**9, window=60, burst=10**9)}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what is compared here; everything else is the product's."""
    act = _ACTS.get(environ["PATH_INFO"])
    if act is None:
        return product(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answer = act(body)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def _event(body: bytes) -> IncomingEvent:
    (event,) = decode_cloudevents(body, SINGLE)
    assert not isinstance(event, EventError), "what is sent here is sound"
    return event


def _empty(_body: bytes) -> bytes:
    return b""


def _one(body: bytes) -> bytes:
    try:
        (taken,) = take_in_and_tell(ORGANISATION, [_event(body)])
        return encode(taken_event(taken, dry_run=False)).encode()
    finally:
        connection.close()


def _through_the_orm(body: bytes) -> bytes:
    try:
        orm.take_in_one(ORGANISATION, _event(body))
        return b"{}"
    finally:
        connection.close()


_ACTS = {"/empty": _empty, "/one": _one, "/orm": _through_the_orm}
