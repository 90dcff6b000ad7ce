"""The shipped points programme, from an empty installation to points that lapse two years on, figure by figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaudit.engagement.actions.follow_on import follow_on
from plaudit.ledger.places import Kind
from plaudit.ledger.verification.verify import verify
from plaudit.people.actions.members import update_member
from plaudit.people.tests.factories import ACTOR
from plaudit.surfaces.cli.tests.calling import call
from tests.journeys.shop import SOURCE, Shop, open_shop
from tests.journeys.ways import only_in_every_way


@pytest.fixture
def shop() -> Shop:
    """The shop on its first day."""
    return open_shop()


def test_a_customer_earns_refunds_and_spends_as_the_programme_says(shop: Shop):
    with shop.on("2026-09-02"):
        assert shop.buys("mina", "49.90") == {"purchases": 49}
        assert shop.happens("survey.completed", "mina", score=9) == {"surveys": 10}
        assert shop.happens("survey.completed", "mina", score=9) == {}
        assert shop.has("mina") == (10, 49)
    with shop.on("2026-09-03"):
        assert shop.happens("social.shared", "mina", network="a network") == {"shares": 5}
        assert shop.happens("social.shared", "mina") == {}
    with shop.on("2026-09-04"):
        shop.refers("mina", "otto")
        assert shop.has("otto") == (25, 25)
        assert shop.has("mina") == (65, 49)
    with shop.on("2026-09-05"):
        order = {"gift_cards": Decimal(30), "place": "harbour"}  # a Saturday: the harbour counts once
        assert shop.buys("mina", "150.00", key="big", **order) == {"purchases": 120, "double-over-100": 120}
        assert shop.has("mina") == (65, 289)
    with shop.on("2026-09-10"):
        shop.refunds("big", "75.00")
        assert shop.has("mina") == (65, 169)
    with shop.on("2026-09-17"):
        assert shop.has("mina") == (114, 120)
    with shop.on("2026-09-20"):
        assert shop.has("mina") == (234, 0)
        shop.redeems("mina", "thank-you")
        assert shop.has("mina") == (134, 0)
        assert verify(shop.organisation.id).broken() == []


@only_in_every_way
def test_doubling_by_place_season_and_circle_never_makes_more_than_double(shop: Shop):
    with shop.on("2026-10-06"):
        assert shop.buys("theo", "40.00", place="harbour") == {"purchases": 40, "double-at-the-harbour": 40}
        update_member(
            shop.organisation.id,
            member_id=shop.member("theo"),
            attributes={"circle": "regulars"},
            actor=ACTOR,
        )
        assert shop.buys("theo", "40.00", place="harbour") == {"purchases": 40, "double-at-the-harbour": 40}
        assert shop.buys("theo", "21.00", place="web") == {"purchases": 21, "more-for-regulars": 10}
        assert shop.buys("theo", "80.00", paid_with_points=Decimal("4.50")) == {
            "purchases": 75,
            "more-for-regulars": 37,
        }
    with shop.on("2026-11-28"):
        assert shop.buys("theo", "20.00") == {"purchases": 20, "holiday-double": 20}
        assert shop.buys("theo", "150.00", place="harbour") == {"purchases": 150, "double-over-100": 150}
    with shop.on("2026-12-01"):
        assert shop.buys("theo", "20.00") == {"purchases": 20, "more-for-regulars": 10}


@only_in_every_way
def test_five_purchases_in_a_month_bring_fifty_more_and_a_refund_takes_them_back(shop: Shop):
    for day in range(2, 6):
        with shop.on(f"2026-09-{day:02}"):
            shop.buys("mina", "10.00", key=f"order-{day}")
            shop.buys("mina", "4.99")  # too little to count
            follow_on(shop.organisation.id)
            assert shop.has("mina")[0] == 0
    with shop.on("2026-09-06"):
        shop.buys("mina", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 50
        shop.refunds("order-3", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 0
        shop.buys("mina", "10.00")
        follow_on(shop.organisation.id)
        assert shop.has("mina")[0] == 50
        assert verify(shop.organisation.id).holds


@only_in_every_way
def test_from_the_seventh_day_in_a_row_on_every_purchase_counts_double(shop: Shop):
    earned = []
    for day in (*range(7, 15), 16):  # the 15th is missed
        with shop.on(f"2026-10-{day:02}"):
            before = sum(shop.has("mina")) if day > 7 else 0
            shop.buys("mina", "4.00")  # too little for the challenge of five
            follow_on(shop.organisation.id)
            earned.append(sum(shop.has("mina")) - before)
    assert earned == [4, 4, 4, 4, 4, 4, 8, 8, 4]


@only_in_every_way
def test_a_refund_of_points_that_are_spent_is_written_off(shop: Shop):
    with shop.on("2026-09-02"):
        assert shop.buys("ida", "600.00", key="coat") == {"purchases": 600, "double-over-100": 600}
    with shop.on("2026-09-20"):
        assert shop.has("ida") == (1200, 0)
        shop.redeems("ida", "food-bank")
        assert shop.has("ida") == (200, 0)
    with shop.on("2026-10-30"):
        shop.refunds("coat", "600.00")
        assert shop.has("ida") == (0, 0)
        assert shop.kinds("ida").count(Kind.WRITE_OFF) == 2  # 400 of the purchase, 600 of its doubling
        shop.refers("ida", "otto")
        assert shop.has("ida") == (50, 0)
        assert verify(shop.organisation.id).broken() == []


@only_in_every_way
def test_points_are_good_for_two_years_to_the_end_of_the_month(shop: Shop):
    with shop.on("2026-09-02"):
        shop.buys("mina", "49.90")
        shop.happens("survey.completed", "mina", score=9)
    with shop.on("2026-10-20"):
        shop.refers("mina", "otto")
        assert shop.has("mina") == (109, 0)
    with shop.on("2028-09-30"):
        assert shop.has("mina") == (109, 0)
    with shop.on("2028-10-01"):
        assert shop.has("mina") == (50, 0)
    with shop.on("2028-11-01"):
        assert shop.has("mina") == (0, 0)
        assert verify(shop.organisation.id).broken() == []


def test_the_file_comes_back_as_it_was_and_applying_it_again_changes_nothing(shop: Shop):
    exported = call("programme", "export", "points-rewards", org=shop.organisation.slug)
    again = call("programme", "apply", "-", given=SOURCE, org=shop.organisation.slug)

    assert exported.out.rstrip("\n") == SOURCE.rstrip("\n")
    assert again.code == 0
    assert "version 2" not in again.talk + again.out
