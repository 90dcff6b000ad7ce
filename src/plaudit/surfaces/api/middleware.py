"""Refuses bodies that are too large before a byte of them is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plaudit.foundation.access.declarations import operations_of
from plaudit.foundation.access.problems import is_for_a_program, refuse
from plaudit.foundation.api.marks import BODY_BYTES_MAX, marks_of
from plaudit.foundation.api.refusals import BodyTooLarge, LengthNeeded
from plaudit.foundation.refusals import Refusal

Respond = Callable[[HttpRequest], HttpResponseBase]


class BoundedBodies:
    """Holds the length a request announces against what its operation takes: 1 MB unless it says more."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: tuple[Any, ...],
        _arguments: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not is_for_a_program(request):
            return None
        try:
            _require_bounded(request, _bytes_max(view, request.method or ""))
        except Refusal as refusal:
            return refuse(refusal, request)
        return None


def _require_bounded(request: HttpRequest, most: int) -> None:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthNeeded
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise LengthNeeded from None
    if length > most:
        raise BodyTooLarge(most=most)


def _bytes_max(view: Callable[..., HttpResponseBase], method: str) -> int:
    for methods, act in operations_of(view) or ():
        if method in methods:
            return marks_of(act).body_bytes_max
    return BODY_BYTES_MAX
