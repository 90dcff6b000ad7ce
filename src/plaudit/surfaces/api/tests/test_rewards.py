"""Rewards that ask or give more than points, over HTTP: from the file to the receipt."""

from __future__ import annotations

from typing import Any

from plaudit.earning.tests.factories import make_story
from plaudit.foundation.ids import read
from plaudit.rewards.actions.proceed import approve
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.definitions import RewardDefinition, RewardKind, Step
from plaudit.surfaces.api.tests.calling import Program, body_of, program, purchase


def a_shop(*rewards: RewardDefinition, points: str = "10000") -> tuple[int, Program, str, dict[str, str]]:
    """An organisation with these rewards, a program, a member with points, and the rewards' ids by key."""
    story = make_story(may_owe=False)
    caller = program(story.organisation.id)
    member = body_of(caller.report(purchase("ada", points)))["member"]
    publish_catalogue(story.organisation.id, "main", rewards)
    listed = body_of(caller.get("/rewards"))["items"]
    return story.organisation.id, caller, member, {one["key"]: one["id"] for one in listed}


def reward(key: str, kind: RewardKind, **parts: Any) -> RewardDefinition:
    return RewardDefinition(
        key, key.title(), "points", parts.pop("price", 100), kind, currency="USD", **parts
    )


def test_a_step_of_a_ladder_is_chosen_agreed_to_and_its_code_read():
    ladder = (Step(3_000, 2_500), Step(9_000, 9_000, approval=True))
    at, caller, member, ids = a_shop(
        reward("card", RewardKind.GIFT_CARD, price=3_000, value_minor=2_500, ladder=ladder)
    )
    shown = body_of(caller.get(f"/rewards/{ids['card']}"))
    assert [(step["price"], step["value_minor"]) for step in shown["ladder"]] == [
        (3_000, 2_500),
        (9_000, 9_000),
    ]
    caller.post(f"/rewards/{ids['card']}/codes", {"codes": ["BIG"], "worth": 9_000})

    refused = caller.post("/redemptions", {"member": member, "reward": ids["card"]})
    assert (refused.status_code, body_of(refused)["code"]) == (422, "not_a_step")
    ordered = body_of(caller.post("/redemptions", {"member": member, "reward": ids["card"], "price": 9_000}))
    assert (ordered["stage"], ordered["acts_next"], ordered["value_minor"]) == ("approval", "approver", 9_000)
    mine = caller.post(f"/redemptions/{ordered['id']}/approve", {})
    assert (mine.status_code, body_of(mine)["code"]) == (403, "four_eyes")

    approve(at, read("rdm", ordered["id"], kind="redemption"), actor="usr_9")
    assert body_of(caller.get(f"/redemptions/{ordered['id']}/code"))["code"] == "BIG"
    assert body_of(caller.get("/redemptions", stage="approval"))["items"] == []
    assert len(body_of(caller.get("/redemptions", stage="done"))["items"]) == 1


def test_a_parcel_goes_all_its_way_and_a_part_of_it_is_refunded():
    _, caller, member, ids = a_shop(
        reward("mug", RewardKind.PHYSICAL, money_minor=500, needs_address=True, value_minor=1_500)
    )
    wanted = {"member": member, "reward": ids["mug"]}
    assert body_of(caller.post("/redemptions", wanted))["code"] == "address_needed"
    mug = body_of(caller.post("/redemptions", {**wanted, "address": "1 High Street"}))
    at = f"/redemptions/{mug['id']}"
    assert body_of(caller.post(f"{at}/fulfil"))["code"] == "not_yet"
    assert body_of(caller.post(f"{at}/pay", {"reference": "INV-1"}))["stage"] == "send"
    sent = body_of(caller.post(f"{at}/fulfil", {"carrier": "Post", "tracking": "T1"}))
    assert (sent["stage"], sent["tracking"], sent["state"]) == ("sent", "T1", "fulfilled")
    assert body_of(caller.post(f"{at}/return"))["acts_next"] == "programme"
    assert body_of(caller.post(f"{at}/resend", {"tracking": "T2"}))["tracking"] == "T2"
    assert body_of(caller.post(f"{at}/deliver"))["stage"] == "delivered"
    back = body_of(caller.post(f"{at}/refund", {"reason": "Cracked", "points": 40}))
    assert (back["refunded"], back["points"]) == (40, 100)
    assert "High Street" not in str(back)


def test_gifts_are_owed_passed_on_and_receipted():
    _, caller, member, ids = a_shop(
        reward("gift", RewardKind.DONATION, charity="Lifeboats", value_minor=1_000)
    )
    gift = body_of(caller.post("/redemptions", {"member": member, "reward": ids["gift"]}))
    assert body_of(caller.get("/donations/owed"))["items"][0]["amount_minor"] == 1_000
    paid = {"charity": "Lifeboats", "currency": "USD", "reference": "P-1"}
    assert body_of(caller.post("/donations/remittances", paid))["donations"] == 1
    receipt = body_of(caller.get(f"/redemptions/{gift['id']}/receipt"))
    assert (receipt["charity"], receipt["remittance"]) == ("Lifeboats", "P-1")


def test_suppliers_are_named_their_tokens_kept_and_their_statements_read():
    _, caller, member, ids = a_shop(reward("trip", RewardKind.TRAVEL, supplier="tours", cost_minor=9_000))
    said = body_of(caller.send("PUT", "/suppliers/tours", {"name": "Tours", "token": "secret-token"}))
    assert (said["has_token"], "secret-token" in str(said)) == (True, False)
    trip = body_of(caller.post("/redemptions", {"member": member, "reward": ids["trip"]}))
    assert (trip["stage"], body_of(caller.get("/suppliers"))["items"][0]["open"]) == ("order", 1)
    assert body_of(caller.post(f"/redemptions/{trip['id']}/fulfil"))["state"] == "fulfilled"
    statement = {
        "csv": "order,amount\nord_nobody,5\n",
        "since": "2020-01-01T00:00:00Z",
        "until": "2100-01-01T00:00:00Z",
    }
    found = body_of(caller.post("/suppliers/tours/statements", statement))["items"]
    assert [one["finding"] for one in found] == ["unknown", "missing"]
    assert found[1]["ours_minor"] == 9_000
    unread = caller.post("/suppliers/tours/statements", {**statement, "csv": "a;b"})
    assert body_of(unread)["code"] == "statement_unreadable"


def test_a_catalogue_is_weighed_over_http():
    _, caller, _, _ = a_shop(
        reward("card", RewardKind.GIFT_CARD, price=3_000, value_minor=2_500),
        reward("trip", RewardKind.TRAVEL, price=10**9),
    )
    found = body_of(caller.get("/rewards/check", days="3650", within_days="2000"))
    (card, trip) = sorted(found["rewards"], key=lambda one: one["price"])
    assert (card["cents_numerator"], card["cents_denominator"], card["median_days"]) == (5, 6, 1_095)
    assert (found["unreachable"], trip["reachable"]) == (["trip"], False)
    assert (found["variety_numerator"], found["variety_denominator"]) == (1, 1)
    assert caller.get("/rewards/check", days="0").status_code == 422
