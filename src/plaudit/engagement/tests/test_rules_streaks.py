"""Which days, weeks and editions stand in a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plaudit.earning.definitions import Every
from plaudit.engagement.definitions import Kind, Part, Span, Step
from plaudit.engagement.rules.streaks import lengths_reached, period_in_streak, rows_of

MONDAY = date(2026, 3, 2)


def streak(*steps: int, **parts) -> Part:
    return Part(
        kind=Kind.STREAK, key="s", name="s", on="visit", steps=tuple(map(Step, steps or (3,))), **parts
    )


def rows(part: Part, *days: int) -> list[int]:
    """How long the rows of these days are, counted from a Monday."""
    periods = {period_in_streak(part.span, MONDAY + timedelta(days=day), None) for day in days}
    return [len(row) for row in rows_of(part, periods)]


def test_neighbours_stand_in_a_row_and_a_gap_breaks_it():
    assert rows(streak(), 0, 1, 2, 4, 5) == [3, 2]


@pytest.mark.parametrize(
    "rest, days, found",
    [
        (1, (0, 2, 3), [3]),
        (1, (0, 2, 4), [2, 1]),
        (2, (0, 2, 4), [3]),
        (1, (7, 9, 11), [2, 1]),
        (1, (4, 6, 8), [3]),
        (1, (0, 60), [1, 1]),
    ],
)
def test_rests_are_allowed_so_many_a_week_and_do_not_lengthen_the_row(rest, days, found):
    assert rows(streak(rest=rest), *days) == found


def test_rests_of_one_row_do_not_count_against_the_next():
    assert rows(streak(rest=1, rest_every=Every.MONTH), 0, 2, 5, 7) == [2, 2]


def test_weeks_follow_one_another_over_the_new_year():
    part = streak(span=Span.WEEK)
    weeks = {period_in_streak(Span.WEEK, date(2026, 12, 20) + timedelta(weeks=n), None) for n in range(4)}
    assert sorted(weeks) == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
    assert [len(row) for row in rows_of(part, weeks)] == [4]


def test_a_cancelled_edition_neither_counts_nor_breaks():
    part = streak(span=Span.EDITION, cancelled=(2020, 2021))
    attended = {period_in_streak(Span.EDITION, MONDAY, year) for year in (2018, 2019, 2020, 2022, 2024)}
    assert rows_of(part, attended) == [["002018", "002019", "002022"], ["002024"]]


@pytest.mark.parametrize(
    "steps, again, length, reached",
    [
        ((7,), 0, 20, [7]),
        ((7,), 7, 22, [7, 14, 21]),
        ((2,), 1, 4, [2, 3, 4]),
        ((3, 5), 2, 9, [3, 5, 7, 9]),
        ((7,), 0, 6, []),
    ],
)
def test_the_last_length_is_reached_again_and_again_where_the_file_says_so(steps, again, length, reached):
    assert list(lengths_reached(streak(*steps, again=again), length)) == reached
