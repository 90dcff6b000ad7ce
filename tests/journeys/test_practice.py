"""A scenario is practised: answered wrongly and then rightly, passed, and asked for once more when its rule changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.outreach.actions.telling import tell_people
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team, make_user
from plaudit.planning.actions.apply import apply
from tests.journeys.person import Person
from tests.journeys.ways import DESK, Way, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

FILE = """
plaudit: 1
programme: shop
name: Shop
time_zone: UTC
currency: EUR
units:
  points: {one: point, other: points, worth: 0.01 EUR, expires: after 24 months}
activities:
  purchase: {title: Purchase, fields: {amount: decimal(2)}}
rules:
  purchases: {name: A point per euro, on: purchase, earn: floor(amount)}
learning:
  scenarios:
    missing:
      name: My points are missing
      intro: A customer is on the telephone.
      earn: 20
      turns:
        hello:
          says: I paid 30 euros. Where are my points?
          choices:
            look: {say: Let me look while you wait., points: 2, because: You say what you do., next: worth}
            wait: {say: They come when they come., because: They called to hear when., next: worth}
        worth:
          says: And how many are they?
          choices:
            right: {say: "That makes {{ purchases: amount=30 }}.", points: 2, because: So it is., next: end}
            guess: {say: About a hundred., because: "The rule makes it {{ purchases: amount=30 }}.", next: end}
"""


class Training:
    """A shop whose staff practise; Tim is of Sue's team of six."""

    def __init__(self) -> None:
        self.at = make_organisation().id
        apply(self.at, FILE, actor=ACTOR)
        people = [make_member(self.at, name=f"Tim {number}", kind="staff") for number in range(5)]
        self.tim, sue = people[0], make_member(self.at, name="Sue", kind="staff")
        make_team(self.at, members=people, led_by=[sue])
        self.agent = make_user(self.at, roles=[], member=self.tim)
        self.supervisor = make_user(self.at, roles=["supervisor"], member=sue)
        self.manager = make_user(self.at, roles=["manager"])

    def points(self) -> int:
        """What Tim can spend."""
        with in_organisation(self.at):
            return sum(one.available for one in balances(self.at, self.tim.id))


@pytest.fixture
def person(browser, site) -> Iterator[Person]:
    person = Person(browser, site)
    yield person
    person.leave()


def choose(person: Person, words: str) -> None:
    """Tap the answer that is called so."""
    person.tap_on(person.browser.find_element(By.XPATH, f"//label[normalize-space(.) = '{words}']"))


def answer(person: Person, says: str, words: str) -> None:
    """Hear what the customer says, and answer so."""
    assert person.reads(says)
    choose(person, words)
    person.tap("Answer")


@in_every_way
def test_a_scenario_is_failed_passed_paid_and_refreshed_when_its_rule_changes(person, way: Way, axe):
    training = Training()
    person.begin(way)
    person.sign_in(training.at, training.agent.id)
    person.opens("/learning")
    person.tap("My points are missing")
    answer(person, "I paid 30 euros.", "They come when they come.")
    assert person.reads("There is a better answer")
    assert person.reads("They called to hear when.")
    assert person.look(axe, [way]) == {}
    answer(person, "And how many are they?", "That makes 30 points.")
    assert person.reads("Not passed this time")
    assert training.points() == 0
    person.tap("Play it again")
    answer(person, "I paid 30 euros.", "Let me look while you wait.")
    answer(person, "And how many are they?", "That makes 30 points.")
    assert person.reads("You passed. It is noted.")
    assert person.look(axe, [way]) == {}
    assert training.points() == 20

    apply(training.at, FILE.replace("floor(amount)", "floor(amount * 2)"), actor=ACTOR)
    tell_people(training.at, lambda *_: None)
    person.opens("/me/inbox")
    assert person.reads("A rule has changed. Please practise once more: My points are missing.")
    person.tap_on(person.browser.find_element(By.CSS_SELECTOR, "main li form button"))
    answer(person, "I paid 30 euros.", "Let me look while you wait.")
    answer(person, "And how many are they?", "That makes 60 points.")
    assert person.reads("You passed. It is noted.")
    assert training.points() == 20, "a refresher pays what a rule says, and none does"


@by_keyboard
def test_the_keyboard_alone_answers(person, way: Way):
    training = Training()
    person.begin(way)
    person.sign_in(training.at, training.agent.id)
    person.opens("/learning/scenarios/shop/missing")
    for says in ("I paid 30 euros.", "And how many are they?"):
        assert person.reads(says)
        person.tab_into("choice")
        person.browser.switch_to.active_element.send_keys(" ")
        person.tab_to("Answer")
        person.press_enter()
    assert person.reads("You passed. It is noted.")


@only_in_every_way
def test_the_pages_about_practice_keep_the_rules(person, axe):
    training = Training()
    person.begin(DESK)
    person.sign_in(training.at, training.agent.id)
    assert person.walk(("/learning", "/learning/scenarios/shop/missing"), axe) == {}
    person.sign_in(training.at, training.supervisor.id)
    assert person.walk(("/team/practice",), axe) == {}
    person.sign_in(training.at, training.manager.id)
    assert person.walk(("/console/learning/scenarios",), axe) == {}
