"""Every phrase has one spelling, is read back as it is written, and says how it is spelt when it is not."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.earning.definitions import Every, Per
from plaudit.planning.programme_file import phrases
from plaudit.planning.programme_file.phrases import (
    Expiry,
    LimitPhrase,
    PhraseRefused,
    Quantity,
    expiry_text,
    limit_text,
    moment_text,
    per_member_text,
    quantity_text,
    read_beginning,
    read_expiry,
    read_limit,
    read_moment,
    read_money,
    read_number,
    read_per_member,
    read_quantity,
    read_wait,
)
from plaudit.planning.programme_file.tests.programmes import MOMENTS

numbers = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**9), places=2).map(phrases.exact)
limits = st.builds(
    LimitPhrase,
    at_most=st.builds(Quantity, numbers, st.sampled_from(["points", "gold stars", "USD", "USD of points"]))
    | st.builds(Quantity, st.integers(1, 5).map(Decimal), st.just("times")),
    every=st.sampled_from(Every),
    per=st.sampled_from(Per),
    partial=st.booleans(),
)


@given(limits)
def test_a_limit_is_read_as_it_is_written(limit):
    assert read_limit(limit_text(limit)) == limit


@given(limits)
def test_the_schema_knows_every_limit_that_is_read(limit):
    assert re.search(phrases.schema_pattern(phrases.LIMIT), limit_text(limit))


@pytest.mark.parametrize(
    "text, at_most, every, per, partial",
    [
        (
            "at most 500 points a day per member",
            Quantity(Decimal(500), "points"),
            Every.DAY,
            Per.MEMBER,
            True,
        ),
        (
            "at most 1,000.50 USD a month for everyone",
            Quantity(Decimal("1000.5"), "USD"),
            Every.MONTH,
            Per.ALL,
            True,
        ),
        ("at most once ever per member", Quantity(Decimal(1), "times"), Every.LIFETIME, Per.MEMBER, True),
        ("at most twice a quarter per team", Quantity(Decimal(2), "times"), Every.QUARTER, Per.TEAM, True),
        ("at most 3 times a year for everyone", Quantity(Decimal(3), "times"), Every.YEAR, Per.ALL, True),
        (
            "at most 9 gold stars a week per team or nothing",
            Quantity(Decimal(9), "gold stars"),
            Every.WEEK,
            Per.TEAM,
            False,
        ),
    ],
)
def test_limits_say_what_they_mean(text, at_most, every, per, partial):
    assert read_limit(text) == LimitPhrase(at_most, every, per, partial)
    assert limit_text(read_limit(text)) == text.replace("1,000", "1000")


@pytest.mark.parametrize(
    "text, advice",
    [
        ("max 500 points per day per member", "Write: at most 500 points a day per member."),
        ("500 points daily for each team", "Write: at most 500 points a day per team."),
        ("at most 10 points per month", "Write: at most 10 points a month for everyone."),
        ("at most once per week per member", "Write: at most once a week per member."),
        ("no more than 5 stars in total per member", "Write: at most 5 stars ever per member."),
        (
            "be nice",
            "Write it like: at most 500 points a day per member; or: at most once a month for everyone.",
        ),
    ],
)
def test_a_limit_spelt_otherwise_is_answered_with_the_right_spelling(text, advice):
    with pytest.raises(PhraseRefused) as refused:
        read_limit(text)

    assert refused.value.advice == advice


@pytest.mark.parametrize(
    "text, expiry, stored",
    [
        ("never", Expiry(), {}),
        ("after 24 months", Expiry(after="P24M"), {"after": "P24M"}),
        (
            "after 2 years at the end of the quarter",
            Expiry(after="P2Y", round_to="quarter"),
            {"after": "P2Y", "round_to": "quarter"},
        ),
        ("after 1 day", Expiry(after="P1D"), {"after": "P1D"}),
        ("at the end of the year", Expiry(end_of="year"), {"end_of": "year"}),
        ("on 2027-12-31", Expiry(on=date(2027, 12, 31)), {"on": "2027-12-31"}),
    ],
)
def test_expiry_is_read_written_and_stored_alike(text, expiry, stored):
    assert read_expiry(text) == expiry
    assert expiry_text(expiry) == text
    assert expiry.stored() == stored


@pytest.mark.parametrize(
    "read, text, sentence",
    [
        (read_expiry, "24 months", "`24 months` does not say when points expire. | Write: after 24 months."),
        (read_expiry, "on 2027-02-30", "There is no day 2027-02-30 in the calendar. | Write year-month-day."),
        (
            read_wait,
            "a fortnight",
            "`a fortnight` is not a number of days. | Write 14 days, or 2 weeks.",
        ),
        (
            read_wait,
            "0 days",
            "`0 days` is not a number of days. | Write 14 days, or 2 weeks.",
        ),
        (read_number, "1.000,50", "`1.000,50` is not a number. | Write digits, such as 1000, 1,000 or 2.50."),
        (read_number, "1,00", "`1,00` is not a number. | Write digits, such as 1000, 1,000 or 2.50."),
        (
            read_quantity,
            "points",
            "`points` is not an amount. | Write a number and its unit, such as 500 points.",
        ),
        (
            read_money,
            "$5",
            "`$5` is not an amount of money. | Write a number and a currency, such as 2.50 USD.",
        ),
        (
            read_money,
            "5 usd",
            "`5 usd` is not an amount of money. | Write a number and a currency, such as 2.50 USD.",
        ),
        (
            read_per_member,
            "3",
            "`3` cannot be read. | Write it like: once ever, twice a year, 3 times a month.",
        ),
        (read_beginning, "June 1st", "`June 1st` is not a day. | Write 2026-06-01, or 2026-06-01 18:00."),
        (read_beginning, "2026-06-01 25:00", "There is no time 25:00 on a clock. | Hours go from 00 to 23."),
        (read_beginning, "1066-10-14", "1066-10-14 is out of range. | Years go from 1900 to 2199."),
        (
            read_moment,
            "2026-08-31",
            "`2026-08-31` has no time of day. | Write `through: 2026-08-31` for a last whole day, or a moment such as 2026-08-31 18:00.",
        ),
    ],
)
def test_a_phrase_that_cannot_be_read_says_how_it_is_spelt(read, text, sentence):
    with pytest.raises(PhraseRefused) as refused:
        read(text)

    assert f"{refused.value.sentence} | {refused.value.advice}" == sentence


@pytest.mark.parametrize("text", ["once ever", "twice a year", "3 times a month", "10 times a day"])
def test_how_often_is_read_as_it_is_written(text):
    assert per_member_text(*read_per_member(text)) == text


@given(MOMENTS)
def test_a_moment_is_read_as_it_is_written(moment):
    assert read_beginning(moment_text(moment)) == moment


@pytest.mark.parametrize(
    "quantity, text",
    [
        (Quantity(Decimal("2.5"), "USD"), "2.50 USD"),
        (Quantity(Decimal(25), "USD"), "25 USD"),
        (Quantity(Decimal("0.0083"), "USD"), "0.0083 USD"),
        (Quantity(Decimal("2.5"), "points"), "2.5 points"),
        (Quantity(Decimal("1E+3"), "points"), "1000 points"),
    ],
)
def test_amounts_are_written_as_people_write_them(quantity, text):
    assert quantity_text(quantity) == text
