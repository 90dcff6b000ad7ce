"""The whole OpenAPI document thrown at the API: nothing breaks it, and every answer is as it says.

`make test` throws a few cases at every third operation; `make every-operation` throws at every one all that the
document's bounds suggest, some dozens each, whose making alone takes longer than most tests.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, SerializationContext
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from plaudit.foundation.access.limits import Limit
from plaudit.foundation.jobs import run_due
from plaudit.people.actions.keys import create_key
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.document import document
from plaudit.surfaces.api.door import EventsDoor
from plaudit.surfaces.api.tests.calling import Program
from plaudit.surfaces.api.tests.storytelling import tell

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]

NDJSON = "application/x-ndjson"

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", EventsDoor(WSGIHandler()))


@schemathesis.serializer(NDJSON)
def lines(_context: SerializationContext, value: object) -> bytes:
    """A text, as it is: its lines need not be JSON."""
    return str(value).encode()


@dataclass(frozen=True)
class Lived:
    """An organisation in which the whole story was told, so that references in it lead somewhere."""

    key: str
    path: dict[str, str]


@lru_cache(maxsize=1)
def lived_in() -> Lived:
    organisation_id = make_organisation().id
    secret = create_key(organisation_id, name="Thrown", scopes=["admin"], actor="cli").secret
    path: dict[str, str] = {"team": "regulars", "programme": "corner-shop", "type": "purchase"}
    for call, response in tell(Program(secret), lambda: run_due(organisation_id)):
        named = response.wsgi_request.resolver_match.kwargs
        path |= {name: value for name, value in named.items() if call.path}
    return Lived(secret, path)


@pytest.fixture(autouse=True)
def _unlimited() -> Iterator[None]:
    limits = {name: Limit(name, quota=10**9, window=1, burst=10**9) for name in ("key", "address")}
    with override_settings(RATE_LIMITS=limits):
        yield


few = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

ALL = os.environ.get("PLAUDIT_TEST_OPERATIONS") == "all"

if ALL:

    @schema.parametrize()
    @few
    def test_every_operation_keeps_its_word_whatever_is_thrown_at_it(case: Case[Any]) -> None:
        keeps_its_word(case)


def operations() -> list[tuple[str, str]]:
    """Every operation; by `make test` every third."""
    every = [(path, method) for path, item in document()["paths"].items() for method in item]
    return every if ALL else every[::3]


@pytest.mark.parametrize("path, method", operations())
def test_every_operation_keeps_its_word(path: str, method: str) -> None:
    operation = schema[path][method]
    right, wrong = (
        operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    few(given(right | wrong)(keeps_its_word))()


def keeps_its_word(case: Case[Any]) -> None:
    """Throw this case at its operation, references in it leading somewhere every other time."""
    lived, wrong = lived_in(), wrong_on_purpose(case)
    dice = random.Random(repr(case.path_parameters))  # noqa: S311  # alike in every run
    for name in case.path_parameters or {}:
        if name in lived.path and "path" not in wrong and dice.random() < 0.5:
            case.path_parameters[name] = lived.path[name]
    headers: dict[str, Any] = {"Authorization": f"Bearer {lived.key}"}
    # The key is always sent here, so a case that is wrong for lack of it is not wrong any more.
    checks = [*CHECKS, negative_data_rejection] if wrong & {"path", "query", "body"} else CHECKS
    many = not isinstance(case.body, dict) or case.media_type == NDJSON
    if case.operation.definition.raw["operationId"] == "report_events" and many:
        checks = CHECKS  # a fault in one event of many is named in the answer, and the others are taken
    answer = case.call(headers=headers)
    if answer.status_code == 413:
        checks = CHECKS  # too large to be read at all, which is a refusal as well
    case.validate_response(answer, headers=headers, checks=checks)


def wrong_on_purpose(case: Case[Any]) -> set[str]:
    """The parts of a case that were made to break the document."""
    parts = case.meta.components if case.meta is not None else {}
    return {place.value for place, part in parts.items() if part.mode is GenerationMode.NEGATIVE}


def test_the_document_is_the_one_that_is_served() -> None:
    assert schema.raw_schema["paths"].keys() == document()["paths"].keys()
