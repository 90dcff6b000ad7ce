"""Refuses what an operation would silently ignore: unknown parameters, and bodies of another kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.operation import Operation

from plaudit.foundation.api.refusals import BodyMalformed, MediaTypeNotTaken, ParametersUnknown
from plaudit.foundation.refusals import NotFound, Problem

Run = Callable[..., HttpResponseBase]

JSON = "application/json"


def strictly(run: Run) -> Run:
    """Wrap an operation's `run`: raise `ParametersUnknown`, `MediaTypeNotTaken` and `BodyMalformed` first."""
    operation = getattr(run, "__self__", None)
    assert isinstance(operation, Operation), "the first decorator, so that it meets the operation itself"
    known = parameters_of(operation)
    bodies = [model for model in operation.models if model.__ninja_param_source__ == "body"]
    needs_body = any(field.is_required() for model in bodies for field in model.model_fields.values())

    @wraps(run)
    def checked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        _refuse_nul(request)
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise ParametersUnknown(names=unknown, known=sorted(known))
        if bodies and (needs_body or request.body):
            _require_json(request)
        return run(request, **arguments)

    return checked


def parameters_of(operation: Operation) -> frozenset[str]:
    """The query parameters that an operation has."""
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in getattr(model, "__ninja_flatten_map__", {})
    )


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL keeps no NUL in a text, so nothing is called by a name that has one."""
    if "\0" in request.path_info:
        raise NotFound(kind="address", ref=request.path_info.replace("\0", "␀"))
    for name, values in request.GET.lists():
        if any("\0" in text for text in (name, *values)):
            fault = {
                "in": "query",
                "pointer": f"/{name}",
                "code": "nul_character",
                "detail": "A NUL character.",
            }
            raise Problem("The address has a character that no text here holds.", errors=[fault])


def _require_json(request: HttpRequest) -> None:
    if not request.body.strip():
        raise BodyMalformed(reason="missing", detail="The body is empty.")
    media = (request.content_type or "").lower()
    if media != JSON:
        raise MediaTypeNotTaken(media=media, taken=JSON)
