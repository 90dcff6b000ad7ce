"""What keeps a level is the least that does, and nothing is named where nothing would."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plaudit.targeting.definitions import Keep, Within
from plaudit.targeting.rules.calendar import first_counting, stops_counting
from plaudit.targeting.rules.climbing import NO_LEVEL, climb
from plaudit.targeting.rules.keeping import needed_to_keep, next_level
from plaudit.targeting.tests.ladders import AMOUNTS, NEW_YEAR, ladders, make_ladder


@given(ladders(), AMOUNTS, st.integers(0, 400))
def test_what_is_named_keeps_the_level_and_one_less_does_not(ladder, amounts, days):
    today = NEW_YEAR + timedelta(days=days)
    anchor = date(2024, 2, 29)
    counted = {day: amount for day, amount in amounts.items() if day <= today}
    climbed = climb(ladder, counted, today=today, anchor=anchor)
    needed = needed_to_keep(ladder, counted, climbed, today=today, anchor=anchor)
    if climbed.falls_on is None:
        assert needed is None
        return

    def level_then(more: int, by: date) -> int:
        after = {**counted, by: counted.get(by, 0) + more}
        return climb(ladder, after, today=climbed.falls_on or by, anchor=anchor).level

    if needed is None:
        assert level_then(10**9, climbed.falls_on - timedelta(days=1)) < climbed.level
        return
    assert today <= needed.by < climbed.falls_on
    assert level_then(needed.amount, needed.by) >= climbed.level
    assert level_then(needed.amount - 1, needed.by) < climbed.level


@given(ladders(), st.integers(0, 900))
def test_the_first_day_that_counts_is_the_first(ladder, days):
    today, anchor = date(2024, 1, 1) + timedelta(days=days), date(2024, 2, 29)
    first = first_counting(ladder, today, anchor)
    if ladder.within is Within.EVER:
        assert first == date.min
        return
    assert first <= today
    assert (stops_counting(ladder, first, anchor) or today) > today
    before = stops_counting(ladder, first - timedelta(days=1), anchor)
    assert before is not None and before <= today


def test_a_calendar_year_begins_anew_whatever_was_counted():
    ladder = make_ladder(10, keep=Keep.WHILE_IT_LASTS)
    amounts, anchor = {date(2026, 5, 1): 30}, date(2026, 1, 1)
    climbed = climb(ladder, amounts, today=date(2026, 6, 1), anchor=anchor)
    assert climbed.falls_on == date(2027, 1, 1)
    assert needed_to_keep(ladder, amounts, climbed, today=date(2026, 6, 1), anchor=anchor) is None


def test_the_next_level_takes_what_is_missing():
    ladder = make_ladder(10, 40)
    anchor = date(2026, 1, 1)
    places = [
        climb(ladder, {date(2026, 5, 1): amount}, today=date(2026, 6, 1), anchor=anchor)
        for amount in (3, 25, 90)
    ]
    assert places[0].level == NO_LEVEL
    found = [next_level(ladder, place) for place in places]
    assert [(one[0].key, one[1]) if one else None for one in found] == [("l0", 7), ("l1", 15), None]
