"""What orders from suppliers promise: one code for one redemption, and no points spent without what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from plaudit.foundation import clock, config
from plaudit.foundation.addresses import UrlRefused
from plaudit.foundation.reaching import Answer, post_json
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.tests.racing import CONTENDERS, at_once, rounds
from plaudit.ledger.verification.verify import verify
from plaudit.rewards.actions.ordering import look_again, note, order_due, take_up
from plaudit.rewards.actions.proceed import approve
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.actions.suppliers import set_supplier
from plaudit.rewards.definitions import RewardKind, Step
from plaudit.rewards.models import Code, Order, OrderState, Redemption, RedemptionState, Supplier
from plaudit.rewards.orders import first_orders_due
from plaudit.rewards.queries import code_of
from plaudit.rewards.refusals import CannotCancel, NotYet
from plaudit.rewards.supplying import TRIES_MAX, Door, Heard, Promise, Verdict, understand, wait_after
from plaudit.rewards.tests.factories import ACTOR, Shop, make_reward, make_shop, redeem_alone
from plaudit.rewards.tests.supplier import MISBEHAVIOURS, MisbehavingSupplier, selling

FACE = 2_500
# Quick enough for a test; a supplier that says nothing is given up after it.
_post = partial(post_json, timeout_seconds=0.3)


@pytest.fixture(autouse=True)
def _ordering_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Orders may be sent to this machine, as an operator would let them be."""
    monkeypatch.setenv("PLAUDIT_WEBHOOK_NETWORKS", "127.0.0.0/8")
    config.load.cache_clear()
    yield
    monkeypatch.undo()
    config.load.cache_clear()


def a_shop(supplier: MisbehavingSupplier | None = None, **parts: Any) -> Shop:
    """A shop whose gift cards come from a supplier."""
    card: dict[str, Any] = {
        "kind": RewardKind.GIFT_CARD,
        "value_minor": FACE,
        "supplier": "giftly",
        "product": "GC",
    }
    shop = make_shop(make_reward("card", **{**card, **parts}))
    if supplier is not None:
        set_supplier(shop.id, key="giftly", name="Giftly", url=supplier.url, token="t-1", actor=ACTOR)
    return shop


def order_for_days(shop: Shop, days: int = 4) -> None:
    """Everything that falls due within these days, each time at its moment."""
    end = clock.now() + timedelta(days=days)
    at = clock.now() - timedelta(seconds=1)
    for _ in range(200):
        with in_organisation(shop.id):
            moments = first_orders_due(shop.id, at, end)
        if not moments:
            return
        at = moments[0]
        with clock.frozen_at(at):
            order_due(shop.id, "giftly", ask=_post)
    raise AssertionError("it never comes to an end")


def codes(shop: Shop) -> list[tuple[str, str]]:
    """Every redemption's state with its code."""
    with in_organisation(shop.id):
        rows = Redemption.objects.filter(organisation_id=shop.id).select_related("code").order_by("id")
        return [
            (row.state, code_of(shop.id, row.id, member_id=row.member_id) if hasattr(row, "code") else "")
            for row in rows
        ]


def test_what_is_redeemed_is_ordered_once_and_its_code_is_the_members():
    with selling() as supplier:
        shop = a_shop(supplier)
        ada = shop.member("ada", 50)
        card = shop.redeem(ada, "card")
        assert (card.state, shop.shown(card).acts_next) == (RedemptionState.ORDERED, "supplier")

        order_for_days(shop)

        assert codes(shop) == [(RedemptionState.FULFILLED, "GIFT-00000")]
        assert (supplier.faces, supplier.tokens, len(supplier.orders)) == (FACE, {"Bearer t-1"}, 1)


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS)
def test_however_a_supplier_misbehaves_nobody_pays_for_nothing_or_gets_two(misbehaviour: str):
    with selling(misbehaviour) as supplier:
        shop = a_shop(supplier)
        members = [shop.member(f"m{number}", 50) for number in range(3)]
        for member in members:
            shop.redeem(member, "card", key=str(member))

        order_for_days(shop)

        told = codes(shop)
        fulfilled = [code for state, code in told if state == RedemptionState.FULFILLED]
        assert all(code for code in fulfilled)
        assert len(set(fulfilled)) == len(fulfilled)
        assert all(not code for state, code in told if state != RedemptionState.FULFILLED)
        expected = {"wrong face value": 0, "same code twice": 1}.get(misbehaviour, 3)
        assert (len(fulfilled), supplier.faces) == (expected, expected * FACE)
        assert sum(shop.available(member) for member in members) == 50 * (3 - expected)
        with clock.frozen_at(clock.now() + timedelta(days=5)):
            assert verify(shop.id).broken() == []


