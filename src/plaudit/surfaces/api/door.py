"""The short way for the commonest request there is: a program reports one event.

It stands before the web framework, which costs many times what the event itself does. What is not quite
that request (a query, an Idempotency-Key, another media type, no key) goes on to the application untouched;
what it answers itself it answers with the same words, by the same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from time import monotonic
from typing import Any

import structlog
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host

from plaudit.activity.events import SINGLE, EventError, decode_cloudevents
from plaudit.earning.actions.answering import Taken, take_in_one
from plaudit.earning.api.events import report_events
from plaudit.earning.api.shapes import taken_event
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.admitting import admit
from plaudit.foundation.access.declarations import declaration_of
from plaudit.foundation.access.limits import BY_KEY, Standing, count
from plaudit.foundation.access.middleware import HEADERS
from plaudit.foundation.access.problems import refuse
from plaudit.foundation.access.refusals import Unavailable
from plaudit.foundation.api.marks import marks_of
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import new_request_id, request_at_work
from plaudit.people.asking import KnownKeys
from plaudit.surfaces.api.asked import note

log = structlog.get_logger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Application = Callable[..., Iterable[bytes]]

PATH = "/api/v1/events"


class EventsDoor:
    """A WSGI application before another: answers single events, and hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._keys = KnownKeys()
        access = declaration_of(report_events, "POST")
        assert access is not None, "reporting events is declared like every other operation"
        self._access = access
        self._body_bytes_max = marks_of(report_events).body_bytes_max

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or not self._is_plain(environ):
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        request_id = new_request_id()
        with request_at_work(request_id):
            answer = self._answer(environ, body, request_id)
        if answer is None:
            environ["wsgi.input"] = BytesIO(body)
            return self._application(environ, start_response)
        status, headers, content = answer
        start_response(status, headers)
        return [content]

    def _is_plain(self, environ: Environ) -> bool:
        length = environ.get("CONTENT_LENGTH", "")
        return (
            environ["REQUEST_METHOD"] == "POST"
            and not environ.get("QUERY_STRING")
            and environ.get("CONTENT_TYPE") == SINGLE
            and environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
            and "HTTP_IDEMPOTENCY_KEY" not in environ
            and "HTTP_TRANSFER_ENCODING" not in environ
            and length.isascii()
            and length.isdigit()
            and int(length) <= self._body_bytes_max
            and _is_ours(environ.get("HTTP_HOST", ""))
        )

    def _answer(
        self, environ: Environ, body: bytes, request_id: str
    ) -> tuple[str, list[tuple[str, str]], bytes] | None:
        """The answer to one event; None where somebody else is to say what is wrong with the request."""
        standing, began = None, monotonic()
        try:
            actor = self._keys.program(environ["HTTP_AUTHORIZATION"][len("Bearer ") :].strip())
            admit(actor, self._access, {}, program=True)
            (event,) = decode_cloudevents(body, SINGLE)
            if isinstance(event, EventError):
                return None
            standing = count(BY_KEY, actor.ref)
            if not standing.allowed:
                return None
            taken = take_in_one(actor.organisation_id, event)
            taken.refuse()
        except (Refusal, OperationalError, InterfaceError) as error:
            if standing is None:
                return None
            answer = _refused(environ, error, standing, request_id)
        else:
            answer = _taken(environ, taken, standing, request_id)
        finally:
            connection.close()  # back to the pool, as after every request
        _note(actor, body, answer, began)
        return answer


def _note(actor: Actor, body: bytes, answer: tuple[str, list[tuple[str, str]], bytes], began: float) -> None:
    """The request goes into the log that developers look at, as any other."""
    status = int(answer[0][:3])
    note(
        actor, method="POST", route=PATH, arguments={}, query="", media=SINGLE, body=body, status=status,
        answer=answer[2] if status >= 400 else b"", began=began,
    )  # fmt: skip


def _taken(
    environ: Environ, taken: Taken, standing: Standing, request_id: str
) -> tuple[str, list[tuple[str, str]], bytes]:
    shown = taken_event(taken, dry_run=False)
    headers = [("Content-Type", "application/json; charset=utf-8")]
    if shown["status"] == "repeated":
        headers.append(("Idempotency-Replayed", "true"))
    if shown["links"] is not None:
        headers.append(("Location", shown["links"]["event"]))
    content = encode(shown).encode()
    status = "200 OK" if shown["status"] == "repeated" else "201 Created"
    return status, [*headers, *_headers(environ, standing, request_id, len(content))], content


def _refused(
    environ: Environ, error: Exception, standing: Standing, request_id: str
) -> tuple[str, list[tuple[str, str]], bytes]:
    if not isinstance(error, Refusal):
        log.error("database.unavailable", error=type(error.__cause__ or error).__name__)
        error = Unavailable()
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    request.request_id = request_id  # type: ignore[attr-defined]  # read by problem documents
    response: HttpResponse = refuse(error, request)
    log.info("request.refused", status=response.status_code, method="POST", route=PATH)
    own = _headers(environ, standing, request_id, len(response.content))
    named = {name for name, _ in response.items()}
    headers = [*response.items(), *((name, value) for name, value in own if name not in named)]
    return f"{response.status_code} {response.reason_phrase}", headers, response.content


def _headers(environ: Environ, standing: Standing, request_id: str, length: int) -> list[tuple[str, str]]:
    secure = "https" in (environ.get("wsgi.url_scheme"), environ.get("HTTP_X_FORWARDED_PROTO"))
    strict = settings.SECURE_HSTS_SECONDS if secure else 0
    return [
        *HEADERS.items(),
        *standing.headers().items(),
        ("X-Request-Id", request_id),
        ("Cache-Control", "no-store"),
        ("Content-Length", str(length)),
        *([("Strict-Transport-Security", f"max-age={strict}")] if strict else []),
    ]


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    """Whether the Host header names a host of ours; a wrong one is refused by the framework."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
