"""Members, teams and keys over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from urllib.parse import quote

from django.db import connections

from plaudit.earning.tests.factories import make_story
from plaudit.foundation.models import Audit, KeptReply
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Member
from plaudit.people.queries import external_reference
from plaudit.people.tests.factories import make_member, make_organisation
from plaudit.surfaces.api.tests.calling import Program, body_of, program, purchase


def test_a_member_is_enrolled_and_found_by_every_name():
    at = make_organisation().id
    caller = program(at)

    made = caller.post(
        "/members",
        {
            "name": "Ada",
            "email": "Ada@Example.com",
            "external_ids": [{"source": "crm", "id": "7"}],
            "attributes": {"visits": 3, "share": Decimal("0.10"), "vip": True},
        },
    )

    told = body_of(made)
    assert made.status_code == 201
    assert told["email"] == "ada@example.com"
    assert b'"share":0.10' in made.content
    for reference in (told["id"], "ext:crm:7", told["id"].upper().replace("MEM", "mem")):
        assert body_of(caller.get(f"/members/{reference}")) == told
    for search in ("Ad", "ada@example.com", "7"):
        assert [one["id"] for one in body_of(caller.get("/members", search=search))["items"]] == [told["id"]]


def test_an_external_id_may_hold_what_addresses_are_made_of():
    at = make_organisation().id
    source, external_id = "urn:till/4", "a:b/c%20?d#é"
    member = make_member(at, external_ids=[(source, external_id)])

    reference = external_reference(source, external_id)
    answer = program(at).get(f"/members/{quote(reference, safe=':')}")

    assert answer.status_code == 200
    assert body_of(answer)["external_ids"] == [{"source": source, "id": external_id}]
    assert body_of(answer)["id"].startswith("mem_") and member.name == body_of(answer)["name"]


def test_members_are_paged_without_missing_or_repeating_any():
    at = make_organisation().id
    caller = program(at)
    for number in range(5):
        make_member(at, name=f"Member {number}")

    names, after = [], None
    while True:
        part = body_of(caller.get("/members", limit=2, **({"after": after} if after else {})))
        names += [member["name"] for member in part["items"]]
        # Whoever joins meanwhile comes after the place that was reached.
        make_member(at, name=f"Late {len(names)}")
        after = part["next"]
        if not part["has_more"] or len(names) > 20:
            break

    assert names[:5] == [f"Member {number}" for number in range(5)]
    assert len(names) == len(set(names))


def test_a_member_is_changed_only_as_the_caller_has_seen_them():
    at = make_organisation().id
    make_member(at, external_ids=[("crm", "1")])
    caller = program(at)
    seen = caller.get("/members/ext:crm:1")["ETag"]

    first = caller.send("PATCH", "/members/ext:crm:1", {"name": "Ada L."}, headers={"If-Match": seen})
    second = caller.send("PATCH", "/members/ext:crm:1", {"name": "Lost"}, headers={"If-Match": seen})

    assert (first.status_code, second.status_code) == (200, 412)
    assert body_of(second)["code"] == "precondition_failed"
    assert body_of(caller.get("/members/ext:crm:1"))["name"] == "Ada L."
    now = caller.get("/members/ext:crm:1")["ETag"]
    for tag in ("*", now, f'"other", {now}'):
        answer = caller.send("PATCH", "/members/ext:crm:1", {}, headers={"If-Match": tag})
        assert answer.status_code == 200


def test_a_change_leaves_what_it_does_not_name():
    at = make_organisation().id
    make_member(at, external_ids=[("crm", "1")], attributes={"city": "Lisbon", "visits": 3})

    told = body_of(
        program(at).send("PATCH", "/members/ext:crm:1", {"attributes": {"city": None, "level": "gold"}})
    )

    assert told["name"] == "Ada"
    assert told["attributes"] == {"level": "gold", "visits": 3}


def test_a_faulty_member_is_refused_with_the_place_of_each_fault():
    caller = program(make_organisation().id)

    answer = caller.post(
        "/members",
        {
            "name": "a\nb",
            "email": "no",
            "attributes": {"Bad": 1},
            "external_ids": [{"source": " ", "id": "1"}],
        },
    )

    assert answer.status_code == 422
    places = {fault["pointer"] for fault in body_of(answer)["errors"]}
    assert places == {"/name", "/email", "/attributes/Bad", "/external_ids/0/source"}


def test_the_same_key_enrols_once_and_is_answered_alike():
    at = make_organisation().id
    caller = program(at)

    first = caller.post("/members", {"name": "Ada"}, key="enrol-ada")
    again = caller.post("/members", {"name": "Ada"}, key="enrol-ada")
    other = caller.post("/members", {"name": "Bo"}, key="enrol-ada")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.content == first.content and again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert len(body_of(caller.get("/members"))["items"]) == 1


def test_a_refusal_is_kept_for_its_key_too():
    at = make_organisation().id
    caller = program(at)
    make_member(at, external_ids=[("crm", "1")])
    taken = {"external_ids": [{"source": "crm", "id": "1"}]}

    first = caller.post("/members", taken, key="k")
    again = caller.post("/members", taken, key="k")

    assert (first.status_code, again.status_code) == (409, 409)
    assert again.content == first.content


def test_the_same_key_raced_by_many_acts_once():
    at = make_organisation().id
    secret = program(at).secret
    gate = threading.Barrier(20)

    def enrol(_number: int) -> tuple[int, str]:
        caller = Program(secret)
        try:
            gate.wait(30)
            answer = caller.post("/members", {"name": "Ada"}, key="raced")
            return int(answer.status_code), str(body_of(answer).get("code", ""))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(enrol, range(20)))

    assert (201, "") in answers and answers <= {(201, ""), (409, "request_still_running")}
    with in_organisation(at):
        assert Member.objects.filter(organisation_id=at).count() == 1


def test_what_is_done_is_on_record_under_the_key_that_did_it():
    at = make_organisation().id
    caller = program(at)
    reference = body_of(caller.post("/members", {"name": "Ada"}))["id"]

    caller.post(f"/members/{reference}/suspend", {"reason": "Two accounts"})

    with in_organisation(at):
        found = Audit.objects.get(organisation_id=at, act="member.suspended")
    assert found.actor.startswith("key_") and found.subject == reference
    assert found.reason == "Two accounts" and found.request_id.startswith("req_")


def test_two_members_become_one_with_their_points_and_two_again():
    story = make_story()
    caller = program(story.organisation.id)
    for name, amount in (("ada", "10"), ("bo", "5")):
        caller.report(purchase(name, amount))

    merged = body_of(caller.post("/members/ext:till:ada/merge", {"absorbed": "ext:till:bo", "reason": "One"}))

    assert merged["points"] == {"points": 5}
    assert body_of(caller.get("/members/ext:till:bo/balances"))["balances"][0]["available"] == 15
    separated = body_of(caller.post(f"/merges/{merged['id']}/separate", {"reason": "Two"}))
    assert separated["separated_at"] and separated["points"] == {"points": 5}
    assert body_of(caller.get("/members/ext:till:bo/balances"))["balances"][0]["available"] == 5


def test_an_erased_member_is_nobody_and_keeps_their_points():
    story = make_story()
    caller = program(story.organisation.id)
    member = body_of(caller.report(purchase("ada", "10")))["member"]

    caller.post(f"/members/{member}/erase", {"reason": "Asked to"})

    assert caller.get("/members/ext:till:ada").status_code == 404
    told = body_of(caller.get(f"/members/{member}"))
    assert (told["state"], told["external_ids"], told["name"]) == ("erased", [], "")
    assert body_of(caller.get(f"/members/{member}/balances"))["balances"][0]["available"] == 10


def test_a_secret_is_in_one_answer_and_nowhere_else():
    at = make_organisation().id
    caller = program(at)
    wanted = {"name": "Till", "scopes": ["activity:write"]}

    first = body_of(caller.post("/keys", wanted, key="k"))
    again = caller.post("/keys", wanted, key="k")

    assert first["secret"].startswith("plt_live_")
    assert again["Idempotency-Replayed"] == "true"
    assert body_of(again) == {**first, "secret": None}
    with in_organisation(at):
        assert not KeptReply.objects.filter(body__contains=first["secret"]).exists()
    assert Program(first["secret"]).get("/me").status_code == 200
    assert first["secret"] not in caller.get("/keys").content.decode()


def test_a_rotated_key_works_beside_the_old_one_until_that_is_revoked():
    at = make_organisation().id
    caller = program(at)
    old = body_of(caller.post("/keys", {"name": "Till", "scopes": ["members:read"]}))

    new = body_of(caller.post(f"/keys/{old['id']}/rotate"))

    assert new["replaces"] == old["id"] and new["scopes"] == old["scopes"]
    assert [Program(one["secret"]).get("/members").status_code for one in (old, new)] == [200, 200]
    caller.post(f"/keys/{old['id']}/revoke", {"reason": "Moved over"})
    assert [Program(one["secret"]).get("/members").status_code for one in (old, new)] == [401, 200]


def test_a_key_cannot_make_keys_unless_it_is_an_admin():
    at = make_organisation().id
    everything_else = [
        "activity:write", "activity:read", "members:read", "members:write", "ledger:read", "ledger:write",
        "rewards:read", "rewards:write", "programme:read", "programme:write", "webhooks:read", "webhooks:write",
    ]  # fmt: skip

    answer = program(at, *everything_else).post("/keys", {"name": "Mine", "scopes": ["admin"]})

    assert (answer.status_code, body_of(answer)["code"]) == (403, "scope_missing")


def test_a_team_remembers_who_was_in_it():
    at = make_organisation().id
    caller = program(at)
    make_member(at, external_ids=[("crm", "1")])
    caller.post("/teams", {"key": "north", "name": "North"})

    caller.post(
        "/teams/north/members", {"member": "ext:crm:1", "began_at": "2026-01-01T00:00:00Z", "leads": True}
    )
    caller.post("/teams/north/leave", {"member": "ext:crm:1", "ended_at": "2026-02-01T00:00:00+01:00"})

    then = body_of(caller.get("/teams/north/members", at="2026-01-15T00:00:00Z"))["items"]
    now = body_of(caller.get("/teams/north/members"))["items"]
    assert [(stay["leads"], stay["ended_at"]) for stay in then] == [(True, "2026-01-31T23:00:00Z")]
    assert now == []
    assert body_of(caller.get("/members/ext:crm:1/teams"))["items"] == then
    assert caller.get("/teams/south/members").status_code == 404


def test_members_of_another_organisation_are_not_there():
    here, there = make_organisation().id, make_organisation().id
    make_member(there, name="Canary", external_ids=[("crm", "1")])
    caller = program(here)

    assert caller.get("/members/ext:crm:1").status_code == 404
    assert b"Canary" not in caller.get("/members").content
    assert b"Canary" not in caller.get("/members", search="Canary").content
