"""Single cells: strict numbers, dates and times of every declared form, DST by the stated rule, durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaudit.activity.files.moments import FormatProblem, LocalTimes, MomentFormat
from plaudit.activity.files.values import (
    CellProblem,
    duration_seconds,
    list_of,
    looks_like_formula,
    number_reader,
    scaler,
    text_of,
    whole_number,
    yes_or_no,
)

NUMBER = number_reader()


def repair_of(work: object) -> str:
    with pytest.raises(CellProblem) as found:
        work()  # type: ignore[operator]
    return found.value.repair


@pytest.mark.parametrize("text", ["0", "-5", "+5", "1.50", ".5", "007", "12345678901234567890.123456789"])
def test_plain_numbers_are_read_exactly(text: str):
    assert NUMBER(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e5",
        "1_000",
        "NaN",
        "Infinity",
        "1,5",
        "1.234,50",
        " 1",
        "٣",
        "１",
        "0x10",
        "--1",
        "1.",
        "(5)",
        "5-",
        "$5",
    ],
)
def test_anything_else_is_no_number(text: str):
    assert repair_of(lambda: NUMBER(text)) == "number_unreadable"


def test_advice_says_what_to_do():
    for text, said in (
        ("1,5", "decimal_comma: true"),
        ("1.5E+07", "scientific"),
        ("$5", "currency sign"),
        ("abc", "nothing else"),
    ):
        with pytest.raises(CellProblem, match=said):
            NUMBER(text)


def test_thousands_only_stand_where_they_should():
    read = number_reader(thousands=",")

    assert read("1,234,567.89") == Decimal("1234567.89")
    assert read("1234.5") == Decimal("1234.5")
    for text in ("1,23", "12,34,567", "1,234,56", ",123"):
        assert repair_of(lambda text=text: read(text)) == "number_unreadable"


def test_scientific_numbers_where_declared():
    read = number_reader(scientific=True)

    assert str(read("1e+05")) == "100000"
    assert str(read("1.5E-3")) == "0.0015"
    assert repair_of(lambda: read("1e99")) == "number_too_large"


def test_endless_numbers_are_refused():
    assert repair_of(lambda: NUMBER("9" * 39)) == "number_too_large"


def test_minus_nothing_is_nothing():
    assert str(NUMBER("-0.00")) == "0.00"


def test_digits_are_never_lost_silently():
    assert str(scaler(2, None)(Decimal("1.5"))) == "1.50"
    assert str(scaler(2, None)(Decimal("1.500"))) == "1.50"
    assert repair_of(lambda: scaler(2, None)(Decimal("1.505"))) == "number_too_precise"
    assert str(scaler(2, "half_up")(Decimal("1.505"))) == "1.51"
    assert str(scaler(2, "half_even")(Decimal("1.505"))) == "1.50"
    assert str(scaler(2, "half_up")(Decimal("-1.505"))) == "-1.51"
    assert str(scaler(0, "down")(Decimal("-1.9"))) == "-1"


def test_whole_numbers_may_be_written_with_a_point():
    assert whole_number(Decimal("3.0")) == 3
    assert repair_of(lambda: whole_number(Decimal("3.5"))) == "whole_number_expected"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_a_number_written_out_is_read_back(number: Decimal):
    assert NUMBER(format(number, "f")) == number


def test_yes_and_no():
    assert [yes_or_no(text) for text in ("Y", "yes", "TRUE", "1")] == [True] * 4
    assert [yes_or_no(text) for text in ("n", "No", "false", "0")] == [False] * 4
    assert repair_of(lambda: yes_or_no("maybe")) == "yes_no_unreadable"


def test_durations_are_whole_seconds():
    assert [duration_seconds(text) for text in ("00:02:23", "2:23", "100:00:00", "0:00:01.9")] == [
        143,
        143,
        360000,
        1,
    ]
    for text in ("2", "1:60:00", "1:00:61", "-0:01", "1:2:3"):
        assert repair_of(lambda text=text: duration_seconds(text)) == "duration_unreadable"


def test_lists_hold_texts_and_whole_numbers():
    assert list_of('["a", 1]') == ["a", 1]
    for text in ("a,b", "{}", "[1.5]", "[[1]]"):
        assert repair_of(lambda text=text: list_of(text)) == "list_unreadable"


def test_formulas_are_told_from_negative_numbers():
    assert all(looks_like_formula(text) for text in ("=1", "+cmd", "-x", "@a", "\t=1", " =1"))
    assert not any(looks_like_formula(text) for text in ("-5", "+3.5", "a=1", "", "1-2"))


def test_cells_are_shown_as_a_person_would_type_them():
    shown = [
        (Decimal("1E+3"), "1000"),
        (True, "true"),
        (None, ""),
        (date(2025, 1, 2), "2025-01-02"),
        (datetime(2025, 1, 2, 3, 4, 5), "2025-01-02 03:04:05"),  # noqa: DTZ001  # a wall time
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "30:00:00"),
        ([1, Decimal("1.50")], "[1,1.50]"),
    ]
    assert [text_of(value) for value, _ in shown] == [text for _, text in shown]


@pytest.mark.parametrize(
    "form, text, found",
    [
        ("%Y-%m-%d", "2025-03-01", "2025-03-01"),
        ("%d/%m/%Y", "01/03/2025", "2025-03-01"),
        ("%-m/%-d/%y %-I:%M %p", "3/1/25 9:05 pm", "2025-03-01T21:05:00"),
        ("%d %b %Y", "01 Mar 2025", "2025-03-01"),
        ("%B %-d, %Y", "March 1, 2025", "2025-03-01"),
        ("%Y%m%d%H%M%S", "20250301213000", "2025-03-01T21:30:00"),
        ("%Y-%m-%d %H:%M:%S.%f", "2025-03-01 21:30:00.25", "2025-03-01T21:30:00.250000"),
        ("%Y-%m-%dT%H:%M:%S%z", "2025-03-01T21:30:00+0200", "2025-03-01T21:30:00+02:00"),
        ("iso", "2025-03-01", "2025-03-01"),
        ("iso", "2025-03-01T21:30:00Z", "2025-03-01T21:30:00+00:00"),
        ("unix", "1740864600", "2025-03-01T21:30:00+00:00"),
        ("unix_ms", "1740864600500", "2025-03-01T21:30:00.500000+00:00"),
        ("%I:%M %p", "12:05 AM", "00:05:00"),
    ],
)
def test_moments_of_every_form(form: str, text: str, found: str):
    assert MomentFormat(form).read(text).isoformat() == found


@pytest.mark.parametrize(
    "form, text",
    [
        ("%Y-%m-%d", "2025-3-1"),
        ("%Y-%m-%d", "2025-02-30"),
        ("%Y-%m-%d", "2025-W01-1"),
        ("%Y-%m-%d", "2025-03-01 "),
        ("%Y-%m-%d", "２０25-03-01"),
        ("%Y-%m-%d %H:%M:%S", "2025-W09-6 21:30:00"),
        ("%d/%m/%Y", "03/13/2025"),
        ("%H:%M", "24:00"),
        ("%I:%M %p", "13:00 PM"),
        ("iso", "20250301"),
        ("iso", "2025-03-01T21"),
        ("unix", "-5"),
        ("%d %b %Y", "01 Mrz 2025"),
    ],
)
def test_what_is_not_of_the_form_is_not_read(form: str, text: str):
    with pytest.raises(ValueError, match=r"."):
        MomentFormat(form).read(text)


@pytest.mark.parametrize(
    "form", ["%Y-%m", "%q", "%Y-%m-%d %Y", "no", "%H", "%I:%M", "%d/%m", "%Y-%b-%m-%d" + "%Q"]
)
def test_formats_that_cannot_work_are_refused(form: str):
    with pytest.raises(FormatProblem):
        MomentFormat(form)


NEW_YORK = ZoneInfo("America/New_York")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_local_times_become_utc():
    times = LocalTimes(NEW_YORK)

    assert times.to_utc(wall("2025-01-15T12:00")) == (datetime(2025, 1, 15, 17, tzinfo=UTC), None)
    assert times.to_utc(wall("2025-07-15T12:00")) == (datetime(2025, 7, 15, 16, tzinfo=UTC), None)
    assert times.to_utc(wall("2025-03-09T12:00")) == (datetime(2025, 3, 9, 16, tzinfo=UTC), None)


def test_a_time_that_happens_twice_is_the_earlier_one_and_noted():
    twice = wall("2025-11-02T01:30")

    assert LocalTimes(NEW_YORK).to_utc(twice) == (datetime(2025, 11, 2, 5, 30, tzinfo=UTC), "time_ambiguous")
    later = LocalTimes(NEW_YORK, ambiguous="later").to_utc(twice)
    assert later == (datetime(2025, 11, 2, 6, 30, tzinfo=UTC), "time_ambiguous")
    assert repair_of(lambda: LocalTimes(NEW_YORK, ambiguous="refuse").to_utc(twice)) == "time_ambiguous"


def test_a_time_that_never_happens_moves_on_by_the_gap_and_is_noted():
    never = wall("2025-03-09T02:30")

    assert LocalTimes(NEW_YORK).to_utc(never) == (datetime(2025, 3, 9, 7, 30, tzinfo=UTC), "time_nonexistent")
    assert repair_of(lambda: LocalTimes(NEW_YORK, nonexistent="refuse").to_utc(never)) == "time_nonexistent"


ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Havana",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Europe/Dublin",
    "Asia/Tehran",
]


@given(
    st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001  # wall times
    st.sampled_from(ZONES),
)
def test_the_short_way_to_utc_is_the_long_one(moment: datetime, zone: str):
    found, _ = LocalTimes(ZoneInfo(zone)).to_utc(moment)

    assert found == moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
