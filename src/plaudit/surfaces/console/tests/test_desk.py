"""The desk: anybody found by any id, a member on one screen, goodwill within limits, cases and approvals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from plaudit.cases.actions.opening import claim, question
from plaudit.cases.models import Case
from plaudit.cases.queries import today
from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.people.models import Member
from plaudit.people.tests.factories import ACTOR, make_member
from plaudit.surfaces.console.tests.shops import Company, make_company, reference_of
from plaudit.surfaces.console.tests.test_pages import hidden_in, queries_of, text_of


def make_case(company: Company, ada: Member, *, missing: bool = False) -> Case:
    """A question of Ada's about her last line, or a claim of a purchase that never arrived."""
    if missing:
        with in_organisation(company.id):
            yesterday = today(company.id) - timedelta(days=1)
        return claim(
            company.id, member_id=ada.id, activity="purchase", happened_on=yesterday, proof="Order 4711",
            key=str(ids.new_id()), actor=ACTOR,
        )  # fmt: skip
    return question(
        company.id, member_id=ada.id, subject=company.last_transfer(ada), about="50 points", words="Too few.",
        key=str(ids.new_id()), actor=ACTOR,
    )  # fmt: skip


def shown(company: Company, one: Case) -> str:
    return text_of(company.person("auditor").get(f"/console/cases/{ids.show('cse', one.id)}"))


def test_one_field_leads_to_whoever_is_meant():
    company = make_company()
    ada, bo = company.member("Ada"), company.member("Bo")
    mail = make_member(company.id, name="Zoë", email="zoe@harbour.example", external_ids=[])
    company.buy(ada)
    line = company.last_transfer(ada)
    with in_organisation(company.id), connection.cursor() as cursor:
        known_as = ada.identities.get().external_id
        cursor.execute("select key, id from activity_event where member_id = %s", [ada.id])
        order, event_id = cursor.fetchone()
    case = make_case(company, ada)
    desk, page = company.person("desk"), f"/console/desk/{reference_of(ada)}"

    leads = {
        known_as: page,
        f"ext:till:{known_as}": page,
        reference_of(ada).upper(): page,
        "ada": page,
        "Bo": f"/console/desk/{reference_of(bo)}",
        "ZOE@harbour.example": f"/console/desk/{reference_of(mail)}",
        "zoë": f"/console/desk/{reference_of(mail)}",
        line: f"{page}?about={line}",
        order: f"{page}?about={ids.show('act', event_id)}",
        ids.show("cse", case.id): f"/console/cases/{ids.show('cse', case.id)}",
    }
    for text, address in leads.items():
        found = desk.get("/console/desk", {"find": f" {text} "})
        assert (found.status_code, found.headers.get("Location")) == (302, address), text


def test_a_level_that_is_not_there_is_not_found():
    company = make_company()
    ada = company.member("Ada")
    desk = company.person("desk")

    assert desk.get(f"/console/desk/{reference_of(ada)}?about=tier:none/status").status_code == 404


def test_several_are_listed_and_nobody_is_said_to_be_nobody():
    company = make_company()
    ada, adam = company.member("Ada"), company.member("Adam")
    desk = company.person("desk")

    both = text_of(desk.get("/console/desk", {"find": "ad"}))
    assert reference_of(ada) in both
    assert reference_of(adam) in both
    assert "Nobody was found" in text_of(desk.get("/console/desk", {"find": "led_zzzzzz-1"}))
    assert "Nobody was found" in text_of(desk.get("/console/desk", {"find": "%"}))


def test_one_organisation_finds_nobody_of_another():
    company, other = make_company(), make_company()
    ada = company.member("Ada")
    company.buy(ada)

    for text in ("Ada", reference_of(ada), company.last_transfer(ada)):
        assert "Nobody was found" in text_of(other.person("desk").get("/console/desk", {"find": text})), text


def test_a_member_is_on_one_screen_with_the_why_read_aloud():
    company = make_company()
    ada = company.member()
    company.buy(ada, "50.00")
    desk, line = company.person("desk"), company.last_transfer(ada)

    page = text_of(desk.get(f"/console/desk/{reference_of(ada)}", {"about": line}))

    assert "To say aloud" in page
    assert "How they can earn" in page
    assert "What they can have" in page
    assert desk.get(f"/console/desk/{reference_of(company.member())}", {"about": line}).status_code == 404


def test_the_screen_costs_the_same_for_one_line_and_for_five():
    company = make_company()
    ada = company.member()
    desk, at = company.person("desk"), f"/console/desk/{reference_of(ada)}"
    company.buy(ada)
    few = queries_of(desk, at)
    for _ in range(4):
        company.buy(ada)

    assert queries_of(desk, at) <= few


