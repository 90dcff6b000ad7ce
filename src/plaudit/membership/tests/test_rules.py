"""Prices, levels, pro rata, standing and card numbers, decided without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.membership.definitions import Level, Price, Rounding, Scheme
from plaudit.membership.rules import (
    Taken,
    divided,
    level_for_role,
    looks_like_a_card,
    money_text,
    price_on,
    stands,
    upgrade_lines,
    years_after,
)

SCHEME = Scheme(
    "body",
    "UTC",
    "USD",
    levels=(Level("low", "Low", ("Vice president",)), Level("high", "High", ("CEO",))),
    prices=(
        Price("year", 300_00, ends_on=date(2005, 12, 31)),
        Price("year", 350_00, starts_on=date(2006, 1, 1)),
        Price("year", 500_00, level="high", starts_on=date(2006, 1, 1)),
    ),
)


@pytest.mark.parametrize(
    "day, level, amount",
    [
        (date(2005, 12, 31), "low", 300_00),
        (date(2006, 1, 1), "low", 350_00),
        (date(2005, 12, 31), "high", 300_00),
        (date(2006, 1, 1), "high", 500_00),
    ],
)
def test_the_price_is_that_of_the_day_and_a_level_s_own_goes_first(day, level, amount):
    price = price_on(SCHEME, term="year", level=level, day=day)

    assert price is not None and price.amount == amount


def test_a_term_without_a_price_has_none():
    assert price_on(SCHEME, term="three", level="low", day=date(2006, 1, 1)) is None


@pytest.mark.parametrize("title", ["vice president", "Vice-President", "  VICE  PRESIDENT "])
def test_a_role_is_known_however_it_is_written(title):
    found = level_for_role(SCHEME, title)
    assert found is not None and found.key == "low"


@pytest.mark.parametrize("title", ["", "president", "assistant to the vice president"])
def test_a_role_that_only_resembles_one_is_not_it(title):
    assert level_for_role(SCHEME, title) is None


def test_an_upgrade_counts_both_fees_for_the_days_that_are_left():
    lines = upgrade_lines(
        SCHEME,
        today=date(2006, 3, 3),
        starts_on=date(2005, 11, 3),
        ends_on=date(2006, 11, 3),
        old=("Low", 300_00),
        new=("High", 500_00),
    )

    # 245 of 365 days: 500.00 × 245 / 365 = 335.616… and 300.00 × 245 / 365 = 201.369…
    assert [line.amount for line in lines] == [335_62, -201_37]
    assert lines[0].words == "High: 500.00 USD × 245 / 365 days left, rounded half up"


def test_a_lower_fee_is_not_paid_back():
    days = {"today": date(2006, 3, 3), "starts_on": date(2005, 11, 3), "ends_on": date(2006, 11, 3)}
    lines = upgrade_lines(SCHEME, **days, old=("High", 500_00), new=("Low", 300_00))

    assert sum(line.amount for line in lines) == 0


@pytest.mark.parametrize(
    "rounding, expected",
    [
        (Rounding.HALF_UP, [1, 1, 2]),
        (Rounding.HALF_EVEN, [0, 1, 2]),
        (Rounding.DOWN, [0, 0, 1]),
        (Rounding.UP, [1, 1, 2]),
    ],
)
def test_halves_are_rounded_as_the_rounding_is_called(rounding, expected):
    assert [divided(amount, 1, 4, rounding) for amount in (2, 3, 6)] == expected


@given(st.integers(0, 10**12), st.integers(0, 4000), st.integers(1, 4000), st.sampled_from(Rounding))
def test_a_rounded_part_is_less_than_one_away_from_the_exact_one(amount, part, whole, rounding):
    exact, rest = divmod(amount * part, whole)
    assert exact <= divided(amount, part, whole, rounding) <= exact + (rest > 0)


def test_a_year_from_29_february_loses_no_day():
    assert years_after(date(2008, 2, 29), 1) == date(2009, 3, 1)
    assert years_after(date(2008, 2, 29), 4) == date(2012, 2, 29)


def test_a_membership_stands_by_the_steps_that_stand():
    joined = Taken("join", "standing", "low", date(2006, 11, 3))
    upgraded = Taken("upgrade", "standing", "high")
    undone = Taken("renewal", "withdrawn", "low", date(2007, 11, 3))

    def at(day: date, *steps: Taken) -> tuple[str, str]:
        found = stands(steps, today=day, grace_days=60)
        return found.state, found.level

    assert at(date(2006, 11, 2), joined, upgraded) == ("active", "high")
    assert at(date(2006, 11, 3), joined, undone) == ("grace", "low")
    assert at(date(2007, 1, 1), joined) == ("grace", "low")
    assert at(date(2007, 1, 2), joined) == ("lapsed", "low")
    assert at(date(2006, 1, 1), Taken("join", "open", "low")) == ("pending", "low")
    assert at(date(2006, 1, 1), Taken("join", "withdrawn", "low")) == ("cancelled", "low")


# Numbers that payment networks publish for tests.
@pytest.mark.parametrize("text", ["4111111111111111", "paid with 4111 1111-1111 1111!", "378282246310005"])
def test_the_number_of_a_card_is_seen(text):
    assert looks_like_a_card(text)


@pytest.mark.parametrize(
    "text", ["4111111111111112", "411111111111", "0000000000000000", "invoice 12, 3 November 2005", "tr_1N"]
)
def test_what_is_no_card_is_let_pass(text):
    assert not looks_like_a_card(text)


def test_money_is_written_with_its_own_decimals():
    assert [money_text(1_195_05, "USD"), money_text(-5, "USD"), money_text(1_000, "JPY")] == [
        "1,195.05 USD",
        "-0.05 USD",
        "1,000 JPY",
    ]
