"""Expressions as people read them: in words, and as arithmetic with an event's own values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from plaudit.earning.expressions import (
    Scope,
    boolean,
    compile_reader,
    date,
    decimal,
    expression_of,
    integer,
    steps,
    text,
    timestamp,
)
from plaudit.earning.expressions.words import describe

SCOPE = Scope(
    {
        "amount": decimal(2),
        "items": integer(nullable=True),
        "channel": text("web", "app", nullable=True),
        "first_order": boolean(nullable=True),
        "birthday": date(nullable=True),
        "booked_at": timestamp(nullable=True),
        "value": decimal(2, nullable=True, label="the order value"),
    }
)
SENTENCES = {
    "amount > 0 and channel in ('web', 'app')": "amount is more than 0 and channel is one of web, app",
    "channel <> 'web' or items is null": "channel is not web or items is not given",
    "channel not in ('web') and items is not null": "channel is not one of web and items is given",
    "first_order and (amount < 5 or amount >= 10)": "first order is true and (amount is less than 5 or amount is at least 10)",
    "not first_order": "first order is false",
    "not (first_order and amount > 5)": "it is false that (first order is true and amount is more than 5)",
    "items between 1 and 5": "items is between 1 and 5",
    "birthday < date '2000-02-01'": "birthday is before 1 February 2000",
    "month(birthday) = 12": "the month of birthday is December",
    "weekday(booked_at) in (6, 7)": "the weekday of booked at is one of Saturday, Sunday",
    "value >= 100": "the order value is at least 100",
    "floor(amount)": "amount rounded down",
    "floor(amount * 1.5)": "amount × 1.5, rounded down",
    "round(amount / 3, 2) + 1": "(amount ÷ 3, rounded to 2 decimals) + 1",
    "round_half_even(amount, 1)": "amount rounded to 1 decimal, halves to even",
    "least(floor(amount), 100)": "the least of (amount rounded down), 100",
    "coalesce(items, 0) * -2": "(items, or 0 where it is not given) × −2",
    "case when amount > 100 then 5 when first_order then 3 else 0 end": (
        "5 when amount is more than 100, 3 when first order is true, otherwise 0"
    ),
    "case when first_order then 3 end": "3 when first order is true, otherwise nothing",
}


@pytest.mark.parametrize("written", SENTENCES)
def test_an_expression_reads_as_a_sentence(written: str) -> None:
    assert describe(expression_of(written, SCOPE), SCOPE) == SENTENCES[written]


def _lines(written: str) -> list[str]:
    data = {
        "amount": Decimal("7.85"),
        "channel": "web",
        "birthday": "1990-12-05",
        "booked_at": "2026-01-31T23:30:00Z",
    }
    values, _ = compile_reader(SCOPE.fields, extra=False)(data)
    return [str(step) for step in steps(expression_of(written, SCOPE), values, ZoneInfo("Europe/Paris"))]


def test_the_arithmetic_is_shown_line_by_line_from_the_inside() -> None:
    assert _lines("floor(amount * 1.5) + 2") == ["7.85 * 1.5 = 11.775", "floor(11.775) = 11", "11 + 2 = 13"]


def test_a_division_is_shown_inside_its_rounding() -> None:
    assert _lines("round(amount / 3, 2)") == ["round(7.85 / 3, 2) = 2.62"]


def test_a_condition_shows_each_of_its_parts() -> None:
    assert _lines("amount > 5 and channel = 'app'") == [
        "7.85 > 5 is true",
        "'web' = 'app' is false",
        "true and false is false",
    ]


def test_what_is_unknown_is_called_so() -> None:
    assert _lines("items > 5 or first_order") == ["null > 5 is unknown", "unknown or unknown is unknown"]


def test_a_case_shows_only_the_way_it_went() -> None:
    assert _lines("case when amount > 100 then amount * 3 when amount > 5 then floor(amount) else 0 end") == [
        "7.85 > 100 is false",
        "7.85 > 5 is true",
        "floor(7.85) = 7",
        "case when true then 7 end = 7",
    ]


def test_moments_are_shown_in_the_time_of_the_programme() -> None:
    assert _lines("date(booked_at) = date '2026-02-01'") == [
        "date(2026-02-01 00:30) = 2026-02-01",
        "2026-02-01 = 2026-02-01 is true",
    ]


def test_negative_values_stand_in_brackets() -> None:
    assert _lines("-(2 - amount)") == ["2 - 7.85 = -5.85", "-(-5.85) = 5.85"]


def test_a_bare_field_is_one_line() -> None:
    assert _lines("amount") == ["amount = 7.85"]


def test_a_day_is_shown_as_such() -> None:
    assert datetime.date(1990, 12, 5).isoformat() in _lines("year(birthday)")[0]
