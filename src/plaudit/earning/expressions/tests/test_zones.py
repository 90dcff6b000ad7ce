"""Local time is the same in both engines, in any zone and across every change of the clocks."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import duckdb
import pytest

from plaudit.earning.expressions import local_time
from plaudit.earning.expressions.zones import changes_of

ZONES = (
    *("UTC", "Europe/Paris", "Europe/Dublin", "America/New_York", "America/Vancouver", "America/St_Johns"),
    *(
        "Africa/Casablanca",
        "Asia/Kolkata",
        "Asia/Gaza",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Pyongyang",
    ),
)


@pytest.mark.parametrize("name", ZONES)
def test_local_time_agrees_around_every_change_of_offset(name: str) -> None:
    zone = ZoneInfo(name)
    turns = [second for second, _ in changes_of(zone, 1990, 2039)]
    around = [second + shift for second in turns for shift in (-86_400, -1, 0, 1, 3_600, 86_400 * 40)]
    moments = [datetime.datetime.fromtimestamp(second, datetime.UTC) for second in around]

    listed = ", ".join(
        f"({place}, TIMESTAMPTZ '{moment.isoformat()}')" for place, moment in enumerate(moments)
    )
    sql = f"SELECT {local_time('t', zone)} FROM (VALUES {listed}) m(place, t) ORDER BY place"

    assert [row[0] for row in duckdb.connect().sql(sql).fetchall()] == [
        moment.astimezone(zone).replace(tzinfo=None) for moment in moments
    ]


def test_local_time_has_an_answer_for_every_year() -> None:
    moments = ("1900-01-01 12:00:00Z", "1989-12-31 23:59:59Z", "2041-01-01 00:00:00Z", "2199-06-01 12:00:00Z")
    listed = ", ".join(f"(TIMESTAMPTZ '{moment}')" for moment in moments)
    sql = f"SELECT {local_time('t', ZoneInfo('Europe/Berlin'))} FROM (VALUES {listed}) m(t)"

    assert [str(row[0]) for row in duckdb.connect().sql(sql).fetchall()] == [
        "1900-01-01 13:00:00",
        "1990-01-01 00:59:59",
        "2041-01-01 01:00:00",
        "2199-06-01 14:00:00",
    ]


def test_paris_changes_its_clocks_twice_a_year() -> None:
    changes = changes_of(ZoneInfo("Europe/Paris"), 2026, 2026)

    assert [(str(datetime.datetime.fromtimestamp(at, datetime.UTC)), offset) for at, offset in changes] == [
        ("2026-01-01 00:00:00+00:00", 3_600),
        ("2026-03-29 01:00:00+00:00", 7_200),
        ("2026-10-25 01:00:00+00:00", 3_600),
    ]
