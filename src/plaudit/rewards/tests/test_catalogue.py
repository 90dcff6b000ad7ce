"""What the check of a catalogue says, and how a supplier's statement is held against the orders."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.ledger.tests.factories import earn
from plaudit.people.models import Standing
from plaudit.rewards.catalogue import check_catalogue
from plaudit.rewards.definitions import RewardKind, Step
from plaudit.rewards.reconciling import Finding, read_statement, reconcile
from plaudit.rewards.refusals import StatementUnreadable
from plaudit.rewards.tests.factories import make_reward, make_shop
from plaudit.rewards.weighing import days_to_earn, value_of_a_point, variety


@pytest.mark.parametrize(
    "value_minor, price, precision, cents",
    [
        (2_500, 3_000, 0, Fraction(5, 6)),
        (100_000, 100_000, 0, Fraction(1)),
        (250, 22_500, 2, Fraction(10, 9)),
        (None, 3_000, 0, None),
    ],
)
def test_what_a_point_buys_is_exact(
    value_minor: int | None, price: int, precision: int, cents: Fraction | None
):
    assert value_of_a_point(value_minor, price, precision) == cents


@pytest.mark.parametrize(
    "price, earned, days, needed",
    [(50, 90, 90, 50), (51, 100, 90, 46), (1, 1_000, 90, 1), (3_000, 60, 90, 4_500), (5, 0, 90, None)],
)
def test_days_are_whole_and_rounded_up(price: int, earned: int, days: int, needed: int | None):
    assert days_to_earn(price, earned, days) == needed


@pytest.mark.parametrize(
    "kinds, measure",
    [
        ([], Fraction(0)),
        (["code"], Fraction(0)),
        (["code"] * 4, Fraction(0)),
        (["code", "event"], Fraction(1)),
        (["code", "code", "event", "event"], Fraction(2, 3)),
    ],
)
def test_variety_is_how_likely_two_are_of_different_kinds(kinds: list[str], measure: Fraction):
    assert variety(kinds) == measure


def test_a_catalogue_is_weighed_by_how_its_members_earn():
    ladder = (Step(3_000, 2_500), Step(100_000, 100_000))
    shop = make_shop(
        make_reward("card", price=3_000, kind=RewardKind.GIFT_CARD, ladder=ladder),
        make_reward("coffee", price=50),
        make_reward("island", price=10**9),
    )
    members = [shop.member(f"m{n}", 0) for n in range(5)]
    with clock.frozen_at(clock.now() - timedelta(days=10)):
        for place, member in enumerate(members, start=1):
            earn(shop.id, member, 100 * place)
    shop.redeem(members[4], "coffee")
    with in_organisation(shop.id):
        Standing.objects.create(
            organisation_id=shop.id,
            member_id=members[4],
            name="tier",
            value="gold",
            said_by="test",
            since=clock.now(),
        )
        found = check_catalogue(shop.id, days=100)

    rows = {(one.key, one.price): one for one in found.rewards}
    # Of five who earned 100, 200, 300, 400 and 500 the one in the middle earned 300; a fifth no more than 100.
    assert (rows["coffee", 50].median_days, rows["coffee", 50].slow_days) == (17, 50)
    assert (rows["card", 3_000].median_days, rows["card", 3_000].slow_days) == (1_000, 3_000)
    assert (rows["card", 3_000].cents, rows["card", 100_000].cents) == (Fraction(5, 6), Fraction(1))
    assert found.unreachable == ["card", "island"]
    assert found.variety == Fraction(2, 3)
    assert found.earners == {"points": 5}
    interest = rows["coffee", 50].interest
    assert {segment: one.redemptions for segment, one in interest.items()} == {
        "all": 1,
        "customer": 1,
        "tier=gold": 1,
    }
    with in_organisation(shop.id):
        assert check_catalogue(shop.id, days=100, within_days=1_000).unreachable == ["island"]


def test_a_catalogue_nobody_earns_for_is_out_of_reach():
    shop = make_shop()
    shop.member("ada", 500)
    with in_organisation(shop.id):
        found = check_catalogue(shop.id)
    assert (found.unreachable, found.rewards[0].median_days, found.earners) == (
        ["coffee"],
        None,
        {"points": 0},
    )


def test_a_statement_is_held_against_what_was_delivered():
    lines = read_statement("order,amount\nord_a,24.00\nord_b,25.00\nord_a,24.00\nord_z,1\nord_c,9\n", 2)
    found = reconcile(lines, {"ord_a": 2_400, "ord_b": 2_400, "ord_c": None, "ord_d": 2_400})
    assert [(one.finding, one.order, one.line) for one in found] == [
        (Finding.MATCHED, "ord_a", 2),
        (Finding.WRONG_AMOUNT, "ord_b", 3),
        (Finding.TWICE, "ord_a", 4),
        (Finding.UNKNOWN, "ord_z", 5),
        (Finding.MATCHED, "ord_c", 6),
        (Finding.MISSING, "ord_d", None),
    ]


@pytest.mark.parametrize(
    "text, line",
    [
        ("", 1),
        ("order;amount\n", 1),
        ("order,amount\na,much\n", 2),
        ("order,amount\na,1\nb,1.005\n", 3),
        ("order,amount\na,NaN\n", 2),
        ("order,amount\na\n", 2),
    ],
)
def test_a_statement_that_cannot_be_read_says_where(text: str, line: int):
    with pytest.raises(StatementUnreadable) as refused:
        read_statement(text, 2)
    assert refused.value.facts["line"] == line
