"""Redemptions agreed to, paid, sent, shown, refunded, and given back when their time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from plaudit.foundation import clock
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.reaching import Answer
from plaudit.foundation.tenancy import in_organisation
from plaudit.rewards.actions import ordering, proceed
from plaudit.rewards.actions import settle as settling
from plaudit.rewards.actions.forget import forget_addresses
from plaudit.rewards.actions.lapse import lapse
from plaudit.rewards.actions.refund import refund
from plaudit.rewards.actions.remit import remit
from plaudit.rewards.actions.suppliers import set_supplier
from plaudit.rewards.definitions import RewardKind
from plaudit.rewards.models import Order, Redemption
from plaudit.rewards.supplying import Heard, Verdict
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop
from tests.faults.trial import Flow, Prepared, by_key

SECOND = "usr_1"

Step = Callable[[Shop, Redemption], object]


def _to_one(act: Step, *first: Step, codes: tuple[str, ...] = (), **parts: Any) -> Callable[[], Prepared]:
    """Something done, by key, to a redemption of a reward with these parts."""

    def prepare() -> Prepared:
        shop = make_shop(make_reward(**parts), codes=codes)
        ordered = shop.redeem(shop.member("ada", 120), "coffee", address="1 High Street")
        for one in first:
            one(shop, ordered)
        return shop.id, by_key(shop.id, lambda: act(shop, ordered))

    return prepare


def _send(shop: Shop, one: Redemption) -> object:
    return settling.fulfil(shop.id, one.id, actor=ACTOR, carrier="Post", tracking="T1")


def _come_back(shop: Shop, one: Redemption) -> object:
    return proceed.come_back(shop.id, one.id, actor=ACTOR)


def _approve(shop: Shop, one: Redemption) -> object:
    return proceed.approve(shop.id, one.id, actor=SECOND)


def _pay(shop: Shop, one: Redemption) -> object:
    return proceed.pay(shop.id, one.id, reference="INV-1", actor=ACTOR)


def _cancel_paid(shop: Shop, one: Redemption) -> None:
    _pay(shop, one)
    settling.cancel(shop.id, one.id, actor=ACTOR)


def _return_money(shop: Shop, one: Redemption) -> object:
    return proceed.return_money(shop.id, one.id, reference="OUT-1", actor=ACTOR)


def _deliver(shop: Shop, one: Redemption) -> object:
    return proceed.deliver(shop.id, one.id, actor=ACTOR)


def _send_again(shop: Shop, one: Redemption) -> object:
    return proceed.send_again(shop.id, one.id, actor=ACTOR)


def _refund(shop: Shop, one: Redemption) -> object:
    return refund(shop.id, one.id, reason="Cold.", key="r", actor=ACTOR, points=20)


def _cancel(shop: Shop, one: Redemption) -> object:
    return settling.cancel(shop.id, one.id, actor=SECOND, reason="No.")


def _lapsing() -> Prepared:
    shop = make_shop(make_reward(money_minor=500))
    ada = shop.member("ada", 120)
    with clock.frozen_at(clock.now() - timedelta(days=30)):
        for key in ("a", "b"):
            shop.redeem(ada, "coffee", key=key)
    return shop.id, lambda: lapse(shop.id, at_a_time=1)


def _remitting() -> Prepared:
    shop = make_shop(make_reward(kind=RewardKind.DONATION, charity="Lifeboats", value_minor=1_000))
    shop.redeem(shop.member("ada", 120), "coffee")
    return shop.id, lambda: remit(shop.id, charity="Lifeboats", currency="USD", reference="P1", actor=ACTOR)


def _shop_that_orders() -> Shop:
    card = make_reward(kind=RewardKind.GIFT_CARD, value_minor=2_500, supplier="giftly")
    shop = make_shop(card)
    set_supplier(shop.id, key="giftly", name="Giftly", url="https://one.example", actor=ACTOR)
    shop.redeem(shop.member("ada", 120), "coffee")
    return shop


def _issues(url: str, body: str, *_: object, **__: object) -> Answer:
    """Delivers what is ordered, or was."""
    order_id = decode(body)["id"] if body else url.rsplit("/", 1)[1]
    face = {"amount": 2_500, "currency": "USD"}
    said = {"id": order_id, "state": "issued", "code": "GIFT-1", "face": face}
    return Answer(201, "", encode(said), None, "1.1.1.1", 5)


def _ordering() -> Prepared:
    shop = _shop_that_orders()
    later = count()

    def act() -> object:
        # A try whose end was not noted leaves a lease behind, and the next comes when that is over.
        with clock.frozen_at(clock.wall() + next(later) * 2 * ordering.LEASE):
            return ordering.order_due(shop.id, "giftly", ask=_issues)

    return shop.id, act


def _noting_a_refusal() -> Prepared:
    shop = _shop_that_orders()
    (taken,) = ordering.take_up(shop.id, "giftly")
    return shop.id, lambda: ordering.note(shop.id, taken, Heard(Verdict.REFUSED, "Sold out."))


def _asking_again() -> Prepared:
    shop = _shop_that_orders()
    with in_organisation(shop.id):
        Order.objects.filter(organisation_id=shop.id).update(state="stuck")
        (one,) = Order.objects.filter(organisation_id=shop.id).values_list("redemption_id", flat=True)
    return shop.id, by_key(shop.id, lambda: ordering.look_again(shop.id, [one], actor=ACTOR))


def _forget(shop: Shop, one: Redemption) -> object:
    return forget_addresses(shop.id, [one.member_id])


def _naming_a_supplier() -> Prepared:
    shop = make_shop()
    return shop.id, by_key(
        shop.id, lambda: set_supplier(shop.id, key="giftly", name="Giftly", token="t", actor=ACTOR)
    )


CODE = RewardKind.CODE
PARCEL: dict[str, Any] = {"kind": RewardKind.PHYSICAL, "needs_address": True}

_LEASE = frozenset({"lease", "leased_until", "tried_at", "settled_at", "due_at", "tries"})
_MOMENTS = frozenset({"happened_at", "fulfilled_at", "recorded_at", "occurred_at", "added_at"})

FLOWS = [
    Flow(
        "agree to a redemption",
        _to_one(_approve, kind=CODE, approval=True, codes=("A",)),
        (proceed.approve, settling.spend, settling.lock_redemption, settling.arrangement_of),
    ),
    Flow(
        "decline a redemption",
        _to_one(_cancel, kind=CODE, approval=True, codes=("A",)),
        (settling.cancel, settling.give_back),
    ),
    Flow("pay beside points", _to_one(_pay, money_minor=500), (proceed.pay,)),
    Flow("send a parcel", _to_one(_send, **PARCEL), (settling.fulfil,)),
    Flow("return money", _to_one(_return_money, _cancel_paid, money_minor=500), (proceed.return_money,)),
    Flow("deliver a parcel", _to_one(_deliver, _send, **PARCEL), (proceed.deliver,)),
    Flow("a parcel comes back", _to_one(_come_back, _send, **PARCEL), (proceed.come_back,)),
    Flow("send it again", _to_one(_send_again, _send, _come_back, **PARCEL), (proceed.send_again,)),
    Flow("forget an address", _to_one(_forget, _send, **PARCEL), (forget_addresses,)),
    Flow("refund a part", _to_one(_refund, _send), (refund,)),
    Flow(
        "order from a supplier",
        _ordering,
        (ordering.order_due, ordering.take_up),
        ignoring=_LEASE | _MOMENTS,  # each try comes when the one before has run out
    ),
    Flow("a supplier will not deliver", _noting_a_refusal, (ordering.note,)),
    Flow("ask a supplier again", _asking_again, (ordering.look_again,)),
    Flow("name a supplier", _naming_a_supplier, (set_supplier,), ignoring=frozenset({"token"})),
    Flow("remit donations", _remitting, (remit,)),
    Flow("redemptions lapse", _lapsing, (lapse,)),
]
