"""What rewards promise that ask or give more than points: steps, conditions, money, a second person, parcels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plaudit.foundation import clock
from plaudit.foundation.models import News
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.refusals import NothingLeftToReverse, ReversesTooMuch
from plaudit.ledger.verification.verify import verify
from plaudit.people.models import Member
from plaudit.rewards.actions.forget import forget_addresses
from plaudit.rewards.actions.lapse import lapse
from plaudit.rewards.actions.proceed import approve, come_back, deliver, pay, return_money, send_again
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.definitions import RewardKind, Step
from plaudit.rewards.models import Arrangement, Redemption, RedemptionState, Refund, Stage
from plaudit.rewards.queries import code_of
from plaudit.rewards.refusals import (
    AddressNeeded,
    CannotCancel,
    FourEyes,
    NoMoneyToReturn,
    NotAStep,
    NotAtStage,
    NotEligible,
    NotFulfilled,
    NotYet,
    SoldOut,
)
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop, redeem_alone

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECOND = "usr_1"
LADDER = (Step(3_000, 2_500), Step(100_000, 100_000, approval=True))


def a_ladder() -> Shop:
    """S0's gift certificates: 3,000 points for $25, 100,000 for $1,000 and a second person."""
    shop = make_shop(make_reward("card", price=3_000, kind=RewardKind.GIFT_CARD, ladder=LADDER))
    shop.add_codes("card", ["SMALL-1"], worth=2_500)
    shop.add_codes("card", ["LARGE-1"], worth=100_000)
    return shop


def test_a_ladder_gives_the_code_of_the_step_that_was_chosen():
    shop = a_ladder()
    ada = shop.member("ada", 4_000)

    card = shop.redeem(ada, "card", price=3_000)

    with in_organisation(shop.id):
        assert code_of(shop.id, card.id, member_id=ada) == "SMALL-1"
    assert (card.points, shop.shown(card).value_minor, shop.available(ada)) == (3_000, 2_500, 1_000)


@pytest.mark.parametrize("price", [None, 2_999, 100])
def test_a_price_between_the_steps_is_none_of_them(price: int | None):
    shop = a_ladder()
    ada = shop.member("ada", 4_000)
    with pytest.raises(NotAStep):
        shop.redeem(ada, "card", price=price)
    assert shop.available(ada) == 4_000


def test_the_codes_of_one_step_are_not_given_for_another():
    shop = a_ladder()
    ada = shop.member("ada", 9_000)
    shop.redeem(ada, "card", price=3_000, key="k1")
    with pytest.raises(SoldOut):
        shop.redeem(ada, "card", price=3_000, key="k2")
    with pytest.raises(NotAStep):
        shop.add_codes("card", ["X"], worth=7)


def test_above_its_bound_a_second_person_must_agree_and_the_code_is_kept_until_then():
    shop = a_ladder()
    ada = shop.member("ada", 100_000)
    card = shop.redeem(ada, "card", price=100_000)
    assert (card.state, shop.shown(card).stage, shop.available(ada)) == (
        RedemptionState.ORDERED,
        "approval",
        0,
    )
    with in_organisation(shop.id), pytest.raises(NotFound):
        code_of(shop.id, card.id, member_id=ada)

    with pytest.raises(FourEyes):
        approve(shop.id, card.id, actor=ACTOR)
    approve(shop.id, card.id, actor=SECOND)

    assert shop.shown(card).stage == Stage.DONE
    with in_organisation(shop.id):
        assert code_of(shop.id, card.id, member_id=ada) == "LARGE-1"


def test_declined_or_forgotten_everything_is_as_it_was():
    shop = a_ladder()
    ada = shop.member("ada", 100_000)
    with clock.frozen_at(NOON):
        declined = shop.redeem(ada, "card", price=100_000, key="k1")
        cancel(shop.id, declined.id, actor=SECOND, reason="No.")
        forgotten = shop.redeem(ada, "card", price=100_000, key="k2")
        assert lapse(shop.id) == 0
    with clock.frozen_at(NOON + timedelta(days=14)):
        assert lapse(shop.id) == 1
        with pytest.raises(NotAtStage):
            approve(shop.id, forgotten.id, actor=SECOND)
        assert shop.available(ada) == 100_000
        assert shop.shown(forgotten).state == RedemptionState.CANCELLED
        shop.redeem(ada, "card", price=100_000, key="k3")


