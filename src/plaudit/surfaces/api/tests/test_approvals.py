"""Requests for approval over HTTP: what waits, who decides, and that nobody does alone."""

from __future__ import annotations

import pytest

from plaudit.cases.actions.asking import GOOD_FOR, approve
from plaudit.cases.refusals import OwnRequest
from plaudit.cases.tests.factories import Desk, make_desk
from plaudit.foundation import clock
from plaudit.foundation.ids import read, show
from plaudit.surfaces.api.tests.calling import body_of, program


def asked(desk: Desk, amount: int = 600, *, by: str = "") -> str:
    """Somebody asks for points; the request, as `/approvals/apr_…`."""
    return f"/approvals/{show('apr', desk.wants(amount, by=by).id)}"


def test_what_waits_is_listed_and_approved_by_another_program_and_then_it_is_posted():
    desk = make_desk()
    caller = program(desk.id, "approvals:read", "approvals:write")
    at, later = asked(desk), asked(desk, 700)

    front = body_of(caller.get("/approvals", state="waiting", limit=1))
    (rest,) = body_of(caller.get("/approvals", state="waiting", limit=1, after=front["next"]))["items"]
    assert [later, at] == [f"/approvals/{front['items'][0]['id']}", f"/approvals/{rest['id']}"]
    assert (rest["amount"], rest["asked_by"], rest["transfer"]) == (600, desk.ravi, None)
    done = body_of(caller.post(f"{at}/approve"))

    assert (done["state"], desk.available()) == ("approved", 600)
    assert done["transfer"].startswith("led_") and done["decided_by"].startswith("key_")
    assert body_of(caller.get(at)) == done
    assert body_of(caller.post(f"{at}/approve")) == done
    assert desk.available() == 600


def test_a_request_is_declined_with_a_reason_and_nothing_is_posted():
    desk = make_desk()
    caller = program(desk.id)
    at = asked(desk)

    assert caller.post(f"{at}/decline", {"reason": ""}).status_code == 422
    done = body_of(caller.post(f"{at}/decline", {"reason": "One order was found."}))
    late = caller.post(f"{at}/approve")

    assert (done["state"], done["words"], done["transfer"]) == ("declined", "One order was found.", None)
    assert (late.status_code, body_of(late)["code"]) == (409, "request_decided")
    assert desk.available() == 0
    assert [one["id"] for one in body_of(caller.get("/approvals", state="declined"))["items"]] == [done["id"]]


def test_neither_the_program_that_asked_nor_a_key_made_by_whoever_asked_approves_it():
    desk = make_desk()
    asking = program(desk.id, "cases:write", "approvals:write")
    case = show("cse", desk.asks().id)
    answer = {"words": "Two orders.", "points": {"unit": "points", "amount": 600}}
    waits = body_of(asking.post(f"/cases/{case}/answer", answer))["messages"][-1]["reference"]
    of_ravi = program(desk.id, "approvals:write", made_by=desk.ravi)

    for caller, at in ((asking, f"/approvals/{waits}"), (of_ravi, asked(desk))):
        refused = caller.post(f"{at}/approve")
        assert (refused.status_code, body_of(refused)["code"]) == (403, "own_request")
    assert desk.available() == 0
    settled = program(desk.id, made_by=desk.maya).post(f"/approvals/{waits}/approve")
    assert (settled.status_code, desk.available()) == (200, 600)
    assert body_of(program(desk.id).get(f"/cases/{case}"))["state"] == "settled"


def test_nobody_asks_by_one_key_of_their_own_and_approves_by_another_nor_by_hand():
    desk = make_desk()
    first, second = program(desk.id, made_by=desk.ravi), program(desk.id, made_by=desk.ravi)
    case = show("cse", desk.asks().id)
    answer = {"words": "Two orders.", "points": {"unit": "points", "amount": 600}}
    waits = body_of(first.post(f"/cases/{case}/answer", answer))["messages"][-1]["reference"]

    assert body_of(second.post(f"/approvals/{waits}/approve"))["code"] == "own_request"
    with pytest.raises(OwnRequest):
        approve(desk.id, read("apr", waits, kind="request"), actor=desk.ravi)
    assert desk.available() == 0


def test_what_ran_out_does_not_wait_any_more_and_another_scope_decides_nothing():
    desk = make_desk()
    at = asked(desk)
    reader, other = program(desk.id, "approvals:read"), program(desk.id, "cases:write", "ledger:write")

    with clock.frozen_at(clock.now() + GOOD_FOR):
        assert body_of(reader.get("/approvals", state="waiting"))["items"] == []
        assert program(desk.id).post(f"{at}/approve").status_code == 409
    assert len(body_of(reader.get("/approvals", state="waiting"))["items"]) == 1
    assert {reader.post(f"{at}/approve").status_code, other.post(f"{at}/approve").status_code} == {403}
    assert other.get("/approvals").status_code == 403
