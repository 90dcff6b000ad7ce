"""What redeeming promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.refusals import NotEnoughPoints
from plaudit.ledger.verification.verify import verify
from plaudit.people.tests.factories import make_member
from plaudit.rewards.actions.deciding import Wish
from plaudit.rewards.actions.redeem import redeem, redeem_all
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.definitions import RewardKind, RewardPeriod
from plaudit.rewards.models import Redemption, RedemptionState
from plaudit.rewards.queries import code_of, offers
from plaudit.rewards.refusals import (
    CannotCancel,
    HadItAlready,
    KeyMeansAnother,
    NotForThisMember,
    PriceChanged,
    RewardNotOffered,
    SoldOut,
    StockBelowTaken,
)
from plaudit.rewards.tests.factories import make_reward, make_shop, redeem_alone

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_redemption_holds_the_points_until_it_is_sent():
    shop = make_shop()
    ada = shop.member("ada", 120)

    ordered = shop.redeem(ada, "coffee")
    assert (ordered.state, shop.available(ada)) == (RedemptionState.ORDERED, 70)

    sent = fulfil(shop.id, ordered.id, actor="usr_0")
    assert (sent.state, shop.available(ada)) == (RedemptionState.FULFILLED, 70)


def test_the_same_key_redeems_once():
    shop = make_shop()
    ada = shop.member("ada", 120)
    assert shop.redeem(ada, "coffee", key="k1").id == shop.redeem(ada, "coffee", key="k1").id
    assert shop.available(ada) == 70


def test_the_same_key_for_another_reward_is_refused():
    shop = make_shop(make_reward(), make_reward("tea"))
    ada = shop.member("ada", 120)
    shop.redeem(ada, "coffee", key="k1")
    with pytest.raises(KeyMeansAnother):
        shop.redeem(ada, "tea", key="k1")


def test_too_few_points_changes_nothing():
    shop = make_shop(make_reward(stock=1))
    ada = shop.member("ada", 49)

    with pytest.raises(NotEnoughPoints) as refusal:
        shop.redeem(ada, "coffee")

    assert refusal.value.facts == {"needed": 50, "available": 49}
    assert shop.available(ada) == 49
    assert shop.reward("coffee").taken == 0
    with in_organisation(shop.id):
        assert not Redemption.objects.filter(organisation_id=shop.id).exists()


def test_a_sold_out_reward_is_refused_before_points_move():
    shop = make_shop(make_reward(stock=1))
    ada, bob = shop.member("ada", 50), shop.member("bob", 50)
    shop.redeem(ada, "coffee", key="k1")
    with pytest.raises(SoldOut):
        shop.redeem(bob, "coffee", key="k2")
    assert shop.available(bob) == 50


def test_cancelling_gives_the_points_and_the_reward_back_once():
    shop = make_shop(make_reward(stock=1))
    ada = shop.member("ada", 50)
    ordered = shop.redeem(ada, "coffee")
    cancel(shop.id, ordered.id, actor="usr_0", reason="Changed my mind")
    cancel(shop.id, ordered.id, actor="usr_0")
    assert shop.available(ada) == 50
    assert shop.reward("coffee").taken == 0


def test_what_was_sent_cannot_be_cancelled():
    shop = make_shop()
    ordered = shop.redeem(shop.member("ada", 50), "coffee")
    fulfil(shop.id, ordered.id, actor="usr_0")
    with pytest.raises(CannotCancel):
        cancel(shop.id, ordered.id, actor="usr_0")


def test_a_code_is_given_once_and_only_to_the_member_who_paid():
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=["GIFT-1", "GIFT-2", "GIFT-1", " "])
    ada, bob = shop.member("ada", 50), shop.member("bob", 50)
    hers, his = shop.redeem(ada, "coffee", key="k1"), shop.redeem(bob, "coffee", key="k2")
    with in_organisation(shop.id):
        assert {code_of(shop.id, hers.id, member_id=ada), code_of(shop.id, his.id, member_id=bob)} == {
            "GIFT-1",
            "GIFT-2",
        }
        with pytest.raises(NotFound):
            code_of(shop.id, hers.id, member_id=bob)
    assert hers.state == RedemptionState.FULFILLED


def test_an_empty_pool_is_sold_out_and_takes_nothing():
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=["GIFT-1"])
    ada = shop.member("ada", 100)
    shop.redeem(ada, "coffee", key="k1")
    with pytest.raises(SoldOut):
        shop.redeem(ada, "coffee", key="k2")
    assert shop.available(ada) == 50


def test_a_code_in_the_pool_is_not_readable_in_the_database():
    shop = make_shop(make_reward(kind=RewardKind.CODE), codes=["GIFT-SECRET"])
    with in_organisation(shop.id), connection.cursor() as cursor:
        cursor.execute("select sealed::text || digest::text from rewards_code")
        assert b"GIFT-SECRET".hex() not in cursor.fetchone()[0]


def test_a_member_may_have_a_reward_only_so_often_in_a_period():
    shop = make_shop(make_reward(per_member=1, every=RewardPeriod.MONTH))
    ada = shop.member("ada", 200)
    with clock.frozen_at(NOON):
        shop.redeem(ada, "coffee", key="k1")
        with pytest.raises(HadItAlready):
            shop.redeem(ada, "coffee", key="k2")
    with clock.frozen_at(NOON + timedelta(days=31)):
        shop.redeem(ada, "coffee", key="k3")


def test_a_changed_price_is_asked_about_again():
    shop = make_shop()
    ada = shop.member("ada", 100)
    shop.publish(make_reward(price=60))
    with pytest.raises(PriceChanged):
        shop.redeem(ada, "coffee", price=50)
    assert shop.redeem(ada, "coffee", price=60).points == 60


def test_rewards_for_staff_are_not_for_customers():
    shop = make_shop(make_reward(audience=("staff",)))
    with pytest.raises(NotForThisMember):
        shop.redeem(shop.member("ada", 50), "coffee")


def test_a_reward_is_had_only_inside_its_window():
    shop = make_shop(make_reward(starts_at=NOON, ends_at=NOON + timedelta(days=1)))
    ada = shop.member("ada", 100)
    with clock.frozen_at(NOON + timedelta(days=1)), pytest.raises(RewardNotOffered):
        shop.redeem(ada, "coffee")
    with clock.frozen_at(NOON):
        shop.redeem(ada, "coffee")


def test_a_reward_no_longer_in_the_file_is_not_offered():
    shop = make_shop(make_reward(), make_reward("tea"))
    shop.publish(make_reward("tea"))
    with in_organisation(shop.id):
        assert [offer.key for offer in offers(shop.id)] == ["tea"]
    with pytest.raises(RewardNotOffered):
        shop.redeem(shop.member("ada", 50), "coffee")


def test_stock_cannot_be_set_below_what_is_taken():
    shop = make_shop(make_reward(stock=2))
    ada = shop.member("ada", 100)
    shop.redeem(ada, "coffee", key="k1")
    shop.redeem(ada, "coffee", key="k2")
    with pytest.raises(StockBelowTaken):
        shop.publish(make_reward(stock=1))


def test_a_member_without_a_wallet_has_too_few_points():
    shop = make_shop()
    member = make_member(shop.id)
    with pytest.raises(NotEnoughPoints):
        shop.redeem(member.id, "coffee")


def test_of_redemptions_done_together_each_is_refused_by_itself():
    shop = make_shop(
        make_reward(kind=RewardKind.CODE, stock=5), make_reward("tea", stock=1), codes=["GIFT-1", "GIFT-2"]
    )
    ada, bob = shop.member("ada", 120), shop.member("bob", 50)
    coffee, tea = shop.reward("coffee").id, shop.reward("tea").id

    answers = redeem_all(
        shop.id,
        [
            Wish(ada, coffee, "k1", "usr_0"),
            Wish(ada, tea, "k1", "usr_0"),
            Wish(ada, coffee, "k1", "usr_0"),
            Wish(ada, tea, "k2", "usr_0", price=49),
            Wish(ada, tea, "k2", "usr_0"),
            Wish(ada, coffee, "k3", "usr_0"),
            Wish(bob, tea, "k4", "usr_0"),
            Wish(bob, 0, "k5", "usr_0"),
            Wish(bob, coffee, "k5", "usr_0"),
        ],
    )

    kinds = [Redemption, KeyMeansAnother, Redemption, PriceChanged, Redemption, NotEnoughPoints, SoldOut]
    assert [type(answer) for answer in answers] == [*kinds, NotFound, Redemption]
    assert answers[0] is answers[2]
    assert (shop.available(ada), shop.available(bob)) == (20, 0)
    assert (shop.reward("coffee").taken, shop.reward("tea").taken) == (2, 1)
    hers, his = answers[0], answers[8]
    assert isinstance(hers, Redemption)
    assert isinstance(his, Redemption)
    with in_organisation(shop.id):
        given = [code_of(shop.id, hers.id, member_id=ada), code_of(shop.id, his.id, member_id=bob)]
    assert given == ["GIFT-1", "GIFT-2"]
    assert verify(shop.id).broken() == []


def test_a_limit_counts_what_is_redeemed_together():
    shop = make_shop(make_reward(per_member=2))
    ada = shop.member("ada", 500)
    reward = shop.reward("coffee").id
    shop.redeem(ada, "coffee", key="k0")
    answers = redeem_all(shop.id, [Wish(ada, reward, f"k{n}", "usr_0") for n in range(1, 4)])
    assert [type(answer) for answer in answers] == [Redemption, HadItAlready, HadItAlready]


def test_redeeming_inside_a_transaction_is_undone_with_it():
    shop = make_shop()
    ada = shop.member("ada", 120)

    def redeem_and_fail() -> None:
        with in_organisation(shop.id):
            shop.redeem(ada, "coffee")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        redeem_and_fail()
    assert shop.available(ada) == 120


def _redeemed(answers: Sequence[object]) -> int:
    return sum(isinstance(answer, Redemption) for answer in answers)


@rounds
def test_twenty_redemptions_of_a_balance_worth_one_give_one(round_: int):
    shop = make_shop()
    ada = shop.member("ada", 99)
    answers = at_once(CONTENDERS, lambda n: redeem_alone(shop, ada, "coffee", key=f"k{n}"))
    assert _redeemed(answers) == 1
    assert shop.available(ada) == 49


@rounds
def test_twenty_members_get_the_last_three_once_each(round_: int):
    shop = make_shop(make_reward(stock=3))
    members = [shop.member(f"m{n}", 50) for n in range(CONTENDERS)]
    answers = at_once(CONTENDERS, lambda n: redeem_alone(shop, members[n], "coffee", key=f"k{n}"))
    assert _redeemed(answers) == 3
    assert shop.reward("coffee").taken == 3
    assert sum(shop.available(member) for member in members) == 50 * (CONTENDERS - 3)


@rounds
def test_the_same_key_twenty_times_at_once_redeems_once(round_: int):
    shop = make_shop()
    ada = shop.member("ada", 500)
    answers = at_once(CONTENDERS, lambda _: redeem_alone(shop, ada, "coffee", key="k1"))
    assert len({answer.id for answer in answers if isinstance(answer, Redemption)}) == 1
    assert shop.available(ada) == 450


@rounds
def test_a_member_limit_holds_against_twenty_at_once(round_: int):
    shop = make_shop(make_reward(per_member=2))
    ada = shop.member("ada", 2000)
    answers = at_once(CONTENDERS, lambda n: redeem_alone(shop, ada, "coffee", key=f"k{n}"))
    assert _redeemed(answers) == 2


@rounds
def test_a_redemption_ends_once_whoever_ends_it(round_: int):
    shop = make_shop(make_reward(stock=5))
    ada = shop.member("ada", 50)
    ordered = shop.redeem(ada, "coffee")

    at_once(CONTENDERS, lambda n: (cancel if n % 2 else fulfil)(shop.id, ordered.id, actor="usr_0"))

    with in_organisation(shop.id):
        state = Redemption.objects.get(organisation_id=shop.id, id=ordered.id).state
    left = (50, 0) if state == RedemptionState.CANCELLED else (0, 1)
    assert (shop.available(ada), shop.reward("coffee").taken) == left


def test_a_shop_is_one_organisations_alone():
    mine, theirs = make_shop(), make_shop()
    reward = theirs.reward("coffee")
    ada = mine.member("ada", 50)
    with pytest.raises(NotFound):
        redeem(mine.id, member_id=ada, reward_id=reward.id, key="k", actor="usr_0")
