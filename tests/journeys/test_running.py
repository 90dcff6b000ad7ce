"""A rule is changed, looked at and tried before it holds; and whoever audits traces a line to its inputs."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation import ids
from plaudit.people.tests.factories import make_user
from plaudit.surfaces.console.tests.shops import Company, make_company
from tests.journeys.person import Person
from tests.journeys.ways import by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

CHANGE = """
const file = document.querySelector("textarea[name=source]");
file.value = file.value.replace(arguments[0], arguments[1]);
"""


@pytest.fixture
def company():
    company = make_company()
    company.buy(company.member("Ada"), "50.00")
    return company


@pytest.fixture
def person(browser, site):
    person = Person(browser, site)
    yield person
    person.leave()


def signs_in(person: Person, company: Company, role: str) -> None:
    person.sign_in(company.id, make_user(company.id, roles=[role]).id)


def writes(person: Person, name: str, words: str) -> None:
    """Type into the field with this name, in place of what was there."""
    field = person.browser.find_element(By.NAME, name)
    field.clear()
    field.send_keys(words)


@in_every_way
def test_a_rule_is_changed_seen_applied_and_tried_in_seven_taps(company, person, way):
    person.begin(way)
    signs_in(person, company, "manager")
    person.opens("/console/programmes")

    person.tap("Points for customers")
    person.tap("Edit the file")
    assert person.reads("See what would change")
    person.browser.execute_script(CHANGE, "earn: 10", "earn: 15")
    writes(person, "reason", "Hearing from people is worth more.")
    person.tap("See what would change")
    assert person.reads("One change")
    assert "10 points" in person.text()
    assert "15 points" in person.text()
    person.tap("Apply as version 2")
    assert person.reads("Version 2")
    person.tap("Test with an activity")
    survey = "//main//a[starts-with(normalize-space(.), 'Survey')]"  # the console has a page of surveys, too
    assert person.until(lambda: bool(person.browser.find_elements(By.XPATH, survey)))
    person.tap_on(person.browser.find_element(By.XPATH, survey))
    assert person.reads("Score")
    writes(person, "member", ids.show("mem", company.member("Bob").id))
    person.tap("Test")

    assert person.reads("What it would earn")
    assert person.reads("15 points")
    assert person.taps == 7
    assert not person.overflows()


@by_keyboard
def test_with_the_keyboard_alone_a_rule_is_changed(company, person, way):
    person.begin(way)
    signs_in(person, company, "manager")
    person.opens("/console/programmes/of/points-basics/edit")

    person.tab_into("source")
    person.browser.execute_script(CHANGE, "earn: 10", "earn: 15")
    person.tab_to("See what would change")
    person.press_enter()
    assert person.reads("One change")
    person.tab_to("Apply as version 2")
    person.press_enter()

    assert person.reads("Version 2")
    assert person.keys <= 80


@only_in_every_way
@in_every_way
def test_a_line_is_traced_to_its_inputs_in_one_tap_and_the_books_verified_in_two(company, person, way):
    person.begin(way)
    signs_in(person, company, "finance")
    person.opens("/console/ledger")

    person.tap("led_")
    assert person.reads("The transfer")
    text = person.text()
    assert "Ada" in text
    assert "50 points" in text
    assert "version 1" in text.lower()
    assert person.taps == 1
    assert not person.overflows()

    person.opens("/console/ledger")
    person.tap("Verify the books")
    person.tap("Verify now")
    assert person.reads("The books hold")
    assert person.taps == 3
