"""A supervisor notices somebody on a phone: at most three taps, by keyboard, and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from plaudit.earning.tests.factories import make_event
from plaudit.foundation import clock
from plaudit.people.models import User
from plaudit.people.tests.factories import make_user
from plaudit.recognition.actions.propose import propose_moments
from plaudit.recognition.tests.factories import Noticing, make_watching
from tests.journeys.person import Person
from tests.journeys.ways import DESK, Way, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

TAPS_MAX = 3


@pytest.fixture
def sue(browser, site) -> Iterator[Person]:
    sue = Person(browser, site)
    yield sue
    sue.leave()


def begin(sue: Person, way: Way) -> tuple[Noticing, User]:
    """A company in which Tim was given five stars just now, and Sue signed in as his supervisor."""
    noticing = make_watching()
    noticing.story.send(make_event("rated", "Tim", {"rating": 5, "words": ""}, at=clock.now()))
    propose_moments(noticing.organisation)
    user = make_user(noticing.organisation, roles=["supervisor"], member=noticing.members["Sue"])
    sue.begin(way)
    sue.sign_in(noticing.organisation, user.id)
    return noticing, user


def tap_chip(sue: Person, words: str) -> None:
    """Tap the person or the behaviour that is called so."""
    sue.tap_on(sue.browser.find_element(By.XPATH, f"//label[starts-with(normalize-space(.), '{words}')]"))


@in_every_way
def test_a_moment_takes_one_tap_and_whom_nobody_noticed_three(sue, way):
    noticing, _ = begin(sue, way)
    sue.opens("/team/")
    assert sue.reads("Tim: Five stars")

    sue.tap("Recognise Tim")
    assert sue.reads("Tim can read it now.")
    assert sue.taps == 1

    sue.opens("/team/")
    sue.taps = 0
    sue.tap("Ann")
    assert sue.reads("For what?")
    tap_chip(sue, "Helps others")
    sue.tap("Give")
    assert sue.reads("Ann can read it now.")
    assert sue.taps <= TAPS_MAX
    assert (noticing.points("Tim"), noticing.points("Ann")) == (20, 50)

    sue.tap("Undo")
    assert sue.reads("Undone. It is as if it had never been given.")
    assert noticing.points("Ann") == 0


@by_keyboard
def test_the_keyboard_alone_gives(sue, way):
    noticing, _ = begin(sue, way)
    sue.opens("/recognition/new")
    sue.tab_into("person")
    sue.browser.switch_to.active_element.send_keys(" ")
    sue.tab_into("behaviour")
    sue.browser.switch_to.active_element.send_keys(" ")
    sue.tab_to("Give")
    sue.press_enter()

    assert sue.reads("can read it now.")
    assert noticing.points("Ann") + noticing.points("Tim") == 20


@only_in_every_way
def test_what_was_given_and_somebodys_page_keep_the_rules(sue, axe):
    begin(sue, DESK)
    sue.opens("/recognition/new")
    tap_chip(sue, "Tim")
    tap_chip(sue, "Stays calm")
    sue.tap("Give")
    assert sue.reads("Tim can read it now.")
    given = sue.browser.current_url.removeprefix(sue.site)
    sue.opens("/team/")
    tim = sue.browser.find_element(By.LINK_TEXT, "Tim").get_attribute("href").removeprefix(sue.site)

    assert sue.walk((given, tim, "/recognition?show=received"), axe) == {}
