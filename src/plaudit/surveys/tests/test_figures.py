"""Claims about what figures say: intervals against published values, and what can be told apart."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from plaudit.surveys.rules.figures import can_be_told_apart, mean_of, net_promoter, share_of, student


@pytest.mark.parametrize(
    "yes, of, low, high",
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_shares_have_the_score_intervals_of_newcombe_1998_table_1_method_3(yes, of, low, high):
    share = share_of(yes, of)

    assert (round(share.low, 4), round(share.high, 4)) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "freedom, value",
    [(7, "2.365"), (10, "2.228"), (20, "2.086"), (30, "2.042"), (60, "2.000"), (100, "1.984")],
)
def test_student_is_as_in_the_nist_handbook_table_1_3_6_7_2(freedom, value):
    assert abs(student(freedom) - Decimal(value)) <= Decimal("0.001")


def test_a_share_of_all_or_none_stays_within_all_and_none():
    assert share_of(0, 9).low == 0
    assert share_of(9, 9).high == 1
    assert share_of(0, 0).of == 0


def test_the_net_promoter_score_is_the_mean_of_a_hundred_nothing_and_less_a_hundred_with_that_means_error():
    counts = {10: 7, 9: 5, 8: 4, 7: 2, 6: 3, 0: 4}
    worth = [100] * 12 + [0] * 6 + [-100] * 7
    mean = Decimal(sum(worth)) / 25
    variance = sum(((one - mean) ** 2 for one in worth), Decimal(0)) / 25

    net = net_promoter(counts)

    assert net is not None
    assert (net.promoters, net.passives, net.detractors) == (12, 6, 7)
    assert round(net.score.value, 8) == round(mean, 8)
    assert round(net.error, 8) == round((variance / 25).sqrt(), 8)


def test_a_mean_of_ten_answers_has_students_interval():
    mean = mean_of({3: 5, 5: 5})

    # Deviations of 1 each: the sample's variance is 10/9, the standard error the root of 1/9.
    assert mean is not None
    assert mean.value == 4
    assert round(mean.high - mean.value, 3) == round(Decimal("2.262") / 3, 3)
    assert mean_of({}) is None


def test_groups_are_told_apart_only_where_two_intervals_do_not_meet():
    low, middle, high = mean_of({2: 40, 3: 40}), mean_of({3: 40, 4: 40}), mean_of({2: 5, 5: 5})
    assert low is not None and middle is not None and high is not None

    assert can_be_told_apart([low, middle])
    assert not can_be_told_apart([middle, high])
    assert not can_be_told_apart([])


def test_wilson_intervals_hold_what_is_so_about_as_often_as_they_say():
    """Of every outcome of 30 tries at one in three, those whose interval holds it have a chance of about 95 in 100."""
    third, of = Decimal(1) / 3, 30
    ways = Counter({0: 1})
    for _ in range(of):
        ways = Counter({yes: ways[yes] * 2 + ways[yes - 1] for yes in range(of + 1)})
    held = sum(
        count for yes, count in ways.items() if share_of(yes, of).low <= third <= share_of(yes, of).high
    )

    assert Decimal("0.93") < Decimal(held) / 3**of < Decimal("0.97")
    assert sum(ways.values()) == 3**of
