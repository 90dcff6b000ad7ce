"""A file is imported while its page is open: the page follows by itself, and everybody can read it."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from plaudit.people.tests.factories import make_user
from plaudit.surfaces.console.tests.shops import make_company
from plaudit.surfaces.console.tests.test_imports import begin, orders, run
from tests.journeys.person import Person
from tests.journeys.ways import DESK, only_in_every_way

pytestmark = pytest.mark.browser


@only_in_every_way
def test_a_page_follows_its_import_by_itself_and_everybody_can_read_it(browser, site, axe):
    company = make_company()
    manager = make_user(company.id, roles=["manager"])
    page = begin(company.signed_in(manager.id), orders(40, wrong=3))
    person = Person(browser, site)
    person.begin(DESK)
    person.sign_in(company.id, manager.id)

    person.opens(page)
    assert person.reads("Waiting")
    assert axe() == []
    run(company.id)

    assert person.until(lambda: "Done" in browser.find_element(By.CSS_SELECTOR, ".job").text)
    assert person.until(lambda: "37" in browser.find_element(By.ID, "import-figures").text)
    assert browser.find_elements(By.ID, "pause") == []
    assert person.look(axe) == {}
    person.leave()
