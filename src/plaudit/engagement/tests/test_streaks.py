"""Streaks: lengths reached, what their events earn besides, and corrections that break or join rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.tests.factories import NOON, make_event, purchase, refund
from plaudit.engagement.definitions import Span
from plaudit.engagement.tests.factories import Keeping, make_daily, make_streak
from plaudit.foundation.tests.examples import examples

DAY = timedelta(days=1)


def buy(keeping: Keeping, *days: int, amount: str = "10") -> None:
    keeping.story.send(*(purchase("ada", amount, at=NOON + day * DAY, id=f"d{day}") for day in days))
    keeping.follow()


def cancel(day: int):
    return make_event("purchase.cancelled", None, {}, corrects=f"d{day}")


def test_the_length_reached_earns_once_a_row():
    keeping = make_daily(make_streak(3))
    buy(keeping, 0, 1)
    assert keeping.story.available("ada") == 20
    buy(keeping, 2)
    assert keeping.story.available("ada") == 130
    buy(keeping, 3, 10, 11, 12)
    assert keeping.story.available("ada") == 270


def test_from_the_length_on_events_earn_double_and_earlier_ones_do_not():
    keeping = make_daily(make_streak(3, multiply=Decimal(2)))
    buy(keeping, 0, 1, 2, 3)

    assert keeping.story.available("ada") == 40 + 100 + 20


def test_what_is_doubled_follows_what_a_refund_leaves():
    keeping = make_daily(make_streak(2, multiply=Decimal(2)))
    buy(keeping, 0, 1)
    assert keeping.story.available("ada") == 20 + 100 + 10

    keeping.story.send(refund("d1", "4"))
    keeping.follow()
    assert keeping.story.available("ada") == 16 + 100 + 6


def test_a_day_that_comes_late_joins_two_rows_into_one():
    keeping = make_daily(make_streak(5))
    buy(keeping, 0, 1, 3, 4)
    assert keeping.reached("ada") == []
    buy(keeping, 2)
    assert keeping.reached("ada") == [("2026-03-02", 5, True, 1)]


def test_a_day_taken_back_breaks_the_row_and_all_that_hung_on_it():
    keeping = make_daily(make_streak(3, multiply=Decimal(2)))
    buy(keeping, 0, 1, 2, 3)
    keeping.story.send(cancel(1))
    keeping.follow()

    assert keeping.story.available("ada") == 30
    assert [stands for _, _, stands, _ in keeping.reached("ada")] == [False] * 3


def test_a_day_lasts_from_midnight_up_to_the_next_where_the_member_lives():
    keeping = make_daily(make_streak(2, members_midnight=True))
    before, after = datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC), datetime(2026, 3, 3, 5, tzinfo=UTC)
    keeping.story.buy("ada", "1", at=before - 3 * DAY, id="first")
    keeping.live_in("ada", "America/New_York")
    keeping.story.send(purchase("ada", "1", at=before), purchase("ada", "1", at=after))
    keeping.follow()

    assert keeping.progress("ada") == {"2026-02-27": 1, "2026-03-02": 1, "2026-03-03": 1}


def test_each_consecutive_edition_earns_again_and_a_cancelled_one_is_passed_over():
    editions = make_streak(2, span=Span.EDITION, again=1, cancelled=(2028,))
    keeping = make_daily(editions)
    keeping.story.send(
        *(
            purchase("ada", "1", at=datetime(year, 5, 1, tzinfo=UTC))
            for year in (2025, 2026, 2027, 2029, 2031)
        )
    )
    keeping.follow()

    assert keeping.reached("ada") == [("002025", length, True, 1) for length in (2, 3, 4)]
    assert keeping.story.available("ada") == 305


@settings(max_examples=examples(12))
@given(
    days=st.lists(st.integers(0, 12), min_size=1, max_size=9, unique=True),
    undone=st.sets(st.integers(0, 12)),
    order=st.randoms(use_true_random=False),
)
def test_days_and_corrections_in_any_order_leave_it_as_if_the_corrected_had_never_been(days, undone, order):
    part = make_streak(2, 4, rest=1, again=2, multiply=Decimal(3))
    disturbed, plain = make_daily(part), make_daily(part)
    left = [day for day in days if day not in undone]
    bought = [purchase("ada", "10", at=NOON + day * DAY, id=f"d{day}") for day in days]
    arriving = [*bought, *(cancel(day) for day in days if day in undone), bought[0]]
    order.shuffle(arriving)
    for event in arriving:
        disturbed.story.send(event)
        disturbed.follow()
    buy(plain, *left, 40)
    disturbed.story.send(purchase("ada", "10", at=NOON + 40 * DAY, id="d40"))
    disturbed.follow()

    assert disturbed.progress("ada") == plain.progress("ada")
    assert disturbed.story.available("ada") == plain.story.available("ada")
