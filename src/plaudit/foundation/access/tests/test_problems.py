"""Refusals in the words of programs and of pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory, override_settings

from plaudit.foundation.access.problems import (
    invalid_request,
    problem_document,
    problem_response,
    refusal_page,
)
from plaudit.foundation.access.refusals import KeyNeeded, ScopeMissing, TooManyRequests
from plaudit.foundation.exact import decode
from plaudit.foundation.refusals import NotFound, Problem, Refusal
from plaudit.foundation.requests import request_at_work


class OutOfSeason(Refusal):
    code = "out_of_season"
    status = 409
    sentence = "{reward} is not to be had before {opens_at:%-d %B}."

    def __init__(self, *, reward: UUID, opens_at: datetime) -> None:
        super().__init__(reward=reward, opens_at=opens_at)


def test_a_problem_document_has_everything_rfc_9457_asks_for_and_our_members():
    reward = UUID(int=1)
    with request_at_work("req_1"):
        document = problem_document(OutOfSeason(reward=reward, opens_at=datetime(2026, 6, 1, tzinfo=UTC)))

    assert document == {
        "type": "urn:plaudit:problem:out_of_season",
        "title": "Out of season",
        "status": 409,
        "detail": f"{reward} is not to be had before 1 June.",
        "code": "out_of_season",
        "facts": {"reward": reward, "opens_at": datetime(2026, 6, 1, tzinfo=UTC)},
        "request_id": "req_1",
    }


def test_facts_of_every_kind_can_be_sent():
    response = problem_response(OutOfSeason(reward=UUID(int=1), opens_at=datetime(2026, 6, 1, tzinfo=UTC)))

    assert response["Content-Type"] == "application/problem+json"
    assert decode(response.content)["facts"] == {
        "reward": "00000000-0000-0000-0000-000000000001",
        "opens_at": "2026-06-01T00:00:00Z",
    }


@pytest.mark.parametrize(
    "refusal, header, says",
    [
        (TooManyRequests(retry_after=7), "Retry-After", "7"),
        (KeyNeeded(), "WWW-Authenticate", 'Bearer realm="plaudit"'),
        (
            ScopeMissing(needs="admin"),
            "WWW-Authenticate",
            'Bearer realm="plaudit", error="insufficient_scope"',
        ),
    ],
)
def test_the_headers_that_belong_to_a_refusal_are_there(refusal, header, says):
    assert problem_response(refusal)[header] == says


def test_many_faults_are_one_problem_with_a_pointer_each():
    faults: list[dict[str, Any]] = [
        {"loc": ("body", "new", "lines", 0, "price/unit"), "type": "missing", "msg": "Field required"},
        {"loc": ("query", "limit"), "type": "less_than_equal", "msg": "Input should be less than 200"},
        {"loc": ("body", "new"), "type": "json_invalid", "msg": "Invalid JSON"},
    ]

    problem = invalid_request(faults)

    assert isinstance(problem, Problem)
    assert [(one["in"], one["pointer"]) for one in problem.errors] == [
        ("body", "/lines/0/price~1unit"),
        ("query", "/limit"),
        ("body", ""),
    ]


def test_a_page_says_the_sentence_as_text():
    request = RequestFactory().get("/")
    with override_settings(REFUSAL_TEMPLATE="foundation/refusal.html"), request_at_work("req_1"):
        page = refusal_page(NotFound(kind="member", ref="<script>alert(1)</script>"), request)

    text = page.content.decode()
    assert page.status_code == 404
    assert "<script>" not in text
    assert "There is no member &lt;script&gt;" in text
    assert "req_1" in text
