"""What keeps customers of the shipped points programme going, figure by figure: friends, birthdays, badges, cents."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from plaudit.activity.events import IncomingEvent
from plaudit.earning.actions.take_in import take_in
from plaudit.engagement.actions.follow_on import follow_on
from plaudit.engagement.actions.referring import enrol_friend, give_code, redeem_code
from plaudit.engagement.queries.referrals import invites_of
from plaudit.engagement.refusals import SelfReferral
from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.verification.verify import verify
from plaudit.people.actions.members import enrol_member, update_member
from plaudit.people.tests.factories import ACTOR
from plaudit.rewards.actions.proceed import pay, return_money
from plaudit.rewards.actions.settle import cancel
from plaudit.rewards.queries import redemption
from tests.journeys.shop import Shop, open_shop
from tests.journeys.ways import only_in_every_way

pytestmark = only_in_every_way


@pytest.fixture
def shop() -> Shop:
    """The shop on its first day."""
    return open_shop()


def born(shop: Shop, who: str, day: str, **attributes: str) -> None:
    enrol_member(
        shop.organisation.id,
        kind="customer",
        name=who,
        external_ids=[("shop", who)],
        attributes={"birth_date": day, **attributes},
        actor=ACTOR,
    )


def test_a_friend_pays_both_and_their_refund_takes_both_back(shop: Shop):
    with shop.on("2026-09-02"):
        shop.happens("survey.completed", "mina", score=9)
        shop.refers("mina", "otto", key="first")
        assert (shop.has("mina"), shop.has("otto")) == ((60, 0), (25, 25))
        shop.refers("mina", "pia", amount="24.99")
        assert (shop.has("mina"), shop.has("pia")) == ((60, 0), (0, 24))
    with shop.on("2026-09-10"):
        shop.refunds("first", "0.01")
        follow_on(shop.organisation.id)
        assert (shop.has("mina"), shop.has("otto")) == ((10, 0), (0, 25))
        shop.buys("pia", "30.00")
        follow_on(shop.organisation.id)
        assert (shop.has("mina"), shop.has("pia")) == ((60, 0), (25, 54))
        with in_organisation(shop.organisation.id):
            invites = invites_of(shop.organisation.id, shop.member("mina"), limit=10)
        assert [one.state.value for one in invites] == ["qualified", "withdrawn"]
        assert verify(shop.organisation.id).broken() == []


def test_nobody_is_a_friend_of_their_own(shop: Shop):
    with shop.on("2026-09-02"):
        shop.buys("mina", "10.00")
        mina = shop.member("mina")
        update_member(shop.organisation.id, member_id=mina, email="mina@example.com", actor=ACTOR)
        code = give_code(shop.organisation.id, member_id=mina, programme="points-rewards", actor=ACTOR)
        assert code.link == f"https://shop.example/join?friend={code.code}"
        with pytest.raises(SelfReferral):
            redeem_code(shop.organisation.id, code=code.code, member_id=mina, actor=ACTOR)
        with pytest.raises(SelfReferral):
            enrol_friend(
                shop.organisation.id,
                code=code.code,
                kind="customer",
                email="mina+2@example.com",
                actor=ACTOR,
            )


def test_birthdays_bring_a_hundred_points_once_a_year_where_the_customer_lives(shop: Shop):
    with shop.on("2026-09-01"):
        born(shop, "mina", "1990-09-10")
        born(shop, "leap", "2000-02-29", time_zone="Pacific/Auckland")
    with shop.on("2026-09-09"):
        shop.happens("survey.completed", "mina", score=9)
        assert shop.has("mina") == (10, 0)
    with shop.on("2026-09-10"):
        assert shop.has("mina") == (110, 0)
        update_member(
            shop.organisation.id,
            member_id=shop.member("mina"),
            attributes={"birth_date": "1990-11-10"},
            actor=ACTOR,
        )
    with shop.on("2026-11-10"):
        assert shop.has("mina") == (110, 0)
    with shop.on("2027-02-28"):
        assert shop.has("leap") == (100, 0)
    with shop.on("2027-11-13"):
        assert shop.has("mina") == (210, 0)
    with shop.on("2028-02-28"):  # the 29th has begun in Auckland when it is eleven in New York
        assert shop.has("leap") == (200, 0)


def test_badges_are_earned_by_what_customers_do_and_go_with_a_refund(shop: Shop):
    with shop.on("2026-09-02"):
        shop.happens("survey.completed", "mina", score=9)
        for number in range(6):
            shop.buys("mina", "5.00", key=f"order-{number}")
        follow_on(shop.organisation.id)
        assert shop.badges("mina") == ["all-round", "regular"]
        assert shop.has("mina") == (60, 30)
        shop.refunds("order-0", "5.00")
        follow_on(shop.organisation.id)
        assert shop.badges("mina") == ["regular"]
        _orders(shop, "mina", 95)
        follow_on(shop.organisation.id)
        assert shop.badges("mina") == ["all-round", "hundred", "regular"]
        assert shop.has("mina") == (260, 25 + 95)


def _orders(shop: Shop, who: str, count: int) -> None:
    take_in(
        shop.organisation.id,
        [
            IncomingEvent(
                "shop", f"o{number}", "purchase", who, None, clock.now(), {"amount": Decimal("1.00")}
            )
            for number in range(count)
        ],
    )


def test_the_cents_of_a_day_add_up_and_wait_as_long_as_the_points(shop: Shop):
    with shop.on("2026-09-02"):
        for number in range(3):
            shop.buys("mina", "10.40", key=f"cents-{number}")
        follow_on(shop.organisation.id)
        assert shop.has("mina") == (0, 31)
        shop.refunds("cents-1", "10.40")
        follow_on(shop.organisation.id)
        assert shop.has("mina") == (0, 20)
        shop.buys("mina", "10.40")
        follow_on(shop.organisation.id)
        assert shop.has("mina") == (0, 31)
    with shop.on("2026-09-15"):
        assert shop.has("mina") == (0, 31)
    with shop.on("2026-09-16"):
        assert shop.has("mina") == (31, 0)
        assert verify(shop.organisation.id).broken() == []


def test_what_a_streak_adds_can_be_spent_when_the_purchase_can(shop: Shop):
    for day in range(7, 14):
        with shop.on(f"2026-10-{day:02}"):
            shop.buys("mina", "4.00")
            follow_on(shop.organisation.id)
    with shop.on("2026-10-14"):
        assert shop.has("mina") == (0, 32)
    with shop.on("2026-10-26"):
        assert shop.has("mina") == (24, 8)
    with shop.on("2026-10-27"):
        assert shop.has("mina") == (32, 0)


def test_the_money_of_a_cancelled_mug_is_owed_until_it_is_returned(shop: Shop):
    with shop.on("2026-09-02"):
        shop.happens("survey.completed", "mina", score=9)
        adjust(
            shop.organisation.id, member_id=shop.member("mina"), unit="points", amount=200, reason="Sorry",
            key="sorry", actor=ACTOR,
        )  # fmt: skip
        mug = shop.redeems("mina", "mug")
        pay(shop.organisation.id, mug, reference="card-1", actor=ACTOR)
        cancel(shop.organisation.id, mug, actor=ACTOR)
        assert shop.has("mina") == (210, 0)
        assert _shown(shop, mug) == (600, True, "")
        return_money(shop.organisation.id, mug, reference="card-2", actor=ACTOR)
        assert _shown(shop, mug) == (600, False, "card-2")


def _shown(shop: Shop, mug: UUID) -> tuple[int, bool, str]:
    with in_organisation(shop.organisation.id):
        one = redemption(shop.organisation.id, mug)
    return one.money_minor, one.owes_money, one.money_back
