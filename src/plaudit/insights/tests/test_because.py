"""The Because panel: every kind of line is explained in all six layers, and its numbers come out again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from plaudit.foundation import clock
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import in_organisation
from plaudit.insights.because import because
from plaudit.insights.reasons import Because
from plaudit.insights.tests.factories import NOON, Shop, make_shop
from plaudit.ledger.actions.adjust import adjust
from plaudit.ledger.actions.expire import activate, expire
from plaudit.ledger.actions.opening import OpeningBalance, opening
from plaudit.ledger.actions.reverse import reverse
from plaudit.ledger.places import Kind
from plaudit.membership.actions.merge import merge_members, separate_members
from plaudit.people.tests.factories import make_member
from plaudit.rewards.actions.redeem import redeem
from plaudit.rewards.actions.settle import cancel, fulfil
from plaudit.rewards.models import Redemption

_numbers = count(1)

KINDS = {
    "rule": {Kind.ACCRUAL},
    "multiplier": {Kind.ACCRUAL},
    "limit": {Kind.ACCRUAL},
    "deduction": {Kind.DEDUCTION},
    "correction": {Kind.REVERSAL},
    "reversal": {Kind.REVERSAL},
    "adjustment": {Kind.ADJUSTMENT},
    "redemption": {Kind.HOLD, Kind.CAPTURE, Kind.RELEASE},
    "expiry": {Kind.EXPIRY},
    "activation": {Kind.ACTIVATION},
    "opening": {Kind.OPENING},
    "merge": {Kind.MERGE, Kind.UNMERGE},
}


@pytest.fixture(scope="module")
def shop():
    """A shop in which everything has happened to Mina that can happen to points."""
    with clock.frozen_at(NOON - timedelta(days=500)):
        shop = make_shop()
        earlier = OpeningBalance("old-1", shop.mina.id, "points", 300, clock.now())
        opening(shop.id, [earlier], actor=shop.manager_ref)
    with clock.frozen_at(NOON):
        expire(shop.id)
        _earn_and_lose(shop)
        _spend(shop)
        _merge(shop)
    with clock.frozen_at(NOON + timedelta(days=8)):
        activate(shop.id)
    return shop


def _earn_and_lose(shop: Shop) -> None:
    shop.buys("48.20", id="small")
    shop.buys("152.92", id="big")
    shop.happens("survey")
    shop.happens("visit")
    shop.happens("party", {"guests": 4})
    shop.happens("bag.lost")
    shop.happens("purchase.refunded", {"refunded": Decimal("4.00")}, corrects="big")
    shop.happens("purchase.refunded", {"refunded": Decimal("10.50")}, corrects="big")
    _adjust(shop, 500, "Found your purse")
    _adjust(shop, -20, "Counted twice.")
    reverse(
        shop.id, shop.newest(Kind.ADJUSTMENT).reference, reason="It was not", key="c", actor=shop.manager_ref
    )


def _adjust(shop: Shop, amount: int, reason: str) -> None:
    adjust(
        shop.id,
        member_id=shop.mina.id,
        unit="points",
        amount=amount,
        reason=reason,
        key=reason,
        actor=shop.manager_ref,
    )


def _spend(shop: Shop) -> None:
    fulfil(shop.id, _redeem(shop, "coffee").id, actor=shop.manager_ref)
    cancel(shop.id, _redeem(shop, "coffee").id, actor=shop.manager_ref, reason="Out of beans")
    _redeem(shop, "voucher")


def _redeem(shop: Shop, reward: str) -> Redemption:
    return redeem(
        shop.id,
        member_id=shop.mina.id,
        reward_id=shop.reward_id(reward),
        key=f"k{next(_numbers)}",
        actor=f"usr_{shop.mina_signs_in.id}",
    )


def _merge(shop: Shop) -> None:
    twin = make_member(shop.id, name="Mina O", external_ids=[("till", "mina-2")])
    shop.happens("purchase", {"amount": Decimal("70.00")}, who="mina-2")
    merged = merge_members(
        shop.id, survivor_id=shop.mina.id, absorbed_id=twin.id, reason="One person", actor=shop.manager_ref
    )
    separate_members(shop.id, merge_id=merged.merge.id, reason="Sisters", actor=shop.manager_ref)


@pytest.fixture(scope="module")
def reasons(shop):
    return [(line, shop.why(line)) for line in shop.lines()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_is_filled_and_the_numbers_come_to_the_transfer(reasons, kind):
    mine = [(line, reason) for line, reason in reasons if reason.kind == kind]

    assert {line.kind for line, _ in mine} == KINDS[kind]
    for line, reason in mine:
        assert reason.adds_up(), reason
        assert reason.total.amount is not None
        assert abs(reason.total.amount) == line.amount
        assert any(one.amount is not None for one in reason.sums)
        for layer in (
            reason.sentence,
            reason.inputs,
            reason.authority.name,
            reason.authority.words,
            reason.would_change,
            reason.question,
            reason.aloud,
        ):
            assert layer, (kind, reason)
        assert all(one.label and one.value for one in reason.inputs)
        assert reason.reference == line.reference


def test_every_line_of_the_book_has_a_kind_of_reason(reasons):
    assert {reason.kind for _, reason in reasons} == set(KINDS)


def test_a_line_that_moves_what_can_be_spent_says_by_how_much(reasons):
    moved = [(line, reason) for line, reason in reasons if line.change]

    assert all(reason.total.amount == line.change for line, reason in moved)


def test_a_rule_is_named_with_its_version_and_who_published_it(shop, reasons):
    reason = _of(reasons, "rule", "You spent 48.20")

    assert reason.sentence == "48 points: You spent 48.20 with us."
    assert (reason.authority.name, reason.authority.version) == ("1 point per £1", 1)
    assert reason.authority.approved_by == "Grace"
    assert reason.authority.since is not None
    assert "order value rounded down" in reason.authority.words
    assert [(one.label, one.value, one.amount) for one in reason.sums] == [
        ("48.2, rounded down", "48", None),
        ("By “1 point per £1”", "", 48),
    ]


def test_the_nearest_change_that_earned_more_is_told(reasons):
    reason = _of(reasons, "rule", "You spent 48.20")

    assert reason.would_change[0] == "With 0.80 more order value it would have been 49 points."
    assert "order value is at least 100" in reason.would_change[1]


def test_only_what_the_rule_looked_at_is_shown(shop):
    shop.happens("purchase", {"amount": Decimal("3.00"), "till": "Tom served, card 4929"})
    reason = shop.why(shop.newest(Kind.ACCRUAL))

    assert "Tom" not in str(reason)


def test_a_multiplier_says_what_it_added_to_which_rule(reasons):
    reason = _of(reasons, "multiplier", "one and a half")

    assert reason.sums[0].label == "“1 point per £1”: 152 × 1.5 − 152"
    assert (reason.sums[0].value, reason.total.amount) == ("76", 76)


def test_a_limit_says_what_it_cut(reasons):
    reason = _of(reasons, "limit", "50 points of 80")

    assert [one.amount for one in reason.sums if one.amount is not None] == [80, -30]
    assert reason.would_change[0] == "The limit opens again with the next month."


def test_a_second_refund_counts_what_the_first_took(reasons):
    second = next(r for _, r in reasons if r.kind == "correction" and "14.50" not in r.sentence)
    labels = {one.label: one.value for one in second.sums}

    assert labels["(4.00 + 10.50) ÷ 152.92 of 76 points"] == "7 points"
    assert (labels["Already taken back before"], second.total.amount) == ("1 point", -6)


def test_expiry_names_the_day_before_which_spending_would_have_kept_them(reasons):
    reason = _of(reasons, "expiry", "300 points expired")

    assert reason.sentence.startswith("300 points expired: they were good until 31 October 2025")
    assert "Points last 12 months, then to the end of that month." in reason.authority.words


def test_a_redemption_names_its_reward_and_the_points_it_took(reasons):
    reason = _of(reasons, "redemption", "100 points set aside: £5 voucher")

    assert any(one.label.startswith("Out of the points good until") for one in reason.inputs)
    assert reason.authority.name == "The price of £5 voucher"
    assert reason.authority.version == 1


def test_nobody_hears_of_another_organisations_lines(shop):
    other, reference = make_shop(), shop.lines()[0].reference

    with in_organisation(other.id), pytest.raises(NotFound):
        because(other.id, reference)


def _of(reasons: list[tuple[object, Because]], kind: str, words: str) -> Because:
    return next(reason for _, reason in reasons if reason.kind == kind and words in reason.sentence)
