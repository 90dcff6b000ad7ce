"""Where a member stands on a ladder, worked out from what counted on which day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.foundation.tests.examples import examples
from plaudit.targeting.definitions import Downgrade, Keep, Within
from plaudit.targeting.rules.calendar import months_after, next_anniversary
from plaudit.targeting.rules.climbing import NO_LEVEL, climb
from plaudit.targeting.tests.ladders import AMOUNTS, Diary, ladders, make_ladder

ANCHOR = date(2024, 2, 29)
DAYS = st.integers(0, 2000).map(lambda days: date(2024, 1, 15) + timedelta(days=days))


@settings(max_examples=examples(120))
@given(ladders(), AMOUNTS, DAYS)
def test_the_level_is_the_one_that_a_diary_of_every_day_ends_with(ladder, amounts, today):
    so_far = {day: amount for day, amount in amounts.items() if day <= today}
    first = min(so_far, default=today)

    climbed = climb(ladder, amounts, today=today, anchor=ANCHOR)

    diary = Diary(ladder, so_far, first, ANCHOR)
    assert climbed.level == diary.write(today)
    assert climbed.amount == diary.total(today)


@settings(max_examples=examples(100))
@given(ladders(), AMOUNTS, DAYS)
def test_the_day_of_the_fall_is_foretold(ladder, amounts, today):
    so_far = {day: amount for day, amount in amounts.items() if day <= today}

    climbed = climb(ladder, so_far, today=today, anchor=ANCHOR)

    diary = Diary(ladder, so_far, min(so_far, default=today), ANCHOR)
    diary.write(today)
    last = climbed.falls_on - timedelta(days=1) if climbed.falls_on else today + timedelta(days=1500)
    assert diary.write(last) == climbed.level
    if climbed.falls_on:
        assert diary.write(climbed.falls_on) == climbed.falls_to < climbed.level


@given(ladders(), AMOUNTS, DAYS, DAYS, st.integers(1, 30))
def test_what_is_taken_back_leaves_no_trace(ladder, amounts, today, day, amount):
    with_it = {**amounts, day: amounts.get(day, 0) + amount}
    without = {**with_it, day: with_it[day] - amount}

    before = climb(ladder, amounts, today=today, anchor=ANCHOR)
    after = climb(ladder, {one: left for one, left in without.items() if left}, today=today, anchor=ANCHOR)

    assert after == before


def test_days_without_an_amount_change_nothing():
    ladder = make_ladder(10, keep=Keep.MONTHS, keep_months=6, within=Within.MONTHS, months=12)
    amounts = {date(2026, 1, 1): 10}
    padded = {**amounts, date(2026, 3, 1): 0, date(2026, 12, 1): 0}
    for today in (date(2026, 2, 1), date(2027, 1, 1), date(2027, 6, 1)):
        assert climb(ladder, padded, today=today, anchor=ANCHOR) == climb(
            ladder, amounts, today=today, anchor=ANCHOR
        )


def test_more_never_means_a_lower_level_where_nothing_is_kept():
    ladder = make_ladder(10, 20, within=Within.MONTHS, months=3)
    amounts = {date(2026, 1, 1): 10}
    more = {**amounts, date(2026, 2, 1): 10}
    for days in range(200):
        today = date(2026, 1, 1) + timedelta(days=days)
        less = climb(ladder, amounts, today=today, anchor=ANCHOR).level
        assert climb(ladder, more, today=today, anchor=ANCHOR).level >= less


def test_a_level_from_nothing_is_everybodys():
    assert climb(make_ladder(0, 10), {}, today=date(2026, 1, 1), anchor=ANCHOR).level == 0
    assert climb(make_ladder(5, 10), {}, today=date(2026, 1, 1), anchor=ANCHOR).level == NO_LEVEL


def test_one_step_down_lands_softly_and_recalculating_does_not():
    parts = {"keep": Keep.END_OF_NEXT_YEAR, "within": Within.CALENDAR_YEAR}
    amounts = {date(2026, 5, 1): 30}
    soft = make_ladder(10, 20, 30, downgrade=Downgrade.ONE_STEP, **parts)
    hard = make_ladder(10, 20, 30, **parts)

    assert climb(soft, amounts, today=date(2027, 12, 31), anchor=ANCHOR).level == 2
    assert climb(soft, amounts, today=date(2028, 1, 1), anchor=ANCHOR).level == 1
    assert climb(soft, amounts, today=date(2029, 1, 1), anchor=ANCHOR).level == 0
    assert climb(hard, amounts, today=date(2028, 1, 1), anchor=ANCHOR).level == NO_LEVEL


def test_who_reaches_the_level_again_in_the_days_of_grace_keeps_it():
    ladder = make_ladder(10, keep=Keep.END_OF_YEAR, within=Within.CALENDAR_YEAR, grace_days=30)
    first = {date(2026, 5, 1): 10}

    assert climb(ladder, first, today=date(2027, 1, 30), anchor=ANCHOR).level == 0
    assert climb(ladder, first, today=date(2027, 1, 31), anchor=ANCHOR).level == NO_LEVEL
    again = climb(ladder, {**first, date(2027, 1, 20): 10}, today=date(2027, 6, 1), anchor=ANCHOR)
    assert (again.level, again.since, again.keep_until) == (0, date(2026, 5, 1), date(2028, 1, 1))


def test_months_end_where_the_month_does():
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert next_anniversary(date(2024, 2, 29), date(2026, 2, 27)) == date(2026, 2, 28)
    assert next_anniversary(date(2024, 2, 29), date(2028, 2, 28)) == date(2028, 2, 29)
