"""What donations promise: made at once, passed on once, with a receipt."""

from __future__ import annotations

import pytest

from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.remit import remit
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.donations import owed_to_charities, receipt
from plaudit.rewards.models import Remittance
from plaudit.rewards.refusals import NothingToRemit, PassedOn
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop

LIFEBOATS = "Lifeboats"


def a_shop_with_gifts() -> Shop:
    gift = make_reward("gift", kind=RewardKind.DONATION, charity=LIFEBOATS, value_minor=1_001, tax="Ask.")
    return make_shop(gift, make_reward("coffee"))


def pass_on(shop: Shop, reference: str = "P1") -> Remittance:
    return remit(shop.id, charity=LIFEBOATS, currency="USD", reference=reference, actor=ACTOR)


def test_gifts_are_passed_on_together_once_and_receipted():
    shop = a_shop_with_gifts()
    ada = shop.member("ada", 150)
    gift = shop.redeem(ada, "gift", key="k1")
    shop.redeem(ada, "gift", key="k2")
    coffee = shop.redeem(ada, "coffee", key="k3")
    with in_organisation(shop.id):
        assert [(one.donations, one.amount_minor) for one in owed_to_charities(shop.id)] == [(2, 2_002)]
        assert receipt(shop.id, gift.id).remitted_at is None
        with pytest.raises(NotFound):
            receipt(shop.id, coffee.id)

    assert (pass_on(shop).amount_minor, pass_on(shop).donations) == (2_002, 2)

    with pytest.raises(NothingToRemit):
        pass_on(shop, "P2")
    with pytest.raises(PassedOn):
        refund(shop.id, gift.id, reason="Changed my mind", key="r", actor=ACTOR)
    with in_organisation(shop.id):
        assert owed_to_charities(shop.id) == []
        found = receipt(shop.id, gift.id)
    assert (found.amount_minor, found.charity, found.remittance, found.tax) == (
        1_001,
        LIFEBOATS,
        "P1",
        "Ask.",
    )


def test_what_was_refunded_of_a_gift_is_not_passed_on():
    shop = a_shop_with_gifts()
    ada = shop.member("ada", 100)
    part, whole = shop.redeem(ada, "gift", key="k1"), shop.redeem(ada, "gift", key="k2")
    refund(shop.id, part.id, reason="Half", key="r1", actor=ACTOR, points=25)
    refund(shop.id, whole.id, reason="All", key="r2", actor=ACTOR)
    with in_organisation(shop.id):
        assert [(one.donations, one.amount_minor) for one in owed_to_charities(shop.id)] == [(1, 500)]
    assert (pass_on(shop).amount_minor, pass_on(shop).donations) == (500, 1)


@rounds
def test_gifts_remitted_by_twenty_at_once_are_remitted_once(round_: int):
    shop = a_shop_with_gifts()
    ada = shop.member("ada", 150)
    for number in range(3):
        shop.redeem(ada, "gift", key=f"k{number}")
    answers = at_once(CONTENDERS, lambda n: pass_on(shop, f"P{n // 2}"))
    made = {answer.id: answer.amount_minor for answer in answers if isinstance(answer, Remittance)}
    assert list(made.values()) == [3_003]
