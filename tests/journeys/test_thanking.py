"""A customer says thank you through a link, a screen shows it, and what is nominated a second person gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from plaudit.people.tests.factories import ACTOR, make_user
from plaudit.recognition.actions.linking import Whose, open_link
from plaudit.recognition.actions.showing import show_all_to
from plaudit.recognition.definitions import Visible
from plaudit.recognition.models import LinkKind
from plaudit.recognition.tests.factories import Noticing, make_noticing
from tests.journeys.person import Person
from tests.journeys.ways import Way, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

TAPS_OF_A_CUSTOMER, TAPS_TO_NOMINATE, TAPS_TO_DECIDE = 2, 7, 1


@pytest.fixture
def person(browser, site) -> Iterator[Person]:
    person = Person(browser, site)
    yield person
    browser.delete_all_cookies()
    person.leave()


def thanks(noticing: Noticing) -> str:
    """Where customers thank Tim."""
    whose = Whose(member_id=noticing.id("Tim"))
    return (
        f"/thanks/{open_link(noticing.organisation, LinkKind.THANKS, whose, name='Tim', actor=ACTOR).secret}"
    )


def wall(noticing: Noticing) -> str:
    """Where the screen of Tim's team looks; Tim lets everybody see what he gets."""
    at = noticing.organisation
    show_all_to(at, member_id=noticing.id("Tim"), visible=Visible.EVERYONE, actor=ACTOR)
    whose = Whose(team_id=noticing.teams["floor"].id)
    return f"/team/wall/{open_link(at, LinkKind.WALL, whose, actor=ACTOR).secret}"


def become(person: Person, noticing: Noticing, name: str, *roles: str) -> None:
    """Sign in as somebody of the company."""
    user = make_user(noticing.organisation, roles=list(roles), member=noticing.members[name])
    person.sign_in(noticing.organisation, user.id)


def choose(person: Person, name: str, words: str) -> None:
    """Tap a list open, and one of what it offers."""
    Select(person.browser.find_element(By.NAME, name)).select_by_visible_text(words)
    person.taps += 2


def type_into(person: Person, name: str, words: str) -> None:
    """Tap a field and write."""
    field = person.browser.find_element(By.NAME, name)
    person.tap_on(field)
    field.send_keys(words)


@only_in_every_way
@in_every_way
def test_a_customers_thanks_reach_whom_they_are_for_and_the_wall(person, way: Way, axe):
    noticing = make_noticing()
    screen = wall(noticing)
    person.begin(way)
    person.browser.delete_all_cookies()
    person.opens(screen)
    assert person.reads("A quiet day")
    person.opens(thanks(noticing))
    assert person.reads("Say thank you to Tim")
    assert person.look(axe, [way]) == {}
    person.taps = 0
    person.tap_on(person.browser.find_element(By.XPATH, "//label[normalize-space(.) = 'Stays calm']"))
    person.tap("Say thank you")
    assert person.reads("Tim can read it now.")
    assert person.look(axe, [way]) == {}
    assert person.taps <= TAPS_OF_A_CUSTOMER
    assert noticing.points("Tim") == 5

    person.opens(screen)
    assert person.reads("from a customer")
    assert person.look(axe, [way]) == {}


@by_keyboard
def test_the_keyboard_alone_thanks(person, way: Way):
    noticing = make_noticing()
    person.begin(way)
    person.opens(thanks(noticing))
    person.tab_into("behaviour")
    person.focus().send_keys(" ")
    person.tab_to("Say thank you")
    person.press_enter()

    assert person.reads("Tim can read it now.")
    assert noticing.points("Tim") == 5


@in_every_way
def test_a_nomination_is_given_by_a_second_person(person, way: Way, axe):
    noticing = make_noticing()
    person.begin(way)
    become(person, noticing, "Ann")
    person.opens("/nominations")
    person.taps = 0
    choose(person, "person", "Tim")
    choose(person, "behaviour", "Helps others")
    type_into(person, "words", "He stayed all night.")
    type_into(person, "points", "200")
    person.tap("Nominate")
    assert person.reads("Your nomination is on its way.")
    assert person.look(axe, [way]) == {}
    assert person.taps <= TAPS_TO_NOMINATE
    assert noticing.points("Tim") == 0

    become(person, noticing, "Sue", "supervisor")
    person.opens("/nominations")
    assert person.reads("Tim: 200 points")
    assert person.look(axe, [way]) == {}
    person.taps = 0
    person.tap("Give it")
    assert person.until(lambda: noticing.points("Tim") == 200)
    assert person.taps == TAPS_TO_DECIDE

    become(person, noticing, "Ann")
    person.opens("/nominations")
    assert person.reads("Given")


@by_keyboard
def test_the_keyboard_alone_nominates_and_decides(person, way: Way):
    noticing = make_noticing()
    person.begin(way)
    become(person, noticing, "Ann")
    person.opens("/nominations")
    for name, said in (("person", "Tim"), ("behaviour", "Helps"), ("words", "All night."), ("points", "200")):
        person.tab_into(name)
        person.focus().send_keys(said)
    person.tab_to("Nominate")
    person.press_enter()
    assert person.reads("Your nomination is on its way.")

    become(person, noticing, "Sue", "supervisor")
    person.opens("/nominations")
    person.tab_to("Give it")
    person.press_enter()
    assert person.until(lambda: noticing.points("Tim") == 200)
