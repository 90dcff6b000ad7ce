"""Credits, periods, certificates and steps, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from plaudit.foundation.tests.examples import examples
from plaudit.learning.definitions import Counts, Kind, Offering, read_learning, store_learning
from plaudit.learning.rules.credits import credits_of, minutes_attended, minutes_left_over
from plaudit.learning.rules.periods import last_day_of_certificate, period_of
from plaudit.learning.rules.steps import (
    Done,
    certified_now,
    going_round,
    prerequisites_missing,
    steps_missing,
)
from plaudit.learning.tests.factories import LEARNING

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "minutes, whole, beside",
    [([49], 0, 49), ([50], 1, 0), ([49, 51], 2, 0), ([75, 75], 3, 0), ([25, 24], 0, 49), ([], 0, 0)],
)
def test_fifty_minutes_are_one_credit_rounded_down_after_summing(minutes, whole, beside):
    assert (credits_of(minutes), minutes_left_over(minutes)) == (whole, beside)


@settings(max_examples=examples(30))
@given(st.lists(st.integers(0, 500), max_size=20))
def test_no_order_and_no_splitting_changes_credits(minutes):
    assert credits_of(minutes) == credits_of(reversed(minutes)) == credits_of([sum(minutes)])
    assert credits_of(minutes) * 50 + minutes_left_over(minutes) == sum(minutes)


@pytest.mark.parametrize(
    "late, counted",
    [(None, 100), (-30, 100), (0, 100), (10, 100), (20, 100), (50, 70), (119, 1), (120, 0), (500, 0)],
)
def test_who_comes_late_counts_no_more_than_was_left(late, counted):
    arrived = NINE + timedelta(minutes=late) if late is not None else None
    ends = NINE + timedelta(minutes=120)

    assert minutes_attended(starts_at=NINE, ends_at=ends, minutes=100, arrived_at=arrived) == counted


def test_what_a_completion_counts_once_in():
    day = date(2026, 3, 2)

    assert period_of(Counts.ONCE, day, "ssn_1") == ""
    assert period_of(Counts.YEARLY, day, "ssn_1") == "2026"
    assert period_of(Counts.EACH, day, "ssn_1") == "ssn_1"


def test_a_certificate_holds_its_months_and_an_early_renewal_loses_no_day():
    two_years = Offering("a", "A", Kind.SEMINAR, has_certificate=True, certificate_months=24)
    for_ever = replace(two_years, certificate_months=0)

    def last_day(day: date, held: date | None = None) -> date | None:
        return last_day_of_certificate(two_years, day, held_until=held)

    assert last_day(date(2026, 3, 2)) == date(2028, 3, 1)
    assert last_day(date(2026, 3, 2), date(2026, 5, 31)) == date(2028, 5, 31)
    assert last_day(date(2026, 6, 1), date(2026, 5, 31)) == date(2028, 5, 31)
    assert last_day(date(2026, 7, 1), date(2026, 5, 31)) == date(2028, 6, 30)
    assert last_day(date(2024, 2, 29)) == date(2026, 2, 27)
    assert last_day_of_certificate(for_ever, date(2026, 3, 2), held_until=None) is None


def test_a_certification_is_complete_with_its_last_step_and_renewed_by_its_renewal():
    professional = LEARNING.offering("professional")
    assert professional is not None
    first, second = Done("basics", date(2026, 1, 5)), Done("listening", date(2026, 2, 5))
    renewing = Done("law", date(2026, 9, 1))

    assert steps_missing(professional, [first]) == ("listening",)
    assert not certified_now(professional, [first], certified_on=None)
    assert certified_now(professional, [first, second], certified_on=None)
    assert not certified_now(professional, [first, second], certified_on=date(2026, 2, 5))
    assert certified_now(professional, [first, second, renewing], certified_on=date(2026, 2, 5))
    assert not certified_now(professional, [first, second, renewing], certified_on=date(2026, 9, 1))
    without_steps = replace(professional, steps=())
    assert not certified_now(without_steps, [first, second], certified_on=None)


def test_what_comes_first_is_said():
    law = LEARNING.offering("law")
    assert law is not None

    assert prerequisites_missing(law, ["listening"]) == ("basics",)
    assert prerequisites_missing(law, ["basics"]) == ()


def test_offerings_that_ask_for_themselves_are_found():
    around = tuple(
        replace(one, after=("professional",)) if one.key == "basics" else one for one in LEARNING.offerings
    )

    assert going_round(LEARNING) == ()
    assert set(going_round(replace(LEARNING, offerings=around))) == {"basics", "professional", "law"}


def test_an_offer_kept_in_the_database_is_read_back_the_same():
    assert read_learning(store_learning(LEARNING)) == LEARNING
