"""Whatever is done to redemptions in whatever order, points, stock and codes say the same."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation.refusals import Refusal
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.examples import examples
from plaudit.ledger.balances import balances
from plaudit.ledger.verification.verify import verify
from plaudit.rewards.actions.proceed import approve, pay
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.models import Code, Redemption, RedemptionState, Refund
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop

START = 400
ACTS = ("fulfil", "cancel", "approve", "pay", "refund a part", "refund")
REWARDS = ("coffee", "card", "agreed", "paid")

STEPS = st.lists(
    st.sampled_from(REWARDS) | st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), min_size=1, max_size=14
)


def a_shop() -> Shop:
    code: dict[str, Any] = {"kind": RewardKind.CODE}
    shop = make_shop(
        make_reward("coffee", stock=3),
        make_reward("card", per_member=4, **code),
        make_reward("agreed", price=70, approval=True, **code),
        make_reward("paid", price=30, money_minor=500, stock=2),
    )
    shop.add_codes("card", ["A", "B"])
    shop.add_codes("agreed", ["C", "D"])
    return shop


def do(shop: Shop, act: str, one: Redemption, key: str) -> None:
    match act:
        case "fulfil":
            fulfil(shop.id, one.id, actor=ACTOR)
        case "cancel":
            cancel(shop.id, one.id, actor=ACTOR)
        case "approve":
            approve(shop.id, one.id, actor="usr_1")
        case "pay":
            pay(shop.id, one.id, reference="INV", actor=ACTOR)
        case _:
            points = 10 if act == "refund a part" else None
            refund(shop.id, one.id, reason="So.", key=key, actor=ACTOR, points=points)


@settings(max_examples=examples(12), deadline=None)
@given(steps=STEPS)
def test_points_stock_and_codes_agree_after_any_order_of_acts(steps: list[str | tuple[str, int]]):
    shop = a_shop()
    ada = shop.member("ada", START)
    made: list[Redemption] = []
    for number, step in enumerate(steps):
        with suppress(Refusal):
            if isinstance(step, str):
                made.append(shop.redeem(ada, step, key=f"k{number}"))
            elif made:
                act, which = step
                do(shop, act, made[which % len(made)], key=f"r{number}")

    with in_organisation(shop.id):
        rows = list(Redemption.objects.filter(organisation_id=shop.id).select_related("reward"))
        refunds = sum(Refund.objects.filter(organisation_id=shop.id).values_list("points", flat=True))
        (wallet,) = balances(shop.id, ada)
        given_out = set(
            Code.objects.filter(organisation_id=shop.id, redemption__isnull=False).values_list(
                "redemption_id", flat=True
            )
        )
    spent = sum(row.points for row in rows if row.state == RedemptionState.FULFILLED) - refunds
    held = sum(row.points for row in rows if row.state == RedemptionState.ORDERED)
    assert (wallet.available, wallet.held) == (START - spent - held, held)
    standing = [row for row in rows if row.state != RedemptionState.CANCELLED]
    for key in REWARDS:
        assert shop.reward(key).taken == sum(row.reward.key == key for row in standing)
    assert given_out == {row.id for row in standing if row.reward.kind == RewardKind.CODE}
    assert verify(shop.id).broken() == []
