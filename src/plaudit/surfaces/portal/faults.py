"""Pages for what goes wrong outside a view: an address that is not there, a request nobody can read, a fault of ours."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError

from plaudit.foundation.access import problems
from plaudit.foundation.access.refusals import NotUnderstood
from plaudit.foundation.refusals import Refusal
from plaudit.foundation.requests import current_request_id

log = structlog.get_logger(__name__)

# What is left when even the page that says so cannot be drawn: no template, no database.
_PLAIN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Something went wrong</title></head>
<body><main><h1>Something went wrong on our side. Nothing was changed.</h1>
<p>Try again in a moment. If it stays, tell whoever runs this, with the reference {reference}.</p>
<p><a href="/">Go to the first page</a></p></main></body></html>"""


class NoSuchPage(Refusal):
    code = "not_found"
    status = 404
    exit_code = 3
    sentence = "There is no page at this address."
    way_forward = "Check the address, or go on from the first page."


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler404."""
    return problems.refusal_page(NoSuchPage(), request)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler400."""
    return problems.refusal_page(NotUnderstood(status=400), request)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler403; our own refusals never come here."""
    return problems.refusal_page(NotUnderstood(status=403), request)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page in our design, or a plain one where that fails too."""
    try:
        return problems.our_fault(request)
    except Exception:
        log.exception("page.failed_twice", path=request.path)
        return HttpResponseServerError(_PLAIN.format(reference=current_request_id()))
