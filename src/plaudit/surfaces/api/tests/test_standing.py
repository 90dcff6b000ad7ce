"""What the API answers about itself, and how it says no to what is not there or not taken."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from plaudit.foundation.access.middleware import CONTENT_SECURITY_POLICY
from plaudit.people.tests.factories import make_organisation, make_sandbox
from plaudit.surfaces.api.tests.calling import AT, body_of, program, stranger

PROBLEM = "application/problem+json"


def test_anybody_may_ask_whether_plaudit_is_well():
    answer = stranger().get("/health")

    assert (answer.status_code, body_of(answer)["status"]) == (200, "ok")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Request-Id"].startswith("req_")


def test_a_key_can_be_asked_what_it_is():
    sandbox = make_sandbox()

    told = body_of(program(sandbox.id, "ledger:read", "members:read").get("/me"))

    assert told["organisation"] == sandbox.name and told["sandbox"] is True
    assert told["scopes"] == ["members:read", "ledger:read"]
    assert told["key"].startswith("key_")


def test_the_document_and_the_page_are_everybodys_and_want_nothing_from_elsewhere():
    document, page = stranger().get("/openapi.json"), stranger().get("/docs")

    assert body_of(document)["openapi"].startswith("3.1")
    text = page.content.decode()
    assert page.status_code == 200 and page["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", text) == []
    assert "POST /api/v1/events" in text and "sale-1" in text


def test_an_address_that_is_not_there_is_a_problem():
    answer = stranger().get("/no-such-thing")

    problem = body_of(answer)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert problem["code"] == "not_found" and problem["status"] == 404
    assert problem["type"] == "urn:plaudit:problem:not_found" and problem["request_id"]


def test_a_method_that_is_not_there_is_a_problem_that_says_which_are():
    answer = program(make_organisation().id).send("PUT", "/members", {})

    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert set(answer["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@pytest.mark.parametrize(
    "path", ["/Members", "//members", "/members/", "/members/../keys", "/members;x", "/%2e%2e/members"]
)
def test_an_address_written_otherwise_leads_nowhere_or_to_the_same_door(path):
    assert stranger().get(path).status_code in {401, 404}


def test_a_parameter_that_means_nothing_is_refused_by_name():
    answer = program(make_organisation().id).get("/members", serach="ada")

    problem = body_of(answer)
    assert (answer.status_code, problem["code"]) == (422, "parameters_unknown")
    assert problem["errors"][0]["pointer"] == "/serach"
    assert "search" in problem["errors"][0]["detail"]


def test_a_page_is_at_most_two_hundred_long():
    caller = program(make_organisation().id)

    for limit in ("0", "201", "1000000000", "x", "1.5"):
        answer = caller.get("/members", limit=limit)
        assert (answer.status_code, body_of(answer)["errors"][0]["pointer"]) == (422, "/limit")
    assert caller.get("/members", limit=200).status_code == 200


def test_a_body_of_another_kind_is_refused():
    answer = program(make_organisation().id).post("/members", "name=ada", media="text/plain")

    assert (answer.status_code, body_of(answer)["code"]) == (415, "media_type_not_taken")


@pytest.mark.parametrize(
    "body, code",
    [
        ("{", "malformed"),
        ('{"name": "a", "name": "b"}', "key_twice"),
        ('{"attributes": ' + '{"a":' * 40 + "1" + "}" * 40 + "}", "too_deep"),
        ('{"name": "\\u0000"}', "nul_character"),
        ('{"attributes": {"n": 1' + "0" * 60 + "}}", "number_too_large"),
        ("", "missing"),
    ],
)
def test_json_that_cannot_be_taken_is_refused_with_its_reason(body, code):
    answer = program(make_organisation().id).post("/members", body)

    problem = body_of(answer)
    assert (answer.status_code, problem["code"]) == (400, "body_malformed")
    assert problem["errors"][0]["code"] == code


def test_a_field_that_means_nothing_is_refused_with_its_place():
    answer = program(make_organisation().id).post("/members", {"name": "Ada", "nmae": "x"})

    assert (answer.status_code, body_of(answer)["errors"][0]["pointer"]) == (422, "/nmae")


@pytest.mark.parametrize("value", ["5", 5.0, True, None])
def test_a_whole_number_is_a_whole_number(value):
    caller = program(make_organisation().id)

    answer = caller.post(
        "/adjustments", {"member": "ext:a:b", "unit": "points", "amount": value, "reason": "because"}
    )

    assert (answer.status_code, body_of(answer)["errors"][0]["pointer"]) == (422, "/amount")


def test_a_body_over_a_megabyte_is_refused_before_it_is_read():
    caller = program(make_organisation().id)

    answer = caller.client.generic(
        "POST",
        f"{AT}/members",
        b"{}",
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
        CONTENT_LENGTH=str(1024 * 1024 + 1),
    )

    assert (answer.status_code, body_of(answer)["code"]) == (413, "body_too_large")


def test_a_body_of_unknown_length_is_refused():
    answer = program(make_organisation().id).send(
        "POST", "/members", {}, headers={"Transfer-Encoding": "chunked"}
    )

    assert (answer.status_code, body_of(answer)["code"]) == (411, "length_needed")


def test_a_nul_in_an_address_is_refused():
    caller = program(make_organisation().id)

    assert caller.client.get(f"{AT}/members/ext:till:a%00da").status_code == 404
    assert caller.client.get(f"{AT}/members?search=a%00da").status_code == 422
    assert caller.get("/members/ext:till%2500:ada").status_code == 404


def test_a_write_without_a_key_of_its_own_is_refused():
    caller = program(make_organisation().id)

    answer = caller.post("/members", {"name": "Ada"}, key=None)

    assert (answer.status_code, body_of(answer)["code"]) == (400, "idempotency_key_missing")
    assert body_of(caller.get("/members"))["items"] == []


def test_a_browser_that_is_signed_in_opens_no_door_of_the_api():
    client = Client(SERVER_NAME="localhost", headers={"Authorization": "Basic YTpi"})

    assert client.get(f"{AT}/members").status_code == 401


def test_every_answer_says_how_much_may_still_be_asked():
    answer = program(make_organisation().id).get("/me")

    assert re.fullmatch(r'"key";r=\d+;t=\d+', answer["RateLimit"])
    assert answer["RateLimit-Policy"].startswith('"key";q=')
