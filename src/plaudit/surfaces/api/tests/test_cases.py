"""Questions and claims over HTTP: whose numbers can be doubted, who answers, and what is put right once."""

from __future__ import annotations

from plaudit.cases.tests.factories import Desk, make_desk
from plaudit.earning.actions.take_in import take_in
from plaudit.earning.outcomes import Status
from plaudit.earning.tests.factories import purchase
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.models import Transfer
from plaudit.ledger.references import show_transfer
from plaudit.surfaces.api.tests.calling import body_of, program


def earned(desk: Desk, member: str = "ada") -> str:
    """A purchase of ten; the line of the statement it earned."""
    (outcome,) = take_in(desk.id, [purchase(member, "10", id=f"e-{member}")])
    assert outcome.status == Status.RECORDED
    with in_organisation(desk.id):
        newest = Transfer.objects.get(organisation_id=desk.id)
    return show_transfer(newest.wallet_id, newest.line)


def test_a_number_of_the_members_own_is_questioned_given_to_somebody_answered_and_put_right():
    desk = make_desk()
    caller = program(desk.id)
    line = earned(desk)
    asked = {"member": show("mem", desk.member_id), "subject": line, "words": "I bought two."}

    opened = caller.post("/cases", asked)
    again = caller.post("/cases", {**asked, "words": "And a hat."})
    made = body_of(opened)
    assert (opened.status_code, made["state"], made["subject"]) == (201, "open", line)
    assert made["about"] and body_of(again)["id"] == made["id"]
    given = body_of(caller.post(f"/cases/{made['id']}/assign", {"owner": desk.ravi}))
    assert given["owner"] == desk.ravi
    answer = {"words": "It is there now.", "points": {"unit": "points", "amount": 10}}
    settled = body_of(caller.post(f"/cases/{made['id']}/answer", answer))

    assert settled["state"] == "settled" and desk.available() == 20
    assert [one["kind"] for one in settled["messages"]] == ["opened", "said", "taken", "settled"]
    assert settled["messages"][-1]["reference"].startswith("led_")
    late = caller.post(f"/cases/{made['id']}/answer", answer)
    assert (late.status_code, body_of(late)["code"]) == (409, "case_ended")
    assert desk.available() == 20


def test_what_is_anothers_cannot_be_questioned():
    desk = make_desk()
    caller = program(desk.id)
    line = earned(desk, "bo")

    asked = {"member": show("mem", desk.member_id), "subject": line, "words": "Mine?"}

    assert caller.post("/cases", asked).status_code == 404
    assert body_of(caller.get("/cases"))["items"] == []


def test_a_case_is_given_to_nobody_who_may_not_answer():
    desk = make_desk()
    caller = program(desk.id)
    one = show("cse", desk.asks().id)

    for owner in (desk.mine, "usr_999999999", "Ravi", "usr_" + "9" * 30):
        assert caller.post(f"/cases/{one}/assign", {"owner": owner}).status_code == 404, owner
    assert body_of(caller.get(f"/cases/{one}"))["owner"] == ""


def test_points_above_the_limit_wait_for_a_second_person():
    desk = make_desk()
    caller = program(desk.id)
    one = show("cse", desk.asks().id)

    answer = {"words": "Two orders.", "points": {"unit": "points", "amount": 600}}
    asked = body_of(caller.post(f"/cases/{one}/answer", answer))

    assert asked["state"] == "open" and desk.available() == 0
    assert asked["messages"][-1]["kind"] == "asked"


def test_a_claim_is_paid_by_its_own_rules():
    desk = make_desk()
    caller = program(desk.id)
    missed = {"member": show("mem", desk.member_id), "activity": "purchase", "proof": "Order 4711"}

    one = body_of(caller.post("/claims", missed))
    both = {"words": "Yes.", "points": {"unit": "points", "amount": 1}, "activity": {"amount": 30}}
    assert caller.post(f"/cases/{one['id']}/answer", both).status_code == 422
    done = body_of(caller.post(f"/cases/{one['id']}/answer", {"words": "Yes.", "activity": {"amount": 30}}))

    assert (one["kind"], done["state"]) == ("claim", "settled")
    assert desk.available() == 30


def test_cases_are_listed_by_state_member_and_owner_a_page_at_a_time():
    desk = make_desk()
    caller = program(desk.id)
    first, second = (show("cse", desk.asks(f"led_000001-{number}").id) for number in (1, 2))
    caller.post(f"/cases/{first}/withdraw", {})

    def listed(query: str) -> list[str]:
        return [one["id"] for one in body_of(caller.get(f"/cases{query}"))["items"]]

    assert listed("") == [second, first]
    assert listed("?state=open") == [second]
    assert listed("?owner=") == [second, first]
    assert listed(f"?owner={desk.ravi}") == []
    assert listed("?member=ext:till:ada") == [second, first]
    front = body_of(caller.get("/cases?limit=1"))
    assert front["has_more"] and listed(f"?limit=1&after={front['next']}") == [first]


def test_reading_cases_does_not_let_a_key_answer_them():
    desk = make_desk()
    one = show("cse", desk.asks().id)
    reader = program(desk.id, "cases:read")

    assert reader.get(f"/cases/{one}").status_code == 200
    assert reader.post(f"/cases/{one}/answer", {"words": "No."}).status_code == 403
    assert program(desk.id, "members:read").get("/cases").status_code == 403
