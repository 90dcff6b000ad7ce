"""Points rounded for a whole order or a whole day: never less than the rounded sum, and exact after corrections."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaudit.earning.tests.factories import NOON, make_event, make_rule, purchase, refund
from plaudit.engagement.definitions import Kind, Part, Together
from plaudit.engagement.rules.rounding import makes_up
from plaudit.engagement.tests.factories import Keeping, make_keeping

DAY = timedelta(days=1)


def make_rounding(together: Together = Together.DAY, *, earn: str = "amount", exact: int = 2) -> Keeping:
    parts = [
        Part(
            kind, "purchases", "Purchases", "purchase", sum=sum, unit="points", together=together, exact=exact
        )
        for kind, sum in ((Kind.ROUNDING, earn), (Kind.ROUNDED, f"floor({earn})"))
    ]
    return make_keeping(
        *parts,
        rules=(
            make_rule("purchases", earn=f"floor({earn})"),
            make_rule("rounding.purchases", on="rounding.added", earn="1"),
        ),
    )


def buy(keeping: Keeping, *amounts: str, day: int = 0, who: str = "ada") -> int:
    keeping.story.send(*(purchase(who, amount, at=NOON + day * DAY) for amount in amounts))
    keeping.follow()
    return keeping.story.available(who)


@pytest.mark.parametrize(
    "exact, earned, decimals, more",
    [(999, 0, 3, 0), (1_000, 0, 3, 1), (5_970, 3, 3, 2), (5_970, 594, 1, 3), (500, 1, 3, 0), (7, 5, 0, 2)],
)
def test_what_parts_add_up_to(exact, earned, decimals, more):
    assert makes_up(exact, earned, decimals) == more


def test_the_parts_of_a_day_earn_as_soon_as_they_are_whole_and_begin_anew_at_midnight():
    keeping = make_rounding()
    assert [buy(keeping, amount) for amount in ("1.99", "1.99", "1.99", "0.03")] == [1, 3, 5, 6]
    assert buy(keeping, "0.99", day=1) == 6
    assert buy(keeping, "0.01", day=1) == 7


def test_each_member_has_their_own_day():
    keeping = make_rounding()
    buy(keeping, "0.50")
    assert buy(keeping, "0.50", who="bob") == 0


def test_a_rate_of_less_than_a_point_is_exact_too():
    keeping = make_rounding(earn="least(amount, 1000) * 0.05", exact=4)
    assert buy(keeping, *["9.99"] * 2) == 0
    assert buy(keeping, "0.02") == 1


bought = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 1)), min_size=1, max_size=8)


@settings(max_examples=15)
@given(
    bought=bought,
    given_back=st.dictionaries(st.integers(0, 7), st.integers(1, 100), max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_any_refunds_in_any_order_leave_what_the_day_comes_to(bought, given_back, order):
    """A refund in part leaves each event's own points rounded in the member's favour, and the day no less."""
    keeping = make_rounding()
    events, left = [], {}
    for number, (cents, day) in enumerate(bought):
        amount = Decimal(cents) / 100
        events.append(purchase("ada", str(amount), at=NOON + day * DAY, id=f"p{number}"))
        left[number] = (amount, int(amount), day)
    for number, percent in given_back.items():
        if number in left:
            amount, points, day = left[number]
            back = (amount * percent / 100).quantize(Decimal("0.01"))
            if back:
                share = Fraction(back) / Fraction(amount)
                events.append(refund(f"p{number}", str(back)))
                left[number] = (amount - back, points - int(points * share), day)
    order.shuffle(events)
    for event in (*events, events[0]):
        keeping.story.send(event)
        keeping.follow()

    days: dict[int, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
    for amount, points, day in left.values():
        days[day] = (days[day][0] + amount, days[day][1] + points)
    assert keeping.story.available("ada") == sum(max(int(exact), points) for exact, points in days.values())


@settings(max_examples=10)
@given(bought=bought, undone=st.sets(st.integers(0, 7)), order=st.randoms(use_true_random=False))
def test_whole_corrections_leave_exactly_the_rounded_sum_of_what_stands(bought, undone, order):
    keeping = make_rounding()
    events = [
        purchase("ada", str(Decimal(cents) / 100), at=NOON + day * DAY, id=f"p{number}")
        for number, (cents, day) in enumerate(bought)
    ]
    gone = {number for number in undone if number < len(bought)}
    arriving = [
        *events,
        *(make_event("purchase.cancelled", None, {}, corrects=f"p{number}") for number in sorted(gone)),
    ]
    order.shuffle(arriving)
    for event in arriving:
        keeping.story.send(event)
        keeping.follow()

    stands = [one for number, one in enumerate(bought) if number not in gone]
    assert keeping.story.available("ada") == sum(
        sum(cents for cents, day in stands if day == today) // 100 for today in (0, 1)
    )
