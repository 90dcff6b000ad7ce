"""What every answer has: a reference, strict headers, and words a program can read."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plaudit.foundation.access.actors import NOBODY, actor_of
from plaudit.foundation.access.problems import is_for_a_program, is_in_its_words, problem_response
from plaudit.foundation.access.refusals import MethodNotAllowed, NotUnderstood, OurFault
from plaudit.foundation.refusals import NotFound, Refusal
from plaudit.foundation.requests import client_address, new_request_id, request_at_work, route_of

log = structlog.get_logger(__name__)

Respond = Callable[[HttpRequest], HttpResponseBase]

_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_SOURCES)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class EveryAnswer:
    """The outermost middleware: gives the request its id and the answer its headers.

    An answer that says nothing about caching is personal and kept nowhere. An error under the API's
    address that is no problem document yet (an unknown address, a fault of ours) becomes one.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = new_request_id()
        request.request_id = request_id  # type: ignore[attr-defined]  # read by problem documents
        request.actor = NOBODY  # type: ignore[attr-defined]  # read with `actor_of`
        with request_at_work(request_id):
            response = self.get_response(request)
            if response.status_code >= 400 and is_for_a_program(request):
                response = _as_problem(response, request)
            if 400 <= response.status_code < 500:
                _log_refusal(request, response)
        response["X-Request-Id"] = request_id
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _log_refusal(request: HttpRequest, response: HttpResponseBase) -> None:
    """In place of Django's own line, which says the whole address: some of them are secrets."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  # Django asks for it
    log.info(
        "request.refused",
        status=response.status_code,
        method=request.method,
        route=route_of(request),
        actor=actor_of(request).ref or "nobody",
        address=client_address(request),
    )


def _as_problem(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """The same error in the API's words, unless it is in them already."""
    if is_in_its_words(response):
        return response
    problem = problem_response(_refusal_behind(response, request), request)
    if "Allow" in response.headers:
        problem["Allow"] = response.headers["Allow"]
    return problem


def _refusal_behind(response: HttpResponseBase, request: HttpRequest) -> Refusal:
    status = response.status_code
    if status == 404:
        return NotFound(kind="address", ref=request.path)
    if status == 405:
        return MethodNotAllowed(method=request.method or "")
    return OurFault() if status >= 500 else NotUnderstood(status=status)
