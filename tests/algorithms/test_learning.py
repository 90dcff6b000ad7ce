"""The page on what learning reckons, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from plaudit.learning.definitions import Kind, Offering
from plaudit.learning.rules.credits import credits_of, minutes_attended, minutes_left_over
from plaudit.learning.rules.likeness import likeness
from plaudit.learning.rules.periods import days_announced, last_day_of_certificate
from plaudit.learning.rules.playing import play
from plaudit.learning.tests.conversing import MISSING
from tests.algorithms.worked import worked

LAST = date(2026, 12, 31)


def moment(clock: str) -> datetime:
    return datetime.combine(date(2026, 3, 2), datetime.strptime(clock, "%H:%M").time(), UTC)  # noqa: DTZ007  # a time


@pytest.mark.parametrize("row", worked("learning", "credits"))
def test_credits(row):
    minutes = [int(each) for each in row["minutes"].split(", ")]
    assert (credits_of(minutes), minutes_left_over(minutes)) == (int(row["credits"]), int(row["beside them"]))


@pytest.mark.parametrize("row", worked("learning", "late"))
def test_who_comes_late(row):
    begins, ends = map(moment, row["session"].split("–"))
    counted = minutes_attended(
        starts_at=begins, ends_at=ends, minutes=int(row["of instruction"]), arrived_at=moment(row["arrived"])
    )
    assert counted == int(row["counts"])


@pytest.mark.parametrize("row", worked("learning", "certificates"))
def test_certificates(row):
    offering = Offering("a", "A", Kind.SEMINAR, has_certificate=True, certificate_months=int(row["months"]))
    held = date.fromisoformat(row["held until"]) if row["held until"] != "–" else None
    last = last_day_of_certificate(offering, date.fromisoformat(row["completed"]), held_until=held)
    assert str(last) == row["holds through"]


@pytest.mark.parametrize("row", worked("learning", "announcements"))
def test_announcements(row):
    today = LAST + timedelta(days=1) - timedelta(days=int(row["days left"]))
    announced = days_announced(LAST, notice_days=int(row["first"]), today=today)
    assert (str(announced) if announced is not None else "–") == row["announced as"]


@pytest.mark.parametrize("row", worked("learning", "likeness"))
def test_likeness(row):
    assert likeness(row["one"], row["other"]) == int(row["thousandths"])


@pytest.mark.parametrize("row", worked("learning", "scenarios"))
def test_scenarios(row):
    played = play(MISSING, row["way"].split(", "))
    assert (played.points, played.of, played.percent) == tuple(
        int(row[name]) for name in ("points", "of", "percent")
    )
