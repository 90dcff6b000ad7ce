"""A file becomes the rules that run: local days become moments, money becomes points, limits keep their keys."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from plaudit.earning.definitions import Every, Of, Per
from plaudit.planning.programme_file.definitions import definition_of, unit_value
from plaudit.planning.programme_file.reward_definitions import rewards_of
from plaudit.planning.programme_file.tests.factories import make_programme
from plaudit.rewards.definitions import Fulfilment, RewardDefinition, RewardKind, RewardPeriod, Step


def limits_of_rule(key: str = "purchases", **sections: str):
    """The limits a rule is published with."""
    rules = definition_of(make_programme(**sections)).rules
    return next(rule for rule in rules if rule.key == key).limits


def with_limits(*limits: str) -> dict[str, str]:
    listed = "".join(f"\n    - {limit}" for limit in limits)
    return {"rules": f"\npurchases:\n  name: a\n  on: purchase\n  earn: floor(amount)\n  limits:{listed}\n"}


def test_days_are_the_programmes_own_and_half_open():
    programme = make_programme(
        campaigns="\nmarch:\n  name: a\n  from: 2026-03-01\n  through: 2026-03-31\n  rules: {m: {name: m, on: purchase, earn: 1}}\n"
    )

    rule = definition_of(programme).rules[1]

    # New York changes its clocks on 8 March: five hours before UTC, then four.
    assert rule.starts_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert rule.ends_at == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_until_names_a_moment_that_is_not_included():
    programme = make_programme(rules="{r: {name: a, on: purchase, earn: 1, until: 2026-01-31 18:30}}")

    assert definition_of(programme).rules[0].ends_at == datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


def test_a_rule_may_hold_for_a_part_of_its_campaign():
    programme = make_programme(
        campaigns="\nc:\n  name: a\n  from: 2026-06-01\n  through: 2026-06-30\n"
        "  rules: {m: {name: m, on: purchase, earn: 1, from: 2026-06-15}}\n"
    )

    rule = definition_of(programme).rules[1]

    assert (rule.starts_at, rule.ends_at) == (
        datetime(2026, 6, 15, 4, tzinfo=UTC),
        datetime(2026, 7, 1, 4, tzinfo=UTC),
    )
    assert rule.campaign == "c"


def test_a_limit_is_known_by_where_it_stands_and_what_it_counts():
    limits = limits_of_rule(
        **with_limits("at most 500 points a day per member", "at most twice ever for everyone")
    )

    assert [(limit.key, limit.at_most, limit.of, limit.per, limit.every) for limit in limits] == [
        ("purchases/member/day/points", 500, Of.POINTS, Per.MEMBER, Every.DAY),
        ("purchases/everyone/lifetime/times", 2, Of.TIMES, Per.ALL, Every.LIFETIME),
    ]


def test_a_limit_keeps_its_key_when_its_number_changes_or_becomes_money():
    (points,) = limits_of_rule(**with_limits("at most 500 points a day per member"))
    (more,) = limits_of_rule(**with_limits("at most 900 points a day per member"))
    (money,) = limits_of_rule(**with_limits("at most 9 USD a day per member"))

    assert points.key == more.key == money.key
    assert (more.at_most, money.at_most) == (900, 900)


def test_a_named_limit_keeps_its_key_whatever_changes():
    (named,) = limits_of_rule(
        **with_limits("{name: cap, limit: at most 500 points a week per team or nothing}")
    )

    assert (named.key, named.per, named.every, named.partial) == ("cap", Per.TEAM, Every.WEEK, False)


def test_money_is_counted_in_whole_points_rounded_down():
    units = "{points: {one: point, other: points, worth: 0.03 USD}}"

    (limit,) = limits_of_rule(units=units, **with_limits("at most 1 USD a day per member"))

    assert limit.at_most == 33


def test_a_budget_and_shared_limits_hold_every_rule_that_earns_what_they_count():
    sections = {
        "units": "{points: {one: point, other: points}, stars: {one: star, other: stars}}",
        "rules": "{a: {name: a, on: purchase, unit: points, earn: 1}, t: {name: t, on: purchase, unit: points, take: 1}}",
        "limits": "at most 5000 points a month per member",
        "campaigns": "\nc:\n  name: c\n  from: 2026-01-01\n  budget: 100 points\n  limits: at most 3 times ever per member\n  rules:\n"
        "    b: {name: b, on: purchase, unit: points, earn: 1}\n    s: {name: s, on: purchase, unit: stars, earn: 1}\n",
    }

    held = {key: [limit.key for limit in limits_of_rule(key, **sections)] for key in "atbs"}

    assert held == {
        "a": ["programme.corner-shop/member/month/points"],
        "t": [],
        "b": [
            "campaign.c/everyone/lifetime/points",
            "campaign.c/member/lifetime/times",
            "programme.corner-shop/member/month/points",
        ],
        "s": ["campaign.c/member/lifetime/times"],
    }


def test_amounts_are_counted_in_the_units_smallest_part():
    programme = make_programme(
        units="{points: {one: point, other: points, precision: 2, worth: 0.01 USD}}",
        rules="{r: {name: a, on: purchase, earn: amount, limits: at most 10.50 points a day per member}}",
        rewards="{coffee: {name: A coffee, price: 2.25 points}}",
    )

    assert definition_of(programme).rules[0].limits[0].at_most == 1050
    assert rewards_of(programme)[0].price == 225
    assert unit_value(programme, programme.units[0]) == 10_000


@pytest.mark.parametrize(
    "currency, worth, precision, value",
    [
        ("USD", "0.01 USD", 0, 1_000_000),
        ("USD", "0.0083 USD", 0, 830_000),
        ("JPY", "1 JPY", 0, 1_000_000),
        ("KWD", "0.001 KWD", 2, 10_000),
    ],
)
def test_worth_is_kept_as_a_whole_number(currency, worth, precision, value):
    programme = make_programme(
        currency=currency, units=f"{{points: {{one: a, other: b, worth: {worth}, precision: {precision}}}}}"
    )

    assert unit_value(programme, programme.units[0]) == value


def test_a_rule_without_an_audience_of_its_own_is_for_the_programmes():
    programme = make_programme(
        audience="[customer, partner]",
        rules="{a: {name: a, on: purchase, earn: 1}, b: {name: b, on: purchase, multiply: 1.5, audience: partner}}",
    )

    a, b = definition_of(programme).rules

    assert (a.audience, b.audience) == (("customer", "partner"), ("partner",))
    assert b.multiply == Fraction(3, 2)


def test_a_reward_is_published_with_everything_it_says():
    programme = make_programme(
        audience="customer",
        rewards="\ncoffee:\n  name: A coffee\n  price: 200 points\n  kind: code\n  description: Any size.\n  value: 2.50 USD\n"
        "  stock: 1000\n  per_member: 3 times a month\n  cancel: never\n  from: 2026-01-01\n  until: 2026-01-02 12:00\n",
    )

    assert rewards_of(programme) == [
        RewardDefinition(
            key="coffee",
            name="A coffee",
            unit="points",
            price=200,
            kind=RewardKind.CODE,
            description="Any size.",
            stock=1000,
            per_member=3,
            every=RewardPeriod.MONTH,
            value_minor=250,
            currency="USD",
            cancel_until_fulfilled=False,
            audience=("customer",),
            starts_at=datetime(2026, 1, 1, 5, tzinfo=UTC),
            ends_at=datetime(2026, 1, 2, 17, tzinfo=UTC),
        )
    ]


def test_a_ladder_is_published_step_by_step_with_its_second_person():
    programme = make_programme(
        rewards="""
        card:
          name: Gift certificate
          kind: gift_card
          ladder:
            - 3,000 points for 25 USD
            - 100,000 points for 1,000 USD
          approval_from: 500 USD
          hold: 3 weeks
          supplier: giftly
          cost: 24.50 USD
        """
    )

    (card,) = rewards_of(programme)

    assert card.ladder == (Step(3_000, 2_500), Step(100_000, 100_000, approval=True))
    assert (card.price, card.value_minor, card.approval, card.hold_days) == (3_000, 2_500, False, 21)
    assert (card.fulfilment, card.cost_minor, card.currency) == (Fulfilment.SUPPLIER, 2_450, "USD")


def test_a_condition_is_published_with_the_fields_it_may_ask():
    programme = make_programme(
        member_fields="{size: integer}",
        rewards="{mug: {name: Mug, price: 5 points, money: 2.50 USD, kind: physical, address: true, eligible: member.size > 1}}",
    )

    (mug,) = rewards_of(programme)

    assert (mug.eligible, mug.money_minor, mug.needs_address, mug.is_plain) == (
        "member.size > 1",
        250,
        True,
        False,
    )
    assert mug.member_fields["size"]["kind"] == "integer"
