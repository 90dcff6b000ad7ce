"""A customer says how a call was: a moment comes of it, a recognition, and both are paid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.balances import balances
from plaudit.people.tests.factories import ACTOR, make_member, make_organisation, make_team, make_user
from plaudit.planning.actions.apply import apply
from plaudit.recognition.actions.propose import propose_moments
from plaudit.surveys.actions.invite import invite
from plaudit.surveys.links import secret_of
from tests.journeys.person import Person
from tests.journeys.ways import DESK, Way, by_keyboard, in_every_way, only_in_every_way

pytestmark = pytest.mark.browser

TAPS_OF_A_CUSTOMER, TAPS_OF_A_SUPERVISOR = 4, 1

FILE = """
plaudit: 1
programme: calls
name: Calls
time_zone: UTC
currency: EUR
units:
  points: {one: point, other: points, worth: 0.01 EUR}
rules:
  served-well:
    name: Served well
    on: survey.rated
    when: score = 5
    earn: 20
surveys:
  after-call:
    name: How was our call?
    kind: csat
    about_somebody: true
    earn: 10
    questions:
      score: {ask: "How satisfied are you?", low: not at all, high: very}
      why: {ask: "What went wrong?", choices: [price, waiting], when: score <= 2}
      words: {ask: "Anything else?", text: true, optional: true}
recognition:
  name: Thanks
  supervisors: 1000
  behaviours:
    calm: {name: Stays calm, earn: 50}
  moments:
    five: {name: Five of five, on: survey.rated, when: score = 5, behaviour: calm, shows: [score, words]}
"""


class Story:
    """Tim served Ada, who is asked how it was; Sue leads Tim."""

    def __init__(self) -> None:
        organisation = make_organisation()
        self.at = organisation.id
        apply(self.at, FILE, actor=ACTOR)
        self.ada = make_member(self.at, name="Ada", kind="customer")
        self.tim = make_member(self.at, name="Tim", kind="staff")
        self.sue = make_member(self.at, name="Sue", kind="staff")
        make_team(self.at, members=[self.tim], led_by=[self.sue])
        self.supervisor = make_user(self.at, roles=["supervisor"], member=self.sue)
        self.manager = make_user(self.at, roles=["manager"])
        self.agent = make_user(self.at, roles=[], member=self.tim)
        asked = invite(
            self.at, programme="calls", survey="after-call", member_id=self.ada.id, about_id=self.tim.id,
            contact="call 1", actor=ACTOR,
        )  # fmt: skip
        self.link = f"/public/{organisation.slug}/survey/{secret_of(self.at, asked.id)}"

    def points(self) -> tuple[int, int]:
        """What Ada and Tim can spend."""
        with in_organisation(self.at):
            ada, tim = (
                sum(one.available for one in balances(self.at, who.id)) for who in (self.ada, self.tim)
            )
        return ada, tim


@pytest.fixture
def person(browser, site) -> Iterator[Person]:
    person = Person(browser, site)
    yield person
    person.leave()


def choose(person: Person, words: str) -> None:
    """Tap the answer that is called so."""
    person.tap_on(person.browser.find_element(By.XPATH, f"//label[normalize-space(.) = '{words}']"))


@in_every_way
def test_an_answer_becomes_a_moment_the_moment_a_recognition_and_both_are_paid(person, way: Way, axe):
    story = Story()
    person.begin(way)
    person.opens(story.link)
    assert person.reads("How satisfied are you?")
    assert person.look(axe, [way]) == {}
    person.taps = 0
    choose(person, "5 – very")
    person.tap("Next")
    assert person.reads("Anything else?")
    person.tap("Send my answers")
    assert person.reads("Your answers have reached us.")
    assert person.look(axe, [way]) == {}
    assert person.taps <= TAPS_OF_A_CUSTOMER
    assert story.points() == (10, 20)

    propose_moments(story.at)
    person.sign_in(story.at, story.supervisor.id)
    person.opens("/team/")
    assert person.reads("Tim: Five of five")
    person.taps = 0
    person.tap("Recognise Tim")
    assert person.reads("Tim can read it now.")
    assert person.taps == TAPS_OF_A_SUPERVISOR
    assert story.points() == (10, 70)


@by_keyboard
def test_the_keyboard_alone_answers(person, way: Way):
    story = Story()
    person.begin(way)
    person.opens(story.link)
    person.tab_into("score")
    person.browser.switch_to.active_element.send_keys(" ")
    person.tab_to("Next")
    person.press_enter()
    assert person.reads("What went wrong?")
    person.tab_into("why")
    person.browser.switch_to.active_element.send_keys(" ")
    person.tab_to("Next")
    person.press_enter()
    assert person.reads("Anything else?")
    person.tab_into("words")
    person.browser.switch_to.active_element.send_keys("Too long")
    person.tab_to("Send my answers")
    person.press_enter()
    assert person.reads("Your answers have reached us.")
    assert story.points() == (10, 0)


@only_in_every_way
def test_somebodys_results_and_the_surveys_keep_the_rules(person, axe):
    story = Story()
    person.begin(DESK)
    person.opens(story.link)
    choose(person, "5 – very")
    person.tap("Next")
    assert person.reads("Anything else?")
    person.tap("Send my answers")
    assert person.reads("Your answers have reached us.")
    person.sign_in(story.at, story.agent.id)
    person.opens("/my-results")
    assert person.reads("There is 1 answer so far. After 19 more a figure stands here")
    assert person.walk(("/my-results", "/have-your-say"), axe) == {}
    person.sign_in(story.at, story.manager.id)
    assert person.walk(("/console/surveys", "/console/surveys/calls/after-call"), axe) == {}