def test_who_does_not_meet_the_condition_keeps_their_points():
    fields = {"tier": {"kind": "text"}}
    shop = make_shop(make_reward(eligible="member.tier = 'gold'", member_fields=fields))
    ada, bob = shop.member("ada", 50), shop.member("bob", 50)
    with in_organisation(shop.id):
        Member.objects.filter(organisation_id=shop.id, id=ada).update(attributes={"tier": "gold"})
    with pytest.raises(NotEligible):
        shop.redeem(bob, "coffee", key="k1")
    shop.redeem(ada, "coffee", key="k2")
    assert (shop.available(ada), shop.available(bob)) == (0, 50)


def test_points_and_money_wait_for_the_money():
    shop = make_shop(make_reward("mug", kind=RewardKind.PHYSICAL, money_minor=500))
    ada = shop.member("ada", 50)
    mug = shop.redeem(ada, "mug")
    with pytest.raises(NotYet):
        fulfil(shop.id, mug.id, actor=ACTOR)
    pay(shop.id, mug.id, reference="INV-1", actor=ACTOR)
    with pytest.raises(NotAtStage):
        pay(shop.id, mug.id, reference="INV-1", actor=ACTOR)
    assert fulfil(shop.id, mug.id, actor=ACTOR).state == RedemptionState.FULFILLED


def test_the_money_of_a_cancelled_redemption_is_owed_until_it_is_returned_once():
    shop = make_shop(make_reward("mug", kind=RewardKind.PHYSICAL, money_minor=500))
    ada = shop.member("ada", 50)
    mug = shop.redeem(ada, "mug")
    with pytest.raises(NoMoneyToReturn):
        return_money(shop.id, mug.id, reference="OUT-1", actor=ACTOR)
    pay(shop.id, mug.id, reference="INV-1", actor=ACTOR)
    assert not shop.shown(mug).owes_money
    cancel(shop.id, mug.id, actor=ACTOR)
    assert (shop.shown(mug).owes_money, shop.shown(mug).acts_next, shop.available(ada)) == (
        True,
        "programme",
        50,
    )
    for _ in range(2):
        return_money(shop.id, mug.id, reference="OUT-1", actor=ACTOR)
    with pytest.raises(NoMoneyToReturn):
        return_money(shop.id, mug.id, reference="OUT-2", actor=ACTOR)
    shown = shop.shown(mug)
    assert (shown.owes_money, shown.money_back, shown.acts_next) == (False, "OUT-1", "")
    with in_organisation(shop.id):
        told = News.objects.filter(organisation_id=shop.id, topic__startswith="redemption.money")
        assert [(row.topic, row.payload["amount_minor"]) for row in told.order_by("id")] == [
            ("redemption.money_owed", 500),
            ("redemption.money_returned", 500),
        ]


def test_nothing_is_owed_that_was_not_paid():
    shop = make_shop(make_reward("mug", kind=RewardKind.PHYSICAL, money_minor=500))
    mug = shop.redeem(shop.member("ada", 50), "mug")
    cancel(shop.id, mug.id, actor=ACTOR)
    assert not shop.shown(mug).owes_money


@rounds
def test_money_returned_by_many_at_once_is_returned_once(round_: int):
    shop = make_shop(make_reward("mug", money_minor=500))
    mug = shop.redeem(shop.member("ada", 50), "mug")
    pay(shop.id, mug.id, reference="INV-1", actor=ACTOR)
    cancel(shop.id, mug.id, actor=ACTOR)
    got = at_once(CONTENDERS, lambda n: return_money(shop.id, mug.id, reference=f"OUT-{n}", actor=ACTOR).id)
    assert sum(isinstance(one, NoMoneyToReturn) for one in got) == CONTENDERS - 1


def test_a_parcel_needs_an_address_and_tells_where_it_is():
    shop = make_shop(make_reward("mug", kind=RewardKind.PHYSICAL, needs_address=True))
    ada = shop.member("ada", 50)
    with pytest.raises(AddressNeeded):
        shop.redeem(ada, "mug")

    mug = shop.redeem(ada, "mug", address="1 High Street, Town")
    with in_organisation(shop.id):
        kept = Arrangement.objects.get(redemption_id=mug.id).address
    assert kept is not None and b"High" not in bytes(kept)

    fulfil(shop.id, mug.id, actor=ACTOR, carrier="Post", tracking="T1")
    assert (shop.shown(mug).stage, shop.shown(mug).tracking) == (Stage.SENT, "T1")
    come_back(shop.id, mug.id, actor=ACTOR)
    send_again(shop.id, mug.id, actor=ACTOR, carrier="Post", tracking="T2")
    deliver(shop.id, mug.id, actor=ACTOR)
    assert (shop.shown(mug).stage, shop.shown(mug).tracking) == (Stage.DELIVERED, "T2")