def test_one_that_ordered_and_died_asks_before_anything_is_ordered_again():
    with selling("twice") as supplier:
        shop = a_shop(supplier)
        shop.redeem(shop.member("ada", 50), "card")
        (taken,) = take_up(shop.id, "giftly")
        body = f'{{"id": "{taken.promise.id}", "face": {{"amount": {FACE}, "currency": "USD"}}}}'
        post_json(f"{supplier.url}/orders", body, {}, timeout_seconds=0.3)  # and here it dies

        order_due(shop.id, "giftly", ask=_post)
        assert len(supplier.orders) == 1  # the lease stands
        with clock.frozen_at(clock.wall() + timedelta(minutes=3)):
            order_due(shop.id, "giftly", ask=_post)

        assert (codes(shop), len(supplier.orders)) == ([(RedemptionState.FULFILLED, "GIFT-00000")], 1)


def test_what_a_frozen_worker_would_note_late_is_refused():
    with selling() as supplier:
        shop = a_shop(supplier)
        shop.redeem(shop.member("ada", 50), "card")
        (taken,) = take_up(shop.id, "giftly")
        with clock.frozen_at(clock.wall() + timedelta(minutes=3)):
            assert order_due(shop.id, "giftly", ask=_post) == 1
            late = Heard(Verdict.DELIVERED, code="LATE")
            assert not note(shop.id, taken, late)
        assert "LATE" not in str(codes(shop))


def test_a_supplier_that_never_answers_is_a_persons_to_look_at():
    def silence(*_: object, **__: object) -> Answer:
        return Answer(None, "No answer.", "", None, "", 1)

    with selling() as supplier:
        shop = a_shop(supplier)
        card = shop.redeem(shop.member("ada", 50), "card")
        at = clock.now()
        for tries in range(1, TRIES_MAX + 1):
            with clock.frozen_at(at):
                assert order_due(shop.id, "giftly", ask=silence) == 1
            at += wait_after(tries)
        assert (shop.shown(card).is_stuck, shop.shown(card).acts_next) == (True, "programme")
        assert shop.shown(card).state == RedemptionState.ORDERED

        assert look_again(shop.id, [card.id], actor=ACTOR) == 1
        order_for_days(shop)
        assert codes(shop)[0][0] == RedemptionState.FULFILLED


def test_an_order_can_be_cancelled_until_its_supplier_may_know_of_it():
    with selling() as supplier:
        shop = a_shop(supplier)
        ada = shop.member("ada", 100)
        first, second = shop.redeem(ada, "card", key="k1"), shop.redeem(ada, "card", key="k2")
        cancel(shop.id, first.id, actor=ACTOR)
        take_up(shop.id, "giftly")
        with pytest.raises(CannotCancel):
            cancel(shop.id, second.id, actor=ACTOR)
        with pytest.raises(NotYet):
            fulfil(shop.id, second.id, actor=ACTOR)
        assert shop.available(ada) == 50


def test_what_a_second_person_must_agree_to_is_ordered_when_they_did():
    with selling() as supplier:
        shop = a_shop(supplier, ladder=(Step(50, FACE, approval=True),))
        card = shop.redeem(shop.member("ada", 50), "card", price=50)
        order_for_days(shop)
        assert supplier.requests == 0
        approve(shop.id, card.id, actor="usr_1")
        order_for_days(shop)
        assert supplier.faces == FACE


def test_of_a_supplier_without_an_address_a_person_orders():
    shop = a_shop(kind=RewardKind.TRAVEL)
    trip = shop.redeem(shop.member("ada", 50), "card")
    assert order_due(shop.id, "giftly") == 0
    assert fulfil(shop.id, trip.id, actor=ACTOR).state == RedemptionState.FULFILLED
    with in_organisation(shop.id):
        assert Order.objects.get(organisation_id=shop.id).state == OrderState.DONE


