"""Pages for what goes wrong outside a view: an address that is not there, a form too old, a fault of ours."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseServerError

from plaudit.foundation.access.problems import refusal_page
from plaudit.foundation.access.refusals import NotUnderstood, OurFault
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


class FormTooOld(Refusal):
    """The secret in a form is not this browser's: it was open too long, or came from elsewhere."""

    code = "form_too_old"
    status = 403
    exit_code = 6
    sentence = "This page was open for too long, so what you sent was not done."
    way_forward = "Go back, load the page again, and send it once more."


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler404."""
    return refusal_page(NoSuchPage(), request)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler400."""
    return refusal_page(NotUnderstood(status=400), request)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django names it
    """Django's handler403; our own refusals never come here."""
    return refusal_page(FormTooOld(), request)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    log.info("form.refused", path=request.path, reason=reason)
    return refusal_page(FormTooOld(), request)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page in our design, or a plain one where that fails too."""
    try:
        return refusal_page(OurFault(), request)
    except Exception:
        log.exception("page.failed_twice", path=request.path)
        return HttpResponseServerError(_PLAIN.format(reference=current_request_id()))
