"""The API: keys, scopes, problem documents, one act for one key, limits."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from plaudit.foundation import clock
from plaudit.foundation.access.limits import Limit, buckets
from plaudit.foundation.access.refusals import KeyNotAccepted
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import at_once
from plaudit.people.actions.keys import create_key, revoke_key, rotate_key
from plaudit.people.asking import KnownKeys
from plaudit.people.models import ApiKey, Team
from plaudit.people.tests import pages
from plaudit.people.tests.browsing import browser, program, program_with, signed_in
from plaudit.people.tests.factories import (
    ACTOR,
    make_member,
    make_organisation,
    make_sandbox,
    make_team,
    make_user,
)


@pytest.fixture(autouse=True)
def _small_application():
    with override_settings(ROOT_URLCONF=pages.__name__):
        yield


def _post(client: Client, body: object, *, key: str | None = None, path: str = "/api/v1/teams") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def _teams(organisation_id: int) -> list[str]:
    with in_organisation(organisation_id):
        return sorted(Team.objects.values_list("key", flat=True))


def test_without_a_key_the_answer_says_how_to_be_let_in():
    answer = browser().get("/api/v1/teams")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="plaudit"'
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:plaudit:problem:key_needed"
    assert problem["title"] == "Key needed"
    assert (problem["status"], problem["code"]) == (401, "key_needed")
    assert problem["request_id"] == answer["X-Request-Id"]
    assert problem["way_forward"].startswith("Send it in the header")


def test_a_key_reads_its_own_organisation_and_no_other():
    here, there = make_organisation().id, make_organisation().id
    make_team(here, key="ours")
    make_team(there, key="theirs")

    assert program(here, ["members:read"]).get("/api/v1/teams").json() == [{"key": "ours"}]


def test_a_key_does_only_what_its_scopes_say_and_admin_everything():
    at = make_organisation().id

    refused = _post(program(at, ["members:read"]), {"key": "north"}, key="k1")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]
    assert _teams(at) == []

    assert _post(program(at, ["admin"]), {"key": "north"}, key="k1").status_code == 201


def test_a_key_opens_no_page_and_a_session_no_door_of_the_api():
    at = make_organisation().id

    assert program(at, ["admin"]).get("/teams").status_code == 302
    assert signed_in(at, make_user(at).id).get("/api/v1/teams").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer x", "Basic dTpw", "Bearer plt_live_0000000000_" + "a" * 43, "Bearer ", "Bearer plt_live_é_"],
)
def test_what_is_no_key_is_refused_in_the_same_words(header):
    client = browser()

    answer = client.get("/api/v1/teams", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["code"] in ("key_not_accepted", "key_needed")


def test_a_key_must_be_whole_and_say_the_right_organisation_and_kind():
    live = make_organisation()
    sandbox = make_sandbox(live)
    secret = create_key(sandbox.id, name="Test", scopes=["admin"], actor=ACTOR).secret
    assert secret.startswith(f"plt_test_{sandbox.code}_")
    assert program_with(secret).get("/api/v1/teams").status_code == 200

    for wrong in (
        secret.replace("plt_test", "plt_live"),
        secret.replace(sandbox.code, live.code),
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
    ):
        assert program_with(wrong).get("/api/v1/teams").status_code == 401


def test_a_key_is_kept_only_as_a_hash():
    at = make_organisation().id
    made = create_key(at, name="Till", scopes=["activity:write"], actor=ACTOR)

    with in_organisation(at):
        row = ApiKey.objects.filter(id=made.key.id).values().get()

    kept = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row.values())
    assert made.secret[-39:] not in kept
    assert made.secret.startswith(row["prefix"])


def test_a_revoked_key_and_one_past_its_end_open_nothing_from_the_next_request_on():
    at = make_organisation().id
    revoked = create_key(at, name="A", scopes=["admin"], actor=ACTOR)
    ending = create_key(
        at, name="B", scopes=["admin"], expires_at=clock.wall() + timedelta(days=1), actor=ACTOR
    )
    assert program_with(revoked.secret).get("/api/v1/teams").status_code == 200

    revoke_key(at, key_id=revoked.key.id, actor=ACTOR)

    assert program_with(revoked.secret).get("/api/v1/teams").status_code == 401
    assert program_with(ending.secret).get("/api/v1/teams").status_code == 200
    with clock.frozen_at(clock.wall() + timedelta(days=2)):
        assert program_with(ending.secret).get("/api/v1/teams").status_code == 401


def test_both_keys_of_a_rotation_work_until_the_old_one_ends():
    at = make_organisation().id
    old = create_key(at, name="Till", scopes=["members:read"], actor=ACTOR)

    new = rotate_key(at, key_id=old.key.id, actor=ACTOR)

    assert new.key.scopes == ["members:read"]
    for days, old_status in ((0, 200), (6, 200), (8, 401)):
        with clock.frozen_at(clock.wall() + timedelta(days=days)):
            assert program_with(old.secret).get("/api/v1/teams").status_code == old_status
            assert program_with(new.secret).get("/api/v1/teams").status_code == 200


def test_the_last_use_of_a_key_is_noted_at_most_once_a_minute():
    at = make_organisation().id
    made = create_key(at, name="Till", scopes=["members:read"], actor=ACTOR)
    began = clock.wall()

    noted = []
    for seconds in (0, 30, 59, 61):
        with clock.frozen_at(began + timedelta(seconds=seconds)):
            program_with(made.secret).get("/api/v1/teams")
        with in_organisation(at):
            used_at = ApiKey.objects.get(id=made.key.id).last_used_at
        assert used_at is not None
        noted.append((used_at - began).total_seconds())

    assert noted == [0, 0, 0, 61]


def test_a_write_without_an_idempotency_key_is_refused():
    at = make_organisation().id

    answer = _post(program(at, ["members:write"]), {"key": "north"})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert _teams(at) == []


def test_a_retry_gets_the_first_answer_marked_as_such():
    at = make_organisation().id
    client = program(at, ["members:write"])

    first, second = (_post(client, {"key": "north"}, key="k1") for _ in range(2))

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, {"key": "north"})
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert _teams(at) == ["north", "north-reserve"]


def test_the_same_key_with_another_body_conflicts():
    at = make_organisation().id
    client = program(at, ["members:write"])
    _post(client, {"key": "north"}, key="k1")

    answer = _post(client, {"key": "south"}, key="k1")

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert _teams(at) == ["north", "north-reserve"]


def test_an_act_refused_half_way_leaves_nothing_and_is_refused_again():
    at = make_organisation().id
    make_team(at, key="north-reserve")
    client = program(at, ["members:write"])

    first, second = (_post(client, {"key": "north"}, key="k1") for _ in range(2))

    assert (first.status_code, first.json()["code"]) == (409, "team_key_taken")
    assert second.json() == first.json()
    assert second["Content-Type"] == "application/problem+json"
    assert second["Idempotency-Replayed"] == "true"
    assert _teams(at) == ["north-reserve"]


def test_a_body_that_cannot_be_read_names_every_fault_by_its_pointer():
    at = make_organisation().id

    answer = _post(program(at, ["members:write"]), {"size": "many"}, key="k1")

    assert answer.status_code == 422
    faults = {(fault["in"], fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert faults == {("body", "/key", "missing"), ("body", "/size", "int_parsing")}


def test_of_twenty_writes_at_once_with_one_key_one_is_done():
    at = make_organisation().id
    secret = create_key(at, name="Till", scopes=["members:write"], actor=ACTOR).secret

    answers: list[Any] = at_once(20, lambda _: _post(program_with(secret), {"key": "north"}, key="k1"))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert sum("Idempotency-Replayed" not in one for one in answers if one.status_code == 201) == 1
    assert all(one["Retry-After"] == "1" for one in answers if one.status_code == 409)
    assert _teams(at) == ["north", "north-reserve"]


def test_a_write_that_is_idempotent_by_itself_needs_no_key():
    at = make_organisation().id
    client = program(at, ["members:write"])

    assert [_post(client, {"key": "n"}, path="/api/v1/loose").status_code for _ in range(2)] == [200, 200]
    assert _teams(at) == ["n"]


@pytest.mark.parametrize(
    "method, path, status, code",
    [
        ("get", "/api/v1/nowhere", 404, "not_found"),
        ("get", "/api/", 404, "not_found"),
        ("get", "/api/v1/", 404, "not_found"),
        ("delete", "/api/v1/teams", 405, "method_not_allowed"),
    ],
)
def test_every_error_of_the_api_is_a_problem_document(method, path, status, code):
    at = make_organisation().id

    answer = getattr(program(at, ["admin"]), method)(path)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code


def test_a_member_elsewhere_is_as_unknown_as_one_that_never_was():
    here, there = make_organisation().id, make_organisation().id
    ada, stranger = make_member(here), make_member(there)
    client = program(here, ["members:read"])

    assert client.get(f"/api/v1/members/{show('mem', ada.id)}").json() == "Ada"
    answer = client.get(f"/api/v1/members/{show('mem', stranger.id)}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_who_asks_too_often_is_told_when_to_come_back():
    at = make_organisation().id
    client = program(at, ["members:read"])
    buckets.forget()
    with override_settings(RATE_LIMITS={"key": Limit("key", quota=60, window=60, burst=3)}):
        answers = [client.get("/api/v1/teams") for _ in range(4)]
        other = program(at, ["members:read"]).get("/api/v1/teams")

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"key";q=60;w=60'
    assert [one["RateLimit"].split(";")[1] for one in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[3]["Retry-After"] == "1"
    assert answers[3].json()["code"] == "too_many_requests"
    assert other.status_code == 200


def test_guessing_keys_is_limited_by_address():
    buckets.forget()
    with override_settings(RATE_LIMITS={"address": Limit("address", quota=60, window=60, burst=2)}):
        answers = [program_with("plt_live_guess").get("/api/v1/teams").status_code for _ in range(4)]
    buckets.forget()

    assert answers == [401, 401, 429, 429]


def test_a_database_that_goes_away_is_never_a_false_success():
    at = make_organisation().id
    client = program(at, ["members:write"])

    cut = _post(client, {"key": "north"}, key="k1", path="/api/v1/cut")
    assert (cut.status_code, cut.json()["code"]) == (503, "unavailable")
    assert cut["Retry-After"] == "5"
    assert _teams(at) == []

    retried = _post(client, {"key": "north"}, key="k1", path="/api/v1/cut?gently=true")
    assert retried.status_code == 200
    assert _teams(at) == ["north"]


def test_a_door_for_single_events_asks_for_a_key_once_a_second_and_forgets_it_then():
    at = make_organisation().id
    made = create_key(at, name="Till", scopes=["activity:write"], actor=ACTOR)
    keen, forgetful = KnownKeys(remembered_for=3600), KnownKeys(remembered_for=0)

    for keys in (keen, forgetful):
        assert keys.program(made.secret).key_id == made.key.id
    revoke_key(at, key_id=made.key.id, actor=ACTOR)

    assert keen.program(made.secret).key_id == made.key.id
    with pytest.raises(KeyNotAccepted):
        forgetful.program(made.secret)
    with pytest.raises(KeyNotAccepted):
        keen.program("plt_live_no_key")
