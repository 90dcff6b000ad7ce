"""Which lots a debit takes and gives back, and when points expire: no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.ledger.expiry import after_period, end_of, expires_at, is_period, months_later
from plaudit.ledger.refusals import AmountRefused
from plaudit.ledger.rules import (
    AMOUNT_MAX,
    Lot,
    Part,
    checked_amount,
    earlier,
    in_burn_order,
    last_of,
    latest_expiry,
    take_from_lots,
    without_last,
)

SOON = datetime(2026, 2, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)

parts = st.lists(
    st.builds(Part, st.integers(1, 50), st.integers(1, 100), st.just(None)),
    max_size=8,
    unique_by=lambda p: p[0],
)


def test_lots_burn_by_expiry_then_age_with_the_named_one_first():
    lots = [Lot(1, 5, None), Lot(2, 5, LATER), Lot(3, 5, SOON), Lot(4, 5, SOON)]
    assert [lot.line for lot in in_burn_order(lots)] == [3, 4, 2, 1]
    assert [lot.line for lot in in_burn_order(lots, first=1)] == [1, 3, 4, 2]


def test_a_debit_takes_in_order_and_no_more_than_there_is():
    lots = [Lot(1, 5, None), Lot(2, 0, None), Lot(3, 5, None)]
    assert [(lot.line, amount) for lot, amount in take_from_lots(lots, 7)] == [(1, 5), (3, 2)]
    assert sum(amount for _, amount in take_from_lots(lots, 99)) == 10


@given(parts, st.integers(0, 500))
def test_what_is_given_back_and_what_is_kept_are_the_whole(taken, amount):
    kept, given_back = without_last(taken, amount), last_of(taken, amount)
    whole = sum(part.amount for part in taken)
    assert sum(part.amount for part in given_back) == min(amount, whole)
    assert sum(part.amount for part in kept) == whole - min(amount, whole)
    assert [p.lot_line for p in kept] == [p.lot_line for p in taken][: len(kept)]
    assert [p.lot_line for p in given_back] == [p.lot_line for p in taken][len(taken) - len(given_back) :]


def test_the_latest_expiry_is_never_where_some_never_expire():
    assert latest_expiry([Part(1, 5, SOON), Part(2, 5, LATER)]) == LATER
    assert latest_expiry([Part(1, 5, SOON), Part(2, 5, None)]) is None
    assert latest_expiry([]) is None
    assert earlier(None, SOON) == earlier(LATER, SOON) == earlier(SOON, None) == SOON


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, "1", None, AMOUNT_MAX + 1, float("inf")])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(AmountRefused):
        checked_amount(amount)


@pytest.mark.parametrize(
    "earned, policy, last_day",
    [
        ("2026-01-31", {"after": "P1M"}, "2026-02-28"),
        ("2028-01-31", {"after": "P1M"}, "2028-02-29"),
        ("2028-02-29", {"after": "P1Y"}, "2029-02-28"),
        ("2026-03-15", {"after": "P24M", "round_to": "month"}, "2028-03-31"),
        ("2026-11-15", {"after": "P3M", "round_to": "quarter"}, "2027-03-31"),
        ("2026-12-31", {"after": "P1D", "round_to": "year"}, "2027-12-31"),
        ("2026-05-05", {"end_of": "year"}, "2026-12-31"),
        ("2026-12-31", {"end_of": "month"}, "2026-12-31"),
        ("2026-05-05", {"on": "2027-01-31"}, "2027-01-31"),
        ("2026-05-05", {"after": "P2W"}, "2026-05-19"),
    ],
)
def test_points_last_to_the_end_of_the_day_shown(earned, policy, last_day):
    zone = ZoneInfo("Europe/Lisbon")
    noon = datetime.fromisoformat(f"{earned}T12:00").replace(tzinfo=zone)
    until = expires_at(policy, noon, zone)
    assert until is not None
    assert (until.astimezone(zone) - timedelta(seconds=1)).date().isoformat() == last_day


def test_points_without_a_policy_never_expire():
    assert expires_at({}, SOON, ZoneInfo("UTC")) is None


zones = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone and "posix" not in zone))
moments = st.integers(0, 120 * 366 * 1440).map(
    lambda minutes: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
policies = st.sampled_from(
    [
        {"after": "P1D"},
        {"after": "P1M"},
        {"after": "P12M", "round_to": "month"},
        {"end_of": "day"},
        {"end_of": "year"},
    ]
)


@given(zones, moments, policies)
def test_nowhere_do_points_expire_before_the_day_shown_is_over(zone_name, earned_at, policy):
    """In every zone, over clock changes and leap days: the member's own midnight after the last day."""
    zone = ZoneInfo(zone_name)
    until = expires_at(policy, earned_at, zone)
    assert until is not None
    local = until.astimezone(zone)
    assert until > earned_at
    # Midnight, or where a clock change leaves that midnight out, the first moment after it.
    assert local.hour * 60 + local.minute <= 180
    assert (until - timedelta(seconds=1)).astimezone(zone).date() < local.date()


def test_months_end_where_they_end():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert after_period(date(2026, 1, 31), "P1Y1M1W1D") == date(2027, 3, 8)
    assert end_of(date(2026, 2, 10), "quarter") == date(2026, 4, 1)
    assert is_period("P24M") and not is_period("P") and not is_period("P1H") and not is_period("24M")
