"""Notes every request of a program that showed a key, redacted, for the log that developers look at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plaudit.foundation import clock
from plaudit.foundation.access.actors import Actor, actor_of
from plaudit.foundation.access.problems import is_for_a_program
from plaudit.foundation.exact import decode
from plaudit.foundation.request_log import Asked, request_log
from plaudit.foundation.requests import current_request_id, route_of
from plaudit.surfaces.api.redacting import redacted_body, redacted_target

Respond = Callable[[HttpRequest], HttpResponseBase]


class Noted:
    """It stands outside `WhoIsAsking`, so that it sees the answer as it leaves and who asked."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_a_program(request):
            return self.get_response(request)
        began = monotonic()
        response = self.get_response(request)
        actor = actor_of(request)
        if actor.key_id is not None:
            match = request.resolver_match
            note(
                actor,
                method=request.method or "",
                route=route_of(request) if match is not None else "/api/v1/…",
                arguments=dict(match.kwargs) if match is not None else {},
                query=request.META.get("QUERY_STRING", ""),
                media=request.META.get("CONTENT_TYPE", ""),
                # Only what the operation read anyway: a file that is streamed is not held for this.
                body=getattr(request, "_body", b""),
                status=response.status_code,
                answer=getattr(response, "content", b"") if response.status_code >= 400 else b"",
                began=began,
            )
        return response


def note(
    actor: Actor,
    *,
    method: str,
    route: str,
    arguments: dict[str, object],
    query: str,
    media: str,
    body: bytes,
    status: int,
    answer: bytes,
    began: float,
) -> None:
    """Have one request written down by and by; it is redacted then, before it comes to the database."""
    kept = body[:_BODY_BYTES_MAX] if "json" not in media else body if len(body) <= _BODY_BYTES_MAX else b""
    request_log.add(
        Asked(
            organisation_id=actor.organisation_id,
            request_id=current_request_id(),
            asked_at=clock.wall(),
            actor=actor.ref,
            method=method,
            media=media.partition(";")[0].strip()[:100],
            status=status,
            problem=_problem(answer),
            milliseconds=round((monotonic() - began) * 1000),
            redact=partial(_redacted, route, arguments, query, kept, media),
        )
    )


_BODY_BYTES_MAX = 200_000


def _redacted(
    route: str, arguments: dict[str, object], query: str, body: bytes, media: str
) -> tuple[str, str]:
    return redacted_target(route, arguments, query), redacted_body(body, media)


def _problem(answer: bytes) -> str:
    """The code of a problem document: one of ours, never a word of the caller's."""
    if not answer:
        return ""
    try:
        said = decode(answer)
    except ValueError:
        return ""
    return str(said.get("code", ""))[:100] if isinstance(said, dict) else ""