def test_where_a_parcel_went_is_forgotten_with_whoever_it_went_to():
    shop = make_shop(make_reward("mug", kind=RewardKind.PHYSICAL, needs_address=True))
    ada = shop.member("ada", 50)
    mug = shop.redeem(ada, "mug", address="1 High Street, Town")
    fulfil(shop.id, mug.id, actor=ACTOR, carrier="Post", tracking="T1")
    assert (forget_addresses(shop.id, [ada]), forget_addresses(shop.id, [ada])) == (1, 0)
    with in_organisation(shop.id):
        kept = Arrangement.objects.get(redemption_id=mug.id)
    assert (kept.address, kept.tracking, kept.stage) == (None, "", Stage.SENT)


def test_early_access_is_had_at_once():
    shop = make_shop(make_reward("preview", kind=RewardKind.EARLY_ACCESS))
    preview = shop.redeem(shop.member("ada", 50), "preview")
    assert preview.state == RedemptionState.FULFILLED
    with pytest.raises(CannotCancel):
        cancel(shop.id, preview.id, actor=ACTOR)


def test_a_part_is_refunded_into_its_lots_and_the_rest_later():
    shop = make_shop()
    ada = shop.member("ada", 50)
    coffee = shop.redeem(ada, "coffee")
    with pytest.raises(NotFulfilled):
        refund(shop.id, coffee.id, reason="Cold", key="r0", actor=ACTOR)
    fulfil(shop.id, coffee.id, actor=ACTOR)

    assert refund(shop.id, coffee.id, reason="Cold", key="r1", actor=ACTOR, points=20).points == 20
    assert refund(shop.id, coffee.id, reason="Cold", key="r1", actor=ACTOR, points=20).points == 20
    with pytest.raises(ReversesTooMuch):
        refund(shop.id, coffee.id, reason="Cold", key="r2", actor=ACTOR, points=31)
    assert refund(shop.id, coffee.id, reason="Cold", key="r3", actor=ACTOR).points == 30
    with pytest.raises(NothingLeftToReverse):
        refund(shop.id, coffee.id, reason="Cold", key="r4", actor=ACTOR)

    assert (shop.available(ada), shop.shown(coffee).refunded) == (50, 50)
    assert verify(shop.id).broken() == []


@rounds
def test_twenty_who_agree_at_once_agree_once(round_: int):
    shop = make_shop(make_reward(kind=RewardKind.CODE, approval=True), codes=["GIFT-1", "GIFT-2"])
    ada = shop.member("ada", 100)
    card = shop.redeem(ada, "coffee")
    answers = at_once(CONTENDERS, lambda n: approve(shop.id, card.id, actor=f"usr_{n + 1}"))
    assert sum(isinstance(answer, Redemption) for answer in answers) == 1
    assert (shop.available(ada), shop.shown(card).state) == (50, RedemptionState.FULFILLED)


@rounds
def test_twenty_refunds_at_once_give_back_what_was_spent(round_: int):
    shop = make_shop()
    ada = shop.member("ada", 50)
    coffee = shop.redeem(ada, "coffee")
    fulfil(shop.id, coffee.id, actor=ACTOR)
    at_once(
        CONTENDERS,
        lambda n: refund(shop.id, coffee.id, reason="Cold", key=f"r{n}", actor=ACTOR, points=20),
    )
    assert shop.available(ada) == 40
    with in_organisation(shop.id):
        assert Refund.objects.filter(organisation_id=shop.id).count() == 2


@rounds
def test_the_places_of_an_event_are_taken_once_each(round_: int):
    shop = make_shop(make_reward("concert", kind=RewardKind.EVENT, stock=3, hold_days=7))
    members = [shop.member(f"m{n}", 50) for n in range(CONTENDERS)]
    at_once(CONTENDERS, lambda n: redeem_alone(shop, members[n], "concert", key=f"k{n}"))
    assert shop.reward("concert").taken == 3
    assert sum(shop.available(member) for member in members) == 50 * (CONTENDERS - 3)


@rounds
def test_a_payment_and_the_end_of_its_time_meet_once(round_: int):
    shop = make_shop(make_reward("mug", money_minor=500, stock=1))
    ada = shop.member("ada", 50)
    with clock.frozen_at(clock.now() - timedelta(days=30)):
        mug = shop.redeem(ada, "mug")
    at_once(
        CONTENDERS,
        lambda n: lapse(shop.id) if n % 2 else pay(shop.id, mug.id, reference="INV", actor=ACTOR),
    )
    ended = shop.shown(mug).state == RedemptionState.CANCELLED
    assert (shop.available(ada), shop.reward("mug").taken) == ((50, 0) if ended else (0, 1))
