"""Reads bodies and writes answers: JSON whose numbers stay exact in both directions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from plaudit.activity.strict_json import JsonProblem, decode_strictly
from plaudit.foundation.api.refusals import BodyMalformed
from plaudit.foundation.exact import encode


class StrictParser(Parser):
    """Takes JSON of bounded depth and size, no key twice, no number that would lose a digit."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return decode_strictly(request.body)
        except JsonProblem as problem:
            raise BodyMalformed(
                reason=problem.code, detail=problem.sentence, pointer=problem.pointer
            ) from None


class ExactRenderer(BaseRenderer):
    """Writes decimals as the numbers they are, moments as RFC 3339."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:  # noqa: ARG002  # ninja's
        return encode(data)
