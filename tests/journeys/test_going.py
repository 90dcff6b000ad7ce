"""What keeps a member going and their own affairs, in a browser: done without script, and fit for everybody."""

from __future__ import annotations

import re

import pytest
from selenium.webdriver.common.by import By

from plaudit.surfaces.portal.tests.going import Going, begin_going
from tests.browser import served
from tests.journeys.person import Person
from tests.journeys.ways import PHONE, Way, only_in_every_way

pytestmark = pytest.mark.browser


@pytest.fixture
def mina(browser, site):
    mina = Person(browser, site)
    yield mina
    mina.leave()


def begin(mina: Person) -> Going:
    going = begin_going()
    mina.begin(Way(320, script=False))
    mina.sign_in(going.shop.id, going.shop.mina_signs_in.id)
    return going


@only_in_every_way
def test_without_script_one_accepts_hides_renews_chooses_and_is_called_right(mina):
    going = begin(mina)
    going.offers("spring")
    going.joins(paid=True)

    mina.opens("/challenges")
    mina.tap("Accept")
    assert mina.reads("It holds for you")
    mina.tap("Day by day")
    mina.tap("Hide it")
    assert mina.reads("Hidden. What you do still counts.")
    mina.opens("/")
    mina.tap("Friend")
    mina.tap("Renew")
    mina.tap("Ask for it")
    assert mina.reads("To be paid")
    mina.opens("/me/notifications")
    mina.tap_on(mina.browser.find_element(By.ID, "mail-levels"))
    mina.tap("Save")
    assert mina.reads("Kept. It holds from now on.")
    assert mina.browser.find_element(By.ID, "mail-levels").is_selected()
    mina.opens("/me/privacy")
    name = mina.browser.find_element(By.ID, "name")
    name.clear()
    name.send_keys("Mina Hale")
    mina.tap("Correct my name")
    assert mina.reads("Your name is corrected.")
    assert mina.taps == 9


@only_in_every_way
def test_every_page_of_it_fits_and_is_for_everybody(mina, axe):
    going = begin(mina)
    parts = [f"/challenges/{going.part(key)}" for key in ("three-a-month", "daily", "voices")]
    wrong = mina.walk(["/challenges", "/refer", "/badges", "/tier", "/membership", *parts], axe)
    going.lives()
    going.offers("spring")
    going.joins(paid=True)
    going.post("/refer/code", programme="corner-shop")
    membership = going.page("/membership")
    renewal = f"/membership/{_named(membership, 'mbs')}/renew"
    invoice = f"/invoices/{_named(membership, 'inv')}"
    full = ["/", "/earn", "/challenges", "/badges", "/tier", "/membership", *parts, renewal, invoice]
    full += ["/refer", f"{invoice}/cancel", "/me/privacy", "/me/privacy/erase", "/me/notifications"]

    assert wrong | mina.walk(full, axe) == {}


def test_without_a_network_the_last_balance_stands_with_its_time(browser):
    going = begin_going()
    with served() as address:
        mina = Person(browser, address)
        mina.begin(PHONE)
        mina.sign_in(going.shop.id, going.shop.mina_signs_in.id)
        going.shop.buys("48.20")
        browser.execute_async_script(
            "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done())"
        )
        mina.opens("/")  # from here on the worker sees what comes
        assert mina.reads("48 points")

    mina.opens("/")
    assert mina.reads("You are offline. This is as it was on")
    assert mina.reads("48 points")
    mina.opens("/rewards")
    assert mina.reads("You are offline. This is as it was on")


def _named(page: str, prefix: str) -> str:
    found = re.search(rf"{prefix}_[0-9a-z]{{26}}", page)
    assert found is not None
    return found[0]
