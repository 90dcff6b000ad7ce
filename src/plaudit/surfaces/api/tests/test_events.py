"""POST /events and what is asked about events afterwards, over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import connections

from plaudit.activity.events import BODY_BYTES_MAX
from plaudit.activity.models import Event
from plaudit.earning.tests.factories import make_limit, make_rule, make_story
from plaudit.foundation.exact import encode
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.tests.calling import AT, LINES, body_of, program, purchase, stranger


def recorded(organisation_id: int) -> int:
    """How many events are in the book."""
    with in_organisation(organisation_id):
        return Event.objects.filter(organisation_id=organisation_id).count()


def test_one_event_is_recorded_and_answered_with_points_and_balance():
    story = make_story()
    till = program(story.organisation.id, "activity:write", "activity:read")

    answer = till.report(purchase("ada", Decimal("12.50")))

    told = body_of(answer)
    assert answer.status_code == 201
    assert (
        told["status"] == "recorded" and told["id"].startswith("act_") and told["member"].startswith("mem_")
    )
    assert told["grants"] == [{"rule": "purchases", "unit": "points", "amount": 12, "pending": False}]
    assert told["balances"] == [{"unit": "points", "precision": 0, "available": 12, "pending": 0, "held": 0}]
    assert answer["Location"] == told["links"]["event"] == f"{AT}/events/{told['id']}"
    assert till.client.get(told["links"]["explanation"]).status_code == 200


def test_the_same_event_again_is_answered_as_before_and_earns_nothing():
    story = make_story()
    till = program(story.organisation.id)
    first = till.report(purchase("ada", "12.50", id="sale-a"))

    again = till.report(purchase("ada", "12.50", id="sale-a"))

    assert again.status_code == 200 and again["Idempotency-Replayed"] == "true"
    assert body_of(again) == {**body_of(first), "status": "repeated"}
    assert story.available("ada") == 12


def test_a_repeated_event_is_answered_with_what_it_earned_then_and_the_balance_now():
    story = make_story()
    till = program(story.organisation.id)
    till.report(purchase("ada", "12.50", id="sale-b"))
    till.report(purchase("ada", "7"))

    again = body_of(till.report(purchase("ada", "12.50", id="sale-b")))

    assert [grant["amount"] for grant in again["grants"]] == [12]
    assert again["balances"][0]["available"] == 19


def test_another_event_under_the_same_id_is_a_conflict_and_changes_nothing():
    story = make_story()
    till = program(story.organisation.id)
    till.report(purchase("ada", "12.50", id="sale-c"))

    answer = till.report(purchase("ada", "99.00", id="sale-c"))

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert body_of(answer)["code"] == "same_id_other_event"
    assert story.available("ada") == 12


def test_an_event_of_a_type_nobody_declared_is_refused():
    story = make_story()

    answer = program(story.organisation.id).report({**purchase("ada", "1"), "type": "purchace"})

    assert (answer.status_code, body_of(answer)["code"]) == (422, "event_type_unknown")
    assert recorded(story.organisation.id) == 0


def test_data_that_does_not_fit_its_type_is_refused_with_the_place_of_each_fault():
    story = make_story()

    answer = program(story.organisation.id).report(purchase("ada", "a lot"))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in body_of(answer)["errors"]] == ["/data/amount"]


def test_what_is_no_event_is_refused_with_every_fault():
    answer = program(make_organisation().id).report({"specversion": "0.3", "id": "", "data": []})

    places = {fault["pointer"] for fault in body_of(answer)["errors"]}
    assert answer.status_code == 422
    assert places == {"/specversion", "/id", "/source", "/type", "/time", "/data"}


def test_a_batch_is_answered_event_by_event_in_order_and_nothing_is_lost():
    story = make_story()
    till = program(story.organisation.id)
    till.report(purchase("ada", "5", id="old"))
    events = [
        purchase("ada", "10", id="new"),
        purchase("ada", "5", id="old"),
        purchase("ada", "6", id="old"),
        {**purchase("bo", "1"), "type": "unheard-of"},
        purchase("bo", "words"),
        {"specversion": "1.0"},
        purchase("bo", "7", id="twin"),
        purchase("bo", "7", id="twin"),
    ]

    answer = till.report_all(events)

    told = body_of(answer)
    statuses = [result["status"] for result in told["results"]]
    assert answer.status_code == 200
    assert statuses == [
        "recorded",
        "repeated",
        "conflict",
        "refused",
        "refused",
        "refused",
        "recorded",
        "repeated",
    ]
    assert told["counts"] == {"recorded": 2, "repeated": 2, "conflict": 1, "refused": 3, "failed": 0}
    assert [result["index"] for result in told["results"]] == list(range(8))
    assert told["results"][4]["problem"]["errors"][0]["pointer"] == "/4/data/amount"
    assert told["results"][6]["id"] == told["results"][7]["id"]
    assert told["results"][6]["grants"] == told["results"][7]["grants"]
    assert (story.available("ada"), story.available("bo")) == (15, 7)


def test_events_come_one_a_line_too():
    story = make_story()
    till = program(story.organisation.id)
    lines = "\n".join([encode(purchase("ada", "3")), "not json", encode(purchase("ada", "4"))])

    answer = till.client.generic("POST", f"{AT}/events", lines, content_type=LINES)

    assert [result["status"] for result in body_of(answer)["results"]] == ["recorded", "refused", "recorded"]
    assert story.available("ada") == 7


def test_plain_json_may_hold_one_event_or_many():
    story = make_story()
    till = program(story.organisation.id)

    one = till.post("/events", purchase("ada", "3"), key=None)
    many = till.post("/events", [purchase("ada", "4")], key=None)

    assert (one.status_code, many.status_code) == (201, 200)
    assert body_of(many)["counts"]["recorded"] == 1


def test_a_body_of_another_kind_is_not_taken():
    till = program(make_organisation().id)

    for media in ("text/plain", "application/xml", ""):
        answer = till.client.generic("POST", f"{AT}/events", "{}", content_type=media)
        assert (answer.status_code, body_of(answer)["code"]) == (415, "media_type_not_taken")


def test_a_broken_batch_is_refused_as_a_whole():
    till = program(make_organisation().id)

    answer = till.client.generic("POST", f"{AT}/events", "[{]", content_type="application/json")

    assert (answer.status_code, body_of(answer)["errors"][0]["code"]) == (422, "malformed")


def test_a_batch_over_sixteen_megabytes_is_refused_before_it_is_read():
    till = program(make_organisation().id)

    answer = till.client.generic(
        "POST", f"{AT}/events", b"[]", content_type="application/json", CONTENT_LENGTH=str(BODY_BYTES_MAX + 1)
    )

    assert (answer.status_code, body_of(answer)["code"]) == (413, "body_too_large")


def test_deep_json_is_refused():
    story = make_story()
    deep: object = "bottom"
    for _ in range(100):
        deep = {"down": deep}

    answer = program(story.organisation.id).report({**purchase("ada", "1"), "data": {"amount": 1, "x": deep}})

    assert (answer.status_code, body_of(answer)["errors"][0]["code"]) == (422, "too_deep")


def test_a_dry_run_says_what_would_be_earned_and_nothing_remains():
    story = make_story(make_rule(limits=(make_limit(20),)))
    till = program(story.organisation.id)
    till.report(purchase("ada", "15"))

    rehearsed = till.report(purchase("ada", "15", id="later"), dry_run="true", explain="all")

    told = body_of(rehearsed)
    assert rehearsed.status_code == 200
    assert (told["id"], told["dry_run"], told["links"]) == (None, True, None)
    assert [grant["amount"] for grant in told["grants"]] == [5]
    assert told["balances"][0]["available"] == 20
    assert told["explanation"]["verdicts"][0]["verdict"] == "cut"
    assert recorded(story.organisation.id) == 1 and story.available("ada") == 15
    assert body_of(till.report(purchase("ada", "15", id="later")))["grants"][0]["amount"] == 5


def test_a_dry_run_enrols_nobody():
    story = make_story()
    till = program(story.organisation.id)

    assert body_of(till.report(purchase("nobody-yet", "5"), dry_run="true"))["member"]

    assert till.get("/members/ext:till:nobody-yet").status_code == 404


def test_a_batch_can_be_rehearsed():
    story = make_story()
    till = program(story.organisation.id)

    told = body_of(till.report_all([purchase("ada", "5"), purchase("ada", "6")], dry_run="true"))

    assert (told["dry_run"], told["counts"]["recorded"]) == (True, 2)
    assert [result["id"] for result in told["results"]] == [None, None]
    assert recorded(story.organisation.id) == 0


def test_an_answer_explains_every_rule_or_those_that_matched():
    web_only = make_rule("web", when="channel = 'web'", earn="5")
    story = make_story(make_rule(), web_only)
    till = program(story.organisation.id)

    every = body_of(till.report(purchase("ada", "10"), explain="all"))["explanation"]
    matched = body_of(till.report(purchase("ada", "10"), explain="matched"))["explanation"]

    assert [verdict["rule"] for verdict in every["verdicts"]] == ["purchases", "web"]
    assert every["verdicts"][1]["verdict"] == "condition" and every["verdicts"][1]["would_change"]
    assert [verdict["rule"] for verdict in matched["verdicts"]] == ["purchases"]


def test_an_idempotency_key_is_taken_and_kept():
    story = make_story()
    till = program(story.organisation.id)
    event = purchase("ada", "10")

    first = till.post("/events", event, key="k-1")
    again = till.post("/events", event, key="k-1")
    other = till.post("/events", purchase("ada", "11"), key="k-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.content == first.content and again["Idempotency-Replayed"] == "true"
    assert body_of(other)["code"] == "idempotency_key_reused"
    assert story.available("ada") == 10


def test_numbers_come_back_to_the_last_digit():
    story = make_story(types={"reading": {"value": {"kind": "decimal", "scale": 6}}})
    till = program(story.organisation.id)
    sent = {**purchase("ada", 1), "type": "reading", "data": {"value": Decimal("0.100000")}}

    event = body_of(till.report(sent))["links"]["event"]

    assert b'"data":{"value":0.100000}' in till.client.get(event).content


def test_events_are_listed_newest_first_page_by_page():
    story = make_story()
    till = program(story.organisation.id)
    for number in range(5):
        till.report(purchase("ada" if number % 2 else "bo", "1", id=f"n{number}"))

    first = body_of(till.get("/events", limit=2))
    second = body_of(till.get("/events", limit=2, after=first["next"]))
    third = body_of(till.get("/events", limit=2, after=second["next"]))

    keys = [event["key"] for part in (first, second, third) for event in part["items"]]
    assert keys == ["n4", "n3", "n2", "n1", "n0"]
    assert (first["has_more"], third["has_more"], third["next"]) == (True, False, None)
    of_ada = body_of(till.get("/events", member="ext:till:ada"))
    assert [event["key"] for event in of_ada["items"]] == ["n3", "n1"]
    assert body_of(till.get("/events", type="purchase.refunded"))["items"] == []
    assert len(body_of(till.get("/events", type="purchase"))["items"]) == 5


def test_a_cursor_of_another_list_is_refused():
    till = program(make_organisation().id)

    for cursor in ("x", "e30", "WzFd", "a" * 399):
        assert till.get("/events", after=cursor).status_code == 422


def test_an_event_of_another_organisation_is_not_there():
    here, there = make_story(), make_story()
    event = body_of(program(here.organisation.id).report(purchase("ada", "1")))["id"]
    elsewhere = program(there.organisation.id)

    assert elsewhere.get(f"/events/{event}").status_code == 404
    assert elsewhere.get(f"/events/{event}/explanation").status_code == 404


def test_reporting_needs_a_key_with_its_scope():
    story = make_story()
    reader = program(story.organisation.id, "activity:read")

    assert stranger().report(purchase("ada", "1")).status_code == 401
    refused = reader.report(purchase("ada", "1"))
    assert (refused.status_code, body_of(refused)["code"]) == (403, "scope_missing")
    assert recorded(story.organisation.id) == 0


def test_many_at_once_are_each_answered_and_none_is_lost_or_doubled():
    story = make_story()
    till = program(story.organisation.id)
    till.report(purchase("ada", "1", id="first"))

    def report(number: int) -> int:
        try:
            # Every event is sent by two, so each must be recorded by one and repeated to the other.
            event = purchase(f"member-{number // 2 % 7}", "1", id=f"at-once-{number // 2}")
            return int(till.report(event).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(report, range(80)))

    assert (statuses.count(201), statuses.count(200)) == (40, 40)
    assert recorded(story.organisation.id) == 41
