"""The log of requests: what stands in it, what never does, and a request sent again in a sandbox."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import connection
from django.test import Client

from plaudit.foundation import clock
from plaudit.foundation.request_log import KEPT_FOR, RequestLog, forget_requests, request_log
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.actions.keys import create_key
from plaudit.people.models import ApiKey
from plaudit.people.queries import sandboxes_of
from plaudit.people.tests.browsing import program, program_with
from plaudit.people.tests.factories import ACTOR
from plaudit.surfaces.console.tests.shops import Company, make_company
from plaudit.surfaces.console.tests.test_pages import text_of

REQUESTS = "/console/dev/requests"
SECRETS = ("Ada Lovelace", "ada@home.example", "till-0042", "She was angry")


def enrol(client: Client, name: str = SECRETS[0]) -> str:
    """A member enrolled over the API; the reference of the request."""
    body = {
        "kind": "customer",
        "name": name,
        "email": SECRETS[1],
        "external_ids": [{"source": "till", "id": SECRETS[2]}],
        "attributes": {"note": SECRETS[3]},
    }
    answer = client.post(
        "/api/v1/members",
        json.dumps(body),
        "application/json",
        headers={"Idempotency-Key": name.replace(" ", "-")},
    )
    assert answer.status_code < 300, answer.content
    return str(answer["X-Request-Id"])


def written(company: Company) -> str:
    """Every row of the organisation's log, as the database has it."""
    request_log.write()
    with in_organisation(company.id), connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(string_agg(t::text, ' '), '') from foundation_logged_request t"
            " where organisation_id = %s",
            [company.id],
        )
        return str(cursor.fetchone()[0])


def test_no_secret_and_nothing_personal_is_in_the_log():
    company = make_company()
    secret = create_key(company.id, name="Till", scopes=["admin"], actor=ACTOR).secret
    client = program_with(secret)
    enrol(client)
    client.get("/api/v1/members", {"search": SECRETS[0]})
    client.get(f"/api/v1/members/ext:till:{SECRETS[2]}")
    client.post("/api/v1/members", f"{{{SECRETS[0]}", "application/json")
    kept = written(company)

    assert "/api/v1/members" in kept
    for word in (*SECRETS, "plt_live_", "Bearer", secret):
        assert word not in kept, word


def test_a_request_is_found_and_copied():
    company = make_company()
    reference = enrol(program(company.id, ["admin"]))
    program(company.id, ["admin"]).get("/api/v1/members/ext:till:nobody")
    written(company)
    developer = company.person("developer")

    every = text_of(developer.get(REQUESTS))
    refused = text_of(developer.get(REQUESTS, {"status": "4", "method": "GET"}))
    one = text_of(developer.get(REQUESTS, {"search": reference}))
    page = text_of(developer.get(f"{REQUESTS}/{reference}"))

    assert "POST /api/v1/members" in every and "GET /api/v1/members/…" in every
    assert "not_found" in refused and "POST" not in refused.partition("<tbody>")[2]
    assert reference in one and "not_found" not in one
    assert "curl -X POST" in page and "$PLAUDIT_KEY" in page and '"kind": "customer"' in page
    assert make_company().person("developer").get(f"{REQUESTS}/{reference}").status_code == 404
    assert company.person("manager").get(REQUESTS).status_code == 403


def test_a_request_is_sent_again_in_a_sandbox_and_nowhere_else():
    company = make_company()
    reference = enrol(program(company.id, ["admin"]))
    written(company)
    developer = company.person("developer")
    developer.post("/console/dev/sandboxes/make", {"name": "Try"})
    (sandbox,) = sandboxes_of(company.id)
    developer.post("/console/dev/sandboxes/leave")
    at = f"{REQUESTS}/{reference}/send"
    body = {"kind": "customer", "name": "Bo"}
    form = {"sandbox": sandbox.code, "target": "/api/v1/members", "body": json.dumps(body)}

    answer = text_of(developer.post(at, form))
    live = developer.post(at, {**form, "sandbox": company.organisation.code})
    unfilled = developer.post(at, {**form, "target": "/api/v1/members/…"})
    elsewhere = developer.post(at, {**form, "target": "/console/"})

    assert f"{sandbox.name} answered 201" in answer and '"Bo"' in answer
    assert (live.status_code, unfilled.status_code, elsewhere.status_code) == (422, 422, 422)
    with in_organisation(sandbox.id):
        assert not ApiKey.objects.filter(organisation_id=sandbox.id, revoked_at=None).exists()
    assert ">Bo<" not in text_of(developer.get("/console/members", {"search": "Bo"}))


def test_requests_are_kept_for_a_stated_time_and_number():
    company = make_company()
    enrol(program(company.id, ["admin"]))
    assert written(company)

    assert forget_requests(company.id, older_than=clock.wall() - KEPT_FOR) == 0
    assert forget_requests(company.id, older_than=clock.wall() + timedelta(seconds=1)) == 1
    assert "kept for 7 days" not in text_of(company.person("developer").get(REQUESTS))


def test_a_log_that_nobody_writes_holds_no_more_than_it_says():
    waiting = RequestLog()
    waiting._written_at += 1_000
    for _ in range(2_000):
        waiting.add(None)  # type: ignore[arg-type]  # only counted

    assert len(waiting._waiting) == 500
