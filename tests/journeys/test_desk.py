"""At the desk: find whoever is asking, say why, put it right; by mouse, by keyboard alone, and without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from plaudit.cases.actions.asking import ask_approval
from plaudit.cases.actions.opening import claim, question
from plaudit.cases.models import Case
from plaudit.cases.queries import today
from plaudit.foundation import ids
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.tests.factories import Shop, make_shop
from plaudit.ledger.places import Kind
from plaudit.people.tests.factories import make_user
from tests.journeys.person import Person
from tests.journeys.ways import DESK, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser


@pytest.fixture
def shop():
    shop = make_shop()
    shop.buys("152.92")
    shop.happens("purchase", {"amount": 20, "gift_card": True}, id="order-4711")
    return shop


@pytest.fixture
def ravi(browser, site):
    ravi = Person(browser, site)
    yield ravi
    ravi.leave()


def signs_in(ravi: Person, shop: Shop, *roles: str) -> None:
    ravi.sign_in(shop.id, make_user(shop.id, roles=roles or ["desk"]).id)


def writes(ravi: Person, name: str, words: str) -> None:
    """Type into the field with this name."""
    field = ravi.browser.find_element(By.NAME, name)
    field.clear()
    field.send_keys(words)


def misses(shop: Shop) -> Case:
    """Mina claims a purchase that never arrived."""
    with in_organisation(shop.id):
        yesterday = today(shop.id) - timedelta(days=1)
    return claim(
        shop.id, member_id=shop.mina.id, activity="purchase", happened_on=yesterday, proof="Receipt 88",
        key=str(ids.new_id()), actor=f"usr_{shop.mina_signs_in.id}",
    )  # fmt: skip


def doubts(shop: Shop) -> Case:
    """Mina questions her last line."""
    return question(
        shop.id, member_id=shop.mina.id, subject=shop.newest(Kind.ACCRUAL).reference, about="228 points",
        words="Should it not be more?", key=str(ids.new_id()), actor=f"usr_{shop.mina_signs_in.id}",
    )  # fmt: skip


@only_in_every_way
@in_every_way
def test_why_zero_is_answered_in_one_tap_and_put_right_in_five(shop, ravi, axe, way):
    ravi.begin(way)
    signs_in(ravi, shop)
    ravi.opens("/console/desk")

    writes(ravi, "find", "order-4711")
    ravi.tap("Find")
    assert ravi.reads("To say aloud")
    assert "gift" in ravi.text().lower()
    assert ravi.taps == 1
    assert not ravi.overflows()
    if way.script:
        assert axe() == []

    ravi.tap("Give or take points")
    writes(ravi, "amount", "20")
    ravi.tap_on(ravi.browser.find_element(By.XPATH, "//label[contains(., 'We got something wrong')]"))
    ravi.tap("Check")
    assert ravi.reads("248 points")  # what they will have is said before
    ravi.tap("Give 20 points")

    assert ravi.reads("20 points given to Mina Okafor.")
    assert ravi.taps == 5
    assert shop.newest(Kind.ADJUSTMENT).amount == 20
    assert not ravi.overflows()


@only_in_every_way
@in_every_way
def test_a_claim_is_settled_in_three_taps_and_its_own_rule_pays(shop, ravi, way):
    misses(shop)
    ravi.begin(way)
    signs_in(ravi, shop)
    ravi.opens("/console/desk")

    ravi.tap("Purchase,")
    assert ravi.reads("Receipt 88")
    writes(ravi, "words", "We found your receipt.")
    ravi.tap_on(ravi.browser.find_element(By.ID, "record"))
    writes(ravi, "field-amount", "40.00")
    ravi.tap("Answer and settle")

    assert ravi.reads("Settled. The member is told by mail.")
    assert ravi.taps == 3
    assert shop.newest(Kind.ACCRUAL).amount == 40
    assert not ravi.overflows()


@by_keyboard
def test_with_the_keyboard_alone_one_finds_answers_and_gives(shop, ravi, way):
    ravi.begin(way)
    signs_in(ravi, shop)
    ravi.opens("/console/desk")

    assert ravi.focus().get_attribute("name") == "find"
    ravi.focus().send_keys("order-4711", Keys.ENTER)
    assert ravi.reads("To say aloud")
    ravi.tab_to("Give or take points")
    ravi.press_enter()
    assert ravi.reads("to spend")
    ravi.tab_into("amount")
    ravi.focus().send_keys("20")
    ravi.tab_into("reason")
    ravi.focus().send_keys("Our till was wrong")
    ravi.tab_to("Check")
    ravi.press_enter()
    assert ravi.reads("248 points")
    ravi.tab_to("Give 20 points")
    ravi.press_enter()

    assert ravi.reads("20 points given to Mina Okafor.")
    assert shop.newest(Kind.ADJUSTMENT).reason == "Our till was wrong"
    assert ravi.keys <= 90


@only_in_every_way
@in_every_way
def test_a_member_questions_a_line_in_two_taps(shop, ravi, way):
    ravi.begin(way)
    ravi.sign_in(shop.id, shop.mina_signs_in.id)
    ravi.opens(f"/activity/{shop.newest(Kind.ACCRUAL).reference}")

    ravi.tap("Question this")
    writes(ravi, "words", "I spent more than that.")
    ravi.tap("Send")

    assert ravi.reads("We have it")
    assert ravi.taps == 2
    assert not ravi.overflows()


@only_in_every_way
@pytest.mark.parametrize("state", ["full", "empty"])
def test_every_page_of_the_desk_is_for_everybody_and_fits(ravi, axe, state):
    shop = make_shop()
    member, pages = ids.show("mem", shop.mina.id), ["/console/desk", "/console/cases", "/console/approvals"]
    pages += [f"/console/desk/{member}", f"/console/members/{member}/adjust", "/console/desk?find=nobody"]
    if state == "full":
        shop.buys("152.92")
        case, missed = doubts(shop), misses(shop)
        ask_approval(
            shop.id, member_id=shop.mina.id, unit="points", amount=5_000, reason="Two orders were lost.",
            key="k", actor="usr_0",
        )  # fmt: skip
        pages += [f"/console/cases/{ids.show('cse', one.id)}" for one in (case, missed)]
        pages += [f"/console/desk/{member}?about={case.subject}", "/console/cases?state=all"]
    ravi.begin(DESK)
    signs_in(ravi, shop, "manager")
    wrong = ravi.walk(pages, axe)
    ravi.opens("/")
    ravi.browser.delete_all_cookies()
    ravi.sign_in(shop.id, shop.mina_signs_in.id)
    own = ["/cases", "/cases/new", "/activity/missing"]
    own += [f"/cases/{ids.show('cse', one.id)}" for one in (case, missed)] if state == "full" else []
    wrong |= ravi.walk(own, axe)

    assert wrong == {}
