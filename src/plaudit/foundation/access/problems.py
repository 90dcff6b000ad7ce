"""One translation of a refusal for programs (RFC 9457 problem documents) and one for pages (a sentence)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import ValidationError

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.refusals import FormExpired, OurFault
from plaudit.foundation.access.wording import said, way_on
from plaudit.foundation.exact import encode
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.requests import current_request_id

Answer = TypeVar("Answer", bound=HttpResponseBase)

API_PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"

# Directories provision people by a protocol of their own, with errors of its own (RFC 7644, 3.12).
SCIM_PREFIX = "/scim/"
SCIM_MEDIA_TYPE = "application/scim+json"
_SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

# Learning is told of by a protocol of its own too; every answer says its version (xAPI 1.0.3, part three, 3.3).
XAPI_PREFIX = "/xapi/"
XAPI_VERSION = "1.0.3"


class ProblemDocument(TypedDict, total=False):
    """RFC 9457, with our members `code`, `errors`, `way_forward`, `facts` and `request_id`.

    `errors` lists {"pointer": JSON pointer into the request, "code": …, "detail": sentence}.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]]
    way_forward: str
    facts: dict[str, Any]
    request_id: str


def problem_document(refusal: Refusal, request: HttpRequest | None = None) -> ProblemDocument:
    """The refusal for a program. `code` and `type` are stable; the sentences may be reworded."""
    document = ProblemDocument(
        type=f"urn:plaudit:problem:{refusal.code}",
        title=refusal.code.replace("_", " ").capitalize(),
        status=refusal.status,
        detail=refusal.say(),
        code=refusal.code,
    )
    if isinstance(refusal, Problem):
        document["errors"] = refusal.errors
    elif refusal.facts:
        document["facts"] = refusal.facts
    if way := refusal.next_step():
        document["way_forward"] = way
    request_id = getattr(request, "request_id", "") or current_request_id()
    if request_id:
        document["request_id"] = request_id
    return document


def problem_response(refusal: Refusal, request: HttpRequest | None = None) -> HttpResponse:
    """The refusal as an answer to a program, with the headers that belong to it."""
    if request is not None and request.path.startswith(SCIM_PREFIX):
        return _scim_error(refusal)
    body = encode(problem_document(refusal, request))
    response = HttpResponse(body, status=refusal.status, content_type=MEDIA_TYPE)
    if request is not None and request.path.startswith(XAPI_PREFIX):
        response["X-Experience-API-Version"] = XAPI_VERSION
    return with_refusal_headers(response, refusal)


def _scim_error(refusal: Refusal) -> HttpResponse:
    """The refusal as directories read it: a keyword where the protocol has one, and its status as a word."""
    faults = refusal.errors if isinstance(refusal, Problem) else []
    # What the rest of the API answers with 422 is, in this protocol, a value that is not taken.
    status, keyword = (400, "invalidValue") if refusal.status == 422 else (refusal.status, "")
    keyword = getattr(refusal, "scim_type", "") or keyword
    told = {
        "schemas": [_SCIM_ERROR],
        **({"scimType": keyword} if keyword else {}),
        "detail": " ".join([refusal.say(), *(str(one["detail"]) for one in faults)]),
        "status": str(status),
    }
    response = HttpResponse(encode(told), status=status, content_type=SCIM_MEDIA_TYPE)
    return with_refusal_headers(response, refusal)


def is_in_its_words(response: HttpResponseBase) -> bool:
    """Whether an error is told already as its program reads errors."""
    return response.headers.get("Content-Type", "").startswith((MEDIA_TYPE, SCIM_MEDIA_TYPE))


def with_refusal_headers(response: Answer, refusal: Refusal) -> Answer:
    """Say when to come back, and how to be let in."""
    if "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="plaudit"'
    elif refusal.code == "scope_missing":
        response["WWW-Authenticate"] = 'Bearer realm="plaudit", error="insufficient_scope"'
    return response


def refusal_page(refusal: Refusal, request: HttpRequest) -> HttpResponse:
    """The refusal as a page of its own: the sentence, what to do about it, and the reference to quote.

    `settings.REFUSAL_TEMPLATE` names the page; it is given `refusal`, `sentence`, `way_forward`,
    `request_id` and `actor`, and makes no query.
    """
    shown = {
        "refusal": refusal,
        "sentence": said(refusal),
        "way_forward": way_on(refusal),
        "request_id": current_request_id(),
        "actor": actor_of(request),
    }
    template = getattr(settings, "REFUSAL_TEMPLATE", "foundation/refusal.html")
    return with_refusal_headers(render(request, template, shown, status=refusal.status), refusal)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Django's answer to a form without its token, or from another site: CSRF_FAILURE_VIEW."""
    return refuse(FormExpired(), request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Django's answer to an address that leads nowhere: handler404."""
    return refuse(NotFound(kind="page", ref=request.path), request)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Django's answer to an error of ours: handler500. It says nothing of what went wrong."""
    return refuse(OurFault(), request)


def is_for_a_program(request: HttpRequest) -> bool:
    """Whether the answer goes to a program, and is never a page."""
    return request.path.startswith((API_PREFIX, SCIM_PREFIX, XAPI_PREFIX))


def refuse(refusal: Refusal, request: HttpRequest) -> HttpResponse:
    """The refusal as whoever asked can read it."""
    return problem_response(refusal, request) if is_for_a_program(request) else refusal_page(refusal, request)


def invalid_request(faults: Sequence[dict[str, Any]]) -> Problem:
    """What pydantic found wrong with a request, as one refusal with a JSON pointer for each fault.

    `faults` is pydantic's `errors()`: the place (`loc`) begins with where the value came from (body,
    query, path) and, in a body, the name of the argument that reads it.
    """
    errors = []
    for fault in faults:
        place = [str(part).replace("~", "~0").replace("/", "~1") for part in fault["loc"]]
        source, inside = place[0], place[2:] if place[0] == "body" and len(place) > 1 else place[1:]
        pointer = "/" + "/".join(inside) if inside else ""
        errors.append({"in": source, "pointer": pointer, "code": fault["type"], "detail": f"{fault['msg']}."})
    return Problem("The request is not as it must be.", errors=errors)


def translate_in(api: NinjaAPI) -> None:
    """Have an API leave every refusal to the middleware, which undoes what was done and then translates it.

    django-ninja would answer by itself, inside the transaction, with part of the act already written.
    """

    def raise_on(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        raise error

    def raise_invalid(_request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
        raise invalid_request(error.errors if isinstance(error, ValidationError) else [])

    api.add_exception_handler(Exception, raise_on)
    api.add_exception_handler(ValidationError, raise_invalid)
