"""A member's day: sign in, see what one has and why, redeem it; by thumb, by keyboard, and without script."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from plaudit.insights.tests.factories import make_shop
from plaudit.ledger.places import Kind
from tests.journeys.person import Person
from tests.journeys.ways import DESK, PHONE, by_keyboard, only_in_every_way, with_script, without_script

pytestmark = pytest.mark.browser


@pytest.fixture
def shop():
    shop = make_shop()
    shop.buys("152.92", id="big")
    shop.happens("survey")
    shop.happens("survey")
    return shop


@pytest.fixture
def mina(browser, site):
    mina = Person(browser, site)
    yield mina
    mina.leave()


@with_script
def test_a_member_redeems_in_four_taps(shop, mina, way):
    mina.begin(way)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    assert mina.reads("238 points")
    assert mina.taps == 0

    mina.tap("Rewards")
    mina.tap("A coffee")
    mina.tap("Redeem")
    assert mina.reads("188 points")  # what is left is said before
    mina.tap("Redeem for 50 points")

    assert mina.reads("A coffee is yours")
    assert mina.taps == 4
    assert "/redemptions/rdm_" in mina.browser.current_url
    assert mina.focus().text == "A coffee is yours"
    assert not mina.overflows()


@only_in_every_way
@with_script
def test_why_opens_in_place_and_takes_focus(shop, mina, axe, way):
    mina.begin(way)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    line = shop.newest(Kind.ACCRUAL).line

    mina.tap_on(mina.browser.find_element(By.ID, f"why-{line}-link"))

    assert mina.reads("10 points: You told us what you think.")
    assert mina.until(lambda: "because-sentence" in (mina.focus().get_attribute("class") or ""))
    assert mina.browser.current_url.endswith("/")
    assert not mina.overflows()
    assert axe() == []


@by_keyboard
def test_with_the_keyboard_alone_one_signs_in_finds_why_and_redeems(shop, mina, way):
    mina.begin(way)
    mina.sign_in(shop.id, shop.mina_signs_in.id)

    mina.tab_to("Skip to the main content")
    mina.tab_to("Why?")
    mina.press_enter()
    assert mina.reads("10 points: You told us what you think.")
    mina.opens("/")
    mina.tab_to("Rewards")
    mina.press_enter()
    assert mina.reads("Affordable now")
    mina.tab_to("Redeem A coffee")
    mina.press_enter()
    assert mina.reads("Check and redeem")
    mina.tab_to("Redeem for 50 points")
    mina.press_enter()

    assert mina.reads("A coffee is yours")
    assert mina.keys <= 80


@without_script
def test_without_script_everything_is_there(shop, mina, way):
    mina.begin(way)
    mina.sign_in(shop.id, shop.mina_signs_in.id)

    mina.tap("Why?")
    assert mina.reads("10 points: You told us what you think.")
    assert "/activity/led_" in mina.browser.current_url
    mina.opens("/")
    mina.tap("Rewards")
    mina.tap("£5 voucher")
    mina.tap("Redeem")
    mina.tap("Redeem for 100 points")

    assert mina.reads("£5 voucher is yours")
    assert mina.reads("HBR-0")
    assert mina.taps == 5
    mina.opens("/redemptions")
    mina.tap("Show the code")
    assert mina.reads("HBR-0")


@only_in_every_way
def test_a_new_line_appears_within_two_seconds_and_focus_stays(shop, mina):
    mina.begin(PHONE)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    mina.tab_to("Choose a reward")
    before = mina.focus().get_attribute("id")

    shop.buys("50.00")

    assert mina.until(lambda: "288 points" in mina.text(), seconds=2)
    assert "You spent 50.00 with us" in mina.text()
    assert mina.focus().get_attribute("id") == before
    spoken = mina.browser.find_element(By.ID, "live")
    assert mina.until(lambda: "You have 288" in (spoken.get_attribute("textContent") or ""))


def test_pressing_twice_redeems_once(shop, mina):
    mina.begin(PHONE)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    mina.opens(f"/rewards/{shop.reward_id('coffee')}/redeem")

    mina.browser.execute_script("const b = document.getElementById('redeem'); b.click(); b.click();")

    assert mina.reads("A coffee is yours")
    assert [line.kind for line in shop.lines()].count(Kind.HOLD) == 1


@only_in_every_way
def test_nobody_knows_why_a_page_is_not_there_but_how_to_go_on(shop, mina, axe):
    mina.begin(PHONE)
    mina.opens("/nowhere")
    assert mina.reads("There is no page at this address.")
    assert axe() == []

    mina.sign_in(shop.id, shop.mina_signs_in.id)
    mina.opens("/activity/led_zzzzzz-1")
    assert axe() == []
    mina.tap("Go to the first page")
    assert mina.reads("Hello, Mina")


PAGES = (
    "/",
    "/activity",
    "/activity/done",
    "/earn",
    "/expiry",
    "/rewards?show=all",
    "/redemptions",
    "/me/profile",
    "/me/inbox",
    "/me/security",
    "/organisations",
    "/help",
)


@only_in_every_way
@pytest.mark.parametrize("state", ["full", "empty"])
def test_every_page_is_for_everybody_and_fits(mina, axe, state):
    shop = make_shop()
    if state == "full":
        shop.buys("152.92")
        shop.happens("survey")
        shop.happens("survey")
    mina.begin(DESK)
    mina.sign_in(shop.id, shop.mina_signs_in.id)
    pages = [*PAGES, f"/rewards/{shop.reward_id('coffee')}", f"/rewards/{shop.reward_id('coffee')}/redeem"]
    if state == "full":
        pages.append(f"/activity/{shop.newest(Kind.ACCRUAL).reference}")

    assert mina.walk(pages, axe) == {}


@only_in_every_way
def test_the_way_in_is_for_everybody_and_fits(mina, axe):
    assert mina.walk(["/sign-in", "/sign-in/sent", "/sign-in/spent", "/signed-out"], axe) == {}
