"""The description of the API, served: the OpenAPI document, and the same as a page that needs no script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plaudit.foundation.access.declarations import public
from plaudit.foundation.exact import encode
from plaudit.surfaces.api.document import DESCRIPTION, document
from plaudit.surfaces.api.reference import chapters

_KEPT = "public, max-age=300"


@require_safe
@public
def openapi(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    response = HttpResponse(encode(document()), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = _KEPT
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@public
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation on one page, without scripts or anything from elsewhere."""
    shown = {"title": "API reference", "intro": DESCRIPTION.split("\n\n"), "chapters": chapters()}
    response = render(request, "api/reference.html", shown)
    response["Cache-Control"] = _KEPT
    return response