def test_points_above_the_limit_are_asked_for_and_given_by_a_second_person():
    company = make_company()
    ada = company.member()
    desk, manager = company.person("desk"), company.person("manager")
    at = f"/console/members/{reference_of(ada)}/adjust"
    form = {**hidden_in(desk.get(at)), "direction": "give", "amount": "1000", "why": "ours", "reason": ""}

    check = desk.post(f"{at}/check", form)
    assert "A second person decides" in text_of(check)
    assert desk.post(f"{at}/post", hidden_in(check)).status_code == 302
    assert "We got something wrong" in text_of(manager.get("/console/approvals"))
    assert "You asked for this" in text_of(desk.get("/console/approvals"))
    (address,) = {one for one in text_of(manager.get("/console/approvals")).split('"') if "/approve" in one}

    assert desk.post(address).status_code == 403
    assert manager.post(address).status_code == 302
    assert company.available(ada) == 1000
    assert manager.post(address.replace("/approve", "/decline"), {"reason": "No."}).status_code == 409
    assert "Nothing waits" in text_of(manager.get("/console/approvals"))


def test_a_manager_does_not_approve_their_own():
    company = make_company()
    ada, manager = company.member(), company.person("manager")
    at = f"/console/members/{reference_of(ada)}/adjust"
    form = {**hidden_in(manager.get(at)), "direction": "give", "amount": "1000", "why": "thanks"}
    manager.post(f"{at}/post", form)
    (address,) = {
        one
        for one in text_of(company.person("finance").get("/console/approvals")).split('"')
        if "/approve" in one
    }

    refused = manager.post(address)

    assert refused.status_code == 403
    assert "Nobody approves what they asked for themselves." in text_of(refused)
    assert company.person("finance").post(address.replace("/approve", "/decline")).status_code == 422


def test_a_case_is_taken_answered_and_settled_with_points():
    company = make_company()
    ada = company.member()
    company.buy(ada, "50.00")
    case, desk = make_case(company, ada), company.person("desk")
    at = f"/console/cases/{ids.show('cse', case.id)}"
    assert "50 points" in text_of(desk.get("/console/cases"))

    desk.post(f"{at}/take", hidden_in(desk.get(at)))
    assert "50 points" in text_of(desk.get("/console/cases", {"state": "mine"}))
    form = {
        "key": hidden_in(desk.get(at))["key"],
        "words": "You are right.",
        "amount": "25",
        "then": "answer",
    }
    for _ in range(2):
        assert desk.post(f"{at}/answer", form).status_code == 302

    assert company.available(ada) == 75
    assert "Settled" in shown(company, case)
    assert "Nobody waits for an answer" in text_of(desk.get("/console/cases"))


def test_what_was_missing_is_recorded_with_the_fields_of_its_type():
    company = make_company()
    ada = company.member()
    case, desk = make_case(company, ada, missing=True), company.person("desk")
    at = f"/console/cases/{ids.show('cse', case.id)}"
    page = desk.get(at)
    assert "Order 4711" in text_of(page)
    form = {"key": hidden_in(page)["key"], "words": "Found.", "record": "yes", "field-amount": "75.00"}

    assert desk.post(f"{at}/answer", form).status_code == 302
    assert company.available(ada) == 75


@pytest.mark.parametrize("amount", ["much", "NaN", "1.5", "0", "1e40"])
def test_what_is_no_amount_is_said_on_the_case_as_it_was_filled_in(amount: str):
    company = make_company()
    ada = company.member()
    company.buy(ada)
    case, desk = make_case(company, ada), company.person("desk")
    at = f"/console/cases/{ids.show('cse', case.id)}"

    refused = desk.post(f"{at}/answer", {"key": "k", "words": "My words", "amount": amount})

    assert refused.status_code == 422
    assert "Enter" in text_of(refused)
    assert "My words" in text_of(refused)


def test_a_case_is_opened_for_whoever_asks_at_the_desk():
    company = make_company()
    ada = company.member()
    company.buy(ada)
    desk, line = company.person("desk"), company.last_transfer(ada)
    at = f"/console/desk/{reference_of(ada)}"

    form = {"about": line, "key": "k", "words": "I paid more."}
    opened = desk.post(f"{at}/case", form)

    assert opened.status_code == 302
    assert "I paid more." in text_of(desk.get(opened["Location"]))
    assert desk.post(f"{at}/case", {"about": line, "key": "l", "words": " "}).status_code == 422