def test_a_token_goes_to_the_address_it_was_given_for_and_to_no_other():
    shop = make_shop()
    set_supplier(shop.id, key="g", name="G", url="https://one.example", token="secret", actor=ACTOR)
    kept = set_supplier(shop.id, key="g", name="Gee", url="https://one.example", actor=ACTOR)
    assert kept.token is not None and b"secret" not in bytes(kept.token)
    assert set_supplier(shop.id, key="g", name="G", url="https://two.example", actor=ACTOR).token is None
    with pytest.raises(UrlRefused):
        set_supplier(shop.id, key="g", name="G", url="ftp://one.example", actor=ACTOR)


@rounds
def test_an_order_taken_up_by_twenty_at_once_is_taken_up_by_one(round_: int):
    shop = a_shop()
    set_supplier(shop.id, key="giftly", name="Giftly", url="https://one.example", actor=ACTOR)
    shop.redeem(shop.member("ada", 50), "card")
    taken = at_once(CONTENDERS, lambda _: take_up(shop.id, "giftly"))
    assert sum(len(one) for one in taken if isinstance(one, list)) == 1


@rounds
def test_twenty_answers_to_one_order_give_one_code(round_: int):
    shop = a_shop()
    set_supplier(shop.id, key="giftly", name="Giftly", url="https://one.example", actor=ACTOR)
    ada = shop.member("ada", 50)
    shop.redeem(ada, "card")
    (taken,) = take_up(shop.id, "giftly")
    at_once(CONTENDERS, lambda n: note(shop.id, taken, Heard(Verdict.DELIVERED, code=f"CODE-{n}")))
    with in_organisation(shop.id):
        assert Code.objects.filter(organisation_id=shop.id).count() == 1
    assert shop.available(ada) == 0


@rounds
def test_a_supplier_named_by_twenty_at_once_is_one(round_: int):
    shop = make_shop()
    at_once(CONTENDERS, lambda n: set_supplier(shop.id, key="g", name=f"G{n}", actor=ACTOR))
    with in_organisation(shop.id):
        assert Supplier.objects.filter(organisation_id=shop.id).count() == 1


PROMISE = Promise("ord_1", 2_500, "USD", needs_code=True)
ISSUED = '{"id": "ord_1", "state": "issued", "code": "A", "face": {"amount": 2500, "currency": "USD"}}'


@pytest.mark.parametrize(
    "door, status, body, verdict",
    [
        (Door.ORDER, 201, ISSUED, Verdict.DELIVERED),
        (Door.ASK, 200, ISSUED, Verdict.DELIVERED),
        (Door.ORDER, None, "", Verdict.UNCLEAR),
        (Door.ORDER, 404, "{}", Verdict.UNCLEAR),
        (Door.ASK, 404, "{}", Verdict.UNKNOWN),
        (Door.VOID, 404, "", Verdict.UNKNOWN),
        (Door.ORDER, 500, ISSUED, Verdict.UNCLEAR),
        (Door.ORDER, 429, "", Verdict.UNCLEAR),
        (Door.ORDER, 302, ISSUED, Verdict.UNCLEAR),
        (Door.ORDER, 400, ISSUED, Verdict.UNCLEAR),
        (Door.ORDER, 201, ISSUED.replace("ord_1", "ord_2"), Verdict.UNCLEAR),
        (Door.ORDER, 201, ISSUED.replace("2500", "2600"), Verdict.WRONG),
        (Door.ORDER, 201, ISSUED.replace("USD", "EUR"), Verdict.WRONG),
        (Door.ORDER, 201, ISSUED.replace('"A"', '""'), Verdict.WRONG),
        (Door.ORDER, 201, ISSUED.replace('"A"', "7"), Verdict.WRONG),
        (Door.ORDER, 201, "[1]", Verdict.UNCLEAR),
        (Door.ORDER, 202, '{"id": "ord_1", "state": "pending"}', Verdict.PENDING),
        (Door.ORDER, 422, '{"id": "ord_1", "state": "refused"}', Verdict.REFUSED),
        (Door.VOID, 200, '{"id": "ord_1", "state": "cancelled"}', Verdict.VOIDED),
    ],
)
def test_what_an_answer_means(door: Door, status: int | None, body: str, verdict: Verdict):
    assert understand(door, status, body, PROMISE).verdict is verdict


def test_an_order_of_another_shop_is_not_there():
    mine, theirs = a_shop(), a_shop()
    card = theirs.redeem(theirs.member("ada", 50), "card")
    with pytest.raises(NotFound):
        mine.shown(card)
    redeem_alone(theirs, theirs.member("bob", 50), "card", key="k")
    assert take_up(mine.id, "giftly") == []
