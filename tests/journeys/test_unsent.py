"""What is given without a network waits in the browser, says so, can be withdrawn, and is sent once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation.tenancy import in_organisation
from plaudit.people.tests.factories import make_user
from plaudit.recognition.actions.publish_standard import publish_standard
from plaudit.recognition.models import Recognition
from plaudit.recognition.tests.factories import Noticing, make_noticing, make_standard
from tests.journeys.person import Person
from tests.journeys.ways import Way, only_in_every_way, with_script

pytestmark = pytest.mark.browser

ALLOWANCE = 60
"""Once somebody got 50 of it, there is not enough left for 20."""


@pytest.fixture
def sue(browser, site) -> Iterator[Person]:
    sue = Person(browser, site)
    yield sue
    network(sue, there=True)
    browser.execute_script("localStorage.clear()")
    sue.leave()


def network(sue: Person, *, there: bool) -> None:
    """Let the browser have a network, or none."""
    sue.browser.execute_cdp_cmd("Network.enable", {})
    sue.browser.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": not there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    sue.until(lambda: sue.browser.execute_script("return navigator.onLine") is there)


def begin(sue: Person, way: Way) -> Noticing:
    """Sue, who has 60 points to give, at the page for it."""
    noticing = make_noticing()
    publish_standard(noticing.organisation, "main", make_standard(supervisors=ALLOWANCE))
    user = make_user(noticing.organisation, roles=["supervisor"], member=noticing.members["Sue"])
    sue.begin(way)
    sue.sign_in(noticing.organisation, user.id)
    sue.opens("/recognition/new")
    return noticing


def give(sue: Person, *words: str) -> None:
    """Tap the person and the behaviour that are called so, and the button."""
    for one in words:
        sue.tap_on(sue.browser.find_element(By.XPATH, f"//label[starts-with(normalize-space(.), '{one}')]"))
    sue.tap("Give")


def given(noticing: Noticing) -> int:
    """How many recognitions there are."""
    with in_organisation(noticing.organisation):
        return Recognition.objects.filter(organisation_id=noticing.organisation).count()


@with_script
def test_what_is_given_offline_waits_is_withdrawn_or_sent_once_or_says_why_not(sue, way: Way, axe):
    noticing = begin(sue, way)
    network(sue, there=False)
    give(sue)
    assert sue.reads("Choose whom and for what first.")
    give(sue, "Ann", "Helps others")
    assert sue.reads("Ann · Helps others Waiting to be sent, nothing has been given yet.")
    assert sue.focus().text == "From when you were offline"
    give(sue, "Tim", "Helps others")
    assert sue.reads("Tim · Helps others Waiting to be sent")
    assert sue.look(axe, [way]) == {}
    sue.tap_on(sue.browser.find_elements(By.CSS_SELECTOR, "#unsent button")[1])
    assert sue.until(lambda: "Tim · Helps others" not in sue.text())
    give(sue, "Tim", "Stays calm")
    assert sue.reads("Tim · Stays calm Waiting to be sent")
    assert given(noticing) == 0

    network(sue, there=True)
    assert sue.reads("Given: Ann · Helps others")
    assert sue.reads("Tim · Stays calm Not given:")
    assert sue.look(axe, [way]) == {}
    assert (given(noticing), noticing.points("Ann"), noticing.points("Tim")) == (1, 50, 0)

    sue.tap("Put away")
    assert sue.until(lambda: "Tim · Stays calm" not in sue.text())
    sue.opens("/recognition")
    assert sue.reads("Helps others")
    assert "From when you were offline" not in sue.text()


@only_in_every_way
@with_script
def test_a_line_that_breaks_on_the_way_counts_once_and_never_for_somebody_else(sue, way: Way):
    noticing = begin(sue, way)
    # As it stands in the browser when the answer to what was sent never came.
    give(sue, "Ann", "Helps others")
    assert sue.reads("Ann can read it now.")
    assert sue.browser.execute_script("return localStorage.getItem('plaudit-unsent')") == "[]"
    sue.opens("/recognition/new")
    key, owner = sue.browser.execute_script(
        "return [document.forms.giving.elements.key.value, document.getElementById('unsent').dataset.owner]"
    )
    wait = """
        const [key, owner, ann] = arguments;
        const fields = [["person", ann], ["behaviour", "calm"]];
        localStorage.setItem("plaudit-unsent", JSON.stringify(
          [{key, owner, fields, what: "Ann · Stays calm", at: Date.now(), state: "unsure"}]));
    """
    ann = sue.browser.find_element(By.CSS_SELECTOR, "[name=person]").get_attribute("value")
    with in_organisation(noticing.organisation):
        publish_standard(noticing.organisation, "main", make_standard())
    sue.browser.execute_script(wait, key, owner, ann)
    other = make_user(noticing.organisation, roles=[], member=noticing.members["Pat"])
    sue.sign_in(noticing.organisation, other.id)
    sue.opens("/recognition")
    assert sue.reads("Nothing to see yet")
    assert given(noticing) == 1

    mine = make_user(noticing.organisation, roles=["supervisor"], member=noticing.members["Sue"])
    for _ in range(2):
        sue.sign_in(noticing.organisation, mine.id)
        sue.opens("/recognition/new")
        assert sue.reads("Given:")
        assert given(noticing) == 2
        sue.browser.execute_script(wait, key, owner, ann)
