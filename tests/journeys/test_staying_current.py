"""Pages that stay current while they are open: told by a stream, or asking where there is none."""

from __future__ import annotations

import pytest

from plaudit.cases.actions.asking import ask_approval
from plaudit.foundation import ids
from plaudit.insights.tests.factories import make_shop
from plaudit.people.tests.factories import ACTOR
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import fulfil
from plaudit.surfaces.live.views import streams
from tests.journeys.person import Person
from tests.journeys.ways import DESK, PHONE, only_in_every_way

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop():
    shop = make_shop()
    shop.buys("152.92")
    return shop


@pytest.fixture
def person(browser, site):
    person = Person(browser, site)
    yield person
    person.leave()


@only_in_every_way
def test_where_there_is_no_stream_the_page_asks_instead(shop, person, monkeypatch):
    monkeypatch.setattr(streams, "_most", 0)
    person.begin(PHONE)
    person.sign_in(shop.id, shop.mina_signs_in.id)
    assert person.reads("points")

    shop.happens("survey", id="asked-instead")

    assert person.reads("You told us what you think")


def test_a_redemption_says_that_it_is_there_and_focus_stays(shop, person, axe):
    shop.buys("120.00")
    made = redeem(
        shop.id, member_id=shop.mina.id, reward_id=shop.reward_id("coffee"), key="current", actor=ACTOR
    )
    person.begin(PHONE)
    person.sign_in(shop.id, shop.mina_signs_in.id)
    person.opens(f"/redemptions/{ids.show('rdm', made.id)}")
    assert person.reads("Ordered")
    person.tab_to("Mine")

    fulfil(shop.id, made.id, actor=ACTOR)

    assert person.reads("With you")
    assert person.until(lambda: "Cancel this reward" not in person.text())
    assert person.focus().get_attribute("href").endswith("/redemptions")
    assert axe() == []


@only_in_every_way
def test_what_somebody_reads_or_types_does_not_move_but_they_hear_that_there_is_more(shop, person, axe):
    person.begin(DESK)
    person.sign_in(shop.id, shop.manager.id)
    person.opens("/console/approvals")
    assert person.reads("Nothing waits")

    ask_approval(
        shop.id, member_id=shop.mina.id, unit="points", amount=900, reason="Kindness", key="more", actor=ACTOR
    )

    assert person.reads("There is something new on this page.")
    assert "Nothing waits" in person.text()
    assert axe() == []
    person.tap("Show it")
    assert person.reads("Give 900 points")
