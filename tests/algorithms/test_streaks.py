"""The worked tables of docs/algorithms/streaks.md, row by row."""

from __future__ import annotations

from datetime import date

import pytest

from plaudit.earning.definitions import Every
from plaudit.engagement.definitions import Kind, Part, Span, Step
from plaudit.engagement.rules.streaks import lengths_reached, period_in_streak, rows_of
from plaudit.planning.programme_file.phrases import read_per_member
from plaudit.planning.programme_file.read_engaging import SPANS
from tests.algorithms.worked import worked


def numbers(text: str) -> list[int]:
    return [] if text in ("none", "nothing") else [int(one) for one in text.split(", ")]


def streak(*lengths: int, span: Span = Span.DAY, rest: str = "none", **parts) -> Part:
    times, every = (0, Every.WEEK) if rest == "none" else read_per_member(rest)
    steps = tuple(Step(length) for length in lengths or (1,))
    return Part(Kind.STREAK, "s", "s", "visit", span=span, rest=times, rest_every=every, steps=steps, **parts)


@pytest.mark.parametrize("row", worked("streaks", "streaks"))
def test_days_and_weeks_in_a_row(row):
    part = streak(span=Span(SPANS[row["in"]]), rest=row["rest"])
    periods = {period_in_streak(part.span, date(2026, 3, day), None) for day in numbers(row["days"])}
    assert [len(one) for one in rows_of(part, periods)] == numbers(row["rows"])


@pytest.mark.parametrize("row", worked("streaks", "editions"))
def test_editions_in_a_row(row):
    part = streak(span=Span.EDITION, cancelled=tuple(numbers(row["cancelled"])))
    periods = {period_in_streak(part.span, date(2026, 1, 1), year) for year in numbers(row["attended"])}
    assert [len(one) for one in rows_of(part, periods)] == numbers(row["rows"])


@pytest.mark.parametrize("row", worked("streaks", "lengths"))
def test_lengths_reached(row):
    part = streak(*numbers(row["lengths"]), again=0 if row["again"] == "never" else int(row["again"]))
    assert list(lengths_reached(part, int(row["in a row"]))) == numbers(row["reached"])
