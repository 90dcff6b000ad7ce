"""Balances, statements, transfers, holds, redemptions and proof over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from plaudit.earning.tests.factories import Story, make_limit, make_rule, make_story
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Unit
from plaudit.people.standing import user_ref
from plaudit.people.tests.factories import make_member, make_organisation, make_user
from plaudit.rewards.actions.publish_catalogue import publish_catalogue
from plaudit.rewards.definitions import RewardDefinition, RewardKind
from plaudit.surfaces.api.tests.calling import Program, body_of, program, purchase


def rich_member(points: str = "1000") -> tuple[Story, Program, str]:
    """A story in which ada has so many points, a program that may do everything, and her reference."""
    story = make_story(may_owe=False)
    caller = program(story.organisation.id)
    member = body_of(caller.report(purchase("ada", points)))["member"]
    return story, caller, member


def test_a_balance_is_told_now_and_as_of_any_moment_by_either_clock():
    story = make_story()
    caller = program(story.organisation.id)
    with clock.frozen_at(datetime(2026, 3, 10, tzinfo=UTC)):
        caller.report(purchase("ada", "10", time="2026-03-02T12:00:00Z"))
    with clock.frozen_at(datetime(2026, 3, 20, tzinfo=UTC)):
        caller.report(purchase("ada", "5", time="2026-03-04T12:00:00Z"))

    def available(**query: str) -> int | None:
        found = body_of(caller.get("/members/ext:till:ada/balances", **query))["balances"]
        return found[0]["available"] if found else None

    assert available() == 15
    assert available(at="2026-03-05T00:00:00Z", clock="occurred") == 15
    assert available(at="2026-03-05T00:00:00Z", clock="recorded") == 0
    assert available(at="2026-03-15T00:00:00Z") == 10
    assert available(at="2026-03-03T00:00:00+01:00", clock="occurred") == 10


def test_a_moment_without_an_offset_is_refused():
    story, caller, member = rich_member()

    for moment in ("2026-03-05T00:00:00", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z"):
        answer = caller.get(f"/members/{member}/balances", at=moment)
        assert (answer.status_code, body_of(answer)["errors"][0]["pointer"]) == (422, "/at")
    assert story.available("ada") == 1000


def test_a_statement_is_read_newest_first_page_by_page():
    story = make_story()
    caller = program(story.organisation.id)
    for amount in (1, 2, 3, 4, 5):
        caller.report(purchase("ada", amount))

    first = body_of(caller.get("/members/ext:till:ada/statement", unit="points", limit=2))
    caller.report(purchase("ada", 6))
    rest = body_of(caller.get("/members/ext:till:ada/statement", unit="points", limit=9, after=first["next"]))

    lines = first["items"] + rest["items"]
    assert [line["amount"] for line in lines] == [5, 4, 3, 2, 1]
    assert [line["available_after"] for line in lines] == [15, 10, 6, 3, 1]
    assert rest["has_more"] is False
    assert lines[0]["kind"] == "accrual" and lines[0]["event"].startswith("act_")
    assert body_of(caller.get(f"/rules/{lines[0]['rule']}"))["key"] == "purchases"


def test_a_statement_in_a_unit_nobody_has_is_not_there():
    _, caller, member = rich_member()

    answer = caller.get(f"/members/{member}/statement", unit="stars")

    assert (answer.status_code, body_of(answer)["facts"]) == (404, {"kind": "unit", "ref": "stars"})


def test_points_given_by_hand_need_a_reason_and_above_a_limit_somebody_else():
    story, caller, member = rich_member()
    at = story.organisation.id
    with in_organisation(at):
        Unit.objects.filter(organisation_id=at).update(approval_from=100)
    manager, agent = make_user(at, roles=["manager"]), make_user(at, roles=["desk"])
    wanted = {"member": member, "unit": "points", "amount": 100, "reason": "Sorry"}

    alone = caller.post("/adjustments", wanted)
    not_theirs = caller.post("/adjustments", {**wanted, "approver": user_ref(agent.id)})
    nobody = caller.post("/adjustments", {**wanted, "approver": "usr_999999"})
    agreed = caller.post("/adjustments", {**wanted, "approver": user_ref(manager.id)})
    small = caller.post("/adjustments", {**wanted, "amount": -99})

    assert (alone.status_code, body_of(alone)["code"]) == (403, "approver_needed")
    for refused in (not_theirs, nobody):
        assert (refused.status_code, body_of(refused)["errors"][0]["pointer"]) == (422, "/approver")
    assert (agreed.status_code, small.status_code) == (201, 201)
    assert story.available("ada") == 1001


def test_an_adjustment_is_repeated_by_its_key_and_not_posted_twice():
    story, caller, member = rich_member("10")
    wanted = {"member": member, "unit": "points", "amount": 5, "reason": "Sorry"}

    answers = [caller.post("/adjustments", wanted, key="adjust-1") for _ in range(3)]

    assert {answer.content for answer in answers} == {answers[0].content}
    assert story.available("ada") == 15


def test_a_transfer_is_reversed_in_part_and_its_limit_has_room_again():
    story = make_story(make_rule(limits=(make_limit(10),)))
    caller = program(story.organisation.id)
    caller.report(purchase("ada", "10"))
    line = body_of(caller.get("/members/ext:till:ada/statement", unit="points"))["items"][0]

    done = caller.post(f"/transfers/{line['id']}/reverse", {"amount": 4, "reason": "Returned"})
    too_much = caller.post(f"/transfers/{line['id']}/reverse", {"amount": 7, "reason": "Returned"})
    caller.report(purchase("ada", "10"))

    assert done.status_code == 201 and body_of(done)["reverses"] == line["id"]
    assert (too_much.status_code, body_of(too_much)["code"]) == (409, "reverses_too_much")
    assert story.available("ada") == 10
    chain = body_of(caller.get(f"/transfers/{line['id']}"))
    assert [other["id"] for other in chain["undone_by"]] == [body_of(done)["id"]]


def test_a_transfer_says_why_it_is_there_and_its_sums_come_to_its_amount():
    _, caller, member = rich_member("12.50")
    line = body_of(caller.get(f"/members/{member}/statement", unit="points"))["items"][0]

    told = body_of(caller.get(f"/transfers/{line['id']}/explanation"))

    assert "12" in told["sentence"] and told["decided_by"]["rule"] == "purchases"
    assert sum(one["amount"] for one in told["sums"] if one["amount"] is not None) == 12
    assert told["total"]["amount"] == line["amount"] == 12
    assert told["member"] == member and told["question"]


def test_a_hold_keeps_points_from_everything_else_until_it_ends_once():
    story, caller, member = rich_member("100")
    held = body_of(caller.post("/holds", {"member": member, "unit": "points", "amount": 80}))

    refused = caller.post("/holds", {"member": member, "unit": "points", "amount": 30})
    captured = body_of(caller.post(held["links"]["capture"].removeprefix("/api/v1"), {"amount": 50}))
    again = caller.post(f"/holds/{held['id']}/release", {})

    assert (refused.status_code, body_of(refused)["facts"]) == (409, {"needed": 30, "available": 20})
    assert captured["state"] == "captured" and captured["captured"] and captured["released"]
    assert (again.status_code, body_of(again)["code"]) == (409, "hold_not_open")
    assert story.available("ada") == 50
    assert body_of(caller.get(f"/holds/{held['id']}")) == captured


def test_a_hold_past_its_time_cannot_be_captured():
    _, caller, member = rich_member("100")
    soon = clock.wall() + timedelta(minutes=5)
    wanted = {"member": member, "unit": "points", "amount": 80, "expires_at": soon.isoformat()}
    held = body_of(caller.post("/holds", wanted))["id"]

    with clock.frozen_at(soon + timedelta(minutes=1)):
        answer = caller.post(f"/holds/{held}/capture", {})

    assert (answer.status_code, body_of(answer)["code"]) == (409, "hold_not_open")


@pytest.mark.parametrize("reference", ["hld_x", "led_00k7q2-1", "hld_00k7q2-1", "hld_", "x", "hld_zzzzzz-0"])
def test_a_hold_that_is_not_there_is_not_found(reference):
    assert program(make_organisation().id).get(f"/holds/{reference}").status_code == 404


def coffee_shop(points: str, *, stock: int = 5) -> tuple[Story, Program, str, str]:
    """A rich member and a coffee for 50 points, of which there are so many."""
    story, caller, member = rich_member(points)
    coffee = RewardDefinition("coffee", "A coffee", "points", 50, RewardKind.OTHER, stock=stock)
    with in_organisation(story.organisation.id):
        publish_catalogue(story.organisation.id, "main", [coffee])
    reward = body_of(caller.get("/rewards", member=member))["items"][0]
    return story, caller, member, reward["id"]


def test_a_reward_is_redeemed_once_for_its_key_and_cancelled_whole():
    story, caller, member, coffee = coffee_shop("120")
    wanted = {"member": member, "reward": coffee, "price": 50}

    answers = [caller.post("/redemptions", wanted, key="r-1") for _ in range(2)]
    ordered = body_of(answers[0])
    assert answers[1].content == answers[0].content
    assert (ordered["state"], story.available("ada")) == ("ordered", 70)

    cancelled = body_of(caller.post(f"/redemptions/{ordered['id']}/cancel", {"reason": "Changed my mind"}))
    assert (cancelled["state"], story.available("ada")) == ("cancelled", 120)
    assert body_of(caller.get(f"/rewards/{coffee}"))["left"] == 5


def test_a_price_the_member_was_not_shown_is_refused():
    story, caller, member, coffee = coffee_shop("120")

    answer = caller.post("/redemptions", {"member": member, "reward": coffee, "price": 40})

    assert (answer.status_code, body_of(answer)["code"]) == (409, "price_changed")
    assert story.available("ada") == 120


def test_a_reward_says_what_the_member_lacks():
    _, caller, member, _ = coffee_shop("20")

    assert body_of(caller.get("/rewards", member=member))["items"][0]["missing"] == 30
    assert body_of(caller.get("/rewards"))["items"][0]["missing"] == 0


def test_many_who_redeem_at_once_spend_only_what_is_there():
    story, caller, member, coffee = coffee_shop("120", stock=50)
    gate = threading.Barrier(12)

    def redeem(number: int) -> str:
        one = Program(caller.secret)
        try:
            gate.wait(30)
            answer = one.post("/redemptions", {"member": member, "reward": coffee}, key=f"at-once-{number}")
            return str(body_of(answer).get("code", answer.status_code))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(redeem, range(12)))

    assert answers == ["201"] * 2 + ["not_enough_points"] * 10
    assert story.available("ada") == 20


def test_the_books_prove_themselves_over_the_air():
    _, caller, _ = rich_member()

    proof = body_of(caller.post("/ledger/verification", {}, key=None))
    sealed = body_of(caller.post("/ledger/seals", {}))
    against = body_of(caller.post("/ledger/verification", {"anchors": [sealed["anchor"]]}, key=None))
    forged = sealed["anchor"][:-8] + "00000000"
    broken = body_of(caller.post("/ledger/verification", {"anchors": [forged]}, key=None))

    assert proof["holds"] and proof["transfers"] == 1 and len(proof["checks"]) > 10
    assert against["holds"] and sealed["transfers"] == 1
    assert not broken["holds"]
    assert [check["rows"] for check in broken["checks"] if not check["holds"]] == [[{"anchor": forged}]]


def test_lots_say_what_lapses_when():
    story, caller, member = rich_member("30")
    with in_organisation(story.organisation.id):
        Unit.objects.filter(organisation_id=story.organisation.id).update(expiry={"after": "P1M"})
    caller.post("/adjustments", {"member": member, "unit": "points", "amount": 12, "reason": "Sorry"})

    every = body_of(caller.get(f"/members/{member}/lots", unit="points"))["items"]
    soon = body_of(
        caller.get(f"/members/{member}/lots", unit="points", expiring_until="2150-01-31T00:00:00Z")
    )["items"]

    assert [(lot["remaining"], bool(lot["expires_at"])) for lot in every] == [(12, True), (30, False)]
    assert soon == every[:1]


def test_points_of_another_organisation_are_not_there():
    _, mine, _ = rich_member()
    story, _, member = rich_member()
    line = body_of(program(story.organisation.id).get(f"/members/{member}/statement", unit="points"))
    transfer = line["items"][0]["id"]
    hold = f"hld_{transfer.removeprefix('led_')}"
    stranger = make_member(story.organisation.id, external_ids=[("crm", "elsewhere")])

    assert mine.get(f"/members/{member}/balances").status_code == 404
    assert mine.get("/members/ext:crm:elsewhere/balances").status_code == 404
    assert mine.get(f"/transfers/{transfer}").status_code == 404
    assert mine.get(f"/holds/{hold}").status_code == 404
    assert mine.post(f"/transfers/{transfer}/reverse", {"reason": "Mine"}).status_code == 404
    wanted = {"member": member, "unit": "points", "amount": 5, "reason": "Mine"}
    assert mine.post("/adjustments", wanted).status_code == 404
    assert stranger.organisation_id == story.organisation.id and story.available("ada") == 1000
